"""What is said when a run has ended, by itself or with its engine."""

from __future__ import annotations

from collections.abc import Callable

from app.document.record import RunRecord
from app.language.words import tr
from app.widgets.notice import Notice
from engine.events import RunEnded


def farewell(name: str, event: RunEnded, resume: Callable[[], None], test: Callable[[], None]) -> Notice:
    """Return how a run of that name ended, with what can be done next."""
    why = tr(event.why) if event.why else tr("It can be resumed from its last checkpoint.")
    words = {
        "finished": tr("{name} is trained.", name=name),
        "stopped": tr("{name} was stopped; what it learnt is kept.", name=name),
        "interrupted": tr("{name} was interrupted. {why}", name=name, why=why),
        "failed": tr("{name} failed: {why}", name=name, why=why),
    }
    if event.state == "interrupted":
        return Notice(words[event.state], "danger", tr("Resume"), resume)
    if event.state == "failed":
        return Notice(words[event.state], "danger")
    return Notice(words[event.state], "good", tr("Test it…"), test)


def engine_lost(why: str, *, again: bool) -> str:
    """Return that the engine went away; `again`: it is being started anew by itself."""
    tail = tr("It is being started again.") if again else tr("It did not start again by itself.")
    return tr("The engine ended unexpectedly: {why}. {tail}", why=why, tail=tail)


def interrupted(text: str, record: RunRecord, resume: Callable[[], None]) -> Notice:
    """Return that a run was interrupted by what `text` says."""
    kept = tr("{name} is interrupted; nothing saved is lost.", name=record.name)
    return Notice(f"{text} {kept}", "danger", tr("Resume"), resume)
