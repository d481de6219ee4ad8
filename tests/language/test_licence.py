"""Judge licence: intervals, agreement, what is granted and what is withdrawn."""

from importlib.resources import files
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from huisheng.language import licence, load_model, taxonomy
from huisheng.language.licence.granting import LEAST_CASES
from huisheng.language.licence.intervals import ratio
from huisheng.language.licence.measuring import Answer, Judgement, measure
from huisheng.language.licence.shipped import (
    COUNTS_FILE,
    RISK_COUNTS_FILE,
    Counted,
    read_counts,
    written,
)
from huisheng.language.training.card import licence_lines
from huisheng.language.training.counting import measured
from huisheng.language.training.evaluation import (
    AspectResult,
    ChatResult,
    ElsewhereResult,
    SentimentResult,
    TalkResult,
    Tally,
    compare,
)
from huisheng.language.training.leaderboard import Results
from huisheng.language.training.risk_pairs import count_pairs

CELLS = st.tuples(*[st.integers(0, 60)] * 4)


def granted(*counts: int, origin=licence.Origin.SHOP, people=None) -> licence.Licence:
    return licence.Licence("emotion", "angry", origin, licence.Cells.plain(*counts), people)


# --- intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "total"), [(0, 1), (1, 1), (7, 9), (150, 170), (4559, 4818)])
def test_wilson_is_that_of_scipy(hits: int, total: int) -> None:
    ours = licence.wilson(hits / total, total)
    theirs = binomtest(hits, total).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_ratio_as_worked_by_hand() -> None:
    # 5 (2.1 to 11.4) over 45 (39.3 to 47.8): the products and roots of Donner and Zou by hand.
    found = ratio(licence.Interval(5, 2.1, 11.4), licence.Interval(45, 39.3, 47.8))
    assert found.value == pytest.approx(1 / 9)
    assert found.low == pytest.approx((225 - (225**2 - 33464.3) ** 0.5) / 2017.16, rel=1e-4)
    assert found.high == pytest.approx((225 + (225**2 + 31799.3) ** 0.5) / 1992.51, rel=1e-4)


def test_a_ratio_to_what_may_be_nothing_has_no_upper_bound() -> None:
    assert ratio(licence.Interval(1, 0.5, 2), licence.Interval(1, 0, 2)).high == float("inf")


# --- Cohen's kappa --------------------------------------------------------------------------------


def test_kappa_as_worked_by_hand() -> None:
    # Fifty grants, two readers: 20 yes-yes, 15 no-no, 5 and 10 in dispute. o = 0.7; by chance
    # 25/50·30/50 + 25/50·20/50 = 0.5; κ = (0.7 − 0.5) / 0.5 = 0.4.
    found = licence.cohen_kappa([[20, 5], [10, 15]])
    assert found is not None
    assert found.value == pytest.approx(0.4)
    agreed = licence.wilson(0.7, 50)
    assert (found.low, found.high) == pytest.approx((2 * agreed.low - 1, 2 * agreed.high - 1))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=80))
def test_kappa_is_that_of_scikit_learn(said: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    for one, other in said:
        table[one, other] += 1
    found = licence.cohen_kappa(table.tolist())
    if len({label for pair in said for label in pair}) == 1:
        assert found is None
        return
    theirs = cohen_kappa_score([one for one, _ in said], [other for _, other in said])
    assert found is not None
    assert found.value == pytest.approx(theirs, abs=1e-9)
    assert found.low <= found.value <= found.high


def test_nothing_to_agree_on() -> None:
    assert licence.cohen_kappa([[0, 0], [0, 0]]) is None
    assert licence.cohen_kappa([[9, 0], [0, 0]]) is None


def test_few_in_full_agreement_are_not_certain() -> None:
    found = licence.cohen_kappa([[3, 0], [0, 3]])
    assert found is not None
    assert found.value == 1 > found.low


# --- cells ----------------------------------------------------------------------------------------


def test_precision_and_recall_by_hand() -> None:
    cells = licence.Cells.plain(30, 10, 20, 40)
    assert cells.precision is not None and cells.recall is not None
    assert cells.precision.value == 0.75
    assert cells.recall.value == 0.6
    assert cells.recall.low == pytest.approx(licence.wilson(0.6, 50).low)


def test_what_was_never_named_has_no_precision() -> None:
    cells = licence.Cells.plain(0, 0, 3, 9)
    assert cells.precision is None
    assert cells.recall == licence.wilson(0, 3)
    assert licence.Cells.plain(0, 0, 0, 9).recall is None


def test_weights_bring_back_the_shop() -> None:
    # The shop: 100 texts named, 80 of them rightly; 900 not named, 45 of them wrongly so. Half of
    # the first were drawn, and one in ten of the others: 40 hits, 10 alarms, 4.5 → 5 misses, 85.
    named, rest = (2.0, 1.0), (10.0, 1.0)
    cells = licence.Cells(
        *(
            licence.Part.of([weight] * count)
            for weight, count in ((named, 40), (named, 10), (rest, 5), (rest, 85))
        )
    )
    assert cells.precision is not None and cells.recall is not None
    assert cells.precision == licence.wilson(0.8, 50)
    assert cells.recall.value == pytest.approx(80 / 130)
    unweighted = licence.Cells.plain(40, 10, 5, 85).recall
    assert unweighted is not None
    assert unweighted.value > 0.88 > cells.recall.high


def test_no_miss_among_few_that_stand_for_many_is_no_proof() -> None:
    parts = [licence.Part.of([(1.0, 1.0)] * 60), licence.Part(), licence.Part()]
    cells = licence.Cells(*parts, licence.Part.of([(100.0, 1.0)] * 50))
    assert cells.recall is not None
    assert cells.recall.value == 1
    assert cells.recall.low < 0.2


@given(CELLS)
def test_bounds_hold_their_value(counts: tuple[int, int, int, int]) -> None:
    parts = [
        licence.Part.of([(3.0, 1.0), (1.0, 1.0)] * (count // 2) + [(2.0, 1.0)] * (count % 2))
        for count in counts
    ]
    for cells in (licence.Cells.plain(*counts), licence.Cells(*parts)):
        for found in (cells.precision, cells.recall, cells.kappa):
            if found is not None:
                assert -1 <= found.low <= found.value + 1e-12
                assert found.value <= found.high + 1e-12
                assert found.high <= 1 + 1e-12
                assert found.high - found.low > 0


@given(CELLS.filter(lambda counts: counts[0] and counts[3] > 9))
def test_the_weighted_recall_of_equal_weights_is_near_wilson(counts) -> None:
    plain = licence.Cells.plain(*counts)
    rest = plain.misses + plain.quiet
    missed = licence.wilson(plain.misses.weight / rest.weight, rest.size)
    named = licence.wilson(plain.hits.weight / plain.claimed.weight, plain.claimed.size)
    left = ratio(
        licence.Interval(*(x * rest.weight for x in (missed.value, missed.low, missed.high))),
        licence.Interval(*(x * plain.claimed.weight for x in (named.value, named.low, named.high))),
    )
    assert plain.recall is not None
    assert 1 / (1 + left.value) == pytest.approx(plain.recall.value)
    assert 1 / (1 + left.high) <= plain.recall.value <= 1 / (1 + left.low) + 1e-12


# --- granting -------------------------------------------------------------------------------------


def test_a_label_that_is_good_enough_is_granted() -> None:
    one = granted(90, 5, 20, 300)
    assert one.granted and one.why == ()


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ((29, 0, 5, 300), "模型标出的只有 29 条"),
        ((29, 3, 0, 300), "人工标出的只有 29 条"),
        ((90, 20, 5, 300), "精确率下限"),
        ((90, 2, 60, 300), "召回率下限"),
    ],
)
def test_what_is_missing_is_said(counts: tuple[int, ...], reason: str) -> None:
    one = granted(*counts)
    assert not one.granted
    assert any(reason in why for why in one.why)


def test_what_people_cannot_agree_on_scores_nobody() -> None:
    assert not granted(90, 5, 20, 300, people=licence.Interval(0.4, 0.3, 0.5)).granted
    assert granted(90, 5, 20, 300, people=licence.Interval(0.7, 0.5, 0.8)).granted


@pytest.mark.parametrize("origin", [licence.Origin.OWN_SENTENCES, licence.Origin.PARTLY_READ])
def test_figures_that_are_no_sample_grant_nothing(origin: licence.Origin) -> None:
    one = granted(900, 1, 1, 900, origin=origin)
    assert not one.granted and len(one.why) == 1


@given(st.integers(LEAST_CASES, 400))
def test_all_right_never_closes_the_interval(count: int) -> None:
    one = granted(count, 0, 0, 50)
    for found in (one.precision, one.recall):
        assert found is not None
        assert found.value == 1 > found.low
    assert one.granted


@given(CELLS, st.integers(1, 40))
def test_degrading_never_grants(counts: tuple[int, int, int, int], spoilt: int) -> None:
    hits, alarms, misses, quiet = counts
    moved = min(spoilt, hits)
    worse = granted(hits - moved, alarms + moved, misses, quiet)
    if worse.granted:
        assert granted(*counts).granted


def test_the_shops_own_measure_replaces_the_shipped_one() -> None:
    shipped = licence.Licences().of("aspect", "P02")
    assert shipped.granted and shipped.origin is licence.Origin.HELD_OUT

    def measured_as(*counts: int) -> licence.Licence:
        cells = licence.Cells.plain(*counts)
        own = licence.Licence("aspect", "P02", licence.Origin.SHOP, cells)
        return licence.Licences([own]).of("aspect", "P02")

    assert not measured_as(30, 30, 5, 100).granted, "degraded, so withdrawn"
    assert measured_as(5, 1, 1, 100) == shipped, "too few to say anything"
    assert not measured_as(2, 18, 1, 100).granted, "few, but surely bad"


def test_every_label_has_a_licence() -> None:
    every = licence.Licences().every()
    names = licence.label_names(taxonomy())
    assert {(one.head, one.label) for one in every} == {
        (head, label) for head in names for label in names[head]
    }
    assert [one.label for one in every if one.head == "risk" and one.granted] == []
    unknown = licence.Licences().of("scene", "no such")
    assert unknown.why == ("没有在人工判断过的文字上量过",)


# --- measuring ------------------------------------------------------------------------------------


def answer(emotion: str, aspects: dict[str, int] | None = None, p: float = 0.9) -> Answer:
    said = {"scene": {}, "aspect": aspects or {}, "emotion": {emotion: 0}, "risk": {}}
    said["sentiment"] = {"neutral": 0}
    return Answer(said, {("emotion", emotion): p})


def judged(item: str, who: str, emotion: str, weight: float = 1.0, **said) -> Judgement:
    return Judgement(item, who, weight, {"emotion": {emotion: 0}, **said})


def label(found: licence.Measured, head: str, id_: str) -> licence.Licence:
    return next(one for one in found.labels if (one.head, one.label) == (head, id_))


def test_measuring_by_hand() -> None:
    answers = {
        name: answer(emotion) for name, emotion in zip("abcd", ["calm", "angry"] * 2, strict=True)
    }
    people = [
        judged(name, "甲", said)
        for name, said in zip("abcd", ["calm", "angry", "calm", "calm"], strict=True)
    ]
    found = measure(people, answers)
    angry = label(found, "emotion", "angry")
    assert angry.cells == licence.Cells.plain(1, 1, 0, 2)
    assert found.heads[0].confusion == {
        "angry": {"angry": 1, "calm": 0},
        "calm": {"angry": 1, "calm": 2},
    }
    assert found.heads[0].calibration_error == pytest.approx(0.9 - 0.75)
    assert [one.head for one in found.heads] == ["emotion", "upset"], "nobody judged the others"
    assert label(found, "upset", "upset").cells == licence.Cells.plain(1, 1, 0, 2)


def test_upset_is_any_emotion_above_calm() -> None:
    answers = {"a": answer("angry"), "b": answer("positive"), "c": answer("calm")}
    people = [
        judged("a", "甲", "anxious"),
        judged("b", "甲", "calm"),
        judged("c", "甲", "complaining"),
    ]
    found = measure(people, answers)
    assert label(found, "emotion", "angry").cells == licence.Cells.plain(0, 1, 0, 2)
    assert label(found, "upset", "upset").cells == licence.Cells.plain(1, 0, 1, 1)


def test_two_people_share_a_text() -> None:
    answers = {"a": answer("angry"), "b": answer("calm")}
    people = [
        judged("a", "甲", "angry", 4),
        judged("a", "乙", "calm", 4),
        judged("b", "甲", "calm", 4),
    ]
    angry = label(measure(people, answers), "emotion", "angry")
    assert angry.cells is not None and angry.precision is not None
    assert angry.cells.claimed.count == 1
    assert angry.precision == licence.wilson(0.5, 1)
    assert angry.cells.judged.weight == 8


def test_the_polarity_of_an_aspect_is_judged_where_both_named_it() -> None:
    answers = {
        "a": answer("calm", {"C02": -1}),
        "b": answer("calm", {"C02": 1}),
        "c": answer("calm", {"L02": -1}),
    }
    people = [
        judged("a", "甲", "calm", aspect={"C02": -1}),
        judged("b", "甲", "calm", aspect={"C02": -1}),
        judged("c", "甲", "calm", aspect={"C02": -1}),
    ]
    found = measure(people, answers)
    assert label(found, "aspect", "C02").cells == licence.Cells.plain(2, 0, 1, 0)
    assert label(found, "polarity", "negative").cells == licence.Cells.plain(1, 0, 1, 0)
    assert label(found, "polarity", "positive").cells == licence.Cells.plain(0, 1, 0, 1)


def test_people_among_themselves() -> None:
    said = {
        "甲": ["calm"] * 25 + ["angry"] * 25,
        "乙": ["calm"] * 20 + ["angry"] * 20 + ["calm"] * 10,
    }
    people = [
        judged(str(place), who, emotion)
        for who, all_ in said.items()
        for place, emotion in enumerate(all_)
    ]
    found = measure(people, {str(place): answer("calm") for place in range(50)})
    theirs = cohen_kappa_score(said["甲"], said["乙"])
    assert found.heads[0].doubly == 50
    assert found.heads[0].among_people is not None
    assert found.heads[0].among_people.value == pytest.approx(theirs)


EMOTIONS = st.sampled_from(["calm", "anxious", "angry"])


@given(st.data())
def test_the_order_of_judgements_changes_nothing(data: st.DataObject) -> None:
    keys = data.draw(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("甲乙丙"))))
    weights = {item: data.draw(st.floats(1, 1000)) for item in "abcdef"}
    people = [judged(item, who, data.draw(EMOTIONS), weights[item]) for item, who in sorted(keys)]
    answers = {item: answer(data.draw(EMOTIONS), p=0.31) for item in "abcdef"}
    assert measure(data.draw(st.permutations(people)), answers) == measure(people, answers)


# --- sampling -------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=300), st.integers(1, 320), st.integers(0, 9)
)
def test_a_sample_stands_for_the_shop(strata: list[int], size: int, seed: int) -> None:
    stratum = np.array(strata)
    drawn = licence.draw(stratum, size, seed)
    assert len(drawn.places) == len(set(drawn.places.tolist())) == min(size, len(strata))
    assert ((drawn.probability > 0) & (drawn.probability <= 1)).all()
    for one in set(strata):
        of_it = drawn.probability[stratum[drawn.places] == one]
        if len(of_it):
            assert isclose((1 / of_it).sum(), strata.count(one))
    again = licence.draw(stratum, size, seed)
    assert (again.places == drawn.places).all()


def test_rare_strata_are_drawn_whole() -> None:
    stratum = np.array([0] * 10_000 + [1] * 5)
    drawn = licence.draw(stratum, 200, 0)
    assert (stratum[drawn.places] == 1).sum() == 5


def test_estimates_from_samples_hit_the_shop_and_their_intervals_hold_it() -> None:
    # 4,000 texts; the model finds 8 in 10 of 200 true ones and names 40 others besides.
    truth = np.arange(4_000) < 200
    named = (np.arange(4_000) < 160) | (np.arange(4_000) >= 3_960)
    recalls, held = [], 0
    for seed in range(200):
        drawn = licence.draw(named.astype(np.int64), 500, seed)
        answers = {str(p): answer("angry" if named[p] else "calm") for p in drawn.places}
        people = [
            judged(str(p), "甲", "angry" if truth[p] else "calm", 1 / chance)
            for p, chance in zip(drawn.places, drawn.probability, strict=True)
        ]
        one = label(measure(people, answers), "emotion", "angry")
        assert one.precision is not None and one.recall is not None
        recalls.append(one.recall.value)
        held += one.recall.low <= 0.8 <= one.recall.high
    assert np.mean(recalls) == pytest.approx(0.8, abs=0.02)
    assert held >= 184, "of 200 intervals of 95 %"


# --- what ships -----------------------------------------------------------------------------------


def test_the_card_tells_the_counts_that_ship_beside_it() -> None:
    card = (files("huisheng.language") / "model" / "model_card.md").read_text(encoding="utf-8")
    counts = [*read_counts(COUNTS_FILE), *read_counts(RISK_COUNTS_FILE)]
    told = "\n".join(licence_lines(taxonomy(), counts))
    assert card.endswith(f"{told}\n")


def test_the_counts_of_risks_are_those_of_the_pairs() -> None:
    assert count_pairs(load_model()) == read_counts(RISK_COUNTS_FILE)


def test_training_counts_what_its_tallies_hold() -> None:
    some = [frozenset(["P02"]), frozenset(["P02", "L06"]), frozenset()]
    true = [frozenset(["P02"]), frozenset(["P02"]), frozenset(["L06"])]
    tally = compare(some, true)
    scenes = compare([frozenset(["MID06"])], [frozenset(["NONE"])])
    negative = compare([frozenset(), frozenset()], [frozenset(["negative"]), frozenset()])
    chat = ChatResult(0.5, 0.5, scenes, 0.5, Tally(), negative)
    talk = TalkResult((0.5, 0.5, 0.5), 0.5, 0.5, (1, 1, 1))
    results = Results(
        SentimentResult(Tally(), 0.5, 0.0),
        {},
        AspectResult(tally, tally, tally, tally),
        ElsewhereResult(tally, tally),
        chat,
        chat,
        talk,
    )
    origin = licence.Origin.HELD_OUT
    assert measured(results) == (
        Counted("scene", "MID06", 0, 1, 0, 1, licence.Origin.PARTLY_READ),
        Counted("aspect", "L06", 0, 1, 1, 3, origin),
        Counted("aspect", "P02", 2, 0, 0, 3, origin),
        Counted("upset", "upset", 0, 0, 1, 2, licence.Origin.PARTLY_READ),
    )
    assert written(measured(results)).splitlines()[2] == "aspect,L06,0,1,1,3,held_out"
