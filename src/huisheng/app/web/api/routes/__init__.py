"""What can be asked and done, one module per room of pages."""
