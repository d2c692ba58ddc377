"""Hidden states and gates of recurrent networks over one example."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import PADDING, Description
from engine.probes.probe import Arrays, Probe, Subject, as_lines
from engine.probes.texts import in_letters

MOST_UNITS = 64
MOST_PLACES = 128


class RecurrentStates(Probe, kind="recurrent_states", title="Hidden state and gates"):
    """What every recurrent layer remembers while it reads one validation example, and how its gates move.

    Arrays: `names` uint8, layers and what is shown of them as UTF-8, a line each: layer, tabulator, "hidden",
    "cell" or a gate's name; for line i, counted from 0, `course.i` float32 (places, units); `places` uint8,
    what stands at each place, between tabulators.
    """

    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs have places one after the other."""
        return description.inputs.kind in ("tokens", "series")

    def measure(self, subject: Subject) -> Arrays:
        """Return the courses; none where the network has no recurrent layer."""
        import torch

        from engine.networks.sequences.recurrent_traces import traces

        examples = subject.data.validation
        inputs = examples.inputs[min(self.example, len(examples) - 1)]
        places, shown = _beginning(subject, inputs)
        found = traces(subject.network, torch.from_numpy(shown).to(subject.device))
        courses = {
            f"{layer}\t{what}": values for layer, course in found.items() for what, values in course.items()
        }
        arrays: dict[str, NDArray[np.generic]] = {"names": as_lines(courses), "places": as_lines([places])}
        for index, values in enumerate(courses.values()):
            part = values[:MOST_PLACES, :MOST_UNITS].float().nan_to_num()
            arrays[f"course.{index}"] = np.ascontiguousarray(part.cpu().numpy())
        return arrays


def _beginning(subject: Subject, inputs: NDArray[np.generic]) -> tuple[str, NDArray[np.generic]]:
    """Return what stands at the first places of an example, and these alone: long ones take time."""
    if subject.description.inputs.kind == "tokens":
        tokens = inputs[inputs != PADDING][:MOST_PLACES].astype(np.int64)
        return in_letters(subject, tokens), tokens
    series = inputs.astype(np.float32)
    series = series[~np.isnan(series[:, 0])][:MOST_PLACES]
    return "\t".join(str(place + 1) for place in range(len(series))), series
