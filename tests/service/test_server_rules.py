"""What servers set: read whatever stands there, changed one thing at a time."""

import asyncio
import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.server_rules import (
    MOST_CHANNELS,
    CannotBeSet,
    Change,
    Fault,
    Rules,
    ServerRules,
    changed,
    read,
)

ODD = [None, True, False, -1, 0, 5, 2**70, 0.5, "", "5", [], [5, "x"], [5, 6], {}, {"a": 5}]
NAMES = st.sampled_from([*asdict(Rules()), "from_a_later_version"])
RULES = st.builds(
    Rules,
    st.none() | st.integers(1, 2**63),
    st.none() | st.integers(1, 2**63),
    st.lists(st.integers(1, 2**63), max_size=5).map(tuple),
    st.booleans(),
    st.integers(0, 3600),
    st.integers(1, 30),
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
    assert isinstance(read(json.loads(json.dumps(found))), Rules)


@given(RULES)
def test_what_is_kept_comes_back(rules: Rules) -> None:
    assert read(json.loads(json.dumps(asdict(rules)))) == rules


async def test_what_a_later_version_set_stays_until_a_reset() -> None:
    kept = Texts()
    kept.texts[1] = json.dumps({"language": "de", "cooldown": "long", "receipt_days": 900, "starter_role": 5})
    rules = ServerRules(kept)
    assert await rules.of(1) == Rules(starter_role=5)
    await rules.change(1, Change(cooldown=30))
    assert json.loads(kept.texts[1])["language"] == "de"
    assert await ServerRules(kept).of(1) == Rules(starter_role=5, cooldown=30)
    assert await rules.change(1, Change(reset=True)) == Rules()
    assert "language" not in kept.texts[1]


@pytest.mark.parametrize("text", ["[]", "3", "null", "not json", ""])
async def test_what_is_no_settings_at_all_counts_as_none(text: str) -> None:
    kept = Texts()
    kept.texts[1] = text
    rules = ServerRules(kept)
    assert await rules.of(1) == Rules()
    assert await rules.change(1, Change(receipt_days=3)) == Rules(receipt_days=3)


async def test_two_changes_at_once_both_count_and_reading_is_remembered() -> None:
    kept = Texts()
    rules = ServerRules(kept)
    await asyncio.gather(*(rules.change(1, Change(answer_in=channel)) for channel in range(1, 6)))
    reads = kept.reads
    assert [(await rules.of(1)).answer_channels for _ in range(9)] == [(1, 2, 3, 4, 5)] * 9
    assert kept.reads == reads
    assert await rules.of(2) == Rules()


def test_channels_are_added_and_taken_back() -> None:
    rules = changed(changed(Rules(), Change(answer_in=1)), Change(answer_in=2))
    assert rules.answer_channels == (1, 2)
    assert rules.answers_in((9, 1))  # a thread, and what it belongs to
    assert not rules.answers_in((9,))
    assert changed(rules, Change(answer_in=2)) == rules
    assert changed(rules, Change(answer_in=3, no_longer_in=1)).answer_channels == (2, 3)
    none = changed(changed(rules, Change(no_longer_in=1)), Change(no_longer_in=2))
    assert none == Rules()
    assert none.answers_in((9,))


@pytest.mark.parametrize(
    ("before", "change", "fault"),
    [
        (Rules(), Change(no_longer_in=1), Fault.ANSWERS_EVERYWHERE),
        (Rules(answer_channels=(2,)), Change(no_longer_in=1), Fault.NOT_LISTED),
        (Rules(answer_channels=(2,)), Change(answer_in=2, no_longer_in=2), Fault.BOTH),
        (Rules(answer_channels=tuple(range(1, MOST_CHANNELS + 1))), Change(answer_in=99), Fault.TOO_MANY),
    ],
)
def test_what_cannot_be_set_says_why(before: Rules, change: Change, fault: Fault) -> None:
    with pytest.raises(CannotBeSet) as raised:
        changed(before, change)
    assert raised.value.fault is fault


@given(RULES, st.integers(0, 3600))
def test_a_change_leaves_all_else(rules: Rules, cooldown: int) -> None:
    assert changed(rules, Change(cooldown=cooldown, private_answers=False)) == replace(
        rules, cooldown=cooldown, private_answers=False
    )
    assert changed(rules, Change()) == rules
