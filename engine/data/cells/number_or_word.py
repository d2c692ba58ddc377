"""Number or word: whether a column of words, of which many hold numbers, may be meant as numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.amounts.for_nothing import is_amount, is_for_nothing
from engine.data.cells.chosen_numbers import FRACTION
from engine.data.cells.column_types import MEASURES
from engine.data.cells.moments.days_without_year import is_day_without_year
from engine.data.cells.names_of_things import are_names_of_things
from engine.data.cells.number_forms import looks_like_clock
from engine.data.cells.number_marks import Marks
from engine.data.cells.numerals import NumberStyle, read_numerals
from engine.data.cells.open_words import limit_itself
from engine.data.cells.shape_of_numerals import looks_like_unit, units_of
from engine.data.cells.units import STREET, are_of_one_kind
from engine.data.decisions import decided
from engine.data.judgement import Evidence, Judgement

_SAMPLE = 200
"""Different words that are looked at, from all over the column."""
_LONGEST = 60
"""Letters of a word that are looked at: a cell may hold a whole text."""
_BEGINS = re.compile(
    r"[(<>≤≥~≈]?=?\s*(?:[^\w\s#'\"]{1,2}\s?)?[+-]?(?P<number>\d+(?:[.,]\d+)*|[.,]\d+)(?P<rest>.*)"
)
# in scripts without blanks a word stands right before a number, as 距地铁500米
_LETTER_FIRST = re.compile(r"\D*[^\W\d_\u2e80-\uffff]\d")
_OPEN = re.compile(
    r"(\+|more|over|up|above|under|less|below|older|以上|以下)$|^(under|over|up to|(less|more) than)\b", re.I
)
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_MEASURES = re.compile(r"(?:\d+(?:[.,]\d+)?\s?(?!x)[^\W\d_]{1,7}\.?[\s,]*){2,}")
"""Several numbers, each of a unit of its own: 3 lb 4 oz, 2y 7m, 12 mins 5 secs; 60x40 is none."""
_PADDED, _NUMBER = re.compile(r"0\d|\d{12}"), re.compile(r"\d+(?:[.,]\d+)*")
_DOTTED = re.compile(r"\d+(?:\.\d+){3}|^10\.\d{4,5}/")
_PART = re.compile(r"(?P<part>\d+(?:\.\d+)?)\s?/\s?(?P<whole>\d+(?:\.\d+)?)(?P<behind>\s\D*)?")
_SEASON = re.compile(r"(?:19|20)?(?P<first>\d\d)\s?[-/–]\s?(?:19|20)?(?P<second>\d\d)")
_FRACTION_OF_ONE = re.compile(rf"(?:{FRACTION}|\d+)")
_MARKED = re.compile(r"\d+\s?['′’]")
_FRAMED = re.compile(
    r"(?P<before>\D*[^\W\d_]\D*[\s#:$€£¥₹₩]|\D*[\u2e80-\uffff])\d+(?:[.,]\d+)?(?P<behind>\D*)"
)
_NAME_BEHIND = re.compile(r"\d+[a-z]?,?\s+(?P<name>[^\W\d_a-zß-ÿ][^\W\d_]{2,}.*)")
"""A name behind a number: 12 Main St, 7 Dwarfs."""
_FRACTION = re.compile(r"\d[.,]\d")
_TWO = re.compile(r"0[^\w.]{1,3}0\s?[^\W\d_]*")
_BEHIND = re.compile(r"\D*\d+(?:[.,]\d+)*\s?(?P<behind>[^\W\d_]+)")
_LISTED = 4
"""Numbers that make a list; a duration has three, as 1:02:13."""
_FILE = re.compile(r"\.[a-zA-Z][a-zA-Z0-9]{1,4}$")
_WORD = re.compile(r"[^\W\d_]{3,}")
_STOP = re.compile(r"[^\W\d_][\uff0c\u3002\uff01\uff1f!?]")
_PROSE, _LETTERS = 3, 12
"""Words, or letters, from which on a cell rather says something than measures."""
_ROOM = re.compile(r"\d{1,2}[-\u2013]\d{3,5}")
_NEARLY_ALL, _HALF, _RATHER_FEW, _QUARTER = 0.9, 0.5, 0.3, 0.25
_MANY, _FEW = 8, 10
"""Different numbers that make a measure, and different words that may be classes."""
_OFTEN, _SEVERAL = 3, 3
"""Cells that hold each word, on average, where words are classes."""


@dataclass(frozen=True)
class NumberedWords:
    """What the words of a column say of the numbers in them; shares are of the cells but for the missing.

    `numbers`, `odd` and `words`: different words that are numbers, that are none, and in all; `leading`:
    different first numbers. Shares of cells: `plain` are numbers of one unit, `begun` begin with a number,
    `numbered` have a digit, `parts` are parts of a whole as 8/10, `marked` have a sign of feet or minutes,
    `framed` (of the different words) are alike but for one number behind a word,
    `money` a sign of money before their digits, or are for nothing beside such, `named` a letter right
    before their first digit, `several` a further number behind the first, `measures` one for each of
    several units, `lists` many, `padded` a zero before, or very many digits; `clocks` are times or
    durations, `days` days
    without a year, `seasons` two years in a row,
    `fractional` are whole numbers and halves or eighths, `files` end as names of files, `prose` says
    something, `streets` are a number and a name, as 12 Main St, `rooms` a floor and a room,
    `lettered` begin with a number and have letters behind it that no other
    word has, as 7590-VHVEG. `fractions`: whether a single number has a
    part behind its mark; `open_ends`: whether a word is all from some size on; `units`: a number of each
    unit, where there are several and none is bare; `unlike`: a cell that is no number, and one that is;
    `target`: whether the column is to be predicted.
    """

    cells: int
    words: int
    numbers: int
    odd: int
    leading: int
    plain: float
    begun: float
    numbered: float
    money: float
    named: float
    several: float
    measures: float
    lists: float
    padded: float
    parts: float
    marked: float
    framed: float
    clocks: float
    days: float
    seasons: float
    fractional: float
    files: float
    prose: float
    streets: float
    rooms: float
    lettered: float
    fractions: bool
    open_ends: bool
    units: tuple[str, ...]
    unlike: tuple[str, str]
    target: bool = False

    @classmethod
    def of(cls, words: Sequence[str], counts: NDArray[np.int64], marks: Marks) -> NumberedWords:
        """Return those of different words, of which `counts` says how often each occurs; at least one."""
        places = np.unique(np.linspace(0, len(words) - 1, _SAMPLE).astype(np.int64))
        known = [words[place][:_LONGEST] for place in places]
        weights = counts[places]
        values = read_numerals("", known, weights, NumberStyle(marks, codes=False)).values
        begun = [_BEGINS.fullmatch(word) for word in known]
        odd = [word for word, value in zip(known, values, strict=True) if np.isnan(value)] or known
        units = units_of(known)
        # 月售1000+ is the number at which it begins, and 免配送费 that of nothing
        bare = [limit_itself(word) for word in known]
        framed = [(match["before"], match["behind"]) for word in bare if (match := _FRAMED.fullmatch(word))]
        paid = [is_amount(word) for word in known]
        nothing = [any(paid) and is_for_nothing(word) for word in known]
        paid = [amount or free for amount, free in zip(paid, nothing, strict=True)]
        good = [word for word, value in zip(known, values, strict=True) if not np.isnan(value)]

        def share(holds: Iterable[object]) -> float:
            return float(weights[np.array([bool(one) for one in holds])].sum() / weights.sum())

        def further(match: re.Match[str]) -> bool:
            # 43.75 (7/16): what stands in brackets says where the number comes from
            return any(map(str.isdigit, _BRACKETS.sub("", match["rest"])))

        return cls(
            cells=int(counts.sum()),
            words=len(words),
            numbers=int((~np.isnan(values)).sum()),
            odd=int(np.isnan(values).sum()),
            leading=len({match["number"] for match in begun if match}),
            plain=share(~np.isnan(values)),
            begun=share(begun),
            numbered=share([any(map(str.isdigit, word)) for word in known]),
            money=share(paid),
            named=share([_LETTER_FIRST.match(word) for word in known]),
            several=share([match and further(match) for match in begun]),
            measures=share([_MEASURES.fullmatch(word) for word in known]),
            lists=share([len(_NUMBER.findall(word)) >= _LISTED or _DOTTED.search(word) for word in known]),
            padded=share([_PADDED.match(word) for word in known]),
            parts=share([_is_part(word) for word in known]),
            framed=(max(Counter(framed).values(), default=0) + sum(nothing)) / len(known),
            marked=share([_MARKED.match(word) for word in known]),
            clocks=share([looks_like_clock(word) for word in known]),
            days=share(map(is_day_without_year, known)),
            seasons=share(map(_is_season, known)),
            fractional=share([_FRACTION_OF_ONE.fullmatch(word) for word in known]),
            files=share([_FILE.search(word) for word in known]),
            prose=share([_is_prose(word) for word in known]),
            rooms=share([_ROOM.fullmatch(word) for word in known]),
            streets=share(are_streets(known)),
            lettered=share(_are_lettered(begun)),
            fractions=any(
                match and set(".,") & set(match["number"]) and not further(match) for match in begun
            )
            or any(_FRACTION.search(word) for word in known if _FRAMED.fullmatch(word)),
            open_ends=any(map(_OPEN.search, known)),
            # only where a cell is not read with most others: 12 months beside 1 month are told by that
            units=tuple(units.values()) if np.isnan(values).any() and "" not in units else (),
            unlike=(odd[0], next((word for word in reversed(good or odd) if word != odd[0]), odd[0])),
        )


def _are_lettered(begun: Sequence[re.Match[str] | None]) -> list[bool]:
    """Return which words have letters behind their first number that no other has; a unit recurs."""
    letters = ["".join(filter(str.isalpha, match["rest"])) if match else "" for match in begun]
    often = Counter(letters)
    return [bool(behind) and often[behind] == 1 for behind in letters]


def are_streets(words: Sequence[str]) -> list[bool]:
    """Return which words are the number of a house and its street, or a number before one of many names."""
    found = [_NAME_BEHIND.fullmatch(word) for word in words]
    behind = [match["name"] if match and not are_of_one_kind((match["name"],)) else "" for match in found]
    # 5 Stars and 3 Stars have a unit, whatever its letters
    several = len({*behind} - {""}) >= _SEVERAL
    return [
        bool(STREET.search(word)) or (several and bool(name))
        for word, name in zip(words, behind, strict=True)
    ]


def begins_with_number(word: str) -> bool:
    """Return whether a word begins with a number, perhaps behind a sign or money.

    What is numbered does not, as 007b, and names with an ending, as 600519.SH.
    """
    names = _FILE.search(word) or (_PADDED.match(word) and not looks_like_clock(word))
    return _BEGINS.fullmatch(word[:_LONGEST]) is not None and not names


def has_one_form(words: Sequence[str]) -> bool:
    """Return whether nearly all words are two numbers in one and the same form, as 88+2 and 120/80.

    Two years in a row, as 2016-17, name a season.
    """
    if all(map(_is_season, words)):
        return False
    forms = Counter(_NUMBER.sub("0", word[:_LONGEST]) for word in words)
    form, often = next(iter(forms.most_common(1)), ("", 0))
    return often >= _NEARLY_ALL * len(words) and _TWO.fullmatch(form) is not None


def has_one_unit(words: Sequence[str]) -> bool:
    """Return whether the same word stands behind the first number of nearly all, as N 23 mph and SW 9 mph."""
    found = [_BEHIND.match(word[:_LONGEST]) for word in words]
    behind = Counter(match["behind"] if match else "" for match in found)
    unit, often = next(iter(behind.most_common(1)), ("", 0))
    return bool(unit) and often >= _NEARLY_ALL * len(words)


def _is_part(word: str) -> bool:
    found = _PART.fullmatch(word)
    return found is not None and float(found["part"]) <= float(found["whole"])


def _is_season(word: str) -> bool:
    found = _SEASON.fullmatch(word)
    return found is not None and int(found["second"]) == (int(found["first"]) + 1) % 100


def _is_prose(word: str) -> bool:
    # Chinese has no blanks between words
    letters = sum(map(str.isalpha, word))
    return len(_WORD.findall(word)) >= _PROSE or letters >= _LETTERS or bool(_STOP.search(word))


_TABLE: tuple[Evidence[NumberedWords], ...] = (
    Evidence(
        "half are numbers", "number", 3, lambda one: one.plain >= _HALF,
        "prices beside 'sold out', scores beside 'absent': the words are rather the exception",
    ),
    Evidence(
        "numbers among such as begin with one", "number", 3,
        lambda one: one.plain >= _QUARTER and one.begun >= _NEARLY_ALL,
        "42 beside 42 1/2, or 7 beside 7-8: none of the classes 18-24 and 25-34 is a plain number",
    ),
    Evidence(
        "one other word", "number", 3,
        lambda one: one.odd == 1 and one.numbers > 2 and one.plain >= 1 - _RATHER_FEW,
        "a single word beside marks from 1 to 5 mostly means none of them",
    ),
    Evidence(
        "begin with numbers", "number", 3, lambda one: one.begun >= _NEARLY_ALL,
        "whatever stands behind, as in 42 1/2, 3m or 7.5*, was added to a number",
    ),
    Evidence(
        "many numbers", "number", 2,
        lambda one: one.numbers >= _MANY or (one.leading >= _MANY and one.begun >= _NEARLY_ALL),
        "classes are few, so that many different numbers rather measure something",
    ),
    Evidence(
        "fractions", "number", 3, lambda one: one.fractions and one.begun >= _HALF,
        "what has decimals was measured: classes and names have whole numbers, but for versions",
    ),
    Evidence(
        "several units", "number", 2, lambda one: len(one.units) > 1 and one.begun >= _NEARLY_ALL,
        "800m beside 1.2km is one length, though 5kg and 2l may name packs",
    ),
    Evidence(
        "money before", "number", 3, lambda one: one.money >= _NEARLY_ALL,
        "$29.99/mo is an amount, whatever it is paid for; brackets of amounts are several numbers",
    ),
    Evidence(
        "times or durations", "number", 6, lambda one: one.clocks >= _HALF,
        "1:02:13 measures how long something took, whatever its form",
    ),
    Evidence(
        "halves and eighths", "number", 6,
        lambda one: one.fractional >= _NEARLY_ALL and one.plain < _NEARLY_ALL and one.marked < _HALF,
        "1 1/2 and 3/4 are sizes in inches or cups, of which neither number is the size",
    ),
    Evidence(
        "days without a year", "number", 7, lambda one: one.days >= _HALF,
        "3月5日 and 5-Mar have an order; sheets also make 5-Mar of the range 3-5",
    ),
    Evidence(
        "several units a cell", "number", 3, lambda one: one.measures >= _HALF,
        "3 lb 4 oz and 2y 7m are one size, in two steps",
    ),
    Evidence(
        "parts of a whole", "number", 6, lambda one: one.parts >= _HALF,
        "8/10 beside 7/8 is a mark, and a share; 120/80 is none, as its first number is the larger one",
    ),
    Evidence(
        "feet or minutes", "number", 6, lambda one: one.marked >= _HALF,
        "what has ' behind a number is a size or lasts so long",
    ),
    Evidence(
        "alike but for a size", "number", 6,
        lambda one: one.framed >= _NEARLY_ALL
        and (one.fractions or one.money >= _NEARLY_ALL or _MANY <= one.words < _NEARLY_ALL * one.cells),
        "RPE 7.5 and Week 31 count something; Group 1 and Group 2 are names, and so is Sample 17 of one row",
    ),
    Evidence(
        "many kinds that begin with numbers", "number", 2,
        lambda one: one.words > _FEW and one.begun >= _HALF,
        "88+2, 52 good, 6'9 have no form that is known: so many kinds are hardly classes",
    ),
    Evidence(
        "a target of its own in each row", "number", 4,
        lambda one: one.target and one.words > _HALF * one.cells and one.begun >= _NEARLY_ALL,
        "what differs from row to row cannot be learnt as classes, so that whoever chose it means a number",
    ),
    Evidence(
        "few words", "word", 3, lambda one: one.words <= _FEW and one.cells >= _OFTEN * one.words,
        "classes such as 18-24 or 3x10 come again and again",
    ),
    Evidence(
        "letters before digits", "word", 4, lambda one: one.named >= _HALF,
        "E97, p12 and INV-2000x name something",
    ),
    Evidence(
        "letters that do not recur", "word", 6, lambda one: one.lettered >= _HALF,
        "units and remarks come again; 7590-VHVEG and 5575-GNVDE are names with digits in them",
    ),
    Evidence(
        "several numbers", "word", 3, lambda one: one.several >= _HALF > one.clocks + one.measures,
        "120/80, 3x10@60kg and 192.168.0.1 are none of the numbers in them",
    ),
    Evidence(
        "lists", "word", 6, lambda one: one.lists >= _HALF,
        "an address of the network, a vector, a version: each number is one of several",
    ),
    Evidence(
        "two years in a row", "word", 8, lambda one: one.seasons >= _NEARLY_ALL,
        "2019/20 names a season, and is no part of a whole",
    ),
    Evidence(
        "zeros before", "word", 10, lambda one: one.padded >= _HALF > one.clocks,
        "who counts writes no zero before a number, nor twelve digits; who numbers does: 00a1, 007/b",
    ),
    Evidence(
        "each differs", "word", 3,
        lambda one: not one.target and one.words >= _NEARLY_ALL * one.cells and one.plain < _HALF,
        "a word of its own in each row is an identifier, unless most are plain numbers",
    ),
    Evidence(
        "few cells", "word", 3, lambda one: one.cells < _FEW,
        "a handful of cells shows no form, and a table of so few rows teaches nothing",
    ),
    Evidence(
        "open ends", "word", 2, lambda one: one.open_ends and one.words <= _FEW,
        "5more, 10+ and 5小时以上 are the last of some classes, which have an order, but no size",
    ),
    Evidence(
        "rooms", "word", 6, lambda one: one.rooms >= _HALF,
        "5-102 is the second room on the fifth floor: neither number is a size, nor does one end a range",
    ),
    Evidence(
        "names of files", "word", 6, lambda one: one.files >= _HALF,
        "0001.png and 20240305.log are numbered, and measure nothing",
    ),
    Evidence(
        "streets", "word", 14, lambda one: one.streets >= _HALF,
        "12 Main St and 14 Oak Ave are houses, of however many streets: no street is a unit",
    ),
    Evidence(
        "prose", "word", 6, lambda one: one.prose >= _HALF,
        "a sentence, or the name of a product, may well begin with a number",
    ),
    Evidence(
        "hardly any digits", "word", 6, lambda one: one.numbered < _RATHER_FEW,
        "a few numbers among words are names, as 1984 among the titles of books",
    ),
)  # fmt: skip

NUMBER_OR_WORD = Judgement((("word", 4.0), ("number", 0.0)), _TABLE, costly=frozenset({"number"}))
"""Words are what the cells are as they stand: that takes four bits to doubt. As numbers, others are lost."""


def _have_units(words: Iterable[str]) -> bool:
    """Return whether what stands behind numbers are units that are known: 优 and 良 are none."""
    return all(looks_like_unit(unit) or are_of_one_kind((unit,)) for unit in units_of([*words]))


@dataclass(frozen=True)
class KeptAsWords:
    """What a person should know of words that stay words: notices, and what keeps them from being numbers."""

    notices: tuple[str, ...] = ()
    doubt: str = ""


def kept_as_words(
    name: str, words: Sequence[str], counts: NDArray[np.int64], marks: Marks, *, target: bool = False
) -> KeptAsWords:
    """Return what is told or asked of words that stay words; nothing where they clearly are words.

    Of a `target` more is asked: words that differ from row to row are no classes.
    """
    # columns of plain words, the most frequent ones, end here before any pattern is tried
    if not any(any(map(str.isdigit, word[:_LONGEST])) for word in words[:_SAMPLE]):
        return KeptAsWords()
    if are_names_of_things(words[:_SAMPLE]):
        return KeptAsWords()
    facts = replace(NumberedWords.of(words, counts, marks), target=target)
    verdict = NUMBER_OR_WORD.verdict(facts)
    if verdict.outcome == "clear":
        return KeptAsWords()
    first, second = facts.units[:2] if len(facts.units) > 1 else facts.unlike
    shown = {"name": name, "first": first, "second": second}
    if not verdict.asked:
        said = Message(
            "{name}: cells as {first!r} and {second!r} are words, each a value of its own", **shown
        )
    elif len(facts.units) > 1 and not _have_units(facts.units):
        said = Message(
            "{name}: different words stand behind numbers, as in {first!r} and {second!r}; all are kept "
            "as words, each a value of its own; to learn from the numbers, set the type of the column to one "
            "that reads them",
            **shown,
        )
    elif len(facts.units) > 1:
        said = Message(
            "{name}: numbers of different units, as {first} and {second}, are kept as words, each a value of "
            "its own; to learn from how large they are, write them in one unit",
            **shown,
        )
    else:
        said = Message(
            "{name}: cells as {first!r} and {second!r} are kept as words, each a value of its own; if they "
            "are numbers, write all alike, or set the type of the column to one that reads them, where cells "
            "that are none count as missing",
            **shown,
        )
    # those that do not read most cells are left away where the readings are shown
    ways = (*MEASURES, "date")
    told = decided(said, "data.types", *ways, column=name, cells=(first, second), doubtful=verdict.asked)
    # one that is a number by itself, where some are
    example = second if facts.plain and len(facts.units) < 2 else first
    doubt = Message("its cells may be meant as numbers, as {first}; write all alike", first=example)
    return KeptAsWords((told,), doubt if verdict.asked else "")
