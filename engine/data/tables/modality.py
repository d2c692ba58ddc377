"""Tables: rows and columns, one or several of which are to be predicted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.choices import Message
from engine.data.description import PartName, TargetKind
from engine.data.files.endings import TABLES
from engine.data.modality import FileSort, SmallData
from engine.data.preparation.modality import LabelledModality, in_places
from engine.data.tables.raw import Table

if TYPE_CHECKING:
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
    from engine.data.tables.encode import TableEncoder


_LABELLED = b"a,b,labels\n" + b"0.5,1,x;y\n1,-1,y\n-1,0.5,x\n-2,-0.5,x;z\n0,2,z\n" * 40


class Tables(LabelledModality[Table], kind="table"):
    """Rows and columns."""

    raw = Table
    name = "a table"
    receives = "vector"
    predicts = ("classes", "numbers", "labels")
    sorts = (FileSort("tables", "a table", frozenset(TABLES) - {".txt"}, rank=2),)  # plain text may be prose
    read_from = ("tables",)
    usual_source = "table"
    small = (
        SmallData({"kind": "blobs", "samples": 300, "classes": 3}, "classification", rank=0),
        SmallData({"kind": "sample", "name": "diabetes"}, "regression", rank=3),
        SmallData(
            {"kind": "table", "target": "labels"}, "multi_label", rank=7, files={"labels.csv": _LABELLED}
        ),
    )
    answer_setting = "data.target"
    instead_of_classes = 'choose "regression"'

    @property
    @override
    def encoder(self) -> type[Encoder]:
        # here and below at the call: the window asks every modality for its name, and must load no pandas
        from engine.data.tables.encode import TableEncoder

        return TableEncoder

    @override
    def inspect(self, raw: Table, prepared: Prepared | None, split: Split, folder: Path | None) -> Inspection:
        from engine.data.tables.inspect import inspect_table

        return inspect_table(raw, prepared, split, folder)

    @override
    def guess(self, raw: Table) -> TargetKind | None:
        from engine.data.tables.target_kind import guess

        return guess(raw)

    @override
    def joined(self, raw: Table, other: Table, part: PartName) -> tuple[Table, list[str]]:
        from engine.data.tables.target import joined

        return joined(raw, other, part)

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> Table:
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.tables.read.text_tables import read_text_table

        # our own samples are written so: whatever is left to be found out could be found otherwise one day
        how = TableFormat("utf-8", ",", ".", header="yes")
        return read_text_table(path, how, (facts["target"],), report, free_memory())

    @override
    def new(self, raw: Table, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.tables.new import new_rows

        return new_rows(raw, preprocessor)

    @override
    def typed(self, given: Given, trained: Trained, report: Report) -> Table:
        from engine.data.tables.new import typed_rows

        durations = trained.source is None or trained.source.durations
        preprocessor = trained.preprocessor
        # 0,01 is the word 0,01 where the cells of its column are words
        worded = set(preprocessor.columns) - set(preprocessor.measured)
        types = dict(trained.setting("types", {}))
        return typed_rows(
            given, self.name, durations=durations, worded=worded, types=types, units=trained.units
        )

    @override
    def refuse_file(self, path: Path) -> None:
        from engine.data.tables.new import refuse_no_table

        refuse_no_table(path)

    @override
    def refuse_unknown(self, raw: Table) -> None:
        from engine.data.tables.target import refuse_unknown

        refuse_unknown(raw)

    @override
    def usable(
        self, raw: Table, answered: NDArray[np.bool_], preprocessing: Preprocessing, say: Say
    ) -> NDArray[np.bool_]:
        from engine.data.tables.fit import whole_rows
        from engine.data.tables.fit_columns import refuse_absurd

        refuse_absurd(raw.numbered)
        return whole_rows(raw, answered, say) if preprocessing.missing == "drop" else answered

    @override
    def no_answers(self, raw: Table) -> tuple[str, str]:
        from engine.data.cells.values import listed

        missing = Message(
            "{listed}: every value is missing; choose another column", listed=listed(raw.targets)
        )
        return "data.target", raw.doubt_about(raw.targets) or missing

    @override
    def refuse_answers(self, raw: Table, found: Answers, rows: NDArray[np.int64]) -> None:
        from engine.data.tables.target import refuse_on_its_side

        refuse_on_its_side(raw, found, rows)

    @override
    def doubts(self, raw: Table, found: Answers, rows: NDArray[np.int64], *, apart: bool) -> list[str]:
        from engine.data.tables.across import predicted_across
        from engine.data.tables.doubts import (
            alike_words,
            few_whole_numbers,
            numbers_of_words,
            several_choices,
            telling_groups,
        )
        from engine.data.tables.identifiers import identifiers, identifiers_alone, perhaps_identifiers
        from engine.data.tables.leakage import giving_away
        from engine.data.tables.suggestions import split_by_chance
        from engine.data.tables.target_kind import classes_or_sizes

        learnt: TargetKind = "numbers" if found.values is not None else "labels"
        told = classes_or_sizes(raw, "classes" if found.codes is not None else learnt)
        told += several_choices(raw, raw.targets) + perhaps_identifiers(raw) + identifiers_alone(raw, rows)
        told += few_whole_numbers(raw) + numbers_of_words(raw) + alike_words(raw, rows)
        told += giving_away(raw, identifiers(raw, rows))
        told += split_by_chance(raw.frame, raw.targets) if raw.published is None else []
        told += predicted_across(raw.frame, raw.targets)
        return told + (telling_groups(raw, found.codes, rows) if apart else [])

    @override
    def answered_as_training_knew(self, raw: Table, trained: Trained) -> Table:
        from engine.data.tables.target import as_training_knew

        return as_training_knew(raw, trained.preprocessor.predicted)

    @override
    def judged(self, raw: Table, preprocessor: Preprocessor, known: NDArray[np.bool_]) -> NewInputs:
        from engine.data.tables.new import new_rows

        return new_rows(raw, preprocessor, known)

    @override
    def fit(
        self, raw: Table, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say, report: Report
    ) -> Encoder:
        from engine.data.tables.fit import fit_table

        return fit_table(raw, train, preprocessing, say)

    @override
    def encode(
        self, encoder: TableEncoder, raw: Table, rows: NDArray[np.int64], say: Say, report: Report
    ) -> NDArray[np.float32] | NDArray[np.int32]:
        used = raw if len(rows) == len(raw) else replace(raw, frame=raw.frame.iloc[rows])
        return in_places(encoder.encode(used, say), rows, len(raw))
