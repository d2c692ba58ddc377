"""IDX and CIFAR files, written here in the published layouts, sound and unsound."""

from __future__ import annotations

import gzip
import pickle
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.images.read.idx import read_file
from engine.data.images.sources.cifar import Cifar
from engine.data.images.sources.idx import Idx
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 5, 4), dtype=np.uint8)
CODES = np.arange(30, dtype=np.uint8) % 3


def idx(values: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def mnist(folder: Path, *, packed: bool = False, prefix: str = "", test: int = 10) -> Path:
    """Write a small set in the layout of MNIST."""
    folder.mkdir(exist_ok=True)
    for part, rows in (("train", slice(0, 30 - test)), ("t10k", slice(30 - test, 30))):
        for what, values in (("images-idx3", PIXELS), ("labels-idx1", CODES)):
            content = idx(values[rows])
            path = folder / f"{prefix}{part}-{what}-ubyte{'.gz' if packed else ''}"
            path.write_bytes(gzip.compress(content) if packed else content)
    return folder


def read(source: Idx | Cifar) -> ImageSet:
    found = source.read(0)
    assert isinstance(found, ImageSet)
    return found


def refusal(source: Idx | Cifar) -> str:
    with pytest.raises(Invalid) as raised:
        source.read(0)
    (problem,) = raised.value.problems
    return str(problem)


@pytest.mark.parametrize("packed", [False, True])
def test_that_a_folder_in_the_layout_of_mnist_is_read_packed_or_not(tmp_path, packed):
    found = read(Idx(path=str(mnist(tmp_path / "a", packed=packed))))
    assert np.array_equal(found.pixels, PIXELS[..., None])
    assert found.labels.tolist() == [str(code) for code in CODES]
    assert found.classes == ("0", "1", "2")
    assert found.published is not None
    assert found.published.tolist() == ["train"] * 20 + ["test"] * 10


def test_that_the_published_test_files_are_the_test_part(tmp_path):
    source = Idx(path=str(mnist(tmp_path / "a")))
    kept = prepare(source, Split(), Preprocessing(), "classes", 0)
    assert kept.test.rows.tolist() == list(range(20, 30))
    joined = prepare(source, Split(published=False), Preprocessing(), "classes", 0)
    assert joined.description.test < 10
    assert any("joined" in notice for notice in joined.notices)


def test_that_label_numbers_can_be_given_names_in_their_order(tmp_path):
    found = read(Idx(path=str(mnist(tmp_path / "a")), classes=("shirt", "coat", "bag", "boot")))
    assert found.classes == ("shirt", "coat", "bag", "boot")
    assert found.labels[:3].tolist() == ["shirt", "coat", "bag"]


def test_that_a_label_beyond_the_names_is_refused_at_the_names(tmp_path):
    words = refusal(Idx(path=str(mnist(tmp_path / "a")), classes=("shirt", "coat")))
    assert words.startswith("data.classes")
    assert "up to 2" in words


def test_that_the_letters_of_emnist_are_named_by_the_mapping_beside(tmp_path):
    folder = mnist(tmp_path / "a", prefix="emnist-letters-")
    (folder / "emnist-letters-mapping.txt").write_text("0 65 97\n1 66 98\n2 67 99\n")
    found = read(Idx(path=str(folder)))
    assert found.classes == ("A", "B", "C")
    assert found.labels.tolist() == [*np.array(["A", "B", "C"])[CODES]]


def test_that_one_of_several_sets_in_a_folder_is_chosen_by_its_file(tmp_path):
    mnist(tmp_path / "a", prefix="emnist-letters-")
    mnist(tmp_path / "a", prefix="emnist-digits-", test=5)
    assert "choose the file" in refusal(Idx(path=str(tmp_path / "a")))
    found = read(Idx(path=str(tmp_path / "a" / "emnist-digits-train-images-idx3-ubyte")))
    assert found.published is not None
    assert (found.published == "test").sum() == 5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("train-images-idx3-ubyte", b"", "no IDX file"),
        ("train-images-idx3-ubyte", b"\x89PNG....", "no IDX file"),
        ("train-images-idx3-ubyte", idx(CODES), "in 1 dimensions"),
        ("train-images-idx3-ubyte", b"\0\0\x0d\x03" + bytes(12), "type 13"),
        ("train-images-idx3-ubyte", b"\0\0\x08\x03\0\0", "ends within its header"),
        ("train-images-idx3-ubyte", idx(PIXELS)[:-1], "only 599 follow"),
        ("train-images-idx3-ubyte", idx(PIXELS) + b"x", "more follow"),
        ("train-images-idx3-ubyte", b"\0\0\x08\x03" + b"\xff" * 12, "more than fit into memory"),
        ("train-images-idx3-ubyte", struct.pack(">BBBB3I", 0, 0, 8, 3, 60000, 28, 28), "only 0 follow"),
        ("train-images-idx3-ubyte", idx(np.zeros((20, 0, 4), np.uint8)), "0 × 4 pixels"),
        ("train-images-idx3-ubyte", gzip.compress(idx(PIXELS), mtime=0)[:60], "cannot be read"),
        ("train-images-idx3-ubyte", gzip.compress(idx(PIXELS), mtime=0)[:-8] + b"12345678", "cannot be read"),
        ("train-images-idx3-ubyte", b"\x1f\x8b" + b"rubbish", "cannot be read"),
        ("train-labels-idx1-ubyte", idx(CODES[:7]), "20 pictures, but train-labels-idx1-ubyte 7 labels"),
        ("t10k-images-idx3-ubyte", idx(np.zeros((10, 6, 6), np.uint8)), "different sizes"),
    ],
)
def test_that_a_file_that_is_not_what_it_says_is_named(tmp_path, name, content, words):
    folder = mnist(tmp_path / "a")
    (folder / name).write_bytes(content)
    found = refusal(Idx(path=str(folder)))
    assert words in found
    assert found.startswith("data.path")


def test_that_missing_labels_and_an_empty_folder_are_said(tmp_path):
    folder = mnist(tmp_path / "a")
    (folder / "train-labels-idx1-ubyte").unlink()
    assert "train-labels-idx1-ubyte" in refusal(Idx(path=str(folder)))
    (tmp_path / "b").mkdir()
    assert "no IDX files" in refusal(Idx(path=str(tmp_path / "b")))
    assert "is missing" in refusal(Idx())
    assert "there is no" in refusal(Idx(path=str(tmp_path / "nowhere")))


@given(content=st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_that_no_content_of_a_file_leads_anywhere_but_to_an_array_or_a_refusal(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "train-images-idx3-ubyte"
    for begin in (b"", b"\0\0\x08\x03", b"\x1f\x8b\x08\x00"):
        path.write_bytes(begin + content)
        with suppress(Invalid):
            assert read_file(path, 3, 1 << 20).ndim == 3


def cifar(folder: Path, *, hundred: bool = False) -> tuple[Path, NDArray[np.uint8], NDArray[np.uint8]]:
    """Write a small set in the binary layout of CIFAR; return pixels (N, 32, 32, 3) and labels."""
    folder.mkdir(exist_ok=True)
    drawn = np.random.default_rng(1)
    pixels = drawn.integers(0, 256, (12, 3, 32, 32), dtype=np.uint8)
    codes = np.stack([drawn.integers(0, 20, 12), drawn.integers(0, 100, 12)], axis=1).astype(np.uint8)
    codes = codes if hundred else (codes[:, :1] % 10).astype(np.uint8)
    records = np.concatenate([codes, pixels.reshape(12, -1)], axis=1)
    names = ("train", "test") if hundred else ("data_batch_1", "data_batch_2", "test_batch")
    for name, rows in zip(names, np.array_split(records, len(names)), strict=True):
        (folder / f"{name}.bin").write_bytes(rows.tobytes())
    if hundred:
        (folder / "fine_label_names.txt").write_text("\n".join(f"fine {n}" for n in range(100)))
        (folder / "coarse_label_names.txt").write_text("\n".join(f"coarse {n}" for n in range(20)))
    else:
        (folder / "batches.meta.txt").write_text("\n".join(f"thing {n}" for n in range(10)) + "\n\n")
    return folder, pixels.transpose(0, 2, 3, 1), codes


def test_that_cifar_10_is_read_with_its_names_and_its_test_part(tmp_path):
    folder, pixels, codes = cifar(tmp_path / "a")
    found = read(Cifar(path=str(folder)))
    assert np.array_equal(found.pixels, pixels)
    assert found.labels.tolist() == [f"thing {code}" for code in codes[:, 0]]
    assert found.published is not None
    assert found.published.tolist() == ["train"] * 8 + ["test"] * 4


@pytest.mark.parametrize(("labels", "column"), [("coarse", 0), ("fine", 1)])
def test_that_either_label_of_cifar_100_can_be_predicted(tmp_path, labels, column):
    folder, pixels, codes = cifar(tmp_path / "a", hundred=True)
    found = read(Cifar(path=str(folder), labels=labels))
    assert np.array_equal(found.pixels, pixels)
    assert found.labels.tolist() == [f"{labels} {code}" for code in codes[:, column]]


def test_that_without_the_file_of_names_labels_are_numbers(tmp_path):
    folder, _, codes = cifar(tmp_path / "a")
    (folder / "batches.meta.txt").unlink()
    assert read(Cifar(path=str(folder))).labels.tolist() == [str(code) for code in codes[:, 0]]


def test_that_pickles_are_refused_unopened_and_the_binary_version_advised(tmp_path):
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps({b"data": 1}))
    words = refusal(Cifar(path=str(tmp_path)))
    assert "binary version" in words
    assert "cifar-10-binary.tar.gz" in words


@pytest.mark.parametrize("cut", [0, 1, 3072, 3074])
def test_that_a_file_that_holds_no_whole_number_of_pictures_is_named(tmp_path, cut):
    folder, _, _ = cifar(tmp_path / "a")
    (folder / "data_batch_2.bin").write_bytes((folder / "data_batch_2.bin").read_bytes()[:cut])
    assert "data_batch_2.bin is damaged" in refusal(Cifar(path=str(folder)))


def test_that_files_of_both_sets_in_one_folder_are_refused(tmp_path):
    cifar(tmp_path / "a")
    cifar(tmp_path / "a", hundred=True)
    assert "mixes" in refusal(Cifar(path=str(tmp_path / "a")))
