"""Members review in a server, in direct messages and where only they have installed the bot: what is due, privately."""

import asyncio
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot import words
from bot.discord_app import register
from bot.discord_app.actions import Registry
from bot.discord_app.client import TutorClient
from bot.discord_app.practice import practising
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.recall import MOST_A_DAY
from bot.storage.database import Storage
from bot.storage.rows import PointsOf, PointsRow
from bot.storage.tables import METADATA
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.service import own_topics
from tests.storage.refusing import Refusing

REGISTRY = Registry(register.ACTIONS)


class Due:
    """Points of rounds that have been kept some days ago, and the questions in what is shown."""

    def __init__(self, bot: TutorClient, storage: Storage, loopback: LoopbackDiscord, guild: Guild) -> None:
        self.bot, self.storage, self.loopback, self.guild = bot, storage, loopback, guild

    def keys(self, topic: str, kind: str = "choice", count: int = 1) -> list[str]:
        found = self.bot.app.curriculum.topic(topic)
        assert found
        return [f"{topic}/{one.id}" for one in found.questions if one.kind == kind][:count]

    async def answered(
        self, member: Person, *keys: str, days: float = 5, points: float = 0.0, own: bool = False
    ) -> None:
        at = self.loopback.clock.now() - days * 86400
        rows = [
            PointsRow("r", n, member.id, self.guild.id, "Ana", key.partition("/")[0], key, points, True, at, own)
            for n, key in enumerate(keys)
        ]
        await self.storage.journal.write(PointsOf("r", tuple(rows)))

    def drawn(self, shown: Shown) -> DrawnQuestion:
        """The question that a message shows, as its first control carries it."""
        actions = [REGISTRY.read(one.custom_id) for one in [*shown.buttons, *shown.selects]]
        card = next(action.card for action in actions if hasattr(action, "card"))
        return practising.redrawn(self.bot.app.practice, card.key, card.seed, card.stamp)

    def letter(self, shown: Shown, *, right: bool = True) -> str:
        options = self.drawn(shown).options
        return "ABCDEFGH"[next(i for i, one in enumerate(options) if one.right is right)]


@pytest.fixture
def due(bot: TutorClient, storage: Storage, loopback: LoopbackDiscord, guild: Guild) -> Due:
    return Due(bot, storage, loopback, guild)


@pytest.mark.on_postgresql
async def test_what_is_due_is_asked_one_after_the_other_and_then_no_more(
    due: Due, ana: Person, ben: Person, channel: Channel
) -> None:
    await due.answered(ana, *due.keys("momentum"), *due.keys("dropout"))
    shown = await ana.uses("/review", in_=channel)
    assert shown.ephemeral
    assert ben.sees(channel) == []
    assert "2 left today" in shown.text
    first = due.drawn(shown)
    assert first.ask in shown.text
    assert first.explain not in shown.text
    await ana.presses(shown.button(due.letter(shown)))
    assert "**Right.**" in shown.text
    assert "You will be asked this again on <t:" in shown.text
    assert "**1** question is left" in shown.text
    await ana.presses(shown.button(words.review.NEXT_CARD))
    second = due.drawn(shown)
    assert second.key != first.key
    assert "the last one today" in shown.text
    await ana.presses(shown.button(due.letter(shown, right=False)))
    assert "**Not so.**" in shown.text
    assert "**All done for today.** Next: 1 question comes <t:" in shown.text
    assert words.review.NEXT_CARD not in [one.label for one in shown.buttons]
    again = await ana.uses("/review", in_=channel)
    assert "**All done for today.**" in again.text
    due.loopback.advance(86400)
    later = await ana.uses("/review", in_=channel)
    assert due.drawn(later).key == second.key
    assert "the last one today" in later.text


async def test_where_nothing_was_answered_it_says_how_cards_come(due: Due, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/review", in_=channel)
    assert shown.text.startswith(words.review.NO_CARDS)
    told = await ana.presses(shown.button(words.review.REMEMBER))
    assert (told.ephemeral, told.text) == (True, words.review.REMEMBERED)
    assert words.review.REMEMBER not in [one.label for one in (await ana.uses("/review", in_=channel)).buttons]


@pytest.mark.on_postgresql
async def test_a_card_is_answered_once_however_often_it_is_shown(due: Due, ana: Person, channel: Channel) -> None:
    (key,) = due.keys("momentum")
    await due.answered(ana, key)
    one, same, direct = [await ana.uses("/review", in_=where) for where in (channel, channel, ana.dm)]
    await ana.presses(one.button(due.letter(one)))
    for other in (same, direct):
        told = await ana.presses(other.button(due.letter(other, right=False)))
        assert told.ephemeral
        assert "You have answered that one already; it comes again on <t:" in told.text
    (row,) = await due.storage.reviews.of(ana.id)
    assert (row.question, row.points) == (key, 1.0)


async def test_two_presses_at_once_give_one_answer(due: Due, ana: Person, channel: Channel) -> None:
    await due.answered(ana, *due.keys("momentum"))
    shown = await ana.uses("/review", in_=channel)
    right, wrong = (shown.button(due.letter(shown, right=right)) for right in (True, False))
    await asyncio.gather(ana.presses(right), ana.presses(wrong))
    (row,) = await due.storage.reviews.of(ana.id)
    assert ("**Right.**" in shown.text) is (row.points == 1.0)


@pytest.mark.slow
async def test_in_direct_messages_and_where_only_the_member_has_installed_it(
    due: Due, ana: Person, guild: Guild, loopback: LoopbackDiscord
) -> None:
    await due.answered(ana, *due.keys("momentum", "open"), *due.keys("dropout", "multi"))
    shown = await ana.uses("/review", in_=ana.dm)
    for _ in range(2):
        if shown.selects:
            right = [str(i) for i, one in enumerate(due.drawn(shown).options) if one.right]
            await ana.chooses(shown.select(), *right)
        else:
            form = await ana.opens(shown.button(words.quiz.ANSWER))
            await ana.submits(form, text=due.drawn(shown).explain)
        if words.review.NEXT_CARD in [one.label for one in shown.buttons]:
            await ana.presses(shown.button(words.review.NEXT_CARD))
    assert "**All done for today.**" in shown.text
    assert {row.server_id for row in await due.storage.reviews.of(ana.id)} == {0}
    ana.installs()
    elsewhere = loopback.add_guild("Elsewhere", bot=False)
    chat = elsewhere.add_channel("chat")
    elsewhere.add_member(ana)
    there = await ana.uses("/review", in_=chat)
    assert there.ephemeral
    assert "**All done for today.**" in there.text
    mine = await ana.uses("/me", in_=chat)  # what is kept of members they can see and delete wherever it is kept
    assert mine.ephemeral
    warned = await ana.presses(mine.button(words.scores.DELETE_ME))
    await ana.presses(warned.button(words.scores.REALLY_DELETE))
    assert not await due.storage.reviews.of(ana.id)


@pytest.mark.slow
async def test_what_is_put_off_comes_after_the_others(due: Due, ana: Person, channel: Channel) -> None:
    await due.answered(ana, *due.keys("momentum", count=3))
    shown = await ana.uses("/review", in_=channel)
    first = due.drawn(shown).key
    await ana.presses(shown.button(words.review.NOT_NOW))
    second = due.drawn(shown).key
    await ana.presses(shown.button(due.letter(shown)))
    await ana.presses(shown.button(words.review.NEXT_CARD))
    assert len({first, second, due.drawn(shown).key}) == 3
    await ana.presses(shown.button(due.letter(shown)))
    await ana.presses(shown.button(words.review.NEXT_CARD))
    assert due.drawn(shown).key == first


async def test_of_a_backlog_ten_are_asked_and_the_rest_is_told(due: Due, ana: Person, channel: Channel) -> None:
    keys = [*due.keys("momentum", count=7), *due.keys("dropout", count=7)]
    await due.answered(ana, *keys)
    shown = await ana.uses("/review", in_=channel)
    assert f"{MOST_A_DAY} left today" in shown.text
    assert f"10 a day are enough: {len(keys) - MOST_A_DAY} more wait for another day." in shown.text


async def test_what_a_round_asks_is_withheld_until_its_close(due: Due, play: Play, bot: TutorClient) -> None:
    member, channel = play.starter, play.channel
    await due.answered(member, *due.keys("momentum"))
    before = await member.uses("/review", in_=channel)
    pressed = before.button(due.letter(before))
    ask = due.drawn(before).ask
    await play.start(bot, questions=1, kinds="multi", topics="momentum")
    question = await play.asked()
    told = await member.presses(pressed)
    assert "right now" in told.text
    shown = await member.uses("/review", in_=channel)
    assert "1 question that is due is about what a quiz round is asking right now" in shown.text
    assert ask not in shown.text
    assert not await due.storage.reviews.of(member.id)
    await play.closed(question)
    await member.presses(shown.button(words.review.AGAIN))
    assert ask in shown.text


async def test_practice_counts_from_when_it_is_switched_on(due: Due, ana: Person, channel: Channel) -> None:
    async def practised() -> Shown:
        shown = await ana.uses("/practice", topic="momentum", kind="choice", in_=channel)
        await ana.presses(shown.button("A"))
        return shown

    shown = await practised()
    assert words.review.COUNTS not in shown.text
    assert not await due.storage.reviews.of(ana.id)
    await ana.presses(shown.button(words.review.REMEMBER))
    shown = await practised()
    assert words.review.COUNTS in shown.text
    assert words.review.REMEMBER not in [one.label for one in shown.buttons]
    assert len(await due.storage.reviews.of(ana.id)) == 1
    due.loopback.advance(5 * 86400)
    assert "the last one today" in (await ana.uses("/review", in_=channel)).text


async def test_a_card_of_a_servers_own_topic_is_asked_in_that_server_alone(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], storage: Storage, ana: Person, channel: Channel
) -> None:
    guild = channel.guild
    assert guild
    other = loopback.add_guild("Others", bot_permissions=["send_messages"])
    there = other.add_channel("general")
    other.add_member(ana)
    for server in (guild, other):
        await own_topics.put(storage, server.id, own_topics.PROBING)
    client = make_client()
    async with loopback.running(client):
        due = Due(client, storage, loopback, guild)
        (topic,) = (await client.app.topics.learnt(guild.id)).own.values()
        key = next(f"{topic.topic.id}/{one.id}" for one in topic.topic.questions if one.kind == "choice")
        await due.answered(ana, key, own=True)
        for elsewhere in (there, ana.dm):
            said = (await ana.uses("/review", in_=elsewhere)).text
            assert said.startswith(words.review.NO_CARDS)
            assert (words.review.ELSEWHERE in said) == (elsewhere is ana.dm)
            assert topic.topic.title not in said
        shown = await ana.uses("/review", in_=channel)
        assert topic.topic.title in shown.text
        await ana.presses(shown.button("A"))
        assert "**All done for today.**" in shown.text
        (row,) = await storage.reviews.of(ana.id)
        assert (row.server_id, row.question) == (guild.id, key)
        for elsewhere in (there, ana.dm):
            assert (await ana.uses("/review", in_=elsewhere)).text.startswith(words.review.NO_CARDS)


@pytest.mark.slow
async def test_what_would_be_known_today_is_told_by_topic_with_a_picture(
    due: Due, ana: Person, channel: Channel
) -> None:
    await due.answered(ana, *due.keys("momentum", count=2), points=1.0)
    mine = await ana.uses("/me", in_=channel)
    assert words.review.STRENGTHS in mine.text
    assert "- Momentum too close to 1: about 8" in mine.text
    assert "(2 questions)" in mine.text
    (picture,) = mine.files
    assert picture.data.startswith(b"\x89PNG")
    (described,) = mine.descriptions
    assert "Momentum too close to 1" in described
    await ana.presses(mine.button(words.review.REMEMBER))
    again = await ana.uses("/me", in_=channel)
    told = await ana.presses(again.button(words.review.FORGET))
    assert told.text == words.review.NOT_REMEMBERED
    assert not await due.storage.reviews.remembers(ana.id)


async def test_what_cannot_be_kept_is_told_and_stays_due(
    due: Due, ana: Person, channel: Channel, read_only: Refusing
) -> None:
    await due.answered(ana, *due.keys("momentum", "open"))
    shown = await ana.uses("/review", in_=channel)
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    with read_only():
        told = await ana.submits(form, text="it overshoots")
        assert told.text.startswith(words.refusals.UNWRITABLE)
        assert "it overshoots" in told.text
    assert "the last one today" in (await ana.uses("/review", in_=channel)).text


@pytest.mark.on_postgresql
async def test_it_is_exported_and_deleted_with_the_rest(due: Due, ana: Person, channel: Channel) -> None:
    (key,) = due.keys("momentum")
    await due.answered(ana, key)
    shown = await ana.uses("/review", in_=channel)
    await ana.presses(shown.button(due.letter(shown)))
    await due.storage.reviews.remember(ana.id, True)
    settings = await ana.presses((await ana.uses("/me", in_=channel)).button(words.reminders.REMINDERS))
    await ana.presses(settings.button(words.reminders.TURN_ON))
    assert {"quiz_points", "review_answers", "practice_remembered"} <= {*await holding(due.storage, str(ana.id))}
    mine = await ana.uses("/me", in_=channel)
    exported = json.loads((await ana.presses(mine.button(words.scores.EXPORT))).files[0].data)
    assert [(one["question"], one["points"]) for one in exported["review_answers"]] == [(key, 1.0)]
    assert exported["practice_is_remembered"] is True
    really = await ana.presses(mine.button(words.scores.DELETE_ME))
    await ana.presses(really.button(words.scores.REALLY_DELETE))
    assert await holding(due.storage, str(ana.id)) == []
    assert (await ana.uses("/review", in_=channel)).text.startswith(words.review.NO_CARDS)


async def holding(storage: Storage, text: str) -> list[str]:
    """The tables with a row that has this text in it."""
    async with storage.engine.connect() as connection:
        rows = [(name, await connection.execute(select(table))) for name, table in METADATA.tables.items()]
        return [name for name, found in rows if any(text in repr(tuple(row)) for row in found)]
