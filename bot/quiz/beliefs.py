"""All that wrong answers to the questions of a curriculum can show, each misconception once, by its id.

What an answer shows is found by the question and the text that stands for the misconception there (`Belief.says`).
Where the file has changed since the question was drawn, and has that no more, nothing is found: no text makes an id.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.curriculum.beliefs import Belief
from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key, key_of
from bot.quiz.round.state import Round
from bot.quiz.round.turn import LockedAnswer, Turn
from bot.quiz.scoring import counted, was_accepted


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A question whose wrong answers can show a misconception."""

    topic: str
    question: str  # its key
    belief: Belief  # as it stands there, with what refutes it
    place: str  # what it is counted by there: `place_of` its question and its id


@dataclass(frozen=True, slots=True)
class KnownBelief:
    """A misconception, and where it can be shown."""

    id: str
    occurrences: tuple[Occurrence, ...]  # in the order of the curriculum; at least one

    @property
    def belief(self) -> Belief:
        """It as it first stands in the curriculum."""
        return self.occurrences[0].belief

    @property
    def topics(self) -> frozenset[str]:
        """The ids of the topics whose questions can show it."""
        return frozenset(one.topic for one in self.occurrences)

    @property
    def questions(self) -> tuple[str, ...]:
        """The keys of those questions."""
        return tuple(dict.fromkeys(one.question for one in self.occurrences))

    def refuted(self, topic: str = "", people: Mapping[str, int] | None = None) -> Occurrence:
        """Where what refutes it is to be taken from, as each place has something else that does: from where most people
        have shown it (`people`: how many, by place; none where it is not known), in that topic, if it can be shown
        there. Of several such one that names an experiment, else a claim."""
        there, many = [one for one in self.occurrences if one.topic == topic] or self.occurrences, people or {}
        return min(there, key=lambda one: (-many.get(one.place, 0), not one.belief.experiment, not one.belief.claim))


@dataclass(frozen=True, slots=True)
class Showing:
    """What one answer says of whoever gave it, by the ids of misconceptions."""

    asked: frozenset[str]  # that it could have shown
    shown: frozenset[str]  # those of them that it shows
    at: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # these, each with the key of the question


NOTHING_SHOWN = Showing(frozenset(), frozenset())


def place_of(question: str, id_: str) -> str:
    """What a misconception is counted by in one question, by its key: shorter than an id may be."""
    return f"{question}/{hashlib.sha256(id_.encode()).hexdigest()[:8]}"


class Beliefs:
    """The misconceptions of a curriculum."""

    def __init__(self, curriculum: Curriculum, base: "Beliefs | None" = None) -> None:
        """`base` are those of a part of it, which are shared: of a hundred servers' own topics only these are new."""
        self._curriculum, self._base = curriculum, base
        named = {sentence: id_ for id_, sentence in curriculum.language.misconceptions.items()}
        known = {topic.id for topic in base._curriculum.topics} if base else set()
        self._of_question: dict[str, dict[str, str]] = {}  # by its key: ids by what stands for them there
        found: dict[str, list[Occurrence]] = {}
        for topic in curriculum.topics:
            for question in topic.questions if topic.id not in known else ():
                key = key_of(topic, question)
                for belief in question.beliefs(topic):
                    id_ = belief.identity(topic.id, question.id, named)
                    self._of_question.setdefault(key, {})[belief.says] = id_
                    found.setdefault(id_, []).append(Occurrence(topic.id, key, belief, place_of(key, id_)))
        before = {id_: there.occurrences for id_ in found if base and (there := base.get(id_))}
        self._known = {id_: KnownBelief(id_, (*before.get(id_, ()), *there)) for id_, there in found.items()}

    def __iter__(self) -> Iterator[KnownBelief]:
        """Each of them, in the order of the curriculum."""
        for one in self._base or ():
            yield self._known.get(one.id, one)
        yield from (one for one in self._known.values() if self._base is None or self._base.get(one.id) is None)

    def get(self, id_: str) -> KnownBelief | None:
        """The misconception with that id; None where no question can show it."""
        return self._known.get(id_) or (self._base.get(id_) if self._base else None)

    def _ids(self, question: str) -> Mapping[str, str]:
        """The ids of what answers to a question can show, by what stands for them there."""
        return self._of_question.get(question) or (self._base._ids(question) if self._base else {})

    def shown(self, question: DrawnQuestion, answer: Answer, key: Key | None, grade: Grade | None) -> Showing:
        """What an answer shows. Nothing, and nothing could have been, where it is not known what is right, or a fair
        tutor might well have graded it otherwise."""
        if key is None or (question.graded and (grade is None or grade.doubted)):
            return NOTHING_SHOWN
        ids = self._ids(question.key)
        could = question.could_show(key, self._curriculum.topic(question.topic))
        does = question.shown_by(answer, key, grade)
        asked = frozenset(ids[says] for says in could | does if says in ids)
        shown = frozenset(ids[says] for says in does if says in ids)
        return Showing(asked, shown, frozenset((id_, question.key) for id_ in shown))

    def shown_in(self, round_: Round) -> Mapping[int, Showing]:
        """What those who answered in a round that is over have shown, by their ids. What is disputed and not decided is
        left out; all of a round is found anew when it is."""
        found: dict[int, list[Showing]] = {}
        for turn in counted(round_):
            if turn.flag == "asked":
                continue
            for member, locked in turn.answers.items():
                if turn.appeals.get(member) != "asked":
                    found.setdefault(member, []).append(self._of_answer(turn, locked))
        return {member: _together(showings) for member, showings in found.items()}

    def _of_answer(self, turn: Turn, locked: LockedAnswer) -> Showing:
        key = turn.question.find_key(turn.metrics or ())
        showing = self.shown(turn.question, locked.answer, key, turn.grades.get(locked.id))
        return Showing(showing.asked, frozenset()) if was_accepted(turn, locked) else showing


def _together(showings: Sequence[Showing]) -> Showing:
    asked = frozenset[str]().union(*(one.asked for one in showings))
    shown = frozenset[str]().union(*(one.shown for one in showings))
    return Showing(asked, shown, frozenset[tuple[str, str]]().union(*(one.at for one in showings)))
