"""Attention maps: which places look at which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.probes.probe import Probe, Subject
from engine.probes.texts import in_letters

if TYPE_CHECKING:
    from torch import Tensor

    from engine.networks.sequences.attention import Role

MOST_MAPS = 24
MOST_PLACES = 64


@dataclass(frozen=True, eq=False)
class AttentionMap:
    """The weights (heads, queries, keys) of one attention, and what stands at the queries and at the keys.

    There may be fewer names than places: the others are padding.
    """

    name: str
    weights: NDArray[np.float32]
    queries: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(
        cls,
        name: str,
        role: Role,
        weights: NDArray[np.float32],
        given: tuple[str, ...],
        written: tuple[str, ...],
    ) -> Self:
        """Return the map of a part of the network that looks at what was given or at what it has written."""
        queries = given if role == "self" else written
        keys = written if role == "decoder" else given
        return cls(name, weights, queries[: weights.shape[1]], keys[: weights.shape[2]])


@dataclass(frozen=True, eq=False)
class AttentionWeights:
    """The attentions of a network, in the order in which they run."""

    maps: tuple[AttentionMap, ...]


class AttentionMaps(Probe, kind="attention_maps", title="Attention maps"):
    """How every attention of the network spreads over the places of one validation example, head by head.

    Formula: A = softmax(Q Kᵀ / √d), each row adds up to 1

    Source: Vaswani et al., Attention Is All You Need, 2017; as a picture: Bahdanau, Cho and Bengio, Neural
    Machine Translation by Jointly Learning to Align and Translate, 2015.
    """

    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs have places one after the other."""
        return description.inputs.kind in ("tokens", "series")

    def measure(self, subject: Subject) -> AttentionWeights:
        """Return the maps; none where the network has no attention."""
        import torch

        from engine.networks.sequences.attention import attentions, capturing

        examples = subject.data.validation
        chosen = min(self.example, len(examples) - 1)
        inputs = torch.from_numpy(examples.inputs[chosen : chosen + 1]).to(subject.device)
        translated = subject.description.targets.kind == "translation"
        targets = torch.from_numpy(examples.targets[chosen : chosen + 1]).to(subject.device)
        with capturing(subject.network) as maps:
            # without the last token: the decoder gets a token and says the next
            subject.network(inputs, targets[:, :-1]) if translated else subject.network(inputs)
        given = _positions(subject, examples.inputs[chosen])
        written = in_letters(subject, examples.targets[chosen].astype(np.int64)) if translated else ()
        modules = attentions(subject.network)
        return AttentionWeights(
            tuple(
                AttentionMap.of(name, modules[name].role, _shown(weights), given, written)
                for name, weights in list(maps.items())[:MOST_MAPS]
            )
        )


def _shown(weights: Tensor) -> NDArray[np.float32]:
    """Return (heads, queries, keys), at most so many positions each way."""
    # weights of a run that diverges are NaN, which no colour stands for
    part = weights[0, :, :MOST_PLACES, :MOST_PLACES].float().nan_to_num()
    return np.ascontiguousarray(part.cpu().numpy())


def _positions(subject: Subject, inputs: NDArray[np.generic]) -> tuple[str, ...]:
    """Return what stands at each position: a token, or which position of a series it is, from 1."""
    if subject.description.inputs.kind == "tokens":
        return in_letters(subject, inputs.astype(np.int64))
    # after the end of a series every channel is NaN, so that one channel tells
    present = int((~np.isnan(inputs[:, 0].astype(np.float32))).sum())
    return tuple(str(position + 1) for position in range(present))
