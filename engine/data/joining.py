"""Joining: a validation or test part that lies in a file of its own, put beside the data it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.decisions import decided
from engine.data.description import PartName
from engine.data.files.placement import part_of
from engine.data.modality import modality_of
from engine.data.raw import LabelledSet, Raw
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

SETTINGS: Mapping[PartName, str] = {"validation": "validation_path", "test": "test_path"}
"""What sources call the file or folder that holds a part of the split."""


def with_part(raw: Raw, other: Raw, part: PartName, name: str = "") -> Raw:
    """Return both as one, the second published as that part. Raises Invalid where they do not fit.

    `name` is that of the second file.
    """
    where = f"data.{SETTINGS[part]}"
    modality, second = modality_of(type(raw)), modality_of(type(other))
    # the same kind of source may read another kind of data: a table may be texts
    if modality is not second:
        raise refused(
            where, Message("holds {name}, but the data is {other}", name=second.name, other=modality.name)
        )
    both, of_both = modality.joined(raw, other, part)
    # once where a file gave a notice several times; a set would lose their order
    told = [Message(_FILES[part], notice=notice) for notice in (*other.notices, *of_both)]
    said = dict.fromkeys((*raw.notices, *told))
    stands = decided(
        Message(_STANDS[part], setting=SETTINGS[part], counted=counted(len(other), "example")),
        "split.published",
        False,
    )
    # of another part alone: a file of validation may be chosen for the test
    called = part_of(name) or part
    other_part = [Message("{name} is called a {called} part", name=name, called=called)] * (called != part)
    whole: Raw = both.told((*said, stands, *other_part))
    return whole


_FILES = {"validation": "validation file: {notice}", "test": "test file: {notice}"}
_STANDS = {
    "validation": "the validation part is what stands in {setting}: {counted}",
    "test": "the test part is what stands in {setting}: {counted}",
}


def parts_of_both(before: NDArray[np.str_] | None, count: int, more: int, part: PartName) -> NDArray[np.str_]:
    """Return the part of each: such a part that was there before gives way to the file that was named."""
    known = np.full(count, "train") if before is None else np.where(before == part, "train", before)
    return np.concatenate([known, np.full(more, part)])


def labels_of_both(raw: LabelledSet, other: LabelledSet, part: PartName) -> dict[str, Any]:
    """Return labels, names, parts and columns beside the examples of both."""
    return {
        "labels": np.concatenate([raw.labels, other.labels]),
        "names": raw.names + other.names,
        "published": parts_of_both(raw.published, len(raw), len(other), part),
        "beside": _besides(raw.beside, other.beside),
    }


def _besides(own: pd.DataFrame | None, other: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the columns beside the examples of both; a column that one file lacks is empty there."""
    import pandas as pd

    return None if own is None or other is None else pd.concat([own, other], ignore_index=True)
