"""Reminders of reviews: the message itself, the button in a channel, and what a member sets."""

from bot.service.reminders import (
    MOST_UNANSWERED,
    CannotRemind,
    OwnReminders,
    Reminder,
    ReminderNews,
    ReminderRule,
)
from bot.service.zones import called, clock_time

BEGIN, SHOW_MINE, REMINDERS = "Begin", "Show my reviews", "Reminders"
TURN_ON, TURN_OFF, GO_ON, STOP, CHANGE = "Remind me", "Turn off", "Go on", "Stop reminders", "Change time and zone"
IN_CHANNEL = "**Reviews are due:** press to see yours."
FORM = "When to remind you"
FORM_AT, FORM_AT_EXAMPLE = "Time of day", "17:00, or 5 pm"
FORM_QUIET, FORM_QUIET_EXAMPLE = "Quiet hours", "22:00-08:00; empty for none"
FORM_ZONE, FORM_ZONE_EXAMPLE = "Your time zone", "a large city such as Berlin, or an offset such as UTC+2"
NOT_A_TIME = "That is no time of day that I can read. Write it as *17:00* or *5 pm*, and quiet hours as *22:00-08:00*."
_CANNOT_REMIND = {
    ReminderRule.QUIET: "That time lies in your quiet hours, so I could never remind you. Please change one of them.",
}
_CLOSED = (
    "I could not send you the last reminder: your direct messages are closed to me. To get them, allow direct messages "
    "in a server that we share (its menu, *Privacy Settings*)."
)


def reminder(told: Reminder) -> str:
    """The direct message that reminds of reviews."""
    lines = [_due(told)]
    if told.last:
        lines.append(
            f"-# The last {told.unanswered} reminders went unanswered, so there are no more for now. When you begin a "
            f"review, here or by `/review`, they go on by themselves. *{STOP}* turns them off."
        )
    return "\n".join(lines)


def _due(told: Reminder) -> str:
    said = "**1 review is due.**" if told.due == 1 else f"**{told.due} reviews are due.**"
    return (
        f"{said} They are the first of {told.due + told.more}: the rest waits for another day." if told.more else said
    )


def settings(shown: OwnReminders) -> str:
    """What a member has set, and what of it holds."""
    row, zone = shown.row, called(shown.zone)
    quiet = f", never from {clock_time(row.quiet_from)} to {clock_time(row.quiet_until)}"
    when = f"at {clock_time(row.minute)}{quiet if row.quiet_from != row.quiet_until else ''}"
    says = f"I tell you by direct message when reviews are due, once a day at most, {when}."
    state = ("**on**" if row.wanted else "**off**") if not shown.paused else "**paused**"
    lines = [f"### Reminders of reviews: {state}", says if row.wanted else f"When they are on, {says}"]
    lines.append(f"Times are those of {zone}; your day ends at 4 in the morning.")
    if row.zone is None:
        lines[-1] += f" Is that not where you are? *{CHANGE}*."
    if shown.paused:
        lines.append(
            f"{MOST_UNANSWERED} in a row went unanswered. They go on when you begin a review, or by *{GO_ON}*."
        )
    if row.closed:
        lines.append(f"{_CLOSED} {_ELSEWHERE}")
    return "\n".join(lines)


_ELSEWHERE = "Until then the server in which you reviewed last may show a button in a channel, which names nobody."


def news(told: ReminderNews) -> str:
    """What a member is told at their next review; empty where there is nothing to tell."""
    resumed = "Your reminders go on: you have answered." if told.resumed else ""
    return " ".join(filter(None, [_CLOSED if told.closed else "", resumed]))


def zone_note(zone: str, said: bool) -> str:
    """By which clock a member's days go, said where they first review; `said` is whether they have named it."""
    note = f"Days are those of {called(zone)}, and end at 4 in the morning."
    return note if said else f"{note} Another time zone, and reminders: *{REMINDERS}*."


def cannot_remind(problem: CannotRemind) -> str:
    """Why nothing was changed, and what to do."""
    return _CANNOT_REMIND[problem.rule]
