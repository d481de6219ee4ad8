"""Text cells to typed values, one file per kind of column; what cannot be read is marked bad."""
