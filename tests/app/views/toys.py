"""Samples of views, made by running the probe of each on small networks: a new view needs none of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import app.views  # noqa: F401 - fills the family
from app.document.record import RunRecord
from app.views.view import ReadingView, View
from engine.events import Facts, Reading
from tests.app.sample_records import numbers, started
from tests.engine.probes.toys import found_by, toy


@cache
def facts_of(case: str) -> Facts:
    """Return what a run on a toy says of its data and network."""
    assembly = toy(case).assembly
    return replace(
        assembly.description.facts(),
        task=assembly.experiment.task.kind,
        network=assembly.plan.blueprint.parts,
    )


@cache
def sample(kind: type[ReadingView], case: str) -> RunRecord:
    """Return the record of a run on a toy with a reading for a view; nobody may change it."""
    facts, probe = facts_of(case), kind().probe()
    made = RunRecord()
    made.apply(started(facts))
    made.apply(numbers(metric="accuracy" if facts.classes else "r2"))
    made.apply(Reading(probe.kind, 160, found_by(probe, toy(case))))
    return made


READING_VIEWS = [kind for kind in View.family.values() if issubclass(kind, ReadingView)]


def fits(kind: type[ReadingView], case: str) -> bool:
    """Return whether a view would be shown for a toy, and its probe measured."""
    return kind.fits(facts_of(case)) and kind().probe().fits(toy(case).assembly.description)
