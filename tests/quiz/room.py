"""A room of members, the line that their answers come by, and the plain truth about who said what when."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer
from bot.quiz.round.disputes import AppealJudged
from bot.quiz.round.effects import (
    AskReview,
    DrawPicture,
    EditQuestion,
    EditReveal,
    EditTable,
    EditWaiting,
    Effect,
    GradeAnswer,
    Message,
    Post,
    PostLeadIn,
    PostNotice,
    PostQuestion,
    PostTable,
    PostWaiting,
    RecordScores,
    RunExperiment,
    Tell,
    TellMember,
    TellStarter,
    Told,
)
from bot.quiz.round.events import (
    Event,
    Graded,
    NewsTold,
    OpenedModal,
    PictureDrawn,
    PictureFailed,
    Posted,
    Pressed,
    Ran,
    Refused,
    RunGaveNothing,
    Submitted,
)
from bot.quiz.round.state import Round
from bot.quiz.scoring import Called, counted, earned, standing
from tests.quiz.conftest import Driver

POSTS = (PostWaiting, EditWaiting, PostLeadIn, PostQuestion, EditQuestion, EditReveal, PostTable, EditTable, PostNotice)
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
    queue: list[Post] = field(default_factory=list)  # what the process is about to post
    broken: frozenset[int] = frozenset()  # questions whose experiment will not run, or (the first) draw its picture
    there: dict[int, Message] = field(default_factory=dict)  # the message of each question, confirmed or not
    names: dict[int, tuple[float, str]] = field(default_factory=dict)  # of each member, as last heard of
    accepted: list[tuple[int, Answer]] = field(default_factory=list)
    shown: dict[int, object] = field(default_factory=dict)  # each reveal, as its message reads now
    table: object = None
    recorded: Mapping[tuple[int, int], float] | None = None
    reachable: set[str] = field(default_factory=set)  # of those who may decide: "reviews", "starter", "channel"
    asked: dict[tuple[str, int, int], str] = field(default_factory=dict)  # who has each dispute
    waiting: int | None = None  # how many disputes the message speaks of by which moderators are asked
    told_nobody: set[tuple[int, int]] = field(default_factory=set)  # the question and the member who was told so

    def send(self, event: Event) -> None:
        judged = self._judged(event)
        effects = self.driver.send(event)
        self.effects += effects
        self.line += [self.drawn(effect) for effect in effects if isinstance(effect, DrawPicture)]
        self.queue += [effect for effect in effects if isinstance(effect, POSTS)]
        for effect in effects:
            if isinstance(effect, Tell) and effect.told is Told.LOCKED and effect.turn is not None:
                self.acknowledged.add((effect.turn, effect.member))
            if isinstance(effect, Tell) and effect.told is Told.DONE and judged:
                self.accepted.append(judged)
            if isinstance(effect, GradeAnswer):
                self.line.append(Graded(effect.turn, effect.answer, _grade(effect.text)))
            if isinstance(effect, RunExperiment):
                failed, runs = effect.turn in self.broken, tuple(METRICS for _ in effect.runs)
                self.line.append(RunGaveNothing(effect.turn) if failed else Ran(effect.turn, runs))
            if isinstance(effect, AskReview):
                self.line.append(NewsTold(effect.key, self._asked(effect)))
            if isinstance(effect, TellStarter | TellMember):
                self.line.append(NewsTold(effect.key))
                self.told_nobody |= {(effect.turn, effect.member)} if isinstance(effect, TellMember) else set()
            if isinstance(effect, RecordScores):
                self.recorded = points_of(self.driver.round)
        if isinstance(event, Pressed | OpenedModal | Submitted):
            heard = event.click.at, event.click.name
            self.names[event.click.member] = max(self.names.get(event.click.member, (0.0, "")), heard)

    def _asked(self, dispute: AskReview) -> bool:
        """Whether it is before somebody there: who has it already is not asked twice, and nobody else is."""
        about = (dispute.what, dispute.turn, 0 if dispute.what == "flag" else dispute.member)
        if dispute.to in self.reachable:
            assert self.asked.setdefault(about, dispute.to) == dispute.to, "asked at two places"
        return self.asked.get(about) == dispute.to

    def drawn(self, wanted: DrawPicture) -> Event:
        """What comes of a picture that the round wants."""
        return PictureFailed(wanted.question) if 0 in self.broken else PictureDrawn(wanted.question, "A against B")

    def posted(self, held: bool) -> None:
        """All posts appear as the round is now; it hears of them at once, or by the line."""
        queue, self.queue = self.queue, []
        for post in [post for post in queue if post in self.driver.round.outbox]:
            if isinstance(post, PostWaiting | EditWaiting):
                if "channel" not in self.reachable and isinstance(post, PostWaiting):
                    self.send(Refused(post.step))
                    continue
                self.waiting = post.count or None
            message = self.driver.message(post)
            if isinstance(post, PostQuestion):
                message = self.there.setdefault(post.turn, message)
            if isinstance(post, EditReveal):
                self.shown[post.turn] = reveal_of(self.driver.round, post.turn)
            if isinstance(post, PostTable | EditTable):
                self.table = table_of(self.driver.round)
            event = Posted(post.step, message)
            if held:
                self.line.append(event)
            else:
                self.send(event)

    def _judged(self, event: Event) -> tuple[int, Answer] | None:
        """What is accepted if the round does as it is told."""
        if not isinstance(event, AppealJudged) or not event.accepted:
            return None
        answer = self.driver.round.turns[event.turn].answers.get(event.member)
        return (event.turn, answer.answer) if answer else None

    def reckoned(self) -> dict[int, float]:
        """The points of each member: for each question that counts, their last answer that was made in time."""
        total: dict[int, float] = {}
        for turn in self.driver.round.turns:
            last: dict[int, Said] = {}
            for said in sorted(self.said, key=lambda one: one.id):
                readable = turn.question.read(said.picks, said.text) is not None
                if (
                    said.turn == turn.number
                    and readable
                    and self._in_time(said, math.inf if turn.closes is None else turn.closes)
                ):
                    last[said.member] = said
            for member, said in last.items():
                given = turn.question.read(said.picks, said.text)
                assert given is not None
                runs = [METRICS for _ in turn.question.runs]
                right = any(
                    number == turn.number and turn.question.alike(given, other) for number, other in self.accepted
                )
                share = 1.0 if right else turn.question.mark(given, runs, _grade(said.text)) or 0.0
                total[member] = total.get(member, 0.0) + (share if turn.revealed and not turn.void else 0.0)
        return total

    @staticmethod
    def _in_time(said: Said, closes: float) -> bool:
        return said.at <= closes or (said.opened is not None and said.opened <= closes and said.at <= closes + 15)


def points_of(round_: Round) -> Mapping[tuple[int, int], float]:
    """What each member earned with each question."""
    return {(turn.number, member): share for turn in counted(round_) for member, share in earned(turn).items()}


def table_of(round_: Round) -> object:
    """What the table tells; what members are called there may be what they were called when the round ended."""
    return [replace(place, called=Called("")) for place in standing(round_)]


def reveal_of(round_: Round, number: int) -> object:
    """What the message of a question tells of it."""
    turn = round_.turns[number]
    return turn.void, dict(earned(turn)), turn.metrics


def _grade(text: str) -> Grade:
    return Grade(len(text) / 10)
