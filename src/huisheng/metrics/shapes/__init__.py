"""Forms that several definitions have in common: each gives a metric, or rows for its proofs."""
