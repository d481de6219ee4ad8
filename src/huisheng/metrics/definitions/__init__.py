"""One file per metric. The file name is the metric's id."""
