"""The use case of grading: an open answer to a topic comes in, a grade with its reasons goes out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.curriculum.key_points import KeyPoint
from bot.curriculum.model import Curriculum, Topic
from bot.errors import UsageError
from bot.quiz.grading import Grade
from bot.quiz.grading.grader import Grader
from bot.quiz.grading.wording import Wordings
from bot.service.answering import require_usable
from bot.text.normalise import visible


class Grading:
    """Grades open answers to the topics that have key points."""

    def __init__(self, curriculum: Curriculum, grader: Grader | None = None) -> None:
        """Take what is taught; its grader is made unless it is given."""
        self.curriculum = curriculum
        self._grader = grader or Grader(curriculum)
        self.wordings = Wordings(self._grader.pipeline)  # compares answers with wordings that were accepted

    def with_more(self, curriculum: Curriculum, topics: Sequence[Topic], alone: bool = False) -> "Grading":
        """Return what grades answers to these topics and more, or `alone` to those others; all are in `curriculum`."""
        return Grading(curriculum, self._grader.with_more(topics, alone))

    def topic(self, topic_id: str) -> Topic:
        """Return the topic with that id. Raises UsageError where there is none, or none whose answers can be graded."""
        topic = self.curriculum.topic(topic_id)
        known = ", ".join(self._grader.topics)
        if topic is not None and topic_id not in self._grader.topics:
            raise UsageError(f"The topic {topic_id} has no key_points yet to grade by. Choose one of: {known}.")
        if topic is None:
            raise UsageError(f"There is no topic {visible(topic_id)[:60]!r} to grade. Choose one of: {known}.")
        return topic

    def grade(self, topic: Topic, text: str, accepted: Iterable[str] = ()) -> Grade:
        """Return the grade of one answer; one that is worded as one of those `accepted` has full marks.

        Raises UnusableMessage for an answer that shows nothing or has over 4,000 characters.
        """
        require_usable(text, graded=True)
        grade = self._grader.grade(topic.id, text)
        if any(self.wordings.same(wording, text) for wording in accepted):
            return replace(grade, score=1.0, accepted=True)
        return grade

    def earned_by_its_hint(self, topic: Topic, point: KeyPoint) -> bool:
        """Return whether the hint of a point tells so much that it would earn the point, given as an answer."""
        return self._grader.earned_by_its_hint(topic.id, point.id)

    def nothing(self, topic: Topic) -> Grade:
        """Return the grade of what cannot be read: no points."""
        return self._grader.grade(topic.id, "")
