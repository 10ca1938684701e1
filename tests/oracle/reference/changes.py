"""/prices changes: which moves must be in the answer, and what each of them says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .asked import known
from .expectation import Answer, Between, Expectation, NoOpinion, Same
from .levels import PriceRow, all_prices
from .lines import Line
from .moves import Move, Moves, offer_moves
from .naming import place_key
from .numbers import shown
from .price_asked import Asked
from .standing import counts
from .tables import Pack
from .timeline import event_clocks, side_of, window_days


class Window:
    """Which days a question counts: since and until as stated, until included; after an event by its day."""

    def __init__(self, pack: Pack, line: Line) -> None:
        self.since = window_days(line.options["since"], False) if line.get("since") else date.min
        self.until = window_days(line.options["until"], True) if line.get("until") else date.max
        if self.since > self.until:
            raise NoOpinion("2: a window that runs backward")
        self.after: tuple[date, date] | None = None
        if line.get("after"):
            side = side_of(pack, line.options["after"])
            if side.event is None:
                raise NoOpinion("2: after is an event")
            zone = event_clocks(side.event)[0]
            days = [datetime.fromtimestamp(second, zone).date() for second in (side.span.earliest, side.span.latest)]
            utc = [date.fromordinal(719163 + second // 86400) for second in (side.span.earliest, side.span.latest)]
            self.after = (min(days[0], utc[0]), max(days[1], utc[1]))
            if self.after[1] >= self.until:
                raise NoOpinion("2: an event after the last day of the window")

    def has(self, first: date, last: date) -> bool | None:
        """Whether a move between two days is in; None where it cannot be told."""
        if last < self.since or first > self.until or (self.after and last < self.after[0]):
            return False
        if self.after and first <= self.after[1]:
            return None
        return True if first >= self.since and last <= self.until else None


def expect_changes(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    window = Window(pack, line)
    if line.get("model"):
        some = [Asked(pack, line, found, line.options["model"])]
    else:
        some = list(_all_models(pack, line, found))
    is_empty = True
    for asked in some:
        moves = Moves(pack, asked.series, asked.own)
        for key in asked.series:
            found.part(lambda key=key, moves=moves: _series(found, moves.of(key), window))  # type: ignore[misc]
        for move in offer_moves(pack, asked.own):
            is_of_region = not line.get("region") or place_key(line.options["region"]) == place_key(move.key.region)
            if is_of_region and (asked.trim is None or move.key.trim in (asked.trim, "all")):
                found.part(lambda move=move: _series(found, [move], window))  # type: ignore[misc]
        _never(found, pack, asked.rows)
        is_empty = is_empty and not asked.own
    _counts_agree(found)
    if not is_empty:
        found.exits("3: changes, or none, are an answer", 0, 3)
    return found


def _all_models(pack: Pack, line: Line, found: Expectation) -> Iterable[Asked]:
    brand = None if line.get("brand") is None else known(pack, "brand", line.options["brand"])
    if line.get("trim"):
        raise NoOpinion("2: a trim without a model")
    for id in dict.fromkeys(row.key.model for row in all_prices(pack) if row.key.model not in ("all", "")):
        rows = [row for row in pack.rows("prices") if (pack.ids("model", row["model"]) or [""])[0] == id]
        if brand is None or any(brand in pack.ids("brand", row["brand"]) for row in rows):
            regions = {pack.region_key(row["region"]) for row in rows}
            if line.get("region") and pack.region_key(line.options["region"]) not in regions:
                continue
            yield Asked(pack, line, found, id)


def _series(found: Expectation, moves: list[Move], window: Window) -> None:
    for move in moves:
        last = move.day if move.is_exact_day else date.fromordinal(move.day.toordinal() - 1)
        inside = window.has(move.first, last)
        if inside is None:
            continue
        if not move.rows:
            fields = {
                "kind": move.kinds[0],
                "valid_from": move.day.isoformat(),
                "region": Same(move.key.region, place_key),
            }
            if inside and move.change is not None:
                found.has(move.why, fields | {"between": Between(move.change), "unit": move.key.currency})
            continue
        if inside:
            found.custom(move.why, lambda answer, move=move: _told(answer, move), _wanted(move))  # type: ignore[misc]
            _says_its_region(found, move)
            found.exits("3: changes are an answer", 0)
        else:
            _outside(found, move)


def _outside(found: Expectation, move: Move) -> None:
    def test(answer: Answer) -> str | None:
        told = [figure for figure in _figures_of(answer, move.rows) if figure.get("kind") != "offer ended"]
        return f"{move.rows[0]} of {move.day} is in" if told else None

    found.custom(
        "2, 3: since and until (included) and after bound the changes by valid_from", test, f"{move.rows[0]} is out"
    )


def _figures_of(answer: Answer, ids: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(ids)
    return [
        f
        for f in answer.figures
        if wanted & ({str(f.get("id"))} | set(f.get("rows") or ())) and f.get("kind") is not None
    ]


def _wanted(move: Move) -> str:
    change = "" if move.change is None else f" {shown(move.change)}"
    levels = (
        "" if move.previous is None or move.current is None else f" ({shown(move.previous)} to {shown(move.current)})"
    )
    return f"{'/'.join(move.kinds)}{change}{levels} from {move.day}, told by {', '.join(move.rows)}, {move.key.region}"


def _told(answer: Answer, move: Move) -> str | None:
    """What is wrong with the figure that tells a move."""
    figures = _figures_of(answer, move.rows)
    if not figures:
        return f"no change of {', '.join(move.rows)}"
    fig = figures[0]
    if fig.get("kind") not in move.kinds:
        return f"kind {fig.get('kind')}"
    if move.kinds == ("disputed",):
        return None
    if move.is_exact_day and fig.get("valid_from") != move.day.isoformat():
        return f"valid_from {fig.get('valid_from')}"
    if fig.get("unit") != move.key.currency:
        return f"unit {fig.get('unit')}"
    return _sizes(fig, move)


def _says_its_region(found: Expectation, move: Move) -> None:
    found.custom("8.3, 9: a price figure says its region", lambda answer: _region(answer, move), move.key.region)


def _region(answer: Answer, move: Move) -> str | None:
    regions = [fig.get("region") for fig in _figures_of(answer, move.rows)]
    return (
        None
        if not regions or move.key.region in [place_key(str(region)) for region in regions]
        else f"region {regions[0]}"
    )


def _sizes(fig: dict[str, Any], move: Move) -> str | None:
    pairs: list[tuple[str, Any]] = []
    if move.change is not None:
        pairs = [
            ("low", move.change.low),
            ("high", move.change.high),
            ("change", move.change.low if move.change.is_single else None),
        ]
    only_its_rows = set(fig.get("rows") or ()) <= set(move.rows)
    if only_its_rows:
        for name, range_ in (("previous", move.previous), ("current", move.current)):
            if range_ is not None and range_.is_single:
                pairs.append((name, range_.low))
        if move.percent is not None:
            pairs.append(("percent", Fraction(move.percent)))
    for name, value in pairs:
        got = fig.get(name)
        if (None if got is None else Fraction(Decimal(str(got)))) != value:
            return (
                f"{name} {got}, not {value if value is None else float(value):.12g}"
                if value is not None
                else f"{name} {got}, not null"
            )
    return None


def _never(found: Expectation, pack: Pack, rows: list[PriceRow]) -> None:
    for row in rows:
        if row.key.type == "deposit":
            why = "3: a deposit is no change"
        elif row.row["status"] in ("denied", "rumour", "target"):
            why = "8: a row that does not stand makes no change"
        elif not counts(pack, row.row):
            why = "8.6: a price of grade D makes no change"
        else:
            continue

        def test(answer: Answer, row: PriceRow = row) -> str | None:
            own = [f for f in answer.figures if (f.get("id") == row.id or f.get("rows") == [row.id]) and f.get("kind")]
            told = [f for f in own if f.get("status") in (None, "reported", "revised")]
            return f"{row.id} is told as {told[0].get('kind')}" if told else None

        found.custom(why, test, f"no change by {row.id}")


def _counts_agree(found: Expectation) -> None:
    """The figures named cuts and rises count the figures of those kinds."""

    def test(answer: Answer) -> str | None:
        for name, kind in (("cuts", "cut"), ("rises", "rise")):
            told = [f for f in answer.figures if f.get("name") == name]
            number = sum(
                1 for f in answer.figures if f.get("kind") == kind and f.get("name") not in ("net", "cuts", "rises")
            )
            if len(told) == 1 and told[0].get("low") != str(number):
                return f"{name} {told[0].get('low')} beside {number}"
        return None

    found.custom("3: the counts cuts and rises are those of the changes shown", test, "equal")
