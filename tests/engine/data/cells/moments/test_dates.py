"""Dates as people write them: each form against the moment that it names."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from engine.data.cells.moments.dates import ORDERS, read_clock, read_dates
from engine.data.cells.values import as_text

FORMS = {
    "2024-03-05": "2024-03-05",
    "2024/3/5 15:30": "2024-03-05T15:30",
    "2024-03-05T10:00:00.123Z": "2024-03-05T10:00:00.123",
    "2024-03-05T10:00:00+01:00": "2024-03-05T09:00",
    "2024-03-05 10:00 CET": "2024-03-05T09:00",
    "2024-03-05T10:00:00+01:00[Europe/Berlin]": "2024-03-05T09:00",
    "2024-03-05 10:00:00,123": "2024-03-05T10:00:00.123",
    "2024-03-05 10:00:00:123": "2024-03-05T10:00:00.123",
    "20240305": "2024-03-05",
    "20240305T153000": "2024-03-05T15:30",
    "20240305 1530": "2024-03-05T15:30",
    "3/25/2024 03:00 PM": "2024-03-25T15:00",
    "3/25/2024 12:05:09 a.m.": "2024-03-25T00:05:09",
    "25.03.2024 24:00": "2024-03-26",
    "25.3.2024 15.30": "2024-03-25T15:30",
    "25.03.24 08:00": "2024-03-25T08:00",
    "12/31/99": "1999-12-31",
    "2024-03": "2024-03-01",
    "03/2024": "2024-03-01",
    "2024Q2": "2024-04-01",
    "Q2 2024": "2024-04-01",
    "T2 2024": "2024-04-01",
    "2. Quartal 2024": "2024-04-01",
    "2024-W05": "2024-01-29",
    "2020-W53-5": "2021-01-01",
    "2024-366": "2024-12-31",
    "2023-365T06:00": "2023-12-31T06:00",
    "KW 05/2024": "2024-01-29",
    "2024-065": "2024-03-05",
    "Jan 2024": "2024-01-01",
    "Jan-24": "2024-01-01",
    "janv. 2024": "2024-01-01",
    "5. März 2024": "2024-03-05",
    "5 Mar 24": "2024-03-05",
    "05-Mar-2024 10:00": "2024-03-05T10:00",
    "1er mars 2024": "2024-03-01",
    "5 de marzo de 2024": "2024-03-05",
    "March 5, 2024 3 p.m.": "2024-03-05T15:00",
    "Mar 5 2024": "2024-03-05",
    "Tue, 05 Mar 2024 10:00:00 GMT": "2024-03-05T10:00",
    "Tue Mar  5 10:00:00 2024": "2024-03-05T10:00",
    "05/Mar/2024:10:00:00 +0000": "2024-03-05T10:00",
    "Di., 5. März 2024, 15:30 Uhr": "2024-03-05T15:30",
    "2024年3月5日": "2024-03-05",
    "2024年3月": "2024-03-01",
    "2024年3月5日 下午3:30": "2024-03-05T15:30",
    "2024年第2季度": "2024-04-01",
    "25.03.2024 23:00 - 26.03.2024 00:00": "2024-03-25T23:00",
    "2024/03/05 3:04 PM GMT+1": "2024-03-05T14:04",
    "2024-03-05 10:00 UTC-03:30": "2024-03-05T13:30",
    "2024-03-05 10:00 GMT": "2024-03-05T10:00",
    "令和6年3月5日": "2024-03-05",
    "令和元年5月1日": "2019-05-01",
    "平成31年4月30日 10:30": "2019-04-30T10:30",
    "R6.3.5": "2024-03-05",
    "S64/1/7": "1989-01-07",
    "113/03/05": "2024-03-05",
    "民國113年3月5日": "2024-03-05",
    "25/12/2567": "2024-12-25",
    "2567-03-05 10:00": "2024-03-05T10:00",
    "5 \u043c\u0430\u0440\u0442\u0430 2024 \u0433.": "2024-03-05",
    "5 stycznia 2024": "2024-01-05",
    "2024年3月5日 星期二": "2024-03-05",
    "2024-03-05 周二 10:00": "2024-03-05T10:00",
    "2024/3/5\uff08火\uff09": "2024-03-05",
    "05.03.2024 (Di)": "2024-03-05",
    "05.03.24 12:30a": "2024-03-05T00:30",
    "05.03.24 1:00p": "2024-03-05T13:00",
}
NO_DATES = (
    "1960", "3.5", "May 24", "hello 5", "15:30", "2024-02-30", "32.01.2024", "2024-13", "2021-W54",
    "2023-000", "2023-366", "2024-367", "2023-400", "2021-W53", "2024-W00", "+4912345678",
    "2024-03-05 25:00", "10:61", "192.168.1.10", "5 apples", "12-34-56-78", "7a",
)  # fmt: skip


@pytest.mark.parametrize("word", FORMS)
def test_that_a_date_is_read_as_it_is_meant(word: str) -> None:
    found = read_dates([word])
    assert found is not None
    assert found.values[0] == np.datetime64(FORMS[word], "us")


@pytest.mark.parametrize("word", NO_DATES)
def test_that_what_names_no_day_is_no_date(word: str) -> None:
    assert read_dates([word]) is None


@pytest.mark.parametrize(
    ("words", "order", "doubtful"),
    [
        (["01/02/2015", "13/02/2015"], "day", False),
        (["01/02/2015", "02/13/2015"], "month", False),
        ([f"01/{month:02}/{year}" for year in (2015, 2016) for month in range(1, 13)], "day", False),
        ([f"{month:02}/01/{year}" for year in (2015, 2016) for month in range(1, 13)], "month", False),
        ([f"05/{day:02}/2015 {hour}:00" for day in (1, 2) for hour in range(24)], "month", False),
        ([f"{day:02}/05/2015 {hour}:00" for day in (1, 2) for hour in range(24)], "day", False),
        ([f"24-01-{day:02}" for day in range(1, 13)], "year", False),
        (["01/02/2015", "07/04/2015", "02/09/2015"], "month", True),
        (["01.02.2015", "07.04.2015", "02.09.2015"], "day", False),
        (["2015-02-01", "2015-07-04"], None, False),
    ],
)
def test_that_the_whole_column_decides_what_stands_first(
    words: list[str], order: str | None, doubtful: bool
) -> None:
    found = read_dates(words)
    assert found is not None
    assert (found.order, found.doubtful) == (order, doubtful)


def test_that_a_chosen_order_is_obeyed() -> None:
    days = {order: read_dates(["03/04/05"], order) for order in ORDERS}
    assert [str(one.values[0])[:10] for one in days.values() if one] == [
        "2005-04-03",
        "2005-03-04",
        "2003-04-05",
    ]


def test_that_a_time_of_day_is_read_where_it_is_surely_one() -> None:
    found = read_clock(["15:30", "3 PM", "24:00", "15h30", "08", "x"]) / 3600e6
    assert found.tolist()[:4] == [15.5, 15, 24, 15.5]
    assert np.isnan(found[4:]).all()


def test_that_quick_and_slow_reading_agree() -> None:
    quick = [f"{day:02}/11/2024 10:{day:02}:00" for day in range(1, 31)]
    slow = read_dates([*quick, "5 Nov 2024"])
    fast = read_dates(quick)
    assert fast is not None
    assert slow is not None
    assert (fast.values == slow.values[:-1]).all()


@pytest.mark.parametrize(("moment", "text"), [
    (datetime(2024, 1, 3), "2024-01-03"),
    (pd.Timestamp("2024-01-03"), "2024-01-03"),
    (datetime(2024, 1, 3, 5, 6), "2024-01-03 05:06:00"),
])  # fmt: skip
def test_that_a_day_has_no_hour_whichever_reader_brought_it(moment: object, text: str) -> None:
    """A workbook brings moments of Python, a CSV file those of pandas."""
    assert as_text(moment) == text
