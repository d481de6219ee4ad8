"""What came in, what is missing, what was set aside: files on their way to facts."""
