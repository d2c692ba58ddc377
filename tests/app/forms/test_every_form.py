"""Every registered choice gets its form from its fields; none is named here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.forms.choice import ChoiceEditor
from app.forms.editor import Context
from app.forms.formula import formula_html
from app.forms.record import RecordForm
from app.forms.summary import summary
from engine.architectures.images.cnn import Cnn
from engine.architectures.images.lenet import LeNet
from engine.augmentations.images import Flip, Rotate, Shift
from engine.choices import Choice, Family, Record, fields
from engine.data.sample import Sample
from engine.experiment import Experiment, Training
from engine.learning.initializers.scaled import HeNormal
from engine.learning.optimizers.adam import Adam
from engine.learning.stopping import NoImprovement, Time

EVERY = [
    pytest.param(family, kind, id=f"{name}.{kind}")
    for name, family in Family.every.items()
    for kind in family
]


def changed(value: Record) -> Record:
    """Return the value with every number, switch and option that allows it set to something else."""
    for field in fields(type(value)):
        for other in others(getattr(value, field.name), field.setting.options):
            try:
                value = value.replaced(**{field.name: other})
            except ValueError:
                continue
            break
    return value


def others(now: object, options: Any) -> list[object]:
    if isinstance(now, bool):
        return [not now]
    if isinstance(now, int):
        return [now + 1, now - 1]
    if isinstance(now, float):
        return [now * 0.5, now * 2, now + 0.25]
    if isinstance(now, str):
        return [option for option in options if option != now] or [now + "x"]
    if isinstance(now, tuple) and now and isinstance(now[0], int):
        return [(*now, 7)]
    return [("a column", "another")] if now == () else []


@pytest.mark.parametrize(("family", "kind"), EVERY)
def test_that_the_form_of_every_choice_gives_back_what_it_was_shown(
    family: Family, kind: str, context: Context, qtbot: Any
) -> None:
    editor = ChoiceEditor(family, context)
    qtbot.addWidget(editor)
    editor.switch(kind)
    first = editor.value()
    assert isinstance(first, Choice)
    assert (first.kind, editor.problems()) == (kind, ())
    other = changed(first)
    editor.show_value(other)
    assert editor.value() == other
    assert editor.form is not None
    for name, inner in editor.form.editors.items():
        assert inner.value() == getattr(other, name), name


@pytest.mark.parametrize(("family", "kind"), EVERY)
def test_that_every_choice_has_a_summary_and_its_formula_is_drawn(family: Family, kind: str) -> None:
    choice = family[kind]
    own = next((field.setting.summary for field in fields(choice) if field.setting.summary), choice.title)
    assert summary(choice()).startswith(own.partition("{value}")[0])
    words = set(re.split("[ ,]+", summary(changed(choice()))))  # words and no letters of formulas
    assert not words & {field.setting.symbol for field in fields(choice) if field.setting.symbol}
    assert sum("{value}" in field.setting.summary for field in fields(choice)) <= 1
    assert choice.text().summary
    assert "_{" not in formula_html(choice.text().formula)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (
            (Flip(direction="vertical"), Shift(most=4, fill="mean"), Rotate(most=30.0)),
            "Flip, direction vertical · Shift by 4 px, fill mean · Rotate by 30°",
        ),
        (
            (Time(minutes=2.5), NoImprovement(patience=5)),
            "Time limit of 2.5 min · No improvement, patience 5",
        ),
        (Adam(learning_rate=0.01), "Adam · learning rate 0.01"),
        (Cnn(activation="tanh"), "Convolutional network · activation tanh"),
        (Cnn(activation="leaky_relu"), "Convolutional network · activation leaky ReLU"),
        (LeNet(activation="relu"), "LeNet-5 · activation ReLU"),
        (HeNormal(biases="uniform"), "He normal · biases uniform"),
        (Sample(name="digits"), "Sample · Digits"),
        ((), "none"),
    ],
)
def test_that_a_card_says_what_is_chosen_in_words(chosen: object, said: str) -> None:
    assert summary(chosen) == said


@pytest.mark.parametrize("record", [Experiment, Training])
def test_that_the_form_of_a_record_gives_back_what_it_was_shown(
    record: type[Record], context: Context, qtbot: Any
) -> None:
    form = RecordForm(record, context)
    qtbot.addWidget(form)
    form.show_value(record())
    assert form.value() == record()
    other = changed(record())
    form.show_value(other)
    assert form.value() == other
