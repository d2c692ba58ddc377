"""Pictures in the binary files of CIFAR-10 and CIFAR-100."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from engine.choices import Setting
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.raw import Raw


_SIGNS = (("data_batch_1.bin",), ("fine_label_names.txt",), ("batches.meta",), ("meta", "train", "test"))
"""Files that lie together in a folder of CIFAR, in both versions."""


class Cifar(Source, kind="cifar", title="CIFAR (binary version)", rank=5):
    """CIFAR-10 or CIFAR-100: 60,000 pictures in colour, 32×32, as published in binary files (.bin).

    The folder is what cifar-10-binary.tar.gz or cifar-100-binary.tar.gz unpacks to. The published test file
    stays the test part. The version for Python (pickles) is refused: opening it could run any program.
    """

    path: Annotated[str, Setting("Folder", "The folder that holds the .bin files.", role="folder")] = ""
    labels: Annotated[
        Literal["fine", "coarse"],
        Setting(
            "Labels",
            "Which of the two labels of CIFAR-100 is predicted; CIFAR-10 has but one.",
            options={"fine": "fine: 100 classes", "coarse": "coarse: 20 groups of classes"},
        ),
    ] = "fine"

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a folder holds CIFAR's binary files, or those for Python, to say which to take."""
        # pickles too, so that the reading can say which version to take
        return any(all((path / name).is_file() for name in names) for names in _SIGNS)

    @property
    def holds(self) -> type[Raw]:
        """Return pictures."""
        from engine.data.images.raw import ImageSet

        return ImageSet

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all pictures. Raises Invalid where files are missing or hold something else."""
        from engine.data.images.read.cifar import read_cifar
        from engine.data.memory import free_memory

        return read_cifar(self.path, self.labels, report, free_memory())

    def at(self, path: Path) -> Self | None:
        """Return the same source for other files of this layout; other pictures are read as picture files."""
        return self.replaced(path=str(path)) if self.recognizes(path) else None
