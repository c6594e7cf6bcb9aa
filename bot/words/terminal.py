"""What is said only in the terminal."""

from collections.abc import Sequence

from bot.quiz.reveals import RunToTry

CHAT_HELP = (
    "Type a question in your own words. `topics` lists what I cover, a number picks from a list, "
    "`other` offers something else, `quiz` asks you a question, `claims TOPIC` shows what experiments say to an "
    "answer, `simulate NAME` runs one, `quit` leaves."
)
MAKING_THE_MODEL = "Learning how the topics are asked about. This takes a few seconds, and is kept for the next start."
TOPICS = "**What I cover**"
PICK_BY_NUMBER = "Type its number."
NO_LIST = "There is no list to pick from; `topics` shows one."
QUIZ_TYPE_IT = "Type it, or `skip`."
QUIZ_TYPE_LETTER = "Type its letter, or `skip`."
QUIZ_TYPE_LETTERS = "Type their letters (`A C`), or `skip`."
QUIZ_SKIPPED = "Skipped. `quiz` asks another."
QUIZ_MORE = "`quiz` asks another; `quiz TOPIC KIND` chooses."
SIMULATE_HELP = "Run one: simulate momentum beta=0.999 seed=3 plot=picture.png"
SAY_OTHER = "Not what you asked? Type `other`."
BYE = "Bye!"


def quiz_help(kinds: Sequence[str]) -> str:
    """How to ask for a question; `kinds` are the names of those there are."""
    return f"Type `quiz`, a topic's id and a kind: `quiz momentum {kinds[-1]}`. Kinds: {', '.join(kinds)}."


def see_for_yourself(to_try: RunToTry) -> str:
    """The command that runs what a question was about, told below the feedback to an answer."""
    settings = [f"{name}={value}" for name, value in to_try.run.settings.items()]
    return " ".join(["See for yourself: simulate", to_try.run.experiment, *settings, f"seed={to_try.seed}"])


def plotted(file: str) -> str:
    """Where the picture of a run was written."""
    return f"The picture is in {file}"


def pick_between(last: int) -> str:
    """A number was typed that is on no line of the list."""
    return f"Pick a number from 1 to {last}, or type a question."
