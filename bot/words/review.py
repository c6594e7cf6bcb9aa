"""Review: what is due, how many are left, when the next are; whether practice counts for it."""

from collections.abc import Callable, Sequence

from bot import formats
from bot.curriculum.model import Curriculum
from bot.quiz.recall import MOST_A_DAY
from bot.service.review import AnsweredAlready, NothingDue, Reviewed, ReviewStanding, Strength
from bot.simulations.plot import Chart
from bot.words import quiz

Said = Callable[[float], str]  # a time, given in seconds since the epoch
REVIEW_COMMAND = "What you are about to forget, question by question: private, unscored"
NEXT_CARD = "Next question"
NOT_NOW = "Not now"
AGAIN = "Look again"
REMEMBER, FORGET = "Remember my practice", "Practice: stop remembering"
NO_CARDS = (
    "There is nothing to review yet. What you answer in quiz rounds comes back here just before you would forget it; "
    "with *Remember my practice*, so does what you practise. `/practice` asks you questions at any time."
)
ELSEWHERE = "-# Questions about topics that belong to a server come up there alone: use `/review` in that server."
REMEMBERED = (
    "From now on your practice counts for `/review`: of each question that you practise I keep which it was, how much "
    "of it was right, and when; no word of your answers. `/me` shows, exports and deletes it, and switches this off."
)
NOT_REMEMBERED = (
    "Your practice counts for nothing any more, and leaves nothing behind. What I have kept of it so far stays until "
    "you delete it in `/me`."
)
COUNTS = "-# This counts for your `/review`; `/me` switches that off."
KEPT = "-# Of each answer here I keep how much of it was right, and when; no word of it. `/me` shows and deletes it."
NOT_JUDGED = "That could not be judged, so it stays due."
CARD_GONE = (
    "That question does not come again for you any more: what you had answered of it is deleted, or does not count any "
    "more. Nothing of this answer is kept. `/review` says what is due."
)
MOST_TOPICS = 12  # whose strength is shown, the weakest
STRENGTHS = "**What you would know today**"


def place(standing: ReviewStanding) -> str:
    """Above a card: how many are left."""
    left = "the last one today" if standing.left == 1 else f"{standing.left} left today"
    return f"Review: {left}"


def backlog(standing: ReviewStanding) -> str:
    """Below a card where more is due than a day has room for; empty where it is not."""
    if not standing.more:
        return ""
    verb = "waits" if standing.more == 1 else "wait"
    return f"-# {MOST_A_DAY} a day are enough: {standing.more} more {verb} for another day."


def _on(at: float) -> str:
    return f"on <t:{at:.0f}:D>"


def _when(at: float) -> str:
    return f"<t:{at:.0f}:R>"


def reviewed(found: Reviewed, on: Said = _on, when: Said = _when) -> str:
    """Below what was made of an answer: when that question comes again, and how things stand. `on` and `when` say a
    time; by default as Discord shows it."""
    again = NOT_JUDGED if found.again is None else f"You will be asked this again {on(found.again)}."
    if found.standing.left:
        left = found.standing.left
        return f"{again} **{left}** {'question is' if left == 1 else 'questions are'} left today."
    return f"{again} {nothing_left(found.standing, when)}"


def nothing_left(standing: ReviewStanding, when: Said = _when) -> str:
    """How things stand where nothing is to be asked today any more."""
    if standing.more:
        verb = "waits" if standing.more == 1 else "wait"
        tomorrow = f"the next come {when(standing.tomorrow)}"
        return f"That is enough for today: {standing.more} more {verb}, {tomorrow}."
    head = "**All done for today.**" if standing.done else "**Nothing is due now.**"
    if standing.next_at is None:
        return head
    many = "1 question comes" if standing.next_count == 1 else f"{standing.next_count} questions come"
    return f"{head} Next: {many} {when(standing.next_at)}."


def nothing_due(found: NothingDue) -> str:
    """Where no card can be asked now."""
    if not found.standing.left:
        said = nothing_left(found.standing) if found.standing.cards else NO_CARDS
        return f"{said}\n{ELSEWHERE}" if found.elsewhere else said
    lines = []
    if found.withheld:
        is_ = "question that is due is" if found.withheld == 1 else "questions that are due are"
        lines.append(f"{found.withheld} {is_} about what a quiz round is asking right now: look again after its close.")
    if found.unshown:
        is_ = "question that is due has a picture" if found.unshown == 1 else "questions that are due have pictures"
        lines.append(f"{found.unshown} {is_} that I cannot show here now; in a direct message to me I may.")
    return "\n".join(lines)


def answered_already(error: AnsweredAlready) -> str:
    """To whoever answers a card that is not due any more."""
    return f"You have answered that one already; it comes again {_on(error.again)}. `/review` says what else is due."


def strengths(curriculum: Curriculum, found: Sequence[Strength]) -> str:
    """How well topics are remembered, a line each; empty where nothing was answered."""
    if not found:
        return ""
    lines = [
        f"- {_title(curriculum, one)}: about {formats.whole_percent(one.known)} "
        f"({'1 question' if one.cards == 1 else f'{one.cards} questions'})"
        for one in found[:MOST_TOPICS]
    ]
    more = len(found) - len(lines)
    rest = [f"-# and {more} more {'topic' if more == 1 else 'topics'}, which you know better"] if more else []
    return "\n".join([STRENGTHS, *lines, *rest])


def strengths_chart(curriculum: Curriculum, found: Sequence[Strength]) -> Chart:
    """The same as a picture."""
    bars = [(_title(curriculum, one).replace("\\", ""), float(round(100 * one.known))) for one in found[:MOST_TOPICS]]
    return Chart(
        "What you would know today",
        "By what you answered in rounds, review and practice that counts",
        "share of the questions that you answered (%)",
        "topic",
        highest=100.0,
        bars=tuple(bars),
    )


def _title(curriculum: Curriculum, one: Strength) -> str:
    return quiz.titled(curriculum.topic(one.topic), one.topic)
