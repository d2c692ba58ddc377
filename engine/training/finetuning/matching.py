"""The start of fine-tuning: weights of others taken over by name, and a report of what fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from engine.choices import Invalid, Message, Problem, joined

if TYPE_CHECKING:
    from engine.training.model import Model

PREFIXES = ("", "module.", "model.", "module.model.", "_orig_mod.")
"""What wrappers (several cards, a trainer, a compiler) put before every name; what fits most is taken off."""
COUNTER = "num_batches_tracked"
"""What torch's batch normalization counts and ours does not need."""
_MOST_NAMED = 6
_MOST_COMPARED = 2_000
_PATH = "start.weights"


@dataclass(frozen=True)
class Match:
    """What of a file went into a network.

    `taken`: names of the network whose tensors were taken; `fresh`: those left as the initializer drew them,
    each with the reason; `unused`: names in the file that went nowhere; `frozen_fresh`: names that are both
    fresh and frozen, which can hardly be meant.
    """

    taken: tuple[str, ...]
    fresh: Mapping[str, str]
    unused: tuple[str, ...]
    frozen_fresh: tuple[str, ...] = ()

    def sentence(self, source: str) -> str:
        """Return in a sentence what was taken from `source` and what was not."""
        taken = Message(
            "{count} of {total} sets of weights taken from {source}",
            count=len(self.taken),
            total=len(self.taken) + len(self.fresh),
            source=source,
        )
        fresh = Message("; new: {names}", names=_named(tuple(self.fresh)))
        unused = Message("; not used: {names}", names=_named(self.unused))
        frozen = Message(". Frozen although they are random: {names}", names=_named(self.frozen_fresh))
        told = ((self.fresh, fresh), (self.unused, unused), (self.frozen_fresh, frozen))
        return Message("{said}.", said=joined("", taken, *(said for there, said in told if there)))

    def to_json(self) -> dict[str, Any]:
        """Return the whole report as plain JSON."""
        return {
            "taken": list(self.taken),
            "fresh": dict(self.fresh),
            "unused": list(self.unused),
            "frozen_fresh": list(self.frozen_fresh),
        }


def take(model: Model, given: Mapping[str, Tensor]) -> Match:
    """Copy every tensor that fits into the model's network, and report; the others stay as they are.

    Raises Invalid, and changes nothing, where no tensor fits, where one holds numbers that are not finite, or
    where texts are cut otherwise than those the weights were learnt from.
    """
    wanted = model.network.state_dict()
    match, fits = matched(model.network, model.description.inputs.vocabulary, given)
    broken = [
        name
        for name, tensor in fits.items()
        if tensor.is_floating_point() and not bool(tensor.isfinite().all())
    ]
    if broken:
        why = Message(
            "holds numbers that are infinite or missing (NaN), in {named}", named=_named(tuple(broken))
        )
        raise Invalid([Problem(_PATH, why)])
    with torch.no_grad():
        for name, tensor in fits.items():
            # In place: parameters are views into the flat vector. Other precisions become single on the way.
            wanted[name].copy_(tensor)
    return match


def matched(
    network: nn.Module, vocabulary: int, given: Mapping[str, Tensor]
) -> tuple[Match, dict[str, Tensor]]:
    """Return what of `given` fits the network: the report, and the tensors by the names they have there.

    Looks at names, shapes and types alone, so that both may lie on torch's meta device. Raises Invalid where
    nothing fits, or an embedding is for another number of tokens than `vocabulary`.
    """
    wanted = network.state_dict()
    given = dict(sorted(given.items()))  # safetensors gives them in another order each time
    named = _renamed(wanted, given)
    fits = {
        name: named[name]
        for name, ours in wanted.items()
        if name in named and named[name].shape == ours.shape and _same_sort(named[name], ours)
    }
    # the vocabulary first: where nothing fits either, it is why, and it can be mended
    problems = _other_vocabulary(network, vocabulary, named) or _unfit(wanted, given, fits)
    if problems:
        raise Invalid(problems)
    fresh = {name: _why(name, ours, named) for name, ours in wanted.items() if name not in fits}
    frozen = {name for name, parameter in network.named_parameters() if not parameter.requires_grad}
    match = Match(
        taken=tuple(fits),
        fresh=fresh,
        unused=tuple(name for name in named if name not in fits),
        frozen_fresh=tuple(name for name in fresh if name in frozen),
    )
    return match, fits


def _renamed(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the given tensors without the prefix whose removal lets most names agree, and no counters."""
    best: dict[str, Tensor] = {}
    for prefix in PREFIXES:
        named = {
            name.removeprefix(prefix): tensor
            for name, tensor in given.items()
            if name.rpartition(".")[2] != COUNTER
        }
        # more and not as many: where no prefix helps, nothing is taken off
        if not best or len(named.keys() & wanted.keys()) > len(best.keys() & wanted.keys()):
            best = named
    return best


def _same_sort(theirs: Tensor, ours: Tensor) -> bool:
    """Return whether both hold real numbers, of whatever precision, or both whole ones."""
    return theirs.is_floating_point() == ours.is_floating_point() and not theirs.is_complex()


def _why(name: str, ours: Tensor, named: Mapping[str, Tensor]) -> str:
    if name not in named:
        return "not in the file"
    theirs = named[name]
    if theirs.shape != ours.shape:
        return Message(
            "has shape {shape} here and {given} in the file",
            shape=str(tuple(ours.shape)),
            given=str(tuple(theirs.shape)),
        )
    return Message(
        "holds {dtype} here and {given} in the file", dtype=str(ours.dtype), given=str(theirs.dtype)
    )


def _unfit(
    wanted: Mapping[str, Tensor], given: Mapping[str, Tensor], fits: Mapping[str, Tensor]
) -> list[Problem]:
    """Return why nothing can be taken over: no weight fits.

    Biases and gains that agree by chance in name and length are no start.
    """
    if not any(tensor.dim() >= 2 for tensor in fits.values()):
        # difflib compares each pair letter by letter: with all names of a large file it would be slow.
        near = [_with_nearest(name, list(given)[:_MOST_COMPARED]) for name in list(wanted)[:3]]
        why = Message(
            "no weight among its {count} tensors fits this network: it holds {named}, but the "
            "network needs {near} and so on; choose the architecture and the sizes it was made "
            "with",
            count=len(given),
            named=_named(tuple(given), 3),
            near=", ".join(near),
        )
        return [Problem(_PATH, why)]
    return []


def _with_nearest(name: str, known: list[str]) -> str:
    # below the usual 0.6: other programs name the same layers quite differently
    near = get_close_matches(name, known, n=1, cutoff=0.3)
    return Message("{name} (nearest: {near})", name=name, near=near[0][:100]) if near else name


def _other_vocabulary(network: nn.Module, ours: int, named: Mapping[str, Tensor]) -> list[Problem]:
    """Return the problem of an embedding for another number of tokens: each row would mean another word."""
    for name, module in network.named_modules():
        theirs = named.get(f"{name}.weight")
        if not isinstance(module, nn.Embedding) or theirs is None or theirs.dim() != 2:
            continue
        # Only the embedding of this vocabulary: learnt positions, too, are one.
        if module.num_embeddings == ours and len(theirs) != ours:
            why = Message(
                "the weights were learnt with {count:,} different tokens, but the tokenizer of this "
                "experiment has {ours:,}: {cure}",
                count=len(theirs),
                ours=ours,
                cure=Message(SAME_TOKENIZER),
            )
            return [Problem("preprocessing.tokenizer", why)]
    return []


SAME_TOKENIZER = (
    'set preprocessing.tokenizer to "file" and preprocessing.tokenizer_file to the tokenizer.json in the '
    "folder of the run that the weights come from"
)
"""What is to be done where texts are cut otherwise than those that the weights were learnt from."""


def _named(names: tuple[str, ...], most: int = _MOST_NAMED) -> str:
    rest = len(names) - most
    # names in files of others may be of any length
    shown = ", ".join(name[:100] for name in names[:most])
    return Message("{shown} and {rest} more", shown=shown, rest=rest) if rest > 0 else shown
