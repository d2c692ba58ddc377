"""What columns are called that tell how much time has passed: Time since start in ms, elapsed_ms, 时间戳."""

from __future__ import annotations

import re

_HEAD = "time t elapsed uptime timestamp clock zeit messzeit laufzeit temps tiempo tempo"
_UNIT_NAMES = """
ms us µs ns s sec secs second seconds msec usec millisecond milliseconds microsecond microseconds millis
micros minute minutes hour hours millisekunden sekunden minuten stunden
"""
_OTHERS = """
since in from the start started starting begin beginning boot relative rel offset device sensor system sys
sample sampling recording record measurement run running total passed seit beginn messbeginn vergangene
abgelaufene verstrichene depuis début écoulé desde inicio transcurrido
"""
_BARE = "ms millis micros msec milliseconds millisecond seconds microseconds sekunden"
_HEADS, _UNITS, _BESIDE, _ALONE = (frozenset(words.split()) for words in (_HEAD, _UNIT_NAMES, _OTHERS, _BARE))
"""Units that stand for the time itself where nothing else does; s and min are other things as well."""
_CHINESE = re.compile(r"(采样|相对|运行|经过|累计|测量|记录|系统|设备)?(时间戳?|时刻)|毫秒数?|秒数")
_AXIS = re.compile(r"x[ _-]?(value|axis|achse|data|wert)s?|abscissa|横轴|x轴", re.IGNORECASE)
"""What instruments call the axis of a recording, whatever stands on it."""
_UNIT = re.compile(r"[\[(\uff08].*|[/,]\s*(?:ms|µs|us|ns|s|sec)$")


def tells_elapsed(name: str) -> bool:
    """Return whether a column is called as those that tell how much time has passed, in whatever unit.

    A reaction time or a rise time is measured, and called by another word beside.
    """
    bare = _UNIT.sub("", name.strip()).strip()
    if _CHINESE.fullmatch(bare):
        return True
    # sinceStart and since_start, as programs write them
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare).casefold()
    words = {word for word in re.split(r"[\s_.\-#:]+", apart) if word}
    if not words <= _HEADS | _UNITS | _BESIDE:
        return False
    return bool(words & _HEADS) or bool(words & _ALONE)


def names_axis(name: str) -> bool:
    """Return whether a column is called as the axis along which an instrument has measured: X_Value."""
    return _AXIS.fullmatch(_UNIT.sub("", name.strip()).strip()) is not None
