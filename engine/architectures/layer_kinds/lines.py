"""A list of layers worked out line by line, without torch: shapes, cost, and the layer that does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.architectures.layer_kinds.layer import Effect, ListedLayer, channels_of, places_of, with_channels
from engine.choices import Message, Problem, joined
from engine.data.description import InputKind, Inputs, OutputForm


@dataclass(frozen=True)
class LayerLine:
    """A layer in its place.

    `inputs` is what it receives and `effect` what it makes of that; None where it, or a layer before it, does
    not fit. `problems` say why (paths relative to the layer).
    """

    layer: ListedLayer
    inputs: Inputs | None
    effect: Effect | None
    problems: tuple[Problem, ...] = ()


def worked_out(layers: Sequence[ListedLayer], inputs: Inputs) -> tuple[LayerLine, ...]:
    """Return every layer with what it receives and makes of it, from the inputs on."""
    lines: list[LayerLine] = []
    now: Inputs | None = inputs
    for number, layer in enumerate(layers, 1):
        # What a layer after one that does not fit receives, nobody knows: it is not told as a problem, too.
        if now is None:
            lines.append(LayerLine(layer, None, None))
            continue
        problems = _misfits(number, layer, now)
        effect = None if problems else layer.effect(now)
        lines.append(LayerLine(layer, now, effect, problems))
        now = effect.outputs if effect is not None else None
    return tuple(lines)


def list_problems(
    lines: Sequence[LayerLine], inputs: Inputs, form: OutputForm | None = "example"
) -> tuple[Problem, ...]:
    """Return what does not fit in a list, with the path of the layer (`layers.3.kernel`).

    Also that its end is not what the form of the answer needs, unless that is not known.
    """
    # from 0, as paths of settings count; sentences say "layer 1" for the first
    found = tuple(
        problem.under(f"layers.{index}") for index, line in enumerate(lines) for problem in line.problems
    )
    # The end is looked at only where all layers fit: else it would blame what an earlier one causes.
    return found or (end_problems(lines, inputs, form) if form is not None else ())


def end_problems(
    lines: Sequence[LayerLine], inputs: Inputs, form: OutputForm = "example"
) -> tuple[Problem, ...]:
    """Return the problem that the list does not end as the form of the answer needs, if all its layers fit.

    One answer for an example needs a vector; answers at every place need a series of as many places.
    """
    end = output_of(lines, inputs)
    if end is None:
        return ()
    last = (
        Message("layer {count}, {title}, puts out", count=len(lines), title=lines[-1].layer.title)
        if lines
        else Message("the data is")
    )
    if form in ("place", "next"):
        if end.kind == "series" and end.shape[0] == inputs.shape[0]:
            return ()
        wanted = Message(
            "an answer is wanted at each of the {count} places, but {last} {found}",
            count=inputs.shape[0],
            last=last,
            found=said(end),
        )
        # tokens stand at all places already: what they lack are numbers
        cure = _WORDS["tokens"].cure if end.kind == "tokens" else "take layers that keep every place"
        return (Problem("layers", joined("; ", wanted, cure)),)
    if end.kind == "vector":
        return ()
    return (
        Problem(
            "layers",
            Message(
                "the output layer needs a vector, but {last} {found}; {cure}",
                last=last,
                found=said(end),
                cure=Message(_WORDS[end.kind].cure),
            ),
        ),
    )


def output_of(lines: Sequence[LayerLine], inputs: Inputs) -> Inputs | None:
    """Return what the output layer receives, None where a layer does not fit."""
    if not lines:
        return inputs
    effect = lines[-1].effect
    return effect.outputs if effect is not None else None


def output_effect(entering: Inputs, outputs: int) -> Effect:
    """Return what the linear output layer makes of a vector, or of every place of a series."""
    features, places = channels_of(entering), places_of(entering)
    return Effect(with_channels(entering, outputs), (features + 1) * outputs, places * features * outputs)


def said(inputs: Inputs) -> str:
    """Return in words what stands between two layers."""
    return Message(_WORDS[inputs.kind].sized, sizes=" × ".join(str(size) for size in inputs.shape))


@dataclass(frozen=True)
class _KindWords:
    """What is said of inputs of a kind: what a layer needs them as, with their size, and what turns them."""

    needed: str
    sized: str
    cure: str


_WORDS: dict[InputKind, _KindWords] = {
    "vector": _KindWords(
        "a vector", "a vector of {sizes}", "take it away, or put it before the layer that makes a vector"
    ),
    "image": _KindWords(
        "a picture",
        "a picture of {sizes} (channels × height × width)",
        "add Flatten or Global pooling before it",
    ),
    "series": _KindWords(
        "a series",
        "a series of {sizes} (places × channels)",
        "add Global pooling, Flatten or a Recurrent layer that puts out the last state before it",
    ),
    "tokens": _KindWords("a text", "a text of {sizes} tokens", "add Embedding before it"),
}


def _misfits(number: int, layer: ListedLayer, inputs: Inputs) -> tuple[Problem, ...]:
    head = Message("layer {number}, {title},", number=number, title=layer.title)
    if inputs.kind not in layer.accepts:
        needed = ", ".join(words.needed for kind, words in _WORDS.items() if kind in layer.accepts)
        # only the last comma becomes a word: a vector, a picture or a series
        needed = " or ".join(needed.rsplit(", ", 1))
        message = Message(
            "{head} needs {needed}, but receives {said}; {cure}",
            head=head,
            needed=needed,
            said=said(inputs),
            cure=_cure(layer, inputs),
        )
        return (Problem("kind", message),)
    return tuple(Problem(found.path, joined(" ", head, found.message)) for found in layer.misfits(inputs))


def _cure(layer: ListedLayer, inputs: Inputs) -> str:
    if inputs.kind == "image" and "vector" not in layer.accepts:
        # the only layer that makes a series of a picture
        return "add Rows as a series before it" if "series" in layer.accepts else "take it away"
    if inputs.kind == "tokens":
        return _WORDS["tokens"].cure if "series" in layer.accepts else "take it away: this is for pictures"
    if inputs.kind == "series" and layer.accepts <= {"image", "vector"}:
        return (
            "there is Convolution 1-D for series" if "vector" not in layer.accepts else _WORDS["series"].cure
        )
    return _WORDS[inputs.kind].cure
