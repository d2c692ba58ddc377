"""The chooser of a kind: a list that shows each choice's title and, under it, what it is in one line."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.document import unfit_for
from app.forms.editor import Context, guard_wheel
from app.forms.plain import shrinkable
from app.style import set_mark
from app.theme import Theme
from app.words import summary_of, title_of, tr
from engine.choices import Choice, Family

_SUMMARY = Qt.ItemDataRole.UserRole + 1
_KIND = Qt.ItemDataRole.UserRole + 2
_WIDTH = 380


class KindChooser(QComboBox):
    """Chooses a kind of a family. Kinds that do not fit the data or the task are greyed, with the reason."""

    picked = Signal(str)

    def __init__(self, family: Family, context: Context) -> None:
        super().__init__()
        self._family = family
        shrinkable(self)
        guard_wheel(self)
        self._list = QStandardItemModel(self)
        for kind, choice in family.items():
            item = QStandardItem(title_of(choice))
            item.setData(kind, _KIND)
            self._list.appendRow(item)
        self.setModel(self._list)
        self.setItemDelegate(_TwoLines(context.theme, self))
        self.view().setMinimumWidth(_WIDTH)
        self.setMaxVisibleItems(12)
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index, _KIND)))
        self.setAccessibleName(tr("Kind"))
        self.set_context(context)

    def kind(self) -> str:
        return str(self.currentData(_KIND))

    def show_kind(self, kind: str) -> None:
        index = list(self._family).index(kind)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self.setToolTip(summary_of(self._family[kind]))

    def tell_wrong(self, wrong: bool) -> None:
        set_mark(self, "wrong", wrong)

    def set_context(self, context: Context) -> None:
        for row, choice in enumerate(self._family.values()):
            why = self.why_not(choice, context)
            item = self._list.item(row)
            item.setEnabled(not why)
            item.setData(why or summary_of(choice), _SUMMARY)
            item.setToolTip(why or summary_of(choice))

    @staticmethod
    def why_not(choice: type[Choice], context: Context) -> str:
        """Return why a choice cannot be used here, "" where it can."""
        needs = {
            "classes": tr("does not predict classes"),
            "numbers": tr("does not predict numbers"),
            "vector": tr("does not take rows of a table"),
            "image": tr("does not take pictures"),
        }
        unfit = unfit_for(choice, context.facts, context.target)
        return ", ".join(needs.get(kind, kind) for kind in sorted(unfit)).capitalize()


class _TwoLines(QStyledItemDelegate):
    """Draws the title and, smaller below it, the summary."""

    def __init__(self, theme: Theme, parent: KindChooser) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_WIDTH, 44)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        state = option.state  # type: ignore[attr-defined]
        area = option.rect  # type: ignore[attr-defined]
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._theme.color("accent_soft"))
        inside = area.adjusted(10, 4, -10, -4)
        painter.setFont(self._theme.font("text", "medium"))
        painter.setPen(self._theme.color("text" if enabled else "text_disabled"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(index.data(Qt.ItemDataRole.DisplayRole)))
        small = self._theme.font("small")
        painter.setFont(small)
        painter.setPen(self._theme.color("text_muted" if enabled else "text_disabled"))
        text = QFontMetrics(small).elidedText(
            str(index.data(_SUMMARY)), Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()
