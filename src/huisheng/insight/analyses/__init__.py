"""One file per analysis. The file name is the analysis's id."""
