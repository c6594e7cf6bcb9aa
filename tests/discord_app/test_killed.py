"""The bot as a process of its own, killed in the middle: what was taught, opened or shown goes on."""

from pathlib import Path

import pytest

from bot import words
from tests.discord_app.conftest import OFF_TOPIC, TITLE
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("guild")
async def test_what_was_taught_and_an_open_form_outlive_a_kill(
    loopback: LoopbackDiscord, tmp_path: Path, guild: Guild, ana: Person, channel: Channel
) -> None:
    mo = guild.add_member("Mo", permissions=["manage_messages"])
    environment = {"DATA_DIR": str(with_model(tmp_path))}
    async with launched(loopback, "bot", "run", environment=environment) as process:
        answer = await ana.uses("/ask", question="when should i use softmax", in_=channel)
        following = await ana.opens(answer.button(words.answers.FOLLOW_UP))
        declined = await ana.uses("/ask", question=OFF_TOPIC, in_=channel)
        told = await mo.submits(
            await mo.opens(declined.button(words.additions.TEACH_THIS)), topic="bias-initialization"
        )
        process.kill()
        await loopback.offline()
    async with launched(loopback, "bot", "run", environment=environment):
        assert f"### {TITLE}" in (await ana.uses("/ask", question=f"{OFF_TOPIC}?", in_=channel)).text
        assert "tanh" in (await ana.submits(following, text="and tanh?")).text.splitlines()[1]
        await mo.presses(told.button(words.additions.UNDO))
        assert f"### {TITLE}" not in (await ana.uses("/ask", question=OFF_TOPIC, in_=channel)).text
