"""What probes show of texts and series: tokens, weights, maps and states are those of the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.data.raw import Raw
from engine.data.series.raw import Timeline
from engine.data.texts.raw import TextPairs
from engine.networks.sequences.attention import capturing
from tests.engine.probes.toys import RAW, SENTENCE, SEQUENCES, TAGS, measured, toy
from tests.engine.training.support import Ran


@pytest.fixture(scope="module")
def ran() -> dict[str, Ran]:
    return {case: toy(case) for case in SEQUENCES}


def _texts_of(raw: Raw, row: int) -> tuple[str, str]:
    assert isinstance(raw, TextPairs)
    return raw.texts[row], raw.translations[row]


def validation(one: Ran) -> Any:
    return one.assembly.prepared.validation


@pytest.mark.parametrize(
    ("case", "by"), [("attention", "attention"), ("pooled", "attention"), ("saliency", "saliency")]
)
def test_that_words_are_weighted_by_attention_where_there_is_any(
    case: str, by: str, ran: dict[str, Ran]
) -> None:
    found = measured(ran[case], "text_predictions")
    assert found.by == by
    weights, tokens = found.weights, found.tokens
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
        for place in range(len(found.tokens[0])):
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
    np.testing.assert_allclose(found.weights[0][: len(slopes)], expected, atol=0.02)
    assert len({round(share, 3) for share in expected.tolist()}) > 2  # not every word alike


def test_that_words_carry_their_own_tags(ran: dict[str, Ran]) -> None:
    found = measured(ran["tagging"], "tagged_text_predictions")
    classes = ran["tagging"].assembly.description.targets.classes
    tags = dict(zip(SENTENCE, TAGS, strict=True))
    for sentence, truth in zip(found.words, found.truth, strict=True):
        assert [classes[code] for code in truth[: len(sentence)]] == [tags[word] for word in sentence]


def test_that_maps_are_those_the_network_attends_with_and_rows_add_up_to_one(ran: dict[str, Ran]) -> None:
    found = measured(ran["translation"], "attention_maps", example=1)
    network, examples = ran["translation"].assembly.model.network.eval(), validation(ran["translation"])
    inputs, targets = torch.from_numpy(examples.inputs[1:2]), torch.from_numpy(examples.targets[1:2])
    with torch.no_grad(), capturing(network) as maps:
        network(inputs, targets[:, :-1])
    assert [one.name for one in found.maps] == list(maps)
    for one, weights in zip(found.maps, maps.values(), strict=True):
        np.testing.assert_array_equal(one.weights, weights[0].numpy())
        np.testing.assert_allclose(one.weights.sum(-1), 1, atol=1e-5)
    sources, references = (text.split() for text in _texts_of(RAW["pairs"], examples.rows[1]))
    for one in found.maps:
        decodes, cross = "decoder" in one.name, "cross" in one.name
        for tokens, words in (
            (one.queries, references if decodes else sources),
            (one.keys, references if decodes and not cross else sources),
        ):
            assert [token.removeprefix("␣") for token in tokens if "[" not in token] == words[: len(tokens)]


def test_that_generated_texts_begin_as_asked_and_are_the_same_for_the_same_draw(ran: dict[str, Ran]) -> None:
    def texts(**settings: Any) -> list[str]:
        found = measured(ran["writing"], "generated_texts", beginning="good film", **settings)
        assert found.begun == len("good film")
        return list(found.texts)

    assert len(texts(count=4)) == 4
    assert all(text.startswith("good film") for text in texts())
    assert texts() == texts()
    assert texts(draw=1) != texts(draw=2)
    assert len(set(texts(temperature=0))) == 1


def test_that_gaps_show_what_stood_there_and_what_the_network_puts_there(ran: dict[str, Ran]) -> None:
    found = measured(ran["gaps"], "filled_gaps")
    assert found.gaps.sum() > 0
    for gaps, right, guess in zip(found.gaps, found.tokens, found.guesses, strict=True):
        assert len(right) == len(guess)
        assert all(right[place] == guess[place] for place in np.flatnonzero(gaps[: len(right)] == 0))


def test_that_translations_stand_beside_source_and_reference(ran: dict[str, Ran]) -> None:
    found = measured(ran["translation"], "translations", count=3)
    raw = RAW["pairs"]
    assert isinstance(raw, TextPairs)
    rows = found.rows.tolist()
    assert list(found.sources) == [raw.texts[row] for row in rows]
    assert list(found.references) == [raw.translations[row] for row in rows]
    assert len(found.written) == 3


def test_that_states_end_where_the_network_ends(ran: dict[str, Ran]) -> None:
    found = measured(ran["series"], "recurrent_states", example=2)
    assert {course.what for course in found.courses} >= {"hidden"}
    places = len(found.positions)
    assert places == int((~np.isnan(validation(ran["series"]).inputs[2, :, 0])).sum())
    assert all(course.values.shape[0] == places for course in found.courses)


def test_that_forecasts_are_in_the_units_of_the_data_and_meet_the_truth_in_time(ran: dict[str, Ran]) -> None:
    found = measured(ran["forecast"], "forecasts", window=1.0)
    raw = RAW["timeline"]
    assert isinstance(raw, Timeline)
    first = found.first
    np.testing.assert_array_equal(found.history[:, 0], raw.values[first - 24 : first, 0])
    np.testing.assert_array_equal(found.truth[:, 0], raw.values[first : first + 6, 0])
    examples = validation(ran["forecast"])
    assert first == examples.rows[-1]
    predicted = ran["forecast"].assembly.model.read(torch.from_numpy(examples.inputs[-1:]))
    np.testing.assert_allclose(found.predicted[:, 0], predicted[0].detach().numpy(), rtol=1e-5)
    assert found.times[24] == f"hour {first}"
    assert found.course == ""
