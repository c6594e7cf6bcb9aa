"""A round played again by one member, or the questions that they missed."""

from bot import formats

PLAY_ROUND = "Play this round"
LEAVE_OUT = "Leave it out"
ASK_ME_NOW = "Ask me now"
ONCE_MORE = "Once more"
DRILL_WAITS = "A quiz round is asking about this topic right now. Take the question after its close, or leave it out."
ROUND_GONE = "I no longer keep that round: rounds are kept for seven days. `/practice` asks you questions at any time."


def question_of(number: int, of: int) -> str:
    """Which of several questions it is."""
    return f"Question {number} of {of}"


def drill_so_far(points: float, judged: int) -> str:
    """How a drill stands between two questions."""
    return f"So far {formats.points(points)} of {judged}. Only you see this; nothing of it is scored or kept."


def drill_result(points: float, judged: int, left_out: int) -> str:
    """After the last question."""
    if not judged and not left_out:
        return "There is no question left in it."
    left = f" {left_out} {'question was' if left_out == 1 else 'questions were'} left out." if left_out else ""
    head = "" if not judged else f"### {formats.points(points)} of {judged} {'point' if judged == 1 else 'points'}\n"
    return f"{head}That was the last question.{left}\n-# Nothing of this is scored or kept."
