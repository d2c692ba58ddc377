"""Generation: sampled as often as probable, greedy as a beam of one, the best text by trying all of them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import chisquare
from torch import Tensor, nn

from engine.data.about import About
from engine.data.description import END, PADDING, START, Inputs, Outputs
from engine.experiment import Experiment
from engine.networks.sequences.generation import (
    NEVER_WRITTEN,
    TokenSampling,
    Writer,
    beam,
    continuer,
    greedy,
    sample,
    translator,
    window_start,
)

VOCABULARY = 9
CPU = torch.device("cpu")


class Remembering(nn.Module):
    """Outputs after every place depend on all tokens so far, and on the source where there is one."""

    def __init__(self, seed: int, sharpness: float = 1.0) -> None:
        super().__init__()
        chance = torch.Generator().manual_seed(seed)
        self.table = torch.randn(40, VOCABULARY, generator=chance, dtype=torch.float64) * sharpness
        self.longest = 0

    def forward(self, inputs: Tensor, so_far: Tensor | None = None) -> Tensor:
        texts = inputs if so_far is None else so_far
        self.longest = max(self.longest, texts.shape[1])
        rows = (texts * torch.arange(1, texts.shape[1] + 1)).cumsum(1)
        if so_far is not None:
            rows = rows + 7 * inputs.sum(1, keepdim=True)
        return self.table[rows % 40]


def texts_of(*prompts: list[int]) -> Tensor:
    return torch.tensor(prompts)


def chance_of(network: nn.Module, source: Tensor, text: list[int]) -> float:
    """log P(text | source), tokens that are never written left out of the softmax."""
    so_far, total = [START], 0.0
    for token in text:
        outputs = network(source, torch.tensor([so_far]))[0, -1].clone()
        outputs[list(NEVER_WRITTEN)] = -torch.inf
        total += float(outputs.log_softmax(0)[token])
        so_far.append(token)
    return total


def score(chance: float, length: int, penalty: float) -> float:
    return chance / ((5 + length) / 6) ** penalty


# ------------------------------------------------------------------------------------------- translations


@pytest.mark.parametrize("seed", range(8))
def test_that_greedy_writing_is_a_beam_of_width_1(seed: int) -> None:
    network, source = Remembering(seed), torch.arange(6).reshape(3, 2) + 5
    written = greedy(translator(network, source), 3, 7)
    found, _ = beam(translator(network, source), 3, 7, width=1)
    assert torch.equal(found, written)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("width", [2, 5])
def test_that_the_score_of_a_beam_is_that_of_its_text_and_no_less_than_greedys(seed: int, width: int) -> None:
    network, source = Remembering(seed), torch.tensor([[5, 8]])
    _, alone = beam(translator(network, source), 1, 6, width=1)
    texts, scores = beam(translator(network, source), 1, 6, width)
    text = [token for token in texts[0].tolist() if token != PADDING]
    assert float(scores) == pytest.approx(score(chance_of(network, source, text), len(text), 0.6))
    assert float(scores) >= float(alone) - 1e-12


@pytest.mark.parametrize("penalty", [0.0, 0.6, 1.5])
def test_that_a_beam_wide_enough_finds_the_best_of_all_texts(penalty: float) -> None:
    network, source = Remembering(3, 0.3), torch.tensor([[6, 5]])
    writable = [token for token in range(VOCABULARY) if token not in NEVER_WRITTEN]
    every = [
        text
        for length in (1, 2, 3)
        for text in product(writable, repeat=length)
        if END not in text[:-1] and (text[-1] == END or length == 3)
    ]
    best = max(score(chance_of(network, source, list(text)), len(text), penalty) for text in every)
    texts, scores = beam(translator(network, source), 1, 3, width=VOCABULARY**3, penalty=penalty)
    assert float(scores) == pytest.approx(best)
    text = [token for token in texts[0].tolist() if token != PADDING]
    assert score(chance_of(network, source, text), len(text), penalty) == pytest.approx(best)


def test_that_texts_written_together_are_those_written_alone() -> None:
    network, source = Remembering(1), torch.arange(8).reshape(4, 2) + 5
    together, scores = beam(translator(network, source), 4, 7, width=3)
    for row in range(4):
        alone, own = beam(translator(network, source[row : row + 1]), 1, 7, width=3)
        assert torch.equal(alone[0], together[row])
        assert float(own) == pytest.approx(float(scores[row]))


def test_that_after_the_end_there_is_padding_and_no_special_token_is_ever_written() -> None:
    network, source = Remembering(2, 3.0), torch.arange(40).reshape(20, 2) % VOCABULARY
    for texts in (greedy(translator(network, source), 20, 9), beam(translator(network, source), 20, 9, 3)[0]):
        assert texts.shape == (20, 9)
        assert (texts == END).any()
        for text in texts.tolist():
            end = text.index(END) if END in text else len(text)
            assert not set(text[:end]) & set(NEVER_WRITTEN)
            assert set(text[end + 1 :]) <= {PADDING}


# ----------------------------------------------------------------------------------------------- sampling


def drawn(sampling: TokenSampling, count: int, network: nn.Module, seed: int = 4) -> list[int]:
    """The token drawn after one place, `count` times."""
    texts = texts_of([START]).expand(count, 1)
    return sample(continuer(network, 8, CPU), texts, 2, sampling, seed)[:, 1].tolist()


def expected(outputs: Tensor, sampling: TokenSampling) -> Any:
    """The probabilities by the definition, one token after the other."""
    z = outputs.numpy().copy()
    z[list(NEVER_WRITTEN)] = -np.inf
    p = np.exp((z - z.max()) / sampling.temperature)
    p /= p.sum()
    order = np.argsort(-p, kind="stable")
    kept = list(order[: sampling.top_k or len(p)])
    mass = p[kept].sum()
    for count in range(1, len(kept) + 1):
        if p[kept[:count]].sum() / mass >= sampling.top_p - 1e-12:
            kept = kept[:count]
            break
    chosen = np.zeros_like(p)
    chosen[kept] = p[kept]
    return chosen / chosen.sum()


@pytest.mark.parametrize(
    "sampling",
    [
        TokenSampling(),
        TokenSampling(temperature=0.5),
        TokenSampling(temperature=2.0),
        TokenSampling(top_k=2),
        TokenSampling(top_p=0.7),
        TokenSampling(temperature=1.3, top_k=4, top_p=0.8),
    ],
)
def test_that_tokens_are_drawn_as_often_as_they_are_probable(sampling: TokenSampling) -> None:
    network = Remembering(5)
    wanted = expected(network(texts_of([START]))[0, -1], sampling)
    torch.testing.assert_close(
        sampling.probabilities(network(texts_of([START]))[:, -1])[0], torch.from_numpy(wanted)
    )
    counts = np.bincount(drawn(sampling, 4000, network), minlength=VOCABULARY)
    assert (counts[wanted == 0] == 0).all()
    assert chisquare(counts[wanted > 0], 4000 * wanted[wanted > 0]).pvalue > 0.01


@pytest.mark.parametrize("temperature", [0.0, 1e-6])
def test_that_without_temperature_sampling_takes_the_most_probable(temperature: float) -> None:
    network = Remembering(6)
    texts = sample(continuer(network, 8, CPU), texts_of([START, 7]), 6, TokenSampling(temperature), 1)[
        0
    ].tolist()
    for place in range(2, 6):
        outputs = network(texts_of(texts[:place]))[0, -1].clone()
        outputs[list(NEVER_WRITTEN)] = -torch.inf
        if END not in texts[:place]:
            assert texts[place] == int(outputs.argmax())


def test_that_chance_depends_on_the_seed_and_the_text_alone() -> None:
    network = Remembering(7)

    def five(count: int, seed: int) -> list[list[int]]:
        prompts = texts_of([START, 6]).expand(count, 2)
        return sample(continuer(network, 8, CPU), prompts, 10, TokenSampling(), seed).tolist()  # type: ignore[no-any-return]

    assert five(5, 1)[:2] == five(2, 1)
    assert five(5, 1) != five(5, 2)
    assert len({tuple(text) for text in five(5, 1)}) > 1


def test_that_nothing_is_seen_or_written_beyond_the_length() -> None:
    network = Remembering(8)
    network.table[:, END] = -torch.inf
    texts = sample(continuer(network, 6, CPU), texts_of([START] * 3), 40, TokenSampling(), 1)
    assert texts.shape == (1, 40)
    assert network.longest == 6
    assert (texts[0, 3:] >= 5).all()


@pytest.mark.parametrize("places", [1, 2, 5, 8])
def test_that_the_window_is_never_longer_than_the_places_and_never_empty(places: int) -> None:
    for length in range(1, 40):
        start = window_start(length, places)
        assert 0 <= start < length
        assert length - start <= places
        assert start == 0 or length > places


# ------------------------------------------------------------------------- step by step as all at once


class Whole(nn.Module):
    """A network that hides that it can go step by step."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, *texts: Tensor) -> Tensor:
        found: Tensor = self.network(*texts)
        return found


def built(form: Any, length: int) -> list[nn.Module]:
    """Small networks of every architecture that gives the form."""
    family = type(Experiment().architecture).family
    found = []
    for choice in family.values():
        architecture: Any = choice()
        inputs = Inputs("tokens", (length,), vocabulary=VOCABULARY)
        if not architecture.problems(About(inputs, form=form)):
            torch.manual_seed(0)
            network = architecture.build(inputs, Outputs(VOCABULARY, form, length)).eval().double()
            for parameter in network.parameters():
                nn.init.normal_(parameter, std=0.3)
            found.append(network)
    return found


def same(one: Writer, other: Writer, texts: Tensor, rows: Tensor) -> None:
    """Assert that two writers say the same while texts grow and are taken twice or dropped."""
    with torch.no_grad():
        for place in range(1, texts.shape[1]):
            torch.testing.assert_close(one(texts[:, :place]), other(texts[:, :place]), rtol=1e-9, atol=1e-9)
            if place == 3:
                texts = texts[rows]
                one.select(rows)
                other.select(rows)


def test_that_every_language_model_continues_step_by_step_as_from_the_whole_text() -> None:
    texts = torch.randint(5, VOCABULARY, (3, 14), generator=torch.Generator().manual_seed(1))
    networks = built("next", 8)
    assert networks
    for network in networks:
        one, other = continuer(network, 7, CPU), continuer(Whole(network), 7, CPU)
        same(one, other, texts, torch.tensor([2, 0, 2]))


def test_that_every_translator_writes_step_by_step_as_from_the_whole_text() -> None:
    chance = torch.Generator().manual_seed(2)
    source = torch.randint(5, VOCABULARY, (3, 8), generator=chance)
    source[1, 5:] = PADDING
    texts = torch.randint(5, VOCABULARY, (3, 8), generator=chance)
    texts[:, 0] = START
    networks = built("translation", 8)
    assert networks
    for network in networks:
        one, other = translator(network, source), translator(Whole(network), source)
        same(one, other, texts, torch.tensor([1, 1, 0]))
