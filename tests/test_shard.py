"""Whose a server is, and how a shard is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shard import Shard, read_shard

IDS = st.integers(min_value=0, max_value=2**63 - 1)


@given(IDS, st.integers(min_value=1, max_value=1000))
def test_each_id_has_one_owner_and_it_is_the_one_that_discord_says(snowflake: int, count: int) -> None:
    owners = [shard for shard in range(count) if Shard(shard, count).owns(snowflake)]
    assert owners == [snowflake // 4194304 % count]


@given(IDS)
def test_the_only_shard_owns_all(snowflake: int) -> None:
    assert Shard().owns(snowflake)
    assert Shard().first


@given(st.integers(min_value=1, max_value=1000), st.data())
def test_it_is_read_as_it_is_shown(count: int, data: st.DataObject) -> None:
    shard = Shard(data.draw(st.integers(min_value=0, max_value=count - 1)), count)
    assert read_shard(f" {shard}\n") == shard


@pytest.mark.parametrize("text", ["", "a/b", "1", "/", "0/0", "4/4", "2/1", "-1/2", "1/2/3", "0.5/2", "²/3", "auto/2"])
def test_what_is_no_shard_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"k/N|has no shard"):
        read_shard(text)


def test_auto_is_the_only_one_until_discord_wants_more() -> None:
    assert read_shard(" Auto\n").auto
    assert read_shard("auto") == Shard()
