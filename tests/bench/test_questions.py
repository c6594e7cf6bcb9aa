"""The ruler of giveaways: it finds form that tells, finds nothing where form is chance, and counts picks."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from tests.bench.questions import Shown, cues, giveaways, hits, shown

SAY = ["It grows with depth.", "It falls with depth.", "It stays as it was.", "It depends on the data."]


def _bank(option: Callable[[str, bool], str]) -> list[Shown]:
    found = []
    for n in range(140):
        order = Chance(str(n)).shuffled(range(4), "order")
        texts = [option(SAY[place], place == n % 4) for place in order]
        seen = np.array([*cues(texts).values()]).T
        right = np.array([place == n % 4 for place in order])
        found.append(Shown(f"topic {n % 7}", f"{n}", seen - seen.mean(axis=0), right))
    return found


def test_nothing_is_found_where_form_is_chance() -> None:
    found = giveaways(_bank(lambda text, _right: text))
    assert found.overall.chance == pytest.approx(0.25)
    assert abs(found.overall.gain) < 2 * found.overall.error + 0.01


@pytest.mark.parametrize(
    ("says", "cue"),
    [
        (lambda text, right: f"No. {text}" if right else f"Yes. {text}", "alone: no or none"),
        (lambda text, right: f"{text} So it is." if right else text, "longest"),
        (lambda text, right: text if right else f"Always: {text}", "absolute words"),
        (lambda text, right: f"Mostly: {text}" if right else text, "hedges"),
        (lambda text, right: "13 steps." if right else text, "alone: a number"),
    ],
)
def test_what_gives_away_is_found(says: Callable[[str, bool], str], cue: str) -> None:
    found = giveaways(_bank(says))
    assert found.overall.accuracy > 0.9
    assert found.cues[cue].accuracy > 0.9
    assert found.faults


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=6).filter(lambda p: any(r for _, r in p))
)
def test_as_many_picks_as_are_right(pairs: list[tuple[int, bool]]) -> None:
    scores, right = np.array([float(score) for score, _ in pairs]), np.array([each for _, each in pairs])
    count = int(right.sum())
    assert 0 <= hits(scores, right) <= count
    assert hits(right.astype(float), right) == count
    assert hits(np.zeros(len(pairs)), right) == pytest.approx(count**2 / len(pairs))


@pytest.mark.slow
def test_form_gives_little_away_of_the_questions_that_ship(curriculum: Curriculum) -> None:
    assert not giveaways(shown(curriculum)).faults  # mend the questions that `tests.bench questions` names
