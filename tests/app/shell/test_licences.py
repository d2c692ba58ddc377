"""The list of licences is whole, and what is written down is read again as it was."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.shell import about
from app.shell.help import HelpDialog
from app.shell.licences import LINE, WITHOUT_TEXT, LicensedPart, as_text, everything, read_parts, requirements

ROOT = RESOURCES.parent


def test_that_a_licence_which_several_parts_have_stands_once() -> None:
    text = as_text([LicensedPart("one 1.0", "MIT", ("MIT text",)), LicensedPart("two", "MIT", ("MIT text",))])
    assert text.count("MIT text") == 1
    assert "the same text as under one 1.0" in text
    assert "    two: MIT" in text


def test_that_the_written_list_is_read_as_it_was() -> None:
    parts = [
        LicensedPart("one 1.0", "MIT", ("first\n\nsecond",)),
        LicensedPart("two words (libtwo.so)", "see below", ("x",)),
    ]
    assert read_parts(as_text(parts)) == parts


def test_that_everything_the_program_requires_is_listed_with_a_text() -> None:
    parts = everything(ROOT)
    names = {part.name.partition(" ")[0].lower().replace("_", "-") for part in parts}
    assert {"ravine", "python", *requirements(ROOT)} <= names
    assert [part.name for part in parts if not part.texts] == []


def test_that_data_icons_and_fonts_of_the_notice_are_listed() -> None:
    listed = "".join("".join(part.texts) for part in everything(ROOT))
    for file in sorted((RESOURCES / "samples").iterdir()):
        if file.suffix != ".toml":
            assert f"resources/samples/{file.name}" in listed
    assert "Lucide" in listed
    assert "resources/fonts/RavineSymbols.ttf" in listed


def test_that_qt_is_shipped_with_the_text_of_its_licence() -> None:
    qt = next(part for part in everything(ROOT) if part.name.startswith("PySide6"))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.texts[0]
    assert "may be\nreplaced" in as_text([])


def test_that_texts_kept_for_packages_are_there() -> None:
    folder = RESOURCES / "licences"
    assert all((folder / file).is_file() for files in WITHOUT_TEXT.values() for file in files)


def test_that_an_installed_program_lists_what_was_written_when_it_was_built(tmp_path: Path) -> None:
    program = tmp_path
    (program / "LICENSE").write_text("our licence", "utf-8")
    (program / "NOTICE").write_text(f"Intro.\n\n{LINE}\n1. Data     MIT\n{LINE}\n\nits text\n", "utf-8")
    (program / "third-party-licences.txt").write_text(
        as_text([LicensedPart("lib 1", "BSD", ("text",))]), "utf-8"
    )
    assert everything(program) == [
        LicensedPart("Ravine", "MIT", ("our licence",)),
        LicensedPart("Data", "MIT", ("its text",)),
        LicensedPart("lib 1", "BSD", ("text",)),
    ]


def test_that_a_link_shows_a_licence_and_another_goes_back(theme: Theme, qtbot: QtBot) -> None:
    dialog = HelpDialog(theme)
    qtbot.addWidget(dialog)
    dialog.show_page("about")
    text = dialog.findChild(QTextBrowser)
    assert "What it is made of" in text.toPlainText()
    qt = next(number for number, part in enumerate(about.parts()) if part.name.startswith("PySide6"))
    text.anchorClicked.emit(QUrl(f"{about.LINK}{qt}"))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.toPlainText()
    text.anchorClicked.emit(QUrl(about.LINK))
    assert "What it is made of" in text.toPlainText()


def test_that_every_part_of_the_about_page_leads_to_its_text() -> None:
    sheet = about.sheet()
    for number, part in enumerate(about.parts()):
        assert f"{about.LINK}{number}'" in sheet
        assert part.name in about.licence(f"{about.LINK}{number}")
