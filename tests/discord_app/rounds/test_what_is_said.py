"""What is said around a round is so in the state that it is said in."""

import re

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.quiz.kinds import Kinds
from bot.quiz.reveals import key, run_to_try
from bot.quiz.round.effects import Told
from bot.service.server_settings import Change
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more


async def test_next_and_skip_and_stop_say_what_they_did_to_whoever_pressed_and_to_all(
    bot: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=3, kinds="choice", untimed=True)
    first = await play.asked()
    await ana.presses(first.button("A"))
    assert (await play.starter.presses(first.button(words.rounds.NEXT_ROUND_QUESTION))).text == "Question 1 is closed."
    await play.closed(first, 2)
    assert "\n-# Closed by `Mo`." in first.text
    second = await play.asked(2)
    told = await play.starter.presses(second.button(words.rounds.SKIP))
    assert told.text == "Question 2 is skipped; it counts for nobody."
    await play.loopback.until(lambda: "Skipped by `Mo`" in second.text or None, "the skip")
    third = await play.asked(3)
    told = await play.starter.uses("/quiz stop", in_=play.channel)
    assert told.text == "The round is stopped; question 3 counts for nobody."
    await play.loopback.until(lambda: "Stopped by `Mo`" in third.text or None, "the end of the question")
    assert (await play.shown("### Quiz: ")).text.startswith("### Quiz: stopped by `Mo`\n")


async def test_two_members_of_one_name_are_told_apart_wherever_both_could_be_meant(
    bot: TutorClient, play: Play, guild: Guild, ana: Person
) -> None:
    sams = [guild.add_member("Sam"), guild.add_member("S\u0430m\u200b")]  # the second with a Cyrillic letter
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    for one in (*sams, ana):
        await one.presses(shown.button(play.letter()))
    await play.closed(shown)
    table = await play.result()
    board = await ana.uses("/leaderboard", in_=play.channel)
    for one in (shown, table, board):
        found = re.findall(r"`S.m[^`]*` \(…(\d+)\)", one.text)
        assert sorted(found) == sorted(str(sam.id)[-len(found[0]) :] for sam in sams)
        assert "`Ana` (" not in one.text


async def test_who_did_not_play_is_told_so(bot: TutorClient, play: Play, ana: Person, ben: Person) -> None:
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    await ana.presses(shown.button("A"))
    await play.closed(shown)
    table = await play.result()
    assert (await ben.presses(table.button(words.rounds.MY_RECEIPT))).text == words.reveals.DID_NOT_PLAY
    assert "Your answers: " in (await ana.presses(table.button(words.rounds.MY_RECEIPT))).text


async def test_a_table_says_why_it_is_not_for_the_leaderboard(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    for one in (ana, ben):
        await one.presses(shown.button(play.letter(right=False)))
    await play.closed(shown)
    text = (await play.result()).text
    assert "**0** of 1" in text
    assert "leaderboard" not in text  # two have played; that they have 0 is no reason
    board = (await ana.uses("/leaderboard", in_=play.channel)).text
    assert "two or more players" not in board


async def test_whose_role_is_taken_away_no_longer_rules_the_round_that_they_started(
    bot: TutorClient, loopback: LoopbackDiscord, guild: Guild, channel: Channel, ana: Person
) -> None:
    role = guild.add_role("Quiz masters", ana)
    await bot.app.server_settings.change(guild.id, Change(starter_role=role.id))
    play = Play(loopback, channel, ana)
    await play.start(bot, questions=2, kinds="open", untimed=True)
    shown = await play.asked()
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="all of it, by symmetry")
    guild.members[ana.id].roles.remove(role)
    refused = words.rounds.SAID[Told.NO_LONGER_ALLOWED]
    assert (await ana.presses(shown.button(words.rounds.NEXT_ROUND_QUESTION))).text == refused
    assert (await ana.uses("/quiz stop", in_=channel)).text == refused
    assert (await ana.presses(shown.button(words.rounds.SKIP))).text.startswith("Your vote to skip")  # as anyone's
    guild.members[ana.id].roles.append(role)
    await ana.presses(shown.button(words.rounds.NEXT_ROUND_QUESTION))
    await play.closed(shown, 2)


async def test_the_announcement_loses_its_countdown_and_stop_with_the_first_question(
    bot: TutorClient, play: Play
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    lead_in = await play.shown("### Quiz")
    assert "comes <t:" in lead_in.text and [one.label for one in lead_in.buttons] == [words.rounds.STOP]
    await play.asked()
    await play.loopback.until(lambda: lead_in.edits or None, "the change of the announcement")
    assert lead_in.text.startswith("### Quiz\n2 questions, 20 seconds each, started by ")
    assert "comes" not in lead_in.text and not lead_in.buttons


async def test_the_announcement_says_that_the_round_was_stopped_before_its_first_question(
    bot: TutorClient, play: Play
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    lead_in = await play.shown("### Quiz")
    stop = lead_in.button(words.rounds.STOP)
    assert (await play.starter.presses(stop)).text == "The round is stopped."
    await play.loopback.until(lambda: lead_in.edits or None, "the change of the announcement")
    assert "It was stopped by `Mo` before the first question." in lead_in.text
    assert "comes" not in lead_in.text and not lead_in.buttons


async def test_an_announcement_whose_channel_is_lost_says_so(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    lead_in = await play.shown("### Quiz")
    play.channel.deny(loopback.bot, "send_messages")
    await loopback.until(lambda: lead_in.edits or None, "the change of the announcement")
    assert words.rounds.NOT_BEGUN["lost"] in lead_in.text
    assert not lead_in.buttons


@pytest.mark.parametrize("kind", Kinds().names)
async def test_a_question_that_is_skipped_shows_its_key_and_what_to_try_but_nobody_s_answer(
    bot: TutorClient, play: Play, kind: str
) -> None:
    await play.start(bot, questions=1, kinds=kind, seed="s", seconds=60)
    shown = await play.asked()
    await play.starter.presses(shown.button(words.rounds.SKIP))
    await play.loopback.until(lambda: "Skipped by `Mo`" in shown.text or None, "the skip")
    question, labels = play.turn.question, [one.label for one in shown.buttons]
    right = key(play.turn)
    assert words.kinds.of(question).key_line(question, right) in shown.text
    assert all(f"✅ **{'ABCDEFGH'[place]}.**" in shown.text for place in right.options)
    assert question.explain in shown.text
    assert labels == [words.laboratory.TRY_IT] * bool(run_to_try(question)) + [words.reveals.REFERENCE]
    assert "answered" not in shown.text
    assert (words.reveals.NOT_RUN in shown.text) is bool(question.runs)


async def test_what_is_cut_by_an_outage_or_by_stop_shows_its_key_too(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter(right=False)))
    right = play.letter()
    await play.starter.uses("/quiz stop", in_=play.channel)
    await play.loopback.until(lambda: "Stopped by `Mo`" in shown.text or None, "the end of the question")
    assert f"✅ **{right}.**" in shown.text
    assert "1 of 1" not in shown.text.split("\n", 1)[1]
    assert words.reveals.REFERENCE in [one.label for one in shown.buttons]


async def test_an_open_question_that_is_deleted_is_said_to_be_so_and_the_round_goes_on(
    bot: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=2, kinds="choice", untimed=True)
    shown = await play.asked()
    assert words.rounds.NO_CLOCK_AT_FIRST in shown.text
    await ana.presses(shown.button("A"))
    play.starter.deletes(shown)
    said = await play.shown(words.rounds.VOIDED["deleted"])
    assert said.text.startswith("-# Question 1 of 2 (does not count)")
    assert words.rounds.REPLACED_BY_ANOTHER in said.text
    play.loopback.advance(16)
    another = await play.shown("Question 1 of 2 ·")
    assert another.id != shown.id and another.button("A")
    assert words.rounds.NO_CLOCK in another.text


async def test_the_solution_of_a_closed_question_whose_message_is_gone_is_posted_anew_once(
    bot: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    del play.channel.messages[shown.id]  # nobody told us
    loopback.advance(25)
    anew = await play.shown(words.reveals.SHOWN_ANEW)
    assert "✅" in anew.text and "`Ana` 1" in anew.text
    await loopback.until(lambda: play.round.turns[0].shown or None, "the confirmation")
    play.starter.deletes(anew)
    before = len(play.starter.sees(play.channel))
    told = await ana.presses((await play.asked(2)).button("A"))
    assert told.text.startswith("Locked")
    assert words.reveals.SHOWN_ANEW not in " ".join(one.text for one in play.starter.sees(play.channel)[before:])
