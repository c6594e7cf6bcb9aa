"""A round loses its place: it ends there and then, the scores are kept, and whoever started is told why."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.quiz.round.effects import Lost
from bot.quiz.round.state import Ended
from bot.service.server_settings import Change
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Guild
from tests.discord_server.people import Person


@dataclass
class Loss:
    """What happens, and what whoever started is told (nothing where the bot can no longer reach them)."""

    happens: Callable[[Play], None]
    why: Lost
    permission: str = ""
    where: str = "here"
    told: bool = True


def denied(name: str) -> Callable[[Play], None]:
    def happens(play: Play) -> None:
        (play.channel.parent or play.channel).deny(play.loopback.bot, name)

    return happens


def role_changed(play: Play) -> None:
    guild = server(play)
    guild.take(guild.everyone, "send_messages")
    guild.take(guild.bot_role, "send_messages")


def server(play: Play) -> Guild:
    assert play.channel.guild
    return play.channel.guild


def around(play: Play) -> None:
    assert play.channel.parent
    play.channel.parent.delete()


LOSSES = {
    "not to write": Loss(denied("send_messages"), "permission", "send_messages"),
    "not to see": Loss(denied("view_channel"), "permission", "view_channel"),
    "a role": Loss(role_changed, "permission", "send_messages"),
    "not in threads": Loss(
        denied("send_messages_in_threads"), "permission", "send_messages_in_threads", where="thread"
    ),
    "channel deleted": Loss(lambda play: play.channel.delete(), "channel-gone"),
    "thread deleted": Loss(lambda play: play.channel.delete(), "thread-gone", where="thread"),
    "its channel deleted": Loss(around, "thread-gone", where="thread"),
    "thread locked": Loss(lambda play: play.channel.close(locked=True), "thread-locked", where="thread"),
    "locked and archived": Loss(
        lambda play: play.channel.close(locked=True, archived=True), "thread-locked", where="thread"
    ),
    "bot removed": Loss(lambda play: server(play).remove_bot(), "removed", told=False),
    "server deleted": Loss(lambda play: server(play).delete(), "removed", told=False),
}


async def until_lost(play: Play, loss: Loss) -> None:
    """Without any time passing on Discord's clock: nothing was to be posted."""
    loss.happens(play)
    await play.loopback.until(lambda: isinstance(play.round.phase, Ended) or None, "the end of the round")
    assert play.round.phase == Ended("lost", loss.why, loss.permission)
    assert not play.round.outbox
    if loss.told:
        told = await play.told()
        assert words.rounds.LOST[loss.why] in told
        assert words.discord.PERMISSIONS.get(loss.permission, "") in told


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("moment", [pytest.param("lead-in", marks=pytest.mark.slow), "question"])
async def test_the_round_ends_at_once_and_another_can_start(
    bot: TutorClient, play: Play, name: str, moment: str
) -> None:
    loss, spare = LOSSES[name], server(play).add_channel("spare")
    await play.start(bot, questions=2, kinds="choice", where=loss.where, untimed=True)
    if moment == "question":
        await play.asked()
    await until_lost(play, loss)
    assert all(turn.void == "lost" for turn in play.round.turns)
    if loss.told and name != "a role":
        await Play(play.loopback, spare, play.starter).start(bot, questions=1, kinds="choice")


@pytest.mark.parametrize("name", ["not to write", "thread deleted", "thread locked"])
async def test_the_scores_so_far_are_on_the_leaderboard(
    bot: TutorClient, play: Play, name: str, ana: Person, ben: Person
) -> None:
    spare = server(play).add_channel("spare")
    await play.start(bot, questions=3, kinds="choice", where=LOSSES[name].where)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    await ben.presses(shown.button(play.letter(right=False)))
    await play.closed(shown)
    await until_lost(play, LOSSES[name])
    board = await ana.uses("/leaderboard", in_=spare)
    assert "`Ana`" in board.text
    assert "`Ben`" in board.text


async def test_an_open_question_says_that_its_round_is_over(
    bot: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    shown = await play.asked()
    play.channel.deny(loopback.bot, "send_messages")
    await loopback.until(lambda: words.rounds.VOIDED["lost"] in shown.text or None, "the word below the question")


async def test_a_broken_connection_on_the_way_keeps_nobody_from_being_told(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    await play.asked()
    broken = loopback.lose_next("PATCH", f"/channels/{play.channel.id}/messages/*")
    play.channel.deny(loopback.bot, "send_messages")
    assert words.rounds.LOST["permission"] in await play.told()
    assert not broken.times


async def test_a_thread_that_is_only_archived_is_opened_again(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", where="thread")
    play.channel.close(archived=True)
    shown = await play.asked()  # a post opens it
    assert not play.channel.archived
    await ana.presses(shown.button(play.letter()))
    play.channel.close(archived=True)
    await play.closed(shown)  # an edit does not, so it is opened for it
    assert "✅" in shown.text
    assert "`Ana`: **1** of 1" in (await play.result()).text


async def test_a_lock_does_not_matter_to_who_may_manage_threads(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord
) -> None:
    play.channel.allow(loopback.bot, "manage_threads")
    await play.start(bot, questions=1, kinds="choice", where="thread")
    play.channel.close(locked=True)
    await play.asked()


async def test_an_outage_of_the_server_is_no_loss(bot: TutorClient, play: Play, loopback: LoopbackDiscord) -> None:
    await play.start(bot, questions=1, kinds="choice")
    loopback.gateway.dispatch("GUILD_DELETE", {"id": str(server(play).id), "unavailable": True})
    await loopback.until(lambda: bot.guilds[0].unavailable or None, "the outage")
    await play.asked()


async def test_other_rounds_go_on(bot: TutorClient, play: Play, loopback: LoopbackDiscord) -> None:
    other = Play(loopback, play.channel, play.starter)
    await other.start(bot, questions=1, kinds="choice", where="thread")
    await play.start(bot, questions=1, kinds="choice")
    other.channel.delete()
    assert words.rounds.LOST["thread-gone"] in await other.told()
    await play.asked()


async def test_what_may_not_be_seen_is_named_though_the_cache_does_not_know(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    body = {"message": "Missing Access", "code": 50001}
    loopback.fail_next("POST", f"/channels/{play.channel.id}/messages", status=403, body=body)
    loopback.advance(16)
    assert "(I lack **View Channel** there)" in await play.told()


@pytest.mark.parametrize("reviews", [False, True])
async def test_why_it_ended_is_told_elsewhere_where_whoever_started_cannot_be_told(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, reviews: bool
) -> None:
    guild, mo = server(play), play.starter
    desk = guild.add_channel("desk")
    if reviews:
        await bot.app.server_settings.change(guild.id, Change(review_channel=desk.id))
    await play.start(bot, questions=2, kinds="choice")
    question = await play.asked()
    mo.closes_dms()
    play.channel.deny(loopback.bot, "view_channel")
    await loopback.until(lambda: play.rounds.in_memory(play.id).over or None, "the end")  # type: ignore[union-attr]
    if reviews:
        assert words.rounds.LOST["permission"] in mo.sees(desk)[-1].text
    play.channel.allow(loopback.bot, "view_channel")
    for shown in ("A", words.rounds.SKIP):  # the question still looks as if it were open
        pressed = await mo.presses(question.button(shown))
        assert pressed.text.startswith("That round has ended early: I could no longer post there (I lacked **View Ch")
    scores = await mo.uses("/quiz scores", in_=play.channel)
    assert "I could no longer post there (I lacked **View Channel**)" in scores.text
    told = await mo.uses("/quiz start", in_=play.channel, questions=1)
    assert ("The last round here ended early: I could no longer post there" in told.text) is not reviews
    await mo.uses("/quiz stop", in_=play.channel)
    assert "ended early" not in (await mo.uses("/quiz start", in_=play.channel, questions=1)).text
