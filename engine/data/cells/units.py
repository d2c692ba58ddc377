"""Units of one kind of measure, so that 800 m stands beside 1.2 km as one length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
SECONDS_OF: Mapping[str, float] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "秒", "秒钟", "秒鐘", "сек"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten", "分", "分钟", "分鐘", "мин"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "小时", "小時", "个小时", "时", "時"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "天", "日"), _DAY),
}
"""Seconds in each unit, by its name in small letters without a point behind; without m, also metres."""
STREET = re.compile(
    r"\b(?:st|street|ave|avenue|rd|road|lane|ln|drive|dr|blvd|boulevard|\w*way|court|ct|place|pl|terrace|square|sq)\b\.?$"
    r"|\d\w?,?\s+(?:rue|via|calle|avenida|place|allée)\b"
    r"|(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee)\b"
    r"|[路街道巷弄]\s?\d+号?",
    re.IGNORECASE,
)
"""What says that a number is that of a house: 12 Main St; no street is a unit."""
_ONE = re.compile(r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>[^\W\d_]+)\.?")


def seconds_in(text: str) -> float | None:
    """Return a duration of one number with its unit in seconds; None where it is none."""
    found = _ONE.fullmatch(text.strip())
    size = SECONDS_OF.get(found["unit"].casefold()) if found else None
    return None if found is None or size is None else float(found["number"].replace(",", ".")) * size


def in_seconds(unit: str) -> float | None:
    """Return how many seconds numbers of a unit stand for, one each where they have none; None if unknown."""
    return SECONDS_OF.get(unit.casefold().rstrip(".")) if unit else 1.0


@dataclass(frozen=True)
class _Unit:
    """A unit: a number of it is `size` times that, and `zero` more, in the first unit of its kind."""

    size: float
    zero: float = 0.0


def _named(sizes: Mapping[str, float]) -> dict[str, _Unit]:
    return {name: _Unit(size) for names, size in sizes.items() for name in names.split()}


_KINDS: tuple[Mapping[str, _Unit], ...] = (
    {
        **{name: _Unit(size) for name, size in SECONDS_OF.items()},
        **_named(
            {
                "ms 毫秒": 1e-3,
                "µs \u03bcs us 微秒": 1e-6,
                "ns 纳秒": 1e-9,
                "w wk wks week weeks 周": 7 * _DAY,
                # the mean of the Gregorian calendar: ages are given in months and years
                "mo mos month months 月 个月": 30.436875 * _DAY,
                "y yr yrs year years 年 岁": 365.2425 * _DAY,
            }
        ),
    },
    _named(
        {
            "m metre metres meter meters 米 公尺": 1.0,
            "km kilometre kilometres kilometer kilometers 公里 千米": 1e3,
            "dm 分米": 0.1,
            "cm 厘米 公分": 1e-2,
            "mm 毫米": 1e-3,
            "µm \u03bcm um 微米": 1e-6,
            "nm 纳米": 1e-9,
            "in inch inches": 0.0254,
            "ft foot feet": 0.3048,
            "yd yard yards": 0.9144,
            "mi mile miles": 1609.344,
        }
    ),
    _named(
        {
            "g gram grams 克": 1.0,
            "kg kilo kilos kilogram kilograms 千克 公斤": 1e3,
            "mg 毫克": 1e-3,
            "µg \u03bcg ug mcg 微克": 1e-6,
            "t tonne tonnes 吨": 1e6,
            "斤": 500.0,
            "oz ounce ounces": 28.349523125,
            "lb lbs pound pounds": 453.59237,
        }
    ),
    _named({"l litre litres liter liters 升": 1.0, "ml 毫升": 1e-3, "cl": 1e-2, "dl": 0.1, "hl": 100.0}),
    _named({"b byte bytes": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12}),
    {
        **dict.fromkeys(("°c", "c", "摄氏度"), _Unit(1.0)),
        **dict.fromkeys(("°f", "f", "华氏度"), _Unit(5 / 9, -160 / 9)),
    },
    _named({"hz": 1.0, "khz": 1e3, "mhz": 1e6, "ghz": 1e9}),
    {**_named({"w 瓦": 1.0, "kw 千瓦": 1e3, "mw 兆瓦": 1e6}), "mW": _Unit(1e-3)},
    _named({"wh": 1.0, "kwh 千瓦时": 1e3, "mwh": 1e6, "gwh": 1e9}),
    _named({"j": 1.0, "kj": 1e3, "cal": 4.184, "kcal": 4184.0}),
    _named({"v 伏": 1.0, "mv": 1e-3, "kv": 1e3, "µv \u03bcv uv": 1e-6}),
    _named({"a": 1.0, "ma": 1e-3, "ka": 1e3, "µa \u03bca ua": 1e-6}),
    _named(
        {
            "pa": 1.0,
            "hpa mbar": 100.0,
            "kpa": 1e3,
            "mpa": 1e6,
            "bar": 1e5,
            "atm": 101_325.0,
            "psi": 6894.757293168,
            "mmhg torr": 133.322387415,
        }
    ),
    _named(
        {
            "m2 sqm 平方米 平米 ㎡": 1.0,
            "km2 平方公里": 1e6,
            "ha 公顷": 1e4,
            "acre acres": 4046.8564224,
            "亩": 2000 / 3,
            "sqft ft2": 0.09290304,
        }
    ),
    # amounts of money per time; a wage per hour is none of them
    _named({"/month": 1.0, "/year": 1 / 12}),
    _named({"km/h kmh kph": 1.0, "m/s": 3.6, "mph": 1.609344}),
)
"""Kinds of measures, each with what its units are in the first of them; in small letters."""


_OF_CAPITALS = frozenset({"mW"})
"""Units that are others than those of the same letters in capitals: a milliwatt is no megawatt."""


def are_of_one_kind(units: Iterable[str]) -> bool:
    """Return whether units measure the same, so that numbers of one can be told in another."""
    names = {*map(_plain, units)}
    return bool(names) and any(names <= kind.keys() for kind in _KINDS)


def converted(value: float, unit: str, other: str) -> float:
    """Return what so many of a unit are in another one that measures the same; NaN where it does not.

    Formula: $y = ((s_1 x + z_1) - z_2) / s_2$, with the size $s$ and the zero $z$ of each unit in
    the first of its kind.
    """
    one, two = _plain(unit), _plain(other)
    for kind in _KINDS:
        if one in kind and two in kind:
            return (kind[one].size * value + kind[one].zero - kind[two].zero) / kind[two].size
    return float("nan")


def _plain(unit: str) -> str:
    bare = unit.strip().rstrip(".")
    return bare if bare in _OF_CAPITALS else bare.casefold()
