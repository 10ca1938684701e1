"""What a message is about, clause by clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from salesbot.asking.messages.vocabulary import EDITION, THINGS, makes_another, may_be_name, may_be_variant, plays
from salesbot.asking.segments import Segment


class Topic(Struct):
    """What a message is about.

    ``thing`` is what the nearest clause before named, if it named nothing else; ``meant`` is what was named last, which
    only a number of running text may be of. ``kind`` are the words that said what the last number of the sentence was.
    """

    thing: Segment | None = None
    meant: Segment | None = None
    kind: tuple[Segment, ...] = ()
    is_price: bool = False  # whether the last number of the sentence was a price
    is_open: bool = True  # whether nothing unknown, and no second thing, was named beside it
    is_heard: bool = False  # whether this clause named anything
    is_compared: bool = False  # whether this clause compares: what it names from there on is what is compared with
    is_blocked: bool = False  # whether this sentence named something unknown after what is meant
    is_named: bool = False  # whether what is meant was named already, and not only later in the message
    is_alone: bool = False  # whether the message names nothing else
    makes: Callable[[Segment, Segment], bool] = lambda brand, thing: False  # whether a brand's is the thing

    def begin_clause(self) -> None:
        """What the next clause names takes the place of what was named before."""
        self.is_heard = self.is_compared = False

    def end_sentence(self) -> None:
        """Forget what its numbers were; the thing that it named may still be meant by the next one."""
        self.kind, self.is_blocked = (), False
        self.is_named = self.is_named and self.is_alone

    def hear(self, pieces: Sequence[Segment], capitals: frozenset[str]) -> None:
        """Take in what is named."""
        for place, one in enumerate(pieces):
            self.is_compared = self.is_compared or one.means("compared") or plays(one, "beside", "than_another")
            if one.names.keys() & {*THINGS}:
                if self.is_compared or _is_of_another(pieces, place):
                    self.thing, self.is_open, self.is_heard, self.meant = None, False, True, None
                    continue
                is_another = self.thing is not None and self.thing.names != one.names
                self.is_open = not (self.is_heard and (is_another or not self.is_open))
                self.thing, self.is_heard = one, True
                self.meant, self.is_blocked, self.is_named = one, False, True
            elif _names_a_maker(pieces, place):
                if self.thing is None or not self.makes(one, self.thing):
                    self.thing, self.is_open = None, True  # and what comes next may be of this maker
                if self.meant is not None and not self.makes(one, self.meant):
                    self.meant = None
            elif one.means("other_makers"):
                self.thing, self.is_open, self.is_heard, self.meant = None, False, True, None
            elif may_be_name(one, capitals):
                self.thing, self.is_open, self.is_heard, self.is_blocked = None, False, True, True

    @property
    def carried(self) -> Segment | None:
        """The thing that a clause without one of its own may be of."""
        return self.thing if self.is_open else None

    @property
    def carried_loosely(self) -> Segment | None:
        """The thing that a number without one of its own may be of."""
        return self.carried or (self.meant if not self.is_blocked else None)


def _names_a_maker(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a brand is named, and not only the maker of the thing named next."""
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    return "brand" in pieces[place].names and not (after is not None and after.names.keys() & {*THINGS})


def _is_of_another(pieces: Sequence[Segment], place: int) -> bool:
    """Whether the words around a name make it another thing: a new generation, SU7 Ultra, a rival of it."""
    after, *others = [*pieces[place + 1 : place + 3], None]
    if any(one is not None and plays(one, "rivals") for one in (after, *others)):
        return True
    is_variant = after is not None and may_be_variant(after) and not EDITION.fullmatch(after.text)
    return is_variant or (place > 0 and makes_another(pieces[place - 1]))
