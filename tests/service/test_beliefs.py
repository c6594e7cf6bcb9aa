"""People are counted by the week: who they are is kept nowhere, and nothing that is shown tells of fewer than three."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select

from bot.clock import WEEK, week_begins, week_of
from bot.matching.decision import Decline, Intent, Match
from bot.quiz.beliefs import KnownBelief
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.quiz.kinds.calculate import DrawnCalculation
from bot.quiz.reveals import feedback
from bot.quiz.round.disputes import Appealed, AppealJudged, Flagged, FlagJudged
from bot.quiz.round.events import Submitted
from bot.service.application import App
from bot.service.beliefs import LATE, BeliefsSeen, Share, rounded, shown
from bot.service.gate import Asker
from bot.service.rounds.hosted import Start
from bot.shard import Shard
from bot.storage import weekly
from bot.storage.access import add_missing
from bot.storage.database import Storage
from bot.storage.rows import WeeklyCount
from bot.storage.tables import METADATA, WEEKLY_COUNTS, WEEKLY_KEYS, WEEKLY_PEOPLE
from bot.storage.weekly import WeeklyPeople, hashed
from tests.service import own_topics
from tests.service.conftest import ANA, BEN, JUDGE, Boards, Group, Hours

pytestmark = pytest.mark.on_postgresql
SERVER, MODERATOR, OTHER_SERVER = 81384788765712384, 777900, 81384788765712385


class School:
    """Members of a server who practise."""

    def __init__(self, app: App, clock: Hours) -> None:
        self.app, self.clock = app, clock
        self.clock.time = week_begins(week_of(clock.time)) + 3 * 24 * 3600  # a Thursday
        self.known = [one for one in app.taught.now.beliefs if not one.belief.answers and "/" in one.id]

    def asker(self, member: int = MODERATOR, server: int | None = SERVER) -> Asker:
        return Asker(f"{server}:{member}", member, server, (5,), at_home=server is not None)

    def posing(self, belief: KnownBelief, asked: str = "") -> DrawnQuestion:
        """A question with an option that shows it; the one with the key `asked`, if that is given."""
        for seed in range(100):
            for key in [asked] if asked else belief.questions:
                question = self.app.practice.again(key, seed)
                if any(option.shows == belief.belief.says for option in question.options):
                    return question
        raise AssertionError(belief.id)

    async def answer(
        self, member: int, belief: KnownBelief, held: bool = True, *, server: int | None = SERVER, asked: str = ""
    ) -> None:
        question = self.posing(belief, asked)
        fitting = (one.shows == belief.belief.says if held else one.right for one in question.options)
        given = Answer((next(i for i, fits in enumerate(fitting) if fits),))
        self.app.beliefs.practised(self.asker(member, server), feedback(question, given))
        await self.app.beliefs.written()

    async def seen(self, server: int = SERVER, topic: str = "") -> BeliefsSeen:
        return await self.app.beliefs.seen(self.asker(server=server), topic)

    def next_week(self, weeks: int = 1) -> None:
        self.clock.time += weeks * WEEK


@pytest.fixture
def school(make_app: Callable[[], App], clock: Hours) -> School:
    return School(make_app(), clock)


@pytest.fixture
def belief(school: School) -> KnownBelief:
    return next(one for one in school.known if one.questions[0].split("/")[0] == "dropout" and _is_choice(school, one))


def _is_choice(school: School, one: KnownBelief) -> bool:
    return all(school.app.practice.again(key, 0).kind == "choice" for key in one.questions)


async def rows(storage: Storage) -> Counter[str]:
    of = {"keys": WEEKLY_KEYS, "people": WEEKLY_PEOPLE, "counts": WEEKLY_COUNTS}
    return Counter({name: len(await storage.access.found(select(table))) for name, table in of.items()})


async def test_one_member_who_answers_fifty_times_shows_nothing(school: School, belief: KnownBelief) -> None:
    for _ in range(50):
        await school.answer(ANA, belief)
    school.next_week()
    seen = await school.seen()
    assert (seen.found, seen.more, seen.kept_back) == ((), 0, 0)


async def test_two_members_show_nothing_and_a_third_shows_three(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for member in (1, 2):
        await school.answer(member, belief)
    school.next_week()
    assert not (await school.seen()).found
    assert await rows(storage) == Counter()  # dropped, and not added to what comes
    for member in (1, 2, 3):
        await school.answer(member, belief)
    school.next_week()
    (found,) = (await school.seen()).found
    assert found.known == belief
    assert [one.people for one in found.weeks.values()] == [3]
    assert week_begins(next(iter(found.weeks))) < school.clock.time - WEEK / 2


@pytest.mark.slow
async def test_no_look_before_and_after_one_more_answer_tells_whose_it_was(school: School) -> None:
    """Whatever has been answered by whomever, a look shows the same before and after one more answer, and at the end of
    the week as many people as there were, if they are three: who of them answered when makes no difference."""
    chance = random.Random(7)
    beliefs = chance.sample([one for one in school.known if _is_choice(school, one)], 3)
    held: set[tuple[str, int]] = set()
    for step in range(90):
        before = await school.seen()
        member, believed = chance.randrange(1, 7), chance.choice(beliefs)
        wrong = chance.random() < 0.6
        await school.answer(member, believed, wrong)
        if wrong:
            held.add((believed.id, member))
        assert await school.seen() == before
        if step % 30 == 29:
            school.next_week()
            seen, people = await school.seen(), Counter(id_ for id_, _ in held)
            last = {one.known.id: one.weeks[seen.last].people for one in seen.found if seen.last in one.weeks}
            assert last == {id_: many for id_, many in people.items() if many >= 3}
            held.clear()


@pytest.mark.slow
async def test_planted_beliefs_of_a_class_come_out_in_order(school: School) -> None:
    chance = random.Random(11)
    some = chance.sample([one for one in school.known if _is_choice(school, one)], 5)
    planted = dict(zip(some, (0.75, 0.55, 0.4, 0.25, 0.12), strict=True))
    for _ in range(4):
        for member in range(1, 41):
            for believed, share in planted.items():
                await school.answer(member, believed, chance.random() < share)
        school.next_week()
    seen = await school.seen()
    assert [one.known for one in seen.found] == [*planted]
    assert all(len(one.weeks) >= 3 for one in seen.found)
    for (believed, share), one in zip(planted.items(), seen.found, strict=True):
        told = [week.people / week.asked for week in one.weeks.values() if week.asked]
        assert abs(sum(told) / len(told) - share) < 0.12, believed.id


async def test_a_misconception_of_many_topics_is_of_those_in_whose_questions_three_have_shown_it(
    school: School, storage: Storage
) -> None:
    many = school.app.taught.now.beliefs.get("zeros-are-fast")
    assert many and {"sparsity", "dropout"} <= many.topics
    asked = [next(key for key in many.questions if key.startswith(f"{topic}/")) for topic in ("sparsity", "dropout")]
    for member in (1, 2, 3, 4):
        await school.answer(member, many, asked=asked[0])
    for member in (4, 5):
        await school.answer(member, many, asked=asked[1])
    exported = await school.app.beliefs.export(school.asker(5))
    assert [one["misconception_in"] for one in exported if "misconception_in" in one] == [
        next(one.place for one in many.occurrences if one.question == asked[1]),
        f"dropout/{many.id}",
    ]
    school.next_week()
    (found,) = (await school.seen()).found
    assert (found.topics, found.refuted.question) == (("sparsity",), asked[0])
    assert [one.people for one in found.weeks.values()] == [5]
    assert not (await school.seen(topic="dropout")).found
    assert (await school.seen(topic="sparsity")).found == (found,)
    counted = await storage.weekly.counts(SERVER, 0, ["belief", "in-topic", "in-quest"])
    assert all(one.people >= 3 for one in counted)


async def test_the_end_of_a_week_deletes_its_key_and_all_hashes(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for member in (1, 2, 3, 4):
        await school.answer(member, belief, held=member < 4)
    before = await rows(storage)
    assert before["keys"] == 1 and before["people"] >= 4 and not before["counts"]
    school.clock.time = week_begins(week_of(school.clock.time) + 1) + LATE - 1
    await school.seen()
    assert await rows(storage) == before  # what was on its way at midnight still counts
    school.clock.time += 1
    await school.seen()
    assert await rows(storage) == Counter(counts=1)
    (count,) = await storage.weekly.counts(SERVER, 0, ["belief"])
    assert (count.about, count.people, count.asked) == (belief.id, 3, 4)


async def test_weeks_that_were_over_while_the_bot_was_off_are_ended_at_its_start(
    school: School, belief: KnownBelief, make_app: Callable[[], App], storage: Storage
) -> None:
    for member in (1, 2, 3):
        await school.answer(member, belief)
    school.next_week(3)
    closing = asyncio.create_task(make_app().beliefs.keep_closing())
    async with asyncio.timeout(5):
        while (await rows(storage))["keys"]:  # noqa: ASYNC110 - it is another task that ends it
            await asyncio.sleep(0.01)
    closing.cancel()
    assert await rows(storage) == Counter(counts=1)


async def test_each_shard_ends_the_weeks_of_its_own_servers(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    servers = [SERVER, SERVER + 2**22]
    for server in servers:
        for member in (1, 2, 3):
            await school.answer(member, belief, server=server)
    school.next_week()
    shard = next(one for one in (Shard(0, 2), Shard(1, 2)) if one.owns(SERVER))
    assert await WeeklyPeople(storage.access, shard).close(week_of(school.clock.time)) == 1
    left = await storage.access.found(select(WEEKLY_KEYS))
    assert [row["server_id"] for row in left] == servers[1:]


async def test_a_server_whose_week_cannot_be_ended_keeps_no_other_one_open(
    school: School,
    belief: KnownBelief,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for server in (SERVER, OTHER_SERVER):
        await school.answer(1, belief, server=server)
    school.next_week()
    ended = weekly._close

    def faulty(connection: Connection, server: int, week: int) -> None:
        if server == SERVER:
            raise ValueError(server)
        ended(connection, server, week)

    monkeypatch.setattr(weekly, "_close", faulty)
    assert await storage.weekly.close(week_of(school.clock.time)) == 1
    assert [row["server_id"] for row in await storage.access.found(select(WEEKLY_KEYS))] == [SERVER]
    assert str(SERVER) in caplog.text
    monkeypatch.undo()
    assert await storage.weekly.close(week_of(school.clock.time)) == 1
    assert await rows(storage) == Counter()


async def test_a_fault_at_the_end_of_a_week_is_not_the_end_of_ending_weeks(
    school: School, belief: KnownBelief, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await school.answer(1, belief)
    school.next_week()
    ended, faults = storage.weekly.close, [ValueError("of ours")]

    async def faulty(before: int, server: int | None = None) -> int:
        if faults:
            raise faults.pop()
        return await ended(before, server)

    monkeypatch.setattr(storage.weekly, "close", faulty)
    monkeypatch.setattr(school.clock, "sleep", lambda _: asyncio.sleep(0.01))
    closing = asyncio.create_task(school.app.beliefs.keep_closing())
    async with asyncio.timeout(5):
        while (await rows(storage))["keys"] and not closing.done():  # noqa: ASYNC110 - it is another task that ends it
            await asyncio.sleep(0.01)
    closing.cancel()
    assert await rows(storage) == Counter()


async def test_a_member_is_forgotten_without_a_statement_for_each_server(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for member in (1, 2):
        for server in (SERVER, OTHER_SERVER):
            await school.answer(member, belief, server=server)
    week = week_of(school.clock.time)
    keys = [{"server_id": at, "week": week, "secret": f"{at:064x}"} for at in range(1, 1200)]
    await storage.access.commit(lambda connection: add_missing(connection, WEEKLY_KEYS, keys))
    kept, written = await rows(storage), list[str]()

    def noted(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if not connection.get_execution_options().get("reads"):
            written.append(statement)

    for engine in storage.access.engines:
        event.listen(engine, "before_cursor_execute", noted)
    await school.app.beliefs.forget(1)
    assert len([statement for statement in written if "weekly" in statement]) == 1
    assert await storage.weekly.standing(1) == ()
    assert {one.server_id for one in await storage.weekly.standing(2)} == {SERVER, OTHER_SERVER}
    assert (await rows(storage))["people"] == kept["people"] // 2


async def test_a_week_that_was_ended_is_not_counted_again(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for member in range(1, 8):
        await school.answer(member, belief)
    now = school.clock.time
    school.next_week()
    await school.seen()
    school.clock.time = now  # the machine's clock was set back
    for member in (1, 2, 3):
        await school.answer(member, belief)
    school.next_week()
    await school.seen()
    assert [one.people for one in await storage.weekly.counts(SERVER, 0, ["belief"])] == [7]


async def test_nobody_can_be_followed_from_week_to_week_or_server_to_server(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for server in (SERVER, OTHER_SERVER):
        await school.answer(ANA, belief, server=server)
    school.next_week()
    await school.answer(ANA, belief)
    found = await storage.access.found(select(WEEKLY_PEOPLE))
    of_week = {(row["server_id"], row["week"], row["person"]) for row in found}
    assert len(of_week) == len({person for *_, person in of_week}) == 3
    keys = await storage.access.found(select(WEEKLY_KEYS))
    assert len({key["secret"] for key in keys}) == 3
    assert {hashed(key["secret"], ANA) for key in keys} == {person for *_, person in of_week}
    assert all(re.fullmatch(r"[0-9a-f]{64}", key["secret"]) for key in keys)


async def test_nothing_of_one_server_is_shown_in_another_or_counted_from_direct_messages(
    school: School, belief: KnownBelief, storage: Storage
) -> None:
    for member in (1, 2, 3):
        await school.answer(member, belief, server=None)
        school.app.beliefs.practised(Asker("x", member, 7, (5,)), feedback(school.posing(belief), Answer((0,))))
    await school.app.beliefs.written()
    assert await rows(storage) == Counter()
    for member in (1, 2, 3):
        await school.answer(member, belief)
    school.next_week()
    assert not (await school.seen(OTHER_SERVER)).found
    assert (await school.seen()).found


async def test_what_members_believe_of_a_server_s_own_topic_is_shown_and_named_in_that_server_alone(
    school: School, storage: Storage
) -> None:
    await own_topics.put(storage, SERVER, own_topics.PROBING)
    await own_topics.put(storage, OTHER_SERVER, own_topics.another("astrolabes", "Astrolabes", "astrolabe"))
    app = school.app
    learnt = await app.topics.learnt(SERVER)
    assert [*learnt.beliefs][: len([*app.taught.latest.beliefs])] == [*app.taught.latest.beliefs]
    (believed,) = (one for one in learnt.beliefs if one.belief.says == "A tombstone is a key.")
    with app.taught.steady(learnt):
        for member in (ANA, BEN, 3):
            await school.answer(member, believed)
            app.beliefs.asked_in_vain(
                school.asker(member), "linear probing and birds", Decline((Match("momentum", 0.1),))
            )
        exported = await app.beliefs.export(school.asker(ANA))
        assert any(one.get("says") == "A tombstone is a key." for one in exported)
    direct = await app.beliefs.export(school.asker(ANA, None))
    assert "tombstone" not in repr(direct) and "linear" not in repr(direct)
    assert {"more_in_their_servers": 4} in direct  # three that it could have shown, and the term
    school.next_week()
    for server in (None, OTHER_SERVER, SERVER):
        with app.taught.steady(await app.topics.learnt(server)):
            seen, gaps = (
                await school.seen(server or SERVER),
                await app.beliefs.gaps(school.asker(server=server or SERVER)),
            )
            here = server == SERVER
            assert [one.known for one in seen.found] == ([believed] if here else [])
            assert [("linear probing", 3) in week.terms for week in gaps.weeks] == {None: [False], SERVER: [True]}.get(
                server, []
            )


async def test_what_was_deleted_at_the_end_of_a_week_is_nowhere_in_the_file(
    belief: KnownBelief, school: School, storage: Storage, clock: Hours
) -> None:
    if storage.opened is None:
        pytest.skip("its file is the server's")
    for member in range(1, 60):
        await school.answer(member, belief)
    (key,) = await storage.access.found(select(WEEKLY_KEYS))
    traces = [key["secret"], *(hashed(key["secret"], member) for member in range(1, 60))]
    school.next_week()
    await school.seen()
    file = Path(storage.engine.url.database or "")
    async with storage.engine.connect() as connection:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    held = await asyncio.to_thread(file.read_bytes)
    assert [trace for trace in traces if trace.encode() in held] == []


async def test_what_a_round_is_asking_about_is_kept_back(school: School, belief: KnownBelief, boards: Boards) -> None:
    for member in (1, 2, 3):
        await school.answer(member, belief)
    school.next_week()
    rounds = school.app.rounds
    await rounds.open(boards)
    group = Group(rounds, school.clock)
    (topic,) = belief.topics
    group.id = (await rounds.start(Start(SERVER, 5, ANA, Wanted(1, [topic]), 20.0, 10.0))).setup.id
    await group.asked()
    seen = await school.seen()
    assert (seen.found, seen.kept_back) == ((), 1)
    await rounds.close()


async def test_a_round_counts_who_answered_in_the_commit_of_its_points(group: Group, storage: Storage) -> None:
    await group.start()
    await group.asked()
    for member in (ANA, BEN, 3):
        await group.press(member, right=False)
    await group.press(4)
    assert await rows(storage) == Counter()
    await group.over()
    found = await storage.access.found(select(WEEKLY_PEOPLE).where(WEEKLY_PEOPLE.c.kind == "belief"))
    shown_by = Counter(row["shown"] for row in found)
    assert shown_by[True] == 3 and len({row["person"] for row in found}) == 4
    (option,) = {row["about"] for row in found if row["shown"]}
    group.clock.time += WEEK
    await storage.weekly.close(week_of(group.clock.time))
    (count,) = await storage.weekly.counts(1, 0, ["belief"])
    assert (count.about, count.people, count.asked) == (option, 3, 4)


@pytest.mark.parametrize("later", [10.0, LATE + 10])
async def test_a_round_counts_in_the_week_in_which_it_closed_also_when_a_dispute_is_decided_in_the_next(
    group: Group, storage: Storage, later: float
) -> None:
    end = week_begins(week_of(group.clock.time) + 1)
    group.clock.time = end - 40
    await group.start()
    await group.asked()
    await group.press(ANA, right=False)
    await group.over()
    closes = group.round.turns[-1].closes
    assert closes and closes < end < group.clock.time
    before = await storage.access.found(select(WEEKLY_PEOPLE))
    assert {row["week"] for row in before} == {week_of(end) - 1}
    await group.rounds.happened(group.id, Flagged(0, group.click(BEN)))
    group.clock.time = end + later
    await storage.weekly.close(week_of(group.clock.time - LATE))
    await group.rounds.happened(group.id, FlagJudged(0, group.click(JUDGE, moderator=True), accepted=False))
    after = await storage.access.found(select(WEEKLY_PEOPLE))
    assert after == (before if later < LATE else [])  # that week has been counted


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_is_disputed_counts_once_it_is_decided(
    group: Group, storage: Storage, accepted: bool
) -> None:
    wanted = Wanted(1, among=["dropout/scaled-activation"])
    group.id = (await group.rounds.start(Start(1, 5, ANA, wanted, 20.0, 10.0))).setup.id
    await group.asked()
    question = group.round.turns[-1].question
    assert isinstance(question, DrawnCalculation)
    opened = group.clock.now()
    await group.rounds.happened(group.id, Submitted(0, group.click(ANA), opened, str(question.slips[0][0])))
    await group.closed()
    await group.rounds.happened(group.id, Appealed(0, group.click(ANA)))
    await group.until(lambda: group.hosted.over)

    async def of_them() -> list[bool]:
        found = await storage.access.found(select(WEEKLY_PEOPLE).order_by(WEEKLY_PEOPLE.c.shown))
        return [row["shown"] for row in found]

    assert await of_them() == []
    await group.rounds.happened(group.id, AppealJudged(0, ANA, group.click(JUDGE, moderator=True), accepted))
    assert await of_them() == ([False, False] if accepted else [False, True])


async def test_what_all_tables_hold_of_a_member_after_they_delete_it_is_nothing(
    school: School, belief: KnownBelief, storage: Storage, boards: Boards
) -> None:
    rounds = school.app.rounds
    await rounds.open(boards)
    group = Group(rounds, school.clock)
    await group.start(server=SERVER)
    await group.asked()
    for member in (ANA, BEN):
        await group.press(member, right=False)
    await group.over()
    for server in (SERVER, OTHER_SERVER):
        await school.answer(ANA, belief, server=server)
        await school.answer(BEN, belief, server=server)
    school.app.beliefs.asked_in_vain(school.asker(ANA), "a warmup for momentum", Decline((Match("momentum", 0.1),)))
    exported = (await school.app.scores.export(school.asker(ANA, None))).json.decode()
    assert belief.id in exported and "asked_in_vain" in exported
    keys = await storage.access.found(select(WEEKLY_KEYS))
    traces = [str(ANA), *(hashed(key["secret"], ANA) for key in keys)]
    assert await held(storage, traces)
    await group.until(lambda: group.hosted.over)
    await school.app.scores.forget(ANA)
    assert await held(storage, traces) == []
    assert await held(storage, [str(BEN), *(hashed(key["secret"], BEN) for key in keys)])
    await rounds.close()


async def held(storage: Storage, traces: Iterable[str]) -> list[str]:
    """The tables in which one of these stands, in whatever column."""
    found = {table.name: repr(await storage.access.found(select(table))) for table in METADATA.sorted_tables}
    return [name for name, text in found.items() if any(trace in text for trace in traces)]


async def test_what_is_asked_in_vain_is_counted_by_topic_and_term_and_never_by_the_text(
    school: School, storage: Storage
) -> None:
    text, beliefs = "does warmup of xylophones help momentum and the learning rate", school.app.beliefs
    for member in (1, 2, 3):
        beliefs.asked_in_vain(school.asker(member), text, Decline((Match("momentum", 0.1),)))
        beliefs.asked_in_vain(school.asker(member), "xylophones?", Decline())
        beliefs.asked_in_vain(school.asker(member), "hi momentum", Decline((), intent=Intent.GREETING))
    for member in (1, 2):
        beliefs.asked_in_vain(school.asker(member), "is dropout slow on xylophones", Decline((Match("dropout", 0.1),)))
    await beliefs.written()
    assert await held(storage, ["xylophone", "warmup"]) == []
    assert (await beliefs.gaps(school.asker())).weeks == ()
    school.next_week()
    (week,) = (await beliefs.gaps(school.asker())).weeks
    assert (week.people, week.topics) == (3, (("momentum", 3),))
    assert week.terms == (("momentum", 3),)  # "learning rate" is no term of ours, and nobody's words are shown


@pytest.mark.parametrize(
    ("people", "told"), [(3, 3), (10, 10), (11, 10), (12, 10), (13, 15), (17, 15), (18, 20), (23, 25), (100, 100)]
)
def test_more_than_ten_people_are_told_in_fives(people: int, told: int) -> None:
    assert rounded(people) == told


@pytest.mark.parametrize(
    ("people", "asked", "told"),
    [
        (3, 3, (3, 0, None)),
        (3, 5, (3, 0, None)),  # it would tell of two
        (3, 6, (3, 6, Share.HALF)),
        (4, 40, (4, 40, Share.FEW)),
        (23, 33, (25, 35, Share.TWO_THIRDS)),
        (40, 43, (40, 45, Share.NEARLY_ALL)),
    ],
)
def test_those_who_could_have_shown_it_are_told_by_the_same_rules(
    people: int, asked: int, told: tuple[int, int, Share | None]
) -> None:
    found = shown(WeeklyCount(1, "belief", "x", people, asked))
    assert (found.people, found.asked, found.share) == told
