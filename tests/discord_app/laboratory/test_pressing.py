"""What stands below a result is pressed: by who asked, by others, in another process."""

import csv
from collections.abc import Callable

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.laboratory.results import _described
from bot.simulations.experiments import prepare
from tests.discord_app.laboratory.conftest import Kept
from tests.discord_app.laboratory.test_simulating import QUICK, again, pictures
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

STEPS = "/simulate experiment:momentum settings:steps=500 beta=0.5"


@pytest.mark.usefixtures("bot")
async def test_another_seed_changes_the_message_of_who_asked(ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", **QUICK, seed=3, in_=channel)
    after = await ana.presses(shown.button(words.laboratory.ANOTHER_SEED))
    assert after == shown
    assert again(shown) == f"{STEPS} seed:4"
    assert pictures(shown) == ["momentum-4.png"]
    last = await ana.uses("/simulate", **QUICK, seed=1_000_000, in_=channel)
    await ana.presses(last.button(words.laboratory.ANOTHER_SEED))
    assert again(last) == f"{STEPS} seed:0"


@pytest.mark.usefixtures("bot")
async def test_anyone_elses_press_is_answered_to_them_alone(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", **QUICK, in_=channel)
    bens = await ben.presses(shown.button(words.laboratory.ANOTHER_SEED))
    assert bens.ephemeral
    assert again(bens) == f"{STEPS} seed:1"
    assert (again(shown), shown.edits) == (f"{STEPS} seed:0", 0)
    await ben.presses(bens.button(words.laboratory.ANOTHER_SEED))  # theirs to go on with
    assert again(bens) == f"{STEPS} seed:2"


@pytest.mark.usefixtures("bot")
async def test_the_numbers_are_a_file_for_who_pressed(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", **QUICK, seed=2, in_=channel)
    numbers = await ben.presses(shown.button(words.laboratory.NUMBERS))
    assert numbers.ephemeral
    assert pictures(numbers) == ["momentum-2.csv"]
    rows = list(csv.reader(numbers.files[0].data.decode().splitlines()))
    assert rows[0] == ["run", "part", "name", "x", "value"]
    assert ("metric", "b0.9_steps") in {(row[1], row[2]) for row in rows}


@pytest.mark.usefixtures("bot")
async def test_the_picture_is_described_to_who_presses(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", **QUICK, in_=channel)
    said = await ben.presses(shown.button(words.laboratory.DESCRIBE))
    assert said.ephemeral
    assert said.text.startswith(words.laboratory.DESCRIBED)
    assert "- β 0.9: 1 at the start" in said.text
    assert not said.files
    selu = await ana.uses(
        "/simulate", experiment="selu-depth", settings="width=64 batch=16", compare="depth=5", in_=channel
    )
    both = await ana.presses(selu.button(words.laboratory.DESCRIBE))
    assert both.text.count("Activations: variance (log scale) over layer.") == 2


def test_a_description_that_is_too_long_ends_with_a_whole_line() -> None:
    (_, shown, more) = _described(prepare("momentum"), "\n".join(["a line"] * 900)).page.children
    assert str(shown.content).split("\n") == ["a line"] * str(shown.content).count("a line")  # type: ignore[attr-defined]
    assert "more lines" in more.content  # type: ignore[attr-defined]


@pytest.mark.slow
async def test_buttons_and_forms_outlive_a_restart(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, channel: Channel
) -> None:
    async with loopback.running(make_client()):
        shown = await ana.uses("/simulate", **QUICK, compare="kappa=10", in_=channel)
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
    await loopback.offline()
    async with loopback.running(make_client()):
        await ana.presses(shown.button(words.laboratory.ANOTHER_SEED))
        assert again(shown) == f"{STEPS} seed:1 compare:kappa=10"
        await ana.submits(form, kappa="50")
        assert again(shown) == "/simulate experiment:momentum settings:kappa=50 steps=500 beta=0.5 seed:0"
        await ana.presses(shown.button(words.answers.REMOVE))
        assert shown.deleted


@pytest.mark.usefixtures("bot")
class TestChangingSettings:
    async def test_the_form_is_filled_in_and_says_the_ranges(self, ana: Person) -> None:
        shown = await ana.uses("/simulate", experiment="momentum", settings="kappa=50 beta=0.9", seed=7)
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
        assert form.title == "Momentum close to 1"
        assert [(one.custom_id, one.value) for one in form.fields] == [
            ("kappa", "50"), ("steps", "3000"), ("tol", "0.001"), ("lr_frac", "0.1"), ("the-rest", "beta=0.9\nseed=7")
        ]  # fmt: skip
        assert form.field("kappa").label == "kappa (κ)"
        assert "a number from 4 to 1000" in str(form.modal)
        assert "a number from 0 to 0.999999" in str(form.modal)

    async def test_what_is_sent_in_is_run_in_place(self, ana: Person, channel: Channel) -> None:
        shown = await ana.uses("/simulate", **QUICK, in_=channel)
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
        after = await ana.submits(form, kappa=" 20 ", tol="tol=0.01", **{"the-rest": "beta = 0.7, seed=9"})
        assert after == shown
        assert again(shown) == "/simulate experiment:momentum settings:kappa=20 steps=500 tol=0.01 beta=0.7 seed:9"
        assert pictures(shown) == ["momentum-9.png"]

    async def test_choices_are_a_group_of_radio_buttons(self, ana: Person) -> None:
        shown = await ana.uses("/simulate", experiment="init-mean", settings="act=leaky")
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
        assert form.field("act").component["type"] == 21
        assert [one["value"] for one in form.field("act").component["options"] if one["default"]] == ["leaky"]
        await ana.submits(form, act="relu", **{"the-rest": "seed=1"})
        assert again(shown) == "/simulate experiment:init-mean seed:1"

    async def test_a_fault_comes_back_with_what_was_typed_and_can_be_corrected(
        self, ana: Person, ben: Person, channel: Channel, worker: Kept
    ) -> None:
        shown = await ana.uses("/simulate", **QUICK, in_=channel)
        ran = len(worker.ran)
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
        fault = await ana.submits(form, kappa="many", tol="0.01", **{"the-rest": "beta=0.5 seed=1 what"})
        assert fault.ephemeral
        assert "name=value" in fault.text
        assert "kappa=many" in fault.text
        assert (len(worker.ran), shown.edits) == (ran, 0)
        form = await ana.opens(fault.button(words.laboratory.CORRECT_IT))
        assert (form.field("kappa").value, form.field("tol").value) == ("many", "0.01")
        fault = await ana.submits(form, **{"the-rest": "beta=0.5\nseed=1"})
        assert "kappa must be a number from 4 to 1000, not many." in fault.text
        form = await ana.opens(fault.button(words.laboratory.CORRECT_IT))
        assert form.field("the-rest").value == "beta=0.5\nseed=1"
        right = await ana.submits(form, kappa="30")
        assert again(right) == "/simulate experiment:momentum settings:kappa=30 steps=500 tol=0.01 beta=0.5 seed:1"
        assert right in ben.sees(channel)
        assert (await ana.presses(right.button(words.laboratory.ANOTHER_SEED))) == right

    async def test_anyone_elses_fault_and_result_are_theirs(self, ana: Person, ben: Person, channel: Channel) -> None:
        shown = await ana.uses("/simulate", **QUICK, in_=channel)
        fault = await ben.submits(await ben.opens(shown.button(words.laboratory.CHANGE_SETTINGS)), kappa="1e9")
        assert fault.ephemeral
        right = await ben.submits(await ben.opens(fault.button(words.laboratory.CORRECT_IT)), kappa="30")
        assert right.ephemeral
        assert "kappa=30" in again(right)
        assert shown.edits == 0

    async def test_markup_in_what_was_typed_is_shown_as_code(self, ana: Person) -> None:
        shown = await ana.uses("/simulate", **QUICK)
        form = await ana.opens(shown.button(words.laboratory.CHANGE_SETTINGS))
        fault = await ana.submits(form, kappa="`<@1>` **b**")
        first, second = fault.text.splitlines()
        assert "<@" not in first
        assert second.count("`") == 2
        assert fault.pings == []


@pytest.mark.usefixtures("bot")
class TestComparing:
    async def test_one_setting_changed_on_the_same_seed(self, ana: Person, worker: Kept) -> None:
        shown = await ana.uses("/simulate", **QUICK, seed=5)
        form = await ana.opens(shown.button(words.laboratory.COMPARE))
        assert "`beta`: a number from 0 to 0.999999" in str(form.modal)
        await ana.submits(form, compare="kappa = 10")
        assert again(shown) == f"{STEPS} seed:5 compare:kappa=10"
        assert len(worker.ran[-1].runs) == 2
        form = await ana.opens(shown.button(words.laboratory.COMPARE))
        assert form.field("compare").value == "kappa=10"

    async def test_a_fault_comes_back(self, ana: Person) -> None:
        shown = await ana.uses("/simulate", **QUICK, seed=5)
        fault = await ana.submits(await ana.opens(shown.button(words.laboratory.COMPARE)), compare="kappa=10 tol=0.1")
        assert "changes one setting" in fault.text
        form = await ana.opens(fault.button(words.laboratory.CORRECT_IT))
        assert form.field("compare").value == "kappa=10 tol=0.1"
        right = await ana.submits(form, compare="tol=0.1")
        assert again(right) == f"{STEPS} seed:5 compare:tol=0.1"
