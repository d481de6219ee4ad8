"""How the tables of privacy came to be."""
