"""The document: undo, redo, merging of edits, saving, and what is wrong."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.document.document import Document
from engine.choices import Family, Problem
from engine.data.images.sources.images import Images
from engine.experiment import Experiment, Training
from engine.suggestions import begun, following
from engine.tasks.regression import Regression

Edit = tuple[str, object]

EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("name"), st.text("abc", min_size=1, max_size=4)),
        st.tuples(st.just("seed"), st.integers(0, 5)),
        st.tuples(st.just("training"), st.integers(1, 9).map(lambda epochs: Training(epochs=epochs))),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("redo"), st.none()),
    ),
    max_size=25,
)


class Clock:
    """A clock that the test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def act(document: Document, edit: Edit) -> None:
    name, value = edit
    if name == "undo":
        document.undo()
    elif name == "redo":
        document.redo()
    else:
        document.edit(document.experiment.replaced(**{name: value}), name)


@given(edits=EDITS, pauses=st.lists(st.sampled_from([0.1, 5.0]), min_size=25, max_size=25))
def test_that_any_edits_undone_fully_give_the_first_value_and_redone_the_last(
    edits: list[Edit], pauses: list[float]
) -> None:
    clock = Clock()
    document = Document(Experiment(name="first"), clock)
    for edit, pause in zip(edits, pauses, strict=False):
        act(document, edit)
        clock.now += pause
    while document.can_redo:
        document.redo()
    last = document.experiment
    while document.can_undo:
        document.undo()
    assert document.experiment == Experiment(name="first")
    assert not document.edited
    while document.can_redo:
        document.redo()
    assert document.experiment == last


def test_that_typing_in_one_field_is_one_step_and_a_pause_begins_another() -> None:
    clock = Clock()
    document = Document(Experiment(name="first"), clock)
    for name in ("f", "fi", "fin"):
        document.edit(document.experiment.replaced(name=name), "name")
        clock.now += 0.2
    clock.now += 5
    document.edit(document.experiment.replaced(name="fine"), "name")
    document.undo()
    assert document.experiment.name == "fin"
    document.undo()
    assert document.experiment.name == "first"


def test_that_edits_of_different_fields_are_never_merged() -> None:
    document = Document(Experiment(name="first"), Clock())
    document.edit(document.experiment.replaced(name="second"), "name")
    document.edit(document.experiment.replaced(seed=3), "seed")
    document.undo()
    assert document.experiment == Experiment(name="second")


def test_that_what_was_saved_is_no_unsaved_change_and_an_edit_is() -> None:
    document = Document(Experiment())
    document.edit(Experiment(name="other", seed=1))
    assert document.edited
    document.mark_saved(Path("other.ravine.toml"))
    assert not document.edited
    document.undo()
    assert document.edited
    document.redo()
    assert not document.edited


def test_that_loss_and_metrics_follow_the_task_in_one_step_of_undo() -> None:
    document = Document(Experiment())
    before = document.experiment
    document.edit(before.replaced(task=Regression()), "task.kind")
    assert document.experiment.problems() == ()
    assert "numbers" in document.experiment.loss.accepts
    document.undo()
    assert document.experiment == before


def test_that_problems_of_an_earlier_value_are_dropped() -> None:
    document = Document(Experiment())
    earlier = document.experiment
    document.set_found_problems((Problem("data.path", "is not there"),), earlier)
    assert not document.valid
    document.edit(earlier.replaced(seed=1))
    assert document.valid
    document.set_found_problems((Problem("data.path", "is not there"),), earlier)
    assert document.valid


def test_that_opening_another_experiment_forgets_the_edits_of_the_one_before() -> None:
    document = Document(Experiment())
    document.edit(Experiment(name="edited", seed=1))
    document.open(Experiment(name="opened"), None)
    assert not document.can_undo
    assert not document.edited


def test_that_weights_of_another_network_are_let_go_with_it() -> None:
    before = begun(Images(path="photos"), "photos")
    other = Family.every["architectures"]["resnet"]()
    assert following(before, before.replaced(architecture=other)).start.begin == "nothing"
