"""The weights that are judged and kept, where they are not those that are stepped: means over many steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.learning.averaging import Averaging, RunProgress
from engine.networks.normalization import MOMENTUM, BatchNorm
from engine.training.assemble import Assembly
from engine.training.evaluate import batches_of, evaluating

if TYPE_CHECKING:
    from engine.training.learner import Learnt

MEAN = "average"
"""What the mean is called in checkpoints."""


class JudgedWeights:
    """What the network is given while it is judged; nothing where these are the weights that are stepped."""

    def __init__(self, assembly: Assembly, learnt: Sequence[Learnt]) -> None:
        """Stand before the first step."""
        self._assembly, self._learnt = assembly, learnt
        self._average: Tensor | None = None
        self._leads = any(one.optimizer.lead(one.state, one.settings) is not None for one in learnt)
        # what a pass over the training part found lasts until the next step
        self._found: tuple[int, dict[str, Tensor]] | None = None
        self.adopt(assembly.experiment.training.averaging)

    def adopt(self, averaging: Averaging) -> None:
        """Average so from now on; where nothing was averaged, the mean begins with the weights of now."""
        self._averaging, self._found = averaging, None
        self.hold_mean(averaging.averages)

    def hold_mean(self, wanted: bool) -> None:
        """Have a mean or none, whatever the averaging says: as a checkpoint has that is to be loaded."""
        if not wanted:
            self._average = None
        elif self._average is None:
            self._average = self._ahead().clone()

    @property
    def averages(self) -> bool:
        """Return whether there is a mean into which the weights after each step are taken up."""
        return self._average is not None

    @property
    def differ(self) -> bool:
        """Return whether the judged weights are others than those that are stepped."""
        return self._leads or self.averages

    def note_step(self, progress: RunProgress) -> None:
        """Take the weights after a step up into the mean; nothing waits."""
        if self._average is not None and (share := self._averaging.share(progress)):
            self._average.lerp_(self._ahead(), share)

    @contextmanager
    def shown(self, step: int) -> Iterator[None]:
        """Let the network have the weights that are judged after `step`, and afterwards its own again."""
        if not self.differ:
            yield
            return
        own = {name: tensor.clone() for name, tensor in self._present().items()}
        self.put(step)
        try:
            yield
        finally:
            self._copy(own)

    def put(self, step: int) -> None:
        """Give the network the weights that are judged, for good: at the end of a run."""
        if not self.differ:
            return
        if self._found is not None and self._found[0] == step:
            self._copy(self._found[1])
            return
        average = self._ahead() if self._average is None else self._average
        self._assembly.flat.parameters.copy_(average)
        self._renew_statistics()
        self._found = step, {name: tensor.clone() for name, tensor in self._present().items()}

    def tensors(self) -> dict[str, Tensor]:
        """Return what a checkpoint holds of the mean; empty where there is none."""
        # it may be filled with another step's: what was found of this one no longer holds
        self._found = None
        return {} if self._average is None else {MEAN: self._average}

    def _ahead(self) -> Tensor:
        parts = [one.ahead() for one in self._learnt]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _present(self) -> dict[str, Tensor]:
        statistics = {
            f"{number}.{name}": tensor
            for number, module in enumerate(self._normalizing())
            for name, tensor in module.named_buffers()
        }
        return {"parameters": self._assembly.flat.parameters, **statistics}

    def _copy(self, tensors: dict[str, Tensor]) -> None:
        for name, tensor in self._present().items():
            tensor.copy_(tensors[name])

    def _normalizing(self) -> list[BatchNorm]:
        model = self._assembly.model
        modules = model.network.modules()
        return [one for one in modules if isinstance(one, BatchNorm) and one not in model.resting]

    def _renew_statistics(self) -> None:
        """Work the statistics of batch normalization out for the weights there are, from the training part.

        Those of the stepped weights do not fit a mean of many (Izmailov et al. 2018, section 3.2). Each is
        the mean over batches, weighted by their size. Nothing is drawn: all other layers are in evaluation.
        """
        normalizing, model, seen = self._normalizing(), self._assembly.model, 0
        if not normalizing:
            return
        inputs, targets = self._assembly.inputs["train"], self._assembly.targets["train"]
        with evaluating(model):
            for module in normalizing:
                module.training = True
            for rows in batches_of(len(inputs), model.numbers):
                some = inputs[rows].to(model.device.torch)
                seen += len(some)
                for module in normalizing:
                    module.momentum = len(some) / seen
                model.task.answer(model.network, model.batch(some, targets[rows].to(some.device)))
            for module in normalizing:
                module.momentum, module.training = MOMENTUM, False
