"""The real process, whose data is taken away while a round is on."""

import asyncio
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import healthy
from bot.errors import StorageError
from bot.storage.database import revisions
from bot.storage.sqlite_file import found_in
from tests.discord_app.rounds.killing import Place
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.matching.worlds import with_model

pytestmark = pytest.mark.slow


def _folder(data: Path) -> None:
    shutil.rmtree(data)


def _another(data: Path) -> None:
    shutil.copy(data / "tutor.sqlite3", data / "restored")
    (data / "restored").replace(data / "tutor.sqlite3")


@pytest.mark.parametrize("taken", [_folder, _another])
async def test_it_is_noticed_and_told_and_no_press_is_said_to_be_locked(
    loopback: LoopbackDiscord, tmp_path: Path, channel: Channel, ana: Person, taken: Callable[[Path], None]
) -> None:
    assert channel.guild
    loopback.patience = 10
    data, log = tmp_path / "50%20off?", tmp_path / "log"
    data.mkdir()
    mo = channel.guild.add_member("Mo", permissions=["manage_messages"])
    place = Place(loopback, channel, mo, channel.guild.add_member("Eve"))
    async with launched(loopback, "bot", "run", environment={"DATA_DIR": str(with_model(data))}, log=log) as process:
        await loopback.until(lambda: (data / healthy.name_of(0)).exists() or None, "the sign of life", 10)
        await place.start()
        await place.shown("### Quiz")
        await place.nudge(16)
        question = await place.shown("Question 1 of")
        assert (await ana.presses(question.button("A"))).text.startswith("Locked: **A**")
        taken(data)
        refused = (await ana.presses(question.button("B"))).text
        assert not refused.startswith(("Locked", "Changed")), refused
        line = f"The database {data}/tutor.sqlite3 is no longer"
        await loopback.until(lambda: line in log.read_text() or None, "a line in the log", 10)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    wrote = log.read_text()
    assert (wrote.count(line), "Traceback" in wrote) == (1, False), wrote
    if taken is _folder:
        assert not data.exists()
    else:
        with pytest.raises(StorageError, match="beside the log of the one before it"):
            found_in(data / "tutor.sqlite3", revisions())
