"""Remarks: what the curves say, in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.document.record import RunRecord
from app.language.numbers import number, percent, whole
from app.language.words import title_of, tr
from app.views.course.quantities import baseline_name, quantity_name
from app.views.drawing import Drawing, Nothing, Remark, Remarks, Viewport
from app.views.headline import headline, more_is_better
from app.views.kept import best_epoch
from app.views.view import Records, Slot, View
from engine.learning.metrics import RarestRecall
from engine.training.baselines.every import BASELINES

_RECENT = 5
"""Epochs that "lately" means."""
_LEAPS, _LEAP = 12, 0.2
"""Epochs in which the loss may leap, and how much of its height it then changes by from one to the next."""
_SOLVED = 0.02
"""Share of the first loss below which there is hardly anything left to learn."""
_STILL = 20
"""Steps without any gradient after which something is wrong."""
_LAST_SHARE = 0.05
_STILL_FALLING = 0.01
"""A best epoch among the last share of all, after a fall of so much, says that the run was too short."""
_FOUND = 0.5
"""Who finds less than this share of the rarest class has hardly learnt it."""
_AS_GOOD = 5e-4
"""Scores nearer to each other than this are the same; of errors, this share of them."""
_AS_GOOD_AS_PERFECT = 0.985


class RemarksView(View, kind="remarks", title="What is happening", rank=90):
    """Plain sentences about the run, each derived from its curves alone.

    A remark says what is seen, not what will be: it compares the last epochs with those before.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("right",)
    waiting: ClassVar[str] = "Press Train; what the curves show is then said here in words."

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        if not records or records[0].started is None:
            return Nothing(tr(self.waiting))
        return Remarks(remarks(records[0]))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        yield ["remark", "reason"]
        if records and records[0].started is not None:
            for remark in remarks(records[0]):
                yield [remark.title, remark.detail]


_URGENCY = {"danger": 0, "warning": 1}


def remarks(record: RunRecord) -> tuple[Remark, ...]:
    """Return what can be said of a run, most important first."""
    found = (
        _stuck(record),
        # how good it is before that it is over, which the head of the window says, too
        _score(record),
        _rarest(record),
        _baseline(record),
        _ended(record),
        _warned(record),
        _progress(record),
        _unfinished(record),
        _gap(record),
    )
    said = [remark for remark in found if remark is not None]
    # a small panel has room for the first alone, and what is wrong must be seen
    said.sort(key=lambda remark: _URGENCY.get(remark.tone, len(_URGENCY)))
    return tuple(said) or (
        Remark("text_faint", tr("It has just begun."), tr("After a few epochs there is something to say.")),
    )


def _epochs(record: RunRecord, name: str) -> NDArray[np.float32]:
    series = record.series.get(name)
    return series.values if series is not None else np.empty(0, np.float32)


def _ended(record: RunRecord) -> Remark | None:
    ended = record.ended
    if ended is None:
        return None
    tone = {"finished": "success", "stopped": "accent", "failed": "danger"}.get(ended.state, "warning")
    title = {
        "finished": tr("The run is finished."),
        "stopped": tr("The run was stopped."),
        "failed": tr("The run failed."),
        "interrupted": tr("The run was interrupted."),
    }.get(ended.state, tr("The run is over."))
    return Remark(tone, title, tr(ended.why))


def _part(record: RunRecord) -> str:
    """Return the part that scores are followed on, as it begins a sentence."""
    return tr("Training") if record.facts.watched == "train" else tr("Validation")


def _headline(record: RunRecord) -> str:
    """Return the metric that says most plainly how good the run is, or nothing where it has none."""
    return headline(record.facts, {name.removeprefix("validation.") for name in record.series})


def _score(record: RunRecord) -> Remark | None:
    """Say how good it is: while it learns the newest epoch, afterwards the weights that are kept."""
    metric = _headline(record)
    values = _epochs(record, f"validation.{metric}")
    if not metric or not len(values):
        return None
    name = quantity_name(metric)
    kept = record.scores.get(record.facts.watched, {})
    beside = _beside(record, metric)
    if metric not in kept:
        title = tr(
            "{part} {name}: {value}", part=_part(record), name=_inside(name), value=number(float(values[-1]))
        )
        title = tr("{score}, {guess}", score=title, guess=beside) if beside else title
        return Remark("accent", title, tr("Best so far {best}.", best=number(_top(metric, values))))
    title = tr(
        "{part} {name} of the kept weights: {value}",
        part=_part(record),
        name=_inside(name),
        value=number(kept[metric]),
    )
    title = tr("{score}, {guess}", score=title, guess=beside) if beside else title
    train = record.scores.get("train", {})
    said = []
    if best_epoch(record):
        words = tr("They are those of epoch {epoch}, where the validation loss was lowest.",
                   epoch=whole(best_epoch(record)))  # fmt: skip
        said.append(words)
    top = _top(metric, values)
    if np.isfinite(top) and _worse(metric, kept[metric], top):
        said.append(tr("The best {name} on the way was {best}, at a higher loss.", name=_inside(name),
                       best=number(top)))  # fmt: skip
    # they are one where scores are followed on the training part
    if metric in train and train is not kept:
        said.append(tr("On the training part: {value}.", value=number(train[metric])))
    return Remark("success", title, " ".join(said))


def _beside(record: RunRecord, metric: str) -> str:
    """Return what the best of the simplest guesses scores; "" where that is what `_baseline` tells of."""
    known = _rivals(record, metric)
    simplest = [kind for kind in known if kind in BASELINES and BASELINES[kind].at_once]
    if not simplest or (best := _best_of(metric, simplest, known)) == _best_of(metric, known, known):
        return ""
    return tr("{name} {score}", name=baseline_name(best), score=number(known[best]))


def _rivals(record: RunRecord, metric: str) -> dict[str, float]:
    """Return what baselines score, by their kind."""
    return {name: scores[metric] for name, scores in record.reference.items() if metric in scores}


def _best_of(metric: str, kinds: Iterable[str], scores: Mapping[str, float]) -> str:
    """Return the kind with the best score, of equal ones the first."""
    return (max if more_is_better(metric) else min)(kinds, key=lambda kind: scores[kind])


def _rarest(record: RunRecord) -> Remark | None:
    """Say how many of the rarest class the kept weights find, where nearly all examples are of another."""
    found = record.scores.get(record.facts.watched, {}).get(RarestRecall.kind)
    if not record.facts.unequal or found is None or not math.isfinite(found):
        return None
    title = tr("{part} {name}: {value}", part=_part(record), name=_inside(title_of(RarestRecall)),
               value=number(found))  # fmt: skip
    share = percent(min(record.facts.class_shares))
    detail = tr("{name} has {share} of the training examples.", name=record.facts.rarest, share=share)
    if found >= _FOUND:
        return Remark("success", title, detail)
    cure = tr("Balanced class weights of the loss let each class count alike.")
    return Remark("warning", title, f"{detail} {cure}")


def _top(metric: str, values: NDArray[np.float32]) -> float:
    """Return the best of the finite values, NaN where there is none."""
    known = values[np.isfinite(values)]
    if not len(known):
        return math.nan
    return float(known.max() if more_is_better(metric) else known.min())


def _worse(metric: str, one: float, other: float) -> bool:
    """Return whether a score is worse than another by more than nothing."""
    room = _AS_GOOD * (1.0 if more_is_better(metric) else abs(other))
    return other - one > room if more_is_better(metric) else one - other > room


def _stuck(record: RunRecord) -> Remark | None:
    """Say that nothing is learnt because no gradient reaches a weight."""
    norms = _epochs(record, "gradient_norm")[-_STILL:]
    if len(norms) < _STILL or norms.any():
        return None
    return Remark(
        "danger",
        tr("No gradient reaches any weight: nothing is learnt."),
        tr("All gradients of the last {count} steps are 0. Weights that start at 0, or units of ReLU that no "
           "input switches on any more (after too high a learning rate), do this.", count=_STILL),
    )  # fmt: skip


def _unfinished(record: RunRecord) -> Remark | None:
    """Say that a run that took all its epochs was still getting better at the end."""
    losses, best = _epochs(record, "validation.loss"), best_epoch(record)
    planned = record.started.epochs if record.started is not None else 0
    whole_run = record.state == "finished" and len(losses) >= planned >= 5
    if not whole_run or best < planned - max(1, round(_LAST_SHARE * planned)):
        return None
    before = float(losses[max(best - 1 - max(_RECENT, planned // 5), 0)])
    # not >, rather than <=: a loss that is NaN says nothing
    if not before > (1 + _STILL_FALLING) * float(losses[best - 1]):
        return None
    return Remark(
        "accent",
        tr("It was still getting better: more epochs may help."),
        tr("The validation loss was lowest in epoch {best} of {planned}.", best=whole(best),
           planned=whole(planned)),
    )  # fmt: skip


def _inside(name: str) -> str:
    """Return a name as it stands within a sentence: R² stays, Accuracy does not."""
    return name if name[1:2].isupper() or not name[1:2].isalpha() else name[:1].lower() + name[1:]


def _warned(record: RunRecord) -> Remark | None:
    if not record.warnings:
        return None
    newest = record.warnings[-1]
    return Remark("warning", tr("A warning at step {step}.", step=whole(newest.step)), newest.text)


def _progress(record: RunRecord) -> Remark | None:
    """Say whether the validation loss falls, stands or rises."""
    losses = _epochs(record, "validation.loss")
    if len(losses) < 2 or not np.isfinite(losses).all():
        return None
    if (leaping := _leaping(record, losses)) is not None:
        return leaping
    best = int(np.argmin(losses))
    since = len(losses) - 1 - best
    # a rise over an epoch or two, or of a few percent, is noise
    if since >= 3 and losses[-1] > losses[best] * 1.02:
        return Remark(
            "warning",
            tr("{part} loss has been rising since epoch {epoch}.", part=_part(record), epoch=whole(best + 1)),
            tr(
                "It was {best} then and is {now} now.",
                best=number(float(losses[best])),
                now=number(float(losses[-1])),
            ),
        )
    if record.ended is not None:
        return None  # what it did lately matters no more
    back = min(_RECENT, len(losses) - 1)
    before, now = float(losses[-1 - back]), float(losses[-1])
    fall = (before - now) / abs(before) if before else 0.0
    detail = tr("It went from {before} to {now} in that time.", before=number(before), now=number(now))
    if fall > 0.01:
        title = tr("{part} loss is falling: by {share} since epoch {epoch}.", part=_part(record),
                   share=percent(fall), epoch=whole(len(losses) - back))  # fmt: skip
        return Remark("success", title, detail)
    if not since:
        return Remark("success", tr("{part} loss is at its best.", part=_part(record)), detail)
    if since < 3 and losses[-1] > losses[best] * 1.01:
        title = tr("{part} loss was lowest after epoch {epoch}.", part=_part(record), epoch=whole(best + 1))
        best_and_now = tr("It was {best} then and is {now} now.")
        return Remark(
            "text_faint", title, best_and_now.format(best=number(float(losses[best])), now=number(now))
        )
    return Remark("text_faint", tr("{part} loss hardly changes any more.", part=_part(record)), detail)


def _leaping(record: RunRecord, losses: NDArray[np.float32]) -> Remark | None:
    """Say that the loss goes up and down by much, which a rise since its best or a fall is no word for."""
    lately = losses[-_LEAPS:]
    level = float(np.median(lately))
    # nearly nothing left of it is no trouble, whatever it does; a ratio says nothing where it is below 0
    if len(lately) < _LEAPS or lately.min() <= 0 or level < _SOLVED * losses[0]:
        return None
    changes = np.diff(lately)
    turns = int(np.count_nonzero(np.diff(np.sign(changes))))
    if np.median(np.abs(changes)) < _LEAP * level or turns < _LEAPS // 3:
        return None
    return Remark(
        "warning",
        tr("{part} loss leaps up and down: the steps may be too large.", part=_part(record)),
        tr(
            "In the last {count} epochs it was between {low} and {high}. A lower learning rate, a schedule "
            "or larger batches calm it.",
            count=_LEAPS,
            low=number(float(lately.min())),
            high=number(float(lately.max())),
        ),
    )


def _gap(record: RunRecord) -> Remark | None:
    """Say when training is far ahead of validation, where there is something left to gain."""
    train, validation = _epochs(record, "train.loss"), _epochs(record, "validation.loss")
    if len(train) < 3 or len(validation) < 3 or record.facts.watched == "train":
        return None
    first, second = float(train[-1]), float(validation[-1])
    # a ratio says nothing where a loss is 0 or below
    if not (math.isfinite(first) and math.isfinite(second)) or first <= 0 or second < 1.5 * first:
        return None
    scores = _epochs(record, f"validation.{_headline(record)}")
    # where nearly all is right, the loss on new data may still be many times that of training
    if more_is_better(_headline(record)) and len(scores) and scores[-1] > _AS_GOOD_AS_PERFECT:
        return None
    return Remark(
        "warning",
        tr("It does better on what it has seen than on new data."),
        tr("Loss {train} on training data, {validation} on validation data.", train=number(first),
           validation=number(second)) + " " + tr("More data, dropout or weight decay may help."),
    )  # fmt: skip


def _baseline(record: RunRecord) -> Remark | None:
    """Compare the headline score, of the kept weights where there are some, with the best baseline."""
    metric = _headline(record)
    values = _epochs(record, f"validation.{metric}")
    known = _rivals(record, metric)
    if not len(values) or not known:
        return None
    sign = 1 if more_is_better(metric) else -1
    kind = _best_of(metric, known, known)
    best = known[kind]
    kept = record.scores.get(record.facts.watched, {})
    now, name = kept.get(metric, float(values[-1])), baseline_name(kind)
    part = record.facts.watched == "train"
    detail = tr("Both on the training part.") if part else tr("Both on the validation part.")
    told = {"name": name, "score": _inside(quantity_name(metric)), "now": number(now), "best": number(best)}
    if abs(now - best) < _AS_GOOD * (1.0 if more_is_better(metric) else abs(best)):
        if kind in BASELINES and BASELINES[kind].constant and record.ended is not None:
            title = tr("No better than {name}: {score} {now} against {best}.", **told)
            return Remark("warning", title, tr("It has learnt nothing from the inputs that shows here."))
        return Remark("text_faint", tr("As good as {name}: {score} {now} against {best}.", **told), detail)
    if sign * (now - best) > 0:
        return Remark("success", tr("Better than {name}: {score} {now} against {best}.", **told), detail)
    if record.ended is None:
        return Remark(
            "text_faint", tr("Not yet better than {name}: {score} {now} against {best}.", **told), detail
        )
    return Remark("warning", tr("Worse than {name}: {score} {now} against {best}.", **told), detail)
