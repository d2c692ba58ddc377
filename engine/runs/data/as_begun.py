"""Data of a run as it was when the run began, also where a later version would read it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from engine.choices import Invalid, Message, Problem
from engine.experiment import Experiment
from engine.runs.data.lacking import came_without
from engine.runs.facts import read_data_hash, read_found
from engine.runs.folder import RunFolder


class Hashed(Protocol):
    """Data, or what was made of it, that can be told from other data."""

    @property
    def data_hash(self) -> str:
        """Return what is equal for equal data alone."""


_PACKED_WITHOUT = (
    "did not come with this run, which was packed without {names}. Its curves and scores are here, and it "
    "predicts from files of yours; for anything else, say where the same data lies"
)

H = TypeVar("H", bound=Hashed)


def read_as_begun(folder: RunFolder, experiment: Experiment, read: Callable[[Experiment], H]) -> H:
    """Return what `read` makes of a run's data: by today's rules, or else by what the run recorded.

    A version may learn to see a number where earlier ones saw words. A run of before keeps what it saw: its
    preprocessing says the type of each column, the encoding, the order of dates. Where neither gives the
    data that the run began with, it is what today's rules give, for the caller to refuse or to take.
    Raises Invalid as `read` does.
    """
    known = read_data_hash(folder)
    refusal: Invalid | None = None
    today: H | None = None
    try:
        today = read(experiment)
    except Invalid as error:
        refusal = error
    if known and (today is None or today.data_hash != known):
        # Only now, as nearly all data is read as ever, and to read it twice takes time.
        before = _by_record(folder, experiment, read)
        if before is not None and before.data_hash == known:
            return before
    if today is None:
        assert refusal is not None
        if names := came_without(folder, experiment):
            raise Invalid([Problem("data", Message(_PACKED_WITHOUT, names=", ".join(names)))])
        raise refusal
    return today


def _by_record(folder: RunFolder, experiment: Experiment, read: Callable[[Experiment], H]) -> H | None:
    try:
        found = read_found(folder)
        data = experiment.data.filled(found)
        # each column that the run read has its type there; a later version may find more in the same file
        if isinstance(types := found.get("types"), Mapping):
            data = data.with_only(types)
        return None if data == experiment.data else read(experiment.replaced(data=data))
    except Invalid:  # the refusal of today's reading says more: nobody has asked for this one
        return None
