"""The benchmark of matching: every figure with what is to be reached, the rails beside it, and the peers."""

import math
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from bot.matching.decision import Decision
from bot.matching.matcher import Matcher
from tests.bench import cut, sets
from tests.bench.curve import section as curve_section
from tests.bench.everything import SEVEN, Bench, Everything, paired, taught
from tests.bench.figures import by_style, figures, matches, worst
from tests.bench.messages import SHARED, Message, chosen, read
from tests.bench.table import Table
from tests.bench.timing import in_words, timed


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", nargs="*", type=Path, help="messages, one JSON object a line; else the first set")
    parser.add_argument("--all", action="store_true", help="every figure there is a set for, as one table")
    parser.add_argument("--only", default="", help="with --all: only sections with one of these words in the title")
    parser.add_argument("--save", type=Path, help="a file to keep the figures in")
    parser.add_argument("--against", type=Path, help="a file of kept figures to show beside")
    parser.add_argument("--knowledge", type=Path, default=SEVEN, help="the folder of the topic files")
    parser.add_argument("--beside", action="store_true", help="the topics of --knowledge are added to the seven")
    parser.add_argument("--changed", action="store_true", help="the messages said a little otherwise too")
    parser.add_argument("--names", action="store_true", help="bare names of topics in their usual carriers")
    parser.add_argument("--cut", type=_sizes, default=(), help="one topic cut to so many asks, such as 5,10,20,40")
    parser.add_argument("--worst", type=int, default=10, help="so many mistakes of each file")
    parser.add_argument("--no-peers", action="store_true", help="only our matcher")
    parser.add_argument("--minilm", action="store_true", help="sentence embeddings as a peer too")
    parser.add_argument("--no-curve", action="store_true", help="without the curve of time and memory by topics")


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def run(options: Namespace) -> int:
    """Prints everything; the exit status."""
    files = options.file or [path for path in [chosen(None)] if path]
    if not options.all and not (files and all(path.is_file() for path in files)):
        print(f"No messages to measure on: {', '.join(map(str, files)) or SHARED} is not there. Name JSON lines files.")
        return 2
    table = Table(options.against, notes=not options.all)
    if options.all:
        start = time.perf_counter()
        wanted = options.only.replace(",", " ").casefold().split()
        for section in Everything(not options.no_peers, not options.no_curve).sections(wanted):
            table.show(section)
        print(f"\nmeasured in {time.perf_counter() - start:.0f} s")
    else:
        _files(options, files, table)
    if options.save:
        table.save(options.save)
    return 0


def _files(options: Namespace, files: Sequence[Path], table: Table) -> None:
    """The figures of the files that were named, each with its worst mistakes."""
    strange = options.knowledge.resolve() != SEVEN.resolve()
    bench = Bench(taught(options.knowledge, options.beside), not options.no_peers, options.minilm)
    print(f"{len(bench.curriculum.topics)} topics; learnt in {bench.seconds:.2f} s of processor time")
    every = [message for path in files for message in read(path)]
    for path in files:
        messages = read(path)
        measure = sets.stranger_rows(options.beside) if strange else sets.suited(messages, bench.curriculum)
        table.show(bench.section(path.name, messages, measure, few=strange))
        _details(bench.matcher, messages, options.worst)
    if options.changed:
        table.show(bench.changed("said a little otherwise", every))
    if options.names:
        table.show(bench.names("bare names"))
    for section in cut.sections(bench.curriculum, every, options.cut, not options.no_peers):
        table.show(section)
    if not options.no_curve:
        table.show(curve_section())


def _details(tutor: Matcher, messages: Sequence[Message], count: int) -> None:
    """What the table does not show: every figure of a file of single messages, styles, and the worst mistakes."""
    decisions, seconds = timed(tutor, [message.text for message in messages])
    decided = paired(messages, decisions)
    if not any(message.right for message in messages):
        print("  more figures:")
        for name, value in figures(decided).items():
            if not math.isnan(value):
                print(f"    {name:<46} {value:6.3f}")
        print("    by style: " + ", ".join(f"{style} {value:.3f}" for style, value in by_style(decided).items()))
        print(f"  the {count} worst mistakes:")
        for message, decision in worst(decided, count):
            print(f"    {_summary(message, decision)}")
    else:
        for message, decision in decided:
            if not sets.handled(message, decision):
                print(f"    {_summary(message, decision)}; right: {', '.join(sorted(message.right))}")
    print(f"  time a message: {in_words(seconds)}")


def _summary(message: Message, decision: Decision) -> str:
    found = ", ".join(f"{match.topic} {match.score:.2f}" for match in matches(decision)[:2]) or "nothing"
    wanted = "+".join(message.topics) or (message.intent if not message.is_question else "nothing of us")
    return f"{wanted} <- {sets.done(decision)} {found}: {' '.join(message.text.split())[:150]}"
