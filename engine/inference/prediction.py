"""What a run's kept weights predict for new inputs, read as the data of its training was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.decisions import together
from engine.data.images.raw import ImageSet
from engine.data.new.files import Trained
from engine.data.prepared import Prepared
from engine.data.series.raw import Timeline
from engine.data.source import Report, silent
from engine.experiment import Experiment
from engine.inference.results import Predicted, Trace
from engine.inference.writing import Continuing, read_writing
from engine.runs.data.as_begun import read_as_begun
from engine.runs.data.moved import experiment_of
from engine.runs.facts import read_found, read_preprocessor
from engine.runs.folder import RunFolder
from engine.runs.kept import KeptWeights, Weights, described
from engine.runs.preparation import Prepare, prepare_experiment

if TYPE_CHECKING:
    from engine.data.new.inputs import NewInputs as Inputs
    from engine.data.series.encode import TimelineEncoder
    from engine.inference.wording import Worded

_MOST_SHOWN = 200
_SEEN, _MOST_ROWS = 3, 2000
_MOST_COURSES = 100
"""So many of several courses are drawn; each has a plot of its own."""
"""Rows before a forecast that are shown: as many as the network sees, or so many times the horizon."""
_MOST_CELLS = 2_000_000
"""So many cells of given rows come back with their predictions; beyond, rows are named by number."""


@dataclass(frozen=True)
class GivenInputs:
    """Inputs to predict for: one of the three. For a forecast none may be given: it follows the run's data.

    `pixels`: uint8 (N, H, W) or (N, H, W, 3). `told`: settings of the source that are to be otherwise than in
    training when a file is read, by their names.
    """

    path: Path | None = None
    rows: Sequence[Mapping[str, Any]] | None = None
    pixels: NDArray[np.uint8] | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manner:
    """How to predict: how texts are written (settings of `writing_of` the task), and of how many inputs it is
    told, too, what lies `behind` the prediction. `hear` is told of texts while they are written.
    """

    writing: Mapping[str, Any] = field(default_factory=dict)
    closely: int = 0
    hear: Callable[[tuple[str, ...]], None] | None = None


def predict_run(
    folder: RunFolder,
    new: GivenInputs,
    report: Report = silent,
    manner: Manner | None = None,
    prepare: Prepare = prepare_experiment,
    weights: Weights | None = None,
) -> Predicted:
    """Return the predictions of a run's weights, usually the kept ones, for new inputs.

    Its data is needed only where no inputs are given, and for weights of a moment.

    Raises Invalid when the run has no weights yet, or the inputs lack what the network needs.
    """
    from engine.inference.wording import Wording, said

    manner = manner or Manner()
    experiment = experiment_of(folder)
    # Before the weights are read, which may be gigabytes: settings may be refused.
    writing = read_writing(experiment.task, manner.writing)
    weights = weights or KeptWeights(folder)
    trained = trained_in(folder, experiment, new.told)
    preprocessor = trained.preprocessor
    found = _read(new, trained, lambda: _data_of(folder, experiment, prepare, report), report)
    if isinstance(writing, Continuing):
        found = found.repeated(writing.count)
    report(0.5, "Predicting")

    def hear(share: float, texts: tuple[str, ...]) -> None:
        report(0.5 + 0.5 * share, "Writing")
        if manner.hear is not None and texts:
            manner.hear(texts)

    model = weights.model(experiment, described(folder, preprocessor))
    answer = said(model, preprocessor, found, Wording(writing, manner.closely, folder.read_threads()), hear)
    return _predicted(trained, found, answer)


def trained_in(folder: RunFolder, experiment: Experiment, told: Mapping[str, Any]) -> Trained:
    """Return how a run read its data, with what is `told` otherwise for new files."""
    return Trained(read_preprocessor(folder), experiment.data, read_found(folder), told)


def _read(new: GivenInputs, trained: Trained, own: Callable[[], Prepared], report: Report) -> Inputs:
    from engine.data.new.inputs import latest_rows, read_new

    preprocessor = trained.preprocessor
    # compared with None: whether an array is true is an error
    given = next((one for one in (new.path, new.rows, new.pixels) if one is not None), None)
    if given is not None:
        return read_new(given, trained, lambda share, words: report(0.5 * share, words))
    if preprocessor.predicted.kind != "numbers" or preprocessor.received.kind != "series":
        raise Invalid([Problem("", "there is nothing to predict for; give a file, or a folder")])
    return latest_rows(own().raw, preprocessor)


def _data_of(folder: RunFolder, experiment: Experiment, prepare: Prepare, report: Report) -> Prepared:
    """Return the data that the run was trained on."""

    def prepared(chosen: Experiment) -> Prepared:
        return prepare(chosen, lambda share, words: report(0.5 * share, words))

    return read_as_begun(folder, experiment, prepared)


def _predicted(trained: Trained, found: Inputs, answer: Worded) -> Predicted:
    from engine.data.series.encode import TimelineEncoder

    targets, encoder = trained.preprocessor.predicted, trained.preprocessor.encoder
    if isinstance(found.raw, Timeline) and isinstance(encoder, TimelineEncoder):
        return _forecast(found.raw, encoder, answer.values, found.notices)
    columns, cells = found.as_given(_MOST_CELLS)
    whole = _beside(found, answer)
    rows = [row for row, _ in whole]
    places = np.array([place for _, place in whole], np.int64)
    # A row without an answer keeps its place: who joins the file with their own counts on it.
    values = np.full((len(whole), answer.values.shape[1]), np.nan, answer.values.dtype)
    values[places >= 0] = answer.values[places[places >= 0]]
    return Predicted(
        kind=targets.kind,
        names=targets.classes or targets.names,
        rows=tuple(found.names[row] for row in rows),
        values=values,
        pixels=_shown(found, places),
        warnings=(*together(found.notices), *_unanswered(found), *answer.notices),
        columns=columns,
        cells=tuple(cells[row] for row in rows) if columns else (),
        texts=_spread(answer.texts, places, ""),
        words=_spread(answer.words, places, ()),
        tags=_spread(answer.tags, places, ()),
        # told of the first answers alone, between which rows without an answer may stand
        behind=_spread(answer.behind, places[: len(answer.behind) + len(found.unanswered)], None),
        unanswered=tuple(found.unanswered.get(row, "") for row in rows) if found.unanswered else (),
        separator=_mark(trained, found, "separator", ","),
        decimal=_mark(trained, found, "decimal", "."),
    )


def _beside(found: Inputs, answer: Worded) -> list[tuple[int, int]]:
    """Return for each row of the output which of the given rows it is of, and the place of its answer.

    Rows stand in the order in which they were given; one that cannot be answered has the place -1.
    """
    answered = [(row, place) for place, row in enumerate(found.rows.tolist())]
    return sorted([*answered, *((row, -1) for row in found.unanswered)])


S = TypeVar("S")


def _spread(given: Sequence[S], places: NDArray[np.int64], lacking: S) -> tuple[S, ...]:
    """Return the answers by their places, nothing where there is none."""
    if not given:
        return ()
    return tuple(given[place] if 0 <= place < len(given) else lacking for place in places.tolist())


def _shown(found: Inputs, places: NDArray[np.int64]) -> NDArray[np.uint8] | None:
    """Return the first pictures as the network received them, black where none could be read."""
    if not isinstance(found.raw, ImageSet):
        return None
    first = places[:_MOST_SHOWN]
    # -1 takes the last picture of all, which black replaces
    return np.where((first >= 0)[:, None, None, None], found.raw.pixels[first], 0).astype(np.uint8)


def _unanswered(found: Inputs) -> list[str]:
    """Return the rows without an answer in a sentence, the first with its reason."""
    if not found.unanswered:
        return []
    row = min(found.unanswered)
    more = len(found.unanswered) - 1
    several = Message("; so are {more} more rows, each with its reason", more=more) if more else ""
    rest = Message("; so is 1 more row, with its reason") if more == 1 else several
    return [
        Message(
            "{row} is not predicted: {why}{rest}",
            row=found.names[row],
            why=found.unanswered[row],
            rest=rest,
        )
    ]


def _mark(trained: Trained, found: Inputs, name: str, usual: str) -> str:
    """Return with which mark the file was written, as it was found or said."""
    mark = found.raw.found.get(name, trained.setting(name, "auto"))
    return mark if isinstance(mark, str) and mark not in ("auto", "", " ") else usual


def _forecast(
    raw: Timeline, encoder: TimelineEncoder, values: NDArray[np.generic], notices: tuple[str, ...]
) -> Predicted:
    """Return a forecast, a row for each step; of several courses one forecast below another."""
    whole = [place for place, (start, end) in enumerate(raw.stretches) if end - start >= encoder.history]
    each = [
        _forecast_of(raw.alone(place), encoder, one)
        for place, one in zip(whole, np.asarray(values).reshape(len(whole), -1), strict=True)
    ]
    if not raw.names:
        return replace(each[0], warnings=together(notices))
    names = [raw.names[place] for place in whole for _ in range(encoder.horizon)]
    ahead = [row for one in each for row in one.rows]
    return Predicted(
        kind="numbers",
        names=encoder.targets,
        rows=tuple(f"{name}, {time}" for name, time in zip(names, ahead, strict=True)),
        columns=(raw.course, encoder.time or "row"),
        cells=tuple(zip(names, ahead, strict=True)),
        values=np.concatenate([one.values for one in each]),
        warnings=together(notices),
        behind=tuple(
            replace(behind, name=raw.names[place])
            for place, one in zip(whole[:_MOST_COURSES], each, strict=False)
            for behind in one.behind
            if isinstance(behind, Trace)
        ),
    )


def _forecast_of(raw: Timeline, encoder: TimelineEncoder, values: NDArray[np.generic]) -> Predicted:
    """Return the forecast of one course, a row for each step."""
    from engine.data.series.read.following import following

    own = [raw.columns.index(name) for name in encoder.targets]
    seen = min(max(encoder.history, _SEEN * encoder.horizon), _MOST_ROWS, len(raw))
    before = np.ascontiguousarray(raw.values[len(raw) - seen :, own])
    # Only the rows that are shown: a course may have millions.
    times = tuple(str(time) for time in raw.times[len(raw) - seen :])
    ahead = following(times, encoder.horizon)
    return Predicted(
        kind="numbers",
        names=encoder.targets,
        rows=ahead,
        columns=(encoder.time or "row",),
        cells=tuple((time,) for time in ahead),
        # the network puts out all steps of one target, then those of the next
        values=np.ascontiguousarray(values.reshape(len(encoder.targets), encoder.horizon).T),
        warnings=(),
        behind=(Trace(encoder.targets, before, times),),
    )
