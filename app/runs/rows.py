"""What the table of runs shows of each run, and reading it: the entry from the list, then its details."""

from __future__ import annotations

import math
import os
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import PurePath
from typing import Any, Literal, cast

import numpy as np

from app.language.words import readable, title_of, tr
from app.views.headline import headline
from engine.atomic import write_json
from engine.choices import Family, Invalid
from engine.events import Facts
from engine.runs.folder import MOST_JSON, RunFolder, opened
from engine.runs.history.reader import HistoryReader
from engine.runs.lists.listing import RunEntry
from engine.runs.lists.query import values_of
from engine.tasks.task import Task

CURVE_POINTS = 64
_SHORT = 4
"""Kinds of so many letters are abbreviations that people know: MLP, LSTM."""
_TESTED = "tested.json"
RESUMABLE = frozenset({"waiting", "interrupted", "stopped", "failed"})
ENDED = frozenset({"finished", "stopped"})
"""States in which a run has kept weights that can be tested and predict."""


@dataclass(frozen=True)
class Details:
    """What takes opening the run's files: read once, in another thread."""

    experiment: Mapping[str, Any] = field(default_factory=dict)
    curve: tuple[float, ...] = ()
    """The loss on validation (else on training) over the run, thinned to at most `CURVE_POINTS`."""
    best: float = math.nan
    """The lowest validation loss."""
    tested: bool = False
    """Whether the person has looked at the test part; its scores are shown only then."""


@dataclass(frozen=True)
class RunRow:
    """One run of the table."""

    entry: RunEntry
    details: Details | None = None
    """None: not read yet."""
    colour: int = 0
    """The number of its colour, the same wherever the run is shown."""
    queued: Literal["", "waits", "held", "not"] = ""
    """How it stands in the queue, "not" where it is not in it; "" where nobody has looked."""

    @property
    def folder(self) -> str:
        return self.entry.folder

    @property
    def state(self) -> str:
        """Return how it stands, as lists say it: of what has not begun also whether anybody will train it."""
        if self.entry.state != "waiting":
            return self.entry.state
        return {"held": "held", "not": "not begun"}.get(self.queued, "waiting")

    @cached_property
    def architecture(self) -> str:
        """Return the architecture in a few words: "MLP 32-32"."""
        chosen = self._section("architecture")
        kind = str(chosen.get("kind", ""))
        # what an MLP and a CNN call the sizes of their layers; other kinds have neither
        sizes = next((chosen[name] for name in ("hidden", "channels") if name in chosen), ())
        words = "-".join(str(size) for size in sizes) if isinstance(sizes, list | tuple) else ""
        known = Family.every["architectures"]
        name = title_of(known[kind]) if len(kind) > _SHORT and kind in known else kind.upper()
        return " ".join(part for part in (name, words) if part)

    @cached_property
    def optimizer(self) -> str:
        """Return the optimizer in a few words: "Adam 0.003"."""
        chosen = self._section("optimizer")
        rate = chosen.get("learning_rate")
        kind, known = str(chosen.get("kind", "")), Family.every["optimizers"]
        name = title_of(known[kind]) if kind in known else readable(kind)
        return f"{name} {'' if rate is None else f'{rate:g}'}".strip()

    @cached_property
    def parent(self) -> str:
        """Return which run it began with the weights of, and of which step; "" where of none."""
        start = self._section("start")
        run, step = PurePath(str(start.get("weights", ""))).name, start.get("step")
        if not run or step is None:
            return run
        return tr("{run} at step {step}", run=run, step=step)

    @cached_property
    def origin(self) -> tuple[str, int] | None:
        """Return the folder of the run that it is a branch of, and the step at which; None: of none."""
        start = self._section("start")
        run, step = start.get("weights"), start.get("step")
        return (run, step) if isinstance(run, str) and run and type(step) is int else None

    @property
    def seed(self) -> int | None:
        """Return the seed, as far as it is known."""
        found = self.details.experiment.get("seed") if self.details else None
        return found if isinstance(found, int) else None

    @property
    def best(self) -> float:
        """Return the lowest validation loss, else the last one that is known."""
        if self.details is not None and math.isfinite(self.details.best):
            return self.details.best
        return self.entry.metrics.get("validation", {}).get("loss", math.nan)

    def scores(self, part: str) -> Mapping[str, float]:
        """Return the scores on a part, those of the test part only once the person has asked for them."""
        hidden = part == "test" and not (self.details is not None and self.details.tested)
        return {} if hidden else self.entry.metrics.get(part, {})

    def score(self, part: str) -> tuple[str, float]:
        """Return kind and value of the score that says most of the run on a part; ("", nan) for none."""
        known = {kind: value for kind, value in self.scores(part).items() if kind != "loss"}
        finite = [kind for kind, value in known.items() if math.isfinite(value)]
        task = str(self._section("task").get("kind", ""))
        first = _headline(task, frozenset(finite)) or next(iter(finite or known), "")
        return first, known.get(first, math.nan)

    def values(self, name: str) -> list[object]:
        """Return what a name means of the run in a query or a column: facts, settings, scores."""
        experiment = self.details.experiment if self.details else {}
        shown = {part: self.scores(part) for part in self.entry.metrics}
        found = values_of(name, self.entry, experiment, shown)
        # the state as it is read in the table is found by it, too
        return [*found, self.state] if name in ("state", "status") else found

    @cached_property
    def words(self) -> str:
        """Return everything a filter looks at, in lower case."""
        entry = self.entry
        named = (
            entry.name,
            entry.note,
            *entry.tags,
            os.path.basename(entry.folder),
        )  # a Path each took 60 ms of 10,000
        parts = (*named, self.state, self.architecture, self.optimizer)
        return " ".join(parts).casefold()

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self.details.experiment.get(name, {}) if self.details else {}
        return found if isinstance(found, Mapping) else {}


@cache  # sorting asks for every run: metrics looked up 10,000 times took 3 s, for a few sorts of runs
def _headline(task: str, scores: frozenset[str]) -> str:
    """Return the score to look at first of a run that learns this task and has these scores; "" for none."""
    tasks = Family.every["tasks"]
    target = cast("type[Task]", tasks[task]).target if task in tasks else ""
    # this score is there only where tags are of entities, "O" among them, which is what `headline` asks
    facts = Facts(target_kind=target, task=task, classes=("O",) if "entity_f1" in scores else ())
    return headline(facts, scores)


def key_of(entry: RunEntry) -> tuple[str, int, str]:
    """Return what changes when the details of a run have to be read anew."""
    return entry.folder, entry.step, entry.state


def read_details(entry: RunEntry) -> Details:
    """Return the details of a run, as far as its folder is whole."""
    try:
        folder = opened(entry.folder)
        experiment = tomllib.loads(folder.read_bytes(folder.experiment, MOST_JSON).decode("utf-8"))
    except (Invalid, ValueError, RecursionError):
        return Details()
    tested = was_tested(folder)
    try:
        with HistoryReader(folder.history) as history:
            column = history.column("validation.loss")
            best = column.values[np.isfinite(column.values)]
            # after a single epoch validation has one value, which is no curve
            drawn = column if len(column.values) > 1 else history.column("loss")
    except Invalid:
        return Details(experiment, tested=tested)
    return Details(experiment, thinned(drawn.values), float(best.min()) if len(best) else math.nan, tested)


def mark_tested(folder: RunFolder) -> None:
    """Keep with the run that the test part was looked at; a disk that refuses costs only the memory of it."""
    with suppress(OSError):
        write_json(folder.path / _TESTED, {"looked": round(time.time(), 3)})


def was_tested(folder: RunFolder) -> bool:
    """Return whether the person has looked at the run's scores on the test part."""
    return (folder.path / _TESTED).is_file()


def thinned(values: np.ndarray[Any, Any], points: int = CURVE_POINTS) -> tuple[float, ...]:
    """Return at most `points` means of neighbouring finite values."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if len(known) <= points:
        return tuple(known.tolist())
    return tuple(float(part.mean()) for part in np.array_split(known, points))
