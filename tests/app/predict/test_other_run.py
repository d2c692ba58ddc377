"""Which run answers: one of another experiment than the open one is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.predict.other_run import OtherRun
from app.shell.openable import blank
from engine.experiment import Experiment


def table(name: str, file: str, **more: object) -> Experiment:
    return Experiment.model_validate(
        {"name": name, "data": {"kind": "table", "path": file, "target": "y", **more}}
    )


OWN = table("Flowers", "/data/flowers.csv")
SAMPLE = Experiment.model_validate({"name": "Flowers", "data": {"kind": "sample", "name": "iris"}})


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        (OWN, ()),
        (table("Flowers", "/data/flowers.csv", decimal=","), ()),
        (table("Credits", "/data/credits.csv"), ("other data", "flowers.csv", "Flowers")),
        (table("Flowers", "/data/credits.csv"), ("other data", "flowers.csv")),
        (
            table("Flowers, wider", "/data/flowers.csv"),
            ("of the experiment Flowers;", "Flowers, wider is open"),
        ),
        (SAMPLE, ("other data", "flowers.csv")),
        (blank(), ()),  # nothing is open
    ],
)
def test_that_a_run_of_another_experiment_is_told(
    opened: Experiment, said: tuple[str, ...], qtbot: QtBot
) -> None:
    line, document = OtherRun(), Document(opened)
    qtbot.addWidget(line)
    line.set_document(document)
    line.set_run(OWN)
    assert line.isHidden() == (not said)
    assert all(words in line.text() for words in said)
    document.edit(OWN)
    assert line.isHidden()
    line.set_run(None)
    assert line.isHidden()


def test_that_paths_are_compared_from_where_the_experiment_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    line, document = OtherRun(), Document()
    qtbot.addWidget(line)
    line.set_document(document)
    line.set_run(table("Flowers", str(tmp_path / "flowers.csv")))
    assert not line.isHidden()
    document.open(table("Flowers", "flowers.csv"), tmp_path / "flowers.toml")
    assert line.isHidden()
