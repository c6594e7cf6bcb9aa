"""The round as a state machine: what each phase accepts, and which function takes the round over an event.

Here stand the events by which members and moderators steer a round and dispute its questions; `turns` has the way of a
question itself."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.quiz.drawing import Drawing
from bot.quiz.round.effects import (
    AskReview,
    Effect,
    OfferPhrase,
    PostLeadIn,
    PostQuestion,
    PostTable,
    RecordScores,
    ScheduleAt,
    Tell,
    TellStarter,
    Told,
)
from bot.quiz.round.events import (
    Appealed,
    AppealJudged,
    ChannelLost,
    Click,
    Event,
    Flagged,
    FlagJudged,
    GoingDown,
    Graded,
    NewsTold,
    NextAsked,
    OpenedModal,
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
    VersionChanged,
)
from bot.quiz.round.state import (
    Asking,
    Closing,
    Ended,
    Judged,
    LeadIn,
    Pause,
    Phase,
    Round,
    Ruling,
    Setup,
    Step,
    Turn,
    players,
    wake,
)
from bot.quiz.round.turns import (
    finished,
    going_down,
    graded,
    is_open,
    news_told,
    opened,
    post_confirmed,
    pressed,
    put_in_outbox,
    ran,
    rescored,
    resumed,
    run_failed,
    submitted,
    taken_out,
    tell,
    time_passed,
    version_changed,
    voided,
)

SLACK = 0.05  # seconds that a timer may be off; presses refine what we know of Discord's clock all the time


def start(setup: Setup, drawing: Drawing, now: float) -> Step:
    """A round that has just been started at `now`."""
    until = float(math.ceil(now + setup.lead_in))
    round_ = Round(setup, drawing.questions, drawing.spares, LeadIn(until), host_now=now)
    round_, post = put_in_outbox(round_, "lead", lambda step: PostLeadIn(step, until))
    return round_, (post, ScheduleAt(until))


def handle(round_: Round, event: Event, now: float) -> Step:
    """What becomes of the round, and what is to be done about it, in order. The same event twice changes nothing."""
    due = _due(round_)
    round_ = _timed(round_, event, now)
    accepted = type(event) in ACCEPTS[type(round_.phase)]
    round_, effects = HANDLERS[type(event)](round_, event) if accepted else (round_, _declined(event))
    for effect in effects:
        if isinstance(effect, TellStarter | AskReview) and effect not in round_.news:
            round_ = replace(round_, news=(*round_.news, effect))
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
    return () if click is None else (tell(click, Told.NOT_OPEN, getattr(event, "turn", None)),)


FEWEST_VOTES = 2


def may_rule(round_: Round, click: Click) -> bool:
    """Whether they started the round or moderate there."""
    return click.moderator or click.member == round_.setup.starter


def skip_asked(round_: Round, event: SkipAsked) -> Step:
    """At once for whoever started and moderators, else once most of those who have answered in this round agree. A
    skipped question counts for nobody: who had not answered yet would be worse off."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not is_open(round_, turn) or turn.lateness(click.at) > 0:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if may_rule(round_, click):
        return _skipped(round_, turn, click)
    playing = players(round_)
    if click.member not in playing:
        return round_, (tell(click, Told.NOT_PLAYING, turn.number),)
    turn = replace(turn, votes=tuple(sorted({*turn.votes, click.member})))
    needed = max(FEWEST_VOTES, len(playing) // 2 + 1)
    if len(turn.votes) >= needed:
        return _skipped(round_, turn, click)
    told = replace(tell(click, Told.VOTED, turn.number), votes=len(turn.votes), needed=needed)
    return round_.with_turn(turn), (told,)


def _skipped(round_: Round, turn: Turn, click: Click) -> Step:
    round_, effects = voided(round_, turn, "skipped")
    return round_, (tell(click, Told.DONE, turn.number), *effects)


def next_asked(round_: Round, event: NextAsked) -> Step:
    """Closes an untimed question, at the time of the press; what was locked by then stays locked."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not is_open(round_, turn) or turn.closes is not None:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if not may_rule(round_, click):
        return round_, (tell(click, Told.NOT_ALLOWED, turn.number),)
    closes = max([click.at, *(answer.at for answer in turn.answers.values())])
    return round_.with_turn(replace(turn, closes=closes)), (tell(click, Told.DONE, turn.number),)


def stopped(round_: Round, event: Stopped) -> Step:
    """Ends the round. An open question does not count; one that has closed is still revealed."""
    click = event.click
    if not may_rule(round_, click):
        return round_, (tell(click, Told.NOT_ALLOWED),)
    told = tell(click, Told.DONE)
    if isinstance(round_.phase, Closing):
        return replace(round_, phase=replace(round_.phase, stop=True)), (told,)
    if isinstance(round_.phase, Asking):
        round_, effects = voided(round_, round_.turns[round_.phase.turn], "stopped")
    else:
        round_, effects = finished(round_, "stopped")
    return round_, (told, *effects)


def refused(round_: Round, event: Refused) -> Step:
    """An edit or a notice that Discord will not have is left out; a round without its announcement, a question or its
    table is over."""
    post = next((post for post in round_.outbox if post.step == event.step), None)
    if isinstance(post, PostLeadIn | PostQuestion | PostTable):
        return channel_lost(round_, ChannelLost("refused"), event.incident)
    return taken_out(round_, event.step), ()


def channel_lost(round_: Round, event: ChannelLost, incident: str = "") -> Step:
    """Nothing can be posted there any more: the round ends, the scores are kept."""
    ended, unposted = isinstance(round_.phase, Ended), bool(round_.outbox)
    why = round_.phase.why if isinstance(round_.phase, Ended) else "lost"
    turn = round_.current
    if turn is not None and is_open(round_, turn):
        round_ = round_.with_turn(replace(turn, void="lost", revealed=True))
    round_ = replace(round_, phase=Ended(why, event.why, event.permission), outbox=())
    told = (TellStarter(event.why, event.permission, incident),) if unposted or not ended else ()
    return round_, told if ended else (RecordScores(), *told)


_DECIDED = ("accepted", "rejected")


def flagged(round_: Round, event: Flagged) -> Step:
    """A question goes to review once, however many flag it."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or turn.void:
        return round_, (tell(click, Told.VOID if turn else Told.NOT_OPEN, event.turn),)
    if click.member in turn.flagged_by or turn.flag == "rejected":
        return round_, (tell(click, Told.NOTED_BEFORE, turn.number),)
    flagging = replace(turn, flag="asked", flagged_by=(*turn.flagged_by, click.member))
    ask = () if turn.flag else (AskReview(turn.number, click.member, "flag"),)
    return round_.with_turn(flagging), (tell(click, Told.NOTED, turn.number), *ask)


def flag_judged(round_: Round, event: FlagJudged) -> Step:
    """Accepting voids the question and rescores the round."""
    turn, click = round_.turn(event.turn), event.click
    if turn is not None and turn.flag in _DECIDED:
        return round_, (tell(click, Told.DECIDED, turn.number),)
    if turn is None or turn.flag != "asked" or turn.void:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if refusal := _refused(round_, click, turn.flagged_by):
        return round_, (refusal,)
    turn = _ruled(replace(turn, flag="accepted" if event.accepted else "rejected"), 0, click)
    round_, effects = voided(round_, turn, "unclear") if event.accepted else (round_.with_turn(turn), ())
    return round_, (tell(click, Told.DONE, turn.number), *effects)


def appealed(round_: Round, event: Appealed) -> Step:
    """Only the marking of what a member wrote or predicted can be appealed against, and once."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not turn.revealed or not turn.question.appealable:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if turn.void or click.member not in turn.answers:
        return round_, (tell(click, Told.VOID if turn.void else Told.NOT_ANSWERED, turn.number),)
    if click.member in turn.appeals:
        return round_, (tell(click, Told.NOTED_BEFORE, turn.number),)
    turn = replace(turn, appeals={**turn.appeals, click.member: "asked"})
    ask = AskReview(turn.number, click.member, "appeal")
    return round_.with_turn(turn), (tell(click, Told.NOTED, turn.number), ask)


def appeal_judged(round_: Round, event: AppealJudged) -> Step:
    """Accepting gives full points to that answer and to all like it."""
    turn, click = round_.turn(event.turn), event.click
    if turn is not None and turn.appeals.get(event.member) in _DECIDED:
        return round_, (tell(click, Told.DECIDED, turn.number),)
    if turn is None or turn.void or turn.appeals.get(event.member) != "asked":
        return round_, (tell(click, Told.VOID if turn and turn.void else Told.NOT_OPEN, event.turn),)
    if refusal := _refused(round_, click, (event.member,)):
        return round_, (refusal,)
    told = tell(click, Told.DONE, turn.number)
    judged: Judged = "accepted" if event.accepted else "rejected"
    turn = _ruled(replace(turn, appeals={**turn.appeals, event.member: judged}), event.member, click)
    if not event.accepted:
        return round_.with_turn(turn), (told,)
    answer = turn.answers[event.member].answer
    round_, effects = rescored(round_.with_turn(replace(turn, accepted=(*turn.accepted, answer))), turn.number)
    offer = (OfferPhrase(turn.number, event.member, answer.text),) if turn.question.graded else ()
    return round_, (told, *effects, *offer)


def _ruled(turn: Turn, about: int, click: Click) -> Turn:
    return replace(turn, rulings=(*turn.rulings, Ruling(about, click.member, click.name)))


def _refused(round_: Round, click: Click, concerned: tuple[int, ...]) -> Tell | None:
    """Whoever started judges too, but not in a matter of their own."""
    if not may_rule(round_, click):
        return tell(click, Told.NOT_ALLOWED)
    own = click.member in concerned and not click.moderator
    return tell(click, Told.NOT_YOUR_OWN) if own else None


# Which function takes a round over an event.
Handler = Callable[[Round, Any], Step]  # the second is an event of the type that it stands under
ANY_TIME: Mapping[type[Event], Handler] = {
    Posted: post_confirmed,
    Refused: refused,
    NewsTold: news_told,
    TimePassed: time_passed,
    ChannelLost: channel_lost,
    GoingDown: going_down,
    Resumed: resumed,
    VersionChanged: version_changed,
}
# An answer made in time, its grade and its dispute may come in any later phase: they concern a question, not the phase.
OF_A_QUESTION: Mapping[type[Event], Handler] = {
    Pressed: pressed,
    OpenedModal: opened,
    Submitted: submitted,
    Graded: graded,
    Ran: ran,
    RunFailed: run_failed,
    Flagged: flagged,
    FlagJudged: flag_judged,
    Appealed: appealed,
    AppealJudged: appeal_judged,
}
STEERING: Mapping[type[Event], Handler] = {SkipAsked: skip_asked, NextAsked: next_asked, Stopped: stopped}
HANDLERS: Mapping[type[Event], Handler] = {**ANY_TIME, **OF_A_QUESTION, **STEERING}
# What each phase accepts. Anything else that a member does there is answered with "not now".
ACCEPTS: Mapping[type[Phase], frozenset[type[Event]]] = {
    LeadIn: frozenset({*ANY_TIME, Stopped}),
    Asking: frozenset({*ANY_TIME, *OF_A_QUESTION, SkipAsked, NextAsked, Stopped}),
    Closing: frozenset({*ANY_TIME, *OF_A_QUESTION, Stopped}),
    Pause: frozenset({*ANY_TIME, *OF_A_QUESTION, Stopped}),
    Ended: frozenset({*ANY_TIME, *OF_A_QUESTION}),
}
