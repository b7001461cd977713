"""PostgreSQL as Django knows it, with moments that are read quickly."""
