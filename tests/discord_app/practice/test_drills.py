"""A round played again by one member: the same questions, private, unscored, with a tally at the end."""

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.practice.drills import PickInDrill
from bot.quiz.round.turn import Turn
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown


async def over(play: Play, bot: TutorClient, **options: object) -> Shown:
    """A round of which Ben has seen nothing; gives its table."""
    await play.start(bot, seconds=10, **options)
    assert play.rounds
    for number in range(1, 1 + len(play.round.planned)):
        shown = await play.asked(number)
        if shown.selects:
            await play.starter.chooses(shown.select(), "0")
        elif play.turn.question.options:
            await play.starter.presses(shown.button("A"))
        await play.closed(shown, 13)
    return await play.result()


async def answer(member: Person, shown: Shown, turn: Turn, *, right: bool = True) -> Shown:
    places = [i for i, one in enumerate(turn.question.options) if one.right is right]
    if shown.selects:
        return await member.chooses(shown.select(), *map(str, places))
    if places:
        return await member.presses(shown.button("ABCDEFGH"[places[0]]))
    return await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text="250")


async def test_the_same_questions_one_after_the_other_with_a_tally(
    bot: TutorClient, play: Play, ben: Person, guild: Guild
) -> None:
    table = await over(play, bot, questions=3, kinds="choice, multi")
    turns = play.round.turns
    first = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    assert first.ephemeral
    shown = first
    for number, turn in enumerate(turns, start=1):
        assert f"Question {number} of 3" in shown.text
        assert turn.question.ask in shown.text
        assert all(option.text in shown.text for option in turn.question.options)
        assert turn.question.explain not in shown.text
        await answer(ben, shown, turn, right=number != 2)
        assert turn.question.explain in shown.text
        if number < 3:
            assert f"So far 1 of {number}" in shown.text
            await ben.presses(shown.button(words.quiz.NEXT_QUESTION))
    assert "### 2 of 3" in shown.text
    assert shown == first
    await ben.presses(shown.button(words.quiz.ONCE_MORE))
    assert "Question 1 of 3" in shown.text
    rows = await bot.app.storage.scores.of(ben.id)
    assert not rows
    assert ben.id not in play.round.names


@pytest.mark.slow
async def test_what_is_left_out_is_no_part_of_the_tally(bot: TutorClient, play: Play, ben: Person) -> None:
    table = await over(play, bot, questions=2, kinds="choice")
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    await ben.presses(shown.button(words.quiz.LEAVE_OUT))
    assert "Question 2 of 2" in shown.text
    await answer(ben, shown, play.round.turns[1])
    assert "### 1 of 1 point\n" in shown.text
    assert "1 question was left out" in shown.text


async def test_where_all_is_left_out_nothing_is_counted(bot: TutorClient, play: Play, ben: Person) -> None:
    shown = await ben.presses((await over(play, bot, questions=1, kinds="choice")).button(words.quiz.PLAY_ROUND))
    await ben.presses(shown.button(words.quiz.LEAVE_OUT))
    assert shown.text.startswith("That was the last question. 1 question was left out.")


async def test_a_prediction_is_run_anew_and_a_form_says_what_is_wrong(
    bot: TutorClient, play: Play, ben: Person
) -> None:
    table = await over(play, bot, questions=1, kinds="predict", topics="momentum")
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    turn = play.round.turns[0]
    if not turn.question.options:
        refusal = await ben.submits(await ben.opens(shown.button(words.quiz.ANSWER)), text="lots")
        assert (refusal.ephemeral, refusal.text) == (True, words.quiz.NOT_A_NUMBER)
        await answer(ben, shown, turn)
        assert "Measured" in shown.text
    else:
        await ben.presses(shown.button("A"))
        assert "✅" in shown.text
    assert " of 1" in shown.text


@pytest.mark.slow
async def test_while_another_round_asks_about_it_the_question_waits(
    bot: TutorClient, play: Play, ben: Person, guild: Guild
) -> None:
    table = await over(play, bot, questions=1, kinds="choice", topics="momentum")
    other = Play(play.loopback, guild.add_channel("second"), play.starter)
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    letter = shown.button("A")
    await other.start(bot, questions=1, kinds="multi", topics="momentum")
    question = await other.asked()
    await ben.chooses(question.select(), "0")  # now Ben plays there
    again = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    assert words.quiz.DRILL_WAITS in again.text
    assert play.round.turns[0].question.ask not in again.text
    assert "right now" in (await ben.presses(letter)).text
    await ben.presses(again.button(words.quiz.ASK_ME_NOW))
    assert words.quiz.DRILL_WAITS in again.text
    await other.closed(question)
    await ben.presses(again.button(words.quiz.ASK_ME_NOW))
    assert play.round.turns[0].question.ask in again.text


async def test_it_outlives_a_restart_and_a_round_that_is_forgotten_says_so(
    loopback: LoopbackDiscord, bot: TutorClient, play: Play, ben: Person
) -> None:
    table = await over(play, bot, questions=1, kinds="choice")
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    assert play.rounds
    turn = play.round.turns[0]
    await loopback.settled()  # its end is kept
    await play.rounds.abandon()  # as after a restart
    await answer(ben, shown, turn)
    assert "### 1 of 1" in shown.text
    await play.rounds.abandon()
    await bot.app.storage.journal.forget_ended(play.channel.guild.id, loopback.clock.now() + 1)
    assert (await ben.presses(table.button(words.quiz.PLAY_ROUND))).text == words.quiz.ROUND_GONE
    assert (await ben.presses(shown.button(words.quiz.ONCE_MORE))).text == words.quiz.ROUND_GONE


async def test_skipped_questions_are_no_part_of_it(bot: TutorClient, play: Play, ben: Person) -> None:
    await play.start(bot, questions=2, kinds="choice", seconds=10)
    skipped = await play.asked()
    await play.starter.presses(skipped.button(words.rounds.SKIP))
    await play.closed(await play.asked(2), 13)
    table = await play.result()
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    assert "Question 1 of 1" in shown.text
    assert play.round.turns[1].question.ask in shown.text


async def test_the_table_names_what_is_worth_reviewing(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=2, kinds="choice", seconds=10)
    first = await play.asked()
    await ana.presses(first.button(play.letter(right=False)))
    missed = play.turn.question.ask
    await play.closed(first, 13)
    second = await play.asked(2)
    await ana.presses(second.button(play.letter()))
    known = play.turn.question.ask
    await play.closed(second, 13)
    table = await play.result()
    assert "**Worth reviewing**" in table.text
    assert missed[:100] in table.text
    assert known[:100] not in table.text
    assert play.channel.guild
    assert f"[1.](https://discord.com/channels/{play.channel.guild.id}/{play.channel.id}/{first.id})" in table.text


@pytest.mark.parametrize("option", ["9", "", "x"])
async def test_a_button_of_another_version_says_so(bot: TutorClient, play: Play, ben: Person, option: str) -> None:
    table = await over(play, bot, questions=1, kinds="choice")
    shown = await ben.presses(table.button(words.quiz.PLAY_ROUND))
    letter = shown.button("A")
    assert PickInDrill.read(letter.custom_id)
    letter.component["custom_id"] = letter.custom_id[:-1] + option
    assert (await ben.presses(letter)).text == words.answers.OLD_BUTTON
