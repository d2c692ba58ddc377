"""Placement: which class and which part of the split a file belongs to, by the folders it lies in.

One rule for pictures, series and texts. Files may lie as CLASS/file, PART/CLASS/file, CLASS/PART/file (a part
being train, Testing, val ...), below folders that hold everything, and in folders within a class; as
DAY/CLASS/file, where a day may be a person or a session; files that lie in no folders may name their class,
as cat.0.jpg does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message, Setting
from engine.data.decisions import Decided, Decision, OtherReading, Specimen, decided
from engine.data.description import PartName
from engine.ordinary import as_written

ClassFrom = Annotated[
    Literal["auto", "outer", "inner", "name", "word"],
    Setting(
        "Class",
        "What names the class of a file; folders called train, validation or test are parts and no classes.",
        options={
            "auto": "found out",
            "outer": "the outermost folder",
            "inner": "the folder it lies in",
            "name": "its name, as in cat.0.jpg",
            "word": "the first word of its name, as in A_li_03.png",
        },
    ),
]

_PARTS: dict[str, PartName] = {
    **dict.fromkeys(("train", "training", "trainset", "trainval", "trn", "tra", "训练", "訓練"), "train"),
    **dict.fromkeys(
        ("valid", "validation", "validate", "val", "dev", "devel", "development", "testa", "validset"),
        "validation",
    ),
    **dict.fromkeys(("验证", "驗證", "开发"), "validation"),
    **dict.fromkeys(
        ("test", "testing", "testb", "testset", "tst", "tes", "eval", "evaluation", "测试", "測試"), "test"
    ),
}
"""What the parts of a published data set are called."""
_SET = re.compile("(?:集|数据|數據|数据集|样本)$")
"""How the Chinese name of a part may end."""
_FEW_SHOWN = 3
UNLABELLED = ("unsup", "unlabelled", "unlabeled")
"""What the folder of examples without a class is called."""
_CAMERA_WORDS = """
img image images dsc dscn dscf dcim pxl photo picture pic frame scan screenshot p imgp foto bild file sample
example whatsapp mmexport wx screen capture snapshot vid video
微信图片 微信截图 屏幕截图 截图 照片 图片 qq图片 qq截图
"""
_CAMERAS = frozenset(_CAMERA_WORDS.split())
"""What cameras and programs call every file."""
_NUMBERED = re.compile(r"(?P<word>.*?[^\W\d_].*?)[\s._-]*(\(?\d+\)?|\d{4}-?\d\d-?\d\d[\d\s._TZ-]*)")
"""A word and a number, or a date and a time, as loggers call what they record."""
_WITH_MORE = re.compile(r"(?P<word>[^\W\d_](?:\D*[^\W\d_])?)[\s._-]+\d+[\s._-].*")
"""A word, a number and more, as walking_01_zhang."""
_SESSIONS = re.compile(
    r"(s|p|d|sub|subj|subject|person|patient|participant|user|day|week|session|run|trial|fold|batch|lot|shift|rep|exp|"
    r"experiment|plate|camera|cam)[\s._-]*\d+|\D*(19|20)\d{2}\D?[01]?\d\D?[0-3]?\d\D*|[01]?\d[-_.][0-3]?\d|\d+月\d+日?",
    re.IGNORECASE,
)
"""What folders of one day, one person or one session are called; class1 and 3 may be classes."""
_CLASS = re.compile("class|label|category|kind|type|grade|level|类|等级", re.IGNORECASE)
_APART = re.compile(r"[\s._-]+")
_MOSTLY = 0.8


@dataclass(frozen=True)
class Placed:
    """The class and the part of one file; "" and None where it names none."""

    label: str
    part: PartName | None


@dataclass(frozen=True)
class Placement:
    """What the levels of folders below a folder mean.

    `wrapped`: so many outermost folders hold everything; `parts`: the level at which folders are parts, None
    where there are none; `classes`: where the class stands, never "auto"; `joined`: whether the names of the
    parts hold the classes, as train_cat does; `doubled`: folders in which all lies in another of their name;
    `days`: whether the outer folders are days or the like, in which what lies in no folder has no class.
    """

    wrapped: int
    parts: int | None
    classes: Literal["outer", "inner", "name", "word"]
    joined: bool = False
    doubled: frozenset[tuple[str, ...]] = frozenset()
    days: bool = False

    def of(self, place: Sequence[str]) -> Placed | None:
        """Return what the file at `place` is; None where it lies beside the classes."""
        folders = _undoubled(place[:-1], self.doubled)
        part = None
        if self.parts is not None:
            if len(folders) <= self.parts:
                return None
            # taken out, so that classes are looked for as if there were no parts
            named = folders.pop(self.parts)
            part = part_of(named)
            if part is None:
                return None
            if self.joined:
                return Placed(as_written(_beside_part(named)), part)
        label = self._label(folders[self.wrapped :], place[-1])
        if label is None:
            return None
        # old archives leave bytes in names that are no text, and a label must be one that can be written
        return Placed("" if label.lower() in UNLABELLED else as_written(label), part)

    def _label(self, folders: list[str], name: str) -> str | None:
        if self.classes in ("name", "word"):
            word = class_in_name(name)
            return word if word is None or self.classes == "name" else _APART.split(word)[0]
        if len(folders) <= self.days:
            return None
        return folders[0] if self.classes == "outer" else folders[-1]


def placement_of(
    places: Sequence[Sequence[str]], classes: Literal["auto", "outer", "inner", "name", "word"] = "auto"
) -> Placement:
    """Return what the folders mean in which files lie; `places` are folders and file names, relative."""
    doubled = _doubled(places)
    folders = [_undoubled(place[:-1], doubled) for place in places]
    parts = _level_of_parts(folders)
    # folders of parts that hold files themselves: train_cat, test_cat
    innermost = [one[-1] for one in folders if parts is not None and len(one) == parts + 1]
    if classes not in ("name", "word") and 2 * len(innermost) > len(folders) and _joined(innermost):
        return Placement(0, parts, "outer", joined=True, doubled=doubled)
    if parts is not None:
        folders = [[*one[:parts], *one[parts + 1 :]] for one in folders if len(one) > parts]
    # a single folder of a test makes no level of parts
    folders = _without_loose_test(folders) if parts is None else folders
    wrapped = 0
    # archives unpack to a folder in a folder
    while _wraps(folders, wrapped):
        wrapped += 1
    outer = {one[wrapped] for one in folders if len(one) > wrapped}
    days = False
    if classes == "auto":
        # folders come before names: photos in class folders are often called cat_1 as well
        named = len(outer) < 2 and names_tell(places)
        days = not named and _days(folders, wrapped)
        classes = _in_names(places) if named else "inner" if days else "outer"
    return Placement(wrapped, parts, classes, doubled=doubled, days=days)


def _in_names(places: Sequence[Sequence[str]]) -> Literal["name", "word"]:
    """Return whether the class is all that stands before the number of a name, or the first word alone.

    That is so where the same words stand behind those of several classes: A_li, A_wang, B_li, B_wang.
    """
    words = {word for word in (class_in_name(place[-1]) for place in places) if word}
    pairs = {tuple(_APART.split(word, maxsplit=1)) for word in words}
    # a name without a second word: what stands in the others may be a part of the class
    if any(len(pair) < 2 for pair in pairs) or len({pair[0] for pair in pairs}) < 2:
        return "name"
    # persons stand behind several classes, the second word of golden_retriever behind one
    behind = Counter(pair[1] for pair in pairs)
    shared = sum(count > 1 for count in behind.values())
    return "word" if len(behind) > 1 and shared >= _MOSTLY * len(behind) else "name"


def _days(folders: Sequence[Sequence[str]], level: int) -> bool:
    """Return whether folders of days, persons or sessions, or of numbers alone, all hold the same of words.

    Those called class1 and class2 are rather classes, whatever lies in each.
    """
    within: dict[str, set[str]] = {}
    for one in folders:
        if len(one) > level + 1:
            within.setdefault(one[level], set()).add(one[-1])
    inner = next(iter(within.values()), set())
    # classes may be called by years or numbers, so that inner folders of words are asked for, too
    numbered = numbered_alike(within) and all(map(_NUMBERED.fullmatch, within))
    apart = all(map(_SESSIONS.fullmatch, within)) or (numbered and not any(map(_CLASS.match, within)))
    several = len(within) > 1 and len(inner) > 1 and apart
    return several and not numbered_alike(inner) and all(one == inner for one in within.values())


def _doubled(places: Sequence[Sequence[str]]) -> frozenset[tuple[str, ...]]:
    """Return folders in which lies one of the same name, as programs that unpack leave them, and no class.

    seg_train/seg_train/forest is forest of seg_train; beside the inner folder may lie parts, as in a set that
    holds itself once more, but no other folder: of 1/1, 1/2, 2/1 the inner ones are classes.
    """
    within: dict[tuple[str, ...], set[str]] = {}
    for folders in {tuple(place[:-1]) for place in places}:
        for level in range(1, len(folders)):
            within.setdefault(folders[:level], set()).add(folders[level])
    return frozenset(
        outer
        for outer, inner in within.items()
        if outer[-1] in inner and all(name == outer[-1] or part_of(name) for name in inner)
    )


def _undoubled(folders: Sequence[str], doubled: Collection[tuple[str, ...]]) -> list[str]:
    """Return the folders without those that only repeat the name of the one they lie in."""
    return [
        name
        for level, name in enumerate(folders)
        if not (level and name == folders[level - 1] and tuple(folders[:level]) in doubled)
    ]


def _without_loose_test(folders: list[list[str]]) -> list[list[str]]:
    """Return the folders without one of a test whose files lie in no class folders, beside one of classes.

    So kaggle_testset lies beside pictures, which holds a folder for each class: neither is a class itself.
    """
    outer = {one[0] for one in folders if one}
    loose = {name for name in outer if part_of(name) == "test"}
    loose = {name for name in loose if all(len(one) == 1 for one in folders if one and one[0] == name)}
    rest = [one for one in folders if one and one[0] not in loose]
    deep = sum(len(one) > 1 for one in rest)
    return rest if len(outer) == len(loose) + 1 > 1 and 2 * deep > len(rest) else folders


def _wraps(folders: Sequence[Sequence[str]], level: int) -> bool:
    """Return whether one folder at this level holds all that lies so deep, and most of it in folders within.

    Files that lie loose above or directly in it change nothing.
    """
    names = {one[level] for one in folders if len(one) > level}
    return len(names) == 1 and 2 * sum(len(one) > level + 1 for one in folders) > len(folders)


def _level_of_parts(folders: Sequence[Sequence[str]]) -> int | None:
    """Return the outermost level at which most files lie in folders of parts.

    One such folder alone counts where its whole name is that of a part and nothing lies beside it: classes
    called test_positive and test_negative are no parts.
    """
    for level in range(max(map(len, folders), default=0)):
        names = [one[level] for one in folders if len(one) > level]
        parted = [name for name in names if part_of(name)]
        different = {part_of(name) for name in parted}
        whole = all(name.lower() in _PARTS for name in names)
        # most and not all: a folder of notes or of a sample may lie beside the parts
        if 2 * len(parted) > len(names) and (len(different) > 1 or whole):
            return level
    return None


def numbered_alike(names: Collection[str]) -> bool:
    """Return whether names differ in nothing but numbers, as images_001 and images_002 do."""
    return len({re.sub(r"\d+", "0", name) for name in names}) == 1


def part_of(name: str) -> PartName | None:
    """Return which part of a published data set a file or folder is by its name, None for none."""
    # the first word that is one: test_of_training is a test
    return next((part for part in map(_part, _pieces(name)) if part), None)


def told_parts(names: Sequence[str], setting: str = "data.parts", otherwise: object = "shares") -> str:
    """Return that files are the parts that they are called, with the setting by which they are none."""
    of = {part: [name for name in names if part_of(name) == part] for part in ("train", "validation", "test")}
    said = Message(
        "the parts are as the files are called: {shown}",
        shown="; ".join(f"{part}: {', '.join(found[:_FEW_SHOWN])}" for part, found in of.items() if found),
    )
    return decided(said, setting, otherwise)


def _pieces(name: str) -> list[str]:
    """Return the words of a name, also where a capital letter alone parts them, as in trainA and KDDTrain."""
    return re.split(r"[\s._-]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", name)


def _part(word: str) -> PartName | None:
    # train1 and KDDTrain+ are parts as well
    # and so is 训练集, 训练数据
    return _PARTS.get(_SET.sub("", word.lower().rstrip("0123456789+")))


def _beside_part(name: str) -> str:
    """Return what stands in the name of a part beside it: cat of train_cat, A of trainA."""
    return "_".join(piece for piece in _pieces(name) if piece and not _part(piece))


def _joined(names: Collection[str]) -> bool:
    """Return whether every part comes in the same several folders, as train_cat, train_dog, test_cat ..."""
    beside: dict[PartName | None, set[str]] = {}
    for name in set(names):
        beside.setdefault(part_of(name), set()).add(_beside_part(name))
    kinds = list(beside.values())
    return len(kinds) > 1 and len(kinds[0] - {""}) > 1 and all(kind == kinds[0] for kind in kinds)


def class_in_name(name: str) -> str | None:
    """Return the class that a file's name begins with, followed by a number; None where there is none.

    "cat.0.jpg" is of cat, "american_bulldog_12.png" of american_bulldog, "walking_01_li.csv" of walking.
    """
    stem = PurePath(name).stem
    # the number at the end first, as a word may hold another within
    found = _NUMBERED.fullmatch(stem) or _WITH_MORE.fullmatch(stem)
    return found["word"].strip(" ._-") if found else None


def names_tell(places: Sequence[Sequence[str]]) -> bool:
    """Return whether most names begin with a class: several, each of several files, none of a camera."""
    words = [word for word in (class_in_name(place[-1]) for place in places) if word]
    different = {word.lower() for word in words}
    # one name of a camera is enough for doubt: IMG_1 beside cat_1
    first = {re.split(r"[\s._-]", word)[0] for word in different}
    # a word for each file is its title and no class
    enough = len(words) >= 0.5 * len(places) and 2 <= len(different) <= len(words) / 2
    enough = enough and not different <= _PARTS.keys()  # Train_1 and Test_1 tell parts
    return enough and not first & _CAMERAS


def inner_folders(places: Sequence[Sequence[str]], found: Placement) -> tuple[str, ...]:
    """Return the folders within class folders that could be the classes instead; mostly there are none.

    They differ from class to class, or are the same in all (the colours and the outlines of every leaf). One
    within each that has the same name everywhere is none.
    """
    if found.classes != "outer":
        return ()
    above = found.wrapped + 1 + (found.parts is not None)
    pairs = {
        (placed.label, place[-2])
        for place in places
        if len(_undoubled(place[:-1], found.doubled)) > above
        and part_of(place[-2]) is None
        and (placed := found.of(place)) is not None
    }
    names = {inner for _, inner in pairs}
    # every class has every inner folder
    crossed = len(names) > 1 and len(pairs) == len(names) * len({label for label, _ in pairs})
    return tuple(sorted(names)) if len(names) == len(pairs) or crossed else ()


def said_classes(places: Sequence[Sequence[str]], found: Placement) -> str:
    """Return what classes are, where they are not the outermost folders; "" where they are."""
    from engine.data.cells.values import listed, natural  # needs pandas, which forms do without

    labels = sorted({one.label for one in map(found.of, places) if one is not None}, key=natural)
    if found.classes == "name":
        return Message("classes are taken from the names of the files: {listed}", listed=listed(labels))
    if found.classes == "word":
        words = {word for word in (class_in_name(place[-1]) for place in places) if word}
        behind = sorted({" ".join(_APART.split(word, maxsplit=1)[1:]) for word in words} - {""}, key=natural)
        return Message(
            "classes are the first words of the names of the files: {listed}; what stands behind "
            "them is not used ({others})",
            listed=listed(labels),
            others=listed(behind),
        )
    if found.classes == "inner":
        return Message("classes are the folders in which the files lie: {listed}", listed=listed(labels))
    return ""


def told_inner(places: Sequence[Sequence[str]], found: Placement) -> str:
    """Return that the folders within class folders are not used, where they could be the classes; else ""."""
    from engine.data.cells.values import listed, natural  # needs pandas, which forms do without

    inner = inner_folders(places, found)
    if not inner:
        return ""
    outer: list[str] = sorted({one.label for one in map(found.of, places) if one is not None}, key=natural)
    return Message(
        "classes are the outer folders ({listed}); the folders within them are not used ({others}): to take "
        "those as classes, set Class to the folder it lies in",
        listed=listed(outer),
        others=listed(inner),
    )


def told_classes(said: str, places: Sequence[Sequence[str]], found: Placement) -> Decided:
    """Return the notice of what was taken for the classes, with files of three of them as they are read."""
    first: dict[str, Sequence[str]] = {}
    for place in places:
        placed = found.of(place)
        if placed is not None and placed.label:
            first.setdefault(placed.label, place)
    few = [*first.values()][:_FEW_SHOWN]
    read = _labels(few, found)
    ways: tuple[Literal["outer", "inner", "name", "word"], ...] = ("outer", "inner", "name", "word")
    # read as the other ways would, so that the person sees what each makes of the same files
    others = {way: _labels(few, placement_of(places, way)) for way in ways}
    return Decided(
        said,
        Decision(
            setting="data.classes",
            value=found.classes,
            specimens=tuple(Specimen("/".join(place), one) for place, one in zip(few, read, strict=True)),
            others=tuple(OtherReading(way, one) for way, one in others.items() if one != read and all(one)),
            doubtful=True,
        ),
    )


def _labels(places: Sequence[Sequence[str]], found: Placement) -> tuple[str, ...]:
    """Return the class of each file in quotation marks, "" where it has none."""
    placed = map(found.of, places)
    return tuple(f'"{one.label}"' if one is not None and one.label else "" for one in placed)


def told_vanished(
    placement: Placement, kept: Sequence[Sequence[str]], lost: Sequence[Sequence[str]]
) -> list[str]:
    """Return that classes are left out of which no file is kept; places are folders and file names."""

    from engine.data.cells.values import listed, natural  # needs pandas, which forms do without

    def labels(places: Sequence[Sequence[str]]) -> set[str]:
        return {placed.label for place in places if (placed := placement.of(place)) is not None} - {""}

    gone = sorted(labels(lost) - labels(kept), key=natural)
    if not gone:
        return []
    if len(gone) == 1:
        return [Message("the class {gone} is left out: none of its files can be read", gone=gone[0])]
    return [
        Message("the classes {listed} are left out: none of their files can be read", listed=listed(gone, 20))
    ]


def published_parts(placed: Sequence[Placed | None]) -> NDArray[np.str_] | None:
    """Return the part of each file as text (N,), as raw data has it; None where there are not several."""
    parts = [one.part if one is not None else None for one in placed]
    if len({part for part in parts if part}) < 2:
        return None
    # what lies beside the parts is learnt from; a test must not get what nobody put there
    return np.array([part or "train" for part in parts], np.str_)
