"""Texts: labelled, tagged, translated, or running."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.choices import Message
from engine.data.description import PartName, TargetKind
from engine.data.files.endings import TAGGED, TEXTS
from engine.data.modality import FileSort, Modality, SmallData
from engine.data.preparation.modality import LabelledModality, in_places
from engine.data.raw import Raw
from engine.data.refusal import refused
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.encoder import Encoder, Say
    from engine.data.inspection.records import Inspection
    from engine.data.new.files import Trained
    from engine.data.new.inputs import Given, NewInputs
    from engine.data.prepared import Prepared
    from engine.data.preprocessing import Preprocessing
    from engine.data.preprocessor import Preprocessor
    from engine.data.source import Report
    from engine.data.split import Split


R = TypeVar("R", bound=Raw)


class _OfTokens(Modality[R]):
    """What all texts share: a network receives tokens of them."""

    receives = "tokens"

    @override
    def new(self, raw: R, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.new.inputs import plain_inputs

        return plain_inputs(raw, preprocessor, ())  # as only a network that was trained on such takes it

    @override
    def typed(self, given: Given, trained: Trained, report: Report) -> Raw:
        from engine.data.texts.new import typed_texts

        return typed_texts(given)


class LabelledTexts(_OfTokens[Texts], LabelledModality[Texts], kind="texts"):
    """Texts, each with a label, or to be learnt themselves."""

    raw = Texts
    name = "texts"
    predicts = ("classes", "numbers", "labels", "tokens")
    sorts = (FileSort("texts", "texts", frozenset(TEXTS), rank=5),)
    read_from = ("texts", "tables")
    usual_source = "text_table"
    small = (
        SmallData({"kind": "sample", "name": "film_sentences"}, "classification", rank=6),
        SmallData({"kind": "sample", "name": "film_sentences"}, "masked_language_modelling", rank=11),
    )
    precedence = 3

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.tables.read.text_columns import holds_texts
        from engine.data.texts.read.listed_files import names_files

        if any(holds_texts(table[name]) for name in table.columns):
            return True
        return folder is not None and any(names_files(folder, table[name]) for name in table.columns)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.texts.encode import TextEncoder

        return TextEncoder

    @override
    def prepare(
        self,
        raw: Texts,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        # with labels it is like other labelled data; only texts that are their own target go another way
        if target != "tokens":
            return super().prepare(raw, split, preprocessing, target, seed, report)
        from engine.data.texts.prepare import prepare_alone

        return prepare_alone(raw, split, preprocessing, seed, report)

    @override
    def inspect(self, raw: Texts, prepared: Prepared | None, split: Split, folder: Path | None) -> Inspection:
        from engine.data.texts.inspect import inspect_texts

        return inspect_texts(raw, prepared, self.guess(raw))

    @override
    def joined(self, raw: Texts, other: Texts, part: PartName) -> tuple[Texts, list[str]]:
        from engine.data.joining import labels_of_both

        return replace(raw, texts=raw.texts + other.texts, given=None, **labels_of_both(raw, other, part)), []

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> Texts:
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.read.tables import TextColumns, read_text_column

        which = TextColumns(str(path), facts["texts"], facts["target"])
        return read_text_column(which, TableFormat("utf-8", ",", ".", header="yes"), report, free_memory())

    @override
    def new(self, raw: Texts, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.texts.new import new_texts

        return new_texts(raw, preprocessor)

    @override
    def usable(
        self, raw: Texts, answered: NDArray[np.bool_], preprocessing: Preprocessing, say: Say
    ) -> NDArray[np.bool_]:
        from engine.data.texts.fit import not_empty

        # an empty text is no example, though it has a label
        return answered & np.isin(np.arange(len(raw)), not_empty([raw.texts], say))

    @override
    def answered_as_training_knew(self, raw: Texts, trained: Trained) -> Texts:
        from engine.data.cells.values import listed

        texts, label = (trained.setting(name, "") for name in ("texts", "label"))
        # another column would be taken for the answers, as one that numbers the texts of a test part
        if raw.columns and label and label not in raw.columns and texts in raw.columns:
            there = listed(raw.columns, 20)
            raise refused(
                "",
                Message(
                    "the answers are missing: no column {label}; there are: {there}", label=label, there=there
                ),
            )
        return raw

    @override
    def fit(
        self, raw: Texts, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say, report: Report
    ) -> Encoder:
        from engine.data.texts.encode import TextEncoder
        from engine.data.texts.fit import fit_tokenizer
        from engine.data.texts.tokens.progress import learning

        tokenizer = fit_tokenizer([raw.texts[row] for row in train], preprocessing, say, learning(report))
        return TextEncoder(tokenizer=tokenizer, length=preprocessing.length)

    @override
    def encode(
        self, encoder: Any, raw: Texts, rows: NDArray[np.int64], say: Say, report: Report
    ) -> NDArray[np.float32] | NDArray[np.int32]:
        from engine.data.texts.tokens.progress import cutting, letters_of

        texts = raw.texts if len(rows) == len(raw) else tuple(raw.texts[row] for row in rows)
        found = encoder.encode(replace(raw, texts=texts), say, cutting(report, letters_of(texts)))
        return in_places(found, rows, len(raw))


_SENTENCES = b"Ada B-person\nByron I-person\nwent O\nto O\nRome B-place\nagain O\n\n" * 120


class Tagged(_OfTokens[TaggedTexts], kind="tagged"):
    """Sentences as words, each word with a tag."""

    raw = TaggedTexts
    name = "tagged texts"
    predicts = ("tags",)
    sorts = (FileSort("tagged", "tagged texts", frozenset(TAGGED), rank=4, less="texts"),)
    read_from = ("tagged", "tables", "texts")
    usual_source = "tagged_text"
    precedence = 6
    small = (SmallData({"kind": "tagged_text"}, "tagging", rank=8, files={"tagged.conll": _SENTENCES}),)

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.texts.in_table import are_tagged_words

        return are_tagged_words(table)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.texts.encode import TaggedEncoder

        return TaggedEncoder

    @override
    def prepare(
        self,
        raw: TaggedTexts,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        from engine.data.texts.prepare import prepare_tagged

        return prepare_tagged(raw, split, preprocessing, seed, report)

    @override
    def inspect(
        self, raw: TaggedTexts, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.texts.inspect import inspect_tagged

        return inspect_tagged(raw, prepared, self.guess(raw))

    @override
    def joined(self, raw: TaggedTexts, other: TaggedTexts, part: PartName) -> tuple[TaggedTexts, list[str]]:
        from engine.data.joining import parts_of_both

        words, tags, names = raw.words + other.words, raw.tags + other.tags, raw.names + other.names
        published = parts_of_both(raw.published, len(raw), len(other), part)
        return replace(raw, words=words, tags=tags, names=names, published=published), []

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> TaggedTexts:
        from engine.data.texts.read.tagged import TaggedFormat, read_tagged

        return read_tagged(TaggedFormat(str(path)), report)

    @override
    def new(self, raw: TaggedTexts, preprocessor: Preprocessor) -> NewInputs:
        from engine.data.texts.new import new_texts

        return new_texts(raw, preprocessor)


class PairedTexts(_OfTokens[TextPairs], kind="pairs"):
    """Texts and their translations."""

    raw = TextPairs
    name = "texts with translations"
    predicts = ("translation",)
    read_from = ("texts", "tables")
    usual_source = "text_pairs"
    small = (SmallData({"kind": "sample", "name": "spanish_verses"}, "translation", rank=9),)
    precedence = 2

    @override
    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        from engine.data.texts.in_table import are_translations
        from engine.data.texts.read.listed_files import names_files

        listed = folder is not None and any(names_files(folder, table[name]) for name in table.columns)
        return not listed and are_translations(table)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.texts.encode import PairsEncoder

        return PairsEncoder

    @override
    def prepare(
        self,
        raw: TextPairs,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        from engine.data.texts.prepare import prepare_pairs

        return prepare_pairs(raw, split, preprocessing, seed, report)

    @override
    def inspect(
        self, raw: TextPairs, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.texts.inspect import inspect_pairs

        return inspect_pairs(raw, prepared, self.guess(raw))

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> TextPairs:
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.read.pairs import PairsFormat, read_pairs

        how = TableFormat("utf-8", ",", ".", header="yes")
        return read_pairs(PairsFormat(str(path)), how, report, free_memory())


class RunningText(_OfTokens[Corpus], kind="corpus"):
    """Long running text, from which windows are cut."""

    raw = Corpus
    name = "running text"
    predicts = ("tokens",)
    read_from = ("texts",)
    usual_source = "text_files"
    small = (SmallData({"kind": "sample", "name": "austen"}, "language_modelling", rank=10),)

    @property
    @override
    def encoder(self) -> type[Encoder]:
        from engine.data.texts.encode import CorpusEncoder

        return CorpusEncoder

    @override
    def prepare(
        self,
        raw: Corpus,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        from engine.data.texts.prepare import prepare_corpus

        return prepare_corpus(raw, split, preprocessing, report)

    @override
    def inspect(
        self, raw: Corpus, prepared: Prepared | None, split: Split, folder: Path | None
    ) -> Inspection:
        from engine.data.texts.inspect import inspect_corpus

        return inspect_corpus(raw, prepared, self.guess(raw))

    @override
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> Corpus:
        from engine.data.texts.read.folders import read_corpus

        return read_corpus(str(path), "utf-8", report)
