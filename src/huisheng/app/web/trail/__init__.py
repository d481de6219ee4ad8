"""The audit, browsed: who looked at, changed or took away what."""
