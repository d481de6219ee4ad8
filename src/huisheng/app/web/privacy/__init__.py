"""What is kept of buyers, their requests to see or erase it, and for how long it stays."""
