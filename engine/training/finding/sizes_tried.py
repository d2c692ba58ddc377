"""What was found of batch sizes: memory and time of each, the largest that fits, the one to take."""

from __future__ import annotations

from dataclasses import dataclass

_AS_FAST = 1.1
"""A size is as fast as the fastest where an example takes at most so many times as long."""


@dataclass(frozen=True)
class SizeTried:
    """Steps with batches of one size: the memory that they held, in bytes, and the seconds of one.

    `fits`: within the limit. A size that does not fit may not have been tried: its memory is then what sizes
    before it say, and its time 0.
    """

    size: int
    memory: int
    seconds: float
    fits: bool

    @property
    def each(self) -> float:
        """Return the seconds that an example takes."""
        return self.seconds / self.size


@dataclass(frozen=True)
class SizesTried:
    """The sizes that were tried, in that order; `limit` is the memory that a step may hold, in bytes.

    `most`: all examples of the training part. `card`: on a graphics card. `why`: a sentence on how the search
    ended, empty while it goes on.
    """

    tried: tuple[SizeTried, ...]
    limit: int
    most: int
    card: bool
    why: str = ""

    @property
    def ordered(self) -> tuple[SizeTried, ...]:
        """Return those that fit, the smallest first."""
        return tuple(sorted((one for one in self.tried if one.fits), key=lambda one: one.size))

    @property
    def largest(self) -> int | None:
        """Return the largest size that fits; None where no single example does."""
        return max((one.size for one in self.ordered), default=None)

    @property
    def suggested(self) -> int | None:
        """Return the size to take: on a card the largest, on a processor the smallest that is as fast.

        More examples at once than that cost a processor memory and, for the same epochs, steps of learning,
        and save no time.
        """
        if self.card or self.largest is None:
            return self.largest
        best = min(one.each for one in self.ordered)
        return next(one.size for one in self.ordered if one.each <= _AS_FAST * best)
