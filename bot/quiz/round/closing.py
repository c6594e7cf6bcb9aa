"""Time passes, questions close: what was answered is graded, what was predicted is run, and then it is revealed."""

from dataclasses import replace

from bot.quiz.chance import Chance
from bot.quiz.round.asking import going_on, is_open, next_question, rescored, revealed, voided
from bot.quiz.round.effects import Effect, GradeAnswer, RecordScores, RunExperiment
from bot.quiz.round.events import Graded, Ran, RunFailed
from bot.quiz.round.state import Asking, Closing, Ended, LeadIn, Pause, Round, Step, Turn
from bot.quiz.round.timing import auto_close, reveal_due

PATIENCE = 60.0  # for a run or grades; without the run the question is voided, without a grade it is revealed
SEEDS = 1_000_001  # those an experiment takes


def time_passed(round_: Round) -> Step:
    """Does what is due, one thing at a time."""
    match round_.phase:
        case LeadIn(until) | Pause(until) if round_.now >= until:
            return next_question(round_)
        case Closing(number, until) if round_.now >= until:
            return _given_up(round_, round_.turns[number])
        case Asking(number):
            return _asked_long_enough(round_, round_.turns[number])
    return round_, ()


def _asked_long_enough(round_: Round, turn: Turn) -> Step:
    if turn.closes is None and round_.now >= (at := auto_close(round_, turn)):
        turn = replace(turn, closes=at)
        round_ = round_.with_turn(turn)
    due = reveal_due(turn)
    return _closed(round_, turn) if due is not None and round_.now >= due else (round_, ())


def _closed(round_: Round, turn: Turn) -> Step:
    """The answers are in. A seed made now can not have been tried before."""
    if turn.posed.runs:
        label = f"run/{turn.number}/{turn.closes}"
        turn = replace(turn, seed=Chance(round_.setup.secret).number(label, SEEDS))
    phase = Closing(turn.number, round_.now + PATIENCE)
    round_ = replace(round_.with_turn(turn), phase=phase)
    return _revealed(round_, turn) if turn.settled else (round_, awaited(turn))


def awaited(turn: Turn) -> tuple[Effect, ...]:
    """What has to be found out before the reveal: again after a restart, and for an answer that came later."""
    if turn.seed is not None and turn.metrics is None:
        return (RunExperiment(turn.number, turn.posed.runs, turn.seed),)
    if not turn.posed.graded:
        return ()
    return tuple(
        GradeAnswer(turn.number, answer.id, turn.posed.topic, turn.posed.to_grade(answer.given.text))
        for answer in turn.answers.values()
        if answer.id not in turn.grades
    )


def graded(round_: Round, event: Graded) -> Step:
    """An answer was read."""
    turn = round_.turn(event.turn)
    answer = next((a for a in turn.answers.values() if a.id == event.answer), None) if turn else None
    if turn is None or answer is None or event.answer in turn.grades:
        return round_, ()
    grade = turn.posed.as_typed(answer.given.text, event.grade)
    return _found_out(round_, replace(turn, grades={**turn.grades, event.answer: grade}))


def ran(round_: Round, event: Ran) -> Step:
    """The run is there; without a finite number to predict it is none."""
    turn = round_.turn(event.turn)
    if turn is None or turn.seed is None or turn.metrics is not None or turn.void:
        return round_, ()
    turn = replace(turn, metrics=event.metrics)
    return (
        _found_out(round_, turn) if turn.posed.find_key(event.metrics) is not None else voided(round_, turn, "failed")
    )


def run_failed(round_: Round, event: RunFailed) -> Step:
    """There will be no run: nobody can be right."""
    turn = round_.turn(event.turn)
    if turn is None or turn.seed is None or turn.metrics is not None or turn.void:
        return round_, ()
    return voided(round_, turn, "failed")


def _found_out(round_: Round, turn: Turn) -> Step:
    round_ = round_.with_turn(turn)
    if turn.revealed:
        return rescored(round_, turn.number)
    if not turn.settled or is_open(round_, turn):
        return round_, ()
    if isinstance(round_.phase, Ended):  # the place was lost while this was awaited: it counts all the same
        return round_.with_turn(replace(turn, revealed=True)), (RecordScores(),)
    return _revealed(round_, turn)


def _revealed(round_: Round, turn: Turn) -> Step:
    return going_on(*revealed(round_.with_turn(replace(turn, revealed=True)), turn.number))


def _given_up(round_: Round, turn: Turn) -> Step:
    return voided(round_, turn, "failed") if turn.posed.runs else _revealed(round_, turn)
