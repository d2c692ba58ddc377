"""Make `resources/weights/drawn_things.safetensors`: what a small network learns from drawn things.

    .venv/bin/python packaging/make_weights.py

The network is the one that pictures of one's own begin with; it learns to tell the kinds of
`drawn_things.THINGS` apart, nine minutes of one core. The last layer is not kept. In
the last epoch 0.94 of the pictures, each changed anew, are told apart.
"""

from __future__ import annotations

import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from drawn_things import THINGS, photograph  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from engine.architectures.images.cnn import Cnn  # noqa: E402
from engine.data.description import Inputs, Outputs  # noqa: E402
from engine.learning.start import SHIPPED  # noqa: E402

SHEETS, PER_SHEET, SIDE = 28, 1000, 64
"""Pictures, sheet by sheet: each sheet has its own seed, so that it does not matter how many draw."""
BATCH, RATE, EPOCHS = 32, 0.003, 12


def sheet(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return pictures (N, side, side, 3), padded or cropped as people's are, and their kinds (N,)."""
    random = np.random.default_rng(seed)
    masks = list(THINGS.values())
    pixels = np.empty((PER_SHEET, SIDE, SIDE, 3), np.uint8)
    kinds = random.integers(len(masks), size=PER_SHEET)
    for index, kind in enumerate(kinds):
        whole = photograph(random, masks[kind], random.uniform(64, 110))
        fit = ImageOps.pad if random.random() < 0.6 else ImageOps.fit
        pixels[index] = np.asarray(fit(whole, (SIDE, SIDE), Image.Resampling.BILINEAR))
    return pixels, kinds


def drawn() -> tuple[Tensor, Tensor]:
    """Return pictures uint8 (N, 3, side, side) and their kinds (N,)."""
    with Pool(2) as pool:
        pixels, kinds = zip(*pool.map(sheet, range(SHEETS), chunksize=1), strict=True)
    pictures = torch.from_numpy(np.concatenate(pixels)).permute(0, 3, 1, 2)
    return pictures, torch.from_numpy(np.concatenate(kinds))


def changed(batch: Tensor) -> Tensor:
    """Return the pictures mirrored, by lot lying on their side, and each in another light."""
    count = len(batch)
    for axis in (2, 3):
        batch = batch.flip(axis).where(torch.rand(count, 1, 1, 1) < 0.5, batch)
    batch = batch.transpose(2, 3).where(torch.rand(count, 1, 1, 1) < 0.5, batch)
    brightness, contrast = (torch.rand(2, count, 3, 1, 1) * 2 - 1) * 0.3
    lit: Tensor = batch * (1 + contrast) + brightness
    # the order in which a processor convolves fastest
    return lit.contiguous(memory_format=torch.channels_last)


def learn(pictures: Tensor, kinds: Tensor) -> nn.Module:
    """Return the network that has learnt to tell the things apart."""
    torch.manual_seed(0)
    mean = pictures[:2000].float().mean((0, 2, 3), keepdim=True)
    spread = pictures[:2000].float().std((0, 2, 3), keepdim=True)
    choice = Cnn(channels=(16, 32, 64, 128), normalization="batch", global_pooling="max", dense=())
    network = choice.build(Inputs("image", (3, SIDE, SIDE)), Outputs(len(THINGS), "example", 0))
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    steps = EPOCHS * (len(kinds) // BATCH)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    for epoch in range(EPOCHS):
        order, right = torch.randperm(len(kinds)), 0
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            batch = changed((pictures[chosen].float() - mean) / spread)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                outputs = network(batch).float()
            optimizer.zero_grad()
            torch.autograd.backward(functional.cross_entropy(outputs, kinds[chosen]))
            optimizer.step()
            rates.step()
            right += int((outputs.argmax(1) == kinds[chosen]).sum())
        print(f"epoch {epoch + 1} of {EPOCHS}: {right / len(kinds):.3f} right", flush=True)
    return network


def write(network: nn.Module) -> None:
    """Keep the weights but for those of the last layer."""
    state = network.state_dict().items()
    # safetensors writes only tensors that lie in one piece
    kept = {name: value.contiguous() for name, value in state if not name.startswith("output")}
    SHIPPED.mkdir(exist_ok=True)
    save_file(kept, SHIPPED / "drawn_things.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)  # more of them wait for each other in a network this small
    write(learn(*drawn()))
