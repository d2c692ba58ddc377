"""Everything that is tried by force, in its short form; in full: python -m tests.force"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.force.__main__ import ROOMS, all_tries
from tests.force.edges import EDGES, edge
from tests.force.tries import Try

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are copied and killed")
_KNOWN = {name: one for name, one in all_tries(*ROOMS).items() if name != "edges"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("one", _KNOWN.values(), ids=_KNOWN.keys())
def test_that_it_holds(one: Try, tmp_path: Path) -> None:
    assert one.work(tmp_path, one.short)


@pytest.mark.parametrize("name", [name for name in EDGES if name not in ("5,000 features", "1,000 classes")])
def test_that_numbers_at_the_edge_are_learnt_from_or_refused(name: str, tmp_path: Path) -> None:
    assert edge(tmp_path, name)
