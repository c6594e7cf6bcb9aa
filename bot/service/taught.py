"""What is taught, as everything that answers, asks and grades has it: replaced as a whole when the knowledge is read
anew, the same from the beginning of a request to its end, and in a server with topics of its own those too."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Self, TypeVar

from bot.curriculum.model import Curriculum, Topic
from bot.matching.added_phrasings import PhrasingComparer
from bot.matching.matcher import Matcher
from bot.quiz.beliefs import Beliefs
from bot.quiz.drawing import QuestionPool
from bot.quiz.grading.english import EVERYDAY
from bot.quiz.kinds import Kinds
from bot.service.grading import Grading
from bot.service.ledger import Ledger, read_measured
from bot.simulations.experiments import catalogue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServerTopic:
    """A topic that moderators added in their server."""

    topic: Topic
    version: int  # another one after each change, never the same again
    added_by_id: int  # of the moderator; 0 where they wanted to be forgotten
    added_by: str  # their display name then
    added_at: float  # seconds since the epoch


@dataclass(frozen=True, eq=False)
class Learnt:
    """What is made from the knowledge files and takes a moment: each part when it is first called for, then kept."""

    curriculum: Curriculum
    kinds: Kinds  # of the questions in it
    matcher: Callable[[], Matcher]
    comparer: Callable[[], PhrasingComparer]
    grading: Callable[[], Grading]
    measured: Path | None = None  # the file of what was found when the claims were last checked
    fingerprint: str = ""  # of the files; empty: it was made from none
    own: Mapping[str, ServerTopic] = field(default_factory=dict)  # by id the topics in it that are a server's own
    base: "Learnt | None" = None  # what is taught everywhere, where this is that and more

    @classmethod
    def of(
        cls,
        curriculum: Curriculum,
        kinds: Kinds | None = None,
        make: Callable[[Curriculum], Matcher] | None = None,
        measured: Path | None = None,
        fingerprint: str = "",
    ) -> Self:
        """What is made from that curriculum, whose questions are of these kinds (by default the shipped ones).

        `make` gives its matcher; without it the model is fitted and not kept.
        """
        matcher = once(lambda: make(curriculum) if make else Matcher(curriculum, experiments=catalogue))
        return cls(
            curriculum,
            kinds or Kinds(),
            matcher=matcher,
            comparer=once(lambda: PhrasingComparer(curriculum, matcher().pipeline)),
            grading=once(lambda: Grading(curriculum)),
            measured=measured,
            fingerprint=fingerprint,
        )

    def with_topics(
        self, own: Mapping[str, ServerTopic], alone: bool = False, before: "Learnt | None" = None
    ) -> "Learnt":
        """What is taught in a server that has these topics of its own: they stand after the others, or `alone`.

        No part is made before it is called for; the matcher then takes about a tenth of a second for 20 topics, and
        what is large is shared. What was taught there `before`, and is made, saves most of that: its topics are not
        read again.
        """
        topics = tuple(one.topic for one in own.values())
        others = () if alone else self.curriculum.topics
        curriculum = Curriculum(topics=(*others, *topics), language=self.curriculum.language)
        read = before.matcher if before and before.own else None
        matcher = once(lambda: self.matcher().with_more(topics, alone, read() if read else None))
        return replace(
            self,
            curriculum=curriculum,
            matcher=matcher,
            comparer=once(lambda: self.comparer().with_more(topics, matcher().pipeline)),
            grading=once(lambda: self.grading().with_more(curriculum, topics, alone)),
            own=own,
            base=None if alone else self,
        )

    def complete(self) -> None:
        """Make all parts that are not made yet; it takes seconds."""
        for part in (self.matcher, self.comparer, self.grading):
            part()
        _ = self.pool, self.ledger

    @cached_property
    def pool(self) -> QuestionPool:
        """All that can be asked."""
        return QuestionPool(self.curriculum, self.kinds, self.base.pool if self.base else None)

    @cached_property
    def beliefs(self) -> Beliefs:
        """What wrong answers to its questions can show."""
        return Beliefs(self.curriculum, self.base.beliefs if self.base else None)

    @cached_property
    def terms(self) -> Mapping[tuple[str, ...], str]:
        """The names of its topics and their terms, as they are written, by their stems; not those that are made of
        everyday words alone, which tell nothing ("when to use", "three")."""
        shared, pipeline = self.base.terms if self.base else {}, self.matcher().pipeline
        topics = [one for one in self.curriculum.topics if self.base is None or one.id in self.own]
        written = [*(term for topic in topics for term in topic.terms), *(name for one in topics for name in one.names)]
        parsed = [(pipeline.parse(text), text) for text in written]
        own = {one.stems: text for one, text in parsed if one.stems and not EVERYDAY.issuperset(one.words)}
        return {**own, **shared}

    @cached_property
    def ledger(self) -> Ledger:
        """What the experiments say to its claims. Topics of a server have none; what is found of the others is found
        for all."""
        if self.base:
            return self.base.ledger
        found = read_measured(self.measured, self.curriculum) if self.measured else None
        return Ledger(self.curriculum, catalogue(), found)


@dataclass(slots=True, eq=False)
class _Request:
    """What a request is taught by, as long as it lasts. Its context, which has this, may be kept for longer: by timers
    and connections that were begun in it, and by tasks that it does not wait for."""

    taught: "Taught"
    learnt: Learnt | None  # None: it is over


class Taught:
    """What is taught now. Whoever needs a part of it keeps this, and asks for the part when it is needed.

    `switch` puts something else in its place at once for all. Requests that are under way go on with what was taught
    when they began (`steady`), with all that they wait for: no answer is made half of one and half of the other.
    """

    def __init__(self, learnt: Learnt) -> None:
        self._latest = learnt
        self.switched: list[Callable[[], None]] = []  # called when something else is taught

    @property
    def now(self) -> Learnt:
        """What is taught to whoever asks: inside of `steady` what was taught at its beginning."""
        request = _REQUEST.get()
        return request.learnt if request and request.taught is self and request.learnt else self._latest

    @property
    def latest(self) -> Learnt:
        """What is taught to whoever comes next."""
        return self._latest

    def switch(self, learnt: Learnt) -> None:
        """Teach that from now on."""
        self._latest = learnt
        for told in self.switched:
            told()

    @contextmanager
    def steady(self, learnt: Learnt | None = None) -> Iterator[None]:
        """One request: what is taught stays the same inside, in this task and those that it starts: `learnt`, by
        default the latest without any server's own topics. To what is left of it after that, a round that goes on say,
        is taught the latest."""
        request = _Request(self, learnt or self._latest)
        token = _REQUEST.set(request)
        try:
            yield
        finally:
            _REQUEST.reset(token)
            request.learnt = None


_REQUEST: ContextVar[_Request | None] = ContextVar("what a request is taught by", default=None)


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Return what gives the value of `make`, which is called when it is first asked for, and then let go. Other threads
    wait for it."""
    lock = Lock()
    to_make: list[Callable[[], T]] = [make]
    made: list[T] = []

    def given() -> T:
        with lock:
            if to_make:
                made.append(to_make[0]())
                to_make.clear()
            return made[0]

    return given
