"""A folder that holds a text and its translation, in files called alike but for their language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from engine.data.files.beside import lies_beside
from engine.data.files.endings import LANGUAGE_NAMES, LANGUAGES, SUBTITLES, TABLES
from engine.data.files.layouts import ends_in, files_in

_PIECE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
# not those of columns: there, words of Chinese in a first line have been read as a pair
_CHINESE = "中文 汉语 英文 英语 日文 日语 法语 德语 俄语 韩语 西班牙语"
_SIDES = "in out input output source target src tgt 上联 下联 原文 译文"
_NAMES = LANGUAGE_NAMES | frozenset(f"{_CHINESE} {_SIDES}".split())


def pairs_in(folder: Path) -> tuple[tuple[Path, Path], ...]:
    """Return the pair of the training part, as `pair_in`, and behind it those of the other parts.

    They are in the same two languages, and called as the part they are.
    """
    from engine.data.files.placement import part_of

    chosen = pair_in(folder)
    if chosen is None:
        return ()
    pairs, _ = _pairs(folder)
    others = [
        tuple(files[language] for language in sorted(files, key=lambda one: files[one]))
        for (name, _), files in pairs.items()
        if part_of(name) in ("validation", "test") and chosen[0] not in files.values()
    ]
    endings = [path.suffixes[-1:] for path in chosen]
    alike = [(one, other) for one, other in others if [one.suffixes[-1:], other.suffixes[-1:]] == endings]
    # two of one part, as two years of a contest, are both of it
    return (chosen, *alike) if part_of(chosen[0].name) == "train" else (chosen,)


def pair_in(folder: Path) -> tuple[Path, Path] | None:
    """Return the two files that are a text and its translation, in the order of their names.

    film.en.srt and film.de.srt are such, and news.de-en.de and news.de-en.en. Of several pairs it is that of
    the training part, else none: which is meant is not known then. Two that are called by languages in full,
    as chinese.txt and english.txt, or by their side, as in.txt and out.txt, are such where they
    have as many lines: they may as well be two classes.
    """
    from engine.data.files.placement import part_of

    pairs, groups = _pairs(folder)
    train = {name: files for name, files in pairs.items() if part_of(name[0]) == "train"}
    chosen = list((pairs if len(pairs) == 1 else train).values())
    # files of one language without the other: a collection of subtitles, say, and no pair
    if len(chosen) != 1 or groups > len(pairs):
        return None
    if not _NAMES.isdisjoint(map(str.lower, chosen[0])) and not _as_long(chosen[0].values()):
        return None
    first, second = sorted(chosen[0].values())
    return first, second


def _pairs(folder: Path) -> tuple[dict[tuple[str, str], dict[str, Path]], int]:
    """Return the two files of each pair in a folder by what they are called, and how many names there are."""
    groups: dict[tuple[str, str], dict[str, Path]] = {}
    # lists of words lie beside the texts of both languages, and a dictionary is of neither: dict.en-vi
    for path in (one for one in files_in(folder) if not lies_beside(one.name)):
        pieces = path.name.split(".")
        ending = pieces.pop() if ends_in(path, *SUBTITLES, *TABLES) else ""
        # en.txt and de.txt are named by the language alone
        language = pieces.pop() if len(pieces) > 1 or ending else ""
        codes = re.split("[-_]", language)
        both = len(codes) > 1 and all(code in LANGUAGES for code in codes)
        coded = _PIECE.fullmatch(language) and codes[0] in LANGUAGES and not both
        if coded or language.lower() in _NAMES:
            groups.setdefault((".".join(pieces), ending), {})[language] = path
    return {name: files for name, files in groups.items() if len(files) == 2}, len(groups)


def _as_long(paths: Iterable[Path]) -> bool:
    """Return whether files have the same number of lines, blank ones at their ends aside."""
    return len({path.read_bytes().rstrip().count(b"\n") for path in paths}) == 1
