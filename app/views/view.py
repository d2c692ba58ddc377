"""The views family: a panel is a pure function from records and a viewport to a drawing.

    class ConfusionView(ReadingView, shows=Confusion, kind="confusion", title="Confusion"):
        \"\"\"Which classes are taken for which.\"\"\"

        counts: Annotated[bool, Setting("Counts", "Show counts instead of percent.")] = False

        def picture(self, found: ConfusionMatrix, facts, viewport): ...

Most views show what one probe found (`ReadingView`); the others draw curves or the network (`View`). Fields
are the options of the panel, from which the controls are made; the docstring is what "What am I seeing?"
says. A file in a folder beside this one with such a class is all that a new view needs: it is then in the
menu of every panel. `slots` let it stand somewhere by itself, after the views of smaller `rank`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, get_type_hints

from typing_extensions import override

from app.document.record import RunRecord
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Readout, Viewport
from engine.choices import Choice
from engine.events import Facts
from engine.probes.probe import Probe

Slot = Literal["main", "side", "left", "middle", "right"]
"""Where a panel lies on the page of a run: two above, three below."""

Records = Sequence[RunRecord]
"""The runs shown, the one in the foreground first."""


class View(Choice, family="views"):
    """A way of looking at runs; its fields are the panel's options."""

    slots: ClassVar[tuple[Slot, ...]] = ()
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

    def probe(self) -> Probe | None:
        """Return the probe to be measured for this view, if any."""
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

    def along_x(self) -> str:
        """Return what runs along x: panels in which it is the same are zoomed together; "": with no other."""
        return ""

    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        """Return, for the field that says what the view is about and depends on the run, value -> words.

        Such a field (`quantity` of the curves) is chosen in the panel's title.
        """
        return {}


class ReadingView(View):
    """A view of what one probe found: `shows` names it, and `picture` takes the record that it finds."""

    shows: ClassVar[type[Probe]]

    def __init_subclass__(cls, *, shows: type[Probe], **config: Any) -> None:
        """Take the probe; raises TypeError where `picture` takes another record than it finds."""
        super().__init_subclass__(**config)
        # At import, so that a view of another record fails in the first test and not on a person's screen.
        # the annotation itself is a string, by the import from __future__
        drawn = get_type_hints(cls.picture)["found"]
        if drawn is not shows.record():
            raise TypeError(f"{cls.__name__} draws a {drawn.__name__}; {shows.__name__} finds something else")
        cls.shows = shows

    @override
    def probe(self) -> Probe:
        """Return the probe, which is given the options of the view that are settings of it, too."""
        common = self.shows.model_fields.keys() & type(self).model_fields
        return self.shows(**{name: getattr(self, name) for name in common})

    @abstractmethod
    def picture(self, found: Any, facts: Facts, viewport: Viewport) -> Drawing:
        """Return what is to be seen of a reading."""

    @abstractmethod
    def columns(self, facts: Facts) -> Sequence[str]:
        """Return the header of the table."""

    @abstractmethod
    def table(self, found: Any, facts: Facts) -> Iterator[Sequence[object]]:
        """Yield what a reading holds, at full resolution, below that header."""

    def read(self, found: Any, facts: Facts, x: float) -> tuple[Readout, ...]:
        """Return the exact values at `x`, for the cursor."""
        return ()

    def subjects(self, found: Any) -> Mapping[str, Mapping[str, str]]:
        """Return, for the field that says which part of a reading is shown, value -> words."""
        return {}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = self._found(records)
        if found is None:
            return Nothing(tr(self.waiting))
        return self.picture(found, records[0].facts, viewport)

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        # an empty panel can be saved, too: its file is the header alone
        facts, found = records[0].facts if records else Facts(), self._found(records)
        yield self.columns(facts)
        if found is not None:
            yield from self.table(found, facts)

    @override
    def readout(self, records: Records, x: float) -> tuple[Readout, ...]:
        found = self._found(records)
        return () if found is None else self.read(found, records[0].facts, x)

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = self._found(records)
        return {} if found is None else self.subjects(found)

    def _found(self, records: Records) -> Any:
        reading = records[0].reading(self.probe()) if records else None
        return None if reading is None else reading.found
