"""What one number of running text is of: its thing, its kind, its trim and its moment, from the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from salesbot.asking.dates import Day
from salesbot.asking.lexicon import UNREAD, lexicon, words_of
from salesbot.asking.messages.topic import Topic
from salesbot.asking.messages.vocabulary import (
    BOUNDS,
    COUNTS,
    DIFFERENCES,
    EDITION,
    MONEY,
    MOVES,
    OPENINGS,
    PRICES,
    THINGS,
    TIMES,
    is_common,
    is_of_news,
    makes_another,
    may_be_variant,
    plays,
)
from salesbot.asking.numbers import Number
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import POSTPOSITIONS
from salesbot.asking.text import is_ideograph

MEASURED = re.compile(r"[0-9]+-[a-z]+|[a-z]{2,}(?:-[a-z]{2,})+")  # 215-mile, better-than-expected
IN_ROW = ("no", "number", "minute", "hour", "day")  # what numbers in a row begin with
UP, DOWN = "up", "down"
COUNT = Segment("word", "sold", frozenset({"sold"}))
PRICE = Segment("word", "price", frozenset({"price"}))
CUT, RISE = Segment("word", "cut", frozenset({"cut"})), Segment("word", "rise", frozenset({"rise"}))
FORMER = Segment("word", "price", frozenset({"price", "former"}))  # what it was before
LEAST_PRICE, GREATEST_PRICE = 50_000, 3_000_000  # of a number that is one without a currency
NEAR = 5  # words before a number that may turn it
NEXT = 3  # words between a number and the word before it that says that it is a price
MOST_BETWEEN = 2  # words between a number and what it counts


class Told(Struct, frozen=True):
    """A number with the words that are read of it, and the places of the first and last of its own."""

    words: tuple[Segment, ...]
    first: int
    last: int
    subject: Segment


class Around(Struct):
    """A number, or a range, from ``place`` to ``last``, with its own words from ``left`` up to ``right``."""

    pieces: Sequence[Segment]
    left: int
    place: int
    last: int
    right: int
    run: tuple[int, ...] = ()

    def is_of_another(self) -> bool:
        """Whether it counts or costs something that is not known, or is a part or a place in a row."""
        if self.place and self._is_led_to_another(self.place - 1):
            return True
        is_people = any(one.text == "人" for one in self.pieces[self.last + 1 : self.last + 2])
        after = self.pieces[self.last + 1 : self.last + 2 + MOST_BETWEEN * (1 + is_people)]
        texts = [one.text for one in after]
        if texts[:1] in (["年"], ["月"], ["日"], ["号"]) or (texts[:1] == ["个"] and texts[1:2] == ["月"]):
            return True
        is_money = self._money()
        for one in after if not is_money else ():
            if one.after_break:
                return False
            if one.means("added") or plays(one, "generation"):
                return True
            if one.means("measure"):
                return any(plays(other, "general", "people") for other in after)
            if one.kind == "unknown" and is_ideograph(one.text[0]) and is_of_news(one.text.removesuffix("第")):
                continue
            if plays(one, "general") and not any(other.means(*COUNTS) for other in after):
                return True
            if one.kind == "unknown":
                if plays(one, "not_counted") or one.text.endswith(("ed", "ly")) or not one.text[0].isalnum():
                    return False
                return not (plays(one, "adjective") and any(other.means(*COUNTS) for other in after))
            if one.means("cities", "display", "other_period", "sources", "customers") and not one.means(*COUNTS):
                return True
            if not (one.kind == "word" and one.is_filler) or one.after_break:
                return False
        return False

    def _is_led_to_another(self, at: int) -> bool:
        """Whether the word before it makes it a price in another currency, a number in a row, or a part."""
        before = self.pieces[at]
        if before.kind == "unknown":
            return before.text[-1] in words_of("currency_sign") or before.text.endswith(IN_ROW)
        return before.text == "of" and not (at and self._is_of_number(self.pieces[at - 1]))

    def _money_of_run(self) -> list[int]:
        """The place of the currency that is told once for numbers in a row."""
        beside = (at for place in self.run for at in (place - 1, place + 1))
        return [at for at in beside if 0 <= at < len(self.pieces) and self.pieces[at].means(*MONEY)][:1]

    def _money(self) -> list[int]:
        """The place of the currency right before or behind it."""
        beside = (self.place - 1, self.last + 1)
        return [at for at in beside if 0 <= at < len(self.pieces) and self.pieces[at].means(*MONEY)][:1]

    @staticmethod
    def _is_of_number(one: Segment) -> bool:
        """Whether a word before ``of`` leaves what follows the number: a total of, orders of, a price of."""
        return one.means(*COUNTS, *MOVES, *PRICES, "sums") or plays(one, "total")

    def told(self, topic: Topic) -> Told | None:
        """What it says; ``None`` where the words around it leave that open."""
        pieces = self.pieces
        own = self._subject()
        meant = topic.carried_loosely
        own = self._maker_of_stores() if own is None and meant is None else own
        if own is not None and self._is_its_maker(pieces[own], topic):
            own = None  # Xiaomi delivered
        subject = pieces[own] if own is not None else meant
        if subject is None or self._is_about_others(own):
            return None
        kind, places = self._kind(topic)
        topic.is_price = any(one.means(*PRICES, *MOVES) for one in kind)
        times = self._times()
        if not kind or times is None or self._is_turned(times):
            return None
        if any(one.means(*MOVES) for one in kind) and any(plays(pieces[at - 1], "until") for at in times):
            times = []  # how long an offer lasts
        is_count = not any(one.means(*MOVES, *PRICES) for one in kind)
        if is_count and any(plays(pieces[at], "this_day", "day_before") for at in times):
            return None  # of one day
        if is_count and any("trim" in pieces[at].names for at in range(self.left, self.place) if at != own):
            return None  # of a trim, or of several
        is_of_orders = is_count and not any(one.means("stores", "cities") for one in kind)
        if is_of_orders and any(one.means("cities") for one in pieces[self.last + 1 :]):
            return None  # where it was counted, which makes it a part
        around = {at for time in times for at in self._role_words(time)}
        near = range(max(self.left, self.place - 2), min(self.right, self.last + 3))
        bounds = [at for at in near if pieces[at].means(*BOUNDS) and at not in around and at + 1 not in times]
        bounds = [at for at in bounds if pieces[at].text != "就" or len(bounds) == 1]
        breaks = [at for at in range(self.left + 1, self.place + 1) if pieces[at].after_break or pieces[at].text == "-"]
        begin = breaks[-1] if breaks else self.left
        trims = [at for at in range(begin, self.place) if "trim" in pieces[at].names and at != own][-1:]
        trims = self._trims_of_run(trims)
        named = [own] if own is not None else []
        chosen = sorted({*named, *trims, *places, *range(self.place, self.last + 1), *times, *around, *bounds})
        words = [pieces[at] for at in chosen]
        words = [*([subject] if own is None else []), *(one for one in kind if one not in words), *words]
        inside = [at for at in chosen if self.left <= at < self.right]
        return Told(tuple(words), min(inside), max(inside), subject)

    def _trims_of_run(self, own: list[int]) -> list[int]:
        """The trim of the number: of as many trims as numbers in a row, the one in its place."""
        at, trims = self.run[0] - 1, list[int]()
        while at >= 0 and ("trim" in self.pieces[at].names or (len(trims) < 1 and self.run[0] - at <= NEAR)):
            if "trim" in self.pieces[at].names:
                trims.insert(0, at)
            at -= 1
            while at >= 0 and trims and self.pieces[at].means("joins"):
                at -= 1
        if len(trims) < 2 or any("trim" in one.names for one in self.pieces[self.run[0] : self.run[-1]]):
            return own
        return [trims[self.run.index(self.place)]] if len(trims) == len(self.run) else []

    @staticmethod
    def _is_its_maker(one: Segment, topic: Topic) -> bool:
        """Whether a maker stands for the thing that was named before it."""
        meant = topic.carried_loosely
        is_maker = not one.names.keys() & {*THINGS} and "brand" in one.names
        return is_maker and topic.is_named and meant is not None and topic.makes(one, meant)

    def _subject(self) -> int | None:
        """The place of the name before it, else of one right behind it: orders for the SU7."""
        for kinds in ({*THINGS}, {"brand"}):
            before = [at for at in range(self.left, self.place) if self.pieces[at].names.keys() & kinds]
            after = [at for at in range(self.last + 1, self._end()) if self.pieces[at].names.keys() & kinds]
            if before or after:
                return before[-1] if before else after[0]
        return None

    def _maker_of_stores(self) -> int | None:
        """The place of the maker that a clause names before the number of its stores."""
        if not any(one.means("stores") for one in self.pieces[self.last + 1 : self.right]):
            return None
        makers = [at for at in range(self.left) if "brand" in self.pieces[at].names]
        return makers[-1] if makers else None

    def _end(self) -> int:
        """Where the words end that stand in one breath with the number."""
        breaks = (at for at in range(self.last + 1, self.right) if self.pieces[at].after_break)
        return next(breaks, self.right)

    def _is_about_others(self, own: int | None) -> bool:
        """Whether it may be of something else than the thing named: of several, of a part, of a variant, of a rival."""
        pieces = self.pieces
        start = self.left if own is None or own > self.place else own + 1
        unknown = [at for at in range(start, self.place) if pieces[at].kind == "unknown"]
        if own is not None and self.last < own <= self.last + 2:  # the 253,500 yuan YU7
            unknown = [at for at in unknown if plays(pieces[at], "general") or is_ideograph(pieces[at].text[0])]
        if any(not self._is_harmless(pieces[at], own) and not self._is_from_former(at) for at in unknown):
            return True
        things = [one for one in pieces[self.left : self.right] if one.names.keys() & {*THINGS}]
        near = pieces[self.left : self.right]
        if any(one.means("other_makers") or plays(one, "generation", "rivals") for one in near):
            return True
        others = [one for one in near if "place" in one.names or one.means("other_place")]
        others = [one for one in others if not plays(one, "whole_market")]
        if any(one not in things and (not self._is_money() or "place" not in one.names) for one in others):
            return True
        if own is None:
            return self._is_of_people()
        named = {frozenset(one.names.items()) for one in things}
        before, after = (pieces[at] if 0 <= at < len(pieces) else None for at in (own - 1, own + 1))
        return (
            len(named) > 1
            or self._is_of_people()
            or (after is not None and own + 1 != self.place and self._makes_it_another(after))
            or (
                before is not None
                and not pieces[own].after_break
                and (before.means("other_makers", *BOUNDS, "compared") or makes_another(before))
            )
        )

    def _is_of_people(self) -> bool:
        """Whether some people are spoken of, and not all: Apple users placed so many orders."""
        for at in range(self.left + 1, self.place):
            whose, who = self.pieces[at - 1], self.pieces[at]
            if plays(who, "people") and not who.after_break and not (whose.names or plays(whose, "whose_people")):
                return whose.kind == "unknown"
        return False

    def _makes_it_another(self, after: Segment) -> bool:
        """Whether the word right behind a name makes it another thing; an edition only where it is no price."""
        if after.kind == "unknown" and EDITION.fullmatch(after.text):
            return not self._may_be_price()
        return may_be_variant(after) or plays(after, "generation")

    def _is_from_former(self, at: int) -> bool:
        """Whether a word stands before what a price was, up from, or far from the number: piled up."""
        is_led = plays(self.pieces[at + 1], "from") or self.place - at > MOST_BETWEEN
        return self.pieces[at].text in (UP, DOWN) and is_led

    def _is_harmless(self, one: Segment, own: int | None) -> bool:
        """Whether an unknown word before it says nothing of it: a common one, and none for another thing."""
        if is_of_news(one.text) or plays(one, "no_name") or plays(one, "going"):
            return True
        if EDITION.fullmatch(one.text) or plays(one, "edition"):
            return self._may_be_price()  # of counts it would be a part
        if MEASURED.fullmatch(one.text):
            return True
        if is_ideograph(one.text[0]) or not one.text[0].isalpha() or plays(one, "general"):
            return False
        return not may_be_variant(one) if own is not None else is_common(one.text)

    def _is_money(self) -> bool:
        """Whether it is money, and so no part where a country is named; of counts and stores it would be one."""
        return any(one.means(*MONEY) for one in self.pieces[max(0, self.place - 1) : self.last + 3])

    def _may_be_price(self) -> bool:
        """Whether it is money, or as great as a price and nothing that is counted."""
        if self._is_money():
            return True
        number = self.pieces[self.place].value
        after = self.pieces[self.last + 1 : self.last + 2]
        is_counted = any(one.means("measure", *COUNTS) or one.kind == "unknown" for one in after if not one.after_break)
        has_time = any(one.kind == "duration" for one in self.pieces[self.left : self.right])
        in_range = isinstance(number, Number) and not number.is_share and LEAST_PRICE <= number.value <= GREATEST_PRICE
        return in_range and not is_counted and not has_time

    def _is_threshold(self) -> bool:
        """Whether it bounds what is spoken of: cars of 200,000 yuan and more."""
        return any(plays(one, "threshold") for one in self.pieces[self.last + 1 : self.last + 4])

    def _kind(self, topic: Topic) -> tuple[tuple[Segment, ...], list[int]]:
        """The words that say what it is, and the places of its own; none where that is open."""
        pieces = self.pieces
        none: tuple[tuple[Segment, ...], list[int]] = ((), [])
        window = [at for at in range(self.left, self.right) if not pieces[at].names]
        behind = range(self.last + 1, min(self.right, self.last + 2 + MOST_BETWEEN))
        beside = (*range(max(self.left, self.place - 1), self.place), *behind)
        money = [at for at in beside if pieces[at].means(*MONEY)][:1] or self._money_of_run()
        moves = [at for at in window if pieces[at].means(*MOVES)]
        prices = [at for at in window if pieces[at].means(*PRICES)]
        is_counting = bool(topic.kind) and not money and not self._may_be_price()
        is_counting |= not money and any(pieces[at].means(*COUNTS) for at in window)
        if money or (moves and not is_counting):
            leading = [one.text for one in pieces[max(self.left, self.place - 3) : self.place]]
            if any(text in words_of("from") for text in leading) and (moves or not prices):
                return (FORMER, *(pieces[at] for at in money)), money
            if self._is_so_much_cheaper():
                return (CUT, *(pieces[at] for at in money)), money
            if any(one.means(*DIFFERENCES) for one in pieces[self.last + 1 : self.last + 4]):
                return none
            beside_it = pieces[max(self.left, self.place - 2) : self.last + 3]
            own = pieces[self.left : self.right]
            if any(one.means("cheaper") for one in beside_it) or any(one.means("other_price") for one in own):
                return none
            if any(pieces[at].means(*COUNTS) for at in window) or self._is_threshold():
                return none
            if any(text in (UP, DOWN) for text in leading) and leading[-1] not in words_of("to"):
                return ((RISE if UP in leading else CUT), *(pieces[at] for at in money)), money
            moves = (
                []
                if any(text in words_of("to") for text in leading)
                else [at for at in moves if pieces[at].text != DOWN]
            )
            stated = [at for at in prices if 0 < self.place - at <= NEXT and "by" not in leading]
            said = [at for at in stated[-1:] if not any(move > at for move in moves)] or moves[-1:] or prices[-1:]
            if said:
                return tuple(pieces[at] for at in (*said, *money)), [*said, *money]
            if "by" in leading or moves:
                return none
            return (PRICE, *(pieces[at] for at in money)), money
        after = [at for at in behind if pieces[at].means(*COUNTS)][:1]
        found = after or [at for at in window if at < self.place and pieces[at].means(*COUNTS, *PRICES)][-1:]
        found = found or [at for at in window if at > self.last and pieces[at].means(*COUNTS)][:1]  # were delivered
        is_difference = "by" in [one.text for one in pieces[max(self.left, self.place - 2) : self.place]]
        if is_difference and any(pieces[at].means(*MOVES, "growth") for at in window):
            return none
        locked = [at for at in window if pieces[at].means("locked_orders")]
        if found and locked and pieces[found[0]].means("orders"):
            found = locked[-1:]  # locked in so many orders
        if found:
            topic.kind = tuple(pieces[at] for at in found)
            return topic.kind, found
        has_time = any(pieces[at].kind == "duration" for at in window)
        if not has_time and (self._is_bare_price() or (topic.is_price and self._may_be_price())):
            return (PRICE,), []
        leading = [one.text for one in pieces[max(self.left, self.place - 2) : self.place]]
        if any(text in words_of("from") for text in leading) and any(text in (UP, DOWN, "instead") for text in leading):
            return (FORMER,), []
        return (topic.kind or ((COUNT,) if has_time else ())), []

    def _is_so_much_cheaper(self) -> bool:
        """Whether something became so much cheaper, and not than another: now 30,000 yuan cheaper."""
        beside = self.pieces[max(self.left, self.place - 1) : self.last + 3]
        return any(plays(one, "cheaper") for one in beside) and not any(plays(one, "than") for one in self.pieces)

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
        if len(times) > 1:
            behind = [at for at in times if 0 < at - self.last <= NEXT and pieces[at].kind == "duration"]
            times = behind if len(behind) == 1 else times
        if len(times) > 1 or any(one.means("now") for one in pieces[self.left : self.right] if times):
            return None
        of_period = [one for one in pieces[(0 if times else self.left) : self.right] if one.means("other_period")]
        if of_period and not (
            times and self._is_period(times[0]) and all(plays(one, "whole_period") for one in of_period)
        ):
            return None
        if times and any(plays(one, "moving") for one in pieces[max(0, times[0] - 2) : times[0]]):
            return None
        return None if times and self._is_since_another(times[0]) else times

    def _is_period(self, time: int) -> bool:
        """Whether a date is a month, a quarter or a year."""
        day = self.pieces[time].value
        return isinstance(day, Day) and not day.is_day

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
            if one.means("only") and one.text != "就" and self.place - at > 2 and at + 1 not in times:
                return True
            if one.kind == "unknown" and UNREAD in lexicon().get(one.text, ()) and self.place - at > 1:
                return True
        return False

    def _role_words(self, time: int) -> Iterator[int]:
        """The places of the words right around a moment that say how it is meant."""
        pieces, at = self.pieces, time - 1
        is_led = time < self.place <= time + 2 and pieces[at].text in words_of("from") | words_of(
            "to"
        )  # from April's 7,058
        while at >= 0 and pieces[at].kind == "word" and (pieces[at].means(*TIMES) or pieces[at].text == "the"):
            if is_led:
                break
            yield at
            at -= 1
        at = time + 1
        while at < len(pieces) and pieces[at].kind == "word" and pieces[at].text in POSTPOSITIONS:
            yield at
            at += 1
