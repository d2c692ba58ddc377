"""Decisions at the prompt: what was decided, cells as written and as read, what to set for others."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from engine.choices import Field, Message, Record, fields
from engine.data.decisions import Decision, OtherReading
from engine.experiment import Experiment

_MOST_OTHERS = 8


def decision_lines(decision: Decision, experiment: Experiment) -> Iterator[str]:
    """Yield the lines that tell of a decision; what is as usual needs one."""
    field = _field(decision.setting, experiment)
    if not decision.said:
        if field is not None:
            yield f"{field.setting.label}: {words_of(field, decision.value)} ({decision.setting})"
        return
    yield f"{'in doubt' if decision.doubtful else 'warning'}: {decision.said}"
    for one in decision.specimens:
        yield f"    {f'row {one.row}: ' if one.row else ''}{one.written} -> {one.read}"
    yield from changes_lines(decision, experiment)


def changes_lines(decision: Decision, experiment: Experiment) -> Iterator[str]:
    """Yield for each other reading how to ask for it."""
    # a setting that this kind of source lacks could not be set so
    known = _field(decision.setting, experiment) is not None
    for other in decision.others[:_MOST_OTHERS] if known else ():
        yield f"    --set {_setting(decision, other)}{_read(other.read)}"


def _field(path: str, experiment: Experiment) -> Field | None:
    section, _, name = path.partition(".")
    record = getattr(experiment, section, None)
    known = fields(type(record)) if isinstance(record, Record) else ()
    return next((one for one in known if one.name == name), None)


def _setting(decision: Decision, other: OtherReading) -> str:
    """Return a change as `--set` takes it."""
    path, value = decision.setting, other.value
    # the whole map names every column: one entry is shorter. A dot in a name would be read as a further
    # section
    if isinstance(value, dict) and not decision.also and "." not in decision.column:
        path, value = f"{path}.{decision.column}", value[decision.column]
    # blanks at the ends of a bare word are lost
    bare = isinstance(value, str) and value == value.strip() != ""
    written = value if bare else _toml(value)
    change = f"{path}={written}"
    return shlex.quote(change)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    # JSON's texts are TOML's, too, but for the pairs of escapes that JSON takes for a letter beyond 16 bits
    return json.dumps(value, ensure_ascii=False)


def _read(read: Sequence[str]) -> str:
    return Message("  reads {read}", read=", ".join(read)) if read else ""


def words_of(field: Field, value: object) -> str:
    """Return what a setting amounts to: its options in words, and of types how many columns are of each."""
    options = field.setting.options
    if isinstance(value, dict):
        kinds = [options.get(kind, str(kind)) for kind in value.values()]
        return ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return options.get(value, value) if isinstance(value, str) else f"{value} {field.setting.unit}".strip()
