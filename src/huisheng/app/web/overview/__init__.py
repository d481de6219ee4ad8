"""The page of each morning."""
