"""One file per canonical table. The file name is the table's name."""
