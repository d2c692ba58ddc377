"""What architectures for pictures share: the problem of a picture that is too small."""

from __future__ import annotations

from engine.choices import Message, Problem
from engine.data.description import Inputs
from engine.networks.images.windows import Plan, remaining


def nothing_left(path: str, inputs: Inputs | None, plan: Plan, what: str, advice: str) -> tuple[Problem, ...]:
    """Return the problem that the plan's windows leave nothing of the pictures, if that is so.

    `what` names the layers to blame, `advice` says what else would be right.
    """
    if inputs is None:
        return ()
    height, width = inputs.shape[1:]
    if min(remaining((height, width), (step.window for step in plan))) > 0:
        return ()
    return (
        Problem(
            path,
            Message(
                "{what} leave nothing of a picture of {height} × {width} pixels; {advice}",
                # messages of their own, so that the window can say each in another language
                what=Message(what),
                height=height,
                width=width,
                advice=Message(advice),
            ),
        ),
    )
