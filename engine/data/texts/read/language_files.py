"""A folder that holds a text and its translation, in files called alike but for their language."""

from __future__ import annotations

import re
from pathlib import Path

from engine.data.files.endings import LANGUAGES, SUBTITLES, TABLES
from engine.data.files.layouts import ends_in, files_in

_PIECE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


def pair_in(folder: Path) -> tuple[Path, Path] | None:
    """Return the two files that are a text and its translation, in the order of their names.

    film.en.srt and film.de.srt are such, and news.de-en.de and news.de-en.en. Of several pairs it is that of
    the training part, else none: which is meant is not known then.
    """
    from engine.data.files.placement import part_of

    groups: dict[tuple[str, str], dict[str, Path]] = {}
    for path in files_in(folder):
        pieces = path.name.split(".")
        ending = pieces.pop() if ends_in(path, *SUBTITLES, *TABLES) else ""
        # en.txt and de.txt are named by the language alone
        language = pieces.pop() if len(pieces) > 1 or ending else ""
        if _PIECE.fullmatch(language) and re.split("[-_]", language)[0] in LANGUAGES:
            groups.setdefault((".".join(pieces), ending), {})[language] = path
    pairs = {name: files for (name, _), files in groups.items() if len(files) == 2}
    train = {name: files for name, files in pairs.items() if part_of(name) == "train"}
    chosen = list((pairs if len(pairs) == 1 else train).values())
    # files of one language without the other: a collection of subtitles, say, and no pair
    if len(chosen) != 1 or len(groups) > len(pairs):
        return None
    first, second = sorted(chosen[0].values())
    return first, second
