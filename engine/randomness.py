"""Stateless randomness: every random number is derived from (seed, purpose, step).

Because no generator carries state from one place to the next, adding a probe, pausing, resuming,
stepping or replaying a run changes no number.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator


def derive(seed: int, *purpose: str | int) -> int:
    """Return the 63-bit seed that belongs to `purpose` under the experiment's `seed`.

    `purpose` is a path such as ("order", epoch) or ("dropout", step). Distinct paths give independent
    seeds (BLAKE2b of the path), equal paths the same seed on every machine.
    """
    path = "\x1f".join([str(seed), *(str(part) for part in purpose)])
    return int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "little") >> 1


def generator(seed: int, *purpose: str | int) -> Generator:
    """Return a fresh numpy generator for `purpose`; see `derive`."""
    from numpy.random import Generator, Philox

    return Generator(Philox(derive(seed, *purpose)))
