"""The `selftest` command: can this installation train, save, and go on where it stopped?"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from engine.choices import Message
from engine.command_line.codes import DONE, FAILED
from engine.command_line.output import json_text
from engine.selftest.checks import checks, trouble_with, versions
from engine.selftest.report import impersonal


def selftest(*, as_json: bool) -> int:
    """Try what matters, print the outcome, and return the exit code: 0, or 3 where something failed."""
    told = versions()
    if not as_json:
        sys.stdout.writelines(f"{name}: {version}\n" for name, version in told.items())
    troubles = {}
    with tempfile.TemporaryDirectory() as place:
        for name, attempt in checks().items():
            # the report is sent to others: no names of folders that say whose machine it is
            trouble = troubles[name] = impersonal(trouble_with(attempt, Path(place)))
            if not as_json:
                sys.stdout.write(
                    Message("FAILED  {name}\n        {trouble}\n", name=name, trouble=trouble)
                    if trouble
                    else f"ok      {name}\n"
                )
                # each check takes seconds, and a pipe shows nothing before it is full
                sys.stdout.flush()
    if as_json:
        content = {name: trouble or "ok" for name, trouble in troubles.items()}
        sys.stdout.write(json_text({"versions": told, "checks": content}, indent=1))
    return FAILED if any(troubles.values()) else DONE
