"""Metrics: what each asks, where it stands, what it is made of, down to the record."""
