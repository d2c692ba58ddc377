"""The `find-batch` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite

from engine.choices import Invalid, Message, Problem
from engine.command_line import experiments
from engine.command_line.codes import DONE
from engine.command_line.output import json_text, tell
from engine.runs.finding import find_batch as found_batch
from engine.runs.preparation import Preparations
from engine.training.finding.sizes_tried import SizesTried


def find_batch(name: str, changes: Sequence[str], memory: float | None, *, as_json: bool) -> int:
    """Print memory and time of each batch size that was tried, and the one to take; return the exit code."""
    if memory is not None and not (memory > 0 and isfinite(memory)):
        raise Invalid([Problem("", "--memory must be above 0, in GB")])
    experiment, preparations = experiments.load(name, changes), Preparations()
    limit = None if memory is None else int(memory * 1e9)
    tried = found_batch(experiment, preparations, limit=limit)
    tell(sys.stdout, json_text(_document(tried)) if as_json else _table(tried))
    return DONE


def _document(tried: SizesTried) -> object:
    found = {"largest": tried.largest, "suggested": tried.suggested, "why": tried.why, "limit": tried.limit}
    return {"tried": [asdict(one) for one in tried.tried], **found}


def _table(tried: SizesTried) -> str:
    lines = [f"{'examples':>10}  {'MB':>9}  {'ms a step':>10}  {'µs an example':>13}"]
    for one in sorted(tried.tried, key=lambda one: one.size):
        times = (f"{one.seconds * 1e3:.3g}", f"{one.each * 1e6:.3g}") if one.fits else ("too large", "")
        lines.append(f"{one.size:>10,}  {one.memory / 1e6:>9,.1f}  {times[0]:>10}  {times[1]:>13}".rstrip())
    lines += ["", tried.why]
    if tried.suggested is not None and tried.largest is not None:
        lines.append(Message("Largest that fits: {size}", size=tried.largest))
        lines.append(Message("Suggested batch size: {size}", size=tried.suggested))
    return "\n".join(lines) + "\n"
