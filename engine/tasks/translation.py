"""Translation: a text written from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import InputKind, OutputForm, TargetKind, Targets
from engine.tasks.places import counted_tokens
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class Translation(Task, kind="translation", title="Translation", rank=7):
    """Write a text that says the same in another language.

    In training the network guesses every token of the translation from the source and the right tokens before
    it (teacher forcing), whatever it would have written itself. When it translates, it goes on from its own.

    Source: Sutskever, Vinyals and Le, Sequence to Sequence Learning with Neural Networks, 2014; teacher
    forcing: Williams and Zipser, A Learning Algorithm for Continually Running Fully Recurrent Neural
    Networks, 1989.
    """

    target: ClassVar[TargetKind] = "translation"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    form: ClassVar[OutputForm] = "translation"
    default_loss: ClassVar[str] = "cross_entropy"
    default_metrics: ClassVar[tuple[str, ...]] = ("perplexity", "token_accuracy")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs after each right token, and the token that follows; padding does not count."""
        # one place apart: what is seen at a place ends just before the token that is asked for there
        return network(batch.inputs, batch.targets[:, :-1]), counted_tokens(batch.targets[:, 1:])

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return translations (B, length - 1), written greedily: tokens after START, END, then PADDING."""
        from engine.networks.sequences.generation import greedy, translator

        # greedy, as BLEU is written after every epoch and a beam costs its width; predictions may search
        return greedy(translator(network, inputs), len(inputs), facts.length - 1)
