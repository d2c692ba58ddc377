"""The kept model of a run: its weights with the network that they belong to.

Whatever judges or predicts asks for `Weights`: those that were kept, or those of a moment (`repeating/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from engine.atomic import write_bytes
from engine.choices import Invalid, Message, Problem
from engine.data.description import PARTS, Description
from engine.data.preprocessor import Preprocessor
from engine.edits import with_edits
from engine.experiment import Experiment
from engine.runs.folder import MOST_JSON, RunFolder
from engine.runs.recipe import read_edits

if TYPE_CHECKING:
    from engine.training.model import Model

_MOST_WEIGHTS = 1 << 40


def save_model(folder: RunFolder, model: Model) -> None:
    """Write the kept weights: the same weights give the same bytes, for nothing else is in the file."""
    from safetensors.torch import save

    write_bytes(folder.model, save(model.tensors()))


def read_weights(folder: RunFolder) -> dict[str, Any]:
    """Return the kept weights as tensors; raises Invalid where there are none, or they are damaged."""
    if not folder.model.exists():
        raise Invalid(
            [
                Problem(
                    "",
                    Message(
                        "{path} has no weights yet: the run has not ended; resume it first", path=folder.path
                    ),
                )
            ]
        )
    content = folder.read_bytes(folder.model, _MOST_WEIGHTS)
    # only now: this loads torch, for which a refusal need not wait
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return dict(load(content))
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise Invalid([Problem("model.safetensors", Message("is damaged: {error}", error=error))]) from None


class Weights(Protocol):
    """Weights of a run that its network can be given."""

    def model(self, experiment: Experiment, description: Description) -> Model:
        """Return the network of the run's experiment with these weights. Raises Invalid."""


class KeptWeights:
    """The weights that a run kept at its end, read at once: there may be none yet."""

    def __init__(self, folder: RunFolder) -> None:
        """Raise Invalid where there are none."""
        self._tensors, self._edits = read_weights(folder), read_edits(folder)

    def model(self, experiment: Experiment, description: Description) -> Model:
        """Return the network with these weights. Raises Invalid where it does not fit them."""
        # outputs may be read otherwise by another number of the loss
        return model_of(with_edits(experiment, self._edits), description, self._tensors)


def described(folder: RunFolder, preprocessor: Preprocessor) -> Description:
    """Return the facts about a run's data, as its folder has them; raises Invalid where that is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        rows = load(folder.read_bytes(folder.split, MOST_JSON))
        counts = [len(rows[part]) for part in PARTS]
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise Invalid([Problem("split.safetensors", Message("is damaged: {error}", error=error))]) from None
    return Description(preprocessor.received, preprocessor.predicted, *counts)


def model_of(experiment: Experiment, description: Description, weights: Mapping[str, Any]) -> Model:
    """Return the network of an experiment with these weights, on the device that there is.

    Raises Invalid with every problem between the two and the data: a folder may hold anything.
    """
    from engine.training.devices import pick
    from engine.training.model import build_model

    experiment.refuse_misfits(description)
    # A run of a card can be used where there is none.
    device = pick("cpu" if experiment.training.device == "cpu" else "auto")
    model = build_model(experiment, description, device)
    model.load(weights)
    return model
