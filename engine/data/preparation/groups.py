"""Groups: examples that belong together, as those of one person, and stay in one part of the split."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.cells.values import as_text, counted, is_date, is_number
from engine.data.modality import modality_of
from engine.data.preparation.partition import Parts
from engine.data.raw import Labelled
from engine.data.refusal import refused, unknown_columns

_NAMED = frozenset(
    {"id", "patient", "subject", "person", "participant", "proband", "animal", "customer", "client", "user"}
    | {
        "household",
        "family",
        "specimen",
        "donor",
        "record",
        "pupil",
        "student",
        "author",
        "speaker",
        "writer",
    }
)
"""Words of which one stands in the name of a column that says to whom or what a row belongs."""
_NAMED_EAST = re.compile(
    r"(患者|病人|受试者|被试|用户|客户|会员|学生|样本)(编号|序号|号码?|姓名|名|ID|id)?$|"
    r"(学号|工号|病历号|住院号|姓名)$"
)
_OF_NAMES = frozenset(
    {"id", "ids", "no", "nr", "number", "num", "code", "key", "name", "uuid", "guid", "hash"}
)
"""Words behind one of these that say that it is named or numbered."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN, _MOSTLY_HIDDEN = r"[*\uff0a×某○]|[Xx]{2,}", 0.5
"""What stands in the place of letters that are hidden, and the share of such names that name nobody."""
_LEAST_GROUPS, _LEAST_ROWS = 5, 1.5
"""A column is proposed where it names so many groups of so many rows each, on average."""


def groups_of(raw: Labelled, rows: NDArray[np.int64], name: str) -> NDArray[np.int64] | None:
    """Return which group each row belongs to, None without a `name`; rows that name no group are one each.

    Raises Invalid where such data has no such groups.
    """
    if not name:
        return None
    there = raw.grouping()
    if name in raw.answered and name not in there:
        raise refused(
            "split.group", Message("{name!r} is the target: choose another column, or none", name=name)
        )
    if not there:
        kind = modality_of(type(raw)).name
        raise refused(
            "split.group", Message("{kind} like these have nothing to be grouped by: empty it", kind=kind)
        )
    if unknown := unknown_columns("split.group", [name], [str(one) for one in there]):
        raise Invalid(unknown)
    # one kind of missing for all: numbers have NaN, dates NaT, text an empty word
    words = there[name].astype(object).where(there[name].notna(), None)
    codes = np.asarray(words.iloc[rows].replace("", None).factorize(use_na_sentinel=True)[0], np.int64)
    # a row that names no group is one by itself; as one group, all of them would land in one part
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes


def told_groups(name: str, groups: NDArray[np.int64], rows: NDArray[np.int64], parts: Parts) -> list[str]:
    """Return how many groups there are, and which stand in several parts, as published parts may have it."""
    known = {part: set(groups[np.isin(rows, chosen)].tolist()) for part, chosen in parts.items()}
    every = [group for held in known.values() for group in held]
    shared = len(every) - len(set(every))
    told: list[str] = [
        Message(
            "{name}: {counted}, each in one part of the split",
            name=name,
            counted=counted(len(set(every)), "group"),
        )
    ]
    if shared:
        told = [
            Message(
                "{name}: {counted} in more than one of the parts as published: scores look better "
                "than they are; to divide them anew, switch off As published (split.published)",
                name=name,
                counted=counted(shared, "group stands", "groups stand"),
            )
        ]
    return told


def proposed_group(raw: Labelled, rows: NDArray[np.int64]) -> str:
    """Return the column that says which rows belong together, told by its name and repeats; else ""."""
    for name, column in raw.columns_beside.items():
        if is_date(column) or not _called(str(name)):
            continue
        known = column.iloc[rows].dropna()
        # beside gaps identifiers are floats, but whole; what has fractions was measured
        if is_number(known) and not (known % 1 == 0).all():
            continue
        # of 王** the first letter is many persons
        if not is_number(known) and known.map(as_text).str.contains(_HIDDEN).mean() >= _MOSTLY_HIDDEN:
            continue
        if _LEAST_GROUPS <= known.nunique() <= len(known) / _LEAST_ROWS:
            return as_text(name)
    return ""


def _called(name: str) -> bool:
    """Return whether a name is that of an identifier: patient, record_id, subjectID, User Id, customer.name.

    What its last word names is meant: customer.age is an age, and family_size a number.
    """
    if _NAMED_EAST.search(name):
        return True
    words = [word for word in re.split(r"[\W_]+", _WORDS.sub(" ", name).casefold()) if word]
    behind = next((place for place, word in enumerate(reversed(words)) if word not in _OF_NAMES), len(words))
    left = words[: len(words) - behind]
    last = left[-1] if left else "id" if "id" in words else ""
    # written together in small letters: patientid
    return last in _NAMED or (last.endswith("id") and last[:-2] in _NAMED)
