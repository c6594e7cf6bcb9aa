"""Questions of the quiz, what is said to the answers, and drills (given questions one after the other); both doors say
it alike."""

from collections.abc import Collection, Iterator, Sequence

from bot import formats
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.drawing import NothingToDraw
from bot.quiz.kinds.base import LETTERS, Answer, BlockType, DrawnQuestion, Key, Way
from bot.quiz.reveals import Feedback
from bot.text.normalise import cut
from bot.words import kinds
from bot.words.laboratory import VERDICTS

PRACTICE_COMMAND = "A quiz question for you alone: private, unscored, with feedback at once"
PRACTICE_TOPIC = "Ask only about this topic"
PRACTICE_KIND = "Ask only questions of this kind"
LONGEST_IN_LIST = 160  # characters of a question
NEXT_QUESTION = "Next question"
ANOTHER_QUESTION = "Another question"
ANSWER = "Answer"
YOUR_ANSWER = "Your answer"
PICK_ALL = "Pick all that are right"
NO_TOPIC = "I have no topic of that name."
TOPICS_LISTED = "`/topics` lists what I cover."
NO_SUCH_TOPIC = f"{NO_TOPIC} {TOPICS_LISTED}"
HOW_TO_HAVE_QUESTIONS = (
    "A topic gets them in its file, under `questions` (in a server: `/tutor topics export`, then "
    "`/tutor topics import`)."
)
ONE_TOPIC = "Practice is about one topic at a time, or about any: leave out `topic`."
QUESTION_CHANGED = "That question has been edited since. Please take another one."
QUESTION_GONE = "That question is no longer asked: it was taken out, or its topic is no longer taught here."
RUNS_AT_ONCE = "The experiment runs after you have."
RUNS_AT_THE_CLOSE = "An experiment decides, after the close."
NOT_A_NUMBER = "I could not read a number there. Type one number, such as 250, 0.4 or 2e3."
NOTHING_WRITTEN = "There is nothing in that answer. Type what you know in your own words."
NO_SUCH_OPTION = "That is none of the options."
NO_NUMBER = "The experiment gave no number this time, so there is nothing to compare with. Try another question."
PLAY_ROUND = "Play this round"
LEAVE_OUT = "Leave it out"
ASK_ME_NOW = "Ask me now"
ONCE_MORE = "Once more"
DRILL_WAITS = "A quiz round is asking about this topic right now. Take the question after its close, or leave it out."
ROUND_GONE = "I no longer keep that round. `/practice` asks you questions at any time."

UNREAD: dict[Way, str] = {
    Way.BUTTONS: NO_SUCH_OPTION,
    Way.MENU: NO_SUCH_OPTION,
    Way.TEXT: NOTHING_WRITTEN,
    Way.NUMBER: NOT_A_NUMBER,
}

UnknownNames = Sequence[tuple[str, Sequence[str]]]
"""What was typed and is not known, as it is shown, each with what may be meant."""

PRACTICE_OFFERED = "Gladly: a press asks you, in private. `/quiz start` asks everyone in the channel (moderators)."


GIVEN_UP, NOTHING_YET = "**This is right:**", "**None of the points is there yet.**"


def nothing_to_draw(error: NothingToDraw) -> str:
    """Why there is no question, and how a topic that has none gets some."""
    return f"{error} {HOW_TO_HAVE_QUESTIONS}" if error.bare else str(error)


def unknown_topics(unknown: UnknownNames) -> str:
    """Topics were listed that there are not."""
    return f"{unsure(unknown, NO_TOPIC)} {TOPICS_LISTED}"


def unsure(unknown: UnknownNames, none: str) -> str:
    """On one line, what of a list is not known; `none` is said of what is like nothing there is."""
    strange = ", ".join(typed for typed, near in unknown if not near)
    meant = [f"{typed}: do you mean {' or '.join(f'*{one}*' for one in near)}?" for typed, near in unknown if near]
    return " ".join([*([f"{strange}: {none}"] if strange else []), *meant])


def practise(topic: Topic | None) -> str:
    """On the button that starts practice, about one topic or any."""
    return f"Ask me about: {topic.title}" if topic else "Ask me a question"


def unread(question: DrawnQuestion, text: str) -> str:
    """To whoever gave an answer to it that cannot be read; `text` is what was typed."""
    return kinds.of(question).unread(question.unread(text)) or UNREAD[question.way]


def placeholder(question: DrawnQuestion) -> str:
    """In the menu of a question."""
    return kinds.of(question).placeholder or PICK_ALL


def heading(topic: Topic | None, question: DrawnQuestion) -> str:
    """Above a question: what it is about and how it is answered."""
    return f"{titled(topic, question.topic)} · {kinds.of(question).name}"


def titled(topic: Topic | None, name: str) -> str:
    """The title of a topic; of one that is gone (None) its id, `name`, which is all that is known of it."""
    return topic.title if topic else f"{name} (no longer taught)"


def how_to_answer(question: DrawnQuestion, runs: str = RUNS_AT_ONCE) -> str:
    """Below a question, where it is not plain; `runs` says when the experiment does."""
    return kinds.of(question).how_to_answer(question, runs)


def asked(question: DrawnQuestion) -> str:
    """What is asked, and the code that it is asked about; the doors show pictures in their own way."""
    code = [f"```\n{block.text}\n```" for block in question.blocks if block.type is BlockType.CODE]
    return "\n".join([f"**{question.ask}**", *code])


def options(question: DrawnQuestion, key: Key | None = None, picks: Collection[int] = ()) -> str:
    """The options, a line each; with `key` the right ones are marked, and those in `picks` as the member's own.

    Nothing while it is asked where a block shows them already.
    """
    if key is None and question.lettered:
        return ""
    return "\n".join(option_lines(question, key, picks))


def option_lines(question: DrawnQuestion, key: Key | None = None, picks: Collection[int] = ()) -> Sequence[str]:
    """The lines of the options, one by one."""
    lines = []
    for i, option in enumerate(question.options):
        mark = "" if key is None else ("✅ " if i in key.options else "❌ " if i in picks else "")
        own = " ← yours" if i in picks else ""
        found = kinds.of(question).measured(question, key, i) if key else ""
        lines.append(f"- {mark}**{LETTERS[i]}.** {option.text}{found}{own}")
    return lines


def answered(answer: Answer, typed: str) -> str:
    """What was answered; `typed` is how typed text is shown."""
    if answer.picks:
        return f"**{', '.join(map(LETTERS.__getitem__, sorted(answer.picks)))}**"
    if answer.number is None:
        return typed
    return f"**{f'{formats.four_digits(answer.number)} {answer.unit}'.strip()}**"


def judged(curriculum: Curriculum, told: Feedback, typed: str = "") -> str:
    """What to say to an answer in practice; `typed` is how an answer in words is shown."""
    return "\n\n".join(filter(None, _judged(curriculum, told, typed)))


def short(ask: str) -> str:
    """A question on one line, where it is one of several."""
    return cut(" ".join(ask.split()), LONGEST_IN_LIST, trim=True)


def why(curriculum: Curriculum, question: DrawnQuestion) -> str:
    """The reason behind the key, and what the experiments say to the claim that it rests on."""
    return "\n".join(filter(None, [explained(question), claim_line(curriculum, question.topic, question.claim)]))


def explained(question: DrawnQuestion) -> str:
    """Why the right answer is right; of a question that is answered in words, an answer that earns full marks."""
    return f"A model answer: {question.explain}" if question.graded else question.explain


def claim_line(curriculum: Curriculum, topic_id: str, ref: str) -> str:
    """The claim of the reference answer with that number, and its verdict; empty where there is none."""
    topic = curriculum.topic(topic_id)
    found = next((claim for claim in topic.claims if ref and claim.ref == ref), None) if topic else None
    if found is None:
        return ""
    qualified = f" ({found.qualification})" if found.qualification else ""
    return f"The reference says “{found.says}”: **{VERDICTS[found.verdict]}**{qualified}"


def misconception(letter: int, text: str) -> str:
    """What is behind a wrong option."""
    return f"The mistake behind **{LETTERS[letter]}**: {text}"


def _judged(curriculum: Curriculum, told: Feedback, typed: str) -> Iterator[str]:
    question, answer, about = told.question, told.answer, kinds.of(told.question)
    yield _verdict(told)
    if answer.picks or (answer == Answer() and told.key.options):
        yield options(question, told.key, answer.picks)
    else:
        shown = answered(answer, typed)
        said = f"You said: {shown}" if shown else ""
        yield "\n\n".join(filter(None, [said, about.key_line(question, told.key)]))
    yield about.practised(question, curriculum.topic(question.topic), told)
    wrong = [one for one in told.misled if one.misconception]
    yield "\n\n".join(misconception(question.options.index(one), one.misconception) for one in wrong)
    yield why(curriculum, question)


def _verdict(told: Feedback) -> str:
    if told.points is None:
        return NO_NUMBER
    if told.points >= 1:
        return "**Right.**"
    if told.points > 0:
        return f"**Partly right:** {told.points:.0%}"
    if told.answer == Answer():
        return GIVEN_UP
    return NOTHING_YET if told.grade and not told.grade.contradicted else "**Not so.**"


def topic_choices(curriculum: Curriculum) -> Sequence[tuple[str, str]]:
    """Titles and ids of the topics that have questions."""
    return [(topic.title, topic.id) for topic in curriculum.topics if topic.questions]


def question_of(number: int, of: int) -> str:
    """Which of several questions it is, as people count."""
    return f"Question {number} of {of}"


def drill_so_far(points: float, judged: int) -> str:
    """How a drill stands between two questions."""
    return f"So far {formats.points(points)} of {judged}. Only you see this; nothing of it is scored."


def drill_result(points: float, judged: int, left_out: int) -> str:
    """How a drill has ended, after its last question."""
    if not judged and not left_out:
        return "There is no question left in it."
    left = f" {left_out} {'question was' if left_out == 1 else 'questions were'} left out." if left_out else ""
    head = "" if not judged else f"### {formats.points(points)} of {judged} {'point' if judged == 1 else 'points'}\n"
    return f"{head}That was the last question.{left}\n-# Nothing of this is scored."
