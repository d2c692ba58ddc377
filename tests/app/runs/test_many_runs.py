"""Comparing many runs: colours that stay, names that tell apart, ticks that can be seen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.look.theme import Theme
from app.painters.canvases.plot import nearest
from app.painters.ink import Ink
from app.painters.legend import named_parts, row_legend
from app.painters.plot import frame_of
from app.runs.colours import colours_of
from app.runs.differences import short_names
from app.runs.page import RunsPage
from app.views.course.curves import CurvesView
from app.views.drawing import Curve, Plot, Viewport
from engine.events import Measured, RunStarted
from engine.runs import status
from engine.runs.lists.listing import list_runs
from tests.app.runs.folders import run
from tests.app.sample_records import PLANE, numbers, started
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


def many(count: int) -> list[RunRecord]:
    records = []
    for place in range(count):
        record = RunRecord(colour=place)
        record.apply(started(PLANE, name=f"#{place} · η {place / 10:g}"))
        record.apply(numbers())
        record.name = f"#{place} · η {place / 10:g}"
        records.append(record)
    return records


def _plot_of(count: int) -> Plot:
    plot = CurvesView(smoothing=0).draw(many(count), Viewport())
    assert isinstance(plot, Plot)
    curves = tuple(curve for curve in plot.curves if curve.legend)
    return replace(plot, curves=curves[:count])


def test_that_a_run_keeps_its_colour_while_others_come_and_go(runs: Path) -> None:
    first, second = run(runs, "A"), run(runs, "B")
    before = colours_of(runs, list_runs(runs))
    run(runs, "C")
    shutil.rmtree(first.path)
    run(runs, "D")
    after = colours_of(runs, list_runs(runs))
    assert after[second.path.name] == before[second.path.name]
    kept = [number for name, number in after.items() if (runs / name).exists()]
    assert len(set(kept)) == len(kept) == 3


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": -1, "b": "x", "c": true}', b"\xff", b"[" * 9999])
def test_that_a_damaged_file_of_colours_costs_no_list(runs: Path, content: bytes) -> None:
    folder = run(runs, "A")
    (runs / ".colours.json").write_bytes(content)
    assert colours_of(runs, list_runs(runs)) == {folder.path.name: 0}


def test_that_names_of_repeats_tell_what_differs_by_its_symbol() -> None:
    experiments = [
        {"seed": seed, "optimizer": {"kind": "adam", "learning_rate": rate}}
        for seed, rate in ((0, 0.1), (0, 0.3), (1, 0.3))
    ]
    names = ["Two spirals #1", "Two spirals #2", "Two spirals #3"]
    assert short_names(names, experiments) == (
        "#1 · Seed 0 · η 0.1",
        "#2 · Seed 0 · η 0.3",
        "#3 · Seed 1 · η 0.3",
    )
    assert short_names(["Iris", "Wine"], [{}, {}]) == ("Iris", "Wine")


@pytest.mark.parametrize("count", [1, 2, 4, 5, 24, 32])
def test_that_every_line_of_a_comparison_looks_unlike_every_other(count: int) -> None:
    plot = CurvesView(smoothing=0).draw(many(count), Viewport())
    assert isinstance(plot, Plot)
    looks = [(curve.tone, curve.dash) for curve in plot.curves if curve.legend]
    assert len(set(looks)) == len(looks) >= count


@pytest.mark.parametrize("count", [2, 9, 12, 24])
@pytest.mark.parametrize("height", [90, 180, 420])
def test_that_a_legend_covers_no_curve_and_says_what_it_leaves_out(
    theme: Theme, count: int, height: int
) -> None:
    from PySide6.QtCore import QRectF

    plot = CurvesView(smoothing=0).draw(many(count), Viewport())
    assert isinstance(plot, Plot)
    frame = frame_of(QRectF(0, 0, 560, height), plot, Ink(theme))
    assert frame.legend_box.bottom() <= frame.inside.top() + 1
    assert frame.inside.height() >= 0.4 * height
    shown = [entry for entry in frame.legend.entries if entry.what is not None]
    left_out = len(named_parts(plot)) - len(shown)
    said = [entry.text for entry in frame.legend.entries if entry.what is None]
    assert bool(said) == bool(left_out)
    assert not said or str(left_out) in said[0]


def test_that_five_runs_with_long_names_are_all_named_in_a_low_panel(theme: Theme) -> None:
    """Two of five were named there, as each name took half of the width."""
    named = named_parts(_plot_of(5))
    names = [f"quarterly figures of all shops #{place} · Seed {place}" for place in range(len(named))]
    long = tuple((name, what) for name, (_, what) in zip(names, named, strict=True))
    legend = row_legend(long, 600, 1, Ink(theme))
    assert [entry.what for entry in legend.entries] == [what for _, what in long]
    assert len({entry.text for entry in legend.entries}) == len(long)
    for entry, (name, _) in zip(legend.entries, long, strict=True):
        assert entry.text.endswith(name[-1])
        assert legend.note(entry.box.center()) == name


def test_that_the_newest_value_goes_before_what_tells_runs_apart(theme: Theme) -> None:
    named = named_parts(_plot_of(4))
    curves = [(f"日报表的最终修订版 #{at}", what) for at, (_, what) in enumerate(named)]
    long = tuple(
        (f"{name} 1.2345", replace(what, name=name)) for name, what in curves if isinstance(what, Curve)
    )
    legend = row_legend(long, 520, 1, Ink(theme))
    assert [entry.text[-2:] for entry in legend.entries] == ["#0", "#1", "#2", "#3"]


def test_that_numbers_of_many_runs_are_read_whole(theme: Theme) -> None:
    """In a window of 1366 pixels, 24 runs were named "#27…6…0.2…", seven of them."""
    names = [f"Two moons #{number}" for number in range(4, 28)]
    experiments = [{"optimizer": {"kind": "adam", "learning_rate": 0.1 * at}} for at in range(24)]
    curves = [what for _, what in named_parts(_plot_of(24)) if isinstance(what, Curve)]
    short = short_names(names, experiments)
    assert short == tuple(f"#{number}" for number in range(4, 28))
    named = tuple(
        (f"{name} 0.00181", replace(what, name=name)) for name, what in zip(short, curves, strict=True)
    )
    legend = row_legend(named, 540, 2, Ink(theme))
    shown = [entry.text for entry in legend.entries if entry.what is not None]
    assert shown == list(short[: len(shown)])
    assert len(shown) >= 12
    assert legend.note(legend.entries[0].box.center()) == "#4 0.00181"


def test_that_of_one_part_the_axis_says_which_and_no_name_does() -> None:
    many_runs, few = (CurvesView(smoothing=0).draw(many(count), Viewport()) for count in (9, 3))
    assert isinstance(many_runs, Plot)
    assert isinstance(few, Plot)
    assert many_runs.y.label == "validation"
    assert not any("validation" in curve.legend for curve in many_runs.curves)
    assert few.y.label == ""
    assert any("validation" in curve.legend for curve in few.curves)


def test_that_the_runs_left_out_of_a_legend_are_told_where_they_are_counted(theme: Theme) -> None:
    named = named_parts(_plot_of(24))
    legend = row_legend(named, 400, 2, Ink(theme))
    shown = len(legend.entries) - 1
    told = legend.note(legend.entries[-1].box.center()).split("\n")
    assert told[0] == named[shown][0]
    assert len(told) == min(len(named) - shown, 17)


def test_that_rows_of_a_legend_stay_within_the_plot(theme: Theme) -> None:
    plot = CurvesView(smoothing=0).draw(many(24), Viewport())
    assert isinstance(plot, Plot)
    legend = row_legend(named_parts(plot), 400, 3, Ink(theme))
    assert all(entry.box.right() <= 400.5 for entry in legend.entries)
    boxes = [entry.box for entry in legend.entries]
    assert not any(one.intersects(other) for one in boxes for other in boxes if one is not other)


def test_that_the_cursor_tells_the_curves_nearest_to_it_and_how_many_more(theme: Theme) -> None:
    from PySide6.QtCore import QRectF

    records, view = many(24), CurvesView(smoothing=0)
    plot = view.draw(records, Viewport())
    assert isinstance(plot, Plot)
    frame = frame_of(QRectF(0, 0, 560, 400), plot, Ink(theme))
    told = nearest(view.readout(records, 4.0), frame, 100.0)
    assert len(told) <= 10
    assert "16" in told[-1].name


def test_that_all_can_be_ticked_and_unticked_and_hidden_ticks_are_told(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    for place in range(24):
        run(runs, "Digits" if place < 4 else "Spirals")
    page = make_page()
    qtbot.mouseClick(page._all, Qt.MouseButton.LeftButton)
    assert len(page.model.ticked) == 24
    page.filter.setText("digits")
    assert "20" in page._hint.text()
    assert page._hint.isVisible()
    qtbot.mouseClick(page._all, Qt.MouseButton.LeftButton)
    assert page.model.ticked == ()
    qtbot.mouseClick(page._all, Qt.MouseButton.LeftButton)
    assert len(page.model.ticked) == 4  # those that the filter shows


def test_that_a_click_with_shift_ticks_all_between(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    for _ in range(6):
        run(runs, "Iris")
    page = make_page()
    page.table.selectRow(1)
    at = page.table.visualRect(page.model.index(4, 0)).topLeft() + QPoint(14, 14)
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    shown = page.model.shown
    assert set(page.model.ticked) == set(shown[1:5])


def test_that_several_selected_runs_are_thrown_away_together(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        run(runs, "Iris")
    page = make_page()
    thrown: list[str] = []
    monkeypatch.setattr(page._library, "discard", lambda folder, for_good: thrown.append(folder) or "")
    page.model.set_ticked(page.model.shown[:3])
    page._select_ticked()
    qtbot.mouseClick(page._buttons["delete"], Qt.MouseButton.LeftButton)
    assert "3" in page._question.words.text()
    page._question.delete()
    assert thrown == page.model.shown[:3]


def test_that_runs_begun_elsewhere_appear_by_themselves(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    run(runs, "Here")
    page = make_page()
    run(runs, "Elsewhere")
    qtbot.waitUntil(lambda: "Elsewhere" in {row.entry.name for row in page.model.rows}, timeout=PATIENCE)


def test_that_the_row_of_the_run_in_training_says_what_its_curve_says(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    folder = run(runs, "Iris", state="running")
    status.write(folder, status.Status("running", 0, 0, 200, 0.0, "", "Iris"))
    page = make_page()
    record = RunRecord(folder=str(folder.path))
    record.apply(RunStarted(str(folder.path), "Iris", 0, 200, 5, "CPU", 1, ()))
    record.apply(Measured((), 155, 31, 3.0, 50.0))
    page._library.set_live(record)
    qtbot.waitUntil(
        lambda: any("31/200" in str(page.model.index(row, 1).data()) for row in range(page.model.rowCount())),
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(("count", "across"), [(2, False), (4, False), (7, True)])
def test_that_of_many_runs_each_gets_a_row_of_what_differs(
    count: int, across: bool, make_page: Callable[[], RunsPage], runs: Path
) -> None:
    """Names, values and scores are the same whichever way they stand."""
    for place in range(count):
        run(runs, f"Run {place}", optimizer=("adam", "momentum")[place % 2])
    page = make_page()
    page._tick_or_untick()
    for table in (page.comparison.settings, page.comparison.scores):
        heads = [table.horizontalHeaderItem(place).text() for place in range(table.columnCount())]
        firsts = [table.item(line, 0).text() for line in range(table.rowCount())]
        names = [page.model.index(line, 0).data() for line in range(count)]
        assert (firsts if across else heads[1:]) == names
        cells = [table.item(line, place) for line in range(len(firsts)) for place in range(1, len(heads))]
        assert cells
        assert all(cell.text() for cell in cells)
