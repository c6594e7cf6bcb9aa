"""The use case of trying before the answer is shown: what a member wrote comes in, how far it goes comes out, with as
much of a hint as they have asked for.

Until the answer itself is shown nothing of it is given out: of the points only those that are made, in the member's own
words; of the others their subjects, once they are asked for; of its experiment which it is and where to look. Nothing
is kept: whoever shows a try hands back what was written with the next step.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto

from bot.curriculum.hints import PointForm, form_of, shared_words
from bot.curriculum.key_points import KeyPoint, KeyPoints
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.quiz.grading import Grade, Met, english
from bot.quiz.kinds.base import to_try
from bot.service.gate import Asker, Gate
from bot.service.grading import Grading
from bot.service.laboratory import tried
from bot.service.taught import Taught
from bot.simulations.experiments import Request, experiments, find, prepare
from bot.text.normalise import folded, sentences, word_set


class Hint(IntEnum):
    """How much of a hint was asked for; each has what those before it have. After the last there is the answer."""

    NONE = 0
    NUDGE = 1
    SUBJECTS = 2  # of what is missing
    EXPERIMENT = 3  # which to run, and where to look


class Nudge(Enum):
    """How to go about a question, by the form that it has."""

    SEVERAL = auto()  # it asks several things
    CASES = auto()  # it lists what each has to be said of
    NAMES = auto()  # it asks for a list
    DECISION = auto()  # yes or no
    COURSE = auto()  # what happens
    CAUSE = auto()  # why
    MANNER = auto()  # how
    ANYTHING = auto()


_NUDGES = (
    (Nudge.CASES, r"\beach of (?:the following|these|them)\b"),
    (Nudge.NAMES, r"\A(?:name|list|give|mention|enumerate)\b"),
    (Nudge.COURSE, r"\bwhat (?:may |can |might |could |would |will )?(?:happens?|goes wrong|becomes?)\b"),
    (Nudge.CAUSE, r"\Awhy\b|\bwhat (?:causes|is the reason)\b"),
    (Nudge.DECISION, r"\A(?:is|are|was|does|do|did|can|could|should|would|will|has|have|must|may)\b"),
    (Nudge.MANNER, r"\A(?:how|describe|explain)\b"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a point that is missing is about: the hint of its file, else only what form it has."""

    hint: str | None
    form: PointForm
    about: tuple[str, ...] = ()  # words of the question that it has too, where there is no hint


@dataclass(frozen=True, slots=True)
class ToRun:
    """The experiment of a topic, before its answer is shown."""

    request: Request
    question: str  # that it answers
    watch: str  # where to look; empty: the file does not say


@dataclass(frozen=True, slots=True)
class Attempted:
    """A try of one member as far as it has come."""

    topic: Topic
    points: KeyPoints
    hint: Hint  # the most that was asked for
    nudge: Nudge
    asked: int  # how many things the question asks
    missing: tuple[Subject, ...]  # of the points that count and are not made
    to_run: ToRun | None
    grade: Grade | None = None  # of all that was written; None: nothing was yet
    wrong: tuple[str, ...] = ()  # the clauses of the last answer that hold what is not so
    aside: tuple[str, ...] = ()  # and what counts neither way
    bare: Grade | None = None  # of what has no reason yet, a yes or a word: not told before the answer
    near: bool = False  # whether it has words of what is missing, so that it may be there in other words

    @property
    def full(self) -> bool:
        """Whether what was written makes full marks."""
        return self.grade is not None and self.grade.score >= 1

    @property
    def following(self) -> Hint | None:
        """The next hint; None where only the answer is left."""
        left = [one for one in Hint if one > self.hint and self._has(one)]
        return left[0] if left else None

    def subject(self, point_id: str) -> str | None:
        """The hint of a point, by the point's id."""
        point = self.points.point(point_id)
        return point.hint if point else None

    def _has(self, hint: Hint) -> bool:
        if hint is Hint.EXPERIMENT:
            return self.to_run is not None
        return bool(self.missing) and not (hint is Hint.NUDGE and self.full)


class NothingToTry(TutorError):  # noqa: N818 - reads as what it is
    """The topic has no key points, so that nobody could say what is there of an answer."""

    def __init__(self, topic: Topic) -> None:
        super().__init__("the topic has no key points")
        self.topic = topic


def can_be_tried(topic: Topic) -> bool:
    """Whether it can be said of an answer to the topic what of it is there."""
    return topic.key_points is not None and any(not point.disputed for point in topic.key_points.points)


class Attempts:
    """Says how far what members write goes, and as much of a hint as they ask for."""

    def __init__(self, taught: Taught, gate: Gate) -> None:
        self._taught = taught
        self._gate = gate

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self._taught.now.curriculum

    async def look(self, asker: Asker, topic: Topic, written: Sequence[str] = (), hint: Hint = Hint.NONE) -> Attempted:
        """Look at all that a member has written so far, the latest last. A point that was made once stays made, until
        it is contradicted.

        Raises NothingToTry, BeingAsked where a round asks about the topic, StorageRefuses, and UnusableMessage for a
        text that shows nothing or has over 4,000 characters.
        """
        points = topic.key_points
        if points is None or not can_be_tried(topic):
            raise NothingToTry(topic)
        await self._gate.look(asker)
        self._gate.topics(asker, [topic.id])
        grading = await asyncio.to_thread(self._taught.now.grading)  # the first time it is made, which takes a moment
        grades = [_as_said(text, grading.grade(topic, text)) for text in written]
        grade = _together(points, grades) if grades else None
        bare = grade if grade and _is_bare(topic.question, written) else None
        grade = None if bare else grade
        made = {met.point for met in grade.met} if grade else set()
        missing = [point for point in points.points if not point.disputed and point.id not in made]
        return Attempted(
            topic,
            points,
            hint,
            nudge_of(topic.question),
            max(1, topic.question.count("?")),
            tuple(_subject(grading, topic, point) for point in missing),
            experiment_of(topic),
            grade,
            _wrong(written[-1], grade, hint) if grade else (),
            _stated(written[-1], (one.said for one in grade.disputed)) if grade else (),
            bare,
            any(_is_near(topic, point, written) for point in missing),
        )


def nudge_of(question: str) -> Nudge:
    """How to go about a question."""
    said = folded(question)
    if said.count("?") > 1:
        return Nudge.SEVERAL
    return next((nudge for nudge, form in _NUDGES if re.search(form, said)), Nudge.ANYTHING)


def experiment_of(topic: Topic) -> ToRun | None:
    """The experiment to look at before the answer: the one that helps to understand it, else the first on the topic."""
    attempt = topic.understanding.attempt if topic.understanding else None
    request = tried(to_try(attempt)) or next(_runs_on(topic), None)
    if request is None:
        return None
    watch = attempt.watch if attempt and attempt.experiment == request.experiment else None
    return ToRun(replace(request, unnamed=True), find(request.experiment).question, watch or "")


def _runs_on(topic: Topic) -> Iterator[Request]:
    return (prepare(one.name) for one in experiments() if one.topic == topic.id)


def _subject(grading: Grading, topic: Topic, point: KeyPoint) -> Subject:
    told = grading.earned_by_its_hint(topic, point)
    hint = None if told else point.hint
    return Subject(hint, form_of(point), () if hint else shared_words(topic.question, point.point)[:_MOST_ABOUT])


_MOST_ABOUT = 3  # words that say what a point without a hint is about


def _is_near(topic: Topic, point: KeyPoint, written: Sequence[str]) -> bool:
    """Whether answers have two words of a point that its question has not."""
    known = set(shared_words(point.point, topic.question))
    return len(set(shared_words(point.point, "\n".join(written))) - known) > 1


def _is_bare(question: str, written: Sequence[str]) -> bool:
    """Whether all that was written is a yes or a no, in whatever words, or a single word, and the question asks for no
    list of such."""
    said = re.findall(r"\w+", folded("\n".join(written)))
    decided = bool(said) and _DECIDING.issuperset(said)
    return decided or (len(said) == 1 and nudge_of(question) not in {Nudge.NAMES, Nudge.CASES})


def _wrong(text: str, grade: Grade, hint: Hint) -> tuple[str, ...]:
    """What is not so; that the yes or no itself is not would be the answer, and is said with the subjects."""
    stated = _stated(text, (one.said for one in grade.contradicted))
    return tuple(one for one in stated if hint >= Hint.SUBJECTS or folded(one) not in _OPENINGS)


_DENIED = re.compile(
    r"\b(?:no|not|never|without|cannot|\w+n['’]t|dont|doesnt|isnt|wont|cant)\s+"
    r"(?:(?!because|bc|since|as|so|then)\w+\s+){0,2}\Z",
    re.IGNORECASE,
)
_BETWEEN_CLAUSES = re.compile(r"[,;:!?\n]+|\.(?=\s|\Z)|\s(?:and|but|or)\s")
_OPENINGS = frozenset({"yes", "no", "yeah", "yep", "yup", "nope", "nah", "sure", "ok", "okay"})
_DECIDING = (
    english.FILLERS
    | english.POLITE
    | english.PLEASE
    | english.YES
    | english.NO
    | english.EVALUATIVE
    | english.GLUE
    | english.VERB_NEGATORS
    | word_set("show tell see hint hints something happen happens well would like want absolutely always")
)


def _as_said(text: str, grade: Grade) -> Grade:
    """The grade with the denial that stands before what makes a point: of "no dying units" just "dying units" would
    read as its opposite."""
    return replace(grade, met=tuple(replace(met, said=_with_denial(text, met)) for met in grade.met))


def _with_denial(text: str, met: Met) -> str:
    found = _DENIED.search(text[: met.start])
    return f"{text[found.start() : met.start]}{met.said}" if found else met.said


def _stated(text: str, said: Iterable[str]) -> tuple[str, ...]:
    """The clause, else the sentence, in which each of these words stands; a yes or no by itself."""
    pieces = [*filter(None, map(str.strip, _BETWEEN_CLAUSES.split(text))), *sentences(text)]
    found = []
    for words in said:
        within = [one for one in pieces if words in one]
        found.append(words if folded(words) in _OPENINGS or not within else within[0])
    return tuple(dict.fromkeys(found))


def _together(points: KeyPoints, grades: Sequence[Grade]) -> Grade:
    """The grade of several answers taken together; what is wrong, disputed or in doubt is that of the last."""
    made: list[Met] = []
    for grade in grades:
        refused = {wrong.point for wrong in grade.contradicted}
        made = [met for met in made if met.point not in refused]
        for met in grade.met:
            known = [one.said for one in made if one.point == met.point]
            point = points.point(met.point)
            if point and len(known) < point.up_to and folded(met.said) not in map(folded, known):
                made.append(met)
    last = grades[-1]
    there = {met.point for met in made} | {wrong.point for wrong in last.contradicted}
    missing = [point.id for point in points.points if not point.disputed and point.id not in there]
    score = min(1.0, len(made) / points.full_marks)
    return replace(last, score=score, met=tuple(made), missing=tuple(missing))
