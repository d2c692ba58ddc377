"""Make `resources/weights/drawn_things.safetensors`: what a small network learns from drawn things.

    .venv/bin/python packaging/make_weights.py

The network is the one that pictures of one's own begin with; it learns to tell the 38 kinds of
`drawn_things.THINGS` apart, half an hour on two cores. The last layer is not kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from drawn_things import THINGS, photograph  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from engine.architectures.cnn import Cnn  # noqa: E402
from engine.data.description import Inputs, Outputs  # noqa: E402
from engine.learning.start import SHIPPED  # noqa: E402

PICTURES, SIDE, BATCH, RATE = 14_000, 64, 32, 0.002
PHASES = ((6, False), (10, True))
"""Epochs, and whether the things are also turned: with that from the beginning, little is learnt at first."""


def drawn(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return pictures uint8 (N, 3, side, side), padded or cropped as people's are, and their kinds."""
    random = np.random.default_rng(seed)
    masks = list(THINGS.values())
    pixels = np.empty((count, SIDE, SIDE, 3), np.uint8)
    kinds = random.integers(len(masks), size=count)
    for index, kind in enumerate(kinds):
        whole = photograph(random, masks[kind], random.uniform(80, 150))
        fit = ImageOps.pad if random.random() < 0.6 else ImageOps.fit
        pixels[index] = np.asarray(fit(whole, (SIDE, SIDE), Image.Resampling.BILINEAR))
    return torch.from_numpy(pixels).permute(0, 3, 1, 2), torch.from_numpy(kinds)


def changed(batch: Tensor, *, turned: bool) -> Tensor:
    """Return the pictures mirrored and in another light; also turned, shifted and of another size."""
    count = len(batch)
    batch = batch.flip(3).where(torch.rand(count, 1, 1, 1) < 0.5, batch)
    brightness, contrast = (torch.rand(2, count, 1, 1, 1) * 2 - 1) * 0.3
    batch = batch * (1 + contrast) + brightness
    if not turned:
        return batch
    angle, size = (torch.rand(count) * 2 - 1) * torch.pi / 6, torch.exp((torch.rand(count) * 2 - 1) / 4)
    shift = (torch.rand(count, 2) * 2 - 1) * 0.15
    upper = torch.stack([angle.cos() * size, -angle.sin() * size, shift[:, 0]], 1)
    lower = torch.stack([angle.sin() * size, angle.cos() * size, shift[:, 1]], 1)
    grid = functional.affine_grid(torch.stack([upper, lower], 1), list(batch.shape), align_corners=False)
    moved: Tensor = functional.grid_sample(batch, grid, padding_mode="border", align_corners=False)
    return moved


def learn() -> nn.Module:
    """Return the network that has learnt to tell the things apart."""
    torch.manual_seed(0)
    pictures, kinds = drawn(PICTURES, seed=1)
    mean = pictures[:2000].float().mean((0, 2, 3), keepdim=True)
    spread = pictures[:2000].float().std((0, 2, 3), keepdim=True)
    choice = Cnn(channels=(16, 32, 64, 128), normalization="batch", global_pooling="max", dense=())
    network = choice.build(Inputs("image", (3, SIDE, SIDE)), Outputs(len(THINGS), "example", 0))
    for epochs, turned in PHASES:
        optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-4)
        steps = epochs * (PICTURES // BATCH)
        rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.05)
        for epoch in range(epochs):
            order = torch.randperm(PICTURES)
            right = 0
            for start in range(0, PICTURES - BATCH + 1, BATCH):
                chosen = order[start : start + BATCH]
                batch = changed((pictures[chosen].float() - mean) / spread, turned=turned)
                outputs = network(batch)
                optimizer.zero_grad()
                torch.autograd.backward(functional.cross_entropy(outputs, kinds[chosen]))
                optimizer.step()
                rates.step()
                right += int((outputs.argmax(1) == kinds[chosen]).sum())
            print(f"epoch {epoch + 1} of {epochs}: {right / PICTURES:.3f} right", flush=True)
    return network


def write(network: nn.Module) -> None:
    """Keep the weights but for those of the last layer."""
    kept = {name: value for name, value in network.state_dict().items() if not name.startswith("output")}
    SHIPPED.mkdir(exist_ok=True)
    save_file(kept, SHIPPED / "drawn_things.safetensors")


if __name__ == "__main__":
    write(learn())
