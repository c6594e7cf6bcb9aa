"""Fitted models kept in a folder: plain arrays under a key, so that another process need not fit them again.

The key says what a model was fitted to and by which code. A file is written beside and then renamed, so that readers
and other writers see all of it or nothing; it is mapped into memory, which takes a few milliseconds and which all
processes share. Whatever goes wrong here costs only time: the model is fitted anew.

A file is a line that says what it is, a line with the size of its header and the checksum of all that follows, the
header (JSON: of each array its type, shape and place), and the arrays, each from a multiple of 64 bytes on.
"""

import json
import mmap
import os
import re
import stat
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT = 2  # files: of the present version and the one before, or of two shards whose knowledge differs
_OURS = re.compile(r"[0-9a-f]{32}\.model")
_UNFINISHED = ".model.unfinished"
_ABANDONED = 600.0  # seconds; to write a model takes one
_FORMAT = b"neural tutor model 1\n"
_NUMBERS = b"%010d %010d\n"  # the size of the header, the checksum
_NUMBERED = len(_NUMBERS % (0, 0))
_ALIGNED = 64
_PLAIN = "biuf"  # kinds of NumPy's types that are numbers and nothing else
# What is raised for files that are cut off, overwritten or made for something else.
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, MemoryError, OverflowError, RecursionError)

Arrays = dict[str, NDArray[Any]]


class ModelFolder:
    """A folder of models. One that is not ours or cannot be written to is left alone: nothing is kept then."""

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        """Take the folder to keep models in, and perhaps one that came with the code and is only read."""
        self._folder = folder
        self._shipped = shipped
        self.failed: OSError | None = None  # why the last model could not be kept

    def load(self, key: str) -> Arrays | None:
        """Return the arrays kept under a key (32 hexadecimal digits), which cannot be written to; None where there are
        none or they are damaged."""
        name = _name(key)
        found = None
        if name and self._is_ours():
            found = _mapped(self._folder / name, _me())
        if name and found is None and self._shipped:
            found = _mapped(self._shipped / name, _owner(Path(__file__)))
        return found

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays under a key, and of the others the newest, at most two in all; nothing where that fails."""
        name = _name(key)
        if name is None:
            return
        written = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._is_ours():
                return
            number, unfinished = tempfile.mkstemp(_UNFINISHED, dir=self._folder)
            written = Path(unfinished)
            with os.fdopen(number, "wb") as file:
                file.writelines(_parts(arrays))
            written.chmod(0o644)  # nothing in it is secret, and a model that is baked in is read by another user
            written.replace(self._folder / name)
            self._forget_others(self._folder / name)
        except OSError as error:
            self.failed = error
            if written is not None:
                written.unlink(missing_ok=True)

    def usable(self) -> bool:
        """Whether models can be kept in the folder, which is made where there is none."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._is_ours() and os.access(self._folder, os.W_OK | os.X_OK)

    def _is_ours(self) -> bool:
        """Whether the folder belongs to whoever runs this: what others put in theirs decides nothing here."""
        return _owner(self._folder) == _me()

    def _forget_others(self, newest: Path) -> None:
        """Remove all but the newest models, and what a killed writer left."""
        others = [path for path in self._folder.iterdir() if _OURS.fullmatch(path.name) and path != newest]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        left = [
            path for path in self._folder.glob(f"*{_UNFINISHED}") if time.time() - path.stat().st_mtime > _ABANDONED
        ]
        for path in (*others[KEPT - 1 :], *left):
            path.unlink(missing_ok=True)


def _name(key: str) -> str | None:
    """The name of the file of a key; None for what is no key."""
    name = f"{key}.model"
    return name if _OURS.fullmatch(name) else None


def _me() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _parts(arrays: Mapping[str, NDArray[Any]]) -> list[bytes]:
    """The bytes of a file, in order."""
    places, parts, at = {}, [], 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        places[name] = (array.dtype.str, array.shape, at)
        parts += [data, bytes(-len(data) % _ALIGNED)]
        at += len(data) + -len(data) % _ALIGNED
    header = json.dumps(places).encode("ascii")
    header += b" " * (-(len(_FORMAT) + _NUMBERED + len(header)) % _ALIGNED)
    checksum = 0
    for part in (header, *parts):
        checksum = zlib.crc32(part, checksum)
    return [_FORMAT, _NUMBERS % (len(header), checksum), header, *parts]


def _mapped(path: Path, owner: int | None) -> Arrays | None:
    """The arrays of a file, mapped into memory; None where it is damaged, no file, or somebody else's."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        try:
            found = os.fstat(number)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != owner:
                return None
            data = mmap.mmap(number, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(number)
        return _read(data)
    except _DAMAGED:
        return None


def _read(data: mmap.mmap) -> Arrays | None:
    start = len(_FORMAT) + _NUMBERED
    size, checksum = map(int, data[len(_FORMAT) : start].split())
    if data[: len(_FORMAT)] != _FORMAT:
        return None
    with memoryview(data) as whole, whole[start:] as checked:
        if zlib.crc32(checked) != checksum:
            return None
    if hasattr(data, "madvise"):
        data.madvise(mmap.MADV_DONTNEED)  # what was only looked through need not stay in memory
    found = {}
    for name, (kind, shape, at) in json.loads(data[start : start + size]).items():
        if np.dtype(kind).kind not in _PLAIN:
            return None
        found[name] = np.frombuffer(data, kind, prod(shape), start + size + at).reshape(shape)
    return found
