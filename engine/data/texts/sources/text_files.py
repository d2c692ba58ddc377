"""Running text in files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from engine.choices import Setting
from engine.data.files.beside import lies_beside
from engine.data.files.endings import TEXTS
from engine.data.files.layouts import files_in, holds_mostly, looks_running, sort_of_file
from engine.data.files.settings import Encoding, Parts
from engine.data.source import Report, Source, silent
from engine.data.texts.read.halves import begins_in_halves
from engine.data.texts.read.language_files import pair_in
from engine.data.texts.read.markup import begins_in_two_languages
from engine.data.texts.read.tag_files import tag_files

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw


class TextFiles(Source, kind="text_files", title="Running text", rank=12):
    """Running text in one file, or in all .txt files of a folder: books, articles, code.

    It is its own target: the network learns to guess the next word or a hidden one. The beginning is for
    training, the end for validation and test, so that no sentence is in two parts; of a folder, files called
    train, valid and test are the parts. What stands beside the
    text is left out: names and times of an exported chat, the heads of notes, the licence of a book.
    """

    endings = TEXTS
    came_later: ClassVar[Mapping[str, Any]] = {"heads": "keep", "parts": "shares"}

    path: Annotated[
        str,
        Setting(
            "File or folder",
            "A text file, or a folder: all .txt files in it, in the order of their names.",
            role="file_or_folder",
        ),
    ] = ""
    encoding: Encoding = "auto"
    heads: Annotated[
        Literal["leave_out", "keep"],
        Setting(
            "Heads",
            "What stands beside the text: who wrote a message of a chat and when, facts above notes and "
            "clippings, times in captions, the licence of a book of Project Gutenberg.",
            options={"leave_out": "left out", "keep": "learnt as text"},
        ),
    ] = "leave_out"
    parts: Parts = "names"

    @property
    def holds(self) -> type[Raw]:
        """Return running text."""
        from engine.data.texts.raw import Corpus

        return Corpus

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file is prose, or a folder holds such in one language."""
        if path.is_file():
            return looks_running(path) and not (begins_in_two_languages(path) or begins_in_halves(path))
        # a text and its translation, or texts with what is marked in them
        if pair_in(path) is not None or tag_files(path):
            return False
        files = [file for file in files_in(path) if not lies_beside(file.name)]
        plain = [file for file in files if sort_of_file(file) == "texts"]
        # a Makefile among programs is no book
        if 2 * len(plain) < len(files):
            return False
        # the first stands for all, which are of one sort
        return holds_mostly(path, "texts") and bool(plain) and looks_running(plain[0])

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the text. Raises Invalid when there is none."""
        from engine.data.texts.read.folders import read_corpus

        return read_corpus(
            self.path, self.encoding, report, heads=self.heads == "keep", parted=self.parts == "names"
        )

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read texts to be gone on with: the lines of a file, a column of a table, files of a folder."""
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.new import NewFormat, read_new_texts

        how = NewFormat(text=TableFormat.of(self), heads=self.heads == "keep")
        return read_new_texts(Path(self.path), how, report, free_memory())
