"""Running LZC on one machine: its own PostgreSQL and Valkey, its processes, its assets."""
