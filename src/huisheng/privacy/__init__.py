"""Masking of Chinese personal data on entry, keyed pseudonyms, and a scanner for leaks."""

from huisheng.privacy.columns import entities_column, mask_column
from huisheng.privacy.kinds import Entity, Kind, Masked, MaskKind
from huisheng.privacy.leaks import Leak, scan, scan_tree
from huisheng.privacy.pseudonyms import Pseudonyms, new_salt
from huisheng.privacy.text import mask_text

__all__ = [
    "Entity",
    "Kind",
    "Leak",
    "MaskKind",
    "Masked",
    "Pseudonyms",
    "entities_column",
    "mask_column",
    "mask_text",
    "new_salt",
    "scan",
    "scan_tree",
]
