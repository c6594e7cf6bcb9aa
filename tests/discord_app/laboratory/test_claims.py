"""The ledger in Discord, and what stands beside every answer."""

from dataclasses import replace

import pytest

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app import layout
from bot.service.taught import Learnt
from tests.discord_app.conftest import ASK
from tests.discord_app.laboratory.test_simulating import again, pictures
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def momentum(curriculum: Curriculum) -> Topic:
    topic = curriculum.topic("momentum")
    assert topic
    return topic


async def turned(ana: Person, first: Shown) -> list[str]:
    """The texts of all pages."""
    texts = [first.text]
    while words.additions.NEXT in [button.label for button in first.buttons]:
        await ana.presses(first.button(words.additions.NEXT))
        texts.append(first.text)
    return texts


async def test_every_topic_has_its_ledger_with_every_claim_once(ana: Person, curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        shown = await ana.uses("/claims", topic=topic.id)
        assert not shown.ephemeral
        said = []
        for text in await turned(ana, shown):
            size = layout.measured(shown.message.components)
            assert size.components <= layout.MOST_COMPONENTS
            assert size.characters <= layout.MOST_CHARACTERS
            said.append(text)
        for claim in topic.claims:
            (page,) = [text for text in said if words.laboratory.judged(claim) in text]
            below = page[page.index(words.laboratory.judged(claim)) + 1 :].split("\n“")[0]
            assert all(f"{source}" in below for source in claim.sources), claim.id
            assert claim.sources == () or "\n-# Source" in below
        assert words.additions.PREVIOUS in [button.label for button in shown.buttons] or len(said) == 1


async def test_what_each_claim_is_checked_against_is_one_press_away_and_one_back(
    ana: Person, ben: Person, curriculum: Curriculum
) -> None:
    for topic in curriculum.topics:
        shown = await ana.uses("/claims", topic=topic.id)
        in_words = shown.text
        await ana.presses(shown.button(words.laboratory.RAW))
        said = await turned(ana, shown)
        for text in said:
            assert words.laboratory.RAW_NOTE in text
        assert layout.measured(shown.message.components).characters <= layout.MOST_CHARACTERS
        for claim in topic.claims:
            for criterion in claim.criteria:
                for line in criterion.holds:
                    assert any(f"(`{line.metric}`)" in text and f"must be {line.bound}" in text for text in said)
        while words.additions.PREVIOUS in [button.label for button in shown.buttons]:
            await ana.presses(shown.button(words.additions.PREVIOUS))
        await ana.presses(shown.button(words.laboratory.IN_WORDS))
        assert shown.text == in_words
    bens = await ben.presses(shown.button(words.laboratory.RAW))
    assert bens.ephemeral
    assert shown.text == in_words


async def test_the_raw_lines_of_a_claim_are_found_from_its_page(ana: Person, momentum: Topic) -> None:
    shown = await ana.uses("/claims", topic="momentum")
    assert "must be" not in shown.text
    await ana.presses(shown.button(words.additions.NEXT))
    first = next(claim for claim in momentum.claims if words.laboratory.judged(claim) in shown.text)
    await ana.presses(shown.button(words.laboratory.RAW))
    assert first.says in shown.text


async def test_topics_are_completed_by_title_and_found_by_it(ana: Person, curriculum: Curriculum) -> None:
    listed = await ana.types("/claims", topic="")
    assert [one.value for one in listed] == [topic.id for topic in curriculum.topics]
    ((title, value),) = [(one.name, one.value) for one in await ana.types("/claims", topic="drop")]
    assert value == "dropout"
    assert title in (await ana.uses("/claims", topic=title)).text
    unknown = await ana.uses("/claims", topic="bread")
    assert (unknown.ephemeral, "\n" in unknown.text) == (True, False)
    assert title in unknown.text


@pytest.fixture
def learnt(learnt: Learnt) -> Learnt:
    """Without the record of what was found before: what is shown was measured here."""
    return replace(learnt, measured=None)


async def test_running_a_claim_runs_its_criterion_and_the_ledger_keeps_the_number(
    ana: Person, ben: Person, channel: Channel, momentum: Topic
) -> None:
    shown = await ana.uses("/claims", topic="momentum", in_=channel)
    assert "Not measured yet: `momentum` decides it." in shown.text
    claim = next(one for one in momentum.claims if one.deciding)
    run = await ana.chooses(shown.select(), claim.id)
    assert run != shown
    assert not run.ephemeral
    assert pictures(run)
    assert claim.says in run.text
    assert "as the verdict says" in run.text
    assert claim.deciding
    settings = claim.deciding[0].settings
    assert all(f"{name}={value}" in again(run) for name, value in settings.items())
    kept = await ana.uses("/claims", topic="momentum", in_=channel)
    assert "(1 run)" in kept.text
    await ana.presses(kept.button(words.laboratory.RAW))
    assert "held on 1 of 1 seeds" in kept.text
    bens = await ben.chooses(shown.select(), claim.id)
    assert bens.ephemeral
    assert pictures(bens)


async def test_an_answer_says_how_its_claims_stand_and_opens_the_ledger(
    ana: Person, ben: Person, channel: Channel, curriculum: Curriculum
) -> None:
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    topic = curriculum.topic("bias-initialization")
    assert topic
    assert "-# Tested: " in shown.text
    opened = await ana.presses(shown.button(words.laboratory.CLAIMS))
    assert not opened.ephemeral
    assert topic.title in opened.text
    bens = await ben.presses(shown.button(words.laboratory.CLAIMS))
    assert bens.ephemeral
    assert shown.edits == 0
    private = await ana.uses("/ask", question=ASK, private=True, in_=channel)
    assert (await ana.presses(private.button(words.laboratory.CLAIMS))).ephemeral


async def test_a_contradiction_stands_behind_the_reference_text_never_inside(
    ana: Person, channel: Channel, curriculum: Curriculum
) -> None:
    for topic in curriculum.topics:
        shown = await ana.uses("/ask", question=topic.title, in_=channel)
        assert topic.answer in shown.text
        wrong = [claim for claim in topic.claims if claim.verdict == "contradicted"]
        assert ("The experiments disagree on" in shown.text) == bool(wrong)
        for claim in wrong:
            assert claim.instead
            assert shown.text.index(topic.answer) + len(topic.answer) < shown.text.index(claim.instead)


async def test_try_it_offers_the_experiments_of_the_topic(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/ask", question="is momentum 0.99999 bad?", in_=channel)
    offered = await ana.presses(shown.button(words.laboratory.TRY_IT))
    assert offered.ephemeral
    assert [one.value for one in offered.select().options] == ["momentum", "momentum-valley", "momentum-noise"]
    run = await ana.chooses(offered.select(), "momentum-noise")
    assert pictures(run)
    assert not run.ephemeral
    offered = await ben.presses(shown.button(words.laboratory.TRY_IT))
    assert (await ben.chooses(offered.select(), "momentum-noise")).ephemeral


async def test_an_answer_about_several_topics_leads_to_the_claims_of_each(ana: Person, channel: Channel) -> None:
    shown = await ana.uses(
        "/ask", question="can biases start at zero? and does dropout slow down training?", in_=channel
    )
    ledgers = [button for button in shown.buttons if button.label.startswith(words.laboratory.CLAIMS)]
    assert len(ledgers) == 2
    assert len({button.label for button in ledgers}) == 2
    offered = await ana.presses(shown.button(words.laboratory.TRY_IT))
    assert {"bias-init", "mc-dropout"} <= {one.value for one in offered.select().options}
