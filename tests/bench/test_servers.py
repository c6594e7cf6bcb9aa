"""What a server's topics take stays small beside what all servers share."""

import gc
import tracemalloc

import pytest

from bot.matching.matcher import Matcher
from bot.storage.models import ModelFolder
from tests.bench import servers
from tests.matching.worlds import MODELS, matcher, shipped

pytestmark = pytest.mark.slow


async def test_each_topic_of_each_server_is_heard_and_stays_in_memory() -> None:
    costs = await servers.measured(3, 6)
    assert costs.resident == 3
    assert len(costs.form) == len(costs.file) == len(costs.taken) == 3


def test_to_hear_the_topics_of_a_server_takes_a_tenth_of_what_all_share() -> None:
    matcher()  # its model is kept
    topics = [servers.topic_of(source) for source in servers.topics(1, 20)]
    tracemalloc.start()
    try:
        base, whole = _taking(lambda: Matcher(shipped(), ModelFolder(MODELS)))
        base.with_more(topics)  # what all servers share with each other is made with the first
        _, more = _taking(lambda: base.with_more(topics))
    finally:
        tracemalloc.stop()
    assert more < whole / 10


def _taking(make):
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    made = make()
    gc.collect()
    return made, tracemalloc.get_traced_memory()[0] - before
