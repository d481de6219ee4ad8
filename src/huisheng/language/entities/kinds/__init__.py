"""One file per kind of entity; the file name is its id."""
