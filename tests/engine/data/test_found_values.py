"""What reading found out in training holds for what is new: a part of the data alone may say less.

Every setting of every source that may be left open has an excerpt: data, and a part of it that alone would be
read otherwise. Read as new data, for prediction and for evaluation, the part must become what it was in
training; where that is because of what was found, it must not once that is forgotten. A new setting without
an excerpt fails, and so does what is found under a name that is no setting of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.choices import Invalid, fields
from engine.data.new.examples import read_examples
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.prepared import Prepared
from engine.data.preprocessor import Preprocessor
from engine.data.raw import RULES, UNITS
from engine.data.series.raw import Timeline
from engine.data.source import Source, silent
from engine.data.texts.raw import Corpus
from tests.engine.data.excerpts import Excerpt
from tests.engine.data.found_values import FOUND, NEEDLESS, SAID
from tests.engine.data.same_inputs import Case, trained

OPEN = ("auto", "", (), 0)
"""Values of a setting that leave it to be found out, or say nothing."""
Arrays = Sequence[NDArray[np.generic]]


def left_open() -> list[tuple[str, str]]:
    """Return every setting of every source of files that is open by default, unless it is never found."""
    sources = [source for source in Source.every() if "path" in source.model_fields]
    every = [(source.kind, field.name) for source in sources for field in fields(source)
             if any(field.default is value or field.default == value for value in OPEN)]  # fmt: skip
    return [(kind, name) for kind, name in every if not {name, f"{kind}.{name}"} & set(SAID)]


EVERY = [(kind, name) for kind, excerpts in FOUND.items() for name in excerpts]


@dataclass(frozen=True)
class Seen:
    """What a network gets of the part of an excerpt: `predicted` inputs, `judged` inputs and targets."""

    predicted: Arrays
    judged: Arrays


def in_training(excerpt: Excerpt, prepared: Prepared) -> Seen:
    raw, preprocessor = prepared.raw, prepared.preprocessor
    encoder: Any = preprocessor.encoder
    match raw:
        case Timeline():
            return Seen([encoder.latest(raw)], [encoder.encode(raw, str), preprocessor.targets(raw)])
        case Corpus():
            text = excerpt.path.read_text("koi8-r")
            alone = Corpus((text,), (excerpt.path.name,))
            windows = [preprocessor.inputs(alone), preprocessor.targets(alone)]
            return Seen([encoder.prompts([text.strip()])], windows)
    rows = [*excerpt.rows]
    inputs = preprocessor.inputs(raw)[rows]
    return Seen([inputs], [inputs, preprocessor.targets(raw)[rows]])


def predicted(excerpt: Excerpt, known: Trained) -> Arrays:
    return [read_new(excerpt.path, known).inputs]


def judged(excerpt: Excerpt, known: Trained) -> Arrays:
    """Return inputs and targets as they are evaluated; those of training where the part has no answers."""
    examples = read_examples(excerpt.path, known, silent).examples
    return [examples.inputs, examples.targets]


def alike(
    new: Callable[[Excerpt, Trained], Arrays], excerpt: Excerpt, known: Trained, before: Arrays
) -> bool:
    """Return whether a part is read as in training; the windows of a course's end are the last of all."""
    try:
        found = new(excerpt, known)
    except Invalid:
        return False
    ends = [one[max(len(one) - len(other), 0) :] for one, other in zip(before, found, strict=True)]
    return all(
        one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
        for one, other in zip(ends, found, strict=True)
    )


@pytest.mark.parametrize(("kind", "name"), EVERY, ids=[f"{kind}.{name}" for kind, name in EVERY])
def test_that_what_training_found_out_holds_for_a_part_that_alone_is_read_otherwise(
    kind: str, name: str, tmp_path: Path
) -> None:
    excerpt = FOUND[kind][name](tmp_path)
    prepared, known = trained(Case(excerpt.source, words=excerpt.words))
    before = in_training(excerpt, prepared)
    kept = Trained(Preprocessor.from_json(prepared.preprocessor.to_json()), known.source, known.found)
    assert alike(predicted, excerpt, kept, before.predicted)
    assert not excerpt.judged or alike(judged, excerpt, kept, before.judged)
    if excerpt.kept:
        rest = {name: value for name, value in known.found.items() if name not in excerpt.kept}
        forgotten = Trained(kept.preprocessor, known.source, rest)
        assert {*excerpt.kept} <= {*known.found}
        assert excerpt.spoils == "answers" or not alike(predicted, excerpt, forgotten, before.predicted)
        assert not excerpt.judged or not alike(judged, excerpt, forgotten, before.judged)


def test_that_every_setting_that_may_be_found_out_has_an_excerpt() -> None:
    lacking = [f"{kind}.{name}" for kind, name in left_open() if name not in FOUND.get(kind, {})]
    assert not lacking, (
        f"{lacking} need an excerpt in FOUND, or in SAID a reason why they are never found out"
    )
    assert len(left_open()) >= 70


def test_that_what_is_found_out_is_called_as_settings_are(tmp_path: Path) -> None:
    """What has the name of no setting would be forgotten when a new file is read.

    Units are no setting: they are what new files are compared with. Nor are the rules: they say by
    which a run has learnt, so that it is read by them again.
    """
    no_settings = {UNITS, RULES}
    unknown = set()
    for place, (kind, name) in enumerate(EVERY):
        (tmp_path / str(place)).mkdir()
        source = FOUND[kind][name](tmp_path / str(place)).source
        found = source.read(0).found
        unknown |= {f"{kind}.{key}" for key in found if key not in {*no_settings, *type(source).model_fields}}
    assert unknown <= NEEDLESS
