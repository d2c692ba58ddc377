"""Poolings: one value for many places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer, channels_of, vector
from engine.architectures.settings import Pooling
from engine.choices import Message, Problem, Setting
from engine.data.description import InputKind, Inputs
from engine.networks.images.windows import Window, remaining

if TYPE_CHECKING:
    from torch import nn


class PoolingLayer(ListedLayer, kind="pooling", title="Pooling", rank=12):
    """One value for every small square of a picture, or for every few places of a series.

    It makes what comes in smaller, so that the next layer sees a wider part of it, and small shifts matter
    less. With a step smaller than the size, the squares overlap.

    Formula: y = max, min or mean of the values in a window

    Source: Weng, Ahuja and Huang, Cresceptron, 1992; overlapping: Krizhevsky, Sutskever and Hinton, 2012.
    """

    pooling: Pooling = "max"
    size: Annotated[
        int,
        Setting("Size", "Width and height of a square, or places of a series.", symbol="k", least=1, most=64),
    ] = 2
    stride: Annotated[
        Annotated[int, Setting("Step", "By how many places the window moves.", least=1, most=64)] | None,
        Setting("Step", "By how many places the window moves; by itself, as many as it is wide."),
    ] = None
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image", "series"})
    group: ClassVar[Group] = "Pictures and series"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the window is larger than what comes in."""
        sides = _sides(inputs)
        if min(remaining(sides, [self._window])) > 0:
            return ()
        what = (
            Message("a picture of {sides}", sides=" × ".join(map(str, sides)))
            if len(sides) == 2
            else Message("a series of {sides}", sides=sides[0])
        )
        return (
            Problem(
                "size", Message("leaves nothing of {what}; at most {most} fits", what=what, most=min(sides))
            ),
        )

    def effect(self, inputs: Inputs) -> Effect:
        """Return fewer places with as many channels."""
        # rounded down, as torch leaves out what fills no window at the edge
        left = remaining(_sides(inputs), [self._window])
        if inputs.kind == "series":
            # with the window, by which what follows knows where a shorter series ends now
            return Effect(Inputs("series", (*left, inputs.shape[1])), window=self._window)
        return Effect(Inputs("image", (inputs.shape[0], *left)))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the pooling."""
        if inputs.kind == "series":
            from engine.networks.listed import PlacesPooling

            return PlacesPooling(self.pooling, self._window)
        from engine.networks.images.pooling import pooling

        return pooling(self.pooling, self._window)

    @property
    def _window(self) -> Window:
        return Window(self.size, self.stride or self.size)


class GlobalPooling(ListedLayer, kind="global_pooling", title="Global pooling", rank=13):
    """One value of every channel for the whole picture or series, however large it is.

    It says how much of a pattern there is, no longer where, and needs no weights; it stands where a picture
    or series becomes a vector.

    Formula: y = mean or max over all places

    Source: Lin, Chen and Yan, Network in Network, 2014.
    """

    pooling: Annotated[
        Literal["average", "max"],
        Setting(
            "Pooling",
            "What is kept of all places.",
            options={"average": "the mean", "max": "the largest value"},
        ),
    ] = "average"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image", "series"})
    group: ClassVar[Group] = "Pictures and series"

    def effect(self, inputs: Inputs) -> Effect:
        """Return a number for every channel."""
        return Effect(vector(channels_of(inputs)))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the pooling."""
        from engine.networks.listed import PooledPlaces as Module

        # one module for both: of a series it has to know which places are there, of a picture all are
        return Module(self.pooling)


def _sides(inputs: Inputs) -> tuple[int, ...]:
    return inputs.shape[:1] if inputs.kind == "series" else inputs.shape[1:]
