"""A round that the version before the first release left behind, as those see it who play: it ends, and says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.storage.database import Storage, open_storage
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild, Message
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.service.format_1 import Dump, dump

COMPONENTS_V2 = 1 << 15
OLD_BUTTON = {"type": 2, "style": 1, "label": "A", "custom_id": "nt1:q:r:p:0:0"}


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Dump:
    return dump(request.param)


@pytest.fixture
def old(found: Dump, channel: Channel) -> Shown:
    """The message that the earlier version left in the channel, with its buttons."""
    rows = [{"type": 10, "content": "a question of then"}, {"type": 1, "components": [OLD_BUTTON]}]
    world = channel.world
    message = Message(found.message, channel, world.bot, world.clock.now(), components=rows, flags=COMPONENTS_V2)
    channel.messages[message.id] = message
    return Shown(message)


@pytest.fixture
async def storage(  # noqa: PLR0917 - all whose ids stand in it
    tmp_path: Path,
    loopback: LoopbackDiscord,
    found: Dump,
    old: Shown,
    guild: Guild,
    channel: Channel,
    ana: Person,
    ben: Person,
    mo: Person,
) -> AsyncIterator[Storage]:
    ids = {found.server: guild.id, found.channel: channel.id}
    ids |= {found.members[name]: person.id for name, person in (("ana", ana), ("ben", ben), ("starter", mo))}
    found.restored(tmp_path / "tutor.sqlite3", ids)
    opened = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 'tutor.sqlite3'}", loopback.clock)
    yield opened
    await opened.close()


async def the_table(loopback: LoopbackDiscord, mo: Person, channel: Channel) -> Shown:
    return await loopback.until(
        lambda: next((one for one in mo.sees(channel) if "### Quiz: ended" in one.text), None), "the table"
    )


@pytest.mark.parametrize("found", ["asking", "running", "lead-in"], indirect=True)
@pytest.mark.usefixtures("bot")
async def test_its_message_loses_its_buttons_and_says_so_and_its_starter_is_told(
    found: Dump, old: Shown, loopback: LoopbackDiscord, mo: Person, channel: Channel
) -> None:
    await loopback.until(lambda: old.edits or None, "the end of the round")
    assert not old.buttons
    assert words.rounds.ENDED_BY_UPDATE in old.text
    told = await loopback.until(lambda: next(iter(mo.sees(mo.dm)), None), "what the starter is told")
    assert words.rounds.lost("updated", "", channel.mention) == told.text
    table = await the_table(loopback, mo, channel)
    assert ("`Ana`: **1**" in table.text) is (found.phase == "asking")
    if found.phase == "running":
        assert words.rounds.VOIDED["updated"] in old.text


@pytest.mark.parametrize("found", ["asking"], indirect=True)
async def test_another_round_begins_and_the_receipt_of_the_old_one_is_there(
    bot: TutorClient, loopback: LoopbackDiscord, ana: Person, mo: Person, channel: Channel
) -> None:
    table = await the_table(loopback, mo, channel)
    assert "Your answers: 1 of 1" in (await ana.presses(table.button(words.rounds.MY_RECEIPT))).text
    await loopback.until(lambda: not bot.app.rounds.going_on() or None, "the end of all of it")
    assert "begins" in (await mo.uses("/quiz start", in_=channel, questions=1, kinds="choice")).text
