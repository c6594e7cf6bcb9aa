"""Items are put in order: what is read, what it earns, and that a guess gains nothing by what is shown."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import LETTERS, Answer, Key, Option, QuestionRun
from bot.quiz.kinds.compare import Measured
from bot.quiz.kinds.order import DrawnOrder, OrderQuestion, pairs_right, places
from bot.simulations.experiment import read
from bot.simulations.experiments import find
from tests.matching.worlds import shipped

ABOUT: dict[str, Any] = {"key": "t/q", "topic": "t", "ask": "Least first?", "explain": "."}
FOUR = DrawnOrder(**ABOUT, options=tuple(map(Option, ("w", "x", "y", "z"))), right=(2, 0, 3, 1))
COUNTS = st.integers(3, 5)


def by_fact(count: int, right: tuple[int, ...] | None = None) -> DrawnOrder:
    options = tuple(Option(f"item {place}") for place in range(count))
    return DrawnOrder(**ABOUT, options=options, right=right or tuple(range(count)))


def lettered(order: tuple[int, ...]) -> str:
    return "".join(LETTERS[place] for place in order)


def measured(*numbers: float, most: Any = "first") -> tuple[DrawnOrder, list[dict[str, float | None]]]:
    """A question whose options are measured as these, and its run."""
    names = [f"m{place}" for place in range(len(numbers))]
    sources = tuple(Measured(0, name) for name in names)
    runs = (QuestionRun("momentum", {}),)
    options = tuple(map(Option, names))
    question = DrawnOrder(**ABOUT, options=options, measured=sources, runs=runs, most=most)
    return question, [dict(zip(names, numbers, strict=True))]


@pytest.mark.parametrize(
    "typed",
    ["BACD", "bacd", "b, a, c, d", "2 1 3 4", "2134", "2,1,3,4", "B > A > C > D", "B-A-C-D", "b then a then c and d",
     "1. B 2. A 3. C 4. D", "1) b\n2) a\n3) c\n4) d", "B.A.C.D.", "[B, A, C, D]", "ＢＡＣＤ", " B  A CD ", "BA CD",
     "b→a→c→d", "B;A;C;D", "**B A C D**"],
)  # fmt: skip
def test_an_order_as_people_type_it(typed: str) -> None:
    assert FOUR.read((), typed) == Answer(text="BACD")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("BAC", "D is missing."),
        ("B", "A, C, D are missing."),
        ("BACC", "C stands more than once. D is missing."),
        ("AABBCD", "A, B stand more than once."),
        ("BACE", "There is no E here. D is missing."),
        ("2 1 3 5", "There is no E here. D is missing."),
        ("0123", "There is no 0 here. D is missing."),
        ("BACDE", "There is no E here."),
        ("BACDA", "A stands more than once."),
    ],
)
def test_a_letter_that_is_unknown_doubled_or_missing_is_told(typed: str, told: str) -> None:
    assert FOUR.read((), typed) is None
    assert words.quiz.unread(FOUR, typed) == f"{told} Type each of A, B, C, D once, in order."


@pytest.mark.parametrize("typed", ["", "  ", "??", "the first one is the largest", "what is momentum"])
def test_what_is_no_order_is_not_told_letter_by_letter(typed: str) -> None:
    assert FOUR.read((), typed) is None
    assert not FOUR.unread(typed)
    assert words.quiz.unread(FOUR, typed) == "Type the letters in order, each once."


@given(st.text(max_size=40))
def test_reading_an_order_never_raises(typed: str) -> None:
    answer, wrong = FOUR.read((), typed), FOUR.unread(typed)
    assert answer is None or sorted(answer.text) == list("ABCD")
    assert answer or set(wrong) <= {"letters", "unknown", "twice", "missing"}


@given(COUNTS, st.data())
def test_right_pairs_less_wrong_ones_make_the_points(count: int, data: st.DataObject) -> None:
    right = data.draw(st.permutations(range(count)).map(tuple))
    given_ = data.draw(st.permutations(range(count)).map(tuple))
    question, answer = by_fact(count, right), Answer(text=lettered(given_))
    signs = [
        1 if given_.index(a) < given_.index(b) else -1 for i, a in enumerate(right) for b in right[i + 1 :]
    ]  # reckoned apart: each pair earns or costs the same
    earned = question.mark(answer)
    assert earned == pytest.approx(max(0, sum(signs) / len(signs)))
    assert question.mark(Answer(text=lettered(right))) == 1
    assert question.mark(Answer(text=lettered(right[::-1]))) == 0
    assert by_fact(count, given_).mark(Answer(text=lettered(right))) == earned  # it makes no difference which is right
    assert pairs_right(Key(order=right), given_)[0] + pairs_right(Key(order=right), given_[::-1])[0] == len(signs)


@pytest.mark.parametrize(("count", "average"), [(3, 0.2778), (4, 0.1944), (5, 0.1633)])
def test_a_guess_earns_as_little_as_the_guide_says(count: int, average: float) -> None:
    """Before it is cut at 0 a guess earns nothing on average; after it less than a guess among four options."""
    question, guesses = by_fact(count), [*permutations(range(count))]
    key = Key(order=question.right)
    uncut = [2 * pairs_right(key, guess)[0] / pairs_right(key, guess)[1] - 1 for guess in guesses]
    assert sum(uncut) == pytest.approx(0)
    marks = [question.mark(Answer(text=lettered(guess))) or 0.0 for guess in guesses]
    assert sum(marks) / len(marks) == pytest.approx(average, abs=1e-4)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_typing_what_is_shown_gains_nothing_over_a_guess(count: int) -> None:
    """Neither the right order nor its reverse is shown, so what is shown is no hint: it earns less than a guess."""
    letters = lettered(tuple(range(count)))
    rights = [one for one in permutations(range(count)) if one not in {(*range(count),), (*reversed(range(count)),)}]
    shown = [by_fact(count, right).mark(Answer(text=letters)) or 0.0 for right in rights]
    guesses = [by_fact(count).mark(Answer(text=lettered(one))) or 0.0 for one in permutations(range(count))]
    assert sum(shown) / len(shown) < sum(guesses) / len(guesses)


@given(COUNTS, st.integers(0, 2**32).map(str))
def test_neither_the_right_order_nor_its_reverse_is_shown(count: int, seed: str) -> None:
    question = OrderQuestion(id="q", kind="order", ask="?", explain=".", items=tuple(map(str, range(count))))  # type: ignore[arg-type]
    drawn = DrawnOrder.draw("t", question, Chance(seed))
    shown = [int(option.text) for option in drawn.options]
    assert sorted(shown) == [*range(count)]
    assert shown not in ([*range(count)], [*reversed(range(count))])
    assert [shown[place] for place in drawn.right] == [*range(count)]
    assert [drawn.mark(Answer(text=text)) for _, text in drawn.samples()] == [1]


def test_every_other_order_is_shown() -> None:
    question = OrderQuestion(id="q", kind="order", ask="?", explain=".", items=("0", "1", "2", "3"))  # type: ignore[arg-type]
    drawn = [DrawnOrder.draw("t", question, Chance(str(seed))) for seed in range(400)]
    assert len({tuple(option.text for option in one.options) for one in drawn}) == 22


@pytest.mark.parametrize(("most", "right"), [("first", "CAB"), ("last", "BAC")])
def test_a_run_says_what_is_right(most: str, right: str) -> None:
    question, runs = measured(2.0, 1.0, 3.0, most=most)
    key = question.find_key(runs)
    assert key is not None and lettered(key.order) == right and key.numbers == (2.0, 1.0, 3.0)
    assert question.mark(Answer(text=right), runs) == 1
    assert question.mark(Answer(text=right)) is None
    assert question.mark(Answer(text=right[::-1]), runs) == 0


def test_a_number_that_is_not_finite_leaves_no_order() -> None:
    question, runs = measured(2.0, 1.0, 3.0)
    assert question.find_key([{**runs[0], "m1": None}]) is None
    assert question.find_key([{**runs[0], "m1": float("inf")}]) is None
    assert question.find_key([]) is None


def test_items_that_are_measured_the_same_may_stand_in_either_order() -> None:
    question, runs = measured(3.0, 1.0, 1.005, 0.0)
    assert [question.mark(Answer(text=text), runs) for text in ("ABCD", "ACBD", "BACD", "DBCA")] == [
        1, 1, pytest.approx(3 / 5), 0,
    ]  # fmt: skip
    key = question.find_key(runs)
    assert key and "either may come first" in words.kinds.of(question).key_line(question, key)
    alike, runs = measured(1.0, 1.0, 1.0)
    assert {alike.mark(Answer(text=lettered(one)), runs) for one in permutations(range(3))} == {1.0}


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=5))
def test_whatever_is_measured_its_own_order_is_right(numbers: list[float]) -> None:
    question, runs = measured(*numbers, most="last")
    key = question.find_key(runs)
    assert key and [numbers[place] for place in key.order] == sorted(numbers)
    assert question.mark(Answer(text=lettered(key.order)), runs) == 1
    assert question.find_key(runs) == key


def test_the_key_shows_the_items_with_what_was_measured() -> None:
    question, runs = measured(2.0, 1.0, 3.0)
    key = question.find_key(runs)
    assert key
    assert words.kinds.of(question).key_line(question, key) == (
        "Right order: **CAB**\n1. **C.** m2 (3)\n2. **A.** m0 (2)\n3. **B.** m1 (1)"
    )


def test_a_hint_of_the_form_is_never_the_right_order() -> None:
    assert words.kinds.of(FOUR).hint(FOUR).endswith("such as ABCD")
    assert places("ABCD") not in (FOUR.right, FOUR.right[::-1])


@pytest.mark.slow
def test_runs_give_the_order_in_which_the_file_lists_the_items() -> None:
    """Else what is shown could be the right order: only that of the file and its reverse are kept from being shown."""
    for topic in shipped().topics:
        for question in topic.questions:
            if isinstance(question, OrderQuestion) and question.most:
                for seed in range(3):
                    drawn = DrawnOrder.draw(topic.id, question, Chance(str(seed)))
                    key = drawn.find_key([_metrics(run, seed) for run in drawn.runs])
                    assert key, question.id
                    assert [drawn.options[place].text for place in key.order] == _of_file(question), question.id


def _metrics(run: QuestionRun, seed: int) -> dict[str, float | None]:
    experiment = find(run.experiment)
    measured = experiment.run(read(experiment.parameters, dict(run.settings)), seed).metrics
    return {name: float(value) for name, value in measured.items()}


def _of_file(question: OrderQuestion) -> list[str]:
    return [item.text for item in question.items]
