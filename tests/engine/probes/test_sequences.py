"""What probes show of texts and series: tokens, weights, maps and states are those of the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Family
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.raw import Corpus, Raw, SeriesSet, TaggedTexts, TextPairs, Texts, Timeline
from engine.experiment import Experiment
from engine.networks.sequences.attention import capturing
from engine.probes.probe import Arrays
from tests.engine.probes.test_probes import measured
from tests.engine.training.support import Ran, assembled, experiment_of

FILMS = ("a very good film", "a truly bad film", "good fun", "not good at all", "bad bad bad", "so good") * 6
LABELS = np.array(["good", "bad", "good", "bad", "bad", "good"] * 6)
SENTENCE, TAGS = ("Anna", "lives", "in", "New", "York"), ("B-person", "O", "O", "B-place", "I-place")
RAW: dict[str, Raw] = {
    "texts": Texts(FILMS, LABELS, tuple(str(index) for index in range(len(FILMS)))),
    "tagged": TaggedTexts((SENTENCE, SENTENCE[::-1]) * 12, (TAGS, TAGS[::-1]) * 12, ("",) * 24),
    "pairs": TextPairs(FILMS, tuple(text.replace("good", "bueno") for text in FILMS), ("English", "Spanish")),
    "corpus": Corpus((" ".join(FILMS * 4),), ("book",)),
    "series": SeriesSet(
        tuple(np.sin(np.arange(5 + index % 7, dtype=np.float32)[:, None]) for index in range(36)),
        ("x",),
        LABELS,
        tuple(str(index) for index in range(36)),
    ),
    "timeline": Timeline(
        np.stack([np.sin(np.arange(300) / 5), np.cos(np.arange(300) / 9)], 1).astype(np.float32) * 7 + 3,
        ("load", "heat"),
        ("load",),
        np.array([f"hour {row}" for row in range(300)]),
        history=24,
        horizon=6,
    ),
}
SMALL = {"kind": "transformer_encoder", "width": 16, "heads": 2, "layers": 1}
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "attention": ("texts", "classification", SMALL),
    "pooled": ("texts", "classification", {"kind": "lstm", "width": 8, "pooling": "attention"}),
    "saliency": ("texts", "classification", {"kind": "embedding_bag"}),
    "tagging": ("tagged", "tagging", {"kind": "lstm", "width": 8}),
    "writing": (
        "corpus",
        "language_modelling",
        {"kind": "transformer_decoder", "width": 16, "heads": 2, "layers": 1},
    ),
    "gaps": ("corpus", "masked_language_modelling", SMALL),
    "translation": ("pairs", "translation", {"kind": "transformer", "width": 16, "heads": 2, "layers": 1}),
    "series": ("series", "classification", {"kind": "gru", "width": 8}),
    "forecast": ("timeline", "forecasting", {"kind": "lstm", "width": 8}),
}


def untrained(case: str) -> Ran:
    sort, task, architecture = CASES[case]
    experiment: Experiment = experiment_of(
        {
            "task": {"kind": task},
            "architecture": architecture,
            "preprocessing": {"tokenizer": "words", "length": 12},
            "training": {"batch_size": 4},
        }
    )
    prepared: Prepared = prepare_raw(
        RAW[sort], experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )
    return Ran(assembled(experiment, prepared))


@pytest.fixture(scope="module")
def ran() -> dict[str, Ran]:
    return {case: untrained(case) for case in CASES}


def lines(array: Any) -> list[list[str]]:
    return [line.split("\t") for line in array.tobytes().decode().split("\n")] if len(array) else []


def validation(one: Ran) -> Any:
    return one.assembly.prepared.validation


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", Family.every["probes"])
def test_that_every_probe_that_fits_gives_small_plain_arrays(
    case: str, kind: str, ran: dict[str, Ran]
) -> None:
    probe: Any = Family.every["probes"][kind]()
    if not probe.fits(ran[case].assembly.description) or (kind, case) in {
        (
            "filled_gaps",
            "writing",
        ),  # a network that looks back alone has no place for gaps, nor the other way
        ("generated_texts", "gaps"),
    }:
        pytest.skip("not for such data")
    state = torch.get_rng_state()
    found, again = measured(ran[case], kind), measured(ran[case], kind)
    assert found
    for name, array in found.items():
        assert array.dtype in (np.float32, np.int64, np.uint8), name
        assert array.flags.c_contiguous, name
        assert array.nbytes <= 2_000_000, name
        assert np.isfinite(array).all(), name
        assert np.array_equal(array, again[name]), name
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("case", "by"), [("attention", "attention"), ("pooled", "attention"), ("saliency", "saliency")]
)
def test_that_words_are_weighted_by_attention_where_there_is_any(
    case: str, by: str, ran: dict[str, Ran]
) -> None:
    found = measured(ran[case], "text_predictions")
    assert lines(found["by"]) == [[by]]
    weights, tokens = found["weights"], lines(found["tokens"])
    for row, text in zip(weights, tokens, strict=True):
        assert row.max() == pytest.approx(1)
        assert (row >= 0).all()
        assert (row[len(text) :] == 0).all()


def test_that_saliency_is_the_slope_of_the_predicted_output_times_the_embedding(ran: dict[str, Ran]) -> None:
    found = measured(ran["saliency"], "text_predictions", order="spread", count=1)
    network = ran["saliency"].assembly.model.network.eval()
    inputs = torch.from_numpy(validation(ran["saliency"]).inputs[:1])
    embedding: Any = next(one for one in network.modules() if type(one).__name__ == "TokenEmbedding")
    weight, slopes, step = embedding.weight.detach().clone(), [], 1e-2
    with torch.no_grad():
        best = int(network(inputs).argmax())
        for place in range(len(lines(found["tokens"])[0])):
            slope = []
            for unit in range(weight.shape[1]):

                def moved(_m: Any, _i: Any, outputs: Any, place: int = place, unit: int = unit) -> Any:
                    outputs = outputs.clone()
                    outputs[0, place, unit] += step
                    return outputs

                hook = embedding.register_forward_hook(moved)
                high = float(network(inputs)[0, best])
                hook.remove()
                slope.append((high - float(network(inputs)[0, best])) / step)
            token = int(inputs[0, place])
            slopes.append(abs(float(np.dot(slope, weight[token].numpy()))))
    expected = np.array(slopes) / max(slopes)
    np.testing.assert_allclose(found["weights"][0][: len(slopes)], expected, atol=0.02)
    assert len({round(share, 3) for share in expected.tolist()}) > 2  # not every word alike


def test_that_words_carry_their_own_tags(ran: dict[str, Ran]) -> None:
    found = measured(ran["tagging"], "tagged_text_predictions")
    classes = ran["tagging"].assembly.description.targets.classes
    tags = dict(zip(SENTENCE, TAGS, strict=True))
    for sentence, truth in zip(lines(found["words"]), found["truth"], strict=True):
        assert [classes[code] for code in truth[: len(sentence)]] == [tags[word] for word in sentence]


def test_that_maps_are_those_the_network_attends_with_and_rows_add_up_to_one(ran: dict[str, Ran]) -> None:
    found = measured(ran["translation"], "attention_maps", example=1)
    network, examples = ran["translation"].assembly.model.network.eval(), validation(ran["translation"])
    inputs, targets = torch.from_numpy(examples.inputs[1:2]), torch.from_numpy(examples.targets[1:2])
    with torch.no_grad(), capturing(network) as maps:
        network(inputs, targets[:, :-1])
    assert [line[0] for line in lines(found["names"])] == list(maps)
    for index, weights in enumerate(maps.values()):
        np.testing.assert_array_equal(found[f"map.{index}"], weights[0].numpy())
        np.testing.assert_allclose(found[f"map.{index}"].sum(-1), 1, atol=1e-5)
    assert lines(found["inputs"])[0][0].startswith("␣")
    assert len(lines(found["outputs"])[0]) > 1


def test_that_generated_texts_begin_as_asked_and_are_the_same_for_the_same_draw(ran: dict[str, Ran]) -> None:
    def texts(**settings: Any) -> list[str]:
        found: Arrays = measured(ran["writing"], "generated_texts", beginning="good film", **settings)
        assert found["begun"] == len("good film")
        return [line[0] for line in lines(found["texts"])]

    assert len(texts(count=4)) == 4
    assert all(text.startswith("good film") for text in texts())
    assert texts() == texts()
    assert texts(draw=1) != texts(draw=2)
    assert len(set(texts(temperature=0))) == 1


def test_that_gaps_show_what_stood_there_and_what_the_network_puts_there(ran: dict[str, Ran]) -> None:
    found = measured(ran["gaps"], "filled_gaps")
    assert found["gaps"].sum() > 0
    for gaps, right, guess in zip(
        found["gaps"], lines(found["tokens"]), lines(found["guesses"]), strict=True
    ):
        assert len(right) == len(guess)
        assert all(right[place] == guess[place] for place in np.flatnonzero(gaps[: len(right)] == 0))


def test_that_translations_stand_beside_source_and_reference(ran: dict[str, Ran]) -> None:
    found = measured(ran["translation"], "translations", count=3)
    raw = RAW["pairs"]
    assert isinstance(raw, TextPairs)
    rows = found["rows"].tolist()
    assert [line[0] for line in lines(found["sources"])] == [raw.texts[row] for row in rows]
    assert [line[0] for line in lines(found["references"])] == [raw.translations[row] for row in rows]
    assert len(lines(found["written"])) == 3


def test_that_states_end_where_the_network_ends(ran: dict[str, Ran]) -> None:
    found = measured(ran["series"], "recurrent_states", example=2)
    names = lines(found["names"])
    assert {what for _, what in names} >= {"hidden"}
    places = len(lines(found["places"])[0])
    assert places == int((~np.isnan(validation(ran["series"]).inputs[2, :, 0])).sum())
    assert all(found[f"course.{index}"].shape[0] == places for index in range(len(names)))


def test_that_forecasts_are_in_the_units_of_the_data_and_meet_the_truth_in_time(ran: dict[str, Ran]) -> None:
    found = measured(ran["forecast"], "forecasts", window=1.0)
    raw = RAW["timeline"]
    assert isinstance(raw, Timeline)
    first = int(found["rows"][0])
    np.testing.assert_array_equal(found["history"][:, 0], raw.values[first - 24 : first, 0])
    np.testing.assert_array_equal(found["truth"][:, 0], raw.values[first : first + 6, 0])
    examples = validation(ran["forecast"])
    assert first == examples.rows[-1]
    predicted = ran["forecast"].assembly.model.read(torch.from_numpy(examples.inputs[-1:]))
    np.testing.assert_allclose(found["predicted"][:, 0], predicted[0].detach().numpy(), rtol=1e-5)
    assert lines(found["times"])[24] == [f"hour {first}"]
