"""Whether the packages that the tutor is made of load: found by trying each in another process, so that one that dies
of it can be named.

The standard library only, for this is what is asked when nothing else loads; and nothing newer than Python 3.8, for
there must be someone to say that a Python is too old.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (3, 11)  # the oldest Python; pyproject.toml's requires-python
PATIENCE = 120.0  # seconds for all imports of one process; cold, from a slow disk, they take twenty
# What of a package is tried where that is not merely its name in small letters: the parts that are compiled, too.
MODULES = {
    "discord.py": ["discord", "aiohttp"],
    "PyYAML": ["yaml"],
    "SQLAlchemy": ["sqlalchemy.ext.asyncio", "greenlet"],
    "rich": ["rich.console", "rich.markdown", "rich.table", "rich.progress"],
    "matplotlib": ["matplotlib.figure", "matplotlib.backends.backend_agg"],
}
BUILT_IN = ["ssl", "sqlite3", "zlib", "ctypes"]  # what a Python that somebody built at home may lack
TOO_OLD = "Install Python 3.11 or newer, then run the README's first command with it."
# What to do about an error, by what it says; the first that fits.
_REMEDIES = [
    (
        r"^numpy: .*(baseline|CPU|SIGILL|ILLEGAL_INSTRUCTION)",
        "This processor lacks instructions that numpy 2.4 and newer is built for. An older one needs fewer: "
        '{pip} "numpy>=2.2,<2.4" (or give a virtual machine all that its host has)',
    ),
    (
        r"SIGILL|ILLEGAL_INSTRUCTION",
        "This processor lacks instructions that it was built for. Build it here: {pip} --no-binary {name} {wanted}",
    ),
    (
        r"DLL load failed|DLL_NOT_FOUND",
        "Install Microsoft's Visual C++ Redistributable (https://aka.ms/vs/17/release/vc_redist.x64.exe) and try "
        "again; if that does not help: {pip} --force-reinstall {wanted}",
    ),
    (r"lib\S+: cannot open shared object", "Install the package of your system that has this library."),
    (
        r"failed to map segment",
        "Libraries may not be executed where it is installed (noexec), or there is no memory left for them: mend that.",
    ),
    (r"Permission denied", "Make the files of this Python's packages readable to this user."),
    (
        r"No space left|MemoryError|Cannot allocate memory|Memory allocation",
        "Make room (disk, memory), then run doctor again.",
    ),
    (r"", "Install it anew: {pip} --force-reinstall --no-cache-dir {wanted}"),
]
# Says before each import that it begins, and after it how it went, on a pipe that nothing else prints to.
_TRY = """
import importlib, json, os, sys
said = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for name in sys.argv[1:]:
    print(json.dumps([name]), file=said, flush=True)
    try:
        importlib.import_module(name)
        why = ""
    except BaseException as error:
        why = type(error).__name__ + ": " + str(error)
    print(json.dumps([name, why]), file=said, flush=True)
"""


def again() -> str:
    """What to do where packages are missing: use the Python that has them, where there is one, or install them."""
    made = ROOT / ".venv"
    if (made / "pyvenv.cfg").is_file() and Path(sys.prefix) != made:
        python = next((made / name for name in ("Scripts/python.exe", "bin/python") if (made / name).exists()), made)
        return f"Start the tutor with the Python that was made for it: {python} -m bot"
    return "Run the README's first command again."


@dataclass(frozen=True)
class Requirement:
    """A line of pyproject.toml's dependencies: the package, and its range as (operator, numbers)."""

    name: str
    bounds: tuple[tuple[str, tuple[int, ...]], ...]
    text: str

    @property
    def modules(self) -> list[str]:
        """What is imported of it to see whether it loads."""
        return MODULES.get(self.name, [self.name.lower().replace("-", "_")])


@dataclass(frozen=True)
class Condition:
    """How a package is: its `version`, None where that is not known; `why` it does not load; `unfit` in its version."""

    requirement: Requirement
    version: str | None
    why: str = ""
    waits_for: str = ""  # another package that does not load, without which this one was not tried
    unfit: str = ""
    too_new: bool = False
    missing: bool = False  # it is not there at all

    @property
    def advice(self) -> str:
        """The one thing to do."""
        if self.waits_for or not (self.why or self.unfit):
            return ""
        if self.missing or not self.why:
            return again()
        name = self.requirement.name
        remedy = next(told for pattern, told in _REMEDIES if re.search(pattern, f"{name}: {self.why}"))
        return remedy.format(pip=f"{this_python()} -m pip install", name=name, wanted=f'"{self.requirement.text}"')


def this_python() -> str:
    """This very Python as a command: in double quotes, which every shell takes, where its path has a space."""
    python = sys.executable or "python"
    return f'"{python}"' if " " in python else python


def requirements() -> list[Requirement]:
    """What the tutor needs: by pyproject.toml beside the code, which is newer than what was noted when it was
    installed; by that note where there is no such file. Raises PackageNotFoundError where there is neither."""
    return [_requirement(line) for line in _lines() if ";" not in line]


def _lines() -> list[str]:
    try:
        import tomllib

        lines: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    except (ImportError, OSError, ValueError, KeyError):
        return list(importlib.metadata.requires("neural-tutor") or [])
    return lines


def _requirement(line: str) -> Requirement:
    name = re.split(r"[\s<>=!~\[]", line, maxsplit=1)[0]
    bounds = re.findall(r"(>=|<=|==|!=|<|>)\s*([\d.]+)", line)
    return Requirement(name, tuple((how, _numbers(version)) for how, version in bounds), line)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers at the front of a version, no zeros behind: those of `2.4.0rc1` are 2 and 4."""
    found = [int(part) for part in re.findall(r"\d+", re.split(r"[^\d.]", version, maxsplit=1)[0])]
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)


def conditions(wanted: Sequence[Requirement]) -> list[Condition]:
    """How each of these packages is, in their order."""
    found = tried([module for requirement in wanted for module in requirement.modules])
    told: dict[str, Condition] = {}
    for requirement in wanted:
        told[requirement.name] = _condition(requirement, found, [name for name, one in told.items() if one.why])
    return list(told.values())


def _condition(requirement: Requirement, found: dict[str, str], broken: Sequence[str]) -> Condition:
    version, needs = _installed(requirement.name)
    why = next((found[module] for module in requirement.modules if found[module]), "")
    missing = version is None and why.startswith("ModuleNotFoundError")
    waits_for = next((name for name in broken if name.lower() in needs), "") if why and not missing else ""
    if why or version is None:
        return Condition(requirement, version, why, waits_for, missing=missing)
    unfit = [(how, bound) for how, bound in requirement.bounds if not _within(_numbers(version), how, bound)]
    said = f"is outside of {requirement.text}" if unfit else ""
    return Condition(requirement, version, unfit=said, too_new=all(how.startswith("<") for how, _ in unfit))


def _installed(name: str) -> tuple[str | None, set[str]]:
    """The version of a package that is installed, and the names of those that it cannot do without."""
    try:
        distribution = importlib.metadata.distribution(name)
        lines = [line for line in distribution.requires or [] if "extra ==" not in line]
        needs = {re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0].lower() for line in lines}
        return distribution.version or "of no version", needs
    except Exception:  # not there, or its notes are damaged: either way it says nothing
        return None, set()


def _within(version: tuple[int, ...], how: str, bound: tuple[int, ...]) -> bool:
    return {
        ">=": version >= bound,
        ">": version > bound,
        "<=": version <= bound,
        "<": version < bound,
        "==": version == bound,
        "!=": version != bound,
    }[how]


def tried(modules: Sequence[str]) -> dict[str, str]:
    """For each module why it cannot be imported, in one line; empty where it can.

    One process imports them all; one that dies of a module is followed by another for the rest. Raises OSError where
    no other process can be started.
    """
    found: dict[str, str] = {}
    while waiting := [module for module in modules if module not in found]:
        found.update(_tried_together(waiting))
    return found


def _tried_together(modules: Sequence[str]) -> dict[str, str]:
    """What one process finds, at least for the first of these modules."""
    command = [sys.executable, "-c", _TRY, *modules]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
        written, ending = done.stdout, _ending(done.returncode, done.stderr)
    except subprocess.TimeoutExpired as late:
        written, ending = late.stdout or b"", f"took longer than {PATIENCE:g} s to load"
    found, begun = {}, modules[0]
    for said in map(json.loads, written.splitlines()):
        begun = said[0]
        if len(said) > 1:
            found[begun] = in_one_line(said[1])
    return found if len(found) == len(modules) else {**found, begun: ending}


def _ending(status: int, errors: bytes) -> str:
    """What to say of a module of which the process died with that status."""
    crashes = {0xC000001D: "ILLEGAL_INSTRUCTION", 0xC0000005: "ACCESS_VIOLATION", 0xC0000135: "DLL_NOT_FOUND"}
    if status < 0:
        try:
            how = signal.Signals(-status).name
        except ValueError:
            how = f"signal {-status}"
    else:
        how = crashes.get(status & 0xFFFFFFFF, f"status {status}")
    last = in_one_line(errors.decode("utf-8", "replace").strip().rpartition("\n")[2])
    return f"Python died of it ({how})" + (f": {last}" if last else "")


def in_one_line(text: str, longest: int = 240) -> str:
    """An error as one line; of a long one what it ends with, where most of them name the cause."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    whole = "".join(character for character in " ".join(lines) if character.isprintable())
    if len(whole) <= longest:
        return whole
    kind = whole.partition(":")[0]
    return f"{kind}: ... {lines[-1][-longest:]}" if len(kind) < 40 else f"... {lines[-1][-longest:]}"


@dataclass(frozen=True)
class NotLoaded:
    """A package that one of our modules could not import."""

    package: str
    why: str
    missing: bool  # it is not there at all

    def __str__(self) -> str:
        if self.missing and self.package.lstrip("_") in BUILT_IN:
            return f"This Python was built without {self.package.lstrip('_')}. Install another one, then {again()}"
        if self.missing:
            return f"The package {self.package} is missing. {again()}"
        return f"The package {self.package} does not load ({self.why}). Run: python -m bot doctor"


def not_loaded(error: BaseException) -> NotLoaded | None:
    """The package of others that an error of this process comes of having been imported; None where there is none,
    which makes it an error of ours."""
    package = next(_importing(error.__traceback__), "")
    if isinstance(error, ImportError):
        package = package or (error.name or "").partition(".")[0]
    if package in {"", "bot"}:
        return None
    missing = isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == package
    return NotLoaded(package, in_one_line(f"{type(error).__name__}: {error}", 120), missing)


def _importing(frames: TracebackType | None) -> Iterator[str]:
    """The packages, not ours, whose modules were just being run for the first time."""
    while frames:
        name = str(frames.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if frames.tb_frame.f_code.co_name == "<module>" and name not in {"bot", "__main__", "runpy"}:
            yield name
        frames = frames.tb_next


def unforeseen(error: BaseException) -> str:
    """An error that nothing was made for, in one line: what, where, and how to see all of it. It is a fault of ours,
    unless the system says by it what it lacks."""
    where = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
    place = f" at {Path(where[-1].filename).relative_to(ROOT).as_posix()}:{where[-1].lineno}" if where else ""
    said = in_one_line(f"{type(error).__name__}: {error}")
    if isinstance(error, OSError):
        return f"The system does not let the tutor go on{place} ({said})."
    return (
        f"The tutor itself is at fault{place} ({said}). "
        "Run it with `python -X dev -m bot ...` to see the traceback, and report that."
    )
