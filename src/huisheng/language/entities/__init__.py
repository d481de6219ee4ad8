"""Entities in messages: sizes, heights, money, times, promises, gifts, competitors, numbers."""

from huisheng.language.entities.definition import Definition, Example
from huisheng.language.entities.finding import ENTITY_SCHEMA, all_entity_kinds, entities_of

__all__ = ["ENTITY_SCHEMA", "Definition", "Example", "all_entity_kinds", "entities_of"]
