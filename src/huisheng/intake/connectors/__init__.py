"""One folder per platform export: code, a sample file, the rows it must give."""
