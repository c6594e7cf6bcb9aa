"""Disputes whose reviewers cannot be reached: the next are asked, and nobody waits without being told."""

from collections.abc import Callable

import pytest

from bot import words
from bot.clock import DAY
from bot.discord_app.client import TutorClient
from bot.quiz.round.disputes import Flagged
from bot.quiz.round.effects import Told
from bot.quiz.round.state import Click
from bot.service.rounds import carrying_out
from bot.service.rounds.engine import FORGET_EVERY
from bot.service.server_settings import Change
from tests.discord_app.playing import Play, readable
from tests.discord_app.rounds.test_reviewing import reviews
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql]  # all of it takes ten seconds or more

__all__ = ["reviews"]
WAITS = "A dispute waits for a moderator."


@pytest.fixture
def moa(guild: Guild) -> Person:
    """Another moderator."""
    return guild.add_member("Moa", permissions=["manage_messages"])


@pytest.fixture
def host(guild: Guild) -> Person:
    """Somebody who may start rounds, and moderates nothing."""
    return guild.add_member("Hal")


async def closed(play: Play, bot: TutorClient, *members: Person, **options: object) -> Shown:
    """A question that these have answered wrong, after its close."""
    await play.start(bot, **{"questions": 1, "kinds": "choice", "seconds": 60, **options})
    shown = await play.asked()
    for member in members:
        await member.presses(shown.button(play.letter(right=False)))
    return await play.closed(shown, 70)


async def flags(shown: Shown, member: Person) -> str:
    """What a member is told who finds that question unclear."""
    return (await member.presses(shown.button(words.rounds.UNCLEAR))).text


async def seen(play: Play, member: Person, where: Channel, text: str) -> Shown:
    """The latest message with that text that the member reads there, once there is one."""
    return await play.loopback.until(
        lambda: next((one for one in reversed(member.sees(where)) if text in one.text), None), text
    )


async def waits_no_more(play: Play, waiting: Shown) -> None:
    await play.loopback.until(lambda: waiting.buttons == [] or None, "that nothing waits any more")
    assert waiting.text == words.disputes.waiting(0)


def reads(member: Person, where: Channel, text: str) -> int:
    """How many messages with that text the member can read there."""
    return sum(text in one.text for one in member.sees(where))


def leaves(member: Person, guild: Guild) -> None:
    del guild.members[member.id]


Gone = Callable[[Person, Guild], None]


@pytest.mark.parametrize(
    "gone",
    [lambda starter, _: starter.closes_dms(), leaves],
    ids=["their direct messages closed", "left"],
)
async def test_where_whoever_started_cannot_be_reached_a_moderator_opens_it_in_the_channel(  # noqa: PLR0917
    bot: TutorClient, play: Play, guild: Guild, ana: Person, moa: Person, gone: Gone
) -> None:
    ben = guild.add_member("Ben")
    shown = await closed(play, bot, ana)
    gone(play.starter, guild)
    assert await flags(shown, ana) == words.rounds.SAID[Told.NOTED]
    waiting = await seen(play, ben, play.channel, WAITS)
    assert (waiting.text, [one.label for one in waiting.buttons]) == (WAITS, [words.disputes.DECIDE])
    refused = await ben.presses(waiting.button(words.disputes.DECIDE))
    assert (refused.ephemeral, refused.text) == (True, words.rounds.SAID[Told.NOT_ALLOWED])
    page = await moa.presses(waiting.button(words.disputes.DECIDE))
    assert page.ephemeral
    assert "A member finds this question" in page.text
    await moa.presses(page.button(words.rounds.ACCEPT))
    assert "**Accepted** by `Moa`: the question counts for nobody" in page.text
    await waits_no_more(play, waiting)
    assert "does not count" in shown.text
    assert not reads(play.starter, play.starter.dm, "unclear")


async def test_several_are_one_message_that_counts_them(
    bot: TutorClient, play: Play, ana: Person, ben: Person, moa: Person
) -> None:
    play.starter.closes_dms()
    await play.start(bot, questions=1, kinds="calculate", seconds=60)
    shown = await play.asked()
    for member, number in ((ana, "123456"), (ben, "234567")):  # equal ones are decided together
        form = await member.opens(shown.button(words.quiz.ANSWER))
        await member.submits(form, text=readable(form, number))
    await play.closed(shown, 80)
    for member in (ana, ben):
        await member.presses(shown.button(words.rounds.I_WAS_RIGHT))
    await flags(shown, ana)
    waiting = await seen(play, ben, play.channel, "3 disputes wait for a moderator.")
    assert reads(ben, play.channel, "wait for a moderator") == 1
    assert not reads(ben, play.channel, "a member says")
    await moa.presses(waiting.button(words.disputes.DECIDE))
    await play.loopback.settled()
    pages = [one for one in moa.sees(play.channel) if one.ephemeral]
    assert [("I was right" in one.text, len(one.buttons)) for one in pages] == [(True, 2), (True, 2), (False, 2)]
    await moa.presses(pages[0].button(words.rounds.ACCEPT))
    await seen(play, ben, play.channel, "2 disputes wait for a moderator.")
    await moa.presses(pages[2].button(words.rounds.ACCEPT))  # it counts for nobody, so nothing else can be decided
    await waits_no_more(play, waiting)


async def test_an_appeal_of_whoever_started_goes_to_moderators(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, play: Play, guild: Guild, host: Person, moa: Person, loopback: LoopbackDiscord
) -> None:
    """They may not decide it themselves, so it is no use to send it to them."""
    await bot.app.server_settings.change(guild.id, Change(starter_role=guild.add_role("Hosts", host).id))
    theirs = Play(loopback, play.channel, host)
    shown = await closed(theirs, bot, host)
    await flags(shown, host)
    waiting = await seen(theirs, moa, play.channel, WAITS)
    own = await host.presses(waiting.button(words.disputes.DECIDE))
    assert (own.ephemeral, own.text) == (True, words.rounds.NOT_YOUR_OWN)
    assert not host.sees(host.dm)
    page = await moa.presses(waiting.button(words.disputes.DECIDE))
    await moa.presses(page.button(words.rounds.REJECT))
    await waits_no_more(theirs, waiting)


async def test_what_whoever_started_has_and_may_not_decide_goes_to_moderators(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, play: Play, guild: Guild, host: Person, moa: Person, ana: Person, loopback: LoopbackDiscord
) -> None:
    await bot.app.server_settings.change(guild.id, Change(starter_role=guild.add_role("Hosts", host).id))
    theirs = Play(loopback, play.channel, host)
    shown = await closed(theirs, bot, ana, host)
    await flags(shown, ana)
    await seen(theirs, host, host.dm, "unclear")
    await flags(shown, host)
    await seen(theirs, moa, play.channel, WAITS)


async def test_in_mid_round_it_gives_nothing_away(bot: TutorClient, play: Play, ana: Person, moa: Person) -> None:
    play.starter.closes_dms()
    await play.start(bot, questions=1, kinds="choice", seconds=300)
    shown = await play.asked()
    number, question = play.turn.number, play.turn.question
    await play.rounds.happened(play.id, Flagged(number, Click(1, play.loopback.clock.now(), ana.id, "Ana")))  # type: ignore[union-attr]
    waiting = await seen(play, moa, play.channel, WAITS)
    page = await moa.presses(waiting.button(words.disputes.DECIDE))
    assert shown.buttons  # it is still asked
    assert question.ask in page.text
    assert question.explain not in page.text
    assert not any(option.misconception and option.misconception in page.text for option in question.options)
    assert "Ana" not in waiting.text + page.text


async def test_after_a_kill_it_stands_there_once_and_what_was_set_meanwhile_is_used(  # noqa: PLR0917 - its fixtures
    make_client: Callable[[], TutorClient], play: Play, guild: Guild, ana: Person, moa: Person, reviews: Channel
) -> None:
    play.starter.closes_dms()
    async with play.killed_after(make_client()) as bot:
        shown = await closed(play, bot, ana)
        await play.result()
        await play.loopback.settled()
        lost = play.loopback.lose_next("POST", f"/channels/{play.channel.id}/messages", handled=True, times=99)
        await flags(shown, ana)
        await seen(play, moa, play.channel, WAITS)
    lost.release()
    async with play.killed_after(make_client()) as bot:
        play.rounds = bot.app.rounds
        await play.goes_on()
        await play.loopback.until(lambda: not play.round.outbox or None, "that it is known to be there")
        assert reads(moa, play.channel, WAITS) == 1
        await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))  # and no round is told so
    async with play.killed_after(make_client()):
        await seen(play, moa, reviews, "unclear")
        await waits_no_more(play, await seen(play, moa, play.channel, "No dispute"))
    assert reads(moa, reviews, "unclear") == 1


@pytest.mark.parametrize("when", ["before it is asked", "after it was asked"])
async def test_who_may_no_longer_start_rounds_is_not_asked(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, play: Play, guild: Guild, host: Person, moa: Person, ana: Person, when: str
) -> None:
    hosts = guild.add_role("Hosts", host)
    await bot.app.server_settings.change(guild.id, Change(starter_role=hosts.id))
    theirs = Play(play.loopback, play.channel, host)
    shown = await closed(theirs, bot, ana)
    if when == "before it is asked":
        guild.remove_role(hosts)
        await flags(shown, ana)
    else:
        await flags(shown, ana)
        review = await seen(theirs, host, host.dm, "unclear")
        guild.remove_role(hosts)
        assert (await host.presses(review.button(words.rounds.ACCEPT))).text == words.rounds.SAID[
            Told.NO_LONGER_ALLOWED
        ]
    waiting = await seen(theirs, moa, play.channel, WAITS)
    refused = await host.presses(waiting.button(words.disputes.DECIDE))
    assert refused.text == words.rounds.SAID[Told.NO_LONGER_ALLOWED]
    page = await moa.presses(waiting.button(words.disputes.DECIDE))
    await moa.presses(page.button(words.rounds.REJECT))
    await waits_no_more(theirs, waiting)


@pytest.mark.parametrize("how", ["deleted", "closed to me", "hidden from me"])
async def test_a_channel_for_reviews_that_is_closed_is_passed_over_and_asked_once_it_is_open(  # noqa: PLR0917
    bot: TutorClient, play: Play, guild: Guild, ana: Person, moa: Person, reviews: Channel, how: str
) -> None:
    await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    shown = await closed(play, bot, ana)
    right = "send_messages" if how == "closed to me" else "view_channel"
    if how == "deleted":
        reviews.delete()
    else:
        reviews.deny(play.loopback.bot, right)
    play.starter.closes_dms()
    await flags(shown, ana)
    waiting = await seen(play, moa, play.channel, WAITS)
    if how == "deleted":
        reviews = guild.add_channel("reviews")
        head = guild.add_member("Head", permissions=["manage_guild"])
        await head.uses("/tutor settings", review_channel=reviews, in_=play.channel)
    else:
        reviews.allow(play.loopback.bot, right)
    review = await seen(play, moa, reviews, "unclear")
    await waits_no_more(play, waiting)
    assert reads(moa, reviews, "unclear") == 1
    await moa.presses(review.button(words.rounds.REJECT))
    assert "**Rejected** by `Moa`" in review.text


async def test_where_nobody_can_be_reached_the_member_is_told_and_a_later_setting_picks_it_up(  # noqa: PLR0917
    bot: TutorClient, play: Play, guild: Guild, ana: Person, ben: Person, moa: Person
) -> None:
    play.starter.closes_dms()
    shown = await closed(play, bot, ana)
    table = await play.result()
    receipt = table.button(words.rounds.MY_RECEIPT)
    flag = shown.button(words.rounds.UNCLEAR)
    play.channel.deny(play.loopback.bot, "send_messages")
    await ana.presses(flag)
    told = await seen(play, ana, ana.dm, words.disputes.NOBODY_REACHED)
    assert told.text.startswith(f"Of question 1 of the round in {play.channel.mention} you said that it is unclear.")
    assert words.disputes.NOBODY_REACHED in (await ana.presses(receipt)).text
    assert await flags(shown, ana) == words.rounds.SAID[Told.NOBODY_REACHED]
    assert not reads(moa, play.channel, WAITS)
    reviews, head = guild.add_channel("reviews"), guild.add_member("Head", permissions=["manage_guild"])
    await head.uses("/tutor settings", review_channel=reviews, in_=reviews)
    review = await seen(play, moa, reviews, "unclear")
    await play.loopback.settled()
    mine = await ana.presses(receipt)
    assert words.disputes.NOBODY_REACHED not in mine.text
    assert words.disputes.FLAGGED["asked"] in mine.text
    await moa.presses(review.button(words.rounds.REJECT))
    assert words.disputes.FLAGGED["rejected"] in (await ana.presses(receipt)).text
    assert reads(ana, ana.dm, words.disputes.NOBODY_REACHED) == 1


async def test_where_its_thread_is_locked_it_stands_in_the_channel_around_it(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, play: Play, channel: Channel, ana: Person, ben: Person, moa: Person
) -> None:
    play.starter.closes_dms()
    shown = await closed(play, bot, ana, ben, where="thread", questions=2, pause=3)
    await flags(shown, ana)
    await seen(play, ben, play.channel, WAITS)
    other = await play.asked(2)
    await play.closed(other, 70)
    await play.result()
    play.channel.close(locked=True, archived=True)
    await flags(other, ben)
    waiting = await seen(play, ben, channel, "2 disputes wait for a moderator.")
    await moa.presses(waiting.button(words.disputes.DECIDE))
    await play.loopback.settled()
    pages = [one for one in moa.sees(channel) if one.ephemeral]
    for page in pages:
        await moa.presses(page.button(words.rounds.REJECT))
    assert len(pages) == 2
    await waits_no_more(play, waiting)


@pytest.mark.parametrize("status", [429, 503, None])
async def test_what_may_work_later_is_tried_again_and_nobody_else_is_asked(  # noqa: PLR0917 - its fixtures
    bot: TutorClient,
    play: Play,
    guild: Guild,
    ana: Person,
    reviews: Channel,
    monkeypatch: pytest.MonkeyPatch,
    status: int | None,
) -> None:
    monkeypatch.setattr(carrying_out, "FIRST_WAIT", 0.05)
    await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    shown = await closed(play, bot, ana)
    to, moa = f"/channels/{reviews.id}/messages", guild.add_member("Moa", permissions=["manage_messages"])
    if status is None:
        play.loopback.lose_next("POST", to, handled=True)
    else:
        play.loopback.fail_next("POST", to, status=status, headers={"Retry-After": "0.1"})
    await flags(shown, ana)
    await seen(play, moa, reviews, "unclear")
    await play.loopback.until(lambda: not play.round.news or None, "that it is known to be there")
    assert reads(moa, reviews, "unclear") == 1
    assert not reads(play.starter, play.starter.dm, "unclear")
    assert not reads(moa, play.channel, "waits")


async def test_what_waits_when_the_answers_are_removed_is_said_to_be_undecided(
    bot: TutorClient, play: Play, ana: Person, moa: Person
) -> None:
    play.starter.closes_dms()
    shown = await closed(play, bot, ana)
    await flags(shown, ana)
    waiting = await seen(play, moa, play.channel, WAITS)
    table = await play.result()
    await play.loopback.settled()
    mine = await ana.presses(table.button(words.rounds.MY_RECEIPT))
    assert words.disputes.WAITS["channel"] in mine.text
    assert "kept until <t:" in mine.text
    play.loopback.advance(8 * DAY)
    await play.looks()
    await waits_no_more(play, waiting)
    assert "Nobody who may decide it has" in (await seen(play, ana, ana.dm, "unclear")).text
    play.loopback.advance(FORGET_EVERY + 1)
    await play.looks()
    await play.loopback.until(lambda: bot.app.rounds.in_memory(play.id) is None or None, "the end of its answers")
    assert (await ana.presses(table.button(words.rounds.MY_RECEIPT))).text == words.rounds.NOT_KEPT_ANY_MORE
