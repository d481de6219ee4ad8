"""People: who they are, what they may do, and the doors they come in by."""
