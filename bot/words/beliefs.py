"""What a group believes and asks in vain: `/group beliefs` and `/group gaps`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.clock import week_begins
from bot.curriculum.beliefs import Belief
from bot.service.beliefs import EXACT, RANKED_BY, BeliefSeen, BeliefsSeen, GapsOfWeek, GapsSeen, Share, ShownCount
from bot.words.topics import in_markdown

BELIEFS_COMMAND = "Which misconceptions this group holds, by week, and what refutes each"
BELIEFS_TOPIC = "Only about this topic"
GAPS_COMMAND = "What this group asks that no topic answers, by week"
RULE = (
    "People are counted, not answers, once their week is over; fewer than three are not shown, and more than ten are "
    "rounded to fives."
)
NOT_THE_TEXT = "No question is kept, only which topics were suggested for it and which of our own terms it had."
GONE = "No question shows that any more: what I teach has changed since. Use `/group beliefs` again."
NO_PICTURE = "I may not attach files here, so there is no picture of the weeks."
WHY_NOT = "### What this group believes"
WHAT_IS_RIGHT = "### What is right"
THE_ANSWER = "The whole answer"
CHART_TITLE = "What this group believes, by week"
CHART_CAPTION = "The numbers are those of the list. A gap: fewer than three people in that week."
CHART_PEOPLE = "people who showed it"
CHART_PLACE = "week {}"
LONGEST_IN_PICTURE = 40  # characters of a misconception beside its line

_SHARES = {
    Share.FEW: "fewer than one in five",
    Share.QUARTER: "about a quarter",
    Share.THIRD: "about a third",
    Share.HALF: "about half",
    Share.TWO_THIRDS: "about two thirds",
    Share.THREE_QUARTERS: "about three quarters",
    Share.NEARLY_ALL: "nearly all",
}


def day(week: int) -> str:
    """The Monday of a week."""
    return f"{_monday(week):%-d %b}"


def _monday(week: int) -> datetime:
    return datetime.fromtimestamp(week_begins(week), UTC)


def chart_weeks(first: int) -> str:
    """The axis of the weeks."""
    return f"weeks since Monday {_monday(first):%-d %B %Y}"


def heading(title: str) -> str:
    """Above the list; `title` is that of the topic, if it is about one."""
    return f"### What this group believes, by questions about {title}" if title else "### What this group believes"


def small_print(seen: BeliefsSeen) -> str:
    """Under the list: how it is counted, what is left out, and when more comes."""
    left = [f"{seen.more} more are held by fewer."] if seen.more else []
    kept = [kept_back(seen.kept_back)] if seen.kept_back else []
    return "\n".join(f"-# {line}" for line in [RULE, " ".join([*left, next_numbers(seen.next_at)]), *kept])


def kept_back(count: int) -> str:
    """Said while a round asks about what would stand in the list."""
    what = "One is" if count == 1 else f"{count} are"
    return f"{what} not shown while a round here asks about {'its' if count == 1 else 'their'} topic."


def next_numbers(at: float) -> str:
    """When the week that is going on is over."""
    return f"This week's numbers come <t:{int(at)}:R>, on <t:{int(at)}:F>."


def nothing_yet(seen: BeliefsSeen, title: str, others: bool) -> str:
    """Said where there is nothing to show; `others`: there is something about other topics."""
    if seen.kept_back:
        return f"{heading(title)}\n{kept_back(seen.kept_back)}\n-# {next_numbers(seen.next_at)}"
    about = f" about {title}" if title else ""
    lines = [
        heading(title),
        f"There is nothing to show{about} yet. It needs three people who show the same misconception within one week "
        "(Monday to Sunday, UTC): by a wrong option, a mistake in an open answer or a wrong order, in a round, in "
        "`/practice` or in `/review` here.",
        *(["`/group beliefs` without `topic` shows what there is about others."] if others else []),
        f"-# {RULE}\n-# {next_numbers(seen.next_at)}",
    ]
    return "\n".join(lines)


def believed(  # noqa: PLR0913, PLR0917 - all that stands there
    number: int, seen: BeliefSeen, last: int, shown: str, asked: str, titles: Sequence[str]
) -> str:
    """One misconception: what it is, in questions about what, how many hold it, how that goes by week. `shown` and
    `asked` are its texts, and those of the question, and `titles` those of the topics, as they can be shown."""
    weeks = sorted(seen.weeks, reverse=True)
    before = weeks[1:RANKED_BY]
    lines = [
        f"**{number}.** {_stated(seen.known.belief, shown)}",
        _shown_about(titles, len(seen.known.topics) > 1),
        *([f"-# The answer to: {asked}"] if asked else []),
        f"Week of {day(weeks[0])}: {_counted(seen.weeks[weeks[0]])}. {trend(seen.weeks, last)}",
        *([f"-# Before: {'; '.join(f'{day(week)}: {_short(seen.weeks[week])}' for week in before)}"] if before else []),
    ]
    return "\n".join(lines)


def _shown_about(titles: Sequence[str], several: bool) -> str:
    """In questions about what something was shown; `several` topics can show it, and it is counted over all of them."""
    if not titles:
        return "-# Shown in questions about several topics"
    more = f" and {len(titles) - _MOST_TITLES} more" if len(titles) > _MOST_TITLES else ""
    counted = " (counted over all topics)" if several else ""
    return f"-# Shown in questions about {', '.join(titles[:_MOST_TITLES])}{more}{counted}"


_MOST_TITLES = 3


def _stated(belief: Belief, shown: str) -> str:
    if belief.contrary:
        return f"The contrary of this: {shown}"
    return f"“{shown}”" if belief.answers else f"**{shown}**"


def _counted(count: ShownCount) -> str:
    people = _people(count.people)
    if count.share is None:
        return f"{people} (too few others were asked to tell the share)"
    return f"{people} of {count.asked} who were asked ({_SHARES[count.share]})"


def _short(count: ShownCount) -> str:
    return str(count.people) if count.share is None else f"{count.people} ({_SHARES[count.share]})"


def _people(count: int) -> str:
    return f"about {count} people" if count > EXACT else f"{count} people"


def trend(weeks: Mapping[int, ShownCount], last: int) -> str:
    """How a misconception goes, in words: the last week that is over beside the one that was counted before; by share
    where that is told of both, else by people."""
    latest, *earlier = sorted(weeks, reverse=True)
    if latest < last:
        return "Since then fewer than three a week."
    if not earlier:
        return "No earlier week had three."
    than = "the week before" if earlier[0] == last - 1 else f"the week of {day(earlier[0])}"
    now, then = weeks[latest], weeks[earlier[0]]
    if now.share is not None and then.share is not None:
        change, more, fewer, same = now.share - then.share, "A larger share", "A smaller share", "About the same share"
    else:
        change, more, fewer, same = now.people - then.people, "More people", "Fewer people", "About as many people"
    return f"{same} as {than}." if not change else f"{more if change > 0 else fewer} than {than}."


def refute(number: int) -> str:
    """The button that shows what refutes a misconception."""
    return f"{number}: See why not"


def ask_about(number: int) -> str:
    """The button that starts a round on a misconception."""
    return f"{number}: Ask about it"


def refuted(belief: Belief, shown: str, asked: str, right: str) -> str:
    """A misconception, and what is right: above what refutes it, or where nothing but words does. The texts are those
    of the misconception, of the question that it answers (empty: none), and of what is right, as they can be shown."""
    to = [f"-# The answer to: {asked}"] if asked else []
    return "\n".join([WHY_NOT, _stated(belief, shown), *to, WHAT_IS_RIGHT, right])


def gaps(seen: GapsSeen, titles: Mapping[str, str]) -> Iterator[str]:
    """What was asked in vain, week by week; `titles` are those of the topics, as they can be shown, by their ids."""
    yield "### What this group asks in vain"
    if not seen.weeks:
        yield (
            "There is nothing to show yet. It needs three people who, within one week (Monday to Sunday, UTC), ask "
            "something here that no topic answers and that comes near to the same topic, or has the same of our terms "
            "in it. Small talk does not count."
        )
    for week in seen.weeks:
        yield _gaps_of(week, titles)
    yield f"-# {RULE} {NOT_THE_TEXT}\n-# {next_numbers(seen.next_at)}"


def _gaps_of(week: GapsOfWeek, titles: Mapping[str, str]) -> str:
    people = f": {_people(week.people)} in all" if week.people else ""
    lines = [f"**Week of {day(week.week)}**{people}"]
    if week.topics:
        lines.append(f"Near to: {_listed([(titles[id_], many) for id_, many in week.topics])}")
    if week.terms:
        lines.append(f"With the words: {_listed([(in_markdown(term), many) for term, many in week.terms])}")
    return "\n".join(lines)


def _listed(found: Sequence[tuple[str, int]]) -> str:
    return "; ".join(f"{what} ({many})" for what, many in found)
