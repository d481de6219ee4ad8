"""Concerns a merchant adds below the aspects: the ledger, what it says, how to read them."""

from huisheng.language.concerns.book import ACTS, Book, Change, Concern
from huisheng.language.concerns.ledger import read_ledger, turned
from huisheng.language.concerns.reader import ConcernReader

__all__ = ["ACTS", "Book", "Change", "Concern", "ConcernReader", "read_ledger", "turned"]
