"""Inspection: what the data view shows of an experiment's data. A frozen record of plain values and arrays.

It is made without torch, in the inspector process, and travels to the window as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid
from engine.data.cells.values import as_text, is_date, is_number
from engine.data.column_facts import column_facts, fates, left_out_by_hand
from engine.data.decisions import decisions_of, together
from engine.data.description import PARTS, TargetKind
from engine.data.inspected import Inspection, Points
from engine.data.inspected_series import of_series, of_timeline
from engine.data.inspected_texts import of_corpus, of_pairs, of_tagged, of_texts
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.raw import Corpus, ImageSet, Raw, SeriesSet, Table, TaggedTexts, TextPairs, Texts, Timeline
from engine.data.sorts import better_source
from engine.data.source import Report, Source, silent
from engine.data.split import Split
from engine.data.target import guess_task

MOST_ROWS = 100
MOST_PICTURES = 60
MOST_POINTS = 3_000


def inspect(
    source: Source,
    split: Split,
    preprocessing: Preprocessing,
    target: TargetKind,
    seed: int,
    report: Report = silent,
) -> Inspection:
    """Return what the data is. Raises Invalid only where nothing of it can be read at all."""
    path = getattr(source, "path", "")
    folder = Path(path).parent if path else None
    raw = source.read_ordinary(seed, lambda share, words: report(0.7 * share, words))
    try:
        prepared = prepare_raw(
            raw, split, preprocessing, target, seed, lambda share, words: report(0.7 + 0.2 * share, words)
        )
    except Invalid as error:
        found = _of_raw(raw, None, split, folder)
        report(1.0, "Ready")
        told = decisions_of(source, raw.found, together(raw.notices))
        return _replaced(found, problems=error.problems, decisions=told, found=raw.found)
    report(0.9, "Counting")
    found = _of_raw(raw, prepared, split, folder)
    report(1.0, "Ready")
    return _replaced(
        found,
        balance=_balance(prepared),
        points=_points(prepared),
        description=prepared.description,
        group=prepared.group,
        data_hash=prepared.data_hash,
        decisions=decisions_of(source, raw.found, prepared.notices),
        found=raw.found,
    )


def _replaced(inspection: Inspection, /, **changes: Any) -> Inspection:
    return Inspection(**{**vars(inspection), **changes})


def _of_raw(raw: Raw, prepared: Prepared | None, split: Split, folder: Path | None) -> Inspection:
    match raw:
        case Table():
            return _of_table(raw, prepared, folder)
        case ImageSet():
            return _of_images(raw)
        case SeriesSet():
            return of_series(raw)
        case Timeline():
            return of_timeline(raw, prepared, split)
        case Texts():
            return of_texts(raw, prepared)
        case TaggedTexts():
            return of_tagged(raw, prepared)
        case TextPairs():
            return of_pairs(raw, prepared)
        case Corpus():
            return of_corpus(raw, prepared)
    raise TypeError(f"{type(raw).__name__} cannot be inspected")


def _of_images(raw: ImageSet) -> Inspection:
    chosen = _evenly(len(raw), MOST_PICTURES)
    return Inspection(
        "pictures",
        len(raw),
        guess=guess_task(raw),
        candidates=(raw.target,),
        pixels=raw.pixels[chosen],
        labels=tuple(raw.labels[chosen].tolist()),
        names=tuple(raw.names[index] for index in chosen),
    )


def _of_table(raw: Table, prepared: Prepared | None, folder: Path | None) -> Inspection:
    frame = raw.frame
    first = frame.head(MOST_ROWS)
    shown = tuple(zip(*(_cells(first[name]) for name in frame.columns), strict=True))
    fate = fates(raw, prepared)
    received = (
        None if prepared is None else prepared.preprocessor.inputs(Table(first, raw.targets, raw.names))
    )
    return Inspection(
        "table",
        len(raw),
        columns=tuple(
            left_out_by_hand(name) if name in raw.ignored else column_facts(name, frame[name], fate[name])
            for name in raw.names
        ),
        candidates=tuple(
            name for name in frame.columns if not is_date(frame[name]) and frame[name].notna().any()
        ),
        guess=guess_task(raw),
        suggests=better_source(raw.frame, folder, raw.targets),
        header=tuple(str(name) for name in frame.columns),
        rows=shown,
        received=received,
    )


def _cells(column: pd.Series[Any]) -> list[str]:
    """Return the cells as text, "" where they are missing."""
    missing = column.isna().tolist()
    return [
        "" if gone else as_text(value)[:200] for value, gone in zip(column.tolist(), missing, strict=True)
    ]


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """Return at most so many indices, evenly spread over all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _balance(prepared: Prepared) -> dict[str, tuple[int, ...]]:
    """Return how many examples, or words of tagged texts, there are of each class or label."""
    targets = prepared.description.targets
    if targets.kind == "labels":
        marks = {part: prepared.part(part).targets for part in PARTS}
        return {part: tuple(found.sum(axis=0).astype(np.int64).tolist()) for part, found in marks.items()}
    if targets.kind not in ("classes", "tags"):
        return {}
    codes = {part: prepared.part(part).targets.astype(np.int64) for part in PARTS}
    return {
        part: tuple(np.bincount(found[found >= 0], minlength=targets.size).tolist())
        for part, found in codes.items()
    }


def _points(prepared: Prepared) -> Points | None:
    """Return a scatter where the inputs are one or two plain columns of numbers and there is one target."""
    raw, facts = prepared.raw, prepared.description
    if not isinstance(raw, Table) or facts.inputs.kind != "vector" or facts.inputs.size > 2:
        return None
    names = list(facts.inputs.names)
    plain = all(name in raw.frame.columns and is_number(raw.frame[name]) for name in names)
    if not plain or len(facts.targets.names) > 1 or facts.targets.kind == "labels":
        return None
    rows = np.concatenate([prepared.part(part).rows for part in PARTS])
    part = np.repeat(np.arange(3, dtype=np.uint8), [len(prepared.part(name)) for name in PARTS])
    chosen = _evenly(len(rows), MOST_POINTS)
    rows, part = rows[chosen], part[chosen]
    inputs = raw.frame[names].iloc[rows].to_numpy(np.float32)
    if facts.targets.kind == "classes":
        targets = prepared.preprocessor.targets(raw)[rows].astype(np.float32)
    else:
        targets = raw.frame[facts.targets.names[0]].iloc[rows].to_numpy(np.float32)
    return Points(inputs, targets, part)
