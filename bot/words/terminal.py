"""What is said only in the terminal."""

from collections.abc import Sequence
from pathlib import Path

from bot.matching.decision import Intent
from bot.quiz.kinds.base import RunToTry
from bot.words.answers import ANY_TIME

CHAT_HELP = (
    "Type a question in your own words. `topics` lists what I cover, a number picks from a list, "
    "`other` offers something else, `understand` explains the last answer, `quiz` asks you a question, "
    "`review` asks again what you are about to forget, `try TOPIC` has you answer first, with hints, "
    "`claims TOPIC` shows what experiments say to an answer, "
    "`simulate NAME` runs one, `quit` leaves."
)
MAKING_THE_MODEL = "Learning how the topics are asked about. This takes a few seconds, and is kept for the next start."
ABOUT = (
    "I am Neural Tutor, a program: I know the reference answers of a study group and what experiments say to them, and "
    "look up the one that your question asks for. I write nothing myself, and keep nothing of what you type."
)
HELLO = "Hello! Ask me about one of my topics in your own words; `topics` lists them, `help` says what else I do."
SORRY = (
    "Sorry about that. `other` offers the next nearest topics; `claims TOPIC` shows which statements of an answer "
    "experiments support, and which they contradict. What you answer to `quiz` is not scored."
)
CHATTER = "All right. When you have a question about one of my topics, ask away; `help` says what else I do."
WHICH_RUN = "Which of these do you mean?"
TOPICS = "**What I cover**"
PICK_BY_NUMBER = "Type its number."
NO_LIST = "There is no list to pick from; `topics` shows one."
QUIZ_TYPE_IT = "Type it, or `skip`."
QUIZ_TYPE_LETTER = "Type its letter, or `skip`."
QUIZ_TYPE_LETTERS = "Type their letters (`A C`), or `skip`."
QUIZ_WAITS = "The quiz question waits for its answer."
QUIZ_SKIPPED = "Skipped. `quiz` asks another."
QUIZ_MORE = "`quiz` asks another; `quiz TOPIC KIND` chooses."
REVIEW_EMPTY = (
    "There is nothing to review yet: what you answer to `quiz` comes back here just before you would forget it. It is "
    "kept until you leave. `review 3` goes three days on, to see what is due then."
)
REVIEW_MORE = "`review` asks the next; `review DAYS` goes so many days on."
REVIEW_NOT_SHOWN = "The picture of what is due cannot be drawn now."
TRY_WHAT = "Type `try` and a topic or a question: `try momentum`, or `try` and its number in the list before."
TRY_SEE_IT = "`topics` and its number show the answer."
TRY_HOW = "Type your answer; `hint`, `answer` to see it, `skip` to leave it."
TRY_WAITS = "Your try waits. Type more of your answer; `hint`, `answer` to see it, `skip` to leave it."
TRY_NO_MORE = "There is no other hint. Write on, or type `answer`."
TRY_LEFT = "Left. `try` begins another."
TRY_RUN = "Type `run` to run it."
TRY_NO_RUN = "There is no experiment to run here yet: `hint` says when there is one."
SIMULATE_HELP = "Run one: simulate momentum beta=0.999 seed=3 plot=picture.png"
CLAIMS_OF = "claims {topic}"
SAY_OTHER = "Not what you asked? Type `other`."
_MOST_RUNS = 3  # experiments that are named below an answer
BYE = "Bye!"
NOT_A_FILE = "The database is in no file (DATABASE_URL says where it is): copy it with the tools that belong to it."
MOVE_STOPPED = "Stopped. The source is as it was; run the same command again to go on."
PICTURE_NOT_SAVED = (
    "The picture cannot be saved: no folder for temporary files can be written to. These are its points:"
)


def days_on(days: int) -> str:
    """How many days the session has gone on."""
    return f"From now on it is as if {'1 day' if days == 1 else f'{days} days'} had passed since you began."


def in_days(days: int) -> str:
    """When something is due."""
    return f"in {_days(days)}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def quiz_help(kinds: Sequence[str]) -> str:
    """How to ask for a question; `kinds` are the names of those there are."""
    return f"Type `quiz`, a topic's id and a kind: `quiz momentum {kinds[-1]}`. Kinds: {', '.join(kinds)}."


def picture_saved(path: str) -> str:
    """Where the picture of a question can be looked at; its points follow."""
    return f"The picture: {path}"


def run_offered(name: str, title: str) -> str:
    """A line of a list of experiments: what to type, and what it shows."""
    return f"- `simulate {name}`: {title}"


def shell(intent: Intent, topics: Sequence[str], experiments: Sequence[str]) -> str:
    """What `python -m bot ask` says to a message that asks no question: the command that does what it wants.

    `topics` (ids) and `experiments` (names) are those that the message means.
    """
    of_topic = f" {topics[0]}" if topics else ""
    runs = "`, `".join(f"python -m bot simulate {name}" for name in experiments) or "python -m bot simulate"
    return {
        Intent.HELP: f"{CHAT_HELP}\n\nAll that in `python -m bot chat`; `python -m bot --help` lists the commands.",
        Intent.TOPICS: "`python -m bot chat` lists them too, and shows each by its number.",
        Intent.QUIZ: f"`python -m bot chat` asks you questions: type `quiz{of_topic}` there.",
        Intent.SIMULATE: f"`{runs}`",
        Intent.CLAIMS: f"`python -m bot check{of_topic}` runs the experiments behind the claims of an answer; "
        f"`claims{of_topic or ' TOPIC'}` in `python -m bot chat` shows what they said.",
        Intent.ABOUT: ABOUT,
        Intent.GREETING: HELLO,
        Intent.THANKS: ANY_TIME,
        Intent.COMPLAINT: SORRY,
    }.get(intent, CHATTER)


def see_for_yourself(to_try: RunToTry) -> str:
    """The command that runs what a question was about, told below the feedback to an answer."""
    return f"See for yourself: {run_typed(to_try)}"


def run_typed(to_try: RunToTry) -> str:
    """What is typed to run that."""
    settings = [f"{name}={value}" for name, value in to_try.run.settings.items()]
    return " ".join(["simulate", to_try.run.experiment, *settings, f"seed={to_try.seed}"])


def claims_turned(topic: str, raw: bool) -> str:
    """How to see the claims of a topic the other way: line by line, or in words."""
    return f"In words: claims {topic}" if raw else f"What they are checked against, line by line: claims {topic} raw"


def say_runs(names: Sequence[str]) -> str:
    """Which experiments there are on the topic of an answer, a few of them by name."""
    more = " and others" if len(names) > _MOST_RUNS else ""
    return f"Experiments on it: {', '.join(f'`simulate {name}`' for name in names[:_MOST_RUNS])}{more}."


def plotted(file: str) -> str:
    """Where the picture of a run was written."""
    return f"The picture is in {file}"


def from_folder(file: str) -> str:
    """Marks the answer of a topic of one's own, with the file that it stands in."""
    return f"From your own folder ({file}):"


def pick_between(last: int) -> str:
    """A number was typed that is on no line of the list."""
    return f"Pick a number from 1 to {last}, or type a question."


def copied(database: Path, to: Path, size: int, rounds: int, points: int) -> str:
    """What `python -m bot backup` has done; `size` is in bytes."""
    large = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    held = f"rounds: {rounds}, answers with points: {points}"
    return f"Copied {database} to {to}, and the copy is sound ({large}; {held})."


def dump_it(command: str) -> str:
    """What copies a database that PostgreSQL keeps, instead of `python -m bot backup`."""
    return (
        "PostgreSQL keeps the database, and copies it by a command of its own (it asks for the password; with Docker "
        f"see Back up in deploy/README.md): {command}"
    )


def moving(compared: bool, table: str, done: int, total: int) -> str:
    """How far `python -m bot move` is: rows of a table that are copied, or compared."""
    return f"{'Compared' if compared else 'Copied'} {table}: {done:,} of {total:,}"


def moved(source: str, target: str, tables: int, rows: int, altered: int) -> str:
    """What `python -m bot move` has done, and what to do next. `altered` counts texts that are not as they were."""
    kept = f"Moved {rows:,} rows of {tables} tables from {source} to {target}, and compared each."
    if altered:
        kept += f" Texts that are shortened, or marked where a NUL was: {altered:,}."
    spelled = target.replace("%", "%25").replace("?", "%3F")
    address = f"{target} (with its password)" if "://" in target else f"sqlite+aiosqlite:///{spelled}"
    return (
        f"{kept}\nNext: set DATABASE_URL={address}, and start me.\n{source} is as it was. To go back, set DATABASE_URL "
        "as it was; what I have kept since is not there, unless you move it back first, to a new database."
    )
