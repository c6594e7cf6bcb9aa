"""Every "Try it" that ships, of questions and of `Understand it`, shows what is said beside it: each run once."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from bot.curriculum.claims import Comparison
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import QuestionRun, RunToTry
from bot.service.laboratory import tried
from bot.simulations.experiment import read
from bot.simulations.experiments import find
from tests.matching.worlds import shipped

QUICK = {  # experiments that run in a few hundredths of a second at their defaults
    "activations", "bias-role", "born-dead", "init-mean", "logistic-hidden", "logistic-output", "momentum",
    "momentum-noise", "momentum-valley", "relu-revive", "rnn-tanh",
}  # fmt: skip
Run = tuple[str, tuple[tuple[str, str], ...], int]


def _wanted() -> Iterator[tuple[str, RunToTry, tuple[Comparison, ...]]]:
    for topic in shipped().topics:
        if topic.understanding:
            own = topic.understanding.attempt
            yield topic.id, RunToTry(QuestionRun(own.experiment, dict(own.settings)), own.seed), own.shows
        for question in topic.questions:
            if question.trial:
                drawn = Kinds().draw(topic, question, Chance("try"))
                assert drawn.to_try, drawn.key
                yield drawn.key, drawn.to_try, question.trial.shows


def _runs() -> Iterator[object]:
    lines: dict[Run, list[tuple[str, Comparison]]] = defaultdict(list)
    for key, to_try, shows in _wanted():
        settings = tuple(sorted((name, str(value)) for name, value in to_try.run.settings.items()))
        lines[to_try.run.experiment, settings, to_try.seed] += [(key, line) for line in shows]
    for run, held in lines.items():
        marks = () if run[0] in QUICK else (pytest.mark.slow,)
        yield pytest.param(run, held, id=" ".join([run[0], *map("=".join, run[1]), f"seed={run[2]}"]), marks=marks)


@pytest.mark.parametrize(("run", "lines"), list(_runs()))
def test_a_try_shows_what_the_explanation_says(run: Run, lines: list[tuple[str, Comparison]]) -> None:
    name, settings, seed = run
    experiment = find(name)
    given = read(experiment.parameters, dict(settings))
    numbers = {key: value for key, value in given.plain().items() if isinstance(value, int | float)}
    values = {**numbers, **experiment.run(given, seed).metrics}
    assert not [f"{key}: {line}" for key, line in lines if not line.holds(values)]


def test_each_can_be_tried() -> None:
    assert not [key for key, to_try, _ in _wanted() if tried(to_try) is None]


def test_whatever_names_an_experiment_says_what_its_run_shows() -> None:
    asked = [(topic, question) for topic in shipped().topics for question in topic.questions]
    drawn = [(question, Kinds().draw(topic, question, Chance("try"))) for topic, question in asked]
    shows_itself = {one.key for _, one in drawn if one.runs or one.kind == "picture"}
    assert not [one.key for q, one in drawn if q.experiment and not q.trial and one.key not in shows_itself]
