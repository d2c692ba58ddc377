"""The public file of MobileNetV2 loads whole, and recognises the cat as published.

Skipped where the file has not been fetched: python3 packaging/dev.py data mobilenet_weights
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from engine.data.description import Description, Inputs, Targets
from engine.experiment import Experiment
from engine.runs.start import read_weights
from engine.training.devices import pick
from engine.training.evaluate import predict
from engine.training.finetuning.matching import Match, take
from engine.training.finetuning.weight_files import tensors_in
from engine.training.model import Model, build_model
from tests.full_sets import place_of

FOLDER = place_of("mobilenet_weights")
WEIGHTS = FOLDER / "mobilenet_v2.pth"
STANDARD = {"kind": "mobilenet_v2", "stem": "original", "width": 1.0, "blocks": [1, 2, 3, 4, 3, 3, 1]}
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the pictures of ImageNet, as those who published the weights state."""

pytestmark = pytest.mark.skipif(not WEIGHTS.is_file(), reason="dev.py data mobilenet_weights brings the file")


def begun(classes: int, side: int, **start: Any) -> tuple[Model, Match]:
    """Return MobileNetV2 with the public weights, and what of them was taken."""
    chosen = Experiment.model_validate(
        {"architecture": STANDARD, "start": {"weights": str(WEIGHTS), **start}, "training": {"device": "cpu"}}
    )
    targets = Targets("classes", ("label",), tuple(f"class {index}" for index in range(classes)))
    described = Description(Inputs("image", (3, side, side)), targets, 100, 10, 0)
    model = build_model(chosen, described, pick("cpu"))
    found = read_weights(chosen.start)
    return model, take(model, tensors_in(found.content, found.suffix))


def test_that_the_file_is_the_published_one() -> None:
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest().startswith("b0353104")


def test_that_the_standard_network_takes_every_tensor() -> None:
    model, match = begun(1000, 224)
    assert (match.fresh, match.unused) == ({}, ())
    assert len(match.taken) == len(model.tensors()) == 262


def test_that_only_the_head_is_new_for_other_classes() -> None:
    _, match = begun(10, 96)
    assert set(match.fresh) == {"classifier.1.weight", "classifier.1.bias"}
    assert match.sentence(WEIGHTS.name).startswith(
        "260 of 262 sets of weights taken from mobilenet_v2.pth; new: classifier.1.weight, classifier.1.bias"
    )


def test_that_the_photograph_of_a_cat_is_recognised_as_published() -> None:
    """Classes 285, 282 and 281 are Egyptian cat, tiger cat and tabby."""
    with Image.open(FOLDER / "cat.png") as picture:
        square = ImageOps.fit(picture.convert("RGB"), (224, 224), Image.Resampling.BICUBIC)
    pixels = np.asarray(square, np.float32).transpose(2, 0, 1) / 255
    mean, deviation = (np.array(values, np.float32)[:, None, None] for values in (MEAN, DEVIATION))
    model, _ = begun(1000, 224)
    probabilities = torch.from_numpy(predict(model, ((pixels - mean) / deviation)[None])[0])
    best, classes = probabilities.topk(3)
    assert classes.tolist() == [285, 282, 281]
    assert best.tolist() == pytest.approx([0.77, 0.12, 0.10], abs=0.03)
