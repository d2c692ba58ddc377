"""Conversations in records of JSON, as models of language are taught with: each answer becomes a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.choices import Message

_WHO, _SAID = ("role", "from", "speaker"), ("content", "value", "text")
"""What a message calls its writer and its words: OpenAI writes role and content, ShareGPT from and value."""
_ANSWERING = frozenset({"assistant", "gpt", "bot", "model", "chatgpt"})
_UNSEEN = frozenset({"system", "developer", "tool", "function"})
"""Who says how to answer, which is no question."""
PROMPT, RESPONSE = "prompt", "response"


def answers_of(records: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str]] | None:
    """Return a row for each answer in conversations, with the message before it; None for other records."""
    key = next((name for name, value in records[0].items() if _are_messages(value)), "") if records else ""
    if not key or not all(_are_messages(record.get(key)) for record in records):
        return None
    rows = [
        {PROMPT: asked, RESPONSE: answer} for record in records for asked, answer in _answered(record[key])
    ]
    said = Message(
        "each answer in {key} is a row, beside the message before it; what was said earlier and instructions "
        "of the system are left out",
        key=key,
    )
    return (rows, [said]) if rows else None


def _answered(messages: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    before = ""
    for one in messages:
        who, said = _of(one, _WHO).casefold(), _of(one, _SAID).strip()
        if who in _ANSWERING and before and said:
            yield before, said
        if who not in _UNSEEN:
            before = said


def _are_messages(value: object) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(one, dict) and _of(one, _WHO) and _has(one, _SAID) for one in value)


def _of(message: Mapping[str, Any], names: Sequence[str]) -> str:
    found = next((message[name] for name in names if name in message), "")
    return found if isinstance(found, str) else ""


def _has(message: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(name in message for name in names)
