"""What is measured of a bot, and the page by which it is watched."""

import asyncio
import contextlib
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

import aiohttp
import prometheus_client.exposition
import pytest

from bot import healthy, metrics, watching
from bot.matching.decision import Decision
from bot.metrics import Address, read_address
from bot.quiz.round.state import Why
from bot.service.answering import AnswerKeptBack
from bot.service.experiment_queue import QueueLine
from bot.simulations.worker import RunUnfinished
from tests.conftest import ROOT

ADDRESSES = {
    "9100": Address("127.0.0.1", 9100),
    ":9100": Address("127.0.0.1", 9100),
    " 127.0.0.1:9100\n": Address("127.0.0.1", 9100),
    "0.0.0.0:1": Address("0.0.0.0", 1),
    "Tutor-1.example.org:65535": Address("tutor-1.example.org", 65535),
    "[::1]:9100": Address("::1", 9100),
    "[0:0:0:0:0:0:0:1]:9100": Address("::1", 9100),
    "[::]:9100": Address("::", 9100),
}
NO_ADDRESSES = [
    "localhost", "127.0.0.1", "127.0.0.1:", "::1:9100", "[::1]", "[::1]9100", "[127.0.0.1]:9100", "::1", "[:9100",
    "http://127.0.0.1:9100", "127.0.0.1:9100/metrics", "0", ":0", "65536", ":99999", "-1", "9100.5", "on", "a b:9100",
    "ana:secret@host:9100", "1.2.3:9100", "300.1.1.1:9100", "é:9100", "९१००", "'127.0.0.1:9100'", ",:1",
]  # fmt: skip


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_a_host_and_a_port_and_a_port_alone_is_for_this_machine(text: str) -> None:
    assert read_address(text) == ADDRESSES[text]
    assert read_address(str(read_address(text))) == ADDRESSES[text]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_told_in_one_line_that_ends_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as told:
        read_address(text)
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)


def test_who_reaches_an_address_is_known() -> None:
    inside = {text for text in (*ADDRESSES, "localhost:1", "127.8.8.8:1", "host:1") if read_address(text).loopback}
    assert inside == {
        "9100",
        ":9100",
        " 127.0.0.1:9100\n",
        "[::1]:9100",
        "[0:0:0:0:0:0:0:1]:9100",
        "localhost:1",
        "127.8.8.8:1",
    }


def _unfinished(kind: type) -> Iterator[str]:
    for one in kind.__subclasses__():
        yield one.__name__
        yield from _unfinished(one)


def test_the_values_of_labels_are_those_that_there_are() -> None:
    declared = {measure.name: measure.labels for measure in metrics.every()}
    assert set(declared["tutor_rounds_ended"]["why"]) == set(get_args(Why))
    assert set(declared["tutor_runs_waiting"]["line"]) == {line.name.lower() for line in QueueLine}
    decisions = {one.__name__ for one in (*get_args(Decision), AnswerKeptBack)}
    assert set(declared["tutor_decisions"]["decision"]) == decisions
    ours = {
        name for name in _unfinished(RunUnfinished) if name in dir(__import__("bot.simulations.worker", fromlist=["x"]))
    }
    assert set(declared["tutor_runs"]["outcome"]) == ours | {"Done", "Stopped"}


class Tutor:
    """A bot that can be watched."""

    lacks: str | None = None
    servers = 3.0

    def labels(self) -> dict[str, list[str]]:
        return {
            "name": ["ask"],
            "intent": ["question"],
            "experiment": [],
            "version": ["1"],
            "shard": ["0"],
            "shards": ["1"],
        }

    def levels(self) -> None:
        metrics.SERVERS.set(self.servers)

    def lacking(self) -> str | None:
        return self.lacks


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    return number


@pytest.fixture
def tutor() -> Tutor:
    return Tutor()


@pytest.fixture
async def page(tutor: Tutor, port: int, caplog: pytest.LogCaptureFixture) -> AsyncIterator[str]:
    """The URL of what is served, once it is."""
    caplog.set_level(logging.INFO, "bot.watching")
    async with watching.watched(Address("127.0.0.1", port), tutor, "0/1 0a1b"):
        await _logged(caplog, "is served at")
        yield f"http://127.0.0.1:{port}"


async def _logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    async with asyncio.timeout(5):
        while text not in caplog.text:  # noqa: ASYNC110 - a log has no event to wait for
            await asyncio.sleep(0.005)


async def _get(url: str, method: str = "GET") -> tuple[int, str]:
    async with aiohttp.request(method, url) as answer:
        assert answer.headers[healthy.HEADER] == "0/1 0a1b"
        return answer.status, await answer.text()


async def test_health_and_readiness_are_asked_at_one_address(page: str, tutor: Tutor) -> None:
    assert await _get(f"{page}/healthz") == (200, "alive\n")
    assert await _get(f"{page}/readyz") == (200, "ready\n")
    tutor.lacks = "not connected to Discord"
    assert await _get(f"{page}/readyz") == (503, "not ready: not connected to Discord\n")
    assert await _get(f"{page}/healthz") == (200, "alive\n")
    assert [(await _get(f"{page}{path}"))[0] for path in ("/", "/metrics/x", "/..")] == [404] * 3
    assert [(await _get(f"{page}/metrics", method))[0] for method in ("POST", "DELETE", "HEAD")] == [405, 405, 200]


async def test_measures_are_those_that_are_declared_with_what_the_process_takes(page: str) -> None:
    metrics.USES.one("press", "ask", "done")
    metrics.USES.one("press", "<@123456789012345678>", 'a "quoted" text\n')
    status, text = await _get(f"{page}/metrics")
    assert status == 200
    assert 'tutor_uses_total{kind="press",name="ask",outcome="done"} 1.0' in text
    assert 'tutor_uses_total{kind="press",name="other",outcome="other"} 1.0' in text
    assert "tutor_servers 3.0" in text
    assert all(f"# TYPE {measure.name}" in text for measure in metrics.every())
    assert "process_resident_memory_bytes" in text
    assert "_created" not in text


async def test_with_nobody_watching_nothing_is_noted(tutor: Tutor) -> None:
    async with watching.watched(None, tutor):
        assert not any(measure.watched for measure in metrics.every())
        metrics.USES.one("press", "ask", "done")
        metrics.SERVERS.set(1)
        metrics.LOOP_LAG.note(1.0)
        with metrics.answering("press"):
            metrics.named("ask")
            metrics.acknowledged()
            metrics.came_to("refused")


@pytest.fixture(autouse=True)
def over() -> Iterator[None]:
    yield
    assert not any(measure.watched for measure in metrics.every())


async def test_a_taken_address_is_one_line_and_the_bot_runs_on_and_has_it_when_it_is_free(
    tutor: Tutor, port: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "bot.watching")
    tries = asyncio.Queue[None]()
    create = asyncio.get_running_loop().create_server

    async def tried(*given: Any) -> Any:
        tries.put_nowait(None)
        return await create(*given)

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", tried)
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.001)
    taken = socket.create_server(("127.0.0.1", port))
    async with watching.watched(Address("127.0.0.1", port), tutor):
        for _ in range(4):
            await asyncio.wait_for(tries.get(), 5)
        assert [record.getMessage() for record in caplog.records] == [
            f"METRICS: nothing can be served at 127.0.0.1:{port} (Address already in use). "
            "I run on without, and try again now and then"
        ]
        taken.close()
        await _logged(caplog, "is served at")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_of_another_machine_is_one_line(
    host: str, tutor: Tutor, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching.watched(Address(host, port), tutor):
        await _logged(caplog, f"nothing can be served at {host}:{port} (")
    assert len(caplog.records) == 1


async def test_whoever_listens_to_more_than_this_machine_is_warned(
    tutor: Tutor, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching.watched(Address("0.0.0.0", port), tutor):
        await _logged(caplog, f"METRICS=0.0.0.0:{port}: whoever reaches this machine there can read")


async def _line(page: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(page.rpartition(":")[2]))


async def _rest(reader: asyncio.StreamReader) -> bytes:
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), 5)
    return b""


HOSTILE = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\xfc\xff\r\n\r\n",
    "a long line": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
    "a long header": b"GET /metrics HTTP/1.1\r\nA: " + b"a" * 9000 + b"\r\n\r\n",
    "many headers": b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    "no path": b"GET http://[::1 HTTP/1.1\r\n\r\n",
    "a body": b"POST /metrics HTTP/1.1\r\nContent-Length: 100000000\r\n\r\nx",
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_request_is_refused_and_leaves_no_line_in_the_log(
    what: str, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await _line(page)
    writer.write(HOSTILE[what])
    answer = await _rest(reader)
    assert answer.split()[1:2] in ([b"400"], [b"405"]), answer
    writer.close()
    assert (await _get(f"{page}/healthz"))[0] == 200
    assert caplog.records == []


async def test_whoever_asks_slowly_or_does_not_read_is_cut_off(
    tutor: Tutor, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    long, loop, cut = bytes(30_000_000), asyncio.get_running_loop(), asyncio.Queue[None]()

    def noted(line: Any) -> None:
        cut.put_nowait(None)
        real(line)

    real = watching._cut
    monkeypatch.setattr(watching, "_cut", noted)
    monkeypatch.setattr(watching, "PATIENCE", 0.05)
    monkeypatch.setattr(prometheus_client.exposition, "generate_latest", lambda _: long)
    caplog.set_level(logging.INFO, "bot.watching")
    async with watching.watched(Address("127.0.0.1", port), tutor):
        await _logged(caplog, "is served at")
        for begun in (b"", b"GET /metrics HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"):
            reader, writer = await _line(f":{port}")
            writer.write(begun)
            await _rest(reader)
            writer.close()
            await cut.get()
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.setblocking(False)
            await loop.sock_sendall(line, b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.wait_for(cut.get(), 5)
            got = 0
            with contextlib.suppress(ConnectionError):
                while piece := await asyncio.wait_for(loop.sock_recv(line, 1 << 20), 5):
                    got += len(piece)
            assert got < len(long)


async def test_no_more_lines_are_held_than_watching_takes(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST_LINES", 2)
    held = [await _line(page) for _ in range(2)]
    reader, writer = await _line(page)
    assert await _rest(reader) == b""
    for _, one in (*held, (reader, writer)):
        one.close()


async def test_the_loop_turns_while_measures_are_made_and_they_are_not_made_for_each_who_asks(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, go_on = [], asyncio.Event()
    loop, real = asyncio.get_running_loop(), prometheus_client.exposition.generate_latest

    def slow(registry: Any) -> bytes:
        made.append(registry)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(5)
        return real(registry)

    monkeypatch.setattr(prometheus_client.exposition, "generate_latest", slow)
    asking = [asyncio.create_task(_get(f"{page}/metrics")) for _ in range(5)]
    assert (await _get(f"{page}/healthz"))[0] == 200
    go_on.set()
    assert {status for status, _ in await asyncio.gather(*asking)} == {200}
    assert len(made) == 1


DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ASKED = [target["expr"] for panel in PANELS for target in panel["targets"]]
PROCESS = {"process_resident_memory_bytes": "G", "process_open_fds": "G", "process_cpu_seconds_total": "C"}
# What the expressions are made of: a counter C or a gauge G, and what comes of them, a value V, until that is all.
GRAMMAR = {
    r"(?:rate|increase)\(C\[\$__rate_interval\]\)": "V",
    r"sum(?: by \([a-z_, ]+\) )?\([GV]\)": "V",
    r"histogram_quantile\(0\.\d+, V\)": "V",
    r"G \* on \(instance\) group_left \([a-z, ]+\) G": "V",
    r"V / V": "V",
    r"^G$": "V",
}
_SELECTOR = re.compile(r"\b(\w+)\{([^{}]*)\}")


def _reduced(expression: str, kinds: dict[str, str]) -> str:
    """The expression with everything replaced by what it gives; `kinds` are those of what is measured."""
    found, before = _SELECTOR.sub(lambda selector: kinds.get(selector[1], selector[1]), expression), ""
    while found != before:
        before = found
        for pattern, gives in GRAMMAR.items():
            found = re.sub(pattern, gives, found)
    return found


@pytest.mark.parametrize("expression", sorted(set(ASKED)))
def test_what_the_dashboard_asks_for_is_measured_and_is_asked_for_as_prometheus_reads_it(expression: str) -> None:
    ends = {"Counter": ["_total"], "Gauge": [""], "Histogram": ["_bucket", "_sum", "_count"]}
    measured = {f"{one.name}{end}": one for one in metrics.every() for end in ends[one.kind]}
    kinds = {name: "G" if one.kind == "Gauge" else "C" for name, one in measured.items()}
    assert _reduced(expression, kinds | PROCESS) == "V"
    selectors = _SELECTOR.findall(expression)
    matchers = [re.fullmatch(r'(\w+)(?:=|!=|=~)"[^"]*"', one) for _, all_ in selectors for one in all_.split(", ")]
    labels = {one[1] if one else "no matcher" for one in matchers}
    labels |= {one for by in re.findall(r" by \(([^)]+)\)", expression) for one in by.split(", ")}
    has = {label for name, _ in selectors if name in measured for label in measured[name].labels}
    assert labels <= {"instance", "le", *has}
    assert ("_bucket" in expression) is ("le" in labels)


def test_every_measure_has_a_panel_and_every_panel_a_title_and_an_axis() -> None:
    everything = " ".join(ASKED)
    assert not [
        one.name
        for one in metrics.every()
        if not re.search(rf"\b{one.name}(_total|_bucket|_sum|_count)?\b", everything)
    ]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in PANELS:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    assert [one["name"] for one in DASHBOARD["templating"]["list"]] == ["datasource", "instance"]
    places = {(p["gridPos"]["x"], p["gridPos"]["y"]) for p in PANELS}
    assert len(places) == len(PANELS)


def test_what_is_worth_an_alarm_is_measured() -> None:
    told = (ROOT / "deploy" / "README.md").read_text("utf-8").partition("## Watching")[2].partition("\n## ")[0]
    asked = set(re.findall(r"\btutor_\w+", told))
    assert asked
    names = {one.name for one in metrics.every()}
    assert {re.sub(r"_(total|bucket|sum|count)$", "", one) for one in asked} <= names
