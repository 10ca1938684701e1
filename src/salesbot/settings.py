"""What an operator can set, in the environment or in ``.env``; read by the programs, never at import."""

from __future__ import annotations

import codecs
import io
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, ValidationError, field

from salesbot.errors import ConfigError

PREFIX = "SALESBOT_"
SECRET = ("discord_token", "database_url")
TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{18,40}\.[A-Za-z0-9_-]{4,12}\.[A-Za-z0-9_-]{20,80}")


def seed_pack() -> Path:
    """The pack that ships with the package, or the checkout's own ``seeds/``."""
    inside = Path(__file__).parent / "seeds"
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


Address = Annotated[str, Meta(pattern=r"^https?://\S+$")]
Listening = Annotated[str, Meta(pattern=r"^\S*:[0-9]{1,5}$")]
AtLeastOne = Annotated[int, Meta(ge=1)]


class Settings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Every setting; ``salesbot.words`` describes them, and ``.env.example`` is generated from those texts."""

    discord_token: str | None = None
    pack_dir: Path = field(default_factory=seed_pack)
    data_dir: Path = field(default_factory=_folder_of_the_user)
    database_url: Annotated[str, Meta(pattern=r"^postgres(ql)?://\S+$")] | None = None
    home_guild: AtLeastOne | None = None
    server_rows: AtLeastOne = 100_000
    server_versions: Annotated[int, Meta(ge=2)] = 30
    server_megabytes: AtLeastOne = 200
    proxy: Address | None = None
    listen: Listening | None = None
    metrics: Listening | None = None
    log_format: Literal["text", "json"] = "text"
    browse_url: Annotated[str, Meta(pattern=r"^https?://[^\s()<>]+$")] | None = None

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in SECRET)
        return f"{type(self).__name__}({', '.join(shown)})"


def settings() -> Settings:
    """The settings of the environment, else of ``.env``. Raises ``ConfigError`` naming the variable that is wrong."""
    written = _written(_env_file())
    names = {name: f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
    texts = {name: os.environ.get(variable) or written.get(variable) for name, variable in names.items()}
    given = {name: text for name, text in texts.items() if text}
    try:
        return msgspec.convert(given, Settings, strict=False, dec_hook=_folder)
    except ValidationError as error:
        said, _, where = str(error).partition(" - at `$.")
        variable = names[where.rstrip("`")]
        raise ConfigError("setting_wrong", variable=variable, error=said.replace("`", "").casefold()) from None


def _written(text: str) -> dict[str, str | None]:
    """What a ``.env`` file says."""
    if not text.strip():
        return {}
    from dotenv import dotenv_values  # most servers have the environment alone

    return dotenv_values(stream=io.StringIO(text))


def _folder(kind: type, text: Any) -> Path:
    assert kind is Path
    folder = Path(text)
    return folder.expanduser() if folder.parts[:1] == ("~",) else folder


def token(settings: Settings) -> str:
    """The token, if there is one and it has a token's form. Raises ``ConfigError`` before anything connects."""
    if settings.discord_token is None:
        raise ConfigError("token_missing")
    text = settings.discord_token.strip()
    if not TOKEN_FORM.fullmatch(text):
        raise ConfigError("token_malformed")
    return text
