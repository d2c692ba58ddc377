"""Places: losses and scores where a network answers at every place of a text, and not only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.data.description import IGNORED, PADDING

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.losses.loss import Loss


def losses_of(loss: Loss, outputs: Tensor, truth: Tensor, class_weights: Tensor | None = None) -> Tensor:
    """Return the loss of each example, (B,), from outputs (B, size) or (B, places, size).

    Formula: Lₙ = 1/Mₙ ∑ₘ w(yₙₘ) ℓ(zₙₘ, yₙₘ) over the Mₙ places that count (all but IGNORED); 0 where none
    does; w are the class weights (K,), where there are some. In float32, whatever numbers outputs are in:
    logarithms and sums of many need the digits.
    """
    import torch

    if torch.is_autocast_enabled(outputs.device.type):
        with torch.autocast(outputs.device.type, enabled=False):
            return losses_of(loss, outputs.float(), truth, class_weights)
    if outputs.dim() == 2:
        each = loss.losses(outputs, truth)
        return each if class_weights is None else each * class_weights[truth]
    counted = truth != IGNORED
    # Clamped, as −1 is no class; what comes of it there is thrown away below.
    right = truth.clamp(min=0)
    each = loss.losses(outputs.flatten(0, 1), right.flatten()).view_as(truth)
    if class_weights is not None:
        each = each * class_weights[right]
    total = each.where(counted, 0.0).sum(1)  # a choice, no product: 0 times infinity is no number
    return total / counted.sum(1).clamp(min=1)


def marks(outputs: Tensor, truth: Tensor) -> Tensor:
    """Return (B, places, 2): the logarithm of the right token's probability, and 1 where it is the most
    probable one, else 0. At places that do not count both are 0.
    """
    import torch

    counted = truth != IGNORED
    right = truth.clamp(min=0)
    chances = outputs.log_softmax(-1).gather(-1, right[..., None])[..., 0]
    hits = (outputs.argmax(-1) == right).to(chances.dtype)
    return torch.stack([chances, hits], dim=-1).where(counted[..., None], 0.0)


def counted_tokens(tokens: Tensor) -> Tensor:
    """Return tokens as a truth: IGNORED where there is only padding."""
    return tokens.where(tokens != PADDING, IGNORED)
