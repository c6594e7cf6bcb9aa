"""The benchmark of matching: every figure with what is to be reached, the rails beside it, and the peers."""

import math
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.matching.decision import Decision
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from tests.bench import conversations, cut, sets
from tests.bench.curve import curve as curve_rows
from tests.bench.figures import Decided, by_style, figures, matches, rails, worst
from tests.bench.messages import DATA, SHARED, SHARED_SETS, Message, chosen, read
from tests.bench.peers import Peer
from tests.bench.peers import peers as all_peers
from tests.bench.table import Row, Section, show, with_peers
from tests.bench.timing import in_words, timed
from tests.bench.wordings import changed_rows, name_rows

BLIND = DATA / "blind"
SEVEN = Path("knowledge")
_PEERS_LOOK_AT = 4  # of changed messages every so manieth, as they are slow


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", nargs="*", type=Path, help="messages, one JSON object a line; else the first set")
    parser.add_argument("--all", action="store_true", help="every figure there is a set for, as one table")
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


class Bench:
    """A curriculum, our matcher of it and the peers that were taught the same."""

    def __init__(self, curriculum: Curriculum, peers: bool, minilm: bool = False) -> None:
        start = time.process_time()
        self.curriculum, self.matcher = curriculum, Matcher(curriculum)
        self.seconds = time.process_time() - start
        self._peers: list[tuple[Peer, list[float]]] = []  # with the thresholds that were best so far
        if peers:
            self._peers = [(peer, []) for peer in all_peers(curriculum, minilm)]

    def decide(self, texts: Sequence[str]) -> list[Decision]:
        """Our decisions."""
        return [self.matcher.decide(text) for text in texts]

    def section(self, title: str, messages: Sequence[Message], measure: sets.Measure, few: bool = False) -> Section:
        """The rows of one set, ours beside the peers' at their best thresholds."""
        texts = [message.text for message in messages]
        ours = _paired(messages, self.decide(texts))
        theirs = []
        for peer, best in self._peers:
            scores = peer.scores(texts)
            best.append(peer.best(messages, scores))
            theirs.append(measure(_paired(messages, peer.decisions(scores, best[-1]))))
        rows = with_peers(measure(ours), theirs)
        return Section(f"{title}, {len(messages)}", rows, rails(ours, few), self.peer_names)

    def wordings(self, title: str, rows: Callable[[Callable[[Sequence[str]], list[Decision]]], list[Row]]) -> Section:
        """Rows that are measured by deciding texts; the peers answer from the threshold that was best last."""
        theirs = [
            rows(lambda texts, peer=peer, bar=best[-1]: peer.decisions(peer.scores(texts), bar))
            for peer, best in self._peers
            if best
        ]
        return Section(title, with_peers(rows(self.decide), theirs), (), self.peer_names)

    @property
    def peer_names(self) -> list[str]:
        """The names of the peers, in the order of their values."""
        return [peer.name for peer, _ in self._peers]


def run(options: Namespace) -> int:
    """Prints everything; the exit status."""
    if options.all:
        return everything(peers=not options.no_peers, curve=not options.no_curve)
    files = options.file or [path for path in [chosen(None)] if path]
    if not files or not all(path.is_file() for path in files):
        print(f"No messages to measure on: {', '.join(map(str, files)) or SHARED} is not there. Name JSON lines files.")
        return 2
    strange = options.knowledge.resolve() != SEVEN.resolve()
    bench = Bench(taught(options.knowledge, options.beside), not options.no_peers, options.minilm)
    print(f"{len(bench.curriculum.topics)} topics; learnt in {bench.seconds:.2f} s of processor time")
    every: list[Message] = []
    for path in files:
        messages = read(path)
        every += messages
        near = sets.stranger_rows(options.beside) if strange else sets.suited(messages, bench.curriculum)
        show(bench.section(path.name, messages, near, few=strange))
        _details(bench.matcher, messages, options.worst)
    for section in _wordings(bench, every, options.changed, options.names):
        show(section)
    for section in cut.sections(bench.curriculum, every, options.cut, not options.no_peers):
        show(section)
    if not options.no_curve:
        _curve()
    return 0


def taught(folder: Path, beside: bool = False) -> Curriculum:
    """The topics of a folder, `beside` the seven or alone."""
    curriculum = load(folder, kinds=Kinds())
    if not beside:
        return curriculum
    seven = load(SEVEN, kinds=Kinds())
    return seven.model_copy(update={"topics": (*seven.topics, *curriculum.topics)})


def _wordings(bench: Bench, messages: Sequence[Message], changed: bool, names: bool) -> Iterator[Section]:
    if changed:
        section = bench.wordings("said a little otherwise", lambda decide: changed_rows(messages, decide))
        yield section
    if names:
        yield bench.wordings("bare names", lambda decide: name_rows(bench.curriculum, decide))


def everything(peers: bool, curve: bool) -> int:
    """Every figure of which a set is there, none of them a closed one."""
    start = time.perf_counter()
    bench = Bench(taught(SEVEN), peers)
    measures: list[tuple[Path, sets.Measure]] = [
        (SHARED_SETS / "ask-real-dev.jsonl", sets.real_rows),
        (SHARED, sets.first_rows),
        (DATA / "phrasings.jsonl", sets.first_rows),
        (BLIND / "people-dev.jsonl", sets.people_rows),
        (BLIND / "statements-dev.jsonl", sets.statement_rows(bench.curriculum)),
        (SHARED_SETS / "first-contact-dev.jsonl", sets.contact_rows),
    ]
    for path, measure in measures:
        if path.is_file():
            show(bench.section(path.name, read(path), measure))
    asked = [m for path, _ in measures[:2] + measures[3:4] if path.is_file() for m in read(path)]
    for section in _wordings(bench, asked, changed=True, names=True):
        show(section)
    _all_conversations(bench.matcher)
    for beside in (False, True):
        strangers = Bench(taught(BLIND / "strangers-dev", beside), peers)
        title = f"strangers' topics {'beside the seven' if beside else 'alone'}"
        show(strangers.section(title, read(BLIND / "strangers-dev.jsonl"), sets.stranger_rows(beside), few=True))
    for section in cut.sections(bench.curriculum, asked, (5, 20), peers):
        show(section)
    _, seconds = timed(bench.matcher, [message.text for message in asked])
    print(f"\ntime a message: {in_words(seconds)}; reach 0.5, 3; learnt in {bench.seconds:.2f} s")
    if curve:
        _curve()
    print(f"\nmeasured in {time.perf_counter() - start:.0f} s")
    return 0


def _paired(messages: Sequence[Message], decisions: Sequence[Decision]) -> list[Decided]:
    return list(zip(messages, decisions, strict=True))


def _details(tutor: Matcher, messages: Sequence[Message], count: int) -> None:
    """What the table does not show: every figure of a file of single messages, styles, and the worst mistakes."""
    decisions, seconds = timed(tutor, [message.text for message in messages])
    decided = _paired(messages, decisions)
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


def _all_conversations(tutor: Matcher) -> None:
    for path in (DATA / "conversations.jsonl", DATA / "conversations-by-another.jsonl"):
        if path.is_file():
            found = conversations.figures(tutor, read(path))
            show(Section(path.name, [Row(name, value) for name, value in found.items()]))


def _curve() -> None:
    print(
        f"\n{'topics':>8} {'asks':>5} {'learnt in s':>12} {'median ms':>10} {'p99 ms':>8} {'MB added':>9} {'found':>6}"
    )
    for row in curve_rows():
        if "error" in row:
            print(f"{row['topics']:>8} {row['asks']:>5} failed: {row['error']}")
            continue
        print(
            f"{row['topics']:>8} {row['asks']:>5} {row['seconds']:12.2f} {row['median_ms']:10.2f} {row['p99_ms']:8.2f}"
            f" {row['added_megabytes']:9.0f} {row['found']:6.2f}",
            flush=True,
        )
