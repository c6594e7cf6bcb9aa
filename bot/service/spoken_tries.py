"""Tries in plain words: who wants to try, and what a message is that follows an open try.

A try stays open for ten minutes, in memory, as the last answer does: where a member talks with the tutor alone, their
next message is their next attempt, unless it surely asks something else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from cachetools import TTLCache

from bot.clock import Clock
from bot.curriculum.model import Curriculum, Topic, named
from bot.matching.decision import Choose, Decider, Decline, Intent, Match, TopicAnswer
from bot.service.answering import KEPT_MEMBERS, KEPT_SECONDS, Answering
from bot.service.gate import Asker
from bot.service.tries import Hint
from bot.text.normalise import folded, opens_question, plain, word_set


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to try before they are shown the answer."""

    what: str  # the topic or question, in their words; empty: what they were answered last
    sure: bool  # whether it can mean nothing else


_TALK = r"(?:(?:ok|okay|so|hey|hi|please|pls|and|now|well|wait|hm+|no|first)[\s,!.:]+)*"
_WANTS = (
    r"(?:let\s+me|lemme|i\s+(?:want|wanna|would\s+like|would\s+love|wish|prefer)(?:\s+to)?|"
    r"i['’]?d\s+(?:like|love|rather|prefer)(?:\s+to)?|i['’]?ll|i\s+will)"
)
_MAY = r"(?:can|could|may|might)\s+(?:i|we)|let\s*['’]?s|let\s+us"
_WISH = re.compile(
    rf"\A\s*{_TALK}(?:(?P<wants>{_WANTS})|(?P<may>{_MAY}))?\s*(?:(?:please|just|first|maybe)\s+)*\btry\b(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_IT = re.compile(
    r"\A[\s,:;.-]*(?:(?:to\s+)?answer(?:ing)?\s+(?:it|this|that)|(?:to\s+)?answer(?:ing)?|out|it|this|that|myself|"
    r"first|the\s+(?:one|question|topic)\s+(?:on|about|of)|on|about|with|the|a|my\s+luck)(?=[\s,:;.!?-]|\Z)",
    re.IGNORECASE,
)
_AFTER_IT = re.compile(
    r"[\s,]*\b(?:first|myself|on\s+my\s+own|by\s+myself|please|pls|now|again|question|topic|one|before.*)[\s.!?]*\Z",
    re.IGNORECASE,
)
_RUNS = re.compile(r"\b(?:experiments?|simulat\w+|sim|run(?:ning)?|demos?)\b", re.IGNORECASE)


def wish_to_try(text: str) -> Wish | None:
    """Return what somebody wants to try who says so: "let me try momentum", "try: is zero ok?"; None for all else.

    What begins with a mere "try" may speak of an experiment or to the tutor, and "can I try" may be a question: these
    are sure only where the rest shows it.
    """
    found = _WISH.match(text)
    if found is None or _RUNS.search(found["rest"]):
        return None
    rest = found["rest"].strip()
    what = _bare(rest)
    if found["wants"]:
        return Wish(what, True)
    if found["may"]:
        return Wish(what, what != rest.strip(" ?!."))
    if (rest and not what) or rest.casefold().startswith("to ") or (re.search(r"\d", rest) and "?" not in rest):
        return None
    return Wish(what, not rest or rest.startswith(":"))


def _bare(rest: str) -> str:
    before = None
    while before != rest:
        before, rest = rest, _AFTER_IT.sub("", _BEFORE_IT.sub("", rest)).strip(" ,:;!")
    return "" if not re.search(r"\w", rest) else rest


def topic_named(curriculum: Curriculum, what: str) -> Topic | None:
    """Return the topic whose id, title or names these words are, or the only one whose title has all of them."""
    if topic := named(curriculum.topics, what.strip(" ?!.")):
        return topic
    words = set(plain(what.strip(" ?!.")))
    has = [one for one in curriculum.topics if words and words <= set(plain(f"{one.id.replace('-', ' ')} {one.title}"))]
    return has[0] if len(has) == 1 else None


def wanted_to_try(answering: Answering, wish: Wish, asker: Asker, about: Match | None = None) -> Sequence[Match] | None:
    """Return what somebody wants to try: one where that is plain, else what it may be, which may be nothing; None where
    they may well mean something else. `about` is the answer that they reply to. Raises as `Answering.ask` does."""
    if topic := topic_named(answering.curriculum, wish.what):
        return [Match(topic.id, 1.0)]
    if not wish.what:
        last = answering.last(asker)
        known = about or (Match(last.context.topic, 1.0, last.context.parts) if last else None)
        return [known] if known else [] if wish.sure else None
    match answering.ask(wish.what, asker):
        case TopicAnswer(topics):
            return topics
        case Decline(suggestions, named=[first, *_]) if wish.sure:
            return [one for one in suggestions if one.topic == first] or suggestions
        case Choose(near) | Decline(near) if wish.sure:
            return near
    return None


class Step(Enum):
    """What a message is that follows an open try."""

    ATTEMPT = auto()
    HINT = auto()
    ANSWER = auto()  # they want to see it
    LEAVE = auto()
    ELSEWHERE = auto()  # it wants something else, and the try waits
    QUESTION = auto()  # it asks something else, and the try is over


_SAID = {
    Step.HINT: re.compile(
        r"(?:(?:give|tell|show) me |can i (?:get|have) |i (?:want|need) |may i have )?(?:a |an |the |one )?"
        r"(?:other |another |next |more |small )?(?:hints?|nudge|clue)(?: more)?"
    ),
    Step.ANSWER: re.compile(
        r"(?:(?:show|give|tell) me |show |see |i want |whats |what is )?(?:the |your )?(?:whole |full |right )?"
        r"(?:answer|solution)|i give up|give up"
    ),
    Step.LEAVE: re.compile(r"skip(?: it| this)?|stop|cancel|quit|exit|leave(?: it)?|never mind|nevermind"),
}
_UNKNOWING = re.compile(
    r"(?:(?:hm+|uh+|um+|well|sorry|honestly|tbh|no|ok|i|im|really|just|have|ive|got|am|still|absolutely) )*"
    r"(?:idk|dunno|dont know|do not know|no idea|no clue|not sure|cant say|forgot|not the (?:faintest|slightest) idea|"
    r"clueless|dont remember|have no idea)"
    r"(?: (?:really|sorry|at all|yet|this|it|that|tbh|the answer|about (?:this|it)))*"
)
_WHAT_FOR = word_set("what whats why how when where which who whose")
_TELLING = word_set("explain tell define describe")


def knows_nothing(text: str) -> bool:
    """Whether an answer says only that its writer does not know."""
    return _UNKNOWING.fullmatch(_flat(text)) is not None or not re.search(r"\w", text)


def gives_up(text: str) -> bool:
    """Whether an answer only says, in words, that its writer does not know, or wants to see what is right."""
    return _UNKNOWING.fullmatch(_flat(text)) is not None or _SAID[Step.ANSWER].fullmatch(_flat(text)) is not None


def step_of(text: str, topic_id: str, decider: Decider) -> Step:
    """Return what a message is to an open try of that topic: an attempt, unless it is surely something else."""
    flat = _flat(text)
    for step, form in _SAID.items():
        if form.fullmatch(flat):
            return step
    wish = wish_to_try(text)
    if wish and wish.sure and wish.what:
        return Step.ELSEWHERE
    decision, words = decider.decide(text), plain(text)
    if isinstance(decision, Decline) and decision.intent is not Intent.QUESTION:
        return Step.ATTEMPT if decision.intent in (Intent.CHATTER, Intent.COMPLAINT) else Step.ELSEWHERE
    asks, marked = opens_question(words), text.rstrip().endswith("?")
    if isinstance(decision, TopicAnswer):
        other = all(match.topic != topic_id for match in decision.topics)
        told = bool(words) and words[0] in _TELLING
        return Step.QUESTION if other and (asks or marked or told) else Step.ATTEMPT
    return Step.QUESTION if marked and asks and words[0] in _WHAT_FOR else Step.ATTEMPT


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text).replace("'", "").replace("’", ""))).removesuffix(" please")


@dataclass(frozen=True, slots=True)
class OpenTry:
    """A try that goes on in messages."""

    match: Match  # what is tried
    question: str  # the line that it opens with; may be empty
    channel: int  # where it was begun
    hint: Hint = Hint.NONE
    written: Mapping[int, str] = field(default_factory=dict)  # by the id of the message; 0: in a form
    draft: str = ""  # said where all would see it, for the form

    @property
    def text(self) -> str:
        """All that was written."""
        return "\n".join(self.written.values())


class OpenTries:
    """The try that is the last thing in a member's conversation, one each. In memory only."""

    def __init__(self, clock: Clock) -> None:
        self._open: TTLCache[str, OpenTry] = TTLCache(KEPT_MEMBERS, KEPT_SECONDS, clock.now)

    def of(self, asker: Asker) -> OpenTry | None:
        """Return the try that a member has open where they write now."""
        found = self._open.get(asker.key)
        return found if found and found.channel in asker.channels[:1] else None

    def put(self, asker: Asker, one: OpenTry) -> None:
        """Keep it; its time begins anew."""
        self._open[asker.key] = one

    def leave(self, asker: Asker) -> None:
        """Forget the try that a member has open."""
        self._open.pop(asker.key, None)
