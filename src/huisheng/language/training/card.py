"""Write the model card: what was measured for every label, and on what kinds of text."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from huisheng.language.licence import HEAD_NAMES, Licence, label_names
from huisheng.language.licence.shipped import (
    COUNTS_FILE,
    RISK_COUNTS_FILE,
    Counted,
    read_counts,
    written,
)
from huisheng.language.modelfile import MODEL_VERSION
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training.corpora import READ_WHEN_WRITING
from huisheng.language.training.counting import measured
from huisheng.language.training.evaluation import accuracy, common_macro_f1
from huisheng.language.training.leaderboard import Results

CARD_FILE = "model_card.md"
_COLUMNS = "| 标签 | 名称 | n | 精确率 | 召回率 | κ | 判断许可 |\n|---|---|---|---|---|---|---|"
_HEAD = """# 模型卡 {version}

字符 1–4 元哈希线性模型（情感、任一负面、方面、场景、情绪、会话不满）加词表规则（其余方面、风险）。
由 `python -m huisheng.language.training` 生成；
数字都在训练没有见过的文本上测得：情感与方面留出五分之一，场景、情绪与会话五折。
n 是人工标出的条数，区间为 95% Wilson 区间，κ 是模型与人工的一致性（Cohen），
都由同目录 `measured*.csv` 里的计数算出。「判断许可」说明这个标签能不能用来评价某个人，
不能的只供参考，后面是第一条原因；限度见 `language/licence/granting.py`。
风险规则只在自写的成对句子（`language/training/risk_pairs.yaml`）上量过：句子一半有信号、一半没有，不是抽样，
规则也看着其中一部分改过，精确率与召回率不能当作真实聊天里的数字。
场景与情绪的词表是读过其中前 {read} 条对话之后写的，正则强度也在同样的五折上选定，所以
全体数字偏乐观，请以「未读过的对话」为准（它们仍参与了强度选择）。「未测」表示没有标注过的公开文本，只有自写的样例把关，
使用前请先在本店抽样复核（`huisheng evaluate`）。

训练数据的种类：九个类目的商品评价（正负两类）、美妆评价（方面与极性）、电子零售商客服对话（场景、情绪、
逐轮满意度，含本项目自己的标注）、微博客服对话（整段满意度）、本项目自写的例句与词表。
「没学过的品类」是本项目自己标注的 320 条笔记本电脑评价，不参加训练，其中前 160 条在改词表时读过；
macro 只算至少 10 条提到的方面。场景与情绪的五折里，与被测对话同一会话的标注不参加训练；
量逐轮满意度时，评过分的会话的标注也不参加。模型文件只含哈希桶的权重，不含任何句子。

| 汇总 | 数值 |
|---|---|
"""


def write_card(results: Results, words: Taxonomy, folder: Path) -> Path:
    """Write `model_card.md` into `folder`, and the counts behind it; every label has a row."""
    (folder / COUNTS_FILE).write_text(written(measured(results)), encoding="utf-8")
    path = folder / CARD_FILE
    path.write_text("\n".join(_lines(results, words)) + "\n", encoding="utf-8")
    return path


def _lines(results: Results, words: Taxonomy) -> Iterator[str]:
    yield _HEAD.format(version=MODEL_VERSION, read=READ_WHEN_WRITING) + "\n".join(_summary(results))
    yield from licence_lines(words, [*measured(results), *read_counts(RISK_COUNTS_FILE)])


def licence_lines(words: Taxonomy, counts: Iterable[Counted]) -> Iterator[str]:
    """Yield a table per head: every label with its measures, and whether it may score a person."""
    licences = {(one.head, one.label): one.licence for one in counts}
    for head, names in label_names(words).items():
        yield f"\n## {HEAD_NAMES[head]}\n\n{_COLUMNS}"
        for label, name in names.items():
            yield _row(name, licences.get((head, label), Licence(head, label)))


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
    yield f"| 极性三分 macro-F1（只有一种褒贬的方面） | {results.aspects.tones.macro_f1():.3f} |"
    elsewhere = " / ".join(
        f"{value:.3f}"
        for one in (results.elsewhere.every, results.elsewhere.unread)
        for value in (one.micro_f1(), common_macro_f1(one))
    )
    yield f"| 没学过的品类：方面 micro / macro-F1，未读过的一半同 | {elsewhere} |"
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


def _row(name: str, licence: Licence) -> str:
    measures = (licence.precision, licence.recall, licence.kappa)
    told = " | ".join("未测" if one is None else str(one) for one in measures)
    granted = "有" if licence.granted else f"无：{licence.why[0]}"
    return f"| {licence.label} | {name} | {licence.n:.0f} | {told} | {granted} |"
