"""Tagged words in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from engine.choices import Setting
from engine.data.files.beside import judged_by
from engine.data.files.endings import EXCEL, TAGGED
from engine.data.files.layouts import ends_in, files_in, holds_mostly, looks_tagged, sort_of_file
from engine.data.files.settings import Encoding, Sheet, TestPath, ValidationPath
from engine.data.source import Report, Source, silent
from engine.data.texts.read.tag_files import tag_files
from engine.data.texts.read.word_lists import holds_word_lists

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw

_Place = Annotated[int, Setting("Column", "Number of a column, from 1.", least=1, most=1000)]

_LOOKED_AT = 20
"""Files of a folder."""


class TaggedText(Source, kind="tagged_text", title="Tagged words", rank=13):
    """Sentences whose words have tags, in the layout of the CoNLL tasks: names of persons, parts of speech.

    A line holds a word and its tag, perhaps more columns between; a blank line ends a sentence. Or a row of a
    table holds a word, with the number of its sentence and its tag. Or a record
    of JSON holds a list of words and one of their tags; or each word of a sentence carries its tag behind a
    slash (the/at); or sentences lie in seq.in, and their tags in seq.out beside it; or what is marked in
    doc.txt stands in doc.ann (brat), or in an export of Label Studio. Tags of entities (O outside, B-PER,
    I-PER and their like) are brought to one notation; in a folder, files called train, dev and test are the
    parts as published.

    Source: Tjong Kim Sang and De Meulder, Introduction to the CoNLL-2003 Shared Task, 2003.
    """

    endings = (*TAGGED, ".txt", ".tsv", ".csv", *EXCEL)

    path: Annotated[
        str,
        Setting(
            "File or folder",
            "A file with a word and its tag a line, or a folder of such.",
            role="file_or_folder",
        ),
    ] = ""
    word: Annotated[
        _Place | Literal["auto"],
        Setting("Word column", "Which column holds the words, from 1.", options={"auto": "found out"}),
    ] = "auto"
    tag: Annotated[
        _Place | Literal["auto", "last"],
        Setting(
            "Tag column",
            "Which column holds the tags, from 1.",
            options={"auto": "found out", "last": "the last"},
        ),
    ] = "auto"
    encoding: Encoding = "auto"
    sheet: Sheet = ""
    validation_path: ValidationPath = ""
    test_path: TestPath = ""

    @property
    def holds(self) -> type[Raw]:
        """Return tagged texts."""
        from engine.data.texts.raw import TaggedTexts

        return TaggedTexts

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file has a word and its tag a line, or a folder holds such."""
        if path.is_dir() and tag_files(path):
            return True
        if path.is_dir() and not holds_mostly(path, "tagged", "texts", "tables"):
            return False
        files = [path] if path.is_file() else judged_by(files_in(path))
        if any(map(holds_word_lists, files[:1])):
            return True
        # one is enough, as each is opened
        plain = [file for file in files if ends_in(file, ".txt", ".tsv")][:1]
        sorts = (sort_of_file(file) == "tagged" for file in files[:_LOOKED_AT])
        return any(ends_in(file, *TAGGED) for file in files) or any(map(looks_tagged, plain)) or any(sorts)

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the sentences. Raises Invalid when there are none, or a column is missing throughout."""
        from engine.data.texts.read.tagged import TaggedFormat, read_tagged

        return read_tagged(TaggedFormat(self.path, self.word, self.tag, self.encoding, self.sheet), report)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read the column of words, or of files of another sort whole texts; tags may be missing."""
        from engine.data.memory import free_memory
        from engine.data.texts.new import read_new_tagged
        from engine.data.texts.read.tagged import TaggedFormat

        how = TaggedFormat(self.path, self.word, self.tag, self.encoding, self.sheet)
        return read_new_tagged(Path(self.path), how, report, free_memory())
