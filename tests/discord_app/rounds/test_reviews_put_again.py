"""A dispute is put where it belongs, however often that takes."""

from collections.abc import Callable

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.service.rounds import carrying_out
from bot.service.server_settings import Change
from tests.discord_app.playing import Play
from tests.discord_app.rounds.test_reviewing import ODD, appealed, closed, reviews
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql

__all__ = ["reviews"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Discord has no time for is tried again at once."""
    monkeypatch.setattr(carrying_out, "FIRST_WAIT", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [429, 503])
async def test_a_dispute_that_discord_has_no_time_for_is_put_again_where_it_belongs(
    bot: TutorClient, play: Play, ana: Person, reviews: Channel, status: int
) -> None:
    assert play.channel.guild
    await bot.app.server_settings.change(play.channel.guild.id, Change(review_channel=reviews.id))
    shown = await closed(play, bot, (ana, ODD))
    play.loopback.fail_next("POST", f"/channels/{reviews.id}/messages", status=status)
    assert await appealed(play, shown, ana, reviews, play.starter)
    assert not any("I was right" in one.text for one in play.starter.sees(play.starter.dm))


@pytest.mark.parametrize("what", ["message", "channel"])
@pytest.mark.parametrize("away", [False, True], ids=["heard", "away"])
async def test_a_dispute_whose_review_is_deleted_goes_to_the_next(  # noqa: PLR0917
    make_client: Callable[[], TutorClient], play: Play, ana: Person, reviews: Channel, what: str, away: bool
) -> None:
    loopback, guild, starter = play.loopback, play.channel.guild, play.starter
    assert guild
    moderator = guild.add_member("Moa", permissions=["manage_messages"])

    def deleted() -> None:
        if what == "channel":
            reviews.delete()
        else:
            moderator.deletes(next(one for one in moderator.sees(reviews) if "I was right" in one.text))

    async def put_before_the_starter() -> None:
        review = await loopback.until(
            lambda: next((one for one in starter.sees(starter.dm) if "I was right" in one.text), None), "the review"
        )
        assert words.rounds.ACCEPT in [one.label for one in review.buttons]

    client = make_client()
    async with loopback.running(client):
        play.rounds = client.app.rounds
        await client.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
        shown = await closed(play, client, (ana, ODD))
        await play.result()
        await appealed(play, shown, ana, reviews, moderator)
        await loopback.settled()
        if not away:
            deleted()
            await put_before_the_starter()
            return
    await loopback.offline()
    deleted()
    client = make_client()
    async with loopback.running(client):
        await put_before_the_starter()
