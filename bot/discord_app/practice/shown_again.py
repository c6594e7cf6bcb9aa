"""Questions as custom ids carry them: a digest of their name, and a stamp of what was shown."""

import json

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.asking.picks import digest
from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion, key_of
from bot.service.practice import Practice


def stamp(question: DrawnQuestion) -> str:
    """Changes with anything that is shown: a press must never be read against another question than was seen."""
    return digest(json.dumps(question.plain(), sort_keys=True))


def key_meant(curriculum: Curriculum, wanted: str) -> str | None:
    """The key of the question with that digest, or None where it is no longer asked."""
    keys = (key_of(topic, question) for topic in curriculum.topics for question in topic.questions)
    return next((key for key in keys if digest(key) == wanted), None)


def redrawn(practice: Practice, wanted: str, seed: int, seen: str) -> DrawnQuestion:
    """The question that was shown, from its digest, seed and stamp. Raises TutorError where it is not the same now."""
    key = key_meant(practice.curriculum, wanted)
    question = practice.again(key, seed) if key else None
    if question is None or stamp(question) != seen:
        raise TutorError(words.quiz.QUESTION_CHANGED)
    return question
