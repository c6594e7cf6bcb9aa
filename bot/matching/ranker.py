"""How a message and a topic go together, by features that mean the same for every topic.

A topic's own weights need hundreds of phrasings. These features need none of it: they are measured against what the
file of any topic has (its question, a few phrasings, the sentences of its answer), and how much each counts was fitted
on topics written for that (`python -m tests.bench ranker`), so that it carries over to a topic with five phrasings
that somebody adds tomorrow.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching import focus
from bot.matching.lines import KINDS, Kind, Lines, content, letter_tokens, meanings, word_tokens
from bot.matching.regression import Floats, Ints
from bot.matching.text_index import Places
from bot.text.pipeline import ParsedText

FEATURES = {
    # the greatest likeness to a statement
    "letters statements": 1,
    # the statement that says most about the message: how much it covers, by how many words and runs of letters, and
    # whether it provides what is asked for
    "statement covers": 1,
    "statement words": 1,
    "statement letters": 1,
    "statement focus": 1,
    # how much all that the topic says covers; of that its names, and how much there is besides
    "covered": 1,
    "names covered": 0,
    "name said": 0,
    "only names": 0,
    "rest": 0,
    # by how much the topic is ahead of the next
    "lead words": 1,
    "lead nearest": 1,
    "lead covered": 1,
    "lead letters held": 1,
    # the nearest line that is declined and speaks of something else
    "nobody's": -1,
    # whether the topic provides the kinds of things that are asked for
    "focus stated": 1,
    "focus asked": 1,
    "focus missed": -1,
    "length": 0,
}
"""What is looked at, and whether more of it may only speak for a topic (1), only against it (-1), or either (0)."""
WEIGHTS = Path(__file__).with_name("ranker_weights.json")
YOUNG_WEIGHTS = Path(__file__).with_name("young_weights.json")
"""The same for topics that a server added beside others: fitted on messages of people who had seen neither the topics'
phrasings nor this program, as members have not (`python -m tests.bench ranker --young`). Such topics have no weights of
their own, so all hangs on these. What is decided where nothing was added does not hang on them."""
CONSTANT = "constant"  # its name in that file
_MANY_TOPICS = 200  # with more, only the likeliest are looked at closely: a bound on time
_LIKELY = 30
_HARDLY = 0.15  # share of its statements and phrasings under which a topic does not give a kind of thing
_NOBODYS = 24  # of the nearest lines of nobody so many are looked through for one that does not speak of a topic
_LITTLE, _ALMOST_NOTHING = 1e-9, 1e-6
_NO_LINES = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Sight:
    """The topics that were looked at, in order, and the features of the message with each."""

    topics: Ints
    features: Floats  # topics x FEATURES
    stored: Ints  # 1 where the message is an ask of the topic, -1 where it is declined word for word, 0 elsewhere
    first_young: int  # place of the first topic that was added to those of a base; all after it were, too

    @property
    def log_odds(self) -> Floats:
        """Of each topic that it is asked."""
        weights, constant = _weights(WEIGHTS)
        odds: Floats = self.features @ weights + constant
        if self.first_young < len(odds):
            weights, constant = _weights(YOUNG_WEIGHTS)
            odds[self.first_young :] = self.features[self.first_young :] @ weights + constant
        return odds


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a message is compared."""

    parsed: ParsedText
    stems: list[str]  # those that say something
    runs: list[str]  # of letters
    weights: dict[str, float]  # see `Lines.weights`
    total: float  # of them
    kinds: Floats  # 1 for every kind of question that it asks


class _Rows:
    """The lines that a message is held against: those of some topics, and those of nobody.

    Its topics are numbered from 0 in the order given.
    """

    def __init__(self, lines: Lines, topics: Ints) -> None:
        self.topics = topics
        spans = lines.spans.tolist()
        groups = [k * KINDS + kind for k in topics.tolist() for kind in range(KINDS)]
        wanted = [np.arange(*spans[group]) for group in (*groups, *range(lines.topics * KINDS, len(spans)))]
        self.rows = np.concatenate(wanted).astype(np.min_scalar_type(len(lines.groups)))
        self._all = np.array_equal(self.rows, np.arange(len(lines.groups)))
        self.place = np.full(lines.topics + 1, -1)  # of each topic of the curriculum its number here; -1: it has none
        self.place[topics] = np.arange(len(topics))
        home, kind = self.place[lines.homes[self.rows]], lines.kinds[self.rows]
        narrow, home = self.rows.dtype, home.astype(np.min_scalar_type(-lines.topics - 1))
        self._own = np.flatnonzero((home >= 0) & (kind != Kind.NEAR_MISS)).astype(narrow)
        self._present, self._begin = np.unique((home.astype(np.int64) * KINDS + kind)[self._own], return_index=True)
        self.nobodys = np.flatnonzero(kind == Kind.NEAR_MISS).astype(narrow)
        self.statements = np.flatnonzero(kind == Kind.STATEMENT).astype(narrow)
        self.statement_rows = self.rows[self.statements]
        self.statement_of = home[self.statements]
        self._owners, self._starts = np.unique(self.statement_of, return_index=True)
        self._sizes = np.diff(self._starts, append=len(self.statements))

    def of(self, values: Floats) -> Floats:
        """Return of the values of all lines those of these."""
        return values if self._all else values[self.rows]

    def best(self, *values: Floats) -> Floats:
        """Return what is greatest of each of several values of these lines, for every topic and kind but near misses; 0
        without any."""
        found = np.zeros((len(values), len(self.topics) * KINDS))
        if len(self._own):
            mine = np.array([each[self._own] for each in values])
            found[:, self._present] = np.maximum.reduceat(mine, self._begin, axis=1)
        return found.reshape(len(values), -1, KINDS)[:, :, : Kind.NEAR_MISS]

    def best_statement(self, values: Floats) -> tuple[Ints, Ints]:
        """Return the topics that have statements, and for each the place of the one with the greatest value, of the
        values of the statements."""
        if not len(self._starts):
            return self._owners, self._starts
        greatest = np.repeat(np.maximum.reduceat(values, self._starts), self._sizes)
        hits = np.flatnonzero(values >= greatest)
        return self._owners, hits[np.searchsorted(hits, self._starts)]


class Ranker:
    """Looks at messages in the light of the stored lines."""

    def __init__(self, lines: Lines, base: "Ranker | None" = None) -> None:
        """Take the lines. Where they extend those of another ranker it is `base`: what is large of it is shared."""
        self._lines, self._base = lines, base
        n = lines.topics
        self._group(len(base._lines.groups), base._lines.topics) if base else self._group(0, 0)
        self._named: dict[str, list[int]] = {}
        for word, owner in zip(lines.name_words, lines.name_owners.tolist(), strict=True):
            self._named.setdefault(word, []).append(owner)
        self._name_weight = np.full(n, _LITTLE)
        for word, owners in self._named.items():
            self._name_weight[owners] += lines.contents.rare(word)
        self._stated = np.sqrt(self._provided(Kind.STATEMENT))
        self._asked = self._provided(Kind.ASK)
        self._claims = self._claimed()
        self._whole = _Rows(lines, np.arange(n)) if n <= _MANY_TOPICS else None

    def _group(self, first: int, topics: int) -> None:
        """Index what each topic and each statement says; the lines before the `first` belong to the base, and so many
        topics."""
        lines, base = self._lines, self._base
        homes, kinds = lines.homes[first:], lines.kinds[first:]
        own = np.where((homes >= 0) & (kinds <= Kind.STATEMENT), homes - topics, -1)
        stating = (homes >= 0) & (kinds == Kind.STATEMENT)
        stated, many = np.where(stating, np.cumsum(stating) - 1, -1), int(stating.sum())
        if base is None:
            self._statement: NDArray[Any] = stated.astype(np.min_scalar_type(-many - 1))  # of each line, as such
            self._vocabulary = lines.contents.grouped(own, lines.topics)
            self._runs = lines.letters.grouped(own, lines.topics)
            self._statements = lines.contents.grouped(stated, many)
            return
        more = lines.topics - topics
        after = np.where(stating, stated + base._statements.count, -1)
        self._statement = np.concatenate([base._statement, after]).astype(
            np.min_scalar_type(-many - base._statements.count - 1)
        )
        self._vocabulary = lines.contents.grouped(own, more, base._vocabulary)
        self._runs = lines.letters.grouped(own, more, base._runs)
        self._statements = lines.contents.grouped(stated, many, base._statements)

    def _provided(self, kind: Kind) -> Floats:
        """Topics x kinds of question: the share of a topic's lines of a kind that provide or ask each."""
        lines, groups = self._lines, np.arange(self._lines.topics) * KINDS + kind
        spans = lines.spans[groups].tolist()
        shares = [lines.provided(np.arange(*span)).mean(0) if span[1] > span[0] else focus.NOTHING for span in spans]
        return np.array(shares).reshape(-1, len(focus.KINDS))

    def _claimed(self) -> tuple[Places, Places]:
        """The lines that ask nothing of anybody and hold a name of a topic, in order, and that topic; a line comes once
        for each. Without those that the base knows already."""
        first, topics = (len(self._base._lines.groups), self._base._lines.topics) if self._base else (0, 0)
        near_miss, rows, claiming = self._lines.kinds == Kind.NEAR_MISS, [_NO_LINES], [_NO_LINES]
        for word, owners in self._named.items():
            having = self._lines.contents.having(word)
            having = having[near_miss[having]]
            for owner in owners:
                mine = having if owner >= topics else having[having >= first]
                rows.append(mine)
                claiming.append(np.full(len(mine), owner, dtype=np.int32))
        found = np.concatenate(rows)
        order = np.argsort(found, kind="stable")
        return found[order], np.concatenate(claiming)[order]

    def look(self, parsed: ParsedText) -> Sight:
        """Return the features of a message with every topic, or with the likeliest where there are many."""
        lines, stems = self._lines, content(parsed)
        weights = lines.weights(stems)
        total = sum(weights.values()) + _LITTLE
        message = _Asked(parsed, stems, letter_tokens(parsed), weights, total, focus.asked(parsed))
        found = self._covered(message)
        rows = self._whole
        if rows is None:
            order = np.argsort(-(found["covered"] + found["letters held"]), kind="stable")[:_LIKELY]
            rows = _Rows(lines, np.sort(order))
            found = {name: values[rows.topics] for name, values in found.items()}
        words, letters = lines.words.overlap(word_tokens(parsed)), lines.letters.overlap(message.runs)
        found |= self._alike(rows, rows.of(words.cosine()), rows.of(letters.cosine()))
        found |= self._stating(rows, message, rows.of(letters.shared) / (letters.total + _LITTLE), found["named"])
        found |= self._focused(rows, message)
        leads = _leads(np.array([found[name] for name in _LEADS]))
        found |= {f"lead {name}": lead for name, lead in zip(_LEADS, leads, strict=True)}
        found["length"] = np.full(len(rows.topics), np.log1p(len(parsed.words)) / 3)
        features = np.array([found[name] for name in FEATURES]).T
        of_base = self._base._lines.topics if self._base else self._lines.topics
        return Sight(
            rows.topics,
            features,
            self._stored(parsed, rows, found["named"]),
            int(rows.topics.searchsorted(of_base)),
        )

    def _stored(self, parsed: ParsedText, rows: _Rows, named: Floats) -> Ints:
        """What is stored of the message itself, as `Sight` has it.

        No line declines for a topic of another file that it names: it was written before there was that topic.
        """
        found = np.zeros(len(rows.topics), dtype=np.int64)
        known = self._lines.as_stored(parsed)
        if known is not None and known >= 0:
            found[rows.topics == known] = 1
        elif known is not None:
            found[(named == 0) | (rows.topics == -2 - known)] = -1
        return found

    def most_covered(self, parsed: ParsedText, first: int = 0) -> float:
        """Return how much of a message (0 to 1) the topic covers that covers most of it, of those from the `first`
        on."""
        stems = content(parsed)
        weights = self._lines.weights(stems)
        shared = self._vocabulary.shares(weights)
        return float(shared[first:].max(initial=0.0)) / (sum(weights.values()) + _LITTLE) if stems else 1.0

    def missed(self, parsed: ParsedText, topic: int) -> tuple[str, ...]:
        """Return the kinds of things that a message asks for and the topic neither states nor is asked for."""
        given = np.maximum(self._stated[topic], self._asked[topic])
        missing = (focus.asked(parsed) > 0) & (given < _HARDLY)
        return tuple(kind for kind, lacks in zip(focus.KINDS, missing.tolist(), strict=True) if lacks)

    def counted(self, parsed: ParsedText, topic: int) -> list[tuple[str, float]]:
        """Return the words of a message that say something, with how much: above 0 where the topic has the word, or
        one that means the same, else below."""
        found = []
        for stem in content(parsed):
            ways = (stem, *meanings().get(stem, ()))
            has = any(topic in self._vocabulary.having(way) for way in ways) or topic in self._named.get(stem, ())
            found.append((stem, self._lines.contents.rare(stem) / self._lines.contents.unseen * (1 if has else -1)))
        return found

    def strange(self, parsed: ParsedText, topic: int) -> dict[str, float]:
        """Return the words of a message that nothing of a topic has, nor another word for them, in the order in which
        they stand there, and how rare each is: 1 for one that was never met."""
        found = {}
        for stem in content(parsed):
            ways = (stem, *meanings().get(stem, ()))
            if stem[0].isalpha() and not any(topic in self._vocabulary.having(way) for way in ways):
                found[stem] = self._lines.contents.rare(stem) / self._lines.contents.unseen
        return found

    def _covered(self, message: _Asked) -> dict[str, Floats]:
        """How much of the message all that a topic says covers, for all topics."""
        lines, n = self._lines, self._lines.topics
        runs = self._runs.overlap(message.runs)
        covered = self._vocabulary.shares(message.weights)
        mine, said = np.zeros(n), np.zeros(n)
        for stem in message.stems:
            owners = self._named.get(stem)
            if owners:
                ways = (stem, *meanings().get(stem, ()))
                mine[owners] += sum(message.weights[way] for way in ways)
                said[owners] = np.maximum(said[owners], lines.contents.rare(stem))
        rest = np.maximum(message.total - mine, 0.0)
        said /= lines.contents.unseen
        return {
            "letters held": runs.shared / (runs.total + _LITTLE),
            "covered": covered / message.total,
            "named": mine / message.total,
            "names covered": mine / self._name_weight,
            "name said": said,
            "only names": np.where(rest < _ALMOST_NOTHING, said, 0.0),
            "rest": np.log1p(rest) / 3,
        }

    def _alike(self, rows: _Rows, by_words: Floats, by_letters: Floats) -> dict[str, Floats]:
        """How alike the message is to the nearest line of each kind, of each topic and of nobody."""
        both = 0.5 * (by_words + by_letters)
        words, letters, nearest = rows.best(by_words, by_letters, both)
        return {
            "letters statements": letters[:, Kind.STATEMENT],
            "words": words.max(1),
            "nearest": nearest.max(1),
            "nobody's": self._nobodys(rows, both),
        }

    def _nobodys(self, rows: _Rows, alike: Floats) -> Floats:
        """For each topic the likeness of the nearest line of nobody that does not speak of it: that neither holds one
        of its names nor stands in its file."""
        found = np.zeros(len(rows.topics))
        left = set(range(len(found)))
        mine = alike[rows.nobodys]
        for _ in range(min(_NOBODYS, len(mine))):
            nearest = int(mine.argmax())
            spoken_of = self._spoken_of(rows, int(rows.rows[rows.nobodys[nearest]]))
            found[list(left.difference(spoken_of))] = mine[nearest]
            left.intersection_update(spoken_of)
            if not left:
                break
            mine[nearest] = -1.0  # the next is the nearest of the others
        return found

    def _stating(self, rows: _Rows, message: _Asked, runs: Floats, named: Floats) -> dict[str, Floats]:
        """How well the statement fits that says most about the message.

        It is read with its topic's names, of which `named` is the share in the message; `runs` are what each line has
        of its runs of letters.
        """
        of, numbers, runs = rows.statement_of, self._statement[rows.statement_rows], runs[rows.statements]
        covers = self._statements.shares(message.weights)[numbers] / message.total + named[of]
        words = np.log1p(self._statements.shares(dict.fromkeys(message.stems, 1.0))[numbers])
        owners, best = rows.best_statement(covers * words + runs)
        provided = self._lines.provided(rows.statement_rows[best].astype(np.int64)) @ message.kinds
        found = np.zeros((4, len(rows.topics)))
        found[:, owners] = covers[best], words[best], runs[best], provided / max(1.0, message.kinds.sum())
        return dict(zip(_STATEMENT, found, strict=True))

    def _spoken_of(self, rows: _Rows, row: int) -> list[int]:
        """The topics, as `rows` numbers them, that a line of nobody speaks of, by name or as it is in their file."""
        return [int(rows.place[topic]) for topic in (*self._claiming(row), self._lines.homes[row])]

    def _claiming(self, row: int) -> list[int]:
        """The topics of which a name stands in a line that asks nothing of anybody."""
        found, owners = self._claims
        mine: list[int] = owners[found.searchsorted(row) : found.searchsorted(row, "right")].tolist()
        return mine + self._base._claiming(row) if self._base else mine

    def _focused(self, rows: _Rows, message: _Asked) -> dict[str, Floats]:
        """Whether what is asked for is something that the topic provides."""
        stated, asked, kinds = self._stated[rows.topics], self._asked[rows.topics], message.kinds
        many = max(1.0, kinds.sum())
        return {
            "focus stated": stated @ kinds / many,
            "focus asked": asked @ kinds / many,
            "focus missed": ((1 - np.maximum(stated, asked)) * kinds).max(1, initial=0.0),
        }


_LEADS = ("words", "nearest", "covered", "letters held")
_STATEMENT = ("statement covers", "statement words", "statement letters", "statement focus")


@cache
def _weights(file: Path) -> tuple[Floats, float]:
    """How much each of FEATURES counts by a file of weights, and the constant."""
    kept = json.loads(file.read_text("utf-8"))
    return np.array([kept.get(name, 0.0) for name in FEATURES]), kept[CONSTANT]


def _leads(values: Floats) -> Floats:
    """By how much each value is ahead of the best other of its row (below 0: behind)."""
    if values.shape[1] < 2:
        return values
    ordered = np.partition(values, -2, axis=1)
    found: Floats = values - np.where(values >= ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
    return found
