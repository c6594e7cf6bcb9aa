"""What servers set: read whatever stands there, changed one thing at a time."""

import asyncio
import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StorageRefuses
from bot.service.server_settings import (
    MOST_CHANNELS,
    CannotBeSet,
    Change,
    ServerSettings,
    SettingRule,
    SettingsOfServers,
    changed,
    read,
)

ODD = [None, True, False, -1, 0, 5, 2**70, 0.5, "", "5", [], [5, "x"], [5, 6], {}, {"a": 5}, "UTC", "berlin"]
NAMES = st.sampled_from([*asdict(ServerSettings()), "from_a_later_version"])
RULES = st.builds(
    ServerSettings,
    st.none() | st.integers(1, 2**63),
    st.none() | st.integers(1, 2**63),
    st.lists(st.integers(1, 2**63), max_size=5).map(tuple),
    st.booleans(),
    st.integers(0, 3600),
    st.integers(1, 30),
    st.sampled_from(["UTC", "Europe/Berlin"]),
)


class Texts:
    """Settings as they are kept."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.reads = 0

    async def of(self, server_id: int) -> str | None:
        self.reads += 1
        await asyncio.sleep(0)
        return self.texts.get(server_id)

    async def keep(self, server_id: int, settings: str) -> None:
        await asyncio.sleep(0)
        self.texts[server_id] = settings


@given(st.dictionaries(NAMES, st.sampled_from(ODD)))
def test_whatever_stands_there_is_read(found: dict[str, object]) -> None:
    assert isinstance(read(json.loads(json.dumps(found))), ServerSettings)


@given(RULES)
def test_what_is_kept_comes_back(rules: ServerSettings) -> None:
    assert read(json.loads(json.dumps(asdict(rules)))) == rules


async def test_what_a_later_version_set_stays_until_a_reset() -> None:
    kept = Texts()
    kept.texts[1] = json.dumps({"language": "de", "cooldown": "long", "receipt_days": 900, "starter_role": 5})
    rules = SettingsOfServers(kept)
    assert await rules.of(1) == ServerSettings(starter_role=5)
    await rules.change(1, Change(cooldown=30))
    assert json.loads(kept.texts[1])["language"] == "de"
    assert await SettingsOfServers(kept).of(1) == ServerSettings(starter_role=5, cooldown=30)
    assert await rules.change(1, Change(reset=True)) == ServerSettings()
    assert "language" not in kept.texts[1]


@pytest.mark.parametrize("text", ["[]", "3", "null", "not json", ""])
async def test_what_is_no_settings_at_all_counts_as_none(text: str) -> None:
    kept = Texts()
    kept.texts[1] = text
    rules = SettingsOfServers(kept)
    assert await rules.of(1) == ServerSettings()
    assert await rules.change(1, Change(receipt_days=3)) == ServerSettings(receipt_days=3)


async def test_two_changes_at_once_both_count_and_reading_is_remembered() -> None:
    kept = Texts()
    rules = SettingsOfServers(kept)
    await asyncio.gather(*(rules.change(1, Change(answer_in=channel)) for channel in range(1, 6)))
    reads = kept.reads
    assert [(await rules.of(1)).answer_channels for _ in range(9)] == [(1, 2, 3, 4, 5)] * 9
    assert kept.reads == reads
    assert await rules.of(2) == ServerSettings()


def test_channels_are_added_and_taken_back() -> None:
    rules = changed(changed(ServerSettings(), Change(answer_in=1)), Change(answer_in=2))
    assert rules.answer_channels == (1, 2)
    assert rules.answers_in((9, 1))  # a thread, and what it belongs to
    assert not rules.answers_in((9,))
    assert changed(rules, Change(answer_in=2)) == rules
    assert changed(rules, Change(answer_in=3, no_longer_in=1)).answer_channels == (2, 3)
    none = changed(changed(rules, Change(no_longer_in=1)), Change(no_longer_in=2))
    assert none == ServerSettings()
    assert none.answers_in((9,))


@pytest.mark.parametrize(
    ("before", "change", "rule"),
    [
        (ServerSettings(), Change(no_longer_in=1), SettingRule.ANSWERS_EVERYWHERE),
        (ServerSettings(answer_channels=(2,)), Change(no_longer_in=1), SettingRule.NOT_LISTED),
        (ServerSettings(answer_channels=(2,)), Change(answer_in=2, no_longer_in=2), SettingRule.BOTH),
        (
            ServerSettings(answer_channels=tuple(range(1, MOST_CHANNELS + 1))),
            Change(answer_in=99),
            SettingRule.TOO_MANY,
        ),
    ],
)
def test_what_cannot_be_set_says_why(before: ServerSettings, change: Change, rule: SettingRule) -> None:
    with pytest.raises(CannotBeSet) as raised:
        changed(before, change)
    assert raised.value.rule is rule


@given(RULES, st.integers(0, 3600))
def test_a_change_leaves_all_else(rules: ServerSettings, cooldown: int) -> None:
    assert changed(rules, Change(cooldown=cooldown, private_answers=False)) == replace(
        rules, cooldown=cooldown, private_answers=False
    )
    assert changed(rules, Change()) == rules


async def test_what_another_process_has_set_is_seen_within_seconds() -> None:
    kept, now = Texts(), [0.0]
    here, there = (SettingsOfServers(kept, 5.0, lambda: now[0]) for _ in range(2))
    assert (await here.of(1)).cooldown == 0
    await there.change(1, Change(cooldown=30))
    assert (await here.of(1)).cooldown == 0
    reads = kept.reads
    now[0] = 5.1
    assert [(await here.of(1)).cooldown for _ in range(3)] == [30, 30, 30]
    assert kept.reads == reads + 1


async def test_what_cannot_be_read_anew_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, now = Texts(), [0.0]
    rules = SettingsOfServers(kept, 5.0, lambda: now[0])
    await rules.change(1, Change(cooldown=30))

    async def refuse(_server: int) -> None:
        raise StorageRefuses("gone", reading=True)

    monkeypatch.setattr(kept, "of", refuse)
    now[0] = 5.1
    assert (await rules.of(1)).cooldown == 30
    with pytest.raises(StorageRefuses):
        await rules.of(2)
