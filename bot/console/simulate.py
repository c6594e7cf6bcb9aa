"""`python -m bot simulate`: runs an experiment, or lists them."""

import os
import shlex
from argparse import Namespace
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import words
from bot.console.output import Screen, write_json
from bot.errors import TutorError, UsageError
from bot.simulations.experiment import assignments
from bot.simulations.experiments import Request, Result, catalogue, prepare, side_by_side
from bot.simulations.worker import Worker


def run(arguments: Namespace) -> int:
    """Return the exit status. Raises UsageError before anything runs, RunUnfinished where the run does not end well,
    FileNotWritten where a file cannot be written after it."""
    if arguments.name is None:
        return _list(arguments)
    request = requested(arguments)
    if arguments.plot is not None:
        check_picture(arguments.plot)
    if arguments.csv is not None:
        check_writable(arguments.csv)
    worker = Worker()
    try:
        result = worker.run_now(request)
    finally:
        worker.close()
    _write_files(arguments, result)
    _write_objects(result) if arguments.json else _write_page(arguments, result)
    return 0


def requested(arguments: Namespace) -> Request:
    """The request that the arguments make. Raises UsageError."""
    given = assignments(arguments.set)
    compare = assignments([arguments.compare]) if arguments.compare is not None else None
    request = prepare(arguments.name, given, arguments.seed, compare=compare)
    return replace(request, picture=arguments.plot is not None, numbers=arguments.csv is not None)


def _list(arguments: Namespace) -> int:
    given = arguments.set or arguments.compare or arguments.plot or arguments.csv
    if given:
        raise UsageError("Name the experiment to run; without a name, simulate lists them all.")
    for experiment in catalogue():
        if arguments.json:
            write_json({key: experiment[key] for key in ("experiment", "topic", "title", "parameters")})
        else:
            Screen().line(f"{experiment['experiment']:<18}{experiment['question']}")
    if not arguments.json:
        Screen().line("\nRun one: python -m bot simulate NAME --plot picture.png", "dim")
    return 0


def check_picture(file: Path) -> None:
    """Raises UsageError where a PNG has no business under that name, or cannot be written there."""
    if file.suffix.lower() != ".png":
        raise UsageError(f"A picture's name must end in .png, not {file.name}.")
    check_writable(file)


def check_writable(file: Path) -> None:
    """Raises UsageError where a file cannot be written there: now, rather than after the run."""
    try:
        folder = file.resolve().parent
        if file.is_dir() or not folder.is_dir():
            raise UsageError(f"{file} cannot be written: its folder must exist, and it must not be a folder itself.")
        allowed = os.access(file if file.exists() else folder, os.W_OK)
    except OSError as error:  # a name that is too long, say
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
    if not allowed:
        raise UsageError(f"{file} cannot be written: this user may not.")


class FileNotWritten(TutorError):  # noqa: N818 - what there is to say
    """A file could not be written, though its name was in order: the disk is full, say."""


def _write_files(arguments: Namespace, result: Result) -> None:
    for file, content in ((arguments.plot, result.png), (arguments.csv, result.csv)):
        if file is not None:
            write_file(file, content)


def write_file(file: Path, content: bytes) -> None:
    """Writes a picture or numbers. Raises FileNotWritten where that fails; what was begun is taken away again."""
    begun = not file.exists()
    try:
        file.write_bytes(content)
    except OSError as error:
        if begun:
            with suppress(OSError):
                file.unlink(missing_ok=True)
        raise FileNotWritten(f"{file} cannot be written: {error.strerror}.") from None


def _write_objects(result: Result) -> None:
    for one in result.runs:
        write_json(
            {
                "experiment": result.experiment,
                "seed": result.seed,
                "parameters": one.parameters,
                "metrics": one.metrics,
                "seconds": round(one.seconds, 4),
            }
        )


def _write_page(arguments: Namespace, result: Result) -> None:
    screen = Screen()
    for one in result.runs:
        screen.line(" ".join(f"{name}={value}" for name, value in one.parameters.items()), "dim")
        screen.line(one.headline, "bold")
    screen.table(result.runs[0].headers, side_by_side(result.runs))
    screen.line(words.laboratory.DESCRIBED, "dim")
    screen.line(result.description)
    for file in filter(None, (arguments.plot, arguments.csv)):
        screen.line(f"Written: {file}", "dim")
    screen.line(f"Again: {again(arguments, result)}", "dim")


def again(arguments: Namespace, result: Result) -> str:
    """The command that repeats the run, to be copied."""
    words: list[Any] = ["python", "-m", "bot", "simulate", result.experiment, "--seed", result.seed]
    for text in arguments.set:
        words += ["--set", text]
    words += ["--compare", arguments.compare] if arguments.compare else []
    return shlex.join(map(str, words))
