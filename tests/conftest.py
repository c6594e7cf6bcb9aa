"""What every test may use."""

import gc
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace

import hypothesis
import pytest

from bot import stopping
from bot.curriculum.loader import MEASURED_FILE
from bot.curriculum.model import Curriculum
from bot.matching.added_phrasings import PhrasingComparer
from bot.matching.matcher import Matcher
from bot.service.grading import Grading
from bot.service.rounds import hosted
from bot.service.taught import Learnt
from tests.matching import worlds

pytest_plugins = ["tests.console.process", "tests.storage.postgresql"]
hypothesis.settings.register_profile("at any pace", deadline=None)  # a busy machine is no fault of what is tested
hypothesis.settings.load_profile("at any pace")
ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: nobody has to look through it for garbage each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def curriculum() -> Curriculum:
    """The knowledge that the bot ships with."""
    return worlds.shipped()


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    """The matcher of that knowledge; its model is fitted once for all test processes."""
    return worlds.matcher()


@pytest.fixture(scope="session")
def learnt(curriculum: Curriculum, matcher: Matcher) -> Learnt:
    """What is made from that knowledge, each part once."""
    comparer = cache(lambda: PhrasingComparer(curriculum, matcher.pipeline))
    made = Learnt.of(curriculum, measured=worlds.KNOWLEDGE / MEASURED_FILE)
    made = replace(made, matcher=lambda: matcher, comparer=comparer)
    gc.freeze()  # as the bot does: it stays, and to look through it for garbage takes a quarter of a second each time
    return made


@pytest.fixture(scope="session")
def grading(learnt: Learnt) -> Callable[[], Grading]:
    """Grades open answers to that knowledge."""
    return learnt.grading


@pytest.fixture
def nothing_ignored() -> Iterator[None]:
    """No signal that asks a process to stop is ignored by those that are started: a shell has what it starts with `&`
    ignore SIGINT, `nohup` SIGHUP, and who ignores one hands that on."""
    asking = [getattr(signal, name) for name in stopping.ASKING if hasattr(signal, name)]
    ignored = [number for number in asking if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture
def drawn_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that is begun without a seed draws the same whenever the test is run; the next one in it draws others."""
    chance = Random(7)
    monkeypatch.setattr(hosted, "secrets", SimpleNamespace(token_hex=lambda size: chance.randbytes(size).hex()))
