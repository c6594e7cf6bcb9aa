"""Topics and parts named shortly, as custom ids carry them and as completions of questions send them; who asks, beside
what, and what that is answered with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from bot.curriculum.model import Curriculum
from bot.discord_app.codec import AtMost, Digest, Signs, digest
from bot.discord_app.commands import stands_in
from bot.discord_app.controls import topic_meant
from bot.discord_app.layout import MOST_OPTIONS, Page
from bot.matching.decision import Match
from bot.service.answering import Shown
from bot.service.gate import Asker
from bot.simulations.experiments import Request
from bot.text.normalise import folded

MOST_PICKS = 3
MOST_PARTS = 3
_PART_BYTES = 3  # 4 characters of base64: parts need only be told apart within their topic


@dataclass(frozen=True, slots=True)
class Pick:
    """A topic, and the parts of it that stand in front."""

    topic: Digest
    parts: Annotated[tuple[Annotated[str, Signs(4)], ...], AtMost(MOST_PARTS)] = ()


Picks = Annotated[tuple[Pick, ...], AtMost(MOST_PICKS)]


def pick(match: Match) -> Pick:
    """The match as a button carries it."""
    return Pick(digest(match.topic), tuple(digest(part, _PART_BYTES) for part in match.parts[:MOST_PARTS]))


def picks(matches: Iterable[Match]) -> tuple[Pick, ...]:
    """The matches as buttons carry them: no two alike, the best kept."""
    return tuple(dict.fromkeys(map(pick, matches)))[:MOST_PICKS]


def found(curriculum: Curriculum, wanted: Pick) -> Match | None:
    """The topic and parts that a button means, or None where the topic is no longer taught."""
    topic = topic_meant(curriculum, wanted.topic)
    if topic is None:
        return None
    ids = {digest(part.id, _PART_BYTES): part.id for part in topic.parts}
    return Match(topic.id, 1.0, tuple(ids[part] for part in wanted.parts if part in ids))


_SCHEME = "topic:"


def completions(curriculum: Curriculum, typed: str) -> list[tuple[str, str]]:
    """Titles and what is sent for them: those with every typed word in their title, in the order of the curriculum,
    topics before parts."""
    found = []
    for title, topic, part in curriculum.titled.values():
        if stands_in(typed, title):
            found.append((title, f"{_SCHEME}{topic.id}/{part.id}" if part else f"{_SCHEME}{topic.id}"))
    return found[:MOST_OPTIONS]


def chosen(curriculum: Curriculum, text: str) -> Shown | None:
    """What a completion stands for, by its value or by its very title; None for any other text."""
    if titled := curriculum.titled.get(folded(text)):
        _, topic, part = titled
        return Shown(topic, (part.id,) if part else ())
    sent = text.strip()
    if not sent.startswith(_SCHEME):
        return None
    topic_id, slash, part_id = sent.removeprefix(_SCHEME).partition("/")
    meant = curriculum.topic(topic_id)
    if meant is None or (slash and not meant.part(part_id)):
        return None
    return Shown(meant, (part_id,) if slash else ())


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who asked what, as a reply needs to know it."""

    question: str  # the line that the reply opens with; may be empty
    asker: Asker
    text: str = ""  # what was typed, whole
    first: bool = False  # whether it is tried before the answer is shown, where that can be

    @property
    def group(self) -> bool:
        """Whether there are others who could be asked."""
        return self.asker.server is not None


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer of ours as its message shows it."""

    pick: Pick  # the last where there are several
    question: str  # the line that it opens with; may be empty
    others: tuple[Pick, ...]  # what "Not what I asked" offers


@dataclass(frozen=True, slots=True)
class ForTheAsker:
    """Messages that are for nobody but the asker, where that can be: below a message all see them."""

    pages: list[Page]


@dataclass(frozen=True, slots=True)
class ToTry:
    """A try: for the asker alone in a server, unless it stands below their message, where all may begin one."""

    page: Page
    match: Match | None = None  # what is tried; None: that is chosen first
    question: str = ""  # the line that it opens with


Reply = list[Page] | ForTheAsker | ToTry | Request
"""Messages to answer with, or the run that was asked for."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a question stands beside."""

    link: str = ""  # leads to the message that it stands in or under
    about: AnswerShown | None = None  # the answer that it is about
    another: bool = False  # whether it replies to the message of another member
