"""While a question is open, no door of the bot gives its answer away to those in its channel, or in its round."""

from bot.chat.client import TutorClient
from bot.service.gate import BEING_ASKED
from tests.chat.quiz.conftest import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

ASK = "is momentum 0.99999 bad?"


async def test_every_door_is_shut_until_the_close(
    bot: TutorClient, play: Play, channel: Channel, ana: Person, loopback: LoopbackDiscord
) -> None:
    topics = await ana.uses("/topics", in_=channel)
    button = next(one for one in topics.buttons if "omentum" in one.label)
    practice = await ana.uses("/practice", topic="momentum", kind="choice", in_=channel)
    await play.start(bot, questions=1, kinds="choice", topics="momentum")
    question = await play.asked()
    experiment = next(iter(play.turn.posed.experiments))
    assert (await ana.uses("/ask", question=ASK, in_=channel)).text == BEING_ASKED
    assert (await ana.says(channel, f"{loopback.mention} {ASK}")).text == BEING_ASKED
    assert (await ana.presses(button)).text == BEING_ASKED
    assert (await ana.uses("/claims", topic="momentum", in_=channel)).text == BEING_ASKED
    assert (await ana.uses("/simulate", experiment=experiment, in_=channel)).text == BEING_ASKED
    assert (await ana.presses(practice.button("A"))).text == BEING_ASKED
    assert "being asked" in (await ana.uses("/practice", topic="momentum", in_=channel)).text
    assert BEING_ASKED not in (await ana.dms(ASK)).text  # elsewhere, and not playing
    await ana.presses(question.button("A"))
    assert (await ana.dms(ASK)).text == BEING_ASKED  # elsewhere, but playing
    await play.closed(question)
    assert BEING_ASKED not in (await ana.uses("/ask", question=ASK, in_=channel)).text
