"""Inspection: what the data view shows of an experiment's data. A frozen record of plain values and arrays.

It is made without torch, in the inspector process, and travels to the window as it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.choices import Invalid
from engine.data.decisions import decisions_of, together
from engine.data.description import PARTS, TargetKind
from engine.data.inspection.offers import offered
from engine.data.inspection.records import Inspection
from engine.data.modality import modality_of
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.raw import Raw
from engine.data.source import Report, Source, silent
from engine.data.split import Split


def inspect(
    source: Source,
    split: Split,
    preprocessing: Preprocessing,
    target: TargetKind,
    seed: int,
    report: Report = silent,
    raw: Raw | None = None,
) -> Inspection:
    """Return what the data is; `raw`: as the source was read just before, to look at it once more.

    Raises Invalid only where nothing of it can be read at all.
    """
    folder = folder_of(source)
    if raw is None:
        raw = source.read_ordinary(seed, lambda share, words: report(0.7 * share, words))
    modality = modality_of(type(raw))
    try:
        prepared = prepare_raw(
            raw, split, preprocessing, target, seed, lambda share, words: report(0.7 + 0.2 * share, words)
        )
    # what was read is shown all the same: a person mends the settings while looking at it
    except Invalid as error:
        found = modality.inspect(raw, None, split, folder)
        report(1.0, "Ready")
        told = decisions_of(source, raw.found, together(raw.notices))
        offer = offered(found, source)
        return replace(
            found,
            problems=error.problems,
            decisions=told,
            found=raw.found,
            suggests=offer.kind,
            suggests_needs=offer.needs,
        )
    report(0.9, "Counting")
    found = modality.inspect(raw, prepared, split, folder)
    report(1.0, "Ready")
    offer = offered(found, source)
    return replace(
        found,
        suggests=offer.kind,
        suggests_needs=offer.needs,
        balance=_balance(prepared),
        description=prepared.description,
        group=prepared.group,
        data_hash=prepared.data_hash,
        decisions=decisions_of(source, raw.found, prepared.notices),
        found=raw.found,
    )


def folder_of(source: Source) -> Path | None:
    """Return the folder in which the data lies; None where it is made up."""
    path = getattr(source, "path", "")
    return Path(path).parent if path else None


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
