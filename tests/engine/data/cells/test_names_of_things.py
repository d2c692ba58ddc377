"""Words of letters and digits that name something: no column of them is offered as numbers, nor told so."""

from __future__ import annotations

import base64
import hashlib
import random
import uuid
from collections.abc import Callable

import pandas as pd
import pytest

from engine.data.cells.column_types import NUMERIC
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.values import is_number
from engine.data.decisions import decision_in
from engine.data.tables.read.rival_readings import readings_of, told_of_words

ROWS = 60
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
Draw = Callable[[random.Random], str]

NAMES: dict[str, Draw] = {
    "creditors": lambda one: f"DE{one.randrange(10, 99)}ZZZ{one.randrange(10**7):011d}",
    "objects of a database": lambda one: f"5bd761dcae323e45a93c{one.randrange(16**4):04x}",
    "unique identifiers": lambda one: str(uuid.UUID(int=one.getrandbits(128))),
    "hashes": lambda one: hashlib.md5(one.randbytes(4), usedforsecurity=False).hexdigest(),
    "base64": lambda one: base64.b64encode(one.randbytes(12)).decode(),
    "cards of networks": lambda one: ":".join(f"{one.randrange(256):02x}" for _ in range(6)),
    "addresses of networks": lambda one: ".".join(str(one.randrange(256)) for _ in range(4)),
    "long addresses": lambda one: f"2001:db8::{one.randrange(65536):x}",
    "books": lambda one: f"978-7-{one.randrange(100, 999)}-{one.randrange(10**4, 10**5)}-{one.randrange(10)}",
    "accounts": lambda one: f"DE{one.randrange(10, 99)} 3704 0044 0532 {one.randrange(1000, 9999)} 00",
    "accounts without blanks": lambda one: f"DE{one.randrange(10, 99)}37040044{one.randrange(10**9, 10**10)}",
    "versions": lambda one: f"{one.randrange(4)}.{one.randrange(20)}.{one.randrange(10)}",
    "drafts of versions": lambda one: f"v{one.randrange(4)}.{one.randrange(20)}.0-beta{one.randrange(3)}",
    "vehicles": lambda one: "".join(one.choices(LETTERS + "0123456789", k=17)),
    "articles of a shop": lambda one: "B0" + "".join(one.choices(LETTERS + "0123456789", k=8)),
    "orders": lambda one: f"TB2023{one.randrange(10**9, 10**10)}",
    "invoices": lambda one: one.choice(["", "", "", "C"]) + str(one.randrange(536_365, 537_000)),
    "articles": lambda one: str(one.randrange(10_000, 90_000)) + one.choice(["", "", "A", "B", "C"]),
    "identity cards": lambda one: f"1101011990{one.randrange(1, 13):02d}12{one.randrange(1000):03d}X",
}
SIZES: dict[str, tuple[Draw, str]] = {
    "durations": (lambda one: f"{one.randrange(1, 5)}h{one.randrange(60)}m{one.randrange(60)}s", "duration"),
    "thousands": (
        lambda one: f"{one.randrange(1, 9)}.{one.randrange(100, 999)}.{one.randrange(100, 999)}",
        "",
    ),
    "pounds and ounces": (lambda one: f"{one.randrange(1, 9)}lb{one.randrange(1, 15)}oz", "first_number"),
    "hours, some with minutes": (
        lambda one: f"{one.randrange(1, 20)}h" + one.choice(["", f" {one.randrange(1, 12) * 5}m"]),
        "duration",
    ),
    "watts of one unit": (lambda one: f"{one.randrange(10_000, 99_999)}{one.choice(['', 'W'])}", ""),
    "days": (lambda one: f"{one.randrange(1, 28)}.{one.randrange(1, 13)}.20{one.randrange(10, 25)}", ""),
}


def _column(draw: Draw) -> pd.Series[str]:
    one = random.Random(5)
    return pd.Series([draw(one) for _ in range(ROWS)], dtype=object, name="a")


@pytest.mark.parametrize("which", NAMES)
def test_that_names_of_things_stay_words_of_which_no_number_is_offered(which: str) -> None:
    column = _column(NAMES[which])
    found = recognise("a", column)
    assert not is_number(found.column)
    told = [decision_in(one) for one in (*found.notices, *told_of_words("a", found.column, CellStyle()))]
    # that digits are codes is told, with the way back
    assert not [one for one in told if one.doubtful]
    assert not {other.value for one in told for other in one.others} & {*NUMERIC} - {"number"}
    assert not {*readings_of(found.column)} & {*NUMERIC}


@pytest.mark.parametrize("which", SIZES)
def test_that_sizes_of_letters_and_digits_are_read_or_offered_all_the_same(which: str) -> None:
    draw, kind = SIZES[which]
    column = _column(draw)
    found = recognise("a", column)
    assert (kind in readings_of(found.column)) if kind else found.column.dtype != object
