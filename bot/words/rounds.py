"""What is said in and around a quiz round: lead-in, questions, refusals, reveals, table, receipts."""

import math
from collections.abc import Sequence
from dataclasses import replace

from bot import formats
from bot.curriculum.model import Curriculum
from bot.quiz.reveals import ended_by
from bot.quiz.round.effects import Lost, Tell, Told, WhyEnded
from bot.quiz.round.state import Ended, LeadIn, Round
from bot.quiz.round.turn import Turn, Void
from bot.quiz.scoring import Called, TableLine, called, ranked
from bot.text.normalise import levelled, undirected, visible
from bot.words import disputes, kinds, quiz
from bot.words.discord import PERMISSIONS, lacks
from bot.words.topics import plain

QUIZ_COMMAND = "Quiz rounds for the whole channel"
QUIZ_START = "Start a quiz round here"
QUIZ_STOP = "End the round of this channel"
QUIZ_SCORES = "The scores of this channel's round so far"
QUIZ_QUESTIONS = "How many questions (default 5)"
QUIZ_SECONDS = "Seconds for each answer (default 20)"
QUIZ_UNTIMED = "No clock: questions close by Next, or when all who play have answered"
QUIZ_TOPICS = "Which topics, by name or by number in /topics: momentum, dropout (all by default)"
QUIZ_PAUSE = "Seconds between two questions (default 10)"
QUIZ_SEED = "The same seed asks the same questions; such a round does not count for the leaderboard"
SKIP = "Skip"
NEXT_ROUND_QUESTION = "Next"
NO_SUCH_KIND = "there is no such kind."
NO_CLOCK = f"-# No clock: it closes by *{NEXT_ROUND_QUESTION}*, or half a minute after all who played before answered."
NO_CLOCK_AT_FIRST = f"-# No clock: it closes by *{NEXT_ROUND_QUESTION}*, or two minutes after the last answer."
STOP = "Stop"
MY_RECEIPT = "My answers"
UNCLEAR = "Unclear?"
I_WAS_RIGHT = "I was right"
ACCEPT, REJECT = "Accept", "Reject"
ONLY_STARTERS = "Only members with Manage Messages, or with the role set in `/tutor settings`, can start a round."
ONLY_IN_SERVERS = "Rounds are for channels of a server. `/practice` works everywhere."
NO_ROUND_HERE = "There is no round here right now."
ONLY_OF_THE_DAY = "A question of the day stands here: its points come at its close. There is no round here right now."
START_ONE = "`/quiz start` starts one."
GOING_DOWN = "I am being restarted; the round goes on in a moment."
NOTHING_IS_LOST = "Nothing that was locked is lost."
ALREADY_ON = "A round is on here already. `/quiz stop` ends it."
NOT_KEPT_ANY_MORE = "That round is no longer kept."
UNREADABLE = "I can no longer read that round. It was kept by another version of me."
STILL_PLAYING = "You are playing in a round right now, or started it"
NOT_KEPT = "I could not keep that just now, so nothing has changed. Please try again in a moment."
NOT_YET = "I cannot tell yet whether one is on here. Please try again in a moment."
NOT_READ = "I cannot look that up just now. Please try again in a moment."
NOT_ANSWERED = (
    "The part of me that has that round does not answer, so nothing has changed. Please try again in a moment."
)
NOT_KNOWN = (
    "The part of me that has that round does not say whether that has happened. Please look before you do it again."
)
BACK = "I am back; the round goes on."
ENDED_BY_UPDATE = "I was updated, so this round ends here. What was locked and decided counts."
NOBODY_YET = "Nobody has answered yet."
LONGEST_NAME = 40
NOTHING_COUNTS = "No question counted."
NOTHING_ASKED = "No question was asked."
NOT_YOUR_OWN = (
    "This comes from you, or you answered the same, so a moderator (Manage Messages) has to decide it. With a "
    "`review_channel` in `/tutor settings` they see such things there."
)
NOBODY = "Nobody answered."
NOTHING_COUNTED = "No question has counted so far."
REPLACED_BY_ANOTHER = "Another one is asked in its place."
UNREAD: dict[Told, str] = {
    Told.NOT_AN_ANSWER: "I could not read that as an answer to this question. Please try again.",
    Told.NOT_A_NUMBER: quiz.NOT_A_NUMBER,
    Told.NOTHING_WRITTEN: quiz.NOTHING_WRITTEN,
}
ASKED_BEFORE = "-# It comes again: I have asked all questions like this here by now."
OF_THE_DAY = (
    "-# Answers are private and can be changed until the close. Who asks me about this topic is shown the answer, and "
    "then answers without points."
)
LOCK_FOR_GOOD = "Lock my answer"
GIVE_UP = "Give up"
STOP_THE_DAY = "End it now"
DAY_CLOSED = "The question of the day has closed, and what is right is on its way: there is nothing left to stop."
SHOW_IT = "Show it"
SHOW_IT_TO_ME = "Show it only to me"
SAW = " You have seen the answer, so yours earns no points."
SKIPPED_BY_VOTE = "Most of those who play wanted to skip it; it counts for nobody."
VOIDED: dict[Void, str] = {
    "cut": "I was away for too much of this question, so it does not count.",
    "failed": "The experiment behind this question did not run, so it does not count.",
    "skipped": "Skipped; it counts for nobody.",
    "stopped": "Stopped; it counts for nobody.",
    "lost": "The round lost its place; this question counts for nobody.",
    "unclear": "A moderator found this question unclear; it counts for nobody.",
    "deleted": "The message of this question was deleted while it was open, so it counts for nobody.",
    "untaught": "What this question is graded by is no longer taught, so it does not count.",
    "updated": "I was updated during this question, before it was known what is right; it counts for nobody.",
}


def quiz_kinds(names: Sequence[str]) -> str:
    """Describes the option of `/quiz start`; `names` are those of the kinds there are."""
    return f"Which kinds, separated by commas: {', '.join(names)} (all by default)"


def unknown_kinds(unknown: quiz.UnknownNames, names: Sequence[str]) -> str:
    """Kinds were listed that there are not; `names` are those of the kinds there are."""
    return f"{quiz.unsure(unknown, NO_SUCH_KIND)} I know these kinds of question: {', '.join(names)}."


def round_begins(  # noqa: PLR0913, PLR0917 - all that was asked for
    place: str,
    count: int,
    wanted: int,
    titles: Sequence[str] = (),
    names: Sequence[str] = (),
    unused: bool = False,
) -> str:
    """Told to whoever starts; `wanted` is how many questions they asked for, `titles` those of the topics, `names`
    those of the kinds, if not of all; `unused`: they gave seconds for a round that has no clock."""
    fewer = f" I have only {_questions(count)} like that." if count < wanted else ""
    about = f" Its {'topic' if len(titles) == 1 else 'topics'}: {'; '.join(titles)}." if titles else ""
    of = f" {'Kind' if len(names) == 1 else 'Kinds'} of question: {', '.join(names)}." if names else ""
    clock = " It has no clock, so the `seconds` are left out." if unused else ""
    return f"The round begins: {place}.{about}{of}{clock}{fewer}"


def _questions(count: int) -> str:
    return f"{count} {'question' if count == 1 else 'questions'}"


NOT_BEGUN = {  # of a round that ended before anything was asked, on its announcement
    "finished": "No question could be shown.",
    "nobody": "No question could be shown.",
    "lost": "The round lost its place before the first question.",
    "updated": ENDED_BY_UPDATE,
}


def lead_in(round_: Round) -> str:
    """What announces a round, and what that says once its first question is there, or will not come."""
    setup, kept = round_.setup, [turn for turn in round_.turns if not turn.replaced]
    count = len(round_.planned) + len(kept)
    window = "no clock" if setup.window is None else f"{setup.window:.0f} seconds{' each' if count > 1 else ''}"
    started = "by this server's schedule" if setup.scheduled else f"started by {starter(round_)}"
    seeded = "\n-# Drawn with a given seed: for practice, not for the leaderboard." if setup.seeded else ""
    return (
        f"### Quiz\n{_questions(count)}, {window}, {started}.{_first(round_)}\n"
        "-# Everyone can play. Answers are private and can be changed until the close; points are the same for all "
        f"who are right, however fast.{seeded}"
    )


def called_role(round_: Round) -> str:
    """The mention of the role that is called by the first message of a round, as long as that is news."""
    news = isinstance(round_.phase, LeadIn) or (round_.setup.of_the_day and round_.current is not None)
    return f"<@&{round_.setup.ping}>" if round_.setup.ping and news else ""


def seen_now(channel: int) -> str:
    """Below what was shown to somebody alone, as it answers a question of the day that they have not answered."""
    return (
        f"The question of the day in <#{channel}> asks about this: you have seen the answer, so yours earns no points."
    )


def ask_in_private(channel: int) -> str:
    """In place of an answer that all would see."""
    return (
        f"The question of the day in <#{channel}> asks about that, so I tell it to whoever asks alone: by `/ask` and "
        "`/simulate`, or here. Who has seen it answers that question without points."
    )


def lock_first(link: str, answered: bool) -> str:
    """To who has pressed in a question of the day, and asks about its topic; `link` leads to it, or is empty."""
    question = f"[the question of the day]({link})" if link else "the question of the day"
    if answered:
        return (
            f"That is about {question}, which you have answered. Lock your answer for good, and it counts as it is; or "
            "give up, and it earns no points. Then I show it to you."
        )
    return (
        f"That is about {question}, which you have begun to answer. Answer it and lock that for good; or give up, and "
        "your answer earns no points. Then I show it to you."
    )


def stop_the_day(link: str, closes: float, answers: int) -> str:
    """Asks who wants to stop something where no round is on but a question of the day; `link` leads to it, or is
    empty."""
    question = f"[the question of the day]({link})" if link else "the question of the day"
    answered = "nobody has" if not answers else f"{answers} {'member has' if answers == 1 else 'members have'}"
    return (
        f"No round is on here, but {question} stands until <t:{closes:.0f}:f> (<t:{closes:.0f}:R>), and {answered} "
        "answered it. Ended now it counts for nobody, and what is right is shown."
    )


def of_the_day_heading(curriculum: Curriculum, turn: Turn) -> str:
    """Above a question of the day."""
    topic = curriculum.topic(turn.question.topic)
    return f"### Question of the day{_discounted(turn)}\n-# {quiz.heading(topic, turn.question)}"


def of_the_day_table(round_: Round, places: Sequence[TableLine], link: str) -> str:
    """Who was right, posted when a question of the day has closed; `link` leads to it."""
    question = f"[The question of the day]({link})" if link else "The question of the day"
    head, turn = "### Question of the day: the result", round_.turns[-1] if round_.turns else None
    if turn is not None and turn.void:
        return f"{head}\n{question}: {voided(turn, ended_by(round_, turn))}"
    head = f"{head}\n{question} has closed; what is right stands there now."
    if not places:
        return f"{head}\n{NOBODY}"
    untimed = [replace(place, seconds=None) for place in places]  # nobody was to hurry
    return "\n".join(filter(None, [head, standing(untimed), unranked(round_)]))


def _first(round_: Round) -> str:
    """When the first question comes, while it is to come; or why it does not."""
    match round_.phase:
        case LeadIn(until, waits=waits):
            first = "It" if len(round_.planned) == 1 else "The first one"
            return f" {first} comes {'as soon as its picture is drawn' if waits else f'<t:{until:.0f}:R>'}."
        case Ended(why="stopped") if not round_.begun:
            by = called(round_).get(round_.stopped_by or 0)
            return f" It was stopped{f' by {who(by)}' if by else ''} before the first question."
        case Ended(why) if not round_.begun:
            return f" {NOT_BEGUN[why]}"
    return ""


def starter(round_: Round) -> str:
    """Whoever started a round."""
    return f"<@{round_.setup.starter}>" if round_.setup.starter else SOMEBODY


def question_heading(curriculum: Curriculum, turn: Turn, number: int, of: int) -> str:
    """Above a question in a round."""
    topic = curriculum.topic(turn.question.topic)
    return f"-# Question {number} of {of}{_discounted(turn)} · {quiz.heading(topic, turn.question)}"


def numbered(turn: Turn, number: int) -> str:
    """A question of a round in a list."""
    return f"{number}{_discounted(turn)}"


def _discounted(turn: Turn) -> str:
    return " (does not count)" if turn.void else ""


def voided(turn: Turn, by: Called | None = None) -> str:
    """Why a question does not count; empty where it does. `by`: whoever ended it, if that is known."""
    if not turn.void:
        return ""
    said = VOIDED[turn.void]
    by_vote = SKIPPED_BY_VOTE if turn.ended_by is None and len(turn.votes) > 1 else said
    if turn.void == "skipped":
        said = f"Skipped by {who(by)}; it counts for nobody." if by else by_vote
    elif turn.void == "stopped" and by:
        said = f"Stopped by {who(by)}; it counts for nobody."
    return f"{said} {REPLACED_BY_ANOTHER}" if turn.replaced else said


def going_down(round_: Round, turn: Turn | None, number: int) -> str:
    """Says that the bot restarts, and what becomes of the question that is open (None: there is none)."""
    left = 0.0 if turn is None else math.inf if turn.closes is None else turn.closes - round_.now
    if turn is None or left <= 0:
        return f"{GOING_DOWN} {NOTHING_IS_LOST}"
    if turn.closes is None:
        return f"{GOING_DOWN} Question {number} stays open. {NOTHING_IS_LOST}"
    if left <= turn.may_lose:
        return f"{GOING_DOWN} Question {number} counts however long that takes. {NOTHING_IS_LOST}"
    instead = ", and another one is asked in its place" if round_.spares else ""
    away = max(1, int(turn.may_lose))
    seconds = "a second" if away == 1 else f"{away} seconds"
    return (
        f"{GOING_DOWN} Question {number} is open: if I am away for more than {seconds} of it, it does not count"
        f"{instead}. All points so far are kept."
    )


def back(round_: Round, turn: Turn | None, number: int) -> str:
    """Says that the bot is back, and what became of the question that was open then (None: there was none)."""
    if turn is None or (turn.void and turn.void != "cut"):
        return BACK
    if turn.void:
        replaced = f" {REPLACED_BY_ANOTHER}" if turn.replaced else ""
        of = "" if turn.closes is None else f"{turn.lost:.0f} of the {turn.closes - turn.opens:.0f} seconds of "
        return f"{BACK} I was away for {of}question {number}, so it does not count.{replaced}"
    if turn.closes is None:
        return f"{BACK} Question {number} is still open. {NOTHING_IS_LOST}"
    if round_.now < turn.closes:
        return f"{BACK} Question {number} counts; it closes <t:{turn.closes:.0f}:R>. {NOTHING_IS_LOST}"
    return f"{BACK} Question {number} has closed, and counts. {NOTHING_IS_LOST}"


def closes(turn: Turn, first: bool = False) -> str:
    """When a question closes; once its message is to say that it has, what is waited for. `first`: nobody has played
    before in that round."""
    if turn.waiting is None:
        no_clock = NO_CLOCK_AT_FIRST if first else NO_CLOCK
        return no_clock if turn.closes is None else f"Closes <t:{turn.closes:.0f}:R>."
    if turn.waiting.writing:
        return f"Closed; waiting for {_being_written(turn.waiting.writing)}."
    return "Closed; the experiment is running." if turn.question.runs else "Closed; I am reading the answers."


def _being_written(writing: int) -> str:
    return f"{writing} {'answer' if writing == 1 else 'answers'} being written"


def table(round_: Round, places: Sequence[TableLine]) -> str:
    """The table at the end of a round: who came where, and why it ended."""
    phase = round_.phase
    why = phase.why if isinstance(phase, Ended) else "finished"
    by = called(round_).get(round_.stopped_by or 0)
    head = {
        "finished": "### Quiz: the result",
        "stopped": f"### Quiz: stopped{f' by {who(by)}' if by else ''}",
        "nobody": "### Quiz: the end\nNobody answered two questions in a row, so I end the round here.",
        "lost": f"### Quiz: ended\nThe round lost its place: {_lost(round_)}.",
        "updated": f"### Quiz: ended\n{ENDED_BY_UPDATE}",
    }[why]
    if not round_.turns:
        return f"{head}\n{NOTHING_ASKED}"
    if not places:
        return head if why == "nobody" else f"{head}\n{NOBODY}"
    if not places[0].of:
        return f"{head}\n{NOTHING_COUNTS}"
    return "\n".join(filter(None, [head, standing(places), unranked(round_)]))


def unranked(round_: Round) -> str:
    """Why the points of a round do not count for the leaderboard; empty where they do."""
    if round_.setup.seeded:
        return "-# Not for the leaderboard: the questions were drawn with a given seed."
    if ranked(round_):
        return ""
    return "-# Not for the leaderboard: only one member answered a question that counts, and that takes two."


def standing(places: Sequence[TableLine]) -> str:
    """The places, best first; equal points share a place, the faster stands first."""
    if not places:
        return NOBODY_YET
    if not places[0].of:
        return NOTHING_COUNTED
    return "\n".join(map(_place, places[:25])) + (f"\n-# and {len(places) - 25} more" if len(places) > 25 else "")


def _place(one: TableLine) -> str:
    took = "" if one.seconds is None else f", {one.seconds:.1f} s on average"
    return f"**{one.place}.** {who(one.called)}: **{formats.points(one.points)}** of {one.of}{took}"


SOMEBODY = "somebody"  # who wanted to be forgotten


def who(member: Called) -> str:
    """A member as others read of them: their name, with the last digits of their id where another is called alike."""
    digits = f" (…{member.digits})" if member.digits else ""
    return f"{name(member.name)}{digits}" if member.name else SOMEBODY


def name(called: str) -> str:
    """A member's name as it is shown: nothing in it is rendered."""
    line = " ".join(undirected(called).replace("`", "ˋ").split()) if visible(called) else "?"
    return levelled(f"`{line[:LONGEST_NAME]}`")


SAID = {
    Told.VOID: "This question does not count any more.",
    Told.NOT_ALLOWED: "Only whoever started the round, and moderators (Manage Messages), can do that.",
    Told.NO_LONGER_ALLOWED: "You started this round, but you may no longer start rounds here: moderators decide now.",
    Told.NOT_YOUR_OWN: NOT_YOUR_OWN,
    Told.NOT_PLAYING: "Only those with an answer in this round can vote to skip.",
    Told.NOT_ANSWERED: "You have no answer to this question.",
    Told.DONE: "Done.",
    Told.NOTED: f"Thank you; it goes to whoever may decide it. *{MY_RECEIPT}* under the table says what comes of it.",
    Told.NOTED_BEFORE: "That is noted already.",
    Told.FULL_POINTS: "You have full points for this question already.",
    Told.NOBODY_REACHED: f"That is noted. {disputes.NOBODY_REACHED}",
    Told.NONE_WAIT: "No dispute of this round waits here any more.",
    Told.DECIDED: "Thank you; that has been decided already.",
    Told.NOT_OPEN: "That question is not open.",
    Told.BEING_WRITTEN: "It is closed.",
    Told.BEING_FOUND: "It is closed; the reveal comes as soon as it is known what is right.",
    Told.OVER: "That round is over.",
    Told.GAVE_UP: "You have given up: what you answer to this question earns no points.",
}


def told(tell: Tell, typed: str) -> str:
    """What a member is told in private; `typed` is how an answer in words is shown."""
    answer = quiz.answered(tell.answer, typed) if tell.answer else ""
    match tell.told:
        case Told.LOCKED:
            changed = "Changed to" if tell.changed else "Locked:"
            said = f"{changed} {answer}.{_then(tell)}"
        case Told.OLDER:
            said = f"A later answer of yours is locked already: {answer}."
        case Told.FOR_GOOD:
            said = f"Your answer is locked for good: {answer}.{SAW * tell.saw}"
        case Told.LATE:
            said = f"Too late, by {tell.seconds:.1f} s.{_stays(answer)}"
        case Told.NOT_AN_ANSWER | Told.NOT_A_NUMBER | Told.NOTHING_WRITTEN:
            of_kind = kinds.named(tell.kind).unread(tell.wrong) if tell.kind else ""
            said = (of_kind or UNREAD[tell.told]) + (" The question has closed, though." * tell.final) + _stays(answer)
        case Told.VOTED:
            said = f"Your vote to skip it counts: {tell.votes} of the {tell.needed} that it takes."
        case _:
            said = (SAID.get(tell.told) or _done(tell)) + SAW * tell.saw + _waiting(tell)
    return said


def locked_before(tell: Tell, typed: str, link: str) -> str:
    """Tells of an answer that is locked, where its own message did not arrive; `link` leads to the question."""
    question = f"[an earlier question]({link})" if link else "an earlier question"
    answer = quiz.answered(tell.answer, typed) if tell.answer else ""
    return f"Your answer to {question} is locked, and counts: {answer}. Discord did not confirm that you were told."


def _waiting(tell: Tell) -> str:
    return f" I am waiting for {_being_written(tell.writing)}; then comes the reveal." if tell.writing else ""


def _then(tell: Tell) -> str:
    """What else there is to say of an answer that is locked."""
    if tell.saw:
        return SAW
    if tell.late:
        return " In time, and now scored."
    if tell.final:
        return " You began it in time, so it counts; it can no longer be changed."
    return " You can change it until the close."


def _done(tell: Tell) -> str:
    """What *Skip*, *Next* or *Stop* did."""
    question = f"Question {tell.number}"
    return {
        Told.SKIPPED: f"{question} is skipped; it counts for nobody.",
        Told.CLOSED: f"{question} is closed.",
        Told.STOPPED: f"The round is stopped{f'; question {tell.number} counts for nobody' if tell.number else ''}.",
        Told.DAY_STOPPED: "The question of the day is stopped; it counts for nobody.",
        Told.STOPS: f"The round ends after the reveal of question {tell.number}, which has closed.",
    }[tell.told]


def _stays(answer: str) -> str:
    return f" Your earlier answer stays: {answer}." if answer else ""


LONGEST_THREAD_NAME = 100
QUIZ_WHERE = "Right here, or in a thread that I open for it (default: here)"
WHERE_CHOICES = {"here": "here", "thread": "thread"}
NO_THREAD_IN_A_THREAD = "A thread cannot hold another one. Leave out `where`, and the round is played right here."
NO_THREADS_HERE = "A channel of this kind has no threads. Leave out `where`, and the round is played right here."
TOO_MANY_THREADS = "This server has as many active threads as Discord allows. Archive some, or leave out `where`."
LOCKED_HERE = "This thread is locked, so I cannot post in it. Unlock it, or start the round elsewhere."


def lacking(permissions: Sequence[str], place: str, thread: bool = False) -> str:
    """Why a round cannot be played there, or no thread be opened for it; named as in `discord.PERMISSIONS`."""
    what = f"I cannot open a thread for a round in {place}" if thread else f"No round can be played in {place}"
    return f"{what}: {lacks(permissions, ' there')}"


def not_started(why: str) -> str:
    """Why a round has not begun."""
    return f"No round has begun. {why}"


LOST_THEN: dict[Lost, str] = {  # of a round that is over: it may be otherwise by now
    "permission": "I could no longer post there",
    "channel-gone": "its channel was deleted",
    "thread-gone": "its thread was deleted",
    "thread-locked": "the thread was locked",
    "removed": "I was no longer in that server",
    "refused": "Discord did not take what I posted there",
}
LOST: dict[str, str] = {
    "permission": "I may no longer post there",
    "channel-gone": "its channel was deleted",
    "thread-gone": "its thread was deleted",
    "thread-locked": "the thread was locked",
    "removed": "I am no longer in that server",
    "refused": "Discord does not take what I post there",
    "updated": "I was updated, and rounds from before cannot go on",
    "deleted": "its message was deleted while it stood",  # these of a question of the day
    "failed": "the experiment behind it did not run",
    "untaught": "what it is graded by is no longer taught",
}


def ended_early(round_: Round) -> str:
    """Told to whoever presses at a round that has lost its channel: its messages may look as if it went on."""
    return f"That round has ended early: {_lost(round_)}. A question that was open then counts for nobody."


def lost_before(round_: Round) -> str:
    """Why the last round of a channel ended, told with the next one where nobody could be told; empty where not."""
    return f"The last round here ended early: {_lost(round_)}. Its scores are kept." if round_.untold else ""


def _lost(round_: Round) -> str:
    """How a round has lost its channel."""
    phase = round_.phase
    if not isinstance(phase, Ended) or phase.lost is None:
        return ""
    lacking = f" (I lacked **{PERMISSIONS.get(phase.permission, phase.permission)}**)" if phase.permission else ""
    return f"{LOST_THEN[phase.lost]}{lacking}"


def failed_there(incident: str) -> str:
    """Told to whoever did something to a round that another process has."""
    return f"Something went wrong in the part of me that has that round, and it is logged as `{incident}`."


def still_playing(channels: Sequence[tuple[int, int]]) -> str:
    """Why nothing of a member is deleted now; `channels` are where they play, each with its server before it."""
    links = [f"- https://discord.com/channels/{server}/{channel}" for server, channel in channels]
    where = "\n".join([", here:", *links, ""]) if links else ". "
    over = "Ask me again when it is over. Whoever started it, and moderators (Manage Messages), can end it"
    return f"{STILL_PLAYING}{where}{over} by `/quiz stop` in its channel."


def round_elsewhere(places: Sequence[str]) -> str:
    """Said in a channel with rounds in its threads only."""
    return f"There is no round right here; one is on in {', '.join(places)}."


def round_thread(titles: Sequence[str], count: int | None) -> str:
    """The name of a thread that is opened for a round about these topics (none: about all), of so many questions."""
    many, titles = f" · {_questions(count)}" if count else "", [plain(title) for title in titles]  # no Markdown there
    for named in range(len(titles), 0, -1):
        more = f" and {len(titles) - named} more" if named < len(titles) else ""
        name = f"Quiz: {', '.join(titles[:named])}{more}{many}"
        if len(name) <= LONGEST_THREAD_NAME:
            return name
    room = LONGEST_THREAD_NAME - len(f"Quiz: …{many}")
    return f"Quiz: {f'{titles[0][:room]}…' if titles else 'all topics'}{many}"


def lost(why: WhyEnded, permission: str, place: str, incident: str = "", of: Round | None = None) -> str:
    """Told to whoever started the round `of` which it is, or set that it begins, elsewhere. `place` is empty where
    nothing is left to point at."""
    lacking = f" (I lack **{permission}** there)" if permission else ""
    logged = f" (logged as `{incident}`)" if incident else ""
    scheduled = of is not None and of.setup.scheduled
    which = f"in {place}" if place else "that was scheduled" if scheduled else "that you started"
    ended = f"{which} has ended: {LOST[why]}{lacking}{logged}."
    if of is not None and of.setup.of_the_day:
        kept = any(turn.answers and not turn.void for turn in of.turns)
        then = "" if why == "removed" else " `/tutor schedule list`, in that server, shows when the next one comes."
        return f"The question of the day {ended} {'The scores are kept.' if kept else 'It counts for nobody.'}{then}"
    again = "" if why == "removed" else " `/quiz start` starts another wherever I may post."
    return f"The quiz round {ended} The scores are kept.{again}"


STANDS_STILL = (
    "I cannot keep answers right now: my storage cannot be written. Time stands still in this round. What was locked "
    "before stays locked, and an open question gets back the time that it loses. I go on by myself once it works; "
    "whoever hosts me finds the reason in my log."
)
OPENS_AGAIN = "-# I cannot keep answers right now, so time stands still. The question opens again once I can."
CLOSED_STILL = "-# Closed. I cannot keep anything right now, so time stands still; what is right comes once I can."
STOPS_STILL = (
    "I am being stopped, and my storage still cannot be written. What was locked before that stays locked; what I "
    "could not keep was told to whoever sent it. The round goes on from there when I am back."
)


def given_back(said: str, typed: str) -> str:
    """Told to whoever sent in an answer that cannot be kept, after why: the form is gone, and what stood in it."""
    return f"{said}\nYou wrote: {typed}"


STOOD_STILL_BEFORE = (
    "I could not keep answers for a while, and was restarted. I can keep them again; what was locked before that "
    "stayed locked."
)


def stood_still(since: float, until: float) -> str:
    """Said when answers can be kept again, in place of `STANDS_STILL`."""
    return (
        f"From <t:{since:.0f}:T> to <t:{until:.0f}:T> I could not keep answers, so time stood still. What was locked "
        "stayed locked, and an open question got its time back. The round goes on."
    )
