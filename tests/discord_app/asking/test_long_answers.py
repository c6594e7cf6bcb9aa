"""An answer that does not fit into one message takes several, by every way of asking."""

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.matching.decision import Match, TopicAnswer
from tests.discord_app.conftest import UnsureAbout
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def whole(decider: UnsureAbout, curriculum: Curriculum) -> list[str]:
    """The tutor answers everything at once; gives the texts that must be shown."""
    matches = [Match(topic.id, 0.9, tuple(part.id for part in topic.parts)) for topic in curriculum.topics]
    decider.decide = lambda *_: TopicAnswer(tuple(matches))  # type: ignore[method-assign]
    return [topic.answer for topic in curriculum.topics]


async def every(reader: Person, channel: Channel, whole: list[str]) -> list[Shown]:
    """The bot's messages, once the last answer is there."""

    def found() -> list[Shown] | None:
        shown = [one for one in reader.sees(channel) if one.author.bot]
        return shown if whole[-1] in "".join(one.text for one in shown) else None

    shown = await reader.world.until(found, "the last answer")
    assert len(shown) > 1
    for answer in whole:
        assert any(answer in one.text for one in shown)
    assert [one.buttons != [] for one in shown] == [False] * (len(shown) - 1) + [True]
    return shown


async def test_below_a_message(loopback: LoopbackDiscord, ana: Person, channel: Channel, whole: list[str]) -> None:
    await ana.says(channel, f"{loopback.mention} everything")
    await every(ana, channel, whole)


async def test_by_command_in_private(ana: Person, ben: Person, channel: Channel, whole: list[str]) -> None:
    await ana.uses("/ask", question="everything", private=True, in_=channel)
    shown = await every(ana, channel, whole)
    assert all(one.ephemeral for one in shown)
    assert ben.sees(channel) == []
    last = await ana.presses(shown[-1].button(words.answers.NOT_WHAT_I_ASKED))
    assert words.answers.NOTHING_ELSE in last.text
    assert "`everything`" in last.text
