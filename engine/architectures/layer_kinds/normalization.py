"""Normalizations and dropout: what steadies the training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer, alone, channels_of
from engine.choices import Message, Problem, Setting
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn

_ANY: frozenset[InputKind] = frozenset({"vector", "image", "series"})


class BatchNormalization(ListedLayer, kind="batch_normalization", title="Batch normalization", rank=30):
    """Brings each channel to mean 0 and variance 1 over the batch and all places, then scales and shifts it.

    It allows larger learning rates. It stands between a layer without activation and its activation. In
    evaluation, running means stand for those of the batch.

    Formula: y = γ (x − mean) / √(variance + ε) + β

    Source: Ioffe and Szegedy, Batch Normalization, 2015.
    """

    accepts: ClassVar[frozenset[InputKind]] = _ANY
    group: ClassVar[Group] = "Normalization and dropout"

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in; a scale and a shift for each channel are learnt."""
        # the running means are kept and not learnt, so that they count as no parameters
        return Effect(inputs, 2 * channels_of(inputs))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the normalization."""
        from engine.networks.listed import normalized

        return normalized("batch", inputs.kind, channels_of(inputs))


class LayerNormalization(ListedLayer, kind="layer_normalization", title="Layer normalization", rank=31):
    """Brings each example, or each place of a series, to mean 0 and variance 1, then scales and shifts it.

    It does not look at other examples, so that it does the same in training and evaluation.

    Formula: y = γ (x − mean) / √(variance + ε) + β

    Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
    """

    accepts: ClassVar[frozenset[InputKind]] = _ANY
    group: ClassVar[Group] = "Normalization and dropout"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where there is one number only, which is its own mean."""
        # a series at every place by itself, a picture as a whole; no setting is to blame, so there is no path
        return alone("", channels_of(inputs) if inputs.kind == "series" else inputs.size)

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in; a scale and a shift for each channel are learnt."""
        return Effect(inputs, 2 * channels_of(inputs))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the normalization."""
        from engine.networks.listed import normalized

        return normalized("layer", inputs.kind, channels_of(inputs))


class GroupNormalization(ListedLayer, kind="group_normalization", title="Group normalization", rank=32):
    """Brings groups of channels of each example to mean 0 and variance 1, then scales and shifts them.

    It stands between layer normalization (one group) and one group for each channel, and does not depend
    on the batch.

    Formula: y = γ (x − mean) / √(variance + ε) + β, in every group

    Source: Wu and He, Group Normalization, 2018.
    """

    groups: Annotated[
        int, Setting("Groups", "Into how many groups the channels are divided.", least=1, most=2048)
    ] = 4
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image"})
    group: ClassVar[Group] = "Normalization and dropout"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the channels cannot be divided so, or a group is a single number."""
        channels = channels_of(inputs)
        if channels % self.groups:
            fitting = ", ".join(str(count) for count in range(1, channels + 1) if channels % count == 0)
            return (
                Problem(
                    "groups",
                    Message(
                        "{channels} channels cannot be divided into {groups}; fitting: {fitting}",
                        channels=channels,
                        groups=self.groups,
                        fitting=fitting,
                    ),
                ),
            )
        return alone("groups", inputs.size // self.groups)

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in; a scale and a shift for each channel are learnt."""
        return Effect(inputs, 2 * channels_of(inputs))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the normalization."""
        from engine.networks.listed import GroupNorm

        return GroupNorm(self.groups, channels_of(inputs))


class DropoutLayer(ListedLayer, kind="dropout", title="Dropout", rank=33):
    """Sets numbers to 0 at random in every training step, so that none is relied on alone.

    Formula: y = x m / (1 − p), m = 0 with probability p, else 1

    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout, 2014; dropout of filters:
    Tompson, Goroshin, Jain, LeCun and Bregler, Efficient Object Localization Using Convolutional Networks,
    2015; SELU and alpha dropout: Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural
    Networks, 2017.
    """

    share: Annotated[
        float,
        Setting("Share", "Share of numbers set to 0 in training.", symbol="p", least=0, below=1, live=True),
        # what the paper takes for hidden units
    ] = 0.5
    form: Annotated[
        Literal["plain", "channels", "alpha"],
        Setting(
            "Kind of dropout",
            "What is set to 0.",
            options={
                "plain": "single numbers",
                # Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015
                "channels": "whole channels of a picture or series (spatial)",
                # Klambauer et al., Self-Normalizing Neural Networks, 2017
                "alpha": "alpha, after SELU: its lowest value instead of 0; means and variances stay",
            },
            live=True,
        ),
    ] = "plain"
    accepts: ClassVar[frozenset[InputKind]] = _ANY
    group: ClassVar[Group] = "Normalization and dropout"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where there are no channels."""
        if self.form == "channels" and inputs.kind == "vector":
            return (Problem("form", "a vector has no channels; take plain"),)
        return ()

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in."""
        return Effect(inputs)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the dropout."""
        from engine.networks.dropping import dropout

        shared = self.form == "channels" and inputs.kind == "series"
        return dropout("shared" if shared else self.form, self.share)
