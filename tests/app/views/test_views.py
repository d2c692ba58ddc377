"""The rules of views, put to every registered view without naming it, and those of single views."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any

import numpy as np
import pytest

import app.views  # noqa: F401 - fills the family
from app.document.record import Mark, RunRecord
from app.language.numbers import number
from app.views.course.curves import CurvesView, near
from app.views.course.layers import LayersView
from app.views.course.reduction import reduced, y_range
from app.views.course.remarks import remarks
from app.views.drawing import (
    BarList,
    Curve,
    Drawing,
    Heights,
    Matrix,
    Nothing,
    Pictures,
    Plot,
    Regions,
    Threshold,
    Viewport,
)
from app.views.predictions.class_probabilities import ClassProbabilitiesView
from app.views.predictions.confusion import ConfusionView
from app.views.predictions.decision_surface import DecisionSurfaceView
from app.views.predictions.fitted_curve import FittedCurveView
from app.views.predictions.image_predictions import ImagePredictionsView
from app.views.predictions.predicted_against_true import PredictedAgainstTrueView
from app.views.view import ReadingView, View
from engine.choices import Family
from engine.events import Block, Facts, Measured, Reading, RunStarted
from engine.learning.losses.loss import NUMBERS, Loss
from engine.learning.metrics import Metric
from engine.learning.score_units import NATS
from engine.probes.gradients import GradientNorms
from engine.probes.image_predictions import ImagePredictions
from engine.probes.predictions import ClassConfusion, ClassProbabilities, ConfusionMatrix
from engine.probes.probe import Probe
from engine.probes.writing import WrittenTexts
from tests.app.sample_records import EVERY, HEIGHTS, IMAGES, LINE, PLANE, TABLE, record, started
from tests.app.views.toys import READING_VIEWS, fits, sample
from tests.engine.probes.toys import TOYS

KINDS = list(View.family.values())
NARROW = Viewport(width=50, height=200)


def drawn(view: View, *records: RunRecord, viewport: Viewport = NARROW) -> Drawing:
    return view.draw(records, viewport)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_view_says_what_is_seen_and_what_to_do_while_it_is_empty(kind):
    assert len(kind.text().summary) > 20
    assert kind.text().explanation
    assert kind.waiting.startswith("Press Train")
    empty = RunRecord()
    assert isinstance(drawn(kind(), empty), Nothing)
    assert isinstance(drawn(kind()), Nothing)
    assert len(list(kind().rows((empty,)))) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("facts", EVERY, ids=lambda facts: " ".join((facts.input_kind, facts.target_kind)))
def test_that_a_view_that_fits_draws_what_its_probe_found(kind, facts):
    if not kind.fits(facts):
        return
    made = record(facts)
    if issubclass(kind, ReadingView) and made.reading(kind().probe()) is None:
        return  # samples of known values are of some probes; every probe is asked below
    drawing = drawn(kind(), made)
    assert not isinstance(drawing, Nothing)
    assert len(list(kind().rows((made,)))) > 1


@pytest.mark.parametrize("kind", READING_VIEWS)
def test_that_a_view_draws_what_its_probe_finds_in_small_networks(kind):
    shown = []
    for case in TOYS:
        if not fits(kind, case):
            continue
        made = sample(kind, case)
        drawing = drawn(kind(), made)
        header, *rows = kind().rows((made,))
        assert all(len(row) == len(header) for row in rows), case
        # a file is read by programs: −38\u202f026 and 2×10⁻⁷ are numbers for people alone
        assert not any(re.search("[\u202f\u2212]|×10", str(cell)) for row in rows for cell in row), case
        if isinstance(drawing, Nothing):  # of a network without what is shown: that is said, not to wait
            assert drawing.text != kind.waiting
        else:
            assert rows, case
            shown.append(case)
    assert shown


@pytest.mark.parametrize("kind", READING_VIEWS)
def test_that_a_view_draws_the_newest_reading_of_its_own_probe_alone(kind):
    made, probe = drawn_sample(kind), kind().probe()
    drawing = signature(drawn(kind(), made))
    stale = RunRecord()
    stale.apply(made.started)
    stale.apply(
        Reading(probe.kind, 40, next(other for other in STRANGERS if type(other) is not probe.record()))
    )
    assert isinstance(drawn(kind(), stale), Nothing)
    assert len(list(kind().rows((stale,)))) == 1
    stale.apply(made.reading(kind().probe()))
    assert signature(drawn(kind(), stale)) == drawing


def drawn_sample(kind: type[ReadingView]) -> RunRecord:
    samples = (sample(kind, case) for case in TOYS if fits(kind, case))
    return next(one for one in samples if not isinstance(drawn(kind(), one), Nothing))


STRANGERS = (ConfusionMatrix(np.eye(2, dtype=np.int64)), WrittenTexts(("a",), 0))


def signature(drawing: Drawing) -> str:
    """Return all that a drawing holds, as text."""
    with np.printoptions(threshold=10**9, precision=9):
        return repr(drawing)


def test_that_a_view_that_draws_another_record_than_its_probe_finds_is_refused_at_once():
    with pytest.raises(TypeError, match="draws a ConfusionMatrix"):

        class Wrong(ConfusionView, shows=GradientNorms):
            pass


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_probe_of_a_view_is_one_the_engine_has(kind):
    from engine import experiment  # noqa: F401 - fills the families

    probe = kind().probe()
    if probe is not None:
        assert Family.every["probes"].parse(probe.model_dump()) == probe


def test_that_each_sort_of_data_has_a_view_of_its_predictions():
    for facts in EVERY:
        assert any(kind.fits(facts) and kind.slots[:1] == ("side",) for kind in KINDS), facts


# --- curves ----------------------------------------------------------------------------------------------


def plot(view: View, *records: RunRecord, viewport: Viewport = NARROW) -> Plot:
    drawing = drawn(view, *records, viewport=viewport)
    assert isinstance(drawing, Plot)
    return drawing


def test_that_the_raw_loss_stays_faintly_visible_behind_the_smoothed_one():
    curves = plot(CurvesView(smoothing=0.9), record()).curves
    assert [(curve.name, curve.weight) for curve in curves] == [("train", 0), ("train", 2), ("validation", 1)]


def test_that_without_smoothing_every_value_is_drawn_as_it_is():
    made = record()
    curve = plot(CurvesView(smoothing=0, across="steps"), made, viewport=Viewport(width=1000)).curves[0]
    np.testing.assert_array_equal(curve.y, made.series["loss"].values)
    np.testing.assert_array_equal(curve.x, np.arange(1, 161))


def test_that_a_drawing_holds_no_more_points_than_pixels_however_long_the_run():
    long = RunRecord()
    long.apply(RunStarted("f", "long", 0, 10, 100_000, "CPU", 1, (), Facts()))
    values = np.random.default_rng(0).random(1_000_000).astype(np.float32)
    values[777_777] = 9
    long.apply(Measured((Block("loss", 1, 1, values),), len(values), 10, 1, 1))
    for curve in plot(CurvesView(), long, viewport=Viewport(width=300)).curves:
        assert len(curve.x) <= 300
    raw = plot(CurvesView(), long, viewport=Viewport(width=300)).curves[0]
    assert raw.high is not None
    assert raw.high.max() == 9


def test_that_several_runs_differ_in_colour_and_their_parts_in_dash():
    curves = [
        curve for curve in plot(CurvesView(), record(name="a"), record(name="b")).curves if curve.weight
    ]
    assert len({(curve.tone, curve.dash) for curve in curves}) == 4
    assert {curve.name.split(" ")[0] for curve in curves} == {"a", "b"}


def test_that_one_run_that_is_compared_has_the_colour_of_its_tick():
    made = record(name="a")
    made.colour = 3
    tones = {curve.tone for curve in plot(CurvesView(by_run=True), made).curves}
    assert tones == {
        curve.tone for curve in plot(CurvesView(), made, record(name="b")).curves if curve.name[0] == "a"
    }
    assert len({curve.dash for curve in plot(CurvesView(by_run=True), made).curves}) == 2
    assert len({curve.tone for curve in plot(CurvesView(), made).curves}) == 2


def test_that_the_readout_tells_the_exact_values_at_the_cursor():
    made = record()
    readings = CurvesView(smoothing=0).readout((made,), 3.0)
    shown = {reading.name: reading.value for reading in readings}
    assert shown["train"] == f"{made.series['loss'].values[59]:.4f}"[: len(shown["train"])]
    assert shown["step"].startswith("60 ")
    assert float(shown["validation"]) == pytest.approx(made.series["validation.loss"].values[2], rel=1e-3)


def test_that_a_standardized_loss_is_told_in_its_own_unit_too():
    unit = "in squared data units"
    made = record(dataclasses.replace(LINE, standardized=True, loss_factor=4.0, loss_unit=unit))
    drawing = plot(CurvesView(smoothing=0), made)
    value = made.series["validation.loss"].values[-1]
    assert f"validation {number(value)} ({number(4 * value)} {unit})" in [
        curve.legend for curve in drawing.curves
    ]
    (told,) = (one.value for one in CurvesView(smoothing=0).readout((made,), 8.0) if one.name == "validation")
    assert told == f"{number(value, 4)} ({number(4 * value, 4)} {unit})"
    assert "units" not in plot(CurvesView(quantity="r2"), made).curves[0].legend
    # earlier versions did not say the unit: nothing is told that may be wrong
    earlier = record(dataclasses.replace(LINE, standardized=True, loss_factor=4.0))
    assert all("units" not in curve.legend for curve in plot(CurvesView(smoothing=0), earlier).curves)


@pytest.mark.parametrize("metric", [one.kind for one in Metric.kinds().values() if one.scalar])
def test_that_every_score_says_its_unit_along_its_axis(metric: str):
    made = record(LINE)
    made.series[f"validation.{metric}"] = made.series["validation.loss"]
    assert plot(CurvesView(quantity=metric), made).y.label == Metric.kinds()[metric].unit.words


def test_that_a_loss_says_its_unit_where_all_runs_have_the_same():
    nats, bare = (record(dataclasses.replace(PLANE, loss_unit=unit)) for unit in ("in nats", ""))
    assert plot(CurvesView(), nats).y.label == "in nats"
    assert plot(CurvesView(), nats, nats).y.label == "in nats"
    assert plot(CurvesView(), nats, bare).y.label == ""


@pytest.mark.parametrize("loss", [one for one in Loss.kinds().values() if one.accepts == NUMBERS])
def test_that_a_loss_of_standardized_numbers_says_what_it_is_told_in(loss: type[Loss]):
    """A likelihood of counts was called "in standardized units": it is told in nats, whatever is learnt."""
    facts = dataclasses.replace(LINE, standardized=True, loss_unit=loss.unit.words)
    expected = "in nats" if loss.unit == NATS else "in standardized units"
    assert plot(CurvesView(), record(facts)).y.label == expected
    plain = dataclasses.replace(facts, standardized=False)
    assert plot(CurvesView(), record(plain)).y.label == loss.unit.words
    # of two runs that are told in different units none is true of both
    squared = dataclasses.replace(facts, loss_unit="in squared data units")
    both = plot(CurvesView(), record(facts), record(squared)).y.label
    assert both == ("" if loss.unit == NATS else expected)


def test_that_what_happened_and_baselines_are_lines_on_the_curves():
    made = record()
    made.marks.append(Mark(40, "learning rate halved"))
    made.reference = {"logistic regression": {"accuracy": 0.9}}
    drawing = plot(CurvesView(quantity="accuracy"), made)
    assert [(line.x, line.text) for line in drawing.uprights] == [(2.0, "learning rate halved")]
    assert [(line.y, line.text) for line in drawing.thresholds] == [(0.9, "logistic regression")]
    assert plot(CurvesView(), made).thresholds == ()


def test_that_every_series_can_be_looked_at():
    offered = CurvesView().offers((record(),))["quantity"]
    assert set(offered) == {"loss", "learning_rate", "accuracy"}
    for quantity in offered:
        assert plot(CurvesView(quantity=quantity), record()).curves


def test_that_the_table_of_curves_holds_the_exact_values():
    made = record()
    header, *rows = CurvesView().rows((made,))
    assert header == ["train step", "train", "validation step", "validation"]
    assert [row[1] for row in rows] == made.series["loss"].values.tolist()
    assert [row[3] for row in rows if row[3] != ""] == made.series["validation.loss"].values.tolist()


def test_that_a_part_of_a_curve_leaves_the_plot_on_both_sides():
    series = record().series["loss"]
    steps, _, _ = reduced(series, 50.5, 60.5, 100)
    assert steps[0] <= 50.5
    assert steps[-1] >= 60.5


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "values", [[], [math.nan], [0.0], [3.0, 3.0], [-1.0, 0.0], [1e-30, 1e30], [math.inf, 2.0], [-5.0, -4.9]]
)
def test_that_an_axis_range_can_always_be_drawn(values, log):
    low, high = y_range([np.array(values, np.float64)], log)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high
    assert low > 0 or not log


def found_in(made: RunRecord, probe: type[Probe]) -> Any:
    reading = made.reading(probe())
    assert reading is not None
    return reading.found


# --- predictions -----------------------------------------------------------------------------------------


def test_that_a_surface_has_a_colour_per_class_and_a_marker_per_part():
    drawing = plot(DecisionSurfaceView(), record(PLANE))
    assert isinstance(drawing.ground, Regions)
    assert drawing.ground.names == ("A", "B", "C")
    assert drawing.square
    assert {points.hollow for points in drawing.points} == {True, False}
    assert sum(len(points.x) for points in drawing.points) == 30
    assert plot(DecisionSurfaceView(points=False), record(PLANE)).points == ()


def test_that_a_surface_of_numbers_is_one_of_heights():
    ground = plot(DecisionSurfaceView(), record(HEIGHTS)).ground
    assert isinstance(ground, Heights)
    assert ground.low <= ground.values.min()
    assert ground.high >= ground.values.max()


def test_that_a_fitted_curve_reads_out_what_the_network_says():
    readings = FittedCurveView().readout((record(LINE),), 0.5)
    assert float(readings[1].value) == pytest.approx(math.sin(0.5), abs=1e-3)


def test_that_points_of_predictions_know_their_rows():
    points = plot(PredictedAgainstTrueView(), record(TABLE)).points
    assert [part.name for part in points] == ["price", "weight"]
    assert points[0].rows is not None
    assert points[0].rows.tolist() == list(range(1, 31))


@pytest.mark.parametrize("kind", READING_VIEWS)
def test_that_rows_of_the_data_are_counted_from_1_in_every_file(kind):
    for case in TOYS:
        made = sample(kind, case) if fits(kind, case) else RunRecord()
        found = made.reading(kind().probe())
        if found is not None and len(getattr(found.found, "rows", ())):
            header, *rows = kind().rows((made,))
            if header[0] in ("row", "picture"):
                assert [row[0] for row in rows] == [place + 1 for place in found.found.rows], case


def test_that_the_worst_prediction_comes_first():
    made = record(PLANE)
    drawing = drawn(ClassProbabilitiesView(), made)
    assert isinstance(drawing, BarList)
    found = found_in(made, ClassProbabilities)
    sure = found.probabilities[np.arange(30), found.truth]
    assert drawing.rows[0].detail == f"row {int(np.argmin(sure)) + 1}"
    assert drawing.more + len(drawing.rows) == 30


def test_that_a_picture_says_what_it_was_taken_for_and_what_it_is():
    made = record(IMAGES)
    drawing = drawn(ImagePredictionsView(), made)
    found = found_in(made, ImagePredictions)
    assert isinstance(drawing, Pictures)
    assert len(drawing.pictures) == 25
    for picture, truth, predicted in zip(drawing.pictures, found.truth, found.predicted, strict=False):
        assert picture.caption.startswith(
            f"{predicted} ·" if truth == predicted else f"{predicted}, is {truth}"
        )
        assert (picture.tone == "success") == (truth == predicted)


def test_that_long_names_under_a_picture_take_a_line_each():
    made = record(dataclasses.replace(IMAGES, classes=tuple(f"garment {index}" for index in range(10))))
    drawing = drawn(ImagePredictionsView(), made)
    assert isinstance(drawing, Pictures)
    wrong = next(picture for picture in drawing.pictures if picture.tone != "success")
    assert wrong.caption.split("\n")[1].startswith("is garment")


def test_that_shares_of_a_confusion_are_shares_of_the_true_class():
    made = record(PLANE)
    drawing = drawn(ConfusionView(numbers="percent"), made)
    assert isinstance(drawing, Matrix)
    matrix = found_in(made, ClassConfusion).matrix.astype(float)
    np.testing.assert_allclose(drawing.shade, matrix / np.maximum(matrix.sum(1, keepdims=True), 1))


def test_that_layers_name_their_weights_and_biases():
    drawing = drawn(LayersView(biases=True), record(PLANE))
    assert isinstance(drawing, BarList)
    assert [(row.title, row.detail.split(" ")[0]) for row in drawing.rows] == [
        ("dense 1", "weights"), ("dense 1", "biases"), ("output", "weights"), ("output", "biases"),
    ]  # fmt: skip
    assert len(drawn(LayersView(), record(PLANE)).rows) == 2  # type: ignore[attr-defined]


# --- remarks ---------------------------------------------------------------------------------------------


def said(validation: list[float], train: list[float] | None = None) -> str:
    made = RunRecord()
    made.apply(started(PLANE))
    blocks = [Block("validation.loss", 20, 20, np.array(validation, np.float32))]
    blocks.append(Block("train.loss", 20, 20, np.array(train or validation, np.float32)))
    made.apply(Measured(tuple(blocks), 20 * len(validation), len(validation), 1, 1))
    return " ".join(remark.title for remark in remarks(made))


def test_that_remarks_say_what_the_curves_show():
    assert "falling: by 50" in said([2.0, 1.0])
    assert "rising since epoch 2" in said([2.0, 1.0, 1.5, 1.6, 1.7])
    assert "hardly changes" in said([1.0, 0.5, 0.5004, 0.5003, 0.5002, 0.5001, 0.5005, 0.5006, 0.5004])
    assert "what it has seen" in said([1.0, 0.9, 0.8], [0.9, 0.3, 0.1])
    assert "just begun" in said([])


def test_that_a_baseline_far_off_does_not_press_the_curve_flat_and_the_nearest_is_always_seen():
    curve = Curve("validation", np.arange(3.0), np.array([0.3, 0.2, 0.1]), "accent")
    lines = [Threshold(y, str(y)) for y in (0.15, 0.9, 5.0)]
    assert [line.y for line in near(lines, (curve,))] == [0.15, 0.9]
    assert [line.y for line in near(lines[2:], (curve,))] == [5.0]
    assert near(lines, ()) == tuple(lines)
