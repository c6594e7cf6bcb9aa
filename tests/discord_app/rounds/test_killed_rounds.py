"""One round through four processes, each of them killed: in the lead-in, with a form open, and after the reveal."""

from pathlib import Path

import pytest

from bot import words
from tests.discord_app.rounds.killing import Place, nothing_is_lost_or_twice, processes
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql]


async def test_killed_in_the_lead_in_with_answers_locked_with_a_form_open_and_after_the_close(  # noqa: PLR0917 - who plays
    loopback: LoopbackDiscord, tmp_path: Path, database: str, channel: Channel, ana: Person, ben: Person
) -> None:
    loopback.patience = 10
    assert channel.guild
    process, eve = processes(loopback, tmp_path, database), channel.guild.add_member("Eve")
    place = Place(loopback, channel, channel.guild.add_member("Mo", permissions=["manage_messages"]), eve)
    async with process():
        await place.start(questions=1, kinds="open", topics="weight-initialization")
        await place.shown("### Quiz")
    async with process():  # killed in the lead-in
        await place.nudge(16)
        question = await place.shown("Question 1 of")
        locked = await ana.submits(
            await ana.opens(question.button(words.quiz.ANSWER)), text="no: by symmetry all neurons learn the same"
        )
        assert locked.text.startswith("Locked")
        form = await ben.opens(question.button(words.quiz.ANSWER))
    async with process():  # killed with an answer locked and a form open
        locked = await ben.submits(form, text="they all get the same gradient, so they stay equal")
        assert locked.text.startswith("Locked")
        await place.nudge(140)
        await place.changed(question, "2 answered")
    async with process():  # killed after the reveal
        table = await place.played()
        assert "`Ana`" in table.text
        assert "`Ben`" in table.text
        assert "Your answers" in (await ana.presses(table.button(words.rounds.MY_RECEIPT))).text
        await nothing_is_lost_or_twice(database, place)
