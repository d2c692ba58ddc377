"""Gradients: how strongly each layer is being changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.description import Description
from engine.probes.probe import Probe, Subject


@dataclass(frozen=True, eq=False)
class Norms:
    """The lengths of gradient and weight of each parameter tensor, in the order of the network.

    `names` are those torch gives ("output.bias"). Before the first step there is no gradient: its array is
    empty then.
    """

    names: tuple[str, ...]
    gradient: NDArray[np.float32]
    weight: NDArray[np.float32]


class GradientNorms(Probe, kind="gradient_norms", title="Gradient norms"):
    """The length of each parameter's gradient at the last step, beside the length of the parameter itself.

    Gradients that shrink from the last layer to the first are said to vanish, those that grow to explode.

    Formula: ‖g‖₂ = √(∑ gᵢ²) for each parameter tensor, before any clipping

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """

    # said, as a copy of the gradient costs a pass over all parameters in every step
    needs_gradient: ClassVar[bool] = True

    def fits(self, description: Description) -> bool:
        """Return True: every network has gradients."""
        return True

    def measure(self, subject: Subject) -> Norms:
        """Return both norms of every parameter tensor."""
        import torch

        norms = [
            torch.stack([torch.linalg.vector_norm(vector[start:end]) for _, start, end in subject.layout])
            for vector in (subject.weights, subject.gradient)
            if vector is not None
        ]
        # all norms in one copy: to wait for the device once a tensor would cost the budget of probes
        weight, *gradient = torch.stack(norms).cpu().numpy().astype(np.float32)
        names = tuple(name for name, _, _ in subject.layout)
        return Norms(names, gradient[0] if gradient else np.empty(0, np.float32), weight)
