"""The leaderboard as it is turned over, and what members are told of their own scores."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.storage.database import Storage
from bot.storage.rows import PointsOf, PointsRow
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

DAY = 86_400.0
pytestmark = [pytest.mark.usefixtures("bot"), pytest.mark.on_postgresql]


@pytest.fixture
def server(channel: Channel) -> int:
    assert channel.guild
    return channel.guild.id


def row(server: int, member: Person | int, points: float, at: float, question: str = "momentum/memory") -> PointsRow:
    number = member if isinstance(member, int) else member.id
    return PointsRow(
        "r", 0, number, server, f"P{number}", question.split("/", maxsplit=1)[0], question, points, True, at
    )


async def keep(storage: Storage, rows: Sequence[PointsRow]) -> None:
    """Keeps them, each of a round of its own."""
    for number, one in enumerate(rows):
        await storage.journal.write(PointsOf(f"r{number}", (replace(one, round_id=f"r{number}"),)))


async def test_ties_across_pages_hidden_members_and_a_page_beyond_the_end(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, channel: Channel, server: int
) -> None:
    now = loopback.clock.now()
    scores = {number: [9.0, 8.0, 8.0, 7.0][number] if number < 4 else 1.0 for number in range(14)}
    await keep(storage, [row(server, number, points, now) for number, points in scores.items()])
    await storage.scores.hide(server, 3, hidden=True)
    board = await ana.uses("/leaderboard", in_=channel)
    first = [line.split("`")[1] for line in board.text.splitlines() if "`" in line]
    assert first == ["P0", "P1", "P2", "P4", "P5", "P6", "P7", "P8", "P9", "P10"]
    assert board.text.count("**2.**") == 2  # 8 points each
    assert board.text.count("**4.**") == 7  # 1 point each; the hidden member leaves no gap
    await ana.presses(board.button(words.additions.NEXT))
    second = [line.split("`")[1] for line in board.text.splitlines() if "`" in line]
    assert second == ["P11", "P12", "P13"]
    assert board.text.count("**4.**") == 3  # the tie goes on over the page
    assert words.additions.NEXT not in [one.label for one in board.buttons]
    beyond = board.button(words.additions.PREVIOUS)
    beyond.component["custom_id"] = beyond.custom_id.replace(":month:0:", ":month:2r:")
    await ana.presses(beyond)
    assert "page 2 of 2" in board.text


async def test_periods_on_the_board_itself(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, channel: Channel, server: int
) -> None:
    now = loopback.clock.now()
    await keep(storage, [row(server, 1, 3, now), row(server, 2, 2, now - 10 * DAY), row(server, 3, 1, now - 90 * DAY)])
    board = await ana.uses("/leaderboard", in_=channel)
    assert "`P1`" in board.text and "`P2`" in board.text and "`P3`" not in board.text
    await ana.presses(board.button("Week"))
    assert "`P1`" in board.text and "`P2`" not in board.text
    await ana.presses(board.button("All time"))
    assert "`P3`" in board.text
    await ana.presses(board.button("Month"))
    assert "`P3`" not in board.text


async def test_what_others_look_at_stays_as_it_is(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, ben: Person, server: int
) -> None:
    await keep(storage, [row(server, 1, 3, loopback.clock.now() - 10 * DAY)])
    board = await ana.uses("/leaderboard")
    theirs = await ben.presses(board.button("Week"))
    assert theirs.ephemeral
    assert words.scores.NO_POINTS in theirs.text
    assert "`P1`" in board.text
    await ben.presses(theirs.button("Month"))
    assert "`P1`" in theirs.text


async def test_my_scores_by_topic_and_what_i_missed(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, channel: Channel, server: int
) -> None:
    now = loopback.clock.now()
    asked = [
        "momentum/memory",
        "momentum/memory",
        "momentum/fastest",
        "selu/gone",
        "momentum/smooth-bowl",
        "selu/whole",
    ]
    points = [0.0, 1.0, 0.0, 0.0, 0.4, 1.0]
    answers = enumerate(zip(asked, points, strict=True))
    await keep(storage, [row(server, ana, got, now + i, question) for i, (question, got) in answers])
    mine = await ana.uses("/me", in_=channel)
    assert "**2.4** points with 6 answers in 6 rounds: 40 %" in mine.text
    assert "Momentum too close to 1: 35 % of 4 answers" in mine.text
    missed = mine.text.split("What you missed lately")[1].split("What you would know today")[0]
    assert "Which β is first" in missed  # fastest
    assert "at a learning rate that is stable" in missed  # smooth-bowl
    assert "does the velocity" not in missed  # right since
    assert missed.count("\n- ") == 2
    assert mine.button("Practise these two")


async def test_what_was_missed_is_practised_one_after_the_other(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, server: int, curriculum: Curriculum
) -> None:
    now = loopback.clock.now()
    keys = ["momentum/memory", "selu/sparse-or-not", "momentum/fastest", "dropout/why-slower"]
    await keep(storage, [row(server, ana, 0.0, now + i, key) for i, key in enumerate(keys)])
    mine = await ana.uses("/me")
    shown = await ana.presses(mine.button("Practise these three"))
    assert shown.ephemeral
    for number, key in enumerate(reversed(keys[1:]), start=1):
        topic, name = key.split("/")
        found = curriculum.topic(topic)
        assert found
        question = next(one for one in found.questions if one.id == name)
        assert f"Question {number} of 3" in shown.text
        assert question.ask in shown.text
        assert shown.text.count("\n- **") == 4
        await ana.presses(shown.button("A"))
        assert question.explain in shown.text
        if number < 3:
            await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    assert " of 3 points\nThat was the last question." in shown.text
    assert len(await storage.scores.of(ana.id)) == len(keys)  # nothing is scored


async def test_who_has_missed_nothing_has_nothing_to_practise(
    storage: Storage, loopback: LoopbackDiscord, ana: Person, channel: Channel, server: int
) -> None:
    now = loopback.clock.now()
    await keep(storage, [row(server, ana, 1.0, now + i, key) for i, key in enumerate(["selu/a", "selu/b"])])
    mine = await ana.uses("/me", in_=channel)
    assert "Streak: your last 2 answers" in mine.text
    assert "missed" not in mine.text
    assert not [one for one in mine.buttons if "Practise" in one.label]
