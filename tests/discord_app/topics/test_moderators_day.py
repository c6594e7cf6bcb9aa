"""Somebody who runs a server and has never seen the code gives it a topic, plays a round with it, and takes it out."""

from collections.abc import Callable

import pytest

from bot import words
from bot.curriculum.foreign import read_topics
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.quiz.kinds import Kinds
from bot.storage.database import Storage
from bot.words.topics import plain
from tests.discord_app.playing import Play
from tests.discord_app.topics.conftest import ASK, FIELDS, add, file_of, sends
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.service.own_topics import PROBING, another, put

TITLE, ADDED_BY = "Linear probing", "-# From this server, added by `Head`."


@pytest.mark.usefixtures("bot")
async def test_a_topic_is_added_by_a_form_and_answers_in_that_server_at_once(
    loopback: LoopbackDiscord, head: Person, ana: Person, channel: Channel
) -> None:
    told = await add(head)
    assert told.ephemeral
    assert told.text.startswith("Added for this server: **Linear probing**.\nTry it: `/ask question:``why does my hash")
    answer = await ana.uses("/ask", question=ASK, in_=channel)
    assert FIELDS["answer"] in answer.text
    assert ADDED_BY in answer.text
    assert "Read on: Knuth (1998), Sorting and Searching" in answer.text
    assert "Tested:" not in answer.text
    assert {one.label for one in answer.buttons} == {"Follow up", "Not what I asked", "Remove"}
    listed = await ana.uses("/topics", in_=channel)
    assert listed.text.endswith(f"{words.topics.HEADING}\n8. **{TITLE}**")
    assert FIELDS["answer"] in (await ana.presses(listed.button(TITLE))).text
    assert [one.name for one in await ana.types("/ask", question="probing", in_=channel)] == [TITLE]
    elsewhere = loopback.add_guild("Elsewhere", bot_permissions=["send_messages"]).add_channel("general")
    eve = elsewhere.guild.add_member("Eve")  # type: ignore[union-attr]
    for shown in (await eve.uses("/ask", question=ASK, in_=elsewhere), await ana.dms(ASK)):
        assert FIELDS["answer"] not in shown.text
    assert TITLE not in (await eve.uses("/topics", in_=elsewhere)).text


@pytest.mark.usefixtures("bot")
async def test_it_is_edited_in_the_form_with_what_is_there(head: Person, ana: Person, channel: Channel) -> None:
    told = await add(head)
    for form in (await head.opens("/tutor topics edit", topic=TITLE), await head.opens(told.button("Edit"))):
        assert form.field("answer").value == FIELDS["answer"]
        assert form.field("asks").value.splitlines()[1] == "what is primary clustering"
        assert form.field("reading").value == FIELDS["reading"]
    told = await head.submits(form, answer="Filled slots grow together.")
    assert told.text.startswith(f"Changed: **{TITLE}**.")
    assert "Filled slots grow together.\n" in (await ana.uses("/ask", question=ASK, in_=channel)).text
    listed = await head.uses("/tutor topics list")
    assert (
        f"{words.topics.HEADING} (1 of at most 100)\n- **{TITLE}**: 5 ways to ask, no quiz questions; added by `Head`"
        in (listed.text)
    )
    assert ", changed by `Head`, <t:" in listed.text


async def test_a_round_is_played_with_a_topic_out_of_a_file(
    bot: TutorClient, head: Person, ana: Person, channel: Channel, play: Play
) -> None:
    told = await sends(head, PROBING)
    assert told.text.endswith("With 3 quiz questions, `/quiz start` and `/practice` ask about it too.")
    await play.start(bot, questions=1, kinds="choice", topics="linear-probing", seconds=20)
    question = await play.asked()
    assert "Why does a long run of filled slots become longer still?" in question.text
    await ana.presses(question.button(play.letter()))
    withheld = await ana.uses("/ask", question="what is primary clustering in open addressing", in_=channel)
    assert "being asked in a quiz round" in withheld.text
    for command in ("/tutor topics export", "/tutor topics edit"):
        assert (await head.uses(command, topic=TITLE, in_=channel)).text == words.answers.BEING_ASKED
    asked = await head.uses("/tutor topics remove", topic=TITLE, in_=channel)
    assert asked.text.startswith(f"Remove **{TITLE}** from this server?")
    gone = await head.presses(asked.button("Remove"))
    assert gone.text == words.topics.removed(TITLE, waits=True)
    reveal = await play.closed(question)
    assert "A key whose slot is taken goes to the next free one" in reveal.text
    await play.result()
    await play.loopback.tasks_ended()
    assert TITLE not in (await head.uses("/tutor topics list")).text


@pytest.mark.usefixtures("bot")
async def test_a_topic_by_a_form_gets_questions_in_three_steps(head: Person, ana: Person, channel: Channel) -> None:
    told = await add(head)
    shown = await head.presses(told.button(words.topics.ADD_QUESTIONS))
    name = "linear-probing-with-questions.yaml"
    assert shown.text == words.topics.questions_to_write(TITLE, name)
    assert [one.filename for one in shown.files] == [name, "example.yaml"]
    text = file_of(shown, name)
    exported = await head.uses("/tutor topics export", topic=TITLE)
    assert text.startswith(file_of(exported, "linear-probing.yaml")) and file_of(exported, name) == text
    assert f"`{name}` is the topic with places for its first question." in exported.text
    unfilled = await sends(head, text, name)
    assert "12 things are wrong with it" in unfilled.text
    assert (
        "questions[1].ask: is still to be written: put your own text in place of 'TODO the question'" in unfilled.text
    )
    asked = await sends(head, text.replace("TODO ", 'My "own": it\'s #'), name)
    told = await head.presses(asked.button("Replace"))
    assert told.text.endswith("With 1 quiz question, `/quiz start` and `/practice` ask about it too.")
    assert [one.label for one in told.buttons] == ["Edit", "Remove"]
    assert "it's" in (await ana.uses("/practice", topic=TITLE, in_=channel)).text
    exported = await head.uses("/tutor topics export", topic=TITLE)
    assert [one.filename for one in exported.files] == ["linear-probing.yaml", "example.yaml"]


@pytest.mark.usefixtures("bot")
async def test_before_it_is_removed_what_is_scheduled_about_it_is_named(head: Person, channel: Channel) -> None:
    await sends(head, PROBING)
    for when, topics in (("mon 18:30", TITLE), ("tue 8:00", "Momentum"), ("daily 9:00", f"Momentum, {TITLE}")):
        await head.uses("/tutor schedule add", what="day", when=when, topics=topics, in_=channel)
    asked = await head.uses("/tutor topics remove", topic=TITLE)
    said, one, other = asked.text.splitlines()[1:]
    assert said == "This begins by itself and asks about it:"
    where = f"question of the day in <#{channel.id}>"
    pauses, goes_on = "pauses then, for it asks about nothing else", "goes on with its other topics"
    assert one == f"- number 1 of `/tutor schedule list`, {where} (Mon 18:30): {pauses}"
    assert other == f"- number 3 of `/tutor schedule list`, {where} (daily 9:00): {goes_on}"
    assert (await head.presses(asked.button("Remove"))).text == f"Removed: **{TITLE}**."


@pytest.mark.usefixtures("bot")
async def test_it_is_exported_to_the_letter_and_removed(head: Person, ana: Person, channel: Channel) -> None:
    second = another("brass-widget", "The widget", "widget")
    await sends(head, PROBING)
    await sends(head, second)
    exported = await head.uses("/tutor topics export")
    assert exported.ephemeral
    assert file_of(exported, "example.yaml") == words.topics.example()
    whole = file_of(exported, "topics.yaml")
    one = await head.uses("/tutor topics export", topic="brass-widget")
    assert file_of(one, "brass-widget.yaml") == second
    asked = await head.uses("/tutor topics remove", topic="The widget")
    assert (await head.presses(asked.button("Leave them as they are"))).text == words.topics.LEFT
    asked = await head.uses("/tutor topics remove", topic="The widget")
    assert (await head.presses(asked.button("Remove"))).text == "Removed: **The widget**."
    assert "brass" not in (await ana.uses("/ask", question="what is a widget", in_=channel)).text
    changed = whole.replace("Linear probing\n", "Linear probing, again\n")
    again = await sends(head, changed)
    assert again.text == f"This server has **{TITLE}** already. Replace it? Nothing is changed until you press."
    told = await head.presses(again.button("Replace"))
    assert told.text.startswith(f"Added for this server: **The widget**.\nChanged: **{TITLE}, again**.")
    assert file_of(await head.uses("/tutor topics export"), "topics.yaml") == changed
    assert (await sends(head, changed)).text == words.topics.THERE_ALREADY
    assert (await head.uses("/tutor topics export", topic="nothing")).text == words.topics.NO_SUCH_TOPIC


@pytest.mark.usefixtures("bot")
async def test_the_example_can_be_imported_as_it_is_and_has_all_that_a_server_may_have(
    head: Person, curriculum: Curriculum
) -> None:
    exported = await head.uses("/tutor topics export")
    assert words.topics.NO_TOPICS in exported.text
    told = await sends(head, file_of(exported, "example.yaml"))
    assert told.text.startswith("Added for this server: **What batch normalization does**.")
    assert "With 6 quiz questions" in told.text
    (found,) = read_topics(words.topics.example().encode(), "example.yaml", Kinds(), curriculum.language)
    needy = {one.kind for one in Kinds() if one.schema.model_fields["experiment"].is_required()}
    assert {one.kind for one in found.topic.questions} == {one.listed_as or one.kind for one in Kinds()} - needy - {
        "predict"
    }


@pytest.mark.slow
@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("answer", ["*_" * 2000, "\\" * 4000, "<@1> [a](https://b.c) " * 180, "a" * 4000, "🚀" * 2000])
async def test_the_longest_answer_is_shown_whole_in_as_many_messages_as_it_takes(
    head: Person, ana: Person, channel: Channel, answer: str, loopback: LoopbackDiscord
) -> None:
    assert "Added for this server" in (await add(head, answer=answer)).text
    first = await ana.uses("/ask", question=ASK, in_=channel)
    await loopback.tasks_ended()
    every = [one.text for one in ana.sees(channel) if one.message.id >= first.message.id]
    shown = plain("".join(every)).replace("\n", "")
    assert shown.count(answer[:1]) >= answer.strip().count(answer[:1])
    assert ADDED_BY in every[-1]


async def test_what_stands_in_the_way_of_a_topic_is_named_in_the_list(
    storage: Storage, loopback: LoopbackDiscord, guild: Guild, make_client: Callable[[], TutorClient]
) -> None:
    gone = another("brass-widget", "The widget", "widget")
    await put(storage, guild.id, another("dropout", "Of the server", "gadget"), gone.replace("asks:", "asked:"))
    head = guild.add_member("Head", permissions=["manage_guild"])
    guild.add_channel("general")
    async with loopback.running(make_client()):
        listed = await head.uses("/tutor topics list")
        assert "**Of the server**: 5 ways to ask, 1 quiz question; added by `Mo`" in listed.text
        assert "Not taught: I have a topic of the id `dropout` for all servers now." in listed.text
        assert (
            "**brass-widget**: ?; added by `Mo`, <t:1700000000:d>. Not taught: this version of me cannot read it."
            in (listed.text)
        )
        exported = await head.uses("/tutor topics export", topic="brass-widget")
        assert "asked:" in file_of(exported, "brass-widget.yaml")
        form = await head.opens("/tutor topics edit", topic="dropout")
        assert form.field("title").value == "Of the server"
        asked = await head.uses("/tutor topics remove", topic="dropout")
        assert (await head.presses(asked.button("Remove"))).text == "Removed: **Of the server**."
        assert (await head.uses("/tutor topics add", in_=head.dm)).text == words.additions.ONLY_IN_A_SERVER


@pytest.mark.usefixtures("bot")
async def test_nobody_else_may(guild: Guild, head: Person, mo: Person, ana: Person, channel: Channel) -> None:
    told = await add(head)
    form = await head.opens(told.button("Edit"))
    for command in guild.world.commands[None].values():
        command["default_member_permissions"] = None  # as a server may set it
    for person in (ana, mo):
        for command, options in (
            ("add", {}), ("import", {}), ("export", {}), ("list", {}),
            ("edit", {"topic": TITLE}), ("remove", {"topic": TITLE}),
        ):  # fmt: skip
            assert (await person.uses(f"/tutor topics {command}", **options)).text == words.additions.ONLY_MANAGERS
    guild.members[head.id].roles.clear()
    assert (await head.submits(form, title="Mine")).text == words.additions.ONLY_MANAGERS
    assert TITLE in (await ana.uses("/topics", in_=channel)).text


@pytest.mark.usefixtures("bot")
async def test_the_other_doors_say_that_a_server_can_have_its_own(ana: Person, channel: Channel) -> None:
    assert words.topics.ADDED_HERE in (await ana.uses("/topics", in_=channel)).text
    assert "`/tutor topics add`" in (await ana.uses("/ask", question="how do I bake bread", in_=channel)).text
    assert "`/tutor topics add`" in (await ana.uses("/help", in_=channel)).text
    assert "/tutor topics" not in (await ana.dms("how do I bake bread")).text
