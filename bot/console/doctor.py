"""`python -m bot doctor`: what is missing, each finding with the one thing to do."""

import importlib.metadata
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import yaml

from bot import settings as settings_module
from bot.console.output import Screen, write_json
from bot.curriculum.loader import load
from bot.errors import KnowledgeError, SettingsError, TutorError, Unreachable
from bot.quiz.kinds import Kinds
from bot.settings import Settings
from bot.simulations.experiments import catalogue

Status = Literal["ok", "warning", "fault"]
Probe = Callable[[Settings], Awaitable[str]]
"""Looks at one thing from outside and says what it found; raises TutorError where it is at fault."""

_MARK = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "fault": ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. `advice` is the one thing to do; empty when all is well."""

    check: str
    status: Status
    message: str
    advice: str = ""


async def run(as_json: bool, probe_storage: Probe, probe_token: Probe) -> int:
    """Prints every finding. Returns 1 where something is at fault; a warning does not stop the tutor."""
    worst: Status = "ok"
    for finding in [_python(), _packages(), _yaml(), *await _configured(probe_storage, probe_token)]:
        worst = max(worst, finding.status, key=list(_MARK).index)
        _show(finding, as_json)
    return 1 if worst == "fault" else 0


def _show(finding: Diagnosis, as_json: bool) -> None:
    if as_json:
        write_json(asdict(finding))
        return
    mark, colour = _MARK[finding.status]
    advice = f"\n    → {finding.advice}" if finding.advice else ""
    Screen().line(f"{mark} {finding.check}: {finding.message}{advice}", colour)


async def _configured(probe_storage: Probe, probe_token: Probe) -> list[Diagnosis]:
    """What the settings name, or what is wrong with the settings."""
    try:
        settings = settings_module.load()
    except SettingsError as error:
        told = str(error).replace("\n", "; ")
        return [Diagnosis("settings", "fault", told, "Correct it in the environment or in .env.")]
    return [
        *([_knowledge(settings.knowledge_dir)] if yaml.__with_libyaml__ else []),  # nothing can be read without it
        _data_directory(settings.data_dir),
        await _storage(probe_storage, settings),
        await _token(probe_token, settings),
    ]


def _python() -> Diagnosis:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - the very thing to find out: pip may have been told to ignore it
        return Diagnosis("python", "fault", f"this is {version}", "Install Python 3.11 or newer.")
    return Diagnosis("python", "ok", version)


def _packages() -> Diagnosis:
    advice = "Run the README's first command again."
    try:
        wanted = importlib.metadata.requires("neural-tutor") or []
    except importlib.metadata.PackageNotFoundError:
        return Diagnosis("packages", "fault", "neural-tutor is not installed in this environment", advice)
    names = [re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0] for line in wanted if "extra ==" not in line]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return Diagnosis("packages", "fault", f"missing: {', '.join(missing)}", advice)
    return Diagnosis("packages", "ok", f"{len(names)} installed")


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _yaml() -> Diagnosis:
    if yaml.__with_libyaml__:
        return Diagnosis("yaml", "ok", "PyYAML has its C loader")
    return Diagnosis(
        "yaml",
        "fault",
        "PyYAML was built without its C loader",
        "Install PyYAML from a wheel: pip install --force-reinstall PyYAML.",
    )


def _knowledge(folder: Path) -> Diagnosis:
    try:
        curriculum = load(folder, catalogue(), Kinds())
    except KnowledgeError as error:
        first, *others = error.faults
        message = f"{1 + len(others)} faults, the first: {first}" if others else str(first)
        return Diagnosis("knowledge", "fault", message, "Run: python -m bot check")
    return Diagnosis("knowledge", "ok", f"{len(curriculum.topics)} topics in {folder}")


def _data_directory(folder: Path) -> Diagnosis:
    advice = f"Make {folder} writable for this user, or set DATA_DIR to a folder that is."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Diagnosis("data directory", "fault", f"{folder} cannot be written: {error.strerror}", advice)
    return Diagnosis("data directory", "ok", str(folder))


async def _storage(probe: Probe, settings: Settings) -> Diagnosis:
    try:
        return Diagnosis("storage", "ok", await probe(settings))
    except TutorError as error:
        advice = "Correct DATABASE_URL or DATA_DIR, or restore a backup."
        return Diagnosis("storage", "fault", str(error), advice)


async def _token(probe: Probe, settings: Settings) -> Diagnosis:
    if settings.discord_token is None:
        advice = "To run in Discord, set DISCORD_TOKEN (README: Get a token). The terminal needs none."
        return Diagnosis("token", "warning", "DISCORD_TOKEN is not set", advice)
    try:
        return Diagnosis("token", "ok", f"valid, the bot is {await probe(settings)}")
    except Unreachable as error:
        return Diagnosis(
            "token", "warning", f"not checked: {error}", "Check this machine's network, then run doctor again."
        )
    except TutorError as error:
        return Diagnosis(
            "token", "fault", str(error), "Copy the token anew from your application (README: Get a token)."
        )
