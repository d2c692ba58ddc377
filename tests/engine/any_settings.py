"""Any settings that a choice allows, read from its fields, so that a formula is tried beyond the defaults."""

from __future__ import annotations

from math import log10
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from engine.choices import Choice, Setting, fields

# what a setting without a bound is drawn up to, and one on a logarithmic scale without a least value down to
FAR, NEAR = 100.0, 1e-6


def any_settings(choice: type[Choice], **narrower: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The choice with numbers, options and switches drawn within their bounds; other settings as they are.

    `narrower` says for a setting, where the choice has it, which values tell most.
    """
    drawn = {
        field.name: found
        for field in fields(choice)
        if (found := narrower.get(field.name, _values(field.annotation, field.setting))) is not None
    }
    return st.fixed_dictionaries(drawn).map(lambda values: choice(**values))


def _values(annotation: Any, setting: Setting) -> st.SearchStrategy[Any] | None:
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if annotation is bool:
        return st.booleans()
    low = setting.least if setting.least is not None else setting.above
    high = setting.most if setting.most is not None else setting.below
    low, high = -FAR if low is None else low, FAR if high is None else min(FAR, high)
    if annotation is int:
        return st.integers(int(low), int(high))
    if annotation is not float:
        return None
    if setting.log:  # evenly on the scale that a form shows
        found = st.floats(log10(max(low, NEAR)), log10(high)).map(lambda power: 10**power)
    else:
        found = st.floats(low, high)
    # bounds that are no values themselves, and what rounding brings beyond one
    return found.filter(lambda value: low <= value <= high and value not in (setting.above, setting.below))
