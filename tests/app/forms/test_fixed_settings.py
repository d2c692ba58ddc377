"""Beside each field that cannot change in the run in training the form says why, and a branch is offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.run_controls import RunStatus
from app.forms.choice import ChoiceEditor
from app.forms.record import RecordForm
from app.forms.row import FieldRow
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.shell.experiment_column import ExperimentColumn
from engine.edits import why_fixed
from engine.experiment import Experiment

RUNNING = RunStatus(engine="ready", run="running", takes_edits=True)


@pytest.fixture
def column(theme: Theme, tmp_path: Path, qtbot: QtBot) -> ExperimentColumn:
    made = ExperimentColumn(Document(Experiment()), theme, SettingsFile(tmp_path / "settings.toml"))
    qtbot.addWidget(made)
    return made


def rows(form: RecordForm, under: str = "") -> dict[str, FieldRow]:
    """Every row of a form, by the path of its setting."""
    found = {f"{under}{name}": row for name, row in form.rows.items()}
    for name, editor in form.editors.items():
        inner = editor.form if isinstance(editor, ChoiceEditor) else editor
        if isinstance(inner, RecordForm):
            found |= rows(inner, f"{under}{name}.")
    return found


def test_that_exactly_the_fields_that_are_fixed_are_marked_with_the_reason(column: ExperimentColumn) -> None:
    assert not any(row.fixed for row in rows(column.form).values())
    column.show_standing(RUNNING)
    experiment = column._document.experiment
    found = rows(column.form)
    for path, row in found.items():
        assert (why_fixed(experiment, path) in row.fixed) if why_fixed(experiment, path) else not row.fixed, (
            path
        )
    assert {bool(row.fixed) for row in found.values()} == {True, False}
    # the next run takes everything, and so does a run that begins
    for standing in (RunStatus(run="running", takes_edits=False), RunStatus()):
        column.show_standing(RUNNING)
        column.show_standing(standing)
        assert not any(row.fixed for row in rows(column.form).values())


def test_that_a_choice_of_another_kind_is_marked_as_it_is_built(column: ExperimentColumn) -> None:
    column.show_standing(RUNNING)
    editor = column.form.editors["optimizer"]
    assert isinstance(editor, ChoiceEditor)
    assert "form of its kind" in editor._kind_fixed.accessibleName()
    editor.switch("momentum")
    column.show_standing(RUNNING)
    found = rows(column.form)
    assert not found["optimizer.learning_rate"].fixed


def test_that_what_does_not_reach_the_run_is_named_and_a_branch_offered(
    column: ExperimentColumn, qtbot: QtBot
) -> None:
    column.show_standing(RUNNING)
    assert column._branch_row.isHidden()
    column.show_standing(RunStatus(run="paused", takes_edits=True, left=("seed", "training.keep")))
    assert not column._branch_row.isHidden()
    assert column._left.text() == "Seed, Weights kept: not in this run"
    with qtbot.waitSignal(column.branch_asked):
        column._branch.click()
    column.show_standing(RunStatus())
    assert column._branch_row.isHidden()
