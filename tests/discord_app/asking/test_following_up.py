"""Members ask on: by the button below an answer, and by the next thing they say."""

from collections.abc import Callable

import pytest

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app.client import TutorClient
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UNSURE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

SOFTMAX = "when should i use softmax"


@pytest.fixture
def activations(curriculum: Curriculum) -> Topic:
    topic = curriculum.topic("activation-functions")
    assert topic
    return topic


def front(topic: Topic, part_id: str) -> str:
    """How the answer about a part begins."""
    return f"### {words.answers.heading(topic, [part_id])}"


def answered(shown: Shown) -> bool:
    return words.answers.FOLLOW_UP in [button.label for button in shown.buttons]


@pytest.mark.usefixtures("bot")
class TestTheForm:
    async def test_it_asks_for_one_line_about_that_answer(self, ana: Person, activations: Topic) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        form = await ana.opens(shown.button(words.answers.FOLLOW_UP))
        assert form.title == words.answers.FOLLOW_UP
        field, how = form.fields
        assert [one.value for one in how.options] == ["show", "try"]
        assert field.label == words.discord.FOLLOW_UP_QUESTION
        assert words.answers.heading(activations, ["softmax"]) in str(form.modal)

    async def test_what_is_typed_is_read_in_its_light(
        self, ana: Person, ben: Person, channel: Channel, activations: Topic
    ) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX, in_=channel)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert asked != shown
        assert not asked.ephemeral
        assert asked in ben.sees(channel)
        assert front(activations, "tanh") in asked.text
        assert asked.text.splitlines()[0].endswith("`and tanh?`")
        assert f"/{channel.id}/{shown.id})" in asked.text.splitlines()[0]
        assert shown.edits == 0

    async def test_in_private_it_stays_private(self, ana: Person, ben: Person, channel: Channel) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX, private=True, in_=channel)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert asked.ephemeral
        assert asked.text.startswith(words.answers.question("`and tanh?`"))
        assert ben.sees(channel) == []

    async def test_it_is_that_answer_and_not_the_last(self, ana: Person, activations: Topic) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        await ana.uses("/ask", question=ASK)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert front(activations, "tanh") in asked.text

    async def test_it_does_not_go_stale(self, ana: Person, loopback: LoopbackDiscord, activations: Topic) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        loopback.advance(86_400)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert front(activations, "tanh") in asked.text

    async def test_a_question_of_its_own_is_answered_alone(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text=ASK)
        assert f"### {TITLE}" in asked.text

    async def test_anyone_may_and_it_becomes_their_conversation(
        self, ana: Person, ben: Person, channel: Channel, activations: Topic
    ) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX, in_=channel)
        asked = await ben.submits(await ben.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert front(activations, "tanh") in asked.text
        then = await ben.uses("/ask", question="and selu?", in_=channel)
        assert front(activations, "selu") in then.text
        await ben.presses(asked.button(words.answers.REMOVE))
        assert asked.deleted

    async def test_nothing_but_blanks_gets_one_clear_line(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        told = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text=" \u200b ")
        assert told.ephemeral
        assert "empty" in told.text

    async def test_in_a_direct_message(self, ana: Person, activations: Topic) -> None:
        shown = await ana.dms(SOFTMAX)
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert front(activations, "tanh") in asked.text

    async def test_below_a_topic_from_the_list(self, ana: Person, activations: Topic) -> None:
        shown = await ana.uses("/topics")
        await ana.presses(shown.button(activations.title))
        asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
        assert front(activations, "tanh") in asked.text
        assert asked.ephemeral

    async def test_a_topic_no_longer_taught_says_so(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=SOFTMAX)
        button = shown.button(words.answers.FOLLOW_UP)
        button.component["custom_id"] = button.custom_id.rsplit(":", 1)[0] + ":AAAAAAAA+"
        assert (await ana.presses(button)).text == words.answers.GONE


async def test_the_form_outlives_a_restart(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, channel: Channel, activations: Topic
) -> None:
    async with loopback.running(make_client()):
        shown = await ana.uses("/ask", question=SOFTMAX, in_=channel)
        opened = await ana.opens(shown.button(words.answers.FOLLOW_UP))
    await loopback.offline()
    async with loopback.running(make_client()) as _:
        assert front(activations, "tanh") in (await ana.submits(opened, text="and tanh?")).text
        again = await ana.opens(shown.button(words.answers.FOLLOW_UP))
        assert front(activations, "relu") in (await ana.submits(again, text="and relu?")).text


async def test_discord_py_keeps_no_form(bot: TutorClient, ana: Person) -> None:
    shown = await ana.uses("/ask", question=SOFTMAX)
    await ana.opens(shown.button(words.answers.FOLLOW_UP))
    assert not bot._connection._view_store._modals


@pytest.mark.usefixtures("bot")
class TestTheNextThingSaid:
    async def test_in_a_direct_message(self, ana: Person, activations: Topic) -> None:
        await ana.dms(SOFTMAX)
        assert front(activations, "tanh") in (await ana.dms("and tanh?")).text

    async def test_by_command_by_mention_and_by_reply(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel, activations: Topic
    ) -> None:
        first = await ana.says(channel, f"{loopback.mention} {SOFTMAX}")
        asked = await ana.uses("/ask", question="and tanh?", in_=channel)
        assert front(activations, "tanh") in asked.text
        second = await ana.says(channel, f"{loopback.mention} and selu?")
        assert front(activations, "selu") in second.text
        third = await ana.says(channel, "and leaky relu?", reply_to=first)
        assert front(activations, "leaky-relu") in third.text

    async def test_a_reply_is_about_the_answer_that_it_replies_to(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, activations: Topic
    ) -> None:
        first = await ana.says(channel, f"{loopback.mention} {SOFTMAX}")
        await ana.uses("/ask", question=ASK, in_=channel)
        assert front(activations, "tanh") in (await ana.says(channel, "and tanh?", reply_to=first)).text
        assert front(activations, "tanh") in (await ben.says(channel, "and tanh?", reply_to=first)).text

    async def test_for_ten_minutes(self, ana: Person, loopback: LoopbackDiscord, activations: Topic) -> None:
        await ana.dms(SOFTMAX)
        loopback.advance(599)
        assert front(activations, "tanh") in (await ana.dms("and tanh?")).text
        loopback.advance(601)
        assert front(activations, "selu") not in (await ana.dms("and why?")).text

    async def test_what_was_picked_by_button_is_what_it_is_about(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=UNSURE)
        await ana.presses(shown.button(TITLE))
        assert f"### {TITLE}" in (await ana.uses("/ask", question="and why?")).text

    async def test_thanks_are_declined_without_noise_and_change_nothing(self, ana: Person, activations: Topic) -> None:
        await ana.dms(SOFTMAX)
        thanked = await ana.dms("thx!")
        assert (thanked.text, thanked.buttons) == (words.answers.ANY_TIME, [])
        assert front(activations, "tanh") in (await ana.dms("and tanh?")).text

    async def test_a_question_of_its_own_is_answered_alone(self, ana: Person) -> None:
        await ana.dms(SOFTMAX)
        assert f"### {TITLE}" in (await ana.dms(ASK)).text

    async def test_out_of_scope_it_is_declined(self, ana: Person) -> None:
        await ana.dms(SOFTMAX)
        assert not answered(await ana.dms("ok and what about adam?"))

    async def test_a_question_in_vain_lets_the_last_answer_fade(self, ana: Person, activations: Topic) -> None:
        """A mere "why?" is then after the question in between; what names a part is still after the answer."""
        await ana.dms(SOFTMAX)
        assert not answered(await ana.dms(f"{OFF_TOPIC}?"))
        assert not answered(await ana.dms("why?"))
        assert front(activations, "tanh") in (await ana.dms("and tanh?")).text
        assert answered(await ana.dms("why?"))

    async def test_a_choice_left_open_does_too(self, ana: Person, activations: Topic) -> None:
        await ana.dms(SOFTMAX)
        await ana.dms(UNSURE)
        assert not answered(await ana.dms("why?"))
        assert front(activations, "tanh") in (await ana.dms("and tanh?")).text

    async def test_members_and_servers_do_not_mix(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        other: Guild = loopback.add_guild("Another")
        theirs = other.add_channel("general")
        other.add_member(ana)
        assert answered(await ana.uses("/ask", question=SOFTMAX, in_=channel))
        assert not answered(await ben.uses("/ask", question="why?", in_=channel))
        assert not answered(await ana.uses("/ask", question="why?", in_=theirs))
        assert not answered(await ana.dms("why?"))
        assert answered(await ana.uses("/ask", question="why?", in_=channel))
