"""What can be done with a round from outside: start it, take it over an event, take a member out; and its JSON.

Here stand time and order; what each event makes of a round, and in which phases, stands with the event.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.quiz.drawing import Drawing
from bot.quiz.kinds import CONTEXT, Kinds
from bot.quiz.kinds.base import Answer
from bot.quiz.round.disputes import settled, taken_back, without_disputer
from bot.quiz.round.effects import (
    AskReview,
    EditTable,
    Effect,
    PostLeadIn,
    PostQuestion,
    ScheduleAt,
    TellMember,
    TellStarter,
    Told,
)
from bot.quiz.round.events import Event, Posted, TimePassed
from bot.quiz.round.interruptions import Resumed
from bot.quiz.round.state import NOBODY, Ended, LeadIn, Round, Setup, Step
from bot.quiz.round.turn import Turn
from bot.quiz.scoring import points

SLACK = 0.05  # seconds that a timer may be off; presses refine what we know of Discord's clock all the time
FORMAT = 2  # that rounds and events are written in; 1 is that of the versions before the first release
V = TypeVar("V")


def start(setup: Setup, drawing: Drawing, now: float) -> Step:
    """A round that has just been started at `now`. That of a question of the day is not announced."""
    until = float(math.ceil(now + setup.lead_in))
    round_ = Round(setup, drawing.questions, drawing.spares, LeadIn(until), host_now=now)
    if setup.of_the_day:
        return round_, (*round_.drawing, ScheduleAt(until))
    round_, post = round_.posting("lead", lambda step: PostLeadIn(step, until))
    return round_, (*post, *round_.drawing, ScheduleAt(until))


def handle(round_: Round, event: Event, now: float) -> Step:
    """What becomes of the round, and what is to be done about it, in order. The same event twice changes nothing."""
    due, skew, click = round_.host_due, round_.skew, getattr(event, "click", None)
    # The clock never goes back. Whatever bears a time of Discord's shows how far its clock is from ours.
    if isinstance(event, Posted):
        skew = min(max(skew, event.message.at - now), _most(round_, event))
    elif click is not None:
        skew = max(skew, click.at - now)
    round_ = replace(round_, host_now=max(now, round_.host_now), skew=skew)
    round_, effects = event.happens(round_) if type(round_.phase) in event.phases else (round_, _declined(event))
    round_, more = settled(round_)
    effects = (*effects, *more)
    for effect in effects:
        if isinstance(effect, TellStarter | AskReview | TellMember) and effect not in round_.news:
            round_ = replace(round_, news=(*round_.news, effect))
    at = round_.host_due
    moved = at is not None and (due is None or abs(at - due) > SLACK)
    if at is not None and (moved or isinstance(event, TimePassed | Resumed)):
        effects = (*effects, ScheduleAt(at))
    return round_, effects


def _most(round_: Round, event: Posted) -> float:
    """A question appears after it was sent: their clock is ahead of ours by this much at most."""
    post = round_.post(event.step)
    return event.message.at - round_.turns[post.turn].host_sent if isinstance(post, PostQuestion) else math.inf


def _declined(event: Event) -> tuple[Effect, ...]:
    click, turn = getattr(event, "click", None), getattr(event, "turn", None)
    return () if click is None else (click.told(Told.OVER if turn is None else Told.NOT_OPEN, turn),)


def without(round_: Round, member: int) -> Round:
    """The round without a member: neither their name nor a word of theirs is left. What they earned stays as that of
    somebody, and the points of others as they are."""
    starter = NOBODY if round_.setup.starter == member else round_.setup.starter
    earned = {one.number: points(one, one.counting[member]) or 0.0 for one in round_.turns if member in one.counting}
    ended = isinstance(round_.phase, Ended)  # what is taken back while a question is open has earned nothing
    left = replace(
        round_,
        setup=replace(round_.setup, starter=starter),
        forgotten=(*round_.forgotten, earned) if earned and ended else round_.forgotten,
        turns=tuple(_turn(turn, member) for turn in round_.turns),
        names=_left(round_.names, member),
        news=tuple(one for one in round_.news if isinstance(one, TellStarter) or one.member != member),
        stopped_by=_anyone(round_.stopped_by, member),
    )
    return without_disputer(left, member)


def named_in(round_: Round) -> frozenset[int]:
    """All members of whom anything is in a round: who flags a question, rules or starts a round need not play."""
    told = (one for one in round_.news if not isinstance(one, TellStarter))
    disputes = (
        *round_.with_starter,
        *(one.dispute for one in (*round_.with_reviewers, *round_.shown_in)),
        *(one.dispute for one in round_.unreached),
    )
    found = {round_.setup.starter, round_.stopped_by, *round_.names, *(one.member for one in (*told, *disputes))}
    for turn in round_.turns:
        ruled = (member for one in turn.rulings for member in (one.about, one.by))
        found |= {*turn.answers, *turn.modals, *turn.appeals, *turn.votes, *turn.flagged_by, turn.ended_by, *ruled}
        found |= {*turn.saw, *turn.final}
    return frozenset(member for member in found if member)


def forgetting(round_: Round, member: int) -> Step:
    """The round without a member, and the edits that take their name out of what was posted of it."""
    left, effects = taken_back(round_, member)
    left = without(left, member)
    if not isinstance(round_.phase, Ended) or round_.lost:
        return left, effects
    for turn in round_.turns:
        if turn.revealed and turn.message and (member in turn.answers or turn.ended_by == member):
            left, edit = left.revealed(turn.number)
            effects = (*effects, *edit)
    if round_.turns and (member in round_.players or round_.stopped_by == member):
        left, edit = left.posting("table", EditTable)
        effects = (*effects, *edit)
    return left, effects


def _turn(turn: Turn, member: int) -> Turn:
    locked = turn.answers.get(member)
    answers = _left(turn.answers, member)
    return replace(
        turn,
        answers=answers,
        modals=_left(turn.modals, member),
        appeals=_left(turn.appeals, member),
        grades={one.id: turn.grades[one.id] for one in answers.values() if one.id in turn.grades}
        if locked
        else turn.grades,
        accepted=_accepted(turn, locked.answer, [one.answer for one in answers.values()]) if locked else turn.accepted,
        rulings=tuple(one for one in turn.rulings if member not in (one.about, one.by)),
        votes=tuple(one for one in turn.votes if one != member),
        saw=tuple(one for one in turn.saw if one != member),
        final=tuple(one for one in turn.final if one != member),
        ended_by=_anyone(turn.ended_by, member),
        flagged_by=tuple(one for one in turn.flagged_by if one != member),
    )


def _accepted(turn: Turn, gone: Answer, others: list[Answer]) -> tuple[Answer, ...]:
    """What was accepted; where others had it like the one who is gone, in their words, or as the bare number."""
    heir = next((one for one in others if turn.question.alike(one, gone)), None)
    left = replace(gone, text="") if heir and gone.number is not None else heir
    accepted = (left if one == gone else one for one in turn.accepted)
    return tuple(one for one in accepted if one is not None)


def _anyone(by: int | None, gone: int) -> int | None:
    return NOBODY if by == gone else by


def _left(found: Mapping[int, V], gone: int) -> Mapping[int, V]:
    return {key: value for key, value in found.items() if key != gone}


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


def of_round(round_: Round) -> dict[str, Any]:
    """A round as a JSON object."""
    return _adapter(Round).dump_python(round_, mode="json")  # type: ignore[no-any-return]


def round_of(plain: Mapping[str, Any], kinds: Kinds, written_in: int = FORMAT) -> Round:
    """The round that `of_round` made it of, its questions of these kinds; `written_in` is the format that it is in.

    Raises ValueError where it is none.
    """
    if written_in < FORMAT:
        plain = _round_of_first_format(plain)
    return _adapter(Round).validate_python(plain, context={CONTEXT: kinds})  # type: ignore[no-any-return]


def of_event(event: Event) -> dict[str, Any]:
    """An event as a JSON object."""
    return _adapter(Event).dump_python(event, mode="json")  # type: ignore[no-any-return]


def event_of(plain: Mapping[str, Any], written_in: int = FORMAT) -> Event:
    """The event that `of_event` made it of, in that format. Raises ValueError where it is none."""
    if written_in < FORMAT:
        plain = _event_of_first_format(plain)
    return _adapter(Event).validate_python(plain)  # type: ignore[no-any-return]


def of_effect(effect: Effect) -> dict[str, Any]:
    """An effect as a JSON object."""
    return _adapter(Effect).dump_python(effect, mode="json")  # type: ignore[no-any-return]


def effect_of(plain: object) -> Effect:
    """The effect that `of_effect` made it of: tests hold effects to be plain with it. Raises ValueError."""
    return _adapter(Effect).validate_python(plain)  # type: ignore[no-any-return]


def _round_of_first_format(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was called `place` and `errands` there, and in its turns `posed` and `given`.

    `Kinds.stored` knows its questions.
    """
    setup = {("channel" if name == "place" else name): value for name, value in plain["setup"].items()}
    turns = [_turn_of_first_format(turn) for turn in plain.get("turns", [])]
    return {**plain, "setup": setup, "turns": turns, "news": plain.get("errands", [])}


def _turn_of_first_format(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = {member: {**locked, "answer": locked["given"]} for member, locked in turn.get("answers", {}).items()}
    return {**turn, "question": turn["posed"], "answers": answers}


def _event_of_first_format(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    renamed = {"place-lost": "channel-lost", "passed-on": "news-told"}
    event = {**plain, "type": renamed.get(plain["type"], plain["type"])}
    return {**event, "news": plain["errand"]} if "errand" in plain else event
