"""Splits: which examples are for training, validation and the test, and what columns say of examples."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from engine.choices import Message, Record, Setting


class Split(Record):
    """The shares of the three parts. Examples are drawn by the seed, classes in equal proportion."""

    train: Annotated[
        float, Setting("Training share", "Examples the network learns from.", above=0, most=1)
    ] = 0.7
    validation: Annotated[
        float,
        Setting(
            "Validation share",
            "Examples that choose the best weights and stop the run. 0: scores are followed on the training "
            "part, and the last weights are kept.",
            least=0,
            # something has to be left to learn from
            below=1,
        ),
    ] = 0.15
    test: Annotated[
        float, Setting("Test share", "Examples looked at once, at the very end.", least=0, below=1)
    ] = 0.15
    stratified: Annotated[
        bool, Setting("Stratified", "Keep the proportion of the classes equal in all parts.")
    ] = True

    published: Annotated[
        bool,
        Setting(
            "As published",
            "Where the data has a test part of its own, as MNIST does, keep it, whatever the share.",
        ),
    ] = True

    group: Annotated[
        str,
        Setting(
            "Group column",
            "Examples that share a value of this column stay in one part, as those of one patient; it is no "
            'input. Files can also be kept together by "folder" or by "file name", up to its last number.',
            role="column",
        ),
    ] = ""

    weight: Annotated[
        str,
        Setting(
            "Weight column",
            "Its numbers say how much each example counts in learning, as survey weights do; it is no input. "
            "Scores count all examples alike.",
            role="column",
        ),
    ] = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = self.train + self.validation + self.test
        # 0.7 + 0.2 + 0.1 is 0.9999999999999999 in binary
        if abs(total - 1) > 1e-6:
            raise ValueError(
                Message("train, validation and test must add up to 1, not {total:g}", total=total)
            )
        return self
