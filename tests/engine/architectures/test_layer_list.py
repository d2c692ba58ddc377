"""The layer list: what is worked out without torch is what the network has, for any list that fits."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck
from torch.func import functional_call

from engine.architectures.layer_kinds.convolution import Convolution1d, Convolution2d
from engine.architectures.layer_kinds.dense import ActivationLayer, Dense, SoftmaxLayer
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.architectures.layer_kinds.lines import list_problems, output_effect, output_of, worked_out
from engine.architectures.layer_kinds.normalization import (
    BatchNormalization,
    DropoutLayer,
    GroupNormalization,
    LayerNormalization,
)
from engine.architectures.layer_kinds.pooling import GlobalPooling, PoolingLayer
from engine.architectures.layer_kinds.residual import ResidualBlock
from engine.architectures.layer_kinds.sequence import AttentionLayer, Embedding, Positions, RecurrentLayer
from engine.architectures.layer_kinds.shape import Flatten, Rows
from engine.architectures.layers import Layers
from engine.data.about import About
from engine.data.description import Description, Inputs, Outputs, Targets
from engine.experiment import Experiment
from engine.training.sketch import sketch
from tests.engine.every import choices

VECTOR = Inputs("vector", (6,))
IMAGE = Inputs("image", (2, 9, 12))
SERIES = Inputs("series", (10, 3), ("a", "b", "c"))
TOKENS = Inputs("tokens", (10,), vocabulary=12)
KINDS = st.sampled_from([VECTOR, IMAGE, SERIES, TOKENS])
CLASSES = Targets("classes", ("class",), ("a", "b", "c"))

few, odd = st.integers(1, 6), st.sampled_from([1, 3, 5])
bends = st.sampled_from(["relu", "tanh", "linear"])
edges = st.sampled_from(["same", "none"])
ONE: dict[str, st.SearchStrategy[ListedLayer]] = {
    "dense": st.builds(Dense, units=few, activation=bends),
    "activation": st.builds(ActivationLayer, activation=bends),
    "convolution_2d": st.builds(
        Convolution2d, filters=few, kernel=odd, stride=st.integers(1, 3), padding=edges, activation=bends
    ),
    "convolution_1d": st.builds(
        Convolution1d, filters=few, kernel=odd, stride=st.integers(1, 3), dilation=st.integers(1, 3),
        padding=edges, activation=bends,
    ),
    "pooling": st.builds(
        PoolingLayer, pooling=st.sampled_from(["max", "min", "average"]), size=st.integers(1, 3),
        stride=st.none() | st.integers(1, 3),
    ),
    "global_pooling": st.builds(GlobalPooling, pooling=st.sampled_from(["average", "max"])),
    "embedding": st.builds(Embedding, width=few),
    "positions": st.builds(Positions, positions=st.sampled_from(["sinusoidal", "learnt"])),
    "recurrent": st.builds(
        RecurrentLayer, cell=st.sampled_from(["rnn", "gru", "lstm"]), units=few, bidirectional=st.booleans(),
        activation=st.sampled_from(["tanh", "relu"]),
        puts_out=st.sampled_from(["last", "all"]),
    ),
    "softmax": st.just(SoftmaxLayer()),
    "attention": st.builds(
        AttentionLayer, heads=st.integers(1, 3), residual=st.booleans(), causal=st.booleans()
    ),
    "batch_normalization": st.just(BatchNormalization()),
    "layer_normalization": st.just(LayerNormalization()),
    "group_normalization": st.builds(GroupNormalization, groups=st.integers(1, 3)),
    "dropout": st.builds(
        DropoutLayer,
        share=st.sampled_from([0.0, 0.5]),
        form=st.sampled_from(["plain", "channels", "alpha"]),
    ),
    "residual_block": st.builds(
        ResidualBlock, kernel=odd, activation=bends,
        normalization=st.sampled_from(["none", "batch", "layer"]),
        stochastic_depth=st.sampled_from([0.0, 0.5]),
    ),
    "flatten": st.just(Flatten()),
    "rows": st.just(Rows()),
}  # fmt: skip


@st.composite
def lists(
    draw: st.DrawFn, kinds: st.SearchStrategy[Inputs] = KINDS
) -> tuple[tuple[ListedLayer, ...], Inputs]:
    """Any layers that fit one after the other, ending in a vector."""
    inputs = draw(kinds)
    layers: list[ListedLayer] = [Embedding(width=4)] if inputs.kind == "tokens" else []
    for _ in range(draw(st.integers(0, 6))):
        now = output_of(worked_out(layers, inputs), inputs)
        assert now is not None
        fitting = [kind for kind, choice in ListedLayer.family.items() if now.kind in choice.accepts]
        layer = draw(ONE[draw(st.sampled_from(fitting))])
        if not layer.misfits(now):
            layers.append(layer)
    end = output_of(worked_out(layers, inputs), inputs)
    assert end is not None
    if end.kind != "vector":
        layers.append(draw(ONE["flatten"] | ONE["global_pooling"]))
    return tuple(layers), inputs


def padded(inputs: Inputs, rows: int = 4) -> torch.Tensor:
    """A batch in which examples of series and texts end at different places."""
    generator = torch.Generator().manual_seed(1)
    lengths = [inputs.shape[0], 7, 4, 9][:rows]
    if inputs.kind == "tokens":
        batch = torch.randint(5, inputs.vocabulary, (rows, *inputs.shape), generator=generator)
        for row, length in enumerate(lengths):
            batch[row, length:] = 0
        return batch
    batch = torch.randn((rows, *inputs.shape), generator=generator)
    if inputs.kind == "series":
        for row, length in enumerate(lengths):
            batch[row, length:] = torch.nan
    return batch


def built(layers: tuple[ListedLayer, ...], inputs: Inputs, outputs: int = 3) -> nn.Module:
    torch.manual_seed(0)
    network = Layers(layers=layers).build(inputs, Outputs(outputs))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.5)
    return network


def test_that_the_lists_tried_here_draw_from_every_kind_of_layer() -> None:
    assert set(ONE) == set(ListedLayer.family)


@given(lists())
@settings(max_examples=150, deadline=None)
def test_that_shapes_parameters_and_multiplications_are_those_of_the_network(
    case: tuple[tuple[ListedLayer, ...], Inputs],
) -> None:
    layers, inputs = case
    lines = worked_out(layers, inputs)
    assert list_problems(lines, inputs) == ()
    experiment = Experiment(architecture=Layers(layers=layers))
    found = sketch(experiment, Description(inputs, CLASSES, 100, 50, 50))
    network = Layers(layers=layers).build(inputs, Outputs(3))
    names = [name for name, _ in network.named_children()]
    assert len(names) == len(layers) + 1
    for name, line in zip(names, lines, strict=False):
        inside = [layer for layer in found if layer.name.split(".")[0] == name]
        assert line.effect is not None
        assert line.effect.parameters == sum(layer.parameters for layer in inside), name
        assert line.effect.multiply_adds == sum(layer.multiply_adds for layer in inside), name
    end = output_of(lines, inputs)
    assert end is not None
    last = output_effect(end, 3)
    assert (last.parameters, last.multiply_adds) == (found[-1].parameters, found[-1].multiply_adds)


@given(lists())
@settings(max_examples=100, deadline=None)
def test_that_every_layer_puts_out_the_shape_it_says(case: tuple[tuple[ListedLayer, ...], Inputs]) -> None:
    layers, inputs = case
    network = built(layers, inputs).eval()
    shapes: list[tuple[int, ...]] = []
    for module in network.children():
        module.register_forward_hook(lambda _m, _i, out: shapes.append(tuple(out.shape[1:])))
    assert network(padded(inputs)).shape == (4, 3)
    effects = [line.effect for line in worked_out(layers, inputs)]
    assert shapes[:-1] == [effect.outputs.shape for effect in effects if effect is not None]


@given(lists(st.sampled_from([SERIES, TOKENS])))
@settings(max_examples=100, deadline=None)
def test_that_padding_changes_no_result(case: tuple[tuple[ListedLayer, ...], Inputs]) -> None:
    """The same examples, once filled up to 10 places and once to 14."""
    layers, inputs = case
    end = worked_out(layers, inputs)
    places_matter = any(
        isinstance(line.layer, Flatten) and line.inputs is not None and line.inputs.kind == "series"
        for line in end
    )
    learnt = any(isinstance(layer, Positions) and layer.positions == "learnt" for layer in layers)
    if places_matter or learnt:
        return  # they are made for one length
    network = built(layers, inputs).double()
    short = padded(inputs)
    filler = torch.zeros if inputs.kind == "tokens" else torch.full
    more = (4, 4, *inputs.shape[1:])
    rest = filler(more, dtype=short.dtype) if inputs.kind == "tokens" else torch.full(more, torch.nan)
    long = torch.cat([short, rest], 1)
    if inputs.kind == "series":
        short, long = short.double(), long.double()
    for training in (True, False):
        network.train(training)
        torch.manual_seed(3)
        # in training what draws at random draws anew
        dropping = training and any(
            getattr(layer, name, 0) for layer in layers for name in ("share", "stochastic_depth")
        )
        if not dropping:
            torch.testing.assert_close(network(long), network(short))


@given(lists())
@settings(max_examples=40, deadline=None)
def test_that_gradients_are_those_of_finite_differences(case: tuple[tuple[ListedLayer, ...], Inputs]) -> None:
    layers, inputs = case
    smooth = tuple(
        layer.replaced(activation="tanh") if hasattr(layer, "activation") else layer
        for layer in layers
        if not isinstance(layer, PoolingLayer | GlobalPooling) or layer.pooling == "average"
    )
    if list_problems(worked_out(smooth, inputs), inputs):
        return
    network = built(smooth, inputs).double().eval()
    names, tensors = zip(*((name, p.detach()) for name, p in network.named_parameters()), strict=True)
    sizes = [tensor.numel() for tensor in tensors]
    batch = padded(inputs)
    batch = batch if inputs.kind == "tokens" else batch.double()

    def outputs(flat: torch.Tensor) -> torch.Tensor:
        parts = (part.view(t.shape) for part, t in zip(flat.split(sizes), tensors, strict=True))
        found: torch.Tensor = functional_call(network, dict(zip(names, parts, strict=True)), (batch,))
        return found

    flat = torch.cat([tensor.flatten() for tensor in tensors]).requires_grad_()
    assert gradcheck(outputs, (flat,), fast_mode=True, check_undefined_grad=False)


MISFITS: list[tuple[tuple[ListedLayer, ...], Inputs, str, str]] = [
    ((Convolution2d(), Dense()), IMAGE, "layers.1.kind", "layer 2, Dense, needs a vector or a series"),
    ((Dense(),), TOKENS, "layers.0.kind", "add Embedding before it"),
    ((Flatten(), Convolution2d()), IMAGE, "layers.1.kind", "put it before the layer that makes a vector"),
    ((Convolution2d(kernel=11, padding="none"),), IMAGE, "layers.0.kernel", "9 × 12"),
    ((PoolingLayer(size=10),), IMAGE, "layers.0.size", "at most 9 fits"),
    ((AttentionLayer(heads=2),), SERIES, "layers.0.heads", "fitting: 1, 3"),
    ((Flatten(), GroupNormalization(groups=5)), VECTOR, "layers.1.groups", "fitting: 1, 2, 3, 6"),
    ((Convolution2d(),), IMAGE, "layers", "layer 1, Convolution 2-D, puts out a picture of 32 × 9 × 12"),
    ((RecurrentLayer(puts_out="all"),), SERIES, "layers", "Global pooling"),
    ((RecurrentLayer(),), IMAGE, "layers.0.kind", "add Rows as a series before it"),
]


@pytest.mark.parametrize(("layers", "inputs", "path", "words"), MISFITS)
def test_that_the_first_layer_that_does_not_fit_is_named_with_the_reason(
    layers: tuple[ListedLayer, ...], inputs: Inputs, path: str, words: str
) -> None:
    chosen = Layers(layers=layers)
    (problem,) = chosen.problems(About(inputs, form="example"))
    assert problem.path == path
    assert words in problem.message


@pytest.mark.parametrize("kind", choices("layers"), ids=lambda kind: kind.kind)
def test_that_every_cure_named_for_a_wrong_input_is_a_layer_there_is(kind: type[ListedLayer]) -> None:
    from tests.engine.every import example

    for inputs in (VECTOR, IMAGE, SERIES, TOKENS):
        if inputs.kind not in kind.accepts:
            (problem,) = Layers(layers=(example(kind),)).problems(About(inputs))
            assert problem.message.endswith(("before it", "away", "vector", "pictures", "series"))


def test_that_layers_are_read_from_tables_of_an_experiment_file() -> None:
    from engine.experiment_file import dump, parse

    text = (
        'format = 1\n[architecture]\nkind = "layers"\n[[architecture.layers]]\nkind = "flatten"\n'
        '[[architecture.layers]]\nkind = "dense"\nunits = 7\n'
    )
    experiment = parse(text).experiment
    assert experiment.architecture == Layers(layers=(Flatten(), Dense(units=7)))
    assert parse(dump(experiment)).experiment == experiment
    assert "[[architecture.layers]]" in dump(experiment)


def test_that_settings_of_layers_that_are_not_given_are_left_out_of_the_file() -> None:
    from engine.experiment_file import dump, parse

    experiment = Experiment(architecture=Layers(layers=(PoolingLayer(), PoolingLayer(stride=1), Flatten())))
    assert parse(dump(experiment)).experiment == experiment
    assert dump(experiment).count("stride") == 1


def test_that_a_wrong_setting_of_a_layer_is_told_with_its_place() -> None:
    from engine.choices import Invalid
    from engine.experiment_file import parse

    text = '[architecture]\nkind = "layers"\n[[architecture.layers]]\nkind = "dense"\nunits = 0\n'
    with pytest.raises(Invalid) as raised:
        parse(text)
    assert raised.value.problems[0].path == "architecture.layers.0.units"


def test_that_a_layer_keeps_the_name_of_its_weights_where_another_kind_is_put_before_it() -> None:
    def names(*layers: ListedLayer) -> list[str]:
        return list(Layers(layers=layers).build(VECTOR, Outputs(2)).state_dict())

    assert names(Dense(), DropoutLayer(), Dense()) == names(Dense(), Dense())
    assert names(Dense())[:2] == ["dense_1.linear.weight", "dense_1.linear.bias"]


def reference(layers: tuple[Any, ...]) -> nn.Sequential:
    return nn.Sequential(*layers)


def test_that_a_convolutional_list_computes_what_torch_layers_compute() -> None:
    layers = (
        Convolution2d(filters=4, kernel=3, padding="none"), BatchNormalization(), PoolingLayer(), Flatten(),
        Dense(units=5, activation="tanh"),
    )  # fmt: skip
    ours = built(layers, IMAGE).eval()
    theirs = reference(
        (nn.Conv2d(2, 4, 3), nn.ReLU(), nn.BatchNorm2d(4), nn.MaxPool2d(2), nn.Flatten(),
         nn.Linear(4 * 3 * 5, 5), nn.Tanh(), nn.Linear(5, 3))
    ).eval()  # fmt: skip
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        other.data.copy_(mine.data)
    torch.testing.assert_close(ours(padded(IMAGE)), theirs(padded(IMAGE)))


def test_that_batch_normalization_of_series_is_that_of_torch_over_the_places_that_are_there() -> None:
    from engine.networks.listed import PlacesBatchNorm

    ours, theirs = PlacesBatchNorm(3), nn.BatchNorm1d(3)
    series = padded(SERIES)
    places = ~series[..., 0].isnan()
    found = ours(series.nan_to_num(), places)
    torch.testing.assert_close(found[places], theirs(series[places]))
    torch.testing.assert_close(ours.running_mean, theirs.running_mean)
    torch.testing.assert_close(ours.running_var, theirs.running_var)


@pytest.mark.parametrize("there", [0, 1])
def test_that_batch_normalization_of_a_single_place_among_padding_leaves_what_it_knows(there: int) -> None:
    from engine.networks.listed import PlacesBatchNorm

    layer = PlacesBatchNorm(3)
    values = torch.randn(2, 4, 3, requires_grad=True)
    places = torch.arange(8).reshape(2, 4) < there
    found = layer(values, places)
    torch.testing.assert_close(found, values / (1 + 1e-5) ** 0.5)
    assert (layer.running_mean == 0).all()
    assert (layer.running_var == 1).all()
    found.sum().backward()
    assert values.grad is not None
    assert values.grad.isfinite().all()


@pytest.mark.parametrize("inputs", [VECTOR, Inputs("image", (1, 28, 28)), SERIES, TOKENS], ids=str)
def test_that_every_list_to_start_from_fits_its_inputs_and_runs(inputs: Inputs) -> None:
    from engine.architectures.layer_kinds.starts import _STARTS, starting_layers

    found = starting_layers(inputs)
    assert list(found) == list(_STARTS[inputs.kind])
    for layers in found.values():
        assert built(layers, inputs)(padded(inputs)).shape == (4, 3)


def test_that_lists_too_deep_for_small_pictures_are_not_offered() -> None:
    from engine.architectures.layer_kinds.starts import starting_layers

    assert "32 and 64 filters, 128 units" not in starting_layers(Inputs("image", (1, 4, 4)))


def test_that_lists_to_start_from_are_the_networks_they_are_named_after() -> None:
    """LeNet-5 and the plain convolutional network have the same weights as the architectures of that name."""
    from engine.architectures.images.cnn import Cnn
    from engine.architectures.images.lenet import LeNet
    from engine.architectures.layer_kinds.starts import starting_layers

    inputs = Inputs("image", (1, 28, 28))
    lists = starting_layers(inputs)
    for name, architecture in (("LeNet-5", LeNet()), ("Convolution, pooling, dense", Cnn())):
        ours = Layers(layers=lists[name]).build(inputs, Outputs(10)).eval()
        theirs = architecture.build(inputs, Outputs(10)).eval()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            other.data.copy_(mine.data)
        torch.testing.assert_close(ours(padded(inputs)), theirs(padded(inputs)))


# ------------------------------------------------------------------------------------ answers at every place

KEEPING = (
    Embedding(width=8),
    Positions(),
    AttentionLayer(heads=2, causal=True),
    RecurrentLayer(cell="rnn", activation="relu", units=6, puts_out="all"),
    LayerNormalization(),
    Dense(units=5),
    SoftmaxLayer(),
    DropoutLayer(share=0.1),
)


def test_that_a_list_that_keeps_all_places_answers_at_each() -> None:
    network = Layers(layers=KEEPING).build(TOKENS, Outputs(4, "place", 10)).eval()
    tokens = torch.randint(5, 12, (3, 10))
    answers = network(tokens)
    assert answers.shape == (3, 10, 4)
    asked = torch.tensor([[0, 4], [9, 2], [3, 3]])
    torch.testing.assert_close(network(tokens, asked), answers.gather(1, asked[..., None].expand(-1, -1, 4)))


def test_that_what_looks_back_only_sees_nothing_of_what_follows() -> None:
    network = Layers(layers=KEEPING).build(TOKENS, Outputs(12, "next", 10)).eval()
    tokens = torch.randint(5, 12, (2, 10))
    changed = tokens.clone()
    changed[:, 6:] = torch.randint(5, 12, (2, 4))
    torch.testing.assert_close(network(tokens)[:, :6], network(changed)[:, :6])


@pytest.mark.parametrize(
    ("layer", "ahead"),
    [
        (AttentionLayer(heads=2), True),
        (AttentionLayer(heads=2, causal=True), False),
        (RecurrentLayer(bidirectional=True, puts_out="all"), True),
        (Convolution1d(), True),
        (Convolution1d(kernel=1), False),
        (ResidualBlock(), True),
        (Dense(), False),
    ],
)
def test_that_layers_that_see_the_next_word_are_named_where_it_is_guessed(
    layer: ListedLayer, ahead: bool
) -> None:
    found = Layers(layers=(Embedding(width=8), layer)).problems(About(form="next"))
    assert [problem.path for problem in found] == ["layers.1"] * ahead
    assert Layers(layers=(Embedding(width=8), layer)).problems(About(form="place")) == ()


@pytest.mark.parametrize(
    "layers", [(), (Embedding(), GlobalPooling()), (Embedding(), Convolution1d(stride=2))]
)
def test_that_a_list_that_loses_places_says_so(layers: tuple[ListedLayer, ...]) -> None:
    (found,) = Layers(layers=layers).problems(About(TOKENS, form="place"))
    assert "each of the 10 places" in found.message
    assert Layers(layers=KEEPING).problems(About(TOKENS, form="place")) == ()
    (other,) = Layers(layers=KEEPING).problems(About(TOKENS, form="example"))
    assert "needs a vector" in other.message
