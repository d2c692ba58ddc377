"""A layer's weights taken as a matrix: its directions, or its rows and columns, share what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout, Parameter, norms
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Optimizer,
    SquareMemory,
    State,
    Values,
    WeightDecay,
    moments,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class Muon(Optimizer, kind="muon", title="Muon", rank=80):
    """Momentum whose matrix is made orthogonal: a layer moves by the same amount in all its directions.

    The gradients of a layer mostly point in few directions, and the rare ones are hardly learnt. Here all
    singular values of the momentum are brought near 1. Filters are taken as matrices with a row each.
    Embeddings, biases and gains move as with Adam; the factor of a matrix makes a learning rate of Adam fit.
    A step takes longer than Adam's, above all of wide layers.

    Formula: m and v̂ as in Adam; O = NS((1 − β₁) g + β₁ m); W ← W − η (0.2 √max(rows, columns) O + λ W). NS
    divides a matrix by its length and takes X ← 3.4445 X − 4.7750 XXᵀX + 2.0315 (XXᵀ)²X five times

    Source: Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024; the factor: Liu et
    al., Muon is Scalable for LLM Training, 2025.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    # three times Adam's: digits by an MLP 98 % instead of 92, vowels by an LSTM 98 instead of 95
    learning_rate: LearningRate = 0.01
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.95
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean, square = moments(gradient, state, values)
        change = mean.div_(square.sqrt_().add_(values["epsilon"]))
        ahead = gradient.lerp_(state["m"], values["beta1"])
        for place in layout:
            # a row of an embedding is one word: most have no gradient, and none has to do with the others
            if len(place.shape) >= 2 and place.layer != "embedding":
                matrix = _orthogonal(place.of(ahead).flatten(1))
                place.of(change).copy_(matrix.mul_(0.2 * max(matrix.shape) ** 0.5).view(place.shape))
        return change.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])


class Adafactor(Optimizer, kind="adafactor", title="Adafactor", rank=80):
    """Adam with next to no memory: of the squared gradients only the means of rows and columns are kept.

    The size of a weight's gradient is estimated from that of its row and of its column; filters are taken as
    matrices with a row each. There is no momentum. A step is a share of the layer's weights, and no larger
    than its usual size. Made for networks that fill the memory. Biases and gains do not shrink.

    Formula: β = 1 − t^(−0.8); r ← β r + (1 − β) mean of g² over each row; c likewise over each column;
    U = g/√(r cᵀ / mean(r)), for vectors g/√v; U ← U / max(1, RMS(U)); ρ = min(η, 1/√t);
    W ← W − ρ max(ε₂, RMS(W)) U − η λ W

    Source: Shazeer and Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, 2018.
    """

    remembers: ClassVar[tuple[str, ...]] = ("t",)

    learning_rate: LearningRate = 0.03
    weight_decay: WeightDecay = 0.0
    smallest: Annotated[
        float,
        Setting(
            "Smallest size",
            "A layer whose weights are smaller moves as if they had this size.",
            symbol="ε₂",
            above=0,
            most=1,
            log=True,
        ),
    ] = 0.001

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        state = super().start(parameters, layout)
        for place in layout:
            # of its own for each parameter: one vector for all would be as large as the parameters
            matrix = place.of(parameters)
            if len(place.shape) >= 2:
                rows, columns = matrix.flatten(1).shape
                state[f"r.{place.name}"] = parameters.new_zeros(rows)
                state[f"c.{place.name}"] = parameters.new_zeros(columns)
            else:
                state[f"v.{place.name}"] = parameters.new_zeros(place.shape)
                # where it stands: of biases and gains the weights given to `update` show nothing
                state[f"p.{place.name}"] = matrix.clone()
        return state

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step = step_number(state)
        change, sizes = torch.zeros_like(gradient), torch.ones_like(gradient)
        positions = weights.clone()
        for place in layout:
            own = place.of(gradient)
            place.of(change).copy_(own / _usual_size(own, state, place, step))
            sizes[place.start : place.end] = own.numel() ** 0.5
            if len(place.shape) < 2:
                place.of(positions).copy_(state[f"p.{place.name}"])
        # as one vector for all layers: settings may differ from weight to weight
        change.div_((norms(change, layout) / sizes).clamp_(min=1))
        change.mul_((norms(positions, layout) / sizes).clamp(min=values["smallest"]))
        change.mul_(-step.rsqrt().clamp(max=values["learning_rate"]))
        change.sub_(weights * (values["learning_rate"] * values["weight_decay"]))
        for place in layout:
            if len(place.shape) < 2:
                state[f"p.{place.name}"].add_(place.of(change))
        return change


def _orthogonal(matrix: Tensor) -> Tensor:
    """Return a matrix with the singular vectors of (M, N), its singular values brought to 0.7 to 1.2."""
    import torch

    # the products are then those of the smaller side
    wide = matrix.T if len(matrix) > matrix.shape[1] else matrix
    found: Tensor = wide / torch.linalg.matrix_norm(wide).clamp(min=1e-7)
    for _ in range(5):
        square = found @ found.T
        found = 3.4445 * found + (-4.7750 * square + 2.0315 * square @ square) @ found
    return found.T if len(matrix) > matrix.shape[1] else found


def _usual_size(gradient: Tensor, state: State, place: Parameter, step: Tensor) -> Tensor:
    """Return Adafactor's estimate of √g², of the shape of the parameter, after r and c, or v, have taken it
    up.
    """
    usual: Tensor
    squares = gradient.square()
    newest = (step**-0.8).to(squares.dtype)
    if len(place.shape) < 2:
        usual = state[f"v.{place.name}"].lerp_(squares, newest)
    else:
        matrix = squares.flatten(1)
        rows = state[f"r.{place.name}"].lerp_(matrix.mean(1), newest)
        columns = state[f"c.{place.name}"].lerp_(matrix.mean(0), newest)
        # divided before they are multiplied: both are squares, and their product may be too small
        usual = ((rows / rows.mean().clamp(min=_TINY))[:, None] * columns).view(place.shape)
    return usual.clamp(min=_TINY).sqrt()


_TINY = 1e-30
"""The paper's ε₁: where all gradients were 0, nothing moves."""
