"""Questions of the quiz and what is said to the answers; both doors say it alike."""

from collections.abc import Collection, Iterator, Sequence

from bot.curriculum.key_points import KeyPoint
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.marking import Given, Guessed, Picked, Wrote
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open, repeats
from bot.quiz.kinds.option import LETTERS, letters
from bot.quiz.kinds.posed import Form, Posed
from bot.quiz.kinds.predict import Predict
from bot.quiz.practice import Feedback
from bot.quiz.reveals import Key
from bot.words import grading
from bot.words.laboratory import VERDICTS

PRACTICE_COMMAND = "A quiz question for you alone: private, unscored, with feedback at once"
PRACTICE_TOPIC = "Ask only about this topic"
PRACTICE_KIND = "Ask only questions of this kind"
KIND_NAMES = {
    "choice": "one right option",
    "multi": "several right options",
    "open": "in your own words",
    "predict": "predict what an experiment measures",
}
LONGEST_IN_LIST = 160  # characters of a question
NEXT_QUESTION = "Next question"
ANOTHER_QUESTION = "Another question"
ANSWER = "Answer"
YOUR_ANSWER = "Your answer"
YOUR_NUMBER = "Your prediction"
PICK_ALL = "Pick all that are right"
NO_SUCH_TOPIC = "I have no topic of that name. `/topics` lists what I cover."
QUESTION_CHANGED = "That question has been edited since. Please take another one."
RUNS_AT_ONCE = "The experiment runs after you have."
RUNS_AT_THE_CLOSE = "The experiment runs after the close."
NOT_A_NUMBER = "I could not read a number there. Type one number, such as 250, 0.4 or 2e3."
NOTHING_WRITTEN = "There is nothing in that answer. Type what you know in your own words."
NO_SUCH_OPTION = "That is none of the options."
REPEATED = "That mostly repeats the question; what counts is what you add to it."
NO_NUMBER = "The experiment gave no number this time, so there is nothing to compare with. Try another question."


def posed_heading(topic: Topic | None, posed: Posed) -> str:
    """Above a question: what it is about and how it is answered."""
    kind = "predict" if isinstance(posed.form, Predict | Compare) else posed.form.kind
    return f"{topic.title if topic else posed.topic} · {KIND_NAMES[kind]}"


def how_to_answer(form: Form, runs: str = RUNS_AT_ONCE) -> str:
    """Below a question, where it is not plain; `runs` says when the experiment does."""
    match form:
        case Multi():
            return "Pick all that are right; a wrong pick costs a right one."
        case Open():
            return "Answer in your own words; a sentence or two will do."
        case Predict(unit=unit):
            return "Predict a number" + (f", in {unit}" if unit else "") + f". {runs}"
        case Compare():
            return f"Pick one. {runs}"
        case _:
            return ""


def options(posed: Posed, key: Key | None = None, picks: Collection[int] = ()) -> str:
    """The options, a line each; with `key` the right ones are marked, and those in `picks` as the member's own."""
    return "\n".join(option_lines(posed, key, picks))


def option_lines(posed: Posed, key: Key | None = None, picks: Collection[int] = ()) -> Sequence[str]:
    """The lines of the options, one by one."""
    lines = []
    for i, option in enumerate(posed.options):
        mark = "" if key is None else ("✅ " if i in key.options else "❌ " if i in picks else "")
        own = " ← yours" if i in picks else ""
        found = measured(posed.form, key, i) if key else ""
        lines.append(f"- {mark}**{LETTERS[i]}.** {option.text}{found}{own}")
    return lines


def number(value: float) -> str:
    """A number as people read it: 1,360 or 0.0412."""
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.4g}"


def measured(form: Form, key: Key, place: int) -> str:
    """What the run gave for an option, in brackets; empty where options are not measured."""
    return f" ({_counted(form, key.numbers[place])})" if isinstance(form, Compare) and key.numbers else ""


def _counted(form: Compare | Predict, value: float) -> str:
    """With its unit; a count that did not end before its cap as ">3,000 steps"."""
    endless = form.cap is not None and value > form.cap * form.scale
    shown = f">{number(form.cap * form.scale)}" if form.cap is not None and endless else number(value)
    return f"{shown} {form.unit}" if form.unit else shown


def given(answer: Given, typed: str) -> str:
    """What was answered; `typed` is how typed text is shown."""
    match answer:
        case Picked(picks):
            return f"**{letters(picks)}**"
        case Guessed(value):
            return f"**{number(value)}**"
        case Wrote():
            return typed


def judged(curriculum: Curriculum, told: Feedback, typed: str = "") -> str:
    """What to say to an answer in practice; `typed` is how an answer in words is shown."""
    return "\n\n".join(filter(None, _judged(curriculum, told, typed)))


def points(value: float) -> str:
    """Points to the hundredth: 1, 0.5, 0.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def short(ask: str) -> str:
    """A question on one line, where it is one of several."""
    line = " ".join(ask.split())
    return line if len(line) <= LONGEST_IN_LIST else line[: LONGEST_IN_LIST - 1].rstrip() + "…"


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %"


def reasons(topic: Topic, form: Open, grade: Grade) -> str:
    """What was found in an answer in words, of the points that the question asks for."""
    return "\n".join(grading.reasons(topic, grade, form.key_points))


def key_line(posed: Posed, key: Key) -> str:
    """What was measured, where that is the answer."""
    form = posed.form
    if isinstance(form, Predict) and key.number is not None:
        return f"Measured: **{_counted(form, key.number)}**"
    return ""


def why(curriculum: Curriculum, posed: Posed) -> str:
    """The reason behind the key, and what the experiments say to the claim that it rests on."""
    return "\n".join(filter(None, [posed.explain, claim_line(curriculum, posed.topic, posed.claim)]))


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


def key_points(topic: Topic, form: Open) -> tuple[Sequence[KeyPoint], int]:
    """The points that count for an answer in words, and how many of them make full marks."""
    if topic.key_points is None:
        return (), 0
    known = [point for point in topic.key_points.points if not point.disputed]
    counting = [point for point in known if point.id in form.key_points] if form.key_points else known
    return counting, form.full_marks or (len(counting) if form.key_points else topic.key_points.full_marks)


def _judged(curriculum: Curriculum, told: Feedback, typed: str) -> Iterator[str]:
    posed, form = told.posed, told.posed.form
    yield _verdict(told)
    if isinstance(told.given, Picked):
        yield options(posed, told.key, told.given.picks)
    else:
        said = "" if isinstance(told.given, Wrote) and not typed else f"You said: {given(told.given, typed)}"
        yield "\n\n".join(filter(None, [said, key_line(posed, told.key)]))
    topic = curriculum.topic(posed.topic)
    if isinstance(form, Open) and isinstance(told.given, Wrote) and told.grade and topic:
        repeated = REPEATED if repeats(form.asked, told.given.text) else ""
        yield "\n\n".join(filter(None, [repeated, reasons(topic, form, told.grade)]))
    wrong = [
        misconception(posed.options.index(option), option.misconception)
        for option in told.misled
        if option.misconception
    ]
    if wrong:
        yield "\n\n".join(wrong)
    yield why(curriculum, posed)


def _verdict(told: Feedback) -> str:
    if told.points is None:
        return NO_NUMBER
    if told.points >= 1:
        return "**Right.**"
    return f"**Partly right:** {points(told.points)} of 1" if told.points > 0 else "**Not so.**"


def topic_choices(curriculum: Curriculum) -> Sequence[tuple[str, str]]:
    """Titles and ids of the topics that have questions."""
    return [(topic.title, topic.id) for topic in curriculum.topics if topic.questions]
