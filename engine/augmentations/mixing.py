"""Mixing of examples with each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.augmentations.augmentation import Augmentation, Levels
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import PER_EXAMPLE, InputKind

if TYPE_CHECKING:
    from engine.tasks.task import Batch


class Mixup(Augmentation, kind="mixup", title="Mixup", rank=31):
    """Lays two examples over each other and asks for both answers, each by its share.

    Between two examples the network learns to change its mind evenly, which makes it less sure where it
    knows little. Every example of a batch gets a partner from the same batch and a share of its own. Series
    of different lengths are cut to the shorter one. The training loss that is shown is that of mixtures, and
    so stays higher than the validation loss.

    Formula: x′ = λ xᵢ + (1 − λ) xⱼ, L = λ L(ŷ, yᵢ) + (1 − λ) L(ŷ, yⱼ), λ drawn from Beta(α, α)

    Source: Zhang et al., mixup: Beyond Empirical Risk Minimization, 2018.
    """

    strength: Annotated[
        float,
        Setting(
            "Strength",
            "Small: nearly all of one example; 1: every share is as likely as any other.",
            symbol="α",
            least=0.01,
            most=10,
            log=True,
        ),
    ] = 0.2
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})
    mixes: ClassVar[bool] = True

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where an example has more than one answer, as at every word."""
        if (found := super().problems(about)) or about.targets is None or about.targets.kind in PER_EXAMPLE:
            return found
        return (Problem("kind", "mixes classes, labels or numbers of an example; the data has others"),)

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the examples mixed, with the targets of both."""
        import torch
        from torch.distributions import Beta

        from engine.tasks.task import Mixed

        count, device = len(batch.inputs), batch.inputs.device
        strength = torch.tensor(self.strength, device=device)
        # drawn from the device's default generator, which is seeded for the step
        share = Beta(strength, strength).sample((count,))
        partner = torch.randperm(count, device=device)
        own = share.view(-1, *[1] * (batch.inputs.dim() - 1))
        # places after the end of a series are NaN and stay so: the mixture ends with the shorter one
        inputs = torch.lerp(batch.inputs[partner], batch.inputs, own)
        weights = None if batch.weights is None else batch.weights[partner]
        return replace(batch, inputs=inputs, mixed=Mixed(batch.targets[partner], share, weights))
