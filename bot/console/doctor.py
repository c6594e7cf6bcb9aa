"""`python -m bot doctor`: what is missing, each finding with the one thing to do.

It runs where anything is broken: the standard library only, until each package has been tried, and nothing newer than
Python 3.8. A check imports what it needs when it runs; what it needs and does not load is said to be the reason.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from json import dumps
from typing import TYPE_CHECKING

from bot.console import packages, streams

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
    from typing import Any, Literal

    from bot.metrics import Address
    from bot.settings import Settings

    Status = Literal["ok", "warning", "fault"]
    TokenProbe = Callable[[Settings], Coroutine[Any, Any, tuple[str, str]]]
    """Looks at one thing from outside and says what it found; raises TutorError where it is at fault."""
    StorageProbe = Callable[[Settings], Coroutine[Any, Any, tuple[str, str, str]]]
    """Likewise; returns "ok" or "warning", what it found and what to do."""
    ServerProbe = Callable[[Settings], Coroutine[Any, Any, "list[tuple[str, str, str, str]]"]]
    """Looks at a server; returns of each finding the check, its status, what was found and what to do."""
    Check = Callable[[Settings], Iterable["Diagnosis"]]
    """Looks at one thing that the settings name. What it imports, it imports when it runs."""

_NOW, _LATELY = 3600.0, 7 * 24 * 3600.0  # seconds since a twin was seen: a fault, and worth to be told
_COLOURS = {"ok": "32", "warning": "33", "fault": "31"}  # of a terminal; the least bad first
_ANSWERS_WITHIN = 3.0  # seconds
_ANOTHER = "Write another address of this machine, or another port, into METRICS."
_ITS_LOG = "Its log says why, and what to do."
NOT_LOOKED_AT = "not looked at, since {} does not load"


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at. `advice` is the one thing to do; empty when all is well."""

    check: str
    status: Status
    message: str
    advice: str = ""


def run(
    as_json: bool,
    of_the_database: Mapping[str, StorageProbe],
    probe_token: TokenProbe,
    probe_server: ServerProbe | None = None,
) -> int:
    """Prints every finding. Returns 1 where something is at fault; a warning does not stop the tutor.

    `of_the_database` looks at that, by the name of each check; `probe_server` at a server, where one is asked for.
    """
    at_fault: dict[str, Exception] = {}
    checks: dict[str, Check] = {
        "settings": _mistyped,
        "knowledge": _knowledge,
        "data directory": partial(_data_directory, at_fault),
        **{name: partial(_storage, name, probe, at_fault) for name, probe in of_the_database.items()},
        "token": lambda settings: _token(probe_token, settings),
        "twin": _twin,
        "metrics": _metrics,
    }
    if probe_server:
        checks["server"] = lambda settings: _server(probe_server, settings)
    worst: Status = "ok"
    for finding in _findings(checks):
        worst = max(worst, finding.status, key=list(_COLOURS).index)
        _show(finding, as_json)
    return 1 if worst == "fault" else 0


def _findings(checks: dict[str, Check]) -> Iterator[Diagnosis]:
    if not streams.somewhere():
        yield Diagnosis("folder", "fault", streams.NOWHERE.partition(". ")[0], streams.NOWHERE.partition(". ")[2])
        os.chdir(packages.ROOT)  # from where the rest can be looked at
    try:
        yield (python := _python())
        if python.status == "fault":
            yield Diagnosis("packages", "warning", "not looked at, since Python itself is at fault")
            return
        yield from _packages()
    except OSError as error:
        advice = "Allow this user more open files, processes or memory, then run doctor again."
        yield Diagnosis(
            "packages", "fault", f"not looked at, since no process can be started: {error.strerror}", advice
        )
        return
    yield from _configured(checks)


def _show(finding: Diagnosis, as_json: bool) -> None:
    """Prints one finding. Raises Unwritable."""
    advice = f"\n         {finding.advice}" if finding.advice else ""
    said = streams.printable(f"{finding.status:<7}  {finding.check}: {finding.message}{advice}")
    if as_json:
        said = dumps(asdict(finding))
    with streams.writing():
        coloured = not as_json and _in_colour()
        sys.stdout.write(f"\x1b[{_COLOURS[finding.status]}m{said}\x1b[0m\n" if coloured else f"{said}\n")
        sys.stdout.flush()


def _in_colour() -> bool:
    dumb = "NO_COLOR" in os.environ or os.environ.get("TERM", "dumb") == "dumb"
    return sys.stdout.isatty() and not dumb and os.name != "nt"


def _python() -> Diagnosis:
    said = f"{'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})"
    if sys.version_info < packages.NEEDED:
        return Diagnosis("python", "fault", f"this is {said}", packages.TOO_OLD)
    missing = [f"{name} ({why})" for name, why in packages.tried(packages.BUILT_IN).items() if why]
    if missing:
        advice = "Install Python from python.org or your system's packages; this one was built without them."
        return Diagnosis("python", "fault", f"{said} lacks {', '.join(missing)}", advice)
    return Diagnosis("python", "ok", said)


def _packages() -> Iterator[Diagnosis]:
    """One finding for all packages that are well, one for those that are missing, one for each that is unwell."""
    try:
        wanted = packages.requirements()
    except importlib.metadata.PackageNotFoundError:
        yield Diagnosis("packages", "fault", "neural-tutor is not installed in this environment", packages.again())
        return
    found = packages.conditions(wanted)
    well = [one for one in found if not (one.why or one.unfit)]
    missing = [one.requirement.name for one in found if one.missing]
    if well:
        said = ", ".join(f"{one.requirement.name} {one.version or '(of no version)'}" for one in well)
        yield Diagnosis("packages", "ok", f"{len(well)} of {len(found)} load: {said}")
    if missing:
        yield Diagnosis("packages", "fault", f"missing: {', '.join(missing)}", packages.again())
    yield from (_condition(one) for one in found if one not in well and not one.missing)
    for one in found:
        if one.why:  # nothing of it may be met here again: it can end this process too
            for module in one.requirement.modules:
                sys.modules[module.partition(".")[0]] = None  # type: ignore[assignment]
    if not any(one.why for one in found if one.requirement.name == "PyYAML"):
        yield _yaml()


def _condition(one: packages.Condition) -> Diagnosis:
    name, version = one.requirement.name, one.version or "of no version"
    if one.waits_for:
        return Diagnosis(name, "fault", f"{version} cannot load without {one.waits_for}")
    if one.why:
        return Diagnosis(name, "fault", f"{version} does not load: {one.why}", one.advice)
    return Diagnosis(name, "warning" if one.too_new else "fault", f"{version} {one.unfit}", one.advice)


def _yaml() -> Diagnosis:
    import yaml

    if yaml.__with_libyaml__:
        return Diagnosis("yaml", "ok", "PyYAML has its C loader")
    return Diagnosis(
        "yaml",
        "fault",
        "PyYAML was built without its C loader",
        "Install PyYAML from a wheel: pip install --force-reinstall PyYAML.",
    )


def _configured(checks: dict[str, Check]) -> Iterator[Diagnosis]:
    """What the settings name, or what is wrong with the settings."""
    try:
        settings = _settings()
    except Exception as error:
        for name in checks:
            yield _not_looked_at(name, error)
        return
    if isinstance(settings, Diagnosis):
        yield settings
        return
    for name, check in checks.items():
        yield from _looked_at(name, check, settings)


def _settings() -> Settings | Diagnosis:
    from bot import settings
    from bot.errors import SettingsError

    try:
        chosen = settings.load()
        chosen.trust()
        return chosen
    except SettingsError as error:
        told = str(error).replace("\n", "; ")
        of_one = told.partition(":")[0].replace("_", "").isupper()  # else of the file, with what to do
        return Diagnosis("settings", "fault", told, "Correct it in the environment or in .env." if of_one else "")


def _mistyped(_: Settings) -> list[Diagnosis]:
    from bot import settings

    found = [line.rpartition(". ") for line in settings.mistyped()]
    return [Diagnosis("settings", "warning", said, f"{meant} Then write it so.") for said, _, meant in found]


def _looked_at(name: str, check: Check, settings: Settings) -> list[Diagnosis]:
    try:
        return list(check(settings))
    except Exception as error:  # whatever it is, the other checks are made
        return [_not_looked_at(name, error)]


def _not_looked_at(name: str, error: Exception) -> Diagnosis:
    if broken := packages.not_loaded(error):
        return Diagnosis(name, "warning", NOT_LOOKED_AT.format(broken.package))
    why = packages.in_one_line(f"{type(error).__name__}: {error}")
    return Diagnosis(name, "fault", f"could not be looked at: {why}", "This is a fault of the tutor: report it.")


def _knowledge(settings: Settings) -> list[Diagnosis]:
    import yaml

    if not yaml.__with_libyaml__:
        return [Diagnosis("knowledge", "warning", "not looked at, since PyYAML has no C loader")]
    from bot.curriculum.loader import load
    from bot.errors import WHOLE_FOLDER, KnowledgeError
    from bot.quiz.kinds import Kinds
    from bot.simulations.experiments import catalogue

    folder = settings.knowledge_dir
    try:
        curriculum = load(folder, catalogue(), Kinds())
    except KnowledgeError as error:
        first, *others = error.faults
        if first.key == WHOLE_FOLDER:
            message, _, advice = str(first).partition("; ")
            return [Diagnosis("knowledge", "fault", message, f"{advice[:1].upper()}{advice[1:]}.")]
        message = f"{1 + len(others)} faults, the first: {first}" if others else str(first)
        return [Diagnosis("knowledge", "fault", message, f"Run: {packages.this_python()} -m bot check")]
    return [Diagnosis("knowledge", "ok", f"{len(curriculum.topics)} topics in {folder}")]


def _data_directory(at_fault: dict[str, Exception], settings: Settings) -> list[Diagnosis]:
    """What can be done with the folder; where nothing can, and the database lies in it, `at_fault` gets that."""
    from bot import folders
    from bot.errors import StorageError

    folder = settings.data_dir
    if found := folders.fault(folder):
        if settings.database_url is None:
            at_fault["data directory"] = StorageError(found)
        writable = f"Make {folder} writable for this user, or set DATA_DIR to a folder that is."
        advice = writable if folders.there(folder) else "Set DATA_DIR to a folder that is there, or can be made."
        return [Diagnosis("data directory", "fault", found, advice)]
    made = "" if folder.exists() else " is not made yet; the first start makes it"
    return [Diagnosis("data directory", "ok", f"{folder}{made}")]


def _storage(name: str, probe: StorageProbe, at_fault: dict[str, Exception], settings: Settings) -> list[Diagnosis]:
    """What a look at the database found. `at_fault` has what the looks before this one failed with, by their names, and
    gets what this one fails with: what lies at the database is told once."""
    from bot.errors import KnowledgeError, StorageError, TutorError

    try:
        status, message, advice = asyncio.run(probe(settings))
        return [Diagnosis(name, "warning" if status == "warning" else "ok", message, advice)]
    except KnowledgeError:
        return [Diagnosis(name, "warning", "not looked at, since the knowledge is at fault")]
    except TutorError as error:  # it says what to do
        for before, other in at_fault.items():
            if str(other) == str(error) or (isinstance(error, StorageError) and isinstance(other, StorageError)):
                return [Diagnosis(name, "warning", f"not looked at, since there is a fault above ({before})")]
        at_fault[name] = error
        return [Diagnosis(name, "fault", str(error))]


def _token(probe: TokenProbe, settings: Settings) -> list[Diagnosis]:
    from bot.errors import NoToken, TutorError, Unreachable

    if settings.discord_token is None:
        advice = "To run in Discord, set DISCORD_TOKEN (README: Get the token). The terminal needs none."
        return [Diagnosis("token", "warning", "DISCORD_TOKEN is not set", advice)]
    try:
        name, advice = asyncio.run(probe(settings))
        return [Diagnosis("token", "warning" if advice else "ok", f"valid, the bot is {name}", advice)]
    except Unreachable as error:
        advice = "Check this machine's network, then run doctor again."
        return [Diagnosis("token", "warning", f"not checked: {error}", advice)]
    except TutorError as error:  # of which those about the token alone are mended by another
        anew = "Copy the token anew from your application (README: Get the token)."
        advice = anew if isinstance(error, NoToken) else "Correct it, then run doctor again."
        return [Diagnosis("token", "fault", str(error), advice)]


def _server(probe: ServerProbe, settings: Settings) -> list[Diagnosis]:
    from bot.errors import KnowledgeError, TutorError

    if settings.discord_token is None:
        return [Diagnosis("server", "warning", "not looked at, since DISCORD_TOKEN is not set")]
    try:
        return [Diagnosis(*found) for found in asyncio.run(probe(settings))]  # type: ignore[arg-type]
    except KnowledgeError:
        return [Diagnosis("server", "warning", "not looked at, since the knowledge is at fault")]
    except TutorError as error:
        return [Diagnosis("server", "warning", f"not looked at: {error}")]


def _metrics(settings: Settings) -> list[Diagnosis]:
    """Who answers at the address of METRICS, where one is set; otherwise nothing."""
    from bot.errors import SettingsError

    address = settings.metrics
    if address is None:
        return []
    try:
        _ = settings.watched_at
    except SettingsError as error:  # it says what to do
        return [Diagnosis("metrics", "fault", str(error))]
    found = [_served(address, settings)]
    if not address.loopback:
        said = f"whoever reaches this machine at {address} can read what is measured; nobody is asked for a password"
        found.append(Diagnosis("metrics", "warning", said, f"Unless that is meant, write METRICS={address.port}."))
    return found


def _served(address: Address, settings: Settings) -> Diagnosis:
    import http.client
    import socket

    from bot import healthy

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - it is asked, not bound
    asked = http.client.HTTPConnection(host, address.port, timeout=_ANSWERS_WITHIN)
    try:
        asked.request("GET", "/readyz")
        answer = asked.getresponse()
        said, whose = answer.read(200).decode("ascii", "replace").strip(), answer.getheader(healthy.HEADER)
    except ConnectionRefusedError:
        pass  # nobody is there yet
    except (OSError, http.client.HTTPException):
        return Diagnosis("metrics", "warning", f"something that is not this bot answers at {address}", _ANOTHER)
    else:
        return _answered(address, said, whose, settings)
    finally:
        asked.close()
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((address.host, address.port), family=family).close()
    except OSError as error:
        return Diagnosis("metrics", "fault", f"{address} cannot be had ({error.strerror})", _ANOTHER)
    return Diagnosis("metrics", "ok", f"{address} is free; the next start serves there what is measured")


def _answered(address: Address, said: str, whose: str | None, settings: Settings) -> Diagnosis:
    """What to think of an answer to whether a bot is ready; `whose` is what it says of itself."""
    if not said.startswith("not ready: ") and said != "ready":
        return Diagnosis("metrics", "warning", f"something that is not this bot answers at {address}", _ANOTHER)
    if other := _another(whose, settings):
        return Diagnosis("metrics", "warning", f"{other[0]} answers at {address}", other[1])
    return Diagnosis(
        "metrics",
        "ok" if said == "ready" else "warning",
        f"served at {address} by a bot that is {said}",
        "" if said == "ready" else _ITS_LOG,
    )


def _another(whose: str | None, settings: Settings) -> tuple[str, str] | None:
    """Which other bot of ours says that of itself, and what to do; None where it is the one that these settings start,
    or says nothing."""
    from bot import healthy

    if not whose or whose == healthy.whose(settings.data_dir, settings.shard):
        return None
    shard = whose.partition(" ")[0]
    if whose == healthy.whose(settings.data_dir, shard):
        return f"shard {shard}, and not {settings.shard},", "Give each shard an address of its own in METRICS."
    said = f"a bot with its data elsewhere than in {settings.data_dir} (shard {shard})"
    return said, "If it is the one you mean, run doctor with its DATA_DIR, or in its container; else change METRICS."


def _twin(settings: Settings) -> list[Diagnosis]:
    """Another process with the same token and other data, as the bot that runs on these has seen it."""
    from bot import clock, healthy, words

    try:
        seen = (settings.data_dir / healthy.SHARED).stat().st_mtime
    except OSError:
        return []
    ago = time.time() - seen
    if ago > _LATELY:
        return []
    status: Status = "fault" if ago < _NOW else "warning"
    return [
        Diagnosis("twin", status, f"{words.checkup.TWIN} (last seen {clock.shown(seen)})", words.checkup.TWIN_ADVICE)
    ]
