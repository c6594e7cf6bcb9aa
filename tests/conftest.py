"""What every test may use."""

from pathlib import Path

import pytest

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum

pytest_plugins = ["tests.console.process"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def curriculum() -> Curriculum:
    """The knowledge that the bot ships with."""
    return load(ROOT / "knowledge")
