"""Precision: in which numbers the network of a step is worked out, and how small gradients survive it.

Weights, what optimizers remember, losses and everything that is judged stay in single precision (float32).

Source: Micikevicius et al., Mixed Precision Training, 2018; torch.autocast says what is worked out in which.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.choices import Invalid, Message, Problem

if TYPE_CHECKING:
    from engine.experiment import Precision
    from engine.training.devices import Device

_PATH = "training.precision"
_REDUCED: dict[Precision, torch.dtype] = {"bfloat16": torch.bfloat16, "float16": torch.float16}
_BEGUN = 2.0**16
_GROWTH = 2000
"""After so many sound steps in a row the factor is doubled; as the first one, that of torch's GradScaler."""
_MOST, _LEAST = 2.0**24, 2.0**-14
"""Where even the smallest factor is too large, the gradient is: the numbers then break as in float32."""


def reduced(precision: Precision, device: torch.device) -> AbstractContextManager[object]:
    """Work out inside what may be in numbers of 16 bits: products of matrices, convolutions, recurrence."""
    kind = _REDUCED.get(precision)
    return nullcontext() if kind is None else torch.autocast(device.type, kind)


def refuse_unfit(precision: Precision, device: Device) -> None:
    """Raise Invalid where the device cannot work such numbers out by itself, with those that it can."""
    if device.kind != "cuda" or precision == "float32":
        return
    if precision == "bfloat16" and not torch.cuda.is_bf16_supported(including_emulation=False):
        why = Message("{device} has no bfloat16 of its own: take float16 or float32", device=device.words)
        raise Invalid([Problem(_PATH, why)])


class LossScaling:
    """The factor on a loss whose gradient passes through float16, where small numbers would become 0.

    Formula: g = 1/s ∇(s L); where any of g is no number or infinite, the step is skipped and s ← s/2; after
    2,000 steps without one s ← 2 s. All s are powers of 2, so that nothing rounds.
    """

    def __init__(self) -> None:
        """Stand before the first step."""
        # on the processor: a number of the card would have to be waited for
        self._scale = torch.tensor(_BEGUN)
        self._sound, self._skipped = torch.tensor(0), torch.tensor(0)

    @property
    def scale(self) -> float:
        """Return the factor of the next step."""
        return float(self._scale)

    @property
    def skipped(self) -> int:
        """Return how many steps were skipped."""
        return int(self._skipped)

    def takes(self, gradient: Tensor) -> bool:
        """Return whether a step may follow the gradient (P,), and adapt the factor; waits for the device.

        A gradient that nothing follows becomes 0.
        """
        # as it is in float32: it breaks the run, which says so, rather than being skipped for ever
        if self.scale <= _LEAST or bool(gradient.isfinite().all()):
            self._sound += 1
            if self._sound >= _GROWTH:
                self._sound.zero_()
                self._scale.mul_(2).clamp_(max=_MOST)
            return True
        self._sound.zero_()
        self._skipped += 1
        self._scale /= 2
        gradient.zero_()
        return False

    def tensors(self) -> dict[str, Tensor]:
        """Return what the next steps depend on, by name."""
        return {"scale": self._scale, "sound": self._sound, "skipped": self._skipped}
