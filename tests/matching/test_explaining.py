"""Why a message was decided as it was."""

from bot.curriculum.model import Curriculum
from bot.matching.decision import Context
from bot.matching.matcher import Matcher
from tests.matching.worlds import CATS, DOGS, matcher, shipped


def test_an_ask_is_its_own_nearest_phrasing() -> None:
    ask = shipped().topics[0].asks[0].text
    nearest = matcher().explain(ask).nearest
    assert nearest is not None
    assert (nearest.text, nearest.topic) == (ask, shipped().topics[0].id)
    assert nearest.alike > 0.99


def test_a_near_miss_belongs_to_no_topic() -> None:
    miss = shipped().topics[0].not_asks[0]
    nearest = matcher().explain(miss).nearest
    assert nearest is not None
    assert nearest.topic is None


def test_what_counted_is_named_in_words_of_the_message() -> None:
    explained = matcher().explain("what if momentum is 0.9999")
    assert explained.best is not None and explained.best.topic == "momentum"
    assert any("momentum" in counted.what and counted.weight > 0 for counted in explained.counted)


def test_a_follow_up_says_how_likely_it_is_one() -> None:
    assert matcher().explain("and tanh?").follow_up is None
    follow_up = matcher().explain("and tanh?", Context("activation-functions")).follow_up
    assert follow_up is not None and follow_up > 0.5


def test_nothing_explains_nothing() -> None:
    explained = matcher().explain("")
    assert (explained.nearest, explained.parsed) == (None, ())


def test_a_small_curriculum_explains_too() -> None:
    explained = Matcher(Curriculum(topics=(CATS, DOGS))).explain("why do cats purr")
    assert explained.best is not None and explained.best.topic == "cats"
    assert explained.counted
