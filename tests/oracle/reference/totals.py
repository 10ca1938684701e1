"""/orders total: how many there were, at a moment or up to the latest report."""

from __future__ import annotations

from fractions import Fraction

from .asked import launch_of, moment_of
from .beside import contradictions, fallen_never_leads, is_exact, rate_above_1, unstated_figures
from .counts import Book, Count, Point, counts
from .derived import LEADS_TO, computed, rates, span_of, store_counts, stores_at, told_at
from .expectation import FILLED, Among, Answer, Expectation, NoOpinion, figure
from .lines import Line
from .numbers import Range, exactly, inside, meet, shown
from .parts import shown_parts, sums_of_parts
from .standing import chosen
from .tables import Pack
from .words import number_words


def expect_total(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    book = Book(pack, launch_of(pack, line))
    moment = moment_of(line, book)
    metric = line.get("metric")
    if metric is not None and not book.pack.knows_metric(metric):
        found.exits("2: a metric that there is not", 2)
        return found
    if metric is None:
        for one in book.pack.count_metrics():
            found.part(lambda one=one: _metric(found, book, one, moment, False))  # type: ignore[misc]
        found.part(lambda: contradictions(found, book, moment))
    elif _has_nothing(found, book, metric):
        return found
    elif metric in ("sales_stores", "display_stores", "cities"):
        found.part(lambda: _stores(found, book, metric, moment))
    else:
        found.part(lambda: _metric(found, book, metric, moment, True))
    found.part(lambda: unstated_figures(found, book, metric, moment))
    found.part(lambda: fallen_never_leads(found, book))
    return found


def _has_nothing(found: Expectation, book: Book, metric: str) -> bool:
    """Whether no row tells the metric: exit 3, or cannot tell where an identity leads to it (8.18)."""
    rows = [c.row for c in book.every(metric)] + [c.row for c in book.all if metric in c.row["could_be"].split(";")]
    rows += [c.row for c in store_counts(book, metric, counting_only=False)]
    if metric == "unstated":
        raise NoOpinion("5: unstated is not a metric to ask for")
    if rows:
        return False
    if metric not in LEADS_TO:
        found.exits("8.18: no row, and no identity leads to the metric", 3)
        return True
    found.exits("8.18: an identity leads to the metric: an answer, or cannot tell", 0)
    if not any(c.row["metric"] in LEADS_TO for c in book.all) and not store_counts(
        book, "sales_stores", counting_only=False
    ):
        found.top("8.18: an identity without any operand cannot tell", "verdict", "cannot tell")
        return True
    return False


def _metric(found: Expectation, book: Book, metric: str, moment: int | None, is_asked: bool) -> None:
    found.part(lambda: shown_parts(found, book, metric, moment))
    found.part(lambda: sums_of_parts(found, book, metric, moment))
    if book.pack.metric_kinds.get(metric) in ("gauge", "peak"):
        _gauge(found, book, metric, moment)
        return
    if not book.is_count(metric):
        _rate(found, book, metric, moment)
        return
    if any(count.row["counting"] == "new" for count in book.of(metric)):
        if book.series(metric):
            raise NoOpinion("2: a metric with cumulative and new counts")
        _sum(found, book, metric, moment, is_asked)
        return
    points = book.points(book.main(metric))
    if moment is None:
        _latest(found, book, metric, points, is_asked)
    else:
        _at_moment(found, book, metric, points, moment, is_asked)


def _gauge(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    """8.17: a gauge or a peak is told at its own moment, and brackets nothing."""
    if moment is None:
        raise NoOpinion("8.17: a gauge without a moment")
    point = book.at(book.points([c for c in book.of(metric) if c.row["counting"] != "new"]), moment)
    if point is not None:
        shown_by_value(
            found, point, metric, "6: what is reported at the moment by who counts most is shown; all that tie"
        )

    def test(answer: Answer) -> str | None:
        own = [f for f in answer.figures if f.get("name") == metric and str(f.get("id", "")).startswith("bracket")]
        return "it is bracketed" if own else None

    found.custom("8.17: only a gross count brackets", test, f"no bracket of {metric}")


def _at_moment(found: Expectation, book: Book, metric: str, points: list[Point], moment: int, is_asked: bool) -> None:
    start = book.first_start(metric)
    if metric == "deliveries" and start is not None and moment < start:
        counted = [c for c in book.all if c.row["metric"] == metric and counts(book.pack, c.row) and c.range.low]
        if any(c.start is None or c.start.earliest < start for c in counted):
            raise NoOpinion("8.1: a part counted before the first start of the whole")
        found.has("8.1: deliveries are 0 before their first start", figure(exactly(0), name=metric))
        if is_asked:
            found.headline("8.13: 0 is a figure, and is said", r"(?<![\d,.])0(?![\d,.%])")
        return
    if book.opening_instant is not None and moment < book.opening_instant:
        raise NoOpinion("3: a moment before the opening")
    point = book.at(points, moment)
    if point is not None:
        _told(found, book, metric, point, is_asked)
    elif any(not count.is_net for p in points for count in p.winners):
        bracket = book.bracket(points, moment)
        if bracket != Range(Fraction(0), None) and not computed(book, metric, moment):  # which says more
            found.has(
                "8.18, 3: a moment nobody reported is bracketed by the series since the opening",
                figure(bracket, name=metric),
            )
        found.exits("3: a bracket is an answer", 0)
        _caveat(found, points, metric)
        _no_other_bound(found, book, metric, bracket)
    found.part(lambda: _computed(found, book, metric, moment, point))


def _caveat(found: Expectation, points: list[Point], metric: str) -> None:
    if all(count.row["gross"] not in ("yes", "no") for point in points for count in point.winners):

        def test(answer: Answer) -> str | None:
            own = (fig for fig in answer.figures if fig.get("name") == metric)
            is_told = any(fig.get("id") == f"bracket-{metric.replace('_', '-')}" for fig in own)
            return None if answer.json.get("caveats") or not is_told else "no caveat"

        found.custom("3, 8.18: a caveat where counts are not known to be gross", test, "a caveat")


def _no_other_bound(found: Expectation, book: Book, metric: str, bracket: Range) -> None:
    """A bracket that is tighter than what the series says has been bounded by what may not bound."""

    def test(answer: Answer) -> str | None:
        for fig in answer.figures:
            if str(fig.get("id", "")).startswith("bracket") and fig.get("name") == metric:
                low, high = (None if fig.get(k) is None else Fraction(str(fig[k])) for k in ("low", "high"))
                if not inside(bracket, Range(low, high)):
                    return f"a bracket {shown(Range(low, high))}"
        return None

    found.custom("8.1, 8.6, 8.18: a bracket is bounded only by what counts in the series", test, shown(bracket))


def _told(found: Expectation, book: Book, metric: str, point: Point, is_asked: bool) -> None:
    shown_by_value(found, point, metric, "6: what is reported at the moment by who counts most is shown; all that tie")
    found.exits("3: a report is an answer", 0)
    if is_asked and all(count.range.is_single for count in point.winners):
        for count in point.winners:
            found.headline(
                "8.14: the headline says the figure that counts; all that tie", number_words(count.range, metric)
            )
    singles = [count.range for count in point.winners]
    if is_asked and len(singles) == 2 and all(s.is_single for s in singles) and is_exact(point) and not meet(*singles):
        found.top(
            "4, case 12: two reports that count equally and do not meet disagree", "verdict", "disagrees", "partly"
        )
    _listed(found, book.passed_at(metric, point.end) if point.end.is_instant else [])
    if (
        is_asked
        and len(point.winners) == 1
        and len([c for c in book.all if c.end is not None and c.end.overlaps(point.end)]) == 1
    ):
        found.part(lambda: _no_verdict(found, book, metric, point))


def _no_verdict(found: Expectation, book: Book, metric: str, point: Point) -> None:
    """A report that nothing bears on has no verdict (case 01)."""
    if not point.end.is_instant or not book.is_count(metric) or _has_unstated(book, metric, point.end.earliest):
        return
    points = book.points(book.main(metric))
    if len({count.is_net for one in points for count in one.winners}) > 1:
        raise NoOpinion("8.18: gross and net counts, of different moments")
    book.bracket(points, point.end.earliest)
    if not computed(book, metric, point.end.earliest):
        found.top("4, case 01: where nothing agrees or disagrees there is no verdict", "verdict", None)


def shown_by_value(found: Expectation, point: Point, metric: str, why: str) -> None:
    """Each value that the winners tell is shown, under the id of one that tells it."""
    by_value: dict[Range, list[str]] = {}
    for count in point.winners:
        by_value.setdefault(count.range, []).append(count.id)
    for range_, ids in by_value.items():
        found.has(why, figure(range_, name=metric, id=Among(tuple(ids))))


def _listed(found: Expectation, ids: list[str]) -> None:
    if not ids:
        return

    def test(answer: Answer) -> str | None:
        seen = {str(f.get("id")) for f in answer.figures} | {
            str(p.get("id")) for p in answer.json.get("passed_over", ())
        }
        missing = [id for id in ids if id not in seen]
        return f"{', '.join(missing)} neither shown nor passed over" if missing else None

    found.custom("6: the facts passed over are listed with the answer", test, ", ".join(ids))


def _computed(found: Expectation, book: Book, metric: str, moment: int, point: Point | None) -> None:
    results = computed(book, metric, moment)
    for range_ in results:
        found.has("4 (DESIGN): derived from the identities, beside what is reported", figure(range_, name=metric))
    if len(results) != 1 or point is None or len(point.winners) != 1 or not is_exact(point):
        return
    told = point.winners[0].range
    others = [c for c in book.every(metric) if c.end == point.end and c is not point.winners[0]]
    if others or _has_unstated(book, metric, moment) or results[0].low is None or results[0].high is None:
        return
    if inside(told, results[0]) or inside(results[0], told):
        found.top("4: a report inside the computed range agrees", "verdict", "agrees", "partly")
    elif not meet(told, results[0]):
        found.top("4: a report that the computed range does not meet disagrees", "verdict", "disagrees", "partly")


def _has_unstated(book: Book, metric: str, moment: int) -> bool:
    return any(metric in count.row["could_be"].split(";") for count in book.every("unstated"))


def _latest(found: Expectation, book: Book, metric: str, points: list[Point], is_asked: bool) -> None:
    if points:
        last = points[-1]
        if any(point.end.overlaps(last.end) for point in points[:-1]):
            raise NoOpinion("2: which count is the latest cannot be told")
        _told(found, book, metric, last, is_asked)
        if not any(book.pack.is_maker(count.row, book.launch.brand) for count in last.winners):
            _makers_earlier(found, book, metric, points[:-1])
    for series in book.later(metric).values():
        for count in book.points(series)[-1].winners:
            why = "8.1: a series that starts later is another figure and says its start"
            found.has(why, figure(count.range, name=metric, series_from=FILLED))
            if (
                is_asked
                and points
                and count.range.is_single
                and all(w.range.low != count.range.low for w in points[-1].winners)
            ):
                said = number_words(count.range, metric)
                found.headline(
                    "8.1: the total is the series since its opening", f"{said}(?!.*(since|from))", absent=True
                )


def _makers_earlier(found: Expectation, book: Book, metric: str, points: list[Point]) -> None:
    for point in reversed(points):
        makers = [count for count in point.winners if book.pack.is_maker(count.row, book.launch.brand)]
        if makers:
            found.has(
                "2: an earlier count by the maker is shown beside the latest", figure(makers[0].range, name=metric)
            )
            return


def _sum(found: Expectation, book: Book, metric: str, moment: int | None, is_asked: bool) -> None:
    chain = book.chain(metric)
    start = book.first_start(metric)
    if not chain:
        return
    if metric != "deliveries" and book.opening is not None and start is not None and start > book.opening.latest:
        raise NoOpinion("8.1: a sum that starts after the opening")
    if moment is None:
        total = chain[-1][1]
    elif any(end == span_of(moment) for end, _, _ in chain):
        total = next(sum_ for end, sum_, _ in chain if end == span_of(moment))
    elif metric == "deliveries" and start is not None and moment < start and is_asked:
        found.has("8.1: deliveries are 0 before their first start", figure(exactly(0), name=metric))
        return
    else:
        raise NoOpinion("3: a moment inside a chain of new counts")
    found.has("case 07: new counts whose periods chain are summed, each by who counts most", figure(total, name=metric))
    found.exits("3: a sum is an answer", 0)
    if is_asked and total.is_single:
        found.headline("8.14: the headline says the sum", number_words(total, metric))


def _rate(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    some = [count for count in rates(book, metric) if not count.range.is_unknown]
    if moment is None:
        _best_rate(found, book, metric, some)
        return
    point = told_at(book, metric, moment)
    if point is not None:
        _told(found, book, metric, point, True)
    elif metric == "lock_in_rate":
        found.part(lambda: rate_above_1(found, book, moment))
    found.part(lambda: _computed(found, book, metric, moment, point))


def _best_rate(found: Expectation, book: Book, metric: str, some: list[Count]) -> None:
    """8.18: rates without a moment: the order of section 6, then the latest."""
    best, _ = chosen(book.pack, some, book.launch.brand, lambda count: count.row)
    points = book.points(best)
    if not points:
        return
    if any(point.end.overlaps(points[-1].end) for point in points[:-1]):
        raise NoOpinion("8.18: which rate is the latest cannot be told")
    for count in points[-1].winners:
        found.has("8.18: rates without a moment: by section 6, then the latest", figure(count.range, name=metric))
    if len(points[-1].winners) == 1 and points[-1].winners[0].range.is_single:
        why = "8.13, 8.14: the headline says the rate that counts, not rounded to 0 or 100 %"
        found.headline(why, number_words(points[-1].winners[0].range, metric))


def _stores(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    for count in stores_at(book, moment, metric):
        found.has("8.18: store counts by section 6, then the nearest or latest", figure(count.range, name=metric))
