"""What a prediction shows: words above, figures below. Pure functions from predictions to drawings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.language.numbers import number, percent
from app.language.words import tr
from app.predict.results import bars
from app.views.course.reduction import y_range
from app.views.drawing import (
    Axis,
    Bar,
    BarList,
    BarRow,
    Curve,
    Drawing,
    Nothing,
    PassageDrawing,
    Passages,
    Plot,
    Readout,
    Upright,
    Word,
    series_tone,
)
from app.views.inside.attention_maps import attention_matrix
from app.views.predictions.forecasts import forecast_curves, series_label
from app.views.texts.generated_texts import written_passage
from app.views.texts.tagged_texts import tagged_words
from app.views.texts.text_predictions import how_weighed, weighed_words
from app.views.tokens import SPACE
from engine.inference.results import Aligned, Begun, Filled, Guesses, Predicted, Trace, Weighed

NOTHING = Nothing("")
_FEW = 5
"""So many guesses are shown for each of several gaps."""


@dataclass(frozen=True)
class ShownAnswer:
    """The two drawings of a prediction; Nothing without words where there is none."""

    words: Drawing = NOTHING
    figures: Drawing = NOTHING


def answer(found: Predicted | None, row: int, waiting: str = "", *, whole: bool = False) -> ShownAnswer:
    """Return what to show of one input's prediction; `whole`: the words of all inputs."""
    if found is None or row >= len(found.rows):
        return ShownAnswer(figures=Nothing(waiting))
    if _is_forecast(found):
        course = course_of(found, row)
        most = tr("The first {count} series are drawn; the table has all.", count=len(found.behind))
        return ShownAnswer(figures=Nothing(most) if course is None else forecast(course))
    if found.why_not(row):
        return ShownAnswer(figures=bars(found, row, waiting))
    rows = range(len(found.rows)) if whole else range(row, row + 1)
    passages = tuple(passage for index in rows if (passage := _passage(found, index)) is not None)
    behind = found.behind[row] if row < len(found.behind) else None
    match behind:
        case Begun(following=following):
            figures = _guess_bars([following], tr("what could follow the beginning"))
        case Filled(guesses=guesses):
            figures = _guess_bars(guesses, tr("probability of a guess"))
        case Aligned():
            figures = _attention(behind)
        case Trace() if found.kind == "classes":
            return ShownAnswer(_course(behind), bars(found, row, waiting))
        case _:
            figures = bars(found, row, waiting) if found.values.shape[1] else NOTHING
    return ShownAnswer(Passages(passages) if passages else NOTHING, figures)


def written(texts: Sequence[str], begun: Sequence[int]) -> Drawing:
    """Return texts while they are written; so many letters of each were given."""
    pairs = zip(texts, begun, strict=False)
    return Passages(tuple(written_passage(_with_line_ends(text), letters) for text, letters in pairs))


def _is_forecast(found: Predicted) -> bool:
    return found.kind == "numbers" and bool(found.behind) and isinstance(found.behind[0], Trace)


# --- words --------------------------------------------------------------------------------------------


def _passage(found: Predicted, row: int) -> PassageDrawing | None:
    """Return the text of a row with what was made of it; None where there is no text."""
    behind = found.behind[row] if row < len(found.behind) else None
    if found.kind == "tags":
        return PassageDrawing(tagged_words(found.words[row], found.tags[row]))
    if found.kind == "translation":
        return PassageDrawing(tuple(Word(word) for word in found.texts[row].split()), _given(found, row))
    match behind:
        case Weighed():
            best = int(found.values[row].argmax())
            title = f"{found.names[best]} · {percent(float(found.values[row, best]))}"
            words = weighed_words(behind.tokens, behind.weights)
            return PassageDrawing(words, title, "accent", note=how_weighed(behind.by))
        case Begun(letters=letters):
            return written_passage(_with_line_ends(found.texts[row]), letters)
        case Filled():
            return PassageDrawing(tuple(_filled_words(behind)))
    return PassageDrawing(tuple(Word(word) for word in found.texts[row].split())) if found.texts else None


def _given(found: Predicted, row: int) -> str:
    return found.cells[row][0] if found.cells else found.rows[row]


def _with_line_ends(text: str) -> str:
    """Return a text in which ends of lines are seen; one letter stands for one."""
    return text.replace("\n", "↵")


def _filled_words(found: Filled) -> Iterator[Word]:
    guesses = dict(zip(found.gaps, found.guesses, strict=True))
    for place, token in enumerate(found.tokens):
        if token in (f"{SPACE}[START]", f"{SPACE}[END]"):
            continue
        text, glued = token.removeprefix(SPACE) or " ", not token.startswith(SPACE)
        if place in guesses and guesses[place].shares:
            share = guesses[place].shares[0]
            yield Word(text, "accent", 0.3 + 0.7 * share, note=percent(share, 1), glued=glued)
        else:
            yield Word(text, glued=glued)


# --- figures ------------------------------------------------------------------------------------------


def _guess_bars(places: Sequence[Guesses], scale: str) -> Drawing:
    """Return bars of the guesses for each place, under a heading for each where there are several."""
    rows: list[BarRow] = []
    for index, guesses in enumerate(places):
        if len(places) > 1:
            rows.append(BarRow(tr("Gap {number}", number=index + 1), "", (), "text_muted"))
        pairs = list(zip(guesses.tokens, guesses.shares, strict=True))
        for place, (token, share) in enumerate(pairs if len(places) == 1 else pairs[:_FEW]):
            tone = "accent" if place == 0 else "border_strong"
            rows.append(
                BarRow(
                    token_words(token),
                    "",
                    (Bar(share, percent(share, 1), tone),),
                    "text" if place == 0 else "text_muted",
                    f"{token_words(token)}: {percent(share, 2)}",
                )
            )
    return BarList(tuple(rows), scale) if rows else NOTHING


def token_words(token: str) -> str:
    """Return a token as it is read in a list: "…" before one that goes on with the word before it."""
    if token == f"{SPACE}[END]":
        return tr("(end of the text)")
    text = token.removeprefix(SPACE)
    if not text.strip():
        return tr("(space)")
    return text if token.startswith(SPACE) or not text[0].isalnum() else f"…{text}"


def _attention(found: Aligned) -> Drawing:
    if not found.weights.size:
        return NOTHING
    queries, keys = (
        [token.removeprefix(SPACE) or " " for token in tokens] for tokens in (found.written, found.source)
    )
    return attention_matrix(found.weights.astype(np.float64), queries, keys)


def _course(found: Trace) -> Drawing:
    """Return the curves of a series, a colour for each channel."""
    steps = np.arange(1, len(found.values) + 1, dtype=np.float64)
    columns = [found.values[:, index].astype(np.float64) for index in range(found.values.shape[1])]
    several = len(columns) > 1
    curves = tuple(
        # beyond eight the tones begin anew: a name would no longer tell which curve it is of
        Curve(name, steps, values, series_tone(index), legend=name if several and len(columns) <= 8 else "")
        for index, (name, values) in enumerate(zip(found.names, columns, strict=True))
    )
    # 2: a single step would leave the axis without length
    axis = Axis(tr("step"), 1.0, float(max(len(steps), 2)), whole=True)
    return Plot(axis, Axis("" if several else found.names[0], *y_range(columns)), curves)


def course_of(found: Predicted, row: int) -> Predicted | None:
    """Return the forecast of that course alone which a row is of; None where it is not drawn."""
    if len(found.rows) <= row or not found.cells or len(found.columns) < 2:
        return found
    name = found.cells[row][0]
    before = [one for one in found.behind if isinstance(one, Trace) and one.name == name]
    own = [place for place, cells in enumerate(found.cells) if cells[0] == name]
    if not before:
        return None
    cells = tuple((found.cells[place][-1],) for place in own)
    return replace(
        found,
        rows=tuple(cell for (cell,) in cells),
        columns=found.columns[-1:],
        cells=cells,
        values=found.values[own],
        behind=tuple(before[:1]),
    )


def forecast(found: Predicted) -> Drawing:
    """Return the history and its forecast; the first row that is forecast is number 1."""
    (before,) = (one for one in found.behind if isinstance(one, Trace))
    several = len(found.names) > 1
    curves = [
        curve
        for index, name in enumerate(found.names)
        for curve in forecast_curves(
            name, before.values[:, index], found.values[:, index], 1, index, several=several
        )
    ]
    low, high = 1.0 - len(before.values), float(len(found.values))
    label = series_label("" if several else found.names[0], before.name)
    # rows are numbered "+1", "+2" where the times that come cannot be told
    dated = bool(before.times) and found.rows[0][:1] != "+"
    # between the last row that was seen, 0, and the first that is forecast, 1
    here = Upright(0.5, tr("from {time}", time=found.rows[0]) if dated else "")
    names = (*before.times, *found.rows) if dated else ()
    label_x = found.columns[0] if dated and found.columns else tr("steps ahead")
    x = Axis(label_x, low, high, whole=True, names=names, first=round(low))
    return Plot(x, Axis(label, *y_range([curve.y for curve in curves])), tuple(curves), uprights=(here,))


def forecast_reading(found: Predicted | None, x: float) -> tuple[Readout, ...]:
    """Return when the step under the cursor is, and the values there; nothing for other predictions."""
    if found is None or not _is_forecast(found):
        return ()
    (before,) = (one for one in found.behind if isinstance(one, Trace))
    times = (*(before.times or [""] * len(before.values)), *found.rows)
    values = np.concatenate([before.values, found.values])
    place = min(max(round(x) + len(before.values) - 1, 0), len(values) - 1)
    known = place < len(before.values)
    # the tones that `forecast_curves` gives
    tones = ["text_muted" if known else series_tone(2 * index + 1) for index in range(len(found.names))]
    return (
        Readout(tr("time"), times[place], "text_muted"),
        *(
            Readout(name, number(float(value), 5), tone)
            for name, value, tone in zip(found.names, values[place], tones, strict=True)
        ),
    )
