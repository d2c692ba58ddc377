"""Convolutions: filters that slide over a picture or along a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer
from engine.architectures.settings import Activation, Filters, Kernel
from engine.choices import Message, Problem, Setting
from engine.data.description import InputKind, Inputs
from engine.networks.images.windows import Window, remaining

if TYPE_CHECKING:
    from torch import nn

Edges = Annotated[
    Literal["same", "none"],
    Setting(
        "Padding",
        "Whether zeros are put around what comes in, so that filters reach its edges and it keeps its size.",
        options={"same": "zeros around, the size is kept", "none": "none, it becomes smaller"},
    ),
]
Stride = Annotated[
    int,
    Setting("Stride", "By how many places a filter moves; 2 halves the size.", symbol="s", least=1, most=16),
]


def _window(kernel: int, stride: int, padding: str, dilation: int = 1) -> Window:
    reach = dilation * (kernel - 1) + 1
    # odd, as the size is: both edges get the same
    return Window(reach, stride, reach // 2 if padding == "same" else 0)


class Convolution2d(ListedLayer, kind="convolution_2d", title="Convolution 2-D", rank=10):
    """Filters that slide over a picture and find the same pattern anywhere in it.

    Formula: y = φ(W ∗ x + b)

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998.
    """

    filters: Filters = 32
    kernel: Kernel = 3
    stride: Stride = 1
    padding: Edges = "same"
    activation: Activation = "relu"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})
    group: ClassVar[Group] = "Pictures and series"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the filters are larger than the picture."""
        height, width = inputs.shape[1:]
        if min(self._sides(inputs)) > 0:
            return ()
        return (
            Problem(
                "kernel",
                Message(
                    "filters of {kernel} × {kernel} pixels do not fit into a picture of {height} × "
                    "{width} without padding; take smaller ones, or padding",
                    kernel=self.kernel,
                    height=height,
                    width=width,
                ),
            ),
        )

    def effect(self, inputs: Inputs) -> Effect:
        """Return a map for every filter, with kernel² weights for each channel and a bias."""
        height, width = self._sides(inputs)
        weights = inputs.shape[0] * self.kernel**2
        return Effect(
            Inputs("image", (self.filters, height, width)),
            (weights + 1) * self.filters,
            # at each place that comes out; with a stride these are fewer than come in
            height * width * self.filters * weights,
        )

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the convolution, `convolution`, and its activation."""
        from torch import nn

        from engine.networks.listed import finished

        window = self._window
        return finished(
            "convolution",
            nn.Conv2d(inputs.shape[0], self.filters, self.kernel, window.stride, window.padding),
            self.activation,
        )

    @property
    def _window(self) -> Window:
        return _window(self.kernel, self.stride, self.padding)

    def _sides(self, inputs: Inputs) -> tuple[int, ...]:
        return remaining(inputs.shape[1:], [self._window])


class Convolution1d(ListedLayer, kind="convolution_1d", title="Convolution 1-D", rank=11):
    """Filters that slide along a series and find the same pattern at any time.

    With a dilation of 2, 4, 8 from layer to layer, few layers see far.

    Formula: yₜ = φ(Σᵢ Wᵢ xₜ₊ᵢ + b)

    Source: Waibel, Hanazawa, Hinton, Shikano and Lang, Phoneme Recognition Using Time-Delay Neural Networks,
    1989; dilation: Yu and Koltun, Multi-Scale Context Aggregation by Dilated Convolutions, 2016.
    """

    filters: Filters = 32
    # Kernel again for its check that the size is odd; the words around it are of places and not of pixels
    kernel: Annotated[Kernel, Setting("Filter size", "How many places a filter sees; odd.", symbol="k",
                                      unit="places", least=1, most=15)] = 3  # fmt: skip
    dilation: Annotated[
        int, Setting("Dilation", "How far apart the places are that a filter sees.", least=1, most=256)
    ] = 1
    stride: Stride = 1
    padding: Edges = "same"
    activation: Activation = "relu"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series"})
    group: ClassVar[Group] = "Pictures and series"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the filters are longer than the series."""
        if self._window.over(inputs.shape[0]) > 0:
            return ()
        return (
            Problem(
                "kernel",
                Message(
                    "filters that reach over {size} places do not fit into a series of {shape} without "
                    "padding; take smaller ones, or padding",
                    size=self._window.size,
                    shape=inputs.shape[0],
                ),
            ),
        )

    @property
    def looks_ahead(self) -> bool:
        """Return whether its filters reach over several places."""
        # to both sides: no layer of a list has causal filters
        return self.kernel > 1

    def effect(self, inputs: Inputs) -> Effect:
        """Return a number of every filter at each place, with kernel weights for each channel and a bias."""
        length, weights = self._window.over(inputs.shape[0]), inputs.shape[1] * self.kernel
        return Effect(
            Inputs("series", (length, self.filters)),
            (weights + 1) * self.filters,
            length * self.filters * weights,
            # with the window, by which what follows knows where a shorter series ends now
            self._window,
        )

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the convolution, `convolution`, and its activation."""
        from engine.networks.listed import PlacesConvolution, finished

        convolution = PlacesConvolution(
            inputs.shape[1], self.filters, self.kernel, self.stride, self._window.padding, self.dilation
        )
        return finished("convolution", convolution, self.activation)

    @property
    def _window(self) -> Window:
        return _window(self.kernel, self.stride, self.padding, self.dilation)
