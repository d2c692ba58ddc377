"""The marks of numbers: which one parts thousands, which one fractions, and what digits then are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.choices import Message
from engine.data.decisions import decided

_FEW_CELLS = 3


@dataclass(frozen=True)
class Marks:
    """The marks of the numbers in a file.

    `seen`: whether a number shows the decimal mark beyond doubt, or a person chose it; `thousands`: "auto", a
    mark, or "none"; `flags`: letters behind numbers that are no units, as the table has them in several
    columns, where that is told.
    """

    decimal: str = "."
    seen: bool = False
    thousands: str = "auto"
    flags: frozenset[str] = frozenset()


_DECIMAL = re.compile(r"\d+[.,](?:\d{1,2}|\d{4,})", re.ASCII)
_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)


def marks_of(
    name: str, numbers: Sequence[re.Match[str]], marks: Marks, *, both: bool = True
) -> tuple[str, str, list[str]]:
    """Return the decimal mark, the marks that may part thousands, and what was decided in doubt.

    Where two persons wrote, each with the mark of a keyboard, `both` may be decimal marks, unless somebody
    chose one.
    """
    decimal, other = marks.decimal, "," if marks.decimal == "." else "."
    # who says that the point parts thousands has said that the comma is the decimal mark
    if marks.thousands not in ("auto", "none") and marks.thousands == decimal:
        decimal, other = other, decimal
    everywhere = " '" if marks.thousands == "auto" else ""
    grouping = (
        ""
        if marks.thousands == "none"
        else everywhere + (other if marks.thousands == "auto" else marks.thousands)
    )
    if marks.thousands != "auto":
        return decimal, grouping, []
    bodies = [number["body"] for number in numbers]
    if both and _have_both_marks(bodies):
        text = Message(
            "{name}: {comma} and {point} stand in one column, where no thousands are parted; both are "
            "read as decimals",
            name=name,
            comma=next(body for body in bodies if "," in body),
            point=next(body for body in bodies if "." in body),
        )
        return ".,", everywhere, [decided(text, "data.types", "category", column=name)]
    marked = [number for number in numbers if "." in number["body"] or "," in number["body"]]
    kinds = {match[1] if (match := _THREE.fullmatch(number["body"])) else "" for number in marked}
    if len(kinds) == 1 and kinds != {""}:
        return _doubtful(name, bodies, marked, kinds.pop(), marks)
    fitting = {mark: sum(_parsed(body, *mark) is not None for body in bodies) for mark in
               ((decimal, grouping), (other, everywhere + decimal))}  # fmt: skip
    # of two that fit alike, max takes the first: the decimal mark of the file
    best = max(fitting, key=fitting.__getitem__)
    return best[0], best[1], []


def _have_both_marks(bodies: Sequence[str]) -> bool:
    """Return whether 6,1 stands beside 5.4, and no number could be one of thousands."""
    marked = [body for body in bodies if "." in body or "," in body]
    return {"." in body for body in marked} == {True, False} and all(map(_DECIMAL.fullmatch, marked))


def _doubtful(
    name: str, bodies: list[str], marked: Sequence[re.Match[str]], mark: str, marks: Marks
) -> tuple[str, str, list[str]]:
    """Decide what 1.234 means where every mark of a column has three digits behind it.

    Beside whole numbers below a thousand it parts thousands: a fraction would not always have three digits.
    Before powers of ten it rather does not, and a point surely: every program writes 1.234e5.
    """
    other = "," if mark == "." else "."
    rest = [body for body in bodies if "." not in body and "," not in body]
    # a whole number above a thousand, written without a mark, shows that thousands are not parted here
    beside = bool(rest) and all(len(body.lstrip("0")) <= 3 for body in rest if body.isdigit())
    if marks.seen:
        return marks.decimal, " '" + ("," if marks.decimal == "." else "."), []
    cells = [number["body"] + (number["power"] or "") for number in marked]
    powers = all(number["power"] for number in marked)
    if not powers and (beside or mark != marks.decimal):
        text = Message(
            "{name}: numbers like {marked} are read as thousands ({parsed:,.0f}); if it is a "
            "decimal mark, set the decimal mark",
            name=name,
            marked=cells[0],
            parsed=_parsed(marked[0]["body"], other, mark, marked[0]["power"] or "") or 0.0,
        )
        return other, " '" + mark, [_mark_decided(text, "decimal", mark, name, cells)]
    if powers and mark == ".":
        return mark, " '" + other, []
    text = Message(
        "{name}: numbers like {marked} are read as decimals; if the mark parts thousands, "
        "set the thousands mark",
        name=name,
        marked=cells[0],
    )
    return mark, " '" + other, [_mark_decided(text, "thousands", mark, name, cells)]


def _mark_decided(said: str, setting: str, other: str, name: str, cells: Sequence[str]) -> str:
    return decided(said, f"data.{setting}", other, column=name, cells=cells[:_FEW_CELLS], doubtful=True)


def _parsed(body: str, decimal: str, grouping: str, power: str = "") -> float | None:
    """Return the number of digits and marks, by its power of ten as e5; None where they do not fit.

    `decimal` are the marks before fractions, one or both.
    """
    mark = next((one for one in decimal if one in body), "")
    whole, point, fraction = body.rpartition(mark) if mark else (body, "", "")
    if point and (not fraction.isdigit() and fraction):
        return None
    used = {character for character in whole if not character.isdigit()}
    if len(used) > 1 or not used <= set(grouping):
        return None
    if used:
        first, *groups = whole.split(used.pop())
        # lakh and crore: 12,34,567
        indian = len(groups) > 1 and all(len(group) == 2 for group in groups[:-1])
        # 0,950 is a fraction: no thousands begin with a zero, but those of two marks, as 0,000,100
        if not (1 <= len(first) <= 3 and len(groups[-1]) == 3) or (first[0] == "0" and len(groups) == 1):
            return None
        if not indian and any(len(group) != 3 for group in groups):
            return None
        whole = "".join([first, *groups])
    # by way of text: whole + fraction / 10**n may be off in the last digit
    return float(f"{whole or '0'}.{fraction or '0'}{power}")


def value_of(match: re.Match[str], decimal: str, grouping: str) -> float:
    """Return the number of a numeral with its sign; NaN where its marks do not fit."""
    number = _parsed(match["body"], decimal, grouping, match["power"] or "")
    if number is None:
        return float("nan")
    negative = match["open"] or match["after"] or "-" in ((match["before"] or "") + (match["sign"] or ""))
    return -number if negative else number
