"""Optimizers against their written formulas in numpy, double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine.choices import Choice, Family
from engine.learning.layout import Layout, Parameter
from engine.learning.optimizers.adam import Adam, AdamW
from engine.learning.optimizers.adaptive import Adadelta, Adagrad, Madgrad, RMSprop
from engine.learning.optimizers.averaged import AveragedDescent, ScheduleFree, ScheduleFreeAdamW
from engine.learning.optimizers.curvature import LimitedMemoryBfgs, Sophia
from engine.learning.optimizers.distance import DAdaptation, Lookahead, Prodigy
from engine.learning.optimizers.first_moment import Adan, AdEMAMix, DiffGrad, NAdam, QHAdam
from engine.learning.optimizers.layerwise import Lamb, Lars, NovoGrad
from engine.learning.optimizers.matrices import Adafactor, Muon
from engine.learning.optimizers.optimizer import Optimizer, State
from engine.learning.optimizers.plain import (
    AggregatedMomentum,
    GradientDescent,
    HeavyBall,
    Nesterov,
    QHMomentum,
)
from engine.learning.optimizers.preconditioned import Shampoo, Soap
from engine.learning.optimizers.second_moment import (
    AdaBelief,
    AdaBound,
    Adamax,
    Adopt,
    AMSGrad,
    LaProp,
    RAdam,
    Yogi,
)
from engine.learning.optimizers.sharpness import Sam, SamAdamW
from engine.learning.optimizers.signs import Lion, Rprop, Signum
from engine.learning.optimizers.switching import Swats
from tests.engine.every import choices, example, label
from tests.engine.learning.formulas_beyond import BEYOND
from tests.engine.learning.formulas_of_matrices import OF_MATRICES
from tests.engine.learning.optimizer_formulas import FORMULAS, SIZE, Array
from tests.engine.learning.optimizer_programs import PROGRAMS

EVERY_FORMULA = {**FORMULAS, **BEYOND, **OF_MATRICES}
every_optimizer = pytest.mark.parametrize("choice", choices("optimizers"), ids=label)
seeds = st.integers(0, 2**32 - 1)
STEPS = 20
SEEDS = 25
"""Of each there are 20 steps of 34 numbers: a wrong rule shows at the first of them."""
LAYOUT = (
    Parameter("a.weight", 0, 12, (3, 4), "dense"),
    Parameter("a.bias", 12, 15, (3,), "dense"),
    Parameter("b.weight", 16, 37, (7, 3), "dense"),
)
"""Entry 15 is a gap, and decays as little as the biases before it."""
SQUARE = (
    Parameter("a.weight", 0, 9, (3, 3), "dense"),
    Parameter("a.bias", 12, 15, (3,), "dense"),
    Parameter("b.weight", 16, 32, (4, 4), "dense"),
)
LAYOUTS = {"soap": SQUARE}
"""What is walked through in another layout than the usual one."""
ROUGH = {"shampoo": 1e5, "soap": 1e5}
"""How much more rounding there is in roots and directions of matrices that are nearly singular."""


LATER = {"asgd": ("a",), "swats": ("u", "rate", "switched")}
"""What is remembered only of many steps."""


class Bowl:
    """½ eᵀ A e + gᵀ e where the weights had changed by e, A diagonal, usually from 0.01 to 10."""

    def __init__(self, gradient: torch.Tensor, step: int, bends: torch.Tensor | None = None) -> None:
        self.step, self._gradient = step, gradient.clone()
        usual = torch.logspace(-2, 1, len(gradient), dtype=torch.float64)
        self._bends = (usual if bends is None else bends).to(gradient)

    def here(self) -> torch.Tensor:
        return torch.zeros(())

    def at(self, change: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        loss = self._gradient @ change + (self._bends * change) @ change / 2
        return loss, self._gradient + self._bends * change

    def curvature(self, direction: torch.Tensor) -> torch.Tensor:
        return self._bends * direction


def taken(
    rule: Optimizer,
    gradient: torch.Tensor,
    state: State,
    values: dict[str, Any],
    weights: torch.Tensor,
    layout: Layout,
    number: int = 0,
) -> torch.Tensor:
    """The change of a step as the loop asks for it, with a bowl around."""
    return rule.step(gradient, state, values, weights, layout, Bowl(gradient, number))


def one_matrix(vector: torch.Tensor) -> Layout:
    return (Parameter("weight", 0, len(vector), (1, len(vector)), "dense"),)


CASES: list[Optimizer] = [
    *(example(choice) for choice in choices("optimizers")),
    GradientDescent(learning_rate=1.7),
    HeavyBall(momentum=0.0),
    HeavyBall(learning_rate=0.3, momentum=0.99),
    Nesterov(learning_rate=0.3, momentum=0.5),
    RMSprop(decay=0.0),
    RMSprop(decay=0.99, epsilon=0.01),
    Adagrad(learning_rate=0.5, epsilon=0.1),
    Adam(beta1=0.0, beta2=0.0),
    Adam(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
    AdamW(learning_rate=0.1, weight_decay=0.0),
    AdamW(learning_rate=0.1, weight_decay=2.0, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Lars(learning_rate=1.0, trust=0.5, weight_decay=0.0, momentum=0.0),
    Lars(learning_rate=0.3, trust=0.1, weight_decay=2.0, momentum=0.5, epsilon=1e-3),
    Adadelta(learning_rate=0.5, decay=0.5, epsilon=0.1),
    Adadelta(decay=0.0),
    AMSGrad(beta1=0.5, beta2=0.0, epsilon=1e-3),
    AMSGrad(learning_rate=0.1, beta1=0.0, beta2=0.9),
    Adamax(beta1=0.0, beta2=0.0),
    Adamax(learning_rate=0.1, beta1=0.5, beta2=0.7, epsilon=0.1),
    NAdam(beta1=0.0),
    NAdam(learning_rate=0.1, beta1=0.99, beta2=0.9, warm_up=1.0, epsilon=1e-3),
    RAdam(beta2=0.6),  # ρ∞ = 4 never reaches 5: momentum for ever
    RAdam(learning_rate=0.1, beta1=0.5, beta2=0.95, epsilon=1e-3),
    Lion(beta1=0.0, beta2=0.0, weight_decay=0.0),
    Lion(learning_rate=0.1, beta1=0.5, beta2=0.9, weight_decay=2.0),
    Signum(momentum=0.0),
    Signum(learning_rate=0.1, momentum=0.99),
    AdaBelief(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Yogi(beta1=0.0, beta2=0.0),
    Yogi(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=0.1),
    QHAdam(nu1=0.0, nu2=0.0),
    QHAdam(learning_rate=0.1, nu1=0.3, nu2=0.6, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Adopt(learning_rate=0.1, beta1=0.5, beta2=0.5, epsilon=1.0),
    Lamb(learning_rate=0.1, weight_decay=2.0, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Lamb(weight_decay=0.0),
    NovoGrad(learning_rate=0.1, weight_decay=2.0, beta1=0.5, beta2=0.5, epsilon=1e-3),
    Adan(learning_rate=0.1, weight_decay=2.0, beta1=0.5, beta2=0.3, beta3=0.9, epsilon=1e-3),
    AdEMAMix(learning_rate=0.1, weight_decay=2.0, mixture=3.0, beta1=0.5, beta2=0.9, beta3=0.7, epsilon=1e-3),
    Rprop(learning_rate=0.1, growth=1.0, shrinkage=0.9),
    QHMomentum(learning_rate=0.3, nu=0.2, momentum=0.5),
    AggregatedMomentum(learning_rate=0.3, damping=0.5),
    AggregatedMomentum(damping=1.0),
    LaProp(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
    LaProp(beta1=0.0, beta2=0.0),
    Muon(beta1=0.0, weight_decay=0.0),
    Muon(learning_rate=0.1, beta1=0.5, beta2=0.9, weight_decay=2.0, epsilon=1e-3),
    Adafactor(learning_rate=0.5, weight_decay=0.5, smallest=0.9),
    Lookahead(interval=1, share=0.3),
    Lookahead(learning_rate=0.1, weight_decay=2.0, interval=7, share=1.0, beta1=0.5, beta2=0.9),
    Prodigy(weight_decay=0.0, beta1=0.0),
    Prodigy(learning_rate=0.3, beta1=0.5, beta2=0.5, weight_decay=0.5, epsilon=1e-3),
    AdaBound(beta1=0.0, beta2=0.5),
    AdaBound(learning_rate=0.1, final=2.0, tightening=0.5, beta1=0.5, beta2=0.9, epsilon=1e-3),
    DiffGrad(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Madgrad(momentum=0.0),
    Madgrad(learning_rate=0.3, momentum=0.5, epsilon=0.1),
    DAdaptation(weight_decay=0.0, beta1=0.0),
    DAdaptation(learning_rate=0.3, beta1=0.5, beta2=0.5, weight_decay=0.5, epsilon=1e-3),
    Swats(tolerance=0.5, beta1=0.5, beta2=0.5, epsilon=1e-3),
    Swats(learning_rate=0.1, tolerance=0.1),
    Shampoo(learning_rate=0.3, interval=1, epsilon=0.1),
    Shampoo(interval=3),
    Soap(weight_decay=0.5, interval=1),
    Soap(learning_rate=0.1, interval=3, beta1=0.5, beta2=0.9, epsilon=1e-3),
    Sam(learning_rate=0.1, momentum=0.0, radius=1.0),
    Sam(radius=0.0),
    SamAdamW(learning_rate=0.1, weight_decay=2.0, radius=1.0, beta1=0.5, beta2=0.9, epsilon=1e-3),
    LimitedMemoryBfgs(learning_rate=1.0),
    Sophia(weight_decay=0.0, interval=1),
    Sophia(learning_rate=0.1, weight_decay=0.5, scale=0.1, interval=3, beta1=0.5, beta2=0.5, epsilon=1e-3),
    AveragedDescent(weight_decay=0.5, fall=0.25, begin=3),
    AveragedDescent(weight_decay=0.0, begin=0),
    ScheduleFree(weight_decay=0.5, interpolation=0.0),
    ScheduleFree(learning_rate=0.1, interpolation=0.5),
    ScheduleFreeAdamW(weight_decay=0.5, interpolation=0.5, beta2=0.5, epsilon=1e-3),
]


def settings(optimizer: Optimizer) -> dict[str, Any]:
    return {name: getattr(optimizer, name) for name in type(optimizer).model_fields}


def decayed(parameters: Array) -> Array:
    """The parameters with biases and gaps replaced by 0."""
    return np.where((np.arange(len(parameters)) >= 12) & (np.arange(len(parameters)) < 16), 0, parameters)


def walked(
    optimizer: Optimizer, seed: int, dtype: torch.dtype = torch.float64, spread: bool = False
) -> tuple[Array, Array]:
    """Where the rule and the formula come after some steps of random gradients and changing learning rates.

    With `spread` every setting is a vector that differs from parameter to parameter.
    """
    rng = np.random.default_rng(seed)
    ours = torch.from_numpy(rng.normal(size=SIZE)).to(dtype)
    theirs: Array = ours.double().numpy().copy()
    layout = LAYOUTS.get(optimizer.kind, LAYOUT)
    state: State = optimizer.start(ours, layout)
    remembered: dict[str, Any] = {"parameters": theirs}
    values = settings(optimizer)
    if spread:
        values = {name: value * rng.uniform(0.5, 1.0, SIZE) for name, value in values.items()}
    for step in range(STEPS):
        gradient = torch.from_numpy(rng.normal(0, 10.0 ** rng.integers(-3, 3), SIZE)).to(dtype)
        gradient[15] = 0  # nothing lies in the gap
        now = {**values, "learning_rate": values["learning_rate"] * (1 - step / STEPS)}
        theirs += EVERY_FORMULA[optimizer.kind](
            gradient.double().numpy().copy(), remembered, now, decayed(theirs)
        )
        given_values = {
            name: torch.from_numpy(value).to(dtype) if spread else value for name, value in now.items()
        }
        weights = torch.from_numpy(decayed(ours.double().numpy())).to(dtype)
        change = taken(optimizer, gradient, state, given_values, weights, layout, step)
        assert change.shape == (SIZE,)
        assert change.dtype == dtype
        ours += change
    return judged(optimizer, ours, state, given_values).double().numpy(), remembered.get("judged", theirs)


def judged(
    optimizer: Optimizer, position: torch.Tensor, state: State, values: dict[str, Any]
) -> torch.Tensor:
    """The weights that are judged: most rules step them themselves."""
    lead = optimizer.lead(state, values)
    return position if lead is None else position + lead


def test_that_every_optimizer_has_an_independent_formula_here() -> None:
    assert set(EVERY_FORMULA) >= {choice.kind for choice in choices("optimizers")}


@pytest.mark.parametrize("optimizer", CASES, ids=repr)
@examples(max_examples=SEEDS)
@given(seed=seeds)
def test_that_steps_follow_the_formula(optimizer: Optimizer, seed: int) -> None:
    ours, theirs = walked(optimizer, seed)
    rough = ROUGH.get(optimizer.kind, 1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9 * rough, atol=1e-11 * rough)


@pytest.mark.parametrize("optimizer", [one for one in CASES if one.kind not in ROUGH], ids=repr)
@pytest.mark.parametrize("seed", range(5))
def test_that_steps_in_single_precision_stay_close_to_the_formula(optimizer: Optimizer, seed: int) -> None:
    ours, theirs = walked(optimizer, seed, torch.float32)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5 * (1 + np.abs(theirs).max()))


@every_optimizer
@examples(max_examples=SEEDS)
@given(seed=seeds)
def test_that_settings_may_differ_from_parameter_to_parameter(choice: type[Choice], seed: int) -> None:
    ours, theirs = walked(example(choice), seed, spread=True)
    rough = ROUGH.get(choice.kind, 1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9 * rough, atol=1e-11 * rough)


@every_optimizer
def test_that_equal_gradients_give_equal_bits_also_from_a_copied_state(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    generator = torch.Generator().manual_seed(5)
    parameters = torch.randn(1000, generator=generator)
    gradients = [torch.randn(1000, generator=generator) for _ in range(10)]

    def go(position: torch.Tensor, state: State, steps: range) -> torch.Tensor:
        for step in steps:
            weights = position.clone()
            gradient = gradients[step].clone()
            position = position + taken(
                optimizer, gradient, state, settings(optimizer), weights, one_matrix(weights), step
            )
        return position

    whole = go(parameters, optimizer.start(parameters, one_matrix(parameters)), range(10))
    state = optimizer.start(parameters, one_matrix(parameters))
    half = go(parameters, state, range(5))
    copied = {name: tensor.clone() for name, tensor in state.items()}
    assert torch.equal(go(half, copied, range(5, 10)), whole)


@every_optimizer
def test_that_the_state_is_changed_in_place_and_keeps_its_names_and_shapes(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    parameters = torch.ones(6)
    state = optimizer.start(parameters, one_matrix(parameters))
    places = {name: (tensor.data_ptr(), tensor.shape, tensor.dtype) for name, tensor in state.items()}
    before = {name: tensor.clone() for name, tensor in state.items()}
    # some take up what two gradients have in common, or how they differ, and a distance grows at the third
    for number in (1, 2, 3):
        gradient = torch.full((6,), float(number))
        taken(optimizer, gradient, state, settings(optimizer), parameters, one_matrix(parameters), number - 1)
    assert {name: (tensor.data_ptr(), tensor.shape, tensor.dtype) for name, tensor in state.items()} == places
    later = LATER.get(optimizer.kind, ())
    assert all(not torch.equal(state[name], before[name]) for name in before if name not in later)


@every_optimizer
def test_that_a_rule_reads_its_settings_from_the_values_and_not_from_its_fields(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    values = {name: type(value)(value / 2) for name, value in settings(optimizer).items()}
    other: Optimizer = example(choice, **values)
    parameters = torch.linspace(-1, 1, 8)
    changes = []
    for rule in (optimizer, other):
        state = rule.start(parameters, one_matrix(parameters))
        for _ in range(2):
            gradient = torch.linspace(1, 2, 8)
            change = taken(rule, gradient, state, values, parameters, one_matrix(parameters))
        changes.append(change)
    assert torch.equal(*changes)


@every_optimizer
def test_that_the_weights_and_the_parameters_are_left_as_they_are(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    parameters = torch.linspace(-1, 1, 8)
    kept = parameters.clone()
    state = optimizer.start(parameters, one_matrix(parameters))
    gradient = torch.linspace(1, 2, 8)
    taken(optimizer, gradient, state, settings(optimizer), parameters, one_matrix(parameters))
    assert torch.equal(parameters, kept)


@every_optimizer
def test_that_a_vanished_gradient_moves_nothing_but_what_decays(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    parameters = torch.linspace(-1, 1, 8)
    state = optimizer.start(parameters, one_matrix(parameters))
    change = taken(
        optimizer, torch.zeros(8), state, settings(optimizer), torch.zeros(8), one_matrix(parameters)
    )
    assert (change == 0).all()


@every_optimizer
def test_that_the_lowest_point_of_a_bowl_is_approached(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    position = torch.tensor([1.0, -2.0, 0.5])
    state = optimizer.start(position, one_matrix(position))
    start = position.square().sum()
    for step in range(100):
        bowl = Bowl(position, step, torch.ones(3))
        position = position + optimizer.step(
            position.clone(), state, settings(optimizer), position, one_matrix(position), bowl
        )
    assert position.square().sum() < start


@pytest.mark.gpu
@every_optimizer
def test_that_a_gpu_takes_the_same_steps(choice: type[Choice]) -> None:
    optimizer: Optimizer = example(choice)
    ends = []
    for device in ("cpu", "cuda"):
        generator = torch.Generator().manual_seed(5)
        position = torch.randn(1000, generator=generator).to(device)
        state = optimizer.start(position, one_matrix(position))
        assert all(tensor.device.type == device for tensor in state.values())
        for _ in range(STEPS):
            gradient = torch.randn(1000, generator=generator).to(device)
            position = position + taken(
                optimizer, gradient, state, settings(optimizer), position, one_matrix(position)
            )
        ends.append(position.cpu())
    torch.testing.assert_close(*ends, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", Family.every["optimizers"])
def test_that_a_rule_that_says_so_does_not_look_at_the_weights(kind: str) -> None:
    rule = Family.every["optimizers"].parse({"kind": kind})
    assert isinstance(rule, Optimizer)
    values = {name: getattr(rule, name) for name in type(rule).model_fields}
    parameters = torch.linspace(-1, 1, 32)
    weights = torch.full_like(parameters, torch.nan)
    change = taken(
        rule,
        parameters.cos(),
        rule.start(parameters, one_matrix(parameters)),
        values,
        weights,
        one_matrix(parameters),
        1,  # the first step of some only looks
    )
    assert bool(change.isfinite().all()) is not rule.uses_weights


def test_that_a_layer_moves_by_its_share_whatever_the_size_of_its_gradient() -> None:
    # You, Gitman and Ginsburg 2017: without decay and momentum, ‖change‖ = η ρ ‖w‖ in every layer.
    optimizer = Lars(learning_rate=1.0, trust=0.01, weight_decay=0.0, momentum=0.0)
    generator = torch.Generator().manual_seed(5)
    weights = torch.from_numpy(decayed(torch.randn(SIZE, generator=generator, dtype=torch.float64).numpy()))
    gradient = torch.randn(SIZE, generator=generator, dtype=torch.float64)
    gradient[16:] *= 1000
    state = optimizer.start(weights, LAYOUT)
    change = optimizer.update(gradient, state, settings(optimizer), weights, LAYOUT)
    for place in (LAYOUT[0], LAYOUT[2]):
        assert place.of(change).norm() == pytest.approx(0.01 * float(place.of(weights).norm()))


FRAMEWORK: list[tuple[Optimizer, Callable[[list[torch.Tensor]], torch.optim.Optimizer]]] = [
    (GradientDescent(learning_rate=0.02), lambda x: torch.optim.SGD(x, 0.02)),
    (HeavyBall(), lambda x: torch.optim.SGD(x, 0.01, momentum=0.9)),
    (Nesterov(), lambda x: torch.optim.SGD(x, 0.01, momentum=0.9, nesterov=True)),
    (RMSprop(decay=0.95), lambda x: torch.optim.RMSprop(x, 0.003, alpha=0.95)),
    (Adagrad(epsilon=1e-6), lambda x: torch.optim.Adagrad(x, 0.01, eps=1e-6)),
    (Adadelta(), lambda x: torch.optim.Adadelta(x, 1.0, rho=0.95, eps=1e-6)),
    (Adam(), lambda x: torch.optim.Adam(x, 0.003)),
    (AdamW(), lambda x: torch.optim.AdamW(x, 0.003, weight_decay=0.01)),
    (AMSGrad(beta2=0.9), lambda x: torch.optim.Adam(x, 0.003, betas=(0.9, 0.9), amsgrad=True)),
    (Adamax(learning_rate=0.003), lambda x: torch.optim.Adamax(x, 0.003)),
    (NAdam(), lambda x: torch.optim.NAdam(x, 0.003)),
    (RAdam(learning_rate=0.003), lambda x: torch.optim.RAdam(x, 0.003)),
    (Rprop(learning_rate=0.1), lambda x: torch.optim.Rprop(x, 0.1)),  # its limits in units of 0.1 are ours
    (
        Muon(weight_decay=0.1),
        lambda x: torch.optim.Muon(x, 0.01, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
    ),
    (
        AveragedDescent(weight_decay=0.01, begin=20),
        lambda x: torch.optim.ASGD(x, 0.1, lambd=0.01, alpha=0.75, t0=20),
    ),
    (
        Adafactor(weight_decay=0.1),
        lambda x: torch.optim.Adafactor(x, 0.03, weight_decay=0.1, eps=(None, 0.001)),
    ),
]


def apart(
    ours: Optimizer,
    step: Callable[[torch.Tensor, torch.Tensor], None],
    seen: Callable[[], torch.Tensor] | None = None,
) -> float:
    """How far the rule and another come apart in 100 steps down a bowl with noise, in double precision.

    `step` moves a matrix (7, 7) in place, given its gradient; `seen` gives what the other judges, where
    that is not the matrix itself.
    """
    generator = torch.Generator().manual_seed(5)
    start = torch.randn(49, generator=generator, dtype=torch.float64)
    slopes = torch.logspace(-2, 1, 49, dtype=torch.float64)
    layout = (Parameter("weight", 0, 49, (7, 7), "dense"),)
    mine, other = start.clone(), start.clone().view(7, 7)
    state, furthest = ours.start(mine, layout), 0.0
    other_judged = seen or (lambda: other)
    for number in range(100):
        noise = torch.randn(49, generator=generator, dtype=torch.float64)
        gradient = slopes * mine + noise
        mine += taken(ours, gradient, state, settings(ours), mine, layout, number)
        step(other, slopes.view(7, 7) * other.detach() + noise.view(7, 7))
        furthest = max(furthest, float((mine - other.detach().flatten()).abs().max()))
        both = judged(ours, mine, state, settings(ours)), other_judged().detach().flatten()
        furthest = max(furthest, float((both[0] - both[1]).abs().max()))
    # most, not all: steps of one size may come back to where they began
    assert float((mine - start).abs().median()) > 0
    return furthest


def apart_from_framework(
    ours: Optimizer, theirs: Callable[[list[torch.Tensor]], torch.optim.Optimizer]
) -> float:
    """How far the rule and that of a framework come apart, see `apart`."""
    stepping: list[torch.optim.Optimizer] = []

    def step(parameter: torch.Tensor, gradient: torch.Tensor) -> None:
        if not stepping:
            stepping.append(theirs([parameter]))
        parameter.grad = gradient
        stepping[0].step()

    def seen() -> torch.Tensor:
        (parameter,) = stepping[0].param_groups[0]["params"]
        mean: torch.Tensor = stepping[0].state[parameter].get("ax", parameter)
        return mean

    # torch's Muon rounds its matrices to 8 bits of precision: it is asked for the same in double precision
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
        return apart(ours, step, seen)


@pytest.mark.parametrize(("ours", "theirs"), FRAMEWORK, ids=lambda one: getattr(one, "kind", ""))
def test_that_a_framework_takes_the_same_steps(
    ours: Optimizer, theirs: Callable[[list[torch.Tensor]], torch.optim.Optimizer]
) -> None:
    assert apart_from_framework(ours, theirs) < 1e-6


PROGRAMMED: list[Optimizer] = [
    *(example(Family.every["optimizers"][kind]) for kind in PROGRAMS),
    Lion(beta1=0.5, beta2=0.9, weight_decay=0.5),
    Adan(weight_decay=0.5, beta1=0.5, beta2=0.3, beta3=0.9),
    QHAdam(nu1=0.3, nu2=0.6, beta1=0.5, beta2=0.9),
    AdaBound(final=3.0, tightening=0.1),
    Lookahead(interval=7, share=0.3),
    Madgrad(momentum=0.0),
    # which switches within the hundred steps
    Swats(tolerance=0.05, learning_rate=0.1),
    Soap(interval=3),
    Shampoo(interval=1),
]


def apart_from_program(ours: Optimizer) -> float:
    """How far the rule and the authors' program come apart, see `apart`."""
    remembered: dict[str, Any] = {}
    program = PROGRAMS[ours.kind]

    def step(parameter: torch.Tensor, gradient: torch.Tensor) -> None:
        program(parameter, gradient, remembered, settings(ours))
        remembered.setdefault("judged", parameter)

    return apart(ours, step, lambda: remembered["judged"])


@pytest.mark.parametrize("ours", PROGRAMMED, ids=repr)
def test_that_the_authors_program_takes_the_same_steps(ours: Optimizer) -> None:
    assert apart_from_program(ours) < 1e-6


def test_that_every_optimizer_has_a_second_source_here() -> None:
    searched = {"lbfgs"}
    assert {ours.kind for ours, _ in FRAMEWORK} | set(PROGRAMS) | searched == set(Family.every["optimizers"])


class Valley:
    """Rosenbrock's curved valley in ten dimensions, as a rule and as torch see it."""

    step = 0

    def __init__(self, position: torch.Tensor) -> None:
        self.position = position

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    def here(self) -> torch.Tensor:
        return self.loss(self.position)

    def at(self, change: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = (self.position + change).requires_grad_()
        loss = self.loss(x)
        (gradient,) = torch.autograd.grad(loss, x)
        return loss.detach(), gradient

    def curvature(self, direction: torch.Tensor) -> torch.Tensor:
        raise AssertionError(direction)


def test_that_torch_searches_the_same_lines_for_a_hundred_steps() -> None:
    ours = LimitedMemoryBfgs(learning_rate=1.0, memory=5)
    position = torch.tensor([-1.2, 1.0] * 5, dtype=torch.float64)
    other = position.clone().requires_grad_()
    theirs = torch.optim.LBFGS(
        [other], lr=1.0, max_iter=1, max_eval=100, history_size=5, tolerance_grad=0.0, tolerance_change=0.0,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure() -> torch.Tensor:
        theirs.zero_grad()
        loss = Valley(position).loss(other)
        loss.backward()
        return loss

    state, lengths = ours.start(position, one_matrix(position)), set()
    for _ in range(100):
        valley = Valley(position)
        gradient = valley.at(torch.zeros(10))[1]
        change = ours.step(gradient, state, settings(ours), position, one_matrix(position), valley)
        lengths.add(float(change.norm()))
        position = position + change
        theirs.step(closure)
        assert float((position - other.detach()).abs().max()) < 1e-6
    assert len(lengths) > 20
    assert float(Valley(position).here()) < 1e-15


def test_that_layers_of_lamb_change_by_the_share_of_the_learning_rate() -> None:
    # You et al. 2020: ‖change‖ = η ‖w‖ in every layer.
    optimizer = Lamb(learning_rate=0.02)
    generator = torch.Generator().manual_seed(5)
    weights = torch.from_numpy(decayed(torch.randn(SIZE, generator=generator, dtype=torch.float64).numpy()))
    gradient = torch.randn(SIZE, generator=generator, dtype=torch.float64)
    change = optimizer.update(
        gradient, optimizer.start(weights, LAYOUT), settings(optimizer), weights, LAYOUT
    )
    for place in (LAYOUT[0], LAYOUT[2]):
        assert place.of(change).norm() == pytest.approx(0.02 * float(place.of(weights).norm()))
