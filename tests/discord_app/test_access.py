"""Who may do what, by the rights that Discord knows of."""

import discord
import pytest

from bot.discord_app.access import leads, manages, moderates


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("manage_messages", (True, False, True)),
        ("manage_guild", (False, True, True)),
        ("administrator", (True, True, True)),
        ("kick_members", (False, False, False)),
    ],
)
def test_moderators_and_those_who_run_the_server_are_told_apart(named: str, expected: tuple[bool, ...]) -> None:
    rights = discord.Permissions(**{named: True})
    assert (moderates(rights), manages(rights), leads(rights)) == expected
