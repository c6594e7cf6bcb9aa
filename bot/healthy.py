"""The sign of life: a file in the data folder that the bot touches as long as Discord hears it and its data is there.

`python -m bot.healthy [FOLDER]` says in one line whether it is fresh, with status 0 or 1, for Docker's health check and
for hosts. Nothing else of the bot is loaded for that, so that it may be asked often. The folder is that of `DATA_DIR`,
which is read as the bot reads it, and so is `SHARD`: each shard has a sign of its own.
"""

import hashlib
import os
import sys
import time
from pathlib import Path

from bot import folders

SHARED = (
    "token-shared"  # a file in the data folder, which the bot touches when another process is seen to use its token
)
HEADER = "X-Tutor"  # of every answer at the address of METRICS: whose it is
EVERY = 20.0  # seconds between two touches
_LATE = 60.0  # seconds after which something is wrong: three of them are missed
_AHEAD = 5.0  # seconds that clocks of a machine and of the disk that it writes to may differ by
_ROOT = Path(__file__).resolve().parent.parent


def verdict(file: Path, now: float) -> tuple[bool, str]:
    """Whether the sign of life is fresh at that time (seconds since the epoch), and a line that says so."""
    try:
        age = now - file.stat().st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return False, f"not healthy: there is no {file}, so no bot that Discord hears keeps its data there."
    except OSError as error:
        return False, f"not healthy: {file} cannot be looked at ({error.strerror})."
    if age < -_AHEAD:
        return False, f"not healthy: the last sign of life ({file}) lies {-age:.0f} s in the future."
    if age > _LATE:
        return False, f"not healthy: the last sign of life ({file}) is {age:.0f} s old."
    return True, f"healthy: the last sign of life is {max(age, 0):.0f} s old."


def name_of(shard: int) -> str:
    """The name of the file that the shard of this number touches."""
    return f"heartbeat-{shard}" if shard else "heartbeat"


def whose(folder: Path, shard: object) -> str:
    """What tells a bot from others that answer on the same machine: its shard, and a hash of where its data is, by
    whichever link that is named."""
    where = os.path.realpath(folder).encode(errors="surrogateescape")
    return f"{shard} {hashlib.blake2s(where, digest_size=6).hexdigest()}"


def _set(name: str) -> str | None:
    """What that setting is in this environment."""
    if written := os.environ.get(name):
        return written
    from dotenv import dotenv_values

    found = [dotenv_values(file, encoding="utf-8-sig").get(name) for file in (".env", _ROOT / ".env")]
    return next(filter(None, found), None)


def _data_folder() -> Path:
    """Where the bot of this environment keeps its data. Raises ValueError."""
    written = _set("DATA_DIR")
    return folders.read(written) if written else _ROOT / "data"


def _shard() -> int:
    """The number of the shard that the bot of this environment serves."""
    number = (_set("SHARD") or "").partition("/")[0].strip()
    return int(number) if number.isdecimal() else 0


def main(arguments: list[str]) -> int:
    """Print the verdict on the folder that is named, or on that of the environment; 0 where it is healthy."""
    try:
        file = (folders.read(arguments[0]) if arguments else _data_folder()) / name_of(_shard())
    except UnicodeDecodeError:
        healthy, line = False, "not healthy: .env is not UTF-8 text."
    except ValueError as error:
        healthy, line = False, f"not healthy: the data folder {error}."
    except OSError as error:
        healthy, line = False, f"not healthy: {error.filename} cannot be read ({error.strerror})."
    else:
        healthy, line = verdict(file, time.time())
    sys.stdout.write(line + "\n")
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
