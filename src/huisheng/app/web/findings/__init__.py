"""Stuck points: seen, disputed, assigned, mended."""
