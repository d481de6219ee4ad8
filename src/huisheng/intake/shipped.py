"""How the YAML that ships with this package is read: by libyaml where PyYAML has it."""

from importlib.resources import files

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # ten times slower, else the same
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

__all__ = ["Loader", "shipped_text"]


def shipped_text(name: str) -> str:
    """Return the text of a file of this package."""
    return (files("huisheng.intake") / name).read_text(encoding="utf-8")
