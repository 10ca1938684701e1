"""Whether the facts are enough to call what a message says as reported, or contradicted.

As reported: of a count, a report of that moment from the opening on; of a price, a day of which it is settled
(``settled_prices``); of a move, one of just that size.

Contradicted, besides: of a count, in the first year and not where it is on record at another moment, or so far away
that it is of something else; of a price, if no trim that is meant ever had it; of a move, of one trim on one day;
of neither in euros, as another country may have other prices; of what came first, if both are openings of
launches, as anything else may have happened twice. What is told may be rounded or cut short, and "over" may be said of
what was just reached. Raises ``QuestionError`` where there are more rows than are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from re import findall

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.asking.messages.settled_prices import is_settled, was_ever
from salesbot.asking.messages.stated_lines import Expected
from salesbot.query import ask
from salesbot.query.claims.expectation import LEVEL_CHANGES, figures_asked
from salesbot.questions.question import OrdersTotal, PricesChanges, PricesShow, Question, TimelineCheck
from salesbot.storage.snapshot import MOST_ROWS, Snapshot, sql
from salesbot.values.moment import StatedTime, cell_time

OPENED = sql("select announced, opened from launches where id = :id")
ON_RECORD = sql(
    "select low, high, period_from, counting from orders where launch = :launch and metric = :metric"
    f" limit {MOST_ROWS + 1}"
)
EVENTS = sql(
    "select id, at, exists (select 1 from launches where events.at in (announced, opened))"
    " from events where id in (:first, :second) limit 2",
    scans="launches",
)
FIRST_YEAR = timedelta(days=365)
FRESH = timedelta(days=31)  # of an event, whose name still means it and no later one
YEAR_IS_PLAIN = timedelta(days=92)  # of a day told without its year, not longer ago than this
NEXT_DAY = timedelta(days=1)  # of a message that knows how a day ended
FAR = 10  # times as much, or as little, is the number of something else
NEAR = Fraction(1, 40)  # of a figure: told so closely, it is that figure
WIDEST_ABOUT = Fraction(111, 100)  # between the ends of what "about" stands for; what is wider is told as a range
SHARED = frozenset({"EUR"})  # currencies of several countries, of which others may have other prices


class Told(Struct, frozen=True):
    """What a message says of a number: the ends of it, and ``>=`` or ``<=`` where it says a bound."""

    low: Fraction
    high: Fraction
    sign: str

    @classmethod
    def of(cls, expects: str) -> Told | None:
        """What an expectation says; ``None`` where it names no number."""
        numbers = [
            Fraction(number) / (100 if "%" in expects else 1) for number in findall(r"[0-9]+(?:\.[0-9]+)?", expects)
        ]
        return cls(min(numbers), max(numbers), expects[:2] if expects[0] in "<>" else "") if numbers else None

    @property
    def step(self) -> Fraction:
        """What one of its last digit stands for: 100 in 88,900, and in more than that."""
        said = self.low - 1 if self.sign == ">=" else self.high + 1 if self.sign == "<=" else self.low
        return max(_last_digit(self.low), _last_digit(said), self.high - self.low)

    def may_be(self, low: Fraction | None, high: Fraction | None) -> bool:
        """Whether a number between two may be meant."""
        if self.sign == ">=":
            return high is None or high >= self.low - self.step
        if self.sign == "<=":
            return low is None or low <= self.high + self.step
        return (high is None or high >= self.low - self.step / 2) and (low is None or low < self.high + self.step)

    def is_near(self, low: Fraction | None, high: Fraction | None) -> bool:
        """Whether the middle of a number's ends lies as near as where both are told of the same."""
        if low is None or high is None:
            return False
        return abs((self.low + self.high) / 2 - (low + high) / 2) <= low * NEAR

    def is_of_size(self, low: Fraction | None, high: Fraction | None) -> bool:
        """Whether a number between two is as large, more or less: if not, something else is told of."""
        return low is not None and high is not None and low / FAR <= self.high and self.low <= high * FAR


def _last_digit(number: Fraction) -> Fraction:
    step = Fraction(1, 100) if number < 1 else Fraction(1)
    while number and number % (step * 10) == 0:
        step *= 10
    return step


class Reading(Struct, frozen=True):
    """A reading of a statement with its question and answer, and the day of the message."""

    expected: Expected
    question: Question
    answer: Answer
    posted: date | None
    snapshot: Snapshot

    @property
    def told(self) -> Told | None:
        """What is told of the number."""
        return Told.of(self.expected.expects)


def is_sure_as_reported(one: Reading) -> bool:
    """Whether what agrees with the facts is what somebody has reported."""
    match one.question:
        case OrdersTotal() as question:
            is_rounded = one.told is not None and (one.told.low != one.told.high or bool(one.told.sign))
            is_of_then = _moment(question) is not None or not is_rounded or _is_of_first_year(one, question)
            return (
                is_of_then
                and not _is_too_early(one, question)
                and any(_is_the_report(figure, one.told) for figure in _reports(one, question))
            )
        case PricesShow(on=on) as question if on is not None:
            is_just_under = any(_is_just_under(figure, one.told) for figure in figures_asked(one.answer))
            is_known = is_settled(question, one.snapshot, on.days[0], of_any=True)
            return is_known and not is_just_under and not _is_to_come(on, one.posted)
        case PricesChanges(since=since) as question:
            return not _is_to_come(since, one.posted) and (one.told is None or _moved_by(one, question, one.told.low))
        case TimelineCheck() as question:
            return _are_of_last(FIRST_YEAR, one, question)
    return False


def is_sure_contradicted(one: Reading) -> bool:
    """Whether what disagrees with the facts cannot be so all the same."""
    match one.question:
        case OrdersTotal() as question:
            return _is_wrong_count(one, question)
        case PricesShow(on=on) if on is not None:
            is_of_then = one.expected.of == "least"  # and no other price can be the one that it started at
            return not _is_to_come(on, one.posted) and is_wrong_price(one, on.days[0], is_of_then=is_of_then)
        case PricesChanges() as question:
            return _is_wrong_move(one, question)
        case TimelineCheck() as question:
            return _is_wrong_order(one, question)
    return False


def _is_wrong_order(one: Reading, question: TimelineCheck) -> bool:
    """Whether what came first cannot have come after: an opening, or something just now told to answer one."""
    openings = {id for id, _, is_opening in _events(one, question) if is_opening}
    if one.expected.expects == "a response":
        return question.second in openings and _are_of_last(FRESH, one, question)
    return openings == {question.first, question.second} and _are_of_last(FIRST_YEAR, one, question)


def _events(one: Reading, question: TimelineCheck) -> list[tuple[str, str, int]]:
    return one.snapshot.values(EVENTS, first=question.first, second=question.second)


def _are_of_last(span: timedelta, one: Reading, question: TimelineCheck) -> bool:
    """Whether both events lie so shortly before the message that their names mean no others."""
    days = [cell_time(at).days[0] for _, at, _ in _events(one, question)]
    return one.posted is None or all(day <= one.posted <= day + span for day in days)


def is_wrong_price(one: Reading, day: date, *, is_of_then: bool = False) -> bool:
    """Whether a price is another one on a day than is told, and was never that, unless only that day is meant."""
    told, of_any = one.told, one.expected.of in ("least", "all")
    if told is None or not is_settled(one.question, one.snapshot, day, of_any=of_any):
        return False
    figures = figures_asked(one.answer)
    meant = least_prices(figures) if one.expected.of == "least" else figures
    known = [(figure.quantity.low, figure.quantity.high) for figure in meant]
    if any(told.may_be(*ends) for ends in known) or any(figure.quantity.unit in SHARED for figure in figures):
        return False
    return is_of_then or bool(told.sign) or not was_ever(one.question, one.snapshot, told.low, told.high)


def least_prices(figures: list[Figure]) -> list[Figure]:
    """The lowest price of each currency, by its greatest value; of list prices where there are any."""
    figures = [one for one in figures if one.name == "list"] or figures
    found: dict[str, Figure] = {}
    for one in figures:
        high = one.quantity.high
        if high is not None and (
            one.quantity.unit not in found or high < (found[one.quantity.unit].quantity.high or 0)
        ):
            found[one.quantity.unit] = one
    return list(found.values())


def _is_wrong_count(one: Reading, question: OrdersTotal) -> bool:
    told, reports = one.told, [(figure.quantity.low, figure.quantity.high) for figure in _reports(one, question)]
    if told is None or not reports or (question.metric or "").endswith("_rate"):  # of whatever it is a share
        return False
    if (
        _is_too_early(one, question, NEXT_DAY)
        or _is_year_unsure(one, _moment(question))
        or not _is_of_first_year(one, question)
    ):
        return False
    if any(told.may_be(*ends) or told.is_near(*ends) for ends in reports):
        return False
    if not any(told.is_of_size(*ends) for ends in reports):
        return False
    if question.metric == "orders":  # locked orders are orders as well
        locked = figures_asked(ask(replace(question, metric="locked_orders"), one.snapshot))
        if any(told.may_be(figure.quantity.low, figure.quantity.high) for figure in locked if figure.role == "report"):
            return False
    if question.during is not None:
        return not told.sign and not _may_be_counted_by(question.during, told, one, question)
    is_counted_from_then = question.at is None or bool(told.sign)  # a count by a day may be that of its month
    return is_counted_from_then or not _is_on_record(told, _rows(one, question))


def _may_be_counted_by(period: StatedTime, told: Told, one: Reading, question: OrdersTotal) -> bool:
    """Whether a number told of a period may be that of all until its end, or was reported of what began in it."""
    first, last = period.days
    by_then = figures_asked(ask(replace(question, during=None, at=cell_time(last.isoformat())), one.snapshot))
    known = (figure.quantity for figure in by_then if figure.role != "bracket")
    begun = [row for row in _rows(one, question) if row[2] and first <= cell_time(row[2]).days[0] <= last]
    return any(told.may_be(figure.low, figure.high) for figure in known) or _is_on_record(told, begun)


def is_of_a_period(question: Question) -> bool:
    """Whether a question asks for the count of a period alone."""
    return isinstance(question, OrdersTotal) and question.during is not None


def _moment(question: OrdersTotal) -> StatedTime | int | None:
    return question.at if question.during is None else question.during


def _is_wrong_move(one: Reading, question: PricesChanges) -> bool:
    since, told = question.since, one.told
    if question.trim is None or since is None or since != question.until or not since.is_day:
        return False  # the facts need not hold every trim of a model
    if _is_to_come(since, one.posted, NEXT_DAY) or _is_year_unsure(one, since):
        return False
    moves = _moves(one)
    if not moves or any(figure.quantity.unit in SHARED for figure in moves):
        return False
    if told is None:
        return True
    return bool(one.expected.currency) and not any(told.may_be(*_size(figure)) for figure in moves)


def _reports(one: Reading, question: OrdersTotal) -> Iterator[Figure]:
    """The reports of a count from the first one's start on: none of a week, and none that is worked out."""
    begun = [(counting != "cumulative", begins) for _, _, begins, counting in _rows(one, question) if begins]
    _, first = min(begun, default=(True, ""))  # the first start of a total, else of a period
    for figure in figures_asked(one.answer):
        is_whole = figure.series_from is None or figure.series_from.text <= first
        if figure.role == "report" and figure.status in ("reported", "revised") and is_whole:
            yield figure


def _rows(one: Reading, question: OrdersTotal) -> list[tuple[str | None, ...]]:
    return one.snapshot.values(ON_RECORD, launch=question.launch, metric=question.metric)


def _is_on_record(told: Told, rows: list[tuple[str | None, ...]]) -> bool:
    return any(told.may_be(Fraction(end), Fraction(end)) for low, high, *_ in rows for end in (low, high) if end)


def _is_the_report(figure: Figure, told: Told | None) -> bool:
    low, high = figure.quantity.low, figure.quantity.high
    if told is None or low is None or high is None or high - low > low * NEAR:
        return False
    if _is_just_under(figure, told):
        return False
    is_range = told.high > told.low * WIDEST_ABOUT
    return bool(told.sign) or is_range or told.is_near(low, high)


def _is_just_under(figure: Figure, told: Told | None) -> bool:
    """Whether a figure is just the number that it is told to come near to."""
    return told is not None and told.low < told.high == figure.quantity.low == figure.quantity.high


def _size(figure: Figure) -> tuple[Fraction | None, Fraction | None]:
    """The ends of a move, whichever way; ``None`` for an open one."""
    ends = (figure.quantity.low, figure.quantity.high)
    known = [abs(end) for end in ends if end is not None]
    return (min(known), max(known)) if len(known) == len(ends) else (None, None)


def _moves(one: Reading) -> list[Figure]:
    """The moves of list prices on record: no net of several, and no offer."""
    changed = (figure for figure in one.answer.figures if figure.change is not None)
    return [figure for figure in changed if figure.change and figure.change.kind in LEVEL_CHANGES]


def _moved_by(one: Reading, question: PricesChanges, told: Fraction) -> bool:
    """Whether a move of just that size is on record, of each trim that moved, and no range that holds it."""
    are_meant = [_size(figure) == (told, told) for figure in _moves(one)]
    return bool(are_meant) and (all(are_meant) if question.model else any(are_meant))


def _is_to_come(at: StatedTime | int | None, posted: date | None, late: timedelta = timedelta(0)) -> bool:
    return isinstance(at, StatedTime) and posted is not None and at.days[0] + late > posted


def _is_year_unsure(one: Reading, at: StatedTime | int | None) -> bool:
    if not one.expected.has_guessed_year or not isinstance(at, StatedTime):
        return False
    return one.posted is None or one.posted - at.days[0] > YEAR_IS_PLAIN


def _opened(one: Reading, question: OrdersTotal) -> date | None:
    ((announced, opened),) = one.snapshot.values(OPENED, id=question.launch) or ((None, None),)
    text = opened or announced
    return cell_time(text).days[0] if text else None


def _is_too_early(one: Reading, question: OrdersTotal, late: timedelta = timedelta(0)) -> bool:
    """Whether a message is older than the end of what it speaks of, or no later than ``late`` after it."""
    opened, since = _opened(one, question), question.within or (question.at if isinstance(question.at, int) else 0)
    is_early = opened is not None and one.posted is not None and one.posted < opened + timedelta(seconds=since) + late
    moment = _moment(question)
    is_running = isinstance(moment, StatedTime) and one.posted is not None and moment.days[1] + late > one.posted
    return is_early or is_running


def _is_of_first_year(one: Reading, question: OrdersTotal) -> bool:
    """Whether a message, or the moment that it names, is of the first year: later ones may be of a new generation."""
    opened = _opened(one, question)
    moment = _moment(question)
    day = moment.days[0] if isinstance(moment, StatedTime) else one.posted
    return opened is not None and (day is None or day - opened <= FIRST_YEAR)
