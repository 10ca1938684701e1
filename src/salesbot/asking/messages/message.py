"""The statements inside of a message, clause by clause.

A statement counts in full only if no word of its sentence is unread. A clause that denies, forecasts, asks, supposes or
compares is set aside and named; so is what holds a number and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from salesbot.asking.dates import Day
from salesbot.asking.intents import METRICS
from salesbot.asking.intents.asking import BRAND_OF_LAUNCH, BRAND_OF_MODEL
from salesbot.asking.lexicon import lexicon, words_of
from salesbot.asking.messages.around import Told
from salesbot.asking.messages.numbers_told import told
from salesbot.asking.messages.plain import is_plain
from salesbot.asking.messages.stated_lines import Context, Statement, moment_stated, read
from salesbot.asking.messages.text import SET_ASIDE, counts_otherwise, denies, excepts, message_text, said_day
from salesbot.asking.messages.topic import Topic
from salesbot.asking.messages.vocabulary import (
    is_of_news,
    may_be_name,
    may_be_variant,
    plays,
)
from salesbot.asking.name_book import NameBook
from salesbot.asking.numbers import Duration
from salesbot.asking.segments import Segment, segments
from salesbot.asking.sentence import sentence
from salesbot.asking.text import plain
from salesbot.questions.typed_values import duration_text
from salesbot.storage.snapshot import Snapshot

MOST_STATEMENTS = 10
LONGEST_SENTENCE = 20  # statements, of which what comes behind may still drop some
SHORTEST_NAME = 3  # of a model that is meant without its maker: other makers have an L6 too
TURN_A_SENTENCE = frozenset({"denies", "supposes", "asks"})  # also from another of its clauses
ORDINAL = "第"
DATELINE = frozenset({"on_day", "by", "announcing", "posting", "sources", "data", "so_far", "up_to_now", "acts"})
QUOTES = ('"', "“", "”", "「", "」")
OF_A_DURATION = ("in_time", "only", "after", "after_opening", "launch_event", "unveiled", "opening", "starts")
UNTRUE = re.compile(
    r"\b(?:not|n't|never) (?:really |at all )?(?:true|correct|right|accurate|real|the case|so)\b|\bif true\b"
    r"|不(?:对|是真|属实|准确|正确|可信|是这样)|并非(?:如此|事实)|没(?:有)?这(?:回)?事"
)
MOMENT = re.compile(r" (?:within|at|on|since|until|during):")
CLOCK = re.compile(
    r"(?<![0-9:：])[0-2]?[0-9][:：][0-5][0-9](?![0-9])|[0-9][点點][0-9]|\b[0-9]{1,2} ?[ap]\.?m\b", re.IGNORECASE
)
ENDS = ".!?;。！？；\n"
_CAPITALS = re.compile(r"(?<![.!?:] )(?<!^)(?<![A-Za-z])[A-Z][A-Za-z-]*", re.MULTILINE)
_CLAUSES = re.compile(r"(?:[^.!?;,。！？；，\n]|(?<=[0-9])[.,](?=[0-9]))*[.!?;,。！？；，\n]?")


class Found(Struct, frozen=True):
    """The statements of a message, and the clauses that were set aside though they hold a number or a name."""

    statements: tuple[Statement, ...]
    not_read: tuple[str, ...]


class Message:
    """A message while it is read: what it stated so far, and what it is about."""

    def __init__(self, text: str, snapshot: Snapshot, posted: date | None) -> None:
        self._names = NameBook.of(snapshot)
        self._known: dict[tuple[str, NameBook], list[Segment]] = {}
        read = message_text(text, self._names, posted)
        self._original, self._is_as_written = read.text, read.is_as_written
        self._folded, self._snapshot, self._posted = plain(self._original), snapshot, posted
        self._capitals = frozenset(word.casefold() for word in _CAPITALS.findall(self._original))
        self._is_quoted = False
        self._topic, self._moment = self._about(), dict[str, str]()
        self._sentence: list[Statement] = []
        self._is_clean, self._turned, self._lost_moment, self._begins = True, False, False, True
        self._turns_next = self._is_supposed = self._denied = self._is_doubted = False
        self._number, self._is_unclear, self._has_time_apart = 0, False, False
        self.found: list[Statement] = []
        self.not_read: list[str] = []

    def clauses(self) -> Iterator[tuple[int, str]]:
        """Each clause with its place."""
        for match in _CLAUSES.finditer(self._folded):
            if match[0].strip():
                yield match.start(), match[0]
            elif match[0][-1:] == "\n":
                self.end_sentence()

    def take(self, start: int, clause: str) -> None:
        """Take in a clause; one behind the most statements that are read is not read."""
        if len(self.found) >= MOST_STATEMENTS or len(self._sentence) >= LONGEST_SENTENCE:
            self._is_unclear = True
            if any(c.isdigit() for c in clause):
                self.not_read.append(self._as_written(clause.strip(), start))
            return
        before = self._folded[:start]
        self._is_quoted = any(before.count(opens) > before.count(closes) for opens, closes in ("“”", "「」"))
        self._is_quoted |= before.count('"') % 2 == 1 or ":" in re.split(r"[.!?;。！？；\n]", before)[-1]
        stated, rest = self._stated(clause)
        has_moment = any(one.kind in ("date", "duration") for one in self._cut(clause, self._names))
        for one in stated:
            is_carried = not has_moment and bool(MOMENT.search(one.readings[0].line))
            quote = self._as_written(one.quote, start)
            self._sentence.append(replace(one, quote=quote, has_carried_moment=is_carried))
        self.not_read += [self._as_written(piece.strip(), start) for piece in rest if piece.strip(" " + ENDS + ",，")]
        pieces = self._cut(_without_cause(clause)[0], self._names)
        self._turns(clause, pieces)
        if not stated:
            self._has_time_apart = self._has_time_apart or has_moment
            self._note_lost_moment(pieces)
        named = self._with_trims(clause, self._names)
        is_told = not stated or self._says_of_what(named)
        self._is_clean = self._is_clean and is_told and self._is_read(named, is_used=bool(stated))
        self._begins = False
        if clause[-1] in ENDS:
            self.end_sentence()

    def _stated(self, clause: str) -> tuple[list[Statement], list[str]]:
        """What a clause states, as a whole or number by number, and what of it is not read."""
        if CLOCK.search(clause) or counts_otherwise(clause):
            return [], [clause]
        is_turned = self._is_supposed or self._turns_next
        whole, rest = (None, [clause]) if is_turned else self._whole_clause(clause)
        by_number = self._by_number(clause) if not self._turns_next else []
        has_number = whole is not None and _has_number(whole.quote)
        if by_number and not (has_number and whole is not None and whole.is_whole):
            return by_number, []
        if whole is None or (has_number and not whole.is_whole):  # a word around it makes it of something else
            return [], rest if whole is None else [clause]
        return [whole], rest

    def _note_lost_moment(self, pieces: Sequence[Segment]) -> None:
        """Note a time that a clause says of nothing that is read."""
        if any(one.names for one in pieces) or self._only_moment(pieces) is not None:
            return
        is_aside = any(one.means(*SET_ASIDE) for one in pieces)  # then its time is its own
        has_number = any(one.kind == "number" for one in pieces)  # so is that of a number beside it
        if any(one.kind == "duration" or one.means("other_period") for one in pieces):
            self._lost_moment = self._lost_moment or not (is_aside or has_number)
        if any(one.kind == "date" for one in pieces):
            self._is_clean = False  # what it dates is left open

    def _turns(self, clause: str, pieces: Sequence[Segment]) -> None:
        """Note whether a clause turns what its sentence says: all of it, or only what comes next.

        A question and a denial of what is said turn all of it, a supposition what follows; ``not`` only what its clause
        and the next one say, and no statement that is read in full.
        """
        is_denied = any(plays(one, "denial") for one in pieces) or bool(UNTRUE.search(clause)) or denies(clause)
        self._turned = self._turned or is_denied or self._asks(clause, pieces)
        self._denied = self._denied or is_denied or (self._begins and bool(pieces) and pieces[0].means("denies"))
        begins = self._begins and bool(pieces) and pieces[0].means("supposes_first")
        self._is_supposed = self._is_supposed or begins or any(one.means("supposes") for one in pieces)
        is_turning = _excepts_a_thing(clause, pieces) or any(one.means(*TURN_A_SENTENCE) for one in pieces)
        self._turns_next = self._is_supposed or is_turning

    def end_sentence(self) -> None:
        """Keep what a sentence stated."""
        stated = [one for one in self._sentence if one.is_whole or not self._turned]
        if self._lost_moment:  # it may be that of what does not say when
            stated = [one for one in stated if one.is_price or MOMENT.search(one.readings[0].line)]
        if self._denied and not stated:  # what was said just before
            self.found = [one for one in self.found if one.sentence != self._number - 1]
        if not self._begins:
            self._is_unclear = self._is_unclear or not self._is_clean
            self._is_doubted = self._is_doubted or self._turned
            self.found += [replace(one, sentence=self._number) for one in stated][: MOST_STATEMENTS - len(self.found)]
            self._number += 1
        self._sentence, self._is_clean, self._turned, self._moment = [], True, False, {}
        self._lost_moment, self._begins, self._turns_next, self._is_supposed = False, True, False, False
        self._denied = False
        self._topic.end_sentence()

    def statements(self) -> tuple[Statement, ...]:
        """What was stated: in full only where all of the message was read as it is written."""
        is_sure = self._is_as_written and not (self._is_doubted or self._is_unclear)

        def is_placed(one: Statement) -> bool:
            is_of_brand = " brand:" in one.readings[0].line  # and not of a model of it that is named
            return (one.has_carried_moment or not self._has_time_apart) and not (is_of_brand and self._names_things)

        return tuple(replace(one, is_whole=one.is_whole and is_sure and is_placed(one)) for one in self.found)

    def _about(self) -> Topic:
        """The one thing that a message names, if it names nothing else: it is meant before it is named as well."""
        book = self._names.without("event")
        pieces = self._cut(self._folded, book)
        if models := frozenset(id for one in pieces for id in one.names.get("model", ())):
            pieces = self._cut(self._folded, book.with_trims(models, self._snapshot))
        topic, named = Topic(makes=self._makes), [one for one in pieces if one.names.keys() & {"launch", "model"}]
        topic.hear(pieces, self._capitals)
        things = {frozenset(one.names.get("launch", one.names.get("model", frozenset()))) for one in named}
        self._names_things = bool(things)
        variants = any(may_be_variant(after) for one, after in pairwise(pieces) if one in named)
        others = any(one.means("other_makers") or may_be_name(one, self._capitals) for one in pieces)
        makers = [one for one in pieces if "brand" in one.names and one not in named]
        brands = any(topic.thing is None or not self._makes(one, topic.thing) for one in makers)
        is_clear = len(things) == 1 and not (variants or others or brands)
        is_alone = len(things) == 1 and not (brands or any(one.means("other_makers") for one in pieces))
        meant = named[0] if is_alone and topic.meant is not None else None
        return Topic(topic.carried if is_clear else None, meant, is_alone=is_alone, makes=self._makes)

    def _makes(self, maker: Segment, thing: Segment) -> bool:
        """Whether a brand that is named is the one of a thing."""
        makers = {
            brand
            for query, kind in ((BRAND_OF_LAUNCH, "launch"), (BRAND_OF_MODEL, "model"))
            for id in thing.names.get(kind, ())
            for (brand,) in self._snapshot.values(query, id=id)
        }
        return bool(makers) and maker.names["brand"] == makers

    def _context(self, *, is_loose: bool = False) -> Context:
        thing = self._topic.carried
        launch, model = (_only(thing, kind) for kind in ("launch", "model"))
        return Context(launch, model, self._moment, is_loose, self._posted)

    def _whole_clause(self, clause: str) -> tuple[Statement | None, list[str]]:
        """The statement that all of a clause makes, and what of it was set aside."""
        said, cause = _without_cause(clause)
        rest = [cause] if cause else []
        found = [*self._cut(said, self._names)]
        if self._asks(said, found) or any(one.means(*SET_ASIDE) for one in found) or _excepts_a_thing(said, found):
            return None, [clause] if _is_about_something(found) else rest
        for book in (self._names, self._names.without("event")):
            pieces = self._with_trims(said, book)
            for span in _spans(pieces):
                left = [one for one in pieces if not any(one is used for used in span)]
                unread = [one.text for one in left if one.kind == "unknown"]
                is_in_a_row = any(text.endswith(ORDINAL) for text in unread)
                if is_in_a_row or _names_stand_apart(span, pieces) or (unread and not _names_a_thing(span)):
                    continue  # what it is of stands elsewhere, or is another thing
                context = self._context()
                statement = read(span, self._snapshot, book, context, self._posted)
                if statement is not None and not (unread and statement.is_price):
                    self._moment = context.moment
                    stated = replace(statement, quote=_quote(said, span), is_whole=not unread)
                    return stated, [*([" ".join(unread)] if unread else []), *rest]
        self._note_moment(self._cut(said.rpartition(":")[2], self._names))
        return None, [clause, *rest] if _may_be_statement(found) else rest

    def _says_of_what(self, pieces: Sequence[Segment]) -> bool:
        """Whether a clause names what it is of, by more than two signs, or nothing else is named in the message."""
        is_short = any(len(one.text) < SHORTEST_NAME and one.names.keys() & {"launch", "model"} for one in pieces)
        if is_short and not any("brand" in one.names for one in pieces):
            return False
        return self._topic.is_alone or _names_a_thing(pieces)

    def _by_number(self, clause: str) -> list[Statement]:
        """The statements of a clause number by number, where it is not set aside; none of them is whole."""
        book = self._names.without("event")
        pieces = [self._dated(one) for one in self._with_trims(clause, book)]
        numbers = list(told(pieces, self._capitals, self._topic))
        things = {frozenset(one.names.items()) for one in pieces if one.names.keys() & {"launch", "model"}}
        if self._asks(clause, pieces) or (len(things) > 1 and any(one.means("paired") for one in pieces)):
            return []
        until = self._set_aside_from(clause, pieces)
        found: list[Statement] = []
        for one in numbers:
            if until is not None and one.last >= until:
                break
            launch, model = (_only(one.subject, kind) for kind in ("launch", "model"))
            context = Context(launch, model, self._moment, is_loose=True, posted=self._posted)
            statement = read(one.words, self._snapshot, book, context, self._posted)
            if statement is not None:
                found.append(replace(statement, quote=_told_words(clause, pieces, one), is_whole=False))
        return found

    def _set_aside_from(self, clause: str, pieces: Sequence[Segment]) -> int | None:
        """From which place on a clause denies, supposes, forecasts, compares, or speaks of the writer's own; or None.

        What a clause forecasts or aims at begins at the ``and`` before it. Who is quoted says "we" of the maker;
        "given" and "with" suppose something where they begin a sentence.
        """
        if _excepts_a_thing(clause, pieces):
            return 0
        is_quoted = self._is_quoted or any(mark in clause for mark in QUOTES) or ":" in clause
        for place, one in enumerate(pieces):
            if plays(one, "third") or plays(one, "beside") or (plays(one, "of_the_quoted") and is_quoted):
                continue
            after = pieces[place + 1] if place + 1 < len(pieces) else None
            if one.text == "将" and after is not None and (after.names or after.means("price") or "版" in after.text):
                continue  # what is done to it, as of cut the price
            if one.means("forecasts", "aims") and not one.means(*TURN_A_SENTENCE):
                joins = [at for at in range(place) if pieces[at].means("joins") or pieces[at].text in ("while", "but")]
                return joins[-1] if joins else 0
            if one.means(*(SET_ASIDE - {"other_money"})) or (
                one.means("supposes_first") and not place and self._begins
            ):
                return 0
        return None

    def _asks(self, clause: str, pieces: Sequence[Segment]) -> bool:
        """Whether a clause asks, with its sign or, at the beginning of a sentence, without."""
        is_asking_word = self._begins and bool(pieces) and pieces[0].text.split()[0] in words_of("asking")
        return clause.rstrip().endswith(("?", "？")) or is_asking_word

    def _cut(self, text: str, book: NameBook) -> list[Segment]:
        """The segments of a text, each text cut once."""
        key = (text, book)
        if key not in self._known:
            self._known[key] = segments(text, book)
        return self._known[key]

    def _with_trims(self, said: str, book: NameBook) -> list[Segment]:
        pieces = self._cut(said, book)
        things = [*pieces, *([self._topic.thing] if self._topic.thing is not None else [])]
        models = frozenset(id for one in things for id in one.names.get("model", ()))
        return self._cut(said, book.with_trims(models, self._snapshot)) if models else pieces

    def _dated(self, one: Segment) -> Segment:
        """A word such as today as the day that it means, and a first month as 30 days."""
        if plays(one, "month_long"):
            return replace(one, kind="duration", concepts=frozenset(), value=Duration(30 * 86_400, 0))
        if self._posted is not None and (iso := said_day(one.text, self._posted)):
            return replace(one, kind="date", concepts=frozenset(), value=Day(iso, 0))
        return one

    def _note_moment(self, found: Sequence[Segment]) -> None:
        """Keep the moment of a clause that says nothing else: 截至4月24日，…"""
        if (moment := self._only_moment(found)) is not None:
            self._moment = moment

    def _only_moment(self, pieces: Sequence[Segment]) -> dict[str, str] | None:
        """The moment of a clause that says nothing else, or who said what follows, and on which day."""
        found = [one for one in pieces if not (one.kind == "unknown" and is_of_news(one.text))]
        if len(found) < len(pieces) and not any(one.names or one.kind == "number" for one in found):
            days = [one for one in found if one.kind == "date"]
            rest = [one for one in found if one not in days and not (one.kind == "word" and one.is_filler)]
            if len(days) == 1 and all(one.means(*DATELINE) for one in rest):
                found = [one for one in found if one in days or one.means("by")]
        if (within := _only_duration(found)) is not None:
            return {"within": duration_text(within.seconds)}
        said = sentence(found)
        if said is None or said.content or said.numbers:
            return None
        moment = moment_stated(said, self._context())
        return moment if moment and "at" in moment else None

    def _is_read(self, pieces: Sequence[Segment], *, is_used: bool) -> bool:
        """Whether every word of a clause is read, up to one that gives a cause, and none of them is left over."""
        if not is_plain(pieces):
            return False
        if not is_used and not self._topic.is_alone and any(one.names.keys() & {"launch", "model"} for one in pieces):
            return False  # what follows may be of it, or of the other
        thing = self._topic.carried
        rest = [one for one in pieces if thing is None or one.names != thing.names]  # naming it says no more
        content = [one for one in rest if one.names or not (one.is_filler or one.means("exclaims", "acts"))]
        return is_used or not content or self._only_moment(pieces) is not None

    def _as_written(self, piece: str, start: int) -> str:
        """A piece of the folded message as it stands in the message, where folding kept its place."""
        at = self._folded.find(piece, start)
        if len(self._original) != len(self._folded) or at < 0:
            return piece
        return self._original[at : at + len(piece)]


def _only_duration(pieces: Sequence[Segment]) -> Duration | None:
    """The duration of a clause that says nothing else: in just two minutes, or 34 minutes after the launch."""
    durations = [one for one in pieces if one.kind == "duration"]
    rest = [one for one in pieces if one not in durations]
    is_within = any(one.means("in_time", "after_opening") or plays(one, "just", "inside") for one in rest)
    if len(durations) != 1 or not is_within or any(plays(one, "moving") for one in rest):
        return None
    known = all(one.is_filler or one.means(*OF_A_DURATION) or plays(one, "just", "first") for one in rest)
    return durations[0].value if known and isinstance(durations[0].value, Duration) else None


def _only(thing: Segment | None, kind: str) -> str | None:
    ids = thing.names.get(kind, frozenset()) if thing is not None else frozenset()
    return next(iter(ids)) if len(ids) == 1 else None


def _has_number(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _without_cause(clause: str) -> tuple[str, str]:
    """A clause up to the words that give a cause, and these."""
    for phrase in _causes():
        at = clause.find(phrase)
        if at > 0:
            return clause[:at], clause[at:]
    return clause, ""


@cache
def _causes() -> tuple[str, ...]:
    return tuple(phrase for phrase, concepts in lexicon().items() if "cause" in concepts)


def _is_about_something(found: Sequence[Segment]) -> bool:
    return any(one.kind == "number" for one in found) and any(one.names or one.means(*METRICS) for one in found)


def _may_be_statement(found: Sequence[Segment]) -> bool:
    """Whether a clause says a number, or which of two things came first or answered the other."""
    if any(one.kind == "number" for one in found):
        return True
    return any(one.means("responds", "before", "after") for one in found) and _names_a_thing(found)


def _excepts_a_thing(clause: str, pieces: Sequence[Segment]) -> bool:
    """Whether a clause sets a thing apart from what is said: the SU7, and not one of its trims."""
    return excepts(clause) and any(one.names.keys() & {"launch", "model"} for one in pieces)


def _spans(found: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The runs of segments without an unknown word, the longest first."""
    runs: list[list[Segment]] = [[]]
    for one in found:
        if one.kind == "unknown":
            runs.append([])
        else:
            runs[-1].append(one)
    yield from sorted((run for run in runs if len(run) > 1), key=len, reverse=True)


def _names_stand_apart(span: Sequence[Segment], pieces: Sequence[Segment]) -> bool:
    """Whether a clause names a thing that its statement does not reach: the only one, or another than its own.

    What it says of a maker is not of the thing that was named before.
    """
    own = [one.names for one in span if one.names.keys() & {"launch", "model"}]
    others = [one for one in pieces if one.names.keys() & {"launch", "model"} and one.names not in own]
    maker = any("brand" in one.names for one in span) and not own and any(one.kind == "number" for one in span)
    return (_names_a_thing(pieces) and not _names_a_thing(span)) or bool(own and others) or maker


def _names_a_thing(words: Sequence[Segment]) -> bool:
    return any(one.names.keys() & {"launch", "model", "brand", "event", "person"} for one in words)


def _quote(clause: str, span: Sequence[Segment]) -> str:
    content = [one for one in span if one.kind != "word" or not one.is_filler] or list(span)
    start = clause.find(content[0].text)
    end = clause.rfind(content[-1].text) + len(content[-1].text)
    return clause[start:end].strip() if 0 <= start < end else clause.strip()


def _told_words(clause: str, pieces: Sequence[Segment], one: Told) -> str:
    """The words of a clause from the first to the last of a number's own; all of it where they are the number alone."""
    at, start, end = 0, 0, len(clause)
    for place, piece in enumerate(pieces):
        at = clause.find(piece.text, at)
        start = at if place == one.first else start
        at += len(piece.text)
        if place == one.last:
            end = at
    words = clause[start:end]
    return words if any(c.isalpha() for c in words) else clause.strip(" " + ENDS + ",，")
