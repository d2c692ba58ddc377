"""What lies behind predictions: words that mattered, other guesses, where a translation looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.description import END, MASK, PADDING, START
from engine.data.texts.encode import TokensEncoder
from engine.data.texts.read.spacing import spaced
from engine.inference.results import Aligned, Filled, Weighed
from engine.inference.writing import most_probable

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.model import Model

Tokens = NDArray[np.int64]


def weighed(model: Model, encoder: TokensEncoder, texts: Tokens) -> tuple[Weighed, ...]:
    """Return how much each token of the texts (N, length) mattered for the class they are taken for."""
    from engine.networks.sequences.saliency import mattering

    if not len(texts):
        return ()
    weights, by = mattering(model.network, _on_device(model, texts))
    found = []
    for row, numbers in zip(texts, weights.cpu().numpy(), strict=True):
        present = row != PADDING
        found.append(Weighed(spaced(encoder.tokenizer, row[present].tolist()), numbers[present], by))
    return tuple(found)


def filled(model: Model, encoder: TokensEncoder, texts: Tokens) -> tuple[Filled, ...]:
    """Return the texts (N, length) with their gaps filled, and other guesses for each gap."""
    if not len(texts):
        return ()
    outputs = model.network(_on_device(model, texts)).softmax(-1).cpu()
    found = []
    for row, shares in zip(texts, outputs, strict=True):
        gaps = np.flatnonzero(row == MASK)
        # Each gap by itself, as it was learnt: filled one after the other, an early mistake would spread.
        whole = np.where(row == MASK, shares.argmax(-1).numpy(), row)
        tokens = spaced(encoder.tokenizer, whole[row != PADDING].tolist())
        guesses = tuple(most_probable(encoder, shares[gap]) for gap in gaps.tolist())
        found.append(Filled(tokens, tuple(gaps.tolist()), guesses))
    return tuple(found)


def aligned(model: Model, encoder: TokensEncoder, texts: Tokens, written: Tokens) -> tuple[Aligned, ...]:
    """Return where each token written (N, places) looked in its source (N, length)."""
    return tuple(_aligned(model, encoder, *pair) for pair in zip(texts, written, strict=True))


def _aligned(model: Model, encoder: TokensEncoder, text: Tokens, written: Tokens) -> Aligned:
    """Return the attention of a translation: the last one of the network that looks at the source."""
    from engine.networks.sequences.attention import attentions, capturing

    ends = np.flatnonzero((written == END) | (written == PADDING))
    tokens = written[: int(ends[0])] if len(ends) else written
    source = text[text != PADDING]
    shown = spaced(encoder.tokenizer, tokens.tolist()), spaced(encoder.tokenizer, source.tolist())
    if not len(tokens):
        return Aligned(*shown, np.zeros((0, len(source)), np.float32))
    # The decoder sees each token one place late: the row of a token shows where it looked to be written.
    before = np.concatenate([[START], tokens[:-1]])
    with capturing(model.network) as maps:
        model.network(_on_device(model, source[None]), _on_device(model, before[None]))
    modules = attentions(model.network)
    fitting = [weights for name, weights in maps.items() if modules[name].role == "cross"]
    if not fitting:
        return Aligned(*shown, np.zeros((len(tokens), 0), np.float32))
    # The last layer that looks at the source comes closest to an alignment; its heads share the work.
    weights = fitting[-1][0].mean(0)[: len(tokens), : len(source)].float().cpu().numpy()
    return Aligned(*shown, np.ascontiguousarray(weights))


def _on_device(model: Model, tokens: Tokens) -> Tensor:
    import torch

    return torch.from_numpy(np.ascontiguousarray(tokens)).to(model.device.torch)
