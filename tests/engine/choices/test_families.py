"""Choices, families and their registry."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import pytest
from pydantic import ValidationError

from engine.choices import Choice, Family, Invalid, Problem, Record, Setting, fields, problems_in


class Fruit(Choice, family="test_fruits"):
    """A fruit."""


class Apple(Fruit, kind="apple", title="Apple"):
    """A round fruit.

    It keeps the
    doctor away.

    Formula: a = b

    Also red.

    Source: Newton, 1666.
    """

    weight: Annotated[float, Setting("Weight", "How heavy.", symbol="w", unit="g", above=0, most=1000)] = (
        150.0
    )
    colour: Annotated[Literal["red", "green"], Setting("Colour", "How it looks.")] = "red"
    seeds: Annotated[
        tuple[Annotated[int, Setting("Seed", "A seed.", least=1)], ...], Setting("Seeds", "All.", most=3)
    ] = ()


class Pear(Fruit, kind="pear", title="Pear"):
    """A fruit with a neck."""


class Cherry(Fruit, kind="cherry", title="Cherry", rank=1):
    """A small fruit."""


class Parcel(Record):
    label: Annotated[
        Annotated[str, Setting("Label", "One.")] | Annotated[tuple[str, ...], Setting("Labels", "Several.")],
        Setting("Label", "What is written on it."),
    ] = ""
    weight: Annotated[float | None, Setting("Weight", "How heavy.", least=0)] = None


class Basket(Record):
    best: Annotated[Fruit, Setting("Best", "The best.")] = Pear()
    others: Annotated[tuple[Fruit, ...], Setting("Others", "The others.", most=2)] = ()
    count: Annotated[
        Annotated[int, Setting("Count", "A number.", least=1, most=12)] | Literal["all"],
        Setting("Count", "How many."),
    ] = 3


# Tests that walk through every family must not meet the toy.
FRUITS = Family.every.pop("test_fruits")


def problems(value: Any, record: type[Record] = Basket) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        record.model_validate(value)
    return [str(problem) for problem in problems_in(raised.value)]


def test_that_a_family_lists_its_choices_by_rank_and_then_as_they_were_defined() -> None:
    assert list(FRUITS.items()) == [("cherry", Cherry), ("apple", Apple), ("pear", Pear)]
    assert FRUITS is Fruit.family is Apple.family


def test_that_the_docstring_is_parted_into_summary_explanation_formula_and_source() -> None:
    text = Apple.text()
    assert text.summary == "A round fruit."
    assert text.explanation == "It keeps the doctor away.\nAlso red."
    assert (text.formula, text.source) == ("a = b", "Newton, 1666.")


def test_that_two_classes_cannot_share_a_kind() -> None:
    with pytest.raises(ValueError, match="'apple' is both Apple and Other"):

        class Other(Fruit, kind="apple", title="Other"):
            """Another."""

    assert FRUITS["apple"] is Apple


def test_that_a_kind_there_is_not_names_those_there_are() -> None:
    with pytest.raises(KeyError, match="did you mean 'apple'"):
        FRUITS["aple"]


def test_that_choices_in_fields_are_found_by_kind_and_written_back() -> None:
    value = {"best": {"kind": "apple", "seeds": [1, 2]}, "others": [{"kind": "pear"}], "count": "all"}
    basket = Basket.model_validate(value)
    assert basket.best == Apple(seeds=(1, 2))
    assert Basket.model_validate(basket.model_dump()) == basket
    assert Basket.model_validate_json(basket.model_dump_json()) == basket


def test_that_every_problem_is_told_at_once_with_its_path() -> None:
    found = problems(
        {
            "best": {"kind": "apple", "weight": 0, "colour": "blu", "sedes": 1},
            "others": [{"kind": "aple"}],
            "coun": 1,
        }
    )
    assert found == [
        "best.weight: must be greater than 0, not 0",
        "best.colour: must be one of 'red' or 'green', not 'blu'",
        "best.sedes: is not a setting here; did you mean 'seeds'? There are: colour, seeds, weight",
        "others.0.kind: no 'aple' among the test_fruits; did you mean 'apple'? There are: "
        "apple, cherry, pear",
        "coun: is not a setting here; did you mean 'count'? There are: best, count, others",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"best": {}}, "best.kind: is missing. There are: apple, cherry, pear"),
        ({"best": 3}, 'best: must be a section with kind = "...". There are: apple, cherry, pear'),
        ({"best": {"kind": 3}}, "best.kind: no 3 among the test_fruits. There are: apple, cherry, pear"),
        ({"best": {"kind": "apple", "weight": True}}, "best.weight: must be a number, not true"),
        ({"best": {"kind": "apple", "weight": "1"}}, "best.weight: must be a number, not '1'"),
        ({"best": {"kind": "apple", "weight": 2e3}}, "best.weight: must be at most 1,000, not 2000.0"),
        ({"best": {"kind": "apple", "weight": math.nan}}, "best.weight: must be a finite number, not nan"),
        ({"best": {"kind": "apple", "seeds": [1, 0]}}, "best.seeds.1: must be at least 1, not 0"),
        ({"best": {"kind": "apple", "seeds": [1.5]}}, "best.seeds.0: must be a whole number, not 1.5"),
        ({"best": {"kind": "apple", "seeds": [1] * 4}},
         "best.seeds: must be at most 3 long, not [1, 1, 1, 1]"),
        ({"best": {"kind": "apple", "seeds": 1}}, "best.seeds: must be a list in square brackets, not 1"),
        ({"others": {"kind": "pear"}},
         "others: must be a list, in brackets or as sections headed [[others]], not {'kind': 'pear'}"),
        ({"count": 0}, "count: must be a whole number, at least 1, at most 12, or 'all', not 0"),
        ({"count": "some"}, "count: must be a whole number, at least 1, at most 12, or 'all', not 'some'"),
        ([], "must be a section with settings, not []"),
    ],
)  # fmt: skip
def test_that_a_wrong_value_is_one_problem_that_says_what_would_be_right(value: Any, expected: str) -> None:
    assert problems(value) == [expected]


def test_that_a_field_of_several_types_takes_each_and_says_which() -> None:
    assert Parcel.model_validate({"label": "a"}).label == "a"
    assert Parcel.model_validate({"label": ["a", "b"]}).label == ("a", "b")
    assert problems({"label": 3}, Parcel) == [
        "label: must be a text in quotes, or a list in square brackets, not 3"
    ]


def test_that_bounds_hold_beside_nothing_at_all() -> None:
    assert Parcel.model_validate({"weight": None}).weight is None
    assert problems({"weight": -1.0}, Parcel) == ["weight: must be at least 0, not -1.0"]


def test_that_whole_numbers_stand_for_real_ones_but_not_the_other_way() -> None:
    assert Apple.model_validate({"weight": 2}).weight == 2.0
    assert problems({"weight": 2, "seeds": [2.0]}, Apple) == ["seeds.0: must be a whole number, not 2.0"]


def test_that_a_long_value_is_shortened_in_the_message() -> None:
    (found,) = problems({"count": "x" * 500})
    assert len(found) < 160


def test_that_choices_cannot_be_changed_and_replaced_values_are_checked() -> None:
    apple = Apple()
    with pytest.raises(ValidationError):
        apple.weight = 2.0  # type: ignore[misc]
    assert apple.replaced(weight=2.0) == Apple(weight=2.0)
    with pytest.raises(ValidationError):
        apple.replaced(weight=-1.0)
    with pytest.raises(ValidationError):
        apple.replaced(size=1.0)


def test_that_fields_tell_name_setting_and_default_in_order() -> None:
    weight, colour, seeds = fields(Apple)
    assert (weight.name, weight.setting.unit, weight.default, weight.required) == (
        "weight",
        "g",
        150.0,
        False,
    )
    assert (colour.annotation, colour.default) == (Literal["red", "green"], "red")
    assert seeds.default == ()


def test_that_the_schema_shows_bounds_units_and_symbols() -> None:
    shown = Apple.model_json_schema()["properties"]["weight"]
    assert shown == {
        "type": "number", "title": "Weight", "description": "How heavy.", "unit": "g", "symbol": "w",
        "exclusiveMinimum": 0, "maximum": 1000, "default": 150.0,
    }  # fmt: skip
    assert Basket.model_json_schema()["properties"]["best"]["properties"]["kind"]["enum"] == [
        "cherry",
        "apple",
        "pear",
    ]


def test_that_a_problem_moves_below_a_path_and_invalid_carries_all() -> None:
    problem = Problem("a", "is wrong")
    assert str(problem.under("b.0")) == "b.0.a: is wrong"
    assert str(Problem("", "is wrong")) == "is wrong"
    assert Problem("", "is wrong").under("b").path == "b"
    error = Invalid([problem, problem.under("b")])
    assert str(error) == "a: is wrong\nb.a: is wrong"
    assert len(error.problems) == 2
