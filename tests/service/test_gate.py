"""What is withheld while a round asks it: from whom, where, and for how long."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.round.events import Ran
from bot.service.gate import Asker, BeingAsked, Gate, withheld
from tests.quiz.conftest import Driver, drawn, topic


def test_what_is_open_is_withheld_in_its_channel_and_from_those_who_pressed() -> None:
    small = Curriculum(topics=(topic("alpha"), topic("beta"), topic("gamma")))
    driver = Driver.begun(drawn(small, "compare", "choice"), channel=7)
    assert withheld(driver.round, 5, [7]) is None
    driver.asked()
    driver.press(5, 0)
    hidden = withheld(driver.round, 99, [7])
    assert hidden is not None
    assert hidden == withheld(driver.round, 5, [8])
    assert withheld(driver.round, 99, [8]) is None
    gate, asker, asked = Gate(lambda _member, _channels: [hidden]), Asker("ana"), driver.turn.question.topic
    with pytest.raises(BeingAsked):
        gate.topics(asker, [asked])
    with pytest.raises(BeingAsked):
        gate.experiment(asker, "dying-relu")
    gate.topics(asker, ["another"])
    gate.experiment(asker, "momentum")
    assert gate.hidden_topics(asker) == (asked,)
    driver.until(driver.now + 25)
    assert withheld(driver.round, 5, [7]), "until the reveal"
    driver.send(Ran(0, tuple({"relu_dead": 0.4, "leaky_dead": 0.0} for _ in driver.turn.question.runs)))
    assert withheld(driver.round, 5, [7]) is None
