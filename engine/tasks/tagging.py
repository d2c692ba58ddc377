"""Tagging: a tag for every word of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import InputKind, OutputForm, TargetKind, Targets
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class Tagging(Task, kind="tagging", title="Tagging", rank=4):
    """Give every word of a text a tag: the name of a person, a place, nothing in particular; or noun, verb.

    Names of several words are told apart by B- (the first word of a name) and I- (inside it); O is outside.
    Where the tokenizer cuts a word into parts, its first part carries the tag and the others do not count.

    Source: Tjong Kim Sang and De Meulder, Introduction to the CoNLL-2003 Shared Task, 2003; Collobert et al.,
    Natural Language Processing (Almost) from Scratch, 2011.
    """

    target: ClassVar[TargetKind] = "tags"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    form: ClassVar[OutputForm] = "place"
    default_loss: ClassVar[str] = "cross_entropy"
    default_metrics: ClassVar[tuple[str, ...]] = ("accuracy", "entity_f1", "macro_f1", "confusion")
    # not accuracy first: where nearly all words are O, who finds no name at all is mostly right
    headlines: ClassVar[tuple[str, ...]] = ("entity_f1", "accuracy")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs at every place, and its tag."""
        return network(batch.inputs), batch.targets

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return probabilities of tags (B, length, K)."""
        return loss.read(network(inputs), facts)
