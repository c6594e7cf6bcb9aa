"""The connection to Discord breaks in the middle of a round, and comes back; the process lives."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.quiz.round.state import Asking
from tests.discord_app.playing import Play
from tests.discord_app.rounds.test_restarting import running
from tests.discord_server import NoAnswer, using
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.on_postgresql

__all__ = ["running"]


async def cut(bot: TutorClient, play: Play, **how: bool) -> None:
    """The connection breaks, and the bot has noticed."""
    await play.loopback.gateway.cut(**how)
    await play.loopback.until(lambda: not bot.alive() or None, "the break")


async def fails(person: Person, shown: Shown, letter: str, play: Play, waited: float = 3.1) -> None:
    """A press that nobody answers: Discord says so after three seconds."""
    press = asyncio.create_task(person.presses(shown.button(letter)))
    await asyncio.sleep(0)
    play.loopback.advance(waited)
    with pytest.raises(NoAnswer):
        await press


@pytest.mark.slow
async def test_a_break_of_more_than_a_quarter_voids_the_question_and_another_is_asked(
    bot: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=20)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    await cut(bot, play)
    play.loopback.advance(7.5)
    play.loopback.gateway.mend()
    await play.loopback.until(lambda: words.rounds.VOIDED["cut"] in shown.text or None, "the void")
    play.loopback.advance(16)
    await play.loopback.until(
        lambda: len([one for one in ana.sees(play.channel) if "Question " in one.text]) == 2 or None, "another"
    )


@pytest.mark.slow
async def test_what_was_pressed_in_a_short_break_is_scored_once_it_comes(
    bot: TutorClient, play: Play, ana: Person, ben: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    right = play.letter()
    await ana.presses(shown.button(right))
    await cut(bot, play)
    await fails(ben, shown, right, play)
    assert [*play.turn.answers] == [ana.id]
    play.loopback.gateway.mend()
    await play.loopback.until(lambda: ben.id in play.turn.answers or None, "the press that came late")
    await play.loopback.until(lambda: play.turn.downs or None, "the gap")
    answer = play.turn.answers[ben.id]
    again = play.loopback.interactions[answer.id]
    play.loopback.gateway.dispatch("INTERACTION_CREATE", using.as_json(again))
    await play.closed(shown, 65)
    assert "2 answered" in shown.text
    assert play.turn.answers[ben.id] == answer
    assert play.turn.void is None
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.slow
async def test_nothing_closes_while_discord_is_not_heard(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=20)
    shown = await play.asked()
    right = play.letter()
    await ana.presses(shown.button(right))
    play.loopback.advance(17.5)
    await cut(bot, play)
    await fails(ben, shown, right, play, waited=3.1)  # less than a quarter of the window is left
    play.loopback.advance(300)
    await play.looks()
    assert isinstance(play.round.phase, Asking)
    play.loopback.gateway.mend()
    await play.loopback.until(lambda: "2 answered" in shown.text or None, "the reveal")
    assert "`Ben` 1" in shown.text


@pytest.mark.slow  # the client waits five seconds before it identifies anew
async def test_a_session_that_cannot_be_resumed_loses_only_what_was_pressed_meanwhile(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    right = play.letter()
    await ana.presses(shown.button(right))
    await cut(bot, play, forget=True)
    await fails(ben, shown, right, play)
    play.loopback.gateway.mend()
    await play.loopback.until(lambda: bot.alive() or None, "the connection", 10)
    assert (await ben.presses(shown.button(right))).text.startswith("Locked")
    await play.loopback.until(lambda: play.turn.downs or None, "the gap")
    await play.closed(shown, 65)
    assert "2 answered" in shown.text


async def test_killed_in_a_break_the_window_was_cut_since_the_break(
    running: Callable[[], Any], play: Play, ana: Person
) -> None:
    async with running() as bot:
        await play.start(bot, questions=1, kinds="choice", seconds=20)
        shown = await play.asked()
        await ana.presses(shown.button(play.letter()))
        await cut(bot, play)
        play.loopback.advance(7.5)
        await play.looks()  # it lives, and writes what it can hear
        bot._liveness.regained = lambda: None  # type: ignore[method-assign]
        play.loopback.gateway.mend()
    async with running():
        await play.loopback.until(lambda: words.rounds.VOIDED["cut"] in shown.text or None, "the void")
