"""Find definitions by listing a folder. The file name is the id.

There is no registry to import and no decorator to run: `load_yaml` and `load_python` list one
folder, in alphabetical order, each time they are called.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from huisheng.errors import DefinitionError, UnknownNameError

T = TypeVar("T")


def load_yaml(package: str, parse: Callable[[str, dict[str, Any]], T]) -> Mapping[str, T]:
    """Parse every `<id>.yaml` in `package`; `parse(id, mapping)` gives the definition.

    Raises:
        DefinitionError: a file is not YAML, or `parse` refused it.
    """
    found: dict[str, T] = {}
    for entry in _entries(package):
        if entry.name.endswith(".yaml"):
            name = entry.name.removesuffix(".yaml")
            found[name] = _parse(f"{package}/{entry.name}", name, entry, parse)
    return MappingProxyType(found)


def load_python(package: str, attribute: str, kind: type[T]) -> Mapping[str, T]:
    """Collect `attribute` from every module (file or folder) in `package`, keyed by name.

    Raises:
        DefinitionError: a module has no such attribute, or of another type.
    """
    found: dict[str, T] = {}
    for entry in _entries(package):
        name = entry.name.removesuffix(".py")
        if name.startswith("_") or not (entry.is_dir() or entry.name.endswith(".py")):
            continue
        value = getattr(import_module(f"{package}.{name}"), attribute, None)
        if not isinstance(value, kind):
            raise DefinitionError(f"{package}/{entry.name}", f"needs {attribute}: {kind.__name__}")
        found[name] = value
    return MappingProxyType(found)


def pick(catalog: Mapping[str, T], name: str) -> T:
    """Return one definition, or say what the caller may have meant.

    Raises:
        UnknownNameError: no definition has this name.
    """
    if name in catalog:
        return catalog[name]
    raise UnknownNameError(f"没有「{name}」{did_you_mean(name, catalog)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return «，您是不是要找：…？», or what there is when nothing is close."""
    names = list(known)
    close = get_close_matches(name, names)
    if close:
        return f"，您是不是要找：{'、'.join(close)}？"
    return f"。现有：{'、'.join(sorted(names)[:30])}"


def _parse(
    where: str, name: str, entry: Traversable, parse: Callable[[str, dict[str, Any]], T]
) -> T:
    try:
        return parse(name, yaml.safe_load(entry.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as exc:
        raise DefinitionError(where, repr(exc)) from exc


def _entries(package: str) -> list[Traversable]:
    return sorted(files(package).iterdir(), key=lambda entry: entry.name)
