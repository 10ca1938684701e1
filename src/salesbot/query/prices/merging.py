"""Moves that several rows tell, each once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from salesbot.answers.figures import ChangeKind
from salesbot.query.prices.model_prices import trim_key
from salesbot.query.prices.moves import LEVEL_KINDS, Move, move_id
from salesbot.values.quantity import Quantity

WIDE_TYPES = ("limited_time_offer", "subsidy", "discount")
MOST_WIDE_OFFERS = 50  # of one model and day that are compared with its cuts


def spread_once(moves: Iterable[Move]) -> list[Move]:
    """The moves, those by a row for every trim or model each once with where it took each price.

    A row of a single trim that tells the same move is one of it.
    """
    found: list[Move] = []
    places: dict[str, int] = {}
    for move in moves:
        id = move_id(move)
        if id in places and move.row.is_level:
            known, is_of_brand = found[places[id]], not move.row.owner and move.row.has_level
            if is_of_brand or not move.spans:  # told by a model before
                continue
            if (known.change, known.kind) == (move.change, move.kind):
                found[places[id]] = replace(known, spans=(*known.spans, *move.spans))
                continue
            id = move.spans[0].id
            while id in places:
                id += ":again"
            move = replace(move, own_id=id)
        places[id] = len(found)
        found.append(move)
    kept: list[Move] = []
    for move in found:
        wide = (places[row.id] for row in move.rows[1:] if row.is_wide and row.id in places)
        place = next((one for one in wide if found[one].change == move.change), None)
        if place is None or move.kind == "offer ended":
            kept.append(move)
        else:
            found[place] = _joined_wide(found[place], move)
    return [found[places[move_id(move)]] for move in kept]


def of_one_trim(move: Move) -> Move:
    """A move as one of a single trim, which it may not have changed."""
    change = move.spans[0].change if move.is_of_some else None
    return move if change is None else replace(move, change=change, kind="unknown")


def _joined_wide(wide: Move, move: Move) -> Move:
    known = {row.id for row in wide.rows}
    rows = (*wide.rows, *(row for row in move.rows if row.id not in known))
    return replace(wide, rows=rows, spans=(*wide.spans, *move.spans))


def merged(moves: list[Move]) -> list[Move]:
    """Rows that tell one move become one move with all their sources.

    The same amount for a trim on one day is one move; so is an "up to" for every trim over it.
    """
    exact: dict[tuple[object, ...], int] = {}
    by_day: dict[tuple[object, ...], list[int]] = {}
    found: list[Move] = []
    wide: list[Move] = []
    for move in moves:
        is_level = move.kind in LEVEL_KINDS
        if not is_level and move.row.fact.price_type in WIDE_TYPES:
            wide.append(move)
            continue
        own = move.spans[0].series if move.spans and move.row.has_level else move.row.key
        key = None
        if is_level and not move.change.is_unknown:
            key = (*_day_key(move), own.trim, own.variant, own.channel, move.change)
        if key is not None and move.kind != "offer ended":
            if key in exact:
                found[exact[key]] = _joined(found[exact[key]], move)
                continue
            exact[key] = len(found)
        by_day.setdefault(_day_key(move), []).append(len(found))
        found.append(move)
    told: dict[tuple[object, ...], int] = {}
    for offer in wide:
        key = _day_key(offer)
        told[key] = told.get(key, 0) + 1
        over = [
            i
            for i in by_day.get(key, ())
            if found[i].kind in ("cut", "disputed")
            and (offer.row.is_for_every_trim or trim_key(offer.row.fact) == trim_key(found[i].row.fact))
            and _is_over(offer.change, found[i].change)
        ]
        over = over if told[key] <= MOST_WIDE_OFFERS else []
        for index in over:
            found[index] = _joined(found[index], offer)
        if not over:
            found.append(offer)
    order = {move_id(move): number for number, move in enumerate(moves)}
    return sorted(found, key=lambda move: order[move_id(move)])


def _day_key(move: Move) -> tuple[object, ...]:
    fact = move.row.fact
    return move.row.owner, move.row.brand, move.row.region, fact.currency, move.at.days


def _is_over(offer: Quantity, change: Quantity) -> bool:
    if change.low is None or change.high is None or offer.low is None or offer.high is None:
        return False
    return offer.low <= change.low and change.high <= offer.high


def _joined(move: Move, other: Move) -> Move:
    kind: ChangeKind = "disputed" if other.kind == "subsidy" else move.kind
    rows = dict.fromkeys(row.id for row in move.rows)
    more = tuple(row for row in other.rows if row.id not in rows)
    return replace(move, rows=(*move.rows, *more), kind=kind, also=(*move.also, *other.spans))
