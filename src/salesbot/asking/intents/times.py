"""Questions on times: when something was, what came first, how long between, and what happened."""

from __future__ import annotations

from collections.abc import Iterator

from salesbot.asking.events_named import EVENT_CONCEPTS, event_of
from salesbot.asking.intents.asking import Asking, Line, is_by_another
from salesbot.asking.intents.moments import window_asked
from salesbot.asking.sentence import Sentence

BETWEEN_TWO = frozenset({"gap", "before", "after", "compare", "joins", "between", "until", "how_many", "since"})


def when_was(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("when") or sentence.numbers or sentence.durations or sentence.whens:
        return
    if is_by_another(sentence):
        return
    words = tuple(word for word in sentence.words if not (word.means("when", "true", "starts") and not word.names))
    event = event_of(words, asking.snapshot, asking.names)
    if event is not None:
        yield Line("/timeline when", {"what": event})


def _two_events(asking: Asking, spoken: frozenset[str]) -> tuple[str, str] | None:
    """The two events that the words name one after the other; ``None`` if there is no one way to part them."""
    words = [word for word in asking.sentence.words if word.names or not (word.means(*spoken) or word.is_filler)]
    marked = [word for word in words if word.names or word.means(*EVENT_CONCEPTS)]
    if len(marked) != len(words):
        return None
    found: set[tuple[str, str]] = set()
    for place in range(1, len(words)):
        first = event_of(words[:place], asking.snapshot, asking.names)
        second = event_of(words[place:], asking.snapshot, asking.names)
        if first is not None and second is not None and first != second:
            found.add((first, second))
    return found.pop() if len(found) == 1 else None


def check(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("before", "after", "or") or sentence.has("gap", "when", "cut", "rise", "move", "how_many"):
        return
    if sentence.numbers or sentence.durations or sentence.whens:
        return
    if any(word.means("compare") and not word.names and not word.means("joining") for word in sentence.words):
        return
    if sentence.has("sooner") and sentence.has("before", "after"):
        return  # how long after is another question
    two = _two_events(
        asking, frozenset({"before", "after", "or", "compare", "joins", "true", "how_many", "takes_place"})
    )
    if two is not None:
        yield Line("/timeline check", {"first": two[0], "second": two[1]})


def gap(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("gap") or sentence.numbers or sentence.durations:
        return
    if sentence.whens:
        when = sentence.whens[0]
        is_one = len(sentence.whens) == 1 and when.last is not None and sentence.takes(BETWEEN_TWO)
        if is_one and when.last is not None and when.day.is_day and when.last.is_day:
            yield Line("/timeline gap", {"first": when.day.iso, "second": when.last.iso})
        return
    two = _two_events(asking, BETWEEN_TWO)
    if two is not None:
        yield Line("/timeline gap", {"first": two[0], "second": two[1]})


def events(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not _tells_events(sentence) or sentence.numbers or sentence.durations:
        return
    who = [*asking.ids("person"), *asking.brands()]
    window = window_asked(sentence, has_event=False)
    if (
        len(who) <= 1
        and window is not None
        and sentence.takes(frozenset({"events", "deeds", "acts", "any", "everyone", "by"}), "person", "brand")
        and (window or who)
    ):
        yield Line("/timeline events", {**({"who": who[0]} if who else {}), **window}, is_offered=not window)


def _tells_events(sentence: Sentence) -> bool:
    """Whether it is asked what happened, or what somebody did."""
    return sentence.has("events") or (sentence.has("deeds") and sentence.has("acts"))
