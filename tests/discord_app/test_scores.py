"""Leaderboards, a member's own scores, and what a server sets about rounds."""

import json
from datetime import datetime
from typing import Any

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.storage.database import Storage
from bot.storage.rows import Addition, PointsOf, PointsRow
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql


async def played(play: Play, bot: TutorClient, *right: Person, wrong: Person | None = None) -> None:
    """A whole round of one question."""
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    for one in right:
        await one.presses(shown.button(play.letter()))
    if wrong:
        await wrong.presses(shown.button(play.letter(right=False)))
    await play.closed(shown)
    await play.result()


async def test_a_round_of_two_counts_and_equal_points_share_the_place(
    bot: TutorClient, play: Play, ana: Person, ben: Person, channel: Channel
) -> None:
    await played(play, bot, ana, play.starter, wrong=ben)
    board = await ana.uses("/leaderboard", in_=channel)
    assert "**1.** `Ana`: **1**" in board.text or "**1.** `Mo`: **1**" in board.text
    assert board.text.count("**1.**") == 2
    assert "**3.** `Ben`: **0**" in board.text


async def test_a_round_of_one_and_a_seeded_round_do_not_count(
    bot: TutorClient, play: Play, ana: Person, ben: Person, channel: Channel
) -> None:
    await played(play, bot, ana)
    play.loopback.advance(1)
    await play.start(bot, questions=1, kinds="choice", seed="abc")
    await play.starter.uses("/quiz stop", in_=channel)
    assert words.scores.NO_POINTS in (await ana.uses("/leaderboard", period="all", in_=channel)).text
    mine = (await ana.uses("/me", in_=channel)).text
    assert "1** point with 1 answer" in mine
    assert words.scores.UNRANKED in mine


async def test_ten_a_page_and_only_of_this_server_and_period(
    bot: TutorClient, storage: Storage, loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    guild, now = channel.guild, loopback.clock.now()
    assert guild
    rows = [PointsRow("r", 0, n, guild.id, f"P{n}", "selu", "selu/a", 12.0 - n, True, now) for n in range(12)]
    old = [PointsRow("r", 1, 99, guild.id, "Old", "selu", "selu/a", 50.0, True, now - 40 * 86400)]
    other = [PointsRow("r", 2, 98, 1, "Other", "selu", "selu/a", 50.0, True, now)]
    await storage.journal.write(PointsOf("r", (*rows, *old, *other)))
    board = await ana.uses("/leaderboard", in_=channel)
    assert "page 1 of 2" in board.text
    assert "`P9`" in board.text
    assert "`P10`" not in board.text
    await ana.presses(board.button(words.additions.NEXT))
    assert "**11.** `P10`" in board.text
    assert "Old" not in board.text
    assert "Other" not in board.text
    assert "`Old`" in (await ana.uses("/leaderboard", period="all", in_=channel)).text


async def test_members_hide_export_and_delete(
    bot: TutorClient, play: Play, storage: Storage, ana: Person, ben: Person
) -> None:
    channel = play.channel
    await played(play, bot, ana, ben)
    mine = await ana.uses("/me", in_=channel)
    assert mine.ephemeral
    exported = await ana.presses(mine.button(words.scores.EXPORT))
    assert [row["member_id"] for row in json.loads(exported.files[0].data)["points"]] == [ana.id]
    await ana.presses(mine.button(words.scores.HIDE_ME))
    board = await ben.uses("/leaderboard", in_=channel)
    assert "`Ana`" not in board.text
    assert "`Ben`" in board.text
    warning = await ana.presses(mine.button(words.scores.DELETE_ME))
    goes, stays = warning.text.split("-# ")
    assert all(one in goes for one in ("points", "reviews", "answers", "reminders", "time zone", "hidden", "practice"))
    assert all(one in stays for one in ("topics", "schedules", "questions taught", "wordings accepted", "stays"))
    await ana.presses(warning.button(words.scores.REALLY_DELETE))
    assert await storage.scores.of(ana.id) == ()
    row = await storage.journal.round(play.id)
    assert row
    assert str(ana.id) not in row.state
    assert str(ben.id) in row.state
    shown = [await play.shown(words.rounds.SOMEBODY), await play.shown("### Quiz: ")]
    await play.loopback.until(lambda: all("`Ana`" not in one.text for one in ben.sees(channel)) or None, "the edits")
    assert any(f"{words.rounds.SOMEBODY}: **" in one.text for one in shown)
    assert await storage.journal.events(row) == ()


async def exported(who: Person, in_: Channel) -> tuple[str, dict[str, Any]]:
    """What *Export* below `/me` says, and what is in its file."""
    shown = await who.presses((await who.uses("/me", in_=in_)).button(words.scores.EXPORT))
    return shown.text, json.loads(shown.files[0].data)


@pytest.mark.slow
async def test_all_that_is_kept_of_a_member_is_exported(  # noqa: PLR0917
    bot: TutorClient, play: Play, storage: Storage, ana: Person, ben: Person, loopback: LoopbackDiscord
) -> None:
    channel, mo = play.channel, play.starter
    assert channel.guild
    await play.start(bot, questions=1, kinds="open", seconds=60)
    question, ask = await play.asked(), play.turn.question.ask
    await ana.submits(await ana.opens(question.button(words.quiz.ANSWER)), text="my cat is called Felix")
    said, kept = await exported(ana, channel)
    assert "being asked in a round right now" in said
    assert kept["rounds"][0]["questions"] == [{"number": 1, "question": ask, "being_asked": True}]
    await play.closed(question, 70)
    await ana.presses(question.button(words.rounds.I_WAS_RIGHT))
    await ana.presses(question.button(words.rounds.UNCLEAR))
    await play.result()
    topic, key = play.turn.question.topic, play.turn.question.key
    await storage.additions.add(channel.guild.id, ana.id, Addition("phrasing", topic, "", "why no cats?", "Ana"))
    await storage.additions.add(1, ana.id, Addition("phrasing", topic, "", "elsewhere", "Ana"))
    await storage.scores.hide(channel.guild.id, ana.id, True)
    said, kept = await exported(ana, channel)
    assert "being asked" not in said
    assert kept["hidden_in_servers"] == [channel.guild.id]
    assert [(one["text"], one["by"]) for one in kept["added_as_moderator"]] == [("why no cats?", "Ana")]
    [round_] = kept["rounds"]
    assert (round_["round_id"], round_["name"], round_["started_it"]) == (play.id, "Ana", False)
    [one] = round_["questions"]
    assert abs(datetime.fromisoformat(one.pop("answered_at")).timestamp() - loopback.clock.now()) < 200
    assert one == {
        "number": 1,
        "question": ask,
        "topic": topic,
        "key": key,
        "typed": "my cat is called Felix",
        "points": 0.0,
        "found_it_unclear": "asked",
        "said_they_were_right": "asked",
    }
    assert datetime.fromisoformat(kept["points"][0]["at"]).tzinfo
    _, everywhere = await exported(ana, ana.dm)
    assert [one["text"] for one in everywhere["added_as_moderator"]] == ["why no cats?", "elsewhere"]
    assert (await exported(mo, channel))[1]["rounds"][0]["started_it"]
    assert not (await exported(ben, channel))[1]["rounds"]


async def test_who_plays_right_now_is_told_where_before_they_confirm(
    bot: TutorClient, play: Play, ana: Person, channel: Channel
) -> None:
    assert channel.guild
    mine = await ana.uses("/me", in_=ana.dm)
    warning = await ana.presses(mine.button(words.scores.DELETE_ME))
    await play.start(bot, questions=1, kinds="choice")
    await ana.presses((await play.asked()).button("A"))
    for pressed in (mine.button(words.scores.DELETE_ME), warning.button(words.scores.REALLY_DELETE)):
        refused = (await ana.presses(pressed)).text
        assert "playing in a round right now" in refused
        assert f"https://discord.com/channels/{channel.guild.id}/{channel.id}\n" in refused
        assert "moderators (Manage Messages), can end it by `/quiz stop` in its channel" in refused


async def test_a_role_may_start_and_reviews_go_to_a_channel(
    head: Person, bot: TutorClient, play: Play, guild: Guild, ana: Person
) -> None:
    channel = play.channel
    reviews = guild.add_channel("reviews")
    host = guild.add_member("Hal")
    role = guild.add_role("Hosts", host)
    assert (await host.uses("/quiz start", in_=channel)).text == words.rounds.ONLY_STARTERS
    shown = await head.uses("/tutor settings", in_=channel, starter_role=role, review_channel=reviews)
    assert role.mention in shown.text
    assert reviews.mention in shown.text
    begun = await host.uses("/quiz start", in_=channel, questions=1, kinds="choice")
    assert begun.text == words.rounds.round_begins(channel.mention, 1, 1, (), ["choice"])
    play.rounds = bot.app.rounds
    on = play.rounds.on(channel.id)
    assert on
    play.id = on.setup.id
    question = await play.asked()
    await ana.presses(question.button("A"))
    await play.closed(question)
    await ana.presses(question.button(words.rounds.UNCLEAR))
    review = await play.loopback.until(
        lambda: next((one for one in head.sees(reviews) if "unclear" in one.text), None), "the review"
    )
    await host.presses(review.button(words.rounds.ACCEPT))
    await play.loopback.until(lambda: words.rounds.VOIDED["unclear"] in question.text or None, "the void")
