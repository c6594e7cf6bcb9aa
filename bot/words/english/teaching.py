"""What moderators are told when they teach a phrasing, look at what was taught, and take it back."""

from bot.curriculum.model import Topic
from bot.service.phrasing_rules import LONGEST_PHRASING, MOST_TAUGHT, CannotBeTaught, Rule
from bot.words.english.answers import heading

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
