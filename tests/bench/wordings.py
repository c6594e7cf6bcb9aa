"""The same thing said otherwise: changes that must not change a decision, and bare names in their usual carriers."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Choose, Decision, Decline
from tests.bench.figures import matches, share
from tests.bench.messages import Message, small_talk
from tests.bench.table import Row

Decide = Callable[[Sequence[str]], Sequence[Decision]]
_WORDS_A_LINE = 6

CHANGES: dict[str, Callable[[str], str]] = {
    '"hi, "': lambda text: f"hi, {text}",
    '"quick question: "': lambda text: f"quick question: {text}",
    '"hey guys, "': lambda text: f"hey guys, {text}",
    '"... thanks!"': lambda text: f"{text} thanks!",
    '"... pls help"': lambda text: f"{text} pls help",
    "lower case": str.lower,
    'no "?"': lambda text: text.replace("?", ""),
    "line breaks": lambda text: re.sub(rf"((?:\S+ ){{{_WORDS_A_LINE}}})", lambda found: found[1][:-1] + "\n", text),
}
# Changes that nothing was made for: the worst of them tells whether what holds for the others holds in general.
OTHERS: dict[str, Callable[[str], str]] = {
    "good morning everyone, ...": lambda text: f"good morning everyone, {text}",
    "sorry if this is a dumb question but ...": lambda text: f"sorry if this is a dumb question but {text}",
    "I was wondering: ...": lambda text: f"I was wondering: {text}",
    "@tutor ...": lambda text: f"@tutor {text}",
    "so um ...": lambda text: f"so um {text}",
    "upper case": str.upper,
    "(noob here)": lambda text: f"{text} (noob here)",
    "an emoji": lambda text: f"{text} 🙏",
    "???": lambda text: text.rstrip("?") + "???",
    "thx in advance": lambda text: f"{text}\nthx in advance",
    "anyone knows?": lambda text: f"{text} anyone knows?",
    "cheers, Tom": lambda text: f"{text}\n\ncheers, Tom",
    "asking for a friend": lambda text: f"{text} asking for a friend",
    "two blanks": lambda text: text.replace(" ", "  "),
    "no commas": lambda text: text.replace(",", ""),
    "typographic quotes": lambda text: text.replace("'", "’").replace('"', "“"),
}
CARRIERS = ("{}", "{}?", "what is {}", "What is {}?", "explain {}", "help with {}")
_SERVED = {"help", "topics", "quiz", "simulate", "claims", "about"}  # intents that are no small talk
_ALIKE = 4  # the first so many carriers must be decided alike


def changed_rows(messages: Sequence[Message], decide: Decide) -> list[Row]:
    """Of each change the share of the messages it alters of which the decision flips."""
    asked = [message.text for message in messages if message.is_question and not small_talk(message)]
    asked += [message.text for message in messages if message.intent in _SERVED]
    before = [_key(decision) for decision in decide(asked)]
    found = [
        replace(_flips(change, asked, before, decide), figure=f"flipped by {name}", reach=0.02)
        for name, change in CHANGES.items()
    ]
    others = {name: _flips(change, asked, before, decide) for name, change in OTHERS.items()}
    altering = {name: row.value for name, row in others.items() if not math.isnan(row.value)}
    worst = max(altering, key=lambda name: altering[name], default=next(iter(others)))
    mean = share(altering.values())
    named = replace(others[worst], figure=f"  the worst: {worst}")
    return [*found, Row(f"flipped by {len(others)} others, the mean", mean, at_most=True), named]


def _flips(
    change: Callable[[str], str], asked: Sequence[str], before: Sequence[tuple[object, ...]], decide: Decide
) -> Row:
    """The share of the messages that are altered of which the decision flips, with examples."""
    altered = [(old, key) for old, key in zip(asked, before, strict=True) if change(old) != old]
    after = decide([change(old) for old, _ in altered])
    flips = [key != _key(decision) for (_, key), decision in zip(altered, after, strict=True)]
    examples = [" ".join(old.split())[:60] for (old, _), flip in zip(altered, flips, strict=True) if flip]
    return Row("", share(flips), at_most=True, note=" | ".join(examples[:3]))


def _key(decision: Decision) -> tuple[object, ...]:
    """What must stay: the kind of decision, what is answered, and the intent."""
    if isinstance(decision, Decline):
        return Decline, decision.intent
    topics = [match.topic for match in matches(decision)]
    return type(decision), topics[0] if isinstance(decision, Choose) else frozenset(topics)


def names(topic: Topic) -> Iterator[str]:
    """What a topic is called: its id in words, its parts' titles, and the names its file lists."""
    yield topic.id.replace("-", " ")
    yield from (part.title for part in topic.parts)
    yield from topic.names


def name_rows(curriculum: Curriculum, decide: Decide) -> list[Row]:
    """Bare names: whether there is a way to the topic in every carrier, and the same decision whatever its shape."""
    owners: dict[str, set[str]] = {}
    for topic in curriculum.topics:
        for name in names(topic):
            owners.setdefault(name.casefold(), set()).add(topic.id)
    ways, alike = [], []
    missed: dict[str, None] = {}
    for name, topics in owners.items():
        decisions = decide([carrier.format(name) for carrier in CARRIERS])
        there = [not topics.isdisjoint(match.topic for match in matches(decision)) for decision in decisions]
        ways += there
        alike.append(len({_key(decision) for decision in decisions[:_ALIKE]}) == 1)
        if not all(there):
            missed[name] = None
    shown = ", ".join(list(missed)[:6])
    return [
        Row(
            f"{len(owners)} names, {len(CARRIERS)} carriers: a way to a topic of that name",
            share(ways),
            1.0,
            note=shown,
        ),
        Row("the same decision for X, X?, what is X, What is X?", share(alike), 0.95),
    ]
