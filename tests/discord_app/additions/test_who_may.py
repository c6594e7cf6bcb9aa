"""Closed by default: nobody without Manage Messages or Manage Server adds anything or takes it back, at no step."""

from collections.abc import Awaitable

import pytest

from bot import words
from bot.discord_app import additions
from bot.discord_app.client import TutorClient
from bot.service.additions import KindName
from bot.storage.database import Storage
from bot.storage.rows import Addition
from tests.discord_app.additions.teaching import BIAS, taught
from tests.discord_app.conftest import OFF_TOPIC
from tests.discord_app.playing import Play
from tests.discord_app.rounds.test_reviewing import ODD, appealed, closed, told_in
from tests.discord_server import CannotUse, LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

TRIED_BELOW = {"teach", "taught", "keep", "undo", "turn-additions", "take-back"}
LISTS = {KindName.PHRASING: "/tutor taught", KindName.ACCEPTED_WORDING: "/tutor accepted"}


@pytest.fixture
def play(loopback: LoopbackDiscord, channel: Channel, mo: Person) -> Play:
    return Play(loopback, channel, mo)


async def kept(storage: Storage, guild: Guild) -> list[Addition]:
    return [one for kind in KindName for one in await storage.additions.of(guild.id, kind)]


async def refused(act: Awaitable[Shown], line: str) -> None:
    told = await act
    assert (told.ephemeral, told.text) == (True, line)


def test_every_action_of_additions_is_tried_here() -> None:
    actions = (*additions.ACTIONS, *additions.ACTIONS)
    assert {action.name for action in actions} == TRIED_BELOW
    assert {f"/tutor {command.name}" for command in additions.COMMANDS} == set(LISTS.values())


@pytest.mark.usefixtures("bot")
async def test_teaching(guild: Guild, ana: Person, mo: Person, channel: Channel, storage: Storage) -> None:
    only = words.additions.PHRASINGS.only_moderators
    declined = await mo.uses("/ask", question=OFF_TOPIC, in_=channel)
    await refused(ana.presses(declined.button(words.additions.TEACH_THIS)), only)
    form = await mo.opens(declined.button(words.additions.TEACH_THIS))
    roles = list(guild.members[mo.id].roles)
    guild.members[mo.id].roles.clear()
    await refused(mo.submits(form, topic=BIAS), only)
    assert await kept(storage, guild) == []
    guild.members[mo.id].roles.extend(roles)
    told = await taught(mo, OFF_TOPIC, channel)
    guild.members[mo.id].roles.clear()
    await refused(mo.presses(told.button(words.additions.UNDO)), only)
    assert len(await kept(storage, guild)) == 1


async def test_accepting(bot: TutorClient, play: Play, guild: Guild, ana: Person, storage: Storage) -> None:
    only = words.additions.ACCEPTED_WORDINGS.only_moderators
    shown, mo = await closed(play, bot, (ana, ODD)), play.starter
    review = await appealed(play, shown, ana, mo.dm, mo)
    await mo.presses(review.button(words.rounds.ACCEPT))
    offer = await told_in(play, mo, mo.dm)
    roles = list(guild.members[mo.id].roles)
    guild.members[mo.id].roles.clear()
    await refused(mo.presses(offer.button(words.additions.KEEP_WORDING)), only)
    assert await kept(storage, guild) == []
    guild.members[mo.id].roles.extend(roles)
    done = await mo.presses(offer.button(words.additions.KEEP_WORDING))
    guild.members[mo.id].roles.clear()
    await refused(mo.presses(done.button(words.additions.UNDO)), only)
    assert len(await kept(storage, guild)) == 1


@pytest.mark.parametrize("kind", KindName)
async def test_the_list(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, guild: Guild, mo: Person, head: Person, channel: Channel, storage: Storage, kind: KindName
) -> None:
    for number in range(12):
        addition = Addition(kind, "selu", "", f"rye bread number {number}", "Mo")
        await storage.additions.add(guild.id, mo.id, addition)
    before = await kept(storage, guild)
    with pytest.raises(CannotUse, match="needs permissions"):
        await mo.uses(LISTS[kind], in_=channel)
    shown = await head.uses(LISTS[kind], in_=channel)
    assert shown.ephemeral
    guild.members[head.id].roles.clear()
    await refused(head.presses(shown.button(words.additions.NEXT)), words.additions.ONLY_MANAGERS)
    await refused(head.chooses(shown.select(), "rye bread number 11"), words.additions.ONLY_MANAGERS)
    assert await kept(storage, guild) == before


@pytest.mark.parametrize("kind", KindName)
async def test_a_server_that_shows_the_list_to_all_shows_it_to_who_manages_it_only(
    bot: TutorClient, mo: Person, loopback: LoopbackDiscord, channel: Channel, kind: KindName
) -> None:
    for command in loopback.commands[None].values():
        command["default_member_permissions"] = None  # as a server can decide; the code decides again
    await refused(mo.uses(LISTS[kind], in_=channel), words.additions.ONLY_MANAGERS)


async def test_who_wants_to_be_forgotten_leaves_no_name_in_either_list(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, guild: Guild, mo: Person, head: Person, channel: Channel, storage: Storage
) -> None:
    await taught(mo, OFF_TOPIC, channel)
    for kind in KindName:
        await storage.additions.add(guild.id, mo.id, Addition(kind, "selu", "", "rye bread", "Mo"))
        await storage.additions.add(guild.id, head.id, Addition(kind, "selu", "", "rye bread too", "Head"))
    assert (await head.uses("/tutor taught", in_=channel)).text.count("by `Mo`") == 2
    await bot.app.scores.forget(mo.id)
    for command in LISTS.values():
        text = (await head.uses(command, in_=channel)).text
        assert "Mo" not in text
        assert "by `Head`" in text
