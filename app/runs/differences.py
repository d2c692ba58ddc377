"""What differs between the experiments of some runs: a pure function, and the words for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, get_args

from app.language.words import label_of, readable, title_of, tr
from engine.choices import Choice, Field, Record, fields
from engine.choices.settings import PATHS
from engine.experiment import Experiment

ABSENT = "–"
_MANY = 4
"""Of more runs than these nobody reads settings in a legend."""
_MOST_NAMED = 2
# they change nothing of what is learnt
_NOT_CHOICES = frozenset({"format", "name", "probes"})


@dataclass(frozen=True)
class Difference:
    """One setting that is not the same everywhere: its dotted path, and its value in each run."""

    path: str
    values: tuple[str, ...]


def differences(experiments: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    """Return the settings that differ, in the order in which the experiments hold them.

    Values are compared by what they say, so 1 and 1.0 are the same; a setting that one experiment lacks
    (the momentum of Adam) reads `ABSENT` there.
    """
    flat = [flattened(experiment) for experiment in experiments]
    paths = list(dict.fromkeys(path for one in flat for path in one))
    rows = (Difference(path, tuple(one.get(path, ABSENT) for one in flat)) for path in _grouped(paths))
    return tuple(row for row in rows if len(set(row.values)) > 1)


def flattened(experiment: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings as dotted path -> words; lists of plain values are one setting."""
    found: dict[str, str] = {}
    for key, value in experiment.items():
        if key not in _NOT_CHOICES:
            _flatten(key, value, found)
    return found


def setting_words(path: str, experiments: Sequence[Mapping[str, Any]]) -> str:
    """Return what forms call a setting: "optimizer.learning_rate" is "Optimizer · Learning rate η"."""
    head, _, name = path.partition(".")
    section = _field(Experiment, head)
    if section is None:
        return readable(path)
    words = [label_of(Experiment, section)]
    listed = _listed(section)
    if listed is not None and name:
        return " · ".join((*words, *_item_words(listed, name)))
    found = _setting(path, experiments)
    if found is not None:
        record, field = found
        return " · ".join((*words, f"{label_of(record, field)} {field.setting.symbol}".strip()))
    return " · ".join((*words, *(readable(part) for part in name.split(".") if part not in ("", "kind"))))


def short_names(names: Sequence[str], experiments: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what tells runs apart in a legend: "#3 · η 0.3" where names are alike, else the whole name.

    At most two of the settings that differ are named, the first ones, as three would fill the plot; more only
    where the names would be alike. What all are called is left out where settings tell them apart. Of many
    runs whose names differ the name is enough: the table beside has what differs.
    """
    found = differences(experiments) if len(names) > 1 else ()
    # runs of one name are numbered: "Digits #3"
    stems = {name.rpartition(" #")[0] or name for name in names}
    firsts = [f"#{name.rpartition(' #')[2]}" if len(stems) == 1 and " #" in name else name for name in names]
    if len(names) > _MANY and len(set(firsts)) == len(names):
        return tuple(firsts)
    told = _telling(firsts, found)
    if told and len(set(firsts)) == 1:
        firsts = [""] * len(names)
    named = zip(firsts, _told(told, experiments), strict=True)
    return tuple(" · ".join(filter(None, (first, *words))) for first, words in named)


def told_apart(experiments: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Return for each experiment what tells it from the others: ("Batch size 16", "Seed 3")."""
    return _told(_telling([""] * len(experiments), differences(experiments)), experiments)


def changed_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return each setting that differs between two experiments: ("η 0.01 → 0.003", "Batch size 32 → 64")."""
    both = (before, after)
    return tuple(
        tr("{setting} {before} → {value}", setting=_short_setting(one.path, both), before=old, value=new)
        for one in differences(both)
        for old, new in [values_words(one, both)]
    )


def _told(
    settings: Sequence[Difference], experiments: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, ...], ...]:
    names = [_short_setting(one.path, experiments) for one in settings]
    words = [values_words(one, experiments) for one in settings]
    return tuple(
        tuple(f"{name} {values[place]}" for name, values in zip(names, words, strict=True))
        for place in range(len(experiments))
    )


def _telling(firsts: Sequence[str], found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the settings to name: the first ones, and each further one that tells more of the runs apart."""
    told: list[Difference] = []
    known = len(set(firsts))
    for one in found:
        apart = len(set(zip(firsts, *(setting.values for setting in (*told, one)), strict=True)))
        if len(told) < _MOST_NAMED or apart > known:
            told.append(one)
            known = apart
    return tuple(told)


def _short_setting(path: str, experiments: Sequence[Mapping[str, Any]]) -> str:
    """Return the symbol of a setting, else the last of its words: "η", "Seed"."""
    found = _setting(path, experiments)
    if found is not None:
        record, field = found
        return field.setting.symbol or label_of(record, field)
    return setting_words(path, experiments).rsplit(" · ", 1)[-1]


def _setting(path: str, experiments: Sequence[Mapping[str, Any]]) -> tuple[type[Record], Field] | None:
    """Return the field of a setting and the form that has it; None of what no form of theirs has."""
    head, _, name = path.partition(".")
    section = _field(Experiment, head)
    for record in _records(section, head, experiments) if section is not None and name else ():
        field = _field(record, name)
        if field is not None:
            return record, field
    return None


def values_words(one: Difference, experiments: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the value of a setting in each run as forms show it: files and folders by their names alone,
    where these tell them apart as well.
    """
    found = _setting(one.path, experiments)
    if found is not None and found[1].setting.role in PATHS:
        names = tuple((value and PurePath(value).name) or ABSENT for value in one.values)
        if len(set(names)) == len(set(one.values)):
            return names
    return tuple(value_words(one.path, value) for value in one.values)


def value_words(path: str, value: str) -> str:
    """Return a setting's value as forms show it: the title of a kind ("cnn" is a "Convolutional network")."""
    head, _, name = path.partition(".")
    section = _field(Experiment, head)
    base = section.annotation if section is not None and name == "kind" else None
    if isinstance(base, type) and issubclass(base, Choice) and value in base.family:
        return title_of(base.family[value])
    return value


def kinds_of(section: str) -> tuple[str, ...]:
    """Return the kinds that a section of an experiment may have; none of a section without."""
    field = _field(Experiment, section)
    base = None if field is None else field.annotation
    if isinstance(base, type) and issubclass(base, Choice) and "family" in base.__dict__:
        return tuple(base.family)
    return ()


def _listed(section: Field) -> type[Choice] | None:
    """Return the family's base class where a section is a list of choices."""
    inside = get_args(section.annotation)
    kind = inside[0] if inside else None
    return kind if isinstance(kind, type) and issubclass(kind, Choice) else None


def _item_words(base: type[Choice], name: str) -> Iterator[str]:
    """Yield "Dropout", "Share" for "dropout.share", and "Dropout 2" for the second one of the kind."""
    item, _, rest = name.partition(".")
    kind, _, count = item.partition(" ")
    if kind not in base.family:
        yield from (readable(part) for part in name.split("."))
        return
    yield f"{title_of(base.family[kind])} {count}".strip()
    field = _field(base.family[kind], rest)
    if field is not None:
        yield f"{label_of(base.family[kind], field)} {field.setting.symbol}".strip()
    elif rest:
        yield from (readable(part) for part in rest.split("."))


def _records(section: Field, head: str, experiments: Sequence[Mapping[str, Any]]) -> Iterator[type[Record]]:
    """Yield the forms that a section has in these experiments, one for each kind that was chosen."""
    kind = section.annotation
    if not (isinstance(kind, type) and issubclass(kind, Record)):
        return
    if not (issubclass(kind, Choice) and "family" in kind.__dict__):
        yield kind
        return
    for experiment in experiments:
        chosen = experiment.get(head)
        name = chosen.get("kind") if isinstance(chosen, Mapping) else None
        if name in kind.family:
            yield kind.family[str(name)]


def _field(record: type[Record], name: str) -> Field | None:
    return next((field for field in fields(record) if field.name == name), None)


def _flatten(path: str, value: Any, found: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _flatten(f"{path}.{key}", item, found)
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        _flatten_list(path, value, found)
    else:
        found[path] = worded(value)


def _flatten_list(path: str, items: Sequence[Any], found: dict[str, str]) -> None:
    """Name the items of a list by their kind, a second of the same kind "dropout 2": so the same meet."""
    counts: dict[str, int] = {}
    for index, item in enumerate(items):
        kind = str(item.get("kind", index)) if isinstance(item, Mapping) else str(index)
        counts[kind] = counts.get(kind, 0) + 1
        place = f"{path}.{kind}" if counts[kind] == 1 else f"{path}.{kind} {counts[kind]}"
        settings = (
            {key: one for key, one in item.items() if key != "kind"} if isinstance(item, Mapping) else {}
        )
        if settings:
            _flatten(place, settings, found)
        else:
            # an item without settings is either in the list or not
            found[place] = worded(True) if isinstance(item, Mapping) else worded(item)


def worded(value: Any) -> str:
    """Return a setting's value as a person would write it."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        # 1.0 reads as 1 does, so that the two are no difference
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(worded(item) for item in value) or ABSENT
    return str(value)


def _grouped(paths: list[str]) -> list[str]:
    """Return the paths with those of one section side by side, sections in the order of their first path."""
    sections = list(dict.fromkeys(path.split(".")[0] for path in paths))
    # sorted keeps the order of the paths within a section
    return sorted(paths, key=lambda path: sections.index(path.split(".")[0]))
