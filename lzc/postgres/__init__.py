"""Django's PostgreSQL, with one thing quicker: see `base`."""
