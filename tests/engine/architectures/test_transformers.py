"""Whole Transformers against their papers, written plainly text by text: same weights, same outputs."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, sqrt
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.architectures.architecture import Architecture
from engine.architectures.sequences.transformer import Transformer
from engine.architectures.sequences.transformer_blocks import MadeOfBlocks
from engine.architectures.sequences.transformer_decoder import TransformerDecoder
from engine.architectures.sequences.transformer_encoder import TransformerEncoder
from engine.data.description import OutputForm
from tests.engine.architectures.reference import INPUTS, Weights, batch, dense, drawn, outputs_for
from tests.engine.every import choices

TOKENS = INPUTS["tokens"]
WIDTH, HEADS = 8, 2
SIZES: dict[str, Any] = {"layers": 2, "width": WIDTH, "heads": HEADS, "feed_forward": 10}


def relu(z: Tensor) -> Tensor:
    return z.clamp(min=0)


def gelu(z: Tensor) -> Tensor:
    return z.clone().apply_(lambda one: one * (1 + erf(one / sqrt(2))) / 2)


def levelled(w: Weights, name: str, x: Tensor) -> Tensor:
    mean, variance = x.mean(1, keepdim=True), x.var(1, keepdim=True, correction=0)
    return (x - mean) / torch.sqrt(variance + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]


def attended(w: Weights, name: str, x: Tensor, context: Tensor, allowed: Tensor) -> Tensor:
    """softmax(Q Kᵀ / √d) V for each head, of queries (places, width), then W_o."""
    q, k, v = (
        dense(w, f"{name}.{part}", some)
        for part, some in (("query", x), ("key", context), ("value", context))
    )
    heads = []
    for own in torch.arange(WIDTH).chunk(HEADS):
        scores = (q[:, own] @ k[:, own].T / sqrt(WIDTH / HEADS)).exp() * allowed
        heads.append(scores / scores.sum(1, keepdim=True) @ v[:, own])
    return dense(w, f"{name}.output", torch.cat(heads, 1))


def positions(w: Weights, stack: str, x: Tensor) -> Tensor:
    """Waves, or learnt vectors times √width."""
    learnt = w.get(f"{stack}.positions.weight")
    if learnt is not None:
        return learnt[: len(x)] * sqrt(WIDTH)
    place, pair = torch.arange(len(x)).double()[:, None], torch.arange(WIDTH) // 2 * 2
    angle = place / 10_000 ** (pair / WIDTH)
    return torch.where(torch.arange(WIDTH) % 2 == 0, angle.sin(), angle.cos())


def stacked(
    w: Weights, stack: str, x: Tensor, bend: Callable[[Tensor], Tensor], memory: Tensor | None, causal: bool
) -> Tensor:
    """Positions, then x + F(norm(x)) for each part of the two blocks, and a last norm."""
    x = x + positions(w, stack, x)
    own = torch.ones(len(x), len(x)).tril() if causal else torch.ones(len(x), len(x))
    for block in (f"{stack}.block_1", f"{stack}.block_2"):
        level = levelled(w, f"{block}.attention_norm", x)
        x = x + attended(w, f"{block}.attention", level, level, own)
        if memory is not None:
            level = levelled(w, f"{block}.cross_norm", x)
            x = x + attended(w, f"{block}.cross", level, memory, torch.ones(len(x), len(memory)))
        inside = bend(dense(w, f"{block}.feed_forward.expand", levelled(w, f"{block}.feed_forward_norm", x)))
        x = x + dense(w, f"{block}.feed_forward.shrink", inside)
    return levelled(w, f"{stack}.normalization", x)


def embedded(w: Weights, tokens: Tensor) -> Tensor:
    return w["embedding.weight"][tokens] * sqrt(WIDTH)


def tied(w: Weights, x: Tensor) -> Tensor:
    return x @ w["embedding.weight"].T + w["output.bias"]


def encoder(w: Weights, tokens: Tensor, target: Tensor) -> Tensor:
    return dense(w, "output", stacked(w, "body", embedded(w, tokens), gelu, None, False).mean(0))


def decoder(w: Weights, tokens: Tensor, target: Tensor) -> Tensor:
    return tied(w, stacked(w, "body", embedded(w, tokens), gelu, None, True))


def translation(w: Weights, tokens: Tensor, target: Tensor) -> Tensor:
    memory = stacked(w, "encoder", embedded(w, tokens), relu, None, False)
    return tied(w, stacked(w, "decoder", embedded(w, target), relu, memory, True))


REFERENCES: list[tuple[Architecture, OutputForm, Callable[[Weights, Tensor, Tensor], Tensor]]] = [
    (TransformerEncoder(**SIZES), "example", encoder),
    (TransformerDecoder(**SIZES), "next", decoder),
    (Transformer(**SIZES), "translation", translation),
]


def test_that_every_transformer_has_an_independent_reference_here() -> None:
    made = {choice.kind for choice in choices("architectures") if issubclass(choice, MadeOfBlocks)}
    assert {architecture.kind for architecture, _, _ in REFERENCES} >= made


@pytest.mark.parametrize(
    ("architecture", "form", "reference"), [pytest.param(*case, id=case[0].kind) for case in REFERENCES]
)
def test_that_a_transformer_computes_what_its_paper_says_for_texts_of_every_length(
    architecture: Architecture, form: OutputForm, reference: Any
) -> None:
    network = drawn(architecture, TOKENS, outputs_for(form, TOKENS)).double().eval()
    w, tokens, targets = dict(network.state_dict()), batch(TOKENS, 5), batch(TOKENS, 5).flip(0)[:, :4]
    found = network(tokens, targets) if form == "translation" else network(tokens)
    for row, text in enumerate(tokens):
        target = targets[row][targets[row] != 0]
        expected = reference(w, text[text != 0], target)
        answer = found[row] if form == "example" else found[row, : len(expected)]
        torch.testing.assert_close(answer, expected, rtol=1e-9, atol=1e-9)
