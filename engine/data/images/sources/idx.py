"""Pictures in IDX files, the layout of MNIST."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from engine.choices import Setting
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.raw import Raw


class Idx(Source, kind="idx", title="IDX files (MNIST)", rank=4):
    """Pictures as MNIST, Fashion-MNIST and their kin are published: files of pictures and files of labels.

    The folder holds train-images-idx3-ubyte with train-labels-idx1-ubyte and, for the test, t10k-images-…
    with t10k-labels-…, packed (.gz) or not. The published test files stay the test part.
    """

    path: Annotated[
        str,
        Setting(
            "Folder",
            "The folder of the files; or one file of pictures, where it holds several sets.",
            role="file_or_folder",
        ),
    ] = ""
    classes: Annotated[
        tuple[Annotated[str, Setting("Class", "What one class is called.")], ...],
        Setting(
            "Class names", "In the order of the labels, from 0 on; empty: the labels themselves.", most=256
        ),
    ] = ()

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a folder holds files of pictures in the layout of MNIST, or the file is one."""
        # copies write idx3 with a point or a hyphen before it, and are packed or not
        places = [path] if path.is_file() else path.glob("*images*idx3*ubyte*")
        return any("idx3" in place.name and "ubyte" in place.name for place in places)

    @property
    def holds(self) -> type[Raw]:
        """Return pictures."""
        from engine.data.images.raw import ImageSet

        return ImageSet

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all pictures. Raises Invalid where files are missing or hold something else than they say."""
        from engine.data.images.read.idx import read_idx
        from engine.data.memory import free_memory

        return read_idx(self.path, self.classes, report, free_memory())

    def at(self, path: Path) -> Self | None:
        """Return the same source for other files of this layout; other pictures are read as picture files."""
        return self.replaced(path=str(path)) if self.recognizes(path) else None
