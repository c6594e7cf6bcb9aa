"""`/group beliefs` and `/group gaps`, as a moderator and as a member see them."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import insert

from bot import words
from bot.clock import WEEK, week_begins, week_of
from bot.discord_app.client import TutorClient
from bot.quiz.beliefs import KnownBelief
from bot.service.beliefs import LATE
from bot.storage.database import Storage
from bot.storage.rows import WeeklyCount
from bot.storage.tables import WEEKLY_COUNTS
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.service import own_topics


async def put(storage: Storage, guild: Guild, counts: Sequence[WeeklyCount]) -> None:
    """As weeks that were over left them."""
    rows = [
        {"server_id": guild.id} | {name: getattr(one, name) for name in ("week", "kind", "about", "people", "asked")}
        for one in counts
    ]
    await storage.access.commit(lambda connection: connection.execute(insert(WEEKLY_COUNTS), rows))


@pytest.fixture
def last(loopback: LoopbackDiscord) -> int:
    """The last week that is over."""
    return week_of(loopback.clock.now() - LATE) - 1


def some(bot: TutorClient, fits: Callable[[KnownBelief], bool], many: int = 1) -> list[KnownBelief]:
    return [one for one in bot.app.taught.now.beliefs if fits(one)][:many]


async def test_a_member_is_told_in_one_line_who_may(
    bot: TutorClient, ana: Person, channel: Channel, guild: Guild
) -> None:
    for known in guild.world.commands[None].values():
        known["default_member_permissions"] = None  # as a server may set it
    for command in ("/group beliefs", "/group gaps"):
        shown = await ana.uses(command, in_=channel)
        assert shown.ephemeral and shown.text == words.checkup.ONLY_MODERATORS


async def test_where_nothing_was_counted_it_is_said_what_is_missing_and_when_something_comes(
    bot: TutorClient, mo: Person, channel: Channel, loopback: LoopbackDiscord
) -> None:
    due = int(week_begins(week_of(loopback.clock.now() - LATE) + 1) + LATE)
    for command in ("/group beliefs", "/group gaps"):
        shown = await mo.uses(command, in_=channel)
        assert shown.ephemeral
        assert "three people" in shown.text and f"<t:{due}:F>" in shown.text
        assert command == "/group gaps" or all(f"`/{one}`" in shown.text for one in ("practice", "review"))


@pytest.mark.slow
async def test_what_is_believed_most_stands_first_with_its_weeks_and_their_picture(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int
) -> None:
    one, two = some(bot, lambda one: bool(one.belief.experiment) and not one.belief.answers, 2)
    counts = [(last, one, 23, 33), (last - 1, one, 12, 33), (last, two, 4, 33), (last - 3, two, 5, 7)]
    await put(storage, guild, [WeeklyCount(week, "belief", of.id, *many) for week, of, *many in counts])
    shown = await mo.uses("/group beliefs", in_=channel)
    first, second = shown.text.index(one.belief.says), shown.text.index(two.belief.says)
    assert first < second
    assert "about 25 people of 35 who were asked (about two thirds). A larger" in shown.text
    assert "A larger share than the week before." in shown.text
    assert f"Fewer people than the week of {words.beliefs.day(last - 3)}" in shown.text
    assert "23" not in shown.text.replace(words.beliefs.day(last), "")
    (picture,) = shown.descriptions
    assert "People who showed it" in picture and [one.filename for one in shown.files] == ["beliefs.png"]
    assert [button.label for button in shown.buttons][:2] == ["1: See why not", "1: Ask about it"]


@pytest.mark.slow
async def test_what_refutes_a_misconception_is_a_press_away(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int
) -> None:
    of_experiment, of_claim, of_words = (
        *some(bot, lambda one: bool(one.refuted().belief.experiment) and one.belief.experiment != ""),
        *some(bot, lambda one: not one.refuted().belief.experiment and bool(one.refuted().belief.claim)),
        *some(bot, lambda one: not one.refuted().belief.experiment and not one.refuted().belief.claim),
    )
    known = (of_experiment, of_claim, of_words)
    await put(storage, guild, [WeeklyCount(last, "belief", of.id, 9 - at, 20) for at, of in enumerate(known)])
    shown = await mo.uses("/group beliefs", in_=channel)
    ran = await mo.presses(shown.button("1: See why not"))
    assert of_experiment.refuted().belief.experiment in ran.text and ran.ephemeral
    claim = await mo.presses(shown.button("2: See why not"))
    assert claim.ephemeral and "what the experiments say" in claim.text
    right = await mo.presses(shown.button("3: See why not"))
    for page, of in ((ran, of_experiment), (claim, of_claim), (right, of_words)):
        above, what_is_right = page.text.index(of.belief.says), page.text.index(words.beliefs.WHAT_IS_RIGHT)
        assert above < what_is_right < page.text.index(of.refuted().belief.right)
    answer = await mo.presses(right.button(words.beliefs.THE_ANSWER))
    topic = bot.app.curriculum.topic(of_words.refuted().topic)
    assert topic and topic.answer[:60] in answer.text


async def test_what_was_chosen_is_refuted_by_what_its_own_option_names(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int
) -> None:
    """Four chose "Single weights make the faster code.", which claim 6.6 refutes; elsewhere the same is refuted by an
    experiment on first biases."""
    known = bot.app.taught.now.beliefs.get("zeros-are-fast")
    assert known
    (there,) = (one for one in known.occurrences if one.question == "sparsity/filters-or-weights")
    rows = [("belief", known.id), ("in-topic", f"sparsity/{known.id}"), ("in-quest", there.place)]
    await put(storage, guild, [WeeklyCount(last, kind, about, 4, 6) for kind, about in rows])
    shown = await mo.uses("/group beliefs", in_=channel)
    assert "Shown in questions about Three ways to a sparse" in shown.text
    claim = await mo.presses(shown.button("1: See why not"))
    assert there.belief.claim == "6.6" and known.belief.says in claim.text
    (stated,) = (one.says for topic in bot.app.curriculum.topics for one in topic.claims if one.ref == "6.6")
    assert " ".join(stated.split())[:40] in " ".join(claim.text.split())
    assert "a trade of accuracy for speed" in " ".join(claim.text.split())
    elsewhere = await mo.uses("/group beliefs", in_=channel, topic="bias-initialization")
    assert known.belief.says not in elsewhere.text and "There is nothing to show about" in elsewhere.text


async def test_ask_about_it_starts_a_round_of_questions_that_can_show_it(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int, play: Play
) -> None:
    (many,) = some(bot, lambda one: len(one.questions) > 8)
    await put(storage, guild, [WeeklyCount(last, "belief", many.id, 9, 20)])
    shown = await mo.uses("/group beliefs", in_=channel)
    told = await mo.presses(shown.button("1: Ask about it"))
    assert "The round begins" in told.text
    on = bot.app.rounds.on(channel.id)
    assert on and len(on.planned) == 5
    assert {question.key for question in on.planned} <= set(many.questions)
    again = await mo.presses(shown.button("1: Ask about it"))
    assert "round" in again.text and (still := bot.app.rounds.on(channel.id)) and still.setup == on.setup


async def test_a_member_who_gets_at_its_button_starts_nothing(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, ana: Person, channel: Channel, guild: Guild, storage: Storage, last: int
) -> None:
    (one,) = some(bot, lambda one: True)
    await put(storage, guild, [WeeklyCount(last, "belief", one.id, 9, 20)])
    shown = await mo.uses("/group beliefs", in_=channel)
    for role in guild.members[mo.id].roles:
        guild.take(role, "manage_messages")
    assert (await mo.presses(shown.button("1: Ask about it"))).text == words.rounds.ONLY_STARTERS
    assert (await mo.presses(shown.button("1: See why not"))).text == words.checkup.ONLY_MODERATORS
    assert bot.app.rounds.on(channel.id) is None


async def test_a_round_keeps_back_what_its_topic_s_wrong_answers_show(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int, play: Play
) -> None:
    (one,) = some(bot, lambda one: one.topics == {"momentum"})
    await put(storage, guild, [WeeklyCount(last, "belief", one.id, 9, 20)])
    before = await mo.uses("/group beliefs", in_=channel)
    await play.start(bot, topics="momentum", questions=1)
    await play.asked()
    shown = await mo.uses("/group beliefs", in_=channel)
    assert one.belief.says not in shown.text
    assert words.beliefs.kept_back(1) in shown.text
    pressed = await mo.presses(before.button("1: See why not"))
    assert one.belief.says not in pressed.text and "###" not in pressed.text


async def test_what_is_asked_in_vain_is_shown_by_topic_and_term(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int, loopback: LoopbackDiscord
) -> None:
    question = "does a warmup of the learning rate help momentum on my zebra dataset"
    people = [guild.add_member(f"M{number}") for number in range(3)]
    for one in people:
        await one.uses("/ask", in_=channel, question=question)
    await bot.app.beliefs.written()
    loopback.advance(WEEK)
    shown = await mo.uses("/group gaps", in_=channel)
    assert "3 people in all" in shown.text
    assert "zebra" not in shown.text and "warmup" not in shown.text
    assert "With the words: momentum (3)" in shown.text


async def test_practice_and_rounds_of_three_members_come_to_a_line_when_the_week_is_over(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, play: Play, loopback: LoopbackDiscord
) -> None:
    people = [guild.add_member(f"M{number}") for number in range(3)]
    await play.start(bot, questions=1, kinds="choice", topics="dropout")
    question = await play.asked()
    wrong = play.letter(right=False)
    says = play.turn.question.options["ABCDEFGH".index(wrong)].misconception
    for one in people:
        await one.presses(question.button(wrong))
    await play.closed(question)
    await play.result()
    assert says not in (await mo.uses("/group beliefs", in_=channel)).text
    loopback.advance(WEEK)
    shown = await mo.uses("/group beliefs", in_=channel, topic="dropout")
    assert says in shown.text and "3 people" in shown.text and "too few others were asked" in shown.text


@pytest.mark.slow
async def test_the_longest_page_that_can_be_keeps_to_discord_s_limits(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int
) -> None:
    known = sorted(bot.app.taught.now.beliefs, key=lambda one: -len(one.belief.says + one.belief.answers[:150]))[:9]
    counts = [
        WeeklyCount(last - week, "belief", one.id, 50 + at, 99) for at, one in enumerate(known) for week in range(8)
    ]
    topics = [one.id for one in bot.app.curriculum.topics]
    gaps = [WeeklyCount(last - week, "topic", one, 99, 99) for one in topics for week in range(8)]
    terms = sorted(bot.app.taught.now.terms.values(), key=len)[-12:]
    gaps += [WeeklyCount(last - week, "term", one, 99, 99) for one in set(terms) for week in range(8)]
    await put(storage, guild, [*counts, *gaps, *(WeeklyCount(last - week, "vain", "", 99, 99) for week in range(8))])
    shown = await mo.uses("/group beliefs", in_=channel)  # the loopback refuses what Discord would
    assert "4 more are held by fewer" in shown.text
    assert "Near to:" in (await mo.uses("/group gaps", in_=channel)).text


async def test_what_is_believed_of_a_server_s_own_topic_is_shown_to_the_letter_there_and_nowhere_else(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, mo: Person, channel: Channel, guild: Guild, storage: Storage, last: int, loopback: LoopbackDiscord
) -> None:
    await own_topics.put(
        storage, guild.id, own_topics.PROBING.replace("A tombstone is a key.", "'@everyone **look** here'")
    )
    learnt = await bot.app.topics.read(guild.id)
    (own,) = (one for one in learnt.beliefs if "@everyone" in one.belief.says)
    other = loopback.add_guild("Another group", bot_permissions=["send_messages"])
    there = other.add_channel("general")
    other.add_member(mo, permissions=["manage_messages"])
    for server in (guild, other):
        await put(storage, server, [WeeklyCount(last, "belief", own.id, 5, 20)])
    shown = await mo.uses("/group beliefs", in_=channel)
    assert r"\@everyone \*\*look\*\* here" in shown.text and not shown.pings
    right = await mo.presses(shown.button("1: See why not"))
    assert "A key whose slot is taken goes to the next free one" in right.text
    assert "Linear probing" in (await mo.uses("/group beliefs", in_=channel, topic="linear-probing")).text
    elsewhere = await mo.uses("/group beliefs", in_=there)
    assert "everyone" not in elsewhere.text and "There is nothing to show yet" in elsewhere.text
