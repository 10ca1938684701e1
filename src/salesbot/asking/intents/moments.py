"""The options of the moment, the day or the days that a sentence names."""

from __future__ import annotations

from collections.abc import Iterator

from salesbot.asking.intents.asking import Asking
from salesbot.asking.sentence import Sentence, When
from salesbot.asking.text import is_ideograph
from salesbot.questions.typed_values import duration_text


def moment_asked(asking: Asking, *, is_level: bool = False) -> tuple[dict[str, str], bool] | None:
    """The options of the moment asked about, and whether they may only be offered; ``None`` for several.

    A count has grown by a day; a level, as stores are, stands on a day.
    """
    sentence = asking.sentence
    if len(set(sentence.durations)) + len(sentence.whens) > 1:
        return None
    if sentence.durations:
        return {"within": duration_text(sentence.durations[0])}, False
    if sentence.whens:
        when = sentence.whens[0]
        if when.last is not None or when.role in ("since", "after", "until", "before"):
            return None
        is_said = when.role == "by" and (when.day.is_day or not when.day.lacks_year)
        is_said = is_said or (is_level and when.day.is_day)
        if when.role == "in" or (not when.day.is_day and not is_said):
            return None
        return {"at": when.day.iso}, not is_said
    return {}, False


def period_asked(sentence: Sentence) -> dict[str, str] | None:
    """The option of the period whose own count is asked: a month, a quarter, a year, or from one day to another."""
    if sentence.durations or len(sentence.whens) != 1 or sentence.has("so_far", "after_opening"):
        return None
    if any(word.means("sums") and is_ideograph(word.text[0]) for word in sentence.words):
        return None  # 累计 is since the opening
    when = sentence.whens[0]
    if when.last is not None:
        return {"during": f"{when.day.iso}/{when.last.iso}"} if when.day.is_day and when.last.is_day else None
    is_of_it = not when.day.is_day and when.role in ("in", "none", "on")
    return {"during": when.day.iso} if is_of_it else None


def day_options(sentence: Sentence) -> dict[str, str] | None:
    """The option of the one day asked about; ``None`` for anything else than a day."""
    if not sentence.whens:
        return {}
    when = sentence.whens[0]
    if len(sentence.whens) > 1 or when.last or not when.day.is_day or when.role not in ("on", "in", "none", "by"):
        return None
    return {"on": when.day.iso}


def window_asked(sentence: Sentence, has_event: bool) -> dict[str, str] | None:
    """The options of the days between which a move lies; ``None`` where the words leave it open."""
    if not sentence.whens:
        return {}
    if len(sentence.whens) > 2:
        return None
    found: dict[str, str] = {}
    for when in sentence.whens:
        for name, value in _days(when):
            if name in found:
                return None
            found[name] = value
    return None if has_event and "since" in found else found


def _days(when: When) -> Iterator[tuple[str, str]]:
    if when.last is not None:
        yield from (("since", when.day.iso), ("until", when.last.iso))
    elif when.role == "since":
        yield "since", when.day.iso
    elif when.role in ("by", "until"):
        yield "until", when.day.iso
    elif when.role == "before" or (when.role == "after" and when.day.lacks_year):
        yield from (("before", ""), ("before", ""))  # the day beside it would have to be named
    elif when.role == "after":
        yield "since", when.day.following()
    else:
        yield from (("since", when.day.begin), ("until", when.day.iso))
