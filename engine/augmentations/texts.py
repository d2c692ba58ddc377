"""Changes of texts as tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.augmentations.augmentation import Augmentation, Levels
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import PADDING, SPECIAL_TOKENS, UNKNOWN, InputKind

if TYPE_CHECKING:
    from torch import Tensor

    from engine.tasks.task import Batch


class TokenDrop(Augmentation, kind="token_drop", title="Token drop", rank=21):
    """Takes some tokens out of each text.

    The network cannot rely on a single word. Padding and the other special tokens stay, and so does at least
    one token of every text.

    Formula: each token is dropped with probability p, independently of the others

    Source: Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods for Text Classification, 2015,
    section 3.2 (word dropout).
    """

    probability: Annotated[
        float, Setting("Probability", "Share of the tokens dropped.", symbol="p", above=0, below=1)
    ] = 0.1
    instead: Annotated[
        Literal["unknown", "nothing"],
        Setting(
            "In their place",
            "What stands where a token was.",
            options={"unknown": "the sign for an unknown word", "nothing": "nothing: the text closes up"},
        ),
    ] = "unknown"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is dropped would have to be predicted."""
        if found := super().problems(about):
            return found
        kind = about.targets.kind if about.targets is not None else ""
        if kind == "tokens":
            return (Problem("kind", "would drop what is to be predicted: here the text is its own target"),)
        if kind == "tags" and self.instead == "nothing":
            return (Problem("instead", 'every token keeps its place, for each has a tag; choose "unknown"'),)
        return ()

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the texts (B, length) with tokens missing."""
        import torch

        chances = torch.rand(batch.inputs.shape, device=batch.inputs.device)
        gone = dropped(batch.inputs, chances, self.probability)
        if self.instead == "unknown":
            return replace(batch, inputs=batch.inputs.masked_fill(gone, UNKNOWN))
        return replace(batch, inputs=closed_up(batch.inputs, gone))


def dropped(tokens: Tensor, chances: Tensor, probability: float) -> Tensor:
    """Return which tokens (B, length) are dropped: words whose chance is below `probability`.

    Where that would be all words of a text, the one with the highest chance stays.
    """
    words = tokens >= len(SPECIAL_TOKENS)  # these have the first numbers
    # -1 is below every chance, so that no special token is taken for the last word
    last = chances.where(words, -1.0).argmax(1, keepdim=True)
    gone = words & (chances < probability)
    return gone.scatter(1, last, False)


def closed_up(tokens: Tensor, gone: Tensor) -> Tensor:
    """Return texts (B, length) without the tokens that are gone, padded at the end."""
    # stable: what stays keeps its order
    order = gone.long().argsort(dim=1, stable=True)
    return tokens.masked_fill(gone, PADDING).gather(1, order)
