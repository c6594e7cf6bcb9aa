"""An SQLite database as a file: what is beside it, whether it is still there, what is in it, and a copy of it.

In WAL mode the newest commits stand in a log beside the database (`-wal`) until they are written into it, at the latest
when the last one who has it open closes it. After a crash the log stays, and whoever opens the database next carries it
over, page by page, without a question whether it is of this database or of one that was there before. So each opening
writes a mark of its own into the database (its `user_version`, which stands in the first page of the file) and into a
third file beside it (`-mark`), which goes when the database is closed. A log beside a database with another mark than
that file has was left by another database.

Standard library only. What is raised here is told as it is: each a line on one file, and what to do.
"""

import logging
import os
import secrets
import shlex
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot import folders
from bot.errors import StorageError, UsageError

T = TypeVar("T")
_log = logging.getLogger(__name__)

BUSY_SECONDS = 2.0  # to wait for somebody else who writes
_LEFT_ALONE = "Put a backup in its place, or move it away to start anew."
_MARK_AT, _MARK_BYTES = 60, 4  # where `user_version` stands in the file
_NO_MARK = 0
_LOG_HEADER = 32  # bytes, after which its pages begin: a log that is no longer holds none
NOT_RELIABLE = "where SQLite's locks and its log cannot be relied on; a disk of this machine is safe"
VERSION_TABLE = "alembic_version"
HALF_MOVED = "half_moved"  # the table that stands in a database as long as a move to it is not done


class DatabaseGone(OSError):  # noqa: N818 - what was seen
    """The file of the database is no longer the one that was opened: what is written would be lost."""


def beside(file: Path, ending: str) -> Path:
    """A file of SQLite's, or the mark, that belongs to a database. It lies beside the database itself, not a link."""
    itself = Path(os.path.realpath(file))
    return itself.with_name(itself.name + ending)


def told(file: Path, reason: str) -> str:
    """Why a database cannot be used, and what to do, in one line; `reason` is what SQLite or the system says."""
    if "not a database" in reason:
        return f"{file} is not an SQLite database, or its beginning is damaged. {_LEFT_ALONE}"
    if "malformed" in reason:
        return _damaged(file, reason)
    if "locked" in reason:
        return f"Another program keeps the database {file} locked. End it, then try again."
    if "disk is full" in reason:
        return f"The disk of the database {file} is full. Make room on it."
    return f"The database {file} cannot be opened: {in_the_way(file) or reason}."


def in_the_way(file: Path) -> str | None:
    """What can be seen to keep a database from being opened and written, and what to do; None where nothing is."""
    if found := folders.fault(file.parent):
        return f"{found}; set DATA_DIR or DATABASE_URL to where I may write"
    if file.is_dir():
        return "it is a folder, not a file; set DATABASE_URL to a file in it"
    if file.exists() and not file.is_file():
        return "it is a device, or the like, and keeps nothing; set DATABASE_URL to a file"
    if file.is_symlink() and not file.exists():
        return f"it is a link to {file.readlink()}, which is not there"
    for one in (file, beside(file, "-wal"), beside(file, "-shm")):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            return f"this user may not read and write {one}; make it theirs"
    return None


# Before it is opened ------------------------------------------------------------------------------------------------


def look_before_opening(file: Path, known: Sequence[str]) -> None:
    """Look whether a database can be opened and written without harm; one that is not there can be made.

    `known` are the revisions of this version. Raises StorageError. A log that is its own is carried over.
    """
    _hold_to_a_file(file)
    hold_to_its_log(file)
    if not file.exists():
        return
    if kind := folders.network_drive(file.parent):
        _log.warning("%s lies on %s, %s.", file, kind, NOT_RELIABLE)
    if file.stat().st_size == 0:
        _log.warning("%s is empty and becomes a new database. If there was data in it, restore a backup.", file)
        return
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as database:
            _hold_sound(file, database)
            _hold_ours(file, database, known)
    except sqlite3.Error as error:
        raise StorageError(told(file, str(error))) from error


def _hold_to_a_file(file: Path) -> None:
    """Raise StorageError for a folder or a device, of which SQLite says only that it fails."""
    if file.exists() and not file.is_file():
        raise StorageError(f"The database {file} cannot be opened: {in_the_way(file)}.")


def hold_to_its_log(file: Path) -> None:
    """Raise StorageError where a log lies beside the database that another one left, or the log alone."""
    log = beside(file, "-wal")
    try:
        if not log.exists() or log.stat().st_size <= _LOG_HEADER:
            return
        if not file.exists() or file.stat().st_size == 0:
            raise StorageError(
                f"The database {file} is gone, but its log {log} is there. Put the database back in its place, or "
                f"delete {log} to start anew."
            )
        noted, found = _noted(beside(file, "-mark")), _mark(file)
    except OSError as error:
        raise StorageError(told(file, error.strerror or str(error))) from error
    if noted is not None and noted != found:
        raise StorageError(
            f"The database {file} was put there beside the log of the one before it ({log}), which would be mixed into "
            f"it. To use this database, delete {log} and {beside(file, '-shm')}; to have the one before back, put it "
            "there again."
        )


def _noted(file: Path) -> int | None:
    """The mark in its own file; None where there is none that can be read."""
    with suppress(OSError, ValueError):
        return int(file.read_text("ascii"))
    return None


def _mark(file: Path) -> int:
    """The mark in the first page of a database, as it stands on the disk. Raises OSError.

    Not for a database that this process has open: to close the file would let go of SQLite's locks on it.
    """
    with file.open("rb") as opened:
        return int.from_bytes(opened.read(_MARK_AT + _MARK_BYTES)[_MARK_AT:])


def _hold_sound(file: Path, database: sqlite3.Connection) -> None:
    """Raise StorageError where pages of the database are damaged. All of it is read: a gigabyte takes 1.5 s."""
    (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StorageError(_damaged(file, " ".join(found.replace("*** in database main ***", "").split())))


def _damaged(file: Path, reason: str) -> str:
    return f"The database {file} is damaged ({reason}). {_LEFT_ALONE}"


def _hold_ours(file: Path, database: sqlite3.Connection, known: Sequence[str] | None) -> str | None:
    """The revision of our tables in a database; None where none are made. Raises StorageError where it holds others,
    or half of a home, or where the revision is not one of `known`."""
    if _rows_in(database, HALF_MOVED):
        (source,) = database.execute(f"SELECT source FROM {HALF_MOVED}").fetchone()  # noqa: S608 - a constant
        raise StorageError(half_moved(str(file), source))
    if not _rows_in(database, VERSION_TABLE):
        (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables:
            raise StorageError(f"{file} is the database of another program. Set DATABASE_URL to a file of my own.")
        return None
    (found,) = database.execute(f"SELECT max(version_num) FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - a constant
    if known is not None and found not in known:
        raise StorageError(newer(str(file), found))
    return str(found)


def _rows_in(database: sqlite3.Connection, table: str) -> int:
    """How many rows a table has; 0 where it is not there."""
    there = database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone()
    return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) if there else 0  # noqa: S608 - ours


def newer(place: str, found: str) -> str:
    """What to say of a database whose revision this version does not know."""
    return f"The database {place} is from a newer version of me ({found}). Update me, or give me another file."


def half_moved(place: str, source: str) -> str:
    """What to say of a database that a move was begun to, and not ended."""
    return (
        f"The database {place} holds a part only of what {source} does: a move was broken off. Run it again (python -m "
        f"bot move {shlex.quote(source)} {shlex.quote(place)}, with the passwords), or name another database."
    )


# While it is open ---------------------------------------------------------------------------------------------------


class OpenedFile:
    """The file of a database that is open, by which it is told whether it is still the same.

    On most systems writes to a file that was removed succeed, and are lost; and a copy that is put over it is mixed
    with what SQLite has of it in memory.
    """

    def __init__(self, file: Path) -> None:
        """Mark the file, whose tables are made and which is open. Raises StorageError."""
        self._file, self._note, self._log = file, beside(file, "-mark"), beside(file, "-wal")
        self._log_missed = self._taken = False
        try:
            self._has_log, self._mark = self._marked()
            # Not closed before the database is: that would let go of SQLite's locks on the file.
            self._held = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            self._opened = os.fstat(self._held)
            self._numbered = os.path.samestat(file.stat(), self._opened)  # some drives of others number anew each time
        except (sqlite3.Error, OSError) as error:
            raise StorageError(told(file, getattr(error, "strerror", None) or str(error))) from error

    def _marked(self) -> tuple[bool, int | None]:
        """Whether the database keeps a log; a new mark, once it stands in the first page on the disk and in its file.

        In between there is no such file, so that a crash leaves no mark that does not fit. None where the page could
        not be written, as somebody else reads the database.
        """
        with suppress(FileNotFoundError):
            self._note.unlink()
            _synchronise(self._note.parent)
        mark = _new_mark()
        with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            (mode,) = database.execute("PRAGMA journal_mode").fetchone()
            database.execute(f"PRAGMA user_version = {mark}")
            busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            return mode == "wal", None
        with suppress(OSError), self._note.open("x", encoding="ascii") as opened:
            opened.write(str(mark))
            opened.flush()
            os.fsync(opened.fileno())
        return mode == "wal", mark

    def look(self, committing: bool = False) -> None:
        """Raise DatabaseGone where the file is not the one that was opened. `committing`: a transaction is open, so
        that its log must be there too. It takes some microseconds."""
        try:
            found = self._file.stat()
            if self._has_log and (committing or self._log_missed):
                self._log_missed = True
                self._log.stat()
                self._log_missed = False
        except OSError as error:
            missing = "is no longer there" if isinstance(error, FileNotFoundError) else f"is gone ({error.strerror})"
            raise DatabaseGone(self._said(missing)) from None
        other = self._of_another(found)
        if self._taken != bool(other):
            self._taken = bool(other)
            with suppress(OSError):  # or at the next start its log would be taken for that of what is there now
                self._note.write_text(str(_NO_MARK if other else self._mark or ""), "ascii")
        if other:
            raise DatabaseGone(self._said(other))

    def _of_another(self, found: os.stat_result) -> str:
        """By what the file is seen to be another one than was opened; empty where it is the same."""
        if self._numbered and not os.path.samestat(found, self._opened):
            return "is no longer the file that I opened"
        if self._mark and hasattr(os, "pread"):
            mark = int.from_bytes(os.pread(self._held, _MARK_BYTES, _MARK_AT))
            # Who opens it besides us notes another mark.
            if mark != self._mark and _noted(self._note) in (self._mark, _NO_MARK):
                return "was overwritten"
        return ""

    def _said(self, what: str) -> str:
        return (
            f"The database {self._file} {what}, though I run: nothing is kept any more. Stop me, put it (or a backup) "
            "in its place, and start me again."
        )

    def empty_log(self) -> bool:
        """Write all that stands in the log into the database, and leave no byte of it there: what was removed stands in
        neither then. False where somebody reads or writes just now: nobody waits for them, nor they for us.

        Raises DatabaseGone, and sqlite3.Error where it cannot be written.
        """
        self.look()
        address = f"{self._file.as_uri()}?mode=rw"  # never made anew
        with closing(sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)) as database:
            busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def release(self) -> None:
        """Let the file go, after the database is closed: no log is left then, and no mark is needed."""
        os.close(self._held)
        with suppress(OSError):
            if not self._log.exists():
                self._note.unlink()


def _new_mark() -> int:
    return secrets.randbelow(2**31 - 1) + 1


def _synchronise(folder: Path) -> None:
    """Have what was made and removed in a folder on the disk, where the system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


# From outside, whether it is open or not ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a database. `revision` is None where its tables are not made."""

    revision: str | None
    bytes: int
    rounds: int
    points: int


def found_in(file: Path, known: Sequence[str]) -> Contents:
    """Look through a database without changing or holding up anything. Raises StorageError where it is at fault."""
    _hold_to_a_file(file)
    hold_to_its_log(file)
    try:
        return _quiet(file, lambda database: _found(file, database, known))
    except (sqlite3.Error, OSError) as error:
        raise StorageError(told(file, str(error))) from error


def _found(file: Path, database: sqlite3.Connection, known: Sequence[str] | None) -> Contents:
    _hold_sound(file, database)
    revision = _hold_ours(file, database, known)
    return Contents(revision, file.stat().st_size, _rows_in(database, "quiz_rounds"), _rows_in(database, "quiz_points"))


def _quiet(file: Path, look: Callable[[sqlite3.Connection], T]) -> T:
    """What `look` finds in a database that is opened for reading only.

    Where no log is beside it nobody has it open, and it is read as a file that does not change: SQLite would make the
    log. Should somebody open it meanwhile, it is read again.
    """
    log = beside(file, "-wal")
    while True:
        alone = not log.exists()
        try:
            address = f"{file.as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
            with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as database:
                found = look(database)
        except (sqlite3.Error, StorageError):
            if not (alone and log.exists()):
                raise
        else:
            if not (alone and log.exists()):
                return found


def copy(file: Path, to: Path) -> Contents:
    """Copy a database, as it is after its latest commit, to a new file of its own, also while it is written.

    The copy is checked and has a mark of its own before it gets its name; whoever waits to write is not held up.
    Raises UsageError where `to` cannot be made, StorageError where there is nothing sound to copy.
    """
    if not file.exists():
        raise StorageError(f"There is no database {file} yet, so there is nothing to copy.")
    unfinished = beside(to, ".unfinished")
    _new(to, unfinished)
    try:
        hold_to_its_log(file)
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as copied:
            _quiet(file, lambda database: database.backup(copied))
            copied.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read where nothing can be written
            copied.execute(f"PRAGMA user_version = {_new_mark()}")
            found = _found(unfinished, copied, None)
        _name(unfinished, to)
    except sqlite3.Error as error:
        if "full" in str(error):
            raise UsageError(f"The disk of {to} is full. Make room on it.") from error
        if "I/O" in str(error):  # of the one or the other
            raise StorageError(f"{file} could not be copied to {to} ({error}).") from error
        raise StorageError(told(file, str(error))) from error
    except OSError as error:
        raise UsageError(f"{to} cannot be written ({error.strerror}).") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return found


def _new(to: Path, unfinished: Path) -> None:
    """Make the file that is to be named `to`. It holds what members answered, so nobody else may read it."""
    if to.is_dir():
        raise UsageError(f"{to} is a folder. Name a new file in it.")
    if to.exists() or to.is_symlink():
        raise UsageError(f"{to} is there already, and is left as it is. Name a new file.")
    if not to.parent.is_dir():
        raise UsageError(f"The folder {to.parent} is not there. Make it first.")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise UsageError(f"{unfinished} is there, of a copy that is being made or was broken off. Delete it.") from None
    except OSError as error:
        raise UsageError(f"{to} cannot be written ({error.strerror}).") from None


def _name(unfinished: Path, to: Path) -> None:
    """Give the file its name, unless something has it. Raises OSError."""
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    try:
        os.link(unfinished, to)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if to.exists():
            raise
        unfinished.rename(to)
