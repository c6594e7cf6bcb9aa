"""A question as it is put to people: drawn, whole in itself, and the same after a restart with other files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from bot.curriculum.model import Topic
from bot.curriculum.questions import ChoiceQuestion, MultiQuestion, OpenQuestion, PredictQuestion, Question, Setting
from bot.quiz.chance import Chance
from bot.quiz.kinds import choice, compare, multi, open, predict  # noqa: A004 - the kind's name
from bot.quiz.kinds.choice import Choice
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.option import Option
from bot.quiz.kinds.predict import Predict, Run

Form = Annotated[Choice | Multi | Open | Predict | Compare, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Posed:
    """`key` is topic/question. `experiment` is what "Try it" shows, `claim` the number of the claim behind it."""

    key: str
    topic: str
    ask: str
    explain: str
    form: Form
    part: str = ""
    experiment: str = ""
    claim: str = ""

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be picked; none where something is to be written."""
        return self.form.options if isinstance(self.form, Choice | Multi | Compare) else ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """What has to be run for the key; none where the key is known."""
        if isinstance(self.form, Predict):
            return (self.form.run,)
        return self.form.runs if isinstance(self.form, Compare) else ()

    @property
    def experiments(self) -> frozenset[str]:
        """Every experiment that would give the answer away."""
        named = {self.experiment, *(run.experiment for run in self.runs), *(o.experiment for o in self.options)}
        return frozenset(named - {""})


def key_of(topic: Topic, question: Question) -> str:
    """What a question is called across topics."""
    return f"{topic.id}/{question.id}"


def composed(topic: Topic, question: Question, chance: Chance) -> Posed:
    """Draws what a question leaves to chance. The same chance draws the same."""
    chance = chance.about(question.id)
    settings = predict.drawn_settings(question, chance) if isinstance(question, PredictQuestion) else {}
    return Posed(
        key_of(topic, question),
        topic.id,
        question.ask.format(**predict.shown(settings)) if settings else question.ask,
        question.explain,
        _form(question, settings, chance),
        question.part or "",
        question.experiment or "",
        question.claim or "",
    )


def _form(question: Question, settings: Mapping[str, Setting], chance: Chance) -> Form:
    match question:
        case ChoiceQuestion():
            return choice.composed(question, chance)
        case MultiQuestion():
            return multi.composed(question, chance)
        case OpenQuestion():
            return open.composed(question)
        case PredictQuestion(cases=()):
            return predict.composed(question, settings)
        case PredictQuestion():
            return compare.composed(question, settings, chance)
        case _:
            assert_never(question)
