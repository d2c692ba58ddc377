"""New inputs: rows and pictures to predict, brought into the form that the network was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Problem
from engine.data.fitted import Number
from engine.data.memory import free_memory
from engine.data.pictures.files import ENDINGS, Frame, in_colours, picture_files, read_pictures, resized
from engine.data.preprocessor import PictureEncoder, Preprocessor, TableEncoder
from engine.data.raw import Pictures, Raw, Table, TaggedTexts, Texts, Timeline
from engine.data.recognition import recognise
from engine.data.series.encoders import SeriesEncoder, TimelineEncoder
from engine.data.series.new_series import course_end, new_series
from engine.data.source import Report, silent
from engine.data.tables.files import EXCEL, PARQUET, TEXT, read_table
from engine.data.tables.format import TableFormat
from engine.data.texts.encoders import TokensEncoder
from engine.data.texts.new import new_texts
from engine.data.values import MISSING, as_text, listed, numbers

_MOST_PIXELS = 1_000_000_000
_FAR = 6.0
"""Scaled numbers beyond this are so rare in training that nothing was learnt about them."""


@dataclass(frozen=True)
class NewInputs:
    """Inputs ready for the network.

    `inputs`: float32 (N, *shape), int64 for tokens; `rows`: int64 (N,), which of the given rows they are
    (some may be left out); `names`: (N,) what each is called, a file or a row counted from 1; `raw`: all
    rows or pictures that were given; `notices`: what a person should know.
    """

    inputs: NDArray[np.float32] | NDArray[np.int64]
    rows: NDArray[np.int64]
    names: tuple[str, ...]
    raw: Raw
    notices: tuple[str, ...]

    def repeated(self, times: int) -> NewInputs:
        """Return each input so many times, one after the other."""
        places = np.repeat(np.arange(len(self.rows)), times)
        names = tuple(name for name in self.names for _ in range(times))
        return replace(self, inputs=self.inputs[places], rows=self.rows[places], names=names)

    def as_given(self, most: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return the names of the given columns, and `rows` as text, "" where a cell is missing.

        Texts are one column. Both are empty for other kinds, and where there are more than `most` cells.
        """
        match self.raw:
            case Texts(texts=texts) if len(self.rows) <= most:
                return ("text",), tuple((texts[row],) for row in self.rows.tolist())
            case TaggedTexts(words=words) if len(self.rows) <= most:
                return ("text",), tuple((" ".join(words[row]),) for row in self.rows.tolist())
            case Table(frame=frame) if len(self.rows) * len(frame.columns) <= most:
                frame = frame.iloc[self.rows]
                columns = (_texts(frame[name]) for name in frame.columns)
                return tuple(str(name) for name in frame.columns), tuple(zip(*columns, strict=True))
        return (), ()


def read_new(
    given: Path | str | Sequence[Mapping[str, Any]] | NDArray[np.uint8],
    preprocessor: Preprocessor,
    report: Report = silent,
) -> NewInputs:
    """Return new data as inputs: a file or folder, rows as mappings of column to value, or pixels.

    Pixels are uint8 (N, height, width) or (N, height, width, 1 or 3), of any size. Raises Invalid, saying
    what is missing or wrong, when the network cannot take them.
    """
    match preprocessor.encoder:
        case TableEncoder() as encoder:
            return _table(given, preprocessor, encoder, report)
        case PictureEncoder() as encoder:
            return _pictures(given, preprocessor, encoder, report)
        case SeriesEncoder() as encoder:
            return _series(given, preprocessor, encoder, report)
        case TimelineEncoder() as encoder:
            return _course(given, encoder, report)
        case TokensEncoder() as encoder:
            return _text(given, preprocessor, encoder, report)
    raise TypeError(f"nothing new can be read for {preprocessor.encoder.what}")


def _table(given: Any, preprocessor: Preprocessor, encoder: TableEncoder, report: Report) -> NewInputs:
    if isinstance(given, np.ndarray):
        raise _refused("this network was trained on a table; give it rows, not pictures")
    if isinstance(given, (str, Path)):
        path = Path(given)
        if path.is_dir() or path.suffix.lower() in ENDINGS:
            raise _refused(f"this network was trained on a table; {path.name} is no table file")
        words = tuple(column.name for column in encoder.columns if not isinstance(column, Number))
        raw = _read_file(path, TableFormat().kept_as_written(*words), report, encoder)
    else:
        raw = _typed(given)
    notices = list(raw.notices)
    known = {*(column.name for column in encoder.columns), *preprocessor.predicted.names}
    known |= {column.name for column in encoder.left_out}
    extra = [name for name in raw.frame.columns if name not in known]
    if extra:
        notices.append(f"columns the network does not know are ignored: {listed(extra, 20)}")
    rows = np.arange(len(raw), dtype=np.int64)
    if encoder.drop_missing:
        rows = _whole(raw, encoder, notices)
    chosen = Table(raw.frame.iloc[rows], (), raw.names)
    inputs = preprocessor.inputs(chosen, notices.append)
    notices += _far(inputs, encoder, chosen.frame)
    return NewInputs(inputs, rows, tuple(f"row {row + 1}" for row in rows), raw, tuple(notices))


def _far(inputs: NDArray[np.generic], encoder: TableEncoder, frame: pd.DataFrame) -> list[str]:
    """Return a sentence for every column of numbers that holds some far from those of training."""
    found: list[str] = []
    start = 0
    for column in encoder.columns:
        scaled = isinstance(column, Number) and (column.offset, column.scale) != (0, 1)
        far = np.abs(np.asarray(inputs[:, start], np.float32)) > _FAR if scaled else np.zeros(0, np.bool_)
        if far.any():
            first = as_text(frame[column.name].iloc[int(far.argmax())])
            more = f" and {far.sum() - 1} more values lie" if far.sum() > 1 else " lies"
            found.append(
                f"{column.name}: {first}{more} far from what training held; the prediction is a guess"
            )
        start += len(column.features)
    return found


def _texts(column: pd.Series[Any]) -> list[str]:
    gone = column.isna().tolist()
    return ["" if lacks else as_text(value) for value, lacks in zip(column.tolist(), gone, strict=True)]


def _read_file(path: Path, how: TableFormat, report: Report, encoder: TableEncoder) -> Table:
    with _without_paths():
        found = read_table(path, how, (), report, free_memory())
        needed = {column.name for column in encoder.columns}
        if not needed & set(found.names) and path.suffix.lower() not in PARQUET:
            # Perhaps the guess about the first row was wrong, as with a single row of words.
            named = read_table(path, replace(how, header="yes"), (), report, free_memory())
            found = named if needed & set(named.names) else found
    return found


def _typed(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return rows that a person typed; text that writes a number is one."""
    if not rows:
        raise _refused("no rows were given")
    names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    columns = {}
    for name in names:
        values = [_cell(row.get(name)) for row in rows]
        columns[name] = pd.Series(values, dtype=object)
    return Table(pd.DataFrame(columns), (), names)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return None if value.strip().casefold() in MISSING else _number_or_text(value.strip())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _number_or_text(text: str) -> object:
    """Return 1,5 and 1 000 as text that reads as a number; other text as it is."""
    point = recognise(
        "", pd.Series([text.replace(",", ".") if text.count(",") == 1 else text]), ".", certain=True
    )
    value = point.column.iloc[0]
    return text if isinstance(value, (str, pd.Timestamp)) else _shorter(text, float(value))


def _shorter(text: str, value: float) -> object:
    try:
        float(text)
    except ValueError:
        return repr(value)
    return text


def _whole(raw: Table, encoder: TableEncoder, notices: list[str]) -> NDArray[np.int64]:
    """Return the rows that lack no number; training left such rows out too."""
    needed = [
        column.name
        for column in encoder.columns
        if column.kind in ("number", "date") and column.name in raw.frame.columns
    ]
    whole = np.flatnonzero(raw.frame[needed].notna().all(axis=1).to_numpy()).astype(np.int64)
    if len(whole) == 0:
        raise _refused("every row lacks a number, and training left such rows out: fill them in")
    if len(whole) < len(raw):
        notices.append(f"{len(raw) - len(whole)} rows that lack a number are left out, as in training")
    return whole


def _series(given: Any, preprocessor: Preprocessor, encoder: SeriesEncoder, report: Report) -> NewInputs:
    notices: list[str] = []
    with _without_paths():
        found = _rows_given(given, "series")
        raw = new_series(found, encoder, preprocessor.predicted.names[0], report, free_memory())
    inputs = preprocessor.inputs(raw, notices.append)
    rows = np.arange(len(raw), dtype=np.int64)
    return NewInputs(inputs, rows, raw.names, raw, (*raw.notices, *notices))


def _course(given: Any, encoder: TimelineEncoder, report: Report) -> NewInputs:
    """Return the last rows as one input: the forecast of what comes after them."""
    with _without_paths():
        raw = course_end(_rows_given(given, "a course over time"), encoder, report, free_memory())
    return _end_of(raw, encoder)


def latest_rows(raw: Raw, preprocessor: Preprocessor) -> NewInputs:
    """Return the last rows of a run's own data as one input, whose future nobody knows yet."""
    encoder = preprocessor.encoder
    if not isinstance(raw, Timeline) or not isinstance(encoder, TimelineEncoder):
        raise _refused("only a forecast can do without new inputs; give a file, or a folder")
    return _end_of(raw, encoder)


def _end_of(raw: Timeline, encoder: TimelineEncoder) -> NewInputs:
    inputs = encoder.latest(raw)
    return NewInputs(
        inputs, np.array([len(raw)], np.int64), (f"after {raw.times[-1]}",), raw, tuple(raw.notices)
    )


def _text(given: Any, preprocessor: Preprocessor, encoder: TokensEncoder, report: Report) -> NewInputs:
    place = Path(given) if isinstance(given, (str, Path)) else given
    with _without_paths():
        found = new_texts(place, encoder, preprocessor.predicted.kind == "tokens", report, free_memory())
    rows = np.arange(len(found.raw), dtype=np.int64)
    return NewInputs(found.inputs, rows, found.raw.names, found.raw, found.notices)


def _rows_given(given: Any, what: str) -> Path | Table:
    if isinstance(given, np.ndarray):
        raise _refused(f"this network was trained on {what}; give it a file or rows, not pictures")
    if isinstance(given, (str, Path)):
        path = Path(given)
        if "\x00" in str(path) or not path.exists():
            raise _refused(f"there is no file or folder {path}")
        return path
    rows = _typed(given)
    return replace(rows, frame=rows.frame.apply(_typed_column))


def _typed_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of typed cells as numbers or dates where all are that."""
    values, wrong = numbers(column)
    if not wrong.any():
        return pd.Series(values, column.index, name=column.name)
    return recognise(str(column.name), column.astype(object)).column


@contextmanager
def _without_paths() -> Iterator[None]:
    """Take the paths of settings off the problems: whoever predicts has none of them to change."""
    try:
        yield
    except Invalid as error:
        raise Invalid([Problem("", problem.message) for problem in error.problems]) from None


def _pictures(given: Any, preprocessor: Preprocessor, encoder: PictureEncoder, report: Report) -> NewInputs:
    frame = Frame(encoder.height, encoder.width)
    if isinstance(given, np.ndarray):
        raw, notices = _from_pixels(given, frame)
    elif isinstance(given, (str, Path)):
        raw, notices = _from_files(Path(given), frame, report)
    else:
        raise _refused("this network was trained on pictures; give it pictures, not rows")
    raw = Pictures(in_colours(raw.pixels, encoder.channels), raw.labels, (), raw.names)
    rows = np.arange(len(raw), dtype=np.int64)
    return NewInputs(preprocessor.inputs(raw), rows, raw.names, raw, tuple(notices))


def _from_pixels(given: NDArray[Any], frame: Frame) -> tuple[Pictures, list[str]]:
    pixels = given[..., None] if given.ndim == 3 else given
    fits = pixels.ndim == 4 and pixels.shape[-1] in (1, 3) and pixels.dtype == np.uint8
    if not fits or not 0 < pixels.size <= _MOST_PIXELS:
        raise _refused(
            "pixels must be uint8 (N, height, width) or (N, height, width, 3), "
            f"not {given.dtype} {given.shape}"
        )
    names = tuple(f"picture {index + 1}" for index in range(len(pixels)))
    found = Pictures(resized(pixels, frame), np.full(len(pixels), "", np.str_), (), names)
    return found, _size_notice(pixels.shape[1:3], frame)


def _from_files(path: Path, frame: Frame, report: Report) -> tuple[Pictures, list[str]]:
    if path.suffix.lower() in (*TEXT, *EXCEL, *PARQUET):
        raise _refused(f"this network was trained on pictures; {path.name} is a table")
    if not path.exists():
        raise _refused(f"there is no file or folder {path}")
    files = picture_files(path) if path.is_dir() else [path]
    if not files:
        raise _refused(f"{path} holds no pictures")
    with _without_paths():
        pixels, read, broken = read_pictures(files, frame, report, free_memory())
    names = tuple(files[index].relative_to(path).as_posix() if path.is_dir() else path.name for index in read)
    notices = [f"cannot be read and left out: {listed(broken)}"] if broken else []
    return Pictures(pixels, np.full(len(pixels), "", np.str_), (), names), notices


def _size_notice(size: tuple[int, ...], frame: Frame) -> list[str]:
    if size == (frame.height, frame.width):
        return []
    return [f"pictures of {size[0]} × {size[1]} resized to the {frame.height} × {frame.width} of training"]


def _refused(text: str) -> Invalid:
    return Invalid([Problem("", text)])
