"""Random inputs with random targets: the warm-up of many textbooks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from engine.choices import Message, Setting
from engine.data.generators.generated import Generated, Samples, table
from engine.data.raw import Raw
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.randomness import generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_EVEN = {"normal": "N(0, 1), a bell curve around 0", "uniform": "U(0, 1), evenly from 0 to 1"}


class RandomVectors(Generated, kind="random_vectors", title="Random vectors"):
    """Random inputs with random targets: nothing to understand, only to remember.

    The exercise of the textbooks: a small network learns 100 or 1,000 such rows by heart, and the training
    loss shows how well its size and its optimizer can do that. What it says of new rows is worthless: the
    validation loss rises, as it must.

    Formula: x ~ N(0, 1) or U(0, 1), y ~ N(0, 1), U(0, 1) or 0 and 1 with equal chances, independent
    """

    samples: Samples = 100
    inputs: Annotated[int, Setting("Inputs", "Numbers in each input.", least=1, most=10_000)] = 10
    outputs: Annotated[int, Setting("Outputs", "Numbers in each target.", least=1, most=1_000)] = 2

    new: Annotated[
        int,
        Setting(
            "New rows",
            "So many more, drawn in the same way, that are the test part. 0: the split makes one.",
            least=0,
            most=100_000,
        ),
    ] = 0
    input_values: Annotated[
        Literal["normal", "uniform"], Setting("Inputs drawn from", "What inputs are.", options=_EVEN)
    ] = "normal"
    target_values: Annotated[
        Literal["normal", "uniform", "binary"],
        Setting(
            "Targets drawn from",
            "What targets are.",
            options={**_EVEN, "binary": "0 or 1, with equal chances"},
        ),
    ] = "normal"

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the rows. Raises Invalid when they do not fit into memory."""
        import numpy as np

        from engine.data.memory import free_memory

        needed = 32 * (self.samples + self.new) * (self.inputs + self.outputs)
        if needed > free_memory():
            text = Message(
                "with so many inputs needs {needed:.1f} GB of memory: draw fewer examples",
                needed=needed / 1e9,
            )
            raise refused("data.samples", text)
        inputs, targets = self._rows(generator(seed, "data", self.kind), self.samples)
        if self.new:
            # from a generator of their own, so that how many there are changes no row that is learnt
            more = self._rows(generator(seed, "data", self.kind, "new"), self.new)
            inputs, targets = np.concatenate((inputs, more[0])), np.concatenate((targets, more[1]))
        names = tuple(f"y{index + 1}" for index in range(self.outputs))
        columns = {f"x{index + 1}": inputs[:, index] for index in range(self.inputs)}
        made = table({**columns, **{name: targets[:, index] for index, name in enumerate(names)}}, names)
        parts = np.where(np.arange(len(inputs)) < self.samples, "train", "test") if self.new else None
        return replace(made, published=parts)

    def _rows(
        self, random: np.random.Generator, count: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        inputs = _drawn(random, self.input_values, (count, self.inputs))
        return inputs, _drawn(random, self.target_values, (count, self.outputs))


def _drawn(random: np.random.Generator, values: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return numbers of a kind: from N(0, 1), from U(0, 1), or 0 and 1."""
    if values == "normal":
        return random.standard_normal(shape)
    return random.random(shape) if values == "uniform" else random.integers(0, 2, shape).astype(float)
