"""While the worker is busy, hangs, dies or fills its memory, everyone else is answered and the next run works."""

import asyncio
from collections.abc import Iterator

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.service.experiment_queue import MOST_WAITING_EACH, Runner
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import Limits, Worker
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_app.laboratory.test_simulating import QUICK, again, pictures
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

WELL = {"experiment": "logistic-hidden"}


class Held:
    """A real worker whose runs begin when they are let."""

    at_once = 1

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.let = asyncio.Semaphore(0)
        self.began = 0

    async def run(self, request: Request) -> Result:
        self.began += 1
        await self.let.acquire()
        return await self.worker.run(request)

    def close(self) -> None:
        return


@pytest.fixture
def worker(kept: Worker, loopback: LoopbackDiscord) -> Runner:
    loopback.patience = 20
    return Held(kept)


async def thinking(loopback: LoopbackDiscord, person: Person, channel: Channel, count: int = 1) -> list[Shown]:
    def found() -> list[Shown] | None:
        shown = [one for one in person.sees(channel) if one.thinking]
        return shown if len(shown) >= count else None

    return await loopback.until(found, "a deferral")


@pytest.mark.usefixtures("bot")
class TestTheQueue:
    @pytest.mark.slow
    async def test_ask_is_answered_at_once_while_a_run_is_under_way(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, worker: Held
    ) -> None:
        running = asyncio.create_task(ana.uses("/simulate", **QUICK, in_=channel))
        await thinking(loopback, ana, channel)
        assert TITLE in (await ben.uses("/ask", question=ASK, in_=channel, within=2)).text
        assert await ben.types("/simulate", experiment="", within=2)
        assert not running.done()
        worker.let.release()
        assert pictures(await running)

    @pytest.mark.slow
    async def test_who_has_to_wait_is_told_the_place_in_that_very_message(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, worker: Held
    ) -> None:
        first = asyncio.create_task(ana.uses("/simulate", **QUICK, in_=channel))
        await thinking(loopback, ana, channel)
        told = await ben.uses("/simulate", **WELL, in_=channel)
        assert told.text == words.laboratory.your_place(2)
        replied = await ana.says(channel, f"{loopback.mention} simulate logistic-hidden seed=1")
        assert replied.text == words.laboratory.your_place(3)
        assert "3rd" in replied.text
        for _ in range(3):
            worker.let.release()
        await first
        await loopback.until(lambda: (pictures(told) and pictures(replied)) or None, "both results")
        assert again(replied) == "/simulate experiment:logistic-hidden seed:1"
        assert len([one for one in ana.sees(channel) if one.author.bot]) == 3

    async def test_a_press_that_has_to_wait_is_told_beside_the_result_that_stands(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, worker: Held
    ) -> None:
        worker.let.release()
        shown = await ana.uses("/simulate", **QUICK, in_=channel)
        first = asyncio.create_task(ben.uses("/simulate", **WELL, in_=channel))
        await thinking(loopback, ben, channel)
        told = await ana.presses(shown.button(words.laboratory.ANOTHER_SEED))
        assert (told.ephemeral, told.text) == (True, words.laboratory.your_place(2))
        worker.let.release()
        worker.let.release()
        await first
        await loopback.until(lambda: shown.edits or None, "the result")
        assert again(shown).endswith("seed:1")

    async def test_a_full_queue_is_one_line(
        self, loopback: LoopbackDiscord, guild: Guild, ana: Person, channel: Channel, worker: Held
    ) -> None:
        mine = [
            asyncio.create_task(ana.uses("/simulate", **QUICK, seed=seed, in_=channel))
            for seed in range(1 + MOST_WAITING_EACH)
        ]
        await loopback.until(lambda: len([m for m in ana.sees(channel) if m.author.bot]) >= 3 or None, "three answers")
        refused = await ana.uses("/simulate", **QUICK, seed=9, in_=channel)
        assert (refused.ephemeral, refused.text.count("\n")) == (True, 0)
        assert "You have 2" in refused.text
        refused = await ana.says(channel, f"{loopback.mention} simulate momentum")
        assert "You have 2" in refused.text
        for _ in mine:
            worker.let.release()
        await asyncio.gather(*mine)
        await loopback.until(lambda: len([m for m in ana.sees(channel) if pictures(m)]) == 3 or None, "three results")

    async def test_a_slow_connection_to_one_member_holds_up_nobody(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, worker: Held
    ) -> None:
        held = loopback.hold_next("PATCH", "/webhooks/*/messages/@original")
        worker.let.release()
        worker.let.release()
        slow = asyncio.create_task(ana.uses("/simulate", **QUICK, in_=channel))
        await held.arrived.wait()
        assert pictures(await ben.uses("/simulate", **WELL, in_=channel))
        held.release()
        assert pictures(await slow)

    @pytest.mark.slow
    async def test_a_lost_interaction_does_not_keep_its_place(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, worker: Held
    ) -> None:
        gone = {"message": "Unknown interaction", "code": 10062}
        loopback.fail_next("POST", "/interactions/*/callback", status=404, body=gone)
        with pytest.raises(AssertionError):
            await ana.uses("/simulate", **QUICK, in_=channel, within=0.5)
        worker.let.release()
        worker.let.release()
        shown = await ben.uses("/simulate", **WELL, in_=channel)
        await loopback.until(lambda: pictures(shown) or None, "the result")


@pytest.mark.slow
class TestRogues:
    @pytest.fixture
    def worker(self, loopback: LoopbackDiscord) -> Iterator[Runner]:
        loopback.patience = 20
        rogue = Worker(Limits(run=4.0, memory=1 << 30), "tests.discord_app.laboratory.rogue_worker")
        yield rogue
        rogue.close()

    @pytest.mark.usefixtures("bot")
    @pytest.mark.parametrize(
        "case",
        [
            ("momentum", "took longer than 4 s"),
            ("momentum-noise", "ended in mid-run (SIGKILL)"),
            ("momentum-valley", "more memory"),
        ],
    )
    async def test_the_member_is_told_in_one_line_and_the_next_run_works(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, case: tuple[str, str]
    ) -> None:
        name, told = case
        failing = asyncio.create_task(ana.uses("/simulate", experiment=name, in_=channel))
        await thinking(loopback, ana, channel)
        assert TITLE in (await ben.uses("/ask", question=ASK, in_=channel, within=2)).text
        shown = await failing
        assert told in shown.text
        assert "\n" not in shown.text
        assert pictures(await ana.uses("/simulate", **WELL, in_=channel))
        by_mention = await ana.says(channel, f"{loopback.mention} simulate {name}")
        assert told in by_mention.text

    async def test_who_waits_when_the_bot_stops_is_told(
        self, loopback: LoopbackDiscord, bot: TutorClient, ana: Person, channel: Channel
    ) -> None:
        running = asyncio.create_task(ana.uses("/simulate", experiment="momentum", in_=channel))
        await thinking(loopback, ana, channel)
        waiting = await ana.uses("/simulate", **WELL, in_=channel)
        assert waiting.text == words.laboratory.your_place(2)
        await bot.app.laboratory.experiments.close()
        assert waiting.text == (await running).text == words.laboratory.STOPPING
        refused = await ana.uses("/simulate", **WELL, in_=channel)
        assert (refused.ephemeral, refused.text) == (True, words.laboratory.STOPPING)
