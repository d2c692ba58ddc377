"""Layers as matrices whose rows and columns are each seen in directions of their own: Shampoo and SOAP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout, Parameter
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Optimizer,
    SquareMemory,
    State,
    Surroundings,
    Values,
    WeightDecay,
)

if TYPE_CHECKING:
    from torch import Tensor

LARGEST = 512
"""A side with more rows or columns is left as it is: its matrix would take too much memory and time."""

Interval = Annotated[
    int,
    Setting(
        "Steps between",
        "The directions of a layer are found anew after so many steps, which takes long.",
        symbol="k",
        least=1,
        most=1000,
    ),
]


class Shampoo(Optimizer, kind="shampoo", title="Shampoo", rank=85):
    """AdaGrad for matrices: gradients are divided by their usual size in directions of rows and of columns.

    Where AdaGrad knows one size for each weight, Shampoo knows which of them rise and fall together. Sides of
    more than 512 are left as they are; filters are matrices with a row each; biases and gains move as with
    AdaGrad. Steps get smaller by themselves. The time of a step grows with the cube of a layer's width.

    Formula: L ← L + G Gᵀ; R ← R + Gᵀ G, both from ε I on; W ← W − η L^(−1/4) G R^(−1/4), roots anew every k
    steps; with one side alone its power is −1/2; for vectors g/√(ε + ∑ g²)

    Source: Gupta, Koren and Singer, Shampoo: Preconditioned Stochastic Tensor Optimization, 2018,
    algorithm 1.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("v",)

    learning_rate: LearningRate = 0.1
    interval: Interval = 10
    epsilon: Epsilon = 1e-4

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        import torch

        state = super().start(parameters, layout)
        for place, axis, size in _sides(layout):
            square = parameters.new_zeros((size, size))
            state[f"{axis}.{place.name}"] = square
            state[f"root.{axis}.{place.name}"] = torch.zeros_like(square)
        return state

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        square = state["v"].addcmul_(gradient, gradient)
        change = gradient / (square + values["epsilon"]).sqrt()
        for place, axes in _by_matrix(layout):
            matrix = place.of(gradient).flatten(1)
            for axis in axes:
                root = state[f"root.{axis}.{place.name}"]
                matrix = root @ matrix if axis == "rows" else matrix @ root
            place.of(change).copy_(matrix.reshape(place.shape))
        return change.mul_(-values["learning_rate"])

    @override
    def step(
        self,
        gradient: Tensor,
        state: State,
        values: Values,
        weights: Tensor,
        layout: Layout,
        around: Surroundings,
    ) -> Tensor:
        for place, axes in _by_matrix(layout):
            due = around.step % _of(values["interval"], place) < 1
            for axis in axes:
                gram = state[f"{axis}.{place.name}"].add_(_gram(place.of(gradient).flatten(1), axis))
                if due:
                    least = _of(values["epsilon"], place)
                    root = _power(gram, least, -1 / (2 * len(axes)))
                    state[f"root.{axis}.{place.name}"].copy_(root)
        return self.update(gradient, state, values, weights, layout)


class Soap(Optimizer, kind="soap", title="SOAP", rank=85):
    """Adam in the directions that Shampoo finds: rows and columns are turned so that their gradients part.

    In these directions weights hardly depend on each other, so that a step size for each of them means
    something. The directions turn slowly and are followed by one step of a power iteration every k steps; in
    between it is Adam. The first step only looks. Sides of more than 512 are left as they are; biases and
    gains move as with Adam and do not shrink.

    Formula: G′ = Qₗᵀ G Qᵣ; m, v̂ as in Adam, v of G′; W ← W − η (Qₗ (Qₗᵀ M̂ Qᵣ / (√v̂ + ε)) Qᵣᵀ + λ W);
    L ← β₂ L + (1 − β₂) G Gᵀ; R alike; every k steps Qₗ ← QR(L Qₗ), its columns ordered by Qₗᵀ L Qₗ

    Source: Vyas, Morwani, Zhao, Shapira, Brandfonbrener, Janson and Kakade, SOAP: Improving and Stabilizing
    Shampoo using Adam, 2024, algorithm 3.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    interval: Interval = 10
    beta1: MeanMemory = 0.95
    beta2: SquareMemory = 0.95
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        state = super().start(parameters, layout)
        for place, axis, size in _sides(layout):
            state[f"{axis}.{place.name}"] = parameters.new_zeros((size, size))
            state[f"basis.{axis}.{place.name}"] = parameters.new_zeros((size, size))
        return state

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step = state["t"].add_(1).double()
        mean = state["m"].lerp_(gradient, 1 - values["beta1"])
        square = state["v"].lerp_(_turned(gradient, state, layout).square(), 1 - values["beta2"])
        change = _turned(mean, state, layout) / square.sqrt().add_(values["epsilon"])
        size = values["learning_rate"] * (1 - values["beta2"] ** step).sqrt() / (1 - values["beta1"] ** step)
        shrinkage = weights * (values["learning_rate"] * values["weight_decay"])
        return _turned(change, state, layout, back=True).mul_(-size).sub_(shrinkage)

    @override
    def step(
        self,
        gradient: Tensor,
        state: State,
        values: Values,
        weights: Tensor,
        layout: Layout,
        around: Surroundings,
    ) -> Tensor:
        import torch

        looks = around.step == 0
        newest = gradient.clone()
        change = torch.zeros_like(gradient)
        if not looks:
            change = self.update(gradient, state, values, weights, layout)
        for place, axes in _by_matrix(layout):
            follows = around.step % _of(values["interval"], place) < 1
            for axis in axes:
                gram, basis = (state[f"{kind}{axis}.{place.name}"] for kind in ("", "basis."))
                found = _gram(place.of(newest).flatten(1), axis)
                gram.lerp_(found, 1 - _of(values["beta2"], place))
                if looks:
                    basis.copy_(torch.linalg.eigh(gram)[1].flip(1))
                elif follows:
                    _follow(gram, basis, place.of(state["v"]).view(place.shape[0], -1), axis)
        return change


def _sides(layout: Layout) -> Iterator[tuple[Parameter, str, int]]:
    """Yield each side of a layer's matrix that has a matrix of its own, with its size."""
    for place, axes in _by_matrix(layout):
        rows = place.shape[0]
        sizes = {"rows": rows, "columns": (place.end - place.start) // rows}
        yield from ((place, axis, sizes[axis]) for axis in axes)


def _by_matrix(layout: Layout) -> Iterator[tuple[Parameter, list[str]]]:
    """Yield the parameters that are matrices of which at least one side is small enough, and these sides."""
    for place in layout:
        if len(place.shape) >= 2:
            rows = place.shape[0]
            sizes = {"rows": rows, "columns": (place.end - place.start) // rows}
            if axes := [axis for axis, size in sizes.items() if size <= LARGEST]:
                yield place, axes


def _of(value: float | Tensor, place: Parameter) -> float:
    """Return the setting of one parameter, whose entries share it."""
    return value if isinstance(value, float | int) else float(value[place.start])


def _gram(matrix: Tensor, axis: str) -> Tensor:
    return matrix @ matrix.T if axis == "rows" else matrix.T @ matrix


def _power(gram: Tensor, least: float, power: float) -> Tensor:
    """Return (M + ε I) to a power, by its eigenvalues."""
    import torch

    sizes, directions = torch.linalg.eigh(gram)
    # rounding may leave a negative one, of which there is no root
    found: Tensor = (directions * (sizes.clamp(min=0) + least) ** power) @ directions.T
    return found


def _turned(vector: Tensor, state: State, layout: Layout, *, back: bool = False) -> Tensor:
    """Return a vector (P,) with the matrices of layers in their own directions, or back from there."""
    found = vector.clone()
    for place, axes in _by_matrix(layout):
        matrix = place.of(vector).flatten(1)
        for axis in axes:
            basis = state[f"basis.{axis}.{place.name}"]
            basis = basis if back else basis.T
            matrix = basis @ matrix if axis == "rows" else matrix @ basis.T
        place.of(found).copy_(matrix.reshape(place.shape))
    return found


def _follow(gram: Tensor, basis: Tensor, squares: Tensor, axis: str) -> None:
    """Turn a basis by a step of the power iteration; squares go with its columns, the largest first."""
    import torch

    ahead = gram @ basis
    order = (basis * ahead).sum(0).argsort(descending=True)
    basis.copy_(torch.linalg.qr(ahead[:, order])[0])
    squares.copy_(squares[order] if axis == "rows" else squares[:, order])
