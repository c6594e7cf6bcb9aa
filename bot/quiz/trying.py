"""The experiment that shows why: what "Try it" runs below a question that has closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.curriculum.questions import Setting
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.posed import Posed
from bot.quiz.kinds.predict import Run


@dataclass(frozen=True, slots=True)
class Trial:
    """A run, and the one setting that a second run beside it changes, if there is one."""

    run: Run
    seed: int = 0
    compared: Mapping[str, Setting] = field(default_factory=dict)


def trial(posed: Posed, misled: Sequence[Option] = (), seed: int | None = None) -> Trial | None:
    """What decided a prediction, on the same `seed`; else what refutes the first of the wrong options that were
    picked, else what the question itself names."""
    if posed.runs:
        first, *others = posed.runs
        return Trial(first, seed or 0, _changed(first, others[0]) if len(others) == 1 else {})
    named = next((option.experiment for option in misled if option.experiment), posed.experiment)
    return Trial(Run(named, {})) if named else None


def _changed(first: Run, other: Run) -> Mapping[str, Setting]:
    """The one setting in which the other run differs; nothing where it is not one."""
    changed = {name: value for name, value in other.settings.items() if first.settings.get(name) != value}
    return changed if len(changed) == 1 and first.settings.keys() <= other.settings.keys() else {}
