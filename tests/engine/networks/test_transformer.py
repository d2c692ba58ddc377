"""Transformers against torch's own with the same weights, the future and padding, decoding step by step."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn
from torch.nn import functional

from engine.architectures.architecture import Architecture
from engine.architectures.sequences.transformer import Transformer
from engine.architectures.sequences.transformer_blocks import LONGEST
from engine.architectures.sequences.transformer_decoder import TransformerDecoder
from engine.architectures.sequences.transformer_encoder import TransformerEncoder
from engine.choices import problems_in
from engine.data.about import About
from engine.data.description import START, Inputs, OutputForm, Outputs
from engine.networks.sequences.attention import Attention, capturing
from engine.networks.sequences.decoding import Cache, EncodedSource
from engine.networks.sequences.transformer import (
    Blocks,
    DecoderNetwork,
    Stack,
    TransformerBlock,
    TranslationNetwork,
)

WIDTH, HEADS, INNER, VOCABULARY = 12, 3, 20, 11
TEXTS = Inputs("tokens", (7,), (), VOCABULARY)
SMALL: dict[str, Any] = {"width": WIDTH, "heads": HEADS, "feed_forward": INNER}


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def filled(module: nn.Module) -> Any:
    """The module in evaluation, nothing at 0 or 1."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.3, generator=generator)
    return module.eval()


def texts(rows: int = 4, length: int = 7, seed: int = 0) -> Tensor:
    """Texts without padding."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(1, VOCABULARY, (rows, length), generator=generator)


def network(architecture: Architecture, form: OutputForm) -> Any:
    size = 3 if form == "example" else VOCABULARY
    return filled(architecture.build(TEXTS, Outputs(size, form, 0 if form == "example" else 7)))


def copy_linear(ours: nn.Module, theirs: nn.Module) -> None:
    theirs.load_state_dict(ours.state_dict())


def copy_attention(ours: Attention, theirs: nn.MultiheadAttention) -> None:
    parts = (ours.query, ours.key, ours.value)
    theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
    theirs.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
    copy_linear(ours.output, theirs.out_proj)


def copy_block(ours: TransformerBlock, theirs: Any) -> None:
    with torch.no_grad():
        copy_attention(ours.attention, theirs.self_attn)
        copy_linear(ours.feed_forward.expand, theirs.linear1)
        copy_linear(ours.feed_forward.shrink, theirs.linear2)
        norms = [ours.attention_norm, ours.cross_norm, ours.feed_forward_norm]
        if ours.cross is not None:
            copy_attention(ours.cross, theirs.multihead_attn)
        for number, norm in enumerate((norm for norm in norms if norm is not None), 1):
            copy_linear(norm, getattr(theirs, f"norm{number}"))


def form(norm: str, activation: str, layers: int = 1) -> Blocks:
    return Blocks(WIDTH, HEADS, layers, INNER, activation=activation, norm=norm, positions="none")


def torch_layer(kind: type[nn.Module], norm: str, activation: str) -> Any:
    return kind(
        WIDTH, HEADS, INNER, 0.0, activation=getattr(functional, activation), batch_first=True,
        norm_first=norm == "pre",
    )  # fmt: skip


PRESENT = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]).bool()
every_norm = pytest.mark.parametrize("norm", ["pre", "post"])
every_activation = pytest.mark.parametrize("activation", ["relu", "gelu"])


@every_norm
@every_activation
def test_that_an_encoder_block_is_that_of_torch(norm: str, activation: str) -> None:
    ours = filled(TransformerBlock(form(norm, activation)))
    theirs = torch_layer(nn.TransformerEncoderLayer, norm, activation)
    copy_block(ours, theirs)
    x = drawn(3, 5, WIDTH)
    expected = theirs(x, src_key_padding_mask=~PRESENT)
    torch.testing.assert_close(ours(x, PRESENT), expected, rtol=0, atol=1e-9)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-9)


@every_norm
@every_activation
def test_that_a_decoder_block_is_that_of_torch(norm: str, activation: str) -> None:
    ours = filled(TransformerBlock(form(norm, activation), causal=True, cross=True))
    theirs = torch_layer(nn.TransformerDecoderLayer, norm, activation)
    copy_block(ours, theirs)
    x, memory = drawn(3, 4, WIDTH), drawn(3, 5, WIDTH, seed=1)
    future = torch.ones(4, 4, dtype=torch.bool).triu(1)
    expected = theirs(x, memory, tgt_mask=future, memory_key_padding_mask=~PRESENT)
    found = ours(x, memory=EncodedSource(memory, PRESENT))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-9)


@every_norm
def test_that_an_encoder_is_that_of_torch(norm: str) -> None:
    ours = filled(Stack(form(norm, "gelu", layers=3), 5))
    last = nn.LayerNorm(WIDTH) if norm == "pre" else None
    layer = torch_layer(nn.TransformerEncoderLayer, norm, "gelu")
    theirs = nn.TransformerEncoder(layer, 3, last, enable_nested_tensor=False)
    for name, other in zip(ours.blocks, theirs.layers, strict=True):
        copy_block(ours.get_submodule(name), other)
    if last is not None:
        copy_linear(ours.normalization, last)
    x = drawn(3, 5, WIDTH)
    expected = theirs(x, src_key_padding_mask=~PRESENT)
    torch.testing.assert_close(ours(x, PRESENT)[PRESENT], expected[PRESENT], rtol=0, atol=1e-9)


def test_that_a_text_is_embedded_with_its_positions() -> None:
    """As the paper has it: vectors times √width, and waves."""
    ours = network(TransformerEncoder(**SMALL, layers=1), "place")
    x = texts()
    seen = []
    ours.body.block_1.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
    ours(x)
    waves = torch.tensor(
        [
            [
                torch.tensor(place / 10000 ** (2 * (i // 2) / WIDTH)).sin() if i % 2 == 0
                else torch.tensor(place / 10000 ** (2 * (i // 2) / WIDTH)).cos()
                for i in range(WIDTH)
            ]
            for place in range(7)
        ]
    )  # fmt: skip
    expected = ours.embedding.weight[x] * WIDTH**0.5 + waves
    torch.testing.assert_close(seen[0], expected, rtol=0, atol=1e-9)


STEPPED = [
    *(TransformerDecoder(**SMALL, positions=how) for how in ("sinusoidal", "learnt", "none")),
    TransformerDecoder(**SMALL, norm="post", tied=False),
]


@pytest.mark.parametrize("architecture", STEPPED, ids=str)
@pytest.mark.parametrize("sizes", [(1,) * 7, (3, 1, 1, 2), (7,)], ids=str)
def test_that_a_decoder_step_by_step_gives_what_the_whole_pass_gives(
    architecture: Architecture, sizes: tuple[int, ...]
) -> None:
    ours: DecoderNetwork = network(architecture, "next")
    x, cache = texts(), Cache()
    found = torch.cat([ours.step(part, cache) for part in x.split(sizes, 1)], 1)
    torch.testing.assert_close(found, ours(x), rtol=0, atol=1e-9)
    assert cache.places == 7


TRANSLATORS = [
    Transformer(**SMALL),
    Transformer(**SMALL, positions="learnt", norm="post", shared_embedding=False),
    Transformer(**SMALL, tied=False, shared_embedding=False),
]


@pytest.mark.parametrize("architecture", TRANSLATORS, ids=str)
def test_that_a_translation_step_by_step_gives_what_the_whole_pass_gives(architecture: Architecture) -> None:
    ours: TranslationNetwork = network(architecture, "translation")
    source, target = texts(), texts(seed=1)
    source[1, 4:] = 0
    source[2, 1:] = 0
    whole, memory, cache = ours(source, target), ours.encode(source), Cache()
    found = torch.cat([ours.step(memory, part, cache) for part in target.split(1, 1)], 1)
    torch.testing.assert_close(found, whole, rtol=0, atol=1e-9)


def test_that_beams_may_fork_while_a_translation_is_written() -> None:
    ours: TranslationNetwork = network(TRANSLATORS[0], "translation")
    source, target = texts(3), texts(3, seed=1)
    memory, cache = ours.encode(source), Cache()
    ours.step(memory, target[:, :4], cache)
    rows = torch.tensor([1, 1, 0, 2, 1])
    cache.select(rows)
    found = ours.step(memory.select(rows), target[rows, 4:], cache)
    torch.testing.assert_close(found, ours(source[rows], target[rows])[:, 4:], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("architecture", "form"),
    [
        (TransformerEncoder(**SMALL), "example"), (TransformerEncoder(**SMALL), "place"),
        (TransformerEncoder(**SMALL, pooling="attention", norm="post"), "example"),
        (TransformerEncoder(**SMALL, pooling="last"), "example"), (TransformerDecoder(**SMALL), "next"),
    ],
    ids=str,
)  # fmt: skip
def test_that_padding_behind_a_text_changes_nothing(architecture: Architecture, form: OutputForm) -> None:
    """Neither columns that are padding throughout nor padding that longer texts of the batch bring."""
    ours = network(architecture, form)
    short = texts(2, 4)
    padded = functional.pad(short, (0, 3))
    beside = torch.cat([padded, texts(1)])
    expected = ours(short)
    for found in (ours(padded), ours(beside)):
        kept = found[:2] if form == "example" else found[:2, :4]
        torch.testing.assert_close(kept, expected, rtol=0, atol=1e-9)


def test_that_padding_of_source_and_target_changes_no_translation() -> None:
    ours = network(TRANSLATORS[0], "translation")
    source, target = texts(2, 4), texts(2, 3, seed=1)
    more = functional.pad(source, (0, 3)), functional.pad(target, (0, 2))
    torch.testing.assert_close(ours(*more)[:, :3], ours(source, target), rtol=0, atol=1e-9)
    beside = [torch.cat([one, texts(1, one.shape[1], seed=2)]) for one in more]
    torch.testing.assert_close(ours(*beside)[:2, :3], ours(source, target), rtol=0, atol=1e-9)


def test_that_a_text_without_a_word_gives_numbers() -> None:
    empty = torch.zeros(2, 7, dtype=torch.int64)
    for architecture in (TransformerEncoder(**SMALL, pooling=how) for how in ("mean", "last", "attention")):
        assert network(architecture, "example")(empty).isfinite().all()
    ours = network(TRANSLATORS[0], "translation")
    found = ours(torch.cat([empty, texts(1)]), torch.full((3, 4), START))
    assert found.isfinite().all()


def test_that_maps_of_a_translation_are_of_source_target_and_both() -> None:
    ours = network(Transformer(**SMALL, layers=1), "translation")
    with capturing(ours) as maps:
        ours(texts(2, 6), texts(2, 4, seed=1))
    assert {name: tuple(found.shape) for name, found in maps.items()} == {
        "encoder.block_1.attention": (2, HEADS, 6, 6),
        "decoder.block_1.attention": (2, HEADS, 4, 4),
        "decoder.block_1.cross": (2, HEADS, 4, 6),
    }
    for found in maps.values():
        torch.testing.assert_close(found.sum(-1), torch.ones(found.shape[:-1]))


def test_that_shared_and_tied_weights_are_there_once() -> None:
    def shapes(**settings: bool) -> list[str]:
        built = Transformer(**SMALL, **settings).build(TEXTS, Outputs(VOCABULARY, "translation", 7))
        return [name for name, tensor in built.state_dict().items() if VOCABULARY in tensor.shape]

    assert shapes() == ["embedding.weight", "output.bias"]
    assert shapes(shared_embedding=False) == ["embedding.weight", "target_embedding.weight", "output.bias"]
    assert shapes(tied=False) == ["embedding.weight", "output.weight", "output.bias"]


def test_that_an_output_is_not_tied_to_an_embedding_of_other_tokens() -> None:
    with pytest.raises(ValueError, match="12 outputs cannot be tied"):
        TransformerDecoder(**SMALL).build(TEXTS, Outputs(VOCABULARY + 1, "next", 7))


def test_that_heads_that_cannot_share_the_width_are_refused_with_what_would_fit() -> None:
    with pytest.raises(ValidationError) as raised:
        TransformerEncoder(width=130, heads=4)
    (problem,) = problems_in(raised.value)
    assert problem.path == "heads"
    assert problem.message == "4 heads cannot share a width of 130 equally; try 2, or a width of 132"


@pytest.mark.parametrize("kind", [TransformerEncoder, TransformerDecoder, Transformer])
def test_that_examples_too_long_to_be_compared_place_by_place_are_told(kind: type[Architecture]) -> None:
    assert not kind().problems(About(Inputs("tokens", (LONGEST,), (), 100)))
    (problem,) = kind().problems(About(Inputs("tokens", (100_000,), (), 100)))
    assert problem.path == "kind"
    assert "100,000 places" in problem.message
