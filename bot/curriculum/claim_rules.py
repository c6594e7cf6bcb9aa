"""What the claims of a topic must keep to beyond their form.

The catalogue of experiments comes as a plain value: a list of objects with `experiment`, `parameters` (name to an
object with `min` and `max`, or `choices`) and `metrics` (by name).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bot.curriculum.claims import QUALIFIED_BY, Claim, Criterion
from bot.curriculum.document import Document, Location
from bot.curriculum.model import Topic
from bot.curriculum.quoting import stands_in
from bot.errors import Fault

Catalogue = Sequence[Mapping[str, Any]]


def within(topic: Topic, document: Document, catalogue: Catalogue | None) -> Iterator[Fault]:
    """The faults of a topic's claims; without a catalogue the criteria are checked in their form only."""
    known = None if catalogue is None else {str(one["experiment"]): one for one in catalogue}
    first: dict[str, int] = {}
    for i, claim in enumerate(topic.claims):
        here: Location = ("claims", i)
        rules = [*_named(topic, claim), *_quoted(topic, claim), *_qualified(claim), *_weighed(claim)]
        yield from (document.fault((*here, key), rule) for key, rule in rules)
        if first.setdefault(claim.id, i) != i:
            yield document.fault((*here, "id"), f"{claim.id!r} is the id of an earlier claim too")
        if known is not None:
            yield from _measurable(claim, here, document, known)


def _named(topic: Topic, claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.id.partition(".")[0] != topic.id:
        yield "id", f"must begin with the topic's id: {topic.id}."


def _quoted(topic: Topic, claim: Claim) -> Iterator[tuple[str, str]]:
    if not stands_in(claim.says, topic.answer):
        yield "says", "does not stand in the answer word for word"


def _qualified(claim: Claim) -> Iterator[tuple[str, str]]:
    for verdict, key in QUALIFIED_BY.items():
        if claim.verdict == verdict and not getattr(claim, key):
            yield key, f"is required where the verdict is {verdict}"
        if claim.verdict != verdict and getattr(claim, key):
            yield key, f"belongs to the verdict {verdict} only"


def _weighed(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.verdict == "untested" and claim.criteria:
        yield "criteria", "an untested claim has none; which verdict do they earn?"
    if claim.verdict != "untested" and not claim.criteria:
        yield "criteria", f"is required where the verdict is {claim.verdict}: an experiment has to earn it"


def _measurable(
    claim: Claim, here: Location, document: Document, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    for i, criterion in enumerate(claim.criteria):
        at = (*here, "criteria", i)
        experiment = known.get(criterion.experiment)
        if experiment is None:
            rule = f"there is no experiment of that name{_hint(criterion.experiment, known)}"
            yield document.fault((*at, "experiment"), rule)
        else:
            found = [*_settings(criterion, experiment["parameters"]), *_names(criterion, experiment)]
            yield from (document.fault((*at, *key), rule) for key, rule in found)


def _settings(criterion: Criterion, parameters: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    for name, value in criterion.settings.items():
        if name not in parameters:
            yield ("settings", name), f"is not a parameter of {criterion.experiment}{_hint(name, parameters)}"
        elif rule := _out_of_range(value, parameters[name]):
            yield ("settings", name), rule


def _out_of_range(value: str, parameter: Mapping[str, Any]) -> str | None:
    if "choices" in parameter:
        return None if value in parameter["choices"] else f"must be one of {', '.join(parameter['choices'])}"
    whole = parameter.get("type") == "int"
    if re.fullmatch(r"[+-]?[0-9]{1,18}" if whole else r"[+-]?[0-9.]{1,40}(e[+-]?[0-9]{1,3})?", value):
        try:
            if parameter["min"] <= float(value) <= parameter["max"]:
                return None
        except ValueError:  # "1.2.3"
            pass
    kind = "whole number" if whole else "number"
    return f"must be a {kind} from {parameter['min']} to {parameter['max']}"


def _names(criterion: Criterion, experiment: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    metrics = list(experiment["metrics"])
    numbers = [name for name, parameter in experiment["parameters"].items() if "choices" not in parameter]
    for i, line in enumerate(criterion.holds):
        if line.metric not in metrics:
            rule = f"{line.metric!r} is not a metric of {criterion.experiment}{_hint(line.metric, metrics)}"
            yield ("holds", i), rule
        if line.factor and line.factor not in {*metrics, *numbers}:
            rule = f"{line.factor!r} is not a metric or number parameter of {criterion.experiment}"
            yield ("holds", i), rule + _hint(line.factor, [*metrics, *numbers])


def _hint(name: str, names: Any) -> str:
    near = get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""
