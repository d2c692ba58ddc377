"""The views family: a panel is a pure function from records and a viewport to a drawing.

    class Confusion(View, kind="confusion", title="Confusion"):
        \"\"\"Which classes are taken for which.\"\"\"

        counts: Annotated[bool, Setting("Counts", "Show counts instead of percent.")] = False

        def draw(self, records, viewport): ...

Its fields are the options of the panel, from which the controls are made; its docstring is what "What am I
seeing?" says. Views of small `rank` are shown first. A file in this folder with such a class is all that a
new view needs.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from app.document.record import RunRecord
from app.views.drawing import Drawing, Readout, Viewport
from engine.choices import Choice
from engine.events import Facts

Slot = Literal["main", "side", "left", "middle", "right"]
"""Where a panel lies on the page of a run: two above, three below."""

Records = Sequence[RunRecord]
"""The runs shown, the one in the foreground first."""


class View(Choice, family="views"):
    """A way of looking at runs; its fields are the panel's options."""

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    """Where it stands by itself: at home in the first, in the others where no view that fits is at home."""
    of_network: ClassVar[bool] = False
    """Whether it is of layers that not every network has: by itself it waits until they are known."""
    waiting: ClassVar[str] = "Press Train to see this."
    """What the empty panel says."""
    zoomable: ClassVar[bool] = False
    """Whether a part of the drawing can be looked at."""
    overlays: ClassVar[bool] = False
    """Whether more runs than the first are drawn."""
    planned: ClassVar[bool] = False
    """Whether it can also show the network that would be trained, as long as there is no run."""

    @classmethod
    def fits(cls, facts: Facts) -> bool:
        """Return whether this view makes sense for such data; facts that are not known fit everything."""
        return True

    @classmethod
    def first(cls, facts: Facts, slot: Slot) -> View | None:
        """Return it as it stands by itself in one of its slots, None where it does not for such data."""
        return None if cls.of_network and facts.network is None else cls()

    def probe(self) -> Mapping[str, Any] | None:
        """Return the probe to be measured for this view, as the mapping the engine takes, or None."""
        return None

    @abstractmethod
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        """Return what is to be seen of the records in the viewport."""

    @abstractmethod
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        """Return what is shown as a table at full resolution: the header first. For CSV files."""

    def readout(self, records: Records, x: float) -> tuple[Readout, ...]:
        """Return the exact values at `x`, for the cursor."""
        return ()

    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        """Return, for the field that says what the view is about and depends on the run, value -> words.

        Such a field (`quantity` of the curves) is chosen in the panel's title.
        """
        return {}
