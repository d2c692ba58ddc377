"""Pictures in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from engine.choices import Setting
from engine.data.files.layouts import holds_mostly
from engine.data.files.placement import ClassFrom
from engine.data.files.settings import LabelSeparator, TestPath, ValidationPath
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw

# words stand at the field; here are the bounds of the number alone
Side = Annotated[int, Setting("", "", least=1, most=1024)] | Literal["auto"]
Tone = Annotated[float, Setting("", "")] | Literal["auto"]


class Images(Source, kind="images", title="Picture folder", rank=3):
    """Pictures in a folder with one folder per class, or listed with their labels in a table.

    All are brought to one size. Files that cannot be read are left out and named.
    """

    path: Annotated[
        str,
        Setting(
            "Folder or list",
            "A folder that holds one folder per class; a table (CSV, Excel) of paths and labels, or of "
            "pixels and labels; or arrays of NumPy (.npz).",
            role="file_or_folder",
        ),
    ] = ""
    classes: ClassFrom = "auto"
    height: Annotated[
        Side,
        Setting(
            "Height",
            "Pixels; auto suits all pictures: the longer side at most 64, of strips more.",
            unit="px",
            fixed=True,
        ),
    ] = "auto"
    width: Annotated[
        Side,
        Setting(
            "Width",
            "Pixels; auto suits all pictures: the longer side at most 64, of strips more.",
            unit="px",
            fixed=True,
        ),
    ] = "auto"
    fit: Annotated[
        Literal["auto", "stretch", "pad", "crop"],
        Setting(
            "Fit",
            "How a picture of other proportions is brought to the size.",
            options={
                "auto": "with margins where proportions differ",
                "stretch": "stretched",
                "pad": "with black margins",
                "crop": "its middle",
            },
        ),
    ] = "auto"
    colour: Annotated[
        Literal["auto", "grey", "colour"],
        Setting(
            "Colour",
            "Grey pictures have one channel, pictures in colour three.",
            options={"auto": "as the pictures are", "grey": "grey", "colour": "colour"},
            fixed=True,
        ),
    ] = "auto"
    black: Annotated[
        Tone,
        Setting(
            "Black",
            "For pictures of more than 8 bits (16, 32, fractions): the value in the file that is black.",
        ),
    ] = "auto"
    white: Annotated[
        Tone,
        Setting(
            "White",
            "For pictures of more than 8 bits (16, 32, fractions): the value in the file that is white.",
        ),
    ] = "auto"
    background: Annotated[
        Literal["white", "black"],
        Setting(
            "Background",
            "What shines through where a picture is transparent.",
            options={"white": "white", "black": "black"},
        ),
    ] = "white"
    memory_limit: Annotated[
        Annotated[float, Setting("Gigabytes", "Memory for pictures.", least=0, most=100_000, unit="GB")]
        | Literal["auto"],
        Setting(
            "Memory limit",
            "Pictures that need more memory are kept in a file on the disk while the program runs, and "
            "read from there while training; auto is what is free, 0 always keeps them on the disk.",
        ),
    ] = "auto"
    paths: Annotated[
        str, Setting("Path column", "For a list: the column of paths, relative to it; empty: found out.")
    ] = ""
    label: Annotated[
        str, Setting("Label column", "For a list: the column to predict; empty: found out.", role="column")
    ] = ""
    label_separator: LabelSeparator = "auto"
    validation_path: ValidationPath = ""
    test_path: TestPath = ""

    @property
    def holds(self) -> type[Raw]:
        """Return pictures."""
        from engine.data.images.raw import ImageSet

        return ImageSet

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether most files of a folder are pictures, or a file of NumPy or Parquet holds such."""
        from engine.data.images.read.array_names import holds_images
        from engine.data.images.read.held_files import holds_files

        return holds_mostly(path, "images") or holds_images(path) or holds_files(path)

    @classmethod
    def may_read(cls, path: Path) -> bool:
        """Return whether a folder holds any picture, however few."""
        from engine.data.files.layouts import below, sort_of_file

        return path.is_dir() and any(sort_of_file(file) == "images" for file in below(path))

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all pictures. Raises Invalid when there are none, or too many for the memory."""
        from engine.data.cells.label_sets import with_separator
        from engine.data.images.read.labelled import read_labelled
        from engine.data.memory import free_memory

        return with_separator(read_labelled(self, report, free_memory()), self.label_separator)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read a picture, a folder of pictures, or those that a table lists; labels may be missing."""
        from engine.data.images.read.labelled import read_labelled
        from engine.data.memory import free_memory

        return read_labelled(self, report, free_memory(), labelled=False)
