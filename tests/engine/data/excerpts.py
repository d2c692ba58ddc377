"""Excerpts: data whose settings are to be found out, and a part of it that alone is read otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from engine.choices import Family
from engine.data.source import Source


@dataclass(frozen=True)
class Excerpt:
    """A source whose settings are to be found out, and a part of its data, as a new file.

    `rows`: which examples of the training the part holds, by their places; `kept`: what was
    found that makes them read alike, by name, none where the file says it itself or the fitted preprocessing
    keeps it; `spoils`: what is otherwise where that is forgotten, inputs at prediction or only what is judged
    at evaluation.
    """

    source: Source
    path: Path
    rows: Sequence[int] = (0,)
    kept: tuple[str, ...] = ()
    spoils: Literal["inputs", "answers"] = "inputs"
    words: bool = False
    judged: bool = True
    """Whether the part holds answers, too."""


Make = Callable[[Path], Excerpt]
Row = Callable[[int], str]
CODE = "koi8-r"
"""What legacy texts of these excerpts are written in: a short word alone is taken for something else."""


def saved(path: Path, lines: Sequence[str], code: str = "utf-8") -> None:
    path.write_bytes(("\n".join(lines) + "\n").encode(code))


def part(
    kind: str,
    names: str | None,
    row: Row,
    few: str | Sequence[str],
    *kept: str,
    spoils: Literal["inputs", "answers"] = "inputs",
    ending: str = "csv",
    code: str = "utf-8",
    **settings: Any,
) -> Make:
    """Return lines whose first ones, `few`, say less than the others, and those as the new file."""

    def make(folder: Path) -> Excerpt:
        first = [few] if isinstance(few, str) else list(few)
        head = [] if names is None else [names]
        saved(folder / f"train.{ending}", [*head, *first, *map(row, range(40))], code)
        saved(folder / f"new.{ending}", [*head, *first], code)
        source = _source(kind, folder / f"train.{ending}", settings)
        texts = kind.startswith(("text", "tagged"))
        return Excerpt(source, folder / f"new.{ending}", range(len(first)), kept, spoils, texts)

    return make


def _source(kind: str, path: Path, settings: Mapping[str, Any]) -> Source:
    source: Source = Family.every["data"][kind].model_validate({"path": str(path), **settings})
    return source


def course(
    names: str | None,
    row: Row,
    last: Row,
    *kept: str,
    spoils: Literal["inputs", "answers"] = "inputs",
    code: str = "utf-8",
    **settings: Any,
) -> Make:
    """Return a course whose end, of 20 rows, alone is read otherwise, and that end as the new file."""
    chosen = {"history": 12, "horizon": 4, "calendar": "none", "changes": False, **settings}

    def make(folder: Path) -> Excerpt:
        head = [] if names is None else [names]
        end = [last(place) for place in range(20)]
        saved(folder / "train.csv", [*head, *map(row, range(120)), *end], code)
        saved(folder / "new.csv", [*head, *end], code)
        source = _source("time_series", folder / "train.csv", chosen)
        return Excerpt(source, folder / "new.csv", kept=kept, spoils=spoils)

    return make


def sheets(kind: str, frame: pd.DataFrame, shown: pd.DataFrame, **settings: Any) -> Make:
    """Return a workbook whose second sheet is read, as the first is a note; in the new one both hold rows."""

    def make(folder: Path) -> Excerpt:
        note = pd.DataFrame([["made on 3 May"]])
        for name, first, header in (("train", note, False), ("new", shown, True)):
            with pd.ExcelWriter(folder / f"{name}.xlsx") as book:
                first.to_excel(book, sheet_name="2023", index=False, header=header)
                frame.to_excel(book, sheet_name="2024", index=False)
        source = _source(kind, folder / "train.xlsx", settings)
        words = kind.startswith(("text", "tagged"))
        # of words in rows, the sentences are the examples
        count = frame["sentence"].nunique() if kind == "tagged_text" else len(frame)
        return Excerpt(source, folder / "new.xlsx", range(count), ("sheet",), words=words)

    return make
