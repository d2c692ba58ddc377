"""The archive for every other Linux: unpack and start, or install for one user with its install.sh."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path

from linux_share import TEMPLATES, write_share
from setup_console import run_program

ROOT = Path(__file__).resolve().parent.parent


def build_tarball(bundle: Path, icons: Path, work: Path, out: Path, release: Mapping[str, str]) -> Path:
    """Write the archive and return its path. `release` holds version, date, epoch (seconds) and variant."""
    name = f"ravine-{release['version']}{release['variant']}-linux-{platform.machine()}"
    tree = work / "tarball" / name
    if tree.parent.exists():
        shutil.rmtree(tree.parent)
    tree.parent.mkdir(parents=True)
    shutil.copytree(bundle, tree, symlinks=True, copy_function=os.link)  # no second copy on disk
    write_share(tree / "share", icons, release["version"], release["date"])
    shutil.copyfile(TEMPLATES / "install.sh", tree / "install.sh")
    # `copyfile` leaves the mode behind
    (tree / "install.sh").chmod(0o755)
    archive = out / f"{name}.tar.zst"
    partial = archive.with_name(f"{name}.partial")
    run_program(
        [
            "tar",
            "--create",
            "--file",
            partial,
            "--directory",
            tree.parent,
            # from here on: whoever packs it, and when, the same files give the same bytes
            "--sort=name",
            f"--mtime=@{release['epoch']}",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=go=rX,u+rw,a-s",
            "--use-compress-program=zstd -12 -T0",
            name,
        ],
        cwd=ROOT,
    )
    shutil.rmtree(tree.parent)
    return partial.replace(archive)
