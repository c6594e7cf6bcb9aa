"""What a fair tutor looks for in an open answer: the points, how each may be said, and what is wrong to say."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.curriculum.value import Text, Value

PointId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=32)]
Sayings = Annotated[tuple[Text, ...], Field(min_length=1)]


class KeyPoint(Value):
    """One point. A disputed one stands in the reference answer, but the experiments contradict it: it earns and
    costs nothing, and `why` is told."""

    id: PointId
    point: Text
    say: Sayings
    disputed: bool = False
    why: Text | None = None


class Mistake(Value):
    """A wrong statement: named in the feedback with `why`, and no longer possible beside the point it is `against`.

    A `thesis` turns the whole answer round (yes where it is no), so that nothing in it can count.
    """

    say: Sayings
    why: Text
    against: PointId | None = None
    thesis: bool = False


class KeyPoints(Value):
    """How open answers to a topic are graded.

    `words` are groups of words that say the same, used by name in the sayings. `subjects` are the things that an
    answer may speak of; `about` is the one meant where it names none. Each sentence returns to it, unless
    `last_named_stays`. `not_subjects` are phrases that name a subject without speaking of it.
    """

    full_marks: Annotated[int, Field(ge=1)]
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=1)]
    mistakes: tuple[Mistake, ...] = ()
    words: Mapping[Text, Sayings] = Field(default_factory=dict)
    subjects: Mapping[Text, Sayings] = Field(default_factory=dict)
    about: Text | None = None
    last_named_stays: bool = False
    not_subjects: tuple[Text, ...] = ()

    def point(self, point_id: str) -> KeyPoint | None:
        """The point with that id, if there is one."""
        return next((point for point in self.points if point.id == point_id), None)
