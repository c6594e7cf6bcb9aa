"""What helps to understand a reference answer, in the tutor's own words: shown on a press, never inside the answer.

understanding:
  misconception: Random is enough, so one random value for all weights will do.
  instead: The weights have to differ from one another; how the one value was found does not matter.
  derivation:
    - Equal weights give equal outputs in all units of a layer.
    - Equal outputs and equal outgoing weights give equal errors, and so equal gradients.
    - Equal gradients make equal steps, so the weights are equal after the step too; and so on.
  left_out: Dropout is an exception, since it trains different units in each step.
  try: {experiment: symmetry, seed: 0, shows: [constant_rank == 1], look_for: the rank of W2, watch: the ranks}
  question_back: {ask: And if only the biases were random?, answer: Then the units differ, if slowly.}
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.curriculum.document import Id, Text, Value
from bot.curriculum.measurable import Try

# Characters: what stands on a phone without scrolling through more than two screens.
Sentence = Annotated[Text, StringConstraints(max_length=300)]
Step = Annotated[Text, StringConstraints(max_length=200)]


class Attempt(Try):
    """A run that shows it, and where to look."""

    experiment: Id  # there is no question that could name it
    look_for: Sentence
    watch: Annotated[Text, StringConstraints(max_length=100)] | None = None  # what to look at, not what is seen there


class QuestionBack(Value):
    """A question for whoever has read so far; `answer` is shown once it is asked for."""

    ask: Sentence
    answer: Annotated[Text, StringConstraints(max_length=400)]


class Understanding(Value):
    """What is believed wrongly, what is true instead, why in three lines, what to try, and one question back."""

    misconception: Sentence
    instead: Sentence
    derivation: tuple[Step, Step, Step]
    attempt: Attempt = Field(alias="try")
    question_back: QuestionBack
    left_out: Sentence | None = None  # what the reference answer does not say
