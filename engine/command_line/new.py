"""The `new` command: an experiment for data of one's own, as the window begins one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from engine import experiment_file
from engine.choices import Family, Invalid, Message, Problem
from engine.command_line.decision_lines import decision_lines
from engine.command_line.experiments import changed
from engine.command_line.output import tell
from engine.data.inspection.offers import read_by
from engine.data.inspection.records import Inspection
from engine.data.modality import modality_of
from engine.data.source import Source
from engine.experiment import Experiment
from engine.opening import made, source_of, why_unknown
from engine.suggestions import begun, fitted

_MOST_COLUMNS = 40


def new(data: Path, changes: Sequence[str], output: Path | None) -> int:
    """Write the experiment that suits a file or folder of data, and tell how the data was read.

    It is written to `output`, or beside where one stands under the name of the data; a file that is there
    stays. Raises Invalid where the data cannot be read, or what is to be predicted is not chosen yet.
    """
    path = data.expanduser().absolute()
    if not path.exists():
        raise Invalid([Problem("", Message("there is no file or folder {path}", path=data))])
    source = _source(path, changes)
    if source is None:
        raise Invalid([Problem("", why_unknown(path))])
    file = output or Path((path.stem or "untitled") + ".toml")
    if file.exists():
        raise Invalid([Problem("", Message("{file} is there already: name another with -o", file=file))])
    values = experiment_file.plain(begun(source, (path.stem or "Untitled")[:120]))
    changes = _of_kind(source, source_of(path), changes)
    experiment = changed(values, changes).experiment
    # reading takes longest, and what is predicted changes nothing of it
    raw = experiment.data.read_ordinary(experiment.seed)
    found = experiment.recipe.inspected(raw=raw)
    held = modality_of(source.holds) if source.holds is not None else None
    if held is not None and found.guess is not None and not any(one.startswith("task") for one in changes):
        # what is predicted decides the task: whoever chose it wants no more than that
        experiment = fitted(experiment, held.receives, (found.guess,))
        found = experiment.recipe.inspected(raw=raw)
    _tell(found, experiment)
    if problems := (*experiment.problems(found.description), *found.problems):
        raise Invalid(problems)
    experiment_file.write(experiment, file)
    sys.stdout.write(Message("{file}: {task}\n", file=file, task=experiment.task.title))
    return 0


def _source(path: Path, changes: Sequence[str]) -> Source | None:
    """Return what reads the data: as found, or of the kind that is chosen among the changes."""
    source = source_of(path)
    kind = next((one.partition("=")[2].strip("\"' ") for one in changes if one.startswith("data.kind=")), "")
    if source is None and kind in Source.kinds():
        return cast("Source", made(Source.kinds()[kind], path))
    if source is None or kind not in Source.kinds() or kind == source.kind:
        return source
    # needs pandas, which other commands do without
    from engine.data.inspection.inspect import folder_of

    rows = 0
    with suppress(Invalid):  # as the kind that was found it may be unreadable: hence perhaps the other
        source = _as_told(source, changes)
        before = Experiment(data=source)
        raw = source.read_ordinary(before.seed)
        found = modality_of(type(raw)).inspect(raw, None, before.split, folder_of(source))
        rows = found.suggests_rows or found.count
    return read_by(kind, source, rows)


def _of_kind(source: Source, before: Source | None, changes: Sequence[str]) -> list[str]:
    """Return the changes without those settings of the kind that was found which the chosen one lacks."""
    lost = set() if before is None else {*type(before).model_fields} - {*type(source).model_fields}
    gone = {f"data.{name}" for name in lost}
    return [one for one in changes if one.partition("=")[0].strip() not in gone]


def _as_told(source: Source, changes: Sequence[str]) -> Source:
    """Return a source with those of the changes that are settings of its own; raises Invalid."""
    own = {f"data.{name}" for name in type(source).model_fields} - {"data.kind"}
    said = [one for one in changes if one.partition("=")[0].strip() in own]
    return changed(experiment_file.plain(begun(source, source.title)), said).experiment.data


def _tell(found: Inspection, experiment: Experiment) -> None:
    """Tell on stderr what a person should know before training: columns, decisions, another kind of data."""
    for decision in found.decisions:
        if decision.said:
            tell(sys.stderr, "".join(f"{line}\n" for line in decision_lines(decision, experiment)))
    if found.suggests:
        title = Family.every["data"][found.suggests].title
        why = Message(": {seen}", seen=found.suggests_why) if found.suggests_why else ""
        words = Message(
            "in doubt: this may be {title}{why}\n    --set data.kind={kind}{needs}\n",
            title=title,
            why=why,
            kind=found.suggests,
            # all at once: what is named here needs no second command
            needs="".join(Message(" --set {setting}=COLUMN", setting=one) for one in found.suggests_needs),
        )
        tell(sys.stderr, words)
    if getattr(experiment.data, "target", None) == ():
        names = [column.name for column in found.columns]
        shown = ", ".join(names[:_MOST_COLUMNS]) + " …" * (len(names) > _MOST_COLUMNS)
        words = Message("columns: {shown}\n    --set data.target=COLUMN\n", shown=shown)
        tell(sys.stderr, words)
