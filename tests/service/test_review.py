"""What is due for whom and where, and what becomes of an answer."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.clock import Clock
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.quiz.recall import MOST_A_DAY
from bot.quiz.reveals import Feedback
from bot.service.application import App
from bot.service.gate import Asker, Gate, Withheld
from bot.service.practice import Practice
from bot.service.review import AnsweredAlready, CardGone, DueCard, ForTheSession, NothingDue, Reviews
from bot.service.taught import Learnt, ServerTopic, Taught
from bot.storage.database import Storage
from bot.storage.rows import PointsOf, PointsRow, ReviewRow
from tests.service.conftest import Hours

ZONE = ZoneInfo("Europe/Berlin")
HERE, THERE, ANA = 10 << 22, 11 << 22, 7
OWN = "probing"  # the id of a topic that servers have of their own


class Points:
    """Points of rounds, as they are kept."""

    def __init__(self) -> None:
        self.rows: list[PointsRow] = []

    def add(self, at: float, question: str, points: float, server: int = HERE, member: int = ANA) -> None:
        topic, turn = question.partition("/")[0], len(self.rows)
        own = topic == OWN
        self.rows.append(PointsRow("r", turn, member, server, "Ana", topic, question, points, True, at, own))

    async def of(self, member_id: int, server_id: int | None = None) -> tuple[PointsRow, ...]:
        return tuple(row for row in self.rows if row.member_id == member_id)


class Scene:
    """Reviews of the shipped topics, of which a server has renamed some to be its own."""

    def __init__(self, learnt: Learnt) -> None:
        self.clock, self.points, self.kept, self.asked = Hours(), Points(), ForTheSession(), list[str]()
        self.clock.time = datetime(2026, 11, 30, 18, tzinfo=ZONE).timestamp()
        self.base = learnt
        self.taught = Taught(learnt)
        gate = Gate(lambda *_: [Withheld("r", 0, topic, frozenset()) for topic in self.asked])
        practice = self.practice = Practice(self.taught, None, None, None, gate, chances=lambda _: 1)  # type: ignore[arg-type]
        clock: Clock = self.clock
        self.reviews = Reviews(
            self.taught,
            practice,
            self.kept,
            gate,
            clock,
            points=self.points,
            zone_of=self.zone,
            learnt_in=self.learnt_in,
        )
        self.own: dict[int, Learnt] = {}

    async def zone(self, _: int, __: int | None) -> ZoneInfo:
        return ZONE

    async def learnt_in(self, server: int | None) -> Learnt:
        return self.own.get(server or 0, self.base)

    def keys(self, topic: str, count: int) -> list[str]:
        """Questions of a topic that are answered by a pick, without a picture."""
        found = self.base.curriculum.topic(topic)
        assert found
        return [f"{topic}/{one.id}" for one in found.questions if one.kind == "choice" and not one.has_picture][:count]

    def days(self, days: float) -> None:
        self.clock.time += days * 86400

    async def next(self, asker: Asker, after: str | None = None) -> DueCard | NothingDue:
        with self.taught.steady(self.own.get(asker.server or 0, self.base)):
            return await self.reviews.next(asker, after)


@pytest.fixture
def scene(learnt: Learnt) -> Scene:
    return Scene(learnt)


ME, MINE = Asker("d/7", ANA), Asker("s/7", ANA, HERE)


def right(question: DrawnQuestion, wanted: bool = True) -> Answer:
    return Answer(picks=(next(i for i, one in enumerate(question.options) if one.right is wanted),))


async def test_what_was_answered_in_rounds_is_due_and_the_most_overdue_comes_first(scene: Scene) -> None:
    first, second = scene.keys("momentum", 2)
    scene.points.add(scene.clock.now(), first, 0.0)
    scene.points.add(scene.clock.now(), second, 1.0, THERE)
    assert await scene.next(ME) == NothingDue(await scene.reviews.standing(ME))
    standing = await scene.reviews.standing(ME)
    assert (standing.left, standing.cards, standing.next_count) == (0, 2, 1)
    assert standing.next_at == datetime(2026, 12, 1, 4, tzinfo=ZONE).timestamp()
    scene.days(4)
    found = await scene.next(ME)
    assert isinstance(found, DueCard)
    assert (found.drawn.question.key, found.standing.left) == (first, 2)
    other = await scene.next(ME, after=first)
    assert isinstance(other, DueCard)
    assert other.drawn.question.key == second
    again = await scene.next(ME, after=second)
    assert isinstance(again, DueCard)
    assert again.drawn.question.key == first


async def test_an_answer_counts_once_and_says_when_it_comes_again(scene: Scene) -> None:
    (key,) = scene.keys("momentum", 1)
    scene.points.add(scene.clock.now(), key, 1.0)
    scene.days(5)
    found = await scene.next(ME)
    assert isinstance(found, DueCard)
    question = found.drawn.question
    told, refused = await asyncio.gather(
        scene.reviews.judge(ME, question, right(question)),
        scene.reviews.judge(ME, question, right(question, False)),
        return_exceptions=True,
    )
    assert not isinstance(told, BaseException)
    assert (told.feedback.points, told.standing.left, told.standing.done) == (1.0, 0, 1)
    assert told.again
    assert told.again > scene.clock.now() + 5 * 86400
    assert isinstance(refused, AnsweredAlready)
    assert refused.again == told.again
    with pytest.raises(AnsweredAlready):
        await scene.reviews.judge(ME, question, right(question))
    assert [row.points for row in await scene.kept.of(ANA)] == [1.0]


async def test_what_a_round_has_asked_since_is_not_due_any_more(scene: Scene) -> None:
    (key,) = scene.keys("momentum", 1)
    scene.points.add(scene.clock.now(), key, 1.0)
    scene.days(5)
    found = await scene.next(ME)
    assert isinstance(found, DueCard)
    scene.points.add(scene.clock.now(), key, 0.0)
    for refused in (scene.reviews.hold_due(ME, key), scene.reviews.judge(ME, found.drawn.question, Answer((0,)))):
        with pytest.raises(AnsweredAlready):
            await refused
    assert await scene.kept.of(ANA) == ()


async def test_who_deletes_all_in_another_process_while_an_answer_is_judged_has_nothing_back(
    make_app: Callable[[], App], storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    (key,) = Scene(app.taught.latest).keys("momentum", 1)
    at = app.rounds.now() - 9 * 86400
    await storage.journal.write(PointsOf("r", (PointsRow("r", 0, ANA, 1, "A", "momentum", key, 0.0, True, at),)))
    asker = Asker("d/7", ANA)
    found = await app.reviews.next(asker)
    assert isinstance(found, DueCard)
    judge = app.practice.judge

    async def judged(*given: Any) -> Feedback:
        await storage.scores.forget(ANA)
        await storage.reviews.forget(ANA)
        return await judge(*given)

    monkeypatch.setattr(app.practice, "judge", judged)
    with pytest.raises(CardGone):
        await app.reviews.judge(asker, found.drawn.question, right(found.drawn.question))
    assert await storage.reviews.of(ANA) == ()


async def test_what_is_learnt_of_a_member_today_makes_nothing_more_due_today(scene: Scene) -> None:
    """Who has forgotten all that was due is to be asked the rest sooner, but from tomorrow on."""
    well, *others = scene.keys("momentum", 8)
    scene.points.add(scene.clock.now(), well, 1.0)
    for key in others:
        scene.points.add(scene.clock.now() - 3 * 86400, key, 1.0)
    scene.days(1)
    before = await scene.reviews.standing(ME)
    assert (before.left, before.more) == (len(others), 0)
    for key in others:
        scene.points.add(scene.clock.now(), key, 0.0)
    after = await scene.reviews.standing(ME)
    assert (after.left, after.done, after.next_at) == (0, len(others), after.tomorrow)


async def test_how_well_a_topic_is_remembered_falls_with_the_days_and_is_never_certain(scene: Scene) -> None:
    for key in (*scene.keys("momentum", 2), *scene.keys("dropout", 1)):
        scene.points.add(scene.clock.now(), key, float(key.startswith("momentum")))
    for days in (0, 10):
        scene.days(days)
        weak, strong = await scene.reviews.strengths(ME)
        assert [(weak.topic, weak.cards), (strong.topic, strong.cards)] == [("dropout", 1), ("momentum", 2)]
        assert 0.5 < weak.known < strong.known < 0.97 - days / 100


async def test_the_first_answer_of_a_day_counts_and_a_day_ends_at_four(scene: Scene) -> None:
    one, other = scene.keys("momentum", 2)
    night = datetime(2026, 12, 1, 3, 59, tzinfo=ZONE).timestamp()
    for key, later in ((one, night), (other, night + 60)):
        scene.points.add(scene.clock.now(), key, 0.0)
        scene.points.add(later, key, 1.0)
    scene.clock.time = datetime(2026, 12, 1, 12, tzinfo=ZONE).timestamp()
    assert await scene.reviews.due(ANA, scene.clock.now()) == (1, 0)  # the success in the same evening tells nothing
    found = await scene.next(ME)
    assert isinstance(found, DueCard)
    assert found.drawn.question.key == one


async def test_of_a_backlog_ten_are_asked_a_day_and_the_rest_is_told(scene: Scene) -> None:
    keys = [*scene.keys("momentum", 8), *scene.keys("dropout", 8)]
    for key in keys:
        scene.points.add(scene.clock.now(), key, 0.0)
    scene.days(4)
    assert await scene.reviews.due(ANA, scene.clock.now()) == (MOST_A_DAY, len(keys) - MOST_A_DAY)
    for left in range(MOST_A_DAY, 0, -1):
        found = await scene.next(ME)
        assert isinstance(found, DueCard)
        assert (found.standing.left, found.standing.more) == (left, len(keys) - MOST_A_DAY)
        await scene.reviews.judge(ME, found.drawn.question, right(found.drawn.question))
    over = await scene.next(ME)
    assert isinstance(over, NothingDue)
    assert (over.standing.left, over.standing.more) == (0, len(keys) - MOST_A_DAY)
    assert await scene.reviews.due(ANA, over.standing.tomorrow) == (len(keys) - MOST_A_DAY, 0)


async def test_what_a_round_asks_is_held_back_and_counted(scene: Scene) -> None:
    one, other = *scene.keys("momentum", 1), *scene.keys("dropout", 1)
    for key in (one, other):
        scene.points.add(scene.clock.now(), key, 0.0)
    scene.days(3)
    scene.asked += ["momentum"]
    found = await scene.next(ME)
    assert isinstance(found, DueCard)
    assert found.drawn.question.key == other
    scene.asked += ["dropout"]
    none = await scene.next(ME)
    assert isinstance(none, NothingDue)
    assert (none.withheld, none.standing.left) == (2, 2)


def _renamed(learnt: Learnt, topic: str, name: str) -> Learnt:
    """What is taught in a server that has that topic of its own, under that id."""
    found = learnt.curriculum.topic(topic)
    assert found
    own = found.model_copy(update={"id": name, "title": f"Own {name}"})
    return learnt.with_topics({name: ServerTopic(own, 1, 1, "Mo", 0.0)})


async def test_a_card_of_a_servers_own_topic_is_there_alone_and_vanishes_with_it(scene: Scene) -> None:
    (key,) = scene.keys("momentum", 1)
    mine = key.replace("momentum", "probing")
    scene.own[HERE] = _renamed(scene.base, "momentum", "probing")
    scene.own[THERE] = _renamed(scene.base, "dropout", "probing")
    scene.points.add(scene.clock.now(), mine, 0.0, HERE)
    scene.days(3)
    assert await scene.reviews.due_in(ANA, HERE, scene.clock.now()) == 1
    assert await scene.reviews.due_in(ANA, THERE, scene.clock.now()) == 0
    assert await scene.reviews.due(ANA, scene.clock.now()) == (0, 0)
    assert await _told_elsewhere(scene, ME)
    assert not await _told_elsewhere(scene, Asker("o/7", ANA, THERE))
    found = await scene.next(MINE)
    assert isinstance(found, DueCard)
    with scene.taught.steady(scene.own[HERE]):
        await scene.reviews.judge(MINE, found.drawn.question, right(found.drawn.question))
    (row,) = await scene.kept.of(ANA)
    assert (row.server_id, row.question) == (HERE, mine)
    del scene.own[HERE]
    scene.days(60)
    assert await scene.reviews.due_in(ANA, HERE, scene.clock.now()) == 0
    assert not await _told_elsewhere(scene, ME), "no such topic, no such card"


async def _told_elsewhere(scene: Scene, asker: Asker) -> bool:
    """Whether who asks there, where nothing is due, is told that there are cards in a server."""
    none = await scene.next(asker)
    assert isinstance(none, NothingDue)
    return words.review.ELSEWHERE in words.review.nothing_due(none)


ROWS = st.lists(
    st.tuples(st.sampled_from(["probing", "momentum", "gone"]), st.sampled_from([HERE, THERE]), st.booleans()),
    max_size=12,
)


def test_nothing_of_one_server_counts_in_another(learnt: Learnt) -> None:
    """Cards of the same id in two servers, and answers in both: each sees its own alone."""
    own = {server: _renamed(learnt, "momentum", OWN) for server in (HERE, THERE)}
    key = Scene(learnt).keys("momentum", 1)[0].partition("/")[2]

    async def known(scene: Scene, server: int | None) -> dict[str, int]:
        with scene.taught.steady(own.get(server or 0, learnt)):
            found = await scene.reviews.strengths(Asker("x", ANA, server))
        return {one.topic: one.cards for one in found}

    async def holds(rows: list[tuple[str, int, bool]]) -> None:
        scene = Scene(learnt)
        for n, (topic, server, in_round) in enumerate(rows):
            at = scene.clock.now() + n * 86400
            if in_round:
                scene.points.add(at, f"{topic}/{key}", 1.0, server)
            else:
                whose = server if topic == OWN else 0
                await scene.kept.add(ReviewRow(ANA, whose, f"{topic}/{key}", 738_000 + n, 1.0, at))
        base = {topic for topic, _, _ in rows if topic == "momentum"}
        for server in (HERE, THERE):
            here = {topic for topic, where, _ in rows if (topic, where) == (OWN, server)}
            assert set(await known(scene, server)) == base | here
        assert set(await known(scene, None)) == base

    @settings(max_examples=40)
    @given(ROWS)
    def tried(rows: list[tuple[str, int, bool]]) -> None:
        asyncio.run(holds(rows))

    tried()


async def test_what_a_server_had_of_its_own_is_none_of_the_hosts_topics_of_that_name(scene: Scene) -> None:
    """The host may add a topic that a server had under the same id."""
    (key,) = scene.keys("momentum", 1)
    row = PointsRow("r", 0, ANA, HERE, "Ana", "momentum", key, 0.0, True, scene.clock.now(), own=True)
    scene.points.rows.append(row)
    await scene.kept.add(ReviewRow(ANA, HERE, key, 738_000, 0.0, scene.clock.now()))
    scene.days(3)
    assert (await scene.reviews.standing(MINE)).cards == 0
    scene.points.rows[0] = replace(row, own=False)
    assert (await scene.reviews.standing(MINE)).cards == 1


async def test_what_is_answered_in_review_is_told_to_what_counts_beliefs_as_practice_is(scene: Scene) -> None:
    heard: list[tuple[Asker, str]] = []
    scene.practice._told = lambda asker, told: heard.append((asker, told.question.key))
    (key,) = scene.keys("momentum", 1)
    scene.points.add(scene.clock.now(), key, 0.0)
    scene.days(4)
    found = await scene.next(MINE)
    assert isinstance(found, DueCard)
    await scene.reviews.judge(MINE, found.drawn.question, right(found.drawn.question, wanted=False))
    assert heard == [(MINE, key)]


async def test_practice_counts_for_whoever_wants_that(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = scene.keys("momentum", 1)
    question = scene.base.pool.redrawn(key, Chance("1"))
    told = await scene.reviews.practised(ME, question, right(question))
    assert told.points == 1
    assert len(await scene.kept.of(ANA)) == 1

    async def unwanted(_: int) -> bool:
        return False

    await scene.reviews.forget(ANA)
    assert await scene.kept.of(ANA) == ()
    monkeypatch.setattr(scene.kept, "remembers", unwanted)
    await scene.reviews.practised(ME, question, right(question))
    assert await scene.kept.of(ANA) == ()


async def test_of_other_servers_topics_the_export_tells_how_many_alone(scene: Scene) -> None:
    row = ReviewRow(ANA, 0, "momentum/a", 738_000, 1.0, 1e9)
    for server in (0, HERE, THERE):
        await scene.kept.add(replace(row, server_id=server))
    direct, here = await scene.reviews.export(ME), await scene.reviews.export(MINE)
    assert [one["server_id"] for one in direct["review_answers"]] == [0]
    assert direct["review_answers_about_topics_of_other_servers"] == 2
    assert [one["server_id"] for one in here["review_answers"]] == [0, HERE]
    assert here["review_answers"][0]["day"] == "2021-07-29"
