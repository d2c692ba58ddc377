"""Joining: a test part that lies in a file of its own, put beside the data it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.modality import modality_of
from engine.data.raw import LabelledSet, Raw
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

SETTING = "test_path"
"""What sources call the file or folder that holds their test part."""


def with_test_part(raw: Raw, test: Raw, name: str = "", validation: str = "") -> Raw:
    """Return both as one, the second published as the test part. Raises Invalid where they do not fit.

    `name` is that of its file, `validation` that of a validation part beside it, if there is one.
    """
    where = f"data.{SETTING}"
    modality, other = modality_of(type(raw)), modality_of(type(test))
    # the same kind of source may read another kind of data: a table may be texts
    if modality is not other:
        raise refused(
            where, Message("holds {name}, but the data is {other}", name=other.name, other=modality.name)
        )
    both, told = modality.joined(raw, test, where)
    # once where a file gave a notice several times; a set would lose their order
    said = dict.fromkeys(
        (*raw.notices, *(Message("test file: {notice}", notice=notice) for notice in test.notices))
    )
    part = Message(
        "the test part is what stands in {setting}: {counted}",
        setting=SETTING,
        counted=counted(len(test), "example"),
    )
    whole: Raw = both.told((*said, part, *_told_validation(name, validation), *told))
    return whole


def _told_validation(test: str, validation: str) -> list[str]:
    if not validation:
        return []
    if test == validation:
        return [Message("{name} is called a validation part, and is what the test scores are of", name=test)]
    return [
        Message(
            "{name} seems to be the validation part and is not read: the validation part is drawn from the "
            "training part; to learn from {name} as well, write its rows into the training file",
            name=validation,
        )
    ]


def parts_of_both(before: NDArray[np.str_] | None, count: int, more: int) -> NDArray[np.str_]:
    """Return the part of each: a test part that was there before gives way to the file that was named."""
    known = np.full(count, "train") if before is None else np.where(before == "test", "train", before)
    return np.concatenate([known, np.full(more, "test")])


def labels_of_both(raw: LabelledSet, test: LabelledSet) -> dict[str, Any]:
    """Return labels, names, parts and columns beside the examples of both."""
    return {
        "labels": np.concatenate([raw.labels, test.labels]),
        "names": raw.names + test.names,
        "published": parts_of_both(raw.published, len(raw), len(test)),
        "beside": _besides(raw.beside, test.beside),
    }


def _besides(own: pd.DataFrame | None, other: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the columns beside the examples of both; a column that one file lacks is empty there."""
    import pandas as pd

    return None if own is None or other is None else pd.concat([own, other], ignore_index=True)
