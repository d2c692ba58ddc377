"""Courses: settings of the optimizer besides the learning rate that follow a schedule of their own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from typing_extensions import override

from engine.choices import Message, Problem, Setting
from engine.data.about import About, Suited
from engine.learning.optimizers.optimizer import Optimizer
from engine.learning.schedules import Cosine, OneCycle, Schedule

OwnSchedule = Annotated[Schedule, Setting("Schedule", "How its factor goes over the run.")]


class SettingCourse(Suited, family="courses"):
    """A setting that goes along a schedule between another value and the one that is set.

    Formula: s(p) = o + (s − o) f(p): where the schedule's factor f is 1 the value that is set, where it is 0
    the other one
    """

    live = "whole"  # nothing is remembered from step to step

    settings: ClassVar[tuple[str, ...]]
    """What optimizers call the setting."""

    schedule: OwnSchedule
    other: float

    def setting_of(self, optimizer: Optimizer) -> str:
        """Return what the optimizer calls the setting, "" where it has none."""
        return next((name for name in self.settings if name in type(optimizer).model_fields), "")

    def value(self, chosen: float, factor: float) -> float:
        """Return the value where the schedule has that factor, and `chosen` is set."""
        return self.other + (chosen - self.other) * factor

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that the optimizer has no such setting."""
        optimizer = about.optimizer
        if not isinstance(optimizer, Optimizer) or self.setting_of(optimizer):
            return super().problems(about)
        why = "is no setting of {title}; remove it, or take an optimizer that has it, such as adamw"
        return (*super().problems(about), Problem("kind", Message(why, title=optimizer.title)))


class MomentumCourse(SettingCourse, kind="momentum", title="Momentum"):
    """The momentum, or the memory β₁ of the mean, over the run.

    With one cycle, momentum is smallest where the learning rate is largest: one of them then steadies what
    the other does. The optimizer's own momentum holds at the height of the schedule.

    Formula: μ(p) = o + (μ − o) f(p)

    Source: Smith, A Disciplined Approach to Neural Network Hyper-Parameters: Part 1, 2018, section 4.3, with
    0.85 and 0.95.
    """

    settings: ClassVar[tuple[str, ...]] = ("momentum", "beta1")

    schedule: OwnSchedule = OneCycle()
    other: Annotated[
        float,
        Setting("Other value", "Where the factor of the schedule is 0.", symbol="o", least=0, below=1),
    ] = 0.95


class DecayCourse(SettingCourse, kind="weight_decay", title="Weight decay"):
    """The weight decay over the run.

    Weights may shrink less while they settle; or, with a larger other value, ever more, as in networks that
    learn without labels.

    Formula: λ(p) = o + (λ − o) f(p)

    Source: Caron et al., Emerging Properties in Self-Supervised Vision Transformers, 2021, with a cosine from
    0.04 to 0.4.
    """

    settings: ClassVar[tuple[str, ...]] = ("weight_decay",)

    schedule: OwnSchedule = Cosine(warmup=0)
    other: Annotated[
        float,
        Setting("Other value", "Where the factor of the schedule is 0.", symbol="o", least=0, most=10),
    ] = 0.0
