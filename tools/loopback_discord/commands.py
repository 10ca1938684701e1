"""A slash command as Discord's client sends it: only what was registered can be asked, with the options it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.loopback_discord.payloads import APPLICATION, Asker, Json, Snowflakes, Upload, user

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 6, 10, 11
OptionValue = str | int | float | bool | Asker | Upload


class NotRegistered(LookupError):
    """Discord's client would not offer this: no such command, option or choice."""


class Typed:
    """What a person typed into a command, and what it becomes: its data, and the files to keep by id."""

    def __init__(self, commands: Sequence[Json], ids: Snowflakes, url: str) -> None:
        self._commands = commands
        self._ids = ids
        self._url = url
        self.uploads: dict[str, Upload] = {}
        self._resolved: Json = {}

    def data(self, path: str, typed: Mapping[str, OptionValue], focused: str | None = None) -> Json:
        """The ``data`` of the interaction. Raises ``NotRegistered`` for what a person could not enter."""
        words = path.removeprefix("/").split()
        root = named(self._commands, words[0], "command")
        leaf, wrappers = root, []
        for word in words[1:]:
            leaf = named(leaf.get("options") or [], word, f"subcommand of /{root['name']}")
            wrappers.append(leaf)
        options = self._options(leaf, typed, focused)
        for wrapper in reversed(wrappers):
            options = [{"type": wrapper["type"], "name": wrapper["name"], "options": options}]
        data: Json = {"id": root["id"], "name": root["name"], "type": root.get("type", 1), "options": options}
        return data | ({"resolved": self._resolved} if self._resolved else {})

    def _options(self, leaf: Json, typed: Mapping[str, OptionValue], focused: str | None) -> list[Json]:
        declared = leaf.get("options") or []
        if any(option["type"] in (SUBCOMMAND, GROUP) for option in declared):
            raise NotRegistered(f"/{leaf['name']} needs one of {', '.join(option['name'] for option in declared)}")
        absent = {option["name"] for option in declared if option.get("required")} - set(typed)
        if absent and focused is None:
            raise NotRegistered(f"/{leaf['name']} needs {', '.join(sorted(absent))}")
        found = []
        for name, value in typed.items():
            option = named(declared, name, f"option of /{leaf['name']}")
            sent: Json = {
                "name": name,
                "type": option["type"],
                "value": self._value(option, value, is_focused=name == focused),
            }
            found.append(sent | ({"focused": True} if name == focused else {}))
        return found

    def _value(self, option: Json, value: OptionValue, *, is_focused: bool) -> object:
        if isinstance(value, Upload):
            return self._attached(value)
        if isinstance(value, Asker):
            self._resolved.setdefault("users", {})[str(value.user_id)] = user(value.user_id, value.name)
            return str(value.user_id)
        if is_focused:
            return value
        allowed = [choice["value"] for choice in option.get("choices") or []]
        if allowed and value not in allowed:
            raise NotRegistered(f"{value!r} is no choice of {option['name']}: {allowed}")
        if not is_of_type(value, option["type"]):
            raise NotRegistered(f"{value!r} does not fit {option['name']}, an option of type {option['type']}")
        return value

    def _attached(self, upload: Upload) -> str:
        file_id = self._ids.next()
        self.uploads[file_id] = upload
        self._resolved.setdefault("attachments", {})[file_id] = attachment(file_id, upload, self._url)
        return file_id


def is_of_type(value: object, option_type: int) -> bool:
    """Whether Discord's client could send the value for an option of this type."""
    if option_type == STRING:
        return isinstance(value, str) and 0 < len(value) <= 6000
    if option_type == BOOLEAN:
        return isinstance(value, bool)
    if option_type in (INTEGER, NUMBER):
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and (option_type == NUMBER or isinstance(value, int))
        )
    return isinstance(value, str)


def named(things: Sequence[Json], name: str, what: str) -> Json:
    for thing in things:
        if thing["name"] == name:
            return thing
    raise NotRegistered(f"{name!r} is no {what}; there are {', '.join(thing['name'] for thing in things)}")


def option_type(data: Json) -> int:
    """The type of the option in focus in an autocomplete's data."""
    for option in data.get("options") or []:
        if option.get("focused"):
            return int(option["type"])
        if option.get("options"):
            return option_type(option)
    return STRING


def registered(command: Json, ids: Snowflakes) -> Json:
    """A command as Discord keeps it."""
    kept: Json = {"description": "", "default_member_permissions": None, "nsfw": False, "options": [], "type": 1}
    return kept | command | {"id": ids.next(), "application_id": str(APPLICATION), "version": ids.next()}


def attachment(file_id: str, upload: Upload, url: str) -> Json:
    where = f"{url}/cdn/{file_id}/{upload.name}"
    return {
        "id": file_id,
        "filename": upload.name,
        "size": len(upload.content),
        "url": where,
        "proxy_url": where,
        "content_type": upload.content_type,
    }
