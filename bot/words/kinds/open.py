"""What is said of questions that are answered in one's own words."""

from collections.abc import Sequence

from bot.curriculum.key_points import KeyPoint
from bot.curriculum.model import Topic
from bot.quiz.grading import Grade
from bot.quiz.kinds.open import DrawnOpen
from bot.quiz.reveals import Feedback, ReceiptLine, Reveal
from bot.words import answers
from bot.words.kinds import KindWords

REPEATED = "That mostly repeats the question; what counts is what you add to it."


class OpenWords(KindWords[DrawnOpen]):
    """Key points that count, and those that an answer made."""

    name = "in your own words"

    def how_to_answer(self, question: DrawnOpen, runs: str) -> str:
        """How much is wanted."""
        return "Answer in your own words; a sentence or two will do."

    def practised(self, question: DrawnOpen, topic: Topic | None, told: Feedback) -> str:
        """The key points that were found, and whether the question was only said again."""
        if topic is None or not told.grade:
            return ""
        repeated = REPEATED if question.repeats(told.answer.text) else ""
        unsure = answers.NOT_SURE if told.grade.doubted and not repeated else ""
        return "\n\n".join(filter(None, [repeated, _reasons(question, topic, told.grade), unsure]))

    def counts(self, question: DrawnOpen, topic: Topic | None) -> str:
        """The key points that count."""
        return _points(question, topic, [])

    def revealed(self, question: DrawnOpen, topic: Topic | None, shown: Reveal) -> str:
        """The key points that count, and how many of the answers made each."""
        counting, _ = _counting(question, topic) if topic else ((), 0)
        met = [f" · {shown.met.get(point.id, 0)} of {shown.answered}" for point in counting] if shown.answered else []
        return _points(question, topic, met)

    def earned(self, question: DrawnOpen, topic: Topic | None, line: ReceiptLine) -> str:
        """The key points that were found."""
        return _reasons(question, topic, line.grade) if topic and line.grade and not line.accepted else ""


def _points(question: DrawnOpen, topic: Topic | None, met: Sequence[str]) -> str:
    """A line for each point that counts, with how many `met` it, where that is known."""
    if topic is None:
        return ""
    counting, full = _counting(question, topic)
    make = "makes" if full == 1 else "make"
    head = "What counts" + (f" (any {full} {make} full marks)" if full < len(counting) else "") + ":"
    lines = [f"- {point.point}{met[at] if met else ''}" for at, point in enumerate(counting)]
    return "\n".join([head, *lines]) if lines else ""


def _reasons(question: DrawnOpen, topic: Topic, grade: Grade) -> str:
    _, full = _counting(question, topic)
    return "\n".join(answers.reasons(topic, grade, question.key_points, full))


def _counting(question: DrawnOpen, topic: Topic) -> tuple[Sequence[KeyPoint], int]:
    """The points that count, and how many of them make full marks."""
    if topic.key_points is None:
        return (), 0
    known = [point for point in topic.key_points.points if not point.disputed]
    counting = [point for point in known if point.id in question.key_points] if question.key_points else known
    return counting, question.full_marks or (len(counting) if question.key_points else topic.key_points.full_marks)


WORDS = OpenWords()
