"""`python -m tests.boot`: the real client, without a token, registers every command and shows what Discord is sent."""

import json

from bot import app, settings
from bot.discord_app import register


def main() -> None:
    """Prints the payload of every command, one a line."""
    for payload in register.every_payload(app.build(settings.load())):
        print(json.dumps(payload, sort_keys=True))


if __name__ == "__main__":
    main()
