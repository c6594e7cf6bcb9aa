"""The command line: what can be typed after `python -m bot`, and what it runs.

Here, and in what `doctor` loads first, stands nothing newer than Python 3.8 and nothing but the standard library: where
Python is too old or a package does not load, there is someone to say so.
"""

from __future__ import annotations

import os
import re
import sys

from bot import stopping

if __name__ == "__main__" and sys.argv[1:2] == ["run"]:
    stopping.begin()

import logging
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.console import streams

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.settings import Settings

FLAGS = ("--json", "--jsonl", "--explain")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. A person sees one clear line, never a traceback."""
    try:
        streams.prepare()
        status = _carried_out(parse(sys.argv[1:] if argv is None else argv))
        streams.finish()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe (head, say) has seen enough
        streams.abandon(sys.stdout)
        return 0
    except Exception as error:
        line, status = _told(error)
        streams.tell(line)
        return status


def _carried_out(given: Namespace) -> int:
    """Runs the command, unless what all need is missing. `doctor` is run in any case: it says what is."""
    if given.command == "doctor":
        return _doctor(given)
    if sys.version_info < (3, 11):  # noqa: UP036 - someone has to say it
        from bot.console import packages

        version = ".".join(map(str, sys.version_info[:3]))
        streams.tell(f"This is Python {version} ({sys.executable}), which is too old. {packages.TOO_OLD}")
        return 1
    if not streams.somewhere():
        streams.tell(streams.NOWHERE)
        return 1
    if given.command == "chat" and sys.stdin is None:
        streams.tell("Standard input is closed: there is nobody to talk to.")
        return 2
    if given.command != "run":
        logging.lastResort = streams.OneLine(logging.WARNING)
    # Read when NumPy is loaded. Here only small matrices are multiplied: threads for it would be in the way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return COMMANDS[given.command](given)


def _told(error: Exception) -> tuple[str, int]:
    """What a person is told of an error, and the exit status."""
    if isinstance(error, streams.Unwritable):
        streams.abandon(sys.stdout)
        return str(error), 1
    if isinstance(error, MemoryError):
        return "There is too little memory for the tutor.", 1
    from bot.console import packages

    if broken := packages.not_loaded(error):
        return str(broken), 1
    from bot.errors import TutorError

    if isinstance(error, TutorError):
        return str(error), error.exit_status
    if sys.flags.dev_mode:
        raise error
    if logging.getLogger().handlers:  # where there is a log, it has all of it
        logging.getLogger("bot").error("This was not foreseen.", exc_info=error)
    return packages.unforeseen(error), 1


def parse(argv: Sequence[str]) -> Namespace:
    """The arguments, with the command's name in `command`. Leaves with status 2 where the usage is wrong."""
    return _parser().parse_args(_flags_first(argv))


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Leaves with status 2 and the message, in which stands what was typed."""
        super().error(streams.printable(streams.without_passwords(message)))

    def print_help(self, _: object = None) -> None:
        """Writes the help. Raises Unwritable."""
        with streams.writing():
            sys.stdout.write(self.format_help())
            sys.stdout.flush()


def _parser() -> ArgumentParser:
    parser = _Parser(prog="python -m bot", description="Neural Tutor, a deep-learning tutor for study groups.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    chat = commands.add_parser("chat", help="the tutor in the terminal")
    chat.add_argument("--own", metavar="FOLDER", type=Path, help="topics of your own beside those that are taught")
    _ask_options(commands.add_parser("ask", help="decide one question, or one a line from standard input"))
    _grade_options(
        commands.add_parser("grade", help="grade one open answer to a topic, or one a line from standard input")
    )
    _simulate_options(commands.add_parser("simulate", help="run an experiment, or list them"))
    _check_options(commands.add_parser("check", help="validate the knowledge and run the claims"))
    _doctor_options(commands.add_parser("doctor", help="say what is missing, each with the one thing to do"))
    commands.add_parser("run", help="the Discord bot")
    backup = commands.add_parser("backup", help="copy the database to a new file, also while the bot runs")
    backup.add_argument("file", metavar="FILE", help="the file to make, such as backups/2026-11-30.sqlite3")
    move = commands.add_parser("move", help="take all data from one database to another (SQLite, PostgreSQL)")
    for name, metavar in (("source", "FROM"), ("target", "TO")):
        move.add_argument(name, metavar=metavar, help="the path of an SQLite file, or an address as in DATABASE_URL")
    return parser


def _ask_options(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the question; - or nothing reads standard input")
    parser.add_argument("--jsonl", action="store_true", help='read {"text": ..., "member": ...} objects, one a line')
    parser.add_argument("--explain", action="store_true", help="say why: what was heard, and what the runner-up had")
    _json_options(parser)


def _grade_options(parser: ArgumentParser) -> None:
    parser.add_argument("topic", metavar="TOPIC", help="the topic's id, such as momentum")
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the answer; - or nothing reads standard input")
    parser.add_argument("--jsonl", action="store_true", help='read {"text": ...} objects, one a line')
    _json_options(parser)


def _simulate_options(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="the experiment; without it, all are listed")
    parser.add_argument("--set", action="append", default=[], metavar="name=value", help="a setting; may be repeated")
    parser.add_argument("--seed", default="0", metavar="N", help="starts the random numbers (default 0)")
    parser.add_argument("--compare", metavar="name=value", help="a second run with this setting changed")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the picture, a PNG")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the numbers")
    _json_options(parser)


def _check_options(parser: ArgumentParser) -> None:
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help="a topic's id; without one, all are checked")
    parser.add_argument(
        "--seeds",
        type=_whole,
        default=10,
        metavar="N",
        help="seeds to try each claim on (default 10; a verdict takes 5; 0 runs nothing)",
    )
    parser.add_argument("--from-seed", type=_whole, default=0, metavar="K", help="the first of these seeds (default 0)")
    _json_options(parser)


def _doctor_options(parser: ArgumentParser) -> None:
    parser.add_argument("--server", type=_server, metavar="ID", help="say also what the bot lacks in this server")
    _json_options(parser)


def _server(text: str) -> int:
    if not re.fullmatch(r"[0-9]{15,20}", text.strip()):
        raise ArgumentTypeError("must be the id of a server, 15 to 20 digits (Discord: Developer Mode, its menu)")
    return int(text)


def _json_options(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="strict JSON, one object a line")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= 1000):
        raise ArgumentTypeError("must be a whole number from 0 to 1000")
    return int(text)


def _flags_first(argv: Sequence[str]) -> list[str]:
    """The flags moved before the words: argparse takes an open list of words as ended where a flag interrupts it."""
    end = argv.index("--") if "--" in argv else len(argv)
    flags = [word for word in argv[1:end] if word in FLAGS]
    words = [word for word in argv[1:end] if word not in FLAGS]
    return [*argv[:1], *flags, *words, *argv[end:]]


# Each command imports what it needs when it runs: `ask` need not wait for Discord's client to load, and where a package
# is missing there is still someone to say so.


def _chosen() -> Settings:
    """The settings; names that are like one of them, and are none, are told."""
    from bot import settings

    chosen = settings.load()
    _tell_of_the_mistyped()
    return chosen


def _tell_of_the_mistyped() -> None:
    from bot import settings

    for line in settings.mistyped():
        logging.getLogger("bot").warning("%s", line)


def _begun(chosen: Settings) -> Settings:
    """The same settings. Where no model is kept, another process begins to make it while this one loads what it
    needs."""
    from bot import making

    making.begin(chosen.knowledge_dir, chosen.data_dir / "model")
    return chosen


def _ask(given: Namespace) -> int:
    chosen = _begun(_chosen())
    from bot import knowledge
    from bot.console import ask, output

    learnt = knowledge.learn(chosen, told=output.tell_of_making)
    return ask.run_ask(given, knowledge.answering(learnt), learnt.matcher().explain if given.explain else None)


def _chat(given: Namespace) -> int:
    chosen = _begun(_chosen())
    import asyncio

    from bot import app, knowledge
    from bot.console import chat, output

    learnt = knowledge.learn(chosen, told=output.tell_of_making)
    use_cases = app.terminal(knowledge.with_own(learnt, given.own) if given.own else learnt)
    try:
        return chat.run(use_cases)
    finally:
        asyncio.run(use_cases.laboratory.experiments.close())


def _grade(given: Namespace) -> int:
    from bot import knowledge
    from bot.console import ask

    return ask.run_grade(given, knowledge.learn(_chosen()).grading())


def _simulate(given: Namespace) -> int:
    from bot.console import simulate

    return simulate.run(given)


def _check(given: Namespace) -> int:
    from bot import knowledge
    from bot.console import check

    chosen = _chosen()
    return check.run(
        given, chosen.knowledge_dir, check.WorkerPool, lambda curriculum: knowledge.learn(chosen, curriculum).matcher()
    )


def _doctor(given: Namespace) -> int:
    from bot.console import doctor

    server: int | None = given.server
    probe_server = None if server is None else partial(_probe_server, server)
    of_the_database = {"storage": _probe_storage, "shard": _probe_owners, "knowledge in use": _probe_taught}
    return doctor.run(given.json, of_the_database, _probe_token, probe_server)


async def _probe_server(server: int, chosen: Settings) -> list[tuple[str, str, str, str]]:
    from bot import app
    from bot.discord_app import checkup, register

    rules, host = await app.host_seen(chosen, server)
    told = register.every_payload(app.build(chosen))
    found = await checkup.findings_of(chosen, server, rules, told, host)
    return [(one.check, one.status, one.message, one.advice) for one in found]


async def _probe_taught(chosen: Settings) -> tuple[str, str, str]:
    from bot import app

    return await app.probe_taught(chosen)


async def _probe_owners(chosen: Settings) -> tuple[str, str, str]:
    from bot import app

    return await app.probe_owners(chosen)


async def _probe_storage(chosen: Settings) -> tuple[str, str, str]:
    from bot import app

    return await app.probe_storage(chosen)


async def _probe_token(chosen: Settings) -> tuple[str, str]:
    from bot.discord_app import connection

    return await connection.probe(chosen)


def _run(_: Namespace) -> int:
    stopping.begin()
    try:
        return _served()
    except Exception as error:
        line, status = _told(error)
        from bot import logs

        if not logs.last_line(line):
            streams.tell(line)
        return status


def _served() -> int:
    from bot import logs, settings

    chosen = _begun(settings.load())
    logs.configure(chosen)
    _tell_of_the_mistyped()
    chosen.trust()
    import asyncio

    from bot import app
    from bot.discord_app import client, connection

    connection.prepare(chosen)

    async def serve() -> None:
        await app.serve(chosen, client.run)
        if stopping.asked():  # all is said, written and closed; a thread may still be at something that nobody needs
            stopping.leave(stopping.CLEAN)

    asyncio.run(serve())
    return 0


def _backup(given: Namespace) -> int:
    from bot import app

    said = app.backup(_chosen(), given.file)
    with streams.writing():
        sys.stdout.write(streams.printable(said) + "\n")
    return 0


def _move(given: Namespace) -> int:
    from bot import app

    said = app.move(given.source, given.target, streams.tell)
    with streams.writing():
        sys.stdout.write(streams.printable(said) + "\n")
    return 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "chat": _chat,
    "ask": _ask,
    "grade": _grade,
    "simulate": _simulate,
    "check": _check,
    "doctor": _doctor,
    "run": _run,
    "backup": _backup,
    "move": _move,
}

if __name__ == "__main__":
    sys.exit(main())
