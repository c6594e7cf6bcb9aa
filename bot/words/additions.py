"""What a server adds: phrasings that were taught, and wordings that were accepted."""

from bot.curriculum.model import Topic
from bot.service.phrasing_rules import LONGEST_PHRASING, MOST_TAUGHT, CannotBeTaught, Rule
from bot.service.wordings import LONGEST_WORDING, MOST_WORDINGS, CannotBeAccepted, Flaw
from bot.words.answers import heading
from bot.words.rounds import name

TUTOR_COMMAND = "For those who run this server"
TAUGHT_COMMAND = "What I was taught in this server, and taking it back"
TEACH_THIS = "Teach this"
TEACH_TOPIC = "Topic"
TEACH_BY_TITLE = "Its title, as /topics has it"
TEACH_PART = "Part, if it asks after one"
TEACH_PHRASING = "The question"
TEACH_PHRASING_NOTE = "Whoever asks it like this, or nearly so, gets that answer in this server."
PICK_ONE = "Pick one"
TAUGHT = "**Taught in this server**"
NOTHING_TAUGHT = f"Nothing yet. Where I have no answer, a moderator finds *{TEACH_THIS}* below what I say."
TAKE_BACK = "Take one back"
UNDO = "Take it back"
TAKEN_BACK = "Taken back."
PREVIOUS, NEXT = "Previous", "Next"
ONLY_MODERATORS_TEACH = "Only a moderator (Manage Server or Manage Messages) can teach me."
ONLY_MANAGERS = "Only someone who may manage the server (Manage Server) can do that."
NOT_THERE = "That phrasing is not there any more."


_BROKEN = {
    Rule.EMPTY: "There is nothing in that question. Type it as a member would.",
    Rule.TOO_LONG: f"I learn questions of up to {LONGEST_PHRASING} characters; that one is longer. Please shorten it.",
    Rule.TOO_VAGUE: "That question does not say what it is about: I would hear it in every “why?”. Add what matters.",
    Rule.NO_SUCH_TOPIC: "I have no topic of that name. `/topics` lists what I cover.",
    Rule.NO_SUCH_PART: "{topic} has no such part.",
    Rule.ASKS_ANOTHER: "That question asks {topic} already; it cannot ask two topics.",
    Rule.KNOWN: "I know that question already, as one that asks {topic}.",
    Rule.NO_ASK: "My knowledge says of that very question that {topic} does not answer it.",
    Rule.TAUGHT: "That question was taught already, for {topic}. `/tutor taught` takes it back.",
    Rule.ENOUGH: f"{MOST_TAUGHT} questions were taught in this server; I keep no more. See `/tutor taught`.",
}


def cannot_be_taught(fault: CannotBeTaught) -> str:
    """Why a phrasing was not learned, and what to do."""
    said = _BROKEN[fault.rule].format(topic=f"“{fault.topic.title}”" if fault.topic else "that topic")
    return said + (_parts(fault.topic) if fault.rule is Rule.NO_SUCH_PART else "")


def _parts(topic: Topic | None) -> str:
    titles = "; ".join(part.title for part in topic.parts) if topic else ""
    return f" Its parts: {titles}." if titles else ""


def taught_now(typed: str, topic: Topic, parts: tuple[str, ...]) -> str:
    """A phrasing has been learned. `typed` is shown as it is."""
    return f"Learned, for this server only: {typed} asks **{heading(topic, parts)}**."


def taught_heading(count: int, most: int, page: int, pages: int) -> str:
    """Opens the list of what was taught; `page` counts from 1."""
    return f"{TAUGHT} ({count} of at most {most})" + (f", page {page} of {pages}" if pages > 1 else "")


def taught_line(typed: str, asks: str, by: str, at: str) -> str:
    """A phrasing in the list of what was taught. `typed`, `by` and `at` are shown as they are."""
    return f"- {typed} asks **{asks}**; taught by {by}, {at}"


def no_longer_taught(topic_id: str) -> str:
    """Stands for a topic that is gone from the knowledge."""
    return f"{topic_id} (no longer a topic)"


ACCEPTED_COMMAND = "Wordings of answers that were accepted in this server, and taking them back"
KEEP_WORDING = "Accept this wording from now on"
ACCEPTED_HERE = "**Accepted in this server**"
NOTHING_ACCEPTED = "Nothing yet. Whoever accepts an *I was right* on an answer in words is asked whether it stays so."
NO_LONGER_ASKED = "a question that is no longer asked"
ONLY_MODERATORS_ACCEPT = "Only a moderator of that server (Manage Server or Manage Messages) can do that."
ANSWER_GONE = "That answer is no longer kept."
WORDING_NOT_THERE = "That wording is not there any more."
_CANNOT_BE_ACCEPTED = {
    Flaw.NOT_IN_WORDS: "Only answers in words can be accepted from now on.",
    Flaw.TOO_LONG: f"I keep wordings of up to {LONGEST_WORDING} characters; that one is longer.",
    Flaw.TOO_LITTLE: "That says too little to be right wherever it is said.",
    Flaw.REPEATS: "That repeats the question.",
    Flaw.KNOWN: "That wording is accepted already.",
    Flaw.ENOUGH: f"{MOST_WORDINGS} wordings are accepted in this server; I keep no more. See `/tutor accepted`.",
}


def decided(flag: bool, accepted: bool, by: str) -> str:
    """Ends the message of a flag or an appeal that was decided; `by` is what the moderator is called, if known."""
    what = "**Accepted**" if accepted else "**Rejected**"
    then = ""
    if accepted:
        then = ": the question counts for nobody" if flag else ": it counts, and so do all like it"
    return f"{what}{f' by {name(by)}' if by else ''}{then}."


def wording_offered(typed: str) -> str:
    """Offers to accept a wording; `typed` is shown as it is."""
    return (
        f"Done. {typed} can have full marks in this server from now on, whenever that question is asked, in rounds and "
        "in practice. Who wrote it is not kept with it."
    )


def wording_accepted(typed: str) -> str:
    """A wording is accepted; `typed` is shown as it is."""
    return f"Accepted from now on, in this server only: {typed}\n-# `/tutor accepted` lists them and takes them back."


def cannot_be_accepted(fault: CannotBeAccepted) -> str:
    """Why nothing was kept."""
    return _CANNOT_BE_ACCEPTED[fault.flaw]


def accepted_heading(count: int, most: int, page: int, pages: int) -> str:
    """Opens the list; `page` counts from 1."""
    return f"{ACCEPTED_HERE} ({count} of at most {most})" + (f", page {page} of {pages}" if pages > 1 else "")


def accepted_line(typed: str, ask: str, topic: str, by: str, at: str) -> str:
    """A wording in the list. `typed`, `by` (may be empty) and `at` are shown as they are."""
    return f"- {typed} answers “{ask}” ({topic}); accepted {f'by {by}, ' if by else ''}{at}"
