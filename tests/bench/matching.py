"""The benchmark of matching: our figures, the worst mistakes, the peers, and the curve of time and memory."""

import time
from collections.abc import Sequence
from pathlib import Path

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.matching.decision import Decision, Decline, Match, TopicAnswer
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from tests.bench import conversations
from tests.bench.curve import curve as curve_rows
from tests.bench.figures import by_style, figures, matches, worst
from tests.bench.messages import DATA, Message, chosen, read
from tests.bench.peers import peers as all_peers
from tests.bench.timing import in_words, timed


def run(file: Path | None, knowledge: Path, peers: bool = True, curve: bool = True) -> int:
    """Prints everything; the exit status."""
    path = chosen(file)
    if path is None:
        print(
            f"No messages to measure on: {file or 'tests/data/phrasings.jsonl'} is not there. Name a JSON lines file."
        )
        return 2
    curriculum, messages = load(knowledge, kinds=Kinds()), read(path)
    start = time.process_time()
    tutor = Matcher(curriculum)
    print(f"{path.name}: {len(messages)} messages; learnt in {time.process_time() - start:.2f} s of processor time")
    decisions, seconds = timed(tutor, [message.text for message in messages])
    _ours(list(zip(messages, decisions, strict=True)))
    print(f"\ntime a message: {in_words(seconds)}")
    _conversations(tutor)
    if peers:
        _peers(curriculum, messages, decisions, seconds)
    if curve:
        _curve()
    return 0


def _ours(decided: Sequence[tuple[Message, Decision]]) -> None:
    print()
    for name, value in figures(decided).items():
        print(f"  {name:<46} {value:6.3f}")
    print("\ndecided rightly, by style:")
    for style, value in by_style(decided).items():
        print(f"  {style:<10} {value:.3f} of {sum(message.style == style for message, _ in decided)}")
    print("\nworst mistakes:")
    for message, decision in worst(decided):
        found = ", ".join(f"{match.topic} {match.score:.2f}" for match in matches(decision)[:2]) or "nothing"
        kind = type(decision).__name__.removeprefix("Topic").lower()
        print(f"  asks {'+'.join(message.topics) or 'nothing of us'}; {kind}: {found}")
        print(f"    {' '.join(message.text.split())[:150]}")


def _conversations(tutor: Matcher) -> None:
    path = DATA / "conversations.jsonl"
    if not path.is_file():
        return
    print(f"\n{path.name}:")
    for name, value in conversations.figures(tutor, read(path)).items():
        print(f"  {name:<60} {value:.3f}")


def _peers(
    curriculum: Curriculum, messages: Sequence[Message], ours: Sequence[Decision], seconds: Sequence[float]
) -> None:
    print(f"\n{'peer':<30} {'rightly':>8} {'in right':>9} {'in wrong':>9} {'out answered':>13} {'ms a message':>13}")
    _row("ours", messages, ours, sum(seconds) / len(seconds))
    topics = [topic.id for topic in curriculum.topics]
    for name, teach in all_peers(curriculum):
        predict = teach()
        start = time.process_time()
        labels = predict([message.text for message in messages])
        spent = (time.process_time() - start) / len(messages)
        decided = [TopicAnswer((Match(topics[label], 1.0),)) if label >= 0 else Decline() for label in labels]
        _row(name, messages, decided, spent)


def _row(name: str, messages: Sequence[Message], decisions: Sequence[Decision], seconds: float) -> None:
    decided = list(zip(messages, decisions, strict=True))
    found = figures(decided)
    out = [isinstance(decision, TopicAnswer) for message, decision in decided if not message.topics]
    shown = [
        found["decided rightly"],
        found["in scope: answered, right topic first"],
        found["in scope: answered, wrong topic first"],
        sum(out) / max(1, len(out)),
    ]
    print(f"{name:<30} {shown[0]:8.3f} {shown[1]:9.3f} {shown[2]:9.3f} {shown[3]:13.3f} {seconds * 1e3:13.2f}")


def _curve() -> None:
    print(f"\n{'topics':>8} {'learnt in s':>12} {'median ms':>10} {'p99 ms':>8} {'MB added':>9} {'found':>6}")
    for row in curve_rows():
        if "error" in row:
            print(f"{row['topics']:>8} failed: {row['error']}")
            continue
        print(
            f"{row['topics']:>8} {row['seconds']:12.2f} {row['median_ms']:10.2f} {row['p99_ms']:8.2f}"
            f" {row['added_megabytes']:9.0f} {row['found']:6.2f}",
            flush=True,
        )
