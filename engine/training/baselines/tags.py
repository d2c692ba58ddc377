"""Baseline of tags: each word its most frequent tag."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from engine.data.description import IGNORED, PartName
from engine.data.prepared import Prepared
from engine.data.texts.encode import TaggedEncoder
from engine.data.texts.raw import TaggedTexts
from engine.learning.metrics import Metric
from engine.training.baselines.beside import Beside, row_batches, scored_batches, sure


def usual_tag_of(sentences: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the tag that each word has most often; of equally frequent ones the first in the alphabet."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words, said in zip(sentences, tags, strict=True):
        for word, tag in zip(words, said, strict=True):
            counts[word][tag] += 1
    # min with a minus, as `most_common` of a Counter breaks ties by what came first in the file
    return {word: min(found, key=lambda tag: (-found[tag], tag)) for word, found in counts.items()}


def usual_tags(kind: str, prepared: Prepared, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge who gives each word the tag that it has most often in training, whatever stands beside it.

    A word that training has not seen is outside of all names, or where tags name none, what most words are.
    """
    raw, judged, encoder = prepared.raw, prepared.raw_of(part), prepared.preprocessor.encoder
    assert isinstance(raw, TaggedTexts)
    assert isinstance(judged, TaggedTexts)
    assert isinstance(encoder, TaggedEncoder)
    known = usual_tag_of(*([some[row] for row in prepared.train.rows] for some in (raw.words, raw.tags)))
    codes = {tag: code for code, tag in enumerate(encoder.tags)}
    seen = torch.from_numpy(prepared.train.targets).long()
    commonest = int(seen[seen != IGNORED].bincount(minlength=len(codes)).argmax())
    unknown = codes.get("O", commonest)
    rows = prepared.part(part).rows
    guesses = [
        [codes.get(known.get(word, ""), unknown) for word in judged.words[row]] for row in rows.tolist()
    ]
    begun = encoder.begun([judged.words[row] for row in rows.tolist()])
    found = torch.zeros(prepared.part(part).targets.shape, dtype=torch.int64)
    for row, (places, tags) in enumerate(zip(begun, guesses, strict=True)):
        # where no word begins the truth is ignored, and so is what is said there
        found[row, : len(places)] = torch.tensor([tags[word] if word >= 0 else 0 for word in places])
    return Beside({kind: scored_batches(_batches(prepared, part, found), metrics)})


def _batches(prepared: Prepared, part: PartName, found: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    truth = torch.from_numpy(prepared.part(part).targets).long()
    classes = prepared.description.targets.size
    return ((sure(found[rows], classes), truth[rows]) for rows in row_batches(len(truth)))
