"""What the network writes: texts of its own, gaps filled, translations."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import IGNORED, PADDING, START, Description
from engine.probes.probe import Arrays, Probe, Subject, as_lines
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


class GeneratedTexts(Probe, kind="generated_texts", title="Generated texts"):
    """Texts that the network writes by itself, token by token, after a beginning.

    Formula: P(next = k) ∝ exp(zₖ / T), drawn again and again, each token put behind the text

    Arrays: `texts` uint8, what was written as UTF-8, a text a line, ends of lines as ↵; `begun` int64 (1,),
    how many letters of each were given.
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

    def measure(self, subject: Subject) -> Arrays:
        """Return the texts. What is drawn depends on the network and the settings alone."""
        import torch

        from engine.networks.sequences.generation import Sampling, continuer, sample
        from engine.randomness import derive

        tokenizer = encoder_of(subject).tokenizer
        (given,) = tokenizer.encode([self.beginning])
        places = subject.description.inputs.shape[0] - 1
        texts = torch.tensor([[START, *given]]).repeat(self.count, 1)
        writer = continuer(subject.network, places, subject.device)
        seed = derive(self.draw, "generated_texts")
        written = sample(writer, texts, texts.shape[1] + self.length, Sampling(self.temperature), seed)
        shown = (tokenizer.decode(text[text != PADDING].tolist()) for text in written)
        return {
            "texts": as_lines(text.replace("\n", "↵") for text in shown),
            "begun": np.array([len(tokenizer.decode(given))]),
        }


class FilledGaps(Probe, kind="filled_gaps", title="Filled gaps"):
    """Validation texts with gaps, and what the network puts into them.

    Arrays: `tokens` uint8, the texts as UTF-8, a line each, tokens between tabulators, the right ones also in
    the gaps; `gaps` uint8 (N, places), 1 at a gap; `guesses` uint8, what was put at each place, as `tokens`;
    `confidence` float32 (N, places), how probable the network held its guess.
    """

    count: Count = 8

    def fits(self, description: Description) -> bool:
        """Return whether the network learns texts themselves."""
        return description.targets.kind == "tokens"

    def measure(self, subject: Subject) -> Arrays:
        """Return texts, evenly spread over the validation part, and the guesses."""
        import torch

        from engine.data.texts.read.spacing import spaced
        from engine.tasks.masking import masked

        examples = subject.data.validation
        chosen = np.linspace(0, len(examples) - 1, min(self.count, len(examples))).astype(np.int64)
        texts = torch.from_numpy(examples.inputs[chosen]).to(subject.device)
        shown, truth = masked(texts, subject.description.targets.vocabulary, drawn=False)
        confidence, guesses = subject.network(shown).softmax(-1).max(-1)
        gaps = truth != IGNORED
        written = texts.where(~gaps, guesses).cpu().numpy()
        tokenizer = encoder_of(subject).tokenizer
        present = texts.cpu().numpy() != PADDING
        lines = (
            "\t".join(spaced(tokenizer, row[here].tolist()))
            for row, here in zip(written, present, strict=True)
        )
        return {
            "tokens": as_lines(in_letters(subject, row) for row in examples.inputs[chosen].astype(np.int64)),
            "gaps": gaps.byte().cpu().numpy(),
            "guesses": as_lines(lines),
            "confidence": confidence.float().cpu().numpy(),
        }


class Translations(Probe, kind="translations", title="Translations"):
    """Validation texts, what the network makes of them in the other language, and how it was translated.

    Arrays: `sources`, `written`, `references` uint8, texts as UTF-8, a line each; `rows` int64 (N,) in the
    source.
    """

    count: Count = 6

    def fits(self, description: Description) -> bool:
        """Return whether texts are translated."""
        return description.targets.kind == "translation"

    def measure(self, subject: Subject) -> Arrays:
        """Return texts, evenly spread over the validation part, with both translations."""
        import torch

        examples, tokenizer = subject.data.validation, encoder_of(subject).tokenizer
        chosen = np.linspace(0, len(examples) - 1, min(self.count, len(examples))).astype(np.int64)
        inputs = examples.inputs[chosen].astype(np.int64)
        written = subject.predict(torch.from_numpy(inputs)).long().cpu().numpy()

        def lines(texts: NDArray[np.int64]) -> NDArray[np.uint8]:
            return as_lines(tokenizer.decode(text.tolist()).replace("\n", " ") for text in texts)

        return {
            "sources": lines(inputs),
            "written": lines(written),
            "references": lines(examples.targets[chosen].astype(np.int64)),
            "rows": examples.rows[chosen],
        }
