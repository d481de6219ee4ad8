"""How the tables of findings came to be."""
