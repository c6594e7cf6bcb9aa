"""A question of the day as members meet it: it stands for a day, and whoever asks about its topic is told alone, and
then answers without points."""

import json
from collections.abc import AsyncIterator, Callable

import pytest

from bot import words
from bot.clock import DAY
from bot.discord_app.client import TutorClient
from bot.quiz.chance import Chance
from bot.quiz.round import machine
from bot.quiz.round.state import Round
from bot.service.rounds import hosted
from bot.storage.rows import PointsOf, PointsRow
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.slow
ABOUT = "momentum"
ASK = "why does momentum too close to 1 overshoot"


class OfTheDay:
    """The question of the day in a channel."""

    def __init__(self, loopback: LoopbackDiscord, bot: TutorClient, head: Person, channel: Channel) -> None:
        self.loopback, self.bot, self.head, self.channel = loopback, bot, head, channel

    @property
    def round(self) -> Round:
        (one,) = [one for one in self.bot.app.rounds.going_on() if one.round.setup.of_the_day]
        return one.round

    async def begins(self, kinds: str = "choice") -> Shown:
        await self.head.uses(
            "/tutor schedule add", in_=self.channel, when="daily 18:30", what="day", topics=ABOUT, kinds=kinds
        )
        (one,) = self.bot.app.schedules.known(self.channel.guild.id)  # type: ignore[union-attr]
        self.loopback.advance(one.next_at - self.loopback.clock.now() + 0.5)
        await self.sees("### Question of the day\n")
        self.loopback.advance(2)
        await self.loopback.until(lambda: (self.round.turns and self.round.turns[0].message) or None, "its message")
        return await self.sees("### Question of the day\n")

    async def sees(self, text: str) -> Shown:
        def found() -> Shown | None:
            return next((one for one in self.head.sees(self.channel) if text in one.text), None)

        return await self.loopback.until(found, f"a message with {text!r}")

    def right(self) -> str:
        return "ABCDEFGH"[next(i for i, one in enumerate(self.round.turns[0].question.options) if one.right)]

    async def revealed(self) -> Shown:
        self.loopback.advance(DAY)
        return await self.sees("### Question of the day: the result")


@pytest.fixture
def day(loopback: LoopbackDiscord, bot: TutorClient, head: Person, channel: Channel) -> OfTheDay:
    return OfTheDay(loopback, bot, head, channel)


def tells(shown: Shown, bot: TutorClient) -> bool:
    """Whether it shows the reference answer of the topic."""
    topic = bot.app.taught.latest.curriculum.topic(ABOUT)
    assert topic
    return topic.answer[:60] in shown.text


async def test_it_stands_for_a_day_and_is_revealed_on_time(
    day: OfTheDay, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await day.begins()
    assert words.rounds.OF_THE_DAY in shown.text
    assert [one.label for one in shown.buttons] == ["A", "B", "C", "D"][: len(shown.buttons)]
    assert "Locked" in (await ana.presses(shown.button(day.right()))).text
    assert "Locked" in (await ben.presses(shown.button(day.right()))).text
    day.loopback.advance(DAY - 600)
    await day.loopback.settled()
    assert day.round.current
    result = await day.revealed()
    assert "`Ana`: **1** of 1" in result.text
    assert "on average" not in result.text
    assert "2 answered. Points: `Ana` 1, `Ben` 1" in shown.text
    assert "could not be reached" not in shown.text
    board = await ana.uses("/leaderboard", in_=channel)
    assert "`Ana`" in board.text


async def test_who_asks_is_told_alone_and_answers_without_points(
    day: OfTheDay, bot: TutorClient, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await day.begins()
    told = await ana.uses("/ask", in_=channel, question=ASK)
    assert tells(told, bot)
    assert told.ephemeral
    assert words.rounds.seen_now(channel.id) in told.text
    locked = await ana.presses(shown.button(day.right()))
    assert words.rounds.SAW.strip() in locked.text
    await ben.presses(shown.button(day.right()))
    result = await day.revealed()
    assert "`Ben`: **1** of 1" in result.text
    assert "`Ana`" not in result.text
    assert "1 more answered once they had seen the answer" in shown.text
    receipt = await ana.presses(result.button(words.rounds.MY_RECEIPT))
    assert words.reveals.SEEN_BEFORE in receipt.text
    assert not await bot.app.scores._scores.of(ana.id)


async def test_it_holds_whatever_way_they_ask(
    day: OfTheDay, bot: TutorClient, guild: Guild, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted, "Chance", lambda _: Chance("1"))  # which draws one that is about an experiment
    shown = await day.begins()
    experiment = sorted(day.round.turns[0].question.experiments)

    async def by_dm(who: Person) -> Shown:
        return await who.dms(ASK)

    async def by_mention(who: Person) -> Shown:
        offered = await who.says(channel, f"{day.loopback.mention} {ASK}")
        assert not tells(offered, bot)
        assert words.rounds.ask_in_private(channel.id) in offered.text
        return await who.presses(offered.button(words.rounds.SHOW_IT_TO_ME))

    async def by_the_list(who: Person) -> Shown:
        topics = await who.uses("/topics", in_=channel)
        return await who.presses(next(one for one in topics.buttons if "omentum" in one.label))

    async def by_claims(who: Person) -> Shown:
        return await who.uses("/claims", in_=channel, topic=ABOUT)

    async def by_practice(who: Person) -> Shown:
        return await who.uses("/practice", in_=channel, topic=ABOUT)

    async def by_a_run(who: Person) -> Shown:
        return await who.uses("/simulate", in_=channel, experiment=experiment[0])

    async def by_a_run_in_words(who: Person) -> Shown:
        return await who.uses("/ask", in_=channel, question=f"simulate {experiment[0]}")

    async def by_a_try(who: Person) -> Shown:
        return await who.uses("/ask", in_=channel, question=ASK, options={"try": True})

    assert experiment
    ways = [by_a_try, by_dm, by_mention, by_the_list, by_claims, by_practice, by_a_run, by_a_run_in_words]
    for at, way in enumerate(ways):
        who = guild.add_member(f"Member {at}")
        told = await way(who)
        assert told.ephemeral or told.message.channel is who.dm, way
        locked = await who.presses(shown.button(day.right()))
        assert words.rounds.SAW.strip() in locked.text, way


@pytest.mark.parametrize("kind", ["choice", "open"])
async def test_a_review_about_its_topic_tells_too_and_who_has_pressed_locks_first(
    day: OfTheDay, bot: TutorClient, ana: Person, ben: Person, kind: str
) -> None:
    shown = await day.begins("multi")
    topic = bot.app.curriculum.topic(ABOUT)
    assert topic
    asked = day.round.turns[0].question.key
    keys = [f"{ABOUT}/{one.id}" for one in topic.questions if one.kind == kind and f"{ABOUT}/{one.id}" != asked]
    before = day.loopback.clock.now() - 9 * 86400
    rows = [PointsRow("r", n, who.id, 1, "A", ABOUT, keys[0], 1.0, True, before) for n, who in enumerate((ana, ben))]
    await bot.app.storage.journal.write(PointsOf("r", tuple(rows)))
    await ben.chooses(shown.select(), "0")

    async def answers(who: Person) -> Shown:
        card = await who.uses("/review", in_=day.channel)
        if kind == "open":
            return await who.submits(await who.opens(card.button(words.quiz.ANSWER)), text="it overshoots")
        return await who.presses(card.button("A"))

    assert words.rounds.LOCK_FOR_GOOD in [one.label for one in (await answers(ben)).buttons]
    assert not await bot.app.storage.reviews.of(ben.id)
    assert "You will be asked this again" in (await answers(ana)).text
    assert words.rounds.SAW.strip() in (await ana.chooses(shown.select(), "0")).text


async def test_who_asks_about_another_topic_answers_with_points(day: OfTheDay, ana: Person, channel: Channel) -> None:
    shown = await day.begins()
    told = await ana.uses("/ask", in_=channel, question="can biases start at zero")
    assert not told.ephemeral
    assert words.rounds.SAW.strip() not in (await ana.presses(shown.button(day.right()))).text


async def test_in_other_servers_answers_are_for_all_as_ever(
    day: OfTheDay, loopback: LoopbackDiscord, bot: TutorClient, ana: Person
) -> None:
    other = loopback.add_guild("Other", bot_permissions=["send_messages"])
    lounge = other.add_channel("lounge")
    other.add_member(ana)
    await loopback.settled()
    shown = await day.begins()
    told = await ana.uses("/ask", in_=lounge, question=ASK)
    assert tells(told, bot)
    assert not told.ephemeral
    assert words.rounds.SAW.strip() in (await ana.presses(shown.button(day.right()))).text


@pytest.mark.parametrize("gives_up", [False, True])
async def test_who_has_pressed_locks_or_gives_up_first(  # noqa: PLR0917
    day: OfTheDay, bot: TutorClient, ana: Person, ben: Person, channel: Channel, gives_up: bool
) -> None:
    shown = await day.begins()
    await ana.presses(shown.button(day.right()))
    await ben.presses(shown.button(day.right()))
    kept = await ana.uses("/ask", in_=channel, question=ASK)
    assert kept.ephemeral
    assert not tells(kept, bot)
    assert [one.label for one in kept.buttons] == [
        words.rounds.LOCK_FOR_GOOD,
        words.rounds.GIVE_UP,
        words.rounds.SHOW_IT,
    ]
    assert not tells(await ana.presses(kept.button(words.rounds.SHOW_IT)), bot)
    decided = await ana.presses(kept.button(words.rounds.GIVE_UP if gives_up else words.rounds.LOCK_FOR_GOOD))
    assert tells(await ana.presses(decided.button(words.rounds.SHOW_IT)), bot)
    again = await ana.presses(shown.button("B" if day.right() == "A" else "A"))
    assert (words.rounds.SAW.strip() if gives_up else "locked for good") in again.text
    dm = await ana.dms(ASK)
    assert tells(dm, bot)
    result = await day.revealed()
    assert ("`Ana`" in result.text) is not gives_up


async def test_a_restart_forgets_nothing_and_is_said_at_the_reveal_where_it_took_long(  # noqa: PLR0917
    day: OfTheDay, make_client: Callable[[], TutorClient], bot: TutorClient, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await day.begins()
    await ana.uses("/ask", in_=channel, question=ASK)
    await ben.presses(shown.button(day.right()))
    said = len(ana.sees(channel))
    await bot.close()
    await day.loopback.offline()
    day.loopback.advance(9 * 3600)
    second = make_client()
    async with day.loopback.running(second):
        day.bot = second
        await second.app.rounds.opened()
        await day.loopback.settled()
        assert len(ana.sees(channel)) == said
        right = day.right()
        assert words.rounds.SAW.strip() in (await ana.presses(shown.button(right))).text
        assert not tells(await ben.uses("/ask", in_=channel, question=ASK), second)
        result = await day.revealed()
        assert "`Ben`: **1** of 1" in result.text
        assert "`Ana`" not in result.text
        assert "I could not be reached for 9 hours of it" in shown.text


async def test_a_permission_that_is_away_for_an_hour_takes_no_answer(
    day: OfTheDay, guild: Guild, head: Person, ana: Person, channel: Channel
) -> None:
    shown = await day.begins()
    await ana.presses(shown.button(day.right()))
    for role in (guild.everyone, guild.bot_role):
        channel.deny(role, "send_messages")
    await day.loopback.settled()
    day.loopback.advance(3600)
    await day.loopback.settled()
    assert day.round.turns[0].void is None
    for role in (guild.everyone, guild.bot_role):
        channel.allow(role, "send_messages")
    await day.loopback.settled()
    assert "`Ana`: **1** of 1" in (await day.revealed()).text
    assert "has ended" not in "".join(one.text for one in head.sees(head.dm))


async def test_what_cannot_be_shown_at_its_close_is_shown_once_the_channel_is_open_again_over_a_restart_too(  # noqa: PLR0917
    day: OfTheDay,
    make_client: Callable[[], TutorClient],
    bot: TutorClient,
    guild: Guild,
    head: Person,
    ana: Person,
    channel: Channel,
) -> None:
    shown = await day.begins()
    await ana.presses(shown.button(day.right()))
    for role in (guild.everyone, guild.bot_role):
        channel.deny(role, "view_channel")
    await day.loopback.settled()
    day.loopback.advance(DAY)

    def told() -> list[str]:
        return [one.text for one in head.sees(head.dm) if "I could not show what is right" in one.text]

    await day.loopback.until(lambda: told() or None, "the news for whoever set it")
    (only,) = told()
    assert "**View Channel**" in only and "The scores are kept" in only
    points = await bot.app.scores._scores.of(ana.id)
    assert [one.points for one in points] == [1.0]
    await bot.close()
    await day.loopback.offline()
    day.loopback.advance(9 * 3600)
    second = make_client()
    async with day.loopback.running(second):
        await second.app.rounds.opened()
        await day.loopback.settled()
        assert "the result" not in "".join(one.text for one in head.sees(channel))
        for role in (guild.everyone, guild.bot_role):
            channel.allow(role, "view_channel")
        assert "`Ana`: **1** of 1" in (await day.sees("### Question of the day: the result")).text
        assert "1 answered. Points: `Ana` 1" in shown.text
        await day.loopback.settled()
        assert not second.app.rounds.going_on() and len(told()) == 1


async def test_a_round_can_be_played_beside_it_and_stop_ends_the_round_first_then_asks(
    day: OfTheDay, mo: Person, ana: Person, channel: Channel
) -> None:
    shown = await day.begins()
    await ana.presses(shown.button("A"))
    await mo.uses("/quiz start", in_=channel, questions=1, untimed=True, topics="dropout", kinds="choice")
    on = day.bot.app.rounds.on(channel.id)
    assert on
    assert not on.setup.of_the_day
    await mo.uses("/quiz stop", in_=channel)
    assert day.bot.app.rounds.on(channel.id) is None
    assert day.round.current
    assert "### Quiz: stopped" in (await mo.uses("/quiz scores", in_=channel)).text
    asked = await mo.uses("/quiz stop", in_=channel)
    assert day.round.current and asked.ephemeral
    closes = day.round.turns[0].closes
    assert closes and f"stands until <t:{closes:.0f}:f>" in asked.text and "1 member has answered" in asked.text
    assert "Only whoever started" in (await ana.uses("/quiz stop", in_=channel)).text
    stopped = await mo.presses(asked.button(words.rounds.STOP_THE_DAY))
    assert "The question of the day is stopped" in stopped.text
    assert day.bot.app.rounds.of_the_day(channel.id) is None
    await day.loopback.settled()
    assert "Stopped by `Mo`; it counts for nobody." in shown.text


async def test_one_whose_message_is_deleted_is_said_to_be_where_it_stood_and_to_whoever_set_it(
    day: OfTheDay, head: Person, mo: Person, ana: Person, channel: Channel
) -> None:
    shown = await day.begins()
    await ana.presses(shown.button("A"))
    mo.deletes(shown)
    why = words.rounds.VOIDED["deleted"]
    assert "(does not count)" in (await day.sees(why)).text
    await day.loopback.settled()
    (told,) = [one.text for one in head.sees(head.dm)]
    assert "its message was deleted while it stood. It counts for nobody." in told
    scores = (await mo.uses("/quiz scores", in_=channel)).text
    assert why in scores and "what is right stands there" not in scores


async def test_whoever_asks_for_scores_where_it_stands_alone_is_told_that_it_does(
    day: OfTheDay, mo: Person, channel: Channel
) -> None:
    await day.begins()
    told = await mo.uses("/quiz scores", in_=channel)
    assert told.text.startswith(words.rounds.ONLY_OF_THE_DAY)


async def test_who_deletes_all_while_it_stands_is_in_nothing_of_it_and_earns_nothing_once_they_have_seen_it(
    day: OfTheDay, guild: Guild, ana: Person, ben: Person, channel: Channel
) -> None:
    """Ana has asked, Ben locked for good, Cleo given up; Dan has only answered, and may as well have changed that."""
    cleo, dan = guild.add_member("Cleo"), guild.add_member("Dan")
    shown = await day.begins()
    await ana.uses("/ask", in_=channel, question=ASK)
    for who in (ben, cleo, dan):
        await who.presses(shown.button(day.right()))
    for who, way in ((ben, words.rounds.LOCK_FOR_GOOD), (cleo, words.rounds.GIVE_UP)):
        await who.presses((await who.uses("/ask", in_=channel, question=ASK)).button(way))
    for who in (ana, ben, cleo, dan):
        for _ in range(2):
            really = await who.presses((await who.uses("/me", in_=channel)).button(words.scores.DELETE_ME))
            deleted = await who.presses(really.button(words.scores.REALLY_DELETE))
            assert deleted.text == words.scores.DELETED
        assert str(who.id) not in json.dumps(machine.of_round(day.round))
        assert not await day.bot.app.storage.seen_answers.of(who.id)
        told = (await who.presses(shown.button(day.right()))).text
        assert (words.rounds.SAW.strip() in told) is (who is not dan)
    result = await day.revealed()
    assert "`Dan`: **1** of 1" in result.text and not any(name in result.text for name in ("Ana", "Ben", "Cleo"))


async def test_an_answer_in_words_too(day: OfTheDay, bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await day.begins(kinds="open")
    form = await ana.opens(next(one for one in shown.buttons))
    kept = await ana.uses("/ask", in_=channel, question=ASK)
    assert [one.label for one in kept.buttons] == [words.rounds.GIVE_UP, words.rounds.SHOW_IT]
    decided = await ana.presses(kept.button(words.rounds.GIVE_UP))
    assert tells(await ana.presses(decided.button(words.rounds.SHOW_IT)), bot)
    sent = await ana.submits(form, **{form.fields[0].label: "the steps add up and run past the minimum"})
    assert words.rounds.SAW.strip() in sent.text


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, head: Person
) -> AsyncIterator[TutorClient]:
    client = make_client()
    async with loopback.running(client):
        yield client
