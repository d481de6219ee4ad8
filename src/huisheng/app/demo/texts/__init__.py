"""The demo's words: what buyers, agents and robots say, and what the shop sells."""
