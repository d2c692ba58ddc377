"""What is offered names all that it needs, so that it is one command; what is refused says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.choices import Invalid
from engine.data.files.endings import INSTEAD, OTHER_PROGRAMS
from engine.data.inspection.inspect import inspect
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile


@pytest.mark.parametrize(
    ("target", "needs"), [((), ("data.label",)), (("kind",), ())], ids=["nothing named", "the label is named"]
)
def test_that_an_offer_names_the_columns_that_have_to_be_told(
    target: tuple[str, ...], needs: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "news.csv"
    words = ["all", "no", "few", "most", "some"]
    rows = [f"{'ab'[row % 2]},{'xyz'[row % 3]},{words[row % 5]} news of day {row} are\n" for row in range(60)]
    path.write_text("kind,place,said\n" + "".join(rows))
    found = inspect(TableFile(path=str(path), target=target), Split(), Preprocessing(), "classes", 0)
    assert found.suggests == "text_table"
    assert found.suggests_needs == needs


@pytest.mark.parametrize("ending", sorted(OTHER_PROGRAMS))
def test_that_a_table_of_another_program_is_refused_with_what_to_do(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"data{ending}"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64))
    with pytest.raises(Invalid) as raised:
        TableFile(path=str(path), target=("a",)).read(0)
    (problem,) = raised.value.problems
    assert OTHER_PROGRAMS[ending] in problem.message
    assert INSTEAD.get(ending, "CSV") in problem.message
