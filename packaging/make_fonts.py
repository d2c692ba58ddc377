"""Make `resources/fonts` from Debian's font packages.

Needs fonttools (not a dependency of the program) and four packages, unpacked into one folder::

    apt-get download fonts-inter fonts-droid-fallback fonts-dejavu-core
    for package in fonts-*.deb; do dpkg -x "$package" fonts; done
    python packaging/make_fonts.py fonts

Inter (text) and Droid Sans Fallback (Chinese) are copied as they are. Ravine Symbols is the part of DejaVu
Sans that formulas need and Inter lacks: operators, arrows, raised and lowered letters. It has a name of its
own so that it never stands in for a DejaVu Sans the system has.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
COPIED = (
    "usr/share/fonts/opentype/inter/Inter-Regular.otf",
    "usr/share/fonts/opentype/inter/Inter-Medium.otf",
    "usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
    "usr/share/fonts/opentype/inter/Inter-Bold.otf",
    "usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
)
SYMBOLS = "usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SYMBOL_BLOCKS = (
    (0x0300, 0x036F),  # combining marks: hats, bars, tildes
    (0x0370, 0x03FF),  # Greek
    (0x1D2C, 0x1D6A),  # raised and lowered letters
    (0x2010, 0x205F),  # dashes, primes, double bars
    (0x2070, 0x209F),  # raised and lowered figures
    (0x2100, 0x214F),  # letters of number sets
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # operators
    (0x2300, 0x23FF),  # brackets, keys of a keyboard
    (0x25A0, 0x25FF),  # plain shapes
    (0x27C0, 0x27FF),  # more operators, long arrows
    (0x2A00, 0x2A3F),  # sums and products
    (0x2C7C, 0x2C7D),  # lowered j
)
CHECK_MARKS = (0x2713, 0x2717)


def make_symbols(source: Path) -> None:
    """Keep the symbol blocks of DejaVu Sans, without hinting, under our own name."""
    font = TTFont(source, recalcTimestamp=False)
    kept = [code for first, last in SYMBOL_BLOCKS for code in range(first, last + 1)]
    options = subset.Options(hinting=False, layout_features=["ccmp", "mark", "mkmk"], name_IDs=[0, 13, 14])
    options.drop_tables += ["FFTM", "MATH"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[0x20, *kept, *CHECK_MARKS])
    subsetter.subset(font)
    names = {1: "Ravine Symbols", 2: "Regular", 3: "Ravine Symbols", 4: "Ravine Symbols", 6: "RavineSymbols"}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.save(FONTS / "RavineSymbols.ttf")


def main() -> None:
    """Read the folder of unpacked packages from the command line and write every font."""
    parser = argparse.ArgumentParser(description="Make resources/fonts.")
    parser.add_argument("packages", type=Path, help="the folder into which the Debian packages were unpacked")
    packages: Path = parser.parse_args().packages
    FONTS.mkdir(parents=True, exist_ok=True)
    for path in COPIED:
        shutil.copyfile(packages / path, FONTS / Path(path).name)
    make_symbols(packages / SYMBOLS)


if __name__ == "__main__":
    main()
