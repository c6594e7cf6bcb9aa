"""What a server adds: phrasings that were taught, and wordings that were accepted."""

from dataclasses import dataclass
from enum import Enum

from bot.curriculum.model import Topic
from bot.service.additions import LONGEST, MOST_A_SERVER, CannotBeAdded, KindName, PhrasingRule, WordingRule
from bot.words.answers import heading

TUTOR_COMMAND = "For those who run this server, or run me"
TAUGHT_COMMAND = "What I was taught in this server, and taking it back"
ACCEPTED_COMMAND = "Wordings of answers that were accepted in this server, and taking them back"
TEACH_THIS = "Teach this"
TEACH_TOPIC = "Topic"
TEACH_BY_TITLE = "Its title, as /topics has it"
TEACH_PART = "Part, if it asks after one"
TEACH_PHRASING = "The question"
TEACH_PHRASING_NOTE = "Whoever asks it like this, or nearly so, gets that answer in this server."
PICK_ONE = "Pick one"
KEEP_WORDING = "Accept this wording from now on"
ANSWER_GONE = "That answer is no longer kept."
NO_LONGER_ASKED = "a question that is no longer asked"
TAKE_BACK = "Take one back"
UNDO = "Take it back"
TAKEN_BACK = "Taken back."
PREVIOUS, NEXT = "Previous", "Next"
ONLY_MANAGERS = "Only someone who may manage the server (Manage Server) can do that."
ONLY_IN_A_SERVER = "This is set for a server, so it works in a channel of that server, and not in direct messages."


@dataclass(frozen=True, slots=True)
class AdditionWords:
    """What is said of additions of one kind, whichever it is."""

    heading: str  # of the list of them
    nothing: str  # in place of an empty list
    gone: str  # to who wants to take back what is not there any more
    only_moderators: str  # to anyone else who wants to add one or take one back


PHRASINGS = AdditionWords(
    heading="**Taught in this server**",
    nothing=f"Nothing yet. Where I have no answer, a moderator finds *{TEACH_THIS}* below what I say.",
    gone="That phrasing is not there any more.",
    only_moderators="Only a moderator (Manage Server or Manage Messages) can teach me.",
)
ACCEPTED_WORDINGS = AdditionWords(
    heading="**Accepted in this server**",
    nothing="Nothing yet. Whoever accepts an *I was right* on an answer in words is asked whether it stays so.",
    gone="That wording is not there any more.",
    only_moderators="Only a moderator of that server (Manage Server or Manage Messages) can do that.",
)
OF_KIND = {KindName.PHRASING: PHRASINGS, KindName.ACCEPTED_WORDING: ACCEPTED_WORDINGS}

_BROKEN: dict[Enum, str] = {
    PhrasingRule.EMPTY: "There is nothing in that question. Type it as a member would.",
    PhrasingRule.TOO_LONG: f"I learn questions of up to {LONGEST} characters; that one is longer. Please shorten it.",
    PhrasingRule.TOO_VAGUE: (
        "That question does not say what it is about: I would hear it in every “why?”. Add what matters."
    ),
    PhrasingRule.NO_SUCH_TOPIC: "I have no topic of that name. `/topics` lists what I cover.",
    PhrasingRule.NO_SUCH_PART: "{topic} has no such part.",
    PhrasingRule.ASKS_ANOTHER: "That question asks {topic} already; it cannot ask two topics.",
    PhrasingRule.KNOWN: "I know that question already, as one that asks {topic}.",
    PhrasingRule.NEAR_MISS: "My knowledge says of that very question that {topic} does not answer it.",
    PhrasingRule.TAUGHT: "That question was taught already, for {topic}. `/tutor taught` takes it back.",
    PhrasingRule.ENOUGH: (
        f"{MOST_A_SERVER} questions were taught in this server; I keep no more. See `/tutor taught`."
    ),
    WordingRule.NOT_IN_WORDS: "Only answers in words can be accepted from now on.",
    WordingRule.TOO_LONG: f"I keep wordings of up to {LONGEST} characters; that one is longer.",
    WordingRule.TOO_LITTLE: "That says too little to be right wherever it is said.",
    WordingRule.REPEATS: "That repeats the question.",
    WordingRule.KNOWN: "That wording is accepted already.",
    WordingRule.ENOUGH: (
        f"{MOST_A_SERVER} wordings are accepted in this server; I keep no more. See `/tutor accepted`."
    ),
}


def cannot_be_added(fault: CannotBeAdded) -> str:
    """Why an addition was not kept, and what to do."""
    said = _BROKEN[fault.rule].format(topic=f"“{fault.topic.title}”" if fault.topic else "that topic")
    return said + (_parts(fault.topic) if fault.rule is PhrasingRule.NO_SUCH_PART else "")


def _parts(topic: Topic | None) -> str:
    titles = "; ".join(part.title for part in topic.parts) if topic else ""
    return f" Its parts: {titles}." if titles else ""


def list_heading(kind: KindName, count: int, page: int, pages: int) -> str:
    """Opens the list of a kind's additions; `page` counts from 1."""
    turned = f", page {page} of {pages}" if pages > 1 else ""
    return f"{OF_KIND[kind].heading} ({count} of at most {MOST_A_SERVER}){turned}"


def no_longer_taught(topic_id: str) -> str:
    """Stands for a topic that is gone from the knowledge."""
    return f"{topic_id} (no longer a topic)"


def phrasing_added(typed: str, topic: Topic, parts: tuple[str, ...]) -> str:
    """A phrasing has been learned. `typed` is shown as it is."""
    return f"Learned, for this server only: {typed} asks **{heading(topic, parts)}**."


def phrasing_line(typed: str, asks: str, by: str, at: str) -> str:
    """A phrasing in the list. `typed`, `by` (empty: forgotten) and `at` are shown as they are."""
    return f"- {typed} asks **{asks}**; taught {f'by {by}, ' if by else ''}{at}"


def wording_offered(typed: str) -> str:
    """Offers to accept a wording; `typed` is shown as it is."""
    return (
        f"Done. {typed} can have full marks in this server from now on, whenever that question is asked, in rounds and "
        "in practice. Who wrote it is not kept with it."
    )


def wording_added(typed: str) -> str:
    """A wording is accepted; `typed` is shown as it is."""
    return f"Accepted from now on, in this server only: {typed}\n-# `/tutor accepted` lists them and takes them back."


def wording_line(typed: str, ask: str, topic: str, by: str, at: str) -> str:
    """A wording in the list. `typed`, `by` (empty: forgotten) and `at` are shown as they are."""
    return f"- {typed} answers “{ask}” ({topic}); accepted {f'by {by}, ' if by else ''}{at}"
