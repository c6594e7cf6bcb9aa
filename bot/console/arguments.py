"""The command line: what can be typed after `python -m bot`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

FLAGS = ("--json", "--jsonl", "--explain")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with the command's name in `command`. Leaves with status 2 where the usage is wrong."""
    return _parser().parse_args(_flags_first(argv))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Neural Tutor, a deep-learning tutor for study groups."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    commands.add_parser("chat", help="the tutor in the terminal")
    _ask(commands.add_parser("ask", help="decide one question, or one a line from standard input"))
    _grade(commands.add_parser("grade", help="grade one open answer to a topic, or one a line from standard input"))
    _simulate(commands.add_parser("simulate", help="run an experiment, or list them"))
    _check(commands.add_parser("check", help="validate the knowledge and run the claims"))
    _json(commands.add_parser("doctor", help="say what is missing, each with the one thing to do"))
    commands.add_parser("run", help="the Discord bot")
    return parser


def _ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the question; - or nothing reads standard input")
    parser.add_argument("--jsonl", action="store_true", help='read {"text": ..., "member": ...} objects, one a line')
    parser.add_argument("--explain", action="store_true", help="say why: what was heard, and what the runner-up had")
    _json(parser)


def _grade(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", metavar="TOPIC", help="the topic's id, such as momentum")
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the answer; - or nothing reads standard input")
    parser.add_argument("--jsonl", action="store_true", help='read {"text": ...} objects, one a line')
    _json(parser)


def _simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="the experiment; without it, all are listed")
    parser.add_argument("--set", action="append", default=[], metavar="name=value", help="a setting; may be repeated")
    parser.add_argument("--seed", default="0", metavar="N", help="starts the random numbers (default 0)")
    parser.add_argument("--compare", metavar="name=value", help="a second run with this setting changed")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the picture, a PNG")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the numbers")
    _json(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help="a topic's id; without one, all are checked")
    parser.add_argument(
        "--seeds",
        type=_whole,
        default=10,
        metavar="N",
        help="seeds to try each claim on (default 10; a verdict takes 5; 0 runs nothing)",
    )
    parser.add_argument("--from-seed", type=_whole, default=0, metavar="K", help="the first of these seeds (default 0)")
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="strict JSON, one object a line")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= 1000):
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 1000")
    return int(text)


def _flags_first(argv: Sequence[str]) -> list[str]:
    """The flags moved before the words: argparse takes an open list of words as ended where a flag interrupts it."""
    end = argv.index("--") if "--" in argv else len(argv)
    flags = [word for word in argv[1:end] if word in FLAGS]
    words = [word for word in argv[1:end] if word not in FLAGS]
    return [*argv[:1], *flags, *words, *argv[end:]]
