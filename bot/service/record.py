"""What was found of the claims when they were last checked, so that a ledger can show numbers before it runs anything.

The file is what `python -m bot check --json` prints; it stands beside the topics:

    python -m bot check --json --seeds 20 > knowledge/_measured.jsonl
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.model import Curriculum
from bot.service.evidence import Held, Spread, Tried

FILE = "_measured.jsonl"


def read(path: Path, curriculum: Curriculum) -> dict[str, Tried]:
    """The findings by claim. What is missing, malformed or about criteria that have changed since is left out."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    claims = {claim.id: (topic.id, claim) for topic in curriculum.topics for claim in topic.claims}
    return {tried.claim.id: tried for line in lines for tried in _tried(line, claims)}


def _tried(line: str, claims: Mapping[str, tuple[str, Claim]]) -> Iterator[Tried]:
    try:
        found = json.loads(line)
        topic, claim = claims[found["claim"]]
        criteria = tuple(_held(c, one) for c, one in zip(claim.criteria, found["criteria"], strict=True))
        if claim.verdict == found["verdict"]:
            yield Tried(claim, topic, criteria)
    except (ValueError, KeyError, TypeError, RecursionError):
        return


def _held(criterion: Criterion, found: Mapping[str, Any]) -> Held:
    """Raises ValueError where the finding is about another criterion."""
    named = {line.metric for line in criterion.holds}
    measured = {name: Spread(**spread) if spread else None for name, spread in found["measured"].items()}
    if found["experiment"] != criterion.experiment or not named <= set(measured):
        raise ValueError
    return Held(criterion, int(found["held"]), int(found["seeds"]), measured)
