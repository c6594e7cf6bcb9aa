"""`python -m bot check`: validates the knowledge, and lets the experiments earn the verdicts on its claims."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import words
from bot.console import streams
from bot.console.output import Screen, write_json
from bot.curriculum.conflicts import Conflicts
from bot.curriculum.loader import Knowledge, experiment_faults, read_folder
from bot.curriculum.model import Curriculum, Topic, named
from bot.errors import Fault, KnowledgeError, UsageError
from bot.matching.decision import Choose, Decider, TopicAnswer
from bot.quiz.grading.grader import Grader
from bot.quiz.kinds import Kinds
from bot.service.ledger import LEAST_SEEDS, CheckedClaim, Held, Ledger, MetricsRunner
from bot.settings import ROOT
from bot.simulations.experiments import catalogue, prepare
from bot.simulations.worker import Worker
from bot.text.normalise import folded, visible

SHIPPED = ROOT / "knowledge"
OpenWorkers = Callable[[int], AbstractContextManager[MetricsRunner]]
MakeDecider = Callable[[Curriculum], Decider]


def run(arguments: Namespace, folder: Path, open_workers: OpenWorkers, make_decider: MakeDecider) -> int:
    """Prints every fault of every file, or else each claim with what its experiments found.

    With topics named, only their claims, and only conflicts between files that concern them. `open_workers` opens a
    number of workers; `make_decider` fits a matcher, which takes some seconds and is done only for topics that are
    named, or that lines of other files outweigh.

    Returns 1 where there is a fault, or a verdict that is not earned; a warning is none. Raises UsageError.
    """
    experiments = catalogue()
    try:
        knowledge = read_folder(folder, experiments, Kinds())
    except KnowledgeError as error:
        _tell(error.faults, arguments.json)
        return 1
    chosen = [_topic(typed, knowledge.curriculum) for typed in arguments.topic]
    topics = chosen or list(knowledge.curriculum.topics)
    conflicts = Conflicts(knowledge)
    faults = [*conflicts.contradictions([topic.id for topic in topics])]
    if not chosen:
        faults += experiment_faults(experiments, _known_topics(knowledge.curriculum))
    faults += _telling_hints(knowledge, topics)
    _tell(faults, arguments.json)
    against = _warnings(conflicts, topics, lambda: make_decider(knowledge.curriculum), always=bool(chosen))
    told = {(fault.file, fault.key) for fault in faults}
    warnings = [warning for warning in against if (warning.file, warning.key) not in told]
    _warn(warnings, arguments.json)
    if faults:
        return 1
    if 0 < arguments.seeds < LEAST_SEEDS:
        streams.tell(words.laboratory.TOO_FEW_SEEDS)
    found = _run_claims(arguments, Ledger(knowledge.curriculum, experiments), topics, open_workers)
    if not arguments.json:
        Screen().line(_summary(topics, found, arguments.seeds, len(warnings)))
    return 1 if any(tried.earned is False for tried in found) else 0


def _telling_hints(knowledge: Knowledge, topics: Sequence[Topic]) -> Iterator[Fault]:
    """The hints of key points that earn their point, given as an answer."""
    chosen = [(document, topic) for document, topic in knowledge.topics if topic in topics and topic.key_points]
    grader = Grader(knowledge.curriculum) if chosen else None
    for document, topic in chosen:
        for i, point in enumerate(topic.key_points.points if topic.key_points else ()):
            if grader and grader.earned_by_its_hint(topic.id, point.id):
                rule = "makes its point, given as an answer: name the subject only"
                yield document.fault(("key_points", "points", i, "hint"), rule)


def _tell(faults: Iterable[Fault], as_json: bool) -> None:
    screen = Screen()
    for fault in faults:
        if as_json:
            write_json(asdict(fault))
        else:
            screen.line(str(fault))


def _warn(warnings: Sequence[Fault], as_json: bool) -> None:
    """Each by itself for scripts; for people one line for each file and rule, so that the rest can be seen."""
    if as_json:
        _tell(warnings, as_json)
        return
    alike: dict[tuple[str, str], list[Fault]] = {}
    for warning in warnings:
        alike.setdefault((warning.file, warning.rule), []).append(warning)
    for found in alike.values():
        Screen().line(words.laboratory.warning(found), "yellow")


def _topic(typed: str, curriculum: Curriculum) -> Topic:
    """The topic with that id or title. Raises UsageError."""
    if found := named(curriculum.topics, typed):
        return found
    ids = [topic.id for topic in curriculum.topics]
    near = get_close_matches(folded(typed), ids, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(ids)}."
    raise UsageError(f"There is no topic {visible(typed)[:60]!r}. {hint}")


def _known_topics(curriculum: Curriculum) -> set[str]:
    """The topics of the folder, and of the files that ship: a host may teach fewer than there are experiments for."""
    return {topic.id for topic in curriculum.topics} | {path.stem for path in SHIPPED.glob("*.yaml")}


def _warnings(
    conflicts: Conflicts, topics: Sequence[Topic], make_decider: Callable[[], Decider], *, always: bool
) -> Iterator[Fault]:
    """Lines of other files that speak against a topic. A matcher is asked too where there are many, or `always`."""
    decider: Decider | None = None
    for topic in topics:
        outweighed = conflicts.outweighed(topic)
        yield from outweighed
        if outweighed or always:
            decider = decider or make_decider()
            told = {(fault.file, fault.key) for fault in outweighed}
            misjudged = conflicts.misjudged(topic, partial(_decided, decider))
            yield from (fault for fault in misjudged if (fault.file, fault.key) not in told)


def _decided(decider: Decider, text: str) -> Collection[str] | None:
    match decider.decide(text):
        case TopicAnswer(topics):
            return [match.topic for match in topics]
        case Choose():
            return []
        case _:
            return None


def _run_claims(
    arguments: Namespace, ledger: Ledger, topics: Sequence[Topic], open_workers: OpenWorkers
) -> list[CheckedClaim]:
    """Lets the experiments earn the verdicts, and shows each claim as soon as it is known."""
    found = []
    seeds = range(arguments.from_seed, arguments.from_seed + arguments.seeds)
    claims = [claim.id for topic in topics for claim in topic.claims]
    for tried in _tried(ledger, claims, seeds, open_workers):
        found.append(tried)
        if arguments.json:
            write_json(as_object(tried))
        elif seeds:
            _show(tried, ledger)
    return found


def as_object(tried: CheckedClaim) -> dict[str, Any]:
    """The object of the command-line contract for a claim after its experiments."""
    return {
        "claim": tried.claim.id,
        "topic": tried.topic,
        "verdict": tried.claim.verdict,
        "earned": tried.earned,
        "criteria": [_criterion(held) for held in tried.criteria],
    }


def _criterion(held: Held) -> dict[str, Any]:
    measured = {name: asdict(spread) if spread else None for name, spread in held.measured.items()}
    return {"experiment": held.criterion.experiment, "held": held.held, "seeds": held.seeds, "measured": measured}


def _tried(
    ledger: Ledger, claims: Sequence[str], seeds: Sequence[int], open_workers: OpenWorkers
) -> Iterator[CheckedClaim]:
    jobs = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 16)
    with open_workers(jobs) as experiments, _bar() as bar:
        task = bar.add_task("experiments", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        # Closed before the workers are, so that a run that is interrupted does not look like a worker that died.
        with closing(ledger.verify(experiments, seeds, jobs, claims, after_run=show)) as found:
            for tried in found:
                bar.stop()  # the line that comes next may go to the same terminal
                yield tried
                bar.start()


def _bar() -> Progress:
    """A bar on standard error, on a terminal only. It keeps its hands off standard output, which may be a file."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not sys.stderr.isatty(),
    )


def _show(tried: CheckedClaim, ledger: Ledger) -> None:
    screen = Screen()
    screen.line(words.laboratory.tried(tried, ledger.evidence(tried.claim)), "red" if tried.earned is False else "")
    for held in tried.criteria:
        if tried.earned is False and not held.enough:
            screen.line(f"    {words.laboratory.not_earned(held)}")


def _summary(topics: Sequence[Topic], found: Sequence[CheckedClaim], seeds: int, warnings: int) -> str:
    asks = sum(len(topic.asks) for topic in topics)
    tested = [tried for tried in found if tried.criteria]
    earned = sum(tried.earned is True for tried in tested)
    said = [words.laboratory.no_fault(len(topics), asks, warnings)]
    return " ".join(said + ([words.laboratory.verdicts_earned(earned, len(tested), seeds)] if seeds else []))


class WorkerPool:
    """`jobs` workers, each started with its first run; ended on leaving the `with` block."""

    def __init__(self, jobs: int) -> None:
        self._workers = [Worker() for _ in range(jobs)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
        """The metrics of one run; waits for an idle worker.

        Raises UsageError for what cannot be run, RunUnfinished for what did not reach its end.
        """
        request = prepare(name, settings, seed)
        worker = self._idle.get()
        try:
            return worker.run_now(request).runs[0].metrics
        finally:
            self._idle.put(worker)
