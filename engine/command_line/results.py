"""The `evaluate`, `predict` and `runs` commands."""

from __future__ import annotations

import csv
import io
import math
import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.choices import Invalid, Message, Problem
from engine.command_line.codes import DONE
from engine.command_line.decision_lines import changes_lines
from engine.command_line.output import json_text, tell, write_out
from engine.command_line.told import MOVED, asking_for_data, read_told
from engine.data.decisions import completed, decision_in
from engine.data.description import PartName
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import GivenInputs, Manner, predict_run
from engine.inference.results import table_of
from engine.runs import places
from engine.runs.data.moved import experiment_of
from engine.runs.folder import MOST_JSON, RunFolder, finite, opened
from engine.runs.kept import KeptWeights, Weights
from engine.runs.lists.listing import RunEntry, list_runs
from engine.runs.lists.query import query_of, unknown_names, values_of
from engine.runs.preparation import Preparations
from engine.runs.repeating.moment import WeightsAt
from engine.runs.scoring.scores import Evaluated

_STDIN = "-"


@dataclass(frozen=True)
class PredictionWish:
    """What is to be predicted: the input ("-": texts on stdin, None: the end of the data), the file for the
    predictions, how texts are written, what is told otherwise than in training, and after which step the
    weights are to be those of then, None for the kept ones.
    """

    new: Path | None
    out: Path | None
    writing: Mapping[str, Any]
    told: Mapping[str, str]
    step: int | None = None


def _weights(folder: RunFolder, step: int | None) -> Weights:
    return KeptWeights(folder) if step is None else WeightsAt(folder, step, Preparations().plan)


def evaluate(
    run: str, part: PartName, told: Mapping[str, str], step: int | None = None, *, as_json: bool
) -> int:
    """Print the scores of a run on one part of its data; return the exit code."""
    folder = opened(run)
    data = experiment_of(folder).data
    # who has just said where the data lies needs no advice to say it
    with nullcontext() if "path" in told else asking_for_data(data, MOVED):
        found = evaluate_run(folder, part, told=read_told(data, told), weights=_weights(folder, step))
    return _print_scores(found, folder, as_json=as_json)


def evaluate_new(
    run: str, new: Path, told: Mapping[str, str], step: int | None = None, *, as_json: bool
) -> int:
    """Print the scores of a run on a new file whose answers are known; return the exit code."""
    folder = opened(run)
    read = read_told(folder.read_experiment().data, told)
    found = evaluate_file(folder, new, told=read, weights=_weights(folder, step))
    return _print_scores(found, folder, as_json=as_json)


def _print_scores(found: Evaluated, folder: RunFolder, *, as_json: bool) -> int:
    if as_json:
        content = {
            "split": found.part,
            "count": found.count,
            "loss": found.loss,
            "metrics": dict(found.metrics),
            "arrays": {name: array.tolist() for name, array in found.arrays.items()},
            "baselines": {name: dict(values) for name, values in found.baselines.items()},
            "notes": list(found.notes),
            "targets": {name: dict(values) for name, values in found.targets.items()},
        }
        _print_json(finite(content))
        return DONE
    sys.stdout.write(
        Message(
            "{part}: {count} examples, loss {loss:.4g}\n", part=found.part, count=found.count, loss=found.loss
        )
    )
    names = ["", "network", *found.baselines]
    columns: list[Mapping[str, float]] = [found.metrics, *found.baselines.values()]
    rows = [[kind, *(_number(column.get(kind)) for column in columns)] for kind in found.metrics]
    _print_table([names, *rows])
    _print_targets(found.targets)
    sys.stdout.writelines(f"{line}\n" for note in found.notes for line in _with_changes(note, folder))
    return DONE


def _with_changes(notice: str, folder: RunFolder) -> list[str]:
    """Return a notice, and below it what to set where another reading is meant."""
    experiment = folder.read_experiment()
    return [notice, *changes_lines(completed(decision_in(notice), experiment.data), experiment)]


def _print_targets(targets: Mapping[str, Mapping[str, float]]) -> None:
    """Print the scores of each target or label by itself, where there are several."""
    if not targets:
        return
    kinds = list(next(iter(targets.values())))
    rows = [[name, *(_number(scores[kind]) for kind in kinds)] for name, scores in targets.items()]
    sys.stdout.write("\n")
    _print_table([["", *kinds], *rows])


def predict(run: str, wish: PredictionWish, *, as_json: bool) -> int:
    """Predict for new inputs; return the exit code."""
    folder, new = opened(run), wish.new
    # before the weights are read, which may be gigabytes
    if new is not None and str(new) != _STDIN and not new.exists():
        why = "give a table, a picture, a file of texts or series, or a folder of such"
        raise Invalid([Problem("", Message("{new} does not exist; {why}", new=new, why=why))])
    data = experiment_of(folder).data
    told = read_told(data, wish.told)
    # as rows and not as a file: what is piped has no name whose ending says what it is
    given = GivenInputs(rows=_typed()) if str(new) == _STDIN else GivenInputs(path=new, told=told)
    with asking_for_data(data, "give it as INPUT") if new is None else nullcontext():
        weights = _weights(folder, wish.step)
        found = predict_run(folder, given, manner=Manner(wish.writing), weights=weights)
    for warning in found.warnings:
        # not with the table, which is read by programs
        said, *changes = _with_changes(warning, folder)
        tell(sys.stderr, "".join(f"{line}\n" for line in (Message("warning: {said}", said=said), *changes)))
    table = table_of(found)
    if wish.out is not None:
        write_out(wish.out, _as_csv(table, found.separator).encode())
    if as_json:
        _print_json(
            {
                "kind": found.kind,
                "names": list(found.names),
                "rows": list(found.rows),
                "values": [_known(values) for values in found.values.astype(float).tolist()],
                "texts": list(found.texts),
                "words": [list(words) for words in found.words],
                "tags": [list(tags) for tags in found.tags],
                "unanswered": list(found.unanswered),
                "warnings": list(found.warnings),
            }
        )
    elif wish.out is None:
        sys.stdout.write(_as_csv(table, found.separator))
    return DONE


def _known(values: list[float]) -> list[float | None]:
    # JSON knows no NaN, which a row without a prediction has
    return [value if math.isfinite(value) else None for value in values]


def _as_csv(table: Sequence[Sequence[str]], separator: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(table)
    return text.getvalue()


def _typed() -> tuple[dict[str, str], ...]:
    """Return the lines of stdin, a text each, as those of a file."""
    from engine.data.texts.new import lines_of

    return tuple({"text": line} for line in lines_of(sys.stdin.read()))


@dataclass(frozen=True)
class _QueriedEntry:
    """A run as a query sees it; its experiment is read only where the query asks for it."""

    entry: RunEntry

    @property
    def words(self) -> str:
        entry = self.entry
        kinds = (*self.values("architecture"), *self.values("optimizer"))
        parts = (entry.name, entry.note, *entry.tags, entry.state, Path(entry.folder).name, *map(str, kinds))
        return " ".join(parts).casefold()

    def values(self, name: str) -> list[object]:
        # not of the test part: it would no longer be one where runs are chosen by it
        scores = {part: values for part, values in self.entry.metrics.items() if part != "test"}
        return values_of(name, self.entry, self._experiment, scores)

    @cached_property
    def _experiment(self) -> Mapping[str, Any]:
        with suppress(Invalid, ValueError, RecursionError):
            folder = opened(self.entry.folder)
            return tomllib.loads(folder.read_bytes(folder.experiment, MOST_JSON).decode("utf-8"))
        return {}


def runs(folder: Path | None, where: str, *, as_json: bool) -> int:
    """Print the runs there are, the newest first, those that are asked for; return the exit code."""
    folder = folder or places.default_runs()
    query = query_of(where)
    known = [_QueriedEntry(entry) for entry in list_runs(folder)]
    entries = [one.entry for one in known if query.matches(one)]
    if known and not entries and (unknown := unknown_names(query, known)):
        why = Message("no run has a value called {names}", names=", ".join(unknown))
        raise Invalid([Problem("", why)])
    if as_json:
        _print_json([_entry(entry) for entry in entries])
        return DONE
    if not entries:
        none = "no runs like that in {folder}\n" if where.strip() else "no runs in {folder}\n"
        sys.stdout.write(Message(none, folder=folder))
        return DONE
    header = ["state", "epoch", "step", "name", "scores", "folder"]
    _print_table([header, *([*_short(entry)] for entry in entries)])
    return DONE


def _entry(entry: RunEntry) -> dict[str, Any]:
    content: dict[str, Any] = {
        "folder": entry.folder,
        "name": entry.name,
        "state": entry.state,
        "step": entry.step,
        "epoch": entry.epoch,
        "metrics": {part: dict(values) for part, values in entry.metrics.items()},
    }
    if entry.note:
        content["note"] = entry.note
    if entry.tags:
        content["tags"] = list(entry.tags)
    if entry.starred:
        content["starred"] = True
    if entry.why:
        content["why"] = entry.why
    return finite(content)


def _short(entry: RunEntry) -> list[str]:
    # not of the test part: it would no longer be one where runs are chosen by it
    best = entry.metrics.get("validation", {})
    scores = ", ".join(f"{kind} {_number(value)}" for kind, value in best.items())
    return [
        entry.state,
        str(entry.epoch),
        str(entry.step),
        entry.name,
        scores or entry.why,
        Path(entry.folder).name,
    ]


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _number(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.4g}"


def _print_json(content: object) -> None:
    sys.stdout.write(json_text(content, indent=1))
