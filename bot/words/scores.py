"""Leaderboards, and a member's own scores."""

from collections.abc import Sequence

from bot import formats
from bot.curriculum.model import Curriculum
from bot.service.rounds.elsewhere import Forgotten
from bot.service.scores import Board, Mine
from bot.words import quiz, rounds

LEADERBOARD_COMMAND = "Who has most points in this server"
LEADERBOARD_PERIOD = "Which rounds count (default: this month)"
PERIOD_BUTTONS = {"week": "Week", "month": "Month", "all": "All time"}
PERIOD_NAMES = {"week": "the last 7 days", "month": "the last 30 days", "all": "all time"}
ME_COMMAND = "My scores; export them, hide me, or delete everything about me"
EXPORT, HIDE_ME, SHOW_ME = "Export", "Hide me", "Show me"
DELETE_ME, REALLY_DELETE = "Delete everything about me", "Yes, delete it all"
HIDDEN = "You are out of this server's leaderboard now."
SHOWN_AGAIN = "You are in this server's leaderboard again."
DELETE_WARNING = (
    "This removes, in all servers: your points, your answers from the rounds that I still keep, what your reviews go "
    "by, your reminders and time zone, and your wishes: to have practice remembered, and to be hidden in a leaderboard "
    "(what you play later is shown there again). "
    "In the tables and solutions of those rounds you become *somebody*; what I posted of older ones stays as it is. "
    "It cannot be undone. *Export* first, if you want to keep them.\n"
    "-# What you added as a moderator (topics, schedules, questions taught, wordings accepted) stays, without your "
    "name. A question taught before I kept whose it was keeps the name until it is taken back by `/tutor taught`."
)
NOT_ALL_DELETED = (
    "Not everything is deleted yet: my storage cannot be written right now. Please do it again in a minute; if that "
    "does not help, tell whoever hosts me."
)
DELETED = "Done: I keep no points and no answers of yours any more."
DELETED_HERE = (
    "I keep no points of yours any more. A part of me that has some of your servers does not run right now: your "
    "answers there are removed as soon as it does. You need not do this again."
)
NO_POINTS = "No points yet. Rounds with two or more players count; moderators start them with `/quiz start`."
NO_POINTS_OF_YOURS = "You have no points yet: quiz rounds bring them. `/practice` asks you questions at any time."
UNRANKED = "-# Rounds that you played alone or with a given seed are counted here, not in the leaderboard."
ELSEWHERE = "-# Points with topics that belong to a server are shown there alone: use `/me` in that server."
EXPORTED_ELSEWHERE = (
    "\n-# What is about topics that belong to a server is exported there alone: use `/me` in that server."
)
ONLY_SERVER_SCORES = "A leaderboard is for a server."


def exported(server: bool, left_out: int, elsewhere: bool = False) -> str:
    """Stands over the file with what is kept of a member; `left_out` are the questions that are being asked, and
    `elsewhere` is whether more is given out in the servers that it is about."""
    where = "in this server (`/me` in a direct message to me: in all)" if server else "in all servers"
    return f"All that I keep of you {where}, as JSON:{_left_out(left_out)}{EXPORTED_ELSEWHERE if elsewhere else ''}"


def _left_out(number: int) -> str:
    if not number:
        return ""
    asked = "One of these questions is" if number == 1 else f"{number} of these questions are"
    return f"\n-# {asked} being asked in a round right now; what you answered is left out until the close."


def board(shown: Board) -> str:
    """A page of the leaderboard."""
    page = f", page {shown.page + 1} of {shown.pages}" if shown.pages > 1 else ""
    lines = [
        f"**{line.place}.** {rounds.who(line.called)}: **{formats.points(line.total.points)}** in "
        f"{line.total.rounds} {'round' if line.total.rounds == 1 else 'rounds'}"
        for line in shown.lines
    ]
    return "\n".join([f"### Leaderboard, {PERIOD_NAMES[shown.period]}{page}", *(lines or [NO_POINTS])])


def mine(curriculum: Curriculum, found: Mine, server: bool, missed: Sequence[str] = ()) -> str:
    """A member's own scores; `missed` are the questions to practise."""
    if not found.answers and found.elsewhere:
        return f"{NO_POINTS_OF_YOURS}\n{ELSEWHERE}"
    if not found.answers:
        return f"{NO_POINTS_OF_YOURS} You are hidden in the leaderboard." if found.hidden else NO_POINTS_OF_YOURS
    lines = [f"### You, {'in this server' if server else 'in all servers'}", _totals(found)]
    if found.streak > 1:
        lines.append(f"Streak: your last {found.streak} answers were all right.")
    for one in found.topics:
        topic = curriculum.topic(one.topic)
        answers = f"{one.answers} {'answer' if one.answers == 1 else 'answers'}"
        lines.append(
            f"- {quiz.titled(topic, one.topic)}: {formats.whole_percent(one.points / one.answers)} of {answers}"
        )
    if missed:
        lines += ["**What you missed lately**", *(f"- {quiz.short(ask)}" for ask in missed)]
    notes = [UNRANKED] if found.unranked else []
    notes += [ELSEWHERE] if found.elsewhere else []
    notes += ["-# You are hidden in the leaderboard."] if found.hidden else []
    return "\n".join([*lines, *notes])


def practise_these(count: int) -> str:
    """On the button below what was missed."""
    return {1: "Practise this one", 2: "Practise these two", 3: "Practise these three"}.get(count, "Practise these")


def _totals(found: Mine) -> str:
    answers = f"{found.answers} {'answer' if found.answers == 1 else 'answers'}"
    played = f"{found.rounds} {'round' if found.rounds == 1 else 'rounds'}"
    accuracy = formats.whole_percent(found.points / found.answers)
    made = "point" if found.points == 1 else "points"
    return f"**{formats.points(found.points)}** {made} with {answers} in {played}: {accuracy}"


def deleted(forgotten: Forgotten) -> str:
    """What has come of deleting all that is kept of a member."""
    if forgotten.incident:
        return (
            "I keep no points of yours any more. A part of me that has some of your servers failed to remove your "
            f"answers there, which is logged as `{forgotten.incident}`; it tries again when it has started anew. "
            "Please tell whoever hosts me."
        )
    return DELETED if forgotten.everywhere else DELETED_HERE
