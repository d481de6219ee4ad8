"""Write the model card: what was measured for every label, and on what kinds of text."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from huisheng.language.modelfile import MODEL_VERSION
from huisheng.language.moods import LEVELS
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training.corpora import READ_WHEN_WRITING
from huisheng.language.training.evaluation import Tally, accuracy
from huisheng.language.training.leaderboard import Results

CARD_FILE = "model_card.md"
_HEAD = """# 模型卡 {version}

字符 1–4 元哈希线性模型（情感、任一负面、方面、场景、情绪、会话不满）加词表规则（其余方面、风险）。
由 `python -m huisheng.language.training` 生成；
数字都在训练没有见过的文本上测得：情感与方面留出五分之一，场景、情绪与会话五折。
区间为 95% Wilson 区间。
场景与情绪的词表是读过其中前 {read} 条对话之后写的，正则强度也在同样的五折上选定，所以
全体数字偏乐观，请以「未读过的对话」为准（它们仍参与了强度选择）。「未测」表示没有标注过的公开文本，只有自写的样例把关，
使用前请先在本店抽样复核。

训练数据的种类：九个类目的商品评价（正负两类）、美妆评价（方面与极性）、电子零售商客服对话（场景、情绪、
逐轮满意度，含本项目自己的标注）、微博客服对话（整段满意度）、本项目自写的例句与词表。模型文件只含哈希桶的权重，不含任何句子。

| 汇总 | 数值 |
|---|---|
"""


def write_card(results: Results, words: Taxonomy, folder: Path) -> Path:
    """Write `model_card.md` into `folder`; every label of every head has a row."""
    path = folder / CARD_FILE
    path.write_text("\n".join(_lines(results, words)) + "\n", encoding="utf-8")
    return path


def _lines(results: Results, words: Taxonomy) -> Iterator[str]:
    yield _HEAD.format(version=MODEL_VERSION, read=READ_WHEN_WRITING) + "\n".join(_summary(results))
    sections = [
        (
            "情感",
            {"positive": "正面", "negative": "负面", "neutral": "中性"},
            results.sentiment.tally,
        ),
        ("方面", {a.id: a.label for a in words.aspects.values()}, results.aspects.present),
        ("场景", {s.id: s.label for s in words.scenes.values()}, results.chat.scenes),
        ("情绪", {name: words.emotions[name].label for name in LEVELS}, results.chat.emotions),
        ("风险", {r.id: r.label for r in words.risks.values()}, Tally()),
    ]
    for title, labels, tally in sections:
        yield f"\n## {title}\n\n| 标签 | 名称 | n | 精确率 | 召回率 |\n|---|---|---|---|---|"
        yield from (_row(name, label, tally) for name, label in labels.items())


def _summary(results: Results) -> Iterator[str]:
    chat, unread = results.chat, results.unread
    ours = results.sentiment
    yield f"| 情感准确率（同类目） | {accuracy(ours.tally):.3f} |"
    yield f"| 情感准确率：最有把握的八成 | {ours.sure:.3f} |"
    yield f"| 情感校准误差（二十段） | {ours.calibration:.3f} |"
    if results.left_out:
        mean = float(np.mean(list(results.left_out.values())))
        yield f"| 情感准确率（留出整个类目，平均） | {mean:.3f} |"
    yield f"| 方面 micro-F1 | {results.aspects.present.micro_f1():.3f} |"
    yield f"| 方面×极性 micro-F1 | {results.aspects.polar.micro_f1():.3f} |"
    yield f"| 任一负面 F1 | {results.aspects.blamed.f1('any'):.3f} |"
    yield f"| 任一负面 F1（只看方面与情感标签） | {results.aspects.shown.f1('any'):.3f} |"
    yield f"| 场景：首个可接受 / 与首选一致 | {chat.accepted:.3f} / {chat.primary:.3f} |"
    yield f"| 情绪一致 / 负面 F1 | {chat.emotion:.3f} / {chat.negative.f1('negative'):.3f} |"
    yield f"| 未读过的对话：场景可接受 / 首选一致 | {unread.accepted:.3f} / {unread.primary:.3f} |"
    blamed = unread.negative.f1("negative")
    yield f"| 未读过的对话：情绪一致 / 负面 F1 | {unread.emotion:.3f} / {blamed:.3f} |"
    talk = results.talk
    yield f"| 单轮不满 AUC（{talk.sizes[2]} 轮） | {talk.turn:.3f} |"
    marks = " / ".join(f"{value:.3f}" for value in talk.judged)
    yield f"| 会话不满意 / 没办成 / 沟通无效 AUC（{talk.sizes[0]} 段） | {marks} |"
    yield f"| 评过分的会话不满 AUC（{talk.sizes[1]} 段） | {talk.session:.3f} |"


def _row(name: str, label: str, tally: Tally) -> str:
    hits, alarms, misses = tally.hits[name], tally.alarms[name], tally.misses[name]
    precision = _interval(hits, hits + alarms)
    recall = _interval(hits, hits + misses)
    return f"| {name} | {label} | {hits + misses} | {precision} | {recall} |"


def _interval(hits: int, total: int) -> str:
    if not total:
        return "未测"
    bounds = binomtest(hits, total).proportion_ci(method="wilson")
    return f"{hits / total:.3f}（{bounds.low:.3f}–{bounds.high:.3f}）"
