"""The settings, read once from the environment and an optional `.env`; every fault is reported at once."""

import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import unquote

from pydantic import BeforeValidator, PlainValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import folders
from bot.errors import SettingsError
from bot.metrics import Address, read_address
from bot.shard import Shard, read_shard

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from sqlalchemy.engine import URL

Folder = Annotated[Path, BeforeValidator(folders.read)]  # absolute
ROOT = Path(__file__).resolve().parent.parent
_DRIVERS = {"sqlite": "aiosqlite", "postgres": "asyncpg", "postgresql": "asyncpg"}
_DATABASES = (
    "SQLite (sqlite+aiosqlite:////srv/tutor/tutor.sqlite3)",
    "PostgreSQL 13 or newer (postgresql+asyncpg://...)",
)
_NO_ADDRESS = (
    "{} is not the address of a database, such as sqlite+aiosqlite:////srv/tutor/tutor.sqlite3 (in a name or password "
    "@ : / ? # % are written %40 %3A %2F %3F %23 %25)."
)


def _upper(text: object) -> object:
    return text.strip().upper() if isinstance(text, str) else text


def _lower(text: object) -> object:
    return text.strip().lower() if isinstance(text, str) else text


def _address(given: object) -> Address | None:
    return given if given is None or isinstance(given, Address) else read_address(str(given))


def _shard(given: object) -> Shard:
    return given if isinstance(given, Shard) else read_shard(str(given))


_FILES = (ROOT / ".env", Path(".env"))
# How like two names must be, of 1: DISCORD_BOT_TOKEN and DISCORD_TOKEN are 0.87; XDG_DATA_DIRS, which stands in many an
# environment, and DATA_DIR are 0.76.
_LIKE, _VERY_LIKE = 0.75, 0.85
_OF_OTHERS = {
    "HTTP_PROXY",
    "ALL_PROXY",
    "FTP_PROXY",
    "SSL_CERT_DIR",
    "NIX_SSL_CERT_FILE",
}  # near to ours, and meant for other programs
_SHORTEST_SECRET = 3  # letters; anything shorter is in every other line by chance


class Settings(BaseSettings):
    """Names and defaults are documented in `.env.example`. The token is never printed: it is a SecretStr throughout."""

    model_config = SettingsConfigDict(
        env_file=_FILES,
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    discord_token: SecretStr | None = None
    knowledge_dir: Folder = ROOT / "knowledge"
    data_dir: Folder = ROOT / "data"
    database_url: str | None = None
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"
    shard: Annotated[Shard, NoDecode, PlainValidator(_shard)] = Shard()
    metrics: Annotated[Address | None, NoDecode, PlainValidator(_address)] = None
    proxy: SecretStr | None = None
    https_proxy: SecretStr | None = None  # that of the whole machine, as others read it too
    no_proxy: str | None = None
    ssl_cert_file: Folder | None = None  # a file, whose path is read as those of folders are

    @property
    def database(self) -> "URL":
        """Where the database is: an SQLite file in the data directory unless `database_url` is set. A path in that is
        read as those of the folders are. Raises SettingsError.

        SQLAlchemy is loaded here, where a database is wanted.
        """
        from sqlalchemy.engine import URL

        if self.database_url is None:
            return URL.create("sqlite+aiosqlite", database=str(self.data_dir / "tutor.sqlite3"))
        return database_at(self.database_url)

    @property
    def shared_database(self) -> "URL":
        """The database, for whoever serves the shard. Raises SettingsError, too where other shards could not use it."""
        if (url := self.database).get_backend_name() == "sqlite" and self.shard.count > 1:
            raise SettingsError(
                f"SHARD={self.shard} is one of several, and SQLite is for one process. Set DATABASE_URL to a "
                "PostgreSQL, or leave SHARD out."
            )
        return url

    @property
    def watched_at(self) -> Address | None:
        """Where what is measured is served, if it is. Raises SettingsError where the package for it is missing."""
        if self.metrics and find_spec("prometheus_client") is None:
            raise SettingsError(f"METRICS: the package prometheus-client is not installed. {_installing('metrics')}")
        return self.metrics

    def trust(self) -> None:
        """Have this process trust the certificates in `ssl_cert_file`, if that is set, in place of the system's file of
        them. To be called before what encrypts is loaded: OpenSSL takes the path from the environment. Raises
        SettingsError where none can be read there, of which OpenSSL would say nothing."""
        if self.ssl_cert_file is None:
            if os.environ.get("SSL_CERT_FILE") == "":  # which to OpenSSL names a file without any certificate
                del os.environ["SSL_CERT_FILE"]
            return
        import ssl

        try:
            ssl.create_default_context(cafile=self.ssl_cert_file)
        except ssl.SSLError:
            raise SettingsError(f"SSL_CERT_FILE: {self.ssl_cert_file} holds no certificate in PEM form.") from None
        except OSError as error:
            raise SettingsError(f"SSL_CERT_FILE: {self.ssl_cert_file} cannot be read ({error.strerror}).") from None
        os.environ["SSL_CERT_FILE"] = str(self.ssl_cert_file)

    def secrets(self) -> tuple[str, ...]:
        """What must be in no line that anyone reads: the token, and the names and passwords in addresses."""
        addresses = [self.database_url, *(one.get_secret_value() for one in (self.proxy, self.https_proxy) if one)]
        found = {self.discord_token.get_secret_value().strip()} if self.discord_token else set()
        for address in filter(None, addresses):
            if given := re.match(r"(?:[^/@]*//)?([^/@:]*):?([^/@]*)@", address):
                name, password = given.groups()
                sent = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
                found |= {password, unquote(password), sent}
        return tuple(secret for secret in found if len(secret) > _SHORTEST_SECRET)


def database_at(address: str, name: str = "DATABASE_URL") -> "URL":
    """The address of a database, as a host has written it under that name. Raises SettingsError."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError(_NO_ADDRESS.format(name)) from None
    if "@" in f"{url.host}{url.database if url.get_backend_name() != 'sqlite' else ''}":  # the rest of a password
        raise SettingsError(_NO_ADDRESS.format(name))
    _usable(url, name)
    path = url.database or ":memory:"
    if url.get_backend_name() != "sqlite" or path.startswith((":memory:", "file:")):
        return url
    try:
        return url.set(database=str(folders.read(path)))
    except ValueError as error:
        raise SettingsError(f"{name}: its path {error}.") from None


def database_or_file(written: str, name: str) -> "URL":
    """The database that a host has written under that name: an address, or the path of an SQLite file. Raises
    SettingsError."""
    from sqlalchemy.engine import URL

    if "://" in written:
        return database_at(written, name)
    try:
        return URL.create("sqlite+aiosqlite", database=str(folders.read(written)))
    except ValueError as error:
        raise SettingsError(f"{name} {error}.") from None


def _usable(url: "URL", name: str) -> None:
    """Raises SettingsError for a database, or a driver of one, that is not used here, or is not installed."""
    backend, driver = url.get_backend_name(), url.drivername.partition("+")[2]
    if backend not in _DRIVERS:
        raise SettingsError(f"{name}: {backend} is not supported. Use {' or '.join(_DATABASES)}.")
    wanted = _DRIVERS[backend]
    if driver != wanted:
        written = "postgresql" if wanted == "asyncpg" else backend
        raise SettingsError(f"{name}: write {written}+{wanted}:// before the rest, for the driver {wanted}.")
    if find_spec(wanted) is None:
        extra = "postgresql" if wanted == "asyncpg" else ""
        raise SettingsError(f"{name}: the driver {wanted} is not installed. {_installing(extra)}")


def _installing(extra: str) -> str:
    """The command that installs what an extra needs, or all that is always needed, for this very Python; in double
    quotes, which every shell takes."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python"
    what = f'".[{extra}]"' if extra else "."
    return f"Run, in {ROOT}: {python} -m pip install --constraint constraints.txt --editable {what}"


def load() -> Settings:
    """Reads the settings. Raises SettingsError with one line for every faulty one, none showing a value."""
    try:
        _look_through(_FILES)
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(map(_told, error.errors(include_input=False)))) from None
    except UnicodeDecodeError:  # PowerShell's `>` writes UTF-16, say
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        file = Path(error.filename or ".env").absolute()
        raise SettingsError(
            f"{file} cannot be read ({error.strerror}). Start me as the user whose it is, or let this one read it."
        ) from None


def _told(fault: "ErrorDetails") -> str:
    """What is wrong with one setting, in a line without its value."""
    wrong = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "literal_error":
        wrong = f"must be {fault['ctx']['expected'].replace(chr(39), '')}"
    return f"{'.'.join(map(str, fault['loc'])).upper()}: {wrong}"


def mistyped() -> list[str]:
    """A line on each name, in `.env` or the environment, that is none of a setting and like one that is not set: it
    counts for nothing, and was surely meant to."""
    from dotenv import dotenv_values

    names = {str(file): dotenv_values(file, encoding="utf-8-sig", interpolate=False) for file in _FILES}
    names["the environment"] = dict(os.environ)
    known = {name.upper() for name in Settings.model_fields}
    written = {name.upper() for found in names.values() for name, value in found.items() if value}
    lines = []
    for place, found in names.items():
        for name in sorted({*found} - known, key=str.upper):
            near = get_close_matches(
                name.upper(), sorted(known), n=1, cutoff=_LIKE if place in map(str, _FILES) else _VERY_LIKE
            )
            if near and near[0] not in written and name.upper() not in {*known, *_OF_OTHERS}:
                lines.append(
                    f"There is no setting {name} ({place}), so that it counts for nothing. Is {near[0]} meant?"
                )
    return lines


def _look_through(files: Iterable[Path]) -> None:
    """Raises SettingsError where one of these files, if it is there, holds what would be passed over in silence: a
    setting that was meant to count would be another one then."""
    for file in files:
        if file.is_dir():
            raise SettingsError(
                f"{file} is a folder and must be a file. (Docker makes one where none is to be mounted.)"
            )
        if file.is_file():
            from dotenv.parser import parse_stream

            with file.open(encoding="utf-8-sig") as text:
                odd = [one.original for one in parse_stream(text) if one.error]
            if odd:
                line = odd[0].line + odd[0].string[: -len(odd[0].string.lstrip())].count("\n")
                raise SettingsError(
                    f"{file}, line {line}: write NAME=value; a value that begins with a quote ends with one."
                )
