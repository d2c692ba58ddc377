"""Hidden states and gates of recurrent networks over one example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import PADDING, Description
from engine.probes.probe import Probe, Subject
from engine.probes.texts import in_letters

if TYPE_CHECKING:
    from torch import Tensor

MOST_UNITS = 64
MOST_PLACES = 128


@dataclass(frozen=True, eq=False)
class StateCourse:
    """What one layer remembers, or one of its gates, position by position: (positions, units).

    `what` is "hidden", "cell" or the name of a gate.
    """

    layer: str
    what: str
    values: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class StateCourses:
    """The courses of every recurrent layer over one example, and what stands at its positions."""

    positions: tuple[str, ...]
    courses: tuple[StateCourse, ...]


class RecurrentStates(Probe, kind="recurrent_states", title="Hidden state and gates"):
    """What every recurrent layer remembers while it reads one validation example, and how its gates move."""

    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs have places one after the other."""
        return description.inputs.kind in ("tokens", "series")

    def measure(self, subject: Subject) -> StateCourses:
        """Return the courses; none where the network has no recurrent layer."""
        import torch

        from engine.networks.sequences.recurrent_traces import traces

        examples = subject.data.validation
        # a number that was chosen for other data may lie beyond the end
        inputs = examples.inputs[min(self.example, len(examples) - 1)]
        positions, shown = _beginning(subject, inputs)
        found = traces(subject.network, torch.from_numpy(shown).to(subject.device))
        return StateCourses(
            positions,
            tuple(
                StateCourse(layer, what, _shown(values))
                for layer, course in found.items()
                for what, values in course.items()
            ),
        )


def _shown(values: Tensor) -> NDArray[np.float32]:
    # weights of a run that diverges are NaN, which no colour stands for
    part = values[:MOST_PLACES, :MOST_UNITS].float().nan_to_num()
    return np.ascontiguousarray(part.cpu().numpy())


def _beginning(subject: Subject, inputs: NDArray[np.generic]) -> tuple[tuple[str, ...], NDArray[np.generic]]:
    """Return what stands at the first places of an example, and these alone: long ones take time."""
    if subject.description.inputs.kind == "tokens":
        tokens = inputs[inputs != PADDING][:MOST_PLACES].astype(np.int64)
        return in_letters(subject, tokens), tokens
    series = inputs.astype(np.float32)
    # after the end of a series every channel is NaN, so that one channel tells
    series = series[~np.isnan(series[:, 0])][:MOST_PLACES]
    return tuple(str(position + 1) for position in range(len(series))), series
