"""What the tests of grading share."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.grading.grader import Grader


@pytest.fixture(scope="session")
def grader(curriculum: Curriculum) -> Grader:
    """The grader with the knowledge that the bot ships with."""
    return Grader(curriculum)
