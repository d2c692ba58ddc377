"""New inputs: rows and pictures to predict, brought into the form that the network was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Problem
from engine.data.cells.values import as_text, listed
from engine.data.files.table_folders import files_alike
from engine.data.fitted import Number
from engine.data.images.read.files import ENDINGS, Frame, in_colours, resized
from engine.data.memory import free_memory
from engine.data.new_files import Trained, read_as_trained
from engine.data.new_rows import Unanswered, bad_cells, blank_end, typed_rows
from engine.data.preprocessor import ImageEncoder, Preprocessor, TableEncoder
from engine.data.raw import ImageSet, Raw, SeriesSet, Table, TaggedTexts, Texts, Timeline
from engine.data.series.encoders import SeriesEncoder, TimelineEncoder
from engine.data.series.new_series import course_end, new_series
from engine.data.series.read.courses import CourseFormat
from engine.data.series.read.reading import SeriesFormat
from engine.data.series.read.series_tables import SeriesColumns
from engine.data.source import Report, Source, silent
from engine.data.texts.encoders import TaggedEncoder, Tokens, TokensEncoder
from engine.data.texts.new import as_words, typed_texts

_MOST_PIXELS = 1_000_000_000
_FAR = 6.0
"""Scaled numbers beyond this are so rare in training that nothing was learnt about them."""

Given = Path | str | Sequence[Mapping[str, Any]] | NDArray[np.uint8]
"""A file or folder, rows as mappings of column to value, or pixels uint8 (N, height, width[, 1 or 3])."""


@dataclass(frozen=True)
class NewInputs:
    """Inputs ready for the network.

    `names`: what each of the given rows is called, a file or a row counted from 1; `raw`: all rows or
    pictures that were given; `inputs`: float32 (N, *shape), int32 for tokens, of those that the network can
    answer; `rows`: int64 (N,), which of the given they are; `unanswered`: why each of the others has no
    answer; `given`: the cells of the file, where it is a table; `notices`: what a person should know.
    """

    inputs: NDArray[np.float32] | NDArray[np.int32]
    rows: NDArray[np.int64]
    names: tuple[str, ...]
    raw: Raw
    notices: tuple[str, ...]
    unanswered: Unanswered = field(default_factory=dict)
    given: pd.DataFrame | None = None

    @property
    def lost(self) -> int:
        """Return how many of the given rows have no answer."""
        return len(self.unanswered)

    def repeated(self, times: int) -> NewInputs:
        """Return each input so many times, one after the other."""
        places = np.repeat(np.arange(len(self.rows)), times)
        return replace(self, inputs=self.inputs[places], rows=self.rows[places])

    def as_given(self, most: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return the names of the given columns, and all rows as text, "" where a cell is missing.

        Texts are one column. Both are empty for other kinds, and where there are more than `most` cells.
        """
        frame = self.given
        if frame is not None:
            if frame.size > most:
                return (), ()
            raw = self.raw
            given = (raw.in_file(name) if isinstance(raw, Table) else frame[name] for name in frame.columns)
            columns = map(_texts, given)
            return tuple(str(name) for name in frame.columns), tuple(zip(*columns, strict=True))
        match self.raw:
            case Texts(texts=texts) if len(texts) <= most:
                return ("text",), tuple((text,) for text in texts)
            case TaggedTexts(words=words) if len(words) <= most:
                return ("text",), tuple((" ".join(sentence),) for sentence in words)
        return (), ()


def read_new(given: Given, trained: Trained, report: Report = silent) -> NewInputs:
    """Return new data as inputs. Raises Invalid, saying what is missing or wrong, when the network cannot
    take them.

    Files are read by the source of the training, with its settings and what it found out.
    """
    with _where_told():
        if isinstance(given, (str, Path)):
            return _of_file(Path(given), trained, report)
        return inputs_of(_typed(given, trained, report), trained.preprocessor)


def _of_file(path: Path, trained: Trained, report: Report) -> NewInputs:
    _refuse_other(path, trained.preprocessor)

    def use(source: Source) -> NewInputs:
        return inputs_of(source.read_new(trained.preprocessor, report), trained.preprocessor)

    found, told = read_as_trained(trained, path, use)
    return replace(found, notices=(*told, *found.notices))


def _refuse_other(path: Path, preprocessor: Preprocessor) -> None:
    """Raise Invalid where a file is plainly of another kind than that of the training."""
    if "\x00" in str(path) or not path.exists():
        raise _refused(f"there is no file or folder {path}")
    table = isinstance(preprocessor.encoder, TableEncoder | TimelineEncoder)
    if table and ((path.is_dir() and not files_alike(path)) or path.suffix.lower() in ENDINGS):
        raise _refused(f"this network was trained on a table; {path.name} is no table file")


def inputs_of(raw: Raw, preprocessor: Preprocessor) -> NewInputs:
    """Return data that was read as inputs."""
    match raw:
        case Table():
            return _of_table(raw, preprocessor)
        case ImageSet():
            return _of_images(raw, preprocessor)
        case Timeline():
            return latest_rows(raw, preprocessor)
        case Texts() | TaggedTexts() if isinstance(preprocessor.encoder, TokensEncoder):
            return _of_texts(raw, preprocessor, preprocessor.encoder)
    notices: list[str] = []
    inputs = preprocessor.inputs(raw, notices.append)
    rows = np.arange(len(inputs), dtype=np.int64)
    names = raw.names if isinstance(raw, SeriesSet) else tuple(f"row {row + 1}" for row in rows)
    return NewInputs(inputs, rows, names, raw, (*raw.notices, *notices))


# ------------------------------------------------------------------------------------------------ tables


def _of_table(raw: Table, preprocessor: Preprocessor) -> NewInputs:
    encoder = preprocessor.encoder
    if not isinstance(encoder, TableEncoder):
        raise _refused(f"this network was trained on {encoder.what}; rows of a table are not that")
    raw = blank_end(raw)
    frame, notices = raw.frame, list(raw.notices)
    known = {*(column.name for column in encoder.columns), *preprocessor.predicted.names}
    known |= {*(column.name for column in encoder.left_out), *raw.ignored}
    extra = [name for name in frame.columns if name not in known]
    if extra:
        notices.append(f"columns the network does not know are ignored: {listed(extra, 20)}")
    frame, unanswered = bad_cells(raw, encoder, str(raw.found.get("decimal", ".")))
    rows = np.array([row for row in range(len(frame)) if row not in unanswered], np.int64)
    chosen = replace(raw, frame=frame.iloc[rows])
    if not len(rows) and len(frame):
        raise _refused(_all_lost(unanswered))
    inputs = preprocessor.inputs(chosen, notices.append)
    notices += _far(inputs, encoder, chosen.frame)
    names = tuple(f"row {row + 1}" for row in range(len(frame)))
    return NewInputs(inputs, rows, names, raw, tuple(notices), unanswered, raw.frame)


def _all_lost(unanswered: Unanswered) -> str:
    first = min(unanswered)
    more = f" (and {len(unanswered) - 1} more rows)" if len(unanswered) > 1 else ""
    return f"no row can be answered: row {first + 1}: {unanswered[first]}{more}"


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


# ------------------------------------------------------------------------------------- series and texts


def latest_rows(raw: Raw, preprocessor: Preprocessor) -> NewInputs:
    """Return the last rows of a course as one input, whose future nobody knows yet."""
    encoder = preprocessor.encoder
    if not isinstance(raw, Timeline) or not isinstance(encoder, TimelineEncoder):
        raise _refused("only a forecast can do without new inputs; give a file, or a folder")
    inputs = encoder.latest(raw)
    return NewInputs(
        inputs, np.array([len(raw)], np.int64), (f"after {raw.times[-1]}",), raw, tuple(raw.notices)
    )


def _of_texts(raw: Texts | TaggedTexts, preprocessor: Preprocessor, encoder: TokensEncoder) -> NewInputs:
    """Return texts as tokens; to be continued, or to have their gaps filled, where the text is the target."""
    continued = preprocessor.predicted.kind == "tokens"
    given = raw.given if isinstance(raw, Texts) else None
    if isinstance(encoder, TaggedEncoder) and isinstance(raw, Texts):
        raw = as_words(raw)
    texts = raw.texts if isinstance(raw, Texts) else tuple(" ".join(words) for words in raw.words)
    if not texts:
        raise _refused("no texts were given")
    notices = list(raw.notices)
    nothing = continued and len(texts) == 1  # a text may be written from nothing, where that is asked for
    blank = {row: "no text" for row, text in enumerate(texts) if not text.strip() and not nothing}
    rows = np.array([row for row in range(len(texts)) if row not in blank], np.int64)
    if not len(rows):
        raise _refused("there is no text in what was given")
    chosen = tuple(texts[row] for row in rows)
    inputs: Tokens
    if continued:
        inputs = encoder.prompts(chosen)
        encoder.tell_unknown([inputs], chosen, notices.append)
    else:
        inputs = encoder.encode_texts(chosen, notices.append)
    return NewInputs(inputs, rows, raw.names, raw, tuple(notices), blank, given)


# ---------------------------------------------------------------------------------------------- pictures


def _of_images(raw: ImageSet, preprocessor: Preprocessor) -> NewInputs:
    encoder = preprocessor.encoder
    if not isinstance(encoder, ImageEncoder):
        raise _refused(f"this network was trained on {encoder.what}; give it such, not pictures")
    raw = replace(raw, pixels=in_colours(raw.pixels, encoder.channels))
    inputs = preprocessor.inputs(raw)
    if raw.given is None or raw.rows is None:
        return NewInputs(inputs, np.arange(len(raw), dtype=np.int64), raw.names, raw, raw.notices)
    names = tuple(f"row {row + 1}" for row in range(len(raw.given)))
    lost = sorted(set(range(len(names))) - set(raw.rows.tolist()))
    return NewInputs(
        inputs,
        raw.rows,
        names,
        raw,
        raw.notices,
        dict.fromkeys(lost, "no picture that can be read"),
        raw.given,
    )


# ----------------------------------------------------------------------------------------- what is typed


def _typed(given: Any, trained: Trained, report: Report) -> Raw:
    """Return rows, texts or pixels that a person typed or drew."""
    match trained.preprocessor.encoder:
        case ImageEncoder() as encoder:
            if not isinstance(given, np.ndarray):
                raise _refused("this network was trained on pictures; give it pictures, not rows")
            return _from_pixels(given, encoder, trained)
        case TokensEncoder():
            return typed_texts(given)
    if isinstance(given, np.ndarray):
        what = trained.preprocessor.encoder.what
        raise _refused(f"this network was trained on {what}; give it rows, not pictures")
    rows = typed_rows(given)
    match trained.preprocessor.encoder:
        case SeriesEncoder():
            how = SeriesFormat(SeriesColumns(labelled=False))
            return new_series(rows, how, trained.preprocessor, report, free_memory())
        case TimelineEncoder() as course:
            return course_end(rows, CourseFormat(), course)
    return rows


def _from_pixels(given: NDArray[Any], encoder: ImageEncoder, trained: Trained) -> ImageSet:
    pixels = given[..., None] if given.ndim == 3 else given
    fits = pixels.ndim == 4 and pixels.shape[-1] in (1, 3) and pixels.dtype == np.uint8
    if not fits or not 0 < pixels.size <= _MOST_PIXELS:
        raise _refused(
            "pixels must be uint8 (N, height, width) or (N, height, width, 3), "
            f"not {given.dtype} {given.shape}"
        )
    names = tuple(f"picture {index + 1}" for index in range(len(pixels)))
    frame = Frame(encoder.height, encoder.width, trained.setting("fit", "stretch"))
    labels = np.full(len(pixels), "", np.str_)
    return ImageSet(resized(pixels, frame), labels, (), names, notices=_size_notice(pixels.shape[1:3], frame))


def _size_notice(size: tuple[int, ...], frame: Frame) -> tuple[str, ...]:
    if size == (frame.height, frame.width):
        return ()
    return (f"pictures of {size[0]} × {size[1]} resized to the {frame.height} × {frame.width} of training",)


@contextmanager
def _where_told() -> Iterator[None]:
    """Let problems keep the place of settings that can be told otherwise; the others have none."""
    try:
        yield
    except Invalid as error:
        raise Invalid([_placed(problem) for problem in error.problems]) from None


def _placed(problem: Problem) -> Problem:
    told = problem.path.startswith("data.") and problem.path != "data.path"
    return problem if told else Problem("", problem.message)


def _refused(text: str) -> Invalid:
    return Invalid([Problem("", text)])
