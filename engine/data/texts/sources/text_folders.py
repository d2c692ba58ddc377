"""Texts in folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engine.choices import Setting
from engine.data.files.layouts import below, files_in, folders_in, holds_mostly, sort_of_file
from engine.data.files.placement import ClassFrom
from engine.data.files.settings import Encoding, TestPath, ValidationPath
from engine.data.source import Report, Source, silent
from engine.data.texts.read.tag_files import tag_files

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw


_FEWEST = 20
"""Texts beside each other that are rather examples than the chapters of a book."""


class TextFolders(Source, kind="text_folders", title="Text folder", rank=11):
    """Texts in a folder with one folder of .txt files per class, as the IMDB film reviews.

    Folders called train and test may lie above those of the classes: they are the parts as published. Without
    folders, the names of the files tell the classes, as pos_1.txt; or each file is a class with an example a
    line, as Chinese.txt and English.txt of names. Texts in a folder called unsup have no
    label and are left out. Files that cannot be read are left out and named.
    """

    path: Annotated[
        str, Setting("Folder", "A folder that holds one folder of .txt files per class.", role="folder")
    ] = ""
    classes: ClassFrom = "auto"
    encoding: Encoding = "auto"
    validation_path: ValidationPath = ""
    test_path: TestPath = ""

    @property
    def holds(self) -> type[Raw]:
        """Return texts."""
        from engine.data.texts.raw import Texts

        return Texts

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a folder holds folders of .txt files, perhaps in train and test, or many files whose
        names begin with their class.
        """
        from engine.data.files.placement import names_tell
        from engine.data.texts.read.class_files import told_by_endings

        within = [file for folder in folders_in(path) for file in below(folder)]
        if not holds_mostly(path, "texts") or tag_files(path):
            return False
        # names alone, as if all lay in one folder
        names = [(file.name,) for file in files_in(path)]
        sorts = {sort_of_file(file) for file in within}
        # of no sort at all: programs, and what else is text under any ending
        inside = "texts" in sorts or sorts == {None}
        by_name = len(names) >= _FEWEST and names_tell(names)
        return inside or by_name or told_by_endings([name for (name,) in names])

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all files. Raises Invalid when there are none in folders of classes."""
        from engine.data.texts.read.folders import read_folders

        return read_folders(self.path, self.encoding, report, self.classes)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read texts without labels: the files of a folder, the lines of a file, a column of a table."""
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.new import NewFormat, read_new_texts

        how = NewFormat(text=TableFormat.of(self))
        return read_new_texts(Path(self.path), how, report, free_memory())
