"""Every connector, found by listing the folder `connectors`."""

from collections.abc import Mapping
from functools import cache

from huisheng.catalog import load_python
from huisheng.intake.connector import Connector


@cache
def all_connectors() -> Mapping[str, Connector]:
    """Return every connector, by id."""
    return load_python("huisheng.intake.connectors", "CONNECTOR", Connector)
