"""What every test may use."""

from pathlib import Path

import pytest

from bot.curriculum.model import Curriculum
from bot.matching.tutor import Tutor
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
