"""The round as a state machine: what each phase accepts, and who handles it."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.quiz.drawing import Drawing
from bot.quiz.round import answering, asking, closing, controls, outbox, resuming, reviews
from bot.quiz.round.effects import Effect, PostLeadIn, PostQuestion, ScheduleAt, Told
from bot.quiz.round.events import (
    Appealed,
    AppealJudged,
    Event,
    Flagged,
    FlagJudged,
    GoingDown,
    Graded,
    NextAsked,
    OpenedModal,
    PassedOn,
    PlaceLost,
    Posted,
    Pressed,
    Ran,
    Refused,
    Resumed,
    RunFailed,
    SkipAsked,
    Stopped,
    Submitted,
    TimePassed,
)
from bot.quiz.round.state import Asking, Closing, Ended, LeadIn, Pause, Phase, Round, Setup, Step
from bot.quiz.round.timing import wake

# An answer made in time, its grade and its dispute may come in any later phase: they concern a question, not the phase.
_OF_A_QUESTION = (
    Pressed,
    OpenedModal,
    Submitted,
    Graded,
    Ran,
    RunFailed,
    Flagged,
    FlagJudged,
    Appealed,
    AppealJudged,
)
_ANY_TIME = (Posted, Refused, PassedOn, TimePassed, PlaceLost, GoingDown, Resumed)
ACCEPTS: Mapping[type[Phase], tuple[type[Event], ...]] = {
    LeadIn: (*_ANY_TIME, Stopped),
    Asking: (*_ANY_TIME, *_OF_A_QUESTION, SkipAsked, NextAsked, Stopped),
    Closing: (*_ANY_TIME, *_OF_A_QUESTION, Stopped),
    Pause: (*_ANY_TIME, *_OF_A_QUESTION, Stopped),
    Ended: (*_ANY_TIME, *_OF_A_QUESTION),
}

SLACK = 0.05  # seconds that a timer may be off; presses refine what we know of Discord's clock all the time


def start(setup: Setup, drawing: Drawing, now: float) -> Step:
    """A round that has just been started at `now`."""
    until = float(math.ceil(now + setup.lead_in))
    round_ = Round(setup, drawing.questions, drawing.spares, LeadIn(until), host_now=now)
    round_, post = outbox.posted(round_, "lead", lambda step: PostLeadIn(step, until))
    return round_, (post, ScheduleAt(until))


def handle(round_: Round, event: Event, now: float) -> Step:
    """What becomes of the round, and what is to be done about it, in order. The same event twice changes nothing."""
    due = _due(round_)
    round_ = _timed(round_, event, now)
    accepted = isinstance(event, ACCEPTS[type(round_.phase)])
    round_, effects = _handled(round_, event) if accepted else (round_, _declined(event))
    round_ = outbox.sent(round_, effects)
    at = _due(round_)
    moved = at is not None and (due is None or abs(at - due) > SLACK)
    if at is not None and (moved or isinstance(event, TimePassed | Resumed)):
        effects = (*effects, ScheduleAt(at))
    return round_, effects


def _due(round_: Round) -> float | None:
    """When to wake the round, by the host's clock."""
    at = wake(round_)
    return None if at is None else at - round_.skew


def _timed(round_: Round, event: Event, now: float) -> Round:
    """The clock never goes back. Whatever bears a time of Discord's shows how far its clock is from ours."""
    round_ = replace(round_, host_now=max(now, round_.host_now))
    if isinstance(event, Posted):
        return replace(round_, skew=min(max(round_.skew, event.message.at - now), _most(round_, event)))
    click = getattr(event, "click", None)
    return replace(round_, skew=max(round_.skew, click.at - now)) if click is not None else round_


def _most(round_: Round, event: Posted) -> float:
    """A question appears after it was sent: their clock is ahead of ours by this much at most."""
    for post in round_.outbox:
        if post.step == event.step and isinstance(post, PostQuestion):
            return event.message.at - round_.turns[post.turn].host_sent
    return math.inf


def _declined(event: Event) -> tuple[Effect, ...]:
    click = getattr(event, "click", None)
    return () if click is None else (answering.tell(click, Told.NOT_OPEN, getattr(event, "turn", None)),)


def _handled(round_: Round, event: Event) -> Step:  # noqa: PLR0911, PLR0912 - a table
    match event:
        case Posted():
            return asking.posted(round_, event)
        case TimePassed():
            return closing.time_passed(round_)
        case Pressed():
            return answering.pressed(round_, event)
        case OpenedModal():
            return answering.opened(round_, event)
        case Submitted():
            return answering.submitted(round_, event)
        case SkipAsked():
            return controls.skip_asked(round_, event)
        case NextAsked():
            return controls.next_asked(round_, event)
        case Stopped():
            return controls.stopped(round_, event)
        case Graded():
            return closing.graded(round_, event)
        case Ran():
            return closing.ran(round_, event)
        case RunFailed():
            return closing.run_failed(round_, event)
        case Flagged():
            return reviews.flagged(round_, event)
        case FlagJudged():
            return reviews.flag_judged(round_, event)
        case Appealed():
            return reviews.appealed(round_, event)
        case AppealJudged():
            return reviews.appeal_judged(round_, event)
        case PlaceLost():
            return controls.place_lost(round_, event)
        case Refused():
            return controls.refused(round_, event)
        case PassedOn():
            return outbox.passed_on(round_, event.errand), ()
        case GoingDown():
            return resuming.going_down(round_)
        case Resumed():
            return resuming.resumed(round_, event)
        case _:
            assert_never(event)
