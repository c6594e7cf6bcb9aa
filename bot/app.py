"""The composition root: the only place that wires the parts together, for the doors and for the tests alike.

The database and its library are loaded when they are opened: a terminal has none.
"""

import asyncio
import gc
import logging
import math
import secrets
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import folders, stopping, words
from bot.clock import AheadClock, Clock, SystemClock
from bot.curriculum.loader import fingerprint
from bot.errors import StorageError, StorageRefuses, UsageError
from bot.knowledge import answering, learn, learn_apart
from bot.making import NotMade, TopicsApart
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.application import App, TerminalApp
from bot.service.beliefs import GroupBeliefs
from bot.service.checkup import HostSeen
from bot.service.experiment_queue import ExperimentQueue, Runner
from bot.service.gate import Gate
from bot.service.laboratory import Laboratory
from bot.service.pictures import Pictures
from bot.service.practice import Chances, Practice
from bot.service.reloading import Reloads
from bot.service.reminders import Reminders
from bot.service.review import ForTheSession, Reviews
from bot.service.rounds.carrying_out import Findings, QuestionRuns
from bot.service.rounds.elsewhere import RoundsElsewhere
from bot.service.rounds.engine import Rounds
from bot.service.rounds.seen import SeenOfTheDay
from bot.service.schedule import Schedules
from bot.service.scores import Scoring
from bot.service.server_settings import OLD_AFTER, ServerSettings, SettingsOfServers
from bot.service.spoken_tries import OpenTries
from bot.service.taught import Learnt, Taught
from bot.service.topic_forms import TopicForms
from bot.service.topic_rules import NotChecked
from bot.service.topics import PreparedThere, ServerTopics
from bot.service.tries import Attempts
from bot.settings import Settings
from bot.shard import Shard
from bot.simulations.worker import Worker, Workers
from bot.tasks import Tasks

if TYPE_CHECKING:
    from bot.curriculum.foreign import ReadTopic
    from bot.curriculum.model import Language
    from bot.storage.database import Storage
    from bot.storage.locks import Holder
    from bot.storage.rows import TaughtBy

ROUNDS_WITHIN = 20.0  # seconds from the start
LEAVING_SECONDS = 2.0  # that a door which has lost its servers has to close
Door = Callable[[Settings, App], Awaitable[None]]

_log = logging.getLogger(__name__)


def build(  # noqa: PLR0913 - what tests put something else in for
    settings: Settings,
    *,
    clock: Clock | None = None,
    storage: "Storage | None" = None,
    worker: Runner | None = None,
    learnt: Learnt | None = None,
    chances: Chances = secrets.randbelow,
) -> App:
    """Wire all use cases; nothing is opened, started or waited for yet. Raises KnowledgeError or IncompleteKind.

    `clock`    the time by which rounds, scores and conversations go; the machine's unless given
    `storage`  an open database; without one nothing can be kept, which is for commands that keep nothing
    `worker`   runs experiments; unless given processes of their own, which start when there is something to run
    `learnt`   what was made from the knowledge before; else it is read from `settings.knowledge_dir`
    `chances`  draws the seeds of practice questions
    """
    clock = clock or SystemClock()
    storage = storage or _in_memory(clock)
    taught = _taught(learnt or learn(settings))
    experiments = ExperimentQueue(worker or Workers())
    runs, pictures = QuestionRuns(experiments), Pictures(experiments)
    server_settings, additions, topics = _of_servers(settings, taught, storage, clock)
    findings = Findings(topics, runs, pictures, additions.accepted_wordings)
    elsewhere = RoundsElsewhere(storage.open_questions, storage.requests, storage.scores, settings.shard, clock)
    seen = SeenOfTheDay(storage.seen_answers, clock)
    rounds = Rounds(taught, topics, storage.journal, findings, clock, server_settings, elsewhere, seen)
    schedules = Schedules(storage.schedules, rounds, topics, clock, elsewhere.alone)
    gate = Gate(rounds.withheld, None if elsewhere.alone else elsewhere.withheld, seen)
    topics.played = rounds.played
    beliefs = GroupBeliefs(taught, storage.weekly, gate, clock)
    practice = Practice(taught, runs, pictures, additions.accepted_wordings, gate, beliefs.practised, chances=chances)
    reminders = Reminders(storage.reminders, server_settings, topics, taught, clock)
    reviews = Reviews(taught, practice, storage.reviews, gate, clock, storage.scores, reminders.zone_of, topics.learnt)
    return App(
        taught=taught,
        topics=topics,
        reminders=reminders,
        topic_forms=TopicForms(topics, gate),
        answering=Answering(taught, gate, clock),
        additions=additions,
        practice=practice,
        reviews=reviews,
        rounds=rounds,
        schedules=schedules,
        scores=Scoring(storage, rounds, clock, additions, gate, beliefs, reminders, schedules, topics, reviews),
        beliefs=beliefs,
        server_settings=server_settings,
        laboratory=Laboratory(experiments, taught, gate),
        tries=Attempts(taught, gate),
        open_tries=OpenTries(clock),
        pictures=pictures,
        reloads=_reloads(settings, taught, storage, clock),
        prepared=PreparedThere(lambda: taught.latest.matcher(), taught, topics),  # noqa: PLW0108 - what is taught by then
        gate=gate,
        greeted=storage.greetings,
        registered=storage.registrations,
        storage=storage,
        shard=settings.shard,
    )


def _taught(learnt: Learnt) -> Taught:
    words.kinds.demand(learnt.kinds)
    return Taught(learnt)


def _in_memory(clock: Clock) -> "Storage":
    from bot.storage.database import IN_MEMORY, storage_at

    return storage_at(IN_MEMORY, clock)


def _of_servers(
    settings: Settings, taught: Taught, storage: "Storage", clock: Clock
) -> tuple[SettingsOfServers, Additions, ServerTopics]:
    """What servers have of their own; what other processes may change is read anew now and then."""
    age = OLD_AFTER if settings.shard.count > 1 else math.inf
    server_settings = SettingsOfServers(storage.settings, age)
    owned, as_shown = settings.shard.owns, words.topics.escaped
    files = TopicsApart()
    topics = ServerTopics(
        taught,
        storage.topics,
        server_settings,
        clock,
        partial(_foreign, files),
        reads_soon=files,
        owned=owned,
        as_shown=as_shown,
        age=age,
    )
    return server_settings, Additions(taught, storage.additions, age), topics


def _foreign(files: TopicsApart, data: bytes, file: str, language: "Language") -> "tuple[ReadTopic, ...]":
    """The topics of a stranger's file. Raises KnowledgeError, and NotChecked where that is no fault of the file."""
    try:
        return files(data, file, language)
    except NotMade as failed:
        _log.error("The process that checks topics of servers fails: %s", failed)
        raise NotChecked from failed


def _reloads(settings: Settings, taught: Taught, storage: "Storage", clock: Clock) -> Reloads:
    files = partial(fingerprint, settings.knowledge_dir)
    return Reloads(taught, partial(learn_apart, settings), files, storage.knowledge, clock, settings.shard)


def terminal(learnt: Learnt) -> TerminalApp:
    """Wire what one person at a terminal uses. Raises IncompleteKind."""
    words.kinds.demand(learnt.kinds)
    taught, gate, experiments = Taught(learnt), Gate(lambda *_: ()), ExperimentQueue(Worker())
    practice = Practice(taught, QuestionRuns(experiments), Pictures(experiments), None, gate)
    clock = AheadClock()

    async def zone_of(_member: int, _server: int | None) -> ZoneInfo:
        return ZoneInfo("UTC")

    async def learnt_in(_server: int | None) -> Learnt:
        return learnt

    return TerminalApp(
        learnt,
        answering(learnt),
        practice,
        Laboratory(experiments, taught, gate),
        Attempts(taught, gate),
        Reviews(taught, practice, ForTheSession(), gate, clock, None, zone_of, learnt_in),
        clock,
    )


@asynccontextmanager
async def opened(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """The app on the database of the settings, brought up to date; both are closed at the end.

    Raises KnowledgeError or StorageError.
    """
    from bot.storage.database import open_storage

    clock = clock or SystemClock()
    learnt = learn(settings)
    # First: nobody waits for a model to hear that it is faulty.
    storage = await open_storage(settings.shared_database, clock, settings.shard)
    app = build(settings, clock=clock, storage=storage, learnt=learnt)
    del learnt  # of what is taught, `app` alone has a hold
    app.prepared.begin()
    background = Tasks()
    background.start(_prepare(app), "preparing to answer")
    background.start(app.storage.watch(), "watching the database")
    background.start(app.beliefs.keep_closing(), "ending the weeks by which people are counted")
    try:
        with _rereading(app, background):
            yield app
    finally:
        await background.stop()
        await app.close()


@contextmanager
def _rereading(app: App, background: Tasks) -> Iterator[None]:
    """Have the knowledge read anew whenever the process is asked to by its signal."""
    loop = asyncio.get_running_loop()

    def reread() -> None:
        background.start(app.reloads.order_and_log(), "reading the knowledge anew")

    with stopping.rereading(lambda: loop.call_soon_threadsafe(reread)):
        yield


async def _prepare(app: App) -> None:
    """Make what the first question, and the first open answer of a quiz, would have to wait for; then follow what other
    processes on the database are told to teach.

    The second once the rounds of an earlier process go on: every second of a start is taken from an open question.
    """
    await app.prepared.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(ROUNDS_WITHIN):  # `wait_for` may pass over that this task is cancelled meanwhile
            await app.rounds.opened()
    await asyncio.to_thread(app.taught.latest.complete)
    gc.freeze()  # what is taught stays; to look through it for garbage holds up presses for a tenth of a second
    await app.reloads.follow()


async def serve(settings: Settings, door: Door, clock: Clock | None = None) -> None:
    """Open the app, serve through `door` until that is done, and close it. Raises TutorError.

    Where it is no longer certain that the servers are this process's, the process ends with a line in the log: what
    waits for a database out of reach is not waited for, and rounds outlive that as they do a kill.
    """
    from bot.storage.database import place

    kept = place(settings.database)
    _log.info("The database is %s, data in %s, topics in %s", kept, settings.data_dir, settings.knowledge_dir)
    async with opened(settings, clock) as app:
        serving = asyncio.ensure_future(door(settings, app))
        lost = asyncio.create_task(app.storage.owner.lost(), name="waiting for the shard to be lost")
        try:
            await asyncio.wait({serving, lost}, return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                _log.error("%s", lost.result())
                serving.cancel()
                await asyncio.wait({serving}, timeout=LEAVING_SECONDS)
                stopping.leave(stopping.CUT_OFF)
            await serving
        finally:
            lost.cancel()
            serving.cancel()
            await asyncio.wait({serving})


async def probe_storage(settings: Settings) -> tuple[str, str, str]:
    """Look at the database without changing it; return how it is ("ok", "warning"), what was seen, and what to do.

    Raises StorageError or SettingsError where it is at fault.
    """
    from bot.storage.database import health

    seen = await health(settings.database)
    return seen.status, seen.said, seen.advice


async def probe_owners(settings: Settings) -> tuple[str, str, str]:
    """Look who serves which shard; return how that is ("ok", "warning"), what was seen, and what to do.

    Raises StorageError or SettingsError where it cannot be looked at.
    """
    from bot.storage.database import owners

    seen = await owners(settings.shared_database, settings.shard)
    return seen.status, seen.said, seen.advice


async def probe_taught(settings: Settings) -> tuple[str, str, str]:
    """Look by which files the processes on the database teach; return how that is ("ok", "warning"), what was seen, and
    what to do. Raises StorageError, SettingsError or KnowledgeError."""
    async with _looked_into(settings) as (_, holders, taught):
        seen = words.checkup.taught([holders[one.shard_id].inside for one in taught], len(holders))
    return seen.status, seen.message, seen.advice


async def host_seen(settings: Settings, server: int) -> tuple[ServerSettings, HostSeen]:
    """What a server has set, and which processes the database knows of, of which one should serve that server; nothing
    is made or changed. Raises StorageError, SettingsError or KnowledgeError."""
    count = settings.shard.count
    shard = Shard(next(number for number in range(count) if Shard(number, count).owns(server)), count)
    async with _looked_into(settings) as (storage, holders, taught):
        rules = await SettingsOfServers(storage.settings).of(server) if storage else ServerSettings()
    holder = holders[shard.id].inside if shard.id in holders else ""
    return rules, HostSeen(str(shard), shard.id in holders, holder, len(taught))


@asynccontextmanager
async def _looked_into(
    settings: Settings,
) -> "AsyncIterator[tuple[Storage | None, dict[int, Holder], tuple[TaughtBy, ...]]]":
    """The database, to be read only (None: it is not made yet), which process has which shard, and those that teach by
    other files than those of the settings. Raises StorageError, SettingsError or KnowledgeError."""
    from bot.storage.database import place, sqlite_file, storage_at
    from bot.storage.ownership import served

    url, files = settings.shared_database, fingerprint(settings.knowledge_dir)
    if (file := sqlite_file(url)) and not file.exists():
        yield None, {}, ()
        return
    storage = storage_at(url, SystemClock(), looking=True)
    try:
        holders, _, _ = await served(url)
        noted = await storage.knowledge.taught() if holders else ()
        living = [one for one in noted if (one.host, one.process) == _named(holders.get(one.shard_id))]
        yield storage, holders, tuple(one for one in living if one.fingerprint != files)
    except (OSError, StorageRefuses) as error:
        raise StorageError(f"The database {place(url)} cannot be read ({error}).") from error
    finally:
        await storage.access.close()
        await storage.engine.dispose()


def _named(holder: "Holder | None") -> tuple[str, int] | None:
    return (holder.host, holder.pid) if holder else None


def backup(settings: Settings, written: str) -> str:
    """Copy the database to the file that was named, and say so in one line. Raises UsageError or StorageError."""
    from bot.storage.database import sqlite_file
    from bot.storage.sqlite_file import copy

    try:
        to = folders.read(written)
    except ValueError as error:
        raise UsageError(f"FILE {error}.") from None
    url = settings.database
    if file := sqlite_file(url):
        found = copy(file, to)
        return words.terminal.copied(file, to, found.bytes, found.rounds, found.points)
    if url.get_backend_name() == "postgresql":
        parts = {"host": url.host, "port": url.port, "username": url.username, "dbname": url.database, "file": to}
        options = [f"--{name}={value}" for name, value in parts.items() if value is not None]
        raise UsageError(words.terminal.dump_it(shlex.join(["pg_dump", "--format=custom", *options])))
    raise UsageError(words.terminal.NOT_A_FILE)


def move(written: str, to: str, tell: Callable[[str], None]) -> str:
    """Take all data from one database to another, each given as an address or the path of a file; say in one line what
    has been done and what to do next. `tell` hears how far it is. Raises SettingsError, UsageError or StorageError."""
    from bot.settings import database_or_file
    from bot.storage import moving
    from bot.storage.database import place

    source, target = database_or_file(written, "FROM"), database_or_file(to, "TO")
    try:
        moved = asyncio.run(moving.move(source, target, lambda *far: tell(words.terminal.moving(*far))))
    except KeyboardInterrupt:
        tell(words.terminal.MOVE_STOPPED)
        raise
    return words.terminal.moved(place(source), place(target), moved.tables, moved.rows, moved.altered)
