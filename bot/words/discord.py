"""What only the Discord door says: joining, connecting, permissions, faults."""

from collections.abc import Sequence

from bot.curriculum.model import Topic
from bot.words.answers import WHO_I_AM

CLAIMS_OF = "/claims topic:{topic}"  # how the claims of a topic are opened
ASK_COMMAND = "Ask about one of the deep-learning topics"
ASK_QUESTION = "Your question, in your own words, or a topic from the list"
ASK_PRIVATE = "Show the answer only to me"
TOPICS_COMMAND = "List the topics I cover"
HELP_COMMAND = "How to ask me"
ASK_THE_TUTOR = "Ask the tutor"
ONE_MOMENT = "One moment, I have only just started."
HOW_TO_ASK = "Mention me with your question, or use `/ask`. `/help` says more."
WHAT_ELSE = "-# `/practice` asks you a quiz question, `/simulate` runs an experiment; `/help` says more."
WHAT_ELSE_HERE = f"{WHAT_ELSE} Who runs this server can add topics of its own: `/tutor topics add`."
NO_TEXT = (
    "Discord shows me no text there. Mention me (me, not my role), keep the ping on when you reply, or use `/ask`."
)
TEXT_ONLY = (
    "I read text only: no pictures, sound, stickers or polls. Type your question, or the words in the picture. "
    "On a message with text of its own, or a poll: Apps, then *Ask the tutor*."
)
POINTS_ELSEWHERE = (
    "Discord does not show me the message that you mean. On that message: Apps, then *Ask the tutor*; or ask me the "
    "question itself."
)
NO_TEXT_THERE = "There is no text in that message, and I read text only: no pictures, sound or stickers."
MY_ANSWER = "That is an answer of mine. What about it?"
MINE = "I wrote that myself. Ask me about it with `/ask`, or reply to it with the ping on."
EDITED = "You edited your message; this answers it as it stands now."
GROUP_ASKED = "I have asked the group."
GROUP_CALL = "I had no answer to this. Who can help?"
NOT_YOURS = "Only the person who asked can use that button."
NOT_YOURS_TO_REMOVE = "Only the person who asked, or a moderator (Manage Messages), can remove this."
NOTHING_ELSE_HERE = "I have nothing else that comes near. Try other words."
FOLLOW_UP_QUESTION = "Your question about that answer"
FOLLOW_UP_EXAMPLE = "why? and with leaky relu? does that also hold for biases?"
NOT_IN_MENU = "That does not stand in this menu. Please open it anew, and pick there."
OLD_COMMAND = "Discord still shows an old form of that command. Please try again in a minute."
OPTION_GONE = (
    "One of the options names what is gone, or what I do not know here. Nothing was done. Please pick it anew."
)
PERMISSIONS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
HELP = (
    "**How to ask**\n"
    "- `/ask` with your question in your own words; `private` answers only to you, or to all; `try` has you answer it "
    "first, with hints one after the other. *Let me try* below a list does the same.\n"
    "- Mention me with your question, reply to one of my answers with the ping on, or send me a direct message. "
    "Edit it within two minutes, and my answer follows.\n"
    "- On anyone's message: Apps, then *Ask the tutor*.\n"
    "When I am not sure I offer a choice; when I do not know I say so, and you can ask the group.\n"
    "For ten minutes I know what I last answered you: *and tanh?* will do. *Follow up* below an answer always works.\n"
    "Other wishes work in words too: *quiz me on dropout*, *show me dying ReLU*, *that is wrong*.\n"
    "- `/simulate` runs an experiment; `/claims` shows what the experiments say to an answer.\n"
    "- `/practice` asks you a question, in private; `/review` those that you are about to forget, and of those I can "
    "remind you. `/quiz start` "
    "(moderators) asks everyone, here or in a thread; `/leaderboard` and `/me` show the points.\n"
    "`/topics` lists what I cover. Where a server has me keep to some channels, I answer elsewhere only to you.\n"
    "`/group beliefs` and `/group gaps` (Manage Messages) show what a group believes, and asks in vain. "
    "For those who run the server (Manage Server): `/tutor settings` says where and to whom I answer here; "
    "`/tutor schedule add` has rounds, or a question of the day, begin by themselves; `/tutor topics add` gives it "
    "topics of its own, heard here only (`/tutor topics list`, `/tutor topics edit`, `/tutor topics remove`; as files "
    "`/tutor topics import`, `/tutor topics export`)."
)
ABOUT = (
    "I am Neural Tutor. I find the reference answer to what you ask and show it word for word, with what experiments "
    "say to it; I make nothing up, and I am no language model. No question is stored; what I keep "
    "of your quiz rounds `/me` shows, exports and deletes.\n\n"
    f"{HELP}"
)
HELLO = "Hello! Ask me about one of my topics in your own words; `/topics` lists them, `/help` says what else I do."
CHATTER = "All right. When you have a question about one of my topics, ask away; `/help` says what else I do."
GREETING = (
    f"**Hello!** {WHO_I_AM}\n"
    "Try `/ask`, mention me with your question, or use Apps, then *Ask the tutor*, on anyone's message.\n"
    "I read only what is addressed to me. `/topics` lists what I cover, `/help` says more."
)


def complained(about: bool, group: bool) -> str:
    """To whoever says that an answer is wrong: what helps, which depends on whether it is known what it is `about`."""
    ways = [
        "If that was not what you asked, press *Not what I asked*" + ("." if about else " below my answer."),
        "If the answer itself is wrong, see what experiments say to each of its claims"
        + (" (*Claims*)." if about else ", by `/claims`."),
        *(["Or let the humans answer: *Ask the group*."] if about and group else []),
        "A quiz marked you wrong, or its question is unclear: *I was right* or *Unclear?* below its solution puts it "
        "before a moderator. In practice nothing is scored.",
        "I write to you by myself only for reminders that you switched on: `/review`, *Reminders*, switches them off.",
    ]
    return "\n- ".join(["Sorry about that. What helps:", *ways])


def about(heading: str) -> str:
    """Names the answer that a follow-up is about."""
    return f"About: {heading}"


def topic_line(number: int, topic: Topic) -> str:
    """A topic in the list of topics, with its number there and its parts."""
    parts = ", ".join(part.title for part in topic.parts)
    return f"{number}. **{topic.title}**" + (f": {parts}" if parts else "")


def group_asked_by(name: str) -> str:
    """Opens a question to the humans; `name` is what the asker is called there."""
    return f"{name} asks the group:"


def lacking(permissions: Sequence[str], place: str) -> str:
    """Says which permissions are missing; named as in `PERMISSIONS`."""
    return f"I cannot answer in {place}: {lacks(permissions, ' there')}"


def lacks(permissions: Sequence[str], where: str = "") -> str:
    """Names what is missing, none where that is not known, and says who can help."""
    return f"I lack {_named(permissions)}{where}. Someone who manages the server can give {_it(permissions)} to me."


def _named(permissions: Sequence[str]) -> str:
    names = [f"**{PERMISSIONS[name]}**" for name in permissions] or ["a permission"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _it(permissions: Sequence[str]) -> str:
    return "them" if len(permissions) > 1 else "it"


def greeting_lacks(permissions: Sequence[str]) -> str:
    """Ends the greeting where something is missing."""
    return f"I lack {_named(permissions)}; please give {_it(permissions)} to me."


AFTER_THE_CLOSE = "After the close"


def kept_back(closes: float | None) -> str:
    """Told instead of an answer that a quiz round asks for right now."""
    when = "" if closes is None else f" The question closes <t:{closes:.0f}:R>."
    return f"That is being asked in a quiz round right now.{when} The button gives it to you after the close."


def still_open(closes: float | None) -> str:
    """Told to whoever presses that button too early."""
    when = "has closed" if closes is None else f"closes, <t:{closes:.0f}:R>"
    return f"Not yet: the quiz question is still open. Press again when it {when}."


def unreadable(incident_id: str) -> str:
    """Told to whoever used something of mine in a way that I cannot read, whatever it was."""
    return f"Discord sent me that in a form I cannot read; nothing was done, and it is logged as `{incident_id}`."
