import pytest

from huisheng.errors import DefinitionError, UnknownNameError
from huisheng.language import load_model, taxonomy
from huisheng.language.taxonomy import _document, _scene, parse_table


def test_every_table_is_complete() -> None:
    words = taxonomy()
    assert len(words.scenes) == 66
    assert len(words.aspects) == 30
    assert set(words.departments) == {"ops", "product", "cs", "warehouse", "carrier"}
    assert list(words.risks) == [f"R{n}" for n in range(1, 14)]
    assert len(words.dissatisfaction_reasons) == 18
    assert len(words.lost_sale_reasons) == 22
    assert {e.level for e in words.emotions.values()} == {-1, 0, 1, 2, 3, 4}


def test_every_scene_has_utterances_and_every_aspect_polar_examples() -> None:
    words = taxonomy()
    assert min(len(scene.utterances) for scene in words.scenes.values()) >= 5
    assert all(any(p < 0 for p, _ in aspect.examples) for aspect in words.aspects.values())


def test_five_dimensions_hold_the_aspects() -> None:
    assert {aspect.level1 for aspect in taxonomy().aspects.values()} == {
        "产品功能",
        "客服服务",
        "物流服务",
        "售后政策",
        "活动管理",
    }


@pytest.mark.parametrize(
    ("kind", "name", "owner"),
    [
        ("aspect", "A05", "cs"),
        ("aspect", "L02", "carrier"),
        ("scene", "MID06", "warehouse"),
        ("scene", "PRE01", None),
        ("dissatisfaction", "DS07", "carrier"),
        ("lost_sale", "LS01", "ops"),
    ],
)
def test_department_of(kind: str, name: str, owner: str | None) -> None:
    assert taxonomy().department_of(kind, name) == owner


def test_department_of_unknown_name_says_so() -> None:
    with pytest.raises(UnknownNameError, match="X99"):
        taxonomy().department_of("aspect", "X99")


def test_unknown_and_missing_keys_are_refused() -> None:
    row = dict(_document("scenes")["PRE01"])
    with pytest.raises(DefinitionError, match="不认识的键：colour"):
        parse_table("scenes", {"PRE01": row | {"colour": "red"}}, _scene)
    del row["label"]
    with pytest.raises(DefinitionError, match="label"):
        parse_table("scenes", {"PRE01": row}, _scene)


def test_scenes_find_their_own_utterances() -> None:
    cases = [(s.id, text) for s in taxonomy().scenes.values() for text in s.utterances]
    labels = load_model().label([text for _, text in cases])
    named = [{scene["id"] for scene in labels.as_json(i)["scenes"]} for i in range(len(cases))]
    found = sum(scene in some for (scene, _), some in zip(cases, named, strict=True))
    assert found / len(cases) >= 0.9
    for scene in taxonomy().scenes:
        own = [name in some for (name, _), some in zip(cases, named, strict=True) if name == scene]
        assert any(own), scene
