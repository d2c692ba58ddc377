"""Masking: which tokens of a text are hidden, and what stands there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.data.description import IGNORED, MASK, SPECIAL_TOKENS

if TYPE_CHECKING:
    from torch import Tensor

SHARE = 0.15
"""The share of tokens that are to be guessed."""
HIDDEN, REPLACED = 0.8, 0.1
"""Of these, the shares that are replaced by [MASK] and by any token; the rest stays."""


def masked(tokens: Tensor, vocabulary: int, drawn: bool) -> tuple[Tensor, Tensor]:
    """Return the texts (B, length) as the network sees them, and the truth: IGNORED where it is not asked.

    Special tokens are never asked for. Of every text with any other token, the token that was drawn first is
    asked for, however short the text. `drawn`: from the device's default generator; otherwise what is hidden
    is a function of the text alone, the same in whatever batch and beside however much padding.

    Source: Devlin et al., BERT, 2019, section 3.1.
    """
    import torch

    # The special tokens have the first numbers.
    ordinary = tokens >= len(SPECIAL_TOKENS)
    where, what, which = torch.rand((3, *tokens.shape), device=tokens.device) if drawn else _fixed(tokens)
    where = where.where(ordinary, 2.0)  # later than any that may be drawn
    asked = ordinary & ((where < SHARE) | (where == where.min(1, keepdim=True).values))
    # below the vocabulary also after rounding: the largest draw is 1 - 2^-24, half a step of float32 below 1
    other = len(SPECIAL_TOKENS) + (which * (vocabulary - len(SPECIAL_TOKENS))).long()
    shown = other.where(what < HIDDEN + REPLACED, tokens).where(what >= HIDDEN, MASK)
    return shown.where(asked, tokens), tokens.where(asked, IGNORED)


def asked_places(truth: Tensor) -> tuple[Tensor | None, Tensor]:
    """Return the places that are asked for, (B, K), K being the most of a text, and the truth there.

    Texts with fewer fill up with places that are IGNORED, none beyond the longest text. None instead of the
    places, and the whole truth, where counting them would make the processor wait for a GPU.
    """
    if truth.device.type != "cpu":
        return None, truth
    most = max(1, int((truth != IGNORED).sum(1).max())) if len(truth) else 1  # torch.max refuses no rows
    # Stable, so that places asked for stay in their order.
    places = (truth == IGNORED).long().argsort(dim=1, stable=True)[:, :most]
    return places, truth.gather(1, places)


def _fixed(tokens: Tensor) -> Tensor:
    """Return three numbers in [0, 1) for each place, (3, B, length), that look random but are not.

    They depend on the text and the place alone: padding, being 0, adds nothing to a text's sum. Whole numbers
    of 64 bits wrap around alike on every device; single precision holds the 24 bits that are taken.
    """
    import torch

    place = torch.arange(1, tokens.shape[1] + 1, device=tokens.device)
    text = (tokens * _mixed(place)).sum(1, keepdim=True)
    stream = torch.arange(1, 4, device=tokens.device)[:, None, None]
    bits = _mixed(_mixed(text + place) + stream)
    return (bits & 0xFFFFFF).float() / (1 << 24)


def _mixed(numbers: Tensor) -> Tensor:
    """Return whole numbers of 64 bits that have nothing to do with each other where `numbers` differ.

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014 (SplitMix64).
    """
    numbers = numbers * -7046029254386353131  # 0x9E3779B97F4A7C15, as all constants here, in two's complement
    numbers = (numbers ^ _shifted(numbers, 30)) * -4658895280553007687
    numbers = (numbers ^ _shifted(numbers, 27)) * -7723592293110705685
    return numbers ^ _shifted(numbers, 31)


def _shifted(numbers: Tensor, bits: int) -> Tensor:
    """Shift right, zeros coming in from the left whatever the sign."""
    return (numbers >> bits) & ((1 << (64 - bits)) - 1)
