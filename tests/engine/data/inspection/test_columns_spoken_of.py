"""Of the columns of a table, only those are spoken of that are learnt from, whatever the table is read as."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.data.decisions import decision_in
from engine.data.raw import Raw
from engine.data.source import Source
from engine.data.tables.sources.table_file import TableFile

ROWS = 40
BESIDE: Mapping[str, list[Any]] = {
    "stamp": [1338163200 + 86400 * 3 * row for row in range(ROWS)],
    "region_code": [row % 4 for row in range(ROWS)],
    "weight": [f"{row * 7 % 50}.5 kg" for row in range(ROWS - 1)] + ["broken"],
    "span": [f"{row * 3 % 17 + 1}-{row * 5 % 20 + 20}" for row in range(ROWS)],
    "temperature": [-999 if row % 9 == 4 else row * 11 % 31 for row in range(ROWS)],
    "day": [f"{1 + row % 12}/{1 + row % 7}/2020" for row in range(ROWS)],
    "state": ["--" if row % 8 == 3 else "pq"[row % 2] for row in range(ROWS)],
}
"""Columns of each of which a table that learns from them says something."""
LABELS = {
    "classes by number": [row % 3 for row in range(ROWS)],
    "codes": [f"{row % 3:03}" for row in range(ROWS)],
    "days": [f"{1 + row % 3}/{1 + row % 3}/2020" for row in range(ROWS)],
    "numbers with a unit": [f"{row % 3} kg" for row in range(ROWS)],
}
WORDS = ["the", "red", "blue", "cat", "dog", "sits", "runs", "home", "today", "never", "again"]
TEXTS = [" ".join(WORDS[(row * n + n) % len(WORDS)] for n in range(3, 12)) for row in range(ROWS)]
PIXELS = np.random.default_rng(0).integers(0, 256, (ROWS, 100))


def listed_pictures(folder: Path) -> list[str]:
    for row in range(ROWS):
        Image.fromarray(PIXELS[row].astype(np.uint8).reshape(10, 10)).save(folder / f"p{row}.png")
    return [f"p{row}.png" for row in range(ROWS)]


def columns_of(kind: str, folder: Path) -> dict[str, Any]:
    match kind:
        case "text_table":
            return {"review": TEXTS}
        case "text_pairs":
            return {"en": TEXTS, "de": [text.upper() for text in TEXTS]}
        case "images":
            return {"pixels": [" ".join(map(str, row)) for row in PIXELS]}
        case _:
            return {"file": listed_pictures(folder)}


SETTINGS: Mapping[str, dict[str, Any]] = {
    "text_table": {"texts": "review", "label": "y"},
    "text_pairs": {"source": "en", "target": "de"},
    "images": {"label": "y"},
    "listed": {"paths": "file", "label": "y"},
}


def read(kind: str, folder: Path, labels: list[Any]) -> Raw:
    table = pd.DataFrame({**columns_of(kind, folder), "y": labels, **BESIDE})
    table.to_csv(folder / "t.csv", index=False)
    source = Source.kinds()["images" if kind == "listed" else kind]
    return source(path=str(folder / "t.csv"), **SETTINGS[kind]).read(0)


def spoken_of(raw: Raw) -> set[str]:
    names = {
        name for notice in raw.notices for name in (decision_in(notice).column, *decision_in(notice).also)
    }
    return names | {name for notice in raw.notices for name in BESIDE if notice.startswith(f"{name}: ")}


@pytest.mark.parametrize("kind", SETTINGS)
@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_that_nothing_is_said_of_how_other_columns_and_labels_are_read(
    kind: str, labels: list[Any], tmp_path: Path
) -> None:
    """Labels and texts are taken as they are written: what else they could be makes no difference."""
    assert not spoken_of(read(kind, tmp_path, labels)) & {*BESIDE, "y", "review", "pixels", "file"}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_that_nothing_is_said_of_how_labels_of_series_are_read(labels: list[Any], tmp_path: Path) -> None:
    every = np.arange(ROWS).repeat(10)
    values = np.random.default_rng(0).normal(size=len(every))
    frame = pd.DataFrame({"who": 1000 + every, "x": values, "y": [labels[one] for one in every]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = Source.kinds()["series_table"](path=str(tmp_path / "t.csv"), id="who", label="y").read(0)
    assert not spoken_of(found) & {"who", "y"}


def test_that_a_table_speaks_of_each_of_these_columns(tmp_path: Path) -> None:
    pd.DataFrame({**BESIDE, "y": LABELS["codes"]}).to_csv(tmp_path / "t.csv", index=False)
    told = spoken_of(TableFile(path=str(tmp_path / "t.csv"), target=("y",)).read(0))
    assert set(BESIDE) <= told


@pytest.mark.parametrize("kind", ["text_table", "images"])
def test_that_a_label_that_counts_as_missing_is_told(kind: str, tmp_path: Path) -> None:
    labels = ["--" if row % 8 == 3 else "pq"[row % 2] for row in range(ROWS)]
    assert "y" in spoken_of(read(kind, tmp_path, labels))
