"""Buyers' words: what they are about, who said them, and what people say of the labels."""
