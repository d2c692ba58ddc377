"""What the training series say: scaling of every channel and the longest length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.encoder import Say
from engine.data.memory import free_memory
from engine.data.preprocessing import Preprocessing
from engine.data.refusal import refused
from engine.data.series.encode import LONGEST, MOST_CHANNELS, MOST_NUMBERS, SeriesEncoder
from engine.data.series.raw import SeriesSet
from engine.data.series.scaling import scaling, still


def fit_series(
    raw: SeriesSet, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say
) -> SeriesEncoder:
    """Return the encoder that the training series say, every place of each counting alike.

    Raises Invalid when the padded series cannot be held.
    """
    chosen = [raw.values[row] for row in train]
    length = max(map(len, chosen))
    # before anything is put together: the series are padded to the longest
    _refuse_large(raw, length)
    places = np.concatenate(chosen)
    same = still(places)
    if same.any():
        names = listed(name for name, one in zip(raw.channels, same.tolist(), strict=True) if one)
        say(
            Message(
                "the same at every place of every training series, so they say nothing: {names}", names=names
            )
        )
    offset, scale = scaling(places, preprocessing)
    return SeriesEncoder(channels=raw.channels, length=length, offset=offset, scale=scale)


def _refuse_large(raw: SeriesSet, length: int) -> None:
    width = len(raw.channels)
    if width > MOST_CHANNELS:
        raise refused(
            "data.path",
            Message(
                "has {width:,} channels, more than {most:,}",
                width=width,
                most=MOST_CHANNELS,
            ),
        )
    # padded in float32, twice, as those of each part are copied out; or before that, without padding, in
    # float32 and twice in float64, for the scaling (measured: 3.6 times float32 where 0.7 of them are learnt)
    needed = max(len(raw) * length * width * 8, sum(values.size for values in raw.values) * 20)
    if length > LONGEST or length * width > MOST_NUMBERS or needed > free_memory():
        raise refused(
            "data.longest",
            Message(
                "the longest series has {length:,} places and {width} channels; padded to that, "
                "{count:,} series need {needed:.1f} GB of memory: set a shorter longest length, or "
                "keep fewer",
                length=length,
                width=width,
                count=len(raw),
                needed=needed / 1e9,
            ),
        )
