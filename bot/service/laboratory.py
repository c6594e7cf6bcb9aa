"""The use case of running an experiment: settings as typed come in, a finding with the claims it bears on goes out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.quiz.kinds.base import RunToTry
from bot.service.experiment_queue import ExperimentQueue, Party, QueuePlace
from bot.service.gate import Asker, Gate
from bot.service.ledger import Bearing, Evidence
from bot.service.taught import Taught
from bot.simulations.experiment import SEED, AnyParameter, Choice, assignments
from bot.simulations.experiments import Request, Result, find, prepare
from bot.text.normalise import plain, stem, word_set


@dataclass(frozen=True, slots=True)
class Finding:
    """A run that reached its end, and what it says to the claims."""

    request: Request
    result: Result
    bearings: tuple[Bearing, ...]


def requested(name: str, settings: str = "", seed: object = None, compare: str = "") -> Request:
    """The request that a person has typed; `settings` may name the seed too, and where both do, `seed` counts.

    Raises UsageError with one line on what is wrong. Nothing runs yet.
    """
    given: dict[str, object] = dict(assignments([settings]))
    typed_seed = given.pop("seed", 0)
    changed: Mapping[str, object] | None = assignments([compare]) if compare.strip() else None
    return prepare(name, given, typed_seed if seed is None else seed, compare=changed)


def spoken_request(text: str, name: str, strictly: bool = True) -> Request:
    """The run of an experiment that a message in plain words asks for: "simulate momentum 0.99 with 500 steps".

    Raises UsageError where a value is not allowed, unless not `strictly`: it is left out then.
    """
    given: dict[str, object] = {}
    for parameter, value in _values_said(text, [*find(name).parameters, SEED]):
        if strictly or _fits(parameter, value):
            given[parameter.name] = value
    seed = given.pop(SEED.name, SEED.default)
    return prepare(name, given, seed)


_TOKEN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\w+", re.IGNORECASE)
_BETWEEN = word_set("about at equal equals is of set to")  # a setting and its value
_LIGHT = _BETWEEN | word_set("a and by for from in it on over that the two what with")  # name no setting
_SHORTEST = 3  # letters of a setting's name that may be the beginning of the word that was used for it


def _values_said(text: str, parameters: Sequence[AnyParameter]) -> Iterator[tuple[AnyParameter, str]]:
    """Each setting of which a message says the value, the first time: a number beside its name, symbol or meaning, or
    one of the words that it can be."""
    said = _TOKEN.findall(text.casefold())
    left = list(parameters)
    for at, token in enumerate(said):
        before = [word for word in said[:at] if word not in _BETWEEN][-1:]
        if meant := _set_by(token, [*before, *said[at + 1 : at + 2]], left):
            left.remove(meant)
            yield meant, token


def _set_by(token: str, near: Sequence[str], parameters: Sequence[AnyParameter]) -> AnyParameter | None:
    """The setting of which a word of a message is the value, by the words before and after it."""
    if not token.lstrip("+-.")[:1].isdigit():
        return next((one for one in parameters if isinstance(one, Choice) and token in one.choices), None)
    numbers = [one for one in parameters if not isinstance(one, Choice)]
    by_name = [one for word in near for one in numbers if _is_called(one, word)]
    meant = [*by_name, *(one for word in near for one in numbers if _means(one, word))]
    return next((one for one in meant if _fits(one, token)), next(iter(meant), None))


def _is_called(parameter: AnyParameter, word: str) -> bool:
    name = parameter.name.casefold()
    return word in (name, parameter.symbol.casefold()) or (len(name) >= _SHORTEST and word.startswith(name))


def _means(parameter: AnyParameter, word: str) -> bool:
    meaning = re.split(r"[,;]", parameter.does)[0]
    return stem(word) in {stem(one) for one in plain(meaning) if one not in _LIGHT}


def _fits(parameter: AnyParameter, value: str) -> bool:
    try:
        parameter.accept(value)
    except ValueError:
        return False
    return True


def requested_by(criterion: Criterion) -> Request:
    """The run that a criterion is about. Raises UsageError where the catalogue knows it no longer."""
    return prepare(criterion.experiment, criterion.settings)


def tried(to_try: RunToTry | None) -> Request | None:
    """The run that a question wants tried; None where there is none, or the catalogue knows it no longer."""
    if to_try is None:
        return None
    try:
        return prepare(to_try.run.experiment, to_try.run.settings, to_try.seed, compare=to_try.compared or None)
    except TutorError:
        return None


@dataclass(frozen=True, slots=True)
class ClaimsOfTopic:
    """The claims of a topic's answer, each with what was last found of its criteria."""

    topic: Topic
    claims: tuple[tuple[Claim, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True)
class QueuedRun:
    """A run that its asker may have, and its place in the queue."""

    asker: Asker
    request: Request
    in_queue: QueuePlace


class Laboratory:
    """Runs experiments in turn, lets the ledger know what came out, and shows what it says."""

    def __init__(self, experiments: ExperimentQueue, taught: Taught, gate: Gate) -> None:
        self.experiments = experiments
        self._taught = taught
        self._gate = gate

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self._taught.now.curriculum

    async def look(self, asker: Asker) -> None:
        """Look up what must be kept back from them, before `queued`. Raises StorageRefuses."""
        await self._gate.look(asker)

    @contextmanager
    def queued(self, asker: Asker, request: Request) -> Iterator[QueuedRun]:
        """A place at the end of the queue, for as long as the block lasts or until the run has ended.

        Raises BeingAsked, QueueFull or QueueClosed.
        """
        self._gate.experiment(asker, request.experiment)
        with self.experiments.place(Party.of(asker), wanted=request) as place:
            yield QueuedRun(asker, request, place)

    async def find(self, run: QueuedRun, picture: bool = True) -> Finding:
        """Run, with a picture unless told otherwise; of claims that a quiz round asks for nothing is said.

        Raises RunUnfinished, QueueClosed or StorageRefuses.
        """
        result = await self.experiments.run(run.in_queue, replace(run.request, picture=picture))
        first = result.runs[0]
        ledger = self._taught.now.ledger
        ledger.note(result.experiment, first.parameters, result.seed, first.metrics)
        await self._gate.look(run.asker)
        hidden = self._gate.hidden_topics(run.asker)
        bearings = ledger.bearings(result.experiment, first)
        return Finding(run.request, result, tuple(one for one in bearings if one.topic.id not in hidden))

    async def find_now(self, asker: Asker, request: Request, picture: bool = True) -> Finding:
        """As `find`, once the run's turn has come. Raises what `queued` and `find` raise."""
        await self._gate.look(asker)
        with self.queued(asker, request) as run:
            return await self.find(run, picture)

    async def numbers(self, run: QueuedRun) -> bytes:
        """The numbers of that run as CSV. Raises RunUnfinished or QueueClosed."""
        return (await self.experiments.run(run.in_queue, replace(run.request, numbers=True))).csv

    async def description(self, run: QueuedRun) -> str:
        """The picture of that run in words, a line for each series. Raises RunUnfinished or QueueClosed."""
        return (await self.experiments.run(run.in_queue, run.request)).description

    def claims(self, asker: Asker, topic: Topic) -> ClaimsOfTopic:
        """What the ledger says to the claims of a topic. Raises BeingAsked."""
        self._gate.topics(asker, [topic.id])
        found = tuple((claim, self._taught.now.ledger.evidence(claim)) for claim in topic.claims)
        return ClaimsOfTopic(topic, found)

    def deciding_run(self, claim_id: str) -> Request | None:
        """The run that decides a claim; None where no number does, or there is no such claim."""
        found = self._taught.now.ledger.claims.get(claim_id)
        return requested_by(found[1].deciding[0]) if found and found[1].deciding else None
