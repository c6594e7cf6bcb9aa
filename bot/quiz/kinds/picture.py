"""A plot of an experiment without its legend: which curve is it, which setting made it, what is seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from bot.curriculum.beliefs import Belief, Misconception
from bot.curriculum.document import Id, Text
from bot.curriculum.model import Experiments, Found, Setting, Topic
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import (
    SHOWN,
    Block,
    BlockType,
    DrawnOneRight,
    Option,
    OptionText,
    PictureOfRun,
    PoolQuestion,
    QuestionRun,
    Wrong,
    shared_by_all,
)
from bot.quiz.kinds.predict import accepted, as_number, whole

MOST_CURVES = 5  # as many dash patterns as can be told apart without colour


class PictureQuestion(PoolQuestion):
    """With `curve` the curves are the options; else `right` are ways to say the right option, of which one is shown."""

    has_picture: ClassVar[bool] = True
    kind: Literal["picture"]
    experiment: Id  # what is drawn
    settings: Mapping[Text, Annotated[Setting, BeforeValidator(as_number)]] = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0)] = 0
    panel: Annotated[int, Field(ge=0)] = 0  # which of its panels, counted from 0
    # The labels of the curves that are shown, as the experiment writes them; none: all lines of the panel.
    curves: Annotated[tuple[Text, ...], Field(max_length=MOST_CURVES)] = ()
    curve: Text | None = None  # the label of the one that is asked for
    misconceptions: Mapping[Text, Misconception] = Field(default_factory=dict)  # what whoever picks that curve believes
    right: tuple[OptionText, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def mistakes(self) -> frozenset[str]:
        """Those of its wrong options or curves."""
        return super().mistakes | frozenset(self.misconceptions.values())

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """Those of its wrong options or curves."""
        yield from super().beliefs(topic)
        for label in self.curves if self.curve else ():
            if label != self.curve:
                yield self.believed(label, self.misconceptions.get(label))

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """It asks for one of two things, a curve or an option, and the experiment takes the settings."""
        yield from super().broken_rules(topic, experiments)
        if self.curve is None:
            if not self.right or len(self.wrong) < SHOWN - 1:
                yield ("kind",), f"needs `curve`, or `right` and at least {SHOWN - 1} `wrong` options"
        else:
            yield from self._curves_fit(self.curve)
        if experiments and self.experiment in experiments:
            parameters = experiments[self.experiment]["parameters"]
            for name, value in self.settings.items():
                if name not in parameters:
                    yield ("settings", name), f"is not a parameter of {self.experiment}"
                elif not accepted(value, parameters[name]):
                    yield ("settings", name), f"takes a value that {self.experiment} does not accept"

    def _curves_fit(self, curve: str) -> Iterator[tuple[tuple[str, ...], str]]:
        if self.right or self.wrong:
            yield ("curve",), "stands beside `right` or `wrong`: it asks for a curve, or for something else"
        if len(set(self.curves)) < max(2, len(self.curves)):
            yield ("curves",), "needs two curves or more, each once"
        if curve not in self.curves:
            yield ("curve",), f"{curve!r} is not one of `curves`"
        for label in self.misconceptions:
            if label not in self.curves or label == curve:
                yield ("misconceptions",), f"{label!r} is not one of the wrong curves"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPicture(DrawnOneRight):
    """The picture as it is to be drawn, and what can be picked: its curves, by their letters, or what is said of it."""

    kind: ClassVar[str] = "picture"
    schema: ClassVar[type[PictureQuestion]] = PictureQuestion

    @classmethod
    def draw(cls, topic: str, question: PictureQuestion, chance: Chance) -> Self:
        """The curves in an order of chance; else one of the right options and three of the wrong ones."""
        if question.curve is None:
            return replace(cls.among_wrong(topic, question, chance), blocks=(_block(question, question.curves),))
        curves = tuple(chance.shuffled(question.curves, "curves", str))
        options = [Option(one, one == question.curve, question.misconceptions.get(one, "")) for one in curves]
        blocks = (_block(question, curves),)
        return cls(**shared_by_all(topic, question), options=tuple(options), blocks=blocks, lettered=True)


def _block(question: PictureQuestion, curves: tuple[str, ...]) -> Block:
    """The picture, not drawn yet."""
    settings = {name: whole(value) for name, value in question.settings.items()}
    run = QuestionRun(question.experiment, settings)
    return Block(BlockType.PICTURE, "", PictureOfRun(run, question.seed, question.panel, curves))
