"""What an operator can set, from the environment or ``.env``; read by the programs, never at import."""

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
HOW_TO_SET_IT = (
    "copy it from the Bot page of your application in Discord's developer portal and set "
    "SALESBOT_DISCORD_TOKEN in the environment or in .env"
)


def seed_pack() -> Path:
    """The pack that ships with the package, or the checkout's own ``seeds/``."""
    inside = Path(str(files("salesbot"))) / "seeds"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "seeds"


def _folder_of_the_user() -> Path:
    import click  # where a data folder is set, a start does without it

    return Path(click.get_app_dir("salesbot"))


class Settings(BaseModel):
    """Every setting; the descriptions make ``.env.example``."""

    model_config = ConfigDict(extra="forbid")

    discord_token: SecretStr | None = Field(
        None, description="The bot's token. Needed by `make run`; the playground and the command line work without."
    )
    pack_dir: Path = Field(
        default_factory=seed_pack, description="The shared pack: a folder of CSV tables. Default: the seed pack that ships."
    )
    data_dir: Path = Field(
        default_factory=_folder_of_the_user,
        description="Where snapshots and the catalog lie. Default: a folder of the user's.",
    )
    home_guild: int | None = Field(None, ge=1, description="Id of the server whose moderators may reload the shared pack.")


def settings() -> Settings:
    """The settings in force: the environment's, else those of ``.env``. Raises ``ConfigError`` naming the variable that is wrong."""
    written = dotenv_values(".env")
    names = {name: f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    texts = {name: os.environ.get(variable) or written.get(variable) for name, variable in names.items()}
    try:
        return Settings.model_validate({name: text for name, text in texts.items() if text})
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        says = f"{names[str(fault['loc'][0])]} is wrong: {fault['msg'].casefold()}"
        raise ConfigError(says, ".env.example says what each setting holds") from None


def token(chosen: Settings) -> str:
    """The token, if there is one and it has a token's form. Raises ``ConfigError`` before anything connects."""
    if chosen.discord_token is None:
        raise ConfigError("SALESBOT_DISCORD_TOKEN is not set", HOW_TO_SET_IT)
    text = chosen.discord_token.get_secret_value().strip()
    if not TOKEN_FORM.fullmatch(text):
        raise ConfigError("SALESBOT_DISCORD_TOKEN does not look like a bot token", HOW_TO_SET_IT)
    return text
