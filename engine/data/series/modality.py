"""Series, each with a label, and courses over time that are to be forecast."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.choices import Message
from engine.data.description import PartName, TargetKind
from engine.data.files.endings import SERIES
from engine.data.modality import FileSort, Modality, SmallData
from engine.data.preparation.modality import LabelledModality
from engine.data.raw import Raw
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet, Timeline

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.encoder import Encoder, Say
    from engine.data.inspection.records import Inspection
    from engine.data.new.files import Trained
    from engine.data.new.inputs import Given, NewInputs
    from engine.data.preparation.target import Answers
    from engine.data.prepared import Prepared
    from engine.data.preprocessing import Preprocessing
    from engine.data.preprocessor import Preprocessor
    from engine.data.source import Report
    from engine.data.split import Split


class Recordings(LabelledModality[SeriesSet], kind="series"):
    """Series of any length."""

    raw = SeriesSet
    name = "series"
    receives = "series"
    predicts = ("classes", "numbers")
    sorts = (FileSort("series", "series", frozenset(SERIES), rank=3, less="tables"),)
    read_from = ("series", "tables")
    usual_source = "series_table"
    small = (SmallData({"kind": "sample", "name": "japanese_vowels"}, "classification", rank=4),)
    looks_at = 200_000  # of one thing that is done, a sensor writes thousands of rows
    precedence = 5
    one_class_cure = (
        ": give each class a folder of its own; where a column says the class of each row, open one "
        "file as a table instead"
    )

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.series.in_table import holds_series
        from engine.data.series.read.pieces import stretches_in

        return stretches_in(table, targets) is not None or holds_series(table.head(2_000))

    @override
    def seen_in(self, table: pd.DataFrame, targets: Collection[str]) -> str:
        from engine.data.series.read.pieces import seen_stretches

        return seen_stretches(table, targets)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.series.encode import SeriesEncoder

        return SeriesEncoder

    @override
    def inspect(
        self, raw: SeriesSet, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.series.inspect import inspect_series

        return inspect_series(raw, self.guess(raw))

    @override
    def joined(self, raw: SeriesSet, other: SeriesSet, part: PartName) -> tuple[SeriesSet, list[str]]:
        from engine.data.cells.values import listed
        from engine.data.joining import SETTINGS, labels_of_both

        if raw.channels != other.channels:
            raise refused(
                f"data.{SETTINGS[part]}",
                Message(
                    "has the channels {listed}, not {others}",
                    listed=listed(other.channels),
                    others=listed(raw.channels),
                ),
            )
        return replace(raw, values=raw.values + other.values, **labels_of_both(raw, other, part)), []

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> SeriesSet:
        from engine.data.series.read.samples import series_sample

        return series_sample(path, facts)

    @override
    def new(self, raw: SeriesSet, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.new.inputs import plain_inputs

        return plain_inputs(raw, preprocessor, raw.names)

    @override
    def typed(self, given: Given, trained: Trained, report: Report) -> SeriesSet:
        from engine.data.memory import free_memory
        from engine.data.series.new import new_series
        from engine.data.series.read.reading import SeriesFormat
        from engine.data.series.read.series_tables import SeriesColumns
        from engine.data.tables.new import typed_rows

        # rows typed to be predicted have no label, and none should be looked for
        how = SeriesFormat(SeriesColumns(labelled=False))
        return new_series(typed_rows(given, self.name), how, trained.preprocessor, report, free_memory())

    @override
    def doubts(self, raw: SeriesSet, found: Answers, rows: NDArray[np.int64], *, apart: bool) -> list[str]:
        from engine.data.series.read.pieces import told_alike

        # pieces of a recording: the first column beside them says what they were cut from
        cut = raw.found.get("window") and raw.beside is not None
        return told_alike(str(raw.beside.columns[0])) if cut and apart and raw.beside is not None else []

    @override
    def no_answers(self, raw: SeriesSet) -> tuple[str, str]:
        setting, why = super().no_answers(raw)
        turned = "; or, where each row is a course to be forecast, turn the table so that each is a column"
        return setting, why + turned

    @override
    def fit(
        self, raw: SeriesSet, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say, report: Report
    ) -> Encoder:
        from engine.data.series.fit import fit_series

        return fit_series(raw, train, preprocessing, say)


class Courses(Modality[Timeline], kind="timeline"):
    """Rows in the order of time, the next of which are to be forecast."""

    raw = Timeline
    name = "a course over time"
    receives = "series"
    predicts = ("numbers",)
    read_from = ("tables",)
    usual_source = "time_series"
    small = (
        SmallData({"kind": "sample", "name": "sunspots", "history": 16, "horizon": 2}, "forecasting", rank=5),
    )
    looks_at = 200_000  # the newest rows of a thousand shops are one day
    precedence = 4

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.series.in_table import is_course

        return is_course(table, targets)

    @override
    def rows_of_each(self, table: pd.DataFrame) -> int:
        from engine.data.series.read.several import rows_of_each

        return rows_of_each(table)

    @override
    def seen_in(self, table: pd.DataFrame, targets: Collection[str]) -> str:
        from engine.data.series.read.several import seen_several

        return seen_several(table, targets)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.series.encode import TimelineEncoder

        return TimelineEncoder

    @override
    def prepare(
        self,
        raw: Timeline,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        from engine.data.series.prepare import prepare_timeline

        return prepare_timeline(raw, split, preprocessing, report)

    @override
    def inspect(
        self, raw: Timeline, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.series.inspect import inspect_timeline

        return inspect_timeline(raw, prepared, split, self.guess(raw))

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> Timeline:
        from engine.data.series.read.samples import timeline_sample

        return timeline_sample(path, facts, settings.history, settings.horizon, report)

    @override
    def new(self, raw: Timeline, preprocessor: Preprocessor) -> NewInputs:
        return self.latest(raw, preprocessor)

    @override
    def latest(self, raw: Timeline, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.series.new import latest_rows

        return latest_rows(raw, preprocessor)

    @override
    def typed(self, given: Given, trained: Trained, report: Report) -> Raw:
        from engine.data.series.encode import TimelineEncoder
        from engine.data.series.new import course_end
        from engine.data.series.read.course_format import CourseFormat
        from engine.data.tables.new import typed_rows

        encoder = trained.preprocessor.encoder
        # the modality was found by the encoder, so this is a matter of types
        assert isinstance(encoder, TimelineEncoder)
        return course_end(typed_rows(given, self.name), CourseFormat(), encoder)

    @override
    def refuse_file(self, path: Path) -> None:
        from engine.data.tables.new import refuse_no_table

        refuse_no_table(path)
