"""What every test may use."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Learnt
from bot.curriculum.model import Curriculum
from bot.matching.tutor import Tutor
from bot.service.grading import Grading
from tests.matching import worlds

pytest_plugins = ["tests.console.process"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def curriculum() -> Curriculum:
    """The knowledge that the bot ships with."""
    return worlds.shipped()


@pytest.fixture(scope="session")
def tutor() -> Tutor:
    """The tutor of that knowledge. Learning it takes a while, so each test process does it once."""
    return worlds.tutor()


@pytest.fixture(scope="session")
def learnt(curriculum: Curriculum, tutor: Tutor) -> Learnt:
    """What is made from that knowledge, each part once."""
    return replace(Learnt.of(curriculum), tutor=lambda: tutor)


@pytest.fixture(scope="session")
def grading(learnt: Learnt) -> Callable[[], Grading]:
    """Grades open answers to that knowledge."""
    return learnt.grading
