"""`python -m tests.boot`: the real client, without a token, registers every command and shows what Discord is sent."""

import json
import tempfile
from pathlib import Path

from bot import app, settings
from bot.discord_app import register


def main() -> None:
    """Prints the payload of every command, one a line, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="tutor-boot-") as folder:
        apart = settings.load().model_copy(update={"data_dir": Path(folder), "database_url": None})
        for payload in register.every_payload(app.build(apart)):
            print(json.dumps(payload, sort_keys=True))


if __name__ == "__main__":
    main()
