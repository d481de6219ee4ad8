"""Every connector proves itself: its sample must give exactly the rows it promises."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import huisheng.intake.connectors as folder
from huisheng.intake import all_connectors, import_path
from huisheng.lake import create_workspace, open_engine
from huisheng.records import Kind, all_tables
from huisheng.records.rows import EPOCH, MICROSECOND
from tests.intake.importing import NOW_US

ROOT = Path(folder.__path__[0])
FIXED_SALT = b"the salt that all proofs share!!"


@pytest.fixture(scope="module", params=sorted(all_connectors()))
def landed(request, tmp_path_factory):
    """Return a connector's id, its import report and the engine over what landed."""
    workspace = create_workspace(tmp_path_factory.mktemp(request.param))
    salt = workspace.root / "secrets" / "shop.salt"
    salt.write_bytes(FIXED_SALT)
    salt.chmod(0o600)
    sample = next((ROOT / request.param).glob("sample.*"))
    report = import_path(workspace, [sample], shop_id="shop", now_us=NOW_US)
    assert not report.errors, report.errors
    return request.param, report.files[0], open_engine(workspace)


def expected(name: str) -> dict:
    return yaml.safe_load((ROOT / name / "expected.yaml").read_text(encoding="utf-8"))


def test_sample_is_recognised(landed):
    name, report, _ = landed
    assert report.recognised_as == (all_connectors()[name].label,)


def test_sample_gives_exactly_the_promised_rows(landed):
    name, report, engine = landed
    tables = {table: rows for table, rows in expected(name).items() if table != "quarantined"}
    assert set(report.changes) == set(tables)
    for table, rows in tables.items():
        shown = [_shown(table, row, engine) for row in _rows(table, engine)]
        assert len(shown) == len(rows), (table, shown)
        for promised, row in zip(_in_key_order(table, rows, engine), shown, strict=True):
            found = {column: row[column] for column in promised}
            assert found == _plain(table, promised), table


def test_sample_has_exactly_the_promised_rejects(landed):
    name, report, _ = landed
    assert report.quarantined == expected(name).get("quarantined", 0), report.examples


def _rows(table: str, engine) -> list[dict]:
    rows = engine.arrow(engine.table(table)).to_pylist()
    return sorted(rows, key=lambda row: [str(row[part]) for part in all_tables()[table].key])


def _in_key_order(table: str, rows: list[dict], engine) -> list[dict]:
    """Return promised rows in key order, or as written where a key is made by us."""
    key = all_tables()[table].key
    if all(part in row for row in rows for part in key):
        return sorted(
            rows, key=lambda row: [_key_text(table, part, row[part], engine) for part in key]
        )
    return rows


def _key_text(table: str, part: str, value: object, engine) -> str:
    if all_tables()[table].own[part].kind is not Kind.INSTANT or value is None:
        return str("" if value is None else value)
    return str((_moment(str(value)) - EPOCH) // MICROSECOND - engine.offset_us)


def _moment(text: str):
    return type(EPOCH).fromisoformat(text)


def _shown(table: str, row: dict, engine) -> dict:
    """Return a landed row as a file shows it: yuan, local times, canonical headers."""
    shown = {"shop_id": row["shop_id"], "platform": row["platform"]}
    for name, column in all_tables()[table].own.items():
        value = row[column.stored]
        if value is not None and column.kind is Kind.MONEY:
            value = f"{value / 100:.2f}"
        elif value is not None and column.kind is Kind.INSTANT:
            local = EPOCH + timedelta(microseconds=value + engine.offset_us)
            value = local.isoformat(sep=" ", timespec="seconds")
        shown[name] = value
    return shown


def _plain(table: str, promised: dict) -> dict:
    """Return promised values in the form `_shown` gives."""
    own = all_tables()[table].own
    plain = {}
    for name, value in promised.items():
        kind = own[name].kind if name in own else Kind.CODE
        if kind is Kind.MONEY and value is not None:
            value = f"{float(str(value)):.2f}"
        plain[name] = value
    return plain
