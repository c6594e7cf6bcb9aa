"""The bot is stopped while it answers: what is on its way still arrives."""

import asyncio
from collections.abc import Callable

from bot.discord_app.client import TutorClient
from bot.tasks import UnderWay
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person


async def test_a_command_and_a_message_being_answered_are_answered(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, ben: Person, channel: Channel
) -> None:
    client, waits = make_client(), asyncio.Event()
    done = client._under_way.done

    async def told(within: float) -> None:
        waits.set()
        await done(within)

    client._under_way.done = told  # type: ignore[method-assign]
    async with loopback.running(client):
        held = [loopback.hold_next("POST", "/interactions/*/callback"), loopback.hold_next("POST", "/channels/*")]
        asked = asyncio.create_task(ana.uses("/ask", question=ASK, in_=channel))
        said = asyncio.create_task(ben.says(channel, f"{loopback.mention} {ASK}"))
        await asyncio.gather(*(fault.arrived.wait() for fault in held))
        closing = asyncio.create_task(client.close())
        await waits.wait()
        assert not closing.done()
        for fault in held:
            fault.release()
        assert TITLE in (await asked).text
        assert TITLE in (await said).text
        await closing


async def test_a_stop_before_it_is_sure_that_the_servers_are_its_own_ends_everything(bot: TutorClient) -> None:
    await bot.wait_until_ready()
    await bot.app.rounds.opened()
    endless = {task for task in asyncio.all_tasks() if task.get_name() in {"the quiz's clock", "heartbeat"}}
    owner = bot.app.storage.owner
    owner._sure_from = owner._elapsed() + 60  # as after an owner that did not end in order
    await bot.close()
    assert bot.is_closed()
    assert [task.done() for task in endless] == [True, True]


async def test_it_waits_for_no_longer_than_it_was_told_to() -> None:
    under_way = UnderWay()
    async with asyncio.timeout(10):
        with under_way.one():
            await under_way.done(0.05)
        await under_way.done(60)
