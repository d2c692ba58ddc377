"""The `find-rate` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import isfinite

from engine.choices import Invalid, Message, Problem
from engine.command_line import experiments
from engine.command_line.codes import DONE
from engine.command_line.output import json_text, tell
from engine.runs.finding import find_rate as found_rate
from engine.runs.folder import finite
from engine.runs.preparation import Preparations
from engine.training.finding.tried import RatesTried, Span

_ROWS = 25
"""So many lines show how the curve runs."""
_LEAST_STEPS, _MOST_STEPS = 20, 10_000


def find_rate(
    name: str, changes: Sequence[str], lowest: float, highest: float, steps: int, *, as_json: bool
) -> int:
    """Print the loss at each rate of a range test and the rate to take; return the exit code."""
    if not (0 < lowest < highest and isfinite(highest)):
        raise Invalid([Problem("", "--from must be above 0, and --to above --from")])
    if not _LEAST_STEPS <= steps <= _MOST_STEPS:
        why = Message("--steps must be {least} to {most}", least=_LEAST_STEPS, most=_MOST_STEPS)
        raise Invalid([Problem("", why)])
    experiment, preparations = experiments.load(name, changes), Preparations()
    experiments.tell_notices(preparations.beginning(experiment))
    tried = found_rate(experiment, None, preparations, span=Span(lowest, highest, steps))
    tell(sys.stdout, json_text(_document(tried)) if as_json else _table(tried))
    return DONE


def _document(tried: RatesTried) -> object:
    return finite(
        {
            "rates": tried.rates.tolist(),
            "losses": tried.losses.tolist(),
            "smooth": tried.smooth.tolist(),
            "suggested": tried.suggested,
            "valley": tried.valley,
            "steepest": tried.steepest,
            "lowest_loss": tried.lowest_loss,
            "edge": tried.edge,
            "why": tried.why,
        }
    )


def _table(tried: RatesTried) -> str:
    every = max(1, -(-len(tried.rates) // _ROWS))
    smooth = tried.smooth
    lines = [f"{'learning rate':>13}  {'loss':>10}  {'smoothed':>10}"]
    lines += [
        f"{tried.rates[at]:>13.2e}  {tried.losses[at]:>10.4g}  {smooth[at]:>10.4g}"
        for at in range(0, len(tried.rates), every)
    ]
    lines += ["", tried.why]
    for words, rate in (
        ("middle of the longest fall", tried.valley),
        ("steepest fall", tried.steepest),
        ("lowest loss", tried.lowest_loss),
        ("from here on the loss only rises", tried.edge),
    ):
        if rate is not None:
            lines.append(f"{words}: {rate:.2g}")
    lines.append(
        "No rate is suggested: the loss did not fall."
        if tried.suggested is None
        else Message("Suggested learning rate: {rate}", rate=f"{tried.suggested:.2g}")
    )
    return "\n".join(lines) + "\n"
