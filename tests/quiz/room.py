"""A room of members, the line that their answers come by, and the plain truth about who said what when."""

from dataclasses import dataclass, field

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.marking import points, read
from bot.quiz.round.effects import Effect, GradeAnswer, RunExperiment, Tell, Told
from bot.quiz.round.events import Event, Graded, Ran
from tests.quiz.conftest import Driver

METRICS = {"beta_steps": 100.0, "relu_dead": 0.4, "leaky_dead": 0.1}


@dataclass
class Said:
    """An answer that was made: by whom, when, and in a form given out when."""

    id: int
    at: float
    member: int
    turn: int
    picks: tuple[int, ...]
    text: str
    opened: float | None


@dataclass
class Room:
    """The round, the line to it, and the plain truth."""

    driver: Driver
    line: list[Event] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    acknowledged: set[tuple[int, int]] = field(default_factory=set)
    effects: list[Effect] = field(default_factory=list)

    def send(self, event: Event) -> None:
        effects = self.driver.send(event)
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Tell) and effect.told is Told.LOCKED and effect.turn is not None:
                self.acknowledged.add((effect.turn, effect.member))
            if isinstance(effect, GradeAnswer):
                self.line.append(Graded(effect.turn, effect.answer, _grade(effect.text)))
            if isinstance(effect, RunExperiment):
                self.line.append(Ran(effect.turn, tuple(METRICS for _ in effect.runs)))

    def reckoned(self) -> dict[int, float]:
        """The points of each member: for each question that counts, their last answer that was made in time."""
        total: dict[int, float] = {}
        for turn in self.driver.round.turns:
            last: dict[int, Said] = {}
            for said in sorted(self.said, key=lambda one: one.id):
                form = turn.posed.form
                readable = read(form, said.picks, said.text) is not None
                if said.turn == turn.number and readable and self._in_time(said, turn.closes or 0.0):
                    last[said.member] = said
            for member, said in last.items():
                given = read(turn.posed.form, said.picks, said.text)
                assert given is not None
                runs = [METRICS for _ in turn.posed.runs]
                earned = points(turn.posed.form, given, runs, _grade(said.text)) or 0.0
                total[member] = total.get(member, 0.0) + (earned if turn.revealed and not turn.void else 0.0)
        return total

    @staticmethod
    def _in_time(said: Said, closes: float) -> bool:
        return said.at <= closes or (said.opened is not None and said.opened <= closes and said.at <= closes + 15)


def _grade(text: str) -> Grade:
    return Grade(len(text) / 10)
