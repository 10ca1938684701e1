"""What an operator can set, in the environment or in ``.env``; read by the programs, never at import."""

from __future__ import annotations

import codecs
import io
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from salesbot.errors import ConfigError

PREFIX = "SALESBOT_"
TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{18,40}\.[A-Za-z0-9_-]{4,12}\.[A-Za-z0-9_-]{20,80}")


def seed_pack() -> Path:
    """The pack that ships with the package, or the checkout's own ``seeds/``."""
    inside = Path(str(files("salesbot"))) / "seeds"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "seeds"


def _folder_of_the_user() -> Path:
    import click  # a start with a data folder set does not need it

    folder = Path(click.get_app_dir("salesbot"))
    if folder.parts[:1] == ("~",):
        raise ConfigError("no_home")
    return folder


def _env_file() -> str:
    """The text of ``.env``, in UTF-8 or, as some editors and shells write it, in UTF-16; empty without one."""
    try:
        data = Path(".env").read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError("env_unreadable", error=str(error.strerror)) from None
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("env_unreadable", error=error.reason) from None


def proxy(settings: Settings) -> str | None:
    """The proxy to reach Discord by: the one set, else that of the environment. Raises ``ConfigError``."""
    if settings.proxy is not None:
        return settings.proxy
    from urllib.request import getproxies, proxy_bypass  # the command line does without

    found = getproxies()
    name = next((name for name in ("https", "all") if found.get(name)), None)
    if name is None or proxy_bypass("discord.com"):
        return None
    if not re.match(r"https?://", found[name]):
        raise ConfigError("proxy_wrong", variable=f"{name.upper()}_PROXY")
    return found[name]


class Settings(BaseModel):
    """Every setting; ``salesbot.words`` describes them, and ``.env.example`` is generated from those texts."""

    model_config = ConfigDict(extra="forbid")

    discord_token: SecretStr | None = None
    pack_dir: Path = Field(default_factory=seed_pack)
    data_dir: Path = Field(default_factory=_folder_of_the_user)
    database_url: str | None = Field(None, pattern=r"^postgres(ql)?://\S+$", repr=False)
    home_guild: int | None = Field(None, ge=1)
    server_rows: int = Field(100_000, ge=1)
    server_versions: int = Field(30, ge=2)
    server_megabytes: int = Field(200, ge=1)
    proxy: str | None = Field(None, pattern=r"https?://\S+")
    listen: str | None = Field(None, pattern=r"\S*:[0-9]{1,5}")
    metrics: str | None = Field(None, pattern=r"\S*:[0-9]{1,5}")
    log_format: Literal["text", "json"] = "text"
    browse_url: str | None = Field(None, pattern=r"https?://[^\s()<>]+")

    @field_validator("pack_dir", "data_dir")
    @classmethod
    def _expanded(cls, folder: Path) -> Path:
        return folder.expanduser() if folder.parts[:1] == ("~",) else folder


def settings() -> Settings:
    """The settings of the environment, else of ``.env``. Raises ``ConfigError`` naming the variable that is wrong."""
    written = dotenv_values(stream=io.StringIO(_env_file()))
    names = {name: f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    texts = {name: os.environ.get(variable) or written.get(variable) for name, variable in names.items()}
    try:
        return Settings.model_validate({name: text for name, text in texts.items() if text})
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        variable = names[str(fault["loc"][0])]
        raise ConfigError("setting_wrong", variable=variable, error=fault["msg"].casefold()) from None


def token(settings: Settings) -> str:
    """The token, if there is one and it has a token's form. Raises ``ConfigError`` before anything connects."""
    if settings.discord_token is None:
        raise ConfigError("token_missing")
    text = settings.discord_token.get_secret_value().strip()
    if not TOKEN_FORM.fullmatch(text):
        raise ConfigError("token_malformed")
    return text
