"""What a topic's quiz questions must keep to beyond their form."""

import string
from collections.abc import Iterator, Mapping
from typing import Any

from bot.curriculum.checks import Catalogue
from bot.curriculum.document import Document, Location
from bot.curriculum.model import Topic
from bot.curriculum.questions import ChoiceQuestion, MultiQuestion, OpenQuestion, PredictQuestion, Question, Setting
from bot.errors import Fault
from bot.text.normalise import folded

Found = Iterator[tuple[Location, str]]


def within(topic: Topic, document: Document, catalogue: Catalogue | None) -> Iterator[Fault]:
    """The faults of a topic's questions; without a catalogue experiments are taken on trust."""
    known = None if catalogue is None else {str(one["experiment"]): one for one in catalogue}
    ids = [question.id for question in topic.questions]
    for i, question in enumerate(topic.questions):
        found = [*_named(topic, question, ids[:i]), *_of_kind(topic, question)]
        if known is not None:
            found += [*_known(question, known), *_measurable(question, known)]
        yield from (document.fault(("questions", i, *key), rule) for key, rule in found)


def _named(topic: Topic, question: Question, earlier: list[str]) -> Found:
    if question.id in earlier:
        yield ("id",), f"{question.id!r} is the id of an earlier question too"
    if question.part and not topic.part(question.part):
        yield ("part",), f"{question.part!r} is not the id of a part of this topic"


def _of_kind(topic: Topic, question: Question) -> Found:
    if isinstance(question, ChoiceQuestion | MultiQuestion):
        yield from _options(question)
    if isinstance(question, OpenQuestion):
        yield from _gradable(topic, question)
    if isinstance(question, PredictQuestion):
        yield from _prediction(question)


def _gradable(topic: Topic, question: OpenQuestion) -> Found:
    if topic.key_points is None:
        yield ("kind",), "an open question is graded against key_points, and this topic has none"
        return
    earning = {point.id for point in topic.key_points.points if not point.disputed}
    for i, point in enumerate(question.points):
        if point not in earning:
            yield ("points", i), f"{point!r} is not the id of a key point that earns something"
    most = len(set(question.points) or earning)
    if question.full_marks and question.full_marks > most:
        yield ("full_marks",), f"is more than the {most} points that count: nobody could have full marks"


def _options(question: ChoiceQuestion | MultiQuestion) -> Found:
    seen: set[str] = set()
    texts: list[tuple[Location, str]] = [(("right", i), text) for i, text in enumerate(question.right)]
    texts += [(("wrong", i, "text"), wrong.text) for i, wrong in enumerate(question.wrong)]
    for location, text in texts:
        if folded(text) in seen:
            yield location, "says the same as an earlier option"
        seen.add(folded(text))
    for i, wrong in enumerate(question.wrong):
        if not wrong.experiment and not wrong.claim:
            yield ("wrong", i), "names no experiment and no claim that refutes it"


def _prediction(question: PredictQuestion) -> Found:
    if question.cap and question.cap not in question.settings:
        yield ("cap",), f"{question.cap!r} is not one of the settings"
    if len(question.cases) == 1:
        yield ("cases",), "needs at least two cases to compare"
    try:
        fields = [
            (name, form or conversion)
            for text in (question.ask, *(case.text for case in question.cases))
            for _, name, form, conversion in string.Formatter().parse(text)
            if name is not None
        ]
    except ValueError:
        yield ("ask",), "has a brace that does not close; write {name} for a setting"
        return
    named = {name for name, _ in fields}
    for name in sorted(name for name, form in fields if form):
        yield ("ask",), f"writes more than the name of a setting between braces: {name}"
    for name in sorted(named - set(question.settings)):
        yield ("ask",), f"names {{{name}}}, which is not one of the settings"
    for name, values in question.settings.items():
        if len(values) > 1 and name not in named:
            yield ("settings", name), "takes several values, so the question must name it"


def _known(question: Question, known: Mapping[str, Any]) -> Found:
    named: list[tuple[Location, str | None]] = [(("experiment",), question.experiment)]
    if isinstance(question, ChoiceQuestion | MultiQuestion):
        named += [(("wrong", i, "experiment"), wrong.experiment) for i, wrong in enumerate(question.wrong)]
    for location, name in named:
        if name and name not in known:
            yield location, f"there is no experiment {name!r}"


def _measurable(question: Question, known: Mapping[str, Mapping[str, Any]]) -> Found:
    if not isinstance(question, PredictQuestion) or question.experiment not in known:
        return
    experiment = known[question.experiment]
    metrics = experiment["metrics"]
    for location, metric in _metrics(question):
        if metric not in metrics:
            yield location, f"{metric!r} is not a metric of {question.experiment}"
        elif isinstance(metrics, Mapping) and (stops := metrics[metric].get("cap")) != question.cap:
            yield ("cap",), f"{metric} stops at {stops}: write `cap: {stops}`" if stops else f"{metric} has no cap"
    for location, values in _settings(question):
        parameter = experiment["parameters"].get(location[-1])
        if parameter is None:
            yield location, f"is not a parameter of {question.experiment}"
        elif not all(_accepted(value, parameter) for value in values):
            yield location, f"takes a value that {question.experiment} does not accept"


def _metrics(question: PredictQuestion) -> Found:
    yield ("metric",), question.metric
    yield from ((("cases", i, "metric"), case.metric) for i, case in enumerate(question.cases) if case.metric)


def _settings(question: PredictQuestion) -> Iterator[tuple[Location, tuple[Setting, ...]]]:
    yield from ((("settings", name), values) for name, values in question.settings.items())
    for i, case in enumerate(question.cases):
        yield from ((("cases", i, "settings", name), (value,)) for name, value in case.settings.items())


def _accepted(value: Setting, parameter: Mapping[str, Any]) -> bool:
    if "choices" in parameter:
        return value in parameter["choices"]
    if not isinstance(value, float) or (parameter.get("type") == "int" and not value.is_integer()):
        return False
    return bool(parameter["min"] <= value <= parameter["max"])
