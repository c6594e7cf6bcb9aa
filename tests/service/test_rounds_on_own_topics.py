"""Rounds on topics that a server has of its own: what they play, what is kept of it, and where it is told."""

import asyncio
import json
from collections.abc import Callable

import pytest

from bot.matching.decision import TopicAnswer
from bot.quiz.drawing import NothingToDraw, Wanted
from bot.quiz.round.events import OpenedModal, Submitted
from bot.quiz.round.state import Ended
from bot.quiz.scoring import earned
from bot.service.additions import Moderator
from bot.service.application import App
from bot.service.gate import Asker, BeingAsked
from bot.service.rounds.hosted import NoRound, Start
from bot.service.topic_rules import Removal
from bot.storage.database import Storage
from tests.service import own_topics
from tests.service.conftest import ANA, BEN, STARTER, Boards, Group, Hours
from tests.service.own_topics import PROBING, another

HERE, THERE, PLACE = 1, 2, 5
OTHER = another("astrolabes", "Astrolabes", "astrolabe")

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
async def app(make_app: Callable[[], App], storage: Storage, boards: Boards) -> App:
    await own_topics.put(storage, HERE, PROBING, OTHER)
    await own_topics.put(storage, THERE, OTHER.replace("brass", "bronze"))
    made = make_app()
    await made.rounds.open(boards)
    return made


async def started(app: App, clock: Hours, *topics: str, server: int = HERE) -> Group:
    group = Group(app.rounds, clock)
    asked = Start(server, PLACE, STARTER, Wanted(1, topics, ["choice"]), 20.0, 10.0)
    group.id = (await app.rounds.start(asked)).setup.id
    return group


def asker(member: int, server: int | None, channel: int = 99) -> Asker:
    return Asker(f"{server}:{member}", member, server, (channel,))


async def test_a_round_draws_the_topics_of_its_server_and_what_it_brings_counts_there_alone(
    app: App, clock: Hours
) -> None:
    with pytest.raises(NothingToDraw):
        await started(app, clock, "linear-probing", server=THERE)
    group = await started(app, clock, "linear-probing")
    assert group.round.setup.own == ("linear-probing",)
    await group.asked()
    assert group.round.turns[0].question.topic == "linear-probing"
    await group.press(ANA)
    await group.press(BEN, right=False)
    for server, is_kept_back in ((HERE, True), (THERE, False)):
        if is_kept_back:
            with pytest.raises(BeingAsked):
                app.gate.topics(asker(ANA, server), ["linear-probing"])
        else:
            app.gate.topics(asker(ANA, server), ["linear-probing"])
            assert app.gate.hidden_topics(asker(ANA, server)) == ()
    await group.over()
    here, there, everywhere = [await app.scores.mine(ANA, server) for server in (HERE, THERE, None)]
    assert ([one.topic for one in here.topics], here.answers, here.elsewhere) == (["linear-probing"], 1, False)
    assert (there.answers, there.elsewhere) == (0, False)
    assert (everywhere.answers, everywhere.points, everywhere.topics, everywhere.elsewhere) == (0, 0, (), True)
    assert [line.total.points for line in (await app.scores.board(HERE, "all", 0)).lines] == [1, 0]
    told = json.loads((await app.scores.export(asker(ANA, HERE))).json)
    assert [row["topic"] for row in told["points"]] == ["linear-probing"]
    assert told["rounds"][0]["questions"]
    direct = await app.scores.export(asker(ANA, None))
    assert direct.elsewhere
    assert not any(word in direct.json.decode() for word in ("probing", "Every key", "filled slots"))
    await app.rounds.require_here(group.id, HERE)
    for server in (THERE, None):
        with pytest.raises(NoRound):
            await app.rounds.require_here(group.id, server)


async def test_a_round_goes_on_after_a_restart_with_the_topics_of_its_server(
    app: App, make_app: Callable[[], App], clock: Hours, boards: Boards, storage: Storage
) -> None:
    group = Group(app.rounds, clock)
    asked = Start(HERE, PLACE, STARTER, Wanted(1, ["linear-probing"], ["open"]), 20.0, 10.0)
    group.id = (await app.rounds.start(asked)).setup.id
    await group.asked()
    click = group.click(ANA)
    await app.rounds.happened(group.id, OpenedModal(0, click))
    said = "runs of filled slots, and a lookup walks to the end of its run"
    await app.rounds.happened(group.id, Submitted(0, group.click(ANA), click.at, said))
    await group.until(lambda: group.hosted.idle)
    await app.rounds.abandon()
    after = make_app()
    await after.rounds.open(boards)
    group.rounds = after.rounds
    assert "linear-probing" in [topic.id for topic in (await after.rounds.curriculum_of(group.hosted)).topics], (
        "the pages of a round are made by what its server is taught"
    )
    with pytest.raises(BeingAsked):
        after.gate.topics(asker(ANA, HERE, PLACE), ["linear-probing"])
    await group.closed()
    assert (group.round.turns[0].void, earned(group.round.turns[0])) == (None, {ANA: 1}), "graded by its topic"
    await after.rounds.close()


async def test_a_topic_that_a_round_plays_is_removed_when_that_is_over_also_by_the_next_process(
    app: App, make_app: Callable[[], App], clock: Hours, boards: Boards, storage: Storage
) -> None:
    group = await started(app, clock, "linear-probing")
    first, second = await app.topics.listed(HERE)
    probing, other = (first, second) if first.id == "linear-probing" else (second, first)
    assert await app.topics.remove(HERE, other.id, other.version) is Removal.GONE
    assert await app.topics.remove(HERE, probing.id, probing.version) is Removal.WAITS
    with pytest.raises(NothingToDraw):
        await app.rounds.start(Start(HERE, 6, STARTER, Wanted(1, ["linear-probing"]), 20.0, 10.0))
    await group.asked()
    await group.until(lambda: group.hosted.idle)
    await app.rounds.abandon()
    after = make_app()
    await after.rounds.open(boards)
    group.rounds = after.rounds
    assert [*(await after.topics.learnt(HERE)).own] == ["linear-probing"]
    await group.over()
    assert isinstance(group.round.phase, Ended)
    await group.until(lambda: not after.topics.leaving(HERE))
    assert not (await after.topics.learnt(HERE)).own
    assert await storage.topics.of(HERE) == ()
    assert await storage.topics.of(THERE) != ()
    await after.rounds.close()


async def test_a_round_whose_topic_was_removed_while_no_process_ran_lets_it_go(
    app: App, make_app: Callable[[], App], storage: Storage, boards: Boards
) -> None:
    for one in await app.topics.listed(THERE):
        app.topics.played = lambda _: None  # as in a process that is killed before it knows
        assert await app.topics.remove(THERE, one.id, one.version) is Removal.WAITS
    await app.rounds.abandon()
    after = make_app()
    await after.rounds.open(boards)
    async with asyncio.timeout(5):
        while await storage.topics.of(THERE):  # noqa: ASYNC110 - another task removes them
            await asyncio.sleep(0.005)
    await after.rounds.close()


async def test_a_moderator_who_wants_to_be_forgotten_is_named_nowhere_and_their_topics_stay(
    app: App, storage: Storage
) -> None:
    assert (await app.topics.learnt(HERE)).own["linear-probing"].added_by == own_topics.MO_NAME
    mo = asker(own_topics.MO_ID, HERE)
    told = json.loads((await app.scores.export(mo)).json)
    assert [(one["topic"], one["source"] == PROBING) for one in told["topics_as_moderator"]] == [
        ("astrolabes", False),
        ("linear-probing", True),
    ]
    direct = await app.scores.export(asker(own_topics.MO_ID, None))
    assert (json.loads(direct.json)["topics_as_moderator"], direct.elsewhere) == ([], True)
    await app.scores.forget(own_topics.MO_ID)
    learnt = await app.topics.learnt(HERE)
    assert {(one.added_by_id, one.added_by) for one in learnt.own.values()} == {(0, "")}
    assert {one.edited_by for one in await app.topics.listed(HERE)} == {""}
    assert json.loads((await app.scores.export(mo)).json)["topics_as_moderator"] == []


async def test_what_was_added_for_a_topic_of_a_server_is_exported_there_alone(app: App) -> None:
    mo = Moderator(own_topics.MO_ID, "Mo")
    with app.taught.steady(await app.topics.learnt(HERE)):
        await app.additions.phrasings.add(HERE, "linear-probing", "", "why does my map get slow when it fills", mo)
    direct, here = [await app.scores.export(asker(mo.id, server)) for server in (None, HERE)]
    assert (b"my map get slow" in direct.json, b"my map get slow" in here.json) == (False, True)
    assert direct.elsewhere


async def test_what_a_server_adds_to_its_own_topics_counts(app: App) -> None:
    mo = Moderator(own_topics.MO_ID, "Mo")
    here = asker(ANA, HERE)
    with app.taught.steady(await app.topics.learnt(HERE)):
        odd = "why does my map get slow when it fills"
        await app.additions.phrasings.add(HERE, "linear-probing", "", odd, mo)
        book = await app.additions.phrasings.book(HERE)
        decision = app.answering.ask("why does my map get slow when it fills?", here, book)
        assert isinstance(decision, TopicAnswer)
        assert [match.topic for match in decision.topics] == ["linear-probing"]
        asked = app.practice.pose(here, Wanted(1, ["linear-probing"], ["open"])).question
        worded = "the sunday walk of the dormouse"
        answer = asked.read((), worded)
        assert answer
        assert (await app.practice.judge(here, asked, answer)).points == 0
        await app.additions.accepted_wordings.add(HERE, asked, worded, mo)
        assert (await app.practice.judge(here, asked, answer)).points == 1
    with app.taught.steady(await app.topics.learnt(THERE)):
        assert await app.additions.phrasings.book(THERE) is None


async def test_what_a_server_with_a_round_is_taught_is_read_before_anybody_presses(
    app: App, make_app: Callable[[], App], clock: Hours
) -> None:
    group = await started(app, clock, "linear-probing")
    await group.asked()
    await group.until(lambda: group.hosted.idle)
    await app.rounds.abandon()
    after = make_app()
    await after.rounds.recall()
    await group.until(lambda: HERE in after.topics._memory)
    assert THERE not in after.topics._memory
    await after.rounds.abandon()
