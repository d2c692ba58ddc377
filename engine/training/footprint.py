"""How much memory training holds at least: refused while that can still be told."""

from __future__ import annotations

from math import prod

from engine.choices import Invalid, Message, Problem
from engine.data.description import SMALLER, InputKind
from engine.data.examples import fullest
from engine.training.devices import Device, free_memory
from engine.training.plan import DataMemory, Plan

COPIES = 5
"""Vectors of the size of all parameters that training holds: weights, gradient, mask, decay, best."""
_OF_OUTPUTS = 2
"""What a loss holds beside the outputs, of their size: their log-probabilities and the gradient."""
_OF_WEIGHTS = 3
"""What the processor holds of attention with dropout: the weights, what is dropped, and what is left."""
BYTES = 4
_SHARE_OF_DATA = 0.5
"""The part of free memory that data may take: steps held up to 12 times what can be told of them before."""


def data_memory(plan: Plan, device: Device) -> DataMemory:
    """Return where training and validation part are to lie: on the device where they take half of it at most.

    It depends on what else uses the device now, so a run keeps the answer that it was begun with.
    """
    # there is only one memory, and nowhere to move the data to
    if device.kind == "cpu":
        return "device"
    # As it is watched: without a validation part, the training part lies there twice.
    watched = plan.prepared.watched()
    size = sum(
        array.nbytes for part in (watched.train, watched.validation) for array in (part.inputs, part.targets)
    )
    return "device" if size <= free_memory(device) * _SHARE_OF_DATA else "host"


def refuse_too_large(plan: Plan, device: Device) -> None:
    """Raise Invalid for what cannot fit: too many parameters, or batches of which a step holds too much.

    Only what is held for certain is counted, so that nothing is refused that would run; measured steps of
    networks of every kind held 1.15 to 12 times as much.
    """
    free = free_memory(device)
    count = plan.blueprint.parameters
    needed = count * BYTES * COPIES
    if needed > free:
        why = Message(
            "the network has {count:,} parameters, for which training needs about {needed:.1f} "
            "GB, but {device} has {free:.1f} GB free; choose fewer or smaller layers",
            count=count,
            needed=needed / 1e9,
            device=device.words,
            free=free / 1e9,
        )
        raise Invalid([Problem("architecture", why)])
    each, rows = numbers_held(plan, device) * bytes_held(plan), plan.at_once
    if each * rows > free - needed:
        raise Invalid([_too_much(rows, each, free - needed, plan.description.inputs.kind, device)])


def _too_much(rows: int, each: int, free: int, kind: InputKind, device: Device) -> Problem:
    shorter = SMALLER[kind]
    if each > free:
        why = Message(
            "one step holds at least {each:.1f} GB for a single example, but {device} has "
            "{free:.1f} GB free; take {shorter}, or fewer and smaller layers",
            each=each / 1e9,
            device=device.words,
            free=free / 1e9,
            shorter=shorter,
        )
        return Problem("architecture", why)
    why = Message(
        "a step with batches of {rows:,} holds at least {each:.1f} GB, but {device} has "
        "{free:.1f} GB free: lower it, or the micro-batch alone, to {least:,} or so, or take {shorter}",
        rows=rows,
        each=each * rows / 1e9,
        device=device.words,
        free=free / 1e9,
        # half of what would just fit, as real steps hold more than is counted here
        least=max(1, free // each // 2),
        shorter=shorter,
    )
    return Problem("training.batch_size", why)


def bytes_held(plan: Plan) -> int:
    """Return how many bytes a number takes at least that a step holds for an example."""
    return BYTES if plan.experiment.training.precision == "float32" else BYTES // 2


def numbers_held(plan: Plan, device: Device) -> int:
    """Return how many numbers a step holds at least for each example of the batch with the longest.

    What every layer puts out is kept for the pass back, unless it is worked out once more (of that, the
    largest layer's), or layers are frozen, which may keep nothing; on
    the processor, attention with dropout also keeps its weights, a square of the places. Places that are
    padding in the whole batch are not worked out.
    """
    experiment = plan.experiment
    translation = experiment.task.form == "translation"
    examples = plan.prepared.train
    full = fullest(examples.inputs)
    # of a translation the shorter side: what follows counts at least, and may not refuse what would run
    full = min(full, fullest(examples.targets)) if translation else full
    given = experiment.outputs(plan.description).numbers * experiment.task.judged
    held = given * (full if translation else 1) * (1 + _OF_OUTPUTS)
    if experiment.start.freeze == "nothing":
        # but the last layer, whose outputs are counted with the loss above
        sizes = [prod(layer.shape) for layer in plan.blueprint.layers[:-1]]
        again = experiment.training.activation_checkpointing
        held += full * (max(sizes, default=0) if again else sum(sizes))
        if device.kind == "cpu" and not again:
            held += full**2 * plan.blueprint.attention_weights * _OF_WEIGHTS
    return int(held)
