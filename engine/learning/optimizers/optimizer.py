"""Optimizers: update rules. Tensors in and out; settings are passed as values at each step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.choices import Choice, Setting
from engine.learning.layout import Layout, norms

if TYPE_CHECKING:
    from torch import Tensor

State = dict[str, "Tensor"]
"""What a rule remembers between steps, by the symbol's name in the textbook; saved with every checkpoint."""

Values = Mapping[str, "float | Tensor"]
"""The rule's settings at this step by field name: numbers, or vectors with one entry per parameter."""

LearningRate = Annotated[
    float,
    Setting(
        "Learning rate", "How far each update moves the weights.", symbol="η", above=0, most=10, log=True
    ),
]

Momentum = Annotated[
    float,
    Setting(
        "Momentum",
        "Share of the speed that is kept from step to step; 0.9 averages about the last 10 gradients.",
        symbol="μ",
        least=0,
        below=1,
    ),
]

Epsilon = Annotated[
    float,
    Setting(
        "Smallest divisor",
        "Keeps the division sound where gradients vanish; larger values make steps there smaller.",
        symbol="ε",
        above=0,
        most=1,
        log=True,
    ),
]

MeanMemory = Annotated[
    float,
    Setting(
        "Memory of the mean",
        "Share kept of the running mean of gradients; 0.9 averages about the last 10.",
        symbol="β₁",
        least=0,
        below=1,
    ),
]

SquareMemory = Annotated[
    float,
    Setting(
        "Memory of the square",
        "Share kept of the running mean of squared gradients; 0.999 averages about the last 1,000.",
        symbol="β₂",
        least=0,
        below=1,
    ),
]

WeightDecay = Annotated[
    float,
    Setting(
        "Weight decay",
        "Share of every weight, times the learning rate, that is taken off at each step.",
        symbol="λ",
        least=0,
        most=10,
        log=True,
    ),
]


class Optimizer(Choice, family="optimizers"):
    """How weights change, given the gradient.

    All parameters lie in one flat vector θ, so a rule is vector arithmetic. Schedules, live edits and
    parameter groups only change `values`; a rule therefore never reads its own fields in `update`.
    """

    uses_weights: ClassVar[bool] = True
    """Whether `update` looks at `weights`; where nothing does, they are not worked out."""

    learning_rate: LearningRate = 0.01

    @abstractmethod
    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return the state before the first step, on the device of `parameters` (flat, shape (P,)).

        `layout` says which of them are whose, for rules that treat layers apart.
        """

    @abstractmethod
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return the change to be added to the parameters, shape (P,).

        `gradient` is the flat gradient (P,); it may be overwritten. `state` is updated in place. `weights`
        are the parameters with biases and normalization gains replaced by 0, which decay must not touch.
        Nothing here may wait for the device: what is worked out stays a tensor.
        """


class GradientDescent(Optimizer, kind="gradient_descent", title="Gradient descent"):
    """Walk straight downhill: against the gradient, by a fixed share of it.

    The simplest rule and the one all others are measured by. With batches smaller than the data it is called
    stochastic gradient descent (SGD).

    Formula: θ ← θ − η g

    Source: Cauchy, Méthode générale pour la résolution des systèmes d’équations simultanées, 1847; with
    single examples: Robbins and Monro, A Stochastic Approximation Method, 1951.
    """

    uses_weights: ClassVar[bool] = False

    # ten times that of momentum, whose speed adds up about ten gradients
    learning_rate: LearningRate = 0.1

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return an empty state."""
        return {}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η g."""
        return gradient.mul_(-values["learning_rate"])


class HeavyBall(Optimizer, kind="momentum", title="Momentum"):
    """A heavy ball rolling downhill: it gathers speed where the slope persists and averages out what shakes.

    With momentum μ the ball moves 1/(1 − μ) times as far as plain gradient descent on a steady slope (10
    times for 0.9): take a learning rate that much smaller.

    Formula: v ← μ v + g; θ ← θ − η v

    Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964; Sutskever et al.,
    On the importance of initialization and momentum in deep learning, 2013.
    """

    uses_weights: ClassVar[bool] = False

    momentum: Momentum = 0.9

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return a ball at rest."""
        import torch

        return {"v": torch.zeros_like(parameters)}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η v, after v has taken up the gradient."""
        import torch

        speed = state["v"].mul_(values["momentum"]).add_(gradient)
        # The gradient is used up: no other vector of this size has to be found for the change.
        return torch.mul(speed, -values["learning_rate"], out=gradient)


class Nesterov(Optimizer, kind="nesterov", title="Nesterov momentum"):
    """Momentum that looks ahead: the gradient counts as if measured where the ball is about to be.

    It brakes earlier than plain momentum when the slope turns, and so overshoots less.

    Formula: v ← μ v + g; θ ← θ − η (g + μ v)

    Source: Nesterov, A method for solving the convex programming problem with convergence rate O(1/k²), 1983;
    in this form: Bengio, Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent Networks, 2013.
    """

    uses_weights: ClassVar[bool] = False

    momentum: Momentum = 0.9

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return a ball at rest."""
        import torch

        return {"v": torch.zeros_like(parameters)}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η (g + μ v), after v has taken up the gradient."""
        speed = state["v"].mul_(values["momentum"]).add_(gradient)
        # a new vector for the product, as v itself has to stay
        return gradient.add_(speed * values["momentum"]).mul_(-values["learning_rate"])


class RMSprop(Optimizer, kind="rmsprop", title="RMSprop"):
    """Every weight gets its own step size: the gradient is divided by its usual size of late.

    Weights with small gradients move as fast as those with large ones.

    Formula: s ← ρ s + (1 − ρ) g²; θ ← θ − η g / (√s + ε)

    Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.
    """

    uses_weights: ClassVar[bool] = False

    learning_rate: LearningRate = 0.003
    decay: Annotated[
        float,
        Setting(
            "Memory of the square",
            "Share kept of the running mean of squared gradients; 0.9 averages about the last 10.",
            symbol="ρ",
            least=0,
            below=1,
        ),
    ] = 0.9
    epsilon: Epsilon = 1e-8

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return a running mean of 0."""
        import torch

        return {"s": torch.zeros_like(parameters)}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η g / (√s + ε), after s has taken up the squared gradient."""
        # ε outside of the root, as in the formula and in torch: inside, 1e-8 would count as 1e-4
        divisor = state["s"].lerp_(gradient.square(), 1 - values["decay"]).sqrt().add_(values["epsilon"])
        return gradient.mul_(-values["learning_rate"]).div_(divisor)


class Adagrad(Optimizer, kind="adagrad", title="Adagrad"):
    """Every weight gets its own step size, which shrinks with all the gradients it has ever seen.

    Rarely used inputs keep large steps. As the sum never falls, learning comes to rest by itself; in long
    runs often too early.

    Formula: s ← s + g²; θ ← θ − η g / (√s + ε)

    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization, 2011.
    """

    uses_weights: ClassVar[bool] = False

    epsilon: Epsilon = 1e-8

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return a sum of 0."""
        import torch

        return {"s": torch.zeros_like(parameters)}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η g / (√s + ε), after s has taken up the squared gradient."""
        # sqrt makes a new vector, so that what follows in place leaves the sum alone
        divisor = state["s"].addcmul_(gradient, gradient).sqrt().add_(values["epsilon"])
        return gradient.mul_(-values["learning_rate"]).div_(divisor)


class Adam(Optimizer, kind="adam", title="Adam"):
    """Momentum with a step size of its own for every weight; works well without much tuning.

    The running mean of the gradients is divided by their usual size, so that a step is about η whatever the
    scale of the loss. Both means start at 0; dividing by 1 − βᵗ makes up for that in the first steps t.

    Formula: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ)
    and v̂ = v / (1 − β₂ᵗ)

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, with η = 0.001.
    """

    uses_weights: ClassVar[bool] = False

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return both means at 0 and the counter of steps."""
        return _adam_start(parameters)

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −η m̂ / (√v̂ + ε), after m and v have taken up the gradient."""
        return _adam_change(gradient, state, values)


class AdamW(Optimizer, kind="adamw", title="AdamW"):
    """Adam whose weights also shrink a little at every step, apart from the gradient.

    With an L2 penalty in the gradient, Adam's division would weaken the decay of weights with large
    gradients; here all weights shrink by the same share η λ. Biases and normalization gains do not shrink.

    Formula: θ ← θ − η (m̂ / (√v̂ + ε) + λ θ), with m̂ and v̂ as in Adam

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.
    """

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return both means at 0 and the counter of steps."""
        return _adam_start(parameters)

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return Adam's change less η λ times the weights."""
        shrinkage = weights * (values["learning_rate"] * values["weight_decay"])
        return _adam_change(gradient, state, values).sub_(shrinkage)


class Lars(Optimizer, kind="lars", title="LARS"):
    """Momentum with a step size of its own for every layer, in proportion to the size of its weights.

    In some layers the gradient is large beside the weights, in others small; one learning rate is then too
    large for these or too small for those. Here a step changes each layer by about the same share of its
    weights, whatever the gradient's size, which keeps learning stable with very large batches. Biases and
    normalization gains move as with plain momentum.

    Formula: r = ρ ‖w‖ / (‖g‖ + λ ‖w‖ + ε) for the weights w of each layer; v ← μ v + η r (g + λ w); w ← w − v

    Source: You, Gitman and Ginsburg, Large Batch Training of Convolutional Networks, 2017.
    """

    learning_rate: LearningRate = 0.3
    trust: Annotated[
        float,
        Setting(
            "Trust",
            "Share of a layer's weights that a step may change at a learning rate of 1, without momentum.",
            symbol="ρ",
            above=0,
            most=1,
            log=True,
        ),
    ] = 0.02
    momentum: Momentum = 0.9
    weight_decay: WeightDecay = 0.0005
    epsilon: Epsilon = 1e-8

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return a ball at rest."""
        import torch

        return {"v": torch.zeros_like(parameters)}

    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return −v, after v has taken up the gradient, which each layer's ratio has scaled."""
        import torch

        lengths, slopes = norms(weights, layout), norms(gradient, layout)
        decay = values["weight_decay"]
        ratio = values["trust"] * lengths / (slopes + decay * lengths + values["epsilon"])
        # Weights that are all 0 would never move; those of biases and gains are 0 here, too.
        ratio = torch.where(lengths > 0, ratio, 1.0)
        # the learning rate is within the speed here: after a change of it, earlier steps keep theirs
        change = gradient.add_(weights * decay).mul_(ratio).mul_(values["learning_rate"])
        speed = state["v"].mul_(values["momentum"]).add_(change)
        return torch.neg(speed, out=change)


def _adam_start(parameters: Tensor) -> State:
    import torch

    return {
        "m": torch.zeros_like(parameters),
        "v": torch.zeros_like(parameters),
        # On the device: the fused kernel takes its counter there, and nobody waits.
        "t": torch.zeros((), device=parameters.device),
    }


def _adam_change(gradient: Tensor, state: State, values: Values) -> Tensor:
    """Return Adam's change, after the state has taken up the gradient.

    With plain numbers one fused kernel does it in half the time of separate operations (measured with a
    million parameters on a CPU: 0.9 instead of 1.9 ms). The kernel adds its change to something, here to
    zeros.
    """
    import torch
    from torch.optim.adam import adam

    # a setting that differs by layer is a vector, which the fused kernel does not take
    numbers = {name: value for name, value in values.items() if not isinstance(value, torch.Tensor)}
    if len(numbers) < len(values):
        return _adam_change_each(gradient, state, values)
    change = torch.zeros_like(gradient)
    adam(
        [change],
        [gradient],
        [state["m"]],
        [state["v"]],
        [],  # what amsgrad alone remembers
        [state["t"]],
        fused=True,
        amsgrad=False,
        maximize=False,
        weight_decay=0.0,  # not the kernel's: AdamW takes it off by itself, sparing biases
        lr=numbers["learning_rate"],
        beta1=numbers["beta1"],
        beta2=numbers["beta2"],
        eps=numbers["epsilon"],
    )
    return change


def _adam_change_each(gradient: Tensor, state: State, values: Values) -> Tensor:
    """Return Adam's change where some settings are vectors, with one entry per parameter."""
    # In single precision 1 − 0.999ᵗ would lose digits in the first steps.
    step = state["t"].add_(1).double()
    beta1, beta2 = values["beta1"], values["beta2"]
    mean = state["m"].lerp_(gradient, 1 - beta1) / (1 - beta1**step)
    # after the mean, as the gradient itself is squared
    square = state["v"].lerp_(gradient.square_(), 1 - beta2) / (1 - beta2**step)
    divisor = square.sqrt_().add_(values["epsilon"])
    return mean.div_(divisor).mul_(-values["learning_rate"]).to(gradient.dtype)
