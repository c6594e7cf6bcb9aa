"""Two processes on one database, a shard each: what a round of one asks, nobody who plays in it has from the other."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import app, words
from bot.discord_app.client import TutorClient
from bot.knowledge import Learnt
from bot.quiz.round.events import Stopped
from bot.quiz.round.state import Click
from bot.service.additions import Moderator
from bot.service.practice import Chances
from bot.service.rounds import elsewhere as rounds_elsewhere
from bot.service.rounds.elsewhere import NotAnswered
from bot.settings import Settings
from bot.shard import Shard
from bot.storage.database import open_storage, storage_at
from bot.storage.tables import QUIZ_POINTS, SHARD_REQUESTS
from tests.discord_app import test_topics_apart as topics_apart
from tests.discord_app.conftest import UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_app.sweeping import Sweep
from tests.discord_app.test_given_away import sweep_of
from tests.discord_app.test_withholding import ANSWER, ASK, KEPT_BACK
from tests.discord_server import LoopbackDiscord
from tests.discord_server.gateway import Session
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.on_postgresql

Clients = Callable[[Shard], TutorClient]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process asks of another is looked for at short intervals."""
    monkeypatch.setattr(rounds_elsewhere, "LOOKS_EVERY", 0.02)
    monkeypatch.setattr(rounds_elsewhere, "ANSWERS_EVERY", 0.02)


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.add_guild("Study group", bot_permissions=["send_messages"], shard=(1, 2))


@pytest.fixture
def other(loopback: LoopbackDiscord, ana: Person) -> Channel:
    """A channel of a server of the other shard, where Ana is too."""
    guild = loopback.add_guild("Another group", bot_permissions=["send_messages"], shard=(0, 2))
    guild.add_member(ana)
    return guild.add_channel("den")


@pytest.fixture
async def make(  # noqa: PLR0917 - all that an app is made of
    loopback: LoopbackDiscord,
    database: str,
    tmp_path: Path,
    learnt: Learnt,
    decider: UnsureAbout,
    worker: HereRunner,
    chances: Chances,
) -> AsyncIterator[Clients]:
    """Makes the client of a shard, on a database that all of them share."""
    opened = [await open_storage(database, loopback.clock, Shard(0, 2))]
    if database.startswith("sqlite"):  # which lets nobody else open it
        opened.append(storage_at(database, loopback.clock, Shard(1, 2)))
    else:
        opened.append(await open_storage(database, loopback.clock, Shard(1, 2)))

    def made(shard: Shard) -> TutorClient:
        of_one = app.build(
            Settings(data_dir=tmp_path, shard=shard),
            clock=loopback.clock,
            storage=opened[shard.id],
            worker=worker,
            learnt=replace(learnt, matcher=lambda: decider),
            chances=chances,
        )
        return TutorClient(of_one, tmp_path / f"heartbeat-{shard.id}")

    yield made
    for storage in opened:
        await storage.close()


@pytest.fixture
async def elsewhere(loopback: LoopbackDiscord, make: Clients) -> AsyncIterator[TutorClient]:
    """The process that gets the direct messages, and has no round."""
    client = make(Shard(0, 2))
    async with loopback.running(client):
        yield client


@pytest.fixture
async def bot(loopback: LoopbackDiscord, make: Clients, ana: Person) -> AsyncIterator[TutorClient]:
    """The process of the server in which rounds are played."""
    client = make(Shard(1, 2))
    async with loopback.running(client):
        yield client


async def asked(bot: TutorClient, play: Play, **options: object) -> Shown:
    """An open question about momentum."""
    given = {"questions": 1, "kinds": "choice", "topics": "momentum", "seconds": 300, "seed": "b", **options}
    await play.start(bot, **given)
    return await play.asked()


async def doors(ana: Person, other: Channel, loopback: LoopbackDiscord) -> list[Shown]:
    """What Ana gets by every door that leads to the other process."""
    note = await ana.posts(ana.dm, ASK)
    ana.installs()  # the bot, which is not in that server
    strange = loopback.add_guild("Strangers", bot=False, shard=(0, 2))
    strange.add_member(ana)
    lobby = strange.add_channel("lobby")
    return [
        await ana.uses("/ask", question=ASK, in_=lobby),
        await ana.uses("/practice", topic="momentum", in_=lobby),
        await ana.dms(ASK),
        await ana.uses("/ask", question=ASK, in_=ana.dm),
        await ana.uses("/ask", question=ASK, in_=other),
        await ana.says(other, f"{loopback.mention} {ASK}"),
        await ana.uses_on(note, words.discord.ASK_THE_TUTOR),
        await ana.uses("/claims", topic="momentum", in_=ana.dm),
        await ana.uses("/practice", topic="momentum", in_=ana.dm),
        await ana.uses("/simulate", experiment="momentum", in_=ana.dm),
        await ana.uses("/simulate", experiment="momentum", in_=other),
        await ana.dms("simulate momentum"),
    ]


@pytest.mark.slow
async def test_who_plays_has_nothing_of_it_from_another_process(  # noqa: PLR0917
    bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person, ben: Person, other: Channel, worker: HereRunner,
    loopback: LoopbackDiscord,
) -> None:  # fmt: skip
    question = await asked(bot, play)
    assert not elsewhere.app.rounds.going_on()
    assert KEPT_BACK not in (await ana.dms(ASK)).text  # not playing yet
    await ana.presses(question.button("A"))
    for shown in await doors(ana, other, loopback):
        assert KEPT_BACK in shown.text
        assert ANSWER not in shown.text
    assert not worker.ran
    assert KEPT_BACK in (await ana.dms(play.turn.question.ask)).text, "by its text"
    assert KEPT_BACK not in (await ben.dms(ASK)).text
    await play.closed(question, 303)
    assert KEPT_BACK not in (await ana.dms(ASK)).text


@pytest.mark.slow
async def test_it_is_kept_back_from_the_moment_that_it_is_posted(
    bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord
) -> None:
    first = await asked(bot, play, questions=2, pause=3, seconds=20)
    await ana.presses(first.button("A"))
    loopback.fail_next("POST", f"/channels/{play.channel.id}/messages", status=500, times=2, handled=True)
    await play.closed(first, 23)
    assert KEPT_BACK not in (await ana.dms(ASK)).text
    loopback.advance(4)
    await loopback.until(lambda: len(play.round.turns) == 2 or None, "the second question")
    assert play.turn.message is None, "it is on its way"
    assert KEPT_BACK in (await ana.dms(ASK)).text


async def test_the_question_of_a_process_that_was_killed_is_kept_back_but_not_for_ever(
    make: Clients, elsewhere: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord
) -> None:
    owner = make(Shard(1, 2))
    async with loopback.running(owner):
        question = await asked(owner, play, seconds=60)
        await ana.presses(question.button("A"))
        await owner.app.rounds.abandon()
    assert KEPT_BACK in (await ana.dms(ASK)).text
    loopback.advance(120)  # its window is over, but time may have stood still
    assert KEPT_BACK in (await ana.dms(ASK)).text
    loopback.advance(16 * 60)
    assert KEPT_BACK not in (await ana.dms(ASK)).text


async def test_where_nothing_can_be_looked_up_nothing_is_given_out(
    bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await asked(bot, play)
    await ana.presses(question.button("A"))

    async def never(_query: object) -> list[object]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(elsewhere.app.storage.access, "_found", never)
    shown = await ana.dms(ASK)
    assert ANSWER not in shown.text
    assert words.refusals.CANNOT_BE_READ in shown.text


@pytest.fixture
async def sweep(bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person, worker: HereRunner) -> Sweep:
    """In mid-round of the topic, by one who plays, in direct messages."""
    question = await asked(bot, play)
    await ana.presses(question.button("A"))
    assert "momentum" in play.turn.question.experiments
    return sweep_of(bot, play, ana, worker, ana.dm)


async def test_no_command_of_the_other_process_gives_it_away(sweep: Sweep) -> None:
    assert not await sweep.commands()


@pytest.mark.slow
async def test_no_message_to_the_other_process_gives_it_away(sweep: Sweep) -> None:
    assert not await sweep.messages()


@pytest.mark.slow
async def test_no_action_of_the_other_process_gives_it_away(sweep: Sweep) -> None:
    assert not await sweep.actions()


async def deletes(who: Person) -> Shown:
    """What they see of having all that is kept of them deleted, in direct messages."""
    warning = await who.presses((await who.uses("/me", in_=who.dm)).button(words.scores.DELETE_ME))
    return await who.presses(warning.button(words.scores.REALLY_DELETE), within=20)


async def kept_of(bot: TutorClient, play: Play) -> str:
    """The round as it is kept, and its points."""
    row = await bot.app.storage.journal.round(play.id)
    assert row
    points = await bot.app.storage.access.found(select(QUIZ_POINTS))
    return "\n".join([row.state, *(one.event for one in await bot.app.storage.journal.events(row)), *map(str, points)])


@pytest.mark.slow
async def test_what_is_deleted_of_a_member_is_deleted_in_rounds_of_another_process(  # noqa: PLR0917
    bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person, ben: Person, loopback: LoopbackDiscord
) -> None:
    question = await asked(bot, play, seconds=20)
    for one in (ana, ben):
        await one.presses(question.button("A"))
    refused = (await deletes(ana)).text
    assert words.rounds.STILL_PLAYING in refused
    assert str(play.channel.id) in refused
    await play.closed(question, 23)
    table = await play.result()
    assert "Ana" in table.text
    await loopback.until(lambda: play.rounds.in_memory(play.id).over or None, "the end")
    assert (await deletes(ana)).text == words.scores.DELETED
    assert str(ana.id) not in await kept_of(bot, play)
    assert str(ben.id) in await kept_of(bot, play)
    assert ana.id not in play.round.names, "in the memory of the other process"
    await loopback.until(lambda: "Ana" not in table.text or None, "the table without her")
    assert not await bot.app.storage.access.found(select(SHARD_REQUESTS))


@pytest.mark.slow
async def test_where_the_other_process_is_not_there_it_deletes_when_it_is_back(  # noqa: PLR0917
    make: Clients, elsewhere: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(rounds_elsewhere, "WAITED_FOR", 0.3)
    owner = make(Shard(1, 2))
    async with loopback.running(owner):
        await ana.presses((await asked(owner, play, seconds=60)).button("A"))
        await owner.app.rounds.abandon()
    assert (await deletes(ana)).text == words.scores.DELETED_HERE
    again = make(Shard(1, 2))
    async with loopback.running(again):
        play.rounds = again.app.rounds
        await play.goes_on()
        assert ana.id in play.round.names, "while the round is on"
        loopback.advance(70)
        await loopback.until(lambda: ana.id not in play.round.names or None, "it to be done")
        await loopback.until(lambda: play.rounds.in_memory(play.id).idle or None, "it to be kept")
        assert str(ana.id) not in await kept_of(again, play)


async def test_who_started_decides_in_direct_messages_what_another_process_has(
    bot: TutorClient, elsewhere: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="open", seconds=20)
    shown = await play.asked()
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="a marching band of mice")
    await play.closed(shown, 60)
    mo = play.starter
    await ana.presses(shown.button(words.rounds.I_WAS_RIGHT))
    review = await play.loopback.until(
        lambda: next((one for one in mo.sees(mo.dm) if "I was right" in one.text and one.buttons), None), "review"
    )
    await mo.presses(review.button(words.rounds.ACCEPT), within=10)
    assert "**Accepted** by `Mo`" in review.text
    assert play.turn.appeals == {ana.id: "accepted"}
    assert not elsewhere.app.rounds.in_memory(play.id), "one process has a round"


async def test_what_a_process_that_is_not_there_cannot_do_is_not_done_later(
    make: Clients, elsewhere: TutorClient, play: Play, loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds_elsewhere, "WAITED_FOR", 0.3)
    owner = make(Shard(1, 2))
    async with loopback.running(owner):
        await asked(owner, play, seconds=60)
        click = Click(1, loopback.clock.now(), play.starter.id, "Mo", moderator=True)
        await owner.app.rounds.abandon()
    with pytest.raises(NotAnswered):
        await elsewhere.app.rounds.happened(play.id, Stopped(click))
    assert not await elsewhere.app.storage.access.found(select(SHARD_REQUESTS))


@pytest.mark.slow
async def test_of_the_topics_of_a_server_the_other_process_tells_nothing(  # noqa: PLR0917
    bot: TutorClient,
    elsewhere: TutorClient,
    play: Play,
    ana: Person,
    ben: Person,
    guild: Guild,
    other: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mark, mod = "zqarn", Moderator(ana.id, "Ana")
    source = topics_apart.topic(topics_apart.SAME, mark)
    await bot.app.topics.put(guild.id, await bot.app.topics.read_file(source.encode(), "t.yaml"), mod)
    await play.start(bot, questions=1, kinds="choice", topics=topics_apart.SAME)
    question = await play.asked()
    ask = topics_apart.ASKED[topics_apart.SAME][0]
    assert mark in question.text
    await ana.presses(question.button(play.letter(right=False)))
    await ben.presses(question.button(play.letter()))
    ana.installs()
    told = [
        await ana.dms(ask),
        await ana.uses("/ask", question=ask, in_=other),
        await ana.uses("/topics", in_=ana.dm),
        await ana.uses("/practice", topic=topics_apart.SAME, in_=other),
        await ana.uses("/me", in_=ana.dm),
    ]
    assert not [one.text for one in told if mark in one.text]
    await play.closed(question)
    await play.result()
    mine = await ana.uses("/me", in_=ana.dm)
    exported = await ana.presses(mine.button(words.scores.EXPORT))
    assert (mark in mine.text, mark in exported.files[0].data.decode()) == (False, False)
    assert words.scores.EXPORTED_ELSEWHERE.strip() in exported.text
    assert mark in (await ana.uses("/ask", question=ask, in_=play.channel)).text
    assert (
        mark
        in (await ana.presses((await ana.uses("/me", in_=play.channel)).button(words.scores.EXPORT)))
        .files[0]
        .data.decode()
    )
    assert (await bot.app.topics.learnt(guild.id)).own[topics_apart.SAME].added_by == "Ana"
    assert words.scores.DELETED in (await deletes(ana)).text
    await bot.app.topics._read_anew(guild.id)  # as it does after a few seconds
    assert (await bot.app.topics.learnt(guild.id)).own[topics_apart.SAME].added_by == ""
    guild.remove_bot()
    await play.loopback.settled()
    monkeypatch.setattr(Session, "owns", lambda session, _: session.shard == 0)  # to which no cache has that server
    assert mark not in (await ana.uses("/ask", question=ask, in_=play.channel)).text
