"""Every setting that may change while a run goes on: edited at any step, in every sort of network.

The rule: a run that is edited is its recipe. Trained anew, or gone on with from any checkpoint, it comes to
the same in every bit, and an edit changes what follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.architectures.architecture import Architecture
from engine.choices import Choice, Field, Invalid, Record, fields
from engine.data.description import Description, Targets
from engine.edits import is_live, with_values
from engine.experiment import Experiment
from engine.training.devices import pick
from engine.training.model import Model
from engine.training.plan import Plan
from tests.engine.architectures.reference import batch
from tests.engine.architectures.test_architectures import CASES, Case
from tests.engine.every import choices, example
from tests.engine.training.support import CNN, MLP, assert_same, experiment_of, prepared_for, run
from tests.engine.training.test_edits import assert_repeats, edited_run

NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "mlp": MLP,
    "cnn": {**CNN, "architecture": {**CNN["architecture"], "dropout": 0.1}},
    "lstm": {
        "seed": 2,
        "data": {"kind": "sample", "name": "japanese_vowels"},
        "split": {"train": 0.2, "validation": 0.1, "test": 0.7},
        "architecture": {"kind": "lstm", "layers": 2, "width": 6, "dropout": 0.2},
        "training": {"epochs": 3, "batch_size": 24},
    },
    "transformer": {
        "seed": 2,
        "data": {"kind": "sample", "name": "film_sentences"},
        "preprocessing": {"tokenizer": "words", "vocabulary": 100, "length": 8},
        "split": {"train": 0.05, "validation": 0.05, "test": 0.9},
        "architecture": {
            "kind": "transformer_encoder",
            "layers": 1,
            "width": 8,
            "heads": 2,
            "dropout": 0.1,
        },
        "training": {"epochs": 3, "batch_size": 24},
    },
}
"""Each of 15 to 20 steps."""
every_network = pytest.mark.parametrize("values", NETWORKS.values(), ids=NETWORKS)

TEN: Mapping[int, Mapping[str, Any]] = {
    0: {"architecture.dropout": 0.5},
    2: {"optimizer.learning_rate": 0.02},
    3: {"loss.label_smoothing": 0.1},
    4: {"training.batch_size": 40},
    5: {"training.averaging": {"kind": "exponential"}},
    6: {"architecture.dropout": 0.0, "regularizers": [{"kind": "l1", "strength": 0.001}]},
    7: {"loss.class_weights": {"kind": "balanced"}},
    9: {"architecture.dropout": 0.3, "courses": [{"kind": "momentum"}], "training.batch_size": 17},
    10: {"training.sampling": {"kind": "balanced"}, "training.averaging": {"kind": "none"}, "courses": []},
    11: {"schedule": {"kind": "cosine"}, "groups": [{"kind": "depth"}, {"kind": "biases", "rate": 2.0}]},
    13: {"training.epochs": 4, "training.moments": 0},
}


@every_network
def test_that_ten_live_edits_are_repeated_in_every_bit(values: Mapping[str, Any]) -> None:
    live = assert_repeats(experiment_of(values), TEN)
    untouched = run(experiment_of(values)).weights()
    assert any(not torch.equal(tensor, untouched[name]) for name, tensor in live.weights().items())


# --- any live setting, at any step ------------------------------------------------------------------------


def live_settings(experiment: Experiment) -> dict[str, Field]:
    """Every live setting of an experiment, by path, as `is_live` says."""
    return {path: field for path, field in _settings(experiment) if is_live(experiment, path)}


def _settings(record: Record, under: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields(type(record)):
        value, path = getattr(record, field.name), f"{under}{field.name}"
        yield path, field
        several = enumerate(value) if isinstance(value, tuple) else [("", value)]
        for index, one in several:
            if isinstance(one, Record):
                yield from _settings(one, f"{path}." if index == "" else f"{path}.{index}.")


def others(experiment: Experiment, path: str, field: Field) -> list[Any]:
    """Values that a setting may have instead, and that fit the experiment."""
    return [value for value in _imaginable(field) if _fits(experiment, path, value)]


def _imaginable(field: Field) -> Iterator[Any]:
    kind = next(iter(get_args(field.annotation)), field.annotation)
    if isinstance(kind, type) and issubclass(kind, Choice):
        made = [example(choice).model_dump(mode="json") for choice in choices(kind.family.name)]
        yield from [[], *([one] for one in made)] if get_args(field.annotation) else made
    elif field.annotation in (int, float):
        yield from (1, 3, 5) if field.annotation is int else (0.0, 0.001, 0.02, 0.3, 0.9, 2.0)


def _fits(experiment: Experiment, path: str, value: Any) -> bool:
    try:
        after = with_values(experiment, [(path, value)])
        plan = Plan(after, prepared_for(experiment))
        # asked of an edit of groups alone, which may mean layers that are not there
        _ = after.groups == experiment.groups or plan.blueprint
    except Invalid:
        return False
    return after != experiment


@cache
def moves_of(name: str) -> tuple[tuple[str, Any], ...]:
    """Every edit of one live setting of a network's experiment that can be made."""
    experiment = experiment_of(NETWORKS[name])
    return tuple(
        (path, value)
        for path, field in live_settings(experiment).items()
        # fewer epochs than are done are refused, which is another test's
        if path != "training.epochs"
        for value in others(experiment, path, field)
    )


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_that_edits_of_any_live_settings_at_any_steps_are_repeated(name: str, data: st.DataObject) -> None:
    moves: dict[int, dict[str, Any]] = {}
    for _ in range(data.draw(st.integers(1, 3))):
        path, value = data.draw(st.sampled_from(moves_of(name)))
        # each setting once: of a choice that another edit has removed nothing can be edited
        if not any(path in one for one in moves.values()):
            moves.setdefault(data.draw(st.integers(0, 12)), {})[path] = value
    try:
        assert_repeats(experiment_of(NETWORKS[name]), moves)
    except AssertionError:
        _, _, answers = edited_run(experiment_of(NETWORKS[name]), moves)
        # what fits alone may not fit together
        assert any(answer.exception() for answer in answers), moves


@pytest.mark.parametrize("name", NETWORKS)
def test_that_an_edit_before_the_first_step_is_as_if_the_run_had_begun_so(name: str) -> None:
    # of one epoch, as there are hundreds of edits: a step that forgot one shows at once
    experiment = experiment_of({**NETWORKS[name], "training": {**NETWORKS[name]["training"], "epochs": 1}})
    for path, value in moves_of(name):
        begun = run(with_values(experiment, [(path, value)]))
        edited, _, (answer,) = edited_run(experiment, {0: {path: value}})
        assert answer.exception() is None, (path, value)
        assert_same(edited, begun)


@pytest.mark.parametrize(
    ("move", "forgets"), [("loss.label_smoothing", True), ("optimizer.learning_rate", False)]
)
def test_that_losses_are_compared_with_those_of_the_same_loss_alone(move: str, forgets: bool) -> None:
    """So smoothed a loss is above all that were before, and yet the best weights are those of its epochs."""
    experiment = experiment_of(MLP)
    live, _, _ = edited_run(experiment, {10: {move: 0.8 if forgets else 1e-9}})
    losses = list(live.series["validation.loss"].values())
    best = int(live.last.tensors["best.epoch"])
    assert min(losses[:2]) < min(losses[2:]) or not forgets
    assert best == 1 + losses.index(min(losses[2:] if forgets else losses))


def test_that_what_was_asked_for_is_live() -> None:
    found = live_settings(experiment_of(CNN, regularizers=[{"kind": "clip_norm"}]))
    wanted = {
        "architecture.dropout",
        "augmentations",
        "loss.class_weights",
        "loss.label_smoothing",
        "optimizer.learning_rate",
        "regularizers",
        "regularizers.0.most",
        "schedule",
        "stopping",
        "training.averaging",
        "training.epochs",
        "training.moments",
        "training.sampling",
    }
    assert wanted - {"regularizers.0.most"} <= found.keys()
    layers = experiment_of(MLP, architecture={"kind": "layers", "layers": [{"kind": "dropout"}]})
    assert "architecture.layers.0.share" in live_settings(layers)


# --- a network that is given other shares of dropout ------------------------------------------------------


def with_shares(architecture: Architecture, share: float) -> Architecture:
    """The architecture with every live number of it at `share`."""
    changes: dict[str, Any] = {
        field.name: share
        for field in fields(type(architecture))
        if field.setting.live and field.annotation is float
    }
    return architecture.replaced(**changes) if changes else architecture


def model_with(case: Case, share: float) -> Model:
    architecture = with_shares(case.architecture, share)
    experiment = Experiment(architecture=architecture)
    targets = Targets("classes", ("class",), tuple("abc"))
    found = Description(case.inputs, targets, 1, 0, 0)
    network = architecture.build(case.inputs, case.outputs)

    class Given(Model):
        outputs = case.outputs  # type: ignore[assignment]

    return Given(network, architecture, experiment.task, experiment.loss, found, pick("cpu"))


DROPPING = [case for case in CASES if with_shares(case.architecture, 0.4) != case.architecture]


@pytest.mark.parametrize("case", DROPPING, ids=str)
@pytest.mark.parametrize(("before", "after"), [(0.0, 0.4), (0.4, 0.0), (0.4, 0.7)])
def test_that_a_network_with_another_share_is_the_one_built_so(
    case: Case, before: float, after: float
) -> None:
    model, other = model_with(case, before), with_shares(case.architecture, after)
    own = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    kept = [id(tensor) for tensor in (*model.network.parameters(), *model.network.buffers())]
    model.adopt(Experiment(architecture=other))
    # the very tensors, as the flat vector lies behind them
    assert [id(tensor) for tensor in (*model.network.parameters(), *model.network.buffers())] == kept
    assert not any(tensor.is_meta for module in model.network.modules() for tensor in _tensors(module))
    built = other.build(case.inputs, case.outputs)
    built.load_state_dict(own)
    x = batch(case.inputs)
    given = (x, x) if case.outputs.form == "translation" else (x,)
    for training in (False, True):
        found = []
        for network in (model.network, built):
            network.train(training)
            torch.manual_seed(3)
            found.append(network(*given))
        assert torch.equal(torch.nan_to_num(found[0]), torch.nan_to_num(found[1]))


def _tensors(module: torch.nn.Module) -> list[torch.Tensor]:
    held = [*vars(module).values(), *module._parameters.values(), *module._buffers.values()]
    return [one for one in held if isinstance(one, torch.Tensor)]
