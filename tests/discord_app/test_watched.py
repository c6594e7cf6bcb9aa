"""What is measured of a session, and that no label of it holds anything that somebody typed or Discord numbered."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.discord_app.client import TutorClient
from tests.discord_app.conftest import ASK, OFF_TOPIC, UNSURE
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.storage.refusing import Refusing

HOSTILE = 'x",name="y"} 1\n# {{drop}} `${IFS}` \\'
NAME = 'Ana"}\\ {quantile="0.5"} <@1>'


@dataclass
class Measured:
    """A client that is watched."""

    client: TutorClient
    registry: CollectorRegistry

    def text(self) -> str:
        """What a scraper gets."""
        self.client.levels()
        return generate_latest(self.registry).decode()

    def samples(self) -> Iterator[tuple[str, dict[str, str], float]]:
        for family in text_string_to_metric_families(self.text()):
            for sample in family.samples:
                yield sample.name, sample.labels, sample.value

    def of(self, name: str, /, **labels: str) -> float:
        """The sum over all series with these labels."""
        return sum(value for found, has, value in self.samples() if found == name and labels.items() <= has.items())


@pytest.fixture
async def measured(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person
) -> AsyncIterator[Measured]:
    client = make_client()
    found = Measured(client, metrics.begin(client.labels()))
    try:
        async with loopback.running(client):
            await client.wait_until_ready()
            yield found
    finally:
        metrics.end()


@pytest.mark.slow
async def test_a_session_is_measured_and_no_label_holds_what_came_from_outside(  # noqa: PLR0917
    measured: Measured, guild: Guild, channel: Channel, play: Play, worker: HereRunner, loopback: LoopbackDiscord
) -> None:
    eve = guild.add_member(NAME, permissions=["manage_messages"])
    await eve.says(channel, f"{loopback.mention} {ASK}")
    await eve.says(channel, f"{loopback.mention} {HOSTILE}")
    await eve.uses("/ask", question=OFF_TOPIC)
    shown = await eve.uses("/ask", question=UNSURE)
    await eve.presses(shown.buttons[0])
    await eve.uses("/simulate", experiment=HOSTILE)
    await eve.types("/ask", question=HOSTILE)
    ran = await eve.uses("/simulate", experiment="momentum", settings="beta=0.5 steps=500")
    worker.broken = True
    await eve.uses("/simulate", experiment="momentum", settings="beta=0.5 steps=501")
    for custom_id in ("12:<@1>:x", f"nt1:{HOSTILE[:40]}", ""):
        ran.buttons[0].component["custom_id"] = custom_id or "::"
        await eve.presses(ran.buttons[0])
    await play.start(measured.client, questions=1, kinds="choice", topics="momentum", seed="b")
    await eve.presses((await play.asked()).button(play.letter()))
    await eve.uses("/quiz stop", in_=channel)
    await play.shown("### Quiz: ")
    await loopback.tasks_ended()

    of = measured.of
    assert of("tutor_uses_total", kind="press", name="other", outcome="refused") == 3
    assert of("tutor_uses_total", kind="command", name="quiz start", outcome="done") == 1
    assert of("tutor_uses_total", kind="command", name="simulate", outcome="done") == 2
    assert of("tutor_uses_total", kind="command", name="simulate", outcome="refused") == 1
    assert of("tutor_uses_total", kind="completion", outcome="done") == 1
    assert of("tutor_uses_total", kind="message") == 2
    assert of("tutor_acknowledgement_seconds_count", kind="message") == 2
    assert of("tutor_acknowledgement_seconds_count", kind="command") == of("tutor_uses_total", kind="command") == 7
    assert of("tutor_acknowledgement_seconds_count") == of("tutor_answer_seconds_count") == of("tutor_uses_total")
    assert of("tutor_decisions_total") == 4
    assert of("tutor_decisions_total", decision="TopicAnswer") == of("tutor_decisions_total", decision="Choose") == 1
    assert (of("tutor_rounds_started_total"), of("tutor_rounds_ended_total", why="stopped")) == (1, 1)
    assert of("tutor_runs_total", experiment="momentum", outcome="Done") == 1
    assert of("tutor_runs_total") == of("tutor_run_waiting_seconds_count") == of("tutor_run_seconds_count") == 2
    assert of("tutor_journal_commit_seconds_count", outcome="kept") == of("tutor_journal_commit_writes_count") > 2
    assert (of("tutor_servers"), of("tutor_ready"), of("tutor_rounds")) == (1, 1, 0)
    assert of("tutor_shard_info", shard="0", shards="1") == of("tutor_build_info") == 1

    declared = {measure.name: measure.labels for measure in metrics.every()}
    given = {label: {*values} for label, values in measured.client.labels().items()}
    for name, labels, _ in measured.samples():
        base = next((one for one in declared if name.startswith(one)), None)
        for label, value in labels.items():
            if base and label != "le":
                longest = max((one for one in declared if name.startswith(one)), key=len)
                assert value in {*(declared[longest][label] or given[label]), metrics.OTHER}, (name, labels)
    text = measured.text()
    ids = [str(one) for one in (guild.id, channel.id, eve.id, play.id)]
    assert not [bad for bad in (*ids, "quantile", "drop", "IFS", "Ana", "momentum-", "nt1") if bad in text]


async def test_breaks_of_the_gateway_are_counted(measured: Measured, loopback: LoopbackDiscord) -> None:
    of = partial(measured.of, "tutor_gateway_sessions_total")
    assert (of(how="begun"), of(how="lost")) == (1, 0)
    await loopback.gateway.cut()
    loopback.gateway.mend()
    await loopback.until(lambda: of(how="resumed") or None, "it is back", 10)
    assert (of(how="begun"), of(how="lost"), of(how="resumed")) == (1, 1, 1)


@pytest.mark.slow
async def test_what_the_storage_refuses_is_measured(
    measured: Measured, play: Play, read_only: Refusing, ana: Person, loopback: LoopbackDiscord
) -> None:
    await play.start(measured.client, questions=1, kinds="choice", topics="momentum", seed="b")
    shown = await play.asked()
    assert (measured.of("tutor_storage_refuses"), measured.client.lacking()) == (0, None)
    with read_only():
        await ana.presses(shown.button(play.letter()))
        await loopback.until(lambda: measured.of("tutor_uses_total", kind="press") or None, "the end of the press")
        assert measured.of("tutor_storage_refuses") == 1
        assert measured.client.lacking() == "the database takes or gives nothing"
        assert measured.of("tutor_ready") == 0
        assert measured.of("tutor_journal_commit_seconds_count", outcome="failed") >= 1
        assert measured.of("tutor_uses_total", kind="press", outcome="refused") == 1


async def test_who_is_not_ready_says_what_it_lacks(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient]
) -> None:
    client = make_client()
    assert client.lacking() == "not connected to Discord"
    async with loopback.running(client):
        await client.wait_until_ready()
        await loopback.until(lambda: client.lacking() is None or None, "it is ready")
