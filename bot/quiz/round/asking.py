"""From one question to the next: it is posted, it may appear late, it may be voided."""

import math
from dataclasses import replace

from bot.quiz.round import outbox
from bot.quiz.round.effects import (
    EditQuestion,
    EditReveal,
    EditTable,
    Effect,
    PostQuestion,
    PostTable,
    RecordScores,
)
from bot.quiz.round.events import Message, Posted
from bot.quiz.round.state import REPLACED, Asking, Closing, Ended, Pause, Round, Step, Turn, Void, Why
from bot.quiz.round.timing import cut_too_short

LATE_AFTER = 1.0  # seconds that a question may appear after the time chosen for it


def next_question(round_: Round) -> Step:
    """Asks the next question; the end of its window is chosen before it is sent."""
    if not round_.planned:
        return finished(round_, "finished")
    number, window = len(round_.turns), round_.setup.window
    opens = math.ceil(round_.now) + 1.0
    closes = None if window is None else opens + window
    turn = Turn(number, round_.planned[0], opens, closes, round_.host_now)
    round_ = replace(round_, planned=round_.planned[1:], turns=(*round_.turns, turn), phase=Asking(number))
    round_, post = outbox.posted(round_, f"q{number}", lambda step: PostQuestion(step, number))
    return round_, (post,)


def posted(round_: Round, event: Posted) -> Step:
    """A post is confirmed; that of a question shows when it appeared."""
    post = next((post for post in round_.outbox if post.step == event.step), None)
    round_ = outbox.confirmed(round_, event.step)
    return appeared(round_, post.turn, event.message) if isinstance(post, PostQuestion) else (round_, ())


def appeared(round_: Round, number: int, message: Message) -> Step:
    """A question is there. Where it came more than 1 s late its window is put off, once."""
    turn = round_.turns[number]
    if turn.message is not None:
        return round_, ()
    turn = replace(turn, message=message)
    effects: tuple[Effect, ...] = ()
    if round_.setup.window is not None and not turn.void and message.at > turn.opens + LATE_AFTER:
        opens = float(math.ceil(message.at))
        turn = replace(turn, opens=opens, closes=opens + round_.setup.window, extended=True)
        round_, post = outbox.posted(round_, f"q{number}.late", lambda step: EditQuestion(step, number))
        effects = (post,)
    round_ = round_.with_turn(turn)
    return voided(round_, turn, "cut") if is_open(round_, turn) and cut_too_short(turn) else (round_, effects)


def is_open(round_: Round, turn: Turn) -> bool:
    """Whether it is the question that is being asked."""
    return isinstance(round_.phase, Asking) and round_.phase.turn == turn.number


def voided(round_: Round, turn: Turn, why: Void) -> Step:
    """The question does not count. Where it is the current one the round goes on, with another where one stands by."""
    current = round_.current is not None and round_.current.number == turn.number
    round_ = round_.with_turn(replace(turn, void=why, revealed=True))
    if not current:
        return rescored(round_, turn.number)
    if why in REPLACED and round_.spares:
        round_ = round_.with_turn(replace(round_.turns[turn.number], replaced=True))
        round_ = replace(round_, planned=(round_.spares[0], *round_.planned), spares=round_.spares[1:])
    return going_on(*revealed(round_, turn.number))


def revealed(round_: Round, number: int) -> Step:
    """Edits the question into its reveal, or into what became of it since; where nothing can be posted, nothing."""
    if round_.lost:
        return round_, ()
    round_, post = outbox.posted(round_, f"q{number}.r", lambda step: EditReveal(step, number))
    return round_, (post,)


def rescored(round_: Round, number: int) -> Step:
    """Something changed about a question that was revealed before."""
    round_, effects = revealed(round_, number)
    if not isinstance(round_.phase, Ended):
        return round_, effects
    if not round_.lost:
        round_, post = outbox.posted(round_, "table", EditTable)
        effects = (*effects, post)
    return round_, (*effects, RecordScores())


def going_on(round_: Round, effects: tuple[Effect, ...]) -> Step:
    """After a reveal: a pause and the next question, or the end."""
    if why := _over(round_):
        round_, more = finished(round_, why)
        return round_, (*effects, *more)
    return replace(round_, phase=Pause(round_.now + round_.setup.pause)), effects


def finished(round_: Round, why: Why) -> Step:
    """The round is over; the table is posted."""
    round_, post = outbox.posted(replace(round_, phase=Ended(why)), "table", PostTable)
    return round_, (post, RecordScores())


def _over(round_: Round) -> Why | None:
    if round_.turns[-1].void == "stopped" or (isinstance(round_.phase, Closing) and round_.phase.stop):
        return "stopped"
    counted = [turn for turn in round_.turns if turn.void not in REPLACED]
    if len(counted) > 1 and not any(turn.answers or turn.void for turn in counted[-2:]):
        return "nobody"
    return None if round_.planned else "finished"
