"""Every figure of matching of which a set is there, as sections of one table; never of a closed set."""

import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property
from itertools import chain
from pathlib import Path

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.matching.decision import Decision
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from tests.bench import conversations, cut, sets
from tests.bench.curve import section as curve_section
from tests.bench.figures import Decided, rails
from tests.bench.messages import DATA, SHARED, SHARED_SETS, Message, read
from tests.bench.peers import Peer
from tests.bench.peers import peers as all_peers
from tests.bench.table import Section, with_peers
from tests.bench.timing import section as time_section
from tests.bench.wordings import Decide, changed_rows, name_rows

SEVEN = Path("knowledge")
_BLIND = DATA / "blind"
_STRANGERS = _BLIND / "strangers-dev"
OWN = DATA / "own-topics"
_REAL, _PEOPLE = SHARED_SETS / "ask-real-dev.jsonl", _BLIND / "people-dev.jsonl"
_PEERS_LOOK_AT = 5  # of changed messages every so manieth
_CUT = (5, 20)  # the sizes of which something is to be reached


class Bench:
    """A curriculum, our matcher of it and the peers that were taught the same."""

    def __init__(self, curriculum: Curriculum, peers: bool, minilm: bool = False) -> None:
        start = time.process_time()
        self.curriculum, self.matcher = curriculum, Matcher(curriculum)
        self.seconds = time.process_time() - start
        self._peers: list[Peer] = list(all_peers(curriculum, minilm)) if peers else []

    def decide(self, texts: Sequence[str]) -> list[Decision]:
        """Our decisions."""
        return [self.matcher.decide(text) for text in texts]

    def section(self, title: str, messages: Sequence[Message], measure: sets.Measure, few: bool = False) -> Section:
        """The rows of one set, ours beside the peers' at their best thresholds."""
        texts = [message.text for message in messages]
        ours = paired(messages, self.decide(texts))
        telling = any(not message.topics for message in messages)  # else answering everything would be best
        theirs = []
        for place, peer in enumerate(self._peers):
            scores = peer.scores(texts)
            threshold = peer.best(messages, scores) if telling else self._thresholds[place]
            theirs.append(measure(paired(messages, peer.decisions(scores, threshold))))
        return Section(
            f"{title} ({len(messages)})", with_peers(measure(ours), theirs), rails(ours, few), self.peer_names
        )

    def changed(self, title: str, messages: Sequence[Message]) -> Section:
        """Messages said a little otherwise; the peers look at some of them, as they are slow."""
        theirs = [changed_rows(messages[::_PEERS_LOOK_AT], decide) for decide in self._deciding_peers()]
        return Section(title, with_peers(changed_rows(messages, self.decide), theirs), (), self.peer_names)

    def names(self, title: str) -> Section:
        """Bare names of the topics."""
        theirs = [name_rows(self.curriculum, decide) for decide in self._deciding_peers()]
        return Section(title, with_peers(name_rows(self.curriculum, self.decide), theirs), (), self.peer_names)

    def _deciding_peers(self) -> list[Decide]:
        return [
            lambda texts, peer=peer, threshold=threshold: peer.decisions(peer.scores(texts), threshold)
            for peer, threshold in zip(self._peers, self._thresholds, strict=True)
        ]

    @cached_property
    def _thresholds(self) -> list[float]:
        """The thresholds that are best for each peer on all single messages of the seven topics."""
        messages = asked() or read(DATA / "phrasings.jsonl")
        return [peer.best(messages, peer.scores([message.text for message in messages])) for peer in self._peers]

    @property
    def peer_names(self) -> list[str]:
        """The names of the peers, in the order of their values."""
        return [peer.name for peer in self._peers]


def taught(folder: Path, beside: bool = False) -> Curriculum:
    """The topics of a folder, `beside` the seven or alone."""
    curriculum = load(folder, kinds=Kinds())
    if not beside:
        return curriculum
    seven = load(SEVEN, kinds=Kinds())
    return seven.model_copy(update={"topics": (*seven.topics, *curriculum.topics)})


def asked() -> list[Message]:
    """Single messages of all sorts: those of the seven topics' sets that there are."""
    return [message for path in (SHARED, _REAL, _PEOPLE) if path.is_file() for message in read(path)]


Made = tuple[str, Callable[[], Section]]  # a title, and what measures the section


class Everything:
    """All sections, each measured when it is asked for."""

    def __init__(self, peers: bool, curve: bool) -> None:
        self._peers, self._curve = peers, curve

    @cached_property
    def _seven(self) -> Bench:
        return Bench(taught(SEVEN), self._peers)

    def sections(self, wanted: Sequence[str] = ()) -> Iterator[Section]:
        """The sections with one of the wanted words in the title; all where none is wanted."""
        for title, made in chain(self._sets(), self._wordings(), self._conversations(), self._added(), self._times()):
            if not wanted or any(word in title.casefold() for word in wanted):
                yield made()

    def _sets(self) -> Iterator[Made]:
        for title, path, measure in (
            ("real people's messages", _REAL, sets.real_rows),
            ("the first sets: personas, chat, real", SHARED, sets.first_rows),
            ("phrasings of this repository", DATA / "phrasings.jsonl", sets.first_rows),
            ("members' messages, written blind", _PEOPLE, sets.people_rows),
            (
                "questions about statements",
                _BLIND / "statements-dev.jsonl",
                sets.statement_rows(self._seven.curriculum),
            ),
            ("first contact", SHARED_SETS / "first-contact-dev.jsonl", sets.contact_rows),
        ):
            if path.is_file():
                yield title, lambda t=title, p=path, m=measure: self._seven.section(t, read(p), m)

    def _wordings(self) -> Iterator[Made]:
        yield (title := "changed: said a little otherwise"), lambda title=title: self._seven.changed(title, asked())
        yield (title := "names, bare"), lambda title=title: self._seven.names(title)

    def _conversations(self) -> Iterator[Made]:
        for path in conversations.files():
            yield path.stem, lambda path=path: conversations.section(self._seven.matcher, path)[0]

    def _added(self) -> Iterator[Made]:
        """What holds for topics with few asks: strangers' and ours, cut."""
        for beside in (False, True):
            title = f"strangers' topics, {'beside the seven' if beside else 'alone'}"
            yield (
                title,
                lambda title=title, beside=beside: Bench(taught(_STRANGERS, beside), self._peers).section(
                    title, read(_BLIND / "strangers-dev.jsonl"), sets.stranger_rows(beside), few=True
                ),
            )
        yield from self._on_servers()
        for size in _CUT:
            for bare in (False, True):
                yield (
                    cut.title(size, bare),
                    lambda size=size, bare=bare: cut.section(self._seven.curriculum, asked(), size, bare, self._peers),
                )

    def _on_servers(self) -> Iterator[Made]:
        """What holds in a server that added the strangers' topics: nothing is fitted anew."""

        def measured(title: str, folder: Path, path: Path, measure: sets.Measure, alone: bool) -> Section:
            bench = copy(self._seven)
            bench.matcher, bench._peers = bench.matcher.with_more(taught(folder).topics, alone), []
            return bench.section(title, read(path), measure, few=True)

        for title, folder, path in (
            ("strangers' topics", _STRANGERS, _BLIND / "strangers-dev.jsonl"),
            *((f"eight own topics, {each}", OWN / each, OWN / f"{each}-dev.jsonl") for each in ("a", "b")),
        ):
            for alone in (False, True):
                name, measure = f"in servers: {title}{' alone' if alone else ''}", sets.stranger_rows(not alone)
                yield name, lambda n=name, f=folder, p=path, m=measure, a=alone: measured(n, f, p, m, a)
        for title, path, measure in (
            ("the first sets, beside strangers' topics", SHARED, sets.first_rows),
            ("real people's messages, beside strangers' topics", _REAL, sets.real_rows),
            ("members' messages, beside strangers' topics", _PEOPLE, sets.people_rows),
        ):
            if path.is_file():
                name = f"in servers: {title}"
                yield name, lambda n=name, p=path, m=measure: measured(n, _STRANGERS, p, m, False)

    def _times(self) -> Iterator[Made]:
        yield "times at 7 topics", lambda: time_section(self._seven.matcher, [message.text for message in asked()])
        if self._curve:
            yield "times by topics", curve_section


def paired(messages: Sequence[Message], decisions: Sequence[Decision]) -> list[Decided]:
    """Messages with what was decided about each."""
    return list(zip(messages, decisions, strict=True))
