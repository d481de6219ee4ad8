"""How the tables of settings came to be."""
