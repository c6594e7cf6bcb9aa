"""What must not be had from the bot while a quiz round asks it, by whatever door.

Whoever asks in the channel of the round, or has pressed in that round, gets neither the topic's answer nor an
experiment that would show it. The threads of that channel belong to it; and where the round is in a thread, so does the
channel around it, since those who play see it too. Its other threads do not. The text of the question itself is known
too, or of a part of it: what it is pasted for may be taken for another topic.

Whatever gives out answers, runs or questions takes a gate when it is made, and asks it by itself. What rounds of other
processes ask is looked up before, anew for everything that somebody wants (`Gate.look`): a question is in the database
before it is posted. Where nobody has looked, nothing is given out.
"""

import itertools
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from cachetools import LRUCache, TTLCache
from rapidfuzz import fuzz

from bot.errors import TutorError
from bot.quiz.kinds.base import LETTERS, BlockType, DrawnQuestion
from bot.quiz.round.state import Round
from bot.text.normalise import folded

# A text is that of a question where one lies in the other with few characters changed, or has that many words in a row
# in common with it. Chosen on all shipped questions and the 4,000 messages of tests/data and `asks` (a million pairs).
# Pasted whole, without the last sentence, by halves, with options, in capitals or with a slip in one word of four, the
# least alike has 89 of 100; of what asks another topic the most alike has 86, most of it under 30 characters long. Six
# words in a row are the most that such a message shares with any question; half a question in much chatter is known by
# seven in nine cases of ten. To choose again, see `python -m pytest -m slow tests/service/test_gate.py`.
_ALIKE, _IN_A_ROW = 88.0, 7
_SHORTEST = 24  # characters: what is shorter is no question of its own
LOOK_GOOD_FOR = 20.0  # seconds, for what was wanted when it was looked up; what takes longer looks anew
LOOKS_KEPT = 10_000  # of members, the latest


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question as texts are compared with it: lower case, words only."""

    ask: str
    shown: str  # with its code and its options


def text_of(question: DrawnQuestion) -> QuestionText:
    """How that question is recognised."""
    code = [block.text for block in question.blocks if block.type is BlockType.CODE]
    options = (
        [] if question.lettered else [f"{a} {one.text}" for a, one in zip(LETTERS, question.options, strict=False)]
    )
    asked = _normal(question.ask)
    return QuestionText(asked, " ".join([asked, *map(_normal, [*code, *options])]))


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is being asked in a round right now, and must not be answered."""

    round: str  # its id
    turn: int
    topic: str
    experiments: frozenset[str]  # those that would give the answer away
    closes: float | None = None  # seconds since the epoch; None: there is no clock
    question: DrawnQuestion | None = None  # itself
    text: QuestionText | None = None  # of the question, where another process has it
    own_of: int | None = None  # the server whose own topic it is: in others that id is another's, or nothing
    server: int = 0  # where it is asked; 0: in one of another process
    channel: int = 0
    of_the_day: bool = False  # it stands for a day
    holds: bool = True  # it is kept back from them; a question of the day that is not is told in private, and noted
    answered: bool = True  # they have an answer to it
    message: int | None = None  # that shows it, if that is known
    final: bool = False  # their answer is locked for good

    def is_asked_by(self, text: str) -> bool:
        """Whether that text is the question's."""
        asked = text_of(self.question) if self.question else self.text
        return asked is not None and is_text_of(text, asked)


def withheld(round_: Round, member: int, channels: Sequence[int], server: int | None = None) -> Withheld | None:
    """What a round of that server asks that `member` must not be told where they ask: `channels` is that, then the one
    around it. A question of the day comes with whether it is kept back from them: who has not pressed is told.
    """
    setup, pressed = round_.setup, member in round_.names
    if setup.of_the_day and not pressed:  # thousands may stand, and it is the same for all who have not
        before, found = _TOLD.get(setup.id, (None, None))
        if before is not round_:
            found = _withheld(round_, member, server)
            _TOLD[setup.id] = round_, found
        return found
    there = setup.channel in channels or setup.parent in channels[:1]
    return _withheld(round_, member, server) if there or pressed else None


_TOLD: LRUCache[str, tuple[Round, Withheld | None]] = LRUCache(10_000)  # by the round, as it was then


def _withheld(round_: Round, member: int, server: int | None) -> Withheld | None:
    turn, setup = round_.current, round_.setup
    if turn is None:
        return None
    question = turn.question
    return Withheld(
        setup.id,
        turn.number,
        question.topic,
        question.experiments,
        turn.closes,
        question,
        own_of=server if question.topic in setup.own else None,
        server=server or 0,
        channel=setup.channel,
        of_the_day=setup.of_the_day,
        holds=not setup.of_the_day or member in round_.kept_back_from,
        answered=not setup.of_the_day or member in turn.answers,
        message=turn.message.id if turn.message else None,
        final=member in turn.final,
    )


def is_text_of(text: str, question: QuestionText) -> bool:
    """Whether a message repeats a question, its code or its options, whole or a good part of it, slips allowed."""
    said = _normal(text)
    if len(said) < _SHORTEST:
        return False
    if fuzz.partial_ratio(said, question.shown, score_cutoff=_ALIKE):
        return True
    if _SHORTEST <= len(question.ask) < len(said) and fuzz.partial_ratio(question.ask, said, score_cutoff=_ALIKE):
        return True
    return not _runs(said).isdisjoint(_runs(question.shown))


def _normal(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(text)))


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every few words in a row."""
    words = text.split()
    return {tuple(words[at : at + _IN_A_ROW]) for at in range(len(words) - _IN_A_ROW + 1)}


Hidden = Callable[[int, Sequence[int]], Iterable[Withheld]]
"""What a member must not be told: takes their id, and the channel where they ask with the one around it."""

HiddenElsewhere = Callable[[int, Sequence[int]], Awaitable[Sequence[Withheld]]]
"""The same of rounds that other processes have. Raises StorageRefuses."""


class Noted(Protocol):
    """Where it is noted who is told what answers a question of the day; `rounds.seen.SeenOfTheDay` is that."""

    async def note(self, member: int, own_of: int, topic: str) -> None:
        """Note it; `own_of` is the server whose own topic it is, or 0. Raises StorageRefuses."""
        ...


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for something, and where."""

    key: str  # what is remembered of their conversation is kept under it; empty: nothing is
    id: int = 0  # of the member in Discord; 0: outside of Discord
    server: int | None = None  # None: a direct conversation
    channels: tuple[int, ...] = ()  # the channel, then the one that a thread belongs to
    at_home: bool = False  # whether the bot is in that server, and not only with the member: else nothing is counted


class BeingAsked(TutorError):  # noqa: N818 - reads as what it is
    """It would give an open question away, which `closes` (None: it has no clock). `first`: it is a question of the day
    which they have pressed in, and are told once they have locked their answer for good, or given up."""

    def __init__(self, closes: float | None = None, first: Withheld | None = None) -> None:
        super().__init__("being asked in a round")
        self.closes = closes
        self.first = first


class NotedFirst(TutorError):  # noqa: N818
    """It answers questions of the day: `Gate.note` notes that they are told, and then they may be; in private, where
    one of them stands in the server where they ask (`here`)."""

    def __init__(self, found: Sequence[Withheld], here: Withheld | None) -> None:
        super().__init__("it answers a question of the day")
        self.found = found
        self.here = here


class NotLookedUp(TutorError):  # noqa: N818
    """It is not known what rounds of other processes ask of whoever wants something."""


class Gate:
    """Asked before an answer, a run or a question is given out."""

    def __init__(self, hidden: Hidden, elsewhere: HiddenElsewhere | None = None, seen: "Noted | None" = None) -> None:
        """`elsewhere` is None where no other process has rounds; `seen` notes what is told of questions of the day."""
        self._seen = seen
        self._here = hidden
        self._elsewhere = elsewhere
        self._begun = itertools.count()  # looks
        # By who asks and where: what was found, and by which look. Two requests of a member may look at once: neither
        # takes away what the other has found, and what is found by the one that began later stays.
        self._looks: TTLCache[tuple[int, tuple[int, ...]], tuple[int, Sequence[Withheld]]]
        self._looks = TTLCache(LOOKS_KEPT, LOOK_GOOD_FOR)

    async def look(self, asker: Asker) -> None:
        """Look up what rounds of other processes ask: for every single thing that is wanted, before it is given out.

        Raises StorageRefuses: what cannot be looked up might be asked.
        """
        if self._elsewhere:
            key, number = (asker.id, asker.channels), next(self._begun)
            found = await self._elsewhere(*key)
            latest = self._looks.get(key)
            if latest is None or latest[0] < number:
                self._looks[key] = number, found

    def _hidden(self, asker: Asker) -> Iterable[Withheld]:
        yield from self._here(asker.id, asker.channels)
        if self._elsewhere:
            latest = self._looks.get((asker.id, asker.channels))
            if latest is None:
                raise NotLookedUp
            yield from latest[1]

    def _refuse(self, asker: Asker, found: Iterable[Withheld]) -> None:
        """Raises BeingAsked, or NotedFirst, where something is found that would be told."""
        to_note, noted = [], _NOTED.get()
        for one in found:
            if not one.of_the_day:
                raise BeingAsked(one.closes)
            if one.holds:
                raise BeingAsked(one.closes, one)
            if (one.server, one.topic) not in noted:
                to_note.append(one)
        if to_note:
            here = next((one for one in to_note if one.server == asker.server), None)
            raise NotedFirst(to_note, here)

    async def note(self, asker: Asker, told: NotedFirst) -> None:
        """Note that they are told what answers a question of the day; inside of `noting` they may be then. Raises
        StorageRefuses."""
        if self._seen:
            for own_of, topic in {(one.own_of or 0, one.topic) for one in told.found}:
                await self._seen.note(asker.id, own_of, topic)
        _NOTED.set(_NOTED.get() | {(one.server, one.topic) for one in told.found})

    @contextmanager
    def noting(self) -> Iterator[None]:
        """One request, in which they may be told what was noted in it."""
        token = _NOTED.set(frozenset())
        try:
            yield
        finally:
            _NOTED.reset(token)

    def topics(self, asker: Asker, topics: Iterable[str]) -> None:
        """Raises BeingAsked where one of these topics is being asked, and NotedFirst."""
        wanted = set(topics)
        self._refuse(
            asker, (one for one in self._hidden(asker) if one.topic in wanted and one.own_of in {None, asker.server})
        )

    def text(self, asker: Asker, text: str) -> None:
        """Raises BeingAsked where a text is that of a question that is being asked, whatever it is taken for, and
        NotedFirst."""
        hidden = (one for one in self._hidden(asker) if one.holds or one.server == asker.server)
        self._refuse(asker, (one for one in hidden if one.is_asked_by(text)))

    def experiment(self, asker: Asker, experiment: str) -> None:
        """Raises BeingAsked where a run of it would tell, and NotedFirst."""
        self._refuse(asker, (one for one in self._hidden(asker) if experiment in one.experiments))

    def question(self, asker: Asker, question: DrawnQuestion) -> None:
        """Raises BeingAsked where posing this question alone, or running what decides it, would tell, and
        NotedFirst."""
        self.topics(asker, [question.topic])
        for run in question.telling:
            self.experiment(asker, run.experiment)

    def is_asked(self, asker: Asker, question: DrawnQuestion) -> bool:
        """Whether what that question is about must not be told now. A question of the day keeps back itself alone:
        nobody has asked about its topic here."""
        experiments = {run.experiment for run in question.telling}
        for one in self._hidden(asker):
            same_topic = one.topic == question.topic and one.own_of in {None, asker.server}
            if one.is_asked_by(question.ask) if one.of_the_day else same_topic:
                return True
            if not one.of_the_day and experiments & one.experiments:
                return True
        return False

    def hidden_topics(self, asker: Asker) -> tuple[str, ...]:
        """The ids of the topics that are being asked, but those that they were told in this request."""
        hidden, noted = self._hidden(asker), _NOTED.get()
        here = [one for one in hidden if one.own_of in {None, asker.server}]
        told = [one for one in here if one.server != asker.server or (one.server, one.topic) in noted]
        return tuple({one.topic for one in here if one.holds or one not in told})


_NOTED: ContextVar[frozenset[tuple[int, str]]] = ContextVar("what is noted in this request", default=frozenset())
