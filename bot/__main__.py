"""The commands: run, chat, ask, grade, simulate, check, doctor."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import settings
from bot.errors import TutorError

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. A person sees one clear line, never a traceback."""
    arguments = _parser().parse_args(_flags_first(sys.argv[1:] if argv is None else argv))
    command: Command = arguments.command
    try:
        return command(arguments)
    except TutorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe (head, say) has seen enough
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - so that the flush at exit does not fail again
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Neural Tutor, a deep-learning tutor for study groups."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="decide one question, or one a line from standard input")
    ask.add_argument("text", nargs="*", metavar="TEXT", help="the question; - or nothing reads standard input")
    ask.add_argument("--jsonl", action="store_true", help='read {"text": ..., "member": ...} objects, one a line')
    ask.set_defaults(command=_ask)
    grade = commands.add_parser("grade", help="grade one open answer to a topic, or one a line from standard input")
    grade.add_argument("topic", metavar="TOPIC", help="the topic's id, such as momentum")
    grade.add_argument("text", nargs="*", metavar="TEXT", help="the answer; - or nothing reads standard input")
    grade.add_argument("--jsonl", action="store_true", help='read {"text": ...} objects, one a line')
    grade.set_defaults(command=_grade)
    simulate = commands.add_parser("simulate", help="run an experiment, or list them")
    _add_simulate_arguments(simulate)
    simulate.set_defaults(command=_simulate)
    check = commands.add_parser("check", help="validate the knowledge and run the claims")
    check.add_argument("--seeds", type=_seeds, default=10, metavar="N", help="runs a claim (default 10; 0 runs none)")
    check.set_defaults(command=_check)
    doctor = commands.add_parser("doctor", help="say what is missing, each with the one thing to do")
    doctor.set_defaults(command=_doctor)
    for command in (ask, grade, simulate, check, doctor):
        command.add_argument("--json", action="store_true", help="strict JSON, one object a line")
    commands.add_parser("chat", help="the tutor in the terminal").set_defaults(command=_chat)
    commands.add_parser("run", help="the Discord bot").set_defaults(command=_run)
    return parser


def _flags_first(argv: Sequence[str]) -> list[str]:
    """The flags moved before the words: argparse takes an open list of words as ended where a flag interrupts it."""
    end = argv.index("--") if "--" in argv else len(argv)
    flags = [word for word in argv[1:end] if word in {"--json", "--jsonl"}]
    words = [word for word in argv[1:end] if word not in {"--json", "--jsonl"}]
    return [*argv[:1], *flags, *words, *argv[end:]]


def _seeds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= 1000):
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 1000")
    return int(text)


def _add_simulate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="the experiment; without it, all are listed")
    parser.add_argument("--set", action="append", default=[], metavar="name=value", help="a setting; may be repeated")
    parser.add_argument("--seed", default="0", metavar="N", help="starts the random numbers (default 0)")
    parser.add_argument("--compare", metavar="name=value", help="a second run with this setting changed")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the picture, a PNG")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the numbers")


# Each command imports what it needs when it runs: `ask` need not wait for Discord's client to load.


def _ask(arguments: argparse.Namespace) -> int:
    from bot import app
    from bot.console import ask

    return ask.run(arguments, app.build(settings.load()).answering)


def _chat(_: argparse.Namespace) -> int:
    from bot import app
    from bot.console import chat

    return chat.run(app.build(settings.load()).answering)


def _grade(arguments: argparse.Namespace) -> int:
    from bot.console import grade

    return grade.run(arguments, settings.load().knowledge_dir)


def _simulate(arguments: argparse.Namespace) -> int:
    from bot.console import simulate

    return simulate.run(arguments)


def _check(arguments: argparse.Namespace) -> int:
    from bot.console import check, trials
    from bot.simulations.catalogue import catalogue

    return check.run(settings.load().knowledge_dir, arguments.json, arguments.seeds, catalogue(), trials.Trials)


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot import app
    from bot.chat import connection
    from bot.console import doctor

    return asyncio.run(
        doctor.run(arguments.json, app.probe_storage, lambda chosen: connection.probe(chosen.discord_token))
    )


def _run(_: argparse.Namespace) -> int:
    import asyncio

    from bot import app, logs
    from bot.chat import connection

    chosen = settings.load()
    logs.configure(chosen)
    asyncio.run(app.serve(chosen, connection.run))
    return 0


if __name__ == "__main__":
    sys.exit(main())
