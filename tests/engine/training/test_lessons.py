"""The lessons' own networks beside plain scripts of torch: the same weights and batches, the same losses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from engine.command_line.experiments import load
from engine.data.batches import order
from engine.data.prepared import Prepared
from engine.experiment import Experiment
from tests.engine.training.support import Ran, assembled, experiment_of, made_of, prepared_for, run

STEPS = 100
SMALL_LSTM = {
    "kind": "lstm",
    "layers": 1,
    "width": 16,
    "bidirectional": False,
    "pooling": "last",
    "dropout": 0.0,
}


def plain_losses(
    network: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    optimizer: torch.optim.Optimizer,
    batches: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    """The loop of every lesson: forward, loss, backward, update."""
    losses = []
    for inputs, targets in batches:
        optimizer.zero_grad()
        value = loss(network(inputs), targets)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def batches_of(prepared: Prepared, experiment: Experiment) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches in the order in which the run takes them."""
    part, size = prepared.train, experiment.training.batch_size
    inputs, targets = torch.from_numpy(part.inputs), torch.from_numpy(np.asarray(part.targets))
    taken = 0
    for epoch in range(STEPS):
        whole = [np.arange(len(inputs))]
        for rows in whole if size == "all" else order(len(inputs), int(size), experiment.seed, epoch):
            if taken == STEPS:
                return
            taken += 1
            yield inputs[rows], targets[rows]


def same_start(network: nn.Module, experiment: Experiment, prepared: Prepared, names: dict[str, str]) -> None:
    """Give a plain network the weights that the run begins with; `names`: ours by theirs."""
    ours = dict(assembled(experiment, prepared).model.network.named_parameters())
    theirs = dict(network.named_parameters())
    assert set(names) == set(theirs)
    assert set(names.values()) == set(ours)
    with torch.no_grad():
        for name, own in names.items():
            theirs[name].copy_(ours[own])


def in_order(network: nn.Module, experiment: Experiment, prepared: Prepared) -> dict[str, str]:
    """Return our names by theirs, where both networks hold their parameters in the same order."""
    ours = [name for name, _ in assembled(experiment, prepared).model.network.named_parameters()]
    return dict(zip((name for name, _ in network.named_parameters()), ours, strict=True))


def agree(ran: Ran, losses: list[float]) -> None:
    ours = list(ran.series["loss"].values())[:STEPS]
    assert len(ours) == len(losses) == STEPS
    np.testing.assert_allclose(ours, losses, rtol=1e-5, atol=1e-5)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("preset", "sizes", "rate", "epsilon"),
    [("warm_up_10_5_2", (10, 5, 2), 0.01, 1e-7), ("warm_up_10_20_10", (10, 20, 10), 0.001, 1e-8)],
)
def test_that_a_warm_up_is_the_plain_script(
    preset: str, sizes: tuple[int, int, int], rate: float, epsilon: float
) -> None:
    experiment = load(preset, [f"training.epochs={STEPS}", "training.device=cpu"])
    prepared = prepared_for(experiment)
    inputs, hidden, outputs = sizes
    network = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    same_start(network, experiment, prepared, in_order(network, experiment, prepared))
    optimizer = torch.optim.Adam(network.parameters(), rate, eps=epsilon)
    losses = plain_losses(network, nn.MSELoss(), optimizer, batches_of(prepared, experiment))
    agree(run(experiment, prepared=prepared), losses)


def test_that_convolutions_from_3_to_32_to_64_channels_are_the_plain_script() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 96)
    pictures = random.normal(size=(96, 3, 8, 8)) + 0.7 * labels[:, None, None, None]
    prepared = made_of(pictures, labels, validation=32, classes=3)
    experiment = experiment_of(
        {
            "data": {"kind": "sample", "name": "digits"},
            "architecture": {"kind": "cnn", "channels": [32, 64], "dense": []},
            "optimizer": {"kind": "momentum", "learning_rate": 0.01, "momentum": 0.9},
            "training": {"epochs": 50, "batch_size": 32},
        }
    )
    network = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 3),
    )  # fmt: skip
    same_start(network, experiment, prepared, in_order(network, experiment, prepared))
    optimizer = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9)
    losses = plain_losses(network, nn.CrossEntropyLoss(), optimizer, batches_of(prepared, experiment))
    agree(run(experiment, prepared=prepared), losses)


class LstmClassifier(nn.Module):
    """An LSTM reads a series; what it remembers at its end is classified."""

    def __init__(self, channels: int, width: int, classes: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, width, batch_first=True)
        self.output = nn.Linear(width, classes)

    def forward(self, series: Tensor) -> Any:
        lengths = (~series[..., 0].isnan()).sum(1)
        packed = pack_padded_sequence(series.nan_to_num(), lengths, batch_first=True, enforce_sorted=False)
        _, (state, _) = self.lstm(packed)
        return self.output(state[-1])


def test_that_a_classifier_with_an_lstm_is_the_plain_script() -> None:
    experiment = experiment_of(
        {
            "data": {"kind": "sample", "name": "japanese_vowels"},
            "architecture": SMALL_LSTM,
            "optimizer": {"kind": "adam", "learning_rate": 0.01},
            "training": {"epochs": 16, "batch_size": 32},
        }
    )  # fmt: skip
    prepared = prepared_for(experiment)
    network = LstmClassifier(12, 16, 9)
    cell = {f"lstm.{name}_{way}_l0": f"body.layer_1.ahead.{name}_{way}"
            for name in ("weight", "bias") for way in ("ih", "hh")}  # fmt: skip
    names = {**cell, "output.weight": "output.weight", "output.bias": "output.bias"}
    same_start(network, experiment, prepared, names)
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    losses = plain_losses(network, nn.CrossEntropyLoss(), optimizer, batches_of(prepared, experiment))
    agree(run(experiment, prepared=prepared), losses)
