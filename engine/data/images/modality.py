"""Images of one size, each with a label."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.data.description import PartName
from engine.data.files.endings import IMAGES, OTHER_IMAGES, TELEPHONE
from engine.data.images.raw import ImageSet
from engine.data.memory import room
from engine.data.modality import FileSort, SmallData
from engine.data.preparation.modality import LabelledModality
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.encoder import Encoder, Say
    from engine.data.inspection.records import Inspection
    from engine.data.new.files import Trained
    from engine.data.new.inputs import Given, NewInputs
    from engine.data.prepared import Prepared
    from engine.data.preprocessing import Preprocessing
    from engine.data.preprocessor import Preprocessor
    from engine.data.source import Report
    from engine.data.split import Split


class LabelledImages(LabelledModality[ImageSet], kind="images"):
    """Images."""

    raw = ImageSet
    name = "pictures"
    other_names = ("pictures",)  # preprocessing.json keeps the name it began with
    receives = "image"
    predicts = ("classes", "numbers", "labels")
    sorts = (FileSort("images", "pictures", IMAGES.union(TELEPHONE, OTHER_IMAGES), rank=1, each=True),)
    read_from = ("images",)
    usual_source = "images"
    small = (
        SmallData({"kind": "sample", "name": "digits"}, "classification", rank=1),
        SmallData({"kind": "sample", "name": "fashion_mnist"}, "classification", rank=2),
    )
    precedence = 1
    one_class_cure = (
        ": give each class a folder of its own, or list the pictures in a CSV with labels; where the "
        "names of the files begin with the class, as in cat.0.jpg, set Class to its name"
    )

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.images.in_table import lists_images

        return lists_images(table, folder)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.images.encode import ImageEncoder

        return ImageEncoder

    @override
    def inspect(
        self, raw: ImageSet, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.images.inspect import inspect_images

        return inspect_images(raw, self.guess(raw))

    @override
    def joined(self, raw: ImageSet, other: ImageSet, part: PartName) -> tuple[ImageSet, list[str]]:
        from engine.data.joining import SETTINGS, labels_of_both

        if raw.pixels.shape[1:] != other.pixels.shape[1:]:
            raise refused(f"data.{SETTINGS[part]}", "holds pictures of another size or with other colours")
        # those of training keep their numbers; what only the test part has comes behind
        classes = tuple(dict.fromkeys((*raw.classes, *other.classes)))
        shape = (len(raw) + len(other), *raw.pixels.shape[1:])
        pixels = room(shape, np.uint8, on_disk=raw.on_disk or other.on_disk)
        pixels[: len(raw)], pixels[len(raw) :] = raw.pixels, other.pixels
        both = replace(
            raw, pixels=pixels, classes=classes, given=None, rows=None, **labels_of_both(raw, other, part)
        )
        return both, []

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> ImageSet:
        # a pickle may run any program when it is opened
        with np.load(path, allow_pickle=False) as archive:
            images, codes = archive["images"], archive["labels"]
        classes = tuple(facts["classes"])
        # the digits have 17 levels, 0 to 16, and not 256
        pixels = np.round(images[..., None] * (255.0 / facts["brightest"])).astype(np.uint8)
        names = tuple(str(index) for index in range(len(pixels)))
        return ImageSet(pixels, np.array(classes)[codes], classes, names, facts["target"])

    @override
    def new(self, raw: ImageSet, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.images.new import new_images

        return new_images(raw, preprocessor)

    @override
    def typed(self, given: Given, trained: Trained, report: Report) -> ImageSet:
        from engine.data.images.new import drawn_images

        return drawn_images(given, trained)

    @override
    def fit(
        self, raw: ImageSet, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say, report: Report
    ) -> Encoder:
        from engine.data.images.fit import fit_images

        return fit_images(raw, train, preprocessing)
