"""Cells longer than any value is written are words at once: no reader of values goes through them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.data.cells import recognition
from engine.data.cells.distinct_words import LONGEST_VALUE
from engine.data.cells.numerals import Numerals
from engine.data.cells.recognition import recognise
from engine.data.tables.read.rival_readings import readings_of, told_of_words


@pytest.mark.parametrize("mark", [" ", ", ", ";"])
def test_that_long_cells_are_never_tried_as_values(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tried(name: str, words: tuple[str, ...], *rest: object) -> Numerals:
        assert max(map(len, words)) <= LONGEST_VALUE
        raise AssertionError

    monkeypatch.setattr(recognition, "read_by_type", tried)
    monkeypatch.setattr(recognition, "read_dates", tried)
    levels = np.random.default_rng(0).integers(100, 256, (30, 400))
    cells = pd.Series([mark.join(map(str, row)) for row in levels], dtype=object, name="pixels")
    found = recognise("pixels", cells)
    assert found.column.tolist() == cells.tolist()
    assert found.notices == ()
    assert told_of_words("pixels", cells, recognition.CellStyle()) == []
    assert readings_of(cells) == []
