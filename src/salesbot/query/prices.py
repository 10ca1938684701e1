"""What a model cost on a day: list prices like for like, offers and subsidies apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from salesbot.answers.answer import Answer, DayUnknown, Ended, EndUnknown, Figure, Note, PassedOver, PricesFound, SinceUnknown
from salesbot.errors import NotInFacts, QuestionError, shown
from salesbot.facts import LEVELS, PriceFact
from salesbot.query.counting import Grades, choose
from salesbot.questions.names import Names
from salesbot.questions.question import PricesShow
from salesbot.storage.snapshot import Store, sql
from salesbot.values.name_keys import name_key, nearest

OF_MODEL = sql("select * from prices where model_id = :model order by first_day, rowid")
OF_BRAND_AS_A_WHOLE = sql("select * from prices where brand_id = :brand and model_id = 'all' order by first_day, rowid")
BRAND_ID = sql("select brand_id from prices where id = :id")
FAR = date(9999, 12, 31)

Series = tuple[str, str, str, str]


def series(row: PriceFact) -> Series:
    """What may be compared: trim, region, currency and type; a price is compared with its like only."""
    return name_key(row.trim or ""), name_key(row.region), row.currency, row.price_type


def subject(row: PriceFact, name: str | None = None) -> str:
    """``Model Y RWD``; the brand where no model is named."""
    model = row.brand if row.model in (None, "all") else name or row.model or ""
    trim = "" if row.trim is None or name_key(row.trim) == "all" else f" {row.trim}"
    return f"{model}{trim}"


def is_level(row: PriceFact) -> bool:
    return row.price_type in LEVELS and row.low is not None


def first_day(row: PriceFact) -> date | None:
    return row.valid_from.days[0] if row.valid_from else None


def out_day(row: PriceFact) -> date | None:
    """The first day a price no longer holds."""
    return row.valid_to.days[0] if row.valid_to else None


def of_trim(rows: Iterable[PriceFact], trim: str | None, name: str) -> list[PriceFact]:
    """The rows of a trim as typed: its name, else what it begins or is held by. Raises
    ``QuestionError`` with the trims there are."""
    rows = list(rows)
    if trim is None:
        return rows
    key = name_key(trim)
    trims = {name_key(row.trim): row.trim for row in rows if row.trim and name_key(row.trim) != "all"}
    fitting = [known for known in trims if known == key] or [known for known in trims if key and key in known]
    if not fitting:
        raise QuestionError(
            f"{shown(trim)} is no trim of {name} known here",
            "write one of these",
            nearest(trim, list(trims.values())) or list(trims.values()),
        )
    if len(fitting) > 1:
        raise QuestionError(f"{shown(trim)} could be several trims of {name}", "write one of these", [trims[k] for k in fitting])
    return [row for row in rows if row.trim and name_key(row.trim) == fitting[0]]


def prices_on(question: PricesShow, store: Store) -> Answer:
    """The price of each trim on a day (without one, the last known), then offers and subsidies."""
    name = Names(store).shown("model", question.model)
    rows = store.select(PriceFact, OF_MODEL, model=question.model)
    chosen = of_trim([row for row in rows if is_level(row) or row.price_type not in LEVELS], question.trim, name)
    day = question.on.days[1] if question.on else None
    levels = Levels([row for row in chosen if is_level(row)], day, store)
    if not levels.figures:
        raise NotInFacts(*_nothing(name, question, [row for row in chosen if is_level(row)]))
    brand = _brand_id(rows, store)
    wide = store.select(PriceFact, OF_BRAND_AS_A_WHOLE, brand=brand)
    model_wide = [row for row in rows if question.trim and row.trim is not None and name_key(row.trim) == "all"]
    offers = [row for row in (*chosen, *model_wide, *wide) if row.price_type not in LEVELS and _may_hold(row, day)]
    figures = [*levels.figures, *_once(price_figure(row, name) for row in offers)]
    found = PricesFound(name, question.trim, question.on.text if question.on else None)
    cited = [id for figure in figures for id in figure.sources] + [id for p in levels.passed for id in p.figure.sources]
    return Answer(
        question, found, store.version, tuple(figures), caveats=tuple(levels.notes),
        passed_over=tuple(levels.passed), sources=tuple(store.sources(cited)),
    )  # fmt: skip


def _brand_id(rows: list[PriceFact], store: Store) -> str:
    found = store.values(BRAND_ID, id=rows[0].id) if rows else []
    return str(found[0][0]) if found else ""


def _once(figures: Iterable[Figure]) -> list[Figure]:
    return list({figure.id: figure for figure in figures}.values())


def price_figure(row: PriceFact, name: str | None = None) -> Figure:
    """A price row as a figure; its span as stated."""
    return Figure(
        id=row.id, name=row.price_type, subject=subject(row, name), quantity=row.quantity, basis="reported",
        status=row.status, sources=row.sources, said_by=row.said_by, note=row.note,
        valid_from=row.valid_from.text if row.valid_from else None,
        valid_to=row.valid_to.text if row.valid_to else None,
    )  # fmt: skip


def _may_hold(row: PriceFact, day: date | None) -> bool:
    start, out = first_day(row), out_day(row)
    if day is None:
        return out is None
    return start is not None and start <= day and (out is None or day < out)


class Levels:
    """The list prices in force on a day, one for each trim, region, currency and type."""

    def __init__(self, rows: list[PriceFact], day: date | None, store: Store) -> None:
        self.figures: list[Figure] = []
        self.notes: list[Note] = []
        self.passed: list[PassedOver] = []
        self._grades, self._store, self._day = Grades.of_store(store), store, day
        self._ends_unknown: dict[str | None, list[str]] = {}
        kinds: dict[Series, list[PriceFact]] = {}
        for row in rows:
            kinds.setdefault(series(row), []).append(row)
        for alike in kinds.values():
            self._take(alike)
        self.notes += [EndUnknown(tuple(subjects), since) for since, subjects in self._ends_unknown.items()]

    def _take(self, alike: list[PriceFact]) -> None:
        """Of the prices that hold on the day, those that began last."""
        holding = [row for row in alike if self._holds(row)]
        if not holding:
            return
        last = max(first_day(row) or date.min for row in holding)
        newest = [row for row in holding if (first_day(row) or date.min) == last]
        chosen = choose(newest, newest[0].brand, self._grades, lambda row: 0)
        for row in chosen.rows:
            self.figures.append(price_figure(row))
            self._note(row)
        self.passed += [PassedOver(price_figure(row), reason) for row, reason in chosen.passed_over]

    def _holds(self, row: PriceFact) -> bool:
        start, out = first_day(row), out_day(row)
        if self._day is None:
            return True
        if start is None:
            listed = self._listed(row)
            return listed is not None and listed <= self._day
        return start <= self._day and (out is None or self._day < out)

    def _listed(self, row: PriceFact) -> date | None:
        """When a price without a first day was listed: when its sources were published."""
        days = [source.published.days[0] for source in self._store.sources(row.sources) if source.published]
        return min(days, default=None)

    def _note(self, row: PriceFact) -> None:
        start, out = first_day(row), out_day(row)
        if start is None:
            listed = self._listed(row)
            self.notes.append(SinceUnknown(subject(row), listed.isoformat() if listed else None))
        elif row.valid_from and row.valid_from.days[0] != row.valid_from.days[1] and self._day and self._day <= row.valid_from.days[1]:
            self.notes.append(DayUnknown(row.id, subject(row), row.valid_from.text))
        if out is None and start is not None:
            self._ends_unknown.setdefault(row.valid_from.text if row.valid_from else None, []).append(subject(row))
        if self._day is None and out is not None and row.valid_to:
            self.notes.append(Ended(subject(row), row.valid_to.text))


def _nothing(name: str, question: PricesShow, rows: list[PriceFact]) -> tuple[str, str]:
    what = f"{name} {question.trim}" if question.trim else name
    when = f" on {question.on.text}" if question.on else ""
    dated = sorted((row for row in rows if first_day(row)), key=lambda row: first_day(row) or FAR)
    if not dated:
        return f"the facts hold no list price of {what}", "its offers and moves may be in /prices changes"
    spans = [f"{row.valid_from.text} to {row.valid_to.text if row.valid_to else 'an unknown day'}" for row in dated if row.valid_from]
    return f"the facts hold no price of {what}{when}", "they hold prices from " + ", ".join(dict.fromkeys(spans[:5]))
