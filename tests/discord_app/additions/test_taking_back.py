"""What was taught is listed, and taken back."""

import pytest

from bot import words
from bot.service.additions import MOST_A_SERVER
from bot.storage.database import Storage
from bot.storage.rows import Addition
from tests.discord_app.additions.teaching import asks_bias, labels, taught
from tests.discord_app.conftest import OFF_TOPIC, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql


def phrasing(text: str, part: str = "") -> Addition:
    return Addition("phrasing", "selu", part, text, "Mo `*x*`")


@pytest.mark.usefixtures("bot")
class TestTakingBack:
    async def test_just_after_teaching(self, mo: Person, ana: Person, channel: Channel) -> None:
        told = await taught(mo, OFF_TOPIC, channel)
        assert await asks_bias(ana, OFF_TOPIC, channel)
        after = await mo.presses(told.button(words.additions.UNDO))
        assert (after.text, labels(after)) == (words.additions.TAKEN_BACK, [])
        assert not await asks_bias(ana, OFF_TOPIC, channel)

    async def test_from_the_list(
        self, head: Person, mo: Person, guild: Guild, channel: Channel, storage: Storage
    ) -> None:
        assert words.additions.PHRASINGS.nothing in (await head.uses("/tutor taught", in_=channel)).text
        told = await taught(mo, OFF_TOPIC, channel)
        (row,) = await storage.additions.of(guild.id, "phrasing")
        shown = await head.uses("/tutor taught", in_=channel)
        assert shown.ephemeral
        for part in (f"`{OFF_TOPIC}`", TITLE, "`Mo`", f"<t:{row.at:.0f}:d>", f"1 of at most {MOST_A_SERVER}"):
            assert part in shown.text
        after = await head.chooses(shown.select(words.additions.TAKE_BACK), OFF_TOPIC)
        assert after == shown
        assert words.additions.PHRASINGS.nothing in shown.text
        assert not await asks_bias(mo, OFF_TOPIC, channel)
        assert (await mo.presses(told.button(words.additions.UNDO))).text == words.additions.PHRASINGS.gone

    async def test_ten_a_page(self, head: Person, guild: Guild, channel: Channel, storage: Storage) -> None:
        for number in range(21):
            await storage.additions.add(guild.id, 1, phrasing(f"rye bread number {number}", "sparsity"))
        shown = await head.uses("/tutor taught", in_=channel)
        assert shown.text.count("\n- ") == 10
        assert (labels(shown), "page 1 of 3" in shown.text) == ([words.additions.NEXT], True)
        assert "number 20`" in shown.text
        await head.presses(shown.button(words.additions.NEXT))
        assert labels(shown) == [words.additions.PREVIOUS, words.additions.NEXT]
        await head.presses(shown.button(words.additions.NEXT))
        assert (labels(shown), shown.text.count("\n- "), "number 0`" in shown.text) == (
            [words.additions.PREVIOUS],
            1,
            True,
        )
        await head.chooses(shown.select(), "rye bread number 0")  # the last of the page: what is left is shown
        assert (labels(shown), "page 2 of 2" in shown.text) == ([words.additions.PREVIOUS], True)

    async def test_another_servers_cannot_be_taken_back(
        self, loopback: LoopbackDiscord, head: Person, channel: Channel, storage: Storage
    ) -> None:
        theirs = await storage.additions.add(7, 1, phrasing("rye bread"))
        await taught(head, OFF_TOPIC, channel)
        shown = await head.uses("/tutor taught", in_=channel)
        select = shown.select()
        select.component["options"][0]["value"] = str(theirs.id)
        await head.chooses(select, OFF_TOPIC)
        assert [row.text for row in await storage.additions.of(7, "phrasing")] == ["rye bread"]
        assert OFF_TOPIC in shown.text

    async def test_a_full_server_learns_no_more(
        self, mo: Person, guild: Guild, channel: Channel, storage: Storage
    ) -> None:
        for number in range(MOST_A_SERVER):
            await storage.additions.add(guild.id, 1, phrasing(f"rye bread number {number}"))
        told = await taught(mo, OFF_TOPIC, channel)
        assert str(MOST_A_SERVER) in told.text
        assert "/tutor taught" in told.text
        assert not await asks_bias(mo, OFF_TOPIC, channel)
