"""Baselines: models without a network, to compare with. Torch is not loaded before one is judged.

    class Majority(Constant, kind="majority", title="Majority", name="always the commonest class"):
        \"\"\"Says the class that is most frequent in training, whatever it is shown.\"\"\"

        targets = ("classes",)

A class says all there is to say of its baseline: what it is called in a table (`title`) and in a sentence
(`name`), what it does (the docstring), which data it fits, and how it is judged.
"""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from engine.data.description import PartName
from engine.learning.metrics import Metric
from engine.tasks.task import Task

if TYPE_CHECKING:
    from engine.data.prepared import Prepared
    from engine.training.baselines.beside import Beside


class Baseline:
    """A model without a network; every subclass with a kind is one of those that are tried."""

    every: ClassVar[dict[str, type[Baseline]]] = {}
    """All of them by kind, in the order in which they are shown."""
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    name: ClassVar[str] = ""
    targets: ClassVar[tuple[str, ...]] = ()
    """The kinds of targets that it can say."""
    constant: ClassVar[bool] = False
    """Whether it says the same whatever it is shown: who is as good has learnt nothing of the inputs."""
    at_once: ClassVar[bool] = False
    """Whether nothing has to be fitted: the simplest guesses, which are known before the first step."""

    def __init_subclass__(cls, *, kind: str = "", title: str = "", name: str = "") -> None:
        """Register a baseline; a class without a kind is what several have in common."""
        super().__init_subclass__()
        if kind:
            cls.kind, cls.title, cls.name = kind, title, name
            # in the order of the classes in `every.py`, which is also that of columns and tables
            Baseline.every[kind] = cls

    @classmethod
    def summary(cls) -> str:
        """Return what it does, without a full stop."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split()).removesuffix(".")

    @classmethod
    def fits(cls, prepared: Prepared) -> bool:
        """Return whether it can learn from such data, whose targets are of a kind that it can say."""
        # the kind of target is compared by `selection`, so that most need nothing more here
        return True

    @classmethod
    @abstractmethod
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        """Return its scores on a part under its kind, fitted on the training part, and what is to be told."""
