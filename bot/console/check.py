"""`python -m bot check`: validates the knowledge."""

from dataclasses import asdict
from pathlib import Path

from bot.console.output import Screen, write_json
from bot.curriculum.loader import load
from bot.errors import KnowledgeError


def run(folder: Path, as_json: bool) -> int:
    """Prints every fault of every file. Returns 1 where there is one."""
    try:
        curriculum = load(folder)
    except KnowledgeError as error:
        for fault in error.faults:
            write_json(asdict(fault)) if as_json else Screen().line(str(fault))
        return 1
    if not as_json:
        asks = sum(len(topic.asks) for topic in curriculum.topics)
        Screen().line(f"{len(curriculum.topics)} topics with {asks:,} asks: no fault.")
    return 0
