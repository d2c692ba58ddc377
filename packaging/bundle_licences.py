"""The licences of everything shipped, as one text: python bundle_licences.py BUNDLE FILE.

Runs in the environment that the bundle was made from, with the root of the source on PYTHONPATH. Texts come
from what the packages carry themselves; for libraries that PyInstaller took from the system, from what Debian
says of them. Before there is a bundle (and on other systems than Linux, which lend it none) the text is whole
but for those.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bundle_contents import PACKAGES_LEFT_OUT

from app.shell.licences import LicensedPart, as_text, packages, python_itself, requirements

ROOT = Path(__file__).resolve().parent.parent
_STARTERS = ("pyinstaller",)
"""What starts the frozen program is a part of it."""


def main(bundle: Path, file: Path) -> None:
    """Write the text; raises SystemExit when a package has none."""
    names = (*requirements(ROOT), *_STARTERS)
    installed = packages(names, ROOT, PACKAGES_LEFT_OUT)
    parts = [python_itself(), *installed, *system_libraries(bundle)]
    file.write_text(as_text(parts), "utf-8")
    for part in parts:
        if not part.texts:
            print(f"no licence text: {part.name} ({part.licence})")
    if bare := [part.name for part in installed if not part.texts]:
        without = ", ".join(bare)
        sys.exit(f"Packages without a licence text, see WITHOUT_TEXT in app/shell/licences.py: {without}")


def system_libraries(bundle: Path) -> Iterator[LicensedPart]:
    """Libraries of the system on the bundle's first level, by Debian's package where there is one."""
    found: dict[str, list[str]] = {}
    for library in sorted(bundle.glob("*.so*")):
        # a link names the same file once more; Python's own has been told above
        if not library.is_symlink() and not library.name.startswith("libpython"):
            found.setdefault(_debian_package(library.name), []).append(library.name)
    for package, names in sorted(found.items()):
        copyright_text = Path("/usr/share/doc") / package / "copyright"
        texts = (
            # not every one of these files is UTF-8
            (copyright_text.read_text("utf-8", "replace"),) if package and copyright_text.is_file() else ()
        )
        yield LicensedPart(f"{package or 'other libraries'} ({', '.join(names)})", "see below", texts)


def _debian_package(library: str) -> str:
    """The package that owns a library of this name, "" where that cannot be told."""
    try:
        answer = subprocess.run(["dpkg", "-S", f"*/{library}"], check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return answer.stdout.partition(":")[0].strip() if answer.returncode == 0 else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
