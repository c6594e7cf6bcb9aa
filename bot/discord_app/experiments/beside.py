"""What stands beside a reference answer: what the experiments say to its claims, and buttons that lead to them."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.presses import Pick
from bot.matching.decision import Match
from bot.service.evidence import Tally
from bot.simulations.experiment import Experiment
from bot.simulations.experiments import experiments

MOST_TOPICS = 3


def texts(topic: Topic) -> list[str]:
    """After the answer, never inside it: where it is wrong, and how its claims stand."""
    wrong = [claim for claim in topic.claims if claim.verdict == "contradicted"]
    tested = words.laboratory.tested(Tally.of(topic.claims))
    return [*([words.laboratory.disagreement(wrong)] if wrong else []), *([f"-# {tested}"] if tested else [])]


def buttons(topics: Sequence[Topic], asker: int) -> list[ui.Button[Any]]:
    """ "Try it" for the experiments of these topics, and one button a topic that opens its ledger."""
    first = topics[:MOST_TOPICS]
    tried = [topic for topic in first if of_topic(topic)]
    found = [button(words.laboratory.TRY_IT, LabPress("try", asker, "+".join(map(digest, tried))))] if tried else []
    for topic in (one for one in first if one.claims):
        label = words.laboratory.CLAIMS if len(topics) == 1 else words.laboratory.claims_of(topic)
        found.append(button(label, LabPress("claims", asker, digest(topic))))
    return found


def of_topic(topic: Topic) -> list[Experiment]:
    """Its experiments."""
    return [one for one in experiments() if one.topic == topic.id]


def digest(topic: Topic) -> str:
    """The topic as a custom id carries it."""
    return custom_ids.pick(Match(topic.id, 1.0)).topic


def meant(curriculum: Curriculum, digests: str) -> list[Topic]:
    """The topics that a custom id means, as far as they are still taught."""
    found = [custom_ids.found(curriculum, Pick(one)) for one in digests.split("+")]
    return [topic for match in found if match and (topic := curriculum.topic(match.topic))]
