"""What is said of what members dispute: to those who decide, to all where nobody could be asked, to the member."""

from typing import Literal

from bot import formats
from bot.quiz.round.disputes import Whereabouts
from bot.quiz.round.turn import Judged

DECIDE = "Decide"
NOBODY_REACHED = (
    "So far I could reach nobody who may decide it, so the points stay as they are. Ask those who run the server to "
    "set a `review_channel` in `/tutor settings`: it goes there then."
)
APPEALED: dict[Judged, str] = {
    "asked": "You said that you were right; a moderator has yet to decide.",
    "accepted": "You said that you were right, and a moderator agreed.",
    "rejected": "You said that you were right; a moderator left it as it is.",
}
FLAGGED: dict[Judged, str] = {
    "asked": "You said that it is unclear; a moderator has yet to decide.",
    "accepted": "You said that it is unclear, and a moderator agreed.",
    "rejected": "You said that it is unclear; a moderator left it as it is.",
}
WAITS: dict[Whereabouts, str] = {
    "reviewers": "",
    "channel": f"It waits for a moderator in the round's channel, under *{DECIDE}*.",
    "nobody": NOBODY_REACHED,
}


FORGOTTEN = "What stood here was deleted, as whoever wrote it wanted. There is nothing left to decide."


def review_heading(place: int, what: str, said: str) -> str:
    """Puts a flag, an appeal or a doubted answer before a moderator; `said` is the whole answer."""
    if what == "flag":
        return f"A member finds this question of the round in <#{place}> unclear."
    if what == "doubt":
        return f"In <#{place}> I am not sure how many points this answer earns.\n{said}"
    return f"In <#{place}> a member says of this answer: I was right.\n{said}"


def review_choice(flag: bool, points: float | None) -> str:
    """What accepting does; `points` are what an answer has earned so far (None: its grade is still out)."""
    if flag:
        return "-# Accepting makes it count for nobody; the round is rescored."
    earned = "" if points is None else f"It has {formats.points(points)} of 1. "
    return f"-# {earned}Accepting gives full points to it, and to all like it."


def waiting(count: int) -> str:
    """Stands in the round's channel: how many disputes nobody has got so far, and nothing of what they are about."""
    if not count:
        return "No dispute of this round waits here any more."
    return f"{_disputes(count)} for a moderator."


def more_wait(number: int) -> str:
    """Below the disputes that were opened: how many more there are."""
    return f"{_disputes(number)} after these. Press *{DECIDE}* again when they are decided." if number > 0 else ""


def _disputes(count: int) -> str:
    return "A dispute waits" if count == 1 else f"{count} disputes wait"


def undecided(what: Literal["flag", "appeal"], number: int, place: str, why: Literal["nobody", "lapsed"]) -> str:
    """Told directly to whoever disputes question `number` of the round in `place`: nobody could be asked, or nobody has
    decided."""
    said = "that it is unclear" if what == "flag" else "that you were right"
    of = f"Of question {number} of the round in {place} you said {said}."
    if why == "lapsed":
        return f"{of} Nobody who may decide it has, for as long as its answers were kept. The points stay as they are."
    return f"{of} {NOBODY_REACHED}"


def doubts_heading(place: int) -> str:
    """Stands over the answers of a round whose grades are doubted."""
    return f"**In <#{place}> I am not sure of these answers.** They may deserve more points. Press a number to see one."


def doubt_line(place: int, question: int, said: str, points: float | None) -> str:
    """One of those answers: its place in the list, the number of its question, what was typed, what it has earned."""
    earned = "" if points is None else f": {formats.points(points)} of 1"
    return f"{place}. Question {question}{earned}: {said}"


def more_doubted(number: int) -> list[str]:
    """How many more there are than are listed."""
    return [f"-# and {number} more"] if number > 0 else []


def decided(flag: bool, accepted: bool, by: str) -> str:
    """Say what became of a flag or an appeal; `by` is the moderator's name as it is shown, if known."""
    what = "**Accepted**" if accepted else "**Rejected**"
    then = ""
    if accepted:
        then = ": the question counts for nobody" if flag else ": it counts, and so do all like it"
    return f"{what}{f' by {by}' if by else ''}{then}."


def receipt_ends(at: float) -> str:
    """Closes a receipt with a dispute that is not decided: until when it can be."""
    return f"-# The answers of this round are kept until <t:{at:.0f}:D>. What is not decided by then stays as it is."
