"""The settings, read once from the environment and an optional `.env`; every fault is reported at once."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import unquote

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import folders
from bot.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

Folder = Annotated[Path, BeforeValidator(folders.read)]  # absolute
ROOT = Path(__file__).resolve().parent.parent
_NO_ADDRESS = (
    "DATABASE_URL is not the address of a database, such as sqlite+aiosqlite:////srv/tutor/tutor.sqlite3 (in a name "
    "or password @ : / ? # % are written %40 %3A %2F %3F %23 %25)."
)


_SHORTEST_SECRET = 3  # letters; anything shorter is in every other line by chance


class Settings(BaseSettings):
    """Names and defaults are documented in `.env.example`. The token is never printed: it is a SecretStr throughout."""

    model_config = SettingsConfigDict(
        env_file=(ROOT / ".env", ".env"),
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    discord_token: SecretStr | None = None
    knowledge_dir: Folder = ROOT / "knowledge"
    data_dir: Folder = ROOT / "data"
    database_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @property
    def database(self) -> "URL":
        """Where the database is: an SQLite file in the data directory unless `database_url` is set. A path in that is
        read as those of the folders are. Raises SettingsError.

        SQLAlchemy is loaded here, where a database is wanted.
        """
        from sqlalchemy.engine import URL, make_url
        from sqlalchemy.exc import ArgumentError

        if self.database_url is None:
            return URL.create("sqlite+aiosqlite", database=str(self.data_dir / "tutor.sqlite3"))
        try:
            url = make_url(self.database_url)
        except (ArgumentError, ValueError):
            raise SettingsError(_NO_ADDRESS) from None
        path = url.database or ":memory:"
        if url.get_backend_name() != "sqlite" or path.startswith((":memory:", "file:")):
            return url
        try:
            return url.set(database=str(folders.read(path)))
        except ValueError as error:
            raise SettingsError(f"DATABASE_URL: its path {error}.") from None

    def secrets(self) -> tuple[str, ...]:
        """What must be in no line that anyone reads: the token, and the password of the database."""
        token = self.discord_token.get_secret_value().strip() if self.discord_token else ""
        password = re.match(r"[^/]*//[^/@]*:([^/]*)@", self.database_url or "")
        found = {token, *([password[1], unquote(password[1])] if password else [])}
        return tuple(secret for secret in found if len(secret) > _SHORTEST_SECRET)


def load() -> Settings:
    """Reads the settings. Raises SettingsError with one line for every faulty one, none showing a value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError:  # PowerShell's `>` writes UTF-16, say
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f".env cannot be read: {error.strerror}.") from None
