"""Messages that want something else than an answer: each is given it, or offered it on a button, by every way to
ask."""

from collections.abc import Callable
from typing import Any

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.matching.decision import Decline, Intent, Match
from bot.simulations.experiments import of_topic
from tests.discord_app.conftest import ASK, TITLE, UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

Wants = Callable[..., None]


@pytest.fixture
def wants(decider: UnsureAbout) -> Wants:
    """Has all that is said from now on want that, by the experiments and the topics that it names."""

    def set_(intent: Intent, experiments: tuple[str, ...] = (), topics: tuple[str, ...] = ()) -> None:
        suggested = tuple(Match(topic, 0.5) for topic in topics)
        declined = Decline(suggested, intent=intent, experiments=experiments, named=topics)
        decider.decide = lambda *_: declined  # type: ignore[method-assign]

    return set_


def labels(shown: Shown) -> list[str]:
    return [button.label for button in shown.buttons]


LINES = {
    Intent.HELP: words.discord.HELP,
    Intent.ABOUT: words.discord.ABOUT,
    Intent.GREETING: words.discord.HELLO,
    Intent.THANKS: words.answers.ANY_TIME,
    Intent.CHATTER: words.discord.CHATTER,
}


@pytest.mark.usefixtures("bot")
class TestLines:
    @pytest.mark.parametrize("intent", LINES)
    async def test_one_fitting_line_by_every_way(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel, wants: Wants, intent: Intent
    ) -> None:
        wants(intent)
        theirs = await ana.posts(channel, "whatever")
        for shown, private in (
            (await ana.uses("/ask", question="whatever", in_=channel), True),
            (await ana.says(channel, f"{loopback.mention} whatever"), False),
            (await ana.dms("whatever"), False),
            (await ana.uses_on(theirs, words.discord.ASK_THE_TUTOR), True),
        ):
            assert (shown.text, shown.buttons, shown.ephemeral) == (LINES[intent], [], private)

    async def test_topics_are_shown_with_a_button_each(self, ana: Person, wants: Wants, curriculum: Curriculum) -> None:
        wants(Intent.TOPICS)
        shown = await ana.dms("what do you know")
        assert labels(shown) == [*(topic.title for topic in curriculum.topics), words.tries.LET_ME_TRY]
        assert f"### {TITLE}" in (await ana.presses(shown.button(TITLE))).text


@pytest.mark.usefixtures("bot")
class TestQuiz:
    async def test_a_press_starts_practice_in_private(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, wants: Wants
    ) -> None:
        wants(Intent.QUIZ)
        shown = await ana.says(channel, f"{loopback.mention} quiz me")
        assert labels(shown) == [words.quiz.practise(None), words.answers.REMOVE]
        for one in (ana, ben):
            question = await one.presses(shown.button(words.quiz.practise(None)))
            assert question.ephemeral
            assert words.quiz.ANOTHER_QUESTION in labels(question)
        assert shown.edits == 0

    async def test_of_the_topic_that_is_named(self, ana: Person, wants: Wants, curriculum: Curriculum) -> None:
        topic = curriculum.topic("dropout")
        assert topic
        wants(Intent.QUIZ, topics=("dropout",))
        shown = await ana.dms("give me a question about dropout")
        question = await ana.presses(shown.button(words.quiz.practise(topic)))
        for _ in range(3):
            assert topic.title in question.text
            question = await ana.presses(question.button(words.quiz.ANOTHER_QUESTION))


@pytest.mark.usefixtures("bot")
class TestSimulate:
    async def test_the_one_that_is_meant_runs_with_the_settings_said(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, wants: Wants
    ) -> None:
        wants(Intent.SIMULATE, ("momentum",))
        said = "show me momentum 0.5 with 600 steps"
        theirs = await ben.posts(channel, said)
        for shown in (
            await ana.uses("/ask", question=said, in_=channel),
            await ana.says(channel, f"{loopback.mention} {said}"),
            await ana.dms(said),
            await ana.uses_on(theirs, words.discord.ASK_THE_TUTOR),
        ):
            assert "`/simulate experiment:momentum settings:steps=600 beta=0.5 seed:0`" in shown.text
            assert [one.filename for one in shown.files] == ["momentum-0.png"]

    async def test_in_the_form_of_a_follow_up(self, ana: Person, ben: Person, channel: Channel) -> None:
        shown = await ana.uses("/ask", question=ASK, in_=channel)
        form = await ben.opens(shown.button(words.answers.FOLLOW_UP))
        ran = await ben.submits(form, text="simulate momentum beta=0.5 steps=600")
        assert [one.filename for one in ran.files] == ["momentum-0.png"]
        assert not ran.ephemeral
        assert shown.edits == 0

    async def test_a_value_that_is_not_allowed_is_one_line(self, ana: Person, wants: Wants) -> None:
        wants(Intent.SIMULATE, ("momentum",))
        assert "beta must be" in (await ana.dms("show me momentum 7")).text

    async def test_up_to_three_are_offered_with_the_settings_said(
        self, ana: Person, ben: Person, channel: Channel, wants: Wants, worker: HereRunner
    ) -> None:
        wants(Intent.SIMULATE, ("dropout-cost", "dropout-overfit", "mc-dropout"))
        shown = await ana.uses("/ask", question="dropout 0.2 on 100 samples, seed 3", in_=channel)
        assert labels(shown)[:3] == ["What dropout costs", "Dropout against overfitting", "Doubt from dropout"]
        assert "`/simulate experiment:dropout-overfit settings:n=100 drop=0.2 seed:3`" in shown.text
        assert worker.ran == []
        for one, private in ((ana, False), (ben, True)):
            ran = await one.presses(shown.button("What dropout costs"))
            assert "`/simulate experiment:dropout-cost settings:drop=0.2 seed:3`" in ran.text
            assert ran.ephemeral is private
        assert shown.edits == 0

    async def test_those_of_a_topic_where_only_that_is_named(self, ana: Person, wants: Wants) -> None:
        wants(Intent.SIMULATE, topics=("momentum",))
        shown = await ana.dms("show me that")
        assert labels(shown)[:3] == [one.title for one in of_topic("momentum")]
        wants(Intent.SIMULATE, topics=("dropout",))
        assert [one.value for one in (await ana.dms("that")).select().options] == [
            one.name for one in of_topic("dropout")
        ]

    async def test_where_none_is_known_there_is_a_menu(self, ana: Person, wants: Wants, worker: HereRunner) -> None:
        wants(Intent.SIMULATE)
        shown = await ana.dms("run something")
        assert words.laboratory.ANY_EXPERIMENT in shown.text
        await ana.chooses(shown.select(), "symmetry")
        assert [one.experiment for one in worker.ran] == ["symmetry"]


@pytest.mark.usefixtures("bot")
class TestClaims:
    async def test_of_the_topic_that_is_named(self, ana: Person, wants: Wants) -> None:
        wants(Intent.CLAIMS, topics=("momentum",))
        shown = await ana.dms("what are the claims about momentum")
        assert shown.text == (await ana.uses("/claims", topic="momentum", in_=ana.dm)).text

    async def test_of_all_there_are_by_button(self, ana: Person, wants: Wants, curriculum: Curriculum) -> None:
        wants(Intent.CLAIMS)
        shown = await ana.dms("has anyone checked this")
        assert shown.text == words.laboratory.CLAIMS_WANTED
        assert labels(shown)[:-1] == [topic.title for topic in curriculum.topics if topic.claims]
        opened = await ana.presses(shown.button(TITLE))
        assert opened.text == (await ana.uses("/claims", topic="bias-initialization", in_=ana.dm)).text


@pytest.mark.usefixtures("bot")
class TestComplaint:
    async def test_offers_what_helps_with_the_last_answer(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, wants: Wants
    ) -> None:
        await ana.uses("/ask", question=ASK, in_=channel)
        wants(Intent.COMPLAINT)
        shown = await ana.uses("/ask", question="ur answer is wrong", in_=channel)
        assert shown.text.startswith(words.answers.question(f"`{ASK}`"))
        asks = [words.answers.NOT_WHAT_I_ASKED, words.laboratory.CLAIMS, words.answers.ASK_THE_GROUP]
        assert labels(shown) == [*asks, words.answers.REMOVE]
        await ana.presses(shown.button(words.answers.ASK_THE_GROUP))
        await loopback.settled()
        assert any(words.discord.GROUP_CALL in one.text and ASK in one.text for one in ben.sees(channel))

    async def test_or_with_the_one_that_it_replies_to(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel, wants: Wants
    ) -> None:
        answer = await ana.says(channel, f"{loopback.mention} {ASK}")
        wants(Intent.COMPLAINT)
        shown = await ben.says(channel, "that is wrong", reply_to=answer)
        assert f"`{ASK}`" in shown.text
        await ben.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
        assert words.answers.ASK_THE_GROUP in labels(shown)
        assert f"`{ASK}`" in shown.text

    async def test_without_an_answer_it_says_the_ways(self, ana: Person, wants: Wants) -> None:
        wants(Intent.COMPLAINT)
        shown = await ana.dms("you are useless")
        assert (shown.text, shown.buttons) == (words.discord.complained(about=False, group=False), [])


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("help!", words.discord.HELP),
        ("what are you?", words.discord.ABOUT),
        ("what topics do you have", words.terminal.TOPICS),
        ("quiz me please", words.quiz.PRACTICE_OFFERED),
        ("show me dying relu", "`/simulate experiment:dying-relu"),
        ("can you simulate dropout?", words.laboratory.WHICH_EXPERIMENT),
        ("show me your claims", words.laboratory.CLAIMS_WANTED),
        ("hi there", words.discord.HELLO),
        ("thank you so much!", words.answers.ANY_TIME),
        ("that answer is wrong", words.discord.complained(about=False, group=False)),
        ("lol", words.discord.CHATTER),
    ],
)
async def test_they_are_told_by_what_is_said(ana: Person, said: str, shown: str) -> None:
    assert shown in (await ana.dms(said)).text


async def test_none_of_them_ends_the_conversation_or_teaches(
    bot: TutorClient, ana: Person, decider: UnsureAbout, wants: Wants
) -> None:
    decide = decider.decide
    await ana.dms("when should i use softmax")
    for intent in Intent:
        if intent is not Intent.QUESTION:
            wants(intent, ("symmetry",) if intent is Intent.SIMULATE else ())
            assert words.additions.TEACH_THIS not in labels(await ana.dms("anything at all?"))
    decider.decide = decide  # type: ignore[method-assign]
    assert words.answers.FOLLOW_UP in labels(await ana.dms("why?"))


class TestInMidRound:
    @pytest.fixture(autouse=True)
    async def asked(self, bot: TutorClient, play: Play, ana: Person) -> None:
        await play.start(bot, questions=1, kinds="choice", topics="momentum", seconds=300, seed="b")
        await play.asked()
        assert "momentum" in play.turn.question.experiments

    async def says(self, play: Play, by: Person, text: str = "anything") -> Any:
        return await by.says(play.channel, f"{play.loopback.mention} {text}")

    async def test_no_run_of_it(self, play: Play, ana: Person, wants: Wants, worker: HereRunner) -> None:
        wants(Intent.SIMULATE, ("momentum",))
        kept = await self.says(play, ana, "show me momentum 0.99")
        assert words.discord.AFTER_THE_CLOSE in labels(kept)
        wants(Intent.SIMULATE, ("momentum", "momentum-noise"))
        offer = await self.says(play, ana)
        kept = await ana.presses(offer.button("Momentum close to 1"))
        assert words.discord.AFTER_THE_CLOSE in labels(kept)
        assert worker.ran == []

    async def test_no_question_and_no_claims_of_it(self, play: Play, ana: Person, wants: Wants) -> None:
        for intent in (Intent.QUIZ, Intent.CLAIMS):
            wants(intent, topics=("momentum",))
            shown = await self.says(play, ana)
            if intent is Intent.QUIZ:
                shown = await ana.presses(shown.buttons[0])
            assert words.discord.AFTER_THE_CLOSE in labels(shown)
