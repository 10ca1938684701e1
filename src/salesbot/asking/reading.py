"""The reading of a text: one line to answer, two or three to choose from, or the words that were not understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from salesbot.asking.dates import with_whole_dates
from salesbot.asking.events_like import event_lines
from salesbot.asking.intents import MOST_OFFERED, Asking, Line, lines
from salesbot.asking.intents.records import record_lines
from salesbot.asking.lexicon import ASIDE
from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment, segments
from salesbot.asking.sentence import sentence
from salesbot.asking.text import plain, without_ornaments
from salesbot.asking.typos import corrected
from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import question, written
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot
from salesbot.values.written_dates import NO_YEAR

LONGEST_TEXT = 300
ALSO_WORDS = {"us": "ourselves", "im": "i'm"}  # names that are words as well: give us, im asking
_ALSO_WORD = re.compile(r"(?<!the )(?<!in )(?<![\w-])(?:us|im)(?![\w-])")


class Asked(Struct, frozen=True):
    """The one line that a text asks; ``beside`` is what is told beside its answer, see ``Line``."""

    line: str
    beside: str = ""


class Offered(Struct, frozen=True):
    """Lines that may be meant."""

    lines: tuple[str, ...]


class Declined(Struct, frozen=True):
    """No line; ``words`` are those that were not understood, as they stand in the text."""

    words: tuple[str, ...]


Reading = Asked | Offered | Declined
Cut = Sequence[Sequence[Segment]]  # a text in segments, in each way that it can be cut


def read(text: str, snapshot: Snapshot) -> Reading:
    """What a text asks of a snapshot."""
    if len(text) > LONGEST_TEXT:
        return Declined(())
    names = NameBook.of(snapshot)
    folded = with_whole_dates(plain(_ALSO_WORD.sub(lambda match: _as_a_word(match, names), without_ornaments(text))))
    cut = _segmented(folded, snapshot, names)
    found = _lines(cut, snapshot, names)
    exact = [one for one in found if not one.is_offered]
    if len({line for line, _ in _written(exact, snapshot)}) == 1:
        ((line, beside), *_) = _written(exact, snapshot)
        return Asked(line, beside)
    if offered := _offered(exact or found, snapshot):
        return Offered(offered)
    if offered := _offered(_lines(cut, snapshot, names, sets_aside=True), snapshot):
        return Offered(offered)
    on_record = record_lines(folded, snapshot, names)
    sure = _written([one for one in on_record if not one.is_offered], snapshot)
    if len(sure) == 1:
        return Asked(sure[0][0])
    if offered := _offered(on_record, snapshot):
        return Offered(offered)
    if offered := _offered([Line(*one) for one in event_lines(folded, snapshot, names)], snapshot):
        return Offered(offered)
    unknown = _unknown(cut)
    if unknown and not exact:
        variants = _behind_names(cut)
        instead = {
            line for one in corrected(folded, unknown, variants, names) for line in _read_lines(one, snapshot, names)
        }
        if 1 <= len(instead) <= MOST_OFFERED:
            return Offered(tuple(sorted(instead)))
    return Declined(tuple(dict.fromkeys(unknown)))


def _as_a_word(match: re.Match[str], names: NameBook) -> str:
    """A word that may be a name as the word that it is, unless a longer name begins with it."""
    name = names.longest_at(plain(match.string[match.start() :]), 0)
    is_longer = name is not None and name.end > len(match[0])
    return match[0] if is_longer else ALSO_WORDS[match[0]]


def _read_lines(folded: str, snapshot: Snapshot, names: NameBook) -> list[str]:
    found = _lines(_segmented(folded, snapshot, names), snapshot, names)
    return [line for line, _ in _written(found, snapshot)]


def _segmented(folded: str, snapshot: Snapshot, names: NameBook) -> Cut:
    """The segments of a text, with the trims of its models; once with the names of events and once without."""
    found = []
    without = snapshot.cached("names but events", lambda: names.without("event"))
    for name, book in (("all", names), ("eventless", without)):
        first = segments(folded, book)
        models = frozenset(id for one in first for id in one.names.get("model", ()))
        if models:
            key = ("trims", name, models)
            book_with_trims = snapshot.cached(key, partial(book.with_trims, models, snapshot))
            first = segments(folded, book_with_trims)
        found.append(first)
    return found


def _lines(cut: Cut, snapshot: Snapshot, names: NameBook, *, sets_aside: bool = False) -> list[Line]:
    lines_found: list[Line] = []
    for found in cut:
        kept = [one for one in found if one.names or not one.means(ASIDE)] if sets_aside else found
        if sets_aside and len(kept) == len(found):
            continue
        said = sentence(kept)
        if said is not None:
            lines_found += lines(Asking(said, snapshot, names))
    book = Names(snapshot)
    return [dated for one in lines_found for dated in _in_years(one, book)]


def _in_years(line: Line, names: Names) -> list[Line]:
    """A line with its dates in the year that they can be in; offered once for each where that may be several."""
    dates = [text for text in line.typed.values() if NO_YEAR in text]
    if not dates:
        return [line]
    try:
        years = names.years_of({name: text for name, text in line.typed.items() if NO_YEAR not in text}, dates)
    except SalesbotError:
        return []
    return [
        replace(
            line,
            typed={name: text.replace(NO_YEAR, f"{year:04}") for name, text in line.typed.items()},
            is_offered=line.is_offered or len(years) > 1,
        )
        for year in years
    ]


def _unknown(cut: Cut) -> list[str]:
    readings = [[one.text for one in found if one.kind == "unknown"] for found in cut]
    return min(readings, key=len)


def _behind_names(cut: Cut) -> set[str]:
    """The words that are not known and stand right behind a name, as variants do."""
    pairs = [pair for found in cut for pair in pairwise(found)]
    return {after.text for before, after in pairs if before.kind == "name" and after.kind == "unknown"}


def _written(found: Sequence[Line], snapshot: Snapshot) -> list[tuple[str, str]]:
    """Each line as it is written, with the number asked about, where it can be asked; each once."""
    names = Names(snapshot)
    lines_found: dict[str, str] = {}
    for one in found:
        try:
            asked = question(one.verb, one.typed, names)
        except SalesbotError:
            continue
        lines_found.setdefault(written(asked), one.beside)
    return list(lines_found.items())


def _offered(found: Sequence[Line], snapshot: Snapshot) -> tuple[str, ...]:
    """At most three lines, those that have an answer."""
    names = Names(snapshot)
    kept: dict[str, bool] = {}
    for one in found:
        try:
            asked = question(one.verb, one.typed, names)
            answer = ask(asked, snapshot)
        except SalesbotError:
            continue
        kept[written(asked)] = answer.verdict != "cannot tell"
    if len(kept) > MOST_OFFERED:  # those that the facts settle
        kept = {line: is_told for line, is_told in kept.items() if is_told}
    return tuple(kept) if len(kept) <= MOST_OFFERED else ()
