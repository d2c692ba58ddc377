"""What the data turned out to be: the facts an architecture, a loss and a view have to fit.

What a person chose is in the experiment; what was found is here. The two never share an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Literal

from engine.events import Facts

InputKind = Literal["vector", "image", "series", "tokens"]
"""What one example is, float32 but for tokens.

`vector`: shape (features,); `image`: shape (channels, height, width); `series`: shape (length, channels), NaN
in every channel of the places after a series' end; `tokens`: int32 of shape (length,), numbers of words or
parts of words, PADDING after the end.
"""

SMALLER: Mapping[InputKind, str] = {
    "vector": "fewer inputs",
    "image": "smaller pictures",
    "series": "shorter series",
    "tokens": "shorter texts or a smaller vocabulary",
}
"""What to take where inputs of a kind need too much memory."""

TargetKind = Literal["classes", "labels", "numbers", "tags", "tokens", "translation"]
"""What is to be predicted for one example.

`classes`: one class index; `labels`: 1 for each label that applies, of several that may, else 0; `numbers`:
one or several real numbers; `tags`: a class index for every place of the input, IGNORED where nothing is to
be said; `tokens`: the text itself, its own tokens; `translation`: another text (START, its tokens, END, then
PADDING).
"""

PER_EXAMPLE: frozenset[TargetKind] = frozenset({"classes", "labels", "numbers"})
"""Targets of which an example has one, whatever the example is made of."""

OutputForm = Literal["example", "place", "next", "translation"]
"""What a network puts out for a batch of B.

`example`: (B, size); `place`: (B, length, size), each place having seen all places; `next`: the same, each
place having seen only itself and those before it; `translation`: (B, target length, size) from the inputs and
the target tokens so far, each place having seen only the target tokens up to itself.
"""

# PADDING is 0 and the only one below UNKNOWN: code asks for tokens by row > 0 and part >= UNKNOWN
PADDING, UNKNOWN, START, END, MASK = range(5)
"""The first tokens of every vocabulary."""
SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[START]", "[END]", "[MASK]")

IGNORED = -1
"""The target of a place at which nothing is to be predicted."""

LIKELY = 0.5
"""From this probability on, a label is predicted to apply."""

PartName = Literal["train", "validation", "test"]
PARTS: tuple[PartName, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Inputs:
    """One example as the network receives it.

    `names` are the features of a vector, after encoding ("colour = red"), or the channels of a series; empty
    for images and tokens. `vocabulary` is how many different tokens there are, 0 for other kinds.
    """

    kind: InputKind
    shape: tuple[int, ...]
    names: tuple[str, ...] = ()
    vocabulary: int = 0

    @property
    def size(self) -> int:
        """Return how many numbers one example is."""
        return prod(self.shape)


@dataclass(frozen=True)
class Targets:
    """What is to be predicted for one example.

    `names` are the target columns ("label" for pictures), `classes` the names of the classes or labels in the
    order of their indices (empty for numbers and tokens). Numbers are learnt as (value - mean) / scale;
    `mean` and `scale` hold one entry per name and bring predictions back to the units of the data. `length`
    is how many places have a target (tags, tokens, translation), `vocabulary` how many different tokens there
    are. `least` is the smallest of each number in training; empty where a run of before did not keep it.

    In a forecast, `reference` says for each number where in the flattened input the value stands that it
    repeats (that of one season before, in the same standardised units), and `spread` how far it is from that
    on average; both are empty elsewhere, and where the input does not reach back a season.
    """

    kind: TargetKind
    names: tuple[str, ...]
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    length: int = 0
    vocabulary: int = 0
    reference: tuple[int, ...] = ()
    spread: tuple[float, ...] = ()
    least: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """Return the number of classes, of labels, of different tokens, or of numbers per example."""
        if self.kind == "numbers":
            return len(self.names)
        return len(self.classes) or self.vocabulary


@dataclass(frozen=True)
class Outputs:
    """What a network has to put out: `size` numbers, once per example or at each of `length` places."""

    size: int
    form: OutputForm = "example"
    length: int = 0

    @property
    def numbers(self) -> int:
        """Return how many numbers are put out for one example."""
        # a length of 0 says that there is one answer for the whole example
        return self.size * max(1, self.length)


@dataclass(frozen=True)
class Description:
    """The data after splitting and preprocessing, in facts: shapes, names and how many examples per part.

    `shares` are those of the classes in the training part, where an example has one class and they are known.
    """

    inputs: Inputs
    targets: Targets
    train: int
    validation: int
    test: int
    shares: tuple[float, ...] = field(default=(), kw_only=True)

    def facts(self) -> Facts:
        """Return what views have to know of this data, for the event that starts a run."""
        return Facts(
            self.inputs.kind,
            self.inputs.shape,
            self.inputs.names,
            self.targets.kind,
            self.targets.names,
            self.targets.classes,
            # of numbers left in their own units all scales are 1
            standardized=any(one != 1 for one in self.targets.scale),
            # without a validation part, scores are followed on what is learnt
            watched="validation" if self.validation else "train",
            class_shares=self.shares,
        )
