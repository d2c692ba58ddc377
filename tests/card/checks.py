"""The checks themselves: of what the program ships, its architectures, presets and tests for a card."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import nn

from engine.choices import Family
from engine.events import Event
from engine.experiment import Experiment
from engine.experiment_file import read
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.selftest.small import experiment_with
from engine.training.assemble import Assembly, assemble
from engine.training.control import Control
from engine.training.devices import Device, settled
from engine.training.footprint import COPIES, numbers_held
from engine.training.loop import train
from engine.training.model import build_model, wide
from tests.card.checkup import Check, Found

ROOT = Path(__file__).resolve().parents[2]
_RESUMED = ("mlp", "cnn", "lstm", "transformer_encoder", "transformer")
"""Networks whose runs are cut and gone on with: one of each sort of kernel of cuDNN and of attention."""
_PRESETS = {
    "MLP 4×512": ("fashion_mnist_cnn", {"architecture": {"kind": "mlp", "hidden": [512] * 4}}),
    "ResNet": ("fashion_mnist_resnet", {"regularizers": []}),
    "Transformer": ("film_sentences_transformer", {}),
}
_ROUNDS = 3


def checks(device: Device, place: Path, *, few: bool) -> Iterator[Check]:
    """Yield every check, the most telling first; `few` takes fewer steps, to try the checks themselves."""
    yield Check("tests", "pytest -m gpu", _tests, 90, needs_card=True)
    for kind in _RESUMED:
        yield Check("exact resume", kind, partial(_resumed, kind, device, place), 12)
    for name in _PRESETS:
        yield Check("speed", name, partial(_speed, name, device, 1 if few else 4, 1 if few else _ROUNDS), 45)
    for name in _PRESETS:
        yield Check("memory", name, partial(_memory, name, device), 10, needs_card=True)
    for kind in Family.every["architectures"]:
        yield Check("one epoch", kind, partial(_one_epoch, kind, device, place), 8)


def _tests(left: float) -> Found:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "gpu", "tests/engine", "-p", "no:cacheprovider"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=left)
    last = next(iter(ended.stdout.strip().splitlines()[-1:]), "")
    if ended.returncode:
        print(ended.stdout[-6000:])
        raise RuntimeError(last)
    return Found(last, {})


def _small(kind: str, device: Device, place: Path, epochs: int) -> Experiment:
    experiment = experiment_with(Family.every["architectures"][kind], place)
    return experiment.replaced(training=experiment.training.replaced(epochs=epochs, device=device.kind))


def _one_epoch(kind: str, device: Device, place: Path, _left: float) -> Found:
    folder = create(place / "runs", _small(kind, device, place, 1))
    began = time.perf_counter()
    losses = _run(folder, None)
    taken = time.perf_counter() - began
    if not losses or not all(loss == loss for loss in losses):
        raise RuntimeError("the loss is no number")
    return Found(f"loss {losses[-1]:.3g}", {"loss": losses[-1], "seconds": taken})


def _resumed(kind: str, device: Device, place: Path, _left: float) -> Found:
    """Train with and without a cut; raise where the weights differ in a single bit."""
    experiment = _small(kind, device, place, 2)
    whole, cut = (create(place / "runs", experiment) for _ in range(2))
    _run(whole, None)
    _run(cut, 5)
    _run(cut, None)
    if whole.model.read_bytes() != cut.model.read_bytes():
        raise RuntimeError("the weights differ from those of an uninterrupted run")
    return Found("equal to the bit", {})


def _run(folder: RunFolder, steps: int | None) -> list[float]:
    """Train so many steps, or all; return the losses that were told. Raises RuntimeError where it fails."""
    control, losses = Control(), list[float]()
    if steps is not None:
        control.advance(steps)

    def say(event: Event) -> None:
        if getattr(event, "state", "") == "paused":
            control.interrupt()
        for block in getattr(event, "blocks", ()):
            if block.series == "loss":
                losses.extend(map(float, block.values))

    ended = execute(folder, control, say)
    if ended.state not in ("finished", "interrupted"):
        raise RuntimeError(ended.why)
    return losses


# ------------------------------------------------------------------------------- beside a bare loop


def _assembly(name: str, device: Device, epochs: int) -> Assembly:
    preset, changes = _PRESETS[name]
    values: dict[str, Any] = read(ROOT / "resources" / "presets" / f"{preset}.toml").model_dump() | changes
    values["training"] |= {"epochs": epochs, "device": device.kind, "keep": "last"}
    return assemble(Preparations().plan(Experiment.model_validate(values)), device)


def _speed(name: str, device: Device, epochs: int, rounds: int, _left: float) -> Found:
    """Take the same steps with our loop and with a bare one in turn, in an order that turns round."""
    ways: dict[str, Callable[[Assembly], None]] = {"ours": _ours, "bare": _bare}
    figures: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(-1 if rounds > 1 else 0, rounds):  # -1 does not count: cuDNN looks for its kernels
        for way in sorted(ways, reverse=bool(number % 2)):
            assembly = _assembly(name, device, epochs)
            steps = assembly.epochs * assembly.plan.steps_per_epoch
            _wait(device)
            began = time.perf_counter()
            with settled(device, torch.get_num_threads()):
                ways[way](assembly)
            _wait(device)
            if number >= 0:
                figures[way].append(steps / (time.perf_counter() - began))
    ratio = median(ours / bare for ours, bare in zip(figures["ours"], figures["bare"], strict=True))
    ours, bare = median(figures["ours"]), median(figures["bare"])
    words = f"{ours:.0f} steps/s, bare {bare:.0f}, ratio {ratio:.2f}"
    return Found(words, {"ours": ours, "bare": bare, "ratio": ratio})


def _ours(assembly: Assembly) -> None:
    for _ in train(assembly, None, Control(), lambda checkpoint: None, {}):
        pass


def _bare(assembly: Assembly) -> None:
    """Train as a person would write it, who does not read the loss of every step from the card."""
    network = build_model(assembly.experiment, assembly.plan.description, assembly.device).network
    optimizer = torch.optim.Adam(network.parameters(), lr=assembly.experiment.optimizer.learning_rate)
    loss_of = nn.CrossEntropyLoss()
    inputs, targets = assembly.inputs, assembly.targets
    for _ in range(assembly.epochs):
        network.train()
        for rows in torch.randperm(len(targets["train"])).split(assembly.plan.batch_size):
            chosen = rows.to(assembly.device.torch)
            loss = loss_of(network(wide(inputs["train"][chosen])), targets["train"][chosen].long())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        network.eval()
        with torch.no_grad():
            for part in ("train", "validation"):  # we look at both after each epoch, too
                for given, truth in zip(inputs[part].split(1000), targets[part].split(1000), strict=True):
                    loss_of(network(wide(given)), truth.long())


def _memory(name: str, device: Device, _left: float) -> Found:
    """Compare what a step held with what is counted before it begins, which must not be more."""
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    assembly = _assembly(name, device, 1)
    _ours(assembly)
    peak = torch.cuda.max_memory_allocated() - before
    numbers = assembly.plan.blueprint.parameters * COPIES
    numbers += numbers_held(assembly.plan, device) * assembly.plan.batch_size
    counted = 4 * numbers
    if counted > peak:
        raise RuntimeError(
            f"{counted / 1e6:.0f} MB were counted, but {peak / 1e6:.0f} MB were all that was held"
        )
    words = f"{peak / 1e6:.0f} MB at the peak, {counted / 1e6:.0f} MB counted, ratio {peak / counted:.2f}"
    return Found(words, {"peak": peak, "counted": counted})


def _wait(device: Device) -> None:
    if device.kind == "cuda":
        torch.cuda.synchronize()
