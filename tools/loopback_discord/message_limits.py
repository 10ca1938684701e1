"""Which messages and modals Discord refuses: its limits on text, components, embeds, mentions and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.loopback_discord.limits import Place, Problem, Problems, count_within, number_within, text_within
from tools.loopback_discord.payloads import COMPONENTS_V2, Json, Upload, walk

ROW, BUTTON, TEXT_INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = 1, 2, 4, 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23
SELECTS = frozenset({3, 5, 6, 7, 8})
INSIDE_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
IN_MESSAGE = INSIDE_CONTAINER | {CONTAINER}
IN_MODAL = frozenset({ROW, TEXT, LABEL})
IN_LABEL = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}
MOST_COMPONENTS, MOST_TEXT, MOST_FILES = 40, 4000, 10
EMBED_TEXTS = {"title": 256, "description": 4096}
LINK, PREMIUM, WITH_CUSTOM_ID = 5, 6, frozenset({1, 2, 3, 4})


def message_problems(body: Json, files: Sequence[Upload], at: Place = ()) -> Problems:
    """What Discord finds wrong with a message about to be made or changed."""
    components = body.get("components") or []
    if (body.get("flags") or 0) & COMPONENTS_V2:
        yield from _no_legacy_fields(body, at)
        yield from _layout(components, files, at)
    else:
        yield from text_within((*at, "content"), body.get("content"), 2000)
        yield from _embeds(body.get("embeds") or [], at)
        yield from count_within((*at, "components"), components, 5)
        yield from _components(components, (*at, "components"), frozenset({ROW}), files)
    yield from _unique_custom_ids(components, at)
    yield from _mentions(body.get("allowed_mentions"), (*at, "allowed_mentions"))
    yield from _attachments(body.get("attachments") or [], files, (*at, "attachments"))


def is_empty(body: Json, files: Sequence[Upload]) -> bool:
    return not (
        files
        or any(body.get(part) for part in ("content", "embeds", "components", "attachments", "poll", "sticker_ids"))
    )


def _no_legacy_fields(body: Json, at: Place) -> Problems:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            yield Problem(
                (*at, name),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _layout(components: list[Json], files: Sequence[Upload], at: Place) -> Problems:
    every = list(walk(components))
    if len(every) > MOST_COMPONENTS:
        yield Problem(
            (*at, "components"),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"Message exceeds the maximum number of total components ({MOST_COMPONENTS})",
        )
    if sum(len(str(component.get("content", ""))) for component in every if component.get("type") == TEXT) > MOST_TEXT:
        yield Problem(
            (*at, "components"),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {MOST_TEXT}",
        )
    yield from _components(components, (*at, "components"), IN_MESSAGE, files)


def _components(components: Any, at: Place, allowed: frozenset[int], files: Sequence[Upload]) -> Problems:
    """A list of components of the ``allowed`` types, each within its own limits."""
    for index, component in enumerate(components or []):
        yield from _component(component, (*at, index), allowed, files)


def _component(component: Any, at: Place, allowed: frozenset[int], files: Sequence[Upload]) -> Problems:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in allowed:
        choices = ", ".join(map(str, sorted(allowed)))
        yield Problem((*at, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
        return
    yield from CHECKS[kind](component, at, files)


def _row(row: Json, at: Place, files: Sequence[Upload]) -> Problems:
    inside = row.get("components")
    yield from count_within((*at, "components"), inside, 5, 1)
    yield from _components(inside, (*at, "components"), SELECTS | {BUTTON, TEXT_INPUT}, files)
    kinds = [component.get("type") for component in inside or []]
    if len(kinds) > 1 and set(kinds) != {BUTTON}:
        yield Problem(
            (*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )


def _button(button: Json, at: Place, _: Sequence[Upload]) -> Problems:
    style = button.get("style")
    yield from text_within((*at, "label"), button.get("label"), 80)
    if style not in range(1, 7):
        yield Problem((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    elif style == LINK:
        yield from text_within((*at, "url"), button.get("url"), 512, 1)
        if button.get("custom_id"):
            yield Problem(at, "COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
    elif style in WITH_CUSTOM_ID:
        yield from text_within((*at, "custom_id"), button.get("custom_id"), 100, 1)
    if style != PREMIUM and not (button.get("label") or button.get("emoji")):
        yield Problem((*at, "label"), "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or an emoji")


def _select(select: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "custom_id"), select.get("custom_id"), 100, 1)
    yield from text_within((*at, "placeholder"), select.get("placeholder"), 150)
    yield from number_within((*at, "min_values"), select.get("min_values"), 0, 25)
    yield from number_within((*at, "max_values"), select.get("max_values"), 1, 25)
    if select["type"] == 3:
        yield from _options(select, at, 25, ("label", "value"), {"description": 100})


def _options(holder: Json, at: Place, most: int, needed: Sequence[str], also: Mapping[str, int]) -> Problems:
    yield from count_within((*at, "options"), holder.get("options"), most, 1)
    for index, option in enumerate(holder.get("options") or []):
        for name in needed:
            yield from text_within((*at, "options", index, name), option.get(name), 100, 1)
        for name, length in also.items():
            yield from text_within((*at, "options", index, name), option.get(name), length)
    values = Counter(option.get("value") for option in holder.get("options") or [])
    if any(times > 1 for times in values.values()):
        yield Problem(
            (*at, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
        )


def _section(section: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from count_within((*at, "components"), section.get("components"), 3, 1)
    yield from _components(section.get("components"), (*at, "components"), frozenset({TEXT}), files)
    if section.get("accessory") is None:
        yield Problem((*at, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
    else:
        yield from _component(section["accessory"], (*at, "accessory"), frozenset({BUTTON, THUMBNAIL}), files)


def _text(text: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "content"), text.get("content"), MOST_TEXT, 1)


def _media(media: Any, at: Place, files: Sequence[Upload], *, is_attached: bool = False) -> Problems:
    url = media.get("url") if isinstance(media, dict) else None
    yield from text_within((*at, "url"), url, 2048, 1)
    if not isinstance(url, str):
        return
    if url.startswith("attachment://"):
        if url.removeprefix("attachment://") not in {file.name for file in files}:
            yield Problem(
                (*at, "url"),
                "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                "The referenced attachment was not found",
            )
    elif is_attached or not url.startswith(("http://", "https://")):
        yield Problem((*at, "url"), "URL_TYPE_INVALID_SCHEME", "The scheme of this URL is not supported here")


def _thumbnail(thumbnail: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from _media(thumbnail.get("media"), (*at, "media"), files)
    yield from text_within((*at, "description"), thumbnail.get("description"), 1024)


def _gallery(gallery: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from count_within((*at, "items"), gallery.get("items"), 10, 1)
    for index, item in enumerate(gallery.get("items") or []):
        yield from _thumbnail(item, (*at, "items", index), files)


def _file(file: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from _media(file.get("file"), (*at, "file"), files, is_attached=True)


def _separator(separator: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from number_within((*at, "spacing"), separator.get("spacing"), 1, 2)


def _container(container: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from count_within((*at, "components"), container.get("components"), MOST_COMPONENTS, 1)
    yield from number_within((*at, "accent_color"), container.get("accent_color"), 0, 0xFFFFFF)
    yield from _components(container.get("components"), (*at, "components"), INSIDE_CONTAINER, files)


def _text_input(field_: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "custom_id"), field_.get("custom_id"), 100, 1)
    yield from text_within((*at, "label"), field_.get("label"), 45)
    yield from text_within((*at, "placeholder"), field_.get("placeholder"), 100)
    yield from text_within((*at, "value"), field_.get("value"), 4000)
    yield from number_within((*at, "min_length"), field_.get("min_length"), 0, 4000)
    yield from number_within((*at, "max_length"), field_.get("max_length"), 1, 4000)


def _label(label: Json, at: Place, files: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "label"), label.get("label"), 45, 1)
    yield from text_within((*at, "description"), label.get("description"), 100)
    yield from _component(label.get("component"), (*at, "component"), IN_LABEL, files)


def _upload_field(upload: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "custom_id"), upload.get("custom_id"), 100, 1)
    yield from number_within((*at, "min_values"), upload.get("min_values"), 0, 10)
    yield from number_within((*at, "max_values"), upload.get("max_values"), 1, 10)


def _group(group: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "custom_id"), group.get("custom_id"), 100, 1)
    yield from _options(group, at, 10, ("label", "value"), {"description": 100})


def _checkbox(box: Json, at: Place, _: Sequence[Upload]) -> Problems:
    yield from text_within((*at, "custom_id"), box.get("custom_id"), 100, 1)


Check = Callable[[Json, Place, Sequence[Upload]], Problems]
CHECKS: Mapping[int, Check] = {
    ROW: _row,
    BUTTON: _button,
    TEXT_INPUT: _text_input,
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
    LABEL: _label,
    FILE_UPLOAD: _upload_field,
    RADIO_GROUP: _group,
    CHECKBOX_GROUP: _group,
    CHECKBOX: _checkbox,
    **dict.fromkeys(SELECTS, _select),
}


def _unique_custom_ids(components: list[Json], at: Place) -> Problems:
    ids = Counter(component["custom_id"] for component in walk(components) if component.get("custom_id"))
    for custom_id, times in ids.items():
        if times > 1:
            yield Problem(
                (*at, "components"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                f"Component custom id cannot be duplicated: {custom_id}",
            )


def _embeds(embeds: list[Json], at: Place) -> Problems:
    yield from count_within((*at, "embeds"), embeds, 10)
    for index, embed in enumerate(embeds):
        yield from _embed(embed, (*at, "embeds", index))
    if sum(map(_embed_length, embeds)) > 6000:
        yield Problem((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _embed(embed: Json, at: Place) -> Problems:
    for name, most in EMBED_TEXTS.items():
        yield from text_within((*at, name), embed.get(name), most)
    yield from text_within((*at, "footer", "text"), (embed.get("footer") or {}).get("text"), 2048)
    yield from text_within((*at, "author", "name"), (embed.get("author") or {}).get("name"), 256)
    yield from count_within((*at, "fields"), embed.get("fields"), 25)
    for index, field_ in enumerate(embed.get("fields") or []):
        yield from text_within((*at, "fields", index, "name"), field_.get("name"), 256, 1)
        yield from text_within((*at, "fields", index, "value"), field_.get("value"), 1024, 1)


def _embed_length(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [(embed.get("author") or {}).get("name")]
    texts += [field_.get(part) for field_ in embed.get("fields") or [] for part in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _mentions(mentions: Any, at: Place) -> Problems:
    if mentions is None:
        return
    parse = mentions.get("parse") or []
    for index, kind in enumerate(parse):
        if kind not in ("roles", "users", "everyone"):
            yield Problem(
                (*at, "parse", index), "BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone')."
            )
    for kind in ("users", "roles"):
        yield from count_within((*at, kind), mentions.get(kind), 100)
        if kind in parse and mentions.get(kind):
            yield Problem(
                at,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


def _attachments(attachments: list[Json], files: Sequence[Upload], at: Place) -> Problems:
    if max(len(files), len(attachments)) > MOST_FILES:
        yield Problem(at, "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_FILES} or fewer in length.")
    for index, attachment in enumerate(attachments):
        yield from text_within((*at, index, "description"), attachment.get("description"), 1024)


def modal_problems(data: Json, at: Place = ("data",)) -> Problems:
    """What is wrong with a modal."""
    yield from text_within((*at, "title"), data.get("title"), 45, 1)
    yield from text_within((*at, "custom_id"), data.get("custom_id"), 100, 1)
    yield from count_within((*at, "components"), data.get("components"), 5, 1)
    yield from _components(data.get("components"), (*at, "components"), IN_MODAL, ())
    yield from _unique_custom_ids(data.get("components") or [], at)
