"""Fitted models kept in a folder: plain arrays under a key, so that another process need not fit them again.

The key says what a model was fitted to and by which code; a file is only ever read whole, and written beside and then
renamed, so that readers and other writers see all of it or nothing. Whatever goes wrong here costs only time: the model
is fitted anew.
"""

import os
import re
import tempfile
import time
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT = 2  # files: of the present version and the one before, or of two shards whose knowledge differs
_OURS = re.compile(r"[0-9a-f]{32}\.npz")
_UNFINISHED = ".npz.unfinished"
_ABANDONED = 600.0  # seconds; to write a model takes one
# What numpy and zipfile raise for files that are cut off, overwritten or made for something else.
_DAMAGED = (OSError, ValueError, KeyError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)


class ModelFolder:
    """A folder of models. One that is not ours or cannot be written to is left alone: nothing is kept then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays kept under a key (32 hexadecimal digits); None where there are none or they are damaged."""
        path = self._path(key)
        if path is None or not self._is_ours():
            return None
        try:
            with np.load(path, allow_pickle=False) as kept:
                return {name: kept[name] for name in kept.files}
        except _DAMAGED:
            return None

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays under a key, and of the others the newest, at most two in all; nothing where that fails."""
        path = self._path(key)
        if path is None:
            return
        written = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._is_ours():
                return
            number, name = tempfile.mkstemp(_UNFINISHED, dir=self._folder)
            written = Path(name)
            with os.fdopen(number, "wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]  # the stub takes the names for its own options
            written.replace(path)
            self._forget_others(path)
        except OSError:
            if written is not None:
                written.unlink(missing_ok=True)

    def _path(self, key: str) -> Path | None:
        name = f"{key}.npz"
        return self._folder / name if _OURS.fullmatch(name) else None

    def _is_ours(self) -> bool:
        """Whether the folder belongs to whoever runs this: what others put in theirs decides nothing here."""
        try:
            return not hasattr(os, "getuid") or self._folder.stat().st_uid == os.getuid()
        except OSError:
            return False

    def _forget_others(self, newest: Path) -> None:
        """Remove all but the newest models, and what a killed writer left."""
        others = [path for path in self._folder.iterdir() if _OURS.fullmatch(path.name) and path != newest]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        left = [
            path for path in self._folder.glob(f"*{_UNFINISHED}") if time.time() - path.stat().st_mtime > _ABANDONED
        ]
        for path in (*others[KEPT - 1 :], *left):
            path.unlink(missing_ok=True)
