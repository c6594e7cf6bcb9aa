"""The same questions singly: private, unscored, with feedback at once. Nothing is kept between question and answer."""

from dataclasses import dataclass

from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.marking import Given, Picked, points
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.posed import Posed
from bot.quiz.kinds.predict import Metrics
from bot.quiz.reveals import Key, keyed
from bot.quiz.trying import Trial, trial


@dataclass(frozen=True, slots=True)
class Feedback:
    """`misled` are the wrong options that were picked, `missed` the right ones that were not. `points` are from 0 to 1,
    told but not counted; None where the experiment gave no number. `seed` is that of its runs."""

    posed: Posed
    given: Given
    key: Key
    points: float | None
    misled: tuple[Option, ...] = ()
    missed: tuple[Option, ...] = ()
    grade: Grade | None = None
    seed: int | None = None

    @property
    def trial(self) -> Trial | None:
        """The experiment to try."""
        return trial(self.posed, self.misled, self.seed)


def feedback(
    posed: Posed,
    given: Given,
    metrics: tuple[Metrics, ...] = (),
    grade: Grade | None = None,
    seed: int | None = None,
) -> Feedback:
    """What to say to an answer; `metrics` are those of the question's runs, `grade` is that of a written answer,
    read as `kinds.open.to_grade` gives it."""
    key = keyed(posed.form, metrics)
    picks = given.picks if isinstance(given, Picked) else ()
    judged = key.options if picks else ()
    misled = tuple(posed.options[i] for i in picks if judged and i not in judged)
    alternatives = isinstance(posed.form, Compare)  # any one of several right cases is enough
    missed = (
        () if alternatives and set(picks) & set(judged) else tuple(posed.options[i] for i in judged if i not in picks)
    )
    return Feedback(posed, given, key, points(posed.form, given, metrics, grade), misled, missed, grade, seed)
