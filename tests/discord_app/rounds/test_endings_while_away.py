"""A round loses its place while the bot is not there: it ends when the bot is back, once, and stays ended."""

from collections.abc import Callable
from typing import Any

import pytest

from bot import words
from bot.quiz.round.state import Ended
from tests.discord_app.playing import Play
from tests.discord_app.rounds.test_endings import LOSSES
from tests.discord_app.rounds.test_restarting import running
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql

__all__ = ["running"]


FIRST = {"channel deleted", "locked and archived", "bot removed"}
ALIKE = {"its channel deleted", "not to see", "a role"}  # to others, where the bot is away


def to_the_place(play: Play) -> int:
    """How many requests there were about the place of the round."""
    return sum(f"/channels/{play.channel.id}" in call.path for call in play.loopback.requests)


def ended(play: Play) -> bool:
    """Whether the bot is back, has seen it, and has told whom it concerns."""
    assert play.rounds
    return play.rounds.in_memory(play.id) is not None and isinstance(play.round.phase, Ended) and not play.round.news


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in FIRST else pytest.mark.slow) for name in LOSSES if name not in ALIKE],
)
async def test_it_ends_when_the_bot_is_back(running: Callable[[], Any], play: Play, ana: Person, name: str) -> None:
    loss = LOSSES[name]
    async with running() as bot:
        await play.start(bot, questions=2, kinds="choice", where=loss.where, untimed=True)
        shown = await play.asked()
        await ana.presses(shown.button("A"))
    loss.happens(play)
    async with running():
        if loss.told:
            assert words.rounds.LOST[loss.why] in await play.told()
        await play.loopback.until(lambda: ended(play) or None, "the end")
        assert play.round.phase == Ended("lost", loss.why, loss.permission)
    before = to_the_place(play)
    play.loopback.said.clear()
    async with running() as bot:
        await bot.wait_until_ready()
        play.rounds = bot.app.rounds
        play.loopback.advance(60)
        await play.looks()
        await play.loopback.quiet()
        assert not play.rounds.going_on()  # type: ignore[union-attr]
    assert to_the_place(play) == before


async def test_a_thread_that_was_archived_meanwhile_is_no_loss(
    running: Callable[[], Any], play: Play, ana: Person
) -> None:
    async with running() as bot:
        await play.start(bot, questions=1, kinds="choice", where="thread", seconds=60)
        shown = await play.asked()
        letter = play.letter()
    play.channel.close(archived=True)
    async with running():
        await play.goes_on()
        await ana.presses(shown.button(letter))
        await play.closed(shown, 70)
        assert "`Ana`: **1** of 1" in (await play.result()).text


async def test_a_refused_reveal_is_not_tried_again_after_a_restart(
    running: Callable[[], Any], play: Play, ana: Person
) -> None:
    path = f"/channels/{play.channel.id}/messages/*"
    body = {"message": "Invalid Form Body", "code": 50035}
    async with running() as bot:
        await play.start(bot, questions=1, kinds="choice")
        shown = await play.asked()
        await ana.presses(shown.button(play.letter()))
        refused = play.loopback.fail_next("PATCH", path, status=400, body=body)
        play.loopback.advance(25)
        await play.shown("### Quiz: the result")
        await play.loopback.until(lambda: not play.round.outbox or None, "all is posted")
        assert refused.times == 0
    before = to_the_place(play)
    async with running() as bot:
        await bot.wait_until_ready()
        await play.loopback.quiet()
    assert to_the_place(play) == before
