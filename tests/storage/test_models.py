"""Fitted arrays are kept whole or not at all, and nothing that happens to the folder is more than lost time."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.storage.models import KEPT, ModelFolder, _parts

ARRAYS = {"weights": np.arange(3000.0), "words": np.frombuffer(b"one\ntwo", dtype=np.uint8), "none": np.empty((0, 2))}


def key(number: int) -> str:
    return f"{number:032x}"


def test_what_was_kept_is_loaded_to_the_last_bit(tmp_path: Path) -> None:
    ModelFolder(tmp_path / "data" / "model").save(key(1), ARRAYS)
    loaded = ModelFolder(tmp_path / "data" / "model").load(key(1))
    assert loaded is not None
    assert loaded.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert loaded[name].dtype == array.dtype and loaded[name].shape == array.shape
        assert loaded[name].tobytes() == array.tobytes()


def test_another_key_has_nothing(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path)
    folder.save(key(1), ARRAYS)
    assert folder.load(key(2)) is None
    assert ModelFolder(tmp_path / "missing").load(key(1)) is None


def _objects(path: Path) -> None:
    """As another format has it, and as this one might be made to say it."""
    path.write_bytes(b"".join(_parts({"weights": np.array([{"what": print}], dtype=object)})))


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".other"))
    path.symlink_to(path.with_suffix(".other"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a model"),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"\x00\x40", b"\x00\x41")),
        lambda path: path.write_bytes(bytes(1000) + path.read_bytes()[1000:]),
        lambda path: path.write_bytes(path.read_bytes()[:-64]),
        lambda path: path.write_bytes(b"another model 1   \n" + path.read_bytes()[20:]),
        _objects,
        _link,
    ],
    ids=["empty", "text", "cut off", "another bit", "overwritten", "its end", "another format", "objects", "a link"],
)
def test_a_damaged_file_is_no_model(tmp_path: Path, damage: object) -> None:
    folder = ModelFolder(tmp_path)
    folder.save(key(1), ARRAYS)
    damage(tmp_path / f"{key(1)}.model")  # type: ignore[operator]
    assert folder.load(key(1)) is None
    folder.save(key(1), ARRAYS)
    assert folder.load(key(1)) is not None


def test_the_newest_are_kept_and_the_files_of_others_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.model").write_text("mine")
    folder = ModelFolder(tmp_path)
    for number in range(KEPT + 2):
        folder.save(key(number), ARRAYS)
        os.utime(tmp_path / f"{key(number)}.model", (number, number))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"{key(number)}.model" for number in (KEPT, KEPT + 1)),
        "notes.model",
    ]


def test_what_a_killed_writer_left_is_removed_later(tmp_path: Path) -> None:
    for name, age in (("one.model.unfinished", 3600), ("other.model.unfinished", 0)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    ModelFolder(tmp_path).save(key(1), ARRAYS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{key(1)}.model", "other.model.unfinished"]


def test_writers_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        kept = [threads.submit(ModelFolder(tmp_path).save, key(1), ARRAYS) for _ in range(20)]
        read = [threads.submit(ModelFolder(tmp_path).load, key(1)) for _ in range(20)]
        for each in kept:
            each.result()
    for each in read:
        found = each.result()
        assert found is None or found["weights"].tobytes() == ARRAYS["weights"].tobytes()
    assert [path.name for path in tmp_path.iterdir()] == [f"{key(1)}.model"]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = ModelFolder(tmp_path / "file" / "model")
    folder.save(key(1), ARRAYS)
    assert folder.load(key(1)) is None


def test_a_folder_of_someone_else_is_neither_read_nor_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ModelFolder(tmp_path)
    folder.save(key(1), ARRAYS)
    someone = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: someone)
    assert folder.load(key(1)) is None
    folder.save(key(2), ARRAYS)
    assert [path.name for path in tmp_path.iterdir()] == [f"{key(1)}.model"]


def test_a_file_of_someone_else_in_our_folder_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ModelFolder(tmp_path).save(key(1), ARRAYS)
    monkeypatch.setattr("bot.storage.models._owner", lambda _: os.getuid() + 1)
    monkeypatch.setattr("bot.storage.models._me", lambda: os.getuid() + 1)
    assert ModelFolder(tmp_path).load(key(1)) is None


def test_a_model_that_came_with_the_code_is_read_and_that_of_the_data_comes_first(tmp_path: Path) -> None:
    data, shipped = tmp_path / "data", tmp_path / "shipped"
    ModelFolder(shipped).save(key(1), ARRAYS)
    folder = ModelFolder(data, shipped)
    assert folder.load(key(1)) is not None
    assert not data.exists()
    folder.save(key(1), {"other": np.arange(3)})
    assert list(folder.load(key(1)) or ()) == ["other"]
    (data / f"{key(1)}.model").write_bytes(b"damaged")
    assert list(folder.load(key(1)) or ()) == list(ARRAYS)


def test_what_came_with_the_code_is_not_read_where_it_belongs_to_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ModelFolder(tmp_path / "shipped").save(key(1), ARRAYS)
    monkeypatch.setattr("bot.storage.models._owner", lambda _: os.getuid() + 1)
    assert ModelFolder(tmp_path / "data", tmp_path / "shipped").load(key(1)) is None


def test_what_was_loaded_cannot_be_written_to_and_outlives_its_file(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path)
    folder.save(key(1), ARRAYS)
    loaded = folder.load(key(1)) or {}
    (tmp_path / f"{key(1)}.model").unlink()
    with pytest.raises(ValueError, match="read-only"):
        loaded["weights"][0] = 1.0
    assert loaded["weights"].sum() == ARRAYS["weights"].sum()


@pytest.mark.parametrize("name", ["", "../secret", "F" * 32, "0" * 33])
def test_a_key_is_no_path(tmp_path: Path, name: str) -> None:
    folder = ModelFolder(tmp_path / "model")
    folder.save(name, ARRAYS)
    assert folder.load(name) is None
    assert not list(tmp_path.iterdir())
