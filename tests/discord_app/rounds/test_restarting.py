"""The process ends in the middle of a round, and starts again: nothing locked is lost, nothing is posted twice."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.quiz.round.state import Ended
from bot.storage.database import Storage
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.people import Person

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql]  # all of it takes ten seconds or more


@pytest.fixture
def running(make_client: Callable[[], TutorClient], play: Play) -> object:
    """A process that is killed at the end of the block."""
    return lambda: play.killed_after(make_client())


Running = Callable[[], "object"]


async def test_answers_outlive_the_process(running: Callable, play: Play, ana: Person, ben: Person) -> None:  # type: ignore[type-arg]
    async with running() as bot:
        await play.start(bot, questions=1, kinds="choice", seconds=60)
        shown = await play.asked()
        right = play.letter()
        await ana.presses(shown.button(right))
    async with running():
        await play.goes_on()
        await ben.presses(shown.button(right))
        await play.closed(shown, 70)
        assert "2 answered" in shown.text
        table = await play.result()
        assert "`Ana`: **1**" in table.text
        assert "`Ben`: **1**" in table.text
    async with running():
        receipt = await ana.presses(table.button(words.rounds.MY_RECEIPT))
        assert "Your answers: 1 of 1" in receipt.text
    tables = [one for one in ana.sees(play.channel) if "### Quiz: " in one.text]
    assert len(tables) == 1
    assert len([one for one in ana.sees(play.channel) if "Question 1 of" in one.text]) == 1


async def test_a_form_opened_before_counts_after(running: Callable, play: Play, ana: Person) -> None:  # type: ignore[type-arg]
    async with running() as bot:
        await play.start(bot, questions=1, kinds="open", seconds=60)
        shown = await play.asked()
        form = await ana.opens(shown.button(words.quiz.ANSWER))
    async with running():
        await play.goes_on()
        assert (await ana.submits(form, text="it is complicated")).text.startswith("Locked: ")


async def test_a_window_that_was_cut_is_voided_and_replaced(running: Callable, play: Play, ana: Person) -> None:  # type: ignore[type-arg]
    async with running() as bot:
        await play.start(bot, questions=1, kinds="choice", seconds=20)
        shown = await play.asked()
    play.loopback.advance(10)
    async with running():
        await play.loopback.until(lambda: words.rounds.VOIDED["cut"] in shown.text or None, "the void")
        assert "Question 1 of 1 (does not count)" in shown.text
        assert words.rounds.REPLACED_BY_ANOTHER in shown.text
        play.loopback.advance(16)
        await play.loopback.until(
            lambda: [one for one in ana.sees(play.channel) if "Question 1 of 1 ·" in one.text] or None,
            "the replacement",
        )


@pytest.mark.parametrize("lost", ["lead-in", "question", "table"])
async def test_a_post_that_was_never_confirmed_is_not_made_twice(
    running: Callable,
    play: Play,
    ana: Person,
    loopback: LoopbackDiscord,
    lost: str,  # type: ignore[type-arg]
) -> None:
    """The message is there, but the process died before it heard so; the nonce is no longer good."""
    path = f"/channels/{play.channel.id}/messages"
    async with running() as bot:
        play.rounds = bot.app.rounds
        if lost == "lead-in":
            loopback.lose_next("POST", path, handled=True)
            await play.start(bot, questions=1, kinds="choice", seconds=60)
        else:
            await play.start(bot, questions=1, kinds="choice", seconds=60)
            if lost == "table":
                await play.closed(await play.asked(), 65)
            loopback.lose_next("POST", path, handled=True)
            loopback.advance(16)
            await play.shown("### Quiz: " if lost == "table" else "Question 1 of")
    loopback.advance(200)
    async with running():
        for _ in range(12):
            loopback.advance(10)
            await asyncio.sleep(0.1)
            round_ = (await play.rounds.find(play.id)).round  # type: ignore[union-attr]
            if isinstance(round_.phase, Ended) and not round_.outbox:
                break
        turns = round_.turns
    texts = [one.text for one in ana.sees(play.channel)]
    assert sum("started by" in text for text in texts) == 1
    asked = [one for one in ana.sees(play.channel) if "Question " in one.text]
    assert len(asked) == len(turns)
    if lost == "table":
        assert sum("### Quiz: " in text for text in texts) == 1


async def _disputed(
    process: AbstractAsyncContextManager[TutorClient],
    play: Play,
    ana: Person,
    loopback: LoopbackDiscord,
    *,
    label: str,
    came: bool,
) -> None:
    """A question is disputed, and the process dies as it sends that to whoever started, which `came` or did not."""
    async with process as bot:
        await play.start(bot, questions=1, kinds="open", seconds=60)
        shown = await play.asked()
        await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="it is complicated")
        await play.closed(shown, 80)
        lost = loopback.lose_next("POST", f"/channels/{play.starter.dm.id}/messages", handled=came, times=9)
        noted = await ana.presses(shown.button(label))
        assert noted.text.startswith("Thank you")
        await loopback.until(lambda: lost.times < 9 or None, "the review is sent")
        lost.times = 0
    loopback.advance(400)


@pytest.mark.parametrize("came", [True, False])
async def test_a_dispute_outlives_the_process_and_is_put_once(
    running: Callable,  # type: ignore[type-arg]
    play: Play,
    ana: Person,
    loopback: LoopbackDiscord,
    came: bool,
) -> None:
    """Its message was sent or not when the process died, which then did not know."""
    mo = play.starter
    await _disputed(running(), play, ana, loopback, label=words.rounds.I_WAS_RIGHT, came=came)
    async with running():
        review = await loopback.until(
            lambda: next((one for one in mo.sees(mo.dm) if "I was right" in one.text), None), "the review"
        )
        await mo.presses(review.button(words.rounds.ACCEPT))
        await loopback.until(lambda: not play.round.news or None, "the end of it")
    assert sum("I was right" in one.text for one in mo.sees(mo.dm)) == 1


@pytest.mark.parametrize("flag", [False, True])
async def test_a_dispute_that_is_decided_before_its_message_is_looked_for_is_not_put_again(
    running: Callable,  # type: ignore[type-arg]
    play: Play,
    ana: Person,
    loopback: LoopbackDiscord,
    flag: bool,
) -> None:
    """It came, and the process that sent it did not live to know."""
    mo, label = play.starter, words.rounds.UNCLEAR if flag else words.rounds.I_WAS_RIGHT
    await _disputed(running(), play, ana, loopback, label=label, came=True)
    looked = loopback.hold_next("GET", f"/channels/{mo.dm.id}/messages")
    async with running():
        await looked.arrived.wait()
        (review,) = mo.sees(mo.dm)
        await mo.presses(review.button(words.rounds.REJECT))
        looked.release()
        await loopback.until(lambda: not play.round.news or None, "the end of it")
        await loopback.tasks_ended()
        assert [one.channel for one in play.round.shown_in] == ([] if flag else [mo.dm.id])
    assert len([one for one in mo.sees(mo.dm) if one.id != review.id and "Question 1" in one.text]) == 0


async def test_a_clean_shutdown_says_so_and_the_round_goes_on(
    make_client: Callable[[], TutorClient], loopback: LoopbackDiscord, play: Play, ana: Person
) -> None:
    client = make_client()
    async with loopback.running(client):
        await play.start(client, questions=1, kinds="choice", seconds=60)
        shown = await play.asked()
        right = play.letter()
        await ana.presses(shown.button(right))
    await play.shown(words.rounds.GOING_DOWN)
    await loopback.offline()
    client = make_client()
    async with loopback.running(client):
        play.rounds = client.app.rounds
        await play.shown(words.rounds.BACK)
        await play.closed(shown, 70)
        assert "`Ana` 1" in shown.text


@pytest.mark.parametrize(
    ("options", "open_for", "away", "down", "back"),
    [
        (
            {"seconds": 60},
            5,
            4,
            "away for more than 15 seconds of it, it does not count, and another",
            "counts; it closes",
        ),
        (
            {"seconds": 60},
            5,
            16,
            "it does not count, and another",
            "away for 16 of the 60 seconds of question 1, so it does",
        ),
        ({"seconds": 60}, 46, 16, "Question 1 counts however long that takes.", "Question 1 has closed, and counts."),
        ({"untimed": True}, 5, 600, "Question 1 stays open.", "Question 1 is still open."),
    ],
)
async def test_a_shutdown_and_the_return_say_what_becomes_of_the_open_question(  # noqa: PLR0917
    make_client: Callable[[], TutorClient],
    loopback: LoopbackDiscord,
    play: Play,
    ana: Person,
    options: dict[str, object],
    open_for: float,
    away: float,
    down: str,
    back: str,
) -> None:
    client = make_client()
    async with loopback.running(client):
        await play.start(client, questions=1, kinds="choice", **options)
        shown = await play.asked()
        loopback.advance(play.turn.opens + open_for - loopback.clock.now())
        await ana.presses(shown.button(play.letter()))
    said = await play.shown(words.rounds.GOING_DOWN)
    assert down in said.text
    assert (words.rounds.NOTHING_IS_LOST in said.text) is ("does not count" not in down)
    await loopback.offline()
    loopback.advance(away)
    client = make_client()
    async with loopback.running(client):
        play.rounds = client.app.rounds
        said = await play.shown(words.rounds.BACK)
        assert back in said.text
        void = "does not" in back or "it does" in back
        assert (words.rounds.NOTHING_IS_LOST in said.text) is not void
        assert (words.rounds.REPLACED_BY_ANOTHER in said.text) is void
        if "still open" in back:  # half a minute from now on, whatever ran meanwhile
            loopback.advance(25)
            await play.looks()
            assert (await ana.presses(shown.button(play.letter(right=False)))).text.startswith("Changed to ")


async def test_a_reset_connection_is_tried_again_with_the_same_nonce(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    loopback.lose_next("POST", f"/channels/{play.channel.id}/messages", handled=True)
    loopback.advance(16)
    await play.shown("Question 1 of")
    await loopback.until(lambda: play.turn.message, "the confirmation", 5)
    assert len([one for one in ana.sees(play.channel) if "Question 1 of" in one.text]) == 1


async def test_answers_are_forgotten_after_a_week(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person, storage: Storage
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    await ana.presses((await play.asked()).button("A"))
    await play.starter.uses("/quiz stop", in_=play.channel)
    table = await play.shown("### Quiz: ")
    await loopback.until(lambda: play.round.outbox == () or None, "the confirmation")
    loopback.advance(7 * 86400 + 3600)
    await play.looks()
    assert await storage.journal.round(play.id) is None
    assert "no longer kept" in (await ana.presses(table.button(words.rounds.MY_RECEIPT))).text
