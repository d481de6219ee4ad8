"""Files to raw rows, one module per format. Everything is text until its column is known."""
