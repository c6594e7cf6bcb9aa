"""What the tutor says, in English. Markdown that both Discord and the terminal can show; no widget, no id."""

from collections.abc import Sequence
from dataclasses import asdict

from bot.curriculum.claims import Claim
from bot.curriculum.model import Curriculum, Part, Reading, Topic
from bot.service.evidence import Deciding, Held, Tally, Tried

ASK_EXAMPLE = "can all biases start at 0?"
WHO_I_AM = "I am Neural Tutor. Ask me about one of these topics and I reply with the reference answer."
CHOOSE = "I am not sure which of these you mean. Pick one:"
DECLINE = "None of my topics answers that, I think."
NEAREST = "The nearest I have:"
NOT_WHAT_I_ASKED = "Not what I asked"
NOTHING_ELSE = "I have nothing else that comes near. Try other words, or ask the group."
ALSO_POSSIBLE = "Perhaps one of these:"
ASK_THE_GROUP = "Ask the group"
REMOVE = "Remove"
PART_FIRST = "You asked about"
WHOLE_ANSWER = "The whole reference answer"
GONE = "That topic is no longer taught here. `/topics` lists what is."
OLD_BUTTON = "This button is from an older version of me. Please ask again."


def covers(curriculum: Curriculum) -> str:
    """One line that says what is taught."""
    return "I cover: " + "; ".join(topic.title for topic in curriculum.topics) + "."


def unanswered(pieces: Sequence[str]) -> str:
    """Names the pieces of a message that no topic fits."""
    return "No topic of mine fits this part: " + "; ".join(pieces)


def passage(part: Part) -> str | None:
    """The words of the reference answer that answer one part."""
    return f"**{part.title}:** {part.passage}" if part.passage else None


def heading(topic: Topic, parts: Sequence[str] = ()) -> str:
    """The topic's title, and the parts that were asked after."""
    titles = [part.title for part_id in parts if (part := topic.part(part_id))]
    return f"{topic.title}: {', '.join(titles)}" if titles else topic.title


def reading(works: Sequence[Reading]) -> str:
    """Further reading, on one line."""
    return "Read on: " + "; ".join(f"{_short(work.author)} ({work.year}), {work.title}" for work in works)


def _short(authors: str) -> str:
    first, *rest = authors.split(", ")
    return authors if len(rest) < 2 else f"{first} et al."  # noqa: PLR2004 - the field's habit


def incident(incident_id: str) -> str:
    """A fault of ours, told to the person it hit."""
    return f"Something went wrong on my side, and it is logged as `{incident_id}`. Please try again."


CHAT_HELP = (
    "Type a question in your own words. `topics` lists what I cover, a number picks from a list, "
    "`other` offers something else, `quit` leaves."
)
TOPICS = "**What I cover**"
PICK_BY_NUMBER = "Type its number."
SAY_OTHER = "Not what you asked? Type `other`."
BYE = "Bye!"


def pick_between(last: int) -> str:
    """A number was typed that is on no line of the list."""
    return f"Pick a number from 1 to {last}, or type a question."


# Discord: what the commands are called in its menus, and what is said only there.
ASK_COMMAND = "Ask about one of the deep-learning topics"
ASK_QUESTION = "Your question, in your own words, or a topic from the list"
ASK_PRIVATE = "Show the answer only to me"
TOPICS_COMMAND = "List the topics I cover"
HELP_COMMAND = "How to ask me"
ASK_THE_TUTOR = "Ask the tutor"
HOW_TO_ASK = "Mention me with your question, or use `/ask`. `/help` says more."
NO_TEXT = (
    "Discord shows me no text there. Mention me (me, not my role), keep the ping on when you reply, or use `/ask`."
)
GROUP_ASKED = "I have asked the group."
GROUP_CALL = "I had no answer to this. Who can help?"
NOT_YOURS = "Only the person who asked can use that button."
NOT_YOURS_TO_REMOVE = "Only the person who asked, or a moderator (Manage Messages), can remove this."
NOTHING_ELSE_HERE = "I have nothing else that comes near. Try other words."
OLD_COMMAND = "Discord still shows an old form of that command. Please try again in a minute."
PERMISSIONS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
}
HELP = (
    "**How to ask**\n"
    "- `/ask` with your question in your own words; `private` answers only to you.\n"
    "- Mention me with your question, reply to one of my answers with the ping on, or send me a direct message.\n"
    "- On anyone's message: Apps, then *Ask the tutor*.\n"
    "When I am not sure I offer a choice; when I do not know I say so, and you can ask the group.\n"
    "`/topics` lists what I cover."
)
GREETING = (
    f"**Hello!** {WHO_I_AM}\n"
    "Try `/ask`, mention me with your question, or use Apps, then *Ask the tutor*, on anyone's message.\n"
    "I read only what is addressed to me. `/topics` lists what I cover, `/help` says more."
)


def question(typed: str, link: str = "") -> str:
    """The question that a reply opens with; `link` leads to the message it was read from."""
    return f"**[Question]({link}):** {typed}" if link else f"**Question:** {typed}"


def topic_line(topic: Topic) -> str:
    """A topic in the list of topics, with its parts."""
    parts = ", ".join(part.title for part in topic.parts)
    return f"- **{topic.title}**" + (f": {parts}" if parts else "")


def group_asked_by(name: str) -> str:
    """Opens a question to the humans; `name` is what the asker is called there."""
    return f"{name} asks the group:"


def lacking(permissions: Sequence[str], place: str) -> str:
    """Says which permissions are missing; named as in `PERMISSIONS`."""
    names = " and ".join(f"**{PERMISSIONS[name]}**" for name in permissions) or "a permission"
    return f"I cannot answer in {place}: I lack {names} there. Someone who manages the server can give it to me."


def greeting_lacks(permissions: Sequence[str]) -> str:
    """Ends the greeting where something is missing."""
    return "I lack " + " and ".join(f"**{PERMISSIONS[name]}**" for name in permissions) + "; please give it to me."


TOKEN_MISSING = "There is no token. Set DISCORD_TOKEN in the environment or in .env; the README says how."  # noqa: S105
TOKEN_REFUSED = "Discord refused the token. Set DISCORD_TOKEN to the one on your application's Bot page."  # noqa: S105
INTENTS_REFUSED = "Discord refused an intent that this bot does not need; please report this as a fault of the bot."


def unreachable(reason: str) -> str:
    """There is no way to Discord."""
    return f"Discord cannot be reached ({reason}). Check the network, and try again."


def turned_away(reason: str) -> str:
    """Discord answered, but did not let the bot in."""
    return f"Discord did not let me in ({reason}). Wait a little, and try again."


# Claims and what the experiments say to them.
VERDICTS = {"supported": "holds", "depends": "depends", "contradicted": "does not hold", "untested": "untested"}
TALLIED = {
    "supported": ("holds", "hold"),
    "depends": ("depends", "depend"),
    "contradicted": ("does not", "do not"),
    "untested": ("untested", "untested"),
}


def tested(tally: Tally) -> str:
    """How many claims of an answer have which verdict: "Tested: 5 claims hold, 1 depends, 1 does not"."""
    said = [f"{count} {TALLIED[verdict][count != 1]}" for verdict, count in asdict(tally).items() if count]
    if not said:
        return ""
    number, rest = said[0].split(" ", 1)
    return ", ".join([f"Tested: {number} {'claim' if number == '1' else 'claims'} {rest}", *said[1:]])


def disagreement(claims: Sequence[Claim]) -> str:
    """What stands behind an answer that says something wrong; the answer itself stays word for word."""
    if len(claims) == 1:
        return f"The experiments disagree on one point, “{claims[0].says}”: {claims[0].instead}"
    points = [f"- “{claim.says}”: {claim.instead}" for claim in claims]
    return "\n".join([f"The experiments disagree on {len(claims)} points:", *points])


def claim(claim: Claim) -> str:
    """A claim in the ledger: quoted, with its verdict and what goes with it."""
    words = " ".join(filter(None, [claim.qualification, claim.note]))
    return f"“{claim.says}” **{VERDICTS[claim.verdict]}**" + (f". {words}" if words else "")


def deciding(number: Deciding) -> str:
    """The number that decides a claim, where it was measured, and what it is held against."""
    if number.spread is None or number.found is None:
        return f"Decided by `{number.experiment}`: {number.meaning}, {number.bound}"
    low, middle, high = (_counted(x, number.cap) for x in (number.spread.low, number.spread.median, number.spread.high))
    within = f" [{low}, {high}]" if low != high else ""
    held, seeds = number.found.criteria[0].held, number.found.criteria[0].seeds
    return f"`{number.experiment}`: {number.meaning} {middle}{within}; must be {number.bound}; {held} of {seeds} seeds"


def _counted(value: float, cap: float | None) -> str:
    """A number to three digits; a count beyond its cap as ">3,000"."""
    if cap is not None and value > cap:
        return f">{cap:,.0f}"
    return f"{value:,.0f}" if value == int(value) or 1e3 <= abs(value) < 1e6 else f"{value:.3g}"


def tried(found: Tried, number: Deciding | None) -> str:
    """A claim after its experiments, on one line."""
    mark = {True: "✓", False: "✗", None: "–"}[found.earned]
    decided = f": {deciding(number)}" if number and number.spread else ""
    fell = NOT_EARNED if found.earned is False else ""
    return f"{mark} {found.claim.id} ({VERDICTS[found.claim.verdict]}{fell}){decided}"


NOT_EARNED = ", not earned"
TOO_FEW_SEEDS = "A verdict needs at least 5 seeds; none is called earned on fewer."


def not_earned(held: Held) -> str:
    """Where a criterion fell short."""
    lines = "; ".join(map(str, held.criterion.holds))
    faults = f" ({' '.join(held.faults)})" if held.faults else ""
    return f"{held.criterion.experiment}: held on {held.held} of {held.seeds} seeds{faults}: {lines}"


def checked(topics: int, asks: int, earned: int, tried: int, seeds: int) -> str:
    """The last line of a check."""
    start = f"{topics} topic{'' if topics == 1 else 's'} with {asks:,} asks: no fault."
    return f"{start} {earned} of {tried} verdicts earned on {seeds} seeds." if seeds else start
