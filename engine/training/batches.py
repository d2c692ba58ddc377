"""The training part as the loop takes it: a batch for each step, on the device."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.batches import Cutting, drawn, order


class TrainingBatches:
    """The examples of the training part in the order of (seed, "order", epoch).

    Where the tensors lie in the memory of the machine, because the device has too little, each batch is put
    together there and moved: the numbers are the same, only later. Where they lie on the disk, the next batch
    is read by a thread of its own while the step before it is taken.
    """

    def __init__(
        self,
        tensors: tuple[Tensor, ...],
        *,
        cutting: Cutting,
        seed: int,
        device: torch.device,
        chances: NDArray[np.float64] | None = None,
        on_disk: bool = False,
    ) -> None:
        """Take inputs (N, *shape), targets (N, ...) and, where there are some, weights (N,) of all examples.

        Batches of them are given on `device`. `chances` (N,): how likely each example is drawn, where not
        each occurs once an epoch.
        """
        self.count = len(tensors[0])
        self.cutting, self._tensors = cutting, tensors
        self._seed, self._device = seed, device
        self._chances = chances
        self._place = tensors[0].device
        self._away = self._place.type != device.type
        self._epoch = -1
        self._rows: Tensor | None = None
        self._reader = ThreadPoolExecutor(1, "batches") if on_disk else None
        self._next: tuple[int, Future[tuple[Tensor, ...]]] | None = None

    def of(self, step: int) -> tuple[Tensor, ...]:
        """Return inputs, targets, and weights if any, of what `step` (from 0) learns from, on the device."""
        found = self._gathered(step) if self._reader is None else self._read(self._reader, step)
        return tuple(one.to(self._device) for one in found) if self._away else found

    def _read(self, reader: ThreadPoolExecutor, step: int) -> tuple[Tensor, ...]:
        """Return the batch of that step, which was read meanwhile, and let the next one be read."""
        if self._next is None or self._next[0] != step:
            self._next = step, reader.submit(self._gathered, step)
        found = self._next[1].result()
        # one thread alone: it works out the order of an epoch, too, and nobody else meanwhile
        self._next = step + 1, reader.submit(self._gathered, step + 1)
        return found

    def _gathered(self, step: int) -> tuple[Tensor, ...]:
        epoch, start, end = self.cutting.place(step)
        # else every example as it lies, without a copy
        if end - start < self.count or self._chances is not None:
            if epoch != self._epoch or self._rows is None:
                self._rows, self._epoch = self._order(epoch), epoch
            rows = self._rows[start:end]
            return tuple(one.index_select(0, rows) for one in self._tensors)
        return self._tensors

    def draw_by(self, chances: NDArray[np.float64] | None) -> None:
        """Draw what is left of the epoch, and all that follow, by other chances (N,); None: each once."""
        self._forget_next()
        self._chances, self._epoch = chances, -1

    def cut_by(self, cutting: Cutting) -> None:
        """Cut the order of epochs otherwise from now on."""
        self._forget_next()
        self.cutting = cutting

    def size(self, step: int) -> int:
        """Return how many examples that batch has."""
        _, start, end = self.cutting.place(step)
        return end - start

    def _forget_next(self) -> None:
        """Forget the batch that was read in advance, and wait for who reads it."""
        if self._next is not None:
            # it may be working the order out this very moment
            wait([self._next[1]])
            self._next = None

    def _order(self, epoch: int) -> Tensor:
        """Return the rows of an epoch in their order, where the data lies: one transfer for all batches."""
        # cut into a single batch, as the size may change within the epoch
        if self._chances is None:
            (rows,) = order(self.count, self.count, self._seed, epoch)
        else:
            (rows,) = drawn(self._chances, "all", self._seed, epoch)
        return torch.tensor(rows, device=self._place)
