"""Text, formulas and Chinese show on a system without any font of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FONTS = RESOURCES / "fonts"
LARGEST_FOLDER = 5_000_000  # bytes
INTER = ["Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf"]
FORMULAS = "ηθβλσεμαγδρτφψωΣΔ∇∂√∑∏∞≤≥≈≠±×÷·⋅‖←→↑↓−₁₂ₜᵢⱼ∈ℝ⊙∘ᵀ′⁻¹⁰½²³▸▾●✓\u0302\u0304\u0303"  # noqa: RUF001
CHINESE_MARKS = "，。、；：？！（）《》【】％＋＝～「」"  # noqa: RUF001
LATIN_MARKS = "“”‘’…—·–°µ"  # noqa: RUF001


def chinese(first_row: int, last_row: int) -> list[str]:
    """The characters of some rows of GB 2312; row 55 of level 1 ends at its 89th cell."""
    rows = range(0xA0 + first_row, 0xA0 + last_row + 1)
    codes = [bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF)]
    return [code.decode("gb2312") for code in codes if not (code[0] == 0xD7 and code[1] > 0xF9)]


def missing(file: str, characters: str | list[str]) -> list[str]:
    font = QRawFont(str(FONTS / file), 13)
    assert font.isValid()
    # one glyph a character: these scripts need no shaping; glyph 0 is the empty box
    glyphs = font.glyphIndexesForString("".join(characters))
    assert len(glyphs) == len(characters)
    return [character for character, glyph in zip(characters, glyphs, strict=True) if glyph == 0]


def test_that_every_font_has_its_licence_beside_it_and_the_folder_stays_small() -> None:
    files = sorted(path.name for path in FONTS.iterdir())
    assert [name for name in files if not name.startswith("LICENSE")] == sorted(
        ["DroidSansFallback.ttf", *INTER, "RavineSymbols.ttf"]
    )
    assert [name for name in files if name.startswith("LICENSE")] == [
        "LICENSE-DroidSansFallback.txt",
        "LICENSE-Inter.txt",
        "LICENSE-RavineSymbols.txt",
    ]
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < LARGEST_FOLDER


def test_that_gb_2312_has_3755_characters_in_level_1_and_3008_in_level_2() -> None:
    assert (len(chinese(16, 55)), len(chinese(56, 87))) == (3755, 3008)


def test_that_all_simplified_characters_have_a_glyph(qapp: QApplication) -> None:
    assert missing("DroidSansFallback.ttf", chinese(16, 55) + chinese(56, 87)) == []
    assert missing("DroidSansFallback.ttf", CHINESE_MARKS) == []


def test_that_every_sign_of_a_formula_has_a_glyph(qapp: QApplication) -> None:
    absent = missing("Inter-Regular.otf", FORMULAS + LATIN_MARKS)
    assert missing("RavineSymbols.ttf", absent) == []


@pytest.mark.parametrize("file", INTER)
def test_that_every_weight_has_latin_and_greek(qapp: QApplication, file: str) -> None:
    upper = bytes([*range(0xA1, 0xAD), *range(0xAE, 0x100)])  # 0xAD, the soft hyphen, is never drawn
    european = "".join(upper.decode(page) for page in ("iso8859-1", "iso8859-2", "iso8859-15"))
    greek = [chr(code) for code in range(0x3B1, 0x3CA)]
    assert missing(file, [*map(chr, range(0x20, 0x7F)), *european, *greek]) == []


def test_that_the_families_of_the_theme_that_are_shipped_load_under_their_names(qapp: QApplication) -> None:
    theme = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    for file, family in [
        ("Inter-Regular.otf", "Inter"),
        ("RavineSymbols.ttf", "Ravine Symbols"),
        ("DroidSansFallback.ttf", "Droid Sans Fallback"),
    ]:
        number = QFontDatabase.addApplicationFont(str(FONTS / file))
        assert QFontDatabase.applicationFontFamilies(number) == [family]
        assert family in theme["font"]["families"]


def test_that_tabular_figures_are_all_of_one_width(qapp: QApplication) -> None:
    QFontDatabase.addApplicationFont(str(FONTS / "Inter-Regular.otf"))
    font = QFont("Inter")
    font.setPixelSize(13)
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    assert len({QFontMetricsF(font).horizontalAdvance(figure * 10) for figure in "0123456789"}) == 1


def test_that_the_notice_names_every_shipped_font_and_its_licence() -> None:
    notice = (RESOURCES.parent / "NOTICE").read_text(encoding="utf-8")
    for path in FONTS.iterdir():
        listed = "Inter-*.otf" if path.name in INTER else path.name
        assert f"resources/fonts/{listed}" in notice
