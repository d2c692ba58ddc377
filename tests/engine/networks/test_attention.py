"""Attention against torch's own and its formula; what may be looked at, and weights that are captured."""

from __future__ import annotations

from contextlib import nullcontext
from math import sqrt

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck

from engine.networks.sequences.attention import (
    AdditiveAttention,
    Attention,
    DotProduct,
    attentions,
    capturing,
    softmax_over,
)
from engine.networks.sequences.decoding import Cache
from engine.networks.sequences.pooled import AttentionPooling
from engine.networks.sequences.recurrent_decoder import RecurrentDecoder
from engine.networks.sequences.transformer import Blocks, TransformerBlock

WIDTH, HEADS = 12, 3


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def attention(dropout: float = 0.0, *, causal: bool = False) -> Attention:
    torch.manual_seed(3)
    module = Attention(WIDTH, HEADS, dropout, causal=causal)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.4)
    return module


def as_torch(ours: Attention) -> nn.MultiheadAttention:
    """Torch's module with the weights of ours."""
    theirs = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    parts = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
        theirs.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
        theirs.out_proj.weight.copy_(ours.output.weight)
        theirs.out_proj.bias.copy_(ours.output.bias)
    return theirs


PRESENT = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]).bool()


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_that_attention_is_that_of_torch(masked: bool, watched: bool) -> None:
    ours = attention()
    queries, context = drawn(3, 4, WIDTH), drawn(3, 5, WIDTH, seed=1)
    present = PRESENT if masked else None
    mask = ~PRESENT if masked else None
    expected, weights = as_torch(ours)(queries, context, context, mask, average_attn_weights=False)
    if watched:
        with capturing(ours) as maps:
            found = ours(queries, context, present=present)
        torch.testing.assert_close(maps[""], weights.detach(), rtol=0, atol=1e-9)
    else:
        found = ours(queries, context, present=present)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("watched", [False, True])
def test_that_causal_attention_is_that_of_torch(watched: bool) -> None:
    ours = attention(causal=True)
    x = drawn(3, 5, WIDTH)
    future = torch.ones(5, 5, dtype=torch.bool).triu(1)
    expected, _ = as_torch(ours)(x, x, x, attn_mask=future)
    if watched:
        with capturing(ours):
            found = ours(x)
    else:
        found = ours(x)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("watched", [False, True])
def test_that_a_share_of_the_weights_is_dropped_in_training_and_made_up_for(watched: bool) -> None:
    """Of a single key the weight is 1: what is found is its value, divided by the share kept, or nothing."""
    mix, one = DotProduct(2, 0.3), torch.ones(5000, 2, 1, 4)
    torch.manual_seed(0)
    for training in (True, False):
        found = mix.train(training)((one, one, one), None, False, (lambda weights: None) if watched else None)
        kept = found[..., 0] != 0
        torch.testing.assert_close(found[kept], torch.full_like(found[kept], 1 / 0.7 if training else 1.0))
        assert kept.double().mean() == pytest.approx(0.7 if training else 1.0, abs=0.025)


@pytest.mark.parametrize("causal", [False, True])
def test_that_captured_weights_are_the_softmax_of_the_formula(causal: bool) -> None:
    module = attention(causal=causal).double()
    x = drawn(3, 5, WIDTH).double()
    with capturing(module) as maps:
        module(x, present=PRESENT)
    queries, keys = (
        (x @ part.weight.T + part.bias).reshape(3, 5, HEADS, -1).permute(0, 2, 1, 3)
        for part in (module.query, module.key)
    )
    scores = torch.einsum("bhqd,bhkd->bhqk", queries, keys) / sqrt(WIDTH / HEADS)
    powers = scores.exp() * PRESENT[:, None, None]
    if causal:
        powers = powers * torch.ones(5, 5).tril()
    expected = powers / powers.sum(-1, keepdim=True)
    torch.testing.assert_close(maps[""], expected.detach(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("present", [None, PRESENT], ids=["whole", "padded"])
def test_that_looking_changes_neither_results_nor_gradients(present: Tensor | None, causal: bool) -> None:
    module = attention(causal=causal)
    with capturing(module):
        watched = module(drawn(3, 5, WIDTH), present=present)
    torch.testing.assert_close(watched, module(drawn(3, 5, WIDTH), present=present), rtol=0, atol=1e-9)
    gradients = []
    for looking in (nullcontext(), capturing(module.double())):
        x = drawn(3, 5, WIDTH).double().requires_grad_()
        with looking:
            module(x, present=present).square().sum().backward()
        gradients.append(x.grad)
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-9, atol=1e-12)


def test_that_dropout_draws_the_same_weights_whether_anybody_looks_or_not() -> None:
    module, x = attention(0.4), drawn(3, 5, WIDTH)
    torch.manual_seed(1)
    plain = module(x)
    torch.manual_seed(1)
    with capturing(module) as maps:
        watched = module(x)
    torch.testing.assert_close(plain, watched, rtol=0, atol=1e-9)
    assert (plain - module.eval()(x)).abs().max() > 1e-3
    torch.testing.assert_close(maps[""].sum(-1), torch.ones(3, HEADS, 5))


def test_that_nobody_is_told_of_weights_once_the_looking_is_over() -> None:
    module, x = attention(), drawn(3, 5, WIDTH)
    with capturing(module) as maps:
        pass
    module(x)
    assert maps == {}
    with pytest.raises(KeyError), capturing(module):
        raise KeyError
    assert module.notice is None


@pytest.mark.parametrize("watched", [False, True])
def test_that_a_query_with_nothing_to_look_at_gets_the_bias_and_finite_gradients(watched: bool) -> None:
    module = attention()
    x = drawn(2, 5, WIDTH).requires_grad_()
    present = torch.tensor([[True] * 5, [False] * 5])
    if watched:
        with capturing(module) as maps:
            found = module(x, present=present)
        assert (maps[""][1] == 0).all()
    else:
        found = module(x, present=present)
    torch.testing.assert_close(found[1], module.output.bias.expand(5, -1))
    found.square().sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in module.parameters())


def test_that_what_is_masked_is_not_felt() -> None:
    module = attention()
    x = drawn(3, 5, WIDTH)
    other = x.masked_fill(~PRESENT[..., None], 7.0)
    found, again = module(x[:, :1], x, present=PRESENT), module(x[:, :1], other, present=PRESENT)
    torch.testing.assert_close(found, again, rtol=0, atol=1e-9)


def test_that_causal_attention_does_not_feel_the_future() -> None:
    module, x = attention(causal=True), drawn(2, 6, WIDTH)
    for place in range(1, 6):
        changed = x.clone()
        changed[:, place:] += 1
        torch.testing.assert_close(module(changed)[:, :place], module(x)[:, :place], rtol=0, atol=1e-9)
        assert ((module(changed) - module(x))[:, place].abs() > 1e-3).any()


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1, 1), (3, 2), (2, 1, 2), (5,)], ids=str)
def test_that_attention_step_by_step_is_that_of_the_whole(sizes: tuple[int, ...]) -> None:
    module, x = attention(causal=True), drawn(3, 5, WIDTH)
    cache = Cache()
    with capturing(module) as maps:
        module(x)
    with capturing(module) as stepped:
        parts = [module(part, cache=cache) for part in x.split(sizes, 1)]
    torch.testing.assert_close(torch.cat(parts, 1), module(x), rtol=0, atol=1e-9)
    torch.testing.assert_close(stepped[""], maps[""], rtol=0, atol=1e-9)
    cache = Cache()
    parts = [module(part, cache=cache) for part in x.split(sizes, 1)]
    torch.testing.assert_close(torch.cat(parts, 1), module(x), rtol=0, atol=1e-9)


def test_that_a_context_is_read_once_into_a_cache() -> None:
    module, cache = attention(), Cache()
    queries, context = drawn(3, 4, WIDTH), drawn(3, 5, WIDTH, seed=1)
    whole = module(queries, context, present=PRESENT)
    first = module(queries[:, :2], context, present=PRESENT, cache=cache)
    rest = module(queries[:, 2:], torch.zeros_like(context), present=PRESENT, cache=cache)
    torch.testing.assert_close(torch.cat([first, rest], 1), whole, rtol=0, atol=1e-9)


def test_that_a_cache_goes_on_with_the_rows_selected() -> None:
    module, x, cache = attention(causal=True), drawn(3, 5, WIDTH), Cache()
    module(x[:, :4], cache=cache)
    rows = torch.tensor([2, 0, 0, 1])
    cache.select(rows)
    torch.testing.assert_close(module(x[rows, 4:], cache=cache), module(x)[rows, 4:], rtol=0, atol=1e-9)


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_that_gradients_of_attention_are_those_of_finite_differences(causal: bool, watched: bool) -> None:
    module = attention(causal=causal).double()
    x = drawn(3, 5, WIDTH).double().requires_grad_()

    def found(x: Tensor) -> Tensor:
        if not watched:
            return module(x, present=PRESENT)
        with capturing(module):
            return module(x, present=PRESENT)

    assert gradcheck(found, (x,), fast_mode=True)


def test_that_a_width_that_cannot_be_shared_out_is_refused() -> None:
    with pytest.raises(ValueError, match="width 10 cannot be shared among 3 heads"):
        Attention(10, 3)


@pytest.mark.parametrize("ready", [False, True])
def test_that_additive_attention_computes_its_formula(ready: bool) -> None:
    module = AdditiveAttention(4, 6, 5).double()
    queries, memory = drawn(3, 2, 4).double(), drawn(3, 5, 6, seed=1).double()
    with capturing(module) as maps:
        found = module(queries, memory, PRESENT, module.key(memory) if ready else None)
    w = {name: tensor.detach() for name, tensor in module.named_parameters()}
    for row, place in ((row, place) for row in range(3) for place in range(2)):
        asked = w["query.weight"] @ queries[row, place]
        scores = torch.stack(
            [w["score.weight"][0] @ (asked + w["key.weight"] @ m + w["key.bias"]).tanh() for m in memory[row]]
        )
        powers = scores.exp() * PRESENT[row]
        weights = powers / powers.sum()
        torch.testing.assert_close(maps[""][row, 0, place], weights)
        torch.testing.assert_close(found[row, place], weights @ memory[row])


def test_that_gradients_of_additive_attention_are_those_of_finite_differences() -> None:
    module = AdditiveAttention(4, 6, 5).double()
    inputs = (drawn(3, 2, 4).double().requires_grad_(), drawn(3, 5, 6, seed=1).double().requires_grad_())
    assert gradcheck(lambda queries, memory: module(queries, memory, PRESENT), inputs, fast_mode=True)


def test_that_maps_carry_the_names_of_their_modules() -> None:
    network = nn.ModuleDict({"one": attention(), "two": nn.Sequential(attention(causal=True))})
    pooling = AttentionPooling(WIDTH)
    network["pooling"] = pooling
    x = drawn(3, 5, WIDTH)
    with capturing(network) as maps:
        network["one"](x)
        network["two"](x)
        pooling(x, PRESENT)
    assert {name: tuple(weights.shape) for name, weights in maps.items()} == {
        "one": (3, HEADS, 5, 5), "two.0": (3, HEADS, 5, 5), "pooling": (3, 1, 1, 5),
    }  # fmt: skip
    assert not any(weights.requires_grad for weights in maps.values())


def test_that_attentions_say_what_they_look_at_whatever_they_are_called() -> None:
    form = Blocks(WIDTH, HEADS, 1, WIDTH)
    network = nn.ModuleDict(
        {
            "decoder": TransformerBlock(form),
            "crossing": TransformerBlock(form, causal=True),
            "other": TransformerBlock(form, causal=True, cross=True),
            "recurrent": RecurrentDecoder(WIDTH, WIDTH, 1, WIDTH, 0),
            "pooling": AttentionPooling(WIDTH),
        }
    )
    assert {name: module.role for name, module in attentions(network).items()} == {
        "decoder.attention": "self", "crossing.attention": "self", "other.attention": "decoder",
        "other.cross": "cross", "recurrent.cross": "cross", "pooling": "self",
    }  # fmt: skip


def test_that_a_softmax_over_nothing_is_nothing() -> None:
    found = softmax_over(
        torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[False, False], [False, True]])
    )
    assert found.tolist() == [[0, 0], [0, 1]]
