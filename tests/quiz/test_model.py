"""The model check: answers in any order, however late and however often, score what a plain reckoning says.

A room of members answers through a line that delays, repeats and reorders; the bot is killed and comes back at any
moment, its state being what the journal holds. The reckoning knows only who did what when, by Discord's clock.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.curriculum.model import Curriculum
from bot.quiz.round.disputes import Appealed, AppealJudged, Flagged, FlagJudged, ReviewersFound
from bot.quiz.round.effects import DrawPicture, Message, OpenModal, PostLeadIn, PostQuestion, PostTable
from bot.quiz.round.events import (
    ChannelLost,
    Event,
    NextAsked,
    OpenedModal,
    Pressed,
    SkipAsked,
    Stopped,
    Submitted,
    TimePassed,
)
from bot.quiz.round.interruptions import GoingDown, Resumed, StorageBack
from bot.quiz.round.machine import named_in, without
from bot.quiz.round.state import Asking, Click, Ended, Round
from bot.quiz.scoring import standing
from tests.quiz.conftest import NEWER, QUESTIONS, Driver, drawn, topic
from tests.quiz.room import Room, Said, points_of, reveal_of, table_of

MEMBERS = st.integers(10, 14)
KINDS = ("choice", "multi", "open", "predict", "compare", "order", "calculate", "code", "picture")
PICKS = st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True)
TEXTS = ("100", "250", "about 90", "why not", "BADC", "2 1 3", "CAB", "AABC", "10 steps", "1e2 steps", "90 epochs")


class Rounds(RuleBasedStateMachine):
    """Any course a round can take."""

    @initialize(
        order=st.permutations(KINDS),
        window=st.sampled_from([10.0, 20.0, None]),
        broken=st.sampled_from([(), (0, 1, 2)]),
        late=st.booleans(),
    )
    def begin(self, order: list[str], window: float | None, broken: tuple[int, ...], late: bool) -> None:
        small = Curriculum(topics=tuple(topic(name, [*QUESTIONS, *NEWER]) for name in ("alpha", "beta", "gamma")))
        driver = Driver.begun(drawn(small, *order[:3]), window=window, pause=3.0)
        self.late = late  # what is held comes after the end only, and so do disputes
        self.room = Room(driver, broken=frozenset(broken))
        self.driver = self.room.driver
        self.room.queue += self.driver.round.outbox
        self.room.line += [self.room.drawn(one) for one in driver.effects if isinstance(one, DrawPicture)]
        self.room.posted(held=False)
        self.driver.now += 16
        self.room.send(TimePassed())
        self.room.posted(held=late)
        self.opened: list[tuple[int, int, float]] = []

    def _open(self) -> bool:
        return hasattr(self, "driver") and bool(self.driver.round.turns)

    @rule(seconds=st.sampled_from([0.3, 1.0, 2.5, 6.0, 15.0]))
    def time_passes(self, seconds: float) -> None:
        self.driver.now += seconds
        self.room.send(TimePassed())
        turn = self.driver.round.current
        if turn and turn.message and turn.waiting is None and self.driver.asking:  # it says that it is open
            assert turn.closes is None or self.driver.round.now < turn.closes or not turn.writing

    @rule(held=st.booleans())
    def posts_appear(self, held: bool) -> None:
        self.room.posted(held)

    @precondition(_open)
    @rule(answers=st.lists(st.tuples(MEMBERS, PICKS, st.sampled_from(TEXTS), st.booleans()), min_size=1, max_size=4))
    def members_answer(self, answers: list[tuple[int, list[int], str, bool]]) -> None:
        message = self._message()
        if message is None:  # not there yet: nobody can press it
            return
        turn = self.driver.turn
        for member, picks, text, held in answers:
            click = self._click(member)
            if turn.question.way.picks:
                self._say(Pressed(turn.number, click, tuple(picks), message), held)
                self.room.said.append(Said(click.id, click.at, member, turn.number, tuple(picks), "", None))
            else:
                self.room.send(OpenedModal(turn.number, click, message))  # by it the form is had
                click = self._click(member)
                self._say(Submitted(turn.number, click, click.at, text), held)
                self.room.said.append(Said(click.id, click.at, member, turn.number, (), text, click.at))

    @precondition(_open)
    @rule(member=MEMBERS)
    def a_form_is_opened(self, member: int) -> None:
        message = self._message()
        if message is None:
            return
        event, before = OpenedModal(self.driver.turn.number, self._click(member), message), len(self.room.effects)
        self.room.send(event)
        if any(isinstance(effect, OpenModal) for effect in self.room.effects[before:]):
            self.opened.append((event.turn, member, event.click.at))

    @precondition(lambda self: getattr(self, "opened", []))
    @rule(data=st.data(), text=st.sampled_from(TEXTS), held=st.booleans())
    def a_form_comes_back(self, data: st.DataObject, text: str, held: bool) -> None:
        turn, member, at = data.draw(st.sampled_from(self.opened))
        click = self._click(member)
        self._say(Submitted(turn, click, at, text), held)
        self.room.said.append(Said(click.id, click.at, member, turn, (), text, at))

    @precondition(lambda self: getattr(self, "room", None) and self.room.line)
    @rule(data=st.data(), again=st.booleans())
    def the_line_delivers(self, data: st.DataObject, again: bool) -> None:
        at = data.draw(st.integers(0, len(self.room.line) - 1))
        event = self.room.line[at] if again else self.room.line.pop(at)
        self.room.send(event)

    @rule(down=st.sampled_from([0.0, 1.0, 4.0, 30.0]), killed=st.booleans())
    def killed_and_back(self, down: float, killed: bool) -> None:
        since = self.driver.now
        self.driver.now += down
        if killed:  # what the process was about to find out or to hear of its posts died with it
            self.room.line = [event for event in self.room.line if isinstance(event, Pressed | Submitted)]
            self.room.queue.clear()
        self.room.send(Resumed(since, killed))

    @rule(stood=st.sampled_from([1.0, 30.0]))
    def nothing_could_be_kept(self, stood: float) -> None:
        since = self.driver.now
        self.driver.now += stood
        self.room.send(StorageBack(since))

    @precondition(_open)
    @rule(
        data=st.data(),
        member=MEMBERS,
        what=st.sampled_from(["skip", "flag", "reject", "accept", "appeal", "right", "wrong", "next", "down"]),
    )
    def a_member_interferes(self, data: st.DataObject, member: int, what: str) -> None:
        turn, click = data.draw(st.integers(0, self.driver.turn.number)), self.driver.click(member)
        ruler = self.driver.click(1)
        events: dict[str, Event] = {
            "skip": SkipAsked(turn, click),
            "flag": Flagged(turn, click),
            "reject": FlagJudged(turn, ruler, False),
            "accept": FlagJudged(turn, ruler, True),
            "appeal": Appealed(turn, click),
            "right": AppealJudged(turn, member, ruler, True),
            "wrong": AppealJudged(turn, member, ruler, False),
            "next": NextAsked(turn, ruler),
            "down": GoingDown(),
        }
        self.room.send(events[what])

    @rule(ways=st.sets(st.sampled_from(["reviews", "starter", "channel"])))
    def reviewers_come_and_go(self, ways: set[str]) -> None:
        self.room.reachable = ways
        if "reviews" in ways:
            self.room.send(ReviewersFound())

    @precondition(_open)
    @rule(one_in_eight=st.integers(0, 7), how=st.sampled_from(["stop", "lost", "skip"]))
    def the_starter_has_enough(self, one_in_eight: int, how: str) -> None:
        click = self.driver.click(1)
        ways: dict[str, Event] = {
            "stop": Stopped(click),
            "lost": ChannelLost("channel-gone"),
            "skip": SkipAsked(self.driver.turn.number, click),
        }
        if one_in_eight == 0:
            self.room.send(ways[how])

    def _click(self, member: int) -> Click:
        """Nobody does two things at once; and members change what they are called."""
        self.driver.now += 0.001
        click = self.driver.click(member)
        return replace(click, name=f"{member}, once {click.id}")

    def _message(self) -> Message | None:
        return self.driver.turn.message or self.room.there.get(self.driver.turn.number)

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

    @invariant()
    def all_who_are_in_it_are_named(self) -> None:
        if hasattr(self, "room"):
            round_ = self.driver.round
            named = named_in(round_)
            assert named == {one for one in {*range(1, 20), *named} if without(round_, one) != round_}

    def teardown(self) -> None:
        """The round ends, everything still on the line arrives, and then both agree."""
        if not hasattr(self, "room"):
            return
        late = [event for event in self.room.line if self.late and isinstance(event, Pressed | Submitted)]
        self.room.line = [event for event in self.room.line if event not in late]
        self._to_the_end()
        self.room.line += late
        if self.late:
            for turn in self.driver.round.turns:
                for member in list(turn.answers)[:1]:
                    self.room.send(Appealed(turn.number, self.driver.click(member)))
                    self.room.send(AppealJudged(turn.number, member, self.driver.click(1), True))
        self._to_the_end()
        reckoned = self.room.reckoned()
        placed = {place.member: place.points for place in standing(self.driver.round)}
        assert set(placed) <= set(reckoned)
        assert {member: placed.get(member, 0.0) for member in reckoned} == {
            member: round(total, 2) for member, total in reckoned.items()
        }
        self._check_what_is_told(self.driver.round)

    def _to_the_end(self) -> None:
        for _ in range(60):
            self.room.posted(held=False)
            while self.room.line:
                self.room.send(self.room.line.pop())
            if isinstance(self.driver.round.phase, Ended) and not self.driver.round.outbox:
                break
            self.driver.now += 20
            if isinstance(self.driver.round.phase, Asking):
                self.room.send(NextAsked(self.driver.turn.number, self.driver.click(1)))
            self.room.send(TimePassed())
        assert isinstance(self.driver.round.phase, Ended)

    def _check_what_is_told(self, round_: Round) -> None:
        """What was recorded, what stands in the channel and what members are called is what the round holds."""
        assert not round_.news
        self._check_where_disputes_are(round_)
        assert self.room.recorded == points_of(round_)
        assert all(round_.names[member].name == name for member, (_, name) in self.room.names.items())
        assert all(turn.revealed for turn in round_.turns)
        if not round_.lost:
            assert self.room.table == table_of(round_)
            assert self.room.shown == {turn.number: reveal_of(round_, turn.number) for turn in round_.turns}

    def _check_where_disputes_are(self, round_: Round) -> None:
        """Whatever is not decided is before somebody, or stands in the channel, or whoever disputes has been told."""
        waiting = {(one.dispute.what, one.dispute.turn, one.dispute.member) for one in round_.unreached}
        open_disputes = [("flag", turn, turn.flagged_by[0]) for turn in round_.turns if turn.flag == "asked"]
        open_disputes += [
            ("appeal", turn, who) for turn in round_.turns for who in turn.appeals if turn.appeals[who] == "asked"
        ]
        for what, turn, who in open_disputes:
            about = (what, turn.number, 0 if what == "flag" else who)
            if not turn.void and about not in self.room.asked:
                assert (what, turn.number, who) in waiting
                assert self.room.waiting or (turn.number, who) in self.room.told_nobody
        assert self.room.waiting == (len(waiting) or None if round_.waiting_message else None)


Rounds.TestCase.settings = settings(
    max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRounds = Rounds.TestCase


@pytest.mark.slow
class TestManyRounds(Rounds.TestCase):  # type: ignore[name-defined, misc]
    settings = settings(Rounds.TestCase.settings, max_examples=150)
