"""The loss of one objective in a step, for which a rule may ask again: elsewhere, or how its slope bends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from engine.tasks.task import Batch
from engine.training.devices import generator_of
from engine.training.precision import reduced

if TYPE_CHECKING:
    from engine.experiment import Precision
    from engine.training.learner import Learner, Learnt


class StepLoss:
    """The loss of a batch around the weights, for optimizers that ask for more than its gradient.

    However often it is asked, dropout and its like draw what they drew at first, and everything is left as it
    was: weights, gradient, running statistics.
    """

    def __init__(self, learner: Learner, learnt: Learnt, batch: Batch) -> None:
        """Stand before the first run of the network in this step."""
        self.step, self._precision = learner.step, learner.precision
        self._model, self._learnt = learner.model, learnt
        self._count, self._parts = len(batch.inputs), batch.parts(learner.at_once)
        self._gradient, self._generator = learner.flat.gradient, generator_of(learner.device)
        # for ordinary rules nothing: to copy the state of a generator in each step would cost time
        self._drawn = self._generator.get_state() if learnt.optimizer.looks_around else None
        self._here: Tensor | None = None

    def descend(self) -> Tensor:
        """Add the gradient of the batch's mean loss, at the weights that the network has; return that loss.

        Where the batch is worked out in parts, one after the other, so that memory holds one at a time.
        Formula: ∇ 1/B ∑ᵢ Lᵢ = ∑ₘ ∇ 1/B ∑ᵢ in part m Lᵢ
        """
        found: Tensor | None = None
        scaling = self._learnt.scaling
        scale = 1.0 if scaling is None else scaling.scale
        for part in self._shares(self._precision):
            (part if scale == 1 else part * scale).backward()  # type: ignore[no-untyped-call]
            found = part.detach() if found is None else found + part.detach()
        if scale != 1:
            self._gradient.div_(scale)
        assert found is not None
        if self._here is None:
            self._here = found
        return found

    def _shares(self, precision: Precision) -> Iterator[Tensor]:
        """Yield what each part of the batch adds to its mean loss, with its graph."""
        for part in self._parts:
            with reduced(precision, part.inputs.device):
                losses = self._learnt.objective.losses(self._model.network, part, self._model.loss)
            # the mean itself where the batch is whole: a sum that is divided would round otherwise
            yield losses.mean() if len(self._parts) == 1 else losses.sum() / self._count

    def here(self) -> Tensor:
        """Return the loss at the weights themselves, shape (), with what regularizers add to it."""
        assert self._here is not None
        return self._here + self._penalty()

    def at(self, change: Tensor) -> tuple[Tensor, Tensor]:
        """Return the loss, shape (), and its gradient, (P,), where the weights had changed so; one more pass.

        Regularizers act on both as on those of the step itself.
        """
        flat = self._learnt.flat
        kept, gradient = flat.parameters.clone(), self._gradient.clone()
        flat.parameters.add_(change)
        with self._again():
            self._gradient.zero_()
            loss = self.descend()
        found, weights = flat.gradient.clone(), flat.parameters * flat.mask
        for regularizer in self._learnt.regularizers:
            found = regularizer.adjust(found, weights, flat.layout, self.step)
        value = loss + self._penalty()
        # copied back and not subtracted, which would round
        flat.parameters.copy_(kept)
        self._gradient.copy_(gradient)
        return value, found

    def curvature(self, direction: Tensor) -> Tensor:
        """Return the product H u of the loss's Hessian with a direction, (P,); costs about two passes more.

        Of the loss alone, without regularizers, and in float32: it is about differences of slopes.

        Source: Pearlmutter, Fast Exact Multiplication by the Hessian, 1994.
        """
        named = dict(self._model.network.named_parameters())
        layout = self._learnt.flat.layout
        own = [named[place.name] for place in layout]
        found = torch.zeros_like(direction)
        # fused kernels of attention and recurrence have no second derivative
        attention, recurrence = (
            sdpa_kernel(SDPBackend.MATH),
            torch.backends.mkldnn.flags(enabled=False, allow_tf32=None),
        )
        card = torch.backends.cudnn.flags(enabled=False, deterministic=True)
        with self._again(), attention, recurrence, card:
            for share in self._shares("float32"):
                slopes = torch.autograd.grad(share, own, create_graph=True, materialize_grads=True)
                along = sum(
                    (slope * place.of(direction)).sum() for slope, place in zip(slopes, layout, strict=True)
                )
                assert isinstance(along, Tensor)
                # where a loss is straight, as behind a ReLU that is off, there is nothing to differentiate
                if along.requires_grad:
                    products = torch.autograd.grad(along, own, materialize_grads=True)
                    for place, product in zip(layout, products, strict=True):
                        place.of(found).add_(product)
        return found

    def _penalty(self) -> float | Tensor:
        flat = self._learnt.flat
        if not self._learnt.regularizers:
            return 0.0
        weights = flat.parameters * flat.mask
        return sum(one.penalty(weights) for one in self._learnt.regularizers)

    @contextmanager
    def _again(self) -> Iterator[None]:
        """Draw as at first; running statistics of batch normalization count the step once."""
        assert self._drawn is not None
        self._generator.set_state(self._drawn)
        buffers = [(buffer, buffer.clone()) for buffer in self._model.network.buffers()]
        with torch.enable_grad():
            yield
        for buffer, kept in buffers:
            buffer.copy_(kept)
