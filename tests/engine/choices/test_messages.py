"""Messages: the English sentence itself, and all that another language needs to say it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Message, Problem, joined, template_of
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
