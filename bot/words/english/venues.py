"""Where a quiz round is played, and how it loses its place."""

from collections.abc import Sequence

from bot.quiz.round.events import Lost

LONGEST_THREAD_NAME = 100
QUIZ_WHERE = "Right here, or in a thread that I open for it (default: here)"
WHERE_CHOICES = {"here": "here", "thread": "thread"}
NO_THREAD_IN_A_THREAD = "A thread cannot hold another one. Leave out `where`, and the round is played right here."
NO_THREADS_HERE = "A channel of this kind has no threads. Leave out `where`, and the round is played right here."
TOO_MANY_THREADS = "This server has as many active threads as Discord allows. Archive some, or leave out `where`."
LOCKED_HERE = "This thread is locked, so I cannot post in it. Unlock it, or start the round elsewhere."
LOST: dict[Lost, str] = {
    "permission": "I may no longer post there",
    "channel-gone": "its channel was deleted",
    "thread-gone": "its thread was deleted",
    "thread-locked": "the thread was locked",
    "removed": "I am no longer in that server",
    "refused": "Discord does not take what I post there",
}


def round_elsewhere(places: Sequence[str]) -> str:
    """Said in a channel with rounds in its threads only."""
    return f"There is no round right here; one is on in {', '.join(places)}."


def round_thread(titles: Sequence[str]) -> str:
    """The name of a thread that is opened for a round about these topics (none: about all)."""
    name = f"Quiz: {', '.join(titles)}" if titles else "Quiz"
    return name if len(name) <= LONGEST_THREAD_NAME else name[: LONGEST_THREAD_NAME - 1] + "…"


def lost(why: Lost, permission: str, place: str, incident: str = "") -> str:
    """Told to whoever started, elsewhere. `place` is empty where nothing is left to point at."""
    lacking = f" (I lack **{permission}** there)" if permission else ""
    logged = f" (logged as `{incident}`)" if incident else ""
    which = f"in {place}" if place else "that you started"
    again = "" if why == "removed" else " `/quiz start` starts another wherever I may post."
    return f"The quiz round {which} has ended: {LOST[why]}{lacking}{logged}. The scores are kept.{again}"
