"""Experiments, what they measured, and the verdicts that claims earned."""

import re
from collections.abc import Sequence
from dataclasses import asdict

from bot import formats
from bot.curriculum.claims import Claim, Tally
from bot.curriculum.model import Topic
from bot.errors import Fault
from bot.service.experiment_queue import QueueFull
from bot.service.ledger import Bearing, CheckedClaim, Evidence, Held, MeasuredLine

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
DESCRIBE = "Describe the picture"
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
DESCRIBED = "What the picture shows, line by line:"
THE_NUMBERS = "The numbers of this run:"
NO_PICTURE = "The picture is missing: I lack **Attach Files** here. Someone who manages the server can give it to me."
NO_NUMBERS = (
    "I cannot send the numbers here: I lack **Attach Files**. Someone who manages the server can give it to me."
)
STOPPING = "I am about to restart. Please try again in a minute."
NO_RUN_HERE = "I find no run on that message. Please use `/simulate`."

_WORK = re.compile(r"[^()]{1,60}\(\d{4}\)")  # whose work a source is: "Goh (2017)" of all that it says
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def more_lines(count: int) -> str:
    """Of a description that is longer than a message: what is left out, and where it is all the same."""
    return f"{count} more line{'' if count == 1 else 's'}: see **{NUMBERS}**."


def queue_full(full: QueueFull) -> str:
    """Told to a member whose run is not taken, as too many wait already."""
    match full.of:
        case "member":
            return f"You have {full.waiting} experiments waiting already. Please wait for one of them."
        case "server":
            return f"{full.waiting} experiments of this server are waiting already. Please try again in a minute."
        case "all":
            return f"{full.waiting} experiments are waiting already. Please try again in a few minutes."


def your_place(place: int) -> str:
    """Told to a member who has to wait: "You are 3rd in line"."""
    ending = "th" if place % 100 in range(11, 14) else _ORDINALS.get(place % 10, "th")
    return f"You are {place}{ending} in line; a run takes a second or two."


def bearings(found: Sequence[Bearing], most: int) -> list[str]:
    """The claims that a run decides, at most so many, with their verdicts and what the run says to each."""
    return [f"{judged(one.claim)}\n-# {_here(one)}" for one in _decided_here(found)[:most]]


def more_claims(found: Sequence[Bearing], shown: int, opens: str) -> str:
    """How many claims are about a run or its experiment besides those shown, and what opens them; empty for none.

    `opens` is what a person types, with {topic} for the topic: "/claims topic:{topic}".
    """
    here = len(_decided_here(found))
    rest = found[min(here, shown) :]
    if not rest:
        return ""
    topics = " and ".join(f"`{opens.format(topic=topic)}`" for topic in sorted({one.topic.id for one in rest}))
    count = f"{len(rest)} {'more ' if here else ''}claim{'' if len(rest) == 1 else 's'}"
    verb = "is" if len(rest) == 1 else "are"
    if here > shown:
        return f"{count} {verb} about this run: {topics}"
    return f"{count} {verb} decided by this experiment at other settings: {topics}"


def _decided_here(found: Sequence[Bearing]) -> list[Bearing]:
    return [one for one in found if one.held is not None]


def judged(claim: Claim) -> str:
    """A claim, quoted, with its verdict and the words that this is not to be shown without."""
    said = f"“{claim.says}” **{VERDICTS[claim.verdict]}**"
    return f"{said}: {claim.qualification}" if claim.qualification else f"{said}."


def _here(found: Bearing) -> str:
    outcome = "as the verdict says" if found.held else "not so on this seed"
    return f"Here: {found.sentence} That is {outcome}."


def raw_bearings(found: Sequence[Bearing]) -> list[str]:
    """Each claim that a run decides with every line that it is checked against, one text a claim."""
    said = []
    for one in _decided_here(found):
        outcome = "as the verdict says" if one.held else "not so on this seed"
        lines = "\n".join(f"-# {raw_line(line)}" for line in one.lines)
        said.append(f"“{one.claim.says}” **{VERDICTS[one.claim.verdict]}**; {outcome}:\n{lines}")
    return said


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


def most_useful(topic: Topic, in_front: str = "") -> str:
    """The one condition of an answer's claims that is worth the most, with whose work says so.

    Empty where no claim has a condition, and where it stands in what is shown `in_front` of the answer already.
    """
    claim = topic.most_useful
    if claim is None or not claim.condition or claim.condition in in_front:
        return ""
    said = f"With a condition, “{claim.says}”: {claim.condition}"
    cited = "; ".join(dict.fromkeys(work[0] for source in claim.sources if (work := _WORK.match(source))))
    return f"{said} Source: {cited}." if cited else said


def beside(topic: Topic, in_front: str) -> tuple[str, list[str]]:
    """What stands beside a reference answer: where it is wrong (or nothing), and in smaller type how its claims stand.

    What is said `in_front` of the answer is not said again.
    """
    wrong = disagreement(topic.contradicted) if topic.contradicted else ""
    return wrong, [one for one in (most_useful(topic, in_front), tested(topic.tally)) if one]


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
    """A claim, quoted, with its verdict and what goes with it."""
    return f"“{claim.says}” {verdict(claim)}"


def verdict(claim: Claim) -> str:
    """The verdict on a claim, and what goes with it: what it is not to be shown without, else its note."""
    words = claim.qualification or claim.note
    return f"**{VERDICTS[claim.verdict]}**" + (f". {words}" if words else "")


def sources(claim: Claim) -> str:
    """The works that say it, on one line; empty where none is cited."""
    cited = " · ".join(" ".join(source.split()) for source in claim.sources)
    return f"{'Source' if len(claim.sources) == 1 else 'Sources'}: {cited}" if cited else ""


MOST_SENTENCES = 3  # of one claim; all of its criteria stand among the raw lines
RAW = "Raw lines"
IN_WORDS = "In words"
NOTHING_DECIDED = "No claim is decided by a run with these settings."
RAW_NOTE = (
    "What each run is checked against. Every bound is a guard, set after seeing 50 of 70 seeds, so that a result that "
    "moves is noticed; it comes from no theory."
)


def measured(found: Sequence[Evidence]) -> list[str]:
    """What was measured for a claim, a sentence a criterion; for a criterion that was never run, which run decides."""
    told = [one for one in found if one.sentence]
    if not told:
        return [f"Not measured yet: `{_run(found[0])}` decides it."] if found else []
    return [f"{one.sentence} ({_seeds(one)})" for one in told[:MOST_SENTENCES]]


def _seeds(found: Evidence) -> str:
    held, seeds = (found.found.held, found.found.seeds) if found.found else (0, 0)
    runs = f"{seeds} run{'' if seeds == 1 else 's'}"
    return runs if held == seeds else f"{runs}, {held} of them as the verdict says"


def _run(found: Evidence) -> str:
    """The run of a criterion, as it is typed."""
    return " ".join(
        [found.criterion.experiment, *(f"{name}={value}" for name, value in found.criterion.settings.items())]
    )


def raw(found: Evidence) -> list[str]:
    """A criterion as it is checked: its run, on how many seeds it held, and each of its lines."""
    held = f", held on {found.found.held} of {found.found.seeds} seeds" if found.found else ", not measured yet"
    return [f"`{_run(found)}`{held}:", *(raw_line(one) for one in found.lines)]


def raw_line(line: MeasuredLine) -> str:
    """A line of a criterion: what is measured, what it came to (median, and from lowest to highest), and its bound."""
    return f"{line.meaning} (`{line.metric}`){_came_to(line)}; must be {line.bound}"


def _came_to(line: MeasuredLine) -> str:
    if line.spread is None:
        return ""
    low, middle, high = (formats.measured(x, line.cap) for x in (line.spread.low, line.spread.median, line.spread.high))
    return f" {middle}" + (f" [{low}, {high}]" if low != high else "")


def decided(found: Evidence) -> str:
    """The line that decides a claim, on one line of `check`."""
    first = found.lines[0]
    runs = f"; {found.found.held} of {found.found.seeds} seeds" if found.found else ""
    return f"`{found.criterion.experiment}`: {first.meaning}{_came_to(first)}; must be {first.bound}{runs}"


def tried(found: CheckedClaim, evidence: Sequence[Evidence]) -> str:
    """A claim after its experiments, on one line of `check`."""
    mark = {True: "ok", False: "fault", None: "-"}[found.earned]  # words: a console may lack every other mark
    decides = f": {decided(evidence[0])}" if evidence else ""
    fell = NOT_EARNED if found.earned is False else ""
    return f"{mark} {found.claim.id} ({VERDICTS[found.claim.verdict]}{fell}){decides}"


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
