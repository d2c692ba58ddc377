"""Encoders of texts: how each sort of text becomes tokens of one length."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainSerializer, PlainValidator

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.description import END, IGNORED, MASK, PADDING, SPECIAL_TOKENS, START, UNKNOWN, Inputs
from engine.data.encoder import Encoder, Name, Say
from engine.data.memory import free_memory
from engine.data.raw import Raw
from engine.data.refusal import refused
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.tokens.tokenizer import Tokenizer, Told, tokenizer_from_json, unheard

Tokens = NDArray[np.int32]
"""Half of what int64 would take; batches are widened where a network asks for it."""
_FEW = 5
_SURE, _PLAINLY = 4.0, 0.7
"""So far below 0 lies the sum of the leanings of a text that is plainly of the other side, and their mean."""
_BYTES = 4
_CALLED = {"words": "words", "characters": "letters"}
"""What people call the tokens of some tokenizers."""


def _read(value: Any) -> Tokenizer:
    return value if isinstance(value, Tokenizer) else tokenizer_from_json(value)


FittedTokenizer = Annotated[Tokenizer, PlainValidator(_read), PlainSerializer(Tokenizer.to_json)]

_SPECIAL = {token: np.array([token], np.int32) for token in (START, END)}


@dataclass(frozen=True)
class Stretch:
    """A piece of a document; `first` where the document begins with it, `last` where it ends with it."""

    text: str
    first: bool = True
    last: bool = True


class TokensEncoder(Encoder, ABC):
    """Texts as tokens: START, the tokens, END, then PADDING. What does not fit is cut and has no END."""

    tokenizer: FittedTokenizer
    length: Annotated[int, Field(ge=2, le=100_000)]

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        return Inputs("tokens", (self.length,), vocabulary=len(self.tokenizer))

    def encode_texts(self, texts: Sequence[str], say: Say, told: Told = unheard) -> Tokens:
        """Return (N, length). `say` is told how many were cut; `told` hears how many letters are done."""
        # one text after the other: the tokens of all as lists would be many times as large
        found = self._filled(len(texts), (_framed(tokens) for tokens in self.tokenizer.arrays(texts, told)))
        # a whole text has an END; cutting takes it away
        cut = int((found != END).all(axis=1).sum())
        if cut:
            say(
                Message(
                    "{cut:,} of {count:,} texts do not fit into {length} tokens and are cut",
                    cut=cut,
                    count=len(found),
                    length=self.length,
                )
            )
        return found

    def _encode_known(self, texts: Sequence[str], say: Say, told: Told) -> Tokens:
        """Return the same, and tell what is unknown."""
        found = self.encode_texts(texts, say, told)
        self.tell_unknown([found], texts, say)
        return found

    def prompts(self, texts: Sequence[str]) -> Tokens:
        """Return texts (N, length) that are to be continued or whose gaps, written [MASK], are to be filled.

        They have no END; of those that are too long only the end is kept.
        """
        gap = SPECIAL_TOKENS[MASK]
        parts = [text.split(gap) for text in texts]
        encoded = self.tokenizer.encode(list(chain.from_iterable(parts)))
        return self._filled(len(texts), (self._prompt([next(encoded) for _ in part]) for part in parts))

    def _prompt(self, parts: Sequence[list[int]]) -> list[int]:
        tokens = [START, *parts[0], *(token for part in parts[1:] for token in (MASK, *part))]
        # the end, as what is to be continued goes on there
        return tokens[-self.length :]

    def _filled(self, count: int, rows: Iterable[Sequence[int] | Tokens], fill: int = PADDING) -> Tokens:
        """Return the rows as one array, each cut or filled to the length."""
        # a generator comes in, so the memory is asked for before it is gone through
        needed = count * self.length * _BYTES
        if needed > free_memory():
            raise refused(
                "",
                Message(
                    "{count:,} texts of {length:,} tokens need {needed:.1f} GB of memory, more than is "
                    "free: take fewer or shorter texts",
                    count=count,
                    length=self.length,
                    needed=needed / 1e9,
                ),
            )
        found = np.full((count, self.length), fill, np.int32)
        for place, tokens in enumerate(rows):
            found[place, : len(tokens)] = tokens[: self.length]
        return found

    def tell_unknown(self, found: Sequence[Tokens], texts: Sequence[str], say: Say) -> float:
        """Tell how many tokens are unknown, and the first few of them where `texts` are those of the rows.

        Return their share of what was written: the marks of beginning, end and gaps count for nothing.
        """
        count = sum(int((part == UNKNOWN).sum()) for part in found)
        if not count:
            return 0.0
        total = count + sum(int((part >= len(SPECIAL_TOKENS)).sum()) for part in found)
        share = count / total
        words: dict[str, None] = {}
        # a few texts are cut again for the words, as tokens do not say what they were
        for place in np.flatnonzero((found[0] == UNKNOWN).any(axis=1)).tolist() if texts else ():
            words |= dict.fromkeys(self.tokenizer.unknown(texts[place]))
            if len(words) > _FEW:
                break
        shown = f": {listed([*words][:_FEW])}{', ...' * (len(words) > _FEW)}" if words else ""
        say(
            Message(
                "{count:,} of {total:,} {tokens} ({float:g} %) are unknown to the vocabulary{shown}",
                count=count,
                total=total,
                tokens=Message(_CALLED.get(self.tokenizer.kind, "tokens")),
                float=float(f"{100 * share:.2g}"),
                shown=shown,
            )
        )
        return share


class TextEncoder(TokensEncoder):
    """Texts, each an example of its own."""

    kind: Literal["texts"] = "texts"
    takes: ClassVar[type[Raw]] = Texts
    what: ClassVar[str] = "texts"

    def encode(self, raw: Texts, say: Say, told: Told = unheard) -> Tokens:
        """Return (N, length)."""
        return self._encode_known(raw.texts, say, told)

    def answers(self, raw: Texts) -> Tokens:
        """Return the texts themselves, (N, length)."""
        return self.encode_texts(raw.texts, _silent)


class CorpusEncoder(TokensEncoder):
    """Running text in windows. The last token of each is the first of the next, so that all are foretold."""

    kind: Literal["corpus"] = "corpus"
    takes: ClassVar[type[Raw]] = Corpus
    what: ClassVar[str] = "running text"

    def encode(self, raw: Corpus, say: Say) -> Tokens:
        """Return the windows (N, length) of all documents."""
        found = self.windows([Stretch(text) for text in raw.documents])
        self.tell_unknown([found], (), say)
        return found

    def answers(self, raw: Corpus) -> Tokens:
        """Return the windows themselves, (N, length)."""
        return self.encode(raw, _silent)

    def windows(self, stretches: Sequence[Stretch], told: Told = unheard) -> Tokens:
        """Return the windows (N, length) of stretches of text, one behind the other.

        They look into one stream of tokens and take no memory of their own; they must not be written to.
        `told` hears how many letters are done.
        """
        chunks = self.tokenizer.chunks([stretch.text for stretch in stretches], told)
        # never empty: np.concatenate refuses nothing at all
        rows: list[Tokens] = [np.zeros(0, np.int32)]
        # Not text by text: what is put together once and then again would be held three times.
        for stretch in stretches:
            rows += [_SPECIAL[START]] * stretch.first
            for tokens, last in chunks:
                rows.append(tokens)
                if last:
                    break
            rows += [_SPECIAL[END]] * stretch.last
        size = sum(map(len, rows))
        step = self.length - 1
        # rounded up; the first token is foretold by nothing, so it makes no window
        count = max(0, -(-(size - 1) // step))
        whole = count * step + 1
        rows.append(np.full(max(whole - size, 0), PADDING, np.int32))
        stream = np.concatenate(rows)[:whole]
        if not count:
            return np.zeros((0, self.length), np.int32)
        # writeable in name only: torch warns of arrays that are not
        return np.lib.stride_tricks.sliding_window_view(stream, self.length, writeable=True)[::step]


class TaggedEncoder(TokensEncoder):
    """Sentences whose words have tags: at the first token of each word, IGNORED everywhere else."""

    kind: Literal["tagged"] = "tagged"
    takes: ClassVar[type[Raw]] = TaggedTexts
    what: ClassVar[str] = "tagged texts"
    tags: Annotated[tuple[Name, ...], Field(min_length=2, max_length=100_000)]

    def encode(self, raw: TaggedTexts, say: Say, told: Told = unheard) -> Tokens:
        """Return (N, length)."""
        return self._encode_known([" ".join(words) for words in raw.words], say, told)

    def answers(self, raw: TaggedTexts, told: Told = unheard) -> Tokens:
        """Return the tags' indices (N, length), IGNORED where there is none or an unknown one."""
        codes = {tag: code for code, tag in enumerate(self.tags)}
        return self._filled(
            len(raw),
            (
                # a new tag gets no score, and new words may come without tags
                [codes.get(tags[word], IGNORED) if 0 <= word < len(tags) else IGNORED for word in begun]
                for begun, tags in zip(self.begun(raw.words, told), raw.tags, strict=True)
            ),
            IGNORED,
        )

    def begun(self, sentences: Sequence[Sequence[str]], told: Told = unheard) -> Iterator[list[int]]:
        """Yield which word each place of a sentence's inputs is the first token of, -1 for none."""
        for _, begun in self.tokenizer.encode_words(sentences, told):
            # START and END, as the inputs have them, begin no word
            yield [-1, *begun, -1][: self.length]


class PairsEncoder(TokensEncoder):
    """Texts and their translations, both in tokens of one vocabulary."""

    kind: Literal["pairs"] = "pairs"
    takes: ClassVar[type[Raw]] = TextPairs
    what: ClassVar[str] = "texts with translations"
    languages: tuple[str, ...] = ()
    """What is read and what is written."""
    leanings: tuple[float, ...] = ()
    """Of each token: the logarithm of how much oftener it stood in what is read than in what is written."""

    def leaning(self, read: Tokens, written: Tokens, languages: tuple[str, str]) -> PairsEncoder:
        """Return the same encoder with the leanings that the training part shows."""
        counts = [np.bincount(part.ravel(), minlength=len(self.tokenizer)) + 0.5 for part in (read, written)]
        for part in counts:
            part[: len(SPECIAL_TOKENS)] = 0.5
        shares = [part / part.sum() for part in counts]
        found = np.round(np.log(shares[0] / shares[1]), 1)
        return self.model_copy(update={"languages": languages, "leanings": tuple(found.tolist())})

    def tell_other_side(self, found: Tokens, say: Say) -> None:
        """Tell how many texts seem to be in what the network writes, and not in what it reads."""
        if not self.leanings:
            return
        known = found >= len(SPECIAL_TOKENS)
        sums = np.where(known, np.array(self.leanings)[found], 0.0).sum(axis=1)
        other = (sums < -_SURE) & (sums < -_PLAINLY * known.sum(axis=1))
        if other.any():
            read, written = self.languages
            say(
                Message(
                    "{count:,} of {total:,} texts seem to be in {written} already: this network reads {read} "
                    "and writes {written}; to learn the other direction, set data.direction and train anew",
                    count=int(other.sum()),
                    total=len(found),
                    read=read,
                    written=written,
                )
            )

    def encode(self, raw: TextPairs, say: Say, told: Told = unheard) -> Tokens:
        """Return the texts to be translated, (N, length)."""
        return self._encode_known(raw.texts, say, told)

    def answers(self, raw: TextPairs, told: Told = unheard) -> Tokens:
        """Return the translations, (N, length)."""
        return self.encode_texts(raw.translations, _silent, told)


def _framed(tokens: Tokens) -> Tokens:
    return np.concatenate([_SPECIAL[START], tokens, _SPECIAL[END]])


def _silent(text: str) -> None:
    """Tell nobody."""
