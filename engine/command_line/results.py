"""The `evaluate`, `predict` and `runs` commands."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.atomic import write_bytes
from engine.choices import Invalid, Problem
from engine.command_line.codes import DONE
from engine.command_line.output import json_text
from engine.data.description import PartName
from engine.runs import places
from engine.runs.evaluation import Manner, NewInputs, evaluate_run, predict_run
from engine.runs.folder import finite, opened
from engine.runs.listing import RunEntry, list_runs
from engine.runs.results import table_of

_STDIN = "-"


def evaluate(run: str, part: PartName, *, as_json: bool) -> int:
    """Print the scores of a run on one part of its data; return the exit code."""
    found = evaluate_run(opened(run), part)
    if as_json:
        content = {
            "split": found.part,
            "count": found.count,
            "loss": found.loss,
            "metrics": dict(found.metrics),
            "arrays": {name: array.tolist() for name, array in found.arrays.items()},
            "baselines": {name: dict(values) for name, values in found.baselines.items()},
            "notes": list(found.notes),
        }
        _print_json(finite(content))
        return DONE
    sys.stdout.write(f"{found.part}: {found.count} examples, loss {found.loss:.4g}\n")
    names = ["", "network", *found.baselines]
    columns: list[Mapping[str, float]] = [found.metrics, *found.baselines.values()]
    rows = [[kind, *(_number(column.get(kind)) for column in columns)] for kind in found.metrics]
    _print_table([names, *rows])
    sys.stdout.writelines(f"{note}\n" for note in found.notes)
    return DONE


def predict(
    run: str, new: Path | None, out: Path | None, writing: Mapping[str, Any], *, as_json: bool
) -> int:
    """Predict for new inputs ("-": texts on stdin, None: the end of the data); return the exit code."""
    folder = opened(run)
    if new is not None and str(new) != _STDIN and not new.exists():
        why = "give a table, a picture, a file of texts or series, or a folder of such"
        raise Invalid([Problem("", f"{new} does not exist; {why}")])
    given = NewInputs(rows=_typed()) if str(new) == _STDIN else NewInputs(path=new)
    found = predict_run(folder, given, manner=Manner(writing))
    for warning in found.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    header, *rows = table_of(found)
    if out is not None:
        _write_table(out, [header, *rows])
    if as_json:
        _print_json(
            {
                "kind": found.kind,
                "names": list(found.names),
                "rows": list(found.rows),
                "values": found.values.astype(float).tolist(),
                "texts": list(found.texts),
                "words": [list(words) for words in found.words],
                "tags": [list(tags) for tags in found.tags],
                "warnings": list(found.warnings),
            }
        )
    elif out is None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([header, *rows])
    return DONE


def _typed() -> tuple[dict[str, str], ...]:
    """Return the lines of stdin, a text each."""
    lines = sys.stdin.read().splitlines()
    return tuple({"text": line} for line in lines if line.strip())


def runs(folder: Path | None, *, as_json: bool) -> int:
    """Print the runs there are, the newest first; return the exit code."""
    folder = folder or places.default_runs()
    entries = list_runs(folder)
    if as_json:
        _print_json([_entry(entry) for entry in entries])
        return DONE
    if not entries:
        sys.stdout.write(f"no runs in {folder}\n")
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
    if entry.why:
        content["why"] = entry.why
    return finite(content)


def _short(entry: RunEntry) -> list[str]:
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


def _write_table(path: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    try:
        write_bytes(path, text.getvalue().encode())
    except OSError as error:
        raise Invalid([Problem("", f"{path} cannot be written: {error.strerror or error}")]) from None


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _print_json(content: object) -> None:
    sys.stdout.write(json_text(content, indent=1))
