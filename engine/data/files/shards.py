"""One table in several files that count each other: train-00000-of-00003.parquet and the two others."""

from __future__ import annotations

import re
from pathlib import Path

from engine.choices import Message

_SHARD = re.compile(r"(?P<before>.+?)(?P<place>\d{2,5})-of-(?P<count>\d{2,5})(?P<behind>(-\w+)?\.\w+)")
_MOST = 10_000


def shards_of(path: Path) -> list[Path]:
    """Return all files that are there of the table of which a file is one, in order; else that file alone."""
    found = _SHARD.fullmatch(path.name)
    if found is None or int(found["count"]) > _MOST:
        return [path]
    count, digits = found["count"], len(found["place"])
    names = (f"{found['before']}{place:0{digits}}-of-{count}{found['behind']}" for place in range(int(count)))
    return [one for name in names if (one := path.with_name(name)).is_file()] or [path]


def is_later_shard(path: Path) -> bool:
    """Return whether a file goes on with the table of another one, which stands for all of them."""
    return _SHARD.fullmatch(path.name) is not None and shards_of(path)[0] != path


def told_shards(path: Path) -> list[str]:
    """Return that the files of a table are read as one, and how many of them are not there."""
    from engine.data.cells.values import listed  # needs pandas, which forms do without

    found = _SHARD.fullmatch(path.name)
    shards = shards_of(path)
    if found is None or int(found["count"]) == 1 or int(found["count"]) > _MOST:
        return []
    missing = int(found["count"]) - len(shards)
    gone = Message("; {missing} of the {count} are not there", missing=missing, count=int(found["count"]))
    return [
        Message(
            "{files} are read as one table{gone}",
            files=listed([one.name for one in shards], 3),
            gone=gone if missing else "",
        )
    ]
