"""The tree of futures: whose branch a run is, where it begins on the axis of its parent, its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.runs.branches import RunFamily, Tree, origins_of, placed
from app.runs.page import RunsPage
from app.runs.rows import Details, RunRow, read_details
from app.views.course.curves import CurvesView
from app.views.drawing import Plot, Viewport
from engine.events import Block, Edit, Edited, Facts, RunStarted
from engine.experiment_file import dump
from engine.runs.folder import RunFolder
from engine.runs.lists.listing import RunEntry, read_entry
from tests.app.runs.folders import run
from tests.engine.runs.real_runs import engine
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


def row(name: str, parent: str = "", step: int | None = None, **chosen: Any) -> RunRow:
    experiment = {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "training": {"batch_size": 32}}
    start = {"weights": f"/runs/{parent}", "step": step} if parent else {"weights": ""}
    details = Details({**experiment, **chosen, "start": {k: v for k, v in start.items() if v is not None}})
    return RunRow(RunEntry(f"/runs/{name}", name, "finished"), details)


@st.composite
def forests(draw: st.DrawFn) -> tuple[list[RunRow], list[int]]:
    """Return runs, of which any may be a branch of any, and the places of those that are chosen."""
    count = draw(st.integers(1, 12))
    parents = [draw(st.none() | st.integers(0, count - 1)) for _ in range(count)]
    steps = [draw(st.none() | st.integers(0, 50)) for _ in range(count)]
    rows = [
        row(str(place), "" if parent is None else str(parent), step)
        for place, (parent, step) in enumerate(zip(parents, steps, strict=True))
    ]
    return rows, draw(st.lists(st.integers(0, count - 1), unique=True, min_size=1))


@given(forests())
def test_that_all_that_branched_off_is_found_and_what_it_branched_off_from(
    forest: tuple[list[RunRow], list[int]],
) -> None:
    rows, places = forest
    origins = origins_of(rows)
    # what was gone on with, or begun with kept weights, is no branch
    assert origins.keys() == {
        one.folder for one in rows if one.origin is not None and one.origin[0] != one.folder
    }
    above = {one.folder: origins[one.folder][0] if one.folder in origins else "" for one in rows}

    def ancestors(folder: str) -> set[str]:
        met: set[str] = set()
        while (folder := above[folder]) and folder not in met:
            met.add(folder)
        return met

    chosen = {rows[place].folder for place in places}
    tree = RunFamily(rows).tree_of([rows[place] for place in places])
    theirs = chosen | {one.folder for one in rows if ancestors(one.folder) & chosen}
    wanted = theirs | {folder for one in chosen for folder in ancestors(one)}
    shown = [one.folder for one in tree.rows]
    assert set(shown) == wanted
    assert len(shown) == len(wanted)
    assert tree.trunks == wanted - theirs
    # each after its parent, unless files say that runs go round in circles
    for folder, (parent, _) in tree.origins.items():
        assert shown.index(parent) < shown.index(folder) or folder in ancestors(folder)


def record(name: str, values: list[float], stride: int = 5) -> RunRecord:
    made = RunRecord(folder=f"/runs/{name}", name=name)
    made.apply(RunStarted(made.folder, name, 0, len(values), stride, "CPU", 1, (), Facts()))
    made.write(Block("validation.loss", stride, stride, np.array(values, np.float32)))
    return made


def drawing(tree: Tree, records: dict[str, RunRecord], **chosen: Any) -> Plot:
    records = placed(tree, records)
    plot = CurvesView(by_run=True, parts="validation", **chosen).draw(tuple(records.values()), Viewport())
    assert isinstance(plot, Plot)
    return plot


@pytest.mark.parametrize(("across", "unit"), [("steps", 5), ("epochs", 1)])
def test_that_a_branch_is_drawn_from_its_parent_on_at_the_steps_of_that(across: str, unit: int) -> None:
    rows = [
        row("parent"),
        row("child", "parent", 10, optimizer={"kind": "adam", "learning_rate": 0.003}),
        row(
            "grandchild",
            "child",
            10,
            optimizer={"kind": "adam", "learning_rate": 0.003},
            training={"batch_size": 8},
        ),
    ]
    records = {
        "/runs/parent": record("parent", [4, 3, 2, 1]),
        "/runs/child": record("child", [2.5, 2.0, 1.5]),
        # batches of another size: its epochs have eight steps
        "/runs/grandchild": record("grandchild", [1.0, 0.5], 8),
    }
    plot = drawing(RunFamily(rows).tree_of(rows[:1]), records, across=across)
    parent, child, grandchild = plot.curves
    np.testing.assert_allclose(parent.x, np.array([1, 2, 3, 4]) * unit)
    np.testing.assert_allclose(child.x, np.array([2, 3, 4, 5]) * unit)
    np.testing.assert_allclose(child.y, [3, 2.5, 2.0, 1.5])
    np.testing.assert_allclose(grandchild.x, [4, 5, 6] if unit == 1 else [20, 28, 36])
    np.testing.assert_allclose(grandchild.y, [2.0, 1.0, 0.5])
    assert [one.name for one in plot.curves] == ["parent", "η 0.01 → 0.003", "Batch size 32 → 8"]
    assert [(one.x, one.text) for one in plot.uprights] == [
        (2 * unit, "η 0.01 → 0.003"),
        (4 * unit, "Batch size 32 → 8"),
    ]
    # nobody chose the parent of the parent: it is drawn as far as it leads there
    led = drawing(RunFamily(rows).tree_of(rows[2:]), records, across=across)
    np.testing.assert_allclose(led.curves[0].x, np.array([1, 2]) * unit)
    np.testing.assert_allclose(led.curves[1].x, np.array([2, 3, 4]) * unit)
    assert "1.0" not in led.curves[0].legend
    np.testing.assert_allclose(led.curves[2].x, grandchild.x)


def test_that_what_the_parent_had_edited_by_then_is_no_change() -> None:
    rows = [row("parent"), row("child", "parent", 10, optimizer={"kind": "adam", "learning_rate": 0.5})]
    parent = record("parent", [4, 3, 2])
    edit = Edit(7, "optimizer.learning_rate", 0.01, 0.5)
    parent.apply(Edited(7, (edit,), 3))
    later = Edit(12, "training.batch_size", 32, 64)
    parent.apply(Edited(12, (later,), 3))
    found = placed(
        RunFamily(rows).tree_of(rows), {"/runs/parent": parent, "/runs/child": record("child", [2])}
    )
    beginning = found["/runs/child"].beginning
    assert beginning is not None
    assert beginning.changed == "unchanged"


def test_that_ten_thousand_runs_are_no_hindrance() -> None:
    rows = [row(str(place), str(place // 3), 5) if place % 2 else row(str(place)) for place in range(10_000)]
    RunFamily(rows).tree_of(rows[:1])
    fresh = [replace(one) for one in rows]
    began = perf_counter()
    tree = RunFamily(fresh).tree_of(fresh[:1])
    assert perf_counter() - began < 0.5
    assert len(tree.rows) > 3


def branch(runs: Path, parent: RunFolder, step: int, **chosen: Any) -> RunFolder:
    folder = run(runs, "Iris, from there", **chosen)
    experiment = folder.read_experiment()
    start = experiment.start.replaced(weights=str(parent.path), step=step)
    folder.experiment.write_text(dump(experiment.replaced(start=start)), "utf-8")
    return folder


def test_that_the_page_draws_the_branches_of_a_ticked_run_and_leaves_them_on_request(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    parent, alone = run(runs), run(runs, "Alone")
    child = branch(runs, parent, 20, optimizer="momentum", falling=0.5)
    branch(runs, child, 25, optimizer="gradient_descent")
    page = make_page()
    comparison = page.comparison
    page.filter.setText("Iris")
    page.tick((str(alone.path),))
    assert comparison.branches.isHidden()
    page.tick((str(parent.path),))
    qtbot.waitUntil(lambda: len(comparison.curves._records) == 3, timeout=PATIENCE)
    begins = [one.beginning.steps for one in comparison.curves._records if one.beginning is not None]
    assert begins == [20, 45]
    assert not comparison.branches.isHidden()
    assert comparison.branches.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert comparison.settings.columnCount() == 4
    assert page.filter.text() == "Iris"
    qtbot.keyClick(comparison.branches, Qt.Key.Key_Space)
    assert [one.beginning for one in comparison.curves._records] == [None]
    page.tick((str(child.path),))
    qtbot.keyClick(comparison.branches, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(comparison.curves._records) == 3, timeout=PATIENCE)
    assert [one.until for one in comparison.curves._records] == [20, None, None]
    # a click in the plot looks for what is nearest: nothing of a branch before it begins
    told = comparison.curves.view.readout(tuple(comparison.curves._records), 1.0)
    # the step, and one line of the parent
    assert len(told) == 2


def test_that_what_differs_says_where_branches_began(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    """Of a run and two branches with nothing else changed, the table said that nothing differs."""
    parent = run(runs)
    children = [branch(runs, parent, step) for step in (20, 35)]
    page = make_page()
    settings = page.comparison.settings
    page.tick((str(parent.path),))
    qtbot.waitUntil(lambda: len(page.comparison.curves._records) == 3, timeout=PATIENCE)
    for whole in (True, False):
        page.comparison.branches.setChecked(whole)
        page.tick((str(parent.path), *(str(child.path) for child in children)))
        lines = {
            settings.item(line, 0).text(): sorted(
                settings.item(line, place).text() for place in range(1, settings.columnCount())
            )
            for line in range(settings.rowCount())
        }
        assert lines == {
            "Pretrained weights · Weights from": sorted([parent.path.name, parent.path.name, "–"]),
            "Pretrained weights · At step": sorted(["20", "35", "–"]),
        }
    # its place in the plot says it there
    page.comparison.branches.setChecked(True)
    names = [one.name for one in page.comparison.curves._records]
    assert not [name for name in names if "At step" in name]


def test_that_a_branch_in_training_grows_in_the_tree_and_what_is_zoomed_stays(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    parent = run(runs)
    child = branch(runs, parent, 20, optimizer="momentum")
    page = make_page()
    live = record("child", [0.5, 0.4])
    live.folder = str(child.path)
    page.set_live(live)
    page.tick((str(parent.path),))
    curves = page.comparison.curves
    qtbot.waitUntil(lambda: len(curves._records) == 2, timeout=PATIENCE)
    assert live.beginning is None  # elsewhere it is shown by itself
    curves._range = ((3.0, 9.0), None)
    live.write(Block("validation.loss", 15, 5, np.array([0.3], np.float32)))
    qtbot.waitUntil(lambda: len(curves.drawing.curves[-1].x) > 3, timeout=PATIENCE)
    assert curves._range == ((3.0, 9.0), None)
    page.set_live(None)


def test_that_a_branch_by_the_command_line_is_one(tmp_path: Path) -> None:
    small = ("--set", "training.epochs=2", "--set", "training.device=cpu")
    made = engine(tmp_path, "train", "moons", "--runs", "runs", *small)
    parent = Path(made.stdout.strip().splitlines()[-1])
    made = engine(tmp_path, "branch", str(parent), "--step", "7", "--set", "training.batch_size=16")
    child = Path(made.stdout.strip().splitlines()[-1])
    rows = [RunRow(read_entry(path), read_details(read_entry(path))) for path in (parent, child)]
    assert origins_of(rows) == {rows[1].folder: (rows[0].folder, 7)}
