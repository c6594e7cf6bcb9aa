"""Members answer first: by an option of `/ask`, by a button, in channels of practice; the answer is a press away."""

from collections.abc import Callable

import pytest
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app import layout
from bot.discord_app.asking.answer_pages import which_to_try
from bot.discord_app.asking.picks import Inquiry, picks
from bot.discord_app.client import TutorClient
from bot.matching.decision import Match
from bot.service.gate import Asker
from bot.service.tries import Hint, experiment_of
from bot.simulations.execute import execute
from bot.simulations.experiments import find
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UNSURE
from tests.discord_app.laboratory.test_simulating import pictures
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.service.own_topics import MO_NAME, PROBING, put
from tests.service.test_tries import nothing_is_given_away

QUESTION = "is momentum of 0.99999 bad?"
PLAIN = "it overshoots the minimum"
TRY = {"try": True}


def labels(shown: Shown) -> list[str]:
    return [one.label for one in shown.buttons]


async def writes(person: Person, shown: Shown, text: str) -> Shown:
    label = words.tries.WRITE if words.tries.WRITE in labels(shown) else words.tries.WRITE_AGAIN
    return await person.submits(await person.opens(shown.button(label)), text=text)


@pytest.fixture
def momentum(curriculum: Curriculum) -> Topic:
    topic = curriculum.topic("momentum")
    assert topic
    return topic


@pytest.mark.usefixtures("bot")
class TestTheLadder:
    async def test_one_writes_first_and_each_press_gives_one_hint_more(
        self, ana: Person, ben: Person, channel: Channel, momentum: Topic
    ) -> None:
        shown = await ana.uses("/ask", question=QUESTION, in_=channel, **TRY)
        assert shown.ephemeral
        assert shown not in ben.sees(channel)
        assert shown.text.splitlines()[0].endswith(f"`{QUESTION}`")
        assert momentum.question in shown.text
        assert words.tries.SHOW_THE_ANSWER in labels(shown)
        wrote = await writes(ana, shown, PLAIN)
        assert (wrote, wrote.edits) == (shown, 1)
        assert f"{words.tries.YOU_WROTE}\n`{PLAIN}`" in wrote.text
        assert "1 of 3 points is there" in wrote.text
        for hint in (Hint.NUDGE, Hint.SUBJECTS, Hint.EXPERIMENT):
            wrote = await ana.presses(wrote.button(words.tries.HINTS[hint]))
            assert words.tries.SHOW_THE_ANSWER in labels(wrote)
        assert "how long it takes; what becomes of the loss" in wrote.text
        again = await writes(ana, wrote, f"{PLAIN}, and takes far longer to converge")
        assert "2 of 3 points are there" in again.text
        assert "how long it takes;" not in again.text
        told = await ana.presses(again.button(words.tries.SHOW_THE_ANSWER))
        assert momentum.answer in told.text
        assert "**67%** (2 points, full marks for 3)" in told.text
        assert "Missing: Training turns unstable" in told.text

    async def test_the_form_holds_what_was_written(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=QUESTION, **TRY)
        text = "one `two` @everyone\n- three " + "x" * 600
        wrote = await writes(ana, shown, text)
        form = await ana.opens(wrote.button(words.tries.WRITE_AGAIN))
        held = form.field("text").value
        assert held == f"one ˋtwoˋ @everyone\n- three {'x' * 192} {'x' * 200} {'x' * 200} {'x' * 8}"
        assert not wrote.pings

    async def test_nothing_of_any_answer_is_shown_before_it_is_asked_for(
        self, ana: Person, channel: Channel, curriculum: Curriculum
    ) -> None:
        for topic in curriculum.topics:
            shown = await ana.uses("/ask", question=topic.title, in_=channel, **TRY)
            shown = await writes(ana, shown, PLAIN)
            while hint := next((one for one in words.tries.HINTS.values() if one in labels(shown)), None):
                shown = await ana.presses(shown.button(hint))
                seen = "\n".join([shown.text, *labels(shown), *shown.descriptions])
                points = {point.id for point in topic.key_points.points} if topic.key_points else set()
                nothing_is_given_away(seen, topic, PLAIN, points - {"t5.b"})
            assert layout.measured(shown.message.components).characters < 2500
            assert words.tries.RUN_IT in labels(shown)

    async def test_the_experiment_shows_what_is_measured_and_not_what_it_comes_to(
        self, ana: Person, channel: Channel, momentum: Topic
    ) -> None:
        shown = await ana.uses("/ask", question=QUESTION, in_=channel, **TRY)
        for hint in words.tries.HINTS.values():
            shown = await ana.presses(shown.button(hint))
        run = await ana.presses(shown.button(words.tries.RUN_IT))
        to_run = experiment_of(momentum)
        assert to_run
        assert run.ephemeral
        assert pictures(run)
        named, found = execute(to_run.request, find).runs[0], find(to_run.request.experiment)
        seen = "\n".join([run.text, *run.descriptions, *labels(run)])
        assert to_run.watch in seen
        assert named.headline[:30] not in seen
        assert found.title not in seen
        assert "Steps to the minimum: >" not in seen  # the finding, as the picture and its alt text have it elsewhere
        assert words.laboratory.RAW not in labels(run)
        in_words = await ana.presses(run.button(words.laboratory.DESCRIBE))
        numbers = await ana.presses(run.button(words.laboratory.NUMBERS))
        assert (in_words.ephemeral, numbers.ephemeral) == (True, True)
        assert named.headline[:30] not in in_words.text
        points = {point.id for point in momentum.key_points.points} if momentum.key_points else set()
        nothing_is_given_away("\n".join([seen, in_words.text]), momentum, "", points)

    async def test_it_survives_a_restart(
        self, ana: Person, loopback: LoopbackDiscord, bot: TutorClient, make_client: Callable[[], TutorClient]
    ) -> None:
        shown = await writes(ana, await ana.uses("/ask", question=QUESTION, **TRY), PLAIN)
        await bot.close()
        async with loopback.running(make_client()):
            hinted = await ana.presses(shown.button(words.tries.HINTS[Hint.NUDGE]))
            assert f"`{PLAIN}`" in hinted.text
            assert "1 of 3 points is there" in hinted.text

    async def test_lines_stay_lines_and_are_graded_as_such_at_each_press(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question="name three ways to get sparse models", **TRY)
        wrote = await writes(ana, shown, "L1 regularization\n\nprune small weights\nL2 regularization, dropout")
        told = wrote.text[wrote.text.index("**2 of 3 points") :]
        assert "- a change to the loss: “`L1 regularization`”" in told
        assert (await ana.presses(wrote.button(words.tries.HINTS[Hint.NUDGE]))).text.count(told) == 1

    async def test_nothing_of_the_longest_answer_is_lost(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=QUESTION, **TRY)
        for text in ("Well, that depends.\n" * 70, "I do not know. " * 95, "😀.\n" * 360):
            wrote = await writes(ana, shown, f"{text}\nIt overshoots the minimum.")
            assert "1 of 3 points is there" in wrote.text
            assert "1 of 3 points is there" in (await ana.presses(wrote.button(words.tries.HINTS[Hint.NUDGE]))).text
            shown = await ana.uses("/ask", question=QUESTION, **TRY)

    async def test_an_empty_answer_is_told_so_and_changes_nothing(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=QUESTION, **TRY)
        told = await writes(ana, shown, "  \u200b ")
        assert told != shown
        assert "That answer is empty" in told.text
        assert shown.edits == 0


@pytest.mark.usefixtures("bot")
class TestWhereATryBegins:
    async def test_a_wrong_topic_is_left_by_the_usual_button(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=QUESTION, **TRY)
        other = await ana.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
        assert words.answers.ASK_THE_GROUP in labels(other)

    async def test_of_several_one_is_chosen(self, ana: Person) -> None:
        both = "can biases start at zero? and does dropout slow down training?"
        shown = await ana.uses("/ask", question=both, **TRY)
        assert words.tries.WHICH in shown.text
        begun = await ana.presses(shown.button(words.tries.of_topic(TITLE)))
        assert f"{words.tries.TRY_FIRST}: {TITLE}" in begun.text

    async def test_what_no_topic_answers_is_declined_as_ever(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=OFF_TOPIC, **TRY)
        assert words.answers.DECLINE in shown.text

    async def test_a_choice_and_the_list_of_topics_turn_into_tries(self, ana: Person, curriculum: Curriculum) -> None:
        for shown in (await ana.uses("/ask", question=UNSURE), await ana.uses("/topics")):
            turned = await ana.presses(shown.button(words.tries.LET_ME_TRY))
            begun = await ana.presses(turned.button(words.tries.of_topic(TITLE)))
            assert f"{words.tries.TRY_FIRST}: {TITLE}" in begun.text
            answer = await ana.presses(begun.button(words.tries.SHOW_THE_ANSWER))
            assert "**What counts** (3 points for full marks)" in answer.text

    async def test_a_follow_up_can_be_tried(self, ana: Person, channel: Channel) -> None:
        shown = await ana.uses("/ask", question="when should i use softmax", in_=channel)
        form = await ana.opens(shown.button(words.answers.FOLLOW_UP))
        tried = await ana.submits(form, text="and tanh?", how="try")
        assert tried.ephemeral
        assert words.tries.TRY_FIRST in tried.text
        form = await ana.opens(shown.button(words.answers.FOLLOW_UP))
        assert words.tries.TRY_FIRST not in (await ana.submits(form, text="and tanh?")).text

    async def test_an_answer_of_mine_can_be_tried_later(self, ana: Person, ben: Person, channel: Channel) -> None:
        shown = await ana.uses("/ask", question=QUESTION, in_=channel)
        about = await ben.uses_on(shown, words.discord.ASK_THE_TUTOR)
        begun = await ben.presses(about.button(words.tries.LET_ME_TRY))
        assert words.tries.TRY_FIRST in begun.text
        assert begun.ephemeral

    async def test_in_a_direct_message_it_stays_in_the_conversation(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question=QUESTION, in_=ana.dm, **TRY)
        assert not shown.ephemeral
        wrote = await writes(ana, shown, PLAIN)
        assert (wrote, wrote.edits) == (shown, 1)


@pytest.mark.usefixtures("bot")
class TestInADirectMessage:
    async def test_what_one_types_next_is_the_next_attempt(self, ana: Person, momentum: Topic) -> None:
        await ana.uses("/ask", question=QUESTION, in_=ana.dm, **TRY)
        wrote = await ana.says(ana.dm, PLAIN)
        assert "1 of 3 points is there" in wrote.text
        more = await ana.says(ana.dm, "and takes far longer to converge")
        assert f"`{PLAIN}`\n`and takes far longer to converge`" in more.text
        assert "2 of 3 points are there" in more.text
        hinted = await ana.says(ana.dm, "hint")
        assert words.tries.HINTS[Hint.SUBJECTS] in labels(hinted)
        assert "what becomes of the loss" in (await ana.says(ana.dm, "idk")).text
        points = {point.id for point in momentum.key_points.points} if momentum.key_points else set()
        for shown in (wrote, more, hinted):
            written = f"{PLAIN} and takes far longer to converge"
            nothing_is_given_away(shown.text, momentum, written, points - {"t5.b", "t5.c", "t5.d"})
        told = await ana.says(ana.dm, "answer")
        assert momentum.answer in told.text
        assert "**67%** (2 points, full marks for 3)" in told.text
        assert words.tries.TRY_FIRST not in (await ana.says(ana.dm, PLAIN)).text

    async def test_what_is_pressed_and_written_in_the_form_counts_too(self, ana: Person) -> None:
        shown = await ana.says(ana.dm, "let me try momentum")
        wrote = await writes(ana, shown, PLAIN)
        await ana.presses(wrote.button(words.tries.HINTS[Hint.NUDGE]))
        more = await ana.says(ana.dm, "takes far longer to converge")
        assert "2 of 3 points are there" in more.text
        assert words.tries.HINTS[Hint.SUBJECTS] in labels(more)

    @pytest.mark.parametrize("other", ["when should i use softmax?", "can biases start at zero"])
    async def test_another_question_ends_it(self, ana: Person, other: str) -> None:
        await ana.says(ana.dm, f"let me try this: {QUESTION}")
        answered = await ana.says(ana.dm, other)
        assert words.answers.FOLLOW_UP in labels(answered)
        assert words.tries.TRY_FIRST not in (await ana.says(ana.dm, PLAIN)).text


@pytest.mark.usefixtures("bot")
class TestInWords:
    @pytest.mark.parametrize(
        "said",
        [
            "let me try momentum",
            "can i try the momentum question first",
            f"i want to try first: {QUESTION}",
            "try momentum",
        ],
    )
    async def test_it_begins_a_try_and_never_shows_the_answer(
        self, ana: Person, bot: TutorClient, channel: Channel, momentum: Topic, said: str
    ) -> None:
        assert bot.user
        for shown in (await ana.says(channel, f"{bot.user.mention} {said}"), await ana.uses("/ask", question=said)):
            assert f"{words.tries.TRY_FIRST}: {momentum.title}" in shown.text
            assert momentum.answer not in shown.text

    async def test_what_no_topic_is_known_by_offers_those_that_can_be_tried(self, ana: Person) -> None:
        shown = await ana.uses("/ask", question="let me try the bakery")
        assert words.tries.WHICH in shown.text
        assert words.tries.of_topic(TITLE) in labels(shown)


@pytest.mark.usefixtures("bot")
class TestAChannelOfPractice:
    @pytest.fixture(autouse=True)
    async def practice(self, bot: TutorClient, head: Person, channel: Channel) -> None:
        told = await head.uses("/tutor settings", try_in=channel)
        assert f"Tried first, then answered: what is asked in {channel.mention}" in told.text

    async def test_what_is_asked_there_is_tried_first(
        self, ana: Person, ben: Person, guild: Guild, channel: Channel, momentum: Topic
    ) -> None:
        asked = await ana.uses("/ask", question=QUESTION, in_=channel)
        assert words.tries.TRY_FIRST in asked.text
        assert asked.ephemeral
        message = await ben.posts(channel, QUESTION)
        read = await ana.uses_on(message, words.discord.ASK_THE_TUTOR)
        assert words.tries.TRY_FIRST in read.text
        elsewhere = await ana.uses("/ask", question=QUESTION, in_=guild.add_channel("lounge"))
        assert momentum.answer in elsewhere.text

    async def test_below_a_mention_each_begins_a_try_of_their_own(
        self, ana: Person, ben: Person, bot: TutorClient, channel: Channel, momentum: Topic
    ) -> None:
        assert bot.user
        shown = await ana.says(channel, f"{bot.user.mention} {QUESTION}")
        assert not shown.ephemeral
        assert momentum.answer not in shown.text
        for person in (ben, ana):
            own = await writes(person, shown, PLAIN)
            assert own.ephemeral
            assert PLAIN in own.text
            assert (await person.presses(own.button(words.tries.HINTS[Hint.NUDGE]))) == own
            told = await person.presses(shown.button(words.tries.SHOW_THE_ANSWER))
            assert told.ephemeral
            assert momentum.answer in told.text
        assert shown.edits == 0
        assert PLAIN not in shown.text

    async def test_the_list_a_run_and_the_claims_go_by_the_try_there(
        self, ana: Person, bot: TutorClient, channel: Channel, momentum: Topic
    ) -> None:
        assert bot.user
        listed = await ana.uses("/topics", in_=channel)
        assert TITLE not in labels(listed)
        begun = await ana.presses(listed.button(words.tries.of_topic(TITLE)))
        assert f"{words.tries.TRY_FIRST}: {TITLE}" in begun.text
        run = await ana.says(channel, f"{bot.user.mention} show me momentum 0.9999")
        claims = await ana.uses("/claims", topic="momentum", in_=channel)
        asked = await ana.uses("/ask", question="show me the claims about momentum", in_=channel)
        for shown in (run, claims, asked):
            assert f"{words.tries.TRY_FIRST}: {momentum.title}" in shown.text
            assert words.tries.FIRST_HERE in shown.text
            assert "holds" not in shown.text
        assert claims.ephemeral

    async def test_what_follows_ones_own_try_there_points_to_the_form(
        self, ana: Person, ben: Person, bot: TutorClient, channel: Channel
    ) -> None:
        assert bot.user
        await ana.says(channel, f"{bot.user.mention} {QUESTION}")
        waits = await ana.says(channel, f"{bot.user.mention} {PLAIN}")
        assert "waits" in waits.text
        assert words.tries.TRY_FIRST not in waits.text
        form = await ana.opens(waits.button(words.tries.WRITE))
        assert form.field("text").value == PLAIN
        theirs = await ben.opens(waits.button(words.tries.WRITE))
        assert not theirs.field("text").value
        again = await ana.says(channel, f"{bot.user.mention} when should i use softmax?")
        assert f"{words.tries.TRY_FIRST}: When to use" in again.text

    async def test_it_is_no_longer_one_when_it_is_taken_out_or_gone(
        self, ana: Person, head: Person, channel: Channel, momentum: Topic
    ) -> None:
        told = await head.uses("/tutor settings", no_longer_try_in=channel)
        assert "Tried first" not in told.text
        assert momentum.answer in (await ana.uses("/ask", question=QUESTION, in_=channel)).text
        assert "no channel of practice" in (await head.uses("/tutor settings", no_longer_try_in=channel)).text

    async def test_a_follow_up_is_tried_there_without_being_asked(
        self, ana: Person, head: Person, channel: Channel
    ) -> None:
        await head.uses("/tutor settings", no_longer_try_in=channel)
        shown = await ana.uses("/ask", question="when should i use softmax", in_=channel)
        await head.uses("/tutor settings", try_in=channel)
        form = await ana.opens(shown.button(words.answers.FOLLOW_UP))
        assert [one.label for one in form.fields] == [words.discord.FOLLOW_UP_QUESTION]
        assert words.tries.TRY_FIRST in (await ana.submits(form, text="and tanh?")).text

    async def test_a_follow_up_and_its_edit_go_by_the_rule_too(
        self, ana: Person, bot: TutorClient, channel: Channel
    ) -> None:
        assert bot.user
        shown = await ana.says(channel, f"{bot.user.mention} {ASK}")
        assert TITLE in shown.text
        ana.edits(shown.reply_to.message if shown.reply_to else shown.message, f"{bot.user.mention} {QUESTION}")
        changed = await ana.sees_changed(shown)
        assert f"{words.tries.TRY_FIRST}: Momentum" in changed.text


class TestATopicOfTheServer:
    async def test_it_is_tried_there_by_the_form_of_its_points(
        self,
        ana: Person,
        channel: Channel,
        guild: Guild,
        loopback: LoopbackDiscord,
        make_client: Callable[[], TutorClient],
    ) -> None:
        client = make_client()
        await put(client.app.storage, guild.id, PROBING)
        async with loopback.running(client):
            shown = await ana.uses("/ask", question="what is primary clustering in open addressing", **TRY)
            assert "Try it first: Linear probing" in shown.text
            wrote = await writes(ana, shown, "runs of slots")
            assert "1 of 2 points is there" in wrote.text
            wrote = await ana.presses(wrote.button(words.tries.HINTS[Hint.NUDGE]))
            wrote = await ana.presses(wrote.button(words.tries.HINTS[Hint.SUBJECTS]))
            assert f"Still missing:** {words.tries.FORMS[words.tries.PointForm.POINT]}" in wrote.text
            assert words.tries.HINTS[Hint.EXPERIMENT] not in labels(wrote)
            topic = (await client.app.topics.learnt(guild.id)).curriculum.topic("linear-probing")
            assert topic
            nothing_is_given_away(wrote.text, topic, "runs of slots", {"walk"})
            told = await ana.presses(wrote.button(words.tries.SHOW_THE_ANSWER))
            assert "A deleted key leaves a tombstone" in told.text
            assert MO_NAME in told.text  # who added it


@pytest.mark.usefixtures("bot")
async def test_what_a_round_asks_is_not_helped_with_and_what_was_written_is_given_back(
    ana: Person, bot: TutorClient, play: Play, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=QUESTION, in_=channel, **TRY)
    form = await ana.opens(shown.button(words.tries.WRITE))
    await play.start(bot, topics="momentum", questions=1)
    await play.asked()
    kept = await ana.submits(form, text=PLAIN)
    assert words.tries.TRY_FIRST not in kept.text
    assert f"`{PLAIN}`" in kept.text
    hinted = await ana.presses(shown.button(words.tries.HINTS[Hint.NUDGE]))
    assert words.discord.AFTER_THE_CLOSE in labels(hinted)
    assert shown.edits == 0


def test_what_has_no_key_points_is_not_among_what_can_be_tried(curriculum: Curriculum) -> None:
    bare, *rest = curriculum.topics
    topics = (bare.model_copy(update={"key_points": None}), *rest)
    known = curriculum.model_copy(update={"topics": topics})
    page, *_ = which_to_try(
        known, picks([Match(topics[0].id, 1.0), Match(topics[1].id, 1.0)]), Inquiry("", Asker("me", 1))
    )
    shown = [one.label for one in page.walk_children() if isinstance(one, ui.Button)]
    assert words.tries.of_topic(topics[1].title) in shown
    assert not [label for label in shown if label and topics[0].title in label]
