"""What a server has set to begin by itself: how it is set, listed and taken back, and what is in its way."""

from collections.abc import Sequence

from bot.curriculum.model import Curriculum
from bot.quiz.round.state import Round
from bot.service.schedule import (
    MOST,
    CannotBeScheduled,
    InTheWay,
    Plan,
    Scheduled,
    ScheduleRule,
    Trouble,
)
from bot.service.weekly import WEEKDAYS, TimeRule, UnreadTime, Weekly, days_said
from bot.service.zones import called
from bot.words.discord import PERMISSIONS, lacks

SCHEDULE_COMMAND = "Rounds and questions of the day that begin by themselves"
SCHEDULE_ADD = "Have a round, or a question of the day, begin at a time of the week"
SCHEDULE_LIST = "What begins by itself in this server, and what is in its way"
SCHEDULE_REMOVE = "Have something no longer begin by itself"
ADD_WHEN = "When: mon 18:30, weekdays 8 am, tue and thu 18.30, daily at noon"
ADD_WHAT = "A round, or one question that stands for a day"
ADD_CHANNEL = "The channel (here by default)"
ADD_ROLE = "A role that is pinged when it begins"
ADD_ZONE = "The time zone: a city or country (default: that of /tutor settings)"
ADD_QUESTIONS = "Of a round: how many questions (default 5)"
ADD_SECONDS = "Of a round: seconds for each answer (default 20)"
ADD_UNTIMED = "Of a round: no clock"
ADD_PAUSE = "Of a round: seconds between two questions (default 10)"
REMOVE_WHICH = "Its number in `/tutor schedule list`, or one of those that come up as you type"
WHAT_CHOICES = {"round": "a round", "day": "a question of the day"}
REMOVE, RESUME = "Remove", "Resume"
REMOVE_ONE, RESUME_ONE = "Remove one", "Resume one that has paused"
ONLY_TEXT_CHANNELS = "That works in text channels only. Name one with `channel`."
NONE_SET = "Nothing begins by itself in this server. `/tutor schedule add` sets a round or a question of the day."
NONE_LIKE_THAT = "I find none like that here. `/tutor schedule list` has them with their numbers."
SEVERAL_LIKE_THAT = "More than one is like that. Write the number that `/tutor schedule list` shows of it."
MOST_NAMED = 3  # topics in a line
FEW = 30  # questions, of which a question of the day has one a day for a month
STANDS_ON = "What has begun already goes on; `/quiz stop` ends it."
NOT_KNOWN_YET = "Discord does not tell me about that channel just now. Please try again in a moment."
A_SERVER = "a server"
KEEPS_ITS_ZONE = "-# What begins by itself keeps the time zone that it was set with: `/tutor schedule list` shows it."
NO_SUCH_ROLE = {
    "everyone": "I do not ping everyone. Name a role of this server, or leave out `role`.",
    "managed": "That role belongs to an application or to boosting, and I do not ping such roles. Name another one.",
    "not-mentionable": (
        "I cannot ping that role there. Let everyone mention it (Server Settings, Roles), or give me **Mention "
        "@everyone, @here, and All Roles** in that channel; or leave out `role`."
    ),
}
_ANEW = " Remove it, and add it anew with `channel`."
_EXAMPLES = "Write it like `mon 18:30`, `weekdays 8 am` or `daily 18.30`."


def unread_time(problem: UnreadTime) -> str:
    """Why a time of the week cannot be read."""
    part = problem.part.replace("`", "ˋ")
    near = f" Do you mean *{problem.near}*?" if problem.near else ""
    zone = " The time zone has an option of its own." if problem.zone else ""
    said = {
        TimeRule.NO_DAY: "I miss the day.",
        TimeRule.NO_TIME: "I miss the time of day.",
        TimeRule.TWO_TIMES: "I read more than one time of day, and can keep one; add the other by itself.",
        TimeRule.NO_SUCH_TIME: f"There is no time of day `{part}`.",
        TimeRule.UNKNOWN: f"`{part}` is no day that I know.{near}{zone}",
        TimeRule.NOT_WEEKLY: f"I can keep a time of every week only, and no `{part}`.",
    }[problem.rule]
    return f"{said} {_EXAMPLES}"


def cannot_be_scheduled(problem: CannotBeScheduled) -> str:
    """Why nothing was changed."""
    return {
        ScheduleRule.TOO_MANY: f"A server can have {MOST} of these. Remove one first: `/tutor schedule list`.",
        ScheduleRule.GONE: "That is no longer set. `/tutor schedule list` shows what is.",
    }[problem.rule]


def when(of: Weekly) -> str:
    """A time of the week."""
    named = {"daily": "every day", "weekdays": "on weekdays", "weekends": "on weekends"}
    days = [WEEKDAYS[day].capitalize() for day in of.weekdays]
    said = named.get(days_said(of.weekdays)) or f"every {_listed(days)}"
    return f"{said} at {of.hour}:{of.minute:02} ({called(of.zone)})"


def short_when(of: Weekly) -> str:
    """The same in a few characters."""
    days = days_said(of.weekdays) or " ".join(WEEKDAYS[day][:3].capitalize() for day in of.weekdays)
    return f"{days} {of.hour}:{of.minute:02}"


def _few(names: Sequence[str]) -> Sequence[str]:
    more = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], f"{more} more"] if more > 0 else names


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def plan(curriculum: Curriculum, of: Plan) -> str:
    """What is begun, in a phrase."""
    titles = [topic.title if (topic := curriculum.topic(id_)) else f"`{id_}`" for id_ in of.topics]
    about = f" about {_listed(_few(titles))}" if titles else ""
    kinds = f" ({', '.join(of.kinds)})" if of.kinds else ""
    if of.of_the_day:
        return f"a question of the day{about}{kinds}"
    clock = "no clock" if of.seconds is None else f"{of.seconds:.0f} seconds each"
    count = f"{of.questions} {'question' if of.questions == 1 else 'questions'}"
    return f"a round of {count}{about}{kinds}, {clock}"


def what(of: Plan) -> str:
    """What begins, in two or three words."""
    return WHAT_CHOICES["day" if of.of_the_day else "round"].split(" ", 1)[1]


def without_topic(number: int, one: Scheduled, left: bool) -> str:
    """What becomes of something that asks about a topic when that is removed; `left`: it asks about others too."""
    becomes = "goes on with its other topics" if left else "pauses then, for it asks about nothing else"
    which = f"number {number} of `/tutor schedule list`, {what(one.plan)} in <#{one.channel}> ({short_when(one.when)})"
    return f"{which}: {'has paused' if one.paused else becomes}"


def added(curriculum: Curriculum, one: Scheduled, unused: bool = False, questions: int = FEW) -> str:
    """Told to whoever has set it: what begins where, and when for the first time; `questions` are how many there are
    like that."""
    said = f"{_sentence(curriculum, one)}\nFirst: <t:{one.next_at:.0f}:F>, <t:{one.next_at:.0f}:R>."
    shifted = f"\n{_clocks(one.next_at)}" if one.when.shifted(one.next_at) else ""
    day = "\nIt stands for a day, beside rounds that are played there." if one.plan.of_the_day else ""
    left_out = " It has one question and its own time: `questions`, `seconds`, `untimed` and `pause` are left out."
    few = _again(questions) if one.plan.of_the_day and questions < FEW else ""
    return f"{said}{shifted}{day}{few}{left_out if unused else ''}"


def at_the_same_time(numbers: Sequence[int], of_the_day: bool) -> str:
    """Below what was set, where these of the list begin in the same channel at the same time."""
    several = f"Number {_listed([str(one) for one in numbers])} of `/tutor schedule list`"
    begins = f"{several} {'begins' if len(numbers) == 1 else 'begin'} there at the same time, too"
    if of_the_day:
        return f"**{begins}**: both stand then."
    return f"**{begins}**: one waits until the other is over, and is left out where that takes more than 15 minutes."


def _again(questions: int) -> str:
    if questions == 1:
        return " I have only 1 question like that, so it is the same one each time."
    return f" I have only {questions} questions like that; after these they come again, the oldest first."


def _sentence(curriculum: Curriculum, one: Scheduled) -> str:
    said = when(one.when)
    role = f", pinging <@&{one.role}>" if one.role else ""
    return f"**{said[0].upper()}{said[1:]}**: {plan(curriculum, one.plan)}, in <#{one.channel}>{role}."


def listed(curriculum: Curriculum, number: int, one: Scheduled, by: str, now: InTheWay | None = None) -> str:
    """A line of the list; `by` is whoever set it as they are shown, or empty; `now` what is in its way now."""
    who = f" Set by {by}." if by else ""
    return f"{number}. {_sentence(curriculum, one)} {_goes_on(one, now)}{who}"


def shortly_listed(number: int, one: Scheduled, now: InTheWay | None = None) -> str:
    """The same in fewer characters, where there are many."""
    return f"{number}. **{short_when(one.when)}**: {what(one.plan)}, in <#{one.channel}>. {_goes_on(one, now)}"


def _goes_on(one: Scheduled, now: InTheWay | None) -> str:
    """When it is next, or that it has paused; what is in its way now, else what was."""
    before = in_the_way(one.in_the_way) if one.in_the_way else ""
    if one.paused:
        mended = f"{_was_in_the_way(one.in_the_way)} That is mended: *{RESUME_ONE}* lets it go on.".strip()
        return f"Paused. {refused(now) if now and now.trouble.pauses else mended}"
    next_at = f"Next: <t:{one.next_at:.0f}:F>."
    if now:
        return f"{next_at} **In its way:** {refused(now)}"
    return f"{next_at} {before}".strip()


def refused(why: InTheWay) -> str:
    """What is in the way, and what to do where it cannot be mended."""
    return f"{in_the_way(why)}{_ANEW if why.trouble is Trouble.CHANNEL else ''}"


def removed(curriculum: Curriculum, one: Scheduled) -> str:
    """It no longer begins by itself."""
    return f"No longer: {plan(curriculum, one.plan)}, {when(one.when)}, in <#{one.channel}>. {STANDS_ON}"


def resumed(one: Scheduled) -> str:
    """Told to whoever lets it go on."""
    return f"It goes on. Next: <t:{one.next_at:.0f}:F>."


def in_the_way(why: InTheWay) -> str:
    """What is, or was, in the way of something that is scheduled."""
    lacking = lacks([why.about] if why.about in PERMISSIONS else [], " there")
    return {
        Trouble.NOT_THERE: "I was no longer in the server.",
        Trouble.CHANNEL: "Its channel is gone, or is no text channel.",
        Trouble.PERMISSION: f"I cannot post in its channel: {lacking}",
        Trouble.TOPICS: f"What it asks about is no longer taught: {_names(why.about)}.",
        Trouble.NOTHING: "There is no question like that any more.",
        Trouble.SOME_TOPICS: f"Some of what it asks about is no longer taught, and is left out: {_names(why.about)}.",
        Trouble.ROLE: "Its role is gone, or I may not ping it any more, so it begins without that.",
        Trouble.MISSED: f"{_left_out(why)}: I was away.",
        Trouble.BUSY: f"{_left_out(why)}: another round was still on there.",
        Trouble.FAULT: f"{_left_out(why)}: something went wrong here. Whoever runs me finds it in the log.",
        Trouble.CLOCKS: _clocks(why.at),
        Trouble.AGAIN: "All questions like that have been asked there by now, so they come again, the oldest first.",
    }[why.trouble]


def _was_in_the_way(why: InTheWay | None) -> str:
    """What made it pause, once that is mended; empty where that is not known."""
    if why is None:
        return ""
    permission = f"**{PERMISSIONS[why.about]}**" if why.about in PERMISSIONS else "a permission"
    return {
        Trouble.CHANNEL: "Its channel was gone, or was no text channel.",
        Trouble.PERMISSION: f"I could not post in its channel: I lacked {permission} there.",
        Trouble.TOPICS: f"What it asks about was not taught any more: {_names(why.about)}.",
        Trouble.NOTHING: "There was no question like that.",
    }.get(why.trouble) or in_the_way(why)


def _left_out(why: InTheWay) -> str:
    if why.count == 1:
        return f"It was left out <t:{why.at:.0f}:F>"
    return f"It was left out {why.count} times, from <t:{why.at:.0f}:F> to <t:{why.until:.0f}:F>"


def _names(ids: str) -> str:
    return _listed(_few([f"`{one}`" for one in ids.split(", ")]))


def _clocks(at: float) -> str:
    return f"The clocks change, and its time is skipped: that day it begins <t:{at:.0f}:F>."


def told(one: Scheduled, server: str) -> str:
    """Told to whoever has set it, elsewhere; `server` is the server's name as it is shown."""
    why = in_the_way(one.in_the_way) if one.in_the_way else ""
    gone = one.in_the_way is not None and one.in_the_way.trouble is Trouble.CHANNEL
    paused = (
        f" It has paused.{_ANEW} `/tutor schedule list` has it."
        if gone
        else " It has paused; once that is mended, *Resume* in `/tutor schedule list` lets it go on."
        if one.paused
        else f" Next: <t:{one.next_at:.0f}:F>."
    )
    return f"About the {what(one.plan)} that you set in {server} for <#{one.channel}>, {when(one.when)}: {why}{paused}"


def shown_later(permission: str, place: str, until: float, of: Round) -> str:
    """Told to whoever set a question of the day that is over, where it cannot be shown how it ended."""
    lacking = f" (I lack **{permission}** there)" if permission else ""
    missing = "who was right" if any(turn.shown for turn in of.turns) else "what is right"
    kept = "The scores are kept" if any(turn.answers and not turn.void for turn in of.turns) else "It counts for nobody"
    return (
        f"The question of the day in {place} has closed, and I may not post there any more{lacking}, so I could not "
        f"show {missing}. {kept}; I show it as soon as I may post there again, until <t:{until:.0f}:f>."
    )
