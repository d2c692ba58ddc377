"""Texts and their translations in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from engine.choices import Message, Setting
from engine.data.files import settings as file_settings
from engine.data.files.endings import TABLES
from engine.data.files.layouts import files_in
from engine.data.source import Report, Source, silent
from engine.data.texts.read.direction import Direction
from engine.data.texts.read.halves import begins_in_halves
from engine.data.texts.read.language_files import pair_in, pairs_in
from engine.data.texts.read.markup import begins_in_two_languages

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw


class TextPairsFile(Source, kind="text_pairs", title="Texts with translations", rank=14):
    """Texts and their translations: two files with a sentence a line, or one file with two columns, or with
    subtitles of two lines, flashcards of Anki, or questions and their answers behind Q: and A:.

    The first side is translated into the second, unless the names or the direction say otherwise.
    """

    endings = TABLES
    came_later: ClassVar[Mapping[str, Any]] = {"parts": "shares", "direction": "forward"}

    path: Annotated[
        str,
        Setting(
            "File or folder",
            "The texts, one a line; or a table (TSV, CSV, Excel, Parquet) with both; or a folder of two "
            "files called alike but for their language, as news.de and news.en, and of other parts, as "
            "valid.de and valid.en.",
            role="file_or_folder",
        ),
    ] = ""
    translations: Annotated[
        str,
        Setting(
            "Translations", "The file of translations, line by line; empty: in the same file.", role="file"
        ),
    ] = ""
    source: Annotated[
        str, Setting("Text column", "For one file: the column to translate; empty: the first.", role="column")
    ] = ""
    target: Annotated[
        str,
        Setting("Translation column", "For one file: its translation; empty: the second.", role="column"),
    ] = ""
    direction: Direction = "auto"
    separator: file_settings.Separator = "auto"
    encoding: file_settings.Encoding = "auto"
    header: file_settings.Header = "auto"
    skip_above: file_settings.SkipAbove = "auto"
    sheet: file_settings.Sheet = ""
    missing: file_settings.Missing = ()
    parts: file_settings.Parts = "names"

    @property
    def holds(self) -> type[Raw]:
        """Return texts with translations."""
        from engine.data.texts.raw import TextPairs

        return TextPairs

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a folder holds a text and its translation, or a file subtitles in two languages,
        flashcards, or questions with their answers.
        """
        if path.is_dir():
            return pair_in(path) is not None
        return begins_in_two_languages(path) or begins_in_halves(path)

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the pairs. Raises Invalid when a side is missing or the two differ in length."""
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.read.direction import directed
        from engine.data.texts.read.pairs import PairsFormat, read_pairs, with_parts

        how = TableFormat.of(self, self.source, self.target)
        # a folder is brought down to its two files, so that the reading knows no folders
        path, translations = self._files()
        which = PairsFormat(path, translations, self.source, self.target)
        found = read_pairs(which, how, report, free_memory())
        others = pairs_in(Path(self.path))[1:] if self.parts == "names" and Path(self.path).is_dir() else ()
        read = [path, translations, *(str(one) for pair in others for one in pair)]
        found = with_parts(found, path, others, how, report, free_memory()) if others else found
        found = replace(found, notices=(*found.notices, *self._told_others(*read)))
        names = [Path(one).name for one in (self.path, *read) if one]
        return directed(found, self.direction, names, by_name=bool(translations))

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read the texts to be translated; their translations may be missing."""
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.new import read_new_pairs
        from engine.data.texts.read.pairs import PairsFormat

        back = self.direction == "back"
        # of a file of its own, that alone is read; of two columns, that which the network reads
        path, other = self._files()
        which = PairsFormat(other if back and other else path, source=self.target if back else self.source)
        return read_new_pairs(which, TableFormat.of(self, which.source), report, free_memory())

    def _told_others(self, *read: str) -> list[str]:
        """Return the notice of what lies beside the two files of a folder, as those of dev and test."""
        from engine.data.cells.values import listed

        folder = Path(self.path)
        if not folder.is_dir():
            return []
        rest = sorted({path.name for path in files_in(folder)} - {Path(one).name for one in read})
        said = Message("what lies beside them is left out: {listed}", listed=listed(rest))
        return [said] if rest else []

    def _files(self) -> tuple[str, str]:
        """Return the file of texts and that of translations; of a folder, its two."""
        pair = pair_in(Path(self.path)) if self.path and Path(self.path).is_dir() else None
        return (self.path, self.translations) if pair is None else (str(pair[0]), str(pair[1]))
