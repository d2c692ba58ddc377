"""Texts in folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from engine.choices import Setting
from engine.data.file_settings import Encoding, codec
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.raw import Raw


class TextFolders(Source, kind="text_folders", title="Text folder", rank=11):
    """Texts in a folder with one folder of .txt files per class, as the IMDB film reviews.

    Folders called train and test may lie above those of the classes: they are the parts as published. Texts
    in a folder called unsup have no label. Files that cannot be read are left out and named.
    """

    path: Annotated[
        str, Setting("Folder", "A folder that holds one folder of .txt files per class.", role="folder")
    ] = ""
    encoding: Encoding = "auto"

    @property
    def holds(self) -> type[Raw]:
        """Return texts."""
        from engine.data.raw import Texts

        return Texts

    def located(self, folder: Path) -> Self:
        """Return the same source with its path absolute."""
        return self.replaced(path=str(folder / Path(self.path).expanduser())) if self.path else self

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all files. Raises Invalid when there are none in folders of classes."""
        from engine.data.texts.folders import read_folders

        return read_folders(self.path, codec(self.encoding), report)
