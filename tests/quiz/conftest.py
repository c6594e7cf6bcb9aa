"""A small curriculum with a question of each kind, and a round driven by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.curriculum.model import KINDS, Curriculum, Topic
from bot.quiz.chance import Chance
from bot.quiz.drawing import Drawing, QuestionPool, Wanted
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.round import machine
from bot.quiz.round.effects import EditLeadIn, Effect, Message, Post, PostNotice, PostQuestion, Tell
from bot.quiz.round.events import Event, Posted, Pressed, Submitted, TimePassed
from bot.quiz.round.machine import handle, start
from bot.quiz.round.state import Asking, Click, Round, Setup
from bot.quiz.round.turn import Turn

START = 1_700_000_000.25


def wrong(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "misconception": f"believes {text}", "experiment": "dropout-cost"} for text in texts]


QUESTIONS: list[dict[str, object]] = [
    {"id": "one", "kind": "choice", "ask": "Which?", "explain": "So.", "right": ["yes", "indeed"],
     "wrong": wrong("no", "never", "perhaps", "who knows")},
    {"id": "many", "kind": "multi", "ask": "Which of these?", "explain": "So.", "right": ["a", "b", "c", "d"],
     "wrong": wrong("x", "y", "z", "w")},
    {"id": "words", "kind": "open", "ask": "Why?", "explain": "So."},
    {"id": "number", "kind": "predict", "ask": "β = {beta}: how many steps?", "explain": "So.",
     "experiment": "momentum", "settings": {"beta": [0.9, 0.99], "kappa": [100]}, "metric": "beta_steps",
     "unit": "steps"},
    {"id": "more", "kind": "predict", "ask": "Which has more?", "explain": "So.", "experiment": "dying-relu",
     "settings": {"lr": [0.4]}, "metric": "relu_dead", "unit": "%", "scale": 100,
     "cases": [{"text": "ReLU"}, {"text": "leaky", "metric": "leaky_dead"}, {"text": "slow", "settings": {"lr": 0.1}}]},
]  # fmt: skip
NEWER: list[dict[str, object]] = [  # of the kinds that came later
    {"id": "sorted", "kind": "order", "ask": "Least first?", "explain": "So.",
     "items": ["one", "two", "three", "four"]},
    {"id": "ranked", "kind": "order", "ask": "Most first?", "explain": "So.", "experiment": "dying-relu",
     "most": "first", "items": [{"text": "ReLU", "metric": "relu_dead"}, {"text": "leaky", "metric": "leaky_dead"},
                                {"text": "slow", "metric": "relu_dead", "settings": {"lr": 0.1}}]},
    {"id": "worked", "kind": "calculate", "ask": "β = {beta}: how many?", "explain": "So.", "unit": "steps",
     "settings": {"beta": [0.9, 0.99]}, "formula": "1 / (1 - beta)", "working": "1/(1 - {beta}) = {answer}"},
    {"id": "lines", "kind": "code", "ask": "Which line?", "explain": "So.", "code": "v = beta * g\nw = w - v",
     "faulty": 1, "misconceptions": {"2": "believes it"}},
    {"id": "plot", "kind": "picture", "ask": "Which curve?", "explain": "So.", "experiment": "momentum",
     "settings": {"kappa": 50}, "seed": 3, "curves": ["β 0", "β 0.9", "β 0.99"], "curve": "β 0.9"},
]  # fmt: skip


def topic(topic_id: str, questions: Sequence[dict[str, object]] = QUESTIONS) -> Topic:
    """A topic with these questions and as little else as can be."""
    asks = [f"{topic_id} {n}" for n in range(5)]
    return Topic.model_validate(
        {"id": topic_id, "title": topic_id, "question": "Why?", "answer": "So.", "asks": asks, "questions": questions},
        context={KINDS: Kinds()},
    )


@pytest.fixture(scope="session")
def small() -> Curriculum:
    """Three topics, five questions each."""
    return Curriculum(topics=(topic("alpha"), topic("beta"), topic("gamma")))


def pool(curriculum: Curriculum) -> QuestionPool:
    """All its questions."""
    return QuestionPool(curriculum, Kinds())


def drawn(curriculum: Curriculum, *kinds: str, seed: str = "s") -> Drawing:
    """One question of each of these kinds, in this order, and as many choices to stand by as there are."""
    by_kind = {
        kind: pool(curriculum)
        .draw(Wanted(20, kinds=["predict" if kind == "compare" else kind]), Chance(seed))
        .questions
        for kind in {*kinds, "choice"}
    }
    used: dict[str, list[DrawnQuestion]] = {kind: [q for q in by_kind[kind] if q.kind == kind] for kind in by_kind}
    questions = tuple(used[kind].pop(0) for kind in kinds)
    return Drawing(questions, tuple(used["choice"])[:2])


@dataclass
class Driver:
    """A round, its clock, and everything it wanted. Discord's clock and the host's agree, posts appear when asked."""

    round: Round
    now: float = START
    effects: list[Effect] = field(default_factory=list)
    ids: int = 100

    @classmethod
    def begun(cls, drawing: Drawing, **setup: object) -> "Driver":
        given: dict[str, object] = {"id": "r1", "channel": 7, "starter": 1, "secret": "hush", **setup}
        round_, effects = start(Setup(**given), drawing, START)  # type: ignore[arg-type]
        return cls(round_, START, list(effects))

    def send(self, event: Event) -> list[Effect]:
        """Sends an event through its plain form, and keeps the round in its plain form in between."""
        event = machine.event_of(_journaled(machine.of_event(event)))
        kept = machine.round_of(_journaled(machine.of_round(self.round)), Kinds())
        assert kept == self.round
        round_, effects = handle(kept, event, self.now)
        assert [machine.effect_of(_journaled(machine.of_effect(effect))) for effect in effects] == list(effects)
        self.round = round_
        self.effects += effects
        return list(effects)

    def until(self, now: float) -> list[Effect]:
        """Lets time pass, waking the round when it asked for it; every post is confirmed at once."""
        seen = self.confirm()
        while (due := self.due()) is not None and due <= now:
            self.now = max(self.now, due)
            seen += self.send(TimePassed()) + self.confirm()
            if self.due() == due:  # nothing came of it: something else is awaited
                break
        self.now = max(self.now, now)
        return seen

    def due(self) -> float | None:
        """When the round wants to be woken."""
        return self.round.host_due

    def confirm(self, delay: float = 0.0) -> list[Effect]:
        """Confirms all posts, as appearing `delay` after now."""
        seen: list[Effect] = []
        for post in self.round.outbox:
            seen += self.send(Posted(post.step, self.message(post, delay)))
        return seen

    def message(self, post: Post, delay: float = 0.0) -> Message:
        if isinstance(post, EditLeadIn):
            return post.message
        edits = hasattr(post, "turn") and not isinstance(post, PostQuestion | PostNotice)
        turn = self.round.turns[post.turn] if edits else None
        if turn is not None and turn.message is not None:
            return turn.message
        self.ids += 1
        return Message(self.ids, self.now + delay)

    def click(self, member: int, at: float | None = None, moderator: bool = False) -> Click:
        self.ids += 1
        return Click(self.ids, self.now if at is None else at, member, f"m{member}", moderator)

    def press(self, member: int, *picks: int, at: float | None = None, turn: int | None = None) -> Tell:
        number = self.turn.number if turn is None else turn
        effects = self.send(Pressed(number, self.click(member, at), picks))
        return next(effect for effect in effects if isinstance(effect, Tell))

    def submit(self, member: int, text: str, at: float | None = None, opened: float | None = None) -> Tell:
        click = self.click(member, at)
        opened = click.at if opened is None else opened
        effects = self.send(Submitted(self.turn.number, click, opened, text))
        return next(effect for effect in effects if isinstance(effect, Tell))

    @property
    def turn(self) -> Turn:
        return self.round.turns[-1]

    @property
    def asking(self) -> bool:
        return isinstance(self.round.phase, Asking)

    def right(self, *, wrong: bool = False) -> int:
        """A right option of the open choice, or a wrong one."""
        return next(i for i, option in enumerate(self.turn.question.options) if option.right is not wrong)

    def asked(self) -> "Driver":
        """Waits for the next question to be open."""
        while not self.asking:
            before = self.round
            self.until(self.round.phase.until)  # type: ignore[union-attr]
            assert self.round is not before
        self.confirm()
        return self


def _journaled(value: object) -> object:
    """A plain value as it comes back from the journal."""
    return json.loads(json.dumps(value, allow_nan=False))


def of(effects: Sequence[Effect], kind: type) -> list[Effect]:
    """Those effects that are of a kind."""
    return [effect for effect in effects if isinstance(effect, kind)]
