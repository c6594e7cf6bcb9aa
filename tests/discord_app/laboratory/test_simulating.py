"""Members run experiments."""

import re
from typing import Any

import pytest

from bot import words
from bot.discord_app import layout
from bot.simulations.experiments import experiments
from tests.discord_app.laboratory.conftest import Kept
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.usefixtures("bot")
QUICK = {"experiment": "momentum", "settings": "beta=0.5 steps=500"}


def again(shown: Shown) -> str:
    """The line that repeats the run."""
    found = re.search(r"`(/simulate [^`]+)`", shown.text)
    assert found, shown.text
    return found[1]


def pictures(shown: Shown) -> list[str]:
    return [file.filename for file in shown.files]


async def test_one_message_with_all_there_is_to_say(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", **QUICK, seed=3, in_=channel)
    assert not shown.ephemeral
    assert shown.text.startswith("### Momentum close to 1\n**")
    assert "```\nmomentum " in shown.text
    assert again(shown) == "/simulate experiment:momentum settings:steps=500 beta=0.5 seed:3"
    assert pictures(shown) == ["momentum-3.png"]
    assert shown.files[0].data.startswith(b"\x89PNG")
    (alt,) = shown.descriptions
    assert alt.startswith("Steps to the minimum: ")
    assert "β 0.5: " in alt
    assert len(alt) <= 400
    assert [button.label for button in shown.buttons] == [
        words.laboratory.ANOTHER_SEED,
        words.laboratory.CHANGE_SETTINGS,
        words.laboratory.COMPARE,
        words.laboratory.NUMBERS,
        words.laboratory.DESCRIBE,
        words.answers.REMOVE,
    ]
    assert [one.id for one in ben.sees(channel)] == [shown.id]


async def test_the_claim_that_it_bears_on_stands_below(ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", experiment="symmetry", in_=channel)
    assert words.laboratory.VERDICTS["supported"] in shown.text
    assert "as the verdict says" in shown.text
    changed = await ana.uses("/simulate", experiment="symmetry", settings="hidden=8", in_=channel)
    assert "other settings" in changed.text


@pytest.mark.slow
async def test_the_raw_lines_of_a_run_are_for_whoever_presses(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/simulate", experiment="symmetry", in_=channel)
    assert "must be" not in shown.text
    raw = await ben.presses(shown.button(words.laboratory.RAW))
    assert raw.ephemeral
    assert raw.text.startswith(f"-# {words.laboratory.RAW_NOTE}")
    assert "(`constant_acc`)" in raw.text
    assert "must be <= 0.76" in raw.text
    assert shown.edits == 0
    changed = await ana.uses("/simulate", experiment="symmetry", settings="hidden=8", in_=channel)
    assert words.laboratory.RAW not in [button.label for button in changed.buttons]


async def test_what_cannot_be_run_is_one_line_to_its_author(ana: Person, worker: Kept) -> None:
    for options, said in (
        ({"experiment": "momenta"}, "Did you mean momentum?"),
        ({"experiment": "momentum", "settings": "beta=2"}, "beta must be a number from 0 to 0.999999, not 2."),
        ({"experiment": "momentum", "settings": "beta=nan"}, "beta must be a number from 0 to 0.999999"),
        ({"experiment": "momentum", "settings": "beta"}, "name=value"),
        ({"experiment": "momentum", "settings": "gamma=1"}, "There is no setting gamma"),
        ({"experiment": "momentum", "compare": "beta=0.5 kappa=4"}, "changes one setting"),
        ({"experiment": "momentum", "settings": "`@everyone`=<@1>"}, "name=value"),
    ):
        shown = await ana.uses("/simulate", options=dict(options))
        assert (shown.ephemeral, shown.text.count("\n")) == (True, 0)
        assert said in shown.text
    assert worker.ran == []


async def test_a_comparison_stands_side_by_side_and_can_be_repeated(ana: Person) -> None:
    shown = await ana.uses("/simulate", **QUICK, compare="kappa=10")
    assert again(shown) == "/simulate experiment:momentum settings:steps=500 beta=0.5 seed:0 compare:kappa=10"
    assert " | " in shown.text
    assert "`kappa=100`: **" in shown.text


async def test_in_dms_and_by_user_install(loopback: LoopbackDiscord, ana: Person) -> None:
    assert pictures(await ana.uses("/simulate", **QUICK, in_=ana.dm))
    stranger = loopback.add_guild("Elsewhere", bot=False)
    cat = stranger.add_member("Cat")
    cat.installs()
    assert pictures(await cat.uses("/simulate", **QUICK, in_=stranger.add_channel("somewhere")))


async def test_a_mention_and_a_dm_run_the_same(loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
    said = "simulate momentum beta=0.5, steps=500 seed=3"
    shown = await ana.says(channel, f"{loopback.mention} {said}")
    assert shown.reply_to is not None
    assert shown.pings == []
    assert again(shown) == "/simulate experiment:momentum settings:steps=500 beta=0.5 seed:3"
    assert pictures(shown)
    in_dm = await ana.dms(f"Simulate {said.removeprefix('simulate')}")
    assert again(in_dm) == again(shown)
    assert again(await ana.dms(again(shown))) == again(shown)
    assert "Did you mean momentum?" in (await ana.dms("simulate momenta")).text
    assert words.laboratory.WHICH_EXPERIMENT in (await ana.dms("simulate dropout at inference")).text


async def test_without_attach_files_the_answer_comes_without_the_picture(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    channel.deny(loopback.bot, "attach_files")
    for shown in (
        await ana.uses("/simulate", **QUICK, in_=channel),
        await ana.says(channel, f"{loopback.mention} simulate momentum steps=500"),
    ):
        assert words.laboratory.NO_PICTURE in shown.text
        assert "```" in shown.text
        assert pictures(shown) == []
    numbers = await ana.presses(shown.button(words.laboratory.NUMBERS))
    assert (numbers.ephemeral, numbers.text) == (True, words.laboratory.NO_NUMBERS)


async def test_attach_files_that_only_discord_knows_of(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    refused = {"message": "Missing Permissions", "code": 50013}
    loopback.fail_next("PATCH", "/webhooks/*/messages/@original", status=403, body=refused)
    assert words.laboratory.NO_PICTURE in (await ana.uses("/simulate", **QUICK, in_=channel)).text


async def test_experiments_are_completed_by_topic_and_question(ana: Person) -> None:
    listed = await ana.types("/simulate", experiment="")
    assert [one.value for one in listed] == [one.name for one in experiments()][:25]
    assert {one.value for one in await ana.types("/simulate", experiment="dropout infer")} <= {
        one.name for one in experiments()
    }
    assert [one.value for one in await ana.types("/simulate", experiment="momentum noi")] == ["momentum-noise"]
    assert "sparse-l1" in [one.value for one in await ana.types("/simulate", experiment="sparsity")]


async def typed(ana: Person, settings: str, **more: Any) -> list[tuple[str, Any]]:
    found = await ana.types("/simulate", experiment="momentum", settings=settings, **more)
    return [(one.name, one.value) for one in found]


async def test_settings_are_completed_with_their_ranges(ana: Person) -> None:
    ((name, value),) = await typed(ana, "beta=0.999 ka")
    assert value == "beta=0.999 kappa="
    assert "from 4 to 1000" in name
    assert [value for _, value in await typed(ana, "")] == ["kappa=", "steps=", "tol=", "lr_frac=", "beta="]
    assert (await typed(ana, "beta=2"))[0] == ("beta must be a number from 0 to 0.999999", "beta=2")
    assert "beta=0.99999" in [value for _, value in await typed(ana, "beta=0.9")]
    assert (await typed(ana, "beta=0.9 "))[0] == ("beta=0.9", "beta=0.9")
    acts = await ana.types("/simulate", experiment="symmetry", settings="act=")
    assert [one.value for one in acts] == ["act=tanh", "act=relu", "act=selu", "act=logistic"]
    assert await ana.types("/simulate", experiment="nothing", settings="") == []
    assert [one.value for one in await ana.types("/simulate", experiment="momentum", seed=12)][:3] == [12, 120, 121]


@pytest.mark.slow
@pytest.mark.parametrize("name", [one.name for one in experiments()])
async def test_every_experiment_makes_a_message_within_the_limits(
    loopback: LoopbackDiscord, ana: Person, name: str
) -> None:
    shown = await ana.uses("/simulate", experiment=name)
    size = layout.measured(shown.message.components)
    assert size.components <= 20
    assert size.characters <= layout.MOST_CHARACTERS
    table = re.search(r"```\n(.+?)```", shown.text, re.S)
    assert table
    assert max(map(len, table[1].splitlines())) <= 40
    assert 100 < len(shown.descriptions[0]) <= 1024
    assert loopback.violations == []
