"""Experiments that members run: what is asked of them, told while they wait, and said beside the result."""

from collections.abc import Sequence

from bot.service.bearing import Bearing
from bot.words.english.verdicts import VERDICTS

SIMULATE_COMMAND = "Run a small experiment and see a claim hold, or fail"
SIMULATE_EXPERIMENT = "Which experiment"
SIMULATE_SETTINGS = "What to change, as name=value: beta=0.999 kappa=50"
SIMULATE_SEED = "Starts the random numbers; the same seed gives the same run"
SIMULATE_COMPARE = "A second run on the same seed with this one setting changed, name=value"
THE_DEFAULT = "the default"

ANOTHER_SEED = "Another seed"
CHANGE_SETTINGS = "Change settings"
COMPARE = "Compare"
NUMBERS = "Numbers as CSV"
TRY_IT = "Try it"
EXPERIMENT_LINE = "The experiment:"
CHOOSE_EXPERIMENT = "Choose an experiment"
TRY_ONE = "These experiments put what that answer says on trial."
NO_EXPERIMENTS = "No experiment of mine is about that."
CORRECT_IT = "Correct it"
AGAIN = "Again:"
YOU_TYPED = "You typed:"
THE_REST = "All other settings"
ONE_A_LINE = "name=value, one a line"
COMPARED_WITH = "Compare with"
ONE_CHANGED = "One setting, name=value; the seed stays the same"
THE_NUMBERS = "The numbers of this run:"
NO_PICTURE = "The picture is missing: I lack **Attach Files** here. Someone who manages the server can give it to me."
NO_NUMBERS = (
    "I cannot send the numbers here: I lack **Attach Files**. Someone who manages the server can give it to me."
)
NO_RUN_HERE = "I find no run on that message. Please use `/simulate`."

_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def your_place(place: int) -> str:
    """Told to a member who has to wait: "You are 3rd in line"."""
    ending = "th" if place % 100 in range(11, 14) else _ORDINALS.get(place % 10, "th")
    return f"You are {place}{ending} in line; a run takes a second or two."


def bearing(found: Bearing) -> str:
    """A claim, its verdict, and what this run says to it."""
    claim = f"“{found.claim.says}” **{VERDICTS[found.claim.verdict]}**"
    words = f"{claim}: {found.claim.qualification}" if found.claim.qualification else f"{claim}."
    return f"{words}\n-# {_here(found)}"


def _here(found: Bearing) -> str:
    if found.held is None:
        settings = " ".join(f"{name}={value}" for name, value in found.criterion.settings.items())
        return f"The verdict was earned at other settings: {f'`{settings}`' if settings else 'the defaults'}."
    outcome = "as the verdict says" if found.held else "not so on this seed"
    return f"Here: {found.meaning} {found.shown}, must be {found.line.bound}; {outcome}."


def more_claims(count: int, topics: Sequence[str]) -> str:
    """Where the claims are that there was no room for."""
    where = " and ".join(f"`/claims topic:{topic}`" for topic in topics)
    return f"{count} more {'claim is' if count == 1 else 'claims are'} about this experiment: {where}"
