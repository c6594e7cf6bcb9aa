"""What can be watched of a bot that runs: every measure there is, and the few calls by which the rooms feed them.

While nobody watches (`METRICS` is not set) a measure takes no note of anything, and prometheus-client need not be
there. `begin` has all of them kept, from then on, in a registry of prometheus-client; `bot/watching.py` serves it.

Labels are closed: each has a set of values that it may take, said here or given to `begin`, and whatever else comes is
counted as "other". So no id, and nothing that anybody typed, can become one, and nobody makes the host keep a series
for each name that they think of.
"""

import ipaddress
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

OTHER = "other"
GIVEN = ()  # the values of a label that whoever begins says: names of commands, of experiments, of this version
LOOPBACK = "127.0.0.1"
_PORT = re.compile(r"[0-9]{1,5}")
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})")
_NUMBERS = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where measures are served: a name or an address of this machine, and a port."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str) -> Address:
    """The address that is written "host:port"; ":port", or a port alone, is for this machine only, and an address of
    IPv6 stands in brackets. Raises ValueError with what is wrong, for the end of a sentence."""
    written = text.strip()
    host, colon, port = written.rpartition(":")
    if "/" in written:
        raise ValueError("must be an address such as 127.0.0.1:9100, without http:// before and a path behind")
    if not _PORT.fullmatch(port):
        raise ValueError("must be an address and a port, such as 127.0.0.1:9100, or a port alone")
    if not 0 < int(port) < 65536:
        raise ValueError("must have a port from 1 to 65535")
    if not host:
        return Address(LOOPBACK, int(port))
    if not colon or not (found := _host(host)):
        raise ValueError("must be an address and a port, such as 127.0.0.1:9100 or [::1]:9100, or a port alone")
    return Address(found, int(port))


def _host(written: str) -> str:
    """A name or an address, of IPv6 without its brackets; empty where it is none."""
    bracketed = written.startswith("[") and written.endswith("]")
    if not bracketed and _NAME.fullmatch(written) and not _NUMBERS.fullmatch(written):
        return written.lower()
    try:
        found = ipaddress.ip_address(written[1:-1] if bracketed else written)
    except ValueError:
        return ""
    return str(found) if bracketed is (found.version == 6) else ""


class Measure:
    """One thing that is measured; a label's values are those it was declared with, and "other"."""

    kind: ClassVar[str]  # the class of prometheus-client that keeps it

    def __init__(self, name: str, says: str, /, **labels: tuple[str, ...]) -> None:
        self.name, self.says = name, says
        self.labels = labels
        self._known: tuple[frozenset[str], ...] = ()
        self._kept: Any = None  # what prometheus-client keeps of it; None while nobody watches
        self._options: dict[str, Any] = {}

    def begin(self, registry: "CollectorRegistry", known: Mapping[str, Iterable[str]]) -> None:
        """Take note from now on. Raises KeyError where a label has no values."""
        import prometheus_client

        self._known = tuple(frozenset(values or known[label]) for label, values in self.labels.items())
        kept = getattr(prometheus_client, self.kind)
        self._kept = kept(self.name, self.says, tuple(self.labels), registry=registry, **self._options)

    def end(self) -> None:
        """Take note of nothing any more."""
        self._kept = None

    @property
    def watched(self) -> bool:
        """Whether somebody watches, so that it is noted."""
        return self._kept is not None

    def _of(self, values: tuple[str, ...]) -> Any:
        """What is kept for these values of the labels, in the order of their declaration."""
        if not values:
            return self._kept
        found = (one if one in known else OTHER for one, known in zip(values, self._known, strict=True))
        return self._kept.labels(*found)


class Count(Measure):
    """How often something has happened."""

    kind = "Counter"

    def one(self, *values: str) -> None:
        """It has happened once more."""
        if self._kept is not None:
            self._of(values).inc()


class Level(Measure):
    """How much of something there is now; looked up when somebody asks."""

    kind = "Gauge"

    def set(self, level: float, *values: str) -> None:
        """There is that much now."""
        if self._kept is not None:
            self._of(values).set(level)


class Distribution(Measure):
    """How long or how large something was: how often up to each of some bounds."""

    kind = "Histogram"

    def __init__(self, name: str, says: str, bounds: tuple[float, ...], /, **labels: tuple[str, ...]) -> None:
        super().__init__(name, says, **labels)
        self._options = {"buckets": bounds}

    def note(self, amount: float, *values: str) -> None:
        """It was that long or large once more."""
        if self._kept is not None:
            self._of(values).observe(amount)


KINDS = ("command", "press", "message", "completion")
# What was asked for was done; or refused with a reason; or nobody waited for it any more; or the bot may not write
# there; or Discord did not confirm the answer; or it was a fault of ours.
OUTCOMES = ("done", "refused", "too_late", "not_permitted", "not_confirmed", "incident")
_ANSWERS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 30.0, 60.0)  # seconds; Discord gives up after 3
_WAITS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)  # a run may take 10 s, and 16 may wait
_COMMITS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
_DECISIONS = ("TopicAnswer", "Choose", "Decline", "AnswerKeptBack")  # named as their classes are
_WHY = ("finished", "stopped", "nobody", "lost", "updated")
_LINES = ("members", "rounds", "ahead")
# Sent; or direct messages, or the channel, are closed; or it was too late in the day; or Discord has not confirmed it
# yet; or posted in a server's channel.
_REMINDED = ("sent", "closed", "late", "not_confirmed", "posted")
_RUNS = ("Done", "TookTooLong", "TooMuchMemory", "WorkerDied", "CannotDraw", "ExperimentBroke", "Stopped")  # likewise

USES = Count(
    "tutor_uses", "Commands, presses, messages and completions, by outcome", kind=KINDS, name=GIVEN, outcome=OUTCOMES
)
ACKNOWLEDGED = Distribution(
    "tutor_acknowledgement_seconds", "Until Discord had the first answer", _ANSWERS, kind=KINDS, name=GIVEN
)
ANSWERED = Distribution("tutor_answer_seconds", "Until all of it was done", _ANSWERS, kind=KINDS, name=GIVEN)
DECISIONS = Count("tutor_decisions", "Messages, by what was decided", decision=_DECISIONS, intent=GIVEN)
INCIDENTS = Count("tutor_incidents", "Faults of the bot, each in the log under an id")
ROUNDS_ON = Level("tutor_rounds", "Rounds that are on")
ROUNDS_STARTED = Count("tutor_rounds_started", "Rounds that were started")
ROUNDS_ENDED = Count("tutor_rounds_ended", "Rounds that have ended, by why", why=_WHY)
RUNS_WAITING = Level("tutor_runs_waiting", "Runs of experiments that wait for a worker", line=_LINES)
RUNNING = Level("tutor_runs_running", "Runs of experiments that are under way")
RUN_WAITED = Distribution("tutor_run_waiting_seconds", "What a run waited for a worker", _WAITS, line=_LINES)
RUNS = Count("tutor_runs", "Runs of experiments, by outcome", experiment=GIVEN, outcome=_RUNS)
RUN_TOOK = Distribution("tutor_run_seconds", "What a run took in the worker", _WAITS)
LOOP_LAG = Distribution("tutor_loop_lag_seconds", "How late the event loop came to what was due, sampled", _LAGS)
COMMIT_TOOK = Distribution(
    "tutor_journal_commit_seconds", "What a commit of the journal took", _COMMITS, outcome=("kept", "failed")
)
COMMIT_WRITES = Distribution(
    "tutor_journal_commit_writes", "How many who waited a commit wrote for", (1, 2, 5, 10, 20, 50, 100, 200)
)
COMMIT_CHARACTERS = Distribution(
    "tutor_journal_commit_characters", "How much a commit wrote", (0, 300, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6)
)
STORAGE_REFUSES = Level("tutor_storage_refuses", "1 while the storage takes or gives nothing")
OWNER_SURE = Level("tutor_owner_sure", "1 while the database says that the shard is this process's")
OWNER_EPOCH = Level("tutor_owner_epoch", "How many processes have taken the shard so far")
REMINDERS = Count("tutor_reminders", "Reminders of reviews, by outcome", outcome=_REMINDED)
SESSIONS = Count("tutor_gateway_sessions", "Sessions with Discord", how=("begun", "resumed", "lost"))
READY = Level("tutor_ready", "1 while Discord hears the bot and its data is there")
LATENCY = Level("tutor_gateway_latency_seconds", "What the latest heartbeat took to be acknowledged")
SERVERS = Level("tutor_servers", "Servers that the bot is in")
SHARD = Level("tutor_shard_info", "Which shard this process is, of how many", shard=GIVEN, shards=GIVEN)
BUILD = Level("tutor_build_info", "The version of the bot", version=GIVEN)


def every() -> tuple[Measure, ...]:
    """All measures there are."""
    return tuple(one for one in globals().values() if isinstance(one, Measure))


def begin(known: Mapping[str, Iterable[str]]) -> "CollectorRegistry":
    """Take note from now on; `known` are the values of the labels that are not said here.

    The registry that is returned has what is measured of the process and of Python, too. Raises ImportError where
    there is no prometheus-client.
    """
    import prometheus_client

    prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # a second series for each
    registry = prometheus_client.CollectorRegistry()
    for collector in (prometheus_client.ProcessCollector, prometheus_client.PlatformCollector):
        collector(registry=registry)
    prometheus_client.GCCollector(registry)
    for measure in every():
        measure.begin(registry, known)
    return registry


def end() -> None:
    """Take note of nothing any more."""
    for measure in every():
        measure.end()


@dataclass(slots=True)
class Use:
    """One use of the bot that is being answered: a command, a press, a form, a message."""

    kind: str
    name: str = OTHER
    outcome: str = "done"
    acknowledged: bool = False
    since: float = field(default_factory=time.perf_counter)


_BEING_ANSWERED: ContextVar[Use | None] = ContextVar("what is being answered", default=None)


def came(kind: str, name: str = OTHER) -> None:
    """Something came that is answered in this task, and in those that it begins."""
    if USES.watched:
        _BEING_ANSWERED.set(Use(kind, name))


def named(name: str) -> None:
    """It is known now which command or action that is."""
    if use := _BEING_ANSWERED.get():
        use.name = name


def acknowledged() -> None:
    """Discord has taken an answer to it; the first one counts."""
    if (use := _BEING_ANSWERED.get()) and not use.acknowledged:
        use.acknowledged = True
        ACKNOWLEDGED.note(time.perf_counter() - use.since, use.kind, use.name)


def came_to(outcome: str) -> None:
    """Something else than what was asked for has come of it."""
    if use := _BEING_ANSWERED.get():
        use.outcome = outcome


def answered() -> None:
    """All of it is done."""
    if use := _BEING_ANSWERED.get():
        _BEING_ANSWERED.set(None)
        ANSWERED.note(time.perf_counter() - use.since, use.kind, use.name)
        USES.one(use.kind, use.name, use.outcome)


@contextmanager
def answering(kind: str) -> Iterator[None]:
    """Something that came is answered inside."""
    came(kind)
    try:
        yield
    finally:
        answered()
