"""Messages: the English sentence itself, and all that another language needs to say it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.choices import Message, Problem, Record, Setting, joined, problems_in, template_of
from engine.serving.frames import Decoder, encode
from engine.serving.protocol import Refused

VALUES = st.dictionaries(
    st.sampled_from(["name", "count", "share"]),
    st.text(max_size=9) | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False),
    min_size=1,
)


@given(VALUES)
def test_that_a_message_reads_as_its_template_with_its_values(values: dict[str, Any]) -> None:
    template = "of {" + "} and {".join(values) + "}"
    told = Message(template, **values)
    assert told == template.format(**values)
    assert (told.template, told.values) == (template, values)
    assert json.loads(json.dumps(told)) == told
    assert copy.deepcopy(told) == told
    assert copy.deepcopy(told).values == values


@given(VALUES)
def test_that_a_message_travels_with_template_and_values(values: dict[str, Any]) -> None:
    inner = Message("{" + "} {".join(values) + "}", **values)
    told = Message("at {place!r}: {inner}", place="data.path", inner=inner)
    (arrived,) = Decoder().feed(encode(Refused(1, (Problem("data", told),))))
    said = arrived.problems[0].message
    assert said == told
    assert said.values == told.values
    assert said.values["inner"].values == values


def test_that_plain_sentences_are_their_own_templates() -> None:
    assert template_of("as {it} is") == "as {it} is"
    assert Message("as {it} is") == "as {it} is"
    assert Message("as {it} is").values == {}
    told = Message("{count} rows", count=2)
    assert (Message(told).template, Message(told).values) == (told.template, told.values)


def test_that_sentences_put_together_are_still_translated_each_by_itself() -> None:
    told = joined("; ", "a", Message("{count} rows", count=np.int64(2)))
    assert told == "a; 2 rows"
    assert [name for _, name, _, _ in Formatter().parse(told.template)] == ["part0", "part1"]
    assert type(told.values["part1"].values["count"]) is int


def test_that_what_is_neither_text_nor_number_is_said_as_text() -> None:
    given: Any = Path("a/b.csv")  # what the types refuse may still come by way of Any, and must not fail
    assert Message("{path!r}", path=given).values == {"path": str(given)}


def test_that_a_value_must_be_given() -> None:
    with pytest.raises(KeyError):
        Message("{count} of {all}", count=1)


class Sample(Record):
    """One setting of every sort that is checked."""

    epochs: Annotated[int, Setting("Epochs", "", least=1, most=9)] = 1
    batch: Annotated[int | Literal["all"], Setting("Batch", "")] = 1
    rate: Annotated[float, Setting("Rate", "", above=0)] = 1.0
    unit: Literal["relu", "tanh"] = "relu"
    name: Annotated[str, Setting("Name", "", least=1)] = "a"
    sizes: tuple[int, ...] = (1,)


WRONG = {
    "epochs": ["0", 10, 1.5, "x"],
    "batch": ["none", 1.5],
    "rate": [0, -1, float("inf")],
    "unit": ["rel"],
    "name": ["", 1],
    "sizes": [1, {"a": 1}],
    "epoch": [1],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_that_whatever_is_wrong_with_a_setting_is_a_message(name: str, value: object) -> None:
    """What pydantic found is said in our words, with the values apart, so that it can be translated."""
    with pytest.raises(ValidationError) as error:
        Sample.model_validate({name: value})
    for problem in problems_in(error.value):
        said = problem.message
        words = template_of(said)
        shown = repr(value) if value != "" else "''"
        assert isinstance(said, Message) or shown not in words, said
        assert "{" not in said.replace(shown, ""), said
