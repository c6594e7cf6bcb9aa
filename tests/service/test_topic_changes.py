"""What moderators change of the topics of their server."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import cast

import pytest

from bot.curriculum.foreign import ReadTopic, read_topics, write_topics
from bot.curriculum.model import Curriculum, Language
from bot.curriculum.writing import FormFields, filled
from bot.quiz.kinds import Kinds
from bot.service.additions import Moderator
from bot.service.gate import Gate
from bot.service.server_settings import CannotBeSet, Change, SettingRule, SettingsOfServers
from bot.service.taught import Learnt, Taught
from bot.service.topic_forms import FormNotTaken, FormSent, TopicForms
from bot.service.topic_rules import MOST_TEXT, MOST_TOPICS, CannotBeKept, FieldChange, Removal, TopicRule
from bot.service.topics import PROPOSED_FOR, ServerTopics
from bot.words.topics import cannot_be_kept
from tests.service.additions.test_phrasings import CURRICULUM
from tests.service.conftest import Hours
from tests.service.own_topics import PROBING, InMemoryTopics, NothingSet, another, over

HERE, THERE = 1, 2
MO, KIM = Moderator(7, "Mo"), Moderator(8, "Kim")
ASTRO, SEXTANT = another("astrolabes", "Astrolabes", "astrolabe"), another("sextants", "Sextants", "sextant")


def read(*sources: str) -> tuple[ReadTopic, ...]:
    return read_topics(write_topics(sources).encode(), "topics.yaml", Kinds(), Language())


@pytest.fixture
def taught() -> Taught:
    return Taught(Learnt.of(CURRICULUM))


@pytest.fixture
def settings() -> SettingsOfServers:
    return SettingsOfServers(NothingSet())


@pytest.fixture
def kept() -> InMemoryTopics:
    return InMemoryTopics()


@pytest.fixture
def topics(taught: Taught, kept: InMemoryTopics, settings: SettingsOfServers, clock: Hours) -> ServerTopics:
    return over(taught, kept, settings=settings, clock=clock)


async def heard(topics: ServerTopics, server: int = HERE) -> list[str]:
    return [*(await topics.learnt(server)).own]


async def test_topics_are_heard_as_soon_as_they_are_taken_and_in_their_server_alone(
    topics: ServerTopics, taught: Taught
) -> None:
    assert await heard(topics) == []
    done = await topics.put(HERE, read(SEXTANT, ASTRO), MO)
    assert ([one.id for one in done.added], done.replaced) == (["sextants", "astrolabes"], ())
    learnt = await topics.learnt(HERE)
    assert topics.is_made(learnt)
    assert [*learnt.own] == ["sextants", "astrolabes"], "in the order in which they were sent in"
    assert await topics.learnt(THERE) is taught.latest
    assert [(one.id, one.title, one.added_by, one.leaving) for one in await topics.listed(HERE)] == [
        ("sextants", "Sextants", "Mo", False),
        ("astrolabes", "Astrolabes", "Mo", False),
    ]


async def test_what_is_exported_is_what_was_imported_to_the_letter(topics: ServerTopics) -> None:
    await topics.put(HERE, await topics.read_file(write_topics([PROBING, SEXTANT, ASTRO]).encode(), "t.yaml"), MO)
    assert [one.source for one in await topics.listed(HERE)] == [PROBING, SEXTANT, ASTRO]


async def test_whoever_sends_in_what_is_there_is_asked_once_and_only_then_it_is_replaced(
    topics: ServerTopics, kept: InMemoryTopics, clock: Hours
) -> None:
    await topics.put(HERE, read(ASTRO), MO)
    before, clock.time = kept.rows[HERE]["astrolabes"], clock.time + 60
    newer = ASTRO.replace("made of brass. It fails", "made of gold. It fails")
    with pytest.raises(CannotBeKept) as asked:
        await topics.put(HERE, read(newer, SEXTANT), KIM)
    assert asked.value.rule is TopicRule.THERE
    assert [one.title for one in asked.value.there] == ["Astrolabes"]
    assert await heard(topics) == ["astrolabes"], "nothing half taken"
    with pytest.raises(CannotBeKept) as elsewhere:
        await topics.confirm(THERE, asked.value.token, KIM)
    assert elsewhere.value.rule is TopicRule.OLD
    done = await topics.confirm(HERE, asked.value.token, KIM)
    assert ([one.id for one in done.added], [one.id for one in done.replaced]) == (["sextants"], ["astrolabes"])
    row = kept.rows[HERE]["astrolabes"]
    assert (row.source, row.added_by, row.added_at, row.edited_by, row.edited_at) == (
        newer,
        "Mo",
        before.added_at,
        "Kim",
        clock.time,
    )
    assert row.version > before.version
    with pytest.raises(CannotBeKept) as twice:
        await topics.confirm(HERE, asked.value.token, KIM)
    assert twice.value.rule is TopicRule.OLD


async def test_a_confirmation_that_comes_too_late_or_after_another_change_takes_nothing(
    topics: ServerTopics, clock: Hours
) -> None:
    await topics.put(HERE, read(ASTRO), MO)
    with pytest.raises(CannotBeKept) as asked:
        await topics.put(HERE, read(ASTRO, SEXTANT), KIM)
    await topics.put(
        HERE, read(ASTRO.replace("It fails", "Mostly it fails")), MO, {"astrolabes": asked.value.there[0].version}
    )
    with pytest.raises(CannotBeKept) as changed:
        await topics.confirm(HERE, asked.value.token, KIM)
    assert changed.value.rule is TopicRule.CHANGED
    clock.time += PROPOSED_FOR + 1
    with pytest.raises(CannotBeKept) as old:
        await topics.confirm(HERE, asked.value.token, KIM)
    assert old.value.rule is TopicRule.OLD
    assert await heard(topics) == ["astrolabes"]


async def test_the_later_of_two_moderators_is_told_what_the_first_has_changed(topics: ServerTopics) -> None:
    await topics.put(HERE, read(ASTRO), MO)
    (seen,) = await topics.listed(HERE)
    first = ASTRO.replace("title: Astrolabes", "title: The astrolabe").replace("names:\n- astrolabe\n", "")
    await topics.put(HERE, read(first), MO, {seen.id: seen.version})
    with pytest.raises(CannotBeKept) as later:
        await topics.put(HERE, read(ASTRO.replace("It fails", "Often it fails")), KIM, {seen.id: seen.version})
    assert later.value.rule is TopicRule.CHANGED
    assert later.value.changes == (
        FieldChange("title", "Astrolabes", "The astrolabe"),
        FieldChange("names", ["astrolabe"], None),
    )
    (now,) = later.value.there
    assert (now.title, now.edited_by) == ("The astrolabe", "Mo")
    await topics.remove(HERE, now.id, now.version)
    with pytest.raises(CannotBeKept) as gone:
        await topics.put(HERE, read(ASTRO), KIM, {seen.id: now.version})
    assert gone.value.rule is TopicRule.NOT_THERE
    await topics.put(HERE, read(ASTRO), MO)
    with pytest.raises(CannotBeKept) as another_one:
        await topics.remove(HERE, now.id, now.version)
    assert another_one.value.rule is TopicRule.CHANGED, "what was added anew is another one"
    with pytest.raises(CannotBeKept) as other_id:
        await topics.put(HERE, read(SEXTANT), KIM, {"astrolabes": (await topics.listed(HERE))[0].version})
    assert other_id.value.rule is TopicRule.OTHER_ID


@pytest.mark.parametrize(
    ("changed", "rule", "other", "own"),
    [
        (lambda text: text.replace("id: sextants", "id: bread"), TopicRule.ID, "Bread", False),
        (lambda text: text.replace("title: Sextants", "title: 'BREAD  '"), TopicRule.TITLE, "Bread", False),
        (lambda text: text.replace("title: Sextants", "title: ASTROLABES"), TopicRule.TITLE, "Astrolabes", True),
        (lambda text: text.replace("what is a sextant", "What is  bread?"), TopicRule.PHRASING, "Bread", False),
        (
            lambda text: text.replace("what is a sextant", "WHAT IS AN ASTROLABE!"),
            TopicRule.PHRASING,
            "Astrolabes",
            True,
        ),
        (
            lambda text: text.replace("What is a sextant?", "what is an astrolabe?"),
            TopicRule.PHRASING,
            "Astrolabes",
            True,
        ),
    ],
)
async def test_what_others_have_is_refused_with_the_name_of_the_other(
    topics: ServerTopics, changed: Callable[[str], str], rule: TopicRule, other: str, own: bool
) -> None:
    await topics.put(HERE, read(ASTRO.replace("what is a astrolabe", "what is an astrolabe")), MO)
    text = changed(SEXTANT)
    assert text != SEXTANT
    with pytest.raises(CannotBeKept) as refused:
        await topics.put(HERE, read(PROBING, text), MO)
    (found,) = refused.value.conflicts
    assert (refused.value.rule, found.rule, found.topic.question[:9], found.other.title, found.own) == (
        rule,
        rule,
        read(text)[0].topic.question[:9],
        other,
        own,
    )
    assert bool(found.phrasing) == (rule is TopicRule.PHRASING)
    assert await heard(topics) == ["astrolabes"]
    await topics.put(THERE, read(SEXTANT), MO)  # what another server has is no matter


async def test_a_server_has_so_many_topics_and_so_much_text(topics: ServerTopics, kept: InMemoryTopics) -> None:
    many = [another(f"thing-{n}", f"Thing {n}", f"thing{n}") for n in range(MOST_TOPICS)]
    await topics.put(HERE, read(*many[:90]), MO)
    with pytest.raises(CannotBeKept) as enough:
        await topics.put(HERE, read(*many[90:], SEXTANT), MO)
    assert enough.value.rule is TopicRule.ENOUGH
    await topics.put(HERE, read(*many[90:]), MO)
    assert len(await heard(topics)) == MOST_TOPICS
    kept.rows[HERE].pop("thing-99")
    long = kept.rows[HERE]["thing-0"]
    object.__setattr__(long, "source", "#" * (MOST_TEXT - sum(len(one) for one in many[1:99]) - 10))
    with pytest.raises(CannotBeKept) as too_long:
        await topics.put(HERE, read(SEXTANT), MO)
    assert too_long.value.rule is TopicRule.TOO_LONG


async def test_a_topic_that_a_round_plays_goes_when_the_round_is_over(
    topics: ServerTopics, taught: Taught, kept: InMemoryTopics, clock: Hours
) -> None:
    await topics.put(HERE, read(ASTRO, SEXTANT), MO)
    playing: set[str] = {"astrolabes"}
    topics.played = lambda server: frozenset(playing if server == HERE else ())
    for one in await topics.listed(HERE):
        assert await topics.remove(HERE, one.id, one.version) is (
            Removal.WAITS if one.id == "astrolabes" else Removal.GONE
        )
    assert await heard(topics) == ["astrolabes"]
    assert topics.leaving(HERE) == {"astrolabes"}
    assert [one.leaving for one in await topics.listed(HERE)] == [True]
    await topics.sweep(HERE)
    assert await heard(topics) == ["astrolabes"]

    restarted = over(taught, kept, clock=clock)
    restarted.played = lambda _: None  # it is not known yet
    await restarted.sweep_all()
    assert await heard(restarted) == ["astrolabes"]
    restarted.played = topics.played
    await restarted.sweep_all()
    assert await heard(restarted) == ["astrolabes"]
    playing.clear()
    await restarted.sweep_all()
    assert (await heard(restarted), kept.rows[HERE]) == ([], {})


async def test_a_server_whose_topics_cannot_be_removed_keeps_no_other_waiting(
    topics: ServerTopics, taught: Taught, kept: InMemoryTopics, clock: Hours
) -> None:
    topics.played = lambda _: None
    for server in (HERE, THERE):
        await topics.put(server, read(ASTRO), MO)
        (one,) = await topics.listed(server)
        await topics.remove(server, one.id, one.version)
    restarted = over(taught, kept, clock=clock)

    def played(server: int) -> frozenset[str]:
        if server == faulty:
            raise ValueError(server)
        return frozenset()

    faulty = HERE
    restarted.played = played
    await restarted.sweep_all()
    assert (len(kept.rows[HERE]), len(kept.rows[THERE])) == (1, 0)
    faulty = 0
    await restarted.sweep_all()
    assert not any(kept.rows.values())


async def test_what_is_to_go_and_is_sent_in_again_stays(topics: ServerTopics) -> None:
    await topics.put(HERE, read(ASTRO), MO)
    topics.played = lambda _: None
    (one,) = await topics.listed(HERE)
    assert await topics.remove(HERE, one.id, one.version) is Removal.WAITS
    with pytest.raises(CannotBeKept) as asked:
        await topics.put(HERE, read(ASTRO), MO)
    assert asked.value.there[0].leaving
    await topics.confirm(HERE, asked.value.token, MO)
    topics.played = lambda _: frozenset()
    await topics.sweep(HERE)
    assert await heard(topics) == ["astrolabes"]


async def test_a_server_may_teach_its_own_topics_alone_but_not_nothing(
    topics: ServerTopics, taught: Taught, settings: SettingsOfServers
) -> None:
    with pytest.raises(CannotBeSet) as nothing:
        await topics.require_some(HERE)
    assert nothing.value.rule is SettingRule.NOTHING_LEFT
    await topics.put(HERE, read(ASTRO, SEXTANT), MO)
    await topics.require_some(HERE)
    await settings.change(HERE, Change(own_topics_only=True))
    alone = await topics.learnt(HERE)
    assert [one.id for one in alone.curriculum.topics] == ["astrolabes", "sextants"]
    one, other = await topics.listed(HERE)
    await topics.remove(HERE, one.id, one.version)
    with pytest.raises(CannotBeKept) as last:
        await topics.remove(HERE, other.id, other.version)
    assert last.value.rule is TopicRule.LAST
    await settings.change(HERE, Change(own_topics_only=False))
    assert len((await topics.learnt(HERE)).curriculum.topics) == 1 + len(taught.latest.curriculum.topics)
    await topics.remove(HERE, other.id, other.version)
    assert await topics.learnt(HERE) is taught.latest


async def test_what_waits_for_a_round_to_go_is_none_that_a_server_can_teach_alone(
    topics: ServerTopics, settings: SettingsOfServers
) -> None:
    await topics.put(HERE, read(ASTRO, SEXTANT), MO)
    topics.played = lambda _: frozenset({"astrolabes", "sextants"})
    one, other = await topics.listed(HERE)
    await settings.change(HERE, Change(own_topics_only=True))
    assert await topics.remove(HERE, one.id, one.version) is Removal.WAITS
    with pytest.raises(CannotBeKept) as last:
        await topics.remove(HERE, other.id, other.version)
    assert last.value.rule is TopicRule.LAST
    await settings.change(HERE, Change(own_topics_only=False))
    assert await topics.remove(HERE, other.id, other.version) is Removal.WAITS
    with pytest.raises(CannotBeSet):
        await topics.require_some(HERE)


async def test_a_conflict_with_what_is_switched_off_says_so(
    topics: ServerTopics, settings: SettingsOfServers, taught: Taught
) -> None:
    (other, *_) = taught.latest.curriculum.topics
    await topics.put(HERE, read(ASTRO), MO)
    titled = read(SEXTANT.replace("title: Sextants", f"title: {other.title}"))
    for alone in (False, True):
        await settings.change(HERE, Change(own_topics_only=alone))
        with pytest.raises(CannotBeKept) as refused:
            await topics.put(HERE, titled, MO)
        assert ("switched off here" in cannot_be_kept(refused.value)) is alone


async def test_a_form_is_read_without_a_process_and_what_holds_more_as_a_file(
    topics: ServerTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []

    async def read_file(data: bytes, file: str) -> Sequence[ReadTopic]:
        files.append(data.decode())
        return read(data.decode())

    monkeypatch.setattr(topics, "read_file", read_file)
    forms = TopicForms(topics, cast(Gate, None))
    fields = FormFields(
        "Tides", "What makes tides?", "The moon does.", "\n".join(f"what makes tides {i}" for i in "abcde")
    )
    await forms.send(HERE, FormSent(fields), MO)
    with pytest.raises(FormNotTaken):
        await forms.send(HERE, FormSent(replace(fields, asks="why")), MO)
    assert not files
    await topics.put(HERE, read(PROBING), MO)
    probing = await forms.topic(HERE, "linear-probing")
    changed = replace(filled(probing.source).fields, answer="It goes on to the next free one.")
    with suppress(FormNotTaken):
        await forms.send(HERE, FormSent(changed, probing.id, probing.version), MO)
    assert len(files) == 1 and "key_points" in files[0]


async def test_a_topic_that_all_are_taught_meanwhile_is_in_the_way_and_the_servers_own_is_not_lost(
    topics: ServerTopics, taught: Taught
) -> None:
    await topics.put(HERE, read(ASTRO, SEXTANT), MO)
    before = taught.latest
    ours = read(ASTRO.replace("title: Astrolabes", "title: Ours"))[0].topic
    taught.switch(Learnt.of(Curriculum(topics=(*CURRICULUM.topics, ours))))
    learnt = await topics.learnt(HERE)
    assert ([*learnt.own], learnt.curriculum.topic("astrolabes")) == (["sextants"], ours)
    assert [one.in_the_way and one.in_the_way.title for one in await topics.listed(HERE)] == ["Ours", None]
    taught.switch(before)
    assert await heard(topics) == ["astrolabes", "sextants"]


async def test_of_two_who_add_at_once_both_are_kept_and_of_one_topic_the_first(
    topics: ServerTopics, kept: InMemoryTopics
) -> None:
    results = await asyncio.gather(
        *(topics.put(HERE, read(text), MO) for text in (ASTRO, SEXTANT, ASTRO)), return_exceptions=True
    )
    assert [isinstance(one, CannotBeKept) for one in results] == [False, False, True]
    assert sorted(await heard(topics)) == sorted(kept.rows[HERE]) == ["astrolabes", "sextants"]
