"""A claim of a reference answer, the verdict on it, and the criteria by which experiments earn that verdict.

    claims:
      - id: momentum.slow-convergence
        says: can lead to slow convergence
        verdict: supported
        sources: ['Polyak (1964), Some methods of speeding up the convergence of iteration methods']
        criteria:
          - experiment: momentum
            settings: {kappa: 50}
            holds:
              - b0.99999_steps > 1 * steps
              - b0.9_steps < 300

The first line of the first criterion is the one that decides; its number is what people are shown.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.curriculum.criteria import Comparison, parse
from bot.curriculum.value import Text, Value

Verdict = Literal["supported", "depends", "contradicted", "untested"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

# What a verdict has to be followed by.
QUALIFIED_BY: Mapping[str, str] = {"depends": "condition", "contradicted": "instead", "untested": "reason"}


def _named(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[a-z0-9-]{1,32}\.[a-z0-9]+(-[a-z0-9]+)*", value):
        raise PydanticCustomError(
            "claim_id", "must be the topic's id, a dot, and a few words in lower case, such as dropout.slows-training"
        )
    return value


def _comparison(value: Any) -> Comparison:
    try:
        return parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PydanticCustomError("criterion", "{rule}", {"rule": str(error)}) from None


# It travels in custom ids of buttons (at most 100 characters), and names the claim in `check`.
ClaimId = Annotated[str, StringConstraints(max_length=65), BeforeValidator(_named)]


class Criterion(Value):
    """What must be true of one run of an experiment. `settings` differ from its defaults; every line must hold."""

    experiment: Text
    holds: Annotated[tuple[Annotated[Comparison, BeforeValidator(_comparison)], ...], Field(min_length=1)]
    settings: Mapping[Text, Text] = Field(default_factory=dict)


class Claim(Value):
    """Something that a reference answer says (`says`, its own words), and what the experiments say to it.

    `condition` goes with the verdict depends, `instead` (what is true) with contradicted, `reason` with untested;
    `note` is for anything else a reader should know.
    """

    id: ClaimId
    says: Text
    verdict: Verdict
    ref: Text | None = None
    condition: Text | None = None
    instead: Text | None = None
    reason: Text | None = None
    note: Text | None = None
    sources: tuple[Text, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @property
    def qualification(self) -> str | None:
        """The words that the verdict is not to be shown without."""
        return self.condition or self.instead or self.reason

    @property
    def deciding(self) -> tuple[Criterion, Comparison] | None:
        """The line that decides, and the criterion it stands in; None for an untested claim."""
        return (self.criteria[0], self.criteria[0].holds[0]) if self.criteria else None
