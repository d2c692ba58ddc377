"""Views of texts and series: words keep their places, colours mean what the view says."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.record import RunRecord
from app.views.drawing import Matrix, Nothing, Passages, Plot, Viewport
from app.views.inside.attention_maps import AttentionMapsView, attention_matrix
from app.views.inside.feature_maps import FeatureMapsView
from app.views.inside.filters import FiltersView
from app.views.inside.recurrent_states import RecurrentStatesView
from app.views.predictions.forecasts import ForecastsView
from app.views.texts.filled_gaps import FilledGapsView
from app.views.texts.generated_texts import GeneratedTextsView
from app.views.texts.tagged_texts import TaggedTextsView, tagged_words
from app.views.texts.text_predictions import TextPredictionsView
from app.views.texts.translations import TranslationsView, _passage
from app.views.tokens import names_of, ordinary, words_of
from app.views.view import ReadingView, View
from engine.events import Facts, Reading
from engine.probes.attention import AttentionMaps, AttentionWeights
from engine.probes.convolutions import LayerwiseFilters, LayerwiseMaps
from engine.probes.states import StateCourses
from tests.app.sample_records import (
    COURSE,
    GAPS,
    IMAGES,
    PAIRS,
    SOUNDS,
    TAGS,
    TEXTS,
    WRITING,
    record,
    started,
)


def drawn(view: View, facts: Facts) -> object:
    return view.draw([record(facts)], Viewport())


def passages(view: View, facts: Facts) -> Passages:
    found = drawn(view, facts)
    assert isinstance(found, Passages)
    return found


def plain(words: object) -> str:
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()  # type: ignore[attr-defined]


def test_that_tokens_of_one_word_stand_together_and_specials_are_not_shown() -> None:
    first, second = passages(TextPredictionsView(), TEXTS).passages
    assert plain(first.words) == "New Yorkish"
    assert max(word.strength for word in first.words) == 1
    assert (first.tone, second.tone) == ("success", "series.3")
    assert "good" in second.title


@pytest.mark.parametrize(
    ("tokens", "inside"),
    [
        (["␣[START]", "␣a", "␣[END]"], ["␣a"]),
        (["␣[START]", "␣a"], ["␣a"]),
        (["␣a"], ["␣a"]),
        (["␣[START]"], []),
        (["␣[END]"], []),
        ([], []),
    ],
)
def test_that_start_and_end_are_left_out_where_they_are(tokens: list[str], inside: list[str]) -> None:
    assert tokens[ordinary(tokens)] == inside


def test_that_the_letters_of_tokens_are_those_of_the_text() -> None:
    assert plain(words_of(["␣New", "␣York", "er", "."])) == "New Yorker."


def test_that_a_name_of_two_words_carries_its_kind_once_behind_the_last() -> None:
    words = tagged_words(["in", "New", "York", "Rome"], ["O", "B-place", "I-place", "B-place"])
    assert [word.label for word in words] == ["", "", "place", "place"]
    assert [bool(word.tone) for word in words] == [False, True, True, True]


def test_that_wrong_tags_are_said_with_what_the_words_are() -> None:
    first, _ = passages(TaggedTextsView(), TAGS).passages
    assert "York: I-place" in first.detail


def test_that_what_was_given_is_coloured_and_what_was_written_is_not() -> None:
    first, _ = passages(GeneratedTextsView(), WRITING).passages
    assert [word.text for word in first.words if word.tone] == ["Once"]


def test_that_wrong_guesses_say_what_stood_there() -> None:
    first, _ = passages(FilledGapsView(), GAPS).passages
    wrong = [word for word in first.words if word.label]
    assert [(word.text, word.label, word.tone) for word in wrong] == [("Old", "New", "series.3")]
    assert [word.text for word in first.words if word.tone == "success"] == ["ish"]


def test_that_words_the_given_translation_has_are_green() -> None:
    first, second = passages(TranslationsView(), PAIRS).passages
    assert [word.text for word in first.words if word.tone == "success"] == ["Y", "Dios"]
    assert plain(second.words) == "(nothing)"


def test_that_cross_attention_names_the_translation_down_and_the_source_across() -> None:
    found = drawn(AttentionMapsView(), PAIRS)
    assert isinstance(found, Matrix)
    assert found.row_names == ("[START]", "Nueva")
    assert found.column_names[:3] == ("[START]", "New", "York")
    assert found.shade.max() == 1


def test_that_a_head_is_one_of_the_maps_and_none_their_mean() -> None:
    kept = record(PAIRS)
    reading = kept.reading(AttentionMaps())
    assert reading is not None
    weights = reading.found.maps[1].weights
    mean = AttentionMapsView().draw([kept], Viewport())
    second = AttentionMapsView(head=2).draw([kept], Viewport())
    assert isinstance(mean, Matrix)
    assert isinstance(second, Matrix)
    np.testing.assert_allclose(mean.shade, weights.mean(0) / weights.mean(0).max(), rtol=1e-5)
    np.testing.assert_allclose(second.shade, weights[1] / weights[1].max(), rtol=1e-5)


def test_that_units_go_down_and_time_goes_across() -> None:
    found = drawn(RecurrentStatesView(), SOUNDS)
    assert isinstance(found, Matrix)
    assert found.shade.shape == (6, 3)
    assert found.column_names == ("1", "2", "3")


def test_that_a_forecast_begins_where_the_network_saw_nothing_more() -> None:
    found = drawn(ForecastsView(), COURSE)
    assert isinstance(found, Plot)
    assert [upright.x for upright in found.uprights] == [223.5]
    assert found.x.label == "forecast from hour 224 on"
    seen, truth, said = found.curves
    assert seen.x[-1] == 223
    assert (truth.x[0], truth.x[-1]) == (said.x[0], said.x[-1]) == (223, 229)


@pytest.mark.parametrize(
    ("view", "facts", "found"),
    [
        (AttentionMapsView(), TEXTS, AttentionWeights(())),
        (RecurrentStatesView(), SOUNDS, StateCourses((), ())),
        (FiltersView(), IMAGES, LayerwiseFilters(())),
        (FeatureMapsView(), IMAGES, LayerwiseMaps(np.zeros((8, 8, 1), np.uint8), ())),
    ],
    ids=lambda one: type(one).__name__,
)
def test_that_a_network_without_such_parts_says_so(view: ReadingView, facts: Facts, found: object) -> None:
    made = RunRecord()
    made.apply(started(facts))
    made.apply(Reading(view.shows.kind, 1, found))
    drawing = view.draw([made], Viewport())
    assert isinstance(drawing, Nothing)
    assert "no " in drawing.text


def test_that_views_of_writing_keep_to_their_task() -> None:
    assert GeneratedTextsView.fits(WRITING)
    assert not GeneratedTextsView.fits(GAPS)
    assert FilledGapsView.fits(GAPS)
    assert not FilledGapsView.fits(WRITING)
    assert not AttentionMapsView.fits(SOUNDS)
    assert not RecurrentStatesView.fits(TEXTS)
    assert not TextPredictionsView.fits(IMAGES)


def test_that_a_word_is_green_as_often_as_the_given_translation_has_it() -> None:
    found = _passage("I see him", "lo lo veo", "Lo veo.")
    assert [word.tone for word in found.words] == ["success", "", "success"]


def test_that_every_token_has_a_name_also_where_several_are_one_letter() -> None:
    tokens = ("␣[START]", "学", "", "", "习", "", "␣cat", "␣", "s", "␣[END]")
    names = ["[START]", "学", "学 (2)", "学 (3)", "习", "习 (2)", "cat", "␣", "s", "[END]"]
    assert names_of(tokens) == names
    # the last token is no padding, though it shows no letter of its own
    shown = attention_matrix(np.full((3, 3), 1 / 3), names_of(tokens[1:4]), names_of(tokens[1:4]))
    assert shown.row_names == ("学", "学 (2)", "学 (3)")
