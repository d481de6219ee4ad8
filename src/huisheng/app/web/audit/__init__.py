"""Who looked at, changed or took away what."""
