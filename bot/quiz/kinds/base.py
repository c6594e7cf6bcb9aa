"""What all kinds of question have in common: the drawn question, the ways to ask it, answers, keys.

A kind is a class derived from `DrawnQuestion` (`Kind`): its instances are questions as they were drawn. Whoever asks,
marks, reveals or stores a question asks the question itself, and never which kind it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, StringConstraints, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from bot import formats
from bot.curriculum.beliefs import Belief, Misconception
from bot.curriculum.claims import ClaimRef
from bot.curriculum.document import Id, Location, Text, Value
from bot.curriculum.measurable import Try
from bot.curriculum.model import Experiments, Found, Question, Setting, Topic, unknown_experiment
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.text.normalise import folded

CONTEXT = "kinds"  # the key of the `Kinds` in the validation context, where stored questions are read
LETTERS = "ABCDEFGH"  # what options are called; a question has at most as many options
# Characters of an option, and of a question with its options: more would not be read on a phone while a clock runs.
MOST_OPTION, MOST_SHOWN = 200, 1500
SHOWN = 4  # options, where one is right; more would not be read while a clock runs
Metrics = Mapping[str, float | None]  # of one run, by name; what was not finite is None
Runs = Sequence[Metrics]  # of all runs of a question, in its order


class Way(Enum):
    """How a question is asked and answered: the closed set that every door can show."""

    BUTTONS = "buttons"  # one option is picked: a button a letter
    MENU = "menu"  # one option or several are picked in a menu
    TEXT = "text"  # a form with room for words
    NUMBER = "number"  # a form for one number

    @property
    def picks(self) -> bool:
        """Whether options are picked; else something is typed."""
        return self in {Way.BUTTONS, Way.MENU}


class BlockType(Enum):
    """What can stand between a question and its options."""

    CODE = "code"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Option:
    """What can be picked. Options keep the letters that they were drawn with, from question to reveal."""

    text: str
    right: bool = False  # False too where only a run will tell
    misconception: str = ""  # what whoever picks it believes; of wrong options
    experiment: str = ""  # what refutes it
    claim: str = ""  # likewise, by its number
    undrawn: str = ""  # as the file has it, where what was drawn stands in `text`: `bot.curriculum.beliefs.undrawn`

    @property
    def shows(self) -> str:
        """What whoever picks it believes, if it is wrong, as `Belief.says` has it."""
        return self.misconception or self.undrawn or self.text


@dataclass(frozen=True, slots=True)
class QuestionRun:
    """A run of an experiment; settings that are left out are at their defaults."""

    experiment: str
    settings: Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class PictureOfRun:
    """One panel of what a run draws, without title and legend: its curves are called A, B, C and so on."""

    run: QuestionRun
    seed: int
    panel: int = 0
    curves: tuple[str, ...] = ()  # their labels in the order of the letters; none: all lines, as the run draws them


@dataclass(frozen=True, slots=True)
class Block:
    """Something shown with a question: code, or a picture with the text that says what it shows."""

    type: BlockType
    text: str  # of a picture: empty until it has been drawn
    picture: PictureOfRun | None = None


@dataclass(frozen=True, slots=True)
class RunToTry:
    """What "Try it" runs below a question that has closed."""

    run: QuestionRun
    seed: int = 0
    compared: Mapping[str, Setting] = field(default_factory=dict)  # the one setting that a second run beside it changes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member gave in answer to a question, read and understood."""

    picks: tuple[int, ...] = ()  # the places of the options picked, counted from 0
    text: str = ""  # what was typed
    number: float | None = None  # the number that was read in it, where one is asked for
    unit: str = ""  # that it was read in, where the question wants one


@dataclass(frozen=True, slots=True)
class Key:
    """What is right, as far as that can be said in options and numbers; all empty for a question that is graded."""

    options: tuple[int, ...] = ()  # the places of the right options
    number: float | None = None  # what was measured, where that was to be predicted
    numbers: tuple[float, ...] = ()  # what was measured for each option
    order: tuple[int, ...] = ()  # the places of the options from first to last, where they are to be put in order


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnQuestion(ABC):
    """A question as it is put to people: whole in itself, and the same after a restart with other files."""

    kind: ClassVar[str]  # names it in what is stored, and names the module of its sentences
    listed_as: ClassVar[str] = ""  # the `kind` in files and commands, where that is another kind's: its variant
    variant_key: ClassVar[str] = ""  # of a variant: the key that tells its questions in the file apart
    schema: ClassVar[type[Question]]  # of its questions in the file
    way: ClassVar[Way]
    graded: ClassVar[bool] = False  # whether an answer is graded against the topic's key points
    appealable: ClassVar[bool] = False  # whether "I was right" makes sense: the marking may err
    brief: ClassVar[bool] = False  # whether an answer that is typed is a few characters: its form has a single line

    key: str  # topic/question: what it is called across topics
    topic: str
    ask: str
    explain: str
    part: str = ""
    experiment: str = ""  # what shows why
    to_try: RunToTry | None = None  # what its own `try` runs
    claim: str = ""  # the number of the claim behind it
    options: tuple[Option, ...] = ()  # in the order shown
    runs: tuple[QuestionRun, ...] = ()  # what has to be run to know the key
    blocks: tuple[Block, ...] = ()
    lettered: bool = False  # a block shows the options, by their letters: their texts are told at the close only

    @classmethod
    @abstractmethod
    def draw(cls, topic: str, question: Any, chance: Chance) -> Self:
        """Draw what a question (of `schema`) leaves to chance. The same chance draws the same."""

    @abstractmethod
    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """What an answer earns, from 0 to 1; None while the runs or the grade that it takes are not there."""

    @abstractmethod
    def find_key(self, runs: Runs = ()) -> Key | None:
        """The key, given what its runs measured; None where they are not there or gave no finite number."""

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        """What was given in answer: options picked, or a text typed. None where that is no answer to this question."""
        places = range(len(self.options))
        match self.way:
            case Way.BUTTONS:
                return Answer(picks) if len(picks) == 1 and picks[0] in places else None
            case Way.MENU:
                return Answer(tuple(sorted(set(picks)))) if picks and set(picks) <= set(places) else None
            case Way.TEXT:
                return Answer(text=text) if text.strip() else None
            case Way.NUMBER:
                number = formats.number_in(text)
                return None if number is None else Answer(text=text, number=number)

    def unread(self, text: str) -> Mapping[str, str]:
        """What is wrong with a text that `read` does not take: of what the words of the kind know, what it concerns.

        Empty where it does not look like an answer at all, or nothing more can be said.
        """
        return {}

    def samples(self) -> Sequence[tuple[tuple[int, ...], str]]:
        """What could come back, as picks and text, that `read` must take for an answer: at the start each question is
        tried with it, and one with options must have one that earns something.

        By default each option alone, of a menu all that are right together too, and of a form the text "1". A kind that
        reads more strictly gives its own.
        """
        if not self.way.picks:
            return [((), "1")]
        alone = [((i,), "") for i in range(len(self.options))]
        right = tuple(i for i, option in enumerate(self.options) if option.right)
        return [*alone, (right, "")] if self.way is Way.MENU and right else alone

    def alike(self, answer: Answer, other: Answer) -> bool:
        """Whether what a moderator accepted of one must be accepted of the other."""
        if self.way is Way.TEXT:
            return folded(answer.text) == folded(other.text)
        return (answer.picks, answer.number) == (other.picks, other.number)

    def misled(self, answer: Answer, key: Key) -> tuple[Option, ...]:
        """The wrong options that were picked: the misconceptions that the answer shows."""
        return tuple(self.options[i] for i in answer.picks if key.options and i not in key.options)

    def could_show(self, key: Key, topic: Topic | None) -> frozenset[str]:
        """What answers to it can show of whoever gives them, as `Belief.says` has it. `topic` is its topic as it is
        taught; None: it is not any more."""
        return frozenset(one.shows for at, one in enumerate(self.options) if key.options and at not in key.options)

    def shown_by(self, answer: Answer, key: Key, grade: Grade | None = None) -> frozenset[str]:
        """What of that an answer does show."""
        return frozenset(option.shows for option in self.misled(answer, key))

    def gradable(self, topic: Topic | None) -> bool:
        """Whether answers can be graded by what its topic says now; None: that is not taught any more."""
        return topic is not None and topic.key_points is not None

    def to_grade(self, text: str) -> str:
        """An answer in words as the grader should read it."""
        return text

    def as_typed(self, text: str, grade: Grade) -> Grade:
        """The grade of `to_grade(text)`, with what it found in the words that were typed."""
        return grade

    def repeats(self, text: str) -> bool:
        """Whether an answer in words only says again what the question says."""
        return False

    @property
    def picture(self) -> PictureOfRun | None:
        """The picture that is shown with it; a question has at most one."""
        return next((block.picture for block in self.blocks if block.picture), None)

    @property
    def picture_text(self) -> str:
        """What its picture shows, in words; empty until it has been drawn."""
        return "\n".join(block.text for block in self.blocks if block.picture)

    @property
    def undrawn(self) -> bool:
        """Whether its picture has yet to be drawn: before that it cannot be put to anybody."""
        return any(block.picture and not block.text for block in self.blocks)

    def pictured(self, text: str) -> Self:
        """The same with its picture drawn, which shows what `text` says."""
        return replace(self, blocks=tuple(replace(one, text=text) if one.picture else one for one in self.blocks))

    @property
    def telling(self) -> tuple[QuestionRun, ...]:
        """The runs that decide it, and the one that its picture shows."""
        return (*self.runs, self.picture.run) if self.picture else self.runs

    @property
    def experiments(self) -> frozenset[str]:
        """Every experiment that would give the answer away."""
        named = {self.experiment, *(run.experiment for run in self.telling), *(o.experiment for o in self.options)}
        return frozenset(named - {""})

    def plain(self) -> dict[str, Any]:
        """The question as a JSON object, which names its kind."""
        return {"kind": self.kind, **_adapter(type(self)).dump_python(self, mode="json")}

    @classmethod
    def stored(cls, plain: Mapping[str, Any]) -> Self:
        """The question of this kind that `plain` made it of. Raises ValueError where it is none."""
        return _adapter(cls).validate_python(plain)  # type: ignore[return-value]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A field of this type is read by the kinds in the validation context; each kind by its own fields."""
        if cls is not DrawnQuestion:
            return handler(source)
        return core_schema.with_info_plain_validator_function(
            lambda value, info: value if isinstance(value, DrawnQuestion) else info.context[CONTEXT].stored(value),
            serialization=core_schema.plain_serializer_function_ser_schema(DrawnQuestion.plain),
        )


Kind = type[DrawnQuestion]


@cache
def _adapter(kind: Kind) -> TypeAdapter[DrawnQuestion]:
    return TypeAdapter(kind)


def key_of(topic: Topic, question: Question) -> str:
    """What a question is called across topics."""
    return f"{topic.id}/{question.id}"


def shared_by_all(topic: str, question: Question) -> dict[str, Any]:
    """The fields of a drawn question that every kind takes from the file as they are."""
    return {
        "key": f"{topic}/{question.id}",
        "topic": topic,
        "ask": question.ask,
        "explain": question.explain,
        "part": question.part or "",
        "experiment": question.experiment or "",
        "to_try": to_try(question.trial, question.experiment),
        "claim": question.claim or "",
    }


def to_try(own: Try | None, named: str | None = None) -> RunToTry | None:
    """The run that a `try` of a file names, in a question whose experiment is `named`; None where it names none."""
    name = own and (own.experiment or named)
    return RunToTry(QuestionRun(name, dict(own.settings)), own.seed) if own and name else None


OptionText = Annotated[Text, StringConstraints(max_length=MOST_OPTION)]


class Wrong(Value):
    """A plausible wrong option of the file."""

    text: OptionText
    misconception: Misconception  # what whoever picks it believes
    experiment: Id | None = None  # what refutes it: one of the two is required
    claim: ClaimRef | None = None

    def drawn(self) -> Option:
        """The option as it is shown."""
        return Option(self.text, False, self.misconception, self.experiment or "", self.claim or "")


class PoolQuestion(Question):
    """The schema of kinds that show some options of a pool, so that a question reads differently the next time."""

    right: tuple[OptionText, ...]
    wrong: tuple[Wrong, ...]

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """No two options say the same; every wrong one is refuted by something that there is. Where no experiments are
        to be had (a server's own topic, whose file is read with none), none is asked for."""
        yield from super().broken_rules(topic, experiments)
        texts = [(("right", i), text) for i, text in enumerate(self.right)]
        seen: set[str] = set()
        for location, text in [*texts, *((("wrong", i, "text"), wrong.text) for i, wrong in enumerate(self.wrong))]:
            if folded(text) in seen:
                yield location, "says the same as an earlier option"
            seen.add(folded(text))
        for i, wrong in enumerate(self.wrong):
            if experiments != {} and not wrong.experiment and not wrong.claim:
                yield ("wrong", i), "names no experiment and no claim that refutes it"
            yield from unknown_experiment(("wrong", i, "experiment"), wrong.experiment, experiments)

    @property
    def mistakes(self) -> frozenset[str]:
        """Those of all its wrong options, shown or not."""
        return frozenset(wrong.misconception for wrong in self.wrong)

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """Those of its wrong options."""
        for wrong in self.wrong:
            refuted = wrong.experiment or ("" if wrong.claim else self.experiment or "")
            yield Belief(wrong.misconception, experiment=refuted, claim=wrong.claim or "", right=self.explain)

    def refuting(self) -> Iterator[tuple[Location, str]]:
        """Where wrong options name claims, and their numbers."""
        yield from ((("wrong", i, "claim"), wrong.claim) for i, wrong in enumerate(self.wrong) if wrong.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFromPool(DrawnQuestion):
    """Some options of a pool; which of them are right is known."""

    @classmethod
    def shown(cls, topic: str, question: PoolQuestion, right: Sequence[str], count: int, chance: Chance) -> Self:
        """The question with these right options, filled up to `count` with wrong ones, in an order of chance."""
        wrong = chance.shuffled(question.wrong, "wrong", lambda option: option.text)[: count - len(right)]
        options = [*(Option(text, right=True) for text in right), *map(Wrong.drawn, wrong)]
        in_order = chance.shuffled(options, "order", lambda option: option.text)
        return cls(**shared_by_all(topic, question), options=tuple(in_order))

    @classmethod
    def among_wrong(cls, topic: str, question: PoolQuestion, chance: Chance) -> Self:
        """The question with one of its right options and wrong ones beside it, `SHOWN` in all."""
        return cls.shown(topic, question, [chance.pick(question.right, "right")], SHOWN, chance)

    def find_key(self, runs: Runs = ()) -> Key | None:
        """The places of the right options."""
        return Key(tuple(i for i, option in enumerate(self.options) if option.right))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOneRight(DrawnFromPool):
    """Exactly one of the options is right."""

    way: ClassVar[Way] = Way.BUTTONS

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 for the right option alone, else 0."""
        return float(len(answer.picks) == 1 and self.options[answer.picks[0]].right)
