"""A round in a channel, from the command to the receipts."""

import re

from bot import words
from bot.discord_app.client import TutorClient
from bot.quiz.round.effects import Told
from bot.quiz.round.state import Ended
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person


async def test_a_round_is_played_from_start_to_receipts(
    bot: TutorClient, play: Play, ana: Person, ben: Person, channel: Channel
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    first = await play.asked()
    assert re.search(r"Closes <t:\d+:R>", first.text)
    locked = await ana.presses(first.button(play.letter()))
    assert locked.ephemeral
    assert locked.text.startswith("Locked: ")
    assert locked not in ben.sees(channel)
    wrong = await ben.presses(first.button(play.letter(right=False)))
    changed = await ben.presses(first.button(play.letter()))
    assert wrong.text.startswith("Locked: ")
    assert changed.text.startswith("Changed to ")
    assert "answered" not in first.text  # nobody sees the split before the close
    options = [one.text for one in play.turn.question.options]
    await play.closed(first)
    assert all(option in first.text for option in options)
    assert "2 answered" in first.text
    assert "✅" in first.text
    second = await play.asked(2)
    assert second.id != first.id
    await ana.presses(second.button(play.letter()))
    await play.closed(second)
    table = await play.result()
    assert re.search(r"\*\*1\.\*\* `Ana`: \*\*2\*\* of 2", table.text)
    assert re.search(r"\*\*2\.\*\* `Ben`: \*\*1\*\* of 2", table.text)
    receipt = await ben.presses(table.button(words.rounds.MY_RECEIPT))
    assert receipt.ephemeral
    assert "Your answers: 1 of 2" in receipt.text
    assert words.reveals.NO_ANSWER in receipt.text
    assert isinstance(play.round.phase, Ended)


async def test_a_late_press_is_told_by_how_much(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=10)
    shown = await play.asked()
    button = shown.button("A")
    play.loopback.advance((play.turn.closes or 0) - play.loopback.clock.now() + 0.7)
    late = await ana.presses(button)
    assert re.fullmatch(r"Too late, by (0\.[7-9]|1\.\d) s\.", late.text)


async def test_equal_points_share_the_place_and_the_faster_stands_first(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    await ben.presses(shown.button(play.letter()))
    play.loopback.advance(3)
    await ana.presses(shown.button(play.letter()))
    await play.closed(shown)
    table = await play.result()
    assert re.search(r"\*\*1\.\*\* `Ben`.*\n\*\*1\.\*\* `Ana`", table.text)


async def test_an_open_question_is_answered_in_a_form_and_graded(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="open", topics="weight-initialization", seconds=60)
    shown = await play.asked()
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    play.loopback.advance((play.turn.closes or 0) - play.loopback.clock.now() + 5)  # the form was opened in time
    locked = await ana.submits(form, text="the band never splits up, @everyone")
    assert locked.text.startswith("Locked: `the band")
    await play.closed(shown, 20)
    assert "1 answered" in shown.text
    again = await ana.presses(shown.button(words.rounds.I_WAS_RIGHT))
    assert again.text == words.rounds.SAID[Told.NOTED]
    review = await play.loopback.until(
        lambda: next((one for one in play.starter.sees(play.starter.dm) if "I was right" in one.text), None), "review"
    )
    assert "`the band" in review.text
    await play.starter.presses(review.button(words.rounds.ACCEPT))
    await play.loopback.until(lambda: "`Ana` 1" in shown.text or None, "the new points")


async def test_the_message_says_for_how_many_answers_it_waits_and_has_no_buttons(
    bot: TutorClient, play: Play, ana: Person, ben: Person
) -> None:
    await play.start(bot, questions=2, kinds="open", topics="weight-initialization", untimed=True)
    shown = await play.asked()
    forms = [await member.opens(shown.button(words.quiz.ANSWER)) for member in (ana, ben)]
    told = await play.starter.presses(shown.button(words.rounds.NEXT_ROUND_QUESTION))
    assert told.text == "Question 1 is closed. I am waiting for 2 answers being written; then comes the reveal."
    await play.loopback.until(lambda: "Closed; waiting for 2 answers being written." in shown.text or None, "the close")
    assert "No clock" not in shown.text and not shown.buttons
    locked = await ana.submits(forms[0], text="by symmetry all neurons learn the same")
    assert locked.text.endswith("so it counts; it can no longer be changed.")
    play.loopback.advance(2)
    await play.loopback.until(lambda: "Closed; waiting for 1 answer being written." in shown.text or None, "one less")
    told = await play.starter.uses("/quiz stop", in_=play.channel)
    assert "I am waiting for 1 answer being written" in told.text
    assert "ends after the reveal" in told.text
    await ben.submits(forms[1], text="who knows")
    await play.loopback.until(lambda: "2 answered" in shown.text or None, "the reveal")
    await play.shown("### Quiz: stopped")


async def test_a_form_that_is_opened_again_holds_what_was_locked(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="open", topics="weight-initialization", seconds=60)
    shown = await play.asked()
    first = await ana.opens(shown.button(words.quiz.ANSWER))
    assert not first.field("text").value
    await ana.submits(first, text="because of symmetry")
    again = await ana.opens(shown.button(words.quiz.ANSWER))
    assert again.field("text").value == "because of symmetry"
    assert (await ana.submits(again)).text.startswith("Locked: `because of symmetry`")  # nothing has changed


async def test_a_round_stopped_before_its_first_question(
    bot: TutorClient, play: Play, ana: Person, channel: Channel
) -> None:
    await play.start(bot, questions=1, kinds="choice")
    await play.starter.uses("/quiz stop", in_=channel)
    table = await play.shown("### Quiz: stopped")
    assert table.text == f"### Quiz: stopped by `Mo`\n{words.rounds.NOTHING_ASKED}"
    assert not table.buttons  # there is nothing to see or to play
    assert not (await ana.uses("/quiz scores", in_=channel)).buttons


async def test_a_prediction_is_scored_by_a_run_after_the_close(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="predict", topics="momentum")
    shown = await play.asked()
    if play.turn.question.options:
        await ana.presses(shown.button("A"))
    else:
        await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="250")
    assert "Measured" not in shown.text
    await play.closed(shown)
    assert "Measured" in shown.text or "✅" in shown.text


async def test_only_moderators_start_and_only_one_round_a_channel(
    bot: TutorClient, play: Play, ana: Person, channel: Channel
) -> None:
    refusal = await ana.uses("/quiz start", in_=channel)
    assert (refusal.ephemeral, refusal.text) == (True, words.rounds.ONLY_STARTERS)
    await play.start(bot, questions=1, kinds="choice")
    again = await play.starter.uses("/quiz start", in_=channel)
    assert again.ephemeral
    assert "already" in again.text
    refusal = await ana.uses("/quiz stop", in_=channel)
    assert refusal.text.startswith("Only whoever started")
    await play.starter.uses("/quiz stop", in_=channel)
    await play.shown("### Quiz: stopped")
    assert (await ana.uses("/quiz scores", in_=channel)).text.startswith("### Quiz: stopped")  # the last round's


async def test_skip_takes_most_of_those_who_play(bot: TutorClient, play: Play, ana: Person, ben: Person) -> None:
    await play.start(bot, questions=2, kinds="choice")
    shown = await play.asked()
    assert (await ana.presses(shown.button(words.rounds.SKIP))).text.startswith("Only those")
    await ana.presses(shown.button("A"))
    await ben.presses(shown.button("A"))
    assert "1 of the 2" in (await ana.presses(shown.button(words.rounds.SKIP))).text
    await ben.presses(shown.button(words.rounds.SKIP))
    await play.loopback.until(lambda: words.rounds.SKIPPED_BY_VOTE in shown.text or None, "the skip")


async def test_an_untimed_question_is_closed_by_next(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", untimed=True)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    assert (await ana.presses(shown.button(words.rounds.NEXT_ROUND_QUESTION))).text.startswith("Only whoever")
    await play.starter.presses(shown.button(words.rounds.NEXT_ROUND_QUESTION))
    await play.closed(shown, 2)
    assert "✅" in shown.text


async def test_a_round_that_nobody_plays_ends_itself(bot: TutorClient, play: Play) -> None:
    await play.start(bot, questions=5, kinds="choice", seconds=10)
    await play.closed(await play.asked(1), 13)
    await play.closed(await play.asked(2), 13)
    table = await play.result()
    text = table.text
    assert not [one for one in table.buttons if one.label == words.rounds.MY_RECEIPT]  # nobody has any
    assert "Nobody answered two questions in a row" in text
    assert words.rounds.NOBODY not in text  # that has been said


async def test_a_round_of_one_question_that_is_skipped(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=30)
    assert "1 question, 30 seconds, started by" in (await play.shown("### Quiz")).text
    shown = await play.asked()
    await ana.presses(shown.button("A"))
    await play.starter.presses(shown.button(words.rounds.SKIP))
    assert (await play.result()).text == f"### Quiz: the result\n{words.rounds.NOTHING_COUNTS}"


async def test_a_lost_permission_ends_the_round_and_is_told_to_whoever_started(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, channel: Channel
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    await play.asked()
    channel.deny(loopback.bot, "send_messages")
    await play.loopback.until(
        lambda: (
            _advanced(loopback)
            or next((1 for one in play.starter.sees(play.starter.dm) if "has ended" in one.text), None)
        ),
        "the news",
        10,
    )
    assert "Send Messages" in play.starter.sees(play.starter.dm)[-1].text
    assert isinstance(play.round.phase, Ended)


def _advanced(loopback: LoopbackDiscord) -> None:
    loopback.clock.advance(2)


async def test_rounds_of_two_channels_do_not_mix(bot: TutorClient, play: Play, guild: Guild, ana: Person) -> None:
    other = Play(play.loopback, guild.add_channel("second"), play.starter)
    await play.start(bot, questions=1, kinds="choice")
    await other.start(bot, questions=1, kinds="choice")
    shown = await play.asked()
    theirs = await other.shown("Question 1 of")
    await ana.presses(shown.button("A"))
    assert list(play.turn.answers) == [ana.id]
    assert not other.turn.answers
    assert theirs.id != shown.id
