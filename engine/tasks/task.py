"""The tasks family: what is to be learnt. The training loop knows nothing but a task's step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from engine.data.about import ForInputs, Kinds, lacking
from engine.data.description import OutputForm, TargetKind, Targets
from engine.tasks.places import losses_of, marks

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss
    from engine.learning.optimizers.optimizer import Optimizer


@dataclass(frozen=True)
class Mixed:
    """What examples were mixed with: targets and weights of their partners, and their own share, (B,)."""

    targets: Tensor
    share: Tensor
    """From 0 to 1."""
    weights: Tensor | None = None

    def part(self, cut: slice) -> Mixed:
        """Return what some of the examples were mixed with."""
        return Mixed(self.targets[cut], self.share[cut], _cut(self.weights, cut))


@dataclass(frozen=True)
class Batch:
    """A batch on the device: inputs (B, *shape); targets (B,) class indices, (B, K) labels as 0 and 1,
    (B, T) numbers or (B, length) tags or tokens; `facts` are what is known of all targets. `mixed`: where
    examples are mixtures of two. `class_weights` (K,), `weights` (B,): in learning, where classes or examples
    do not count alike.
    """

    inputs: Tensor
    targets: Tensor
    facts: Targets
    mixed: Mixed | None = None
    class_weights: Tensor | None = None
    weights: Tensor | None = None

    def parts(self, size: int) -> tuple[Batch, ...]:
        """Return the batch as batches of at most `size` examples, in order."""
        count = len(self.inputs)
        if size >= count:
            return (self,)
        cuts = [slice(start, start + size) for start in range(0, count, size)]
        return tuple(
            replace(
                self,
                inputs=self.inputs[cut],
                targets=self.targets[cut],
                mixed=None if self.mixed is None else self.mixed.part(cut),
                weights=_cut(self.weights, cut),
            )
            for cut in cuts
        )


def _cut(weights: Tensor | None, cut: slice) -> Tensor | None:
    return None if weights is None else weights[cut]


def _weighted(losses: Tensor, weights: Tensor | None) -> Tensor:
    return losses if weights is None else losses * weights


@dataclass(frozen=True)
class Judged:
    """What a batch came to: the loss of each example, (B,), and what metrics compare."""

    losses: Tensor
    predictions: Tensor
    truth: Tensor


@dataclass(frozen=True)
class Objective:
    """One loss of a step, and the parameters that follow it.

    `losses` gives the loss of each example, (B,), of which the mean is lowered. `parameters` are names of
    modules or parameters of the network; empty: all that learn. `optimizer`: that of the experiment where the
    task has none of its own. Where a step has several, each has a `name`, under which checkpoints and history
    keep it.
    """

    losses: Callable[[nn.Module, Batch, Loss], Tensor]
    name: str = ""
    parameters: tuple[str, ...] = ()
    optimizer: Optimizer | None = None

    def changes(self, parameter: str) -> bool:
        """Return whether the parameter of that name follows this objective."""
        # with the dot, or the module `head` would also take the parameters of `header`
        return not self.parameters or any(
            parameter == own or parameter.startswith(f"{own}.") for own in self.parameters
        )


class Task(ForInputs, family="tasks"):
    """What is to be learnt: turns a batch into the objective of a step, and inputs into predictions."""

    target: ClassVar[TargetKind]
    """The kind of target; losses, metrics and views that accept it can be used."""
    form: ClassVar[OutputForm] = "example"
    """The form of output the network has to give."""
    judged: ClassVar[float] = 1.0
    """The share of a text's places for which a step works outputs out."""
    default_loss: ClassVar[str]
    """Kind of the loss that is usual for this task."""
    default_metrics: ClassVar[tuple[str, ...]]
    """Kinds of the metrics that are shown when the experiment names none."""
    headlines: ClassVar[tuple[str, ...]] = ()
    """Kinds of the metrics that say most plainly how good a run is, of which the first that the targets have
    is the headline; empty: the default metrics in their order.
    """
    unequal_metrics: ClassVar[tuple[str, ...]] = ()
    """Kinds of the metrics that say it where nearly all examples are of one class, the headline first; those
    that are not followed after each epoch are worked out at the end.
    """

    @classmethod
    @override
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return the kind of inputs it cannot take, and that of its target, where the data has none such."""
        # targets that are not known yet speak against no task
        return super().lacks(given) | lacking(cls.target, given.targets or (cls.target,))

    @abstractmethod
    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Run the network; return its outputs and the truth that they are measured by.

        Outputs (B, size) with the batch's targets, or (B, places, size) with (B, places), IGNORED where a
        place does not count. Where anything is drawn, it is drawn in training from the device's default
        generator, in evaluation not at all.
        """

    @abstractmethod
    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return predictions.

        Probabilities of classes or labels (B, K), numbers (B, T) in standardized units, probabilities of tags
        (B, length, K) or of the next token (B, vocabulary), a text with its gaps filled (B, length), or a
        translation (B, length - 1): its tokens after START, END, then PADDING.
        """

    def objectives(self) -> tuple[Objective, ...]:
        """Return what a step lowers, one after the other; most tasks have one loss for all parameters.

        Several are for networks that learn against each other, as in Goodfellow et al., Generative
        Adversarial Nets, 2014. Every parameter follows exactly one; what is worked out for one objective
        with parameters of another must be detached by the task, where no gradient is to flow.
        """
        return (Objective(self.losses),)

    def losses(self, network: nn.Module, batch: Batch, loss: Loss) -> Tensor:
        """Return the loss of each example, shape (B,). The step's objective is its mean.

        Formula: w L(ŷ, y), or for a mixture λ w L(ŷ, y) + (1 − λ) w′ L(ŷ, y′), y′ and w′ the partner's target
        and weight.
        """
        outputs, truth = self.answer(network, batch)
        own = _weighted(losses_of(loss, outputs, truth, batch.class_weights), batch.weights)
        if batch.mixed is None:
            return own
        # The losses are mixed and not the targets: a loss may take class indices alone.
        partners = _weighted(
            losses_of(loss, outputs, batch.mixed.targets, batch.class_weights), batch.mixed.weights
        )
        return partners.lerp(own, batch.mixed.share)

    def judge(self, network: nn.Module, batch: Batch, loss: Loss, generates: bool = False) -> Judged:
        """Return the losses and what the task's metrics compare, from one run of the network.

        Probabilities or numbers beside the targets; for tokens (B, places, 2), see `marks`. `generates`: for
        tokens, what the network writes by itself (B, places) follows as a third number.
        """
        outputs, truth = self.answer(network, batch)
        losses = losses_of(loss, outputs, truth)
        # metrics of tokens see two numbers a place: a vocabulary of probabilities would not fit into memory
        if self.target not in ("tokens", "translation"):
            return Judged(losses, loss.read(outputs, batch.facts), truth)
        found = marks(outputs, truth)
        if generates:
            import torch

            # as a third number beside floats: float32 holds the numbers of 16 million tokens exactly
            written = self.predict(network, batch.inputs, loss, batch.facts)
            found = torch.cat([found, written[..., None].to(found.dtype)], dim=-1)
        return Judged(losses, found, truth)
