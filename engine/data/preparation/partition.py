"""Partition: which rows are for training, validation and test. Seeded, stratified where there are classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.batches import shuffled
from engine.data.decisions import decided, decision_in
from engine.data.description import PARTS, PartName
from engine.data.split import Split

Parts = Mapping[PartName, NDArray[np.int64]]


def partition(
    rows: NDArray[np.int64],
    codes: NDArray[np.int64] | None,
    split: Split,
    seed: int,
    published: NDArray[np.str_] | None = None,
    groups: NDArray[np.int64] | None = None,
) -> Parts:
    """Return the rows of each part, ascending.

    `codes` are the class indices of the rows, or None where there are none. With classes and
    `split.stratified`, each class is divided by the shares: every part gets the share of the class rounded up
    or down, and the rounding is carried from class to class so that the sizes of the parts come out right
    too. A class keeps at least one example for training. `published` is the part that each row has been put
    into by others: with `split.published`, such a validation or test part is kept, and the other rows are
    divided by the shares of the other parts. Rows of one of the `groups` stay in one part,
    but for those of a part that is kept. Raises Invalid
    when a part that has a share stays empty.
    """
    kept = _published(rows, published if split.published else None)
    shares = np.array([split.train, split.validation, split.test])
    if kept:
        free = ~np.isin(rows, np.concatenate(list(kept.values())))
        rows, codes = rows[free], None if codes is None else codes[free]
        groups = None if groups is None else groups[free]
        shares = np.where([part in kept for part in PARTS], 0.0, shares)
        shares /= shares.sum()
    if groups is not None:
        whole = {**_by_groups(rows, codes if split.stratified else None, groups, shares, seed), **kept}
        _refuse_empty(whole, shares, len(rows), len(np.unique(groups)))
        return whole
    order = shuffled(len(rows), seed, "split")
    if codes is None or not split.stratified:
        piles = [order]
    else:
        mixed = codes[order]
        piles = [order[mixed == code] for code in np.unique(codes)]
    counts = _divide(np.array([len(pile) for pile in piles]), shares)
    parts: dict[PartName, NDArray[np.int64]] = {}
    ends = np.cumsum(counts, axis=1)
    for index, part in enumerate(PARTS):
        chosen = [
            pile[end[index] - count[index] : end[index]]
            for pile, count, end in zip(piles, counts, ends, strict=True)
        ]
        parts[part] = np.sort(rows[np.concatenate(chosen)]) if chosen else rows[:0]
    parts.update(kept)
    _refuse_empty(parts, shares, len(rows))
    return parts


def _by_groups(
    rows: NDArray[np.int64],
    codes: NDArray[np.int64] | None,
    groups: NDArray[np.int64],
    shares: NDArray[np.float64],
    seed: int,
) -> Parts:
    """Return the rows of each part, every group whole: the largest first, each into the part that has least
    of what the group holds, measured by its share; the last ones into parts that would else stay empty.
    """
    kinds = np.zeros(len(rows), np.int64) if codes is None else codes
    counts = np.zeros((groups.max(initial=-1) + 1, kinds.max(initial=-1) + 1))
    # counts[groups, kinds] += 1 would count rows of the same group and class once
    np.add.at(counts, (groups, kinds), 1)
    order = shuffled(len(counts), seed, "split")
    # stable: groups of one size stay shuffled
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    wanted = np.outer(shares, np.maximum(counts.sum(axis=0), 1))
    held = np.zeros_like(wanted)
    chosen = np.zeros(len(counts), np.int64)
    for place, group in enumerate(order):
        # with as many groups left as parts are empty, each of them must go into one of those
        free = (shares > 0) & (held.sum(axis=1) == 0)
        open_to = free if free.sum() >= len(order) - place else shares > 0
        full = np.full(wanted.shape, np.inf)
        np.divide(held + counts[group], wanted, out=full, where=wanted > 0)
        # a class that the group lacks counts 0, and 0 times infinity would be NaN
        fullness = np.where(counts[group] > 0, full, 0.0) @ counts[group]
        chosen[group] = np.argmin(np.where(open_to, fullness, np.inf))
        held[chosen[group]] += counts[group]
    return {part: np.sort(rows[chosen[groups] == index]) for index, part in enumerate(PARTS)}


def _published(
    rows: NDArray[np.int64], published: NDArray[np.str_] | None
) -> dict[PartName, NDArray[np.int64]]:
    """Return the validation and the test part as published, where there are."""
    if published is None:
        return {}
    kept = {part: np.sort(rows[published == part]) for part in PARTS if part != "train"}
    return {part: chosen for part, chosen in kept.items() if len(chosen)}


def told_published(
    published: NDArray[np.str_] | None, parts: Parts, split: Split, told: Sequence[str]
) -> list[str]:
    """Return that parts are kept as they were published, or joined; nothing where it is `told` already."""
    if published is None or not (published != "train").any():
        return []
    if not split.published:
        return [Message("the parts as published are joined and divided anew")]
    if any(decision_in(notice).setting == "split.published" for notice in told):
        return []
    kept = [f"{part} {len(parts[part]):,}" for part in PARTS if part != "train" and (published == part).any()]
    said = Message("parts of the data are kept as they were published: {kept} examples", kept=", ".join(kept))
    return [decided(said, "split.published", False)]


def _divide(sizes: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole numbers (groups, parts): each group divided by the shares, rounding carried onwards."""
    counts = np.zeros((len(sizes), len(shares)), np.int64)
    owed = np.zeros(len(shares))
    for group, size in enumerate(sizes):
        ideal = size * shares
        # 0.29 * 100 is 28.999999999999996
        base = np.floor(ideal + 1e-9).astype(np.int64)
        wish = np.where(shares > 0, owed + ideal - base, -np.inf)
        # rounded and stable, so that equal claims are equal and the earlier part wins on every machine
        base[np.argsort(-np.round(wish, 9), kind="stable")[: size - base.sum()]] += 1
        if base[0] == 0 and size > 0:
            base[np.argmax(base)] -= 1
            base[0] = 1
        owed += ideal - base
        counts[group] = base
    return counts


def _refuse_empty(parts: Parts, shares: NDArray[np.float64], count: int, groups: int = 0) -> None:
    problems = [
        Problem(f"split.{part}", _why_empty(part, share, count, groups))
        for part, share in zip(PARTS, shares, strict=True)
        if share > 0 and len(parts[part]) == 0
    ]
    if problems:
        raise Invalid(problems)


def _why_empty(part: PartName, share: float, count: int, groups: int) -> str:
    otherwise = ", or set it to 0" if part == "test" else ""
    if groups:
        few = Message("there are {groups} groups, and each stays whole", groups=groups)
        return Message(
            "leaves no example in this part: {few}; choose another group, or none{otherwise}",
            few=few,
            otherwise=otherwise,
        )
    if share * count < 1:
        fewer = Message("{share:g} of {count} is less than one", share=share, count=count)
        return Message(
            "leaves no example in this part: {fewer}; raise the share or add data{otherwise}",
            fewer=fewer,
            otherwise=otherwise,
        )
    return Message(
        "leaves no example in this part: the classes have so few examples each that training "
        "takes them all; choose a target with fewer classes{otherwise}",
        otherwise=otherwise,
    )
