"""Numbers in running text, each with the words around it that say of what, when and which it is.

News says several numbers in a clause, and much between them. What a number belongs to is looked for around it: up to
the number before and the one behind, then in the clause, then in the sentence. The words that say nothing of it are
left out, so what is read here is only a number to look up: it may fit what the facts say, and is never contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from salesbot.asking.intents import METRICS
from salesbot.asking.lexicon import UNREAD, common_words, lexicon, news_words
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import POSTPOSITIONS
from salesbot.asking.text import is_ideograph

COUNTS = frozenset({*METRICS, "sold", "stores", "preorders"})
MOVES = frozenset({"cut", "rise", "lowers", "raises"})
PRICES = frozenset({"price", "states_price", "starting"})
BOUNDS = frozenset(
    {"at_least", "at_most", "exceeds", "falls_short", "about", "about_near", "and_more", "only", "exact"}
)
DIFFERENCES = frozenset({"exceeds", "falls_short", "compared", "cheaper"})
TIMES = frozenset({"by", "since", "in_time", "in_month", "on_day", "before", "after", "span", "first", "until"})
OPENINGS = frozenset({"launch_event", "unveiled", "opening", "after_opening"})
ONLY_IN_PROSE = frozenset({"other_price", "other_period", "other_makers", "added", "paired"})
THINGS = ("launch", "model")
THIRD = ("he", "she", "his", "her", "他", "她")  # who is quoted
UP, DOWN = "up", "down"
TO, FROM = ("to", "至", "到", "为"), ("from", "从", "由", "原价", "instead")
MOVING = (
    "past",
    "last",
    "latest",
    "next",
    "these",
    "those",
    "previous",
    "every",
    "each",
    "过去",
    "近",
    "最近",
    "每",
    "这",
)
TOTALS = ("total", "sum", "tally", "number")
ADJECTIVES = ("人", "new", "paid", "firm", "confirmed", "more", "customer", "initial", "such")
GENERATIONS = ("updated", "refreshed", "facelifted", "generation", "next-gen", "used", "second-hand", "rival")
GENERAL = frozenset(
    {
        "market",
        "industry",
        "sector",
        "segment",
        "country",
        "phone",
        "phones",
        "company",
        "group",
        "brand",
        "city",
        "women",
    }
    | {"men", "owner", "owners", "half", "most", "many", "people", "family", "families", "share", "version", "dealer"}
)  # what a number may be of instead of the thing named
NO_NAMES = frozenset(  # though written with a capital
    {"weibo", "wechat", "twitter", "ceo", "ev", "evs", "suv", "suvs", "i", "s", "monday", "tuesday", "wednesday"}
    | {"thursday", "friday", "saturday", "sunday", "chinese", "american", "reuters", "bloomberg", "cnevpost"}
)
PERIOD = re.compile(r"[qh][1-4]|fy[0-9]{2}")
COUNT = Segment("word", "sold", frozenset({"sold"}))
PRICE = Segment("word", "price", frozenset({"price"}))
CUT, RISE = Segment("word", "cut", frozenset({"cut"})), Segment("word", "rise", frozenset({"rise"}))
FORMER = Segment("word", "price", frozenset({"price", "former"}))  # what it was before
NEAR = 5  # words before a number that may turn it
MOST_BETWEEN = 2  # words between a number and what it counts


class Topic(Struct):
    """What a message is about: the one thing that the nearest clause before named, if it named nothing else.

    ``kind`` are the words that said what the last number of the sentence was.
    """

    thing: Segment | None = None
    kind: tuple[Segment, ...] = ()
    is_open: bool = True  # whether nothing unknown, and no second thing, was named beside it
    is_heard: bool = False  # whether this clause named anything
    makes: Callable[[Segment, Segment], bool] = lambda brand, thing: False  # whether a brand's is the thing

    def begin_clause(self) -> None:
        """What the next clause names takes the place of what was named before."""
        self.is_heard = False

    def end_sentence(self) -> None:
        """Forget what its numbers were; the thing that it named may still be meant by the next one."""
        self.kind = ()

    def hear(self, pieces: Sequence[Segment], capitals: frozenset[str]) -> None:
        """Take in what is named."""
        for place, one in enumerate(pieces):
            if one.names.keys() & {*THINGS}:
                is_another = self.thing is not None and self.thing.names != one.names
                self.is_open = not (self.is_heard and (is_another or not self.is_open))
                self.thing, self.is_heard = one, True
            elif _names_a_maker(pieces, place):
                if self.thing is None or not self.makes(one, self.thing):
                    self.thing, self.is_open = None, True  # and what comes next may be of this maker
            elif one.means("other_makers") or may_be_name(one, capitals):
                self.thing, self.is_open, self.is_heard = None, False, True

    @property
    def carried(self) -> Segment | None:
        """The thing that a number without one of its own may be of."""
        return self.thing if self.is_open else None


class Told(Struct, frozen=True):
    """A number with the words that are read of it, and the places of the first and last of its own."""

    words: tuple[Segment, ...]
    first: int
    last: int
    subject: Segment


def told(pieces: Sequence[Segment], capitals: frozenset[str], topic: Topic) -> Iterator[Told]:
    """Each number of a clause with its words; ``topic`` is kept up to date.

    ``capitals`` are the words that the message writes with a capital letter inside of a sentence.
    """
    every = [place for place, one in enumerate(pieces) if one.kind == "number"]
    ranges = _ranges(pieces)
    seen = 0
    topic.begin_clause()
    for at, place in enumerate(every):
        if place - 2 in ranges:
            continue
        after = at + 1 + (place in ranges)
        left = _cut(pieces, every[at - 1], place) if at else 0
        right = _cut(pieces, every[after - 1], every[after]) if after < len(every) else len(pieces)
        topic.hear(pieces[seen:place], capitals)
        seen = place
        around = _Around(pieces, left, place, place + 2 * (place in ranges), right)
        found = around.told(topic) if not around.is_of_another() else None
        if found is not None:
            yield found
    topic.hear(pieces[seen:], capitals)


def may_be_variant(after: Segment) -> bool:
    """Whether the word after a name may make it another thing, as Ultra does: one that is no common word."""
    if after.kind != "unknown" or after.after_break:
        return False
    word = after.text
    if is_ideograph(word[0]):
        return "版" in word
    return not (_is_common(word) or word in news_words())


def _is_common(word: str) -> bool:
    return any(word.removesuffix(ending) in common_words() for ending in ("", "s", "es", "ed", "d", "ing"))


def is_of_news(text: str) -> bool:
    """Whether a text is made of words of news that say nothing of a number: one, or a run of Chinese ones."""
    if not text or text in news_words():
        return True
    return is_ideograph(text[0]) and any(
        text[:end] in news_words() and is_of_news(text[end:]) for end in range(min(len(text), 5), 0, -1)
    )


def may_be_name(one: Segment, capitals: frozenset[str]) -> bool:
    """Whether an unknown word may name a thing: written with a capital, or letters and digits together."""
    if one.kind != "unknown" or is_ideograph(one.text[0]) or not one.text[0].isalnum():
        return False
    if one.text in NO_NAMES or one.text in news_words() or PERIOD.fullmatch(one.text):
        return False
    return any(c.isdigit() for c in one.text) or (one.text in capitals and one.text not in common_words())


def _names_a_maker(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a brand is named, and not only the maker of the thing named next."""
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    return "brand" in pieces[place].names and not (after is not None and after.names.keys() & {*THINGS})


def _ranges(pieces: Sequence[Segment]) -> set[int]:
    """The places of numbers that begin a range, as in 1,800 to 2,000."""
    return {
        place
        for place in range(len(pieces) - 2)
        if pieces[place].kind == pieces[place + 2].kind == "number"
        and pieces[place + 1].means("until")
        and not pieces[place + 1].means("joins")
    }


def _cut(pieces: Sequence[Segment], before: int, after: int) -> int:
    """Where the words between two numbers part: at a comma or an ``and``, else before a name, else behind a unit."""
    between = range(before + 1, after)
    for place in between:
        if pieces[place].after_break or pieces[place].means("joins"):
            return place
    for place in between:
        if pieces[place].names.keys() & {*THINGS, "brand", "trim"}:
            return place
    end, is_counted = before + 1, False
    while end < after:
        one, counts = pieces[end], pieces[end].means(*COUNTS)
        is_unit = counts or one.means("money") or (one.kind == "word" and one.is_filler) or one.text in ADJECTIVES
        if not is_unit or (counts and is_counted):
            break
        end, is_counted = end + 1, is_counted or counts
    return end


class _Around(Struct):
    """A number, or a range, from ``place`` to ``last``, with its own words from ``left`` up to ``right``."""

    pieces: Sequence[Segment]
    left: int
    place: int
    last: int
    right: int

    def is_of_another(self) -> bool:
        """Whether it counts or costs something that is not known, or is a part or a place in a row."""
        before = self.pieces[self.place - 1] if self.place else None
        if before is not None and (
            (
                before.kind == "unknown"
                and (not before.text[-1].isalpha() or before.text.endswith(("第", "no", "number")))
            )
            or (before.text == "of" and not (self.place > 1 and self._is_of_number(self.pieces[self.place - 2])))
        ):
            return True
        after = self.pieces[self.last + 1 : self.last + 2 + MOST_BETWEEN]
        texts = [one.text for one in after]
        if texts[:1] in (["年"], ["月"], ["日"], ["号"]) or (texts[:1] == ["个"] and texts[1:2] == ["月"]):
            return True
        is_money = self._money()
        for one in after if not is_money else ():
            if one.after_break:
                return False
            if one.kind == "unknown" and is_ideograph(one.text[0]) and is_of_news(one.text):
                continue
            if one.text in GENERAL and not any(other.means(*COUNTS) for other in after):
                return True
            if one.kind == "unknown":
                return not (one.text in ADJECTIVES and any(other.means(*COUNTS) for other in after))
            if not (one.kind == "word" and one.is_filler) or one.after_break:
                return False
        return False

    def _money(self) -> list[int]:
        """The place of the currency right before or behind it."""
        beside = (self.place - 1, self.last + 1)
        return [at for at in beside if 0 <= at < len(self.pieces) and self.pieces[at].means("money")][:1]

    @staticmethod
    def _is_of_number(one: Segment) -> bool:
        """Whether a word before ``of`` leaves what follows the number: a total of, orders of, a price of."""
        return one.means(*COUNTS, *MOVES, *PRICES, "sums") or one.text in TOTALS

    def told(self, topic: Topic) -> Told | None:
        """What it says; ``None`` where the words around it leave that open."""
        pieces = self.pieces
        own = self._subject()
        subject = pieces[own] if own is not None else topic.carried
        if subject is None or self._is_about_others(own):
            return None
        kind, places = self._kind(topic)
        times = self._times()
        if not kind or times is None or self._is_turned(times):
            return None
        around = {at for time in times for at in self._role_words(time)}
        near = range(max(self.left, self.place - 2), min(self.right, self.last + 3))
        bounds = [at for at in near if pieces[at].means(*BOUNDS) and at not in around]
        breaks = [at for at in range(self.left + 1, self.place + 1) if pieces[at].after_break or pieces[at].text == "-"]
        begin = breaks[-1] if breaks else self.left
        trims = [at for at in range(begin, self.place) if "trim" in pieces[at].names and at != own][-1:]
        named = [own] if own is not None else []
        chosen = sorted({*named, *trims, *places, *range(self.place, self.last + 1), *times, *around, *bounds})
        words = [pieces[at] for at in chosen]
        words = [*([subject] if own is None else []), *(one for one in kind if one not in words), *words]
        inside = [at for at in chosen if self.left <= at < self.right]
        return Told(tuple(words), min(inside), max(inside), subject)

    def _subject(self) -> int | None:
        """The place of the name before it, else of one right behind it: orders for the SU7."""
        for kinds in ({*THINGS}, {"brand"}):
            before = [at for at in range(self.left, self.place) if self.pieces[at].names.keys() & kinds]
            after = [at for at in range(self.last + 1, self._end()) if self.pieces[at].names.keys() & kinds]
            if before or after:
                return before[-1] if before else after[0]
        return None

    def _end(self) -> int:
        """Where the words end that stand in one breath with the number."""
        breaks = (at for at in range(self.last + 1, self.right) if self.pieces[at].after_break)
        return next(breaks, self.right)

    def _is_about_others(self, own: int | None) -> bool:
        """Whether it may be of something else than the thing named: of several, of a part, of a variant, of a rival."""
        pieces = self.pieces
        start = self.left if own is None or own > self.place else own + 1
        unknown = [at for at in range(start, self.place) if pieces[at].kind == "unknown"]
        if any(not self._is_harmless(pieces[at], own) and not self._is_from_former(at) for at in unknown):
            return True
        things = [one for one in pieces[self.left : self.right] if one.names.keys() & {*THINGS}]
        others = [one for one in pieces[self.left : self.right] if "place" in one.names]
        if any(one not in things for one in others) and not self._is_price_in_country():
            return True
        if own is None:
            return False
        named = {frozenset(one.names.items()) for one in things}
        before, after = (pieces[at] if 0 <= at < len(pieces) else None for at in (own - 1, own + 1))
        return (
            len(named) > 1
            or (after is not None and own + 1 != self.place and (may_be_variant(after) or after.text in GENERATIONS))
            or (
                before is not None
                and not pieces[own].after_break
                and (before.means("other_makers", *BOUNDS, "compared") or _makes_another(before))
            )
        )

    def _is_from_former(self, at: int) -> bool:
        """Whether a word stands before what a price was: up from, down from."""
        return self.pieces[at].text in (UP, DOWN) and self.pieces[at + 1].text in FROM

    def _is_harmless(self, one: Segment, own: int | None) -> bool:
        """Whether an unknown word before it says nothing of it: a common one, and none for another thing."""
        if is_of_news(one.text) or one.text in NO_NAMES:
            return True
        if is_ideograph(one.text[0]) or not one.text.isalpha() or one.text in GENERAL:
            return False
        return not may_be_variant(one) if own is not None else _is_common(one.text)

    def _is_price_in_country(self) -> bool:
        """Whether it is money, and the place a country: of counts and stores it would be a part."""
        return any(one.means("money") for one in self.pieces[self.place - 1 : self.last + 3])

    def _is_threshold(self) -> bool:
        """Whether it bounds what is spoken of: cars of 200,000 yuan and more."""
        return any(
            one.text in ("以上", "以下", "级", "级别", "价位", "区间")
            for one in self.pieces[self.last + 1 : self.last + 4]
        )

    def _kind(self, topic: Topic) -> tuple[tuple[Segment, ...], list[int]]:
        """The words that say what it is, and the places of its own; none where that is open."""
        pieces = self.pieces
        none: tuple[tuple[Segment, ...], list[int]] = ((), [])
        window = [at for at in range(self.left, self.right) if not pieces[at].names]
        behind = range(self.last + 1, min(self.right, self.last + 2 + MOST_BETWEEN))
        beside = (*range(max(self.left, self.place - 1), self.place), *behind)
        money = [at for at in beside if pieces[at].means("money")][:1]
        moves = [at for at in window if pieces[at].means(*MOVES)]
        prices = [at for at in window if pieces[at].means(*PRICES)]
        if money or moves:
            leading = [one.text for one in pieces[max(self.left, self.place - 3) : self.place]]
            if any(text in FROM for text in leading) and (moves or not prices):
                return (FORMER, *(pieces[at] for at in money)), money
            if any(one.means(*DIFFERENCES) for one in pieces[self.last + 1 : self.last + 4]):
                return none
            beside_it = pieces[max(self.left, self.place - 4) : self.last + 4]
            if any(one.means("cheaper") for one in beside_it) or any(one.means("other_price") for one in pieces):
                return none
            if any(pieces[at].means(*COUNTS) for at in window) or self._is_threshold():
                return none
            if any(text in (UP, DOWN) for text in leading):
                return ((RISE if UP in leading else CUT), *(pieces[at] for at in money)), money
            said = [] if any(text in TO for text in leading) else moves[-1:]
            said = said or prices[-1:]
            if said:
                return tuple(pieces[at] for at in (*said, *money)), [*said, *money]
            if "by" in leading or (moves and not any(text in TO for text in leading)):
                return none
            return (PRICE, *(pieces[at] for at in money)), money
        after = [at for at in behind if pieces[at].means(*COUNTS)][:1]
        found = after or [at for at in window if at < self.place and pieces[at].means(*COUNTS, *PRICES)][-1:]
        found = found or [at for at in window if at > self.last and pieces[at].means(*COUNTS)][:1]  # were delivered
        if found:
            topic.kind = tuple(pieces[at] for at in found)
            return topic.kind, found
        has_time = any(pieces[at].kind == "duration" for at in window)
        if not has_time and self._is_bare_price():
            return (PRICE,), []
        leading = [one.text for one in pieces[max(self.left, self.place - 2) : self.place]]
        if any(text in FROM for text in leading) and any(text in (UP, DOWN, "instead") for text in leading):
            return (FORMER,), []
        return (topic.kind or ((COUNT,) if has_time else ())), []

    def _is_bare_price(self) -> bool:
        """Whether it is a price without a currency: of a trim named right before it, or one that prices start from."""
        near = self.pieces[max(self.left, self.place - 3) : self.place]
        before = [one for one in near if not (one.is_filler or one.means("now"))]
        after = self.pieces[self.last + 1 : self.last + 2]
        if any(one.means("measure") for one in after):
            return False
        return bool(before and "trim" in before[-1].names) or any(one.text == "起" for one in after)

    def _times(self) -> list[int] | None:
        """The place of the moment that it is of, if any; ``None`` where several are, or one that cannot be read."""
        pieces = self.pieces
        every = [at for at, one in enumerate(pieces) if one.kind in ("date", "duration")]
        times = [at for at in every if self.left <= at < self.right]
        if not times and len(every) == 1 and all(one.kind != "number" for one in pieces[every[0] : self.left]):
            times = every
        if len(times) > 1 or any(one.means("now") for one in pieces[self.left : self.right] if times):
            return None
        if any(one.means("other_period") for one in pieces[(0 if times else self.left) : self.right]):
            return None
        if times and any(one.text in MOVING for one in pieces[max(0, times[0] - 2) : times[0]]):
            return None
        return None if times and self._is_since_another(times[0]) else times

    def _is_since_another(self, time: int) -> bool:
        """Whether a duration is one since something else than the opening: 24 hours after the price cut."""
        if self.pieces[time].kind != "duration":
            return False
        after = self.pieces[time + 1 : time + 6]
        if not after or after[0].text in POSTPOSITIONS or not after[0].means("after", "since", "before", "on_day"):
            return False
        return not after[0].means("after_opening") and not any(one.means(*OPENINGS, "starts") for one in after[1:])

    def _is_turned(self, times: Sequence[int]) -> bool:
        """Whether words before it say more of it than how many: the first to have them, the only one, another."""
        around = {at for time in times for at in self._role_words(time)}
        for at in range(self.left, self.place):
            one, is_near = self.pieces[at], self.place - at <= NEAR
            is_again = one.text == "再" and self.pieces[at + 1].text == "次"
            if (
                is_near
                and not is_again
                and (one.means("added") or (one.means("first") and one.kind == "word" and at not in around))
            ):
                return True
            if one.means("only") and self.place - at > 2 and at + 1 not in times:
                return True
            if one.kind == "unknown" and UNREAD in lexicon().get(one.text, ()) and self.place - at > 1:
                return True
        return False

    def _role_words(self, time: int) -> Iterator[int]:
        """The places of the words right around a moment that say how it is meant."""
        pieces, at = self.pieces, time - 1
        while at >= 0 and pieces[at].kind == "word" and (pieces[at].means(*TIMES) or pieces[at].text == "the"):
            yield at
            at -= 1
        at = time + 1
        while at < len(pieces) and pieces[at].kind == "word" and pieces[at].text in POSTPOSITIONS:
            yield at
            at += 1


def _makes_another(before: Segment) -> bool:
    """Whether the word before a name makes it another thing: a model year, a new generation."""
    if before.kind == "word" and before.text in ("款", "代"):
        return True
    return before.kind == "unknown" and (
        before.text in GENERATIONS or any(c in before.text for c in "款代版") or may_be_variant(before)
    )
