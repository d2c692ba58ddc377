"""How a run stands, in words: parts with their rank where the room is short, 0 for what always stays."""

from __future__ import annotations

from app.document.run_controls import RunStatus
from app.document.runs_meant import TrainedBeside
from app.language.numbers import whole
from app.language.words import clock_words, tr


def progress_parts(standing: RunStatus) -> list[tuple[str, int]]:
    """Return "epoch 25 of 40", "1 240 steps/s" and "00:09 left", each with its rank where room is short."""
    if standing.run == "none":
        return [(standing.outcome, 0)] if standing.outcome else []
    if standing.run == "starting":
        return [(tr("preparing the data…") if not standing.words else standing.words, 0)]
    parts = [(tr("epoch {epoch} of {epochs}", epoch=standing.epoch, epochs=standing.epochs), 0)]
    if standing.run == "paused":
        if standing.freed is None:
            parts.append((tr("paused at step {step}", step=whole(standing.step)), 0))
        else:
            parts.append((tr("memory released"), 0))
    elif standing.run == "stopping":
        parts.append((standing.words or tr("stopping; then the scores of what was learnt…"), 0))
    elif standing.run == "discarding":
        parts.append((tr("stopping, to be discarded…"), 0))
    elif standing.step >= standing.steps > 0:
        parts.append((standing.words or tr("working out the scores…"), 0))
    else:
        speed = standing.steps_per_second
        said = whole(round(speed)) if speed >= 10 else f"{speed:.1f}"
        # or a person who chose it last week would look for what makes it slow
        held_back = standing.pace != "full"
        words = (
            tr("{speed} steps/s, held back", speed=said) if held_back else tr("{speed} steps/s", speed=said)
        )
        # how long it takes is what a person waits for; how fast it goes can be left out
        parts.append((words, 2))
        if standing.seconds_left is not None:
            parts.append((tr("{time} left", time=clock_words(standing.seconds_left)), 1))
    return parts


def other_parts(other: TrainedBeside) -> list[tuple[str, int]]:
    """Return how a run stands that another process trains."""
    epoch = tr("epoch {epoch} of {epochs}", epoch=other.epoch, epochs=other.epochs)
    said = {"paused": tr("paused"), "queued": tr("preparing the data…")}.get(other.state, epoch)
    return [(said, 0), (tr("trained by another process"), 1)]


def others_words(count: int, *, more: bool) -> str:
    """Return how many runs other processes train; `more`: than the one that is told before."""
    if more:
        return tr("+1 trains") if count == 1 else tr("+{count} train", count=count)
    return tr("1 trains") if count == 1 else tr("{count} train", count=count)
