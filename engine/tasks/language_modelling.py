"""Language modelling: which token comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import PADDING, InputKind, OutputForm, TargetKind, Targets
from engine.tasks.places import counted_tokens
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class LanguageModelling(Task, kind="language_modelling", title="Language modelling", rank=5):
    """Guess at every place of a text which token comes next, having seen only those before.

    The text is its own target, so that nobody has to label anything. Whoever guesses well can also write:
    draw a token from the probabilities, put it at the end of the text, and ask again.

    Source: Shannon, Prediction and Entropy of Printed English, 1951; Bengio et al., A Neural Probabilistic
    Language Model, 2003; Radford et al., Improving Language Understanding by Generative Pre-Training, 2018.
    """

    target: ClassVar[TargetKind] = "tokens"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    form: ClassVar[OutputForm] = "next"
    default_loss: ClassVar[str] = "cross_entropy"
    default_metrics: ClassVar[tuple[str, ...]] = ("perplexity", "token_accuracy")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs at every place but the last, and the token after it; padding does not count."""
        return network(batch.inputs[:, :-1]), counted_tokens(batch.targets[:, 1:])

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return probabilities of the token after each text, (B, vocabulary).

        Texts that fill all places lose their first token: the network has learnt one place less.
        """
        import torch

        # padding only follows a text, so that the last place says whether it is full
        full = (inputs[:, -1:] != PADDING).expand(-1, inputs.shape[1] - 1)
        seen = inputs[:, 1:].where(full, inputs[:, :-1])
        # an empty text has no last token: the first place is asked instead of one at -1
        last = (seen != PADDING).sum(1).clamp(min=1) - 1
        return loss.read(network(seen)[torch.arange(len(last), device=last.device), last], facts)
