"""What a network says of new inputs: probabilities and numbers, or words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.description import PADDING
from engine.data.new_inputs import NewInputs
from engine.data.preprocessor import Preprocessor
from engine.data.raw import TaggedTexts
from engine.data.texts.encoders import TaggedEncoder, TokensEncoder

if TYPE_CHECKING:
    from engine.training.model import Model

TEMPERATURE, TOP_P = 0.8, 0.95
"""How texts are continued: a little surer than learnt, and nothing far-fetched."""

Words = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Said:
    """What is predicted for each input: `values` (N, K) as of `Predicted`, or in words `texts`, `words` with
    `tags`; what does not apply is empty.
    """

    values: NDArray[np.float32]
    texts: tuple[str, ...] = ()
    words: Words = ()
    tags: Words = ()


def said(model: Model, preprocessor: Preprocessor, found: NewInputs, seed: int, threads: int | None) -> Said:
    """Return what the model predicts for new inputs."""
    from engine.training.evaluate import predict

    nothing = np.zeros((len(found.inputs), 0), np.float32)
    encoder, kind = preprocessor.encoder, preprocessor.predicted.kind
    if kind in ("classes", "numbers") or not isinstance(encoder, TokensEncoder):
        return Said(np.asarray(predict(model, found.inputs, threads), np.float32))
    if kind == "tokens" and model.task.form == "next":
        return Said(nothing, _continued(model, encoder, found.inputs, seed, threads))
    predicted = predict(model, found.inputs, threads)
    if kind != "tags":
        return Said(nothing, tuple(encoder.tokenizer.decode(tokens) for tokens in predicted.tolist()))
    assert isinstance(found.raw, TaggedTexts)
    assert isinstance(encoder, TaggedEncoder)
    words = tuple(found.raw.words[row] for row in found.rows.tolist())
    tags = _tags(encoder, words, predicted.argmax(axis=-1))
    texts = tuple(
        " ".join(f"{word}/{tag}" for word, tag in zip(*one, strict=True))
        for one in zip(words, tags, strict=True)
    )
    return Said(nothing, texts, words, tags)


def _tags(encoder: TaggedEncoder, words: Words, codes: NDArray[np.int64]) -> Words:
    """Return a tag for each word: that of its first token, "" for words beyond the longest text."""
    found = []
    for sentence, begun, row in zip(words, encoder.begun(words), codes.tolist(), strict=True):
        tags = [""] * len(sentence)
        for word, code in zip(begun, row, strict=False):
            if word >= 0:
                tags[word] = encoder.tags[code]
        found.append(tuple(tags))
    return tuple(found)


def _continued(
    model: Model,
    encoder: TokensEncoder,
    prompts: NDArray[np.generic],
    seed: int,
    threads: int | None,
) -> tuple[str, ...]:
    """Return each text with tokens drawn after it, until the network ends it or the length is reached."""
    import torch

    from engine.networks.generation import Sampling, continuer, sample
    from engine.training.devices import settled
    from engine.training.evaluate import evaluating

    device, places = model.device.torch, encoder.length - 1
    texts = []
    with settled(model.device, threads or torch.get_num_threads()), evaluating(model):
        for row in prompts:
            tokens = torch.tensor(row[row != PADDING][-places:], dtype=torch.int64)[None]
            writer = continuer(model.network, places, device)
            sampling = Sampling(TEMPERATURE, top_p=TOP_P)
            found = sample(writer, tokens, tokens.shape[1] + places, sampling, seed)
            texts.append(encoder.tokenizer.decode(found[0].tolist()))
    return tuple(texts)
