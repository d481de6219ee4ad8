"""The words and short phrases that many texts hold, found without a dictionary."""

from huisheng.language.phrases.mining import Phrases, find_phrases
from huisheng.language.phrases.unsaid import gist

__all__ = ["Phrases", "find_phrases", "gist"]
