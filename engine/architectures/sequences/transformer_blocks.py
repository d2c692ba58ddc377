"""What the Transformers share: the settings of their blocks, and what they cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, ValidationInfo

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, DepthDropout, Dropout, EmbeddingDropout
from engine.choices import Message, Problem, Setting
from engine.data.about import About

if TYPE_CHECKING:
    from engine.networks.sequences.embeddings import TokenEmbedding
    from engine.networks.sequences.transformer import Blocks

LONGEST = 4096
"""Places that every other place may be compared with: 16 million comparisons for one head and example."""


def _shared_out(heads: int, info: ValidationInfo) -> int:
    width = info.data.get("width")
    # None where the width was refused itself: that is told already
    if width is not None and width % heads:
        # The nearest number that divides: a refusal should name what would do.
        near = max(number for number in range(1, heads + 1) if width % number == 0)
        raise ValueError(
            Message(
                "{heads} heads cannot share a width of {width} equally; try {near}, or a width of {wider}",
                heads=heads,
                width=width,
                near=near,
                # rounded up: the next width that the wished heads can share
                wider=-(-width // heads) * heads,
            )
        )
    return heads


ModelWidth = Annotated[
    int,
    Setting(
        "Width",
        "How many numbers stand for a place on its way through the network; a multiple of the heads.",
        least=1,
        most=4096,
    ),
]

Heads = Annotated[
    int,
    Setting(
        "Heads",
        "Attentions side by side, each in its share of the width; every head can look for something else.",
        symbol="h",
        least=1,
        most=128,
    ),
    AfterValidator(_shared_out),
]

Layers = Annotated[
    int,
    Setting("Blocks", "Blocks of attention and feed-forward layers on top of each other.", least=1, most=96),
]

FeedForward = Annotated[
    int,
    Setting(
        "Units inside a block",
        "Units between the two fully connected layers of a block; 2 to 4 times the width is usual.",
        least=1,
        most=16_384,
    ),
]

Positions = Annotated[
    Literal["sinusoidal", "learnt", "none"],
    Setting(
        "Positions",
        "How a place is told where it stands; attention alone does not see the order.",
        options={
            "sinusoidal": "sinusoidal, waves of different lengths",
            "learnt": "learnt, a vector for each place",
            "none": "none, the order is not seen",
        },
    ),
]

Norm = Annotated[
    Literal["pre", "post"],
    Setting(
        "Layer normalization",
        "Where values are brought to mean 0 and variance 1.",
        options={
            "pre": "before each part of a block; learns well from the start",
            "post": "after each sum, as in the first paper; wants a slow start (warm-up)",
        },
    ),
]

Summary = Annotated[
    Literal["mean", "first", "last", "attention"],
    Setting(
        "Pooling",
        "What becomes of all places where one answer is wanted for the whole text or series.",
        options={
            "mean": "the mean of all",
            "first": "the first, which gathers what it needs",
            "last": "the last",
            "attention": "a mean weighted by how much each place matters, which is learnt",
        },
    ),
]

Tied = Annotated[
    bool,
    Setting(
        "Output uses the embedding",
        "The weights that stand for a token also recognise it at the output: fewer to learn.",
    ),
]


class MadeOfBlocks(Architecture):
    """A network of blocks of attention and feed-forward layers."""

    layers: Layers = 2
    width: ModelWidth = 128
    # below the width, which its check looks at: pydantic goes through fields in this order
    heads: Heads = 4
    feed_forward: FeedForward = 256
    positions: Positions = "sinusoidal"
    norm: Norm = "pre"
    # as in GPT and BERT; the first Transformer, of translation, has ReLU
    activation: Activation = "gelu"
    # that of the paper
    dropout: Dropout = 0.1
    embedding_dropout: EmbeddingDropout = 0.0
    stochastic_depth: DepthDropout = 0.0
    scaled_start: Annotated[
        bool,
        Setting(
            "Smaller start",
            "Embeddings, queries, keys and values start with 0.71 (√½) of the size the initializer draws, "
            "and what is added to its input with 1/√(number of such parts). Off: all of it as drawn, and "
            "Transformers hardly learn with He's initializers.",
        ),
    ] = True
    embedding_scale: Annotated[
        bool,
        Setting("Embeddings × √width", "Vectors of tokens are made as large as the positions added to them."),
    ] = True

    @property
    def starts_plainly(self) -> bool:
        """Return whether all weights start as the initializer draws them."""
        return not self.scaled_start

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem for examples with more places than can be compared with each other."""
        if (found := super().problems(about)) or about.inputs is None:
            return found
        if (length := about.inputs.shape[0]) <= LONGEST:
            return ()
        why = Message(
            "{title} compares every place with every other, and {length:,} places are too many "
            "for it; cut the examples to {most:,} or fewer, or take a convolutional or "
            "recurrent network",
            title=self.title,
            length=length,
            most=LONGEST,
        )
        return (Problem("kind", why),)

    def embedding(self, tokens: int) -> TokenEmbedding:
        """Return the vectors of so many tokens."""
        from engine.networks.sequences.embeddings import TokenEmbedding

        return TokenEmbedding(tokens, self.width, scaled=self.embedding_scale, dropout=self.embedding_dropout)

    @property
    def blocks(self) -> Blocks:
        """Return the form of a stack of these blocks."""
        from engine.networks.sequences.transformer import Blocks

        return Blocks(
            width=self.width,
            heads=self.heads,
            layers=self.layers,
            inner=self.feed_forward,
            dropout=self.dropout,
            activation=self.activation,
            norm=self.norm,
            positions=self.positions,
            stochastic_depth=self.stochastic_depth,
        )
