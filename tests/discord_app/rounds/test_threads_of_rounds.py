"""Where a round is played: in the channel, in a thread opened for it, in one that is there already."""

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import ANNOUNCEMENT, VOICE, Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

ASK = "is momentum 0.99999 bad?"


async def test_a_round_in_a_thread_of_its_own(
    bot: TutorClient, play: Play, channel: Channel, ana: Person, loopback: LoopbackDiscord
) -> None:
    channel.deny(loopback.bot, "send_messages")  # no matter: in threads another permission counts
    told = await play.starter.uses("/quiz start", in_=channel, where="thread", questions=1, topics="momentum")
    (thread,) = channel.threads.values()
    assert told.ephemeral
    title = bot.app.curriculum.topic("momentum").title  # type: ignore[union-attr]
    assert told.text == words.rounds.round_begins(thread.mention, 1, 1, [title])
    assert thread.name == f"Quiz: {title} · 1 question"
    assert await loopback.until(lambda: ana.sees(thread) or None, "the announcement")
    assert ana.sees(channel) == []


@pytest.mark.parametrize(
    ("titles", "count", "name"),
    [
        ([], 5, "Quiz: all topics · 5 questions"),
        (["Momentum", "Dropout"], None, "Quiz: Momentum, Dropout"),
        (["x" * 40, "y" * 40, "z"], 20, f"Quiz: {'x' * 40} and 2 more · 20 questions"),
        ([words.topics.in_markdown("a_b"), "Dropout"], None, "Quiz: a_b, Dropout"),
        (["x" * 120], 1, f"Quiz: {'x' * 80}… · 1 question"),
    ],
)
def test_the_name_of_a_thread_says_what_is_asked(titles: list[str], count: int | None, name: str) -> None:
    assert words.rounds.round_thread(titles, count) == name
    assert len(name) <= 100


async def test_it_is_played_there_to_the_end(bot: TutorClient, play: Play, channel: Channel, ana: Person) -> None:
    await play.start(bot, where="thread", questions=1, kinds="choice")
    assert play.channel.parent is channel
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    assert (await ana.uses("/quiz scores", in_=play.channel)).text == words.rounds.NOTHING_COUNTED
    await play.closed(shown)
    assert "`Ana`: **1** of 1" in (await play.result()).text
    assert ana.sees(channel) == []


async def test_the_channel_and_two_threads_each_have_a_round(
    bot: TutorClient, play: Play, channel: Channel, ana: Person
) -> None:
    first, second = (Play(play.loopback, channel, play.starter) for _ in range(2))
    await play.start(bot, questions=1, kinds="choice")
    await first.start(bot, where="thread", questions=1, kinds="choice")
    await second.start(bot, where="thread", questions=1, kinds="choice")
    assert len({play.channel, first.channel, second.channel}) == 3
    again = await first.starter.uses("/quiz start", in_=first.channel)
    assert "already" in again.text
    await first.starter.uses("/quiz stop", in_=first.channel)
    await first.shown("### Quiz: stopped")
    question = await second.asked()
    await ana.presses(question.button("A"))
    assert list(second.turn.answers) == [ana.id]
    assert not play.turn.answers


async def test_a_round_in_a_thread_that_is_there(bot: TutorClient, play: Play, channel: Channel) -> None:
    play.channel = channel.add_thread("homework")
    refusal = await play.starter.uses("/quiz start", in_=play.channel, where="thread")
    assert (refusal.ephemeral, refusal.text) == (True, words.rounds.NO_THREAD_IN_A_THREAD)
    await play.start(bot, questions=1, kinds="choice")
    assert play.round.setup.parent == channel.id


async def test_a_locked_thread_is_refused_at_once(bot: TutorClient, play: Play, channel: Channel) -> None:
    thread = channel.add_thread("old")
    thread.close(locked=True)
    refusal = await play.starter.uses("/quiz start", in_=thread)
    assert (refusal.ephemeral, refusal.text) == (True, words.rounds.LOCKED_HERE)


async def test_a_voice_channel_has_a_round_but_no_thread(bot: TutorClient, play: Play, guild: Guild) -> None:
    play.channel = guild.add_channel("talk", VOICE)
    refusal = await play.starter.uses("/quiz start", in_=play.channel, where="thread")
    assert (refusal.ephemeral, refusal.text) == (True, words.rounds.NO_THREADS_HERE)
    await play.start(bot, questions=1, kinds="choice")
    await play.asked()


async def test_a_thread_of_announcements(bot: TutorClient, play: Play, guild: Guild) -> None:
    play.channel = guild.add_channel("news", ANNOUNCEMENT)
    await play.start(bot, where="thread", questions=1, kinds="choice")
    assert play.channel.parent


@pytest.mark.parametrize("lacking", ["create_public_threads", "send_messages_in_threads"])
async def test_the_permission_that_is_missing_is_named_and_nothing_opened(
    bot: TutorClient, play: Play, channel: Channel, loopback: LoopbackDiscord, lacking: str
) -> None:
    channel.deny(loopback.bot, lacking)
    refusal = await play.starter.uses("/quiz start", in_=channel, where="thread")
    assert (refusal.ephemeral, refusal.text) == (True, words.rounds.lacking([lacking], channel.mention, thread=True))
    assert not channel.threads


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(400, 160006, words.rounds.TOO_MANY_THREADS), (403, 50013, "I lack"), (400, 50035, "logged")],
)
async def test_discord_refuses_the_thread(
    *, bot: TutorClient, play: Play, channel: Channel, loopback: LoopbackDiscord, status: int, code: int, said: str
) -> None:
    body = {"message": "no", "code": code}
    loopback.fail_next("POST", f"/channels/{channel.id}/threads", status=status, body=body)
    refusal = await play.starter.uses("/quiz start", in_=channel, where="thread")
    assert refusal.ephemeral
    assert said in refusal.text
    assert not bot.app.rounds.going_on()


async def test_no_thread_is_opened_for_nothing(bot: TutorClient, play: Play, channel: Channel, ana: Person) -> None:
    bad = {"where": "thread", "in_": channel}
    assert (await play.starter.uses("/quiz start", topics="cooking", **bad)).text.endswith(words.quiz.NO_SUCH_TOPIC)  # type: ignore[arg-type]
    assert (await ana.uses("/quiz start", **bad)).text == words.rounds.ONLY_STARTERS  # type: ignore[arg-type]
    assert not channel.threads


async def test_who_asks_elsewhere_in_the_channel_is_told_where_the_round_is(
    bot: TutorClient, play: Play, channel: Channel
) -> None:
    await play.start(bot, where="thread", questions=1, kinds="choice")
    for command in ("/quiz scores", "/quiz stop"):
        shown = await play.starter.uses(command, in_=channel)
        assert (shown.ephemeral, shown.text) == (True, words.rounds.round_elsewhere([play.channel.mention]))


async def test_the_answer_is_kept_back_in_the_thread_and_around_it_but_not_in_other_threads(
    bot: TutorClient, play: Play, channel: Channel, guild: Guild, ana: Person
) -> None:
    other, elsewhere = channel.add_thread("homework"), guild.add_channel("second")
    await play.start(bot, where="thread", questions=1, kinds="choice", topics="momentum")
    await play.asked()
    for place in (play.channel, channel):
        assert "right now" in (await ana.uses("/ask", question=ASK, in_=place)).text
    for place in (other, elsewhere):
        assert "right now" not in (await ana.uses("/ask", question=ASK, in_=place)).text
