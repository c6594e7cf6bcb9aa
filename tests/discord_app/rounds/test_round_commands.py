"""`/quiz` as members and moderators use it: one clear line for what cannot be, and an answer within three seconds."""

import asyncio
from typing import Any

import pytest

from bot import words
from bot.discord_app import replies
from bot.discord_app.client import TutorClient
from bot.service.server_settings import Change
from tests.discord_app.playing import Play
from tests.discord_server import CannotUse, LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person


async def test_there_are_no_rounds_in_direct_messages(bot: TutorClient, mo: Person) -> None:
    with pytest.raises(CannotUse, match="not offered"):
        await mo.uses("/quiz start", in_=mo.dm)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"topics": "momentum, cooking"}, f"`cooking`: {words.quiz.NO_SUCH_TOPIC}"),
        (
            {"kinds": "essay"},
            "`essay`: there is no such kind. I know these kinds of question: choice, multi",
        ),
        ({"topics": "@everyone [x](https://example.org)"}, "I have no topic of that name."),
        ({"topics": "momentum; weights"}, "`weights`: do you mean *Same value for all the weights*?"),
        ({"topics": "vanishing gradients"}, "do you mean *Same value for all the weights* or *Advantages of SELU"),
        ({"topics": "selu", "kinds": "chose, essay"}, "`essay`: there is no such kind."),
    ],
)
async def test_a_bad_list_is_one_line(
    bot: TutorClient, mo: Person, channel: Channel, given: dict[str, str], said: str
) -> None:
    refusal = await mo.uses("/quiz start", in_=channel, options=given)
    assert refusal.ephemeral
    assert said in refusal.text
    assert "\n" not in refusal.text
    assert not bot.app.rounds.going_on()


async def test_topics_and_kinds_are_completed(bot: TutorClient, mo: Person, channel: Channel) -> None:
    topics = await mo.types("/quiz start", in_=channel, topics="momentum, mc drop")
    assert [choice.value for choice in topics] == ["momentum, dropout"]
    kinds = await mo.types("/quiz start", in_=channel, kinds="choice, op")
    assert [choice.value for choice in kinds] == ["choice, open"]
    for typed in ("momentum; dropuot", "momentum and dropuot", "Momentum too close to 1, drop"):
        topics = await mo.types("/quiz start", in_=channel, topics=typed)
        assert [choice.value for choice in topics][:1] == ["momentum, dropout"]


async def test_more_questions_than_there_are(bot: TutorClient, play: Play, channel: Channel) -> None:
    told = await play.starter.uses("/quiz start", in_=channel, questions=20, topics="selu", kinds="open")
    on = bot.app.rounds.on(channel.id)
    assert on
    title = bot.app.curriculum.topic("selu").title  # type: ignore[union-attr]
    assert told.text == words.rounds.round_begins(channel.mention, len(on.planned), 20, [title], ["open"])
    assert f"only {len(on.planned)} questions" in told.text


async def test_the_same_seed_asks_the_same(bot: TutorClient, play: Play, guild: Guild) -> None:
    other = Play(play.loopback, guild.add_channel("second"), play.starter)
    for one in (play, other):
        await one.start(bot, questions=3, seed="rye bread")
        assert "not for the leaderboard" in (await one.shown("### Quiz")).text
    assert play.round.planned == other.round.planned


async def test_scores_without_a_round_are_those_of_the_last_one(
    bot: TutorClient, play: Play, ana: Person, channel: Channel
) -> None:
    assert (await ana.uses("/quiz scores", in_=channel)).text == words.rounds.NO_ROUND_HERE
    await play.start(bot, questions=2, kinds="choice")
    assert (await ana.uses("/quiz scores", in_=channel)).text == words.rounds.NOBODY_YET
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    await play.closed(shown)
    assert "`Ana`: **1** of 1" in (await ana.uses("/quiz scores", in_=channel)).text
    await play.starter.uses("/quiz stop", in_=channel)
    last = await ana.uses("/quiz scores", in_=channel)
    assert last.ephemeral
    assert "`Ana`: **1** of 1" in last.text
    receipt = await ana.presses(last.button(words.rounds.MY_RECEIPT))
    assert "Your answers: 1 of 1" in receipt.text


async def test_stopping_makes_room_at_once(
    bot: TutorClient, play: Play, channel: Channel, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    held = loopback.hold_next("POST", f"/channels/{channel.id}/messages", times=5)
    assert (await play.starter.uses("/quiz stop", in_=channel)).ephemeral  # though nothing can be posted now
    told = await play.starter.uses("/quiz start", in_=channel, questions=1, kinds="choice")
    assert told.text == words.rounds.round_begins(channel.mention, 1, 1, (), ["choice"])
    assert (await play.starter.uses("/quiz stop", in_=channel)).ephemeral
    none = f"{words.rounds.NO_ROUND_HERE} {words.rounds.START_ONE}"
    assert (await play.starter.uses("/quiz stop", in_=channel)).text == none
    held.release()
    await play.shown("### Quiz: stopped")


async def test_a_thread_that_takes_long_to_open_is_waited_for(
    bot: TutorClient, play: Play, channel: Channel, loopback: LoopbackDiscord
) -> None:
    held = loopback.hold_next("POST", f"/channels/{channel.id}/threads")
    using = asyncio.create_task(play.starter.uses("/quiz start", in_=channel, where="thread", questions=1))
    await held.arrived.wait()
    loopback.advance(10)
    held.release()
    told = await using
    (thread,) = channel.threads.values()
    assert told.text == words.rounds.round_begins(thread.mention, 1, 1)


async def test_a_list_is_read_however_it_is_typed_and_told_back(bot: TutorClient, play: Play, channel: Channel) -> None:
    typed = {"topics": "5; DROPUOT and selu,", "kinds": "Choise & 2", "untimed": True, "seconds": 40}
    told = await play.starter.uses("/quiz start", in_=channel, questions=3, options=typed)
    titles = [topic.title for topic in bot.app.curriculum.topics if topic.id in {"momentum", "dropout", "selu"}]
    assert told.text == words.rounds.round_begins(channel.mention, 3, 3, titles, ["choice", "multi"], unused=True)
    assert told.text.endswith(" Kinds of question: choice, multi. It has no clock, so the `seconds` are left out.")
    on = bot.app.rounds.on(channel.id)
    assert on and {one.topic for one in on.planned} == {"momentum", "dropout", "selu"}
    assert {one.kind for one in (*on.planned, *on.spares)} <= {"choice", "multi"}


async def test_refusals_to_start_speak_of_rounds(
    bot: TutorClient, mo: Person, guild: Guild, channel: Channel, loopback: LoopbackDiscord
) -> None:
    nothing = await mo.uses("/quiz start", in_=channel, topics="momentum", kinds="picture", questions=1)
    assert nothing.text.startswith(("No round has begun. Those questions come with a picture", "The round begins"))
    closed = guild.add_channel("closed")
    closed.deny(loopback.bot, "send_messages")
    refusal = await mo.uses("/quiz start", in_=closed)
    assert refusal.text == words.rounds.lacking(["send_messages"], closed.mention)
    assert refusal.text.startswith("No round can be played in ")
    quiz = guild.add_channel("quiz")
    await bot.app.server_settings.change(guild.id, Change(answer_in=quiz.id))
    refusal = await mo.uses("/quiz start", in_=guild.add_channel("chatter"))
    where = f"In this server rounds are played in {quiz.mention}, and in threads there."
    assert refusal.text == where
    none = await mo.uses("/quiz scores", in_=guild.add_channel("talk"))
    assert none.text == f"{words.rounds.NO_ROUND_HERE} {where}"


async def test_what_was_on_before_is_looked_up_while_discord_waits_for_the_answer(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "SLOW", 0.05)
    journal, let = bot.app.storage.journal, asyncio.Event()
    latest = journal.latest

    async def slowly(*asked: Any) -> Any:
        await let.wait()
        return await latest(*asked)

    journal.latest = slowly  # type: ignore[method-assign]
    starts = asyncio.create_task(play.starter.uses("/quiz start", in_=play.channel, questions=1))
    await loopback.until(lambda: any(one.thinking for one in play.starter.sees(play.channel)) or None, "a deferral")
    let.set()
    assert "begins" in (await starts).text


async def test_a_round_that_ended_in_its_channel_is_not_read_anew_for_the_next(bot: TutorClient, play: Play) -> None:
    await play.start(bot, questions=1, kinds="choice")
    await play.asked()
    await play.starter.uses("/quiz stop", in_=play.channel)
    await play.result()
    assert bot.app.rounds.on(play.channel.id) is None
    read: list[Any] = []
    bot.app.rounds.find = read.append  # type: ignore[method-assign, assignment]
    await play.starter.uses("/quiz start", in_=play.channel, questions=1)
    assert not read
