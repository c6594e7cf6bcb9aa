"""From a message to a decision: what it wants is told first; a question is cut into pieces, each is weighed, and what
they ask is decided. What is a mere name, or holds one, leads to its topic."""

import re
from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import replace
from functools import cache, cached_property

import numpy as np

from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.vocabulary import with_more_topics
from bot.matching.decision import (
    Choose,
    Context,
    Counted,
    Decision,
    Decline,
    Explanation,
    Intent,
    Match,
    TopicAnswer,
)
from bot.matching.experiments import Catalogue, ExperimentNames
from bot.matching.extended import Added
from bot.matching.fitted_model import Model, ModelStore, learn
from bot.matching.following import FollowUps, parts_after, says_so
from bot.matching.intent import Intents, points_at_last
from bot.matching.lines import PhrasingIndex
from bot.matching.names import Names, Owner
from bot.matching.pieces import SURE, Piece, Weigh, asked, pieces
from bot.matching.statements import StatementFinder
from bot.text.languages import language_of
from bot.text.normalise import clauses, opens_question, visible, word_set
from bot.text.pipeline import TextPipeline
from bot.text.unwrapping import unwrapped

# A choice counts half an answer and costs nothing where none is right, so it pays between this chance and SURE. Where
# topics have five asks, .35 offered one on 27 % of what none of them answers, .40 on 19 %.
_UNSURE = 0.38
# The following were chosen on the asks and on messages written for it: change one, and compare what
# `python -m tests.bench matching` prints before and after (which of its figures is said with each).
_SUGGESTED = 0.05  # chance from which a topic is worth suggesting: at .08 the first of strangers' topics are lost
_NAMED, _NAMED_BY_SEVERAL = 0.9, 0.45  # chance of a topic whose name is the whole message, and of each of several
# Likeness to small talk with which a message is chatter that asks nothing and names nothing. It takes 16 of 45 chatting
# messages that are else refused, and 1 of 82 others (one that thanks): `ask-dev`, `ask-real-dev` and `people-dev`.
_CHATS = 0.3
_ASKING = word_set("what whats why how hows which who whose when where whether")
_NO_TOPIC = 0.1  # chance under which a piece asks none of the topics: "a piece no topic fits: named"
# Bounds on time.
_MOST_CHARACTERS = 6000
_RANKED, _MOST_RANKED, _MOST_OTHERS, _COUNTED = 6, 4, 3, 8

_ADDS = re.compile(r"\b(?:and|plus|also)\b|&", re.IGNORECASE)

# What may be wanted about a topic.
_ABOUT_TOPICS = frozenset({Intent.QUIZ, Intent.SIMULATE, Intent.CLAIMS, Intent.TOPICS, Intent.COMPLAINT})


class Matcher:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(
        self, curriculum: Curriculum, store: ModelStore | None = None, experiments: Callable[[], Catalogue] = tuple
    ) -> None:
        """Load the model of the curriculum from `store`, or fit it (a second or two) and keep it there.

        `experiments` gives the catalogue of those that a message may want to see; it is read when one does.
        """
        pipeline, model = learn(curriculum, store)
        self._experiments = ExperimentNames(experiments)
        self._put_together(curriculum, pipeline, model)

    def with_more(self, topics: Sequence[Topic], alone: bool = False, before: "Matcher | None" = None) -> "Matcher":
        """Return the matcher of these topics and more, or `alone` of those others only, made in a moment: nothing is
        fitted, and what is large is shared. What it hears never changes this one.

        Of the topics that another such matcher has too, `before`, which this one made, it takes what that has read.
        """
        base = self._of_nobody if alone else self
        pipeline = with_more_topics(base.pipeline, topics)
        curriculum = base._curriculum.model_copy(update={"topics": (*base._curriculum.topics, *topics)})
        found = copy(base)
        read = before._read_beside(base) if before else None
        found._put_together(curriculum, pipeline, base._model.with_more(topics, pipeline, read), base)
        return found

    def _read_beside(self, base: "Matcher") -> tuple[Added, TextPipeline] | None:
        """The lines that it has read beside those of a base, and by what; None where it does not extend that."""
        known = len(base._curriculum.topics)
        added = self._model.added(base._model, self._curriculum.topics[known:])
        return (added, self.pipeline) if added else None

    @cached_property
    def _of_nobody(self) -> "Matcher":
        """The matcher of no topic, which knows the same words."""
        found = copy(self)
        none = self._curriculum.model_copy(update={"topics": ()})
        found._put_together(none, self.pipeline, self._model.of_nobody(self.pipeline))
        return found

    def _put_together(
        self, curriculum: Curriculum, pipeline: TextPipeline, model: Model, base: "Matcher | None" = None
    ) -> None:
        """Make everything else of the model. The first topics are those of the base, which shares what it has."""
        self._curriculum, self.pipeline, self._model = curriculum, pipeline, model
        self._phrasings: PhrasingIndex | None = None
        self._names: Names = Names(curriculum, pipeline, base._names if base else None)
        self._intents = self._telling_intents(curriculum, base)
        self._statements: StatementFinder = StatementFinder(curriculum, pipeline, base._statements if base else None)
        self._following = FollowUps(curriculum, pipeline, model, self._names, self._statements)
        self._topics = [topic.id for topic in curriculum.topics]
        self._numbers = {topic: number for number, topic in enumerate(self._topics)}
        self._part_ids = [tuple(part.id for part in topic.parts) for topic in curriculum.topics]

    def _telling_intents(self, curriculum: Curriculum, base: "Matcher | None") -> Intents:
        """Made without a hold on the matcher, which is gone as soon as it is not used any more: no cycle keeps it."""
        names, pipeline, experiments = self._names, self.pipeline, self._experiments

        def topic(text: str) -> bool:
            return bool(names.mentioned(pipeline.parse(text)))

        def experiment(text: str) -> bool:
            return experiments.speaks_of(pipeline.parse(text).stems, names.words)

        return base._intents.naming(topic, experiment) if base else Intents(curriculum, topic, experiment)

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        message = message[:_MOST_CHARACTERS]
        bare = unwrapped(message)
        intent = self._intents.of(message, bare, context is not None)
        if intent is not Intent.QUESTION:
            return self._intended(intent, bare, context)
        weigh = cache(self._weigh)  # for this message: a piece is looked at more than once
        whole = weigh(_cleaned(bare))
        asked_before = self._numbers.get(context.topic) if context else None
        owners = self._names.bare(self._names.put_right(whole.parsed), asked_before)
        written = self._model.lines.as_stored(whole.parsed)  # as a phrasing of a topic that has another name
        if written is not None and written >= 0 and written not in {owner.topic for owner in owners}:
            owners = ()
        clear = len(owners) == 1 and not owners[0].weak
        followed = self._followed(message, whole, context, weigh) if context and not clear else None
        if owners and not (followed and followed.topics[0].topic in self._ids(owners)):
            return self._by_name(owners, whole)
        lost = not followed and context is not None and self._following.lost(whole, context)
        decision = followed or (Decline() if lost else self._alone(whole, weigh))
        return self._pointed(whole, context) if isinstance(decision, Decline) else decision

    def _ids(self, owners: Sequence[Owner]) -> list[str]:
        return [self._topics[owner.topic] for owner in owners]

    def statement(self, topic: str, message: str, parts: tuple[str, ...] = ()) -> int | None:
        """Return the number of the statement of a picked topic that answers a message; None where there is none."""
        number = self._numbers.get(topic)
        return None if number is None else self._statements.shown(number, self.pipeline.parse(_bare(message)), parts)

    def explain(self, message: str, context: Context | None = None) -> Explanation:
        """Return why a message is decided as it is. Slower than deciding, most of all the first time."""
        self._phrasings = self._phrasings or PhrasingIndex(self._curriculum, self.pipeline)
        whole = self._weigh(_bare(message))
        first = np.argsort(-whole.chances, kind="stable")[:2]  # the runner-up is told however unlikely it is
        ranked = [self._match(int(topic), whole) for topic in first]
        counted = self._model.counted(whole.parsed, whole.best) if whole.best >= 0 else []
        follows = self._following.chance(whole, context, self._weigh) if context else None
        asked, declined = self._phrasings.nearest(whole.parsed)
        return Explanation(
            whole.parsed.words,
            max(filter(None, (asked, declined)), key=lambda one: one.alike, default=None),
            tuple(Counted(name, weight) for name, weight in counted[:_COUNTED]),
            ranked[0] if ranked else None,
            ranked[1] if len(ranked) > 1 else None,
            follows,
            declined,
            self._model.missed(whole.parsed, whole.best) if whole.best >= 0 else (),
        )

    def follow_up_evidence(self, message: str, context: Context) -> list[float]:
        """Return what `FollowUps.evidence` sees in a message, for fitting its weights."""
        whole = self._weigh(_bare(message))
        return self._following.evidence(whole, context, self._numbers[context.topic], self._weigh)

    def _weigh(self, text: str) -> Piece:
        """A piece with what it asks by itself."""
        parsed = self.pipeline.parse(text)
        chances = self._model.chances(parsed)
        best = int(chances.argmax()) if len(chances) else -1
        asks = "?" in text or opens_question(parsed.words)
        sure = float(chances[best]) if len(chances) else 0.0
        known = self._model.known
        young = best >= 0 and known[best] == 0 and sure >= SURE  # of others it does not matter, and takes time
        named = young and any(owner.topic == best for owner in self._names.mentioned(parsed))
        return Piece(text, parsed, chances, asks, best, sure, known, named)

    def _intended(self, intent: Intent, bare: str, context: Context | None) -> Decline:
        """What a message wants that asks no question, with the topics and experiments that it names; with the topic of
        the last answer where it points at that: "how sure are you about that?"."""
        if intent not in _ABOUT_TOPICS:
            return Decline(intent=intent)
        parsed = self._names.put_right(self.pipeline.parse(bare))
        named = self._names.mentioned(parsed) or self._names.after_about(parsed)
        matches = tuple(Match(self._topics[one.topic], _NAMED, (one.part,) if one.part else ()) for one in named)
        experiments = self._experiments.meant(parsed.stems) if intent is Intent.SIMULATE else ()
        if context and not (matches or experiments or context.faded) and points_at_last(intent, bare):
            matches = (Match(context.topic, _NAMED),) if context.topic in self._numbers else ()
        return Decline(matches, (), intent, experiments, tuple(match.topic for match in matches))

    def _by_name(self, owners: Sequence[Owner], whole: Piece) -> TopicAnswer | Choose:
        """The decision on a message that is nothing but a name of these."""
        lone = len(owners) == 1 and (not owners[0].weak or whole.chances[owners[0].topic] >= SURE)
        least = _NAMED if lone else _NAMED_BY_SEVERAL
        found = []
        for owner in owners:
            match = self._match(owner.topic, whole)
            parts = match.parts or ((owner.part,) if owner.part else ())
            found.append(replace(match, score=max(match.score, least), parts=parts))
        if lone:
            return TopicAnswer(tuple(found), self._ranked(whole, [owners[0].topic])[:_MOST_OTHERS])
        return Choose(tuple(sorted(found, key=lambda match: -match.score)))

    def _pointed(self, whole: Piece, context: Context | None) -> Decline:
        """A refusal with the topics that are named, or that what was said before is about, and those that are near."""
        foreign = language_of(whole.text) is not None
        parsed = self._names.put_right(whole.parsed)
        named = [self._match(owner.topic, whole) for owner in self._names.within(parsed, whole.chances, foreign)]
        mentioned = self._ids(self._names.mentioned(parsed))
        if not mentioned and context and (match := self._following.points_back(whole, context)):
            named = [match]
        if not named and context is None and whole.sure < _UNSURE:
            intent = self._intents.at_a_guess(whole.text)
            if intent is not Intent.QUESTION or self._is_chat(whole):
                return Decline(intent=Intent.CHATTER if intent is Intent.QUESTION else intent)
        near = self._ranked(whole, [self._numbers[match.topic] for match in named])
        near = tuple(match for match in near if self._near(match.topic, whole))
        found = [*named, *near][:_MOST_OTHERS]
        return Decline(
            tuple(sorted(found, key=lambda match: -match.score)),
            named=tuple(match.topic for match in named),
            mentioned=tuple(mentioned),
        )

    def _is_chat(self, whole: Piece) -> bool:
        """Whether a message that no topic answers asks nothing and is like small talk."""
        if whole.asks or not _ASKING.isdisjoint(whole.parsed.words):
            return False
        return any(map(str.isalpha, whole.parsed.words)) and self._model.lines.chats(whole.parsed) >= _CHATS

    def _near(self, topic: str, piece: Piece) -> bool:
        return self._names.comes_near(self._numbers[topic], piece.parsed, piece.chances)

    def _alone(self, whole: Piece, weigh: Weigh) -> Decision:
        """The decision on a message that stands on its own."""
        found = pieces(whole, weigh)
        several = asked(found, whole) if len(found) > 1 else []
        if len(several) > 1:
            matches = tuple(self._answer(self._match(topic, piece), piece) for topic, piece in several)
            others = self._ranked(whole, [topic for topic, _ in several])[:_MOST_OTHERS]
            return TopicAnswer(matches, others, self._unanswered(found, weigh))
        if whole.best >= 0 and whole.known[whole.best] == 0 and not whole.named and self._is_chat(whole):
            return Decline()  # a topic with few phrasings soon seems to be spoken of
        ranked = self._ranked(whole)
        if ranked and ranked[0].score >= SURE:
            answer = self._answer(ranked[0], whole)
            return TopicAnswer((answer,), ranked[1 : 1 + _MOST_OTHERS], self._unanswered(found, weigh))
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:_MOST_OTHERS])
        return Decline()

    def _followed(self, message: str, whole: Piece, context: Context, weigh: Weigh) -> TopicAnswer | None:
        """The answer to a message that only the context explains; None for one that stands on its own."""
        found = self._following.found(message, whole, context, weigh)
        if found is None:
            return None
        topic = self._numbers[found.topic]
        if not found.in_short:
            statement = self._statements.shown(topic, whole.parsed, found.parts)
            if statement is None:
                before = self.pipeline.parse(context.question)
                statement = self._statements.reason(topic, whole.parsed, before, found.parts)
            found = replace(found, statement=statement)
        alone = whole.best == topic and whole.sure >= SURE
        taken = found.topic == context.topic and not (found.in_short or alone or says_so(whole.parsed))
        others = self._ranked(whole, [topic])[:_MOST_OTHERS]
        return TopicAnswer((found,), others, follow_up=taken, again=not alone and _shown_before(found, context))

    def _ranked(self, piece: Piece, without: Collection[int] = ()) -> tuple[Match, ...]:
        """The topics that come into question, best first."""
        found: list[Match] = []
        for topic in np.argsort(-piece.chances, kind="stable")[:_RANKED].tolist():
            if piece.chances[topic] >= _SUGGESTED and topic not in without and len(found) < _MOST_RANKED:
                found.append(self._match(topic, piece))
        return tuple(found)

    def _match(self, topic: int, piece: Piece) -> Match:
        return Match(self._topics[topic], float(piece.chances[topic]), self._parts(topic, piece))

    def _answer(self, match: Match, piece: Piece) -> Match:
        """A topic that is answered, with its statement that answers the piece, where one does."""
        topic = self._numbers[match.topic]
        return replace(match, statement=self._statements.shown(topic, piece.parsed, match.parts))

    def _parts(self, topic: int, piece: Piece) -> tuple[str, ...]:
        """The parts that a piece asks after, the likeliest first."""
        return parts_after(self._model, topic, self._part_ids[topic], piece.parsed)

    def _unanswered(self, pieces: Sequence[Piece], weigh: Weigh) -> tuple[str, ...]:
        """The texts of pieces that ask something no topic fits, so that nobody thinks they were overlooked."""
        found = []
        for piece in pieces:
            if len(pieces) > 1 and self._asks_none(piece):
                found.append(piece.text)
            elif piece.sure >= SURE:
                found += self._unanswered_end(piece, weigh)
        return tuple(found)

    def _unanswered_end(self, piece: Piece, weigh: Weigh) -> list[str]:
        """A question of another kind at the end of a piece that asks one of ours."""
        if not _ADDS.search(piece.text):
            return []
        for end, start in clauses(piece.text)[-3:]:
            if not _ADDS.search(piece.text[end:start]):
                continue
            if not opens_question(self.pipeline.parse(piece.text[start:]).words):
                continue  # it is not weighed, which takes longer than all else
            right = weigh(piece.text[start:])
            if self._asks_none(right) and weigh(piece.text[:end]).sure >= SURE:
                return [right.text]
        return []

    def _asks_none(self, piece: Piece) -> bool:
        return piece.asks and piece.sure < _NO_TOPIC and self._model.foreign(piece.parsed)


def _shown_before(match: Match, context: Context) -> bool:
    """Whether all that would stand in front of an answer stood there the last time."""
    same = context.shown and (match.topic, match.parts) == (context.topic, context.parts) and not match.in_short
    return same and (match.statement == context.statement or (match.statement is None and bool(match.parts)))


def _bare(message: str) -> str:
    """A message without its wrapping, as far as it is read."""
    return _cleaned(unwrapped(message[:_MOST_CHARACTERS]))


def _cleaned(message: str) -> str:
    """The lines of a message without what shows nothing."""
    return "\n".join(map(visible, message.splitlines()))
