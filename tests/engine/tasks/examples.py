"""Small batches and networks for every task."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from engine.data.description import Targets
from engine.learning.losses.loss import Loss
from engine.tasks.task import Batch, Task

LENGTH = 6
VOCABULARY = 12
TARGETS = {
    "classes": Targets("classes", ("label",), ("a", "b", "c")),
    "labels": Targets("labels", ("label",), ("a", "b", "c")),
    "numbers": Targets("numbers", ("u", "v"), mean=(0.0, 0.0), scale=(1.0, 1.0)),
    "tags": Targets("tags", ("tag",), ("O", "B-a", "I-a", "B-b", "I-b"), length=LENGTH),
    "tokens": Targets("tokens", ("text",), length=LENGTH, vocabulary=VOCABULARY),
    "translation": Targets("translation", ("es",), length=LENGTH + 1, vocabulary=VOCABULARY),
}


def texts(rows: int, seed: int, length: int = LENGTH) -> Tensor:
    """Texts of ordinary tokens, of lengths from 2 to `length`, then padding; the first is full."""
    rng = np.random.default_rng(seed)
    found = rng.integers(5, VOCABULARY, (rows, length))
    lengths = [length, *rng.integers(2, length + 1, rows - 1)]
    for row, end in enumerate(lengths):
        found[row, end:] = 0
    return torch.from_numpy(found)


def batch_for(task: Task, rows: int = 7, seed: int = 0) -> Batch:
    """A batch of data such as the task has, tokens wherever it takes nothing else."""
    rng = np.random.default_rng(seed)
    facts = TARGETS[task.target]
    if task.form == "example":
        truth = rng.integers(0, 3, rows) if task.target == "classes" else rng.normal(size=(rows, facts.size))
        truth = truth > 0 if task.target == "labels" else truth
        inputs = torch.from_numpy(rng.normal(size=(rows, 4))).float()
        return Batch(inputs, torch.from_numpy(truth.astype(truth.dtype if truth.ndim == 1 else "f4")), facts)
    inputs = texts(rows, seed)
    if task.target == "tags":
        tags = torch.from_numpy(rng.integers(0, len(facts.classes), inputs.shape))
        return Batch(inputs, tags.masked_fill(inputs == 0, -1), facts)
    if task.target == "translation":
        return Batch(inputs, translations(rows, seed + 1), facts)
    return Batch(inputs, inputs, facts)


def translations(rows: int, seed: int) -> Tensor:
    """START, tokens, END, then PADDING, (rows, LENGTH + 1)."""
    found = texts(rows, seed, LENGTH - 1)
    ended = nn.functional.pad(found, (0, 1))
    ends = (found != 0).sum(1, keepdim=True)
    return nn.functional.pad(ended.scatter(1, ends, 3), (1, 0), value=2)


class Places(nn.Module):
    """A causal network without memory: outputs at a place depend on the token there and the source's sum."""

    def __init__(self, task: Task, size: int) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = nn.Embedding(VOCABULARY, size)
        self.source = nn.Embedding(VOCABULARY, size, padding_idx=0) if task.form == "translation" else None
        self.seen: list[Tensor] = []

    def forward(self, inputs: Tensor, second: Tensor | None = None) -> Tensor:
        """`second`: the translation so far, or the places that are asked for."""
        self.seen.append(inputs)
        if self.source is None:
            return self.table(inputs if second is None else inputs.gather(1, second))
        assert second is not None
        return self.table(second) + self.source(inputs).sum(1, keepdim=True)


def network_for(task: Task, loss: Loss) -> nn.Module:
    """The smallest network whose outputs fit."""
    facts = TARGETS[task.target]
    torch.manual_seed(1)
    return nn.Linear(4, loss.outputs(facts)) if task.form == "example" else Places(task, loss.outputs(facts))
