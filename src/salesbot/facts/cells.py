"""What the text of a cell must look like, by kind of cell. Blank is unknown; patterns are checked only here.

Each reader takes the text of one cell, without surrounding blanks and never empty, and raises ``TextError``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Struct

from salesbot.errors import TextError
from salesbot.values.moment import StatedTime, cell_time
from salesbot.values.patterns import compiled_at_use
from salesbot.values.zones import is_iana_zone, zone_readings

ID_PATTERN = r"[a-z][a-z0-9-]{0,39}"
METRIC_PATTERN = r"[a-z][a-z0-9_-]{0,39}"
LONGEST_TEXT = 1000
BLANK_WORDS = frozenset(("n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "–", "—", "?", "/", "无", "未知"))
LONGEST_BLANK_WORD = 4
MAY_BE_BLANK = ("text", "texts")  # kinds of cell where a word for blank would be taken as a text
_ID, _METRIC = compiled_at_use(ID_PATTERN), compiled_at_use(METRIC_PATTERN)
MOST_DIGITS = 15
WHOLE_PATTERN = rf"(?:0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})"
CENTS_PATTERN = r"\.(?:[1-9]|[0-9][1-9])"  # what follows the whole part of a number that is not whole
PLAIN_NUMBER = f"{WHOLE_PATTERN}(?:{CENTS_PATTERN})?"  # written as it stands
_NUMBER = compiled_at_use(rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,9}})?%?")
_GROUPED = compiled_at_use(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_SMALL_PRICE = compiled_at_use(r"-?[1-9]\.[0-9]{2}[1-9]")  # 1.459 a litre
# ASCII and Chinese with single typographic signs between: bytes decoded wrongly give signs or accented letters in a row
_SURELY_RIGHT = compiled_at_use(
    r"[·–—‘’“”…×]?(?:[\x00-\x7f\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e][·–—‘’“”…×]?)*"
)
_ADDRESS = compiled_at_use(r"https?://[^\s<>\"|\\^`{}\[\]]{3,1000}")


class Cell(Struct, frozen=True):
    """A kind of cell: its name in the language tables, its type in Table Schema, and how its text is read.

    ``read`` checks a text; ``load`` turns one that was checked before into its value, ``None`` where the text is it.
    ``plain`` is a pattern of texts that are right, and written as they stand.
    """

    name: str
    type: str
    read: Callable[[str], object]
    load: Callable[[str], object] | None = None
    plain: str | None = None


def id_cell(text: str) -> str:
    """An id: a small letter, then up to 39 small letters, digits or hyphens."""
    if not _ID.fullmatch(text):
        raise TextError("id")
    return text


def metric_cell(text: str) -> str:
    """The id of a metric."""
    if not _METRIC.fullmatch(text):
        raise TextError("metric_id")
    return text


def several(text: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, separated by ``;`` or the full-width ``；``."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def ids_cell(text: str) -> tuple[str, ...]:
    """Ids separated by ``;``."""
    return tuple(id_cell(part) for part in several(text))


def metrics_cell(text: str) -> tuple[str, ...]:
    """Ids of metrics separated by ``;``."""
    return tuple(metric_cell(part) for part in several(text))


class Percent(Fraction):
    """A number that was written in per cent, which only a rate may be."""


class Dotted(Fraction):
    """A number such as 9.999: a price may be written so, elsewhere it could be 9999."""


@lru_cache(maxsize=4096)
def number_cell(text: str) -> Fraction:
    """An exact number; ``35%`` is 0.35. ``20.000`` is refused: it could be 20 or 20 thousand."""
    if text.isdigit() and text.isascii() and len(text) <= MOST_DIGITS:
        return Fraction(int(text))
    if not _NUMBER.fullmatch(text):
        raise TextError("plain_number")
    if _SMALL_PRICE.fullmatch(text):
        return Dotted(text)
    if _GROUPED.fullmatch(text):
        raise TextError("grouped_by_dot", whole=text.replace(".", ""), decimal=f"{text}0")
    if text.endswith("%"):
        return Percent(Fraction(text[:-1]) / 100)
    return Fraction(text)


def zone_cell(text: str) -> str:
    """A zone as it is stated: an IANA zone, an offset, an abbreviation, or words such as "not stated"."""
    if not zone_readings(text):
        raise TextError("stated_zone")
    return text


def iana_zone_cell(text: str) -> str:
    """A zone of the IANA tz database by its own name."""
    if not is_iana_zone(text):
        raise TextError("iana_zone")
    return text


def address_cell(text: str) -> str:
    """A web address."""
    if not _ADDRESS.fullmatch(text):
        raise TextError("address")
    return text


def currency_cell(text: str) -> str:
    """A currency code of ISO 4217, also one no longer in use."""
    if not (text.isascii() and text.isupper() and text in _currencies()):
        raise TextError("currency")
    return text


@cache
def _currencies() -> frozenset[str]:
    from babel.core import get_global  # only who checks a pack needs it

    return frozenset(get_global("all_currencies"))


def text_cell(text: str) -> str:
    """Any text of at most 1,000 characters that was not decoded by the wrong encoding."""
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", most=LONGEST_TEXT)
    if not text.isascii() and (likely := decoded_rightly(text)) is not None:
        raise TextError("decoded_wrongly", likely=likely)
    return text


def lines_cell(text: str) -> tuple[str, ...]:
    """Slash lines, or what is expected of each, separated by ``;``; none may be expected."""
    return several(text_cell(text))


def is_blank_word(text: str) -> bool:
    """Whether a text is what programs write for a cell that is blank: ``N/A``, ``nan``, ``-``."""
    return len(text) <= LONGEST_BLANK_WORD and text.casefold() in BLANK_WORDS


def texts_cell(text: str) -> tuple[str, ...]:
    """Texts separated by ``;``."""
    return several(text_cell(text))


def decoded_rightly(text: str) -> str | None:
    """What a text says that was decoded by the wrong encoding, as far as can be told; ``None`` if it was not."""
    for encoding in ("latin-1", "gbk"):  # of bytes that were UTF-8
        try:
            right = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if not right.isascii():
            return right
    if _SURELY_RIGHT.fullmatch(text):
        return None
    from ftfy import fix_encoding  # 60 ms that the texts of most packs do not need
    from ftfy.badness import is_bad

    return fix_encoding(text) if is_bad(text) else None


NOT_STATED: Literal["not stated"] = "not stated"  # a zone that its source does not name
TEXT = Cell("text", "string", text_cell)

if TYPE_CHECKING:
    Id = Annotated[str, "id"]
    Ids = Annotated[tuple[str, ...], "ids"]
    Texts = Annotated[tuple[str, ...], "texts"]
    Lines = Annotated[tuple[str, ...], "lines"]
    MetricId = Annotated[str, "metric"]
    MetricIds = Annotated[tuple[str, ...], "metrics"]
    Number = Annotated[Fraction, "number"]
    Time = Annotated[StatedTime, "time"]
    StatedZone = Annotated[str, "zone"]
    IanaZone = Annotated[str, "zone"]
    Address = Annotated[str, "address"]
    Currency = Annotated[str, "currency"]
    Text = Annotated[str, "text"]
else:
    Id = Annotated[str, Cell("id", "string", id_cell, plain=ID_PATTERN)]
    Ids = Annotated[tuple, Cell("ids", "string", ids_cell, several)]
    Texts = Annotated[tuple, Cell("texts", "string", texts_cell, several)]
    Lines = Annotated[tuple, Cell("lines", "string", lines_cell, several)]
    MetricId = Annotated[str, Cell("metric", "string", metric_cell)]
    MetricIds = Annotated[tuple, Cell("metrics", "string", metrics_cell, several)]
    Number = Annotated[Fraction, Cell("number", "number", number_cell, number_cell, PLAIN_NUMBER)]
    Time = Annotated[StatedTime, Cell("time", "string", cell_time, cell_time)]
    StatedZone = Annotated[str, Cell("stated_zone", "string", zone_cell)]
    IanaZone = Annotated[str, Cell("iana_zone", "string", iana_zone_cell)]
    Address = Annotated[str, Cell("address", "string", address_cell)]
    Currency = Annotated[str, Cell("currency", "string", currency_cell)]
    Text = Annotated[str, TEXT]
