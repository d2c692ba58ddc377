"""Doubts of columns: each has a way out, which settles it as it is written; and a column has one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.cells.distinct_words import number_written
from engine.data.decisions import LEFT_OUT, TYPES, Decision, OtherReading
from engine.data.inspection.records import Inspection
from engine.data.tables.raw import Table
from engine.data.tables.read.rival_readings import read_cells
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.suggestions import begun, fitted
from tests.engine.data.tables.column_families import FAMILIES

CASES = [
    (family, name, role)
    for family, one in FAMILIES.items()
    for name, role in ((one.names[0], "input"), (one.names[1], "input"), (one.names[0], "target"))
]


def inspected(source: TableFile) -> Inspection:
    """Return what is found and told of a table, as `new` and the window begin with it."""
    experiment: Experiment = begun(source, "t")
    found = experiment.recipe.inspected()
    if found.guess is None:
        return found
    return fitted(experiment, "vector", (found.guess,)).recipe.inspected()


def about(found: Inspection, name: str) -> list[Decision]:
    return [one for one in found.decisions if one.said and name in (one.column, *one.also)]


def written(cells: list[str], name: str, role: str, path: Path) -> TableFile:
    """Return the source of a file with the column, beside one of numbers and one of words."""
    other = [(f"{(row * 37) % 101}.5", "pq"[row * 7 % 3 % 2]) for row in range(len(cells))]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    lines = [f"{name},n,kind", *(f"{cell},{a},{b}" for cell, (a, b) in zip(quoted, other, strict=True))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return TableFile(path=str(path), target=(name,) if role == "target" else ("kind",))


def shown_as_foretold(source: TableFile, doubt: Decision, other: OtherReading) -> bool:
    """Return whether the cells that are shown are then read as is said."""
    table = source.read(0)
    assert isinstance(table, Table)
    if doubt.column not in table.frame.columns:
        return set(other.read) <= {LEFT_OUT}
    known = dict(zip(table.row_numbers.tolist(), read_cells(table.frame[doubt.column]), strict=True))
    # of several choices each word is an input, and the cell stays what it is
    pairs = zip(doubt.specimens, other.read, strict=False)
    return all(" + " in read or _alike(known[one.row], read) for one, read in pairs)


def _alike(read: str, shown: str) -> bool:
    """Return whether a cell is read as is shown, where four figures of what is worked out are shown."""
    worked_out = None not in map(number_written, (read, shown))
    return read == shown or (worked_out and float(read) == pytest.approx(float(shown), rel=5e-4))


@pytest.mark.parametrize(("family", "name", "role"), CASES, ids=str)
def test_that_each_doubt_has_settings_that_settle_it(
    family: str, name: str, role: str, tmp_path: Path
) -> None:
    source = written([*FAMILIES[family].cells], name, role, tmp_path / "t.csv")
    found = inspected(source)
    before = {str(one.message) for one in found.problems}
    for doubt in about(found, name):
        if not doubt.doubtful or not doubt.setting.startswith("data."):
            continue
        assert doubt.others, f"no way out: {doubt.said}"
        for other in doubt.others:
            place = doubt.setting.removeprefix("data.")
            after = inspected(source.replaced(**{place: other.value}))
            new = {str(one.message) for one in after.problems} - before
            assert not new, (doubt.said, other.value, new)
            again = [one.said for one in about(after, name) if one.doubtful and one.setting == doubt.setting]
            assert not again, (doubt.said, other.value, again)
            assert shown_as_foretold(source.replaced(**{place: other.value}), doubt, other), (doubt, other)
            if doubt.setting == TYPES:
                assert after.found["types"][name] == other.value[name]  # type: ignore[index]


@pytest.mark.parametrize(("family", "name", "role"), CASES, ids=str)
def test_that_what_many_cells_can_be_is_read_or_told_in_one_sentence(
    family: str, name: str, role: str, tmp_path: Path
) -> None:
    means = {*FAMILIES[family].means}
    found = inspected(written([*FAMILIES[family].cells], name, role, tmp_path / "t.csv"))
    told = [one for one in about(found, name) if one.setting == TYPES]
    assert len(told) <= 1, [one.said for one in told]
    types = found.found["types"]
    assert isinstance(types, dict)
    offered = {other.value[name] for one in told for other in one.others if isinstance(other.value, dict)}
    # what is predicted is no input, and may hold several labels
    if role == "target" and means & {"choices", "leave_out", "category"}:
        return
    assert not means or types[name] in means or offered & means, (types[name], [one.said for one in told])
