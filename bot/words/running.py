"""What whoever runs the bot is told in Discord: the owner of the application, of its knowledge."""

from collections.abc import Sequence

from bot.service.reloading import Reloaded

RELOAD_COMMAND = "Read the files of the topics anew; for the owner of this application"
ONLY_OWNERS = "Only the owner of this application, or an accepted member of its team, can do that."
AT_FAULT = "The files are at fault, so I go on teaching what I taught. Correct them, then try again."
ALL_IN_THE_FILE = "All of them, in full, are in the file."
FAULTS_FILE = "faults.txt"


def reloaded(found: Reloaded) -> str:
    """What has changed now that the files were read anew."""
    topics = "1 topic" if found.topics == 1 else f"{found.topics} topics"
    parts = {"New": found.new, "Changed": found.changed, "Gone": found.gone}
    lines = [f"- {what}: {', '.join(titles)}" for what, titles in parts.items() if titles]
    said = f"I have read the files anew and teach {topics}."
    return "\n".join([said, *lines]) if lines else f"{said} The topics are as they were."


def faults(shown: Sequence[str], count: int, all_shown: bool) -> str:
    """What is wrong with the files, of which nothing is taught then; the rest is in a file where not `all_shown`."""
    said = "1 fault:" if count == 1 else f"{count} faults:"
    return "\n".join([AT_FAULT, said, *(f"- {one}" for one in shown), *([] if all_shown else [ALL_IN_THE_FILE])])
