"""Masked language modelling: which token was taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import MASK, InputKind, OutputForm, TargetKind, Targets
from engine.tasks.masking import SHARE, asked_places, masked
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class MaskedLanguageModelling(
    Task, kind="masked_language_modelling", title="Masked language modelling", rank=6
):
    """Fill the gaps of a text: some tokens are hidden, and have to be guessed from those on both sides.

    15 % of the tokens are to be guessed. Of these, 80 % are replaced by [MASK], 10 % by any other token and
    10 % are left, so that the network has to keep an eye on every word. Training hides others at every step,
    evaluation always the same. The network comes to know the language from text without labels, and can then
    be fine-tuned for a task with few of them.

    Source: Taylor, Cloze Procedure, 1953; Devlin et al., BERT: Pre-training of Deep Bidirectional
    Transformers for Language Understanding, 2019.
    """

    target: ClassVar[TargetKind] = "tokens"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    form: ClassVar[OutputForm] = "place"
    # the least: a card works out all places (`asked_places`), but only what is certain may refuse a run
    judged: ClassVar[float] = SHARE
    default_loss: ClassVar[str] = "cross_entropy"
    default_metrics: ClassVar[tuple[str, ...]] = ("perplexity", "token_accuracy")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs for the gaps of the texts, and what stood there."""
        # drawn anew in training alone: an evaluation with other gaps each time could not be compared
        shown, truth = masked(batch.inputs, batch.facts.vocabulary, network.training)
        places, asked = asked_places(truth)
        return network(shown, places), asked

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return the texts (B, length), every [MASK] in them replaced by the most probable token."""
        likeliest: Tensor = network(inputs).argmax(-1)
        # elsewhere it may doubt what stands there: in training every tenth token asked for was a wrong one
        return likeliest.where(inputs == MASK, inputs)
