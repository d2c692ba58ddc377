"""What the network writes: texts of its own, gaps filled, translations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import IGNORED, PADDING, START, Description
from engine.probes.probe import Probe, Subject
from engine.probes.texts import Count, encoder_of, in_letters

Temperature = Annotated[
    float,
    Setting(
        "Temperature",
        "1 draws as the network has learnt; lower is safer, 0 always takes the likeliest token.",
        symbol="T",
        least=0,
        most=5,
    ),
]
MOST_WRITTEN = 200
"""A sample has at most so many tokens."""


@dataclass(frozen=True)
class WrittenTexts:
    """Texts that were written; of each the first `begun` letters were given."""

    texts: tuple[str, ...]
    begun: int


@dataclass(frozen=True, eq=False)
class FilledTexts:
    """Texts as tokens, ␣ before those that begin a word, and what was put at each position.

    `gaps` (N, positions) says where something was hidden; `confidence` (N, positions) how probable the
    network held its guess.
    """

    tokens: tuple[tuple[str, ...], ...]
    gaps: NDArray[np.bool_]
    guesses: tuple[tuple[str, ...], ...]
    confidence: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TranslatedTexts:
    """Texts, what the network made of them, and the translations that were given."""

    sources: tuple[str, ...]
    written: tuple[str, ...]
    references: tuple[str, ...]
    rows: NDArray[np.int64]


class GeneratedTexts(Probe, kind="generated_texts", title="Generated texts"):
    """Texts that the network writes by itself, token by token, after a beginning.

    Formula: P(next = k) ∝ exp(zₖ / T), drawn again and again, each token put behind the text
    """

    beginning: Annotated[str, Setting("Beginning", "What the texts begin with.", most=2000)] = ""
    temperature: Temperature = 0.8
    length: Annotated[
        int, Setting("Length", "Tokens in a text.", unit="tokens", least=1, most=MOST_WRITTEN)
    ] = 80
    count: Annotated[int, Setting("Texts", "How many are written.", least=1, most=20)] = 3
    draw: Annotated[
        int, Setting("Draw", "Another number draws other texts.", least=0, most=1_000_000, role="hidden")
    ] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the network learns texts themselves."""
        return description.targets.kind == "tokens"

    def measure(self, subject: Subject) -> WrittenTexts:
        """Return the texts. What is drawn depends on the network and the settings alone."""
        import torch

        from engine.networks.sequences.generation import TokenSampling, continuer, sample
        from engine.randomness import derive

        tokenizer = encoder_of(subject).tokenizer
        (given,) = tokenizer.encode([self.beginning])
        # it learns texts without their last token, and so has one place less than they
        places = subject.description.inputs.shape[0] - 1
        texts = torch.tensor([[START, *given]]).repeat(self.count, 1)
        writer = continuer(subject.network, places, subject.device)
        seed = derive(self.draw, "generated_texts")
        written = sample(writer, texts, texts.shape[1] + self.length, TokenSampling(self.temperature), seed)
        shown = (tokenizer.decode(text[text != PADDING].tolist()) for text in written)
        # one letter for one, so that `begun` still counts right; decoded, as tokens may read otherwise
        return WrittenTexts(tuple(text.replace("\n", "↵") for text in shown), len(tokenizer.decode(given)))


class FilledGaps(Probe, kind="filled_gaps", title="Filled gaps"):
    """Validation texts with gaps, and what the network puts into them."""

    count: Count = 8

    def fits(self, description: Description) -> bool:
        """Return whether the network learns texts themselves."""
        return description.targets.kind == "tokens"

    def measure(self, subject: Subject) -> FilledTexts:
        """Return texts, evenly spread over the validation part, and the guesses."""
        import torch

        from engine.data.texts.read.spacing import spaced
        from engine.tasks.masking import masked

        examples = subject.data.validation
        chosen = np.linspace(0, len(examples) - 1, min(self.count, len(examples))).astype(np.int64)
        texts = torch.from_numpy(examples.inputs[chosen]).to(subject.device)
        # not drawn: the same gaps at every reading, and a probe may use no random numbers
        shown, truth = masked(texts, subject.description.targets.vocabulary, drawn=False)
        # not `predict`, which fills [MASK] alone: in some of the gaps stands another word, or the right one
        confidence, guesses = subject.network(shown).softmax(-1).max(-1)
        gaps = truth != IGNORED
        written = texts.where(~gaps, guesses).cpu().numpy()
        tokenizer = encoder_of(subject).tokenizer
        present = texts.cpu().numpy() != PADDING
        return FilledTexts(
            tokens=tuple(in_letters(subject, row) for row in examples.inputs[chosen].astype(np.int64)),
            gaps=gaps.cpu().numpy(),
            guesses=tuple(
                tuple(spaced(tokenizer, row[here].tolist()))
                for row, here in zip(written, present, strict=True)
            ),
            confidence=confidence.float().cpu().numpy(),
        )


class Translations(Probe, kind="translations", title="Translations"):
    """Validation texts, what the network makes of them in the other language, and how it was translated."""

    count: Count = 6

    def fits(self, description: Description) -> bool:
        """Return whether texts are translated."""
        return description.targets.kind == "translation"

    def measure(self, subject: Subject) -> TranslatedTexts:
        """Return texts, evenly spread over the validation part, with both translations."""
        import torch

        examples, tokenizer = subject.data.validation, encoder_of(subject).tokenizer
        chosen = np.linspace(0, len(examples) - 1, min(self.count, len(examples))).astype(np.int64)
        inputs = examples.inputs[chosen].astype(np.int64)
        written = subject.predict(torch.from_numpy(inputs)).long().cpu().numpy()

        def decoded(texts: NDArray[np.int64]) -> tuple[str, ...]:
            return tuple(tokenizer.decode(text.tolist()).replace("\n", " ") for text in texts)

        return TranslatedTexts(
            sources=decoded(inputs),
            written=decoded(written),
            references=decoded(examples.targets[chosen].astype(np.int64)),
            rows=examples.rows[chosen],
        )
