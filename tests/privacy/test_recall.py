"""How much is found, and how much is taken for what it is not, on seeded made-up chat."""

from collections import Counter

from huisheng.privacy import Kind, mask_text
from tests.privacy.clean_chat import clean_sentences
from tests.privacy.corpus import cases

PER_KIND = 50
ALWAYS = (Kind.PHONE, Kind.ID_CARD, Kind.EMAIL, Kind.BANK_CARD)


def test_recall_on_seeded_personal_data() -> None:
    missed: Counter[Kind] = Counter()
    found = list(cases(seed=20261011, per_kind=PER_KIND))
    for case in found:
        result = mask_text(case.text)
        kinds = {entity.kind for entity in result.entities}
        missed[case.kind] += case.kind not in kinds or case.raw in result.text
    assert len(found) >= 500
    assert {kind: missed[kind] for kind in ALWAYS} == dict.fromkeys(ALWAYS, 0)
    assert missed.total() / len(found) <= 0.03


def test_clean_chat_is_left_alone() -> None:
    sentences = list(clean_sentences(seed=20261011, count=1_000))
    altered = [sentence for sentence in sentences if mask_text(sentence).text != sentence]
    assert len(altered) / len(sentences) < 0.005, altered
