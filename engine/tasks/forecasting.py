"""Forecasting: how a series goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, TargetKind, Targets
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class Forecasting(Task, kind="forecasting", title="Forecasting", rank=3):
    """Foretell the next values of a series from those before.

    The network sees a window of the past and puts out every step of the future at once, so that no error is
    carried from one step to the next. The parts of the split follow each other in time: what is tested lies
    after everything that was learnt from. Values are learnt in standardized units (mean 0, standard deviation
    1 on the training part) and shown in their own.

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2021, chapters 5 and 12; all
    steps at once: Taieb et al., A review and comparison of strategies for multi-step ahead time series
    forecasting, 2012.
    """

    forecast: Annotated[
        Literal["value", "change"],
        Setting(
            "Learns",
            "What the network puts out. Where days resemble each other, the change since yesterday is small "
            "and easier to learn; forecasts are shown as values either way.",
            options={"value": "the values", "change": "their change since one season before"},
        ),
    ] = "value"
    target: ClassVar[TargetKind] = "numbers"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series"})
    default_loss: ClassVar[str] = "mean_squared"
    default_metrics: ClassVar[tuple[str, ...]] = ("mean_absolute_error", "mean_squared_error", "r2")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs for each window, and what came after it."""
        # values also where changes are learnt, so that loss and scores of both can be compared
        return self._run(network, batch.inputs, batch.facts), batch.targets

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return the future (B, T) in standardized units, one number per step and target."""
        return loss.read(self._run(network, inputs, facts), facts)

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that the history is shorter than the season whose change is asked for."""
        # no reference is known: the windows of the past do not reach back a season
        fits = self.forecast == "value" or about.targets is None or about.targets.reference
        if (found := super().problems(about)) or fits:
            return found
        text = 'needs a history of at least one season: lengthen the history, or learn the "value"'
        return (Problem("forecast", text),)

    def _run(self, network: nn.Module, inputs: Tensor, facts: Targets) -> Tensor:
        """Return the forecast values (B, T), and after them what else the loss asks for.

        Formula: ŷ = f(x), or for changes ŷ = x₋ₛ + σ f(x), x₋ₛ one season before, σ the usual change
        """
        import torch

        outputs: Tensor = network(inputs)
        if self.forecast == "value":
            return outputs
        # The reference counts through the flattened window: which step and which channel at once.
        before = inputs.flatten(1)[:, list(facts.reference)]
        # in units of the usual change the network puts out numbers near 1, as its first weights are made for
        changes, others = outputs[:, : facts.size], outputs[:, facts.size :]
        # a loss may ask for more than the values, as for how sure they are: that is no change of anything
        return torch.cat([before + changes * outputs.new_tensor(facts.spread), others], 1)
