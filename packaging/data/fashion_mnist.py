"""Fashion-MNIST, whole: 60,000 pictures of clothes to learn from and 10,000 for the test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from data_packages import Debian
from data_set import DataSet

FILES = tuple(
    f"{part}-{what}-ubyte.gz" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1")
)
CLASSES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


def make(packages: Sequence[Path], folder: Path) -> None:
    for name in FILES:
        shutil.copyfile(packages[0] / "usr" / "share" / "datasets" / "fashion-mnist" / name, folder / name)


SET = DataSet(
    title="Fashion-MNIST: 70,000 pictures of clothes, 28×28, ten classes",
    licence="MIT, Zalando SE",
    size="31 MB",
    packages=(Debian("dataset-fashion-mnist"),),
    make=make,
    open_with='kind = "idx"\npath = "FOLDER"\n' + f"classes = {json.dumps(CLASSES)}",
)
