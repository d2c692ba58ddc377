"""Columns as people have them, one for each form of a cell and what may stand beside it; made by rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ROWS = 64
Draw = Callable[[random.Random], str]


@dataclass(frozen=True)
class Family:
    """A column: what it is called, in English and in Chinese, and its cells.

    `means`: the types by one of which it must be read, or one of the settings that are told must read it, as
    many of its cells are so; () where nothing need be said.
    """

    names: tuple[str, str]
    cells: Sequence[str]
    means: tuple[str, ...] = ()


def _drawn(draw: Draw, beside: Sequence[str] = (), share: float = 0.2, seed: int = 0) -> list[str]:
    """Return cells that are drawn so, in some of which stands another word."""
    random_ = random.Random(seed)
    return [
        random_.choice(beside) if beside and random_.random() < share else draw(random_) for _ in range(ROWS)
    ]


def _number(one: random.Random) -> str:
    return str(one.randint(12, 980))


def _decimal(one: random.Random) -> str:
    return f"{one.uniform(1, 90):.1f}"


def _day(form: str, first: date = date(2018, 1, 20)) -> Draw:
    return lambda one: (first + timedelta(one.randrange(1500))).strftime(form).lstrip("0")


def _several(words: Sequence[str], between: str) -> Draw:
    return lambda one: between.join(one.sample(words, one.randint(1, 3)))


def _of(words: Sequence[str]) -> Draw:
    return lambda one: one.choice(words)


_TOPICS = ("drama", "crime", "comedy", "war", "music")
_THEMES = ("剧情", "犯罪", "喜剧", "爱情", "科幻")

FAMILIES: dict[str, Family] = {
    "numbers": Family(("size", "数值"), _drawn(_number), ("number",)),
    "numbers and one word": Family(("score", "分数"), _drawn(_decimal, ["absent"]), ("number",)),
    "numbers and several words": Family(
        ("level", "水平"), _drawn(_decimal, ["high", "low", "not done"], 0.4), ("number",)
    ),
    "half numbers": Family(("reading", "读数"), _drawn(_decimal, ["broken", "off"], 0.55), ("number",)),
    "numbers and a dash": Family(("amount", "数额"), _drawn(_number, ["-", "NEW"]), ("number",)),
    "numbers of a unit": Family(("weight", "重量"), _drawn(lambda one: _number(one) + "kg"), ("number",)),
    "an unknown unit": Family(
        ("battery", "电池"), _drawn(lambda one: f"{one.randint(3, 60)}00mAh"), ("number",)
    ),
    "an unknown unit, apart": Family(
        ("rooms", "房间"), _drawn(lambda one: f"{one.randint(1, 40)} beds"), ("number",)
    ),
    "an unknown unit in Chinese": Family(
        ("views", "播放"), _drawn(lambda one: f"{one.randint(100, 9000)}人看过"), ("number",)
    ),
    "one and several of a unit": Family(
        ("baths", "浴室"),
        _drawn(_of(["1 bath", "1 shared bath", "1.5 shared baths", "2 baths", "2.5 baths", "Half-bath"])),
        ("number", "first_number"),
    ),
    "units of one kind": Family(
        ("length", "长度"),
        _drawn(lambda one: one.choice([f"{_number(one)} m", f"{_decimal(one)} km"])),
        ("measure",),
    ),
    "units of several kinds": Family(
        ("dose", "剂量"),
        _drawn(lambda one: one.choice([f"{_number(one)} mg", f"{_decimal(one)} ml"])),
        ("number", "first_number"),
    ),
    "money and words": Family(
        ("fee", "费用"), _drawn(lambda one: "$" + _number(one), ["free", "ask"], 0.4), ("number",)
    ),
    "shares": Family(("rate", "评分"), _drawn(lambda one: f"{one.uniform(2, 5):.1f}/5"), ("number", "share")),
    "shares and words": Family(
        ("rate", "评分"), _drawn(lambda one: f"{one.uniform(2, 5):.1f}/5", ["NEW", "-"]), ("number", "share")
    ),
    "shares, words first": Family(
        ("rate", "评分"), ["NEW", "-", *_drawn(lambda one: f"{one.uniform(2, 5):.1f}/5")], ("number", "share")
    ),
    "shares of several wholes": Family(
        ("mark", "得分"), _drawn(lambda one: f"{one.randint(1, 9)}/{one.choice([10, 12, 20])}"), ("share",)
    ),
    "ranges": Family(
        ("salary", "薪资"),
        _drawn(lambda one: f"{(low := one.randint(5, 30))}k-{low + one.randint(2, 20)}k"),
        ("range",),
    ),
    "ranges and words": Family(
        ("salary", "薪资"),
        _drawn(
            lambda one: f"{(low := one.randint(5, 30))}-{low + one.randint(2, 20)}K",
            ["negotiable", "面议"],
            0.3,
        ),
        ("range",),
    ),
    "ranges of age": Family(("age", "年龄段"), _drawn(_of(["18-24", "25-34", "35-44", "45-54"])), ("range",)),
    "a number and what was added": Family(
        ("ST", "能力"), _drawn(lambda one: f"{one.randint(50, 95)}+{one.randint(0, 3)}"), ("first_number",)
    ),
    "two numbers": Family(
        ("bp", "血压"),
        _drawn(lambda one: f"{one.randint(100, 160)}/{one.randint(60, 100)}"),
        ("first_number",),
    ),
    "a number behind one of several words": Family(
        ("wind", "风"),
        _drawn(lambda one: f"{one.choice(['N', 'SW', 'E'])} {one.randint(1, 30)} mph", ["calm"], 0.05),
        ("first_number",),
    ),
    "several numbers of one unit": Family(
        ("camera", "摄像头"), _drawn(_of(["48MP + 12MP", "64MP + 8MP + 5MP", "12MP"])), ("first_number",)
    ),
    "words before a number": Family(
        ("distance", "距离"), _drawn(lambda one: f"距市中心{one.uniform(0.3, 20):.1f}公里"), ("number",)
    ),
    "two sizes": Family(
        ("size", "大小"),
        _drawn(lambda one: f"{one.uniform(1, 6):.1f}*{one.uniform(1, 6):.1f}cm", ["none seen"]),
        ("first_number",),
    ),
    "durations": Family(
        ("finish", "完赛"),
        _drawn(lambda one: f"{one.randint(1, 4)}:{one.randint(10, 59)}:{one.randint(10, 59)}"),
        ("duration", "number"),
    ),
    "durations and words": Family(
        ("split", "分段"),
        _drawn(lambda one: f"{one.randint(2, 9)}:{one.randint(10, 59)}", ["DNF", "DNS"]),
        ("duration", "number"),
    ),
    "durations with letters": Family(
        ("runtime", "时长"), _drawn(lambda one: f"{one.randint(1, 3)}h {one.randint(1, 59)}m"), ("duration",)
    ),
    "minutes or seasons": Family(
        ("duration", "片长"),
        _drawn(
            lambda one: (
                f"{one.randint(60, 190)} min" if one.random() < 0.6 else f"{one.randint(1, 9)} Seasons"
            )
        ),
        ("number", "first_number"),
    ),
    "days": Family(("day", "日期"), _drawn(_day("%Y-%m-%d")), ("date",)),
    "days and words": Family(("until", "截止"), _drawn(_day("%Y-%m-%d"), ["open", "never"], 0.35), ("date",)),
    "days of two forms": Family(
        ("joined", "加入"),
        _drawn(lambda one: _day("%Y-%m-%d")(one) if one.random() < 0.5 else _day("%b %d, %Y")(one)),
        ("date",),
    ),
    "years and days": Family(
        ("valid until", "有效期"),
        _drawn(lambda one: str(one.randint(2018, 2024)) if one.random() < 0.8 else _day("%b %d, %Y")(one)),
        ("date", "number"),
    ),
    "days in one of two orders": Family(
        ("seen", "见到"), _drawn(lambda one: f"{one.randint(1, 12)}/{one.randint(1, 12)}/2021"), ("date",)
    ),
    "days without a year": Family(
        ("day", "日子"), _drawn(lambda one: f"{one.randint(1, 12)}月{one.randint(1, 28)}日"), ("date",)
    ),
    **{
        f"several apart by {between!r}": Family(names, _drawn(_several(words, between)), ("choices",))
        for between in (" / ", "/", ", ", "; ", "|", "、", "┋", "\uff0c")
        for names, words in [(("genre", "类型"), _THEMES if between in ("、", "┋", "\uff0c") else _TOPICS)]
    },
    "several in Chinese apart by a stroke": Family(
        ("genre", "类型"), _drawn(_several(_THEMES, " / ")), ("choices",)
    ),
    "lists of a program": Family(
        ("tags", "标签"), _drawn(lambda one: str(one.sample(_TOPICS, one.randint(1, 3)))), ("choices",)
    ),
    "zips": Family(
        ("zipcode", "邮编"), _drawn(lambda one: str(one.randint(98001, 98199))), ("category", "leave_out")
    ),
    "few zips": Family(
        ("zip", "邮政编码"), _drawn(_of(["10115", "20095", "80331", "50667"])), ("category", "leave_out")
    ),
    "identifiers": Family(
        ("customer_id", "客户编号"), [str(10_000 + 7 * row) for row in range(ROWS)], ("number",)
    ),
    "numbers of persons": Family(
        ("user id", "用户编号"), _drawn(lambda one: str(one.randint(1, 20))), ("category", "leave_out")
    ),
    "long numbers": Family(
        ("order no", "订单号"),
        [str(420_000_000_000 + 9_876_543 * row) for row in range(ROWS)],
        ("number", "leave_out"),
    ),
    "long numbers of persons": Family(
        ("patient", "病人"),
        _drawn(lambda one: str(710_000_000_000_007 + 9_876_543_211 * one.randrange(20))),
        ("category", "leave_out"),
    ),
    "hours without a year": Family(
        ("seen", "监测时间"),
        _drawn(lambda one: f"{one.randint(1, 12):02d}-{one.randint(1, 28):02d} {one.randint(0, 23):02d}:00"),
        ("date",),
    ),
    "amounts per different times": Family(
        ("pay", "薪资"),
        _drawn(
            lambda one: f"{one.randint(5, 9)}-{one.randint(10, 15)}{one.choice(['千/月', '千/月', '万/年'])}"
        ),
        ("range",),
    ),
    "a count of rows": Family(("step", "序号"), [str(row) for row in range(ROWS)], ("number", "leave_out")),
    "codes": Family(("ward", "病区"), _drawn(_of(["007", "012", "110"])), ("number",)),
    "codes with letters": Family(("invoice", "发票"), [f"INV-{2000 + 3 * row}" for row in range(ROWS)]),
    "categories": Family(("color", "颜色"), _drawn(_of(["red", "green", "blue"]))),
    "categories and a dash": Family(("grade", "等级"), _drawn(_of(["good", "fair", "poor"]), ["-"])),
    "categories and ditto": Family(
        ("site", "地点"), _drawn(_of(["north", "south"]), ["〃"], 0.5), ("as_above",)
    ),
    "zeros": Family(
        ("glucose", "血糖"),
        _drawn(lambda one: str(one.randint(70, 180)), ["0"], 0.15),
        ("number", "positive"),
    ),
    "sentinels": Family(("income", "收入"), _drawn(_number, ["-999"], 0.1), ("number",)),
    "boxes": Family(("member", "会员"), _drawn(lambda one: "1", [""], 0.5), ("number", "ticked")),
    "thousands or fractions": Family(
        ("price", "价格"), _drawn(lambda one: f"{one.randint(1, 9)}.{one.randint(100, 999)}"), ("number",)
    ),
    "brackets": Family(("change", "变动"), _drawn(lambda one: f"({_number(one)})"), ("number",)),
    "limits": Family(("lead", "铅"), _drawn(_decimal, ["<0.5"]), ("number",)),
    "feet": Family(
        ("height", "身高"), _drawn(lambda one: f"{one.randint(5, 6)}'{one.randint(0, 11)}"), ("number",)
    ),
    "minutes or feet": Family(
        ("best", "最好"),
        _drawn(lambda one: f"{one.randint(3, 6)}'{one.randint(0, 9):02d}\""),
        ("number", "duration"),
    ),
    "versions": Family(
        ("version", "版本"),
        _drawn(lambda one: f"{one.randint(1, 4)}.{one.randint(0, 9)}.{one.randint(0, 9)}"),
    ),
    "addresses of a network": Family(
        ("ip", "地址"), _drawn(lambda one: f"10.0.{one.randint(0, 255)}.{one.randint(0, 255)}")
    ),
    "streets": Family(
        ("address", "住址"),
        _drawn(lambda one: f"{_number(one)} {one.choice(['Oak Ave', 'Main St', 'Hill Rd'])}"),
    ),
    "one street": Family(("address", "住址"), _drawn(lambda one: f"{_number(one)} E Broadway")),
}
