"""What every part of a topic's schema is made of: a frozen value that forbids unknown keys, and its texts and ids."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[Text, StringConstraints(max_length=45)]
# Ids travel in custom ids of buttons (at most 100 characters), so they are short and plain.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=32)]


class Value(BaseModel):
    """A part of the schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")
