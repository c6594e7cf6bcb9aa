"""Questions with a picture in Discord: it is there with the question and stays through every edit, and a kill; where it
cannot be had another question is asked; and whatever would tell which curve is which is kept back."""

from collections.abc import Callable

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.controls import PICTURE
from bot.discord_app.layout import LONGEST_ALT
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.round.effects import PostQuestion
from bot.simulations.worker import RunUnfinished
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

PNG = b"\x89PNG\r\n"


@pytest.fixture
def worker() -> HereRunner:
    return HereRunner()


def pictured(shown: Shown) -> tuple[list[int], str]:
    """The files that are there, and what their picture is said to show."""
    (file,), (alt,) = shown.files, shown.descriptions
    (item,) = [item for _, one in shown.components for item in one.get("items") or ()]
    assert (file.filename, file.data[:6]) == (PICTURE, PNG)
    assert item["media"]["attachment_id"] == str(file.id)
    assert " against " in alt and len(alt) <= LONGEST_ALT
    return [file.id], alt


async def test_it_stays_through_every_edit(bot: TutorClient, play: Play, ana: Person, channel: Channel) -> None:
    seed = _with_picture_first(bot, "picture")
    await play.start(bot, questions=1, kinds="picture", topics="momentum", seconds=60, seed=seed)
    shown = await play.asked()
    there, question = pictured(shown), play.turn.question
    assert all(option.text not in shown.text + there[1] for option in question.options)
    assert [button.label for button in shown.buttons][: len(question.options)] == list("ABC")
    (run,) = question.experiments
    kept_back = await ana.uses("/simulate", experiment=run, in_=channel)
    assert not kept_back.files and "after" in kept_back.text.lower()
    await ana.presses(shown.button(play.letter()))
    await play.closed(shown, 65)
    assert pictured(shown) == there
    assert all(option.text in shown.text for option in question.options)
    assert "Points: `Ana` 1" in shown.text
    await play.result()
    await ana.presses(shown.button(words.rounds.UNCLEAR))
    assert pictured(shown) == there
    tried = await ana.presses(shown.button(words.laboratory.TRY_IT))
    assert tried.files and f"seed:{question.picture.seed if question.picture else None}" in tried.text


async def test_a_late_question_and_one_that_is_skipped_keep_it(
    bot: TutorClient, play: Play, mo: Person, loopback: LoopbackDiscord
) -> None:
    await play.start(bot, questions=1, kinds="picture", topics="momentum", seconds=60)
    await loopback.until(lambda: not play.round.planned[0].undrawn or None, "the picture", 20)
    late = loopback.lose_next("POST", f"/channels/{play.channel.id}/messages", handled=False)
    loopback.advance(16)
    await loopback.until(lambda: late.times == 0 or None, "the post that is lost")
    loopback.advance(5)
    shown = await play.asked()
    await loopback.until(lambda: shown.edits or None, "the countdown put off")
    assert play.turn.extended
    there, edits = pictured(shown), shown.edits
    await mo.presses(shown.button(words.rounds.SKIP))
    await loopback.until(lambda: shown.edits > edits or None, "the edit")
    assert "Skipped by `Mo`; it counts for nobody." in shown.text
    assert pictured(shown) == there


async def test_where_it_cannot_be_drawn_another_question_is_asked(
    bot: TutorClient, worker: HereRunner, play: Play
) -> None:
    worker.broken = True
    await play.start(
        bot, questions=1, kinds="picture, choice", topics="momentum", seed=_with_picture_first(bot, "picture", "choice")
    )
    shown = await play.asked()
    assert not shown.files and play.turn.question.picture is None
    assert len(play.round.turns) == 1


def _with_picture_first(bot: TutorClient, *kinds: str) -> str:
    """A seed whose round about momentum, of these kinds, begins with a picture whose curves are to be picked."""
    app = bot.app
    pool, wanted = QuestionPool(app.curriculum, app.practice.kinds), Wanted(1, ["momentum"], kinds)
    first = ((seed, pool.draw(wanted, Chance(seed)).questions[0]) for seed in map(str, range(999)))
    return next(seed for seed, question in first if question.picture and question.lettered)


async def test_a_round_that_is_killed_draws_it_again(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, worker: HereRunner, loopback: LoopbackDiscord
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="picture", topics="momentum", seconds=60)
        await loopback.until(lambda: not play.round.planned[0].undrawn or None, "the picture", 20)
        text = play.round.planned[0].picture_text
    drawn = len(worker.ran)
    async with play.killed_after(make_client()):
        await play.goes_on()
        shown = await play.asked()
        assert pictured(shown)[1] == text
        assert len(worker.ran) == drawn + 1
        there = pictured(shown)
    async with play.killed_after(make_client()):
        await play.goes_on()
        await ana.presses(shown.button(play.letter()))
        await play.closed(shown, 70)
        assert pictured(shown) == there
        assert len(worker.ran) == drawn + 1


async def test_a_post_of_which_nothing_was_heard_is_there_once(
    make_client: Callable[[], TutorClient], play: Play, loopback: LoopbackDiscord
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="picture", topics="momentum", seconds=60)
        await loopback.until(lambda: not play.round.planned[0].undrawn or None, "the picture", 20)
        lost = loopback.lose_next("POST", f"/channels/{play.channel.id}/messages", handled=True, times=999)
        loopback.advance(16)
        shown = await play.shown("Question 1 of")
        assert any(isinstance(post, PostQuestion) for post in play.round.outbox)
    lost.release()
    async with play.killed_after(make_client()):
        await play.goes_on()
        await loopback.until(lambda: play.turn.message, "the question's confirmation")
        assert [one for one in play.starter.sees(play.channel) if "Question 1 of" in one.text] == [shown]
        pictured(shown)


async def test_where_it_cannot_be_drawn_again_its_question_does_not_count(
    make_client: Callable[[], TutorClient], play: Play, worker: HereRunner, loopback: LoopbackDiscord
) -> None:
    async with play.killed_after(make_client()) as bot:
        seed = _with_picture_first(bot, "picture", "choice")
        await play.start(bot, questions=1, kinds="picture, choice", topics="momentum", seed=seed, pause=3)
        await loopback.until(lambda: not play.round.planned[0].undrawn or None, "the picture", 20)
    worker.broken = True
    async with play.killed_after(make_client()):
        await play.goes_on()
        loopback.advance(16)
        shown = await play.shown(words.rounds.VOIDED["failed"])
        assert not shown.files and not shown.descriptions
        loopback.advance(5)
        await play.shown("Question 1 of 1 ·")
        await loopback.until(lambda: play.turn.message, "the question's confirmation")
        assert play.turn.number == 1 and play.turn.question.picture is None


async def test_without_attach_files_there_are_none(
    bot: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord
) -> None:
    play.channel.deny(loopback.bot, "attach_files")
    refused = await play.starter.uses("/quiz start", kinds="picture", in_=play.channel)
    assert "I may not attach files here" in refused.text
    refused = await ana.uses("/practice", kind="picture", in_=play.channel)
    assert "I may not attach files here" in refused.text
    await play.start(bot, questions=20, seconds=60)
    assert not any(one.picture for one in (*play.round.planned, *play.round.spares))


async def test_practice(bot: TutorClient, ana: Person, channel: Channel, worker: HereRunner) -> None:
    shown = await ana.uses("/practice", topic="momentum", kind="picture", in_=channel)
    there = pictured(shown)
    assert shown.ephemeral
    await ana.presses(shown.button("A"))
    assert pictured(shown) == there
    assert "β" in shown.text and len(worker.ran) == 1
    await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    assert pictured(shown)[0] != there[0]
    worker.broken = True
    vars(bot.app.pictures)["_kept"].clear()
    await ana.presses(shown.button("A"))  # what is shown already need not be drawn again
    assert shown.files and "✅" in shown.text
    failed = await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    assert str(RunUnfinished("The run was stopped.")) in failed.text


async def test_practice_of_any_kind_goes_on_without(bot: TutorClient, ana: Person, worker: HereRunner) -> None:
    worker.broken = True
    for _ in range(12):
        shown = await ana.uses("/practice", topic="momentum")
        assert not shown.files and shown.buttons


async def test_a_round_played_again(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="picture", topics="momentum", seconds=60)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter(right=False)))
    await play.closed(shown, 65)
    table = await play.result()
    again = await ana.presses(table.button(words.quiz.PLAY_ROUND))
    there = pictured(again)
    await ana.presses(again.button(play.letter()))
    assert pictured(again) == there and "Right." in again.text
