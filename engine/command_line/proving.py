"""The `prove` command: a run can be left and gone on with at any step, and comes out the same."""

from __future__ import annotations

import dataclasses
import sys

from engine.command_line.codes import DONE, FAILED
from engine.command_line.output import json_text, tell
from engine.runs.folder import opened
from engine.runs.preparation import Preparations
from engine.runs.repeating.proving import prove as prove_run


def prove(run: str, *, as_json: bool) -> int:
    """Take the steps of a run again and print what came of it; return the exit code, 3 where it differs."""
    shown = -1

    def report(share: float, words: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and int(share * 100) != shown:
            shown = int(share * 100)
            tell(sys.stderr, f"\r{words} {shown:3} %")

    proof = prove_run(opened(run), Preparations().plan, report)
    if shown >= 0:
        tell(sys.stderr, "\n")
    tell(sys.stdout, json_text(dataclasses.asdict(proof)) if as_json else f"{proof.why}\n")
    return DONE if proof.exact else FAILED
