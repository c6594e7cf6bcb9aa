"""The real process is killed at steps of a round, and started again on the same database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.words import english as words
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.slow
WINDOW = 60
Process = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def process(loopback: LoopbackDiscord, tmp_path: Path) -> Process:
    """The bot; killed when the block is left."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        async with launched(loopback, "bot", "run", environment={"DATA_DIR": str(tmp_path)}) as started:
            yield
            started.kill()
            await started.wait()
        await loopback.offline(10)

    return run


async def latest(reader: Person, channel: Channel, text: str, within: float) -> Shown:
    """The latest message with this text, once it is there."""

    def found() -> Shown | None:
        return next((one for one in reversed(reader.sees(channel)) if text in one.text), None)

    return await reader.world.until(found, text, within)


async def test_killed_in_the_lead_in_with_answers_locked_with_a_form_open_and_after_the_close(
    loopback: LoopbackDiscord, process: Process, channel: Channel, ana: Person, ben: Person
) -> None:
    loopback.patience = 10
    assert channel.guild
    mo = channel.guild.add_member("Mo", permissions=["manage_messages"])
    async with process():
        started = {"questions": 1, "seconds": WINDOW, "kinds": "open", "topics": "weight-initialization"}
        await mo.uses("/quiz start", in_=channel, **started)
        await latest(mo, channel, "### Quiz", 5)
    async with process():  # killed in the lead-in
        question = await latest(mo, channel, "Question 1 of", 40)
        locked = await ana.submits(
            await ana.opens(question.button(words.ANSWER)), text="no: by symmetry all neurons learn the same"
        )
        assert locked.text.startswith("Locked")
        form = await ben.opens(question.button(words.ANSWER))
    async with process():  # killed with an answer locked and a form open
        assert (await ben.submits(form, text="they all get the same gradient, so they stay equal")).text.startswith(
            "Locked"
        )
        await loopback.until(lambda: "2 answered" in question.text or None, "the reveal", WINDOW + 30)
    async with process():  # killed after the reveal
        table = await latest(mo, channel, "### Quiz: ", 30)
        assert "`Ana`" in table.text
        assert "`Ben`" in table.text
        assert "Your answers" in (await ana.presses(table.button(words.MY_RECEIPT))).text
    texts = [one.text for one in mo.sees(channel)]
    assert sum("started by" in text for text in texts) == 1
    assert sum("Question 1 of" in text for text in texts) == 1
    assert sum("### Quiz: " in text for text in texts) == 1
