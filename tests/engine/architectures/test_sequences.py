"""Networks for series and texts against their papers: same weights, same outputs; sizes by formula."""

from __future__ import annotations

from math import sqrt
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.architectures.architecture import Architecture
from engine.architectures.linear import Linear
from engine.architectures.mlp import Mlp
from engine.architectures.residual_mlp import ResidualMlp
from engine.architectures.sequences.embedding_bag import EmbeddingBag
from engine.architectures.sequences.lstm_encoder_decoder import LstmEncoderDecoder
from engine.architectures.sequences.recurrent import Gru, Lstm, Rnn
from engine.architectures.sequences.temporal_cnn import TemporalCnn
from engine.architectures.sequences.text_cnn import TextCnn
from engine.architectures.sequences.transformer_blocks import MadeOfBlocks
from engine.data.description import START, Description, Inputs, OutputForm, Outputs, Targets
from engine.networks.sequences.attention import capturing
from engine.networks.sequences.decoding import Cache
from engine.networks.sequences.recurrent_traces import traces
from engine.training.devices import pick
from engine.training.model import build_model
from engine.training.sketch import sketch
from tests.engine.architectures.reference import INPUTS, VOCABULARY, Weights, batch, dense, drawn, outputs_for
from tests.engine.every import choices
from tests.engine.training.support import experiment_of

SERIES, TOKENS = INPUTS["series"], INPUTS["tokens"]
TRANSLATION = outputs_for("translation", TOKENS)


def embedded(w: Weights, name: str, tokens: Tensor) -> Tensor:
    return w[f"{name}.weight"][tokens] * sqrt(w[f"{name}.weight"].shape[1])


def lstm(w: Weights, name: str, x: Tensor, h: Tensor | None = None, c: Tensor | None = None) -> Tensor:
    """One sequence (places, inputs) cell by cell; hidden states (places, width)."""
    h = torch.zeros(w[f"{name}.weight_hh"].shape[1]).double() if h is None else h
    c = torch.zeros_like(h) if c is None else c
    found = []
    for read in x:
        sums = w[f"{name}.weight_ih"] @ read + w[f"{name}.bias_ih"]
        i, f, g, o = (sums + w[f"{name}.weight_hh"] @ h + w[f"{name}.bias_hh"]).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        found.append(h)
    return torch.stack(found)


def gru(w: Weights, name: str, x: Tensor) -> Tensor:
    h, found = torch.zeros(w[f"{name}.weight_hh"].shape[1]).double(), []
    for read in x:
        reset, update, new = (w[f"{name}.weight_ih"] @ read + w[f"{name}.bias_ih"]).chunk(3)
        own_reset, own_update, own_new = (w[f"{name}.weight_hh"] @ h + w[f"{name}.bias_hh"]).chunk(3)
        z = (update + own_update).sigmoid()
        h = (1 - z) * (new + (reset + own_reset).sigmoid() * own_new).tanh() + z * h
        found.append(h)
    return torch.stack(found)


def rnn(w: Weights, name: str, x: Tensor) -> Tensor:
    h, found = torch.zeros(w[f"{name}.weight_hh"].shape[1]).double(), []
    for read in x:
        sums = w[f"{name}.weight_ih"] @ read + w[f"{name}.bias_ih"] + w[f"{name}.bias_hh"]
        h = (sums + w[f"{name}.weight_hh"] @ h).tanh()
        found.append(h)
    return torch.stack(found)


def temporal(w: Weights, x: Tensor) -> Tensor:
    """Two blocks of Bai's figure 1, kernel 3, causal, on one sequence (places, inputs)."""
    x = x.T[None]
    for block, dilation in (("body.block_1", 1), ("body.block_2", 2)):
        h = x
        for number in (1, 2):
            padded = functional.pad(h, (2 * dilation, 0))
            name = f"{block}.convolution_{number}"
            h = functional.conv1d(padded, w[f"{name}.weight"], w[f"{name}.bias"], dilation=dilation).relu()
        if f"{block}.shortcut.weight" in w:
            x = dense(w, f"{block}.shortcut", x.transpose(1, 2)).transpose(1, 2)
        x = (x + h).relu()
    return x[0].T


def text_cnn(w: Weights, tokens: Tensor) -> Tensor:
    """Every filter over every window of words, zeros around the text."""
    x, found = embedded(w, "embedding", tokens), []
    for kernel in (3, 4, 5):
        before = kernel // 2
        rows = [*[torch.zeros_like(x[0])] * before, *x, *[torch.zeros_like(x[0])] * kernel]
        answers = [
            torch.einsum("fik,ki->f", w[f"body.over_{kernel}.weight"], torch.stack(rows[t : t + kernel]))
            + w[f"body.over_{kernel}.bias"]
            for t in range(len(x))
        ]
        found.append(torch.stack(answers).relu().amax(0))
    return dense(w, "output.linear", torch.cat(found))


def bag(w: Weights, tokens: Tensor) -> Tensor:
    mean = embedded(w, "embedding", tokens).mean(0)
    return dense(w, "output.linear", dense(w, "output.hidden_1.linear", mean).relu())


def both_ways(w: Weights, tokens: Tensor) -> Tensor:
    x = embedded(w, "embedding", tokens)
    for name in ("body.layer_1", "body.layer_2"):
        x = torch.cat([lstm(w, f"{name}.ahead", x), lstm(w, f"{name}.back", x.flip(0)).flip(0)], 1)
    return x


def width(w: Weights) -> int:
    return w["body.layer_2.ahead.weight_hh"].shape[1]


TWO_WAYS = {"layers": 2, "width": 5, "embedding": 6, "bidirectional": True}
REFERENCES: list[tuple[Architecture, OutputForm, Any]] = [
    (Lstm(**TWO_WAYS), "place", lambda w, x: dense(w, "output", both_ways(w, x))),
    (
        Lstm(**TWO_WAYS, pooling="mean"),
        "example",
        lambda w, x: dense(w, "output", both_ways(w, x).mean(0)),
    ),
    (
        Lstm(**TWO_WAYS),
        "example",
        lambda w, x: dense(
            w, "output", torch.cat([both_ways(w, x)[-1, : width(w)], both_ways(w, x)[0, width(w) :]])
        ),
    ),
    (
        Lstm(width=5, embedding=6),
        "next",
        lambda w, x: dense(w, "output", lstm(w, "body.layer_1.ahead", embedded(w, "embedding", x))),
    ),
    *(
        (
            choice(width=5, embedding=6),
            "example",
            lambda w, x, cell=cell: dense(
                w, "output", cell(w, "body.layer_1.ahead", embedded(w, "embedding", x))[-1]
            ),
        )
        for choice, cell in ((Rnn, rnn), (Gru, gru))
    ),
    (
        TemporalCnn(blocks=2, width=6, kernel=3, embedding=4),
        "next",
        lambda w, x: dense(w, "output", temporal(w, embedded(w, "embedding", x))),
    ),
    (
        TemporalCnn(blocks=2, width=6, kernel=3, embedding=6),
        "example",
        lambda w, x: dense(w, "output", temporal(w, embedded(w, "embedding", x)).mean(0)),
    ),
    (TextCnn(embedding=6, filters=4), "example", text_cnn),
    (EmbeddingBag(embedding=6, hidden=(5,)), "example", bag),
]


def test_that_every_other_architecture_for_sequences_has_an_independent_reference_here() -> None:
    asked = [choice for choice in choices("architectures") if choice.accepts <= {"series", "tokens"}]
    # Transformers have theirs in test_transformers
    others = {choice.kind for choice in asked if not issubclass(choice, MadeOfBlocks)}
    # whose reference stands below, as it reads two texts
    assert {architecture.kind for architecture, _, _ in REFERENCES} | {LstmEncoderDecoder.kind} >= others


@pytest.mark.parametrize(
    ("architecture", "form", "reference"),
    [pytest.param(*case, id=f"{case[0].kind}-{case[1]}") for case in REFERENCES],
)
def test_that_a_network_computes_its_formula_for_texts_of_every_length(
    architecture: Architecture, form: OutputForm, reference: Any
) -> None:
    network = drawn(architecture, TOKENS, outputs_for(form, TOKENS)).double().eval()
    w, tokens = dict(network.state_dict()), batch(TOKENS, 5)
    found = network(tokens)
    for row, text in enumerate(tokens):
        text = text[text != 0]
        answer = found[row] if form == "example" else found[row, : len(text)]
        torch.testing.assert_close(answer, reference(w, text), rtol=1e-9, atol=1e-9)


def translated(w: Weights, source: Tensor, target: Tensor) -> Tensor:
    """Bahdanau's attention in Luong's order, word by word."""
    x = embedded(w, "embedding", source)
    ahead, back = lstm(w, "encoder.layer_1.ahead", x), lstm(w, "encoder.layer_1.back", x.flip(0)).flip(0)
    memory = torch.cat([ahead, back], 1)
    h, c = dense(w, "decoder.start", torch.cat([ahead[-1], back[0]])).tanh().chunk(2)
    states = lstm(w, "decoder.layer_1", embedded(w, "target_embedding", target), h, c)
    found = []
    for state in states:
        scores = [
            w["decoder.cross.score.weight"][0]
            @ (w["decoder.cross.query.weight"] @ state + dense(w, "decoder.cross.key", m)).tanh()
            for m in memory
        ]
        context = torch.stack(scores).softmax(0) @ memory
        found.append(dense(w, "decoder.joined", torch.cat([context, state])).tanh())
    return dense(w, "output", torch.stack(found))


def test_that_the_lstm_encoder_decoder_computes_its_formula() -> None:
    network = drawn(LstmEncoderDecoder(width=5, embedding=6), TOKENS, TRANSLATION).double().eval()
    w, source, target = dict(network.state_dict()), batch(TOKENS, 5), batch(TOKENS, 5).flip(0)[:, :4]
    found = network(source, target)
    for row in range(5):
        written = target[row][target[row] != 0]
        expected = translated(w, source[row][source[row] != 0], written)
        torch.testing.assert_close(found[row, : len(written)], expected, rtol=1e-9, atol=1e-9)


def test_that_writing_a_translation_step_by_step_gives_what_the_whole_gives() -> None:
    network: Any = drawn(LstmEncoderDecoder(width=5, layers=2), TOKENS, TRANSLATION).eval()
    source, target = batch(TOKENS, 4), 1 + batch(TOKENS, 4)[[0, 2, 0, 2], :5] % (VOCABULARY - 1)
    target[:, 0] = START
    whole = network(source, target)
    memory, cache = network.encode(source), Cache()
    first = network.step(memory, target[:, :2], cache)
    rows = torch.tensor([3, 1, 1])
    memory = memory.select(rows)
    cache.select(rows)
    rest = [network.step(memory, target[rows][:, place : place + 1], cache) for place in (2, 3, 4)]
    torch.testing.assert_close(first, whole[:, :2], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(torch.cat(rest, 1), whole[rows][:, 2:], rtol=1e-5, atol=1e-5)
    assert cache.places == 5


def test_that_attention_of_a_translation_can_be_looked_at_and_leaves_padding_out() -> None:
    network = drawn(LstmEncoderDecoder(width=5), TOKENS, TRANSLATION).eval()
    source, target = batch(TOKENS, 2), batch(TOKENS, 2)[:, :3]
    with capturing(network) as maps:
        network(source, target)
    weights = maps["decoder.cross"]
    assert weights.shape == (2, 1, 3, 7)
    torch.testing.assert_close(weights.sum(3), torch.ones(2, 1, 3))
    assert not weights[1, 0, :, 4:].any()


@pytest.mark.parametrize("architecture", [Rnn(layers=2), Gru(), Lstm(layers=3)], ids=str)
def test_that_a_language_model_goes_on_step_by_step_as_over_the_whole_text(
    architecture: Architecture,
) -> None:
    network: Any = drawn(architecture, TOKENS, outputs_for("next", TOKENS)).eval()
    tokens, cache = batch(TOKENS, 3)[[0, 2]], Cache()
    parts = [network.step(tokens[:, :3], cache)]
    parts += [network.step(tokens[:, place : place + 1], cache) for place in range(3, 7)]
    torch.testing.assert_close(torch.cat(parts, 1), network(tokens), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("architecture", [Rnn(), Gru(), Lstm(bidirectional=True), TemporalCnn()], ids=str)
def test_that_an_example_that_is_padding_throughout_has_an_answer(architecture: Architecture) -> None:
    for pooling in ("last", "mean", "attention"):
        for inputs, empty in ((SERIES, torch.nan), (TOKENS, 0)):
            network = drawn(architecture.replaced(pooling=pooling), inputs).eval()
            x = batch(inputs, 3)
            x[1] = empty
            found = network(x)
            assert found.isfinite().all()
            torch.testing.assert_close(found[1:2], network(x[1:2]), rtol=1e-5, atol=1e-5)


# --------------------------------------------------------------------------------------- sizes by formula


def parameters(architecture: Architecture, inputs: Inputs, outputs: int = 3) -> int:
    network = architecture.build(inputs, Outputs(outputs))
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(("choice", "gates"), [(Rnn, 1), (Gru, 3), (Lstm, 4)])
def test_that_a_recurrent_network_has_as_many_parameters_as_the_formula_says(choice: Any, gates: int) -> None:
    """A matrix for the input and one for the state, and two biases, for each gate, layer and direction."""
    inputs = Inputs("series", (9, 3), ("a", "b", "c"))
    one = gates * (3 * 20 + 20 * 20 + 2 * 20)
    assert parameters(choice(width=20), inputs) == one + 20 * 3 + 3
    second = gates * (2 * 20 * 20 + 20 * 20 + 2 * 20)
    both = choice(width=20, layers=2, bidirectional=True)
    assert parameters(both, inputs) == 2 * one + 2 * second + 2 * 20 * 3 + 3


def test_that_networks_are_as_large_as_published_for_pictures_read_pixel_by_pixel() -> None:
    """Bai, Kolter and Koltun, table 1: about 70,000 weights each on sequential MNIST."""
    pixels = Inputs("series", (784, 1), ("pixel",))
    found = {
        "temporal": parameters(TemporalCnn(blocks=8, width=25, kernel=7), pixels, 10),
        "lstm": parameters(Lstm(width=130), pixels, 10),
    }
    weights_of_norm = 8 * 2 * 25  # which the paper's have besides
    assert found["temporal"] + weights_of_norm == 66_910
    assert found["lstm"] == 70_470


def test_that_texts_need_an_embedding_and_what_stands_on_it() -> None:
    bag_size = parameters(EmbeddingBag(embedding=6), TOKENS)
    assert bag_size == VOCABULARY * 6 + 6 * 3 + 3
    kernels = sum((kernel * 6 + 1) * 4 for kernel in (3, 4, 5))
    assert parameters(TextCnn(embedding=6, filters=4), TOKENS) == VOCABULARY * 6 + kernels + 12 * 3 + 3


@pytest.mark.parametrize("architecture", [Linear(), Mlp(hidden=(4,)), ResidualMlp()], ids=str)
def test_that_a_series_is_unrolled_with_zeros_where_nothing_is(architecture: Architecture) -> None:
    network, x = drawn(architecture, SERIES).eval(), batch(SERIES)
    assert x.isnan().any()
    torch.testing.assert_close(network(x), network(x.nan_to_num()))
    vector = architecture.build(Inputs("vector", (21,)), Outputs(3)).eval()
    vector.load_state_dict(network.state_dict())
    torch.testing.assert_close(network(x), vector(x.nan_to_num().flatten(1)))


# ----------------------------------------------------------------------------------- around the networks


def facts(inputs: Inputs, targets: Targets | None = None) -> Description:
    classes = Targets("classes", ("class",), ("a", "b", "c"))
    return Description(inputs, targets or classes, 100, 50, 50)


@pytest.mark.parametrize(("kind", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_that_a_sketch_counts_what_recurrent_layers_multiply(kind: str, gates: int) -> None:
    experiment = experiment_of(
        {}, architecture={"kind": kind, "width": 8, "layers": 2, "bidirectional": True}
    )
    layers = {layer.name: layer for layer in sketch(experiment, facts(SERIES))}
    first, second = layers["body.layer_1.ahead"], layers["body.layer_2.back"]
    assert (first.shape, first.multiply_adds) == ((7, 8), 7 * gates * 8 * (3 + 8))
    assert second.multiply_adds == 7 * gates * 8 * (16 + 8)
    assert first.parameters == gates * 8 * (3 + 8 + 2)
    assert second.what.endswith(", 8, backwards")
    assert layers["output"].shape == (3,)
    tokens = {layer.name: layer for layer in sketch(experiment, facts(TOKENS))}
    assert tokens["embedding"].multiply_adds == 0


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "temporal_cnn"])
def test_that_a_series_of_100_000_places_is_sketched_without_walking_through_it(kind: str) -> None:
    experiment = experiment_of({}, architecture={"kind": kind, "width": 8})
    layers = sketch(experiment, facts(Inputs("series", (100_000, 3), ("a", "b", "c"))))
    assert {layer.shape for layer in layers if layer.name.startswith("body")} == {(100_000, 8)}


def test_that_weights_of_gates_are_drawn_by_the_initializer_one_by_one_and_the_forget_gate_starts_open() -> (
    None
):
    experiment = experiment_of(
        {}, architecture={"kind": "lstm", "width": 200}, initializer={"kind": "xavier_normal"}
    )
    network = build_model(experiment, facts(SERIES), pick("cpu")).network
    w = dict(network.named_parameters())
    for gate in w["body.layer_1.ahead.weight_hh"].detach().split(200):
        assert gate.std().item() == pytest.approx(sqrt(2 / 400), rel=0.02)
    for gate in w["body.layer_1.ahead.weight_ih"].detach().split(200):
        assert gate.std().item() == pytest.approx(sqrt(2 / 203), rel=0.1)
    biases = [part.unique().tolist() for part in w["body.layer_1.ahead.bias_ih"].detach().split(200)]
    assert biases == [[0], [1], [0], [0]]


@pytest.mark.parametrize(
    ("architecture", "path"),
    [
        ({"kind": "lstm", "bidirectional": True}, "architecture.bidirectional"),
        ({"kind": "temporal_cnn", "causal": False}, "architecture.causal"),
    ],
)
def test_that_what_looks_ahead_is_refused_where_the_next_word_is_to_be_guessed(
    architecture: dict[str, Any], path: str
) -> None:
    found = experiment_of({}, task={"kind": "language_modelling"}, architecture=architecture).problems()
    assert [problem.path for problem in found] == [path]
    plain = {"kind": architecture["kind"]}
    assert not experiment_of({}, task={"kind": "language_modelling"}, architecture=plain).problems()
    assert not experiment_of({}, task={"kind": "tagging"}, architecture=architecture).problems()


def test_that_the_course_of_a_translations_decoder_begins_where_the_encoder_ended() -> None:
    network = drawn(LstmEncoderDecoder(width=5), TOKENS, TRANSLATION).double().eval()
    w, text = dict(network.state_dict()), batch(TOKENS, 1)[0]
    found = traces(network, text)
    assert list(found) == ["encoder.layer_1.ahead", "encoder.layer_1.back", "decoder.layer_1"]
    x = embedded(w, "embedding", text)
    ahead, back = lstm(w, "encoder.layer_1.ahead", x), lstm(w, "encoder.layer_1.back", x.flip(0))
    torch.testing.assert_close(found["encoder.layer_1.ahead"]["hidden"], ahead)
    h, c = dense(w, "decoder.start", torch.cat([ahead[-1], back[-1]])).tanh().chunk(2)
    begun = embedded(w, "target_embedding", torch.full((6,), START))
    torch.testing.assert_close(found["decoder.layer_1"]["hidden"], lstm(w, "decoder.layer_1", begun, h, c))


def test_that_a_window_size_is_named_once() -> None:
    with pytest.raises(ValueError, match="once"):
        TextCnn(kernels=(3, 3))


@pytest.mark.parametrize(
    "choice", [Rnn, Gru, Lstm, TemporalCnn, TextCnn, EmbeddingBag, LstmEncoderDecoder], ids=lambda c: c.kind
)
def test_that_data_of_a_single_place_are_taken(choice: Any) -> None:
    for inputs in (Inputs("series", (1, 3)), Inputs("tokens", (1,), (), VOCABULARY)):
        if inputs.kind in choice.accepts:
            form: OutputForm = "translation" if "translation" in choice.forms else "example"
            network = drawn(choice(), inputs, outputs_for(form, inputs))
            assert network(batch(inputs, 3)).isfinite().all()


def test_that_a_decoder_may_have_other_blocks_than_its_encoder() -> None:
    targets = Targets("translation", ("es",), length=9, vocabulary=50)
    source = Inputs("tokens", (7,), vocabulary=50)

    def blocks(**settings: object) -> tuple[int, int]:
        chosen = {"kind": "transformer", "width": 8, "heads": 2, "feed_forward": 8, **settings}
        experiment = experiment_of(
            {"data": {"kind": "text_pairs"}}, task={"kind": "translation"}, architecture=chosen
        )
        network = experiment.architecture.build(source, experiment.outputs(facts(source, targets)))
        names = {name.rsplit(".", 1)[0] for name, _ in network.named_modules() if ".block_" in name}
        assert all(name.startswith(("encoder", "decoder")) for name in names), names
        last = [name for name, _ in network.named_modules() if name.count(".") == 1 and ".block_" in name]
        return sum(one.startswith("encoder") for one in last), sum(one.startswith("decoder") for one in last)

    assert blocks(layers=3) == (3, 3)
    assert blocks(layers=3, decoder_layers=1) == (3, 1)
    assert blocks(layers=1, decoder_layers=2) == (1, 2)


def test_that_the_bend_of_a_simple_recurrent_network_can_be_chosen() -> None:
    states = {}
    for bend in ("tanh", "relu"):
        chosen = {"kind": "rnn", "width": 4, "activation": bend}
        network = experiment_of({}, architecture=chosen).architecture.build(SERIES, Outputs(2))
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.fill_(1.0)
            states[bend] = network(torch.ones(1, *SERIES.shape))
    assert float(states["relu"].max()) > 100  # nothing holds them
    assert float(states["tanh"].max()) <= 5
