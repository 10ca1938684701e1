"""Numbers and durations inside a text. One that is not well formed is no number."""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from salesbot.asking.text import is_ideograph
from salesbot.errors import TextError
from salesbot.questions.typed_values import typed_duration

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,12}(?:\.[0-9]{1,6})?"
_UNITS = {
    "k": 1000,
    "thousand": 1000,
    "千": 1000,
    "m": 10**6,
    "million": 10**6,
    "万": 10**4,
    "百": 100,
    "亿": 10**8,
    "hundred": 100,
    "billion": 10**9,
    "w": 10**4,  # as Chinese is typed in chats
}
_SMALL = {"千": 1000, "百": 100}
_NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS})(?:\s?(?P<unit>(?:thousand|million|hundred|billion|k|m|w)(?![a-z])|[千万百亿])(?P<tail>[0-9])?(?:(?<=万[0-9])千)?"
    r"|\s?(?P<percent>%|per ?cent|percent)|(?P<tenths>成)(?P<half>半)?)?"
)
_CHINESE = re.compile(r"[零一二两三四五六七八九十百千万亿]+(?P<tenths>成半?)?")
_CHINESE_DIGITS = {c: value for value, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_MORE_DIGITS = re.compile(r"[0-9零一二两三四五六七八九十百千万亿]")
_AFTER_NUMBER = re.compile(r"[0-9]|[.,][0-9]|[零一二两三四五六七八九十百千万亿]")
_HOURS = re.compile(
    r"(?:[0-9]{1,6}(?:\.[0-9]{1,3})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half an"
    r"|[一二两三四五六七八九十半])[\s-]*个?"
    r"(?:minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|分钟|小时|天|日|周|星期)"
)


class Number(Struct, frozen=True):
    """A number in a text: its value, and whether it is a share; ``step`` is what one of its last digit stands for."""

    value: Fraction
    is_share: bool
    end: int
    step: Fraction = Fraction(1)
    parts: int = 1  # of how many a share is: 100 for percent, 10 for tenths


def number_at(text: str, start: int) -> Number | None:
    """The number that begins at a place."""
    match = _NUMBER.match(text, start)
    if match is None:
        return _chinese_at(text, start)
    if re.match("0[0-9]", match["digits"]):
        return None  # a name or a code, as 007
    if match["unit"] == "w" and not any(map(is_ideograph, text)):
        return None
    value = Fraction(match["digits"].replace(",", ""))
    is_share = bool(match["percent"] or match["tenths"])
    if match["percent"]:
        value /= 100
    elif match["tenths"]:
        value = value / 10 + (Fraction(1, 20) if match["half"] else 0)
    elif match["unit"]:
        unit = _UNITS[match["unit"]]
        value = value * unit + (int(match["tail"]) * unit // 10 if match["tail"] else 0)
    has_unit = bool(match["unit"] or is_share)
    if (_MORE_DIGITS if has_unit else _AFTER_NUMBER).match(text, match.end()):
        return None
    decimals = len(match["digits"].partition(".")[2]) + bool(match["tail"])
    step = Fraction(_UNITS[match["unit"]], 10**decimals) if match["unit"] else Fraction(1)
    return Number(value, is_share, match.end(), step, 100 if match["percent"] else 10 if is_share else 1)


def _chinese_at(text: str, start: int) -> Number | None:
    match = _CHINESE.match(text, start)
    if match is None:
        return None
    body = match[0].removesuffix(match["tenths"] or "")
    value = chinese_number(body)
    if value is None or _MORE_DIGITS.match(text, match.end()):
        return None
    if match["tenths"]:
        share = Fraction(value, 10) + (Fraction(1, 20) if match["tenths"].endswith("半") else 0)
        return Number(share, True, match.end(), parts=10) if share <= 1 else None
    return Number(Fraction(value), False, match.end())


def chinese_number(text: str) -> int | None:
    """``四万五千``, ``四万五``, ``六十``, ``一百零五``; ``None`` for what is no number, as ``两三`` and ``四万万``."""
    for sign, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.partition(sign)
        if found:
            high, low = chinese_number(head), _tail(tail, size)
            return None if high is None or low is None or high >= 10**4 else high * size + low
    return _below_ten_thousand(text)


def _tail(text: str, size: int) -> int | None:
    if not text:
        return 0
    if len(text) == 1 and text in _CHINESE_DIGITS and text != "零":
        return _CHINESE_DIGITS[text] * size // 10  # 四万五 is 45,000
    value = chinese_number(text.removeprefix("零"))
    return value if value is not None and value < size else None


def _below_ten_thousand(text: str) -> int | None:
    total, last, digit, is_zero = 0, 10**4, None, False
    for place, c in enumerate(text):
        if c in _CHINESE_DIGITS:
            if digit is not None:
                return None
            if c == "零":
                is_zero = True
                continue
            digit = _CHINESE_DIGITS[c]
            continue
        size = {"十": 10, **_SMALL}.get(c)
        if size is None or size >= last:
            return None
        if digit is None and not (c == "十" and place == 0):
            return None
        total, last, digit, is_zero = total + (digit or 1) * size, size, None, False
    if digit is None:
        return total or None
    if last < 10**4 and last > 10 and not is_zero:
        return total + digit * last // 10  # 一百五 is 150
    return total + digit


_FIRST = re.compile(
    r"(?:the )?(?:very )?(?:first|1st) (?P<english>minute|hour|hr)|(?:首个?|第一个|头一个)(?P<chinese>小时|分钟|钟头)"
)
_BEGINS_DURATION = re.compile(r"[0-9一二两三四五六七八九十半首第头aefhnostv]")  # a digit, or the first letter of a form
_AND_A_HALF = re.compile(r"(?P<count>[一二两三四五六七八九]|[1-9])个半(?:小时|钟头)")
_FIRST_SECONDS = {"hr": 3600, "minute": 60, "分钟": 60, "hour": 3600, "小时": 3600, "钟头": 3600}


class Duration(Struct, frozen=True):
    """A time since orders opened, in seconds."""

    seconds: int
    end: int


def duration_at(text: str, start: int) -> Duration | None:
    """The duration that begins at a place."""
    if not _BEGINS_DURATION.match(text, start):
        return None
    if first := _FIRST.match(text, start):
        return Duration(_FIRST_SECONDS[first["english"] or first["chinese"]], first.end())
    if half := _AND_A_HALF.match(text, start):
        count = chinese_number(half["count"]) or int(half["count"])
        return Duration(count * 3600 + 1800, half.end())
    match = _HOURS.match(text, start)
    if match is None:
        return None
    written = re.sub(r"(?<=[a-z0-9])-(?=[a-z])", " ", match[0]).replace("个", "")
    try:
        return Duration(typed_duration(written), match.end())
    except TextError:
        return None
