"""分类体系: scenes, aspects, emotions, risks and reasons the labels come from."""

from huisheng.language import MODEL_VERSION, Taxonomy, taxonomy
from huisheng.language.taxonomy import Aspect, Reason, Scene
from pages.markdown import code, page_of, table

PHASES = {"pre": "售前", "mid": "售中", "post": "售后", "any": "任何时候"}
SIGNS = {1: "正面", 0: "中性", -1: "负面"}


def page() -> str:
    """Return the page."""
    words = taxonomy()
    owners = {name: each.label for name, each in words.departments.items()}
    return page_of(
        "分类体系",
        f"标签由随包附带的模型（版本 {MODEL_VERSION}）和规则在本机打出，不联网。"
        "每个标签带概率；没有把握就不给场景。例句都是自拟的。"
        "各标签的实测精确率与召回率见包内 `language/model/model_card.md`，"
        "没有测过的写着「未测」。",
        "## 责任部门",
        table(
            ("编号", "名称", "负责"),
            [(code(n), d.label, d.scope) for n, d in words.departments.items()],
        ),
        "## 场景",
        "买家想要什么。一句话可以有几个场景，优先级小的为主。",
        table(
            ("编号", "名称", "阶段", "优先级", "责任部门", "定义", "例句"),
            [_scene(each, owners) for each in words.scenes.values()],
        ),
        "## 方面",
        "买家在夸什么、怨什么，带正负。",
        table(
            ("编号", "名称", "大类", "责任部门", "协同", "定义", "例句"),
            [_aspect(each, owners) for each in words.aspects.values()],
        ),
        "## 情绪",
        table(
            ("编号", "名称", "等级", "例句"),
            [
                (code(name), each.label, str(each.level), _first(each.examples))
                for name, each in words.emotions.items()
            ],
        ),
        "## 风险",
        "不能等的信号，命中即报。",
        table(
            ("编号", "名称", "严重程度", "触发词举例"),
            [
                (code(name), each.label, str(each.severity), "、".join(each.triggers[:4]))
                for name, each in words.risks.items()
            ],
        ),
        *_reasons(words, owners),
    )


def _scene(each: Scene, owners: dict[str, str]) -> tuple[str, ...]:
    return (
        code(each.id),
        each.label,
        PHASES[each.phase],
        str(each.priority),
        owners[each.department] if each.department else "无",
        each.definition,
        _first(each.utterances),
    )


def _aspect(each: Aspect, owners: dict[str, str]) -> tuple[str, ...]:
    examples = "；".join(f"{SIGNS[sign]}：{text}" for sign, text in each.examples[:1])
    return (
        code(each.id),
        each.label,
        each.level1,
        owners[each.department],
        "、".join(owners[name] for name in each.co_departments),
        each.definition,
        examples,
    )


def _reasons(words: Taxonomy, owners: dict[str, str]) -> tuple[str, ...]:
    head = ("编号", "名称", "责任部门", "由哪些标签指向")
    tables = (words.dissatisfaction_reasons, words.lost_sale_reasons)
    bad, lost = (table(head, [_reason(each, owners) for each in t.values()]) for t in tables)
    return "## 不满意原因", bad, "## 流失原因", lost


def _reason(each: Reason, owners: dict[str, str]) -> tuple[str, ...]:
    return (
        code(each.id),
        each.label,
        owners[each.department],
        "、".join((*each.aspects, *each.scenes)),
    )


def _first(examples: tuple[str, ...]) -> str:
    return "；".join(examples[:2])
