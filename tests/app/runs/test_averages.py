"""Means over seeds: which runs belong together, and mean and band against numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.runs.averages import alike_but_for_seeds, coloured, drawn, mean_record, over_seeds
from app.runs.page import RunsPage
from app.runs.rows import RunRow, read_details
from app.runs.scores import score_lines
from app.views.course.curves import CurvesView
from app.views.drawing import Plot, Viewport
from engine.atomic import write_json
from engine.events import Block, Facts, RunStarted
from engine.experiment import Experiment
from engine.experiment_file import write
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
    # one standard deviation to each side, but no further than a run reaches
    middle, away = values[:, :5].mean(0), values[:, :5].std(0, ddof=1)
    low, high = (edge.values for edge in mean.spread["validation.loss"])
    np.testing.assert_allclose(low, np.maximum(middle - away, values[:, :5].min(0)), rtol=1e-5)
    np.testing.assert_allclose(high, np.minimum(middle + away, values[:, :5].max(0)), rtol=1e-5)
    assert mean.series["validation.loss"].steps().tolist() == [5, 10, 15, 20, 25]
    drawn = CurvesView(across="steps").draw((mean, record([2, 2, 2])), Viewport())
    assert isinstance(drawn, Plot)
    (band,) = drawn.bands
    np.testing.assert_allclose((band.low, band.high), (low, high), rtol=1e-5)
    assert drawn.y.high >= band.high.max()
    by_tens = CurvesView(across="steps", log=True).draw((mean,), Viewport())
    assert isinstance(by_tens, Plot)
    assert (by_tens.bands[0].low > 0).all()


@pytest.mark.parametrize("across", ["epochs", "steps"])
def test_that_means_stand_on_the_axis_of_their_runs(across: str) -> None:
    """A mean of 15 epochs was drawn up to "epoch 135": it knew no steps an epoch, and took one."""
    runs = [record([0.1, 0.3, 0.2], 9), record([0.2, 0.4, 0.2], 9)]
    mean = mean_record("two", runs)
    assert mean.epoch_at(27) == runs[0].epoch_at(27) == 3
    assert mean.total_steps == runs[0].total_steps
    view = CurvesView(across=across, parts="validation")
    of_runs, of_means = (view.draw(tuple(records), Viewport()) for records in (runs, [mean, mean]))
    assert isinstance(of_runs, Plot)
    assert isinstance(of_means, Plot)
    assert (of_means.x.low, of_means.x.high) == (of_runs.x.low, of_runs.x.high)
    assert of_means.x.high == (3 if across == "epochs" else 27)
    places = of_runs.curves[0].x
    for part in (*of_runs.curves, *of_means.curves, *of_means.bands):
        np.testing.assert_allclose(part.x, places)
    # what the cursor says, too: step 18 is epoch 2, whichever of them stands there
    at = 2.0 if across == "epochs" else 18.0
    told = [view.readout(tuple(records), at)[0].value for records in (runs, [mean, mean])]
    assert told == ["18 · epoch 2.00", "18 · epoch 2.00"]


def test_that_a_band_holds_no_value_that_no_run_could_have() -> None:
    """A loss of squares cannot be negative: the band of three seeds reached below 0."""
    mean = mean_record("three", [record([0.01]), record([0.02]), record([0.4])])
    low, high = (float(edge.values[0]) for edge in mean.spread["validation.loss"])
    assert low == pytest.approx(0.01)
    assert high <= 0.4


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


def scored(runs: Path, name: str, seed: int, accuracy: float | None, **changes: str) -> RunFolder:
    folder = seeded(runs, name, seed, **changes)
    scores = {"count": 20, "loss": 0.2, "metrics": {} if accuracy is None else {"accuracy": accuracy}}
    write_json(folder.metrics, {"validation": scores})
    return folder


def test_that_the_tables_have_the_mean_and_its_spread_once_that_is_wanted(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    accuracies = (0.9, 0.95, 0.97)
    for seed, accuracy in enumerate(accuracies, start=1):
        scored(runs, "A", seed, accuracy)
    for seed, known in enumerate((0.8, 0.84, None), start=1):
        scored(runs, "A", seed, known, optimizer="momentum")
    page = make_page()
    page.tick(tuple(row.folder for row in page.model.rows))
    comparison = page.comparison
    assert comparison.scores.rowCount() == 6  # a row a run, of so many
    comparison.averaging.setChecked(True)
    told = {
        comparison.scores.horizontalHeaderItem(place).text(): comparison.scores.item(1, place).text()
        for place in (1, 2)
    }
    first, second = (
        f"{mean(accuracies):.1%} ± {stdev(accuracies):.1%}",
        f"{0.82:.1%} ± {stdev((0.8, 0.84)):.1%}",
    )
    assert {words.replace("\u202f", "") for words in told.values()} == {first, f"{second} (2 of 3)"}
    assert any("Adam" in head for head in told)
    best = [place for place in (1, 2) if comparison.scores.item(1, place).font().weight() > 400]
    assert [comparison.scores.item(1, place).text().replace("\u202f", "") for place in best] == [first]
    tip = comparison.scores.item(1, best[0]).toolTip()
    assert all(f"{accuracy:.1%}" in tip.replace("\u202f", "") for accuracy in accuracies)
    settings = comparison.settings
    names = [settings.item(line, 0).text() for line in range(settings.rowCount())]
    assert names[-1] == "Seeds"
    assert "Seed" not in names
    assert {settings.item(len(names) - 1, place).text() for place in (1, 2)} == {"1, 2, 3"}


@pytest.mark.parametrize(
    ("groups", "best"),
    [
        (((0.9,), (0.8,)), {0}),
        (((0.9,), (0.9,)), set()),
        (((0.9,), (0.9,), (0.1,)), {0, 1}),
        # the means lie within the spread of one of them: no seed more would settle it
        (((0.9, 0.7), (0.75, 0.73)), set()),
        (((0.9, 0.7), (0.75, 0.73), (0.2, 0.21)), {0, 1}),
        (((0.9, 0.89), (0.75, 0.73), ()), {0}),
        (((), ()), set()),
    ],
)
def test_that_a_mean_is_best_only_beyond_the_spread(
    runs: Path, groups: tuple[tuple[float, ...], ...], best: set[int]
) -> None:
    rows = [[row_of(scored(runs, "A", 1, accuracy)) for accuracy in group] for group in groups]
    (line,) = [one for one in score_lines(rows) if "Accuracy" in one.name] or [None]
    assert (set() if line is None else set(line.best)) == best


def test_that_groups_have_names_of_their_own_however_many_settings_differ(runs: Path) -> None:
    rows = []
    for optimizer, scaling, clip in product(("adam", "momentum"), ("none", "standardize"), (1, 2)):
        folder = seeded(runs, "A", 1, optimizer=optimizer)
        changed = Experiment.model_validate(
            {"name": "A", "optimizer": {"kind": optimizer}, "preprocessing": {"scaling": scaling},
             "training": {"epochs": clip}}
        )  # fmt: skip
        write(changed, folder.experiment)
        rows.append(row_of(folder))
    assert len({group.name for group in over_seeds(rows)}) == len(rows)


@pytest.mark.parametrize("count", [0, 1])
def test_that_fewer_than_two_runs_stay_as_they_are(runs: Path, count: int) -> None:
    rows = [row_of(seeded(runs, "A", seed)) for seed in range(1, count + 1)]
    known = {row.folder: record([1, 2]) for row in rows}
    assert drawn(over_seeds(rows), known) == list(known.values())


def test_that_a_group_keeps_its_colour_whatever_is_shown_of_it_and_however_it_is_sorted(runs: Path) -> None:
    """With a filter, the first run of a group left the table, and its line changed its colour."""
    rows = [
        replace(row_of(seeded(runs, name, seed, optimizer=optimizer)), colour=number)
        for number, (name, seed, optimizer) in enumerate(
            product(("A",), (1, 2, 3), ("adam", "momentum")),
        )
    ]
    first = {group.key: group.colour for group in coloured(over_seeds(rows))}
    assert sorted(first.values()) == [0, 1]
    for shown in (rows[::-1], rows[2:], rows[:1:-1]):
        assert {group.key: group.colour for group in coloured(over_seeds(shown))} == first
    # as it is drawn, too
    known = {row.folder: record([1, 2]) for row in rows[2:]}
    means = drawn(coloured(over_seeds(rows[2:])), known)
    assert [one.colour for one in means] == list(first.values())
    # a run alone has the colour of its tick
    assert [group.colour for group in coloured(over_seeds(rows[4:5]))] == [4]
