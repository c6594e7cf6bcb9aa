"""When a round has to be looked at again, and how much of a window was lost."""

from bot.quiz.round.state import MODAL_GRACE, Asking, Closing, Ended, LeadIn, Pause, Round, Turn

REVEAL_WAIT = 1.5  # for presses made in time that are still on their way
QUIET = 30.0  # an untimed question closes when all who have played are locked and this long nothing came
LONGEST_UNTIMED = 24 * 3600.0
MOST_CUT = 0.25  # of a window; what lost more is not fair to score


def wake(round_: Round) -> float | None:
    """When something is due (Discord's clock), if nothing happens before."""
    match round_.phase:
        case LeadIn(until) | Pause(until) | Closing(_, until):
            return until
        case Asking(number):
            turn = round_.turns[number]
            return auto_close(round_, turn) if turn.closes is None else reveal_due(turn)
        case Ended():
            return None


def players(round_: Round) -> frozenset[int]:
    """Those with an answer in this round."""
    return frozenset(member for turn in round_.turns for member in turn.answers)


def auto_close(round_: Round, turn: Turn) -> float:
    """When an untimed question closes by itself, as things stand."""
    longest = turn.opens + LONGEST_UNTIMED
    if not turn.answers or players(round_) - set(turn.answers):
        return longest
    return min(longest, max(answer.at for answer in turn.answers.values()) + QUIET)


def reveal_due(turn: Turn) -> float | None:
    """When the answers of a closed question are complete; None while it is not known that it was posted."""
    if turn.closes is None or turn.message is None:
        return None
    return turn.closes + REVEAL_WAIT + (MODAL_GRACE if _forms_out(turn, turn.closes) else 0.0)


def _forms_out(turn: Turn, closes: float) -> bool:
    """Whether forms are still out that count when they come back: a reveal now would give their answers away."""
    return any(
        opened <= closes and (member not in turn.answers or turn.answers[member].at < opened)
        for member, opened in turn.modals.items()
    )


def cut_too_short(turn: Turn) -> bool:
    """Whether we heard nothing for more than a quarter of the window."""
    if turn.closes is None:
        return False
    lost = sum(max(0.0, min(end, turn.closes) - max(start, turn.opens)) for start, end in turn.downs)
    return lost > MOST_CUT * (turn.closes - turn.opens)
