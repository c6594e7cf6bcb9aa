"""Topics that a server adds are heard beside the seven, or alone, as if all had been indexed together; the seven are
heard as ever."""

from functools import cache
from itertools import chain

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.curriculum.key_points import KeyPoints
from bot.curriculum.model import Curriculum, Phrasing, Topic
from bot.curriculum.vocabulary import with_more_topics
from bot.matching import lines, ranker
from bot.matching.added_phrasings import AddedPhrasing, Phrasebook, PhrasingComparer, likeness
from bot.matching.decision import Context, Decline, Intent, TopicAnswer
from bot.matching.extended import ExtendedLines, extended, of_nobody
from bot.matching.matcher import Matcher
from bot.matching.ranker import Ranker
from bot.quiz.grading.grader import Grader
from bot.text.pipeline import ParsedText, TextPipeline
from tests.bench import servers
from tests.bench.fit_ranker import subjects
from tests.bench.servers import DATA, topic_of
from tests.matching.test_ranker import SOUP
from tests.matching.worlds import CATS, DOGS, matcher, shipped, thinned

KNOT = Topic(
    id="bowline-knot",
    title="Tying a bowline",
    question="How do I tie a bowline, and when does it slip?",
    answer=(
        "Make a small loop, bring the end up through it, round the standing part and down again. "
        "A bowline slips when it is not loaded. Climbers back it up with a stopper."
    ),
    names=("bowline", "rabbit knot"),
    asks=(
        "how does the rabbit go round the tree",
        "what knot makes a loop that does not jam",
        "is a bowline safe for climbing",
        "why did my bowline come undone",
        "what do I back the bowline up with",
    ),
    not_asks=("how do I tie my shoes",),
    parts=(
        {"id": "tying", "title": "Tying it", "passage": "Make a small loop", "terms": ("tie", "tying")},
        {"id": "slipping", "title": "Slip", "passage": "A bowline slips when it is not loaded."},
    ),
    key_points=KeyPoints.model_validate(
        {
            "full_marks": 1,
            "points": [{"id": "unloaded", "point": "It slips without a load.", "say": ["not loaded", "without load"]}],
        }
    ),
)
OWN = (SOUP, KNOT)
WORDS = sorted({word for topic in (*OWN, CATS, DOGS) for word in f"{topic.question} {topic.answer}".split()})


@cache
def heard(alone: bool = False) -> Matcher:
    return matcher().with_more(OWN, alone)


@cache
def small() -> tuple[TextPipeline, lines.Lines, Curriculum]:
    taught = Curriculum(topics=(CATS, DOGS), language=thinned(40).language)
    parsing = matcher().pipeline
    return parsing, lines.made(taught, parsing.parse), taught


@cache
def both_ways(alone: bool) -> tuple[Ranker, Ranker]:
    """A ranker that extends another, and one that was made of all lines together."""
    parsing, base, taught = small()
    base, topics = (of_nobody(base), ()) if alone else (base, taught.topics)
    together = taught.model_copy(update={"topics": (*topics, *OWN)})
    extending = Ranker(extended(base, OWN, parsing), Ranker(base))
    return extending, Ranker(lines.made(together, parsing.parse))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "and", "bowlines", "zzz", "?", "0.5"]), max_size=12), st.booleans())
def test_a_message_looks_the_same_as_if_all_lines_had_been_indexed_together(words: list[str], alone: bool) -> None:
    parsed = small()[0].parse(" ".join(words))
    one, other = both_ways(alone)
    _same(one, other, parsed)


@cache
def many() -> tuple[Topic, ...]:
    """Topics that change how others are read: with slips of words of others, names that those know, terms, numbers."""
    strange = [topic_of(source) for server in (1, 2) for source in servers.topics(server, 5)]
    often = tuple(Phrasing(ask=f"is the bowline {more} fine") for more in "abcdefghijklmnop")
    misspelt = (*CATS.asks, Phrasing(ask="does a cat undo a bowlline"))
    changes = (
        {"id": "bowlines", "asks": often},
        {"id": "named", "names": ("bowlinee", "sourdoughs"), "terms": {"stew": ("undo",)}},
        {"id": "at-120", "terms": {"0.999 soup": ("heat 90",)}},
    )
    changed = (one.model_copy(update=each) for one, each in zip((KNOT, SOUP, SOUP), changes, strict=True))
    others = ({"id": "misspelt", "asks": misspelt}, {"id": "numbers", "asks": (*CATS.asks, Phrasing(ask=".9998 soup"))})
    return (*OWN, *changed, *(CATS.model_copy(update=each) for each in others), *strange)


BOWLINES, NAMED, NUMBER, MISSPELT, NUMBERS = range(2, 7)
TAUGHT = st.lists(st.integers(0, 16), min_size=1, max_size=9, unique=True)


@example([[MISSPELT], [MISSPELT, BOWLINES], [MISSPELT]], False)
@example([[NAMED], [BOWLINES, NAMED], [NAMED]], True)
@example([[MISSPELT], [MISSPELT, NAMED], [MISSPELT]], False)
@example([[NUMBERS], [NUMBER, NUMBERS], [NUMBERS]], False)
@settings(max_examples=15, deadline=None)
@given(st.lists(TAUGHT, min_size=2, max_size=4), st.booleans())
@pytest.mark.slow
def test_what_is_made_of_what_was_read_before_is_what_is_made_anew(steps: list[list[int]], alone: bool) -> None:
    pipeline, base, _ = small()
    base = of_nobody(base) if alone else base
    before = None
    for step in steps:
        topics = [many()[number] for number in step]
        reading = with_more_topics(pipeline, topics)
        made, anew = extended(base, topics, reading, before), extended(base, topics, reading)
        assert _as_kept(made) == _as_kept(anew)
        before = made.added(topics), reading


def _as_kept(one: ExtendedLines) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(one, name) for name in ("topics", "name_words", "unsure")}
    found["unsure"] = [list(words) for words in one.unsure]
    for name in ("groups", "focus", "name_owners", "stored", "stored_as"):
        found[name] = getattr(one, name).tolist()
    for name in ("words", "letters", "contents"):
        index = getattr(one, name)
        more, rare = index.more, index._rarities
        arrays = (more.hashes, more.starts, more.texts, rare.held, rare.amounts[rare.beside], index._lengths)
        found[name] = [*(each.tolist() for each in arrays), index.unseen, index.count, rare.texts]
    return found


def test_of_topics_that_stay_nothing_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    base, topics = matcher(), many()[7:]
    before, parse, parsed = base.with_more(topics), TextPipeline.parse, list[str]()

    def counting(self: TextPipeline, text: str) -> ParsedText:
        parsed.append(text)
        return parse(self, text)

    monkeypatch.setattr(TextPipeline, "parse", counting)
    base.with_more((*topics[2:], SOUP), before=before)
    assert {ask.text for ask in SOUP.asks} <= set(parsed)
    assert {ask.text for topic in topics for ask in topic.asks}.isdisjoint(parsed)


def test_so_do_stored_lines() -> None:
    for text in [*(ask.text for topic in (*OWN, CATS) for ask in topic.asks), *KNOT.not_asks, KNOT.question]:
        _same(*both_ways(False), small()[0].parse(text))


def _same(one: Ranker, other: Ranker, parsed: ParsedText) -> None:
    ours, theirs = one.look(parsed), other.look(parsed)
    assert np.allclose(ours.features, theirs.features, atol=1e-5)
    assert ours.stored.tolist() == theirs.stored.tolist()
    assert one.most_covered(parsed) == pytest.approx(other.most_covered(parsed), abs=1e-5)
    assert all(one.missed(parsed, k) == other.missed(parsed, k) for k in range(len(ours.topics)))


@pytest.mark.parametrize("alone", [False, True])
def test_what_an_author_asks_is_answered_word_for_word(alone: bool) -> None:
    for topic in OWN:
        for ask in topic.asks:
            decision = heard(alone).decide(ask.text)
            assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == topic.id


def test_the_matcher_that_was_extended_is_as_before() -> None:
    messages = [*chain(*((topic.asks[0].text, topic.title) for topic in shipped().topics)), "bowline", "is it ok", "hi"]
    before = [repr(matcher().decide(message)) for message in messages]
    heard().decide("bowline"), heard(alone=True).decide("bowline")
    assert [repr(matcher().decide(message)) for message in messages] == before
    assert "bowline" not in repr(matcher().decide("what is a bowline"))


def test_nothing_of_the_seven_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    base, parse, parsed = matcher(), TextPipeline.parse, list[str]()

    def counting(self: TextPipeline, text: str) -> ParsedText:
        parsed.append(text)
        return parse(self, text)

    monkeypatch.setattr(TextPipeline, "parse", counting)
    base.with_more(OWN).decide("bowline")
    theirs = {ask.text for topic in shipped().topics for ask in topic.asks} | {*shipped().language.elsewhere}
    assert theirs.isdisjoint(parsed) and len(parsed) < 200


@pytest.mark.slow
def test_the_seven_are_asked_as_before_beside_fifty_topics_of_all_sorts() -> None:
    strange = matcher().with_more([subject.topic for subject in subjects()])
    asks = [(topic.id, ask.text) for topic in shipped().topics for ask in topic.asks[::10]]
    lost = [text for id_, text in asks if _first(matcher(), text) == id_ != _first(strange, text)]
    assert len(lost) <= 0.02 * len(asks)


def _first(which: Matcher, text: str) -> str | None:
    decision = which.decide(text)
    return decision.topics[0].topic if isinstance(decision, TopicAnswer) else None


def test_switched_off_the_seven_are_not_heard() -> None:
    ours = {topic.id for topic in OWN}
    for topic in shipped().topics:
        for text in (topic.title, topic.asks[0].text, f"quiz me on {topic.title}"):
            found = heard(alone=True).decide(text)
            listed = getattr(found, "topics", ()) or getattr(found, "candidates", ()) or found.suggestions
            assert {match.topic for match in listed} <= ours


def test_names_and_intents_lead_to_them() -> None:
    for name in ("bowline", "what is the rabbit knot", "tying a bowline", "bolwine"):
        decision = heard().decide(name)
        assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == "bowline-knot", name
    wanted = heard().decide("quiz me on the bowline")
    assert isinstance(wanted, Decline) and wanted.intent is Intent.QUIZ and wanted.named == ("bowline-knot",)
    near = heard().decide("what is the bowline called in Danish")
    assert not isinstance(near, TopicAnswer) and "bowline-knot" in repr(near)


def test_small_talk_is_not_taken_for_them() -> None:
    late = topic_of((DATA / "blind" / "strangers-dev" / "late-homework.yaml").read_text("utf-8"))
    assert isinstance(matcher().with_more([late]).decide("i was sick all week sorry everybody"), Decline)


def test_a_follow_up_and_the_statement_and_part_that_are_meant_are_found() -> None:
    after = Context("bowline-knot", (), "how do I tie a bowline")
    follow = heard().decide("and when does it slip?", after)
    assert isinstance(follow, TopicAnswer)
    assert [(match.topic, match.parts) for match in follow.topics] == [("bowline-knot", ("slipping",))]
    said = heard().statement("bowline-knot", "what do climbers back it up with")
    assert said is not None


def test_a_phrasing_that_is_also_a_name_of_another_topic_is_the_authors() -> None:
    asks = (*SOUP.asks, Phrasing(ask="what's softmax"))
    pruning = SOUP.model_copy(update={"id": "tree-pruning", "asks": asks})
    decision = matcher().with_more([pruning]).decide("what's softmax")
    assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == "tree-pruning"


def test_words_of_theirs_are_put_right_and_those_of_others_too() -> None:
    pipeline = with_more_topics(matcher().pipeline, OWN)
    assert pipeline.parse("bowlinee").words == ("bowline",)
    for slip in ("wieghts", "momentumm", "drpout", "initialisaton", "unherad"):
        assert pipeline.parse(slip) == matcher().pipeline.parse(slip)
    assert pipeline.parse("bowline").words == ("bowline",)
    assert "bowline" not in matcher().pipeline.speller


@cache
def grader() -> Grader:
    return Grader(shipped())


def test_answers_are_graded_by_their_key_points_and_those_of_the_seven_as_ever() -> None:
    more, only = grader().with_more(OWN), grader().with_more(OWN, alone=True)
    for one in (more, only):
        assert one.grade("bowline-knot", "it slips when it isnt loaded at all, I mean without load").score == 1
        assert one.grade("bowline-knot", "it slips when it rains").score == 0
    answer = "Momentum speeds up along a valley and dampens oscillation across it."
    assert repr(more.grade("momentum", answer)) == repr(grader().grade("momentum", answer))
    assert only.topics == ("bowline-knot",)


def test_a_topic_with_an_id_of_the_seven_is_graded_by_its_own_points_where_these_are_off() -> None:
    alone = grader().with_more([KNOT.model_copy(update={"id": "momentum"})], alone=True)
    assert alone.grade("momentum", "it slips without load").score == 1


def test_added_phrasings_are_compared_with_their_terms_apart() -> None:
    knot = KNOT.model_copy(update={"terms": {"bowline": ("bowlines",)}})
    more = PhrasingComparer(shipped(), matcher().pipeline).with_more([knot], matcher().with_more([knot]).pipeline)
    same, other = more.gist("does the bowline hold wet rope"), more.gist("does the boline hold wet rope")
    assert likeness(same, other) > 0.8
    assert likeness(same, more.gist("does the granny hold wet rope")) == 0
    book = Phrasebook(more, [AddedPhrasing("does the bowline hold wet rope", "bowline-knot")])
    found = book.nearest("does teh bowline hold wet rope")
    assert found and found[0].topic == "bowline-knot"


@pytest.mark.parametrize("text", ["does it keep in the fridge", "is dropout off at test time", "bowline"])
def test_only_topics_that_were_added_are_weighed_as_such(text: str) -> None:
    parsed = matcher().pipeline.parse(text)
    weights, constant = ranker._weights(ranker.WEIGHTS)
    for one, count in ((matcher(), 7), (heard(), 7), (heard(alone=True), 0)):
        sight = one._model._ranker.look(parsed)
        plain = sight.features @ weights + constant
        assert (sight.log_odds[:count] == plain[:count]).all()
        assert (sight.log_odds[count:] != plain[count:]).all()
        assert len(sight.log_odds) == count + (0 if one is matcher() else len(OWN))
