"""The start: weights that the network begins with instead of random ones, and what of it is not trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from engine.choices import Message, Problem, Record, Setting

MODEL = "model.safetensors"
"""The file of a run's folder that holds its weights."""
# the first is safe to read whoever wrote it; the others are pickles, of which only tensors are taken
SUFFIXES = (".safetensors", ".pt", ".pth")
# resources/ lies beside engine/, in the source as in what is installed
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "weights"
"""Weights that come with the program; `packaging/make_weights.py` makes them."""


class Start(Record):
    """Weights from a file or an earlier run (fine-tuning), and layers that stay as they are.

    Weights are taken over by name wherever the shape fits; what is missing or of another shape, such as the
    last layer for another number of classes, begins as the initializer draws it, and the run says so.
    """

    weights: Annotated[
        str,
        Setting(
            "Weights from",
            "The folder of an earlier run, or a file of weights (.safetensors, .pt, .pth). Taken by name "
            "where the shape fits; the rest begins as the initializer draws it. Empty: all of it does.",
            role="file_or_folder",
        ),
    ] = ""
    step: Annotated[
        int | None,
        Setting(
            "At step",
            "Of an earlier run, the weights as they were after this step: a branch of that run. Left open, "
            "those that it kept at its end.",
            least=0,
            most=2**53,
        ),
    ] = None
    begin: Annotated[
        Literal["nothing", "drawn_things"],
        Setting(
            "Else begin with",
            "Where no weights are named: random ones, or those that come with Ravine. These were learnt from "
            "28,000 pictures that a program drew: stars, arrows, letters and other things on grounds like "
            "those of photographs. The network then sees edges and forms from its first step on, and a few "
            "dozen pictures of each class go a long way. They fit the convolutional network with filters 16, "
            "32, 64, 128; in others next to nothing of them does.",
            options={
                "nothing": "random, as the initializer draws them",
                "drawn_things": "learnt from drawn things: stars, arrows, letters …",
            },
            inputs=("image",),
        ),
    ] = "nothing"
    freeze: Annotated[
        Literal["nothing", "all_but_head", "named"],
        Setting(
            "Freeze",
            "What keeps its starting weights: no gradient, no update, no decay. Batch normalization in it "
            "also keeps its running mean and variance, and uses them.",
            options={
                "nothing": "all of the network is trained",
                "all_but_head": "only the last layer is trained",
                "named": "the layers named below keep their weights",
            },
        ),
    ] = "nothing"
    frozen: Annotated[
        tuple[Annotated[str, Setting("Name", "How a layer's name begins.", least=1, most=200)], ...],
        Setting(
            "Frozen layers",
            "How their names begin, as the list of layers shows them: features.0, features.1",
            most=1_000,
            applies=("freeze", ("named",)),
        ),
    ] = ()

    body_rate: Annotated[
        float,
        Setting(
            "Rate of the body",
            "Factor on the learning rate of all layers but the last: what was learnt before changes slowly "
            "while the last layer, which is new, learns fast. 1: all layers learn at the same rate.",
            above=0,
            most=1,
            log=True,
        ),
    ] = 1.0

    @property
    def source(self) -> str:
        """Return the run or file that weights are taken from; empty: all of them are random."""
        if self.weights or self.begin == "nothing":
            return self.weights
        return str(SHIPPED / f"{self.begin}.safetensors")

    def problems(self) -> tuple[Problem, ...]:
        """Return why the weights cannot be read, as far as a look at the disk tells; without torch."""
        if self.step is not None and not (self.weights and Path(self.weights).is_dir()):
            return (Problem("start.step", "is of an earlier run: name its folder, or leave this open"),)
        why = _unreadable(self.source, kept=self.step is None) if self.source else ""
        return (Problem("start.weights", why),) if why else ()


def _unreadable(given: str, *, kept: bool) -> str:
    # Path takes it, but the functions of the system raise ValueError
    if "\x00" in given:
        return "is no path: it holds a character that no file name can have"
    path = Path(given)
    try:
        if path.is_dir():
            return _unfit_folder(path, kept=kept)
        if not path.exists():
            return Message(
                "{path} does not exist; give the folder of a run or a file of weights, or leave it empty",
                path=path,
            )
        if not path.is_file():  # a pipe or a device might never end
            return Message(
                "{path} is no ordinary file; give the folder of a run or a file of weights", path=path
            )
    except OSError as error:
        return Message("{path} cannot be read: {why}", path=path, why=error.strerror or error)
    if path.suffix.lower() not in SUFFIXES:
        return Message(
            "{path} is no file of weights: its name must end in {suffixes}",
            path=path,
            suffixes=", ".join(SUFFIXES),
        )
    return ""


def _unfit_folder(path: Path, *, kept: bool) -> str:
    if not (path / "experiment.toml").is_file():
        return Message("{path} is not the folder of a run: experiment.toml is missing", path=path)
    if kept and not (path / MODEL).is_file():
        return Message(
            "{path} has no weights yet: the run has not ended; resume it first, or choose another", path=path
        )
    return ""
