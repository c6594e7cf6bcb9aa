"""The limit on all requests of a bot together."""

import asyncio

from tests.discord_server import LoopbackDiscord
from tests.discord_server.limits import GlobalLimit
from tests.discord_server.requests import Call
from tests.discord_server.tiny_bot import TinyBot


async def test_what_goes_beyond_is_refused_and_the_client_tries_again(loopback: LoopbackDiscord) -> None:
    channel = loopback.add_guild("Study group").add_channel("general")
    bot = TinyBot()
    async with loopback.running(bot):
        loopback.server.limit = GlobalLimit(3, window=0.2)
        place = bot.get_partial_messageable(channel.id)
        await asyncio.gather(*(place.send(str(number)) for number in range(4)))
    assert len(channel.messages) == 4
    assert loopback.server.limit.refused == 1


def test_answers_to_interactions_are_not_counted() -> None:
    limit = GlobalLimit(1)
    assert not limit.exceeded(Call("POST", "/channels/1/messages", {}))
    assert not limit.exceeded(Call("POST", "/interactions/1/token/callback", {}))
    assert not limit.exceeded(Call("POST", "/webhooks/1/token", {}))
    assert limit.exceeded(Call("POST", "/channels/1/messages", {}))
