"""One field in a form: its label with symbol, its editor, the way back to its default, and its problem."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.forms.editor import Editor
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.widgets.labels import ProblemLabel, label
from app.widgets.tips import plain
from engine.choices import Field

LABEL_WIDTH = 108
_LOCK_WIDTH, _SPACING = 12, 4


class FieldRow(QWidget):
    """Label at the left, editor at the right, problem below."""

    reset_asked = Signal()

    def __init__(self, theme: Theme, field: Field, words: tuple[str, str], editor: Editor) -> None:
        super().__init__()
        name, help_text = words
        self.name = f"{name} {field.setting.symbol}".strip()
        """What the field is called, with its symbol."""
        self.field = field.name
        self._label = label(self.name, "muted", wrap=True)
        self._beside = not editor.wide
        """Whether the editor stands beside the label, so that all labels are of one width."""
        self._hold_label(locked=False)
        # for screen readers, which then tell the two as one
        self._label.setBuddy(editor)
        tip = "\n".join(part for part in (help_text, self._bounds(field)) if part)
        for widget in (self._label, editor):
            widget.setToolTip(plain(tip))
        editor.name_it(name, tip)
        self._problem = ProblemLabel()
        self._lock = label("")
        theme.put_icon(self._lock, "lock", "text_faint", 12)
        self._lock.setFixedWidth(_LOCK_WIDTH)
        self._lock.setVisible(False)
        self._reset = QToolButton()
        set_role(self._reset, "icon")
        theme.put_icon(self._reset, "rotate-ccw", "text_faint", 14)
        self._reset.setToolTip(tr("Back to the default"))
        self._reset.setAccessibleName(tr("{name}: back to the default", name=name))
        self._reset.clicked.connect(self.reset_asked)
        policy = self._reset.sizePolicy()
        # editors keep their width when the button comes and goes
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        top = self._top = QHBoxLayout()
        top.setSpacing(_SPACING)
        top.addWidget(self._label, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._lock, 0, Qt.AlignmentFlag.AlignVCenter)
        if editor.wide:
            top.setStretchFactor(self._label, 1)
            top.addWidget(self._reset)
            whole.addLayout(top)
            whole.addWidget(editor)
        else:
            top.addWidget(editor, 1)
            top.addWidget(self._reset)
            whole.addLayout(top)
        whole.addWidget(self._problem)

    def _hold_label(self, *, locked: bool) -> None:
        if self._beside:
            self._label.setFixedWidth(LABEL_WIDTH - (_LOCK_WIDTH + _SPACING if locked else 0))

    def offer_to_find(self, name: str, find: Callable[[], None]) -> None:
        """Let the person ask for a value that is found by trying."""
        button = QPushButton(tr("Find…"))
        set_role(button, "quiet")
        button.setToolTip(plain(tr("Find a good value by trying")))
        button.setAccessibleName(tr("{name}: find a good value by trying", name=name))
        button.clicked.connect(lambda: find())
        self._top.insertWidget(self._top.count() - 1, button)

    def tell(self, messages: tuple[str, ...]) -> None:
        """Show what is wrong with the field."""
        self._problem.tell(messages)

    @property
    def problem(self) -> str:
        """What is shown as wrong."""
        return self._problem.text() if not self._problem.isHidden() else ""

    def tell_fixed(self, why: str) -> None:
        """Mark a field that cannot change in the run in training, with the reason; "" where it can."""
        self._lock.setVisible(bool(why))
        # the editor stays where it is
        self._hold_label(locked=bool(why))
        tip = tr(
            "Cannot change in this run: {why}. It counts for the next one, or for a branch.", why=tr(why)
        )
        self._lock.setToolTip(plain(tip if why else ""))
        self._lock.setAccessibleName(tip if why else "")

    @property
    def fixed(self) -> str:
        """What is said of a field that cannot change in the run in training."""
        return self._lock.accessibleName()

    def tell_default(self, is_default: bool) -> None:
        self._reset.setVisible(not is_default)

    @staticmethod
    def _bounds(field: Field) -> str:
        """Return the bounds of a number in words."""
        if field.annotation not in (int, float):
            return ""
        setting = field.setting
        known = (
            (tr("at least {bound:g}"), setting.least),
            (tr("more than {bound:g}"), setting.above),
            (tr("at most {bound:g}"), setting.most),
            (tr("less than {bound:g}"), setting.below),
        )
        words = ", ".join(text.format(bound=bound) for text, bound in known if bound is not None)
        return words[:1].upper() + words[1:]
