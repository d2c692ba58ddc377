"""Preprocessing: how columns and pictures become numbers, fitted on the training part alone."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.choices import Record, Setting


class Preprocessing(Record):
    """What is done to the inputs before the network receives them."""

    scaling: Annotated[
        Literal["standardize", "unit_range", "none"],
        Setting(
            "Scaling",
            inputs=("vector", "image", "series"),
            help="Brings all inputs to the same size, which training needs to go well.",
            options={
                "standardize": "mean 0, standard deviation 1",
                "unit_range": "from 0 to 1",
                "none": "as they are",
            },
        ),
    ] = "standardize"
    target_scaling: Annotated[
        Literal["standardize", "none"],
        Setting(
            "Scaling of targets",
            inputs=("vector", "image", "series"),
            targets=("numbers",),
            help="In which units numbers are learnt, and the loss is told; scores and predictions are always "
            "in those of the data.",
            options={
                "standardize": "mean 0, standard deviation 1: whatever their units, one learning rate fits",
                "none": "as they are: the loss is in the units of the data",
            },
        ),
    ] = "standardize"
    missing: Annotated[
        Literal["mean", "median", "drop"],
        Setting(
            "Missing numbers",
            # gaps of series are filled from before them instead, never with what comes later
            inputs=("vector",),
            help="What stands in for a number that is missing.",
            options={
                "mean": "mean of the column",
                "median": "median of the column",
                "drop": "leave the row out",
            },
        ),
        # an outlier hardly moves it
    ] = "median"
    tokenizer: Annotated[
        Literal["byte_pairs", "word_pieces", "words", "characters", "file"],
        Setting(
            "Tokenizer",
            "What a text is cut into before the network receives it; learnt from the training part.",
            options={
                "byte_pairs": "byte pairs (BPE): frequent words whole, rare ones in parts",
                "word_pieces": "word pieces, as in BERT",
                "words": "words",
                "characters": "characters",
                "file": "as in an earlier run: its tokenizer.json",
            },
            inputs=("tokens",),
        ),
    ] = "byte_pairs"
    tokenizer_file: Annotated[
        str,
        Setting(
            "Tokenizer file",
            "A tokenizer.json, as every run with texts holds one.",
            role="file",
            applies=("tokenizer", ("file",)),
            inputs=("tokens",),
        ),
    ] = ""
    vocabulary: Annotated[
        int,
        Setting(
            "Vocabulary",
            "How many different tokens at most; what is rarer is cut into parts or unknown.",
            unit="tokens",
            least=16,
            most=200_000,
            log=True,
            applies=("tokenizer", ("byte_pairs", "word_pieces", "words")),
            inputs=("tokens",),
        ),
    ] = 4_000
    lowercase: Annotated[
        bool,
        Setting(
            "Lower case",
            "Take Word and word for the same.",
            applies=("tokenizer", ("byte_pairs", "word_pieces", "words", "characters")),
            inputs=("tokens",),
        ),
    ] = True
    length: Annotated[
        int,
        Setting(
            "Longest text",
            "Texts are cut after so many tokens; running text is cut into windows of this length.",
            unit="tokens",
            # to guess the next token takes one before it
            least=2,
            most=100_000,
            log=True,
            inputs=("tokens",),
        ),
    ] = 64
