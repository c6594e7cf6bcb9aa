"""The order in which answers arrive, and how often, changes nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.round.events import Pressed
from bot.quiz.round.state import Asking
from bot.quiz.scoring import standing
from tests.quiz.conftest import Driver, drawn

MEMBERS = st.integers(10, 14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_same_answers_in_any_order_and_repeated_give_the_same_round(small: Curriculum, data: st.DataObject) -> None:
    drawing = drawn(small, "multi")
    answers = st.tuples(MEMBERS, st.floats(0, 22), st.lists(st.integers(0, 4), min_size=1, max_size=4, unique=True))
    first = Driver.begun(drawing).asked()
    opens = first.turn.opens
    said = data.draw(st.lists(answers, max_size=12))
    events = [
        Pressed(0, first.click(member, opens + after), tuple(picks))
        for member, after, picks in sorted(said, key=lambda one: one[1])
    ]
    shuffled = data.draw(st.permutations([*events, *events[:3]]))
    results = []
    for course in (events, shuffled):
        driver = Driver.begun(drawing).asked()
        assert isinstance(driver.round.phase, Asking)
        driver.now = opens + 20.5
        for event in course:
            driver.send(event)
        driver.until(opens + 60)
        results.append((standing(driver.round), driver.turn.answers))
    assert results[0] == results[1]
