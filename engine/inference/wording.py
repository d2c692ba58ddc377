"""What a network says of new inputs: probabilities and numbers, or words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import LIKELY, MASK, PER_EXAMPLE, Targets
from engine.data.new.inputs import NewInputs
from engine.data.preprocessor import Preprocessor
from engine.data.series.raw import SeriesSet
from engine.data.texts.encode import TaggedEncoder, TokensEncoder
from engine.data.texts.raw import TaggedTexts
from engine.inference.behind import Tokens, aligned, filled, weighed
from engine.inference.results import Behind, Trace
from engine.inference.writing import Continuing, Hear, Searching, Writing, continued

if TYPE_CHECKING:
    from engine.training.model import Model

Words = tuple[tuple[str, ...], ...]

_FIGURES = 9
"""So many tell every number of single precision from every other."""
_MOST_DECIMALS = 250


@dataclass(frozen=True)
class Worded:
    """What is predicted for each input: `values` (N, K) as of `Predicted`, or in words `texts`, `words` with
    `tags`; what does not apply is empty. `behind` tells more of the first; `notices` are for the person.
    """

    values: NDArray[np.float32] | NDArray[np.float64]
    texts: tuple[str, ...] = ()
    words: Words = ()
    tags: Words = ()
    behind: tuple[Behind, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """How it is to be said: how texts are written, of how many inputs more is told, and the threads."""

    writing: Writing
    closely: int
    threads: int | None


def said(model: Model, preprocessor: Preprocessor, found: NewInputs, wish: Wording, hear: Hear) -> Worded:
    """Return what the model predicts for new inputs; `hear` is told of texts while they are written."""
    from engine.training.devices import settled
    from engine.training.evaluate import evaluating, predict

    nothing = np.zeros((len(found.inputs), 0), np.float32)
    encoder, kind = preprocessor.encoder, preprocessor.predicted.kind
    if not isinstance(encoder, TokensEncoder):
        values = _figures(predict(model, found.inputs, wish.threads), preprocessor.predicted)
        return Worded(values, _applying(preprocessor, values), behind=_traces(found, wish.closely))
    inputs = found.inputs.astype(np.int32)
    # Only the first: to look behind a prediction costs another run of the network, or several.
    few = inputs[: wish.closely].astype(np.int64)
    if isinstance(wish.writing, Continuing):
        texts, begun = continued(model, encoder, inputs.astype(np.int64), wish.writing, wish.threads, hear)
        return Worded(nothing, texts, behind=begun[: wish.closely])
    # A width of 1 is what the task's own prediction does, in one go.
    width = wish.writing.width if isinstance(wish.writing, Searching) else 1
    predicted = (
        _searched(model, inputs.astype(np.int64), width, wish, hear)
        if width > 1
        else predict(model, inputs, wish.threads)
    )
    if kind == "tags":
        return _tagged(encoder, found, predicted, nothing)
    with settled(model.device, wish.threads or _threads()), evaluating(model):
        if kind in PER_EXAMPLE:
            more = weighed(model, encoder, few) if kind == "classes" else ()
            values = _figures(predicted, preprocessor.predicted)
            return Worded(values, _applying(preprocessor, values), behind=more)
        texts = tuple(encoder.tokenizer.decode(tokens) for tokens in predicted.tolist())
        if kind == "translation":
            written = predicted[: wish.closely].astype(np.int64)
            return Worded(nothing, texts, behind=aligned(model, encoder, few, written))
        return Worded(
            nothing,
            texts,
            behind=filled(model, encoder, few),
            notices=tuple(_lacking_gaps(inputs.astype(np.int64))),
        )


def _figures(values: NDArray[Any], targets: Targets) -> NDArray[np.float32] | NDArray[np.float64]:
    """Return probabilities as they are, and numbers (N, T) rounded to the figures that the network can tell.

    It puts out (value - mean) / scale in single precision, of which nine figures are all there is; what
    stands behind them in the value was never learnt.
    """
    if targets.kind != "numbers":
        return np.asarray(values, np.float32)
    mean, scale = np.array(targets.mean), np.array(targets.scale)
    # learnt unscaled, a scale of 1 says nothing about how small the numbers are
    least = np.where((mean == 0) & (scale == 1), np.finfo(np.float64).tiny, scale)
    size = np.log10(np.maximum(np.abs(values - mean), least))
    # NaN stays NaN however it is rounded; beyond 10^250 the product within `round` would be infinite
    decimals = np.minimum(_FIGURES - 1 - np.floor(np.nan_to_num(size, posinf=0)), _MOST_DECIMALS).astype(int)
    rounded = values.astype(np.float64)
    for places in np.unique(decimals).tolist():
        rounded[decimals == places] = np.round(values[decimals == places], places)
    # no "-0" in a file
    return rounded + 0.0


def _applying(preprocessor: Preprocessor, values: NDArray[np.floating[Any]]) -> tuple[str, ...]:
    """Return the labels that apply to each input, in words; nothing where no labels are predicted."""
    predicted = preprocessor.predicted
    if predicted.kind != "labels":
        return ()
    marks = (values >= LIKELY).tolist()
    return tuple("; ".join(compress(predicted.classes, applies)) for applies in marks)


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _traces(found: NewInputs, closely: int) -> tuple[Trace, ...]:
    """Return the first series as they were given; of other inputs nothing."""
    if not isinstance(found.raw, SeriesSet):
        return ()
    return tuple(Trace(found.raw.channels, found.raw.values[row]) for row in found.rows[:closely].tolist())


def _lacking_gaps(texts: Tokens) -> Iterator[str]:
    lacking = int((texts != MASK).all(axis=1).sum())
    if lacking:
        # else the text would come back as it was given, without a word
        which = (
            Message("the text has")
            if len(texts) == 1
            else Message("{lacking:,} of {count:,} texts have", lacking=lacking, count=len(texts))
        )
        yield Message("{which} no gap: write [MASK] where the network is to guess a word", which=which)


def _searched(model: Model, texts: Tokens, width: int, wish: Wording, hear: Hear) -> Tokens:
    """Return translations (N, places) by beam search."""
    import torch

    from engine.networks.sequences.generation import beam, translator
    from engine.training.devices import settled
    from engine.training.evaluate import batches_of, evaluating

    places = model.description.targets.length - 1
    found = []
    with settled(model.device, wish.threads or _threads()), evaluating(model):
        # Every example stands in the batch as often as its beam is wide.
        for rows in batches_of(len(texts), model.numbers * width):
            # no texts: a beam may still change its mind about the first word
            hear(rows.start / len(texts), ())
            source = torch.from_numpy(texts[rows]).to(model.device.torch)
            writer = translator(model.network, source)
            written, _ = beam(writer, len(source), places, width)
            found.append(written.cpu().numpy())
    return np.concatenate(found)


def _tagged(
    encoder: TokensEncoder, found: NewInputs, predicted: NDArray[np.generic], nothing: NDArray[np.float32]
) -> Worded:
    assert isinstance(found.raw, TaggedTexts)
    assert isinstance(encoder, TaggedEncoder)
    words = tuple(found.raw.words[row] for row in found.rows.tolist())
    tags = _tags(encoder, words, predicted.argmax(axis=-1))
    texts = tuple(
        " ".join(f"{word}/{tag}" for word, tag in zip(*one, strict=True))
        for one in zip(words, tags, strict=True)
    )
    return Worded(nothing, texts, words, tags)


def _tags(encoder: TaggedEncoder, words: Words, codes: NDArray[np.int64]) -> Words:
    """Return a tag for each word: that of its first token, "" for words beyond the longest text."""
    found = []
    for sentence, begun, row in zip(words, encoder.begun(words), codes.tolist(), strict=True):
        tags = [""] * len(sentence)
        # a sentence ends before the row of places does
        for word, code in zip(begun, row, strict=False):
            if word >= 0:
                tags[word] = encoder.tags[code]
        found.append(tuple(tags))
    return tuple(found)
