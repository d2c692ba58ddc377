"""Transformers as they start by default learn to copy: nothing fades or explodes on the way through them."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from engine.data.description import SPECIAL_TOKENS, START, Description, Inputs, Targets
from engine.training.devices import pick
from engine.training.model import build_model
from tests.engine.training.support import experiment_of

WORDS, HALF, BATCH, STEPS = 8, 5, 32, 120
VOCABULARY = len(SPECIAL_TOKENS) + WORDS
SIZES = {"width": 32, "feed_forward": 64, "layers": 2, "dropout": 0.0}


def network_of(kind: str, task: str, target: Any, seed: int, **settings: Any) -> nn.Module:
    experiment = experiment_of(
        {}, seed=seed, task={"kind": task}, architecture={"kind": kind, **SIZES, **settings}
    )
    targets = Targets(target, ("text",), length=2 * HALF, vocabulary=VOCABULARY)
    description = Description(Inputs("tokens", (2 * HALF,), (), VOCABULARY), targets, 64, 8, 8)
    return build_model(experiment, description, pick("cpu")).network.train()


def repeated(network: nn.Module, words: Tensor) -> tuple[Tensor, Tensor]:
    """A text whose second half repeats the first, which a language model may find out."""
    outputs = network(torch.cat([words, words], 1)[:, :-1])
    return outputs[:, HALF - 1 :], words


def reversed_in_place(network: nn.Module, words: Tensor) -> tuple[Tensor, Tensor]:
    """At every place the word that stands there in the text turned round."""
    return network(words), words.flip(1)


def translated(network: nn.Module, words: Tensor) -> tuple[Tensor, Tensor]:
    """A translation that is the text itself."""
    begun = torch.full((len(words), 1), START)
    return network(words, torch.cat([begun, words[:, :-1]], 1)), words


def losses(network: nn.Module, answer: Any, seed: int) -> list[float]:
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    found = []
    for _ in range(STEPS):
        words = torch.randint(len(SPECIAL_TOKENS), VOCABULARY, (BATCH, HALF), generator=generator)
        outputs, truth = answer(network, words)
        loss = cross_entropy(outputs.flatten(0, 1), truth.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("kind", "task", "target", "answer"),
    [
        ("transformer_decoder", "language_modelling", "tokens", repeated),
        ("transformer_encoder", "masked_language_modelling", "tokens", reversed_in_place),
        ("transformer", "translation", "translation", translated),
    ],
    ids=["decoder", "encoder", "translation"],
)
def test_that_a_transformer_learns_to_copy(kind: str, task: str, target: str, answer: Any, seed: int) -> None:
    found = losses(network_of(kind, task, target, seed), answer, seed)
    assert found[0] < log(VOCABULARY) + 2  # it begins with a guess, not with certainty
    assert sum(found[-10:]) / 10 < log(WORDS) / 2


def test_that_weights_no_relu_follows_start_smaller_and_sums_do_not_grow_with_depth() -> None:
    network = network_of("transformer", "translation", "translation", 0, layers=3, positions="learnt")
    drawn = sqrt(2 / SIZES["width"])  # He's standard deviation for that many inputs
    expected = {
        "embedding.weight": drawn / sqrt(2),
        "decoder.positions.weight": drawn / sqrt(2),
        "encoder.block_2.attention.key.weight": drawn / sqrt(2),
        "encoder.block_2.attention.output.weight": drawn / sqrt(6),
        "decoder.block_3.cross.output.weight": drawn / sqrt(9),
        "encoder.block_2.feed_forward.expand.weight": drawn,
        "encoder.block_2.feed_forward.shrink.weight": drawn / sqrt(2) / sqrt(6),
    }
    for name, deviation in expected.items():
        assert network.get_parameter(name).std().item() == pytest.approx(deviation, rel=0.15), name
    assert all((p == 0).all() for name, p in network.named_parameters() if name.endswith("bias"))


def test_that_without_a_smaller_start_the_initializers_formula_holds_for_every_matrix() -> None:
    network = network_of(
        "transformer", "translation", "translation", 0, layers=3, positions="learnt", scaled_start=False
    )
    for name, matrix in network.named_parameters():
        if matrix.dim() == 2:
            expected = sqrt(2 / matrix.shape[1])
            assert matrix.std().item() == pytest.approx(expected, rel=0.15), name


def test_that_embeddings_are_as_large_as_their_weights_where_no_scale_is_wanted() -> None:
    plain, scaled = (
        network_of("transformer_decoder", "language_modelling", "tokens", 0, embedding_scale=scale)
        for scale in (False, True)
    )
    tokens = torch.arange(5)[None]
    torch.testing.assert_close(
        scaled.embedding(tokens), plain.embedding(tokens) * sqrt(SIZES["width"]), rtol=1e-5, atol=1e-6
    )
