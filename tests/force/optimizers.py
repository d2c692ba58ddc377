"""Every optimizer, with its own defaults, in a network of every sort: does it beat the simplest guess?

`python -m tests.force.optimizers [KIND ...]` prints the table; all optimizers when none is given.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.learning.optimizers.optimizer import Optimizer
from tests.engine.every import choices
from tests.engine.training.support import experiment_of, prepared_for, run
from tests.engine.training.test_defaults_of_optimizers import NETWORKS
from tests.force.tries import Try

TITLES = {
    "mlp": "MLP, digits",
    "cnn": "CNN, digits",
    "lstm": "LSTM, vowels",
    "transformer": "Transformer, film sentences",
}


@dataclass(frozen=True)
class Outcome:
    """What a short run came to: the best accuracy on the validation part, beside the commonest class's."""

    best: float
    guess: float
    sound: bool
    seconds: float

    @property
    def learnt(self) -> bool:
        """Whether it ended as it should, and better than the simplest guess."""
        return self.sound and self.best > self.guess

    def __str__(self) -> str:
        return f"{self.best:.3f}{'' if self.learnt else ' ✗'} ({self.seconds:.0f} s)"


def outcome(kind: str, network: str) -> Outcome:
    """Train one network with one optimizer as it is by default, with one seed."""
    experiment = experiment_of({"seed": 1, **NETWORKS[network], "optimizer": {"kind": kind}})
    targets = np.asarray(prepared_for(experiment).validation.targets)
    began = time.monotonic()
    ran = run(experiment)
    sound = ran.ended.state == "finished" and bool(np.isfinite(list(ran.series["loss"].values())).all())
    best = max(ran.series["validation.accuracy"].values())
    guess = float(np.bincount(targets).max() / len(targets))
    return Outcome(best, guess, sound, time.monotonic() - began)


def rows(kinds: Sequence[str]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes of each optimizer, one for each network."""
    for kind in kinds:
        yield kind, [outcome(kind, network) for network in NETWORKS]


def table(kinds: Sequence[str]) -> tuple[list[str], str]:
    """Print the table row by row; return the optimizers that learnt too little somewhere, and a summary."""
    print(f"| optimizer | {' | '.join(TITLES[name] for name in NETWORKS)} |", flush=True)
    print(f"|---|{'---|' * len(NETWORKS)}", flush=True)
    failed, guesses, count = [], ["?"] * len(NETWORKS), 0
    for kind, found in rows(kinds):
        print(f"| {kind} | {' | '.join(map(str, found))} |", flush=True)
        failed += [f"{kind} ({name})" for name, one in zip(NETWORKS, found, strict=True) if not one.learnt]
        guesses, count = [f"{one.guess:.3f}" for one in found], count + len(found)
    print(f"| *always the commonest class* | {' | '.join(guesses)} |", flush=True)
    return failed, f"{count - len(failed)} of {count} above the simplest guess"


def _try(_home: Path, count: int) -> str:
    failed, said = table(list(Optimizer.kinds())[:count])
    assert not failed, failed
    return said


TRIES = (Try("optimizers", "Every optimizer in every sort of network", _try, 1, len(choices("optimizers"))),)


if __name__ == "__main__":
    known = Optimizer.kinds()
    if unknown := [kind for kind in sys.argv[1:] if kind not in known]:
        sys.exit(f"no optimizer is called {', '.join(unknown)}; there are: {', '.join(known)}")
    below, summary = table(sys.argv[1:] or list(known))
    print(f"\n{summary}{'; not: ' + ', '.join(below) if below else ''}")
    sys.exit(1 if below else 0)
