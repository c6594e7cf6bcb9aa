"""What is said to a question (the answer, the choice, what was declined and why) and to an open answer (its grade)."""

from collections.abc import Collection, Iterator, Sequence

from bot.curriculum.model import Curriculum, Part, Reading, Topic
from bot.curriculum.statements import Statement, statements, summary
from bot.matching.decision import Decline, Explanation, Match
from bot.quiz.grading import Grade
from bot.service.answering import LONGEST_MESSAGE, UnusableMessage
from bot.text.languages import language_of
from bot.text.normalise import visible
from bot.words import laboratory
from bot.words.languages import READS_ENGLISH

WHO_I_AM = "I am Neural Tutor. Ask me about one of these topics and I reply with the reference answer."
DECLINE = "None of my topics answers that, I think."
ANY_TIME = "Any time! Ask me whenever you like."
NEAREST = "The nearest I have:"
READ_IT = "You can read what I have:"
NOT_WHAT_I_ASKED = "Not what I asked"
TAKEN_AS_FOLLOW_UP = "Taken as a follow-up to what was said before."
NOTHING_MORE = "My answer has no more on it than I showed you before."
NEW_QUESTION = f"{TAKEN_AS_FOLLOW_UP} Was it a new question? *{NOT_WHAT_I_ASKED}* shows what comes near it alone."
NOTHING_ELSE = "I have nothing else that comes near. Try other words, or ask the group."
ALSO_POSSIBLE = "Perhaps one of these:"
ASK_THE_GROUP = "Ask the group"
REMOVE = "Remove"
FOLLOW_UP = "Follow up"
IN_SHORT = "In short"
WHOLE_ANSWER = "The whole reference answer"
GONE = "That topic is no longer taught here. `/topics` lists what is."
BEING_ASKED = "That is being asked in a quiz round right now. Ask me again when the question has closed."
OLD_BUTTON = "This button is from an older version of me. Please ask again."
ACCEPTED_WORDING = "- **Accepted in this server:** a moderator has accepted this wording for full marks."
_MOST_COVERED = 20  # topics that are named in one line
_LONGEST_QUOTE = 120  # characters


def question(typed: str, link: str = "") -> str:
    """The question that a reply opens with; `link` leads to the message it was read from."""
    return f"**[Question]({link}):** {typed}" if link else f"**Question:** {typed}"


def unusable(error: UnusableMessage) -> str:
    """Return why a message is not read, or an answer is not graded."""
    what = "answer" if error.graded else "message"
    if error.length > LONGEST_MESSAGE:
        return f"That {what} has {error.length:,} characters; I read up to {LONGEST_MESSAGE:,}. Please shorten it."
    if error.graded:
        return "That answer is empty. Type what you know in your own words."
    return "That message is empty. Type a question, such as: why not start all weights equal?"


def choose(count: int) -> str:
    """Return what stands above so many candidates."""
    return "I am not sure which of these you mean. Pick one:" if count > 1 else "I am not sure. Do you mean this?"


def covers(curriculum: Curriculum) -> str:
    """Return one line that says what is taught."""
    titles = [topic.title for topic in curriculum.topics]
    more = [f"and {len(titles) - _MOST_COVERED} more"] if len(titles) > _MOST_COVERED else []
    return "I cover: " + "; ".join([*titles[:_MOST_COVERED], *more]) + "."


def refused(curriculum: Curriculum) -> str:
    """Return the refusal of a question that names nothing of what is taught, and what is."""
    return f"{DECLINE}\n{covers(curriculum)}"


def not_covered(topics: Sequence[Topic]) -> str:
    """Return the refusal of a question that names these topics but asks what their answers do not say."""
    if len(topics) == 1:
        return f"My answer on *{topics[0].title}* does not cover that."
    *before, last = (f"*{topic.title}*" for topic in topics)
    return f"My answers on {', '.join(before)} and {last} do not cover that."


def refusal(curriculum: Curriculum, declined: Decline, text: str) -> str:
    """Return why the question `text` is not answered: in its language that English is read here, where it was asked in
    another."""
    named = [topic for name in declined.named if (topic := curriculum.topic(name))]
    language = language_of(text)
    if language:  # whether an answer covers it is not known then
        return READS_ENGLISH[language] if named else f"{READS_ENGLISH[language]}\n\n{covers(curriculum)}"
    return not_covered(named) if named else refused(curriculum)


def unanswered(pieces: Sequence[str]) -> str:
    """Return one line that names the pieces of a message that no topic fits."""
    return "No topic of mine fits this part: " + "; ".join(pieces)


def passage(part: Part) -> str | None:
    """Return the passage of the reference answer on one part, after its title unless it begins with that; or None."""
    if not part.passage:
        return None
    start, rest = part.passage[: len(part.title)], part.passage[len(part.title) :]
    if start.casefold() != part.title.casefold() or rest[:1].isalnum():
        return f"**{part.title}:** {part.passage}"
    colon = ":" if rest.startswith(":") else ""
    return f"**{start}{colon}**{rest.removeprefix(colon)}"


def in_front(topic: Topic, parts: Sequence[str], statement: int | None, in_short: bool = False) -> list[str]:
    """Return what stands in front of a reference answer, paragraph by paragraph.

    First the statement with that number, quoted, with the verdicts on what it claims; then the passages on the parts
    (by their ids) that were asked after, but for one that says no more than the statement. Or all of it `in_short`.
    """
    if in_short:
        return [f"**{IN_SHORT}:** {summary(topic)}"]
    known = statements(topic) if statement is not None else ()
    quoted = known[statement] if statement is not None and statement < len(known) else None
    found = [_stated(quoted)] if quoted else []
    for part in filter(None, map(topic.part, parts)):
        said = passage(part)
        if said and not (quoted and part.passage and part.passage in quoted.text):
            found.append(said)
    return found


def _stated(statement: Statement) -> str:
    """A statement and the verdicts on it."""
    text = " ".join(statement.text.split())
    verdicts = [
        laboratory.verdict(claim) if claim.says.strip(" .") == text.strip(" .") else laboratory.claim(claim)
        for claim in statement.claims
    ]
    lead = "… " if text[0].islower() else ""
    return "\n".join([f"> {lead}{text}", *(f"- {verdict}" for verdict in verdicts)])


def heading(topic: Topic, parts: Sequence[str] = ()) -> str:
    """Return the topic's title, and the titles of the parts (by their ids) that were asked after."""
    titles = [part.title for part_id in parts if (part := topic.part(part_id))]
    return f"{topic.title}: {', '.join(titles)}" if titles else topic.title


def reading(works: Sequence[Reading]) -> str:
    """Return further reading, on one line."""
    return "Read on: " + "; ".join(f"{_short(work.author)} ({work.year}), {work.title}" for work in works)


def _short(authors: str) -> str:
    first, *rest = authors.split(", ")
    return authors if len(rest) < 2 else f"{first} et al."


def incident(incident_id: str) -> str:
    """Return how a fault of ours is told to the person it hit."""
    return f"Something went wrong on my side, and it is logged as `{incident_id}`. Please try again."


def explained(found: Explanation) -> list[str]:
    """Return why a message was decided as it was, a line each reason."""
    said = [f"heard: {' '.join(found.parsed) or 'nothing'}"]
    if found.nearest:
        whose = found.nearest.topic or "none of the topics"
        said.append(f"nearest phrasing: {found.nearest.text!r} ({whose}, {found.nearest.alike:.0%} alike)")
    if found.counted:
        said.append("counted: " + ", ".join(f"{one.what} {one.weight:+.2f}" for one in found.counted))
    said += [
        f"{name}: {_match(match)}" for name, match in (("best", found.best), ("runner-up", found.runner_up)) if match
    ]
    if found.declined:
        said.append(f"against: {found.declined.text!r} is declined ({found.declined.alike:.0%} alike)")
    if found.best and found.missed:
        said.append(f"asks for what the answer on {found.best.topic} hardly gives: {', '.join(found.missed)}")
    if found.follow_up is not None:
        said.append(f"follows up the last answer: {found.follow_up:.0%}")
    return said


def _match(match: Match) -> str:
    parts = f", part {', '.join(match.parts)}" if match.parts else ""
    return f"{match.topic} {match.score:.0%}{parts}"


def graded(topic: Topic, grade: Grade) -> str:
    """Return a grade in Markdown, point by point."""
    unsure = ["", NOT_SURE] if grade.doubted else []
    return "\n".join([f"**{grade.score:.0%}** ({_counted(topic, grade)})\n", *reasons(topic, grade), *unsure])


NOT_SURE = "-# I am not sure about this one: a person may well give it more or fewer points."


def reasons(topic: Topic, grade: Grade, asked: Collection[str] = (), full: int = 0) -> Iterator[str]:
    """Yield what was found, a line each; of the points that are missing only those `asked` for (none: all), and how
    many more make full marks, which are for `full` points (0: as many as the topic says)."""
    if grade.accepted:
        yield ACCEPTED_WORDING
    for met in grade.met:
        yield f"- **Right:** {_point(topic, met.point)} You said: {quoted(met.said)}"
    if grade.accepted:  # whoever accepted it has seen what follows
        return
    for wrong in grade.contradicted:
        yield f"- **Not so:** {quoted(wrong.said)}: {wrong.why}"
    for disputed in grade.disputed:
        yield f"- **Disputed**, earns and costs nothing: {quoted(disputed.said)}: {disputed.why}"
    lacking = [point for point in grade.missing if not asked or point in asked]
    for point in lacking:
        yield f"- {'Missing' if grade.score < 1 else 'You could add'}: {_point(topic, point)}"
    made = sum(not asked or met.point in asked for met in grade.met)
    needed = (full or (topic.key_points.full_marks if topic.key_points else 0)) - made
    if 0 < needed < len(lacking):
        yield f"- Any {needed} of these would do."


def _counted(topic: Topic, grade: Grade) -> str:
    full = topic.key_points.full_marks if topic.key_points else 0
    return f"{len(grade.met)} {'point' if len(grade.met) == 1 else 'points'}, full marks for {full}"


def _point(topic: Topic, point_id: str) -> str:
    point = topic.key_points.point(point_id) if topic.key_points else None
    return point.point if point else point_id


def quoted(said: str) -> str:
    """Typed text on one line, in code, so that nothing in it is rendered; in quotes, where code looks like the rest."""
    line = visible(said).replace("`", "'")
    return f"“`{line[: _LONGEST_QUOTE - 1]}…`”" if len(line) > _LONGEST_QUOTE else f"“`{line}`”"
