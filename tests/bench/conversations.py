"""The figures of conversations: every message read in the light of what the tutor itself answered before."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching.classifiers import fit_logistic, probability
from bot.matching.conversation import Conversation
from bot.matching.decision import Context, Decider, Decision, Decline, TopicAnswer
from bot.matching.matcher import Matcher
from tests.bench.figures import matches, share
from tests.bench.messages import DATA
from tests.bench.table import Row, Section, Table

SHARED = Path("../shared/eval/dialogues-dev.jsonl")
_FIGURES = {  # what is to be reached, and whether that is the most there may be
    "follow-up": ("follow-ups: right topic", 0.9, False),
    "part": ("follow-ups after a part: that part first", 0.8, False),
    "after decline": ("  after a turn that was declined but named its topic", 0.85, False),
    "alone": ("stand alone: right topic despite what came before", None, False),
    "none": ("thanks, chatter and out of scope: answered anyway", 0.08, True),
    "outside": ("  of these, out-of-scope follow-ups", None, True),
    "closer": ("  of these, thanks, chatter and other talk", None, True),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, and what fairly answers it."""

    member: str
    text: str
    kind: str  # follow-up, alone, outside or closer
    topics: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, what was decided about it, and about the one before it."""

    said: Said
    decision: Decision
    before: Decision | None

    @property
    def right(self) -> bool:
        """Whether it is answered with a right topic; of what nobody answers: whether it is not."""
        answered = isinstance(self.decision, TopicAnswer)
        return answered and matches(self.decision)[0].topic in self.said.topics if self.said.topics else not answered


def read(path: Path) -> list[Said]:
    """Return the messages of a file in either format: one message a line with its member, or one dialogue a line."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = []
    for number, row in enumerate(rows):
        found += list(_of_dialogue(f"d{number}", row["messages"])) if "messages" in row else [_of_row(row)]
    return found


def _of_row(row: dict) -> Said:
    kind = "alone" if row["kind"] == "start" else row["kind"]
    return Said(row["member"], row["text"], kind, tuple(row["topics"]), tuple(row.get("parts") or ()))


def _of_dialogue(member: str, messages: Sequence[dict]) -> Iterator[Said]:
    for one in messages:
        inside, follows = bool(one["topics"]), one["needs_context"]
        kind = ("follow-up" if follows else "alone") if inside else ("outside" if follows else "closer")
        yield Said(member, one["text"], kind, tuple(one["topics"]), (one["part"],) if one["part"] else ())


def heard(tutor: Decider, messages: Sequence[Said]) -> list[Heard]:
    """Have the conversations."""
    talks: dict[str, Conversation] = defaultdict(Conversation)
    last: dict[str, Decision] = {}
    found = []
    for one in messages:
        decision = talks[one.member].decide(tutor, one.text)
        found.append(Heard(one, decision, last.get(one.member)))
        last[one.member] = decision
    return found


def figures(found: Sequence[Heard]) -> list[Row]:
    """What share of the messages of each kind was decided how."""
    shares: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        said = one.said
        shares[said.kind].append(one.right if said.topics else not one.right)
        if not said.topics:
            shares["none"].append(not one.right)
        elif said.kind == "follow-up":
            if _declined_but_named(one):
                shares["after decline"].append(one.right)
            if one.right and said.parts:
                shares["part"].append(matches(one.decision)[0].parts[:1] in [(part,) for part in said.parts])
    return [Row(name, share(shares[kind]), reach, most) for kind, (name, reach, most) in _FIGURES.items()]


def _declined_but_named(one: Heard) -> bool:
    return isinstance(one.before, Decline) and not set(one.before.named).isdisjoint(one.said.topics)


def fit(curriculum: Curriculum) -> None:
    """Print the weights under which follow-ups are best told from the rest, each read after the answer it followed: for
    topics with follow-ups of their own, and for those without."""
    stripped = [_stripped(curriculum, asks) for asks in (None, 20)]
    for title, taught in (("with follow-ups of their own", [curriculum]), ("without", stripped)):
        found = [pair for one in taught for pair in _evidence(Matcher(one))]
        inputs, right = np.array([one for one, _ in found]), np.array([follows for _, follows in found])
        weights = fit_logistic(inputs, right)
        taken = probability(inputs, weights) >= 0.5
        print(f"{title}: [{', '.join(f'{each:.2f}' for each in weights)}]")
        print(
            f"  taken for follow-ups: {share(taken[right]):.3f} of {sum(right)}, {share(taken[~right]):.3f} of the rest"
        )


def _stripped(curriculum: Curriculum, asks: int | None) -> Curriculum:
    """The topics without follow-ups, and with so many asks."""
    topics = []
    for topic in curriculum.topics:
        every = max(1, len(topic.asks) // asks) if asks else 1
        topics.append(topic.model_copy(update={"follow_ups": (), "asks": topic.asks[::every]}))
    return curriculum.model_copy(update={"topics": tuple(topics)})


def _evidence(tutor: Matcher) -> Iterator[tuple[list[float], bool]]:
    """What the matcher sees in every message that may follow up the one before, and whether it does."""
    for path in files():
        context: dict[str, Context] = {}
        for said in read(path):
            after = context.get(said.member)
            if after and said.kind != "alone" and (not said.topics or after.topic in said.topics):
                yield tutor.follow_up_evidence(said.text, after), bool(said.topics)
            if said.topics:
                context[said.member] = Context(said.topics[0], said.parts, said.text)


def files() -> list[Path]:
    """Return the conversations that there are."""
    return [path for path in (SHARED, *sorted(DATA.glob("conversations*.jsonl"))) if path.is_file()]


def section(tutor: Decider, path: Path) -> tuple[Section, list[Heard]]:
    """Return the figures of a file, and what was decided."""
    found = heard(tutor, read(path))
    return Section(path.stem, figures(found)), found


def run(curriculum: Curriculum, mistakes: bool, fitting: bool) -> int:
    """Print the figures; with `mistakes` what was decided wrongly, and for `fitting` new weights. The exit status."""
    table, tutor = Table(), Matcher(curriculum)
    if fitting:
        fit(curriculum)
    for path in files():
        figures_of_file, found = section(tutor, path)
        table.show(figures_of_file)
        for one in (one for one in found if mistakes and not one.right):
            told = ", ".join(f"{match.topic} {match.score:.2f}" for match in matches(one.decision)[:1]) or "nothing"
            kind = type(one.decision).__name__
            print(f"    {one.said.kind}: {one.said.text[:90]!r} asks {one.said.topics or 'nothing'}; {kind} {told}")
    return 0
