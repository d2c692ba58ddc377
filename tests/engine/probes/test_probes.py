"""Every probe, against what it says it measures; none shows the test part."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from engine.choices import Family
from engine.data.description import Description, Inputs, Targets
from engine.probes.probe import Probe, thinned
from engine.runs.history.readings import conforms, pack_found, unpack_found
from engine.training.evaluate import losses_tensors, predict_tensors
from tests.engine.probes.toys import (
    BEYOND,
    IRIS,
    LINEAR,
    PLAIN,
    TOYS,
    found_by,
    measured,
    probe_of,
    subject_of,
    toy,
)
from tests.engine.training.support import MLP, Ran, experiment_of, prepared_for, run


@pytest.fixture(scope="module")
def trained() -> dict[str, Ran]:
    return {name: run(experiment_of(values)) for name, values in PLAIN.items()}


ALL = pytest.mark.parametrize("kind", Family.every["probes"])


@ALL
@pytest.mark.parametrize("case", TOYS)
def test_that_every_probe_finds_a_small_record_of_its_own_class_and_the_same_again(
    kind: str, case: str
) -> None:
    ran, probe = toy(case), probe_of(kind)
    if not probe.fits(ran.assembly.description) or (kind, case) in BEYOND:
        return
    before, state = ran.weights(), torch.get_rng_state()
    found, again = found_by(probe, ran), found_by(probe, ran)
    assert conforms(found, probe.record())
    content = pack_found(found)
    assert len(content) <= 2_000_000
    assert pack_found(again) == content
    assert pack_found(unpack_found(kind, content)) == content
    for array in arrays_in(found):
        assert np.isfinite(array).all() or "NaN" in str(probe.record().__doc__)
    after = ran.weights()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert torch.equal(torch.get_rng_state(), state)


def arrays_in(found: Any) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(found, np.ndarray):
        yield found
    elif isinstance(found, tuple):
        for one in found:
            yield from arrays_in(one)
    elif dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            yield from arrays_in(getattr(found, field.name))


@ALL
def test_that_every_probe_finds_a_frozen_record(kind: str) -> None:
    record = Probe.kinds()[kind].record()
    assert dataclasses.is_dataclass(record)
    assert vars(record)["__dataclass_params__"].frozen
    assert not str(record.__doc__).startswith(f"{record.__name__}(")  # what dataclasses say by themselves
    assert any(probe_of(kind).fits(toy(case).assembly.description) for case in TOYS)


FITTING = {
    "spirals": {"coefficients", "decision_surface", "class_probabilities", "confusion", "gradient_norms"},
    "digits": {"class_probabilities", "confusion", "image_predictions", "gradient_norms"},
    "curve": {"coefficients", "fitted_curve", "predicted_against_true", "gradient_norms"},
    "plane": {"coefficients", "decision_surface", "predicted_against_true", "gradient_norms"},
    "diabetes": {"coefficients", "predicted_against_true", "gradient_norms"},
}


@pytest.mark.parametrize("case", PLAIN)
def test_that_probes_fit_the_data_they_are_defined_for(case: str, trained: dict[str, Ran]) -> None:
    description = trained[case].assembly.description
    fitting = {kind for kind in Family.every["probes"] if probe_of(kind).fits(description)}
    assert FITTING[case] <= fitting


def test_that_a_matrix_of_very_many_classes_is_not_offered() -> None:
    many = Targets("classes", ("class",), tuple(str(index) for index in range(1000)))
    description = Description(Inputs("vector", (2,)), many, 10, 5, 5)
    assert not probe_of("confusion").fits(description)
    assert not probe_of("decision_surface").fits(description)


def test_that_a_surface_is_not_offered_where_several_labels_may_hold_at_a_place() -> None:
    labels = Targets("labels", ("a", "b"), ("a", "b"))
    assert not probe_of("decision_surface").fits(Description(Inputs("vector", (2,)), labels, 10, 5, 5))


def test_that_the_decision_surface_says_what_the_network_says_at_its_places(trained: dict[str, Ran]) -> None:
    ran = trained["spirals"]
    found = measured(ran, "decision_surface", resolution=7)
    offset, scale = ran.assembly.prepared.preprocessor.encoder.units.T
    for row, second in enumerate(np.linspace(*found.x1, 7)):
        for column, first in enumerate(np.linspace(*found.x0, 7)):
            place = (np.array([[first, second]]) - offset) / scale
            said = predict_tensors(ran.assembly.model, torch.tensor(place, dtype=torch.float32))[0]
            assert found.confidence[row, column] == pytest.approx(float(said.max()), abs=1e-4)
            if abs(float(said[0] - said[1])) > 1e-3:
                assert found.winner[row, column] == int(said.argmax())


def test_that_points_lie_in_the_units_of_the_data_and_within_the_edges(trained: dict[str, Ran]) -> None:
    ran = trained["spirals"]
    found, prepared = measured(ran, "decision_surface"), ran.assembly.prepared
    frame = prepared.raw.frame  # type: ignore[union-attr]
    inputs = frame.drop(columns=list(prepared.raw.targets)).to_numpy()  # type: ignore[union-attr]
    rows = np.concatenate([prepared.train.rows, prepared.validation.rows])
    np.testing.assert_allclose(found.points, inputs[rows], rtol=1e-4, atol=1e-4)
    assert (found.part == [0] * len(prepared.train) + [1] * len(prepared.validation)).all()
    assert (found.labels == np.concatenate([prepared.train.targets, prepared.validation.targets])).all()
    for axis, name in enumerate(("x0", "x1")):
        low, high = getattr(found, name)
        assert low < found.points[:, axis].min() < found.points[:, axis].max() < high


def test_that_a_surface_of_numbers_is_in_the_units_of_the_data(trained: dict[str, Ran]) -> None:
    found = measured(trained["plane"], "decision_surface")
    prepared = trained["plane"].assembly.prepared
    truth = prepared.raw.frame[prepared.raw.targets[0]].to_numpy()  # type: ignore[union-attr]
    rows = np.concatenate([prepared.train.rows, prepared.validation.rows])
    np.testing.assert_allclose(found.labels, truth[rows], rtol=1e-4, atol=1e-4)
    assert found.value.shape == (100, 100)


def test_that_the_curve_runs_through_what_the_network_predicts(trained: dict[str, Ran]) -> None:
    ran = trained["curve"]
    found = measured(ran, "fitted_curve", resolution=50)
    offset, scale = ran.assembly.prepared.preprocessor.encoder.units[0]
    inputs = torch.tensor((found.x[:, None] - offset) / scale, dtype=torch.float32)
    expected = predict_tensors(ran.assembly.model, inputs).numpy()
    np.testing.assert_allclose(found.y, expected, rtol=1e-3, atol=1e-3)
    assert found.x.shape == (50,)
    assert found.point_y.shape == (len(found.point_x), 1)


def test_that_numbers_stand_beside_their_truth(trained: dict[str, Ran]) -> None:
    ran = trained["diabetes"]
    found, prepared = measured(ran, "predicted_against_true"), ran.assembly.prepared
    assert (found.rows == prepared.validation.rows).all()
    truth = prepared.raw.frame[prepared.raw.targets[0]].to_numpy()[found.rows]  # type: ignore[union-attr]
    np.testing.assert_allclose(found.truth[:, 0], truth, rtol=1e-5)
    assert found.predicted.shape == found.truth.shape


def test_that_probabilities_and_confusion_are_those_of_the_validation_part(trained: dict[str, Ran]) -> None:
    ran = trained["digits"]
    validation = ran.assembly.prepared.validation
    probabilities = predict_tensors(ran.assembly.model, torch.tensor(validation.inputs)).numpy()
    found = measured(ran, "class_probabilities")
    np.testing.assert_allclose(found.probabilities, probabilities[:200], atol=1e-6)
    np.testing.assert_allclose(found.probabilities.sum(1), 1, atol=1e-5)
    matrix = measured(ran, "confusion").matrix
    expected = confusion_matrix(validation.targets, probabilities.argmax(1), labels=range(10))
    assert (matrix == expected).all()


def test_that_the_worst_pictures_come_first_and_are_those_of_the_data(trained: dict[str, Ran]) -> None:
    ran = trained["digits"]
    found = measured(ran, "image_predictions", count=12)
    prepared = ran.assembly.prepared
    assert found.pixels.dtype == np.uint8
    assert (found.pixels == prepared.raw.pixels[found.rows]).all()  # type: ignore[union-attr]
    assert len(found.rows) == 12
    assert (np.diff(found.loss) <= 0).all()
    inputs, targets = (
        torch.tensor(part) for part in (prepared.validation.inputs, prepared.validation.targets)
    )
    assert found.loss[0] == pytest.approx(float(losses_tensors(ran.assembly.model, inputs, targets).max()))
    position = np.searchsorted(prepared.validation.rows, found.rows)
    assert (found.truth == prepared.validation.targets[position]).all()


def test_that_newest_pictures_are_the_last_of_the_data_and_random_ones_stay(trained: dict[str, Ran]) -> None:
    ran = trained["digits"]
    newest = measured(ran, "image_predictions", order="newest", count=5).rows
    assert (newest == ran.assembly.prepared.validation.rows[::-1][:5]).all()
    one, other = (measured(ran, "image_predictions", order="random", count=30).rows for _ in range(2))
    assert (one == other).all()
    assert len(set(one.tolist())) == 30
    assert (np.diff(one) < 0).any()


def test_that_gradient_norms_are_those_of_each_parameter(trained: dict[str, Ran]) -> None:
    ran = trained["spirals"]
    gradient = torch.randn(ran.assembly.flat.gradient.shape, generator=torch.Generator().manual_seed(0))
    found = probe_of("gradient_norms").measure(subject_of(ran, gradient))
    places = ran.assembly.flat.layout
    expected = [float(gradient[place.start : place.end].double().square().sum().sqrt()) for place in places]
    np.testing.assert_allclose(found.gradient, expected, rtol=1e-5)
    weights = [
        float(p.detach().double().square().sum().sqrt()) for p in ran.assembly.model.network.parameters()
    ]
    np.testing.assert_allclose(found.weight, weights, rtol=1e-5)
    # no step was taken that would have one: 0 would say that nothing pulls
    assert measured(ran, "gradient_norms").gradient.shape == (0,)


def test_that_the_gradient_of_the_last_step_is_seen_before_clipping() -> None:
    experiment = experiment_of(
        MLP,
        probes=[{"kind": "gradient_norms"}],
        regularizers=[{"kind": "clip_norm", "limit": 1e-6}],
    )
    ran = run(experiment)
    last = ran.readings("gradient_norms")[-1]
    total = float(np.sqrt((last.found.gradient.astype(np.float64) ** 2).sum()))
    assert total == pytest.approx(ran.series["gradient_norm"][last.step], rel=1e-5)


def test_that_gradients_and_weights_of_a_reading_are_of_one_step() -> None:
    """At the end the gradient of the last step stood beside the weights of the best epoch."""
    probes = [{"kind": "gradient_norms"}, {"kind": "confusion"}]
    # a rate so large that an early epoch is the best
    wild = {"optimizer": {"kind": "gradient_descent", "learning_rate": 1.0}, "schedule": {"kind": "constant"}}
    best, last = (
        run(experiment_of(MLP, probes=probes, training={"epochs": 6, "batch_size": 32, "keep": keep}, **wild))
        for keep in ("best", "last")
    )
    (gradient, confusion), (of_last, _) = (
        [ran.readings(probe["kind"])[-1] for probe in probes] for ran in (best, last)
    )
    assert confusion.step < gradient.step == best.ended.step
    np.testing.assert_array_equal(gradient.found.weight, of_last.found.weight)
    np.testing.assert_array_equal(gradient.found.gradient, of_last.found.gradient)


@pytest.mark.parametrize("case", PLAIN)
def test_that_no_probe_reads_the_test_part(case: str, trained: dict[str, Ran]) -> None:
    class Untouched:
        """Data whose test part may not be looked at."""

        def __init__(self, data: Any) -> None:
            self._data = data

        @property
        def test(self) -> None:
            raise AssertionError("a probe looked at the test part")

        def part(self, name: str) -> Any:
            assert name != "test"
            return self._data.part(name)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._data, name)

    ran = trained[case]
    subject = subject_of(ran)
    object.__setattr__(subject, "data", Untouched(subject.data))
    for probe in Family.every["probes"].values():
        if probe().fits(ran.assembly.description):  # type: ignore[attr-defined]
            with torch.no_grad():
                probe().measure(subject)  # type: ignore[attr-defined]


@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_that_thinning_keeps_first_and_last_and_order(most: int) -> None:
    some = prepared_for(experiment_of(MLP)).train
    found = thinned(some, most)
    assert len(found) == min(most, len(some))
    assert found.rows[0] == some.rows[0]
    assert (np.diff(found.rows) > 0).all()


def test_that_every_probe_is_a_final_choice_with_words() -> None:
    for probe in Family.every["probes"].values():
        assert issubclass(probe, Probe)
        assert probe.text().summary


def test_that_coefficients_of_a_linear_network_are_those_of_least_squares_in_the_units_of_the_data() -> None:
    ran = run(experiment_of(LINEAR))
    prepared = ran.assembly.prepared
    frame = prepared.raw.frame.iloc[prepared.train.rows]
    names = list(prepared.description.inputs.names)
    plain = [name for name in names if name in frame.columns]
    assert len(plain) >= 8
    design = np.column_stack([np.ones(len(frame)), *(column_of(prepared, name) for name in names)])
    truth = frame[prepared.description.targets.names[0]].to_numpy(np.float64)
    best, residual, *_ = np.linalg.lstsq(design, truth, rcond=None)
    free = len(truth) - design.shape[1]
    expected = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * float(residual[0]) / free)
    facts, units = prepared.description.targets, prepared.preprocessor.encoder.units
    weight, bias = ran.assembly.model.network.parameters()
    with torch.no_grad():  # where training would end, which takes long where inputs say the same
        weight.copy_(torch.from_numpy(best[1:] * units[:, 1] / facts.scale[0])[None])
        bias.fill_((best[0] + best[1:] @ units[:, 0] - facts.mean[0]) / facts.scale[0])
    found = measured(ran, "coefficients")
    np.testing.assert_allclose(found.slope[0], best[1:], rtol=1e-4)
    np.testing.assert_allclose(found.effect[0], best[1:] * design[:, 1:].std(0), rtol=1e-4)
    np.testing.assert_allclose(found.error[0], expected[1:], rtol=1e-3)


def column_of(prepared: Any, name: str) -> np.ndarray[Any, Any]:
    """Return an input as it stands in the data: its scaling undone."""
    index = prepared.description.inputs.names.index(name)
    offset, scale = prepared.preprocessor.encoder.units[index]
    return np.asarray(prepared.train.inputs[:, index].astype(np.float64) * scale + offset)


def test_that_logits_are_compared_with_the_mean_of_all_classes_or_the_first_of_two() -> None:
    ran = run(experiment_of(IRIS))
    found = measured(ran, "coefficients")
    weight = next(iter(ran.assembly.model.network.parameters())).detach().numpy()
    scale = ran.assembly.prepared.preprocessor.encoder.units[:, 1]
    np.testing.assert_allclose(found.slope, (weight - weight.mean(0)) / scale, rtol=1e-4, atol=1e-6)
    assert np.isnan(found.error).all()


def test_that_a_network_with_hidden_layers_has_no_coefficients(trained: dict[str, Ran]) -> None:
    assert measured(trained["spirals"], "coefficients").slope.size == 0
