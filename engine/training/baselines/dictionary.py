"""Baseline of translations: word by word, from a dictionary that is learnt from the same pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.description import PartName
from engine.data.examples import spread
from engine.data.prepared import Prepared
from engine.data.texts.encode import PairsEncoder
from engine.data.texts.raw import TextPairs
from engine.training.baselines.beside import Beside, thinned
from engine.training.word_bleu import MOST_WRITTEN, NAME, word_bleu, words_of

ITERATIONS = 5
MOST_LINKS = 5_000_000
"""Words that may go with each other, summed over all pairs, that are learnt from: some seconds."""


def dictionary(kind: str, prepared: Prepared, part: PartName) -> Beside:
    """Judge who replaces each word by its most probable translation; a word not in training stays."""
    raw, judged, encoder = prepared.raw, prepared.raw_of(part), prepared.preprocessor.encoder
    assert isinstance(raw, TextPairs)
    assert isinstance(judged, TextPairs)
    assert isinstance(encoder, PairsEncoder)
    lower = encoder.tokenizer.lowercase
    pairs = [
        (words_of(raw.texts[row], lower), words_of(raw.translations[row], lower))
        for row in prepared.train.rows.tolist()
    ]
    links = sum(len(source) * len(target) for source, target in pairs)
    # a pair links each word with each: counted in pairs, long sentences would take minutes
    kept = spread(len(pairs), len(pairs) * MOST_LINKS // max(links, 1))
    known = most_probable([pairs[place] for place in kept])
    rows = prepared.part(part).rows
    asked = rows[spread(len(rows), MOST_WRITTEN)].tolist()
    written = [
        " ".join(known.get(word, word) for word in words_of(judged.texts[row], lower)) for row in asked
    ]
    # the same words, the same lower case and as many texts as the network's own score, or neither tells
    score = word_bleu(written, [judged.translations[row] for row in asked], lower)
    return Beside({kind: {NAME: score}}, thinned(kind, len(kept), len(pairs), "pairs"))


def most_probable(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> dict[str, str]:
    """Return for each source word the word that it most probably becomes, by IBM model 1.

    Every target word comes from one source word of its pair, whichever, or from none; how probably is learnt
    by expectation maximisation.

    Formula: t(e|f) ∝ ∑ over pairs and places of t(e|f) / ∑_f' t(e|f'), from equal t(e|f) on

    Source: Brown, Della Pietra, Della Pietra and Mercer, The Mathematics of Statistical Machine Translation,
    1993, section 4.2.
    """
    sources, targets = _numbered(pairs, 0), _numbered(pairs, 1)
    froms, tos, places = _links(pairs, sources, targets)
    keys, link = np.unique(froms * len(targets) + tos, return_inverse=True)
    owner = keys // len(targets)
    chance = np.ones(len(keys))
    for _ in range(ITERATIONS):
        # picked by an array, it is a copy: the next line may change it in place
        each = chance[link]
        each /= np.bincount(places, each)[places]
        counts = np.bincount(link, each, len(keys))
        chance = counts / np.bincount(owner, counts, len(sources) + 1)[owner]
    best = np.lexsort((keys, -chance))[::-1]  # of several, the last that is written below stays
    names = list(targets)
    words = ["", *sources]
    return {words[int(owner[key])]: names[int(keys[key] % len(targets))] for key in best if owner[key] > 0}


def _numbered(pairs: Sequence[tuple[Sequence[str], Sequence[str]]], side: int) -> dict[str, int]:
    # sorted, as a set of words has another order in every process, and equal chances would change with it
    every = sorted({word for pair in pairs for word in pair[side]})
    return {word: place for place, word in enumerate(every)}


def _links(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]], sources: dict[str, int], targets: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return each possible link: from which source word (0: none), to which target word, of which place."""
    froms, tos, places, place = [], [], [], 0
    for source, target in pairs:
        numbers = [0, *(sources[word] + 1 for word in source)]
        froms.append(np.tile(numbers, len(target)))
        # without words numpy makes an array of floats, which cannot index
        tos.append(np.repeat([targets[word] for word in target], len(numbers)).astype(np.int64))
        places.append(np.repeat(np.arange(place, place + len(target)), len(numbers)))
        place += len(target)
    empty = [np.zeros(0, np.int64)]  # concatenate refuses a list without arrays
    return np.concatenate(empty + froms), np.concatenate(empty + tos), np.concatenate(empty + places)
