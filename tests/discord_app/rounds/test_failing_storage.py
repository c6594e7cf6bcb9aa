"""The database refuses to write in the middle of a round: nobody is told what was not kept, and the round goes on."""

import asyncio

import pytest

from bot import words
from bot.discord_app import replies
from bot.discord_app.client import TutorClient
from bot.quiz.round.state import Asking, Ended
from bot.storage.database import Storage
from tests.discord_app.playing import Play
from tests.discord_server.model import Guild
from tests.discord_server.people import Person
from tests.storage.postgresql import Server
from tests.storage.refusing import Refusing, locked

pytestmark = pytest.mark.on_postgresql

# What has the database refuse whatever is inserted of one round.
BAD_SECTOR = {
    "sqlite": [
        "CREATE TRIGGER {table}_bad BEFORE INSERT ON {table} WHEN NEW.round_id = '{round}' "
        "BEGIN SELECT RAISE(ABORT, 'a bad sector'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = 'a bad sector'; END $$",
        "CREATE TRIGGER {table}_bad BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.round_id = '{round}') "
        "EXECUTE FUNCTION bad()",
    ],
}


def said_of_storage(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a host reads of it in the log."""
    return [one.getMessage() for one in caplog.records if one.name.startswith("bot.storage")]


async def journaled(play: Play, storage: Storage) -> dict[int, object]:
    """The answers to the first question as another process would read them."""
    row = await storage.journal.round(play.id)
    assert row
    await play.rounds.abandon()  # type: ignore[union-attr]
    return dict((await play.rounds.find(play.id)).round.turns[0].answers)  # type: ignore[union-attr]


@pytest.mark.slow
async def test_what_could_not_be_kept_is_not_acknowledged_and_time_stands_still(  # noqa: PLR0917 - who plays
    bot: TutorClient, play: Play, ana: Person, ben: Person, read_only: Refusing, caplog: pytest.LogCaptureFixture
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    right, wrong = play.letter(), play.letter(right=False)
    assert (await ana.presses(shown.button(right))).text.startswith("Locked")
    with read_only():
        refusals = await asyncio.gather(
            *(one.presses(shown.button(letter)) for one, letter in ((ana, wrong), (ben, right)))
        )
        assert {(one.ephemeral, one.text) for one in refusals} == {(True, words.refusals.UNWRITABLE)}
        assert [*play.turn.answers] == [ana.id]
        play.loopback.advance(65)
        line = await play.shown(words.rounds.STANDS_STILL)
        await play.loopback.until(lambda: words.rounds.OPENS_AGAIN in shown.text or None, "the close, without buttons")
        assert not shown.buttons
        ana.sees(play.channel)
        await play.looks()
        await play.loopback.quiet()
        assert isinstance(play.round.phase, Asking)
        assert not play.turn.revealed
    await play.loopback.until(lambda: shown.buttons or None, "the question again, by itself", 4)
    await play.loopback.until(lambda: "time stood still" in line.text or None, "the end of it in the same line")
    assert (await ben.presses(shown.button(right))).text.startswith("Locked")
    assert "2 answered" in (await play.closed(shown, 65)).text
    table = await play.result()
    assert ("`Ana`: **1**" in table.text, "`Ben`: **1**" in table.text) == (True, True)
    assert sum("time stood still" in one.text for one in ana.sees(play.channel)) == 1
    assert len(said_of_storage(caplog)) == 2


@pytest.mark.slow
async def test_pressing_again_works_and_outlives_the_process(
    bot: TutorClient, play: Play, ana: Person, read_only: Refusing, storage: Storage
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    right, wrong = play.letter(), play.letter(right=False)
    await ana.presses(shown.button(wrong))
    with read_only():
        for _ in range(3):
            assert (await ana.presses(shown.button(right))).text == words.refusals.UNWRITABLE
    assert (await ana.presses(shown.button(right))).text.startswith("Changed to")
    answers = play.turn.answers
    assert await journaled(play, storage) == dict(answers)


async def test_what_was_written_and_could_not_be_kept_is_given_back(
    bot: TutorClient, play: Play, ana: Person, read_only: Refusing
) -> None:
    await play.start(bot, questions=1, kinds="open", seconds=60)
    shown = await play.asked()
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    with read_only():
        told = (await ana.submits(form, text="they all get the same gradient")).text
        assert told == f"{words.refusals.UNWRITABLE}\nYou wrote: `they all get the same gradient`"
    assert not play.turn.answers


async def test_a_start_that_could_not_be_kept_posts_nothing(
    bot: TutorClient, play: Play, read_only: Refusing, ana: Person
) -> None:
    with read_only():
        refusal = await play.starter.uses("/quiz start", in_=play.channel)
        assert words.refusals.UNWRITABLE in refusal.text
    assert not [one for one in ana.sees(play.channel) if "### Quiz" in one.text]
    await play.start(bot, questions=1, kinds="choice")


@pytest.mark.slow
async def test_a_post_whose_confirmation_could_not_be_kept_is_there_once(
    bot: TutorClient, play: Play, ana: Person, read_only: Refusing
) -> None:
    held = play.loopback.hold_next("POST", f"/channels/{play.channel.id}/messages")
    await play.starter.uses("/quiz start", in_=play.channel, questions=1, kinds="choice")
    await held.arrived.wait()
    with read_only():
        held.release()
        play.rounds = bot.app.rounds
        play.id = play.rounds.on(play.channel.id).setup.id  # type: ignore[union-attr]
        await play.shown("### Quiz")
        play.loopback.advance(20)
        failed = play.rounds.in_memory(play.id)
        assert failed
        await play.loopback.until(lambda: failed.again_at > play.loopback.clock.now() or None, "a write that failed")
    shown = await play.shown("Question 1 of", 5)
    await play.loopback.until(lambda: play.turn.message, "the confirmation", 5)
    await ana.presses(shown.button(play.letter()))
    texts = [one.text for one in ana.sees(play.channel)]
    assert sum("started by" in text for text in texts) == 1
    assert sum("Question 1 of" in text for text in texts) == 1


async def test_a_round_that_cannot_be_written_does_not_hold_up_another(
    bot: TutorClient, play: Play, ana: Person, guild: Guild, storage: Storage
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    other = Play(play.loopback, guild.add_channel("elsewhere"), play.starter)
    await other.start(bot, questions=1, kinds="choice", seconds=60)
    first, second = await play.asked(), await other.asked()
    async with storage.engine.begin() as connection:
        for statement in BAD_SECTOR[storage.engine.dialect.name]:
            for table in ("quiz_events", "quiz_rounds"):
                await connection.exec_driver_sql(statement.format(table=table, round=play.id))
    answers = await asyncio.gather(
        ana.presses(first.button(play.letter())),
        play.starter.presses(first.button(play.letter())),
        ana.presses(second.button(other.letter())),
        play.starter.presses(second.button(other.letter())),
    )
    assert [one.text == words.rounds.NOT_KEPT for one in answers] == [True, True, False, False]
    assert len(other.turn.answers) == 2
    async with storage.engine.begin() as connection:
        for table in ("quiz_events", "quiz_rounds"):
            of = "" if storage.engine.dialect.name == "sqlite" else f" ON {table}"
            await connection.exec_driver_sql(f"DROP TRIGGER {table}_bad{of}")
    assert (await ana.presses(first.button(play.letter()))).text.startswith("Locked")
    play.loopback.advance(65)
    for one, shown in ((play, first), (other, second)):
        await play.loopback.until(lambda shown=shown: "answered" in shown.text or None, "the reveal", 4)
        await play.loopback.until(lambda one=one: isinstance(one.round.phase, Ended) or None, "the end", 4)


@pytest.mark.slow
async def test_a_lock_held_by_another_program_is_told_in_time(
    bot: TutorClient, play: Play, ana: Person, storage: Storage
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    async with locked(storage):
        assert (await ana.presses(shown.button(play.letter()))).text == words.refusals.UNWRITABLE
    assert (await ana.presses(shown.button(play.letter()))).text.startswith("Locked")


async def announced(play: Play, person: Person) -> None:
    """Until Discord has been told that the answer to that person's last press or command will come."""
    of_theirs = [one for one in play.loopback.interactions.values() if one.user.id == person.id]
    await play.loopback.until(lambda: of_theirs[-1].response or None, "the announcement")


async def test_an_answer_that_takes_long_is_announced_in_time(
    bot: TutorClient, play: Play, ana: Person, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    monkeypatch.setattr(replies, "SLOW", 0.05)
    async with locked(storage):
        press = asyncio.create_task(ana.presses(shown.button(play.letter())))
        await asyncio.sleep(0)
        await announced(play, ana)
        assert not press.done()
    told = await press
    assert (told.ephemeral, told.text.startswith("Locked")) == (True, True)
    async with locked(storage):
        stop = asyncio.create_task(play.starter.uses("/quiz stop", in_=play.channel))
        await asyncio.sleep(0)
        await announced(play, play.starter)
        assert not stop.done()
    assert (await stop).ephemeral


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_database_that_is_stopped_in_mid_round_and_started_again_loses_nothing(
    bot: TutorClient, play: Play, ana: Person, ben: Person, postgresql_server: Server
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    right = play.letter()
    assert (await ana.presses(shown.button(right))).text.startswith("Locked")
    await asyncio.to_thread(postgresql_server.restart)
    assert (await ana.presses(shown.button(right))).text.startswith("Locked")  # not noticed
    await asyncio.to_thread(postgresql_server.stop, "immediate")
    assert (await ben.presses(shown.button(right))).text == words.refusals.UNWRITABLE
    assert [*play.turn.answers] == [ana.id]
    await play.shown(words.rounds.STANDS_STILL)
    assert (await ana.uses("/leaderboard", in_=play.channel)).text == words.refusals.UNREADABLE
    await asyncio.to_thread(postgresql_server.start)
    await play.shown("time stood still", 10)
    assert (await ben.presses(shown.button(right))).text.startswith("Locked")
    assert "2 answered" in (await play.closed(shown, 65)).text
    table = await play.result()
    assert ("`Ana`: **1**" in table.text, "`Ben`: **1**" in table.text) == (True, True)
    assert "`Ana`" in (await ana.uses("/leaderboard", in_=play.channel)).text
