"""Weights of examples: how much each counts in learning, by the numbers of a column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.cells.values import counted, is_number, listed
from engine.data.decisions import decided
from engine.data.modality import modality_of
from engine.data.raw import Labelled
from engine.data.refusal import refused, unknown_columns

if TYPE_CHECKING:
    import pandas as pd

_SETTING = "split.weight"
_NAMED = re.compile(
    r"(sampl(e|ing)|survey|case|person|household|final|post.?strat\w*|design)[\W_]*w(eigh)?ts?$|fnlwgt|wt(ssps|ssall)|"
    r"(抽样|样本|调查|个体)?权重$",
    re.IGNORECASE,
)
"""Names of columns that hold such weights; "weight" alone rather is that of a body."""


def weights_of(
    raw: Labelled,
    rows: NDArray[np.int64],
    train: NDArray[np.int64],
    name: str,
    tell: Callable[[str], object],
) -> NDArray[np.float32] | None:
    """Return how much each row of the source counts in learning, (all rows,), None without a `name`.

    Formula: wₙ = aₙ / ā, aₙ the number in the column, ā its mean over the training part: the learning rate
    need not follow the weights. Raises Invalid where such data has no such column, or a cell of it is no
    number, or below 0.
    """
    if not name:
        _propose(raw, rows, tell)
        return None
    column = _column(raw, name)
    values = np.asarray(column, np.float64) if is_number(column) else np.full(len(column), np.nan)
    wrong = [int(row) for row in rows if not (np.isfinite(values[row]) and values[row] >= 0)]
    if wrong:
        raise refused(
            _SETTING,
            Message(
                "weights are numbers of 0 or more, but {count} of {name!r} no such number ({listed}). "
                "Correct them, leave those rows out, or choose another column",
                count=counted(len(wrong), "cell holds", "cells hold"),
                listed=listed([f"{column.iloc[row]}" for row in wrong], 5),
                name=name,
            ),
        )
    mean = values[train].mean()
    if not mean > 0:
        raise refused(
            _SETTING, Message("{name!r} is 0 in every training row: nothing would count", name=name)
        )
    weights: NDArray[np.float32] = (values / mean).astype(np.float32)
    least, most = weights[train].min(), weights[train].max()
    tell(
        Message(
            "{name}: in learning an example counts from {least:.3g} to {most:.3g}, 1 in the mean; scores "
            "count all alike",
            name=name,
            least=float(least),
            most=float(most),
        )
    )
    return weights


def _column(raw: Labelled, name: str) -> pd.Series[Any]:
    beside = {str(one): column for one, column in raw.columns_beside.items()}
    if name in raw.answered:
        raise refused(_SETTING, Message("{name!r} is the target: choose another column, or none", name=name))
    if not beside:
        kind = modality_of(type(raw)).name
        raise refused(_SETTING, Message("{kind} like these have no column of weights: empty it", kind=kind))
    if unknown := unknown_columns(_SETTING, [name], [str(one) for one in beside]):
        raise Invalid(unknown)
    return beside[name]


def _propose(raw: Labelled, rows: NDArray[np.int64], tell: Callable[[str], object]) -> None:
    """Tell of a column that seems to hold weights, which is no input then."""
    for name, column in raw.columns_beside.items():
        if _NAMED.search(str(name)) and is_number(column) and (column.iloc[rows] >= 0).all():
            said = Message(
                "{name}: seems to say how much each row counts; it is learnt from as any other number now. "
                'Set split.weight to "{name}", or leave it out',
                name=str(name),
            )
            tell(decided(said, _SETTING, str(name), column=str(name), doubtful=True))
            return
