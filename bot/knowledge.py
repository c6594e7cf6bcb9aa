"""What is made from the knowledge files, each part when it is first called for: all that `ask` and `grade` need."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Self, TypeVar

from bot.clock import SystemClock
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.making import matcher_of
from bot.matching.added_phrasings import PhrasingComparer
from bot.matching.decision import Context, Decision, StatementDecider
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from bot.service.answering import Answering
from bot.service.gate import Gate
from bot.service.grading import Grading
from bot.settings import Settings
from bot.simulations.experiments import catalogue


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is made from the knowledge files and takes a moment: each part when it is first called for, then kept."""

    curriculum: Curriculum
    kinds: Kinds  # of the questions in it
    matcher: Callable[[], Matcher]
    comparer: Callable[[], PhrasingComparer]
    grading: Callable[[], Grading]

    @classmethod
    def of(
        cls, curriculum: Curriculum, kinds: Kinds | None = None, make: Callable[[Curriculum], Matcher] | None = None
    ) -> Self:
        """What is made from that curriculum, whose questions are of these kinds (by default the shipped ones).

        `make` gives its matcher; without it the model is fitted and not kept.
        """
        matcher = once(lambda: make(curriculum) if make else Matcher(curriculum, experiments=catalogue))
        return cls(
            curriculum,
            kinds or Kinds(),
            matcher=matcher,
            comparer=once(lambda: PhrasingComparer(curriculum, matcher().pipeline)),
            grading=once(lambda: Grading(curriculum)),
        )

    def answering(self) -> Answering:
        """The use case of asking where no quiz is played."""
        return Answering(self.curriculum, self.matcher(), Gate(lambda *_: ()), SystemClock())


def taught(settings: Settings, kinds: Kinds | None = None) -> Curriculum:
    """What is taught, held against the experiments and the kinds of question (by default the shipped ones).

    Raises KnowledgeError where it is at fault.
    """
    return load(settings.knowledge_dir, catalogue(), kinds or Kinds())


def learn(settings: Settings, curriculum: Curriculum | None = None, told: Callable[[], None] = lambda: None) -> Learnt:
    """What is made from the knowledge of the settings, or from a curriculum that was read from there already.

    Fitted models are kept in the data directory of the settings; `told` is called before one is made, which takes
    seconds. Raises KnowledgeError.
    """
    read_from, folder = settings.knowledge_dir, settings.data_dir / "model"
    return Learnt.of(curriculum or taught(settings), make=lambda found: matcher_of(found, read_from, folder, told))


class WhenMade:
    """Decides by a matcher that is made when the first message comes, unless it was before."""

    def __init__(self, make: Callable[[], StatementDecider]) -> None:
        self._make = make

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        return self._make().decide(message, context)

    def statement(self, topic: str, message: str, parts: tuple[str, ...] = ()) -> int | None:
        """Return the number of the statement of a picked topic that answers a message; None where there is none."""
        return self._make().statement(topic, message, parts)


T = TypeVar("T")


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Return what gives the value of `make`, which is called when it is first asked for. Other threads wait for it."""
    lock = Lock()
    made: list[T] = []

    def given() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return given
