"""What is said to whoever tries before the answer is shown: what is there of it, and the hints, one after the other.

Until the answer is shown nothing of it stands in these: no words of it, no point that is missing, no verdict.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from bot.curriculum.hints import PointForm
from bot.curriculum.model import Topic
from bot.quiz.grading import Grade
from bot.service.tries import Attempted, Hint, Nudge, Subject, ToRun
from bot.words import answers

TRY_FIRST = "Try it first"
LET_ME_TRY = "Let me try"
WRITE = "Write an answer"
WRITE_AGAIN = "Write on"
SHOW_THE_ANSWER = "Show the answer"
RUN_IT = "Run it"
YOUR_ANSWER = "Your answer"
YOU_WROTE = "**You wrote:**"
IN_YOUR_WORDS = "In your own words; a few lines are enough."
HOW = "How do you want it?"
HOW_IT_GOES = "You write first; I say what of it is there, with hints. The answer is a press away."
ASK_TRY = "Answer it yourself first, with hints; the answer is a press away"
LEFT = "All right, left. Ask me anything else, or *let me try* and a topic to begin another."
NO_TRIES = "None of my topics has key points, so I could not say what of an answer is there."
FIRST_HERE = "Here one tries first. What you asked for stands below the answer."
WHICH = "Which of these do you want to try first?"
HINTS = {Hint.NUDGE: "A nudge", Hint.SUBJECTS: "What is missing", Hint.EXPERIMENT: "An experiment"}
"""The buttons that ask for them."""
FORMS = {
    PointForm.NUMBER: "a number",
    PointForm.EXCEPTION: "an exception",
    PointForm.CAUSE: "a cause",
    PointForm.EXAMPLE: "an example",
    PointForm.CONDITION: "a condition",
    PointForm.COMPARISON: "a comparison",
    PointForm.CONSEQUENCE: "a consequence",
    PointForm.POINT: "one more point",
}
"""What a missing point is called where its file has no hint."""
_NUDGES = {
    Nudge.CASES: "Take what the question lists one by one: a few words to each will do.",
    Nudge.NAMES: "Write down what comes to mind, one a line: each counts by itself.",
    Nudge.DECISION: "Decide first, yes or no; then say why, and what would have to be different.",
    Nudge.COURSE: "Follow it step by step: what changes first, and what comes of that?",
    Nudge.CAUSE: "Say what it comes from, then what that leads to.",
    Nudge.MANNER: "Go through it in order: what goes in, what is done with it, what comes out.",
    Nudge.ANYTHING: "Say what it is, what it is for, and what it costs.",
}
_GO_ON = "Ask of each thing that you wrote: why is that, and what follows from it?"
SAY_IT_OTHERWISE = "Perhaps I do not see one that is there: say it in other words, or more exactly."
SAY_WHY = "That is a beginning. Say why, in a sentence or two: then I say what of it is there."
NOT_SURE = "-# I am not sure about this one: I may have missed a point, or seen one too many."


def no_points(topic: Topic) -> str:
    """Why a topic cannot be tried."""
    return f"{not_tried(topic)} Here is the answer."


def not_tried(topic: Topic) -> str:
    """The same, where the answer is not shown at once."""
    return f"*{topic.title}* has no key points, so I could not say what of an answer is there."


def waits(topic: Topic) -> str:
    """Said in a channel, to whoever writes there what belongs in the form of their try."""
    return (
        f"Your try of *{topic.title}* waits. Here all would read it, so nothing is said to it here: press "
        f"*{WRITE}*, what you wrote stands in the form; then only you see what I say."
    )


def of_topic(heading: str) -> str:
    """The button that begins the try of a topic, by its title."""
    return f"Try: {heading}"


def heading(topic: Topic) -> str:
    """Opens a try: the topic, and the question that is to be answered."""
    return f"### {TRY_FIRST}: {topic.title}\n{topic.question}"


def wanted(tried: Attempted) -> str:
    """How much makes a full answer."""
    return f"-# {IN_YOUR_WORDS} A full answer makes {_points(tried.points.full_marks)}."


def standing(tried: Attempted) -> str:
    """What of the answer is there, in the words of whoever wrote it; empty where nothing was written yet."""
    if tried.bare:
        return SAY_WHY
    if tried.grade is None:
        return ""
    return "\n".join(_standing(tried, tried.grade))


def _standing(tried: Attempted, grade: Grade) -> Iterator[str]:
    made, full = len(grade.met), tried.points.full_marks
    if tried.full:
        yield f"**That makes a full answer** ({_points(made)})."
    elif made:
        yield f"**{made} of {_points(full)} {'is' if made == 1 else 'are'} there:**"
    else:
        yield "**I find none of the points in it yet.**"
    for met in grade.met:
        subject = tried.subject(met.point)
        yield f"- {subject}: {answers.quoted(met.said)}" if subject else f"- {answers.quoted(met.said)}"
    if tried.wrong:
        lead = "One thing that you wrote is" if len(tried.wrong) == 1 else "Some of what you wrote is"
        yield f"{lead} not so: {'; '.join(map(answers.quoted, tried.wrong))}"
    if tried.aside:
        yield f"Left aside until the answer is shown: {'; '.join(map(answers.quoted, tried.aside))}"
    if not made and not tried.wrong and not tried.aside and tried.near and tried.hint is Hint.NONE:
        yield SAY_IT_OTHERWISE
    if grade.doubted:
        yield NOT_SURE


def hints(tried: Attempted, run_it: Callable[[str], str]) -> list[str]:
    """What was asked for, a paragraph each; `run_it` says how the experiment of that name is run."""
    told = []
    if tried.hint is Hint.NUDGE:
        told.append(nudge(tried))
    if tried.hint >= Hint.SUBJECTS and tried.missing:
        told.append(_missing(tried))
    if tried.hint >= Hint.EXPERIMENT and (to_run := tried.to_run):
        told.append(f"**An experiment:** {look_at(to_run)}\n{run_it(to_run.request.experiment)}".rstrip())
    return told


def look_at(to_run: ToRun) -> str:
    """Where to look in an experiment. Neither its name nor its question, which may hold a point of the answer."""
    return f"Run it, and look at {to_run.watch}." if to_run.watch else "Run it, and look at what differs."


def nudge(tried: Attempted) -> str:
    """How to go about the question; once something is there, how to go on from it."""
    if tried.grade and tried.grade.met:
        return _GO_ON
    if tried.nudge is Nudge.SEVERAL:
        return f"The question asks {tried.asked} things. Say something to each."
    return _NUDGES[tried.nudge]


def _missing(tried: Attempted) -> str:
    left = tried.points.full_marks - (len(tried.grade.met) if tried.grade else 0)
    if tried.full:
        lead = "You could add"
    else:
        lead = "Still missing" if tried.grade else "What a full answer speaks of"
        lead += f", of which any {'one' if left == 1 else left} would do" if left < len(tried.missing) else ""
    return f"**{lead}:** {'; '.join(subjects(tried.missing))}."


def subjects(missing: Sequence[Subject]) -> list[str]:
    """What points are about that are missing; what is called alike is counted."""
    named = Counter(one.hint or _by_its_form(one) for one in missing)
    return [f"{name} ({count} times)" if count > 1 else name for name, count in named.items()]


def _by_its_form(subject: Subject) -> str:
    named = FORMS[subject.form]
    return f"{named} about “{', '.join(subject.about)}”" if subject.about else named


def compared(tried: Attempted) -> str:
    """All points, beside the answer: those that were made, those that were not, and what is not so and why."""
    if grade := tried.grade or tried.bare:
        return answers.graded(tried.topic, grade)
    points = [f"- {point.point}" for point in tried.points.points if not point.disputed]
    return "\n".join([f"**What counts** ({_points(tried.points.full_marks)} for full marks)", *points])


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"
