"""Training and prediction see the same input: for every setting of every source that reads files.

Each setting is given a value that fits a file made for it. The same file, read as a new one, must become the
very numbers that training got. A setting without a case here, or one that new files do not obey, fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family, Invalid, Setting, fields
from engine.data.images.raw import ImageSet
from engine.data.joining import SETTINGS
from engine.data.new.examples import read_examples
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.prepared import Prepared
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Raw
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.source import Report, Source, silent
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.raw import Corpus
from tests.engine.data.same_inputs import CASES, Case, trained

SOURCES = {kind: source for kind, source in Family.every["data"].items() if "path" in source.model_fields}
NOT_READING = frozenset({*SETTINGS.values(), "borders"})
"""What changes nothing of how a file is read: where the examples of parts lie, and where parts begin."""
EVERY = [(kind, name) for kind in SOURCES for name in SOURCES[kind].model_fields if name not in NOT_READING]


def lacking(kind: str, source: type[Source]) -> list[str]:
    """The settings of a source for which there is no case."""
    known = {*CASES.get(kind, {}), *NOT_READING}
    return [f"{kind}.{field.name}" for field in fields(source) if field.name not in known]


def as_training(prepared: Prepared) -> dict[str, np.ndarray[Any, Any]]:
    """The inputs of training by the name or the row of each example."""
    inputs = prepared.preprocessor.inputs(prepared.raw)
    names = prepared.raw.names if isinstance(prepared.raw, ImageSet | SeriesSet) else range(len(inputs))
    return {str(name): one for name, one in zip(names, inputs, strict=True)}


def as_new(path: Path, known: Trained, prepared: Prepared) -> dict[str, np.ndarray[Any, Any]]:
    """The inputs that a new file gives, in the same way."""
    if isinstance(prepared.raw, Corpus):
        return {str(row): one for row, one in enumerate(read_examples(path, known, silent).examples.inputs)}
    found = read_new(path, known)
    named = isinstance(found.raw, ImageSet | SeriesSet) and found.given is None
    rows = found.rows.tolist()
    names = [found.names[row] for row in rows] if named else rows
    return {str(name): one for name, one in zip(names, found.inputs, strict=True)}


def differing(case: Case, known: Trained, prepared: Prepared) -> str:
    """What is different for the new file; empty where nothing is."""
    path = Path(case.source.path)  # type: ignore[attr-defined]
    if isinstance(prepared.raw, Timeline):
        encoder: Any = prepared.preprocessor.encoder
        try:
            same = np.array_equal(read_new(path, known).inputs, encoder.latest(prepared.raw))
            same = same and np.array_equal(
                read_examples(path, known, silent).examples.inputs, encoder.encode(prepared.raw, str)
            )
        except Invalid as error:
            return str(error)
        return "" if same else "the course"
    try:
        new = as_new(path, known, prepared)
    except Invalid as error:
        return str(error)
    before = as_training(prepared)
    if case.by_row and isinstance(prepared.raw, ImageSet):
        before = {str(row): one for row, one in enumerate(before.values())}
    if set(before) != set(new):
        return f"examples {sorted(set(before) ^ set(new))[:5]}"
    wrong = [name for name, one in before.items() if not np.array_equal(one, new[name], equal_nan=True)]
    return f"inputs of {wrong[:5]}" if wrong else ""


@pytest.mark.parametrize(("kind", "name"), EVERY, ids=[f"{kind}.{name}" for kind, name in EVERY])
def test_that_a_new_file_becomes_what_training_got(kind: str, name: str, tmp_path: Path) -> None:
    assert name in CASES.get(kind, {}), f"{kind}.{name} needs a case: a value that matters, and a file for it"
    case = CASES[kind][name](tmp_path)
    prepared, known = trained(case)
    kept = Trained(Preprocessor.from_json(prepared.preprocessor.to_json()), known.source, known.found)
    assert differing(case, kept, prepared) == ""


def test_that_every_setting_has_a_case() -> None:
    assert not [name for kind, source in SOURCES.items() for name in lacking(kind, source)]
    assert len(EVERY) >= 100


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, name in EVERY if name in CASES.get(kind, {})]
)
def test_that_a_setting_that_is_not_carried_is_caught(kind: str, name: str, tmp_path: Path) -> None:
    case = CASES[kind][name](tmp_path)
    if not case.matters:
        return
    prepared, known = trained(case)
    default = next(field.default for field in fields(type(case.source)) if field.name == name)
    forgotten = case.source.replaced(**{name: default})
    without = {key: value for key, value in known.found.items() if key != name}
    assert differing(case, Trained(known.preprocessor, forgotten, without), prepared) != ""


@pytest.fixture
def planted() -> Iterator[type[Source]]:
    class Planted(TableFile, kind="planted", title="A table with one more setting"):
        """A table whose numbers are multiplied in training, and forgetfully not in new files."""

        factor: Annotated[float, Setting("Factor", "What numbers are multiplied by.")] = 1.0

        def read(self, seed: int, report: Report = silent) -> Raw:
            raw: Any = super().read(seed, report)
            raw.frame["x"] = raw.frame["x"] * self.factor
            return raw  # type: ignore[no-any-return]

    yield Planted
    del Family.every["data"]._choices["planted"]


def test_that_one_more_setting_is_missed_where_it_has_no_case_and_where_it_is_not_carried(
    planted: Callable[..., Source], tmp_path: Path
) -> None:
    kind: Any = planted
    assert lacking("planted", kind)[-1] == "planted.factor"
    rows = "".join(f"{row},{row % 7},{'ab'[row % 2]}\n" for row in range(40))
    (tmp_path / "rows.csv").write_text(f"x,z,y\n{rows}")
    case = Case(planted(path=str(tmp_path / "rows.csv"), target=("y",), factor=3.0))
    prepared, known = trained(case)
    assert differing(case, known, prepared).startswith("inputs of")


def test_that_a_run_of_earlier_versions_knows_the_days_whose_midnight_hour_it_named(tmp_path: Path) -> None:
    days = [pd.Timestamp("2024-03-01") + pd.Timedelta(days=row % 3) for row in range(40)]
    frame = pd.DataFrame({"x": range(40), "due": days, "day": days[1:] + days[:1]})
    frame.to_excel(tmp_path / "book.xlsx", index=False)
    source = TableFile(
        path=str(tmp_path / "book.xlsx"), target=("day",), types=(("due", "category"), ("day", "category"))
    )
    prepared, known = trained(Case(source))
    kept = json.dumps(prepared.preprocessor.to_json())
    earlier = Trained(
        Preprocessor.from_json(re.sub(r"2024-03-0\d", r"\g<0> 00:00:00", kept)), source, known.found
    )
    assert "00:00:00" not in kept
    before, after = (read_examples(tmp_path / "book.xlsx", one, silent) for one in (known, earlier))
    np.testing.assert_array_equal(after.examples.inputs, before.examples.inputs)
    np.testing.assert_array_equal(after.examples.targets, before.examples.targets)
