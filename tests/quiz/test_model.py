"""The model check: answers in any order, however late and however often, score what a plain reckoning says.

A room of members answers through a line that delays, repeats and reorders; the bot is killed and comes back at any
moment, its state being what the journal holds. The reckoning knows only who did what when, by Discord's clock.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.curriculum.model import Curriculum
from bot.quiz.round.effects import (
    EditReveal,
    OpenModal,
    PostLeadIn,
    PostQuestion,
    PostTable,
)
from bot.quiz.round.events import (
    Appealed,
    Event,
    Flagged,
    FlagJudged,
    GoingDown,
    OpenedModal,
    PlaceLost,
    Pressed,
    Resumed,
    SkipAsked,
    Stopped,
    Submitted,
    TimePassed,
)
from bot.quiz.round.state import Asking, Ended
from bot.quiz.scoring import standing
from tests.quiz.conftest import Driver, posed, topic
from tests.quiz.room import Room, Said

MEMBERS = st.integers(10, 14)
KINDS = ("choice", "multi", "open", "predict", "compare")
TEXTS = ("100", "250", "about 90", "why not")


class Rounds(RuleBasedStateMachine):
    """Any course a round can take."""

    @initialize(order=st.permutations(KINDS), window=st.sampled_from([10.0, 20.0]))
    def begin(self, order: list[str], window: float) -> None:
        small = Curriculum(topics=(topic("alpha"), topic("beta"), topic("gamma")))
        self.room = Room(Driver.begun(posed(small, *order[:3]), window=window, pause=3.0))
        self.driver = self.room.driver
        self.opened: list[tuple[int, int, float]] = []

    def _open(self) -> bool:
        return hasattr(self, "driver") and bool(self.driver.round.turns)

    @rule(seconds=st.sampled_from([0.3, 1.0, 2.5, 6.0, 15.0]))
    def time_passes(self, seconds: float) -> None:
        self.driver.now += seconds
        self.room.send(TimePassed())

    @rule()
    def posts_are_confirmed(self) -> None:
        self.room.effects += self.driver.confirm()

    @precondition(_open)
    @rule(member=MEMBERS, pick=st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True), held=st.booleans())
    def a_member_presses(self, member: int, pick: list[int], held: bool) -> None:
        if self.driver.turn.message is None:  # not there yet: nobody can press it
            return
        click = self.driver.click(member)
        self._say(Pressed(self.driver.turn.number, click, tuple(pick)), held)
        self.room.said.append(Said(click.id, click.at, member, self.driver.turn.number, tuple(pick), "", None))

    @precondition(_open)
    @rule(member=MEMBERS)
    def a_form_is_opened(self, member: int) -> None:
        if self.driver.turn.message is None:
            return
        event = OpenedModal(self.driver.turn.number, self.driver.click(member))
        effects = self.driver.send(event)
        if any(isinstance(effect, OpenModal) for effect in effects):
            self.opened.append((event.turn, member, event.click.at))

    @precondition(lambda self: getattr(self, "opened", []))
    @rule(data=st.data(), text=st.sampled_from(TEXTS), held=st.booleans())
    def a_form_comes_back(self, data: st.DataObject, text: str, held: bool) -> None:
        turn, member, at = data.draw(st.sampled_from(self.opened))
        click = self.driver.click(member)
        self._say(Submitted(turn, click, at, text), held)
        self.room.said.append(Said(click.id, click.at, member, turn, (), text, at))

    @precondition(lambda self: getattr(self, "room", None) and self.room.line)
    @rule(data=st.data(), again=st.booleans())
    def the_line_delivers(self, data: st.DataObject, again: bool) -> None:
        at = data.draw(st.integers(0, len(self.room.line) - 1))
        event = self.room.line[at] if again else self.room.line.pop(at)
        self.room.send(event)

    @rule(down=st.sampled_from([0.0, 1.0, 4.0, 30.0]))
    def killed_and_back(self, down: float) -> None:
        since = self.driver.now
        self.driver.now += down
        self.room.send(Resumed(since))

    @precondition(_open)
    @rule(member=MEMBERS, what=st.sampled_from(["skip", "flag", "reject", "accept", "appeal", "down"]))
    def a_member_interferes(self, member: int, what: str) -> None:
        turn, click = self.driver.turn.number, self.driver.click(member)
        ruler = self.driver.click(1)
        events: dict[str, Event] = {
            "skip": SkipAsked(turn, click),
            "flag": Flagged(turn, click),
            "reject": FlagJudged(turn, ruler, False),
            "accept": FlagJudged(turn, ruler, True),
            "appeal": Appealed(turn, click),
            "down": GoingDown(),
        }
        self.room.send(events[what])

    @precondition(_open)
    @rule(one_in_eight=st.integers(0, 7), how=st.sampled_from(["stop", "lost", "skip"]))
    def the_starter_has_enough(self, one_in_eight: int, how: str) -> None:
        click = self.driver.click(1)
        ways: dict[str, Event] = {
            "stop": Stopped(click),
            "lost": PlaceLost("channel-gone"),
            "skip": SkipAsked(self.driver.turn.number, click),
        }
        if one_in_eight == 0:
            self.room.send(ways[how])

    def _say(self, event: Event, held: bool) -> None:
        if held:
            self.room.line.append(event)
        else:
            self.room.send(event)

    @invariant()
    def what_was_acknowledged_is_kept(self) -> None:
        if hasattr(self, "room"):
            for turn, member in self.room.acknowledged:
                assert member in self.driver.round.turns[turn].answers

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        if hasattr(self, "room"):
            steps = {post.step for post in self.room.effects if isinstance(post, PostQuestion | PostTable | PostLeadIn)}
            assert sum(step.startswith("table") for step in steps) <= 1
            assert len({step.split(".")[0] for step in steps}) == len(steps)

    def teardown(self) -> None:
        """Everything still on the line arrives, the round ends, and then both agree."""
        if not hasattr(self, "room"):
            return
        for _ in range(60):
            self.room.effects += self.driver.confirm()
            while self.room.line:
                self.room.send(self.room.line.pop())
            if isinstance(self.driver.round.phase, Ended):
                break
            self.driver.now += 20
            self.room.send(TimePassed())
        assert isinstance(self.driver.round.phase, Ended)
        reckoned = self.room.reckoned()
        placed = {place.member: place.points for place in standing(self.driver.round)}
        assert set(placed) <= set(reckoned)
        assert {member: placed.get(member, 0.0) for member in reckoned} == {
            member: round(total, 2) for member, total in reckoned.items()
        }
        for turn in self.driver.round.turns:
            assert turn.revealed
            assert self.driver.round.lost or any(
                isinstance(e, EditReveal) and e.turn == turn.number for e in self.room.effects
            )


Rounds.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRounds = Rounds.TestCase


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_same_answers_in_any_order_and_repeated_give_the_same_round(small: Curriculum, data: st.DataObject) -> None:
    drawing = posed(small, "multi")
    answers = st.tuples(MEMBERS, st.floats(0, 22), st.lists(st.integers(0, 4), min_size=1, max_size=4, unique=True))
    first = Driver.begun(drawing).asked()
    opens = first.turn.opens
    said = data.draw(st.lists(answers, max_size=12))
    events = [
        Pressed(0, first.click(member, opens + after), tuple(picks))
        for member, after, picks in sorted(said, key=lambda one: one[1])
    ]
    shuffled = data.draw(st.permutations([*events, *events[:3]]))
    results = []
    for course in (events, shuffled):
        driver = Driver.begun(drawing).asked()
        assert isinstance(driver.round.phase, Asking)
        driver.now = opens + 20.5
        for event in course:
            driver.send(event)
        driver.until(opens + 60)
        results.append((standing(driver.round), driver.turn.answers))
    assert results[0] == results[1]
