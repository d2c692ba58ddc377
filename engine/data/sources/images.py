"""Pictures in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from engine.choices import Setting
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.pictures.labelled import PictureFormat
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw

Side = Annotated[int, Setting("", "", least=1, most=1024)] | Literal["auto"]


class Images(Source, kind="images", title="Picture folder", rank=3):
    """Pictures in a folder with one folder per class, or listed with their labels in a CSV file.

    All are brought to one size. Files that cannot be read are left out and named.
    """

    path: Annotated[
        str,
        Setting(
            "Folder", "A folder that holds one folder per class, or a CSV of paths and labels.", role="folder"
        ),
    ] = ""
    height: Annotated[
        Side, Setting("Height", 'Pixels; "auto" is the size of most pictures, at most 64.', unit="px")
    ] = "auto"
    width: Annotated[
        Side, Setting("Width", 'Pixels; "auto" is the size of most pictures, at most 64.', unit="px")
    ] = "auto"
    fit: Annotated[
        Literal["stretch", "pad", "crop"],
        Setting(
            "Fit",
            "How a picture of another shape is brought to the size.",
            options={"stretch": "stretched", "pad": "with black margins", "crop": "its middle"},
        ),
    ] = "stretch"
    colour: Annotated[
        Literal["auto", "grey", "colour"],
        Setting(
            "Colour",
            "Grey pictures have one channel, pictures in colour three.",
            options={"auto": "as the pictures are", "grey": "grey", "colour": "colour"},
        ),
    ] = "auto"
    paths: Annotated[
        str, Setting("Path column", "For a CSV: the column of paths, relative to it; empty: found out.")
    ] = ""
    label: Annotated[
        str, Setting("Label column", "For a CSV: the column to predict; empty: found out.", role="column")
    ] = ""

    @property
    def holds(self) -> type[Raw]:
        """Return pictures."""
        from engine.data.raw import Pictures

        return Pictures

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all pictures. Raises Invalid when there are none, or too many for the memory."""
        from engine.data.memory import free_memory
        from engine.data.pictures.labelled import read_labelled

        return read_labelled(self._format(labelled=True), report, free_memory())

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read a picture, a folder of pictures, or those that a table lists; labels may be missing."""
        from engine.data.memory import free_memory
        from engine.data.pictures.labelled import read_labelled

        return read_labelled(self._format(labelled=False), report, free_memory())

    def _format(self, *, labelled: bool) -> PictureFormat:
        from engine.data.pictures.labelled import PictureFormat

        return PictureFormat(
            self.path, self.height, self.width, self.fit, self.colour, self.paths, self.label, labelled
        )
