"""For every setting that may be left to be found out, data of which a part alone would be read otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from engine.data.images.sources.images import Images
from engine.data.series.sources.series_table import SeriesTable
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from tests.engine.data.excerpts import CODE, Excerpt, Make, Row, course, part, saved, sheets
from tests.engine.data.same_inputs import drawn

# ----------------------------------------------------------------------------------------------- tables


def _yes(row: int) -> str:
    return "pq"[row % 2]


def _colour(row: int) -> str:
    return ("red", "blue", "pale")[row % 3]


def _several(row: int) -> str:
    return ("p;q", "p", "q", "p;q")[row % 4]


_ROWS = pd.DataFrame({"a": [row % 7 for row in range(30)], "y": [_yes(row) for row in range(30)]})
TABLES: dict[str, Make] = {
    "separator": part("table", "a;x,y", lambda row: f"{_colour(row)},{_yes(row)}", "red;blue,p", "separator",
                      target="y"),
    "encoding": part("table", "a,y", lambda row: f"привет {_colour(row)},{_yes(row)}", "жлю,p", "encoding",
                     code=CODE, target="y"),
    "decimal": part("table", "a;y", lambda row: f"{row};{_yes(row)}", "7.557;p", "decimal", target="y"),
    "thousands": part("table", "a;y", lambda row: f"{row},000,{100 + row};{_yes(row)}", "7,557;p", "decimal",
                      target="y"),
    "header": part("table", None, lambda row: f"{row % 4},{_colour(row)},{_yes(row)}", "red,blue,p",
                   target="column 3"),
    "skip_above": part("table", "A list\n\na,y", lambda row: f"{row % 9},{_yes(row)}", "7,p", target="y"),
    "skip_below": part("table", "a,y\nmV,-", lambda row: f"{row % 9},{_yes(row)}", "7,p", target="y"),
    "sheet": sheets("table", _ROWS, _ROWS[::-1], target="y"),
    "date_order": part("table", "a,y", lambda row: f"{13 + row % 15}/02/2024,{_yes(row)}", "01/02/2024,p",
                       target="y"),
    "missing": part("table", "a,y", lambda row: f"{_colour(row)},{_yes(row)}", "null,p", target="y"),
    "types": part("table", "a,y", lambda row: f"{row % 3:03},{_yes(row)}", "100,p", target="y"),
    "label_separator": part("table", "a,y", lambda row: f"{row % 9},{_several(row)}", "3,p;q",
                            "label_separator", spoils="answers", target="y"),
}  # fmt: skip


# ----------------------------------------------------------------------------------------------- series


def _moments(row: Callable[[int, int], str]) -> Row:
    """Return four rows for each series."""
    return lambda number: "\n".join(row(number, place) for place in range(4))


def _wide(row: int) -> str:
    return f"{_yes(row)},{row},2,3"


def _recording(row: int, place: int) -> str:
    return f"r{row},{place},{row / 8 + place},{_yes(row)}"


_SERIES = pd.DataFrame({"y": [_yes(row) for row in range(30)], "t1": range(30), "t2": 2.5, "t3": 3.5})
SERIES: dict[str, Make] = {
    "separator": part("series_table", "y;sort,t1,t2", lambda row: f"{_yes(row)},{row},{row % 7}", "p;x,1,2",
                      "separator"),
    "encoding": part("series_table", "y,t1,t2", lambda row: f"{('привет', 'жлю')[row % 2]},{row},3",
                     "жлю,1,2", "encoding", spoils="answers", code=CODE, label="y"),
    "decimal": part("series_table", "y;t1;t2", lambda row: f"{_yes(row)};{row};2", "p;7.557;1", "decimal"),
    "thousands": part("series_table", "y;t1;t2", lambda row: f"{_yes(row)};{row},000,{100 + row};2",
                      "p;7,557;1", "decimal"),
    "header": part("series_table", None, _wide, "p,1,2,4"),
    "skip_above": part("series_table", "A list\n\ny,t1,t2,t3", _wide, "p,1,2,4"),
    "skip_below": part("series_table", "y,t1,t2,t3\n-,mV,mV,mV", _wide, "p,1,2,4"),
    "sheet": sheets("series_table", _SERIES, _SERIES[::-1]),
    "date_order": part("series_table", "id,time,volt,label",
                       _moments(lambda row, at: f"r{row},{13 + at}/02/2024,{row / 8 + at},{_yes(row)}"),
                       "\n".join(f"zz,0{4 - place}/0{1 + place}/2024,{place / 8},p" for place in range(4)),
                       "date_order"),
    "missing": part("series_table", "y,t1,t2,t3", lambda row: f"{_yes(row)},{row if row % 5 else '?'},2,3",
                    "p,?,2,4"),
    "types": part("series_table", "id,time,volt,sort",
                  _moments(lambda row, place: f"r{row},{place},{row / 8 + place},{row % 2:03}"),
                  "\n".join(f"zz,{place},{place / 8},001" for place in range(4))),
    "label": part("series_table", "id,time,volt,sort", _moments(_recording),
                  "\n".join(f"zz,{place},{place / 8},p" for place in range(4))),
    "layout": part("series_table", "id,time,volt,label", _moments(_recording), "zz,1,2,p", "layout", "id",
                   spoils="answers"),
    "id": part("series_table", "n,time,volt,sort",
               _moments(lambda row, place: f"{row},{place},{row / 8 + place},{_yes(row)}"),
               ["88,0,3.5,p", "89,0,3.7,q"], "id"),
    "time": part("series_table", "id,t,volt,sort",
                 _moments(lambda row, place: f"r{row},{9 - place},{row / 8 + place},{_yes(row)}"),
                 "\n".join(f"zz,{9 - place},{place / 8},p" for place in range(4))),
}  # fmt: skip


def _recordings(folder: Path) -> Excerpt:
    """Return a folder of recordings written with decimal commas, and the first of them written without."""
    for number in range(20):
        place = folder / "series" / ("fast", "slow")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        values = [f"{step * number % 7},5;2,5" for step in range(5)]
        saved(place / f"{number:02}.csv", ["volt;amp", *(values if number else ["7557,0;3,0"] * 5)])
    saved(folder / "new.csv", ["volt;amp", *["7.557;3"] * 5])
    source = SeriesTable(path=str(folder / "series"))
    return Excerpt(source, folder / "new.csv", kept=("decimal",), judged=False)


def _archive(folder: Path) -> Excerpt:
    """Return the two files of a set as the UCR archive has them, and a row of the first."""
    rows = [f"{_yes(row)};{row};2" for row in range(20)]
    (folder / "ucr").mkdir()
    for name in ("TRAIN", "TEST"):
        saved(folder / "ucr" / f"Set_{name}.csv", ["y;t1;t2", "p;7.557;1", *rows])
    saved(folder / "new.csv", ["y;t1;t2", "p;7.557;1"])
    return Excerpt(SeriesTable(path=str(folder / "ucr")), folder / "new.csv", kept=("decimal",))


# ---------------------------------------------------------------------------------------------- courses


def _day(row: int) -> str:
    return str(np.datetime64("2024-01-01") + np.timedelta64(row, "D"))


def _dated(row: int) -> str:
    return f"{_day(row)},{row % 7 + 1},{row % 5}"


def _later(row: int) -> str:
    return _dated(120 + row)


_COURSE = pd.DataFrame({"t": map(_day, range(140)), "x": [row % 7 for row in range(140)]})
COURSES: dict[str, Make] = {
    "target": course("t,x,code", lambda row: f"{_day(row)},{row % 5},{'x' if row % 3 else row}",
                     lambda row: f"{_day(120 + row)},{row % 5},{100 + row % 7}"),
    "time": course("stamp,when,x", lambda row: f"{row * 3 % 50 + row},{_day(row)},{row % 7 + 1}",
                   lambda row: f"{_day(300 - row)},{_day(120 + row)},{row % 7 + 1}", "time",
                   spoils="answers", target="x"),
    "calendar": course("t,x", _dated, _later, target="x", calendar="auto"),
    "season": course("t,x", _dated, _later, target="x", season=0, changes=True),
    "separator": course("t;when,x", lambda row: f"{_day(row)},{row % 7 + 1}",
                        lambda row: f"{_day(120 + row)};1,{row % 7 + 1}", "separator", target="x"),
    "encoding": course("t,т,x", lambda row: f"{_day(row)},{row % 7 + 1},привет",
                       lambda row: f"{_day(120 + row)},{row % 7 + 1},x", "encoding", code=CODE, target="т"),
    "decimal": course("t;x;z", lambda row: f"{_day(row)};{row % 7 + 1};{row % 5},5",
                      lambda row: f"{_day(120 + row)};{row % 7 + 1}.{111 + row};{row % 5}", "decimal",
                      target="x"),
    "thousands": course("t;x", lambda row: f"{_day(row)};{row % 7 + 1},000,{100 + row}",
                        lambda row: f"{_day(120 + row)};{row % 7 + 1},{111 + row}", "decimal", target="x"),
    "header": course(None, _dated, _later, target="column 2"),
    "skip_above": course("A list\n\nt,x,z", _dated, _later, target="x"),
    "skip_below": course("t,x,z\n-,mV,mV", _dated, _later, target="x"),
    "sheet": sheets("time_series", _COURSE, _COURSE[::2], target="x", history=12, horizon=4, calendar="none",
                    changes=False),
    "date_order": course("t,x", lambda row: f"{13 + row % 15:02}/{1 + row // 15:02}/2023,{row % 7}",
                         lambda row: f"{12 - row % 12:02}/{1 + row * 7 % 12:02}/{2024 + row // 12},{row % 7}",
                         "date_order", target="x"),
    "missing": course("t,x,z", _dated, lambda row: f"{_day(125)},?,1" if row == 5 else _later(row),
                      target="x"),
    "types": course("t,code,x", lambda row: f"{_day(row)},{row % 9 if row % 4 else 'x'},{row % 5}",
                    lambda row: f"{_day(120 + row)},{100 + row % 7},{row % 5}", target="x"),
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ texts


def _sentence(row: int) -> str:
    return f"the {_colour(row)} one sang {'loud' if row % 4 else 'on'}"


_TEXTS = pd.DataFrame({"text": map(_sentence, range(30)), "y": [_yes(row) for row in range(30)]})
TEXTS: dict[str, Make] = {
    "texts": part("text_table", "title,body,y",
                  lambda row: f"the title that tells what number {row} is about,short {row},{_yes(row)}",
                  "a title,a body that for once is much longer than its title,p", "texts", label="y"),
    "label": part("text_table", "text,sort,y", lambda row: f"{_sentence(row)},{row / 7:.3f},{_yes(row)}",
                  "the red one,0.5,p"),
    "separator": part("text_table", "title;text,y", lambda row: f"{_sentence(row)},{_yes(row)}",
                      "the red; one and blue,p", "separator", label="y"),
    "encoding": part("text_table", "text,y", lambda row: f"привет {_colour(row)} мир,{_yes(row)}", "жлю,p",
                     "encoding", code=CODE, label="y"),
    "decimal": part("text_table", "text;n;y", lambda row: f"{_sentence(row)};{row},5;{_yes(row)}",
                    "the red one;7.557;p", texts="text", label="y"),
    "thousands": part("text_table", "text;n;y", lambda row: f"{_sentence(row)};{row},000,100;{_yes(row)}",
                      "the red one;7,557;p", texts="text", label="y"),
    "header": part("text_table", None, lambda row: f"{_sentence(row)},{_yes(row)}", "text,p", "header"),
    "skip_above": part("text_table", "A list\n\ntext,y", lambda row: f"{_sentence(row)},{_yes(row)}",
                       "the red one,p"),
    "skip_below": part("text_table", "n,text,y\nmV,-,-", lambda row: f"{row},{_sentence(row)},{_yes(row)}",
                       ["3,the red one,p", "4,the pale one,q", "5,the blue one,q"]),
    "sheet": sheets("text_table", _TEXTS, _TEXTS[::-1]),
    "missing": part("text_table", "text,y", lambda row: f"{_sentence(row)},{_yes(row)}", "null,p"),
    "types": part("text_table", "text,y", lambda row: f"{_sentence(row)},{row % 3:03}", "the red,100",
                  texts="text", label="y"),
    "label_separator": part("text_table", "text,y", lambda row: f"{_sentence(row)},{_several(row)}",
                            "the red,p;q", "label_separator", spoils="answers"),
}  # fmt: skip


def _turned(row: int) -> str:
    return f"{_sentence(row)},{_sentence(row)[::-1]}"


PAIRS: dict[str, Make] = {
    "source": part("text_pairs", None, lambda row: f"{row}\tthe {_colour(row)}\tle {_colour(row)}",
                   "one\tred is\tblue", "source", ending="txt"),
    "target": part("text_pairs", None, lambda row: f"the {_colour(row)}\t{row}\tle {_colour(row)}",
                   "red is\tone\tblue", "target", spoils="answers", ending="txt"),
    "separator": part("text_pairs", "a;x,y", _turned, "red;blue,p", "separator"),
    "encoding": part("text_pairs", "a,y", lambda row: f"привет {_colour(row)} мир,один {_colour(row)}",
                     "жлю,p", "encoding", code=CODE),
    "header": part("text_pairs", None, lambda row: f"{_colour(row)} is {row % 4},{row % 5} {_colour(row)}",
                   "red is 2,3 red", "header"),
    "skip_above": part("text_pairs", "A list\n\nenglish,french", _turned, "the red one,der"),
    "sheet": sheets("text_pairs", _TEXTS.assign(y=_TEXTS["text"].str[::-1]),
                    _TEXTS[::-1].assign(y=_TEXTS["text"].str.upper())),
    "missing": part("text_pairs", "english,french", _turned, "null,der"),
}  # fmt: skip


def _recorded(folder: Path) -> Excerpt:
    """Return a recording of several stretches, and the beginning of one, which alone is no such thing."""
    lines = [
        f"{row},{(row * 37 % 11) / 7 + row // 60 % 2:.3f},{('walk', 'run')[row // 60 % 2]}"
        for row in range(480)
    ]
    saved(folder / "walks.csv", ["time,x,doing", *lines])
    saved(folder / "new.csv", ["time,x,doing", *lines[:40]])
    source = SeriesTable(path=str(folder / "walks.csv"))
    return Excerpt(source, folder / "new.csv", (0, 1), kept=("window",))


def _directed(folder: Path) -> Excerpt:
    """Return pairs whose file says that the second column is read, and a file that says nothing."""
    lines = [f"the {_colour(row)} one {row}\t{_yes(row)} le {_colour(row)}" for row in range(40)]
    saved(folder / "fr-en.tsv", ["en\tfr", *lines])
    saved(folder / "new.tsv", ["en\tfr", *lines[:2]])
    source = TextPairsFile(path=str(folder / "fr-en.tsv"))
    return Excerpt(source, folder / "new.tsv", (0, 1), kept=("direction",), words=True, judged=False)


def _paired_lines(folder: Path) -> Excerpt:
    """Return sentences a line, their translations in a second file, and a short one of them."""
    lines = ["жлю", *(f"привет {_colour(row)} мир" for row in range(40))]
    saved(folder / "a.ru", lines, CODE)
    saved(folder / "a.en", [line[::-1] for line in lines], CODE)
    saved(folder / "new.ru", lines[:1], CODE)
    source = TextPairsFile(path=str(folder / "a.ru"), translations=str(folder / "a.en"))
    return Excerpt(source, folder / "new.ru", kept=("encoding",), words=True, judged=False)


def _tagged_line(row: int) -> str:
    return f"{1}\t{_colour(row)}\tX\n2\tbird\tN\n"


_SAID = pd.DataFrame(
    [(row, word, tag) for row in range(40) for word, tag in ((_colour(row), "X"), ("bird", "N"))],
    columns=["sentence", "word", "tag"],
)

TAGGED: dict[str, Make] = {
    "word": part("tagged_text", None, _tagged_line, "a\tb\tX\n", "word", ending="conllu"),
    "tag": part("tagged_text", None, lambda row: f"{_colour(row)}\t{'AB'[row % 2]}\t_\nis\tC\t_\n",
                "red\tA\t_\nis\tA\t_\n", "tag", spoils="answers", ending="conll"),
    "encoding": part("tagged_text", None, lambda row: f"привет\tA\n{_colour(row)}\tB\n",
                     "жлю\tA\n", "encoding", ending="conll", code=CODE),
    "sheet": sheets("tagged_text", _SAID, _SAID.assign(word=_SAID["word"].str[::-1])),
}  # fmt: skip


def _tagged_folder(folder: Path) -> Excerpt:
    """Return files of tagged words, of which one alone is too short to tell its encoding."""
    (folder / "tagged").mkdir()
    saved(folder / "tagged" / "a.conll", ["жлю\tA\n"], CODE)
    rows = [f"привет\tA\n{_colour(row)}\tB\n" for row in range(30)]
    saved(folder / "tagged" / "b.conll", rows, CODE)
    source = TaggedText(path=str(folder / "tagged"))
    return Excerpt(source, folder / "tagged" / "a.conll", kept=("encoding",), words=True)


def _folders(folder: Path) -> Excerpt:
    """Return texts in folders, of which one alone is too short to tell its encoding."""
    for row in range(40):
        place = folder / "texts" / _yes(row)
        place.mkdir(parents=True, exist_ok=True)
        saved(place / f"{row:02}.txt", ["жлю" if row == 0 else f"привет {_colour(row)} мир"], CODE)
    (folder / "new" / "p").mkdir(parents=True)
    shutil.copy(folder / "texts" / "p" / "00.txt", folder / "new" / "p")
    return Excerpt(TextFolders(path=str(folder / "texts")), folder / "new", kept=("encoding",), words=True)


def _texts_named(folder: Path) -> Excerpt:
    """Return texts whose names begin with their class, and those of one class alone."""
    for place, rows in (("all", range(40)), ("new", range(0, 40, 2))):
        (folder / place).mkdir()
        for row in rows:
            saved(folder / place / f"{('good', 'poor')[row % 2]}_{row:02}.txt", [f"one {_colour(row)} bird"])
    source = TextFolders(path=str(folder / "all"))
    return Excerpt(source, folder / "new", range(20), ("classes",), spoils="answers", words=True)


def _running(*, several: bool) -> Make:
    def make(folder: Path) -> Excerpt:
        lines = [f"привет {_colour(row)} мир один раз жлю" for row in range(60)]
        (folder / "books").mkdir()
        for name in ("a", "b") if several else ("a",):
            saved(folder / "books" / f"{name}.txt", lines, CODE)
        saved(folder / "new.txt", ["жлю"], CODE)
        path = folder / "books" if several else folder / "books" / "a.txt"
        return Excerpt(TextFiles(path=str(path)), folder / "new.txt", (), ("encoding",), words=True)

    return make


# --------------------------------------------------------------------------------------------- pictures


def _faint(folder: Path) -> Excerpt:
    """Return deep pictures of which one alone has another range, and that one."""
    place = drawn(folder, deep=4096)
    faint = place / "flat" / "0.png"
    Image.fromarray((np.asarray(Image.open(faint)) // 64).astype(np.uint16)).save(faint)
    return Excerpt(Images(path=str(place)), faint, kept=("black", "white"), judged=False)


def _flat(folder: Path) -> Excerpt:
    """Return pictures of two proportions, and one of them."""
    place = drawn(folder)
    return Excerpt(Images(path=str(place)), place / "flat" / "0.png", judged=False)


def _nearly(folder: Path) -> Excerpt:
    """Return pictures of other proportions, and one that has nearly those that all are brought to."""
    place = drawn(folder)
    nearly = place / "flat" / "0.png"
    Image.open(nearly).resize((34, 33)).save(nearly)
    return Excerpt(Images(path=str(place)), nearly, kept=("fit",), judged=False)


def _grey(folder: Path) -> Excerpt:
    place = drawn(folder)
    grey = place / "flat" / "0.png"
    Image.open(grey).convert("L").save(grey)
    return Excerpt(Images(path=str(place)), grey, judged=False)


def _named(folder: Path) -> Excerpt:
    """Return pictures whose names begin with their class, and those of one class alone."""
    for path in drawn(folder).rglob("*.png"):
        for place in ("all", "new") if path.parent.name == "flat" else ("all",):
            (folder / place).mkdir(exist_ok=True)
            shutil.copy(path, folder / place / f"{path.parent.name}_{path.name}")
    source = Images(path=str(folder / "all"))
    return Excerpt(source, folder / "new", range(8), ("classes",), spoils="answers")


def _listed(names: str, row: Callable[[str, int], str], first: str, *kept: str, **more: Any) -> Make:
    """Return a list of pictures whose first row alone says less, and a list of that row."""

    def make(folder: Path) -> Excerpt:
        found = sorted(path.relative_to(folder).as_posix() for path in drawn(folder).rglob("*.png"))
        rows = [first.format(path=found[0]), *(row(path, place) for place, path in enumerate(found[1:]))]
        saved(folder / "list.csv", [names, *rows])
        saved(folder / "new.csv", [names, *rows[:1]])
        return Excerpt(Images(path=str(folder / "list.csv")), folder / "new.csv", kept=kept, **more)

    return make


PICTURES: dict[str, Make] = {
    "classes": _named,
    "height": _flat,
    "width": _flat,
    "fit": _nearly,
    "colour": _grey,
    "black": _faint,
    "white": _faint,
    "paths": _listed("thumb,file,label", lambda path, row: f"none,{path},{'xy'[row % 2]}",
                     "pictures/tall/7.png,{path},x", "paths"),
    "label": _listed("file,other,label", lambda path, row: f"{path},{row},{'xy'[row % 2]}", "{path},3,x"),
    "label_separator": _listed("file,label", lambda path, row: f"{path},{_several(row)}", "{path},p;q",
                               "label_separator", spoils="answers"),
}  # fmt: skip


FOUND: dict[str, dict[str, Make]] = {
    "table": TABLES,
    "images": PICTURES,
    "series_table": {
        **SERIES,
        "window": _recorded,
        "decimal of a folder": _recordings,
        "decimal of two files": _archive,
    },
    "time_series": COURSES,
    "text_table": TEXTS,
    "text_folders": {"encoding": _folders, "classes": _texts_named},
    "text_files": {"encoding": _running(several=False), "encoding of a folder": _running(several=True)},
    "tagged_text": {**TAGGED, "encoding of a folder": _tagged_folder},
    "text_pairs": {**PAIRS, "direction": _directed, "encoding of two files": _paired_lines},
}
"""By the kind of a source and the setting that is found out, or how."""

SAID: dict[str, str] = {
    "path": "where the data is",
    "validation_path": "where the validation part is",
    "test_path": "where the test part is",
    "translations": "where the other half of the data is",
    "ignore": "nothing is ignored unless it is said",
    "table.target": "must be said",
    "images.memory_limit": "where pictures lie changes no input and no answer",
    "idx.classes": "what classes are called changes no input and no answer",
    "series_table.longest": "nothing is cut unless it is said",
    "time_series.course": "a table is one course unless it is said",
    "time_series.only": "a table is one course unless it is said",
    "time_series.known": "nothing is known ahead unless it is said",
    "time_series.borders": "where the parts begin changes no input and no answer",
}
"""Settings that are never found out, though they may be left empty, with the reason."""

NEEDLESS = frozenset({"text_pairs.decimal", "text_pairs.types"})
"""What is found out though no setting is called so: pairs hold no numbers, and their columns are words."""
