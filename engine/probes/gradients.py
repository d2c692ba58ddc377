"""Gradients: how strongly each layer is being changed."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.description import Description
from engine.probes.probe import Arrays, Probe, Subject, as_lines


class GradientNorms(Probe, kind="gradient_norms", title="Gradient norms"):
    """The length of each parameter's gradient at the last step, beside the length of the parameter itself.

    Gradients that shrink from the last layer to the first are said to vanish, those that grow to explode.

    Formula: ‖g‖₂ = √(∑ gᵢ²) for each parameter tensor, before any clipping

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.

    Arrays: `gradient` and `weight` float32 (parameter tensors,), in the order of the network; gradients are 0
    before the first step. `names` uint8: the tensors' names as UTF-8, a line each.
    """

    needs_gradient: ClassVar[bool] = True

    def fits(self, description: Description) -> bool:
        """Return True: every network has gradients."""
        return True

    def measure(self, subject: Subject) -> Arrays:
        """Return both norms of every parameter tensor."""
        import torch

        gradient = torch.zeros_like(subject.weights) if subject.gradient is None else subject.gradient
        norms = [
            torch.stack([torch.linalg.vector_norm(vector[start:end]) for _, start, end in subject.layout])
            for vector in (gradient, subject.weights)
        ]
        found = torch.stack(norms).cpu().numpy().astype(np.float32)
        names = as_lines(name for name, _, _ in subject.layout)
        return {"gradient": found[0], "weight": found[1], "names": names}
