"""Modalities of labelled data, whose examples are there already: what they share, and what each adds."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import TargetKind
from engine.data.modality import Modality, modality_of
from engine.data.raw import Labelled

if TYPE_CHECKING:
    from engine.data.encoder import Encoder, Say
    from engine.data.new.files import Trained
    from engine.data.new.inputs import NewInputs
    from engine.data.preparation.target import Answers
    from engine.data.prepared import Prepared
    from engine.data.preprocessing import Preprocessing
    from engine.data.preprocessor import Preprocessor
    from engine.data.source import Report
    from engine.data.split import Split

_FEWEST = 20
"""Examples from which on it is no chance that hardly any number recurs."""

L = TypeVar("L", bound=Labelled)


class LabelledModality(Modality[L]):
    """A kind of data whose examples are there already, each with its own target; what it fits and doubts."""

    answer_setting: ClassVar[str] = "data.path"
    """The setting to change where the answers are not such as can be learnt."""
    one_class_cure: ClassVar[str] = ""
    """What to do where only one class is found, behind the sentence that says so."""

    @property
    def instead_of_classes(self) -> str:
        """Return what to do where a target is rather numbers than classes."""
        instead = "choose another column, or one of classes made of them"
        return Message("numbers are not predicted from {name}: {instead}", name=self.name, instead=instead)

    def prepare(
        self,
        raw: L,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        """Return the data, split, and preprocessed as the training part says. Raises Invalid."""
        # at the call, as in all modalities: the window asks them for their names, and must load no pandas
        from engine.data.preparation.labelled import prepare_labelled

        return prepare_labelled(self, raw, split, preprocessing, target, seed, report)

    def guess(self, raw: L) -> TargetKind | None:
        """Return labels where a cell holds several, numbers where they hardly recur, else the likeliest."""
        from engine.data.cells.label_sets import holds_several

        if "labels" in self.predicts and holds_several(raw):
            return "labels"
        return "numbers" if "numbers" in self.predicts and _hardly_recur(raw) else self.predicts[0]

    def refuse_unknown(self, raw: L) -> None:
        """Raise Invalid, with every problem, where settings name what the data does not have."""

    def usable(
        self, raw: L, answered: NDArray[np.bool_], preprocessing: Preprocessing, say: Say
    ) -> NDArray[np.bool_]:
        """Return which of the answered examples can be inputs, too. Raises Invalid where none can."""
        return answered

    def no_answers(self, raw: L) -> tuple[str, str]:
        """Return the setting to change, and why, where every answer is missing."""
        return "data.label", Message(
            "{answered}: every value is missing; name the column that says it", answered=raw.answered[0]
        )

    def refuse_answers(self, raw: L, found: Answers, rows: NDArray[np.int64]) -> None:
        """Raise Invalid where nothing can be learnt of the answers of these rows."""

    def doubts(self, raw: L, found: Answers, rows: NDArray[np.int64], *, apart: bool) -> list[str]:
        """Return what should make a person look twice; `apart`: nothing says which rows belong together."""
        return []

    def answered_as_training_knew(self, raw: L, trained: Trained) -> L:
        """Return new examples, answers written as those of training. Raises Invalid without them."""
        return raw

    def judged(self, raw: L, preprocessor: Preprocessor, known: NDArray[np.bool_]) -> NewInputs:
        """Return new examples as inputs, of which those are judged whose answers are `known`."""
        return self.new(raw, preprocessor)

    @abstractmethod
    def fit(
        self, raw: L, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say, report: Report
    ) -> Encoder:
        """Return the encoder that the training rows say. Raises Invalid where there is none."""

    def encode(
        self, encoder: Any, raw: L, rows: NDArray[np.int64], say: Say, report: Report
    ) -> NDArray[np.float32] | NDArray[np.int32]:
        """Return the inputs of all examples, of which only `rows` are used: what is said is said of these.

        `report` is told how far it is, where that takes long.
        """
        found: NDArray[np.float32] | NDArray[np.int32] = encoder.encode(raw, say)
        return found


def in_places(
    found: NDArray[Any], rows: NDArray[np.int64], count: int
) -> NDArray[np.float32] | NDArray[np.int32]:
    """Return the inputs of some of `count` examples, each in the place of its row; zeros in all others."""
    if len(rows) == count:
        return found
    whole = np.zeros((count, *found.shape[1:]), found.dtype)
    whole[rows] = found
    return whole


def labelled_modality_of(raw: type[Labelled]) -> LabelledModality[Any]:
    """Return the modality of labelled data of a class."""
    # the register does not say so, but whatever is Labelled has such a modality
    found = modality_of(raw)
    assert isinstance(found, LabelledModality)
    return found


def _hardly_recur(raw: Labelled) -> bool:
    """Return whether answers are numbers of which most stand with one example alone: too few for classes."""
    from engine.data.cells.values import numbers

    if len(raw.answered) != 1 or raw.lacking:
        return False
    cells = raw.as_read(raw.answered[0]).dropna()
    known = cells[cells != ""]
    if len(known) < _FEWEST or 2 * known.nunique() <= len(known):
        return False
    return not numbers(known)[1].any()
