"""Which store count holds at a moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Figure, PassedOver, Reason
from salesbot.answers.notes import Note, StoresOfBrand, StoresOutsideSpan
from salesbot.query.orders.launch_facts import LaunchFacts, StoreReport
from salesbot.query.orders.reports import store_figure
from salesbot.query.precedence import Chosen
from salesbot.values.moment import Moment


class StoresInForce(Struct, frozen=True):
    """The store counts of one metric that count at a moment, those of parts, and what must be said of them."""

    figures: tuple[Figure, ...]
    parts: tuple[Figure, ...]
    passed_over: tuple[PassedOver, ...]
    notes: tuple[Note, ...]


def stores_in_force(metric: str, at: Moment | None, facts: LaunchFacts) -> StoresInForce:
    """The counts for the launch by the written order, else those of its brand as a whole.

    Without a moment the order decides, then the latest. A count outside its span is used as the nearest, which is said;
    one of the brand counts before it where that is nearer.
    """
    of_launch = facts.stores_of_launch(metric)
    chosen = _chosen([report for report in of_launch if report.is_of_all], at, facts)
    notes: list[Note] = []
    of_brand = [report for report in facts.stores_of_brand(metric) if report.is_of_all]
    if not chosen.rows or (at is not None and of_brand):
        nearest = _nearest(of_brand, at, facts)
        if not chosen.rows or _is_nearer(nearest, chosen, at):
            passed = [*chosen.passed_over, *((report, "farther in time") for report in chosen.rows)]
            chosen = replace(nearest, passed_over=(*nearest.passed_over, *passed))
            notes += [StoresOfBrand(report.id) for report in chosen.rows]
    if at is not None:
        outside = (report for report in chosen.rows if _distance(at, report))
        notes += [StoresOutsideSpan(r.id, r.row.valid_from, r.row.valid_to, at) for r in outside]
    told = {report.of_what for report in of_launch if facts.precedence.why_not(report) is None}
    of_brand_alone = [report for report in facts.stores_of_brand(metric) if report.of_what not in told]
    parts, passed = _parts([*of_launch, *of_brand_alone], at, facts)
    passed = [*chosen.passed_over, *passed]
    return StoresInForce(
        tuple(store_figure(report, facts, at) for report in chosen.rows),
        tuple(store_figure(report, facts, at) for report in parts),
        tuple(PassedOver(store_figure(report, facts, None), reason) for report, reason in passed),
        tuple(notes),
    )


def _chosen(reports: list[StoreReport], at: Moment | None, facts: LaunchFacts) -> Chosen[StoreReport]:
    return facts.precedence.choose(reports, _how_old if at is None else partial(_distance, at))


def _is_nearer(of_brand: Chosen[StoreReport], of_launch: Chosen[StoreReport], at: Moment | None) -> bool:
    """Whether the brand's counts are nearer to a moment than the launch's, which are outside their span."""
    if at is None or not of_brand.rows:
        return False
    own = min(_distance(at, report) for report in of_launch.rows)
    return own > min(_distance(at, report, is_level=True) for report in of_brand.rows)


def _parts(
    reports: list[StoreReport], at: Moment | None, facts: LaunchFacts
) -> tuple[list[StoreReport], list[tuple[StoreReport, Reason]]]:
    """The count that counts of each part of the market, variant and channel."""
    by_part: dict[tuple[str | None, ...], list[StoreReport]] = {}
    for report in reports:
        if not report.is_of_all:
            by_part.setdefault(report.of_what, []).append(report)
    chosen = [_chosen(of_part, at, facts) for of_part in by_part.values()]
    return [row for one in chosen for row in one.rows], [passed for one in chosen for passed in one.passed_over]


def _nearest(reports: list[StoreReport], at: Moment | None, facts: LaunchFacts) -> Chosen[StoreReport]:
    """The counts of the brand as a whole that are nearest to the moment, else the latest.

    One of another day is another fact, so time comes before the written order: 87 stores in one year are no better
    known than 370 in the next.
    """
    standing = [report for report in reports if facts.precedence.why_not(report) is None]
    if not standing:
        return facts.precedence.choose(reports)
    distance: Callable[[StoreReport], int] = _how_old if at is None else partial(_distance, at, is_level=True)
    least = min(map(distance, standing))
    near = [report for report in reports if report not in standing or distance(report) == least]
    far: list[tuple[StoreReport, Reason]] = [(r, "farther in time") for r in standing if distance(r) != least]
    chosen = facts.precedence.choose(near)
    return replace(chosen, passed_over=(*chosen.passed_over, *far))


def _how_old(report: StoreReport) -> int:
    """A key that is least for the latest count."""
    return 0 if report.start is None else -report.start


def _distance(at: Moment, report: StoreReport, *, is_level: bool = False) -> int:
    """Seconds between a moment and the span of a count; 0 inside it. A level without an end is known of its day alone.

    A moment asked as a day is the day's end, so the day's last second is what counts.
    """
    inside = 0 if at.stated.end.is_clock else 1
    earliest, latest = at.earliest - inside, at.latest - inside
    end = report.end if report.end is not None else report.start if is_level else None
    if report.start is not None and latest < report.start:
        return report.start - latest
    return earliest - end + 1 if end is not None and earliest >= end else 0
