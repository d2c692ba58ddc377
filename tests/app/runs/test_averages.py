"""Means over seeds: which runs belong together, and mean and band against numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.runs.averages import alike_but_for_seeds, mean_record, over_seeds
from app.runs.page import RunsPage
from app.runs.rows import RunRow, read_details
from app.views.course.curves import CurvesView
from app.views.drawing import Plot, Viewport
from engine.events import Block, Facts, RunStarted
from engine.runs.folder import RunFolder
from engine.runs.lists.listing import read_entry
from tests.app.runs.folders import run
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


def seeded(runs: Path, name: str, seed: int, **changes: str) -> RunFolder:
    folder = run(runs, name, **changes)
    text = folder.experiment.read_text("utf-8")
    assert "seed = 0" in text
    folder.experiment.write_text(text.replace("seed = 0", f"seed = {seed}"), "utf-8")
    return folder


def row_of(folder: RunFolder) -> RunRow:
    entry = read_entry(folder.path)
    return RunRow(entry, read_details(entry))


def record(values: list[float], stride: int = 5) -> RunRecord:
    made = RunRecord(name="one", colour=3)
    made.apply(RunStarted("", "one", 0, 10, stride, "CPU", 1, (), Facts()))
    made.write(Block("validation.loss", stride, stride, np.array(values, np.float32)))
    made.write(Block("loss", 1, 1, np.ones(len(values) * stride, np.float32)))
    return made


def test_that_runs_belong_together_that_differ_in_their_seed_alone(runs: Path) -> None:
    rows = [row_of(seeded(runs, name, seed, optimizer=optimizer)) for name, seed, optimizer in
            (("A", 1, "adam"), ("B", 2, "momentum"), ("A", 3, "adam"), ("C", 4, "adam"))]  # fmt: skip
    # a name is no choice: C was trained as the two A were
    assert alike_but_for_seeds(rows) == ((0, 2, 3), (1,))
    unread = [RunRow(row.entry) for row in rows]
    assert alike_but_for_seeds(unread) == ((0,), (1,), (2,), (3,))


def test_that_mean_and_band_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).normal(1, 0.3, (4, 6)).astype(np.float32)
    # one run ended early: the mean ends with it
    runs = [record(list(line[: 6 - (place == 2)])) for place, line in enumerate(values)]
    mean = mean_record("four", runs)
    assert set(mean.series) == {"validation.loss"}
    np.testing.assert_allclose(mean.series["validation.loss"].values, values[:, :5].mean(0), rtol=1e-6)
    np.testing.assert_allclose(mean.spread["validation.loss"].values, values[:, :5].std(0, ddof=1), rtol=1e-5)
    assert mean.series["validation.loss"].steps().tolist() == [5, 10, 15, 20, 25]
    drawn = CurvesView(across="steps").draw((mean, record([2, 2, 2])), Viewport())
    assert isinstance(drawn, Plot)
    (band,) = drawn.bands
    np.testing.assert_allclose(band.high - band.low, 2 * values[:, :5].std(0, ddof=1), rtol=1e-5)
    assert drawn.y.high >= band.high.max()
    by_tens = CurvesView(across="steps", log=True).draw((mean,), Viewport())
    assert isinstance(by_tens, Plot)
    assert (by_tens.bands[0].low > 0).all()


def test_that_epochs_of_other_lengths_have_no_mean() -> None:
    assert not mean_record("two", [record([1, 2], 5), record([1, 2], 7)]).series


def test_that_the_page_draws_them_once_that_is_wanted(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    for seed in (1, 2, 3):
        seeded(runs, "A", seed)
    other = seeded(runs, "B", 1, optimizer="momentum")
    page = make_page()
    page.tick(tuple(row.folder for row in page.model.rows))
    comparison = page.comparison
    qtbot.waitUntil(lambda: len(comparison._records) == 4, timeout=PATIENCE)
    assert not comparison.averaging.isHidden()
    assert len(comparison.curves._records) == 4
    comparison.averaging.setChecked(True)
    names = sorted(one.name for one in comparison.curves._records)
    assert len(names) == 2
    assert "A · Optimizer Adam · η 0.003, 3 seeds" in names
    page.tick((str(other.path),))
    assert comparison.averaging.isHidden()
    assert len(comparison.curves._records) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_that_fewer_than_two_runs_stay_as_they_are(runs: Path, count: int) -> None:
    rows = [row_of(seeded(runs, "A", seed)) for seed in range(1, count + 1)]
    known = {row.folder: record([1, 2]) for row in rows}
    assert over_seeds(rows, known) == list(known.values())
