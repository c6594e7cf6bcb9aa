"""Folders as hosts write them into a setting: read, made absolute, and what is wrong with one that cannot be used.

Standard library only: `doctor` and the health check use this where nothing else loads.
"""

import os
import re
import stat
from pathlib import Path

_QUOTES = "\"'`“”„‘’«»"
_NETWORK = re.compile(r"nfs4?|cifs|smb\w*|9p|afs|vboxsf|prl_fs|fuse\.(sshfs|rclone|s3fs|glusterfs|gcsfuse|davfs2?)")
_MOUNTS = Path("/proc/self/mountinfo")
_VARIABLE = re.compile(r"\$|%\w+%")


def read(written: str | os.PathLike[str]) -> Path:
    """The folder (or file) that a host has written, absolute: `~` and `~user` are homes, and what is relative lies in
    the working directory. All else is taken letter by letter, `%20`, `?` and `#` too.

    Raises ValueError with what to correct where it was surely meant otherwise: such a path would be made, and be
    another folder than the host thinks.
    """
    text = os.fspath(written)
    if not text.strip():
        raise ValueError("is blank; name a folder, or leave it out")
    if text != text.strip():
        raise ValueError("has a space or an end of line before or after it; take it away")
    if text[0] in _QUOTES:
        raise ValueError("has quotation marks around it; take them away")
    if _VARIABLE.match(text):
        raise ValueError("begins with a variable, which nobody fills in here; write the folder out")
    if "\0" in text:
        raise ValueError("holds a character that no path may have")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError("begins with the home of a user who has none here; write the folder out") from None
    except FileNotFoundError:
        raise ValueError("is relative, and the working directory is gone; begin it with /") from None


def fault(folder: Path) -> str | None:
    """Why no file can be made in `folder`, in a few words; None where one can, or where the folder itself can be made.

    Nothing is made and nothing changed by looking: the file that is tried has no name where the system allows that,
    and is gone at once.
    """
    import tempfile  # which the health check has no use for

    for place in (folder, *folder.parents):
        try:
            found = place.stat()
        except (FileNotFoundError, NotADirectoryError):
            if place.is_symlink():
                return f"{place} is a link to {place.readlink()}, which is not there"
            continue
        except OSError as error:
            return f"{place} cannot be looked at ({error.strerror})"
        if not stat.S_ISDIR(found.st_mode):
            return f"{place} is a file, not a folder" if stat.S_ISREG(found.st_mode) else f"{place} is no folder"
        try:
            with tempfile.TemporaryFile(dir=place):
                return None
        except OSError as error:
            return f"{place} cannot be written to by this user ({error.strerror})"
    return f"{folder} is on no drive of this machine"


def there(folder: Path) -> bool:
    """Whether it, or what it would be made in, is a folder, so that what may be wrong is who may write there."""
    found = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), None)
    return found is not None and (found.is_dir() or not os.access(found.parent, os.X_OK))


def network_drive(folder: Path) -> str | None:
    """The kind of the file system that `folder` lies on, where that is another machine's (nfs4, cifs, 9p ...).

    Known on Linux; None elsewhere.
    """
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
        within = folder.resolve()
    except (OSError, RuntimeError):
        return None
    kinds: dict[str, str] = {}  # by where it is mounted; the last one mounted there counts
    for line in lines:
        at, _, rest = line.partition(" - ")
        kinds[re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), at.split()[4])] = rest.split()[0]
    nearest = next((kinds[str(one)] for one in (within, *within.parents) if str(one) in kinds), "")
    return nearest if _NETWORK.fullmatch(nearest) else None
