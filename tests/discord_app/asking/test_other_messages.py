"""Members send what is no plain question: forwards, pictures, polls, "can you answer this?"; and use the message
command on all of these."""

from typing import Any

import pytest

from bot import words
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Message, Poll
from tests.discord_server.people import Person

pytestmark = pytest.mark.usefixtures("bot")
POLL = Poll("Can biases start at zero?", ["yes", "no"])


class TestForwards:
    async def test_its_text_is_read_where_discord_gives_it(self, ana: Person, ben: Person, channel: Channel) -> None:
        theirs = await ben.posts(channel, ASK)
        shown = await ana.dms("", forwards=theirs)
        assert f"### {TITLE}" in shown.text
        assert shown.text.startswith(words.answers.question(f"`{ASK}`"))

    async def test_in_a_server_it_is_not_addressed_to_the_tutor(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        theirs = await ben.posts(channel, f"{loopback.mention} {ASK}")
        await loopback.settled()
        assert ben.sees(channel)  # its own answer
        await ana.posts(channel, "", forwards=theirs)
        await loopback.quiet()

    async def test_by_the_message_command(self, ana: Person, ben: Person, channel: Channel) -> None:
        forward = await ana.posts(channel, "", forwards=await ben.posts(channel, ASK))
        assert f"### {TITLE}" in (await ana.uses_on(forward, words.discord.ASK_THE_TUTOR)).text

    async def test_a_forwarded_picture_has_no_text(self, ana: Person, ben: Person, channel: Channel) -> None:
        theirs = await ben.posts(channel, "", files=[("plot.png", b"png")])
        assert (await ana.dms("", forwards=theirs)).text == words.discord.TEXT_ONLY


@pytest.mark.parametrize(
    "holds", [{"files": [("voice-message.ogg", b"ogg")]}, {"stickers": ["Wave"]}, {"poll": POLL}], ids=str
)
class TestWithoutText:
    async def test_it_is_told_that_the_tutor_reads_text(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel, holds: Any
    ) -> None:
        assert (await ana.dms("", **holds)).text == words.discord.TEXT_ONLY
        assert (await ana.says(channel, loopback.mention, **holds)).text == words.discord.TEXT_ONLY
        answer = await ana.says(channel, f"{loopback.mention} {ASK}")
        assert (await ana.says(channel, "", reply_to=answer, **holds)).text == words.discord.TEXT_ONLY

    async def test_beside_a_question_it_changes_nothing(self, ana: Person, holds: Any) -> None:
        assert f"### {TITLE}" in (await ana.dms(ASK, **holds)).text

    async def test_between_members_it_is_left_alone(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel, holds: Any
    ) -> None:
        await ana.posts(channel, "", **holds)
        await loopback.quiet()


class TestTheMessageCommand:
    async def asks_about(self, by: Person, message: Message) -> Any:
        return await by.uses_on(message, words.discord.ASK_THE_TUTOR)

    async def test_reads_a_poll(self, ana: Person, ben: Person, channel: Channel) -> None:
        assert f"### {TITLE}" in (await self.asks_about(ana, await ben.posts(channel, "", poll=POLL))).text

    async def test_reads_what_an_application_posted(self, ana: Person, ben: Person, channel: Channel) -> None:
        embed = {"type": "rich", "title": "Question of the day", "description": ASK}
        assert f"### {TITLE}" in (await self.asks_about(ana, await ben.posts(channel, "", embeds=[embed]))).text
        display = {"type": 17, "id": 1, "components": [{"type": 10, "id": 2, "content": ASK}]}
        assert f"### {TITLE}" in (await self.asks_about(ana, await ben.posts(channel, "", components=[display]))).text

    async def test_reads_a_preview_only_where_there_is_nothing_else(
        self, ana: Person, ben: Person, channel: Channel
    ) -> None:
        address = "https://example.com/biases"
        theirs = await ben.posts(channel, address)
        ben.previews(theirs, ASK)
        assert f"### {TITLE}" in (await self.asks_about(ana, theirs)).text
        theirs = await ben.posts(channel, f"{OFF_TOPIC} {address}")
        ben.previews(theirs, ASK)
        assert f"### {TITLE}" not in (await self.asks_about(ana, theirs)).text

    async def test_says_where_there_is_no_text(self, ana: Person, ben: Person, channel: Channel) -> None:
        told = await self.asks_about(ana, await ben.posts(channel, "", stickers=["Wave"]))
        assert (told.ephemeral, told.text) == (True, words.discord.NO_TEXT_THERE)

    async def test_on_an_answer_of_its_own_leads_on(self, ana: Person, ben: Person, channel: Channel) -> None:
        answer = await ana.uses("/ask", question=ASK, in_=channel)
        told = await self.asks_about(ben, answer.message)
        assert told.ephemeral
        assert words.discord.MY_ANSWER in told.text
        assert [one.label for one in told.buttons] == [
            words.answers.FOLLOW_UP,
            words.tries.LET_ME_TRY,
            words.answers.NOT_WHAT_I_ASKED,
        ]
        followed = await ben.submits(await ben.opens(told.button(words.answers.FOLLOW_UP)), text="why is that?")
        assert f"### {TITLE}" in followed.text
        await ben.presses(told.button(words.answers.NOT_WHAT_I_ASKED))
        assert f"`{ASK}`" in told.text
        assert words.answers.ASK_THE_GROUP in [one.label for one in told.buttons]
        assert answer.edits == 0

    async def test_on_anything_else_of_its_own_says_so(self, ana: Person, channel: Channel) -> None:
        told = await self.asks_about(ana, (await ana.uses("/claims", topic="momentum", in_=channel)).message)
        assert (told.ephemeral, told.text) == (True, words.discord.MINE)


class TestPointing:
    @pytest.mark.parametrize("said", ["can you answer this?", "^", "", "pls help him with this one"])
    async def test_it_is_told_the_way_that_works(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, said: str
    ) -> None:
        theirs = await ben.posts(channel, ASK)
        told = await ana.says(channel, f"{loopback.mention} {said}", reply_to=theirs)
        assert told.text == words.discord.POINTS_ELSEWHERE
        assert told.reply_to
        assert told.reply_to.author == ana

    async def test_where_discord_gives_the_text_it_is_answered(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        first = await ben.says(channel, f"{loopback.mention} {ASK}")
        assert first.reply_to
        shown = await ana.says(channel, f"{loopback.mention} ^", reply_to=first.reply_to.message)
        assert f"### {TITLE}" in shown.text
        assert f"/{channel.id}/{first.reply_to.id})" in shown.text.splitlines()[0]

    async def test_a_question_of_its_own_is_answered(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        theirs = await ben.posts(channel, "no idea")
        assert f"### {TITLE}" in (await ana.says(channel, f"{loopback.mention} {ASK}", reply_to=theirs)).text

    async def test_in_other_words_where_there_is_no_answer(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        theirs = await ben.posts(channel, ASK)
        told = await ana.says(channel, f"{loopback.mention} yo wdym by this??", reply_to=theirs)
        assert told.text == words.discord.POINTS_ELSEWHERE

    async def test_without_a_reply_too(self, loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
        told = await ana.says(channel, f"{loopback.mention} can you answer this one please?")
        assert told.text == words.discord.POINTS_ELSEWHERE
