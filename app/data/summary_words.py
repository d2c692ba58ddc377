"""What the data page says of the data in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.data.watch import counted, target_words
from app.language.numbers import whole
from app.language.words import tr
from app.modalities.appearance import appearance_of
from engine.data.description import Description
from engine.data.inspection.records import Inspection

SUGGESTED: Mapping[str, Callable[[], str]] = {
    "text_table": lambda: tr("There is a column of texts: read it as texts"),
    "text_pairs": lambda: tr("These are texts in two columns: read them as texts with translations"),
    "text_folders": lambda: tr("Each file may be a class with an example a line: read them so"),
    "images": lambda: tr("There is a column of pictures: read the pictures that it names"),
    "series_table": lambda: tr("Each row looks like a series: read them as series with a label"),
    "time_series": lambda: tr("The rows are in the order of time: read them as a time series"),
}
"""What is offered where another source reads the same file better."""


def title_words(found: Inspection) -> str:
    """Return the size of the data in words: "150 rows, 4 columns become 6 inputs", "1 797 pictures 8×8"."""
    read = sum(column.role == "input" for column in found.columns)
    # where every column is one input there is nothing to explain
    if found.description is None or read == found.description.inputs.size or not read:
        return counted(found)
    return tr(
        "{rows} rows, 1 column becomes {inputs} inputs"
        if read == 1
        else "{rows} rows, {columns} columns become {inputs} inputs",
        rows=whole(found.count),
        columns=whole(read),
        inputs=whole(found.description.inputs.size),
    )


def parts_words(found: Inspection) -> str:
    """Return what is predicted, and how many examples each part has."""
    description = found.description
    if description is None:
        return tr("choose what is to be predicted") if found.candidates and not found.balance else ""
    windows = appearance_of(found.kind).windows
    # whole sentences: other languages put their words in another order
    counts = tr(
        "{train} windows for training · {validation} for validation · {test} for the test at the end"
        if windows
        else "{train} examples for training · {validation} for validation · {test} for the test at the end",
        train=whole(description.train),
        validation=whole(description.validation),
        test=whole(description.test),
    )
    # first: where there is little room, the end of the line is cut
    return f"{_predicted_words(found, description)} · {counts}"


def _predicted_words(found: Inspection, description: Description) -> str:
    names, targets = target_words(found), description.targets
    if not names:
        return tr("learns from the texts themselves")
    if targets.kind in ("classes", "tags"):
        return tr("predicts {names} ({count} classes)", names=names, count=targets.size)
    if targets.kind == "labels":
        return tr("predicts which labels of {names} apply, of {count}", names=names, count=targets.size)
    return tr("predicts {names}", names=names)
