"""What makes scores look better than they are, or classes other than they are meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.label_sets import labels_in, separator_in
from engine.data.cells.values import listed
from engine.data.decisions import Decided, Decision, decided
from engine.data.description import PartName
from engine.data.preparation.partition import Parts
from engine.events import MOSTLY_ONE

_WORTH_TELLING = 0.05
"""Share of the rows of validation and test from which it is told that they stand in training, too."""


def repeated(
    inputs: NDArray[np.generic], targets: NDArray[np.generic], parts: Parts, most: int = 50_000_000
) -> list[str]:
    """Return that examples of validation and test stand in training, too, where many do."""
    # the keys below take as much memory as the inputs once more
    if inputs.size > most:
        return []
    flat = np.ascontiguousarray(inputs.reshape(len(inputs), -1))
    pairs = zip(flat, np.ascontiguousarray(targets), strict=True)
    # by their bytes, as comparing each row with each takes hours; NaN, too, is the same as itself then
    keys = [row.tobytes() + target.tobytes() for row, target in pairs]
    known = {keys[row] for row in parts["train"]}
    held = np.concatenate([parts["validation"], parts["test"]])
    again = sum(keys[row] in known for row in held)
    if not len(held) or again < _WORTH_TELLING * len(held):
        return []
    return [
        Message(
            "{again} of the {count} examples of validation and test stand in the training part, "
            "too, with the same inputs and target: scores look better than they will be on new "
            "data",
            again=again,
            count=len(held),
        )
    ]


def several_labels(name: str, classes: Sequence[str], found: str = "") -> list[str]:
    """Return that classes look like several labels each, as calm|favor; `found` is what reading found to
    stand between them.
    """
    joined = [one for one in classes if found and len(labels_in(one, found)) > 1]
    mark, first = (found, joined[0]) if joined else separator_in(classes)
    if not mark:
        return []
    return [
        Message(
            "{name}: classes like {first!r} seem to be several labels, apart by {shown}; each "
            "combination is learnt as a class of its own. To learn each label, set task.kind to "
            '"multi_label"',
            name=name,
            first=first,
            shown=shown(mark),
        )
    ]


def shown(mark: str) -> str:
    """Return in words what stands between labels."""
    return "the commas of a list" if mark == "list" else repr(mark)


def unequal_classes(name: str, classes: Sequence[str], counts: Sequence[float]) -> list[str]:
    """Return that nearly all examples are of one class, with what is right who always says so, and the cure.

    `counts`: examples of each class in the training part.
    """
    if not sum(counts) or max(counts) < MOSTLY_ONE * sum(counts):
        return []
    most = max(range(len(counts)), key=counts.__getitem__)
    said = Message(
        "{name}: {share:.0%} of the training examples are {most}; a model that always answers {most} is "
        "right as often, so accuracy alone says little. For all classes to count alike in training, set the "
        "class weights of the loss to balanced",
        name=name,
        share=counts[most] / sum(counts),
        most=classes[most],
    )
    return [decided(said, "loss.class_weights", "balanced")]


def untaught_classes(name: str, classes: Sequence[str], counts: Sequence[float]) -> list[str]:
    """Return that classes have no example in the training part, so that nothing can be learnt of them.

    `counts`: examples of each class in the training part. Weights of classes change nothing there.
    """
    lacking = [one for one, count in zip(classes, counts, strict=True) if not count]
    if not lacking or not sum(counts):
        return []
    there = [one for one, count in zip(classes, counts, strict=True) if count]
    said = Message(
        "{name}: the training part has no example of {lacking}, so that a network never answers so; put "
        "examples of each class into the training part"
        if len(there) > 1
        else "{name}: all examples of the training part are {there}, and none is {lacking}, so that a "
        "network learns to answer nothing else; put examples of each class into the training part",
        name=name,
        lacking=listed(lacking),
        there=there[0],
    )
    return [Decided(said, Decision(doubtful=len(there) == 1))]


def alike_classes(name: str, classes: Sequence[str]) -> list[str]:
    """Return that classes are equal as numbers but written differently, as 1.1 and 1.10."""
    values: dict[float, list[str]] = {}
    for one in classes:
        try:
            values.setdefault(float(one), []).append(one)
        except ValueError:
            continue
    alike = [f"{' and '.join(found)}" for found in values.values() if len(found) > 1]
    said = Message(
        "{name}: {listed} are different classes, as they are written, though equal as numbers",
        name=name,
        listed=listed(alike, 3),
    )
    return [*([said] if alike else []), *_alike_in_letters(name, classes)]


def _alike_in_letters(name: str, classes: Sequence[str]) -> list[str]:
    """Return that classes differ in nothing but small and capital letters, as Cat and cat."""
    folded: dict[str, list[str]] = {}
    for one in classes:
        # casefold and not lower, which leaves ß beside SS
        folded.setdefault(one.casefold(), []).append(one)
    alike = [f"{' and '.join(found)}" for found in folded.values() if len(found) > 1]
    said = Message(
        "{name}: {listed} are different classes, though they differ in capital letters alone",
        name=name,
        listed=listed(alike, 3),
    )
    return [said] if alike else []


def without_answers(classes: Sequence[str], codes: NDArray[np.int64], parts: Parts) -> list[str]:
    """Return that all examples of validation or test have one answer that no example of training has.

    So contests publish the test part, with -1 in the place of what they know.
    """
    learnt = set(codes[parts["train"]].tolist())
    told: list[str] = []
    held: tuple[PartName, ...] = ("validation", "test")
    for part in held:
        there = set(codes[parts[part]].tolist())
        if len(there) == 1 and not there & learnt and len(learnt) > 1:
            said = Message(
                "all examples of the {part} part have the answer {answer}, which none of the training part "
                "has: it seems to be published without answers, and its scores mean nothing; choose another "
                "part, or none",
                part=part,
                answer=classes[there.pop()],
            )
            told.append(said)
    return told
