"""The `list` command: every choice of every family as JSON schemas."""

from __future__ import annotations

import sys
from typing import Any

from engine import experiment  # noqa: F401 - fills the families
from engine.choices import Choice, Family, Invalid, Message, Problem, did_you_mean
from engine.command_line.output import json_text


def catalogue(family: str | None = None) -> dict[str, dict[str, Any]]:
    """Return {family: {kind: JSON schema}} of all families, or of one; raises Invalid for an unknown one."""
    if family is not None and family not in Family.every:
        raise Invalid(
            [
                Problem(
                    "",
                    Message(
                        "no family {family!r}{guess}",
                        family=family,
                        guess=did_you_mean(family, Family.every),
                    ),
                )
            ]
        )
    names = list(Family.every) if family is None else [family]
    return {name: {kind: _schema(choice) for kind, choice in Family.every[name].items()} for name in names}


def _schema(choice: type[Choice]) -> dict[str, Any]:
    """Return the JSON schema of a choice, with its formula and source where it has them."""
    text = choice.text()
    beside = {"formula": text.formula, "source": text.source}
    # beside what a schema has words for: who reads schemas passes over keys that he does not know
    return {**choice.model_json_schema(), **{key: said for key, said in beside.items() if said}}


def print_catalogue(family: str | None) -> None:
    """Print the catalogue to stdout."""
    sys.stdout.write(json_text(catalogue(family), indent=1))
