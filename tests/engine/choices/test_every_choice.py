"""What holds for every registered choice of every family."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest

from engine.choices import Choice, Family, fields
from engine.data.cells.column_types import ColumnType
from tests.engine.every import choices, example, label

every_choice = pytest.mark.parametrize("choice", choices(), ids=label)

WITH_FORMULA = {
    "initializers",
    "losses",
    "optimizers",
    "schedules",
    "regularizers",
    "augmentations",
    "metrics",
    "architectures",
}
WITH_SOURCE = WITH_FORMULA | {"tasks"}


def plain(value: Any) -> Any:
    """The value as TOML would give it back: mappings, lists, texts and numbers."""
    return json.loads(json.dumps(value))


@every_choice
def test_that_a_choice_survives_writing_and_reading(choice: type[Choice]) -> None:
    made = example(choice)
    assert choice.family.parse(plain(made.model_dump())) == made


@every_choice
def test_that_a_choice_writes_its_kind_first_and_then_every_setting(choice: type[Choice]) -> None:
    assert list(example(choice).model_dump()) == ["kind", *(field.name for field in fields(choice))]


@every_choice
def test_that_a_choice_can_be_compared_and_used_as_a_key(choice: type[Choice]) -> None:
    assert {example(choice): 1}[example(choice)] == 1


@every_choice
def test_that_a_choice_explains_itself_in_sentences(choice: type[Choice]) -> None:
    text = choice.text()
    assert choice.title
    assert choice.title[0].isupper() or not choice.title[0].isalpha()
    for sentence in (text.summary, *filter(None, (text.explanation, text.source))):
        assert sentence[0].isupper() or not sentence[0].isalpha(), sentence
        assert sentence.endswith("."), sentence
    assert not text.formula.endswith("."), text.formula


@pytest.mark.parametrize("choice", choices(*sorted(WITH_SOURCE), "stopping"), ids=label)
def test_that_what_is_learnt_with_is_explained_to_a_newcomer(choice: type[Choice]) -> None:
    assert choice.text().explanation


@pytest.mark.parametrize("choice", choices(*sorted(WITH_FORMULA)), ids=label)
def test_that_what_is_computed_shows_its_formula(choice: type[Choice]) -> None:
    assert choice.text().formula


@pytest.mark.parametrize("choice", choices(*sorted(WITH_SOURCE)), ids=label)
def test_that_a_method_names_the_paper_or_book_and_its_year(choice: type[Choice]) -> None:
    assert any(part.strip(".,;:()").isdigit() for part in choice.text().source.split())


@every_choice
def test_that_every_setting_has_a_label_and_help_in_a_sentence(choice: type[Choice]) -> None:
    for field in fields(choice):
        setting = field.setting
        assert setting.label, field.name
        assert setting.label[0].isupper(), field.name
        assert setting.help.endswith("."), f"{field.name}: {setting.help}"


@every_choice
def test_that_the_options_of_a_setting_are_those_it_takes_each_in_words(choice: type[Choice]) -> None:
    for field in fields(choice):
        if get_origin(field.annotation) is Literal:
            assert list(field.setting.options) == [str(option) for option in get_args(field.annotation)]
            assert all(field.setting.options.values())
        elif field.setting.role == "types":
            assert list(field.setting.options) == list(get_args(ColumnType))
            assert all(field.setting.options.values())
        else:  # a union may say its words, a number may not
            kinds = [kind for kind in get_args(field.annotation) if get_origin(kind) is Literal]
            words = [str(word) for kind in kinds for word in get_args(kind)]
            assert list(field.setting.options) in ([], words)


@every_choice
def test_that_a_setting_applies_only_beside_a_setting_and_values_there_are(choice: type[Choice]) -> None:
    known = {field.name: field.annotation for field in fields(choice)}
    for field in fields(choice):
        if field.setting.applies is not None:
            other, values = field.setting.applies
            assert other in known
            if get_origin(known[other]) is Literal:
                assert set(values) <= set(get_args(known[other]))


@every_choice
def test_that_a_log_scale_stands_only_where_values_are_not_negative(choice: type[Choice]) -> None:
    for field in fields(choice):
        if field.setting.log:
            lowest = field.setting.above if field.setting.above is not None else field.setting.least
            assert lowest is not None
            assert lowest >= 0
            assert field.setting.most is not None or field.setting.below is not None


@every_choice
def test_that_the_schema_of_every_setting_has_title_and_description(choice: type[Choice]) -> None:
    schema = choice.model_json_schema()
    assert schema["title"] == choice.title
    assert schema["description"] == choice.text().summary
    for name, shown in _described(schema):
        assert shown.get("title"), name
        assert shown.get("description"), name


def _described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, shown in schema.get("properties", {}).items():
        yield name, shown
        if shown.get("type") == "array":
            yield f"{name} items", shown["items"]


@every_choice
def test_that_an_unknown_setting_is_refused_and_the_known_ones_are_named(choice: type[Choice]) -> None:
    from pydantic import ValidationError

    from engine.choices import problems_in

    wrong = {**plain(example(choice).model_dump()), "bogus_setting": 1}
    with pytest.raises(ValidationError) as raised:
        choice.family.parse(wrong)
    (problem,) = problems_in(raised.value)
    assert problem.path == "bogus_setting"
    assert problem.message.startswith("is not a setting here")
    assert all(field.name in problem.message for field in fields(choice))


def test_that_every_family_of_the_contract_is_there_with_its_choices() -> None:
    ours = {name for name, family in Family.every.items() if family.base.__module__.startswith("engine.")}
    assert ours == {
        "data", "tasks", "architectures", "initializers", "losses", "optimizers", "schedules", "regularizers",
        "stopping", "metrics", "probes", "layers", "augmentations", "averaging", "class_weights",
        "sampling", "recovery", "groups", "layer_initializers", "courses",
    }  # fmt: skip
    assert all(len(family) > 0 for family in Family.every.values())


def test_that_no_choice_loads_torch_before_it_builds() -> None:
    program = (
        "import sys, engine.experiment\n"
        "from engine.choices import Family, fields\n"
        "every = [choice for family in Family.every.values() for choice in family.values()]\n"
        "made = [choice() for choice in every if not any(field.required for field in fields(choice))]\n"
        "schemas = [choice.model_json_schema() for choice in every]\n"
        "texts = [choice.text() for choice in map(type, made)]\n"
        "assert made and schemas and texts\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'torch'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
