"""A topic that somebody just added: one of ours cut to a few asks, beside the others whole.

Each topic is cut in its turn. `bare` is what a stranger's file holds, title, question, answer and asks; else only the
asks are cut, and near misses, terms, parts and names stay.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Decision, TopicAnswer
from bot.matching.matcher import Matcher
from tests.bench.figures import Decided, Rail, matches, rails, share
from tests.bench.messages import Message
from tests.bench.peers import peers, thresholds
from tests.bench.table import Row, Section, with_peers

SIZES = (5, 10, 20, 40)
_REACH = {5: (0.65, 0.88, 0.03), 20: (0.78, 0.92, 0.03)}  # answered, pointed to, others wrongly answered with it
_FEW = 10  # asks up to which a choice may be frequent


@dataclass(frozen=True, slots=True)
class CutTopic:
    """What was decided about a message where one topic was cut."""

    topic: str
    message: Message
    decision: Decision


def sections(
    curriculum: Curriculum, messages: Sequence[Message], sizes: Sequence[int], compared: bool
) -> Iterator[Section]:
    """A section of the table for each size and kind of cutting."""
    for size in sizes:
        for bare in (False, True):
            yield section(curriculum, messages, size, bare, compared)


def title(size: int, bare: bool) -> str:
    """What a section is called."""
    return f"cut to {size} asks, {'and all but title, question and answer' if bare else 'terms and near misses kept'}"


def section(curriculum: Curriculum, messages: Sequence[Message], size: int, bare: bool, compared: bool) -> Section:
    """What became of the messages where each topic in its turn was cut; peers keep to the same rail."""
    messages = [message for message in messages if message.is_question]
    ours: list[CutTopic] = []
    theirs: dict[str, list[list[CutTopic]]] = {}  # of each peer, by threshold
    for number, topic in enumerate(curriculum.topics):
        cut = with_cut(curriculum, topic, size, bare, number)
        matcher = Matcher(cut)
        ours += [CutTopic(topic.id, message, matcher.decide(message.text)) for message in messages]
        for peer in peers(cut) if compared else ():
            scores = peer.scores([message.text for message in messages])
            tried = [peer.decisions(scores, threshold) for threshold in thresholds(scores)]
            found = theirs.setdefault(peer.name, [[] for _ in tried])
            for so_far, decisions in zip(found, tried, strict=True):
                so_far += [CutTopic(topic.id, m, d) for m, d in zip(messages, decisions, strict=True)]
    best = [max(map(_rows, tried), key=lambda rows: (_allowed(rows), rows[0].value)) for tried in theirs.values()]
    rows = [_with_reach(row, size, place) for place, row in enumerate(_rows(ours))]
    its = [(each.message, each.decision) for each in ours if _asks(each) or not each.message.topics]
    return Section(title(size, bare), with_peers(rows, best), _rails(its, size), list(theirs))


def with_cut(curriculum: Curriculum, topic: Topic, size: int, bare: bool, seed: int) -> Curriculum:
    """The curriculum with one topic cut to so many asks, drawn at random."""
    kept = tuple(random.Random(seed).sample(topic.asks, min(size, len(topic.asks))))
    small = topic.model_copy(update={"asks": kept})
    if bare:
        small = Topic(
            id=topic.id,
            title=topic.title,
            question=topic.question,
            answer=topic.answer,
            number=topic.number,
            asks=[ask.text for ask in kept],
        )
    topics = tuple(small if each.id == topic.id else each for each in curriculum.topics)
    return curriculum.model_copy(update={"topics": topics})


def _asks(each: CutTopic) -> bool:
    return each.topic in each.message.topics


def _rows(found: Sequence[CutTopic]) -> list[Row]:
    its = [each for each in found if _asks(each)]
    others = [each for each in found if not _asks(each)]
    return [
        Row("its messages: answered with it", share(_with(each) for each in its)),
        Row("its messages: pointed to", share(each.topic in {m.topic for m in matches(each.decision)} for each in its)),
        Row("other messages: wrongly answered with it", share(_with(each) for each in others), at_most=True),
    ]


def _with(each: CutTopic) -> bool:
    decision = each.decision
    return isinstance(decision, TopicAnswer) and any(match.topic == each.topic for match in decision.topics)


def _with_reach(row: Row, size: int, place: int) -> Row:
    reach = _REACH.get(size)
    return Row(row.figure, row.value, reach[place] if reach else None, row.at_most)


def _allowed(rows: Sequence[Row]) -> bool:
    """Whether a threshold of a peer keeps to what may be answered wrongly."""
    return rows[2].value <= _REACH[5][2]


def _rails(its: Sequence[Decided], size: int) -> list[Rail]:
    return rails(its, few_asks=size <= _FEW)
