"""Preprocessor: how raw data becomes inputs, fitted on the training part, kept with the run as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, create_model, model_validator

from engine.choices import Invalid, Message, problems_in
from engine.data.cells.label_sets import SETTING as SEPARATOR
from engine.data.cells.label_sets import indicators, yes_or_no
from engine.data.cells.recognition import measured
from engine.data.cells.values import as_float, as_text, coded, without_midnight
from engine.data.description import PER_EXAMPLE, Inputs, TargetKind, Targets
from engine.data.encoder import Encoder, Fitted, Name, Say
from engine.data.modality import modalities, modality_of
from engine.data.raw import Labelled, Raw
from engine.data.refusal import refused

FORMAT = 1


class _FittedTargets(Fitted):
    kind: TargetKind
    names: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10_000)]
    classes: Annotated[tuple[Name, ...], Field(max_length=100_000)] = ()
    mean: Annotated[tuple[float, ...], Field(max_length=10_000)] = ()
    scale: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(max_length=10_000)] = ()
    length: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    vocabulary: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    reference: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(max_length=10_000)] = ()
    spread: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(max_length=10_000)] = ()
    least: Annotated[tuple[float, ...], Field(max_length=10_000)] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind in ("classes", "tags"):
            fits = len(self.names) == 1 and len(self.classes) >= 2 and not self.mean and not self.scale
            fits = fits and len(set(self.classes)) == len(self.classes)
        elif self.kind == "labels":
            # labels of one cell, or a column of yes and no for each
            fits = len(self.names) == 1 or self.names == self.classes
            fits = fits and 1 <= len(self.classes) == len(set(self.classes)) and not self.mean
        elif self.kind == "numbers":
            fits = len(self.mean) == len(self.scale) == len(self.names) and not self.classes
        else:
            fits = not self.mean and not self.scale and not self.classes and self.vocabulary > 0
        fits = fits and len(self.reference) == len(self.spread)
        fits = fits and all(len(one) in (0, len(self.mean)) for one in (self.reference, self.least))
        fits = fits and (self.length > 0) == (self.kind not in PER_EXAMPLE)
        if not fits:
            raise ValueError("names, classes, mean and scale do not fit together")
        return self


class _Document(Fitted):
    format: Annotated[int, Field(ge=1, le=FORMAT)]
    inputs: Encoder
    targets: _FittedTargets

    @model_validator(mode="after")
    def _refers_to_inputs(self) -> Self:
        # the baseline would read beyond the input of a file that was edited
        if max(self.targets.reference, default=0) >= self.inputs.received.size:
            raise ValueError("targets refer to inputs that are not there")
        return self


@dataclass(frozen=True)
class Preprocessor:
    """Everything needed to turn rows or pictures into inputs, and predictions back into the data's units."""

    encoder: Encoder
    predicted: Targets
    """What is predicted: classes, or numbers with their mean and scale."""

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        return self.encoder.received

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of a table, a course or series that are inputs."""
        return self.encoder.named

    @property
    def measured(self) -> tuple[str, ...]:
        """Return the columns of a table that are numbers, inputs and targets."""
        return (*self.encoder.measured, *(self.predicted.names if self.predicted.kind == "numbers" else ()))

    def inputs(self, raw: Raw, say: Say = lambda text: None) -> NDArray[np.float32] | NDArray[np.int32]:
        """Return (N, *shape). `say` is told what a person should know (filled values, unseen words).

        Raises Invalid when columns are missing, values are of the wrong type or pictures of another kind.
        """
        if not isinstance(raw, self.encoder.takes):
            given = modality_of(type(raw)).name
            raise refused(
                "",
                Message(
                    "this network was trained on {what}, not on {given}", what=self.encoder.what, given=given
                ),
            )
        return self.encoder.encode(raw, say)

    def targets(self, raw: Raw) -> NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float32]:
        """Return the targets of the rows.

        Class indices (N,), -1 where missing or unknown; labels (N, K) as 0 and 1, NaN where missing;
        standardised numbers (N, T); tags or tokens (N, length).
        """
        if not isinstance(raw, Labelled) or self.predicted.kind not in PER_EXAMPLE:
            return self.encoder.answers(raw)
        if self.predicted.kind == "classes":
            return self._classes(raw)
        if self.predicted.kind == "labels":
            return self._labels(raw)
        mean, scale = np.array(self.predicted.mean), np.array(self.predicted.scale)
        # in float64 until they are scaled, as in training
        return np.asarray((self.numbers(raw) - mean) / scale, np.float32)

    def numbers(self, raw: Labelled) -> NDArray[np.float64]:
        """Return the targets of the rows as they were read (N, T), NaN where missing: those of `numbers`."""
        return np.stack([measured(raw.as_read(name))[0] for name in self.predicted.names], axis=1)

    def _classes(self, raw: Labelled) -> NDArray[np.int64]:
        codes, found = coded(raw.as_written(self.predicted.names[0]))
        known = {name: index for index, name in enumerate(self.predicted.classes)}
        alike = _otherwise_written(self.predicted.classes)
        # as written first: classes may differ in capitals alone
        places = [known.get(name, alike.get(_plainly(name), -1)) for name in found]
        # the code -1 of a missing cell takes the last place, which is -1, too
        return np.array([*places, -1], np.int64)[codes]

    def _labels(self, raw: Labelled) -> NDArray[np.float32]:
        names = self.predicted.names
        columns = [raw.as_written(name) for name in names]
        if len(names) > 1:
            return np.stack([yes_or_no(column)[0] for column in columns], axis=1).astype(np.float32)
        mark = str(raw.found.get(SEPARATOR, "none"))
        return indicators(columns[0], mark, self.predicted.classes).astype(np.float32)

    def read_targets(self, values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return predicted standardised numbers (N, T) in the units of the data."""
        mean, scale = np.array(self.predicted.mean), np.array(self.predicted.scale)
        return np.asarray(values * scale + mean, np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON; every number reads back to the same double."""
        targets = {
            # as JSON reads it back, so that what was written and what is read are equal
            key: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for key, value in asdict(self.predicted).items()
        }
        return {"format": FORMAT, "inputs": self.encoder.model_dump(mode="json"), "targets": targets}

    @classmethod
    def from_json(cls, value: object) -> Preprocessor:
        """Return the preprocessor that `to_json` wrote, given as text or as what `json.loads` made of it.

        Raises Invalid, and nothing else, for anything that is no such document.
        """
        if isinstance(value, (str, bytes)):
            value = _loaded(value)
        try:
            found = _document().model_validate(value)
        except ValidationError as error:
            raise Invalid(problems_in(error)) from None
        except RecursionError:
            raise refused("", "preprocessing.json is nested too deeply") from None
        targets = found.targets
        return cls(
            found.inputs,
            Targets(
                targets.kind,
                targets.names,
                targets.classes,
                targets.mean,
                targets.scale,
                targets.length,
                targets.vocabulary,
                targets.reference,
                targets.spread,
                targets.least,
            ),
        )


@cache
def _document() -> type[_Document]:
    """Return the form of preprocessing.json, which holds an encoder of any modality."""
    # made when first asked for: encoders load pandas, which the window does without
    encoders = reduce(or_, [one.encoder for one in modalities().values()])
    return create_model("Document", __base__=_Document, inputs=(encoders, Field(discriminator="kind")))


def _otherwise_written(classes: Sequence[str]) -> dict[str, int]:
    """Return the classes by what they are however they are written, those that are alike so left out.

    Runs of earlier versions call a class 1 that a table writes 1.0, and name the midnight hour of a day.
    """
    plain = [_plainly(name) for name in classes]
    # two classes that are alike so cannot be told apart, and neither is guessed
    return {name: index for index, name in enumerate(plain) if plain.count(name) == 1}


def _plainly(name: str) -> str:
    number = as_float(name)
    return without_midnight(name.casefold()) if number is None else as_text(number)


def _loaded(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refused("", Message("preprocessing.json is no JSON: {error}", error=error)) from None
