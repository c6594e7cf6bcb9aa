"""A claim of a reference answer, the verdict on it, and the criteria by which experiments earn that verdict.

The first line of the first criterion is the one that decides; its number is what people are shown.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.curriculum.criteria import Comparison, parse
from bot.curriculum.value import Text, Value

Verdict = Literal["supported", "depends", "contradicted", "untested"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

# <topic>.<words>: it travels in custom ids of buttons, and names the claim in `check`.
ClaimId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}\.[a-z0-9]+(-[a-z0-9]+)*$", max_length=65)]

# What a verdict has to be followed by.
QUALIFIED_BY: Mapping[str, str] = {"depends": "condition", "contradicted": "instead", "untested": "reason"}


def _comparison(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse(value)
    except ValueError as error:
        raise PydanticCustomError("criterion", "{rule}", {"rule": str(error)}) from None


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
