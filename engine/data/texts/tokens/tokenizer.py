"""Tokenizer: what a text is cut into, as a frozen value, and its file `tokenizer.json`.

The file has the form that the `tokenizers` package reads. It is written and recognised here: of a file only
the vocabulary and the merges are taken, and all else has to be one of the eight forms that Ravine writes, so
that a stranger's file brings no component of its own (patterns, for instance, that never come to an end).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import SPECIAL_TOKENS
from engine.data.refusal import refused
from engine.data.texts.tokens.units import Units
from engine.ordinary import read_ordinary

if TYPE_CHECKING:
    from tokenizers import Encoding
    from tokenizers import Tokenizer as Machine

TokenizerKind = Literal["byte_pairs", "word_pieces", "words", "characters"]
KINDS: tuple[TokenizerKind, ...] = get_args(TokenizerKind)

MOST_TOKENS = 250_000
"""Different tokens at most in a file that is read."""
MOST_BYTES = 32 << 20
"""Largest tokenizer.json that is read."""

_PIECE = 1 << 16
"""Letters that are cut into tokens at a time."""
_BATCH = 1 << 20
"""Letters that are handed over at once; more would hold the tokens of all of them in memory."""
_LONG_WORD = re.compile(r"\w{100}(?=\w)|[^\w\s]{100}(?=[^\w\s])")
_VISIBLE = str.maketrans({" ": "␣", "\n": "↵", "\t": "⇥"})


def _byte_letters() -> dict[str, int]:
    """Return the letter that stands for each byte in byte pairs: itself where it can be seen, else another.

    Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019 (its published code).
    """
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {chr(byte): byte for byte in seen} | {chr(256 + place): byte for place, byte in enumerate(hidden)}


BYTES = _byte_letters()


Told = Callable[[int], None]
"""Hears how many letters are done while something long goes on; it may raise to stop."""


def unheard(letters: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Tokenizer:
    """How texts become tokens and tokens texts.

    `vocabulary`: the tokens in the order of their numbers, the special ones first; `merges`: which two tokens
    become one, the first learnt first (byte pairs).
    """

    kind: TokenizerKind
    lowercase: bool
    vocabulary: tuple[str, ...]
    merges: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        """Return how many different tokens there are."""
        return len(self.vocabulary)

    def encode(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield the tokens of each text, without START and END. No text makes a special token but UNKNOWN."""
        for found in self.arrays(texts):
            yield found.tolist()

    def arrays(self, texts: Sequence[str], told: Told = unheard) -> Iterator[NDArray[np.int32]]:
        """Yield the same as int32 arrays. `told` hears how many letters are done; it may raise to stop."""
        done: list[NDArray[np.int32]] = []
        for tokens, last in self.chunks(texts, told):
            done.append(tokens)
            if last:
                yield done[0] if len(done) == 1 else np.concatenate(done)
                done = []

    def chunks(self, texts: Sequence[str], told: Told = unheard) -> Iterator[tuple[NDArray[np.int32], bool]]:
        """Yield the same piece by piece, each with whether a text ends there."""
        units = Units(self._cut, letters=self.kind == "characters")
        letters = 0
        for batch in _in_batches(texts):
            parts = [piece for piece, _ in batch]
            found = units.tokens(parts)
            letters += sum(map(len, parts))
            told(letters)
            yield from zip(found, (last for _, last in batch), strict=True)

    def _cut(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        # fast: without the places of the tokens in the text, which nobody asks for here
        found = self._machine.encode_batch_fast(texts, add_special_tokens=False)
        return [np.array(one.ids, np.int32) for one in found]

    def encode_words(
        self, sentences: Sequence[Sequence[str]], told: Told = unheard
    ) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the tokens of each sentence, and for each token which word it begins, -1 for all others."""
        joined = [" ".join(words) for words in sentences]
        for words, found in zip(sentences, self._encoded(joined, told), strict=True):
            tokens: list[int] = []
            ends: list[int] = []
            start = 0
            # cut as `_encoded` cuts, so that the places of a piece can be counted on
            for part, piece in zip(pieces(" ".join(words)), found, strict=True):
                tokens += piece.ids
                ends += [start + end for _, end in piece.offsets]
                start += len(part)
            yield tokens, _begun(words, ends)

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, special ones left out; exactly what was encoded for byte pairs."""
        text: str = self._machine.decode([token for token in tokens if token >= len(SPECIAL_TOKENS)])
        return text

    def shown(self, tokens: Sequence[int]) -> tuple[str, ...]:
        r"""Return each token in letters, spaces and ends of lines made visible.

        A letter that lies in several tokens, as many of Chinese do, stands whole at the first of them and the
        others are empty; bytes that make no letter are written as \xe2.
        """
        if self.kind != "byte_pairs":
            return tuple(self.vocabulary[token].translate(_VISIBLE) for token in tokens)
        texts = ["" for _ in tokens]
        content, places = bytearray(), list[int]()
        for place, token in enumerate(tokens):
            if token < len(SPECIAL_TOKENS):
                texts[place] = self.vocabulary[token]
                # no letter goes on behind it
                _put_letters(bytes(content), places, texts)
                content, places = bytearray(), []
                continue
            own = bytes(BYTES[letter] for letter in self.vocabulary[token])
            content += own
            places += [place] * len(own)
        _put_letters(bytes(content), places, texts)
        return tuple(texts)

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return what of a text is UNKNOWN, as it stands there."""
        return tuple(
            part[start:end]
            for part, piece in zip(pieces(text), next(self._encoded([text])), strict=True)
            for token, (start, end) in zip(piece.ids, piece.offsets, strict=True)
            if token == SPECIAL_TOKENS.index("[UNK]")
        )

    def to_json(self) -> dict[str, Any]:
        """Return the content of tokenizer.json."""
        found = _frame(self.kind, self.lowercase)
        found["model"]["vocab"] = {token: number for number, token in enumerate(self.vocabulary)}
        if "merges" in found["model"]:
            found["model"]["merges"] = [list(pair) for pair in self.merges]
        return found

    @cached_property
    def _machine(self) -> Machine:
        from tokenizers import Tokenizer as Machine

        machine = Machine.from_str(json.dumps(self.to_json()))
        machine.encode_special_tokens = True  # "[MASK]" in a text is these six letters
        return machine

    def _encoded(self, texts: Sequence[str], told: Told = unheard) -> Iterator[list[Encoding]]:
        """Yield for each text what its pieces became."""
        letters = 0
        for batch in _batches(texts):
            parts = [[*pieces(text)] for text in batch]
            done = iter(
                self._machine.encode_batch([piece for part in parts for piece in part],
                                           add_special_tokens=False)
            )  # fmt: skip
            letters += sum(map(len, batch))
            told(letters)
            for part in parts:
                yield [next(done) for _ in part]


def read_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer in a file. Raises Invalid when there is none that Ravine wrote."""
    try:
        content = read_ordinary(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        raise refused(
            "",
            Message(
                "{path} cannot be read: {why}",
                path=path,
                why=getattr(error, "strerror", None) or error,
            ),
        ) from None
    return tokenizer_from_json(content)


def tokenizer_from_json(value: object) -> Tokenizer:
    """Return the tokenizer that `to_json` wrote, given as text or as what `json.loads` made of it.

    Raises Invalid, and nothing else, for anything that is no such document.
    """
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise refused("", Message("the tokenizer is no JSON: {error}", error=error)) from None
    if not isinstance(value, dict) or not isinstance(value.get("model"), dict):
        raise refused(
            "", "is no tokenizer: a tokenizer.json with a model is needed, as every run with texts keeps"
        )
    # before the vocabulary: what is not ours is refused without looking further
    kind, lowercase = _recognised(value)
    vocabulary = _vocabulary(value["model"].get("vocab"))
    merges = _merges(value["model"].get("merges", []), frozenset(vocabulary)) if kind == "byte_pairs" else ()
    if kind == "byte_pairs" and not BYTES.keys() <= set(vocabulary):
        raise refused("", "the tokenizer lacks bytes: all 256 must be tokens")
    return Tokenizer(kind, lowercase, vocabulary, merges)


def _recognised(value: dict[str, Any]) -> tuple[TokenizerKind, bool]:
    """Return of which kind a document is, by all that is in it but vocabulary and merges."""
    model = {key: part for key, part in value["model"].items() if key not in ("vocab", "merges")}
    for kind in KINDS:
        for lowercase in (True, False):
            frame = _frame(kind, lowercase)
            wanted = {key: part for key, part in frame["model"].items() if key not in ("vocab", "merges")}
            if model == wanted and {**value, "model": 0} == {**frame, "model": 0}:
                return kind, lowercase
    raise refused(
        "",
        "the tokenizer is none that Ravine wrote: its special tokens, or the way it cuts texts, are others; "
        "take the tokenizer.json of an earlier run",
    )


def _vocabulary(value: object) -> tuple[str, ...]:
    if not isinstance(value, dict) or not len(SPECIAL_TOKENS) < len(value) <= MOST_TOKENS:
        raise refused(
            "",
            Message(
                "the tokenizer's vocabulary must hold 6 to {most:,} tokens with their numbers",
                most=MOST_TOKENS,
            ),
        )
    # not isinstance: True is an int, and equal to 1
    if any(type(number) is not int for number in value.values()):
        raise refused("", "the tokenizer's vocabulary must give every token a whole number")
    # a gap would be a row of the network's table that no token has
    if sorted(value.values()) != list(range(len(value))):
        raise refused(
            "",
            Message(
                "the tokenizer's {count:,} tokens must have the numbers from 0 on, each once",
                count=len(value),
            ),
        )
    tokens = tuple(sorted(value, key=value.__getitem__))
    if tokens[: len(SPECIAL_TOKENS)] != SPECIAL_TOKENS:
        raise refused(
            "",
            Message(
                "the tokenizer's first tokens must be {names}",
                names=", ".join(SPECIAL_TOKENS),
            ),
        )
    # JSON can write halves of characters, for which the machine raises a bare Exception
    if not all(_sound(token) == token for token in tokens):
        raise refused("", "the tokenizer's vocabulary holds something that is no text")
    return tokens


def _merges(value: object, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or len(value) > MOST_TOKENS:
        raise refused(
            "",
            Message(
                "the tokenizer's merges must be a list of at most {most:,} pairs",
                most=MOST_TOKENS,
            ),
        )
    for pair in value:
        fits = isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        # asked here: the machine would raise a bare Exception, which means nothing to a person
        if not fits or not {*pair, "".join(pair)} <= known:
            raise refused("", "the tokenizer's merges must be pairs of tokens that make a token")
    return tuple((first, second) for first, second in value)


def _frame(kind: TokenizerKind, lowercase: bool) -> dict[str, Any]:
    """Return tokenizer.json without vocabulary and merges, new at each call."""
    spaced = kind in ("word_pieces", "words")
    lower = {"type": "Lowercase"} if lowercase else None
    bert = {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        # accents tell words apart in most languages: schon and schön
        "strip_accents": False,
        "lowercase": lowercase,
    }
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    cut = {"byte_pairs": level, "characters": None}.get(kind, {"type": "BertPreTokenizer"})
    join = {"byte_pairs": level, "characters": {"type": "Fuse"}}.get(
        kind, {"type": "WordPiece", "prefix": "##", "cleanup": True}
    )
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(number, token) for number, token in enumerate(SPECIAL_TOKENS)],
        "normalizer": bert if spaced else lower,
        "pre_tokenizer": cut,
        "post_processor": None,
        "decoder": join,
        "model": _model(kind),
    }


def _special(number: int, token: str) -> dict[str, Any]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": number, "content": token, **flags}


def _model(kind: TokenizerKind) -> dict[str, Any]:
    unknown = {"unk_token": "[UNK]"}
    if kind == "words":
        return {"type": "WordLevel", "vocab": {}, **unknown}
    if kind == "word_pieces":
        limits = {"continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
        return {"type": "WordPiece", **unknown, **limits, "vocab": {}}
    options = {"dropout": None, "continuing_subword_prefix": None, "end_of_word_suffix": None}
    # each unknown letter stays a token of its own
    flags = {"fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    return {"type": "BPE", **options, **unknown, **flags, "vocab": {}, "merges": []}


def _begun(words: Sequence[str], ends: Sequence[int]) -> list[int]:
    """Return for each token which word it is the first part of, or -1.

    `ends` is where each token ends in the words joined by spaces; a space belongs to the token behind it.
    """
    text = " ".join(words)
    # the place of the space behind each word: a token ends at or before it
    last = np.cumsum([len(word) + 1 for word in words]) - 1
    owners = np.searchsorted(last, ends)
    begun: list[int] = []
    seen: set[int] = set()
    for owner, end in zip(owners.tolist(), ends, strict=True):
        # a token of spaces alone begins no word
        first = owner not in seen and end > 0 and not text[end - 1].isspace()
        begun.append(owner if first else -1)
        seen |= {owner} if first else set()
    return begun


def _sound(text: str) -> str:
    """Return a text with halves of characters, which no file can hold, as question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def pieces(text: str) -> Iterator[str]:
    """Cut a long text before spaces or ends of lines, where it is cut into tokens anyway."""
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        end = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
        # a text without blanks is cut anywhere rather than never
        end = limit if end < 0 else end
        # here, where all texts come by: the machine takes no halves of characters
        yield _sound(text[start:end])
        start = end
    yield _sound(text[start:])


def short_words(piece: str) -> Iterator[str]:
    """Cut a piece within words of over a hundred letters, for learning, whose time grows with their square.

    200,000 Chinese letters without a blank took 81 s as one word, 1.6 s in parts.
    """
    start = 0
    for found in _LONG_WORD.finditer(piece):
        yield piece[start : found.end()]
        start = found.end()
    yield piece[start:]


def _in_batches(texts: Sequence[str]) -> Iterator[list[tuple[str, bool]]]:
    """Yield the pieces of all texts, as many at a time as fit a batch, with whether a text ends there."""
    batch: list[tuple[str, bool]] = []
    letters = 0
    for text in texts:
        waiting = ""
        for place, piece in enumerate(pieces(text)):
            if place:
                batch.append((waiting, False))
            waiting = piece
            letters += len(piece)
            # a batch is handed over before the piece that would make it too large
            if letters > _BATCH and batch:
                yield batch
                batch, letters = [], len(piece)
        batch.append((waiting, True))
    if batch:
        yield batch


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts, so many at a time that their letters fit into a batch; at least one."""
    start = letters = 0
    for place, text in enumerate(texts):
        if letters and letters + len(text) > _BATCH:
            yield texts[start:place]
            start, letters = place, 0
        letters += len(text)
    if start < len(texts):
        yield texts[start:]


def _put_letters(content: bytes, places: Sequence[int], texts: list[str]) -> None:
    """Add every letter of some bytes to the text of the token that its first byte lies in."""
    at = 0
    while at < len(content):
        size = next((size for size in range(1, 5) if _is_letter(content[at : at + size])), 0)
        letter = content[at : at + max(size, 1)].decode("utf-8", "backslashreplace")
        texts[places[at]] += letter.translate(_VISIBLE)
        at += max(size, 1)


def _is_letter(content: bytes) -> bool:
    try:
        return len(content.decode("utf-8")) == 1
    except UnicodeDecodeError:
        return False
