"""Experiments, what they measured, and the verdicts that claims earned."""

from collections.abc import Sequence
from dataclasses import asdict

from bot import formats
from bot.curriculum.claims import Claim, Tally
from bot.curriculum.model import Topic
from bot.errors import Fault
from bot.service.ledger import Bearing, CheckedClaim, Deciding, Held

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
WHICH_EXPERIMENT = "Which of these do you mean? A press runs it."
ANY_EXPERIMENT = "Which experiment? Here are some; `/simulate` completes the names of all."
CLAIMS_WANTED = "What the experiments say to each claim of an answer, topic by topic:"
NO_CLAIMS = "No experiment has put my answers here on trial: they have no claims yet."
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


def bearings(found: Sequence[Bearing]) -> list[str]:
    """Claims, their verdicts, and what this run says to each; once where it says the same to those in a row."""
    said = [(_judged(one), _here(one)) for one in found]
    following = [here for _, here in said[1:]] + [""]
    return [
        judged if here == next_one else f"{judged}\n-# {here}"
        for (judged, here), next_one in zip(said, following, strict=True)
    ]


def _judged(found: Bearing) -> str:
    claim = f"“{found.claim.says}” **{VERDICTS[found.claim.verdict]}**"
    return f"{claim}: {found.claim.qualification}" if found.claim.qualification else f"{claim}."


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


VERDICTS = {
    "supported": "holds",
    "depends": "depends",
    "contradicted": "does not hold",
    "untested": "untested",
    "arithmetic": "is arithmetic",
}
TALLIED = {
    "supported": ("holds", "hold"),
    "depends": ("depends", "depend"),
    "contradicted": ("does not", "do not"),
    "untested": ("untested", "untested"),
    "arithmetic": ("is arithmetic", "are arithmetic"),
}


CLAIMS = "Claims"
CLAIMS_COMMAND = "What the experiments say to the claims of an answer"
CLAIMS_TOPIC = "Which answer"
RUN = "Run the experiment behind…"


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


def no_such_topic(titles: Sequence[str]) -> str:
    """There is no answer of that name with claims."""
    return f"I keep no claims under that name. There are: {'; '.join(titles)}." if titles else NO_CLAIMS


def claims_of_which(titles: Sequence[str]) -> str:
    """Said where someone asks for claims and names no topic."""
    return f"Which answer's claims? Type `claims` and one of: {', '.join(titles)}." if titles else NO_CLAIMS


def ledger_heading(topic: Topic, page: int, pages: int) -> str:
    """Stands above a page of claims: the topic, how its claims stand, and which page it is."""
    turned = f" (page {page} of {pages})" if pages > 1 else ""
    return f"### {topic.title}: what the experiments say{turned}\n{tested(topic.tally)}"


def claims_of(topic: Topic) -> str:
    """On the button that opens the claims of one topic among several."""
    return f"{CLAIMS}: {topic.title}"


def claim(claim: Claim) -> str:
    """A claim in the ledger: quoted, with its verdict and what goes with it."""
    return f"“{claim.says}” {verdict(claim)}"


def verdict(claim: Claim) -> str:
    """The verdict on a claim, and what goes with it."""
    words = " ".join(filter(None, [claim.qualification, claim.note]))
    return f"**{VERDICTS[claim.verdict]}**" + (f". {words}" if words else "")


def sources(claim: Claim) -> str:
    """The works that say it, on one line; empty where none is cited."""
    cited = " · ".join(" ".join(source.split()) for source in claim.sources)
    return f"{'Source' if len(claim.sources) == 1 else 'Sources'}: {cited}" if cited else ""


def deciding(number: Deciding) -> str:
    """The number that decides a claim, where it was measured, and what it is held against."""
    if number.spread is None or number.found is None:
        return f"Decided by `{number.experiment}`: {number.meaning}, {number.bound}"
    low, middle, high = (
        formats.measured(x, number.cap) for x in (number.spread.low, number.spread.median, number.spread.high)
    )
    within = f" [{low}, {high}]" if low != high else ""
    held, seeds = number.found.criteria[0].held, number.found.criteria[0].seeds
    return f"`{number.experiment}`: {number.meaning} {middle}{within}; must be {number.bound}; {held} of {seeds} seeds"


def tried(found: CheckedClaim, number: Deciding | None) -> str:
    """A claim after its experiments, on one line of `check`."""
    mark = {True: "✓", False: "✗", None: "–"}[found.earned]
    decided = f": {deciding(number)}" if number and number.spread else ""
    fell = NOT_EARNED if found.earned is False else ""
    return f"{mark} {found.claim.id} ({VERDICTS[found.claim.verdict]}{fell}){decided}"


NOT_EARNED = ", not earned"
TOO_FEW_SEEDS = "A verdict needs at least 5 seeds; none is called earned on fewer."


def not_earned(held: Held) -> str:
    """Where one criterion of a verdict that was not earned fell short."""
    lines = "; ".join(map(str, held.criterion.holds))
    faults = f" ({' '.join(held.faults)})" if held.faults else ""
    return f"{held.criterion.experiment}: held on {held.held} of {held.seeds} seeds{faults}: {lines}"


def warning(found: Sequence[Fault]) -> str:
    """Lines of one knowledge file, with one rule, that may be meant so."""
    first, *others = found
    if not others:
        return f"warning: {first}"
    lines = ", ".join(str(fault.line) for fault in found)
    return f"warning: {first.file}: {len(found)} times, on lines {lines}: {first.rule}"


def no_fault(topics: int, asks: int, warnings: int) -> str:
    """The last line of a check, as far as the files go."""
    doubts = f", {warnings:,} warning{'' if warnings == 1 else 's'}" if warnings else ""
    return f"{topics} topic{'' if topics == 1 else 's'} with {asks:,} asks: no fault{doubts}."


def verdicts_earned(earned: int, tried: int, seeds: int) -> str:
    """The last line of a check, as far as the claims go."""
    return f"{earned} of {tried} verdicts earned on {seeds} seeds."
