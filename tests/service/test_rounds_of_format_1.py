"""A database of the version before the first release opens, all is kept, and a round that was on ends at the start."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app
from bot.quiz.round.disputes import AppealJudged
from bot.quiz.round.effects import AskReview, EditLeadIn, EditReveal, PostTable, TellStarter
from bot.quiz.round.state import Click, Ended, Round
from bot.service.application import App
from bot.service.taught import Learnt
from bot.settings import Settings
from bot.storage.database import Storage, open_storage
from tests.discord_app.runners import HereRunner
from tests.service.conftest import Boards, Group, Hours
from tests.service.format_1 import BEGUN, PHASES, Dump, dump

# What each member earned with the question that was asked last; nothing where nobody could know what is right.
EARNED = {
    "lead-in": {},
    "asking": {"ana": 1.0, "ben": 0.0},
    "asking-words": {},
    "untimed": {"ana": 1.0},
    "running": {},
    "grading": {"ana": 0.5},  # Ben's grade had not come
    "pause": {"ana": 1.0},
}


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Dump:
    return dump(request.param)


@pytest.fixture
async def storage(tmp_path: Path, clock: Hours, found: Dump) -> AsyncIterator[Storage]:
    found.restored(tmp_path / "t.sqlite3")
    clock.time = 1_800_000_000.0
    opened = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}", clock)
    yield opened
    await opened.close()


@pytest.fixture
async def built(storage: Storage, clock: Hours, boards: Boards, learnt: Learnt, tmp_path: Path) -> AsyncIterator[App]:
    """The bot of this version, started on that database."""
    settings = Settings(data_dir=tmp_path)
    built = app.build(settings, clock=clock, storage=storage, worker=HereRunner(), learnt=learnt)
    await built.rounds.recall()
    await built.rounds.open(boards)
    yield built
    await built.rounds.close()


async def ended(built: App, found: Dump, clock: Hours) -> Round:
    """The round, once all of its end is posted and told."""
    hosted = await built.rounds.find(found.round)
    group = Group(built.rounds, clock)
    group.id = found.round
    await group.until(lambda: hosted.over)
    return hosted.round


@pytest.mark.parametrize("found", BEGUN, indirect=True)
async def test_a_round_that_was_on_ends_and_what_was_locked_and_keyed_counts(
    built: App, found: Dump, boards: Boards, storage: Storage, clock: Hours
) -> None:
    phase = found.phase
    round_ = await ended(built, found, clock)
    assert round_.phase == Ended("updated")
    assert built.rounds.on(found.channel) is None
    earned = {
        name: row.points
        for name, member in found.members.items()
        for row in await storage.scores.of(member, found.server)
        if row.round_id == found.round
    }
    assert earned == EARNED[phase]
    assert boards.told == [TellStarter("updated")]
    edited = {"lead-in": [EditLeadIn], "pause": []}.get(phase, [EditReveal])
    assert [type(post) for post in boards.posts] == [*edited, PostTable]
    row = await storage.journal.round(found.round)
    assert row
    assert (row.format, row.ended_at is not None) == (2, True)


@pytest.mark.parametrize("found", PHASES, indirect=True)
async def test_points_settings_and_additions_are_kept(built: App, found: Dump, storage: Storage) -> None:
    earlier = [row for row in await storage.scores.of(found.members["ana"]) if row.round_id == "earlier0"]
    assert [(row.turn, row.points, row.topic, row.ranked) for row in earlier] == [
        (0, 1.0, "selu", True),
        (1, 0.5, "selu", True),
    ]
    settings = await built.server_settings.of(found.server)
    assert (settings.private_answers, settings.receipt_days) == (True, 30)
    assert await storage.scores.is_hidden(found.server, 4242)
    (phrasing,) = await storage.additions.of(found.server, "phrasing")
    assert (phrasing.topic, phrasing.by) == ("bias-initialization", "Mo")


@pytest.mark.parametrize("found", ["ended"], indirect=True)
async def test_a_dispute_of_a_round_that_was_over_is_still_decided(
    built: App, found: Dump, boards: Boards, storage: Storage
) -> None:
    before = await built.rounds.find(found.round)
    assert before.round.turns[0].appeals == {found.members["ana"]: "asked"}
    click = Click(2**62, 1_800_000_000.0, found.members["starter"], "Mo", moderator=True)
    await built.rounds.happened(found.round, AppealJudged(0, found.members["ana"], click, accepted=True))
    (row,) = [row for row in await storage.scores.of(found.members["ana"]) if row.round_id == found.round]
    assert row.points == 1.0
    assert AskReview not in [type(one) for one in boards.told]
