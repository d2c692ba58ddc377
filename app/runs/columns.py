"""The columns of the table of runs: what a cell says, and by what it is sorted."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.language.numbers import number
from app.language.words import tr
from app.runs.differences import differences, kinds_of, setting_words, value_words, worded
from app.runs.rows import RunRow
from app.runs.scores import score_title, score_words
from app.views.headline import more_is_better
from engine.data.description import PARTS

_OTHER_WIDTH, _SCORE_WIDTH = 120, 160
_MOST_LOOKED_AT = 500
"""Of so many runs, the newest, the settings are compared to offer columns: more would take a second."""
_SHOWN_ANYWAY = frozenset({"optimizer.kind", "architecture.kind", "seed"})
"""Settings that usual columns show."""


@dataclass(frozen=True)
class RunsColumn:
    """A column: what it is called and means, what a cell says, and by what it is sorted.

    `width` is the most that it takes by itself; `spare` the turn in which it gives way where the table has no
    room for all, 0 where it never does.
    """

    name: str
    title: str
    text: Callable[[RunRow], str]
    sort: Callable[[RunRow], Any]
    width: int
    right: bool = False
    meaning: str = ""
    is_setting: bool = False
    spare: int = 0


def _lacking_last(value: float) -> float:
    # NaN is neither less nor more than anything: sorting would leave it, and its neighbours, anywhere
    return math.inf if math.isnan(value) else value


def _architecture(row: RunRow) -> str:
    return row.architecture


def _optimizer(row: RunRow) -> str:
    return row.optimizer


def _best(row: RunRow) -> float:
    return _lacking_last(row.best)


def _seconds(row: RunRow) -> float:
    return row.entry.seconds


def _started(row: RunRow) -> float:
    return row.entry.started


def _validation(row: RunRow) -> str:
    """Return the score with its name, of a run under way with the epoch that it is of."""
    kind, value = row.score("validation")
    if not kind or not math.isfinite(value):
        return score_words(kind, value)
    words = f"{score_title(kind)} {score_words(kind, value)}"
    if row.entry.state in ("running", "paused"):
        return tr("{score} so far", score=words)
    return words


def _test(row: RunRow) -> str:
    kind, value = row.score("test")
    if math.isfinite(value):
        return f"{score_title(kind)} {score_words(kind, value)}"
    # the scores are there, but nobody has asked for them yet
    return tr("not looked at") if row.entry.metrics.get("test") else score_words(kind, value)


def columns() -> tuple[RunsColumn, ...]:
    """Return the columns in the language of now."""
    return (
        RunsColumn(
            "name", tr("Name"), lambda row: row.entry.name, lambda row: row.entry.name.casefold(), 190
        ),
        RunsColumn("state", tr("Status"), _state, lambda row: row.state, 150),
        RunsColumn("architecture", tr("Architecture"), _architecture, _architecture, 150, spare=5),
        RunsColumn("optimizer", tr("Optimizer"), _optimizer, _optimizer, 110, spare=3),
        RunsColumn(
            "best",
            tr("Best loss"),
            lambda row: number(row.best),
            _best,
            86,
            True,
            tr("The lowest loss on the validation part over all epochs; its weights are kept"),
        ),
        RunsColumn(
            "validation",
            tr("Validation score"),
            _validation,
            _sorted_score("validation"),
            188,
            meaning=tr(
                "The score that says most of such a run, on the validation part: of the kept weights where "
                "it has ended, of the newest epoch while it goes on"
            ),
        ),
        RunsColumn(
            "test",
            tr("Test score"),
            _test,
            _sorted_score("test"),
            150,
            meaning=tr(
                "The same score on the test part, shown once you have looked at it under Test & Predict"
            ),
        ),
        # None and numbers have no order between them
        RunsColumn(
            "seed", tr("Seed"), _seed, lambda row: -1 if row.seed is None else row.seed, 56, True, spare=1
        ),
        RunsColumn("time", tr("Time"), lambda row: duration(row.entry.seconds), _seconds, 64, True, spare=4),
        RunsColumn("started", tr("Started"), lambda row: moment(row.entry.started), _started, 146, spare=6),
        # a curve has no order of its own: its lowest value stands for it
        RunsColumn("curve", tr("Curve"), lambda row: "", _best, 90, spare=2),
    )


def column_of(name: str) -> RunsColumn:
    """Return the column of a name: one of the usual ones, a score (`test.accuracy`), or a setting."""
    known = next((column for column in (*columns(), _begun_from()) if column.name == name), None)
    return known or (_score_column(name) if name.split(".")[0] in PARTS else _setting_column(name))


def offered(rows: Sequence[RunRow]) -> tuple[str, ...]:
    """Return the names of all columns that say something of these runs: settings that differ, and scores."""
    looked = [row for row in rows[:_MOST_LOOKED_AT] if row.details is not None]
    experiments = [row.details.experiment for row in looked if row.details is not None]
    usual = [column.name for column in columns()]
    scores = dict.fromkeys(f"{part}.{kind}" for part in PARTS for row in looked for kind in row.scores(part))
    settings = [one.path for one in differences(experiments) if one.path not in _SHOWN_ANYWAY]
    parents = [_begun_from().name] if any(row.parent for row in looked) else []
    return (*usual, *parents, *scores, *settings)


def _begun_from() -> RunsColumn:
    """Return the column of what runs began with, offered where one did not begin with random weights."""
    meaning = tr("The run, or the file, whose weights it began with; of a branch the step of that run, too")
    return RunsColumn("parent", tr("Begun from"), _parent, _parent, 220, meaning=meaning)


def _parent(row: RunRow) -> str:
    return row.parent


def _score_column(name: str) -> RunsColumn:
    part, _, kind = name.partition(".")

    def value(row: RunRow) -> float:
        return row.scores(part).get(kind, math.nan)

    title = tr("{score}, {part}", score=score_title(kind), part=tr(part))
    return RunsColumn(
        name,
        title,
        lambda row: score_words(kind, value(row)),
        lambda row: score_place(kind, value(row)),
        _SCORE_WIDTH,
        True,
    )


def _setting_column(name: str) -> RunsColumn:
    def text(row: RunRow) -> str:
        values = row.values(name)
        return value_words(name, worded(values if len(values) != 1 else values[0])) if values else ""

    def place(row: RunRow) -> tuple[int, float, str]:
        first = next(iter(row.values(name)), None)
        if isinstance(first, int | float):
            return 0, float(first), ""
        # numbers, then words, and what a run has not at the end
        return (2, 0.0, "") if first is None else (1, 0.0, str(first).casefold())

    # of every kind of the section: which of them the runs have is not known before they are read
    head = name.partition(".")[0]
    every = [{head: {"kind": kind}} for kind in kinds_of(head)]
    title = setting_words(name, every)
    return RunsColumn(
        name, title.rsplit(" · ", 1)[-1], text, place, _OTHER_WIDTH, meaning=title, is_setting=True
    )


def _state(row: RunRow) -> str:
    if row.entry.state in ("running", "paused") and row.entry.epochs:
        return tr(
            "{state} {epoch}/{epochs}",
            state=tr(row.entry.state),
            epoch=row.entry.epoch,
            epochs=row.entry.epochs,
        )
    return tr(row.state)


def _seed(row: RunRow) -> str:
    return "" if row.seed is None else str(row.seed)


def _sorted_score(part: str) -> Callable[[RunRow], tuple[bool, str, float]]:
    return lambda row: score_place(*row.score(part))


def score_place(kind: str, value: float) -> tuple[bool, str, float]:
    """Return what scores are sorted by: one kind stands together, the best first, lacking ones last."""
    return not math.isfinite(value), kind, -value if more_is_better(kind) else value


def duration(seconds: float) -> str:
    """Return a time as people read it: 00:16, 1:02:03, < 1 s."""
    if not math.isfinite(seconds):
        return "–"
    if 0 < seconds < 1:
        return tr("< 1 s")
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock


def moment(stamp: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(stamp)) if stamp > 0 else "–"
