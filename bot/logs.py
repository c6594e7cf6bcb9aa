"""Logging to standard error, as text for people or as JSON for machines."""

import json
import logging
import sys

from bot.settings import Settings


def configure(settings: Settings) -> None:
    """Sends every record of the process to standard error in the format that the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else text)
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel("WARNING")  # four lines at every start that tell nobody anything


class JsonFormatter(logging.Formatter):
    """One object a record: time, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        value = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            value["exception"] = self.formatException(record.exc_info)
        return json.dumps(value)
