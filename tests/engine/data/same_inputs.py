"""Cases for the rule that training and prediction see the same input: a file for every setting."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from engine.data.images.sources.cifar import Cifar
from engine.data.images.sources.idx import Idx
from engine.data.images.sources.images import Images
from engine.data.new.files import Trained
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.series.sources.series_table import SeriesTable
from engine.data.series.sources.time_series import TimeSeries
from engine.data.source import Source
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable
from tests.engine.data.guesses import guess_task


@dataclass(frozen=True)
class Case:
    """A source for whose files one setting is not at its default.

    `words`: the data are texts; `by_row`: pictures are named by the row of their list; `matters`: the inputs
    are others where the setting is not carried.
    """

    source: Source
    words: bool = False
    by_row: bool = False
    matters: bool = False


def trained(case: Case) -> tuple[Prepared, Trained]:
    """Return the data of a case as a training prepares it, and what is kept of how it was read."""
    raw = case.source.read(0)
    task = guess_task(raw)
    assert task is not None
    preprocessing = Preprocessing(tokenizer="words", length=40) if case.words else Preprocessing()
    prepared = prepare(case.source, Split(), preprocessing, task, 0)
    return prepared, Trained(prepared.preprocessor, case.source, prepared.found)


Make = Callable[[Path], Case]
Rows = Sequence[Sequence[str]]


# ------------------------------------------------------------------------------- how tables are written

SHARED: dict[str, Any] = {
    "separator": "|",
    "encoding": "koi8-r",
    "decimal": ",",
    "thousands": ".",
    "header": "yes",
    "skip_above": 2,
    "skip_below": 1,
    "sheet": "2024",
    "date_order": "day",
    "missing": ("-200",),
    "odd_cells": "missing",
    "other_rows": "keep",
}
"""The settings that tables share, each with a value that fits the file that `written` makes for it."""


@dataclass
class _Text:
    """A table about to be written; `numeric` are its columns of numbers."""

    names: Sequence[str]
    cells: list[list[str]]
    numeric: Sequence[int]
    above: tuple[str, ...] = ()
    separator: str = ","
    encoding: str = "utf-8"


def _separator(text: _Text) -> None:
    text.separator = "|"


def _encoding(text: _Text) -> None:
    text.encoding = "koi8-r"
    text.cells = [[cell.replace("a", "ж").replace("o", "ю") for cell in row] for row in text.cells]


def _decimal(text: _Text) -> None:
    text.separator = ";"
    _rewrite(text, lambda value: f"{value:.3f}".replace(".", ","))


def _thousands(text: _Text) -> None:
    text.separator = ";"
    _rewrite(text, lambda value: f"{1000 + abs(value) * 1000:,.0f}".replace(",", "."))


def _rewrite(text: _Text, write: Callable[[float], str]) -> None:
    for row in text.cells:
        for place in text.numeric:
            row[place] = write(float(row[place]))


def _skip_above(text: _Text) -> None:
    text.above = (text.separator.join(text.names), text.separator.join(text.cells[-1]))  # of an older table


def _skip_below(text: _Text) -> None:
    text.cells.insert(0, ["mV" if place in text.numeric else "-" for place in range(len(text.cells[0]))])


def _missing(text: _Text) -> None:
    for row in text.cells[3::11]:
        row[text.numeric[0]] = "-200"


def _odd_cells(text: _Text) -> None:
    text.cells[4][text.numeric[0]] = "broken"


_STYLES: dict[str, Callable[[_Text], None]] = {
    "separator": _separator,
    "encoding": _encoding,
    "decimal": _decimal,
    "thousands": _thousands,
    "skip_above": _skip_above,
    "skip_below": _skip_below,
    "missing": _missing,
    "odd_cells": _odd_cells,
}


def written(folder: Path, setting: str, names: Sequence[str], rows: Rows, numeric: Sequence[int]) -> str:
    """Write a table as the setting needs it, and return its path; `numeric` are columns of numbers."""
    text = _Text(names, [list(row) for row in rows], numeric)
    if setting == "sheet":
        return _workbook(folder, names, text)
    _STYLES.get(setting, lambda _: None)(text)
    lines = [*text.above, text.separator.join(names), *(text.separator.join(row) for row in text.cells)]
    path = folder / "rows.csv"
    path.write_bytes(("\n".join(lines) + "\n").encode(text.encoding))
    return str(path)


def _workbook(folder: Path, names: Sequence[str], text: _Text) -> str:
    """Write a workbook of two sheets, of which the first holds other rows."""
    path = folder / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        for sheet, some in (("2023", text.cells[: len(text.cells) // 2][::-1]), ("2024", text.cells)):
            frame = pd.DataFrame(some, columns=list(names))
            for place in text.numeric:
                frame[names[place]] = frame[names[place]].astype(float)
            frame.to_excel(book, sheet_name=sheet, index=False)
    return str(path)


# ----------------------------------------------------------------------------------------------- tables


def table_rows(count: int = 60) -> list[list[str]]:
    random = np.random.default_rng(1)
    return [
        [
            f"{random.normal(3, 1):.3f}",
            f"{random.integers(1, 5):02}",
            ["ab", "ob", "cc"][row % 3],
            f"{1 + row % 12:02}/{1 + (row * 5) % 12:02}/2024",
            "pq"[(row * 7 // 3) % 2],
        ]
        for row in range(count)
    ]


TABLE = ("x", "zip", "sort", "day", "y")


def table(setting: str, *, matters: bool = False, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        path = written(folder, setting, TABLE, table_rows(), [0])
        return Case(TableFile(**{"path": path, "target": ("y",), **settings}), matters=matters)

    return make


def shared(make: Callable[..., Make], names: Sequence[str], matter: Sequence[str] = ()) -> dict[str, Make]:
    """Return a case for each of the settings that tables share."""
    return {name: make(name, matters=name in matter, **{name: SHARED[name]}) for name in names}


def with_total(folder: Path) -> Case:
    path = folder / "rows.csv"
    lines = [TABLE, *table_rows(), ["55.5", "", "Total", "", ""]]
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    return Case(TableFile(path=str(path), target=("y",), other_rows="keep"), matters=True)


TABLES = {
    **shared(table, [*SHARED], ["sheet", "skip_above"]),
    "path": table("path"),
    "target": table("target"),
    "ignore": table("ignore", ignore=("sort",)),
    "types": table("types", types=(("zip", "category"),)),
    "label_separator": table("label_separator", label_separator="/"),
    "other_rows": with_total,
}


# --------------------------------------------------------------------------------------------- pictures


def drawn(folder: Path, *, mode: str = "RGB", shape: tuple[int, int] = (20, 33), deep: int = 0) -> Path:
    random = np.random.default_rng(2)
    for name in ("flat", "tall"):
        (folder / "pictures" / name).mkdir(parents=True)
        for index in range(8):
            size = shape if name == "flat" else shape[::-1]
            if deep:
                values = random.integers(0, deep, size).astype(np.uint16)
                image = Image.fromarray(values)
            else:
                channels = {"RGB": 3, "RGBA": 4, "L": 1}[mode]
                values = random.integers(0, 256, (*size, channels)).astype(np.uint8)
                image = Image.fromarray(values[..., 0] if channels == 1 else values, mode)
            image.save(folder / "pictures" / name / f"{index}.png")
    return folder / "pictures"


def images(*, matters: bool = False, look: dict[str, Any] | None = None, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        return Case(Images(path=str(drawn(folder, **(look or {}))), **settings), matters=matters)

    return make


def listing(**settings: Any) -> Make:
    def make(folder: Path) -> Case:
        found = sorted(path.relative_to(folder).as_posix() for path in drawn(folder).rglob("*.png"))
        lines = [f"{name},{name},{name.split('/')[1]},{'xy'[row % 2]}" for row, name in enumerate(found)]
        (folder / "list.csv").write_text("file,again,label,other\n" + "\n".join(lines))
        return Case(Images(path=str(folder / "list.csv"), **settings), by_row=True)

    return make


PICTURES = {
    "path": images(),
    "classes": images(),
    "height": images(height=12),
    "width": images(width=9),
    "fit": images(fit="crop", height=16, width=16, matters=True),
    "colour": images(colour="grey"),
    "black": images(black=1000.0, look={"deep": 4096}, matters=True),
    "white": images(white=3000.0, look={"deep": 4096}, matters=True),
    "background": images(background="black", look={"mode": "RGBA"}, matters=True),
    "memory_limit": images(memory_limit=0.0),
    "paths": listing(paths="again"),
    "label": listing(label="other"),
    "label_separator": listing(label_separator="/"),
}


def mnist(**settings: Any) -> Make:
    def make(folder: Path) -> Case:
        random = np.random.default_rng(0)
        for what, values in (
            ("images-idx3", random.integers(0, 256, (30, 5, 4), dtype=np.uint8)),
            ("labels-idx1", np.arange(30, dtype=np.uint8) % 3),
        ):
            head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
            (folder / f"train-{what}-ubyte").write_bytes(head + values.tobytes())
        return Case(Idx(path=str(folder), **settings))

    return make


def cifar(**settings: Any) -> Make:
    def make(folder: Path) -> Case:
        random = np.random.default_rng(0)
        for name in ("train.bin", "test.bin"):
            codes = np.stack([np.arange(20) % 2, np.arange(20) % 3], axis=1).astype(np.uint8)
            content = np.concatenate([codes, random.integers(0, 256, (20, 3072), dtype=np.uint8)], axis=1)
            (folder / name).write_bytes(content.tobytes())
        (folder / "fine_label_names.txt").write_text("a\nb\nc\n")
        (folder / "coarse_label_names.txt").write_text("d\ne\n")
        return Case(Cifar(path=str(folder), **settings))

    return make


# ------------------------------------------------------------------------------------ series and courses


def series(setting: str, *, matters: bool = False, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        random = np.random.default_rng(3)
        rows = [
            [
                f"r{number:02}",
                f"{20 * place}",
                f"{random.normal(1, 1):.3f}",
                # where the point is told to part thousands, 0.556 would be no number
                f"{random.uniform(2, 9):.3f}",
                ["fast", "slow"][number % 2],
            ]
            for number in range(14)
            for place in (range(6) if setting != "time" else range(5, -1, -1))
        ]
        names = ("rec", "ms", "volt", "amp", "sort")
        chosen = {"id": "rec", "time": "ms", "label": "sort", **settings}
        if setting == "ignore":
            for row in rows:
                row[3] = f"note {row[1]}"  # words are no channel
        if setting == "date_order":
            for row in rows:
                row[1] = f"{1 + int(row[1]) // 20:02}/{12 - int(row[1]) // 20:02}/2024"
        return Case(SeriesTable(path=written(folder, setting, names, rows, [2]), **chosen), matters=matters)

    return make


SERIES = {
    **shared(series, [*SHARED], ["sheet", "date_order"]),
    "path": series("path"),
    "label": series("label"),
    "layout": series("layout", layout="long"),
    "id": series("id", matters=True),
    "time": series("time", matters=True),
    "ignore": series("ignore", matters=True, ignore=("amp",)),
    "longest": series("longest", longest=4),
    "window": series("window", window=4, matters=True),
    "types": series("types", types=(("amp", "leave_out"),)),
}


def course(setting: str, *, matters: bool = False, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        random = np.random.default_rng(5)
        times = pd.date_range("2024-01-01", periods=240, freq="D" if setting == "date_order" else "h")
        style = "%d/%m/%Y" if setting == "date_order" else "%Y-%m-%d %H:%M"
        rows = [
            [
                time.strftime(style),
                f"{10 + 4 * np.sin(row / 4) + random.normal(0, 0.1):.3f}",
                str(row % 5),
                str(row),
            ]
            for row, time in enumerate(times)
        ]
        if setting == "longest_gap":
            for row in rows[60:100]:
                row[2] = ""
        if setting in ("course", "only"):
            rows = [[*row, name] for row in rows for name in ("north", "south")]
            for row in rows[1::2]:
                row[1] = f"{2 * float(row[1]):.3f}"
        else:
            rows = [[*row, "x"] for row in rows]
        names = ("when", "load", "plan", "number", "site")
        chosen = {"target": ("load",), "history": 24, "horizon": 6, "ignore": ("number",), **settings}
        return Case(TimeSeries(path=written(folder, setting, names, rows, [1]), **chosen), matters=matters)

    return make


COURSES = {
    **shared(course, [*SHARED], ["sheet"]),
    "path": course("path"),
    "target": course("target"),
    "history": course("history", history=30),
    "horizon": course("horizon", horizon=4),
    "time": course("time", time=("when",)),
    "course": course("course", course="site", only="south"),
    "only": course("only", course="site", only="south", matters=True),
    "known": course("known", known=("plan",)),
    "ignore": course("ignore", ignore=("number", "plan")),
    "calendar": course("calendar", calendar="week"),
    "changes": course("changes", changes=False),
    "season": course("season", season=12),
    "stride": course("stride", stride=3),
    "longest_gap": course("longest_gap", longest_gap=100, matters=True),
    "types": course("types", types=(("plan", "leave_out"),)),
}


# ------------------------------------------------------------------------------------------------ texts

SIZES, COLOURS = ("big", "old"), ("red", "blue", "pale")


def sentences(count: int = 48) -> list[str]:
    return [
        f"the {SIZES[row % 2]} {COLOURS[row % 3]} bird sang {'loud' if row % 4 else 'on'}"
        for row in range(count)
    ]


def texts(setting: str, *, matters: bool = False, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        rows = [
            [
                f"{row / 7:.3f}",
                text,
                f"words of no use at all {row % 5} that are much longer than titles",
                text.split()[1],
            ]
            for row, text in enumerate(sentences())
        ]
        chosen = {"texts": "title", "label": "sort", **settings}
        path = written(folder, setting, ("n", "title", "body", "sort"), rows, [0])
        return Case(TextTable(path=path, **chosen), words=True, matters=matters)

    return make


TEXTS = {
    **shared(texts, [name for name in SHARED if name != "date_order"], ["sheet", "encoding", "skip_above"]),
    "path": texts("path"),
    "texts": texts("texts", matters=True),
    "label": texts("label"),
    "types": texts("types", types=(("title", "words"),)),
    "label_separator": texts("label_separator", label_separator="/"),
}


def pairs(setting: str, *, matters: bool = False, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        rows = [[f"{row / 7:.3f}", text, text[::-1]] for row, text in enumerate(sentences())]
        if setting == "missing":
            rows[5][2] = rows[9][2] = "-200"  # a pair without a text is none in training
        path = written(folder, setting if setting != "missing" else "", ("n", "english", "french"), rows, [0])
        chosen = {"source": "english", "target": "french", **settings}
        return Case(TextPairsFile(path=path, **chosen), words=True, matters=matters)

    return make


def two_files(folder: Path) -> Case:
    (folder / "a.en").write_text("\n".join(sentences()), "utf-8")
    (folder / "a.fr").write_text("\n".join(text[::-1] for text in sentences()), "utf-8")
    return Case(TextPairsFile(path=str(folder / "a.en"), translations=str(folder / "a.fr")), words=True)


PAIRS = {
    **shared(
        pairs, ["separator", "encoding", "header", "skip_above", "sheet", "missing"], ["sheet", "encoding"]
    ),
    "path": pairs("path"),
    "translations": two_files,
    "source": pairs("source", source="french", target="english", matters=True),
    "target": pairs("target"),
    "direction": pairs("direction", direction="back", matters=True),
}


def tagged(*, matters: bool = False, code: str = "utf-8", **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        blocks = [
            "\n".join(
                f"{place}\t{word}\t{word[0]}\t{'NOUN' if word == 'bird' else 'X'}\t_"
                for place, word in enumerate(text.split(), 1)
            )
            for text in sentences()
        ]
        content = "\n\n".join(blocks) + "\n"
        if code != "utf-8":
            content = content.replace("sang", "жлю")
        (folder / "words.conllu").write_bytes(content.encode(code))
        chosen = {"word": 2, "tag": 4, **settings}
        return Case(TaggedText(path=str(folder / "words.conllu"), **chosen), words=True, matters=matters)

    return make


def tagged_book(folder: Path) -> Case:
    rows = [
        (number, word, "NOUN" if word == "bird" else "X")
        for number, text in enumerate(sentences())
        for word in text.split()
    ]
    frame = pd.DataFrame(rows, columns=["sentence", "word", "tag"])
    with pd.ExcelWriter(folder / "book.xlsx") as book:
        for sheet, some in (("2023", frame[frame["sentence"] % 2 == 0]), ("2024", frame)):
            some.to_excel(book, sheet_name=sheet, index=False)
    return Case(TaggedText(path=str(folder / "book.xlsx"), sheet="2024"), words=True, matters=True)


def running(folder: Path) -> Case:
    (folder / "book.txt").write_text("\n".join(sentences(400)), "utf-8")
    return Case(TextFiles(path=str(folder / "book.txt")), words=True)


def running_in(folder: Path) -> Case:
    (folder / "book.txt").write_bytes("\n".join(sentences(400)).replace("sang", "жлю").encode("koi8-r"))
    return Case(TextFiles(path=str(folder / "book.txt"), encoding="koi8-r"), words=True, matters=True)


def chatted(folder: Path) -> Case:
    heads = (f"2024-03-05 10:{place % 60:02d} {'Ann' if place % 3 else 'Bob'}: " for place in range(400))
    lines = "\n".join(head + said for head, said in zip(heads, sentences(400), strict=True))
    (folder / "chat.txt").write_text(lines, "utf-8")
    return Case(TextFiles(path=str(folder / "chat.txt"), heads="keep"), words=True, matters=True)


def parted(folder: Path) -> Case:
    """Running text in files of parts, read as one text all the same."""
    place = folder / "texts"
    place.mkdir()
    for name in ("train", "valid", "test"):
        (place / f"{name}.txt").write_text("\n".join(sentences(200)), "utf-8")
    return Case(TextFiles(path=str(place), parts="shares"), words=True)


def parted_pairs(folder: Path) -> Case:
    """Pairs of three parts, of which those of the training alone are read."""
    place = folder / "pairs"
    place.mkdir()
    for name in ("train", "valid", "test"):
        for language in ("de", "en"):
            lines = (f"{language} {said}" for said in sentences(100))
            (place / f"{name}.{language}").write_text("\n".join(lines), "utf-8")
    return Case(TextPairsFile(path=str(place), parts="shares"), words=True)


def foldered(code: str, **settings: Any) -> Make:
    def make(folder: Path) -> Case:
        for row, text in enumerate(sentences()):
            place = folder / "texts" / text.split()[1]
            place.mkdir(parents=True, exist_ok=True)
            content = text if code == "utf-8" else text.replace("sang", "жлю")
            (place / f"{row:02}.txt").write_bytes(content.encode(code))
        return Case(TextFolders(path=str(folder / "texts"), **settings), words=True, matters=bool(settings))

    return make


CASES: dict[str, dict[str, Make]] = {
    "table": TABLES,
    "images": PICTURES,
    "idx": {
        "path": mnist(),
        "classes": mnist(classes=("a", "b", "c")),
    },
    "cifar": {"path": cifar(), "labels": cifar(labels="coarse")},
    "series_table": SERIES,
    "time_series": COURSES,
    "text_table": TEXTS,
    "text_folders": {
        "path": foldered("utf-8"),
        "classes": foldered("utf-8"),
        "encoding": foldered("koi8-r", encoding="koi8-r"),
    },
    "text_files": {"path": running, "encoding": running_in, "heads": chatted, "parts": parted},
    "tagged_text": {
        "path": tagged(),
        "word": tagged(word=3, matters=True),
        "tag": tagged(),
        "encoding": tagged(code="koi8-r", encoding="koi8-r", matters=True),
        "sheet": tagged_book,
    },
    "text_pairs": {**PAIRS, "parts": parted_pairs},
}
"""By the kind of a source and the name of a setting."""
