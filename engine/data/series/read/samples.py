"""Reading the samples that are series: arrays in an .npz, or a CSV, and what the TOML beside it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.memory import free_memory
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.read.course_format import CourseFormat
from engine.data.series.read.courses import from_rows
from engine.data.source import Report
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import read_text_table


def series_sample(path: Path, facts: Mapping[str, Any]) -> SeriesSet:
    """Return the labelled series of a sample. Raises OSError, ValueError or KeyError when it is damaged."""
    with np.load(path, allow_pickle=False) as archive:
        values, lengths, codes, test = (archive[name] for name in ("values", "lengths", "labels", "test"))
    # the file holds all series end to end, as an .npz without pickle has no ragged arrays
    series = np.split(values, np.cumsum(lengths)[:-1])
    return SeriesSet(
        tuple(series),
        tuple(f"channel {index + 1}" for index in range(values.shape[1])),
        np.array(facts["classes"])[codes],
        tuple(f"recording {index + 1}" for index in range(len(series))),
        facts["target"],
        published=np.where(test == 1, "test", "train"),
    )


def timeline_sample(
    path: Path, facts: Mapping[str, Any], history: int, horizon: int, report: Report
) -> Timeline:
    """Return the course over time of a sample; history and horizon 0 are those the sample suggests."""
    table = read_text_table(path, TableFormat("utf-8", ",", ".", header="yes"), (), report, free_memory())
    how = CourseFormat(
        (facts["target"],),
        history=history or facts["history"],
        horizon=horizon or facts["horizon"],
        season=facts["season"],
        calendar=facts["calendar"],
        changes=facts["changes"],
    )
    return replace(from_rows(table, how), notices=())  # what is uneven is said in the description
