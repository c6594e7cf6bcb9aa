"""Disputes before a moderator: who has decided what stands on the message, and a wording that was right may stay so."""

import re

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.layout import length, typed_whole
from bot.quiz.grading.grader import Grader
from bot.service.additions import Moderator
from bot.service.server_settings import Change
from bot.storage.database import Storage
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.on_postgresql

HALF_SAID = (  # at least one of these is doubted, whatever was fitted
    "no, think of a choir in which every singer has the same sheet: one voice",
    "the lockstep marching band never splits up",
    "twins at the start are twins at the end, so better let chance decide",
    "No. It is as if one person voted a thousand times",
)
ODD = "the lockstep marching band never splits up @everyone `x`"


@pytest.fixture
def grader(bot: TutorClient) -> Grader:
    return Grader(bot.app.curriculum)


@pytest.fixture
def reviews(guild: Guild) -> Channel:
    return guild.add_channel("reviews")


async def closed(play: Play, bot: TutorClient, *answers: tuple[Person, str]) -> Shown:
    """An open question that these have answered."""
    await play.start(bot, questions=1, kinds="open", topics="weight-initialization", seconds=60, seed="s")
    shown = await play.asked()
    for member, text in answers:
        await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text=text)
    return await play.closed(shown, 80)


async def told_in(play: Play, member: Person, where: Channel) -> Shown:
    """What the member is told in private there, once there is something."""
    return await play.loopback.until(
        lambda: next((one for one in reversed(member.sees(where)) if one.ephemeral), None), "the private line"
    )


async def appealed(play: Play, shown: Shown, ana: Person, where: Channel, reader: Person) -> Shown:
    await ana.presses(shown.button(words.rounds.I_WAS_RIGHT))
    return await play.loopback.until(
        lambda: next((one for one in reader.sees(where) if "I was right" in one.text and one.buttons), None), "review"
    )


async def test_accepting_says_who_and_offers_the_wording(
    bot: TutorClient, play: Play, ana: Person, ben: Person, storage: Storage
) -> None:
    shown, mo = await closed(play, bot, (ana, ODD)), play.starter
    review = await appealed(play, shown, ana, mo.dm, mo)  # no channel is set: to whoever started
    await mo.presses(review.button(words.rounds.ACCEPT))
    offer = await told_in(play, mo, mo.dm)
    assert "**Accepted** by `Mo`" in review.text
    assert review.buttons == []
    assert "`the lockstep marching band never splits up @everyone ˋxˋ`" in offer.text
    kept = await mo.presses(offer.button(words.additions.KEEP_WORDING))
    assert kept.text.startswith("Accepted from now on, in this server only: `the lockstep")
    guild = play.channel.guild
    assert guild
    (row,) = await storage.additions.of(guild.id, "accepted_wording")
    assert (row.topic, row.text, row.by) == ("weight-initialization", ODD, "Mo")
    assert "Ana" not in str(row)
    again = Play(play.loopback, guild.add_channel("again"), mo)
    assert "`Ben` 1" in (await closed(again, bot, (ben, ODD.upper()))).text
    table = await again.result()
    assert "Accepted in this server" in (await ben.presses(table.button(words.rounds.MY_RECEIPT))).text
    await mo.presses(kept.button(words.additions.UNDO))
    assert kept.text == words.additions.TAKEN_BACK
    assert await storage.additions.of(guild.id, "accepted_wording") == ()


async def test_a_moderator_reads_the_whole_answer_and_what_it_has(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    text = " ".join(f"word{number}" for number in range(200))[:1500]
    shown, mo = await closed(play, bot, (ana, text), (ben, text)), play.starter
    review = await appealed(play, shown, ana, mo.dm, mo)
    assert " ".join(re.findall("`(word.*)`", review.text)) == text
    assert "It has 0 of 1. Accepting gives full points" in review.text
    await mo.presses(review.button(words.rounds.ACCEPT))
    assert "Accepting gives" not in review.text
    table = await play.result()
    for member, said in ((ana, words.disputes.APPEALED["accepted"]), (ben, words.reveals.ACCEPTED_LIKE_IT)):
        mine = await member.presses(table.button(words.rounds.MY_RECEIPT))
        assert said in mine.text
        assert "**1** of 1" in mine.text
        assert "Missing" not in mine.text


def test_the_whole_of_what_was_typed_stands_in_lines() -> None:
    assert typed_whole("a b") == "`a b`"
    assert typed_whole("") == "` `"
    assert [len(line) for line in typed_whole("x" * 450).split("\n")] == [202, 202, 52]
    assert length(typed_whole("🧠" * 1500)) < 2000


async def test_what_denies_it_has_no_marks(bot: TutorClient, play: Play, guild: Guild) -> None:
    shown_anew = await closed(play, bot)
    question = play.turn.question
    await bot.app.additions.accepted_wordings.add(guild.id, question, ODD, Moderator(1, "Mo"))
    said = [
        f"not {ODD}",
        ODD.replace("never", "always"),
        f"{ODD}, which is wrong",
        "a lockstep marching band splits up",
    ]
    members = [guild.add_member(f"P{number}") for number in range(5)]
    again = Play(play.loopback, guild.add_channel("again"), play.starter)
    shown = await closed(again, bot, *zip(members, [*said, ODD.upper()], strict=True))
    assert again.turn.question == question
    assert "`P4` 1" in shown.text
    assert [f"`P{number}` 1" in shown.text for number in range(4)] == [False] * 4
    assert shown_anew.id != shown.id


async def test_rejecting_and_a_second_moderator(
    bot: TutorClient, play: Play, guild: Guild, ana: Person, reviews: Channel
) -> None:
    await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    other = guild.add_member("Moa", permissions=["manage_messages"])
    shown, mo = await closed(play, bot, (ana, ODD)), play.starter
    review = await appealed(play, shown, ana, reviews, mo)
    accept, reject = review.button(words.rounds.ACCEPT), review.button(words.rounds.REJECT)
    refused = await ana.presses(accept)  # a member's press decides nothing
    assert "moderators" in refused.text
    before = [dict(one) for one in review.message.components]
    await mo.presses(reject)
    await play.loopback.until(lambda: review.buttons == [] or None, "the review without buttons")
    assert "**Rejected** by `Mo`" in review.text
    review.message.components = before  # as another moderator may still see it
    await other.presses(accept)
    await play.loopback.until(lambda: review.buttons == [] or None, "the review without buttons")
    assert "**Rejected** by `Mo`" in review.text
    assert "decided already" in (await told_in(play, other, reviews)).text
    assert "`Ana` 1" not in shown.text


async def test_a_flag_is_decided_the_same_way_where_the_channel_for_it_is_gone(
    bot: TutorClient, play: Play, ana: Person, guild: Guild, reviews: Channel
) -> None:
    await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    reviews.delete()
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    await ana.presses(shown.button("A"))
    await play.closed(shown)
    await ana.presses(shown.button(words.rounds.UNCLEAR))
    mo = play.starter
    review = await play.loopback.until(
        lambda: next((one for one in mo.sees(mo.dm) if "unclear" in one.text), None), "the review"
    )
    await mo.presses(review.button(words.rounds.ACCEPT))
    await play.loopback.until(lambda: review.buttons == [] or None, "the review without buttons")
    assert "**Accepted** by `Mo`: the question counts for nobody" in review.text


async def test_only_moderators_are_offered_it_and_may_accept_it(
    bot: TutorClient, play: Play, guild: Guild, ana: Person, loopback: LoopbackDiscord
) -> None:
    host = guild.add_member("Hal")
    role = guild.add_role("Hosts", host)
    await bot.app.server_settings.change(guild.id, Change(starter_role=role.id))
    theirs = Play(loopback, play.channel, host)
    shown = await closed(theirs, bot, (ana, ODD))
    review = await appealed(theirs, shown, ana, host.dm, host)
    await host.presses(review.button(words.rounds.ACCEPT))
    told = await loopback.until(
        lambda: host.sees(host.dm)[-1] if host.sees(host.dm)[-1].ephemeral else None, "the word"
    )
    assert (told.text, told.buttons) == ("Done.", [])
    await loopback.until(lambda: "`Ana` 1" in shown.text or None, "the new points")


async def test_the_list_is_for_who_manages_the_server(
    bot: TutorClient, play: Play, head: Person, ana: Person, storage: Storage
) -> None:
    guild = play.channel.guild
    assert guild
    assert words.additions.ACCEPTED_WORDINGS.nothing in (await head.uses("/tutor accepted")).text
    await closed(play, bot, (ana, ODD))
    for number in range(9):
        text = f"marching band number {number} never splits"
        by = Moderator(play.starter.id, "Mo")
        await bot.app.additions.accepted_wordings.add(guild.id, play.turn.question, text, by)
    shown = await head.uses("/tutor accepted")
    assert shown.ephemeral
    for part in ("`marching band number 8 never splits`", play.turn.question.ask[:30], "by `Mo`", "page 1 of 2"):
        assert part in shown.text
    await head.presses(shown.button(words.additions.NEXT))
    assert "number 0 never" in shown.text
    await head.chooses(shown.select(), "marching band number 0 never splits")
    assert "number 1 never" in shown.text
    assert len(await storage.additions.of(guild.id, "accepted_wording")) == 8
    mine = await play.starter.uses("/me", in_=play.channel)
    await play.result()
    warning = await play.starter.presses(mine.button(words.scores.DELETE_ME))
    await play.starter.presses(warning.button(words.scores.REALLY_DELETE))
    assert {row.by for row in await storage.additions.of(guild.id, "accepted_wording")} == {""}
    assert "Mo" not in (await head.uses("/tutor accepted")).text


async def test_an_answer_that_is_gone_cannot_be_accepted_any_more(
    bot: TutorClient, play: Play, ana: Person, storage: Storage
) -> None:
    shown, mo = await closed(play, bot, (ana, ODD)), play.starter
    review = await appealed(play, shown, ana, mo.dm, mo)
    await mo.presses(review.button(words.rounds.ACCEPT))
    offer = await told_in(play, mo, mo.dm)
    await play.result()
    rounds = bot.app.rounds
    await play.loopback.until(lambda: not rounds.going_on() or None, "the end of the round")
    await bot.app.scores.forget(ana.id)
    assert (await mo.presses(offer.button(words.additions.KEEP_WORDING))).text == words.additions.ANSWER_GONE


@pytest.mark.slow
async def test_a_dispute_waits_where_the_storage_cannot_say_where_it_goes(  # noqa: PLR0917 - its fixtures
    bot: TutorClient,
    play: Play,
    ana: Person,
    reviews: Channel,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert play.channel.guild
    await bot.app.server_settings.change(play.channel.guild.id, Change(review_channel=reviews.id))
    shown, mo = await closed(play, bot, (ana, ODD)), play.starter
    bot.app.server_settings._read.clear()
    found, failed = type(storage.settings).of, []

    async def failing(self: object, server: int) -> str | None:
        if not failed:
            failed.append(server)
            raise OSError("disk I/O error")
        return await found(self, server)  # type: ignore[arg-type]

    monkeypatch.setattr(type(storage.settings), "of", failing)
    review = await appealed(play, shown, ana, reviews, mo)
    assert ODD.split("`", maxsplit=1)[0] in review.text
    assert failed
    assert not any(one.buttons for one in mo.sees(mo.dm))


@pytest.mark.slow
async def test_doubted_answers_are_offered_in_one_list_after_the_table(
    bot: TutorClient, play: Play, ana: Person, ben: Person, grader: Grader
) -> None:
    mo = play.starter
    grades = {said: grader.grade("weight-initialization", said) for said in HALF_SAID}
    said = next(said for said, grade in grades.items() if grade.doubted and grade.score < 1)
    await closed(play, bot, (ana, said), (ben, "no idea, I was not there"))
    assert play.turn.doubted == (ana.id,)
    table = await play.result()
    listed = await play.loopback.until(
        lambda: next((one for one in mo.sees(mo.dm) if "not sure of these" in one.text), None), "the list"
    )
    assert [one.label for one in listed.buttons] == ["1"]
    assert "1. Question 1" in listed.text
    assert f"`{said}`" in listed.text
    assert "no idea" not in listed.text
    review = await mo.presses(listed.button("1"))
    assert "I am not sure how many points this answer earns" in review.text
    assert review.ephemeral
    await mo.presses(review.button(words.rounds.ACCEPT))
    assert "**Accepted** by `Mo`" in review.text
    mine = await ana.presses(table.button(words.rounds.MY_RECEIPT))
    assert "**1** of 1" in mine.text
    again = await mo.presses(listed.button("1"))
    assert "**Accepted** by `Mo`" in again.text
    assert again.buttons == []


async def deletes(member: Person) -> None:
    warning = await member.presses((await member.uses("/me", in_=member.dm)).button(words.scores.DELETE_ME))
    await member.presses(warning.button(words.scores.REALLY_DELETE))


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize("to_starter", [False, True])
async def test_what_a_member_wrote_is_deleted_where_it_stands_to_be_decided(  # noqa: PLR0917
    bot: TutorClient, play: Play, ana: Person, guild: Guild, reviews: Channel, decided: bool, to_starter: bool
) -> None:
    if not to_starter:
        await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    mo = play.starter
    shown = await closed(play, bot, (ana, ODD))
    review = await appealed(play, shown, ana, mo.dm if to_starter else reviews, mo)
    await play.result()
    if decided:
        await mo.presses(review.button(words.rounds.REJECT))
        assert "marching" in review.text
    await play.loopback.until(lambda: play.rounds.in_memory(play.id).over or None, "the end")  # type: ignore[union-attr]
    await deletes(ana)
    await play.loopback.until(lambda: "marching" not in review.text or None, "the message without it")
    assert review.text == words.disputes.FORGOTTEN
    assert not review.buttons


@pytest.mark.slow
async def test_a_list_of_doubted_answers_loses_those_of_who_is_forgotten(
    bot: TutorClient, play: Play, ana: Person, ben: Person, grader: Grader
) -> None:
    mo = play.starter
    grades = {said: grader.grade("weight-initialization", said) for said in HALF_SAID}
    said = next(said for said, grade in grades.items() if grade.doubted and grade.score < 1)
    await closed(play, bot, (ana, said), (ben, f"{said} indeed"))
    await play.result()
    listed = await play.loopback.until(
        lambda: next((one for one in mo.sees(mo.dm) if "not sure of these" in one.text), None), "the list"
    )
    await play.loopback.until(lambda: play.rounds.in_memory(play.id).over or None, "the end")  # type: ignore[union-attr]
    await deletes(ana)
    await play.loopback.until(lambda: f"`{said}`" not in listed.text or None, "the list without it")
