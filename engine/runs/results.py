"""Results: what the engine answers to the requests of the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.description import TargetKind
from engine.events import Layer


@dataclass(frozen=True)
class Sketched:
    """The network of an experiment, layer by layer; `multiply_adds` for one example.

    `taken` of its `tensors` will be filled by the pretrained weights; both 0 where none are chosen.
    """

    layers: tuple[Layer, ...]
    parameters: int
    multiply_adds: int
    taken: int = 0
    tensors: int = 0


@dataclass(frozen=True)
class Augmented:
    """Some pictures of the training part, each as it is and then as augmentation changed it, several times.

    `pixels`: uint8 (pictures, variants, height, width, channels), the first variant being the picture itself.
    """

    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class Evaluated:
    """The scores of a run's kept weights on one part of its split.

    `metrics` are numbers by the kind of the metric, fractions and not percent; `arrays` those metrics that
    are none (a confusion matrix); `baselines` the same numbers of models without a network, fitted on the
    same training part; `notes` are sentences about them.
    """

    part: str
    count: int
    loss: float
    metrics: Mapping[str, float]
    arrays: Mapping[str, NDArray[np.generic]]
    baselines: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Predicted:
    """Predictions for new inputs.

    `kind` "classes": `values` are probabilities (N, K), one column for each of `names`; "numbers": they are
    numbers (N, T) in the units of the data, one column for each of `names`, the target columns. Of the other
    kinds `values` has no column, and `texts` says in words what is predicted for each input: the text gone on
    with or its gaps filled ("tokens"), its translation, or its words with their tags; `words` and `tags`
    ("tags") hold these one by one, "" for words beyond the longest text, and `names` are all tags there are.

    `rows` names each input: its line in the file, or its file name. `pixels`: the pictures as the network
    received them, uint8 (N, H, W) or (N, H, W, 3), at most the first 200, or None. `warnings` are sentences,
    such as of columns that were not needed. `columns` and `cells` are the rows as they were given, in text,
    one for each of `rows`; both are empty for pictures.
    """

    kind: TargetKind
    names: tuple[str, ...]
    rows: tuple[str, ...]
    values: NDArray[np.float32]
    pixels: NDArray[np.uint8] | None = None
    warnings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    texts: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()
