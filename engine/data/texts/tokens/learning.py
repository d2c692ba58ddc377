"""Learning a tokenizer from texts: the same texts give the same one, on every machine and in every process.

The trainers of the `tokenizers` package number equally frequent tokens in the order of a hash table where
words are cut into pieces; here the first letters of words and those within them are numbered beforehand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.choices import Message
from engine.data.description import SPECIAL_TOKENS
from engine.data.refusal import refused
from engine.data.texts.tokens.tokenizer import BYTES, Tokenizer, TokenizerKind, pieces, short_words

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Machine

_TWICE = 2
"""Letters are joined to a token where they stand beside each other at least so often."""


def learn_tokenizer(kind: TokenizerKind, texts: Iterable[str], vocabulary: int, lowercase: bool) -> Tokenizer:
    """Return the tokenizer that fits `texts`, with at most `vocabulary` tokens (characters: all there are).

    The texts may be gone through twice. What their iterator raises is passed on.

    Byte pairs begin with the 256 bytes, so that nothing is ever unknown, and join the most frequent pair of
    tokens over and over. Word pieces do the same with letters. Words are the most frequent ones; of equally
    frequent ones those that come first in the alphabet.

    Source: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units, 2016;
    Wu et al., Google's Neural Machine Translation System, 2016 (word pieces).

    Raises Invalid where `vocabulary` is too small for the kind.
    """
    empty = Tokenizer(kind, lowercase, SPECIAL_TOKENS)
    if kind == "characters":
        return Tokenizer(kind, lowercase, (*SPECIAL_TOKENS, *_letters(empty, texts)))
    if kind == "byte_pairs":
        return _byte_pairs(empty, texts, vocabulary)
    if kind == "words":
        from tokenizers.trainers import WordLevelTrainer

        trainer = WordLevelTrainer(
            vocab_size=vocabulary, special_tokens=list(SPECIAL_TOKENS), show_progress=False
        )
        return Tokenizer(kind, lowercase, _tokens(_trained(empty, texts, trainer)))
    return _word_pieces(empty, texts, vocabulary)


def _byte_pairs(empty: Tokenizer, texts: Iterable[str], vocabulary: int) -> Tokenizer:
    from tokenizers.trainers import BpeTrainer

    # the trainer itself goes beyond a smaller vocabulary and says nothing
    least = len(SPECIAL_TOKENS) + len(BYTES)
    if vocabulary < least:
        raise refused(
            "preprocessing.vocabulary",
            Message(
                "must be at least {least} for byte pairs, which begin with all 256 bytes, not {vocabulary}",
                least=least,
                vocabulary=vocabulary,
            ),
        )
    trainer = BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=_TWICE,
        special_tokens=list(SPECIAL_TOKENS),
        # all bytes, also those that the texts lack, so that new texts hold nothing unknown
        initial_alphabet=list(BYTES),
        show_progress=False,
    )
    model = _trained(empty, texts, trainer)
    merges = tuple((first, second) for first, second in model["merges"])
    return Tokenizer(empty.kind, empty.lowercase, _tokens(model), merges)


def _word_pieces(empty: Tokenizer, texts: Iterable[str], vocabulary: int) -> Tokenizer:
    from tokenizers.trainers import WordPieceTrainer

    def trained(size: int, first: Iterable[str]) -> tuple[str, ...]:
        trainer = WordPieceTrainer(
            vocab_size=size,
            min_frequency=_TWICE,
            special_tokens=[*SPECIAL_TOKENS, *first],
            show_progress=False,
        )
        return _tokens(_trained(empty, texts, trainer))

    # size 0 learns the letters alone; handed over sorted, they get the same numbers in every process
    alphabet = sorted(trained(0, ())[len(SPECIAL_TOKENS) :])
    least = len(SPECIAL_TOKENS) + len(alphabet)
    if vocabulary < least:
        raise refused(
            "preprocessing.vocabulary",
            Message(
                "must be at least {least} for word pieces of these texts, whose letters alone are so "
                'many, not {vocabulary}; or choose "byte_pairs"',
                least=least,
                vocabulary=vocabulary,
            ),
        )
    return Tokenizer(empty.kind, empty.lowercase, trained(vocabulary, alphabet))


def _letters(empty: Tokenizer, texts: Iterable[str]) -> list[str]:
    machine = _machine(empty)
    normalize = machine.normalizer.normalize_str if machine.normalizer else str
    every = {letter for text in texts for piece in pieces(text) for letter in set(piece)}
    # normalised once all are known: lower case may make two letters of one
    return sorted(set(normalize("".join(sorted(every)))))


def _trained(empty: Tokenizer, texts: Iterable[str], trainer: Any) -> dict[str, Any]:
    """Return the model that the trainer makes of the texts, as JSON."""
    machine = _machine(empty)
    machine.train_from_iterator(
        (part for text in texts for piece in pieces(text) for part in short_words(piece)), trainer
    )
    # by way of JSON, as the merges cannot be asked of the machine
    model: dict[str, Any] = json.loads(machine.to_str())["model"]
    return model


def _machine(empty: Tokenizer) -> Machine:
    from tokenizers import Tokenizer as Machine

    return Machine.from_str(json.dumps(empty.to_json()))


def _tokens(model: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(model["vocab"], key=model["vocab"].__getitem__))
