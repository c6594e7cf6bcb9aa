"""Why Discord did not let the bot in, one line each."""

TOKEN_MISSING = "There is no token. Set DISCORD_TOKEN in the environment or in .env; the README says how."  # noqa: S105
TOKEN_REFUSED = "Discord refused the token. Set DISCORD_TOKEN to the one on your application's Bot page."  # noqa: S105
INTENTS_REFUSED = "Discord refused an intent that this bot does not need; please report this as a fault of the bot."


def unreachable(reason: str) -> str:
    """There is no way to Discord."""
    return f"Discord cannot be reached ({reason}). Check the network, and try again."


def turned_away(reason: str) -> str:
    """Discord answered, but did not let the bot in."""
    return f"Discord did not let me in ({reason}). Wait a little, and try again."
