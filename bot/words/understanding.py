"""What helps to understand an answer: the tutor's own words about it, and one question back."""

from bot.curriculum.model import Topic
from bot.curriculum.understanding import Understanding

UNDERSTAND = "Understand it"
SHOW_THE_ANSWER = "Show the answer"
WORD, ANSWER_WORD = "understand", "answer"  # what is typed in the terminal
OWN_WORDS = "The tutor's own words. The reference answer stays as it is."
SAY_UNDERSTAND = "`understand` explains it in other words."
SAY_ANSWER = "Think of an answer; then `answer` shows one."
NOTHING_TO_SHOW = "There is nothing more to explain on that answer."
NO_RUN = "the experiment is not to be had in this version"
OF_WHICH = "Which answer? Ask a question first, or type `understand` and one of these: "


def of_topic(topic: Topic) -> str:
    """On the button of one topic among several."""
    return f"{UNDERSTAND}: {topic.title}"


def explained(topic: Topic, told: Understanding, line: str) -> list[str]:
    """What is said, paragraph by paragraph; `line` is what runs the experiment, as it is typed where this is shown."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(told.derivation, 1))
    return [
        f"### {UNDERSTAND}: {topic.title}",
        f"*{OWN_WORDS}*",
        f"**Often believed:** {told.misconception}",
        f"**But:** {told.instead}",
        f"**Why, in three lines**\n{steps}",
        *([f"**What the answer leaves out:** {told.left_out}"] if told.left_out else []),
        f"**Try it:** {line}",
        f"**Look for this:** {told.attempt.look_for}",
        f"**A question back:** {told.question_back.ask}",
    ]


def answered(told: Understanding) -> str:
    """The answer to the question back, below the question."""
    return f"*{told.question_back.ask}*\n\n{told.question_back.answer}"


def of_which(ids: list[str]) -> str:
    """Said where it is not known which answer is meant; `ids` are those of the topics that have something to show."""
    return f"{OF_WHICH}{', '.join(ids)}."
