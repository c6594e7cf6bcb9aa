"""Grades open answers against the key points of a topic. Deterministic: the same answer has the same grade."""

from dataclasses import dataclass

from bot.curriculum.key_points import KeyPoint, KeyPoints, Mistake
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.grading import denial, guards
from bot.quiz.grading.finding import Finder
from bot.quiz.grading.grade import Contradicted, Disputed, Grade, Met
from bot.quiz.grading.lexicon import Lexicon
from bot.quiz.grading.matching import Sayings, Statement
from bot.quiz.grading.reading import Reader, Reading
from bot.quiz.grading.spoilt import sound, stretches
from bot.quiz.grading.subject import Subjects


class Grader:
    """Grades answers to every topic that has key points."""

    def __init__(self, curriculum: Curriculum) -> None:
        lexicon = Lexicon(curriculum)
        self._marking = {
            topic.id: _Marking(topic, topic.key_points, lexicon) for topic in curriculum.topics if topic.key_points
        }

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the topics whose answers can be graded."""
        return tuple(self._marking)

    def grade(self, topic: str, text: str) -> Grade:
        """Grades one answer. Raises KeyError for a topic that is not in `topics`."""
        return self._marking[topic].grade(text)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an answer was found to say."""

    points: list[tuple[KeyPoint, list[Statement]]]
    mistakes: list[tuple[Mistake, list[Statement]]]

    def of(self, point_id: str | None) -> list[Statement]:
        return next((said for point, said in self.points if point.id == point_id), [])


class _Marking:
    """The key points of one topic, ready to be looked for."""

    def __init__(self, topic: Topic, points: KeyPoints, lexicon: Lexicon) -> None:
        self._points = points
        self._reader = Reader(lexicon)
        self._question = [word for word in lexicon.words(topic.question) if word not in {"?", "="}]
        groups = dict(points.words)
        self._said = [(point, Sayings(point.say, groups, lexicon)) for point in points.points]
        self._wrong = [(mistake, Sayings(mistake.say, groups, lexicon, one_clause=True)) for mistake in points.mistakes]
        names = {name: Finder(forms, lexicon) for name, forms in points.subjects.items()}
        self._subjects = Subjects(names, Finder(points.not_subjects, lexicon), points)

    def grade(self, text: str) -> Grade:
        reading = self._reader.read(text)
        guards.mark_echoes(reading, self._question)
        denial.mark(reading)
        guards.mark_heaps(reading)
        self._subjects.mark(reading)
        mistakes = [(mistake, list(sayings.statements(reading))) for mistake, sayings in self._wrong]
        wrong = [each for _, said in mistakes for each in said if not each.opening]
        spoilt = stretches(reading, wrong)
        points = [(point, sound(sayings.statements(reading), spoilt)) for point, sayings in self._said]
        return _graded(self._points, _Found(points, mistakes), reading)


def _graded(points: KeyPoints, found: _Found, reading: Reading) -> Grade:
    wrong = [(mistake, said[0]) for mistake, said in found.mistakes if said and _stands(mistake, said, found)]
    refused = {mistake.against for mistake, _ in wrong if mistake.against}
    turned = any(mistake.thesis for mistake, _ in wrong)
    met = [
        _met(point, _best(said), reading)
        for point, said in found.points
        if said and not point.disputed and not turned and point.id not in refused
    ]
    names = {each.point for each in met} | refused
    return Grade(
        score=min(1.0, len(met) / points.full_marks),
        met=tuple(met),
        missing=tuple(p.id for p in points.points if not p.disputed and p.id not in names),
        disputed=tuple(
            Disputed(p.id, _words(_best(said), reading), p.why or "") for p, said in found.points if said and p.disputed
        ),
        contradicted=tuple(Contradicted(m.against, _words(said, reading), m.why) for m, said in wrong),
    )


def _stands(mistake: Mistake, said: list[Statement], found: _Found) -> bool:
    """A bare "yes" or "no" gives way to what is then said in so many words."""
    if not mistake.thesis:
        return True
    right = found.of(mistake.against)
    if all(each.opening for each in said):
        return not any(not each.opening for each in right)
    return True


def _best(said: list[Statement]) -> Statement:
    """The statement to show: one in so many words, the earliest."""
    return min(said, key=lambda each: (each.opening, each.start, -each.end))


def _met(point: KeyPoint, statement: Statement, reading: Reading) -> Met:
    return Met(point.id, _words(statement, reading), statement.start, statement.end)


def _words(statement: Statement, reading: Reading) -> str:
    return reading.answer[statement.start : statement.end]
