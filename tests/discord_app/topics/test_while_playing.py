"""A round plays a topic of the server's own: what moderators do to it meanwhile, a kill, and a database that gives no
topics out."""

from collections.abc import AsyncIterator, Callable
from typing import NoReturn

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.errors import StorageRefuses
from bot.storage.database import Storage
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.service import own_topics
from tests.service.own_topics import PROBING

ASK = "why does my hash table crawl once it is nearly full"


@pytest.fixture
async def storage(storage: Storage, guild: Guild) -> Storage:
    await own_topics.put(storage, guild.id, PROBING)
    return storage


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], storage: Storage, ana: Person
) -> AsyncIterator[TutorClient]:
    """Online, with what the server had before."""
    client = make_client()
    async with loopback.running(client):
        yield client


async def removed(head: Person, channel: Channel) -> str:
    """What whoever runs the server sees of having the topic removed."""
    shown = await head.uses("/tutor topics remove", topic="linear-probing", in_=channel)
    return (await head.presses(shown.buttons[0])).text


@pytest.mark.slow
async def test_a_topic_that_is_removed_while_it_is_played_goes_with_its_round_though_that_is_killed(  # noqa: PLR0917
    make_client: Callable[[], TutorClient],
    loopback: LoopbackDiscord,
    storage: Storage,
    play: Play,
    guild: Guild,
    ana: Person,
    ben: Person,
    head: Person,
) -> None:
    async with play.killed_after(make_client()) as client:
        await play.start(client, questions=1, kinds="choice", topics="linear-probing")
        question = await play.asked()
        await ana.presses(question.button(play.letter()))
        assert "when the round" in (told := await removed(head, play.channel)), told
        listed = await head.uses("/tutor topics list", in_=play.channel)
        assert "Linear probing" in listed.text
    async with loopback.running(bot := make_client()):
        play.rounds = bot.app.rounds
        await play.goes_on()
        assert "Linear probing" in (await ben.uses("/topics", in_=play.channel)).text
        closed = await play.closed(question)
        assert "Linear probing" in closed.text
        await play.result()
        await loopback.settled()
        assert await storage.topics.of(guild.id) == ()
        assert "Linear probing" not in (await ben.uses("/topics", in_=play.channel)).text
        assert "Linear probing" not in (await ben.uses("/ask", question=ASK, in_=play.channel)).text
        mine = await ana.uses("/me", in_=play.channel)
        assert "1 answer" in mine.text, "what was earned stays"


@pytest.mark.slow
async def test_where_the_database_gives_no_topics_out_the_others_are_taught_and_that_is_said(
    bot: TutorClient,
    storage: Storage,
    channel: Channel,
    ana: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = storage.topics.of

    async def refuses(*_: object) -> NoReturn:
        raise StorageRefuses("database is locked")

    monkeypatch.setattr(type(storage.topics), "of", refuses)
    shown = await ana.uses("/topics", in_=channel)
    assert (words.topics.UNREAD in shown.text, "Linear probing" in shown.text) == (True, False)
    assert "SELU" in shown.text
    monkeypatch.setattr(type(storage.topics), "of", lambda _, server: of(server))
    shown = await ana.uses("/topics", in_=channel)
    assert (words.topics.UNREAD in shown.text, "Linear probing" in shown.text) == (False, True)
    monkeypatch.setattr(type(storage.topics), "of", refuses)
    assert "Linear probing" in (await ana.uses("/ask", question=ASK, in_=channel)).text, "what was known goes on"


@pytest.mark.slow
async def test_what_is_disputed_of_it_is_decided_in_the_server_and_never_in_a_direct_message(
    bot: TutorClient, play: Play, ana: Person, mo: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="linear-probing", seconds=20)
    question = await play.asked()
    await ana.presses(question.button(play.letter(right=False)))
    await play.closed(question)
    await ana.presses(question.button(words.rounds.UNCLEAR))
    waiting = await play.shown("waits for a moderator")
    review = await mo.presses(waiting.buttons[0])
    assert review.ephemeral
    assert "Why does a long run of filled slots become longer still?" in review.text
    told = await mo.presses(review.button(words.rounds.ACCEPT))
    assert "Accepted" in told.text
    await play.loopback.settled()
    assert not [one.text for person in (mo, ana) for one in person.sees(person.dm) if "run" in one.text]
