"""Members practise: privately, all kinds, with feedback at once, on buttons of an earlier run too."""

import re
from collections.abc import Callable

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.actions import Registry
from bot.discord_app.client import TutorClient
from bot.discord_app.practice.practising import ACTIONS, redrawn
from bot.quiz.kinds.base import DrawnQuestion
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown


def drawn(shown: Shown, bot: TutorClient) -> DrawnQuestion:
    """The question that a message shows, as its first button carries it."""
    action = next(Registry(ACTIONS).read(one.custom_id) for one in [*shown.buttons, *shown.selects])
    asked = action.asked  # type: ignore[attr-defined]
    return redrawn(bot.app.practice, asked.key, asked.seed, asked.stamp)


def letter(one: DrawnQuestion, *, right: bool) -> str:
    return "ABCDEFGH"[next(i for i, option in enumerate(one.options) if option.right is right)]


async def test_a_right_and_a_wrong_choice(bot: TutorClient, ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", topic="momentum", kind="choice", in_=channel)
    assert shown.ephemeral
    assert ben.sees(channel) == []
    first = drawn(shown, bot)
    assert first.topic == "momentum"
    after = await ana.presses(shown.button(letter(first, right=True)))
    assert after == shown
    assert "**Right.**" in after.text
    assert first.explain in after.text
    await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    second = drawn(shown, bot)
    assert second.key != first.key
    assert (second.topic, second.kind) == ("momentum", "choice")
    wrong = letter(second, right=False)
    await ana.presses(shown.button(wrong))
    option = second.options["ABCDEFGH".index(wrong)]
    assert "**Not so.**" in shown.text
    assert option.misconception in shown.text
    assert all(one.text in shown.text for one in second.options)


async def test_several_right_options_are_picked_in_a_menu(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", kind="multi", in_=channel)
    one = drawn(shown, bot)
    right = [str(i) for i, option in enumerate(one.options) if option.right]
    await ana.chooses(shown.select(), *right)
    assert "**Right.**" in shown.text
    await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    again = drawn(shown, bot)
    right = [str(i) for i, option in enumerate(again.options) if option.right]
    await ana.chooses(shown.select(), right[0])
    assert "**Partly right:**" in shown.text


async def test_an_answer_in_words_is_graded_with_reasons(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", topic="weight-initialization", kind="open", in_=channel)
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    assert drawn(shown, bot).ask in str(form.interaction.modal)
    await ana.submits(form, text="no <@1>, by symmetry all neurons of a layer learn the same thing")
    assert "symmetry" in shown.text
    assert re.search(r"Right:|Missing:", shown.text)
    assert "`no <@1>" in shown.text
    assert shown.pings == []


async def test_a_prediction_is_held_against_a_live_run(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", topic="momentum", kind="predict", in_=channel)
    while drawn(shown, bot).options:  # until it is one that wants a number
        await ana.presses(shown.button(words.quiz.ANOTHER_QUESTION))
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    refusal = await ana.submits(form, text="lots")
    assert (refusal.ephemeral, refusal.text) == (True, words.quiz.NOT_A_NUMBER)
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="about 250")
    assert re.search(r"Measured: \*\*[\d.,-]+", shown.text)


@pytest.mark.slow
async def test_which_case_wins_is_told_by_the_run(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", kind="predict", in_=channel)
    while not drawn(shown, bot).options:
        await ana.presses(shown.button(words.quiz.ANOTHER_QUESTION))
    await ana.presses(shown.button("A"))
    assert "✅" in shown.text


async def test_buttons_and_forms_outlive_a_restart(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, channel: Channel
) -> None:
    async with loopback.running(make_client()):
        choice = await ana.uses("/practice", kind="choice", in_=channel)
        written = await ana.uses("/practice", kind="open", in_=channel)
        form = await ana.opens(written.button(words.quiz.ANSWER))
    await loopback.offline()
    bot = make_client()
    async with loopback.running(bot):
        await ana.presses(choice.button(letter(drawn(choice, bot), right=True)))
        assert "**Right.**" in choice.text
        await ana.submits(form, text="no idea")
        assert words.quiz.NOTHING_YET in written.text


async def test_a_question_that_was_edited_since_is_not_scored(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", kind="choice", in_=channel)
    button = shown.button("A")
    key, _stamp, *rest = button.custom_id.split("+")
    button.component["custom_id"] = "+".join([key, "AAAAAAAA", *rest])
    assert (await ana.presses(button)).text == words.quiz.QUESTION_CHANGED


async def test_topics_are_completed_and_unknown_ones_refused(
    bot: TutorClient, ana: Person, channel: Channel, curriculum: Curriculum
) -> None:
    choices = await ana.types("/practice", topic="mom", in_=channel)
    assert [choice.value for choice in choices] == ["momentum"]
    refusal = await ana.uses("/practice", topic="@everyone", in_=channel)
    assert (refusal.ephemeral, refusal.text) == (True, f"`everyone`: {words.quiz.NO_SUCH_TOPIC}")
    assert (await ana.uses("/practice", topic="momentum, selu", in_=channel)).text == words.quiz.ONE_TOPIC
    for typed in ("Momentun", "5", "heavy ball"):
        assert "Momentum too close to 1" in (await ana.uses("/practice", topic=typed, in_=channel)).text


async def test_in_a_direct_message(bot: TutorClient, ana: Person) -> None:
    shown = await ana.uses("/practice", in_=ana.dm)
    assert shown.buttons


@pytest.mark.parametrize("custom_id", ["nt1:practice:p:x", "nt2:pick:aaaaaaaa+aaaaaaaa+1+:0", "nt2:pick:"])
async def test_a_button_of_another_version_says_so(
    bot: TutorClient, ana: Person, channel: Channel, custom_id: str
) -> None:
    shown = await ana.uses("/practice", kind="choice", in_=channel)
    button = shown.button("A")
    button.component["custom_id"] = custom_id
    assert (await ana.presses(button)).text == words.answers.OLD_BUTTON
