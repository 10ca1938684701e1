"""Which prices moved between two days, each move once: cuts, rises, offers, subsidies and new
variants told apart, and what one source calls a cut and another a subsidy as disputed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers.answer import (
    AnnouncedBefore,
    Answer,
    Change,
    ChangesFound,
    DayUnknown,
    Disputed,
    Figure,
    MoveKind,
    Note,
    PassedOver,
    SameDay,
    Working,
)  # fmt: skip
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import LEVELS, PriceFact
from salesbot.query.counting import Grades, choose, standing
from salesbot.query.prices import FAR, OF_MODEL, first_day, is_level, of_trim, price_figure, series, subject
from salesbot.query.timeline import event_of
from salesbot.questions.names import Names
from salesbot.questions.question import PricesChanges
from salesbot.storage.snapshot import Store, earlier, sql
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import Quantity, total

IN_WINDOW = "first_day between :first and :until and last_day >= :since order by first_day, rowid"
ALL_MOVES = sql(f"select * from prices where {IN_WINDOW}")
MOVES_OF_MODEL = sql(f"select * from prices where model_id = :model and {IN_WINDOW}")
MOVES_OF_BRAND = sql(f"select * from prices where brand_id = :brand and {IN_WINDOW}")
WIDE_OF_BRAND_OF = sql(f"""
    select * from prices where model_id = 'all' and brand_id = (select brand_id from prices where model_id = :model limit 1)
    and {IN_WINDOW}
""")
EARLIER = sql("select * from prices where model_id = :model and first_day < :day")
MODEL_ID = sql("select model_id from prices where id = :id")
KINDS = ("cut", "disputed", "rise", "unchanged", "subsidy", "offer", "new variant", "first price", "unknown")
HAS_MODEL = sql("select 1 from prices where model_id = :key limit 1")
HAS_BRAND = sql("select 1 from prices where brand_id = :key limit 1")
OFFER_TYPES = ("limited_time_offer", "subsidy")


class Move(Struct, frozen=True):
    """One price move, told by one row or more; the first row is the one it is named after."""

    rows: tuple[PriceFact, ...]
    kind: MoveKind
    change: Quantity
    previous: Quantity | None = None

    @property
    def row(self) -> PriceFact:
        return self.rows[0]


class Window(Struct, frozen=True):
    """The days asked about, both included, and the event after which moves count."""

    since: date
    until: date
    after: date | None = None

    def touches(self, row: PriceFact) -> bool:
        assert row.valid_from is not None
        first, last = row.valid_from.days
        return first <= self.until and last >= self.since and (self.after is None or last >= self.after)


def price_changes(question: PricesChanges, store: Store) -> Answer:
    """Every move in the window, each once; then the net per trim and the counts of cuts and rises."""
    names = Names(store)
    window = _window(question, store)
    rows, passed = _rows(question, window, store, names)
    moves = _merged([_move(row, store) for row in rows if row.price_type != "deposit"])
    moves, disagreeing = _one_per_trim_and_day(moves, store)
    figures = [_figure(move) for move in (moves if question.model else sorted(moves, key=lambda move: KINDS.index(move.kind)))]
    if not figures:
        _check_known(question, store, names)
    figures += _nets(moves, has_model=question.model is not None)
    figures += _counts(moves)
    cited = [id for figure in figures for id in figure.sources]
    found = ChangesFound(
        names.shown("model", question.model) if question.model else names.shown("brand", question.brand) if question.brand else None,
        question.trim, question.since.text if question.since else None, question.until.text if question.until else None,
        event_of(question.after, store).name if question.after else None,
    )  # fmt: skip
    passed_over = (*(PassedOver(price_figure(row), standing(row) or "weaker source") for row in passed), *disagreeing)
    return Answer(
        question, found, store.version, tuple(figures), caveats=tuple(_notes(moves, window, question, store)),
        passed_over=passed_over, sources=tuple(store.sources([*cited, *(i for p in passed_over for i in p.figure.sources)])),
    )  # fmt: skip


def _window(question: PricesChanges, store: Store) -> Window:
    after = event_of(question.after, store).at.days[0] if question.after else None
    since = question.since.days[0] if question.since else after or date.min
    until = question.until.days[1] if question.until else FAR
    if since > until:
        raise QuestionError("since lies after until", "write the earlier day as since")
    return Window(since, until, after)


def _rows(question: PricesChanges, window: Window, store: Store, names: Names) -> tuple[list[PriceFact], list[PriceFact]]:
    first = earlier(window.since, store.longest["prices"])
    bounds = {"first": first.isoformat(), "since": window.since.isoformat(), "until": window.until.isoformat()}
    if question.model:
        rows = store.select(PriceFact, MOVES_OF_MODEL, model=question.model, **bounds)
        if question.trim:
            everything = store.select(PriceFact, OF_MODEL, model=question.model)
            kept = {row.id for row in of_trim(everything, question.trim, names.shown("model", question.model))}
            rows = [row for row in rows if row.id in kept or (_is_wide(row) and row.price_type in OFFER_TYPES)]
        else:
            rows += store.select(PriceFact, WIDE_OF_BRAND_OF, model=question.model, **bounds)
    elif question.brand:
        rows = store.select(PriceFact, MOVES_OF_BRAND, brand=question.brand, **bounds)
    else:
        rows = store.select(PriceFact, ALL_MOVES, **bounds)
    if question.trim and not question.model:
        raise QuestionError("a trim needs its model", 'add model, as in model:"Model Y" trim:RWD')
    rows = [row for row in rows if window.touches(row)]
    return [row for row in rows if standing(row) is None], [row for row in rows if standing(row) is not None]


def _check_known(question: PricesChanges, store: Store, names: Names) -> None:
    """No move in the window is an answer; a model or brand without any price is not in the facts."""
    kind, query, key = (
        ("model", HAS_MODEL, question.model) if question.model else ("brand", HAS_BRAND, question.brand)
    )  # fmt: skip
    if key and not store.values(query, key=key):
        raise NotInFacts(f"the facts hold no price of {names.shown(kind, key)}", "prices.csv would need a row for it")


# from a row to a move


def _move(row: PriceFact, store: Store) -> Move:
    if row.price_type not in LEVELS and not (row.price_type == "limited_time_offer" and row.previous is not None):
        kind: MoveKind = "subsidy" if row.price_type == "subsidy" else "offer"
        return Move((row,), kind, _stated_change(row) or Quantity(None, None, row.currency))
    stated = _stated_change(row)
    if stated is not None:
        previous = row.previous
        if previous is None and row.low is not None and stated.is_point and row.low == row.high and stated.low is not None:
            previous = row.low - stated.low
        return Move((row,), _direction(stated), stated, None if previous is None else Quantity.exactly(previous, row.currency))
    return _against_earlier(row, store)


def _stated_change(row: PriceFact) -> Quantity | None:
    if row.change_low is not None or row.change_high is not None:
        return Quantity(row.change_low, row.change_high, row.currency)
    if row.previous is not None and row.low is not None and row.high is not None:
        return Quantity(row.low - row.previous, row.high - row.previous, row.currency)
    return None


def _direction(change: Quantity) -> MoveKind:
    low, high = change.low, change.high
    if low == high == 0:
        return "unchanged"
    if high is not None and high <= 0:
        return "cut"
    if low is not None and low >= 0:
        return "rise"
    return "unknown"


def _against_earlier(row: PriceFact, store: Store) -> Move:
    """A level without a stated change, beside the prices the model had before."""
    nothing = Quantity(None, None, row.currency)
    model = store.values(MODEL_ID, id=row.id)[0][0]
    day = first_day(row) or FAR
    earlier = [
        other for other in store.select(PriceFact, EARLIER, model=model, day=day.isoformat())
        if is_level(other) and standing(other) is None and name_key(other.region) == name_key(row.region)
    ]  # fmt: skip
    alike = [other for other in earlier if series(other) == series(row)]
    if alike and row.low is not None and row.high is not None:
        before = max(alike, key=lambda other: first_day(other) or date.min).quantity
        change = Quantity(
            None if before.high is None else row.low - before.high, None if before.low is None else row.high - before.low, row.currency
        )
        return Move((row,), _direction(change), change, before)
    if row.low is None:
        return Move((row,), "unknown", nothing)
    return Move((row,), "new variant" if earlier else "first price", nothing)


# one move told by several rows


def _merged(moves: list[Move]) -> list[Move]:
    """Rows that tell one move become one move with all their sources."""
    found: list[Move] = []
    for move in sorted(moves, key=lambda move: (not _is_level_row(move), _is_wide(move.row))):
        told = [other for other in found if _tells_the_same(move, other)]
        if not told:
            found.append(move)
        for other in told:
            found[found.index(other)] = _joined(other, move)
    order = {move.row.id: number for number, move in enumerate(moves)}
    return sorted(found, key=lambda move: order[move.row.id])


def _is_level_row(move: Move) -> bool:
    return move.kind in ("cut", "rise", "unchanged", "new variant", "first price", "unknown")


def _is_wide(row: PriceFact) -> bool:
    return row.trim is None or name_key(row.trim) == "all"


def _tells_the_same(move: Move, other: Move) -> bool:
    """Same model, region and day, and the same amount, or an "up to" for every trim over it."""
    a, b = move.row, other.row
    if a.model is None or b.model is None or name_key(a.model) != name_key(b.model) or name_key(a.brand) != name_key(b.brand):
        return False
    if name_key(a.region) != name_key(b.region) or a.currency != b.currency or a.valid_from is None or b.valid_from is None:
        return False
    if a.valid_from.days != b.valid_from.days or other.kind not in ("cut", "disputed", "rise", "unchanged", "offer", "subsidy"):
        return False
    alike = name_key(a.trim or "all") == name_key(b.trim or "all")
    if not alike and not _is_wide(a):
        return False
    if _is_level_row(move):
        return _is_level_row(other) and alike and move.change == other.change and not move.change.is_unknown
    return a.price_type in OFFER_TYPES and other.kind in ("cut", "disputed") and _covers(move.change, other.change)


def _covers(offer: Quantity, change: Quantity) -> bool:
    if change.low is None or change.high is None or offer.low is None or offer.high is None:
        return False
    return offer.low <= change.low and change.high <= offer.high


def _joined(move: Move, other: Move) -> Move:
    kind: MoveKind = "disputed" if other.kind == "subsidy" else move.kind
    return replace(move, rows=(*move.rows, *other.rows), kind=kind)


def _one_per_trim_and_day(moves: list[Move], store: Store) -> tuple[list[Move], list[PassedOver]]:
    """Where rows give one trim different amounts for one day, the one that counts; the others apart."""
    groups: dict[tuple[object, ...], list[Move]] = {}
    for move in moves:
        row = move.row
        alone = not _is_level_row(move) or row.valid_from is None
        key = (row.id,) if alone else (name_key(row.brand), name_key(row.model or ""), series(row), row.valid_from and row.valid_from.days)
        groups.setdefault(key, []).append(move)
    kept, passed = [], []
    for group in groups.values():
        chosen = choose([move.row for move in group], group[0].row.brand, Grades.of_store(store), lambda row: 0)
        kept += [move for move in group if move.row in chosen.rows]
        passed += [PassedOver(price_figure(row), reason) for row, reason in chosen.passed_over]
    return kept, passed


# from moves to figures


def _figure(move: Move) -> Figure:
    row = move.row
    sources = tuple(dict.fromkeys(id for told in move.rows for id in told.sources))
    ends = [told.valid_to.text for told in move.rows if told.valid_to]
    announced = sorted(told.announced.text for told in move.rows if told.announced)
    change = Change(
        kind=move.kind, previous=move.previous, current=row.quantity if is_level(row) else None,
        valid_from=row.valid_from.text if row.valid_from else None, valid_to=ends[0] if ends else None,
        announced=announced[0] if announced else None, rows=tuple(told.id for told in move.rows),
        price_types=tuple(dict.fromkeys(told.price_type for told in move.rows)),
    )  # fmt: skip
    return Figure(
        id=row.id, name=row.price_type, subject=subject(row), quantity=move.change, basis="reported", status=row.status,
        sources=sources, said_by=row.said_by, change=change, valid_from=change.valid_from, valid_to=change.valid_to, note=row.note,
    )  # fmt: skip


def _nets(moves: Sequence[Move], *, has_model: bool) -> list[Figure]:
    """What the moves of a trim come to together, where they were several or one model was asked for."""
    trims: dict[tuple[object, ...], list[Move]] = {}
    for move in moves:
        if move.kind in ("cut", "rise", "unchanged", "disputed"):
            row = move.row
            trims.setdefault((name_key(row.brand), name_key(row.model or ""), series(row)), []).append(move)
    return [_net(found) for found in trims.values() if has_model or len(found) > 1]


def _net(moves: list[Move]) -> Figure:
    row = moves[0].row
    change = Change(None, moves[0].previous, moves[-1].row.quantity if is_level(moves[-1].row) else None, None, None, None, (), ())
    return Figure(
        id=f"net-{row.id}", name="net", subject=subject(row), quantity=total((m.change for m in moves), row.currency),
        basis="computed", working=Working("sum", tuple((m.row.id, 1) for m in moves)),
        sources=tuple(dict.fromkeys(id for m in moves for told in m.rows for id in told.sources)), change=change,
    )  # fmt: skip


def _counts(moves: Sequence[Move]) -> list[Figure]:
    """How many cuts and rises there were; disputed moves leave the number of cuts open above."""
    disputed = [move.row.id for move in moves if move.kind == "disputed"]
    figures = []
    for name, kind in (("cuts", "cut"), ("rises", "rise")):
        ids = [move.row.id for move in moves if move.kind == kind]
        more = len(disputed) if kind == "cut" else 0
        figures.append(Figure(
            id=name, name=name, subject="moves", quantity=Quantity(Fraction(len(ids)), Fraction(len(ids) + more), "moves"),
            basis="computed", working=Working("count", tuple((id, 1) for id in [*ids, *(disputed if more else [])])),
        ))  # fmt: skip
    return figures


def _notes(moves: Sequence[Move], window: Window, question: PricesChanges, store: Store) -> list[Note]:
    notes: list[Note] = []
    for move in moves:
        row = move.row
        assert row.valid_from is not None
        if row.valid_from.days[0] != row.valid_from.days[1]:
            notes.append(DayUnknown(row.id, subject(row), row.valid_from.text))
        elif window.after == row.valid_from.days[0]:
            notes.append(SameDay(row.id, subject(row)))
        if move.kind == "disputed":
            notes.append(Disputed(row.id, subject(row), tuple((r.price_type, r.sources) for r in move.rows)))
    before = window.after or (window.since if question.since else None)
    return notes + _announced_notes(moves, before, question, store) if before else notes


def _announced_notes(moves: Sequence[Move], before: date, question: PricesChanges, store: Store) -> list[Note]:
    """The moves that were told before the days asked about, by the day they were told."""
    told: dict[str, list[PriceFact]] = {}
    for move in moves:
        times = sorted((r.announced for r in move.rows if r.announced), key=lambda time: time.days[1])
        if times and times[0].days[1] < before:
            told.setdefault(times[0].text, []).append(move.row)
    event = event_of(question.after, store).name if question.after else before.isoformat()
    return [AnnouncedBefore(tuple(r.id for r in rows), tuple(map(subject, rows)), day, event) for day, rows in told.items()]
