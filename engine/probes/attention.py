"""Attention maps: which places look at which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.probes.probe import Arrays, Probe, Subject, as_lines
from engine.probes.texts import in_letters

if TYPE_CHECKING:
    from torch import Tensor

MOST_MAPS = 24
MOST_PLACES = 64


class AttentionMaps(Probe, kind="attention_maps", title="Attention maps"):
    """How every attention of the network spreads over the places of one validation example, head by head.

    Formula: A = softmax(Q Kᵀ / √d), each row adds up to 1

    Source: Vaswani et al., Attention Is All You Need, 2017; as a picture: Bahdanau, Cho and Bengio, Neural
    Machine Translation by Jointly Learning to Align and Translate, 2015.

    Arrays: `names` uint8, the attentions as UTF-8, a line each, in the order in which they run; for
    attention i, counted from 0, `map.i` float32 (heads, queries, keys); `inputs` uint8, the places of the
    example, between tabulators, and `outputs` those of its translation, where there is one.
    """

    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs have places one after the other."""
        return description.inputs.kind in ("tokens", "series")

    def measure(self, subject: Subject) -> Arrays:
        """Return the maps; none where the network has no attention."""
        import torch

        from engine.networks.sequences.attention import capturing

        examples = subject.data.validation
        chosen = min(self.example, len(examples) - 1)
        inputs = torch.from_numpy(examples.inputs[chosen : chosen + 1]).to(subject.device)
        translated = subject.description.targets.kind == "translation"
        targets = torch.from_numpy(examples.targets[chosen : chosen + 1]).to(subject.device)
        with capturing(subject.network) as maps:
            subject.network(inputs, targets[:, :-1]) if translated else subject.network(inputs)
        names = list(maps)[:MOST_MAPS]
        arrays: dict[str, NDArray[np.generic]] = {
            "names": as_lines(names),
            "inputs": as_lines([_places(subject, examples.inputs[chosen])]),
            "outputs": as_lines(_translation(subject, chosen)),
        }
        return arrays | {f"map.{index}": _map(maps[name]) for index, name in enumerate(names)}


def _map(weights: Tensor) -> NDArray[np.float32]:
    """Return (heads, queries, keys), at most so many places each way."""
    shown = weights[0, :, :MOST_PLACES, :MOST_PLACES].float().nan_to_num()
    return np.ascontiguousarray(shown.cpu().numpy())


def _translation(subject: Subject, chosen: int) -> tuple[str, ...]:
    """Return the translation of an example, where there is one."""
    if subject.description.targets.kind != "translation":
        return ()
    return (in_letters(subject, _tokens(subject.data.validation.targets[chosen])),)


def _places(subject: Subject, inputs: NDArray[np.generic]) -> str:
    """Return what stands at each place: a token, or which place of a series it is, from 1."""
    if subject.description.inputs.kind == "tokens":
        return in_letters(subject, _tokens(inputs))
    present = int((~np.isnan(inputs[:, 0].astype(np.float32))).sum())
    return "\t".join(str(place + 1) for place in range(present))


def _tokens(values: NDArray[np.generic]) -> NDArray[np.int64]:
    return values.astype(np.int64)
