"""What an operator can set, in the environment or in ``.env``; read by the programs, never at import."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from salesbot.errors import ConfigError

PREFIX = "SALESBOT_"
TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{18,40}\.[A-Za-z0-9_-]{4,12}\.[A-Za-z0-9_-]{20,80}")


def seed_pack() -> Path:
    """The pack that ships with the package, or the checkout's own ``seeds/``."""
    inside = Path(str(files("salesbot"))) / "seeds"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "seeds"


def _folder_of_the_user() -> Path:
    import click  # a start with a data folder set does not need it

    return Path(click.get_app_dir("salesbot"))


class Settings(BaseModel):
    """Every setting; ``salesbot.words`` describes them, and ``.env.example`` is generated from those texts."""

    model_config = ConfigDict(extra="forbid")

    discord_token: SecretStr | None = None
    pack_dir: Path = Field(default_factory=seed_pack)
    data_dir: Path = Field(default_factory=_folder_of_the_user)
    home_guild: int | None = Field(None, ge=1)
    server_rows: int = Field(100_000, ge=1)
    server_versions: int = Field(30, ge=2)
    server_megabytes: int = Field(200, ge=1)
    browse_url: str | None = Field(None, pattern=r"https?://[^\s()<>]+")


def settings() -> Settings:
    """The settings of the environment, else of ``.env``. Raises ``ConfigError`` naming the variable that is wrong."""
    written = dotenv_values(".env")
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
