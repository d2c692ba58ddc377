"""The Debian package: the bundle in /usr/lib/ravine, its commands in /usr/bin, and no script that runs.

Menu, file type and icon caches are renewed by triggers of the packages that own them. Removing the package
removes what it brought; runs and settings lie in the homes of people, where no package looks.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from pathlib import Path

from bundle_slim import elf_files, needed_libraries
from linux_share import packed, write_share
from setup_console import SetupError, run_program
from setup_system import DEBIAN_PACKAGES

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

# Libraries besides those that Qt needs.
MORE_PACKAGES = {
    "libcom_err.so.2": "libcom-err2",
    "libdrm.so.2": "libdrm2",
    "libexpat.so.1": "libexpat1",
    "libgcc_s.so.1": "libgcc-s1",
    "libk5crypto.so.3": "libk5crypto3",
    "libkrb5.so.3": "libkrb5-3",
    "libkrb5support.so.0": "libkrb5support0",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libz.so.1": "zlib1g",
}
_C_LIBRARY = re.compile(r"(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv|mvec|anl|BrokenLocale))\.so\.\d+")

DATA_PACKAGES = ("xkb-data",)
"""Files that libraries of ours read: the layouts of keyboards."""

MAINTAINER = "The Ravine authors <maintainers@ravine.invalid>"
"""dpkg wants an address; a name below "invalid" belongs to nobody and never will (RFC 2606)."""

DESCRIPTION = """workbench for neural networks
 Pick data, architecture, initializer, loss and optimizer in forms, press Train,
 and watch the loss curves and the predictions change while the network trains.
 .
 No code, no account, no network. PyTorch and Qt are inside, so Python need not
 be installed."""


def control(version: str, architecture: str, depends: Iterable[str], kilobytes: int) -> str:
    """The package's description for dpkg."""
    return (
        "Package: ravine\n"
        f"Version: {version}\n"
        f"Architecture: {architecture}\n"
        "Section: science\n"
        "Priority: optional\n"
        f"Maintainer: {MAINTAINER}\n"
        f"Installed-Size: {kilobytes}\n"
        f"Depends: {', '.join(depends)}\n"
        "Recommends: fonts-dejavu-core, shared-mime-info, desktop-file-utils, hicolor-icon-theme\n"
        f"Description: {DESCRIPTION}\n"
    )


def dependencies(needed: Iterable[str], c_library: str) -> list[str]:
    """The packages that hold these library files; raises SetupError for one that is not known here."""
    known = {**DEBIAN_PACKAGES, **MORE_PACKAGES}
    libraries = {name for name in needed if not _C_LIBRARY.fullmatch(name)}
    unknown = sorted(libraries - set(known))
    if unknown:
        raise SetupError(
            f"The bundle needs {', '.join(unknown)}, which it does not carry. "
            "Name the Debian package in packaging/linux_deb.py, or keep the file out in bundle_contents.py."
        )
    return [f"libc6 (>= {c_library})", *sorted({known[name] for name in libraries} | set(DATA_PACKAGES))]


def missing_in(bundle: Path) -> set[str]:
    """The library files that the bundle needs and does not carry."""
    files = elf_files(bundle)
    present = {path.name for path in bundle.rglob("*")}
    return {name for path in files for name in needed_libraries(path)} - present


def build_deb(bundle: Path, icons: Path, work: Path, out: Path, release: Mapping[str, str]) -> Path:
    """Write the package and return its path. `release` holds version, date and epoch (seconds)."""
    version, architecture = release["version"], ARCHITECTURES[platform.machine()]
    tree = work / "deb"
    if tree.exists():
        shutil.rmtree(tree)
    _fill(tree, bundle, icons, release)
    depends = dependencies(missing_in(bundle), platform.libc_ver()[1])
    kilobytes = sum(path.lstat().st_size for path in tree.rglob("*")) // 1024
    text = control(version, architecture, depends, kilobytes)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(text, "utf-8")
    package = out / f"ravine_{version}{release['variant']}_{architecture}.deb"
    partial = package.with_name(f"{package.name}.partial")
    run_program(  # every system with such a C library has a dpkg that reads zstd
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", tree, partial],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": release["epoch"]},
    )
    shutil.rmtree(tree)
    return partial.replace(package)


def _fill(tree: Path, bundle: Path, icons: Path, release: Mapping[str, str]) -> None:
    program = tree / "usr" / "lib" / "ravine"
    program.parent.mkdir(parents=True)
    shutil.copytree(bundle, program, symlinks=True, copy_function=os.link)  # no second copy on disk
    commands = tree / "usr" / "bin"
    commands.mkdir()
    for name in ("ravine", "ravine-engine"):
        (commands / name).symlink_to(f"../lib/ravine/{name}")
    write_share(tree / "usr" / "share", icons, release["version"], release["date"])
    documents = tree / "usr" / "share" / "doc" / "ravine"
    documents.mkdir(parents=True)
    licences = bundle / "_internal" / "third-party-licences.txt"
    texts = ((ROOT / "LICENSE").read_text("utf-8"), (ROOT / "NOTICE").read_text("utf-8"))
    heads = "\n\n".join((*texts, f"Libraries that come along: /usr/lib/ravine/_internal/{licences.name}\n"))
    (documents / "copyright").write_text(heads, "utf-8")
    # In a package of a program's own authors this name is that of Debian's form of a changelog.
    (documents / "changelog.gz").write_bytes(packed(changelog(release["version"], int(release["epoch"]))))
    (documents / "NEWS.gz").write_bytes(packed((ROOT / "CHANGELOG.md").read_text("utf-8")))


def changelog(version: str, epoch: int) -> str:
    """Return the changelog in the form that Debian's tools read; what is new stands in our own."""
    when = formatdate(epoch)
    return (
        f"ravine ({version}) stable; urgency=medium\n\n"
        "  * What is new stands in NEWS.gz beside this file.\n\n"
        f" -- {MAINTAINER}  {when}\n"
    )
