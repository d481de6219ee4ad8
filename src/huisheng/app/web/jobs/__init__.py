"""Work that takes longer than a page: kept in rows, done by one process, resumed after any end."""
