"""连接器: which exports are recognised, by what, and what they fill."""

from importlib.resources import files

import yaml

from huisheng.intake import Connector, all_connectors
from huisheng.records import all_tables
from pages.markdown import bullets, codes, page_of, table

PLATFORMS = {
    "taobao": "淘宝",
    "tmall": "天猫",
    "jd": "京东",
    "douyin": "抖音",
    "pdd": "拼多多",
    "other": "其他",
}


def page() -> str:
    """Return the page."""
    connectors = all_connectors()
    return page_of(
        "连接器",
        f"共 {len(connectors)} 个连接器。平台导出的文件按表头识别，与文件名、列的先后无关；"
        "几个都符合时取要求列最多的一个。没有连接器认得的文件按标准列名读取（见[标准表](tables.md)），"
        "再不行就由列名推测一份列映射（见[新增列映射](../how-to/新增列映射.md)）。",
        table(
            ("导出", "平台", "编号"),
            [
                (_name(each), PLATFORMS[each.platform], f"[{name}](#{name})")
                for name, each in connectors.items()
            ],
        ),
        *(_described(name, each) for name, each in connectors.items()),
    )


def _name(each: Connector) -> str:
    return each.label.split("（")[0]


def _described(name: str, each: Connector) -> str:
    header = f"表头必须有 {codes(sorted(each.header))}"
    return "\n\n".join(
        (
            f"## {name}",
            f"**{each.label}**",
            bullets(
                (
                    f"平台：{PLATFORMS[each.platform]}",
                    f"识别：{header if each.header else '看文件开头的内容，不是表格'}",
                    f"写入：{_filled(name)}",
                )
            ),
        )
    )


def _filled(name: str) -> str:
    """Return the tables that the connector's own sample fills."""
    expected = files("huisheng.intake.connectors") / name / "expected.yaml"
    content = yaml.safe_load(expected.read_text(encoding="utf-8"))
    tables = all_tables()
    return "、".join(
        f"[{each.label}](tables.md#{table_name})"
        for table_name, each in tables.items()
        if table_name in content
    )
