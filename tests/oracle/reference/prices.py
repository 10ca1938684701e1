"""/prices show, history and compare: what a model cost, on a day, over time, beside another."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from .expectation import Among, Answer, Between, Expectation, NoOpinion, Same, figure
from .levels import DAY, FOREVER, OFFERS, Held, Key, Series, levels
from .lines import Line
from .naming import place_key
from .numbers import Range, shown
from .price_asked import Asked
from .progress import compared_or_refused
from .standing import counts
from .tables import Pack
from .timeline import window_days
from .words import number_words


def price_fields(key: Key, range_: Range, **more: Any) -> dict[str, Any]:
    """The fields of a price figure; a price known only from above may have no low, or 0."""
    between = Between(range_, (0,) if range_.low is None else ())
    fields = {"name": key.type, "between": between, "unit": key.currency, "region": Same(key.region, place_key)}
    return fields | ({"channel": key.channel} if key.channel else {}) | more


def day_of(line: Line) -> date | None:
    text = line.get("on")
    if text is None:
        return None
    first, last = window_days(text, False), window_days(text, True)
    if first != last:
        raise NoOpinion("2: prices on a month or year")
    return first


def expect_show(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    asked = Asked(pack, line, found, line.options["model"])
    day = day_of(line)
    held: dict[Key, Held] = {}
    for key, series in asked.series.items():
        found.part(lambda key=key, series=series: _held(found, held, key, series, day))  # type: ignore[misc]
    shown_ids = {row.id for one in held.values() for row in one.step.winners}
    if day is not None:
        _nothing_stale(found, asked, shown_ids, day)
        found.part(lambda: _offers(found, asked, day))
    _fallen(found, asked)
    if any(one.range is not None or _was_known(asked.series[key], one) for key, one in held.items()):
        found.exits("8.4: a price, or its unknown level, is an answer", 0)
    elif not held and not found.unsure and not asked.brand_wide:
        found.exits("3: no price on the day", 0, 3)
    _only_region(found, asked)
    _home_first(found, asked, {key.region for key, one in held.items() if one.range is not None})
    return found


def _held(found: Expectation, held: dict[Key, Held], key: Key, series: Series, day: date | None) -> None:
    when = day or FOREVER
    if series.may_change(when):
        raise NoOpinion("8.18: inside the month that a price is from, it may hold")
    one = series.on(when)
    if one is None:
        return
    held[key] = one
    if one.range is None:
        _last_known(found, series, one)
        return
    why = (
        "8.4: the level after a change without one, computed"
        if one.is_computed
        else "8.3, 8.4: the price that holds on the day"
    )
    if (
        len(series.steps)
        and one.step.end is None
        and any(s.sure > one.step.sure and s.end is not None and s.end <= when for s in series.steps)
    ):
        why = "8.4: after a limited price ends the standing price returns"
    if one.range.low is None:
        why = "8.4: a price known only from above is at most"
    found.has(why, price_fields(key, one.range))


def _last_known(found: Expectation, series: Series, held: Held) -> None:
    """8.4: after a change of unknown size the last known level is said with its last day."""
    before = series.on(held.step.sure - DAY)
    if before is None or before.range is None or not before.range.is_single or not held.step.is_exact_day:
        return
    words, last = re.compile(number_words(before.range, "price")), held.step.sure

    def test(answer: Answer) -> str | None:
        texts = [
            answer.headline,
            *map(str, answer.json.get("caveats") or ()),
            *map(str, answer.json.get("missing") or ()),
        ]
        is_figure = any(
            f.get("valid_to") == last.isoformat() and words.search(f"{f.get('low')}") for f in answer.figures
        )
        return None if is_figure or any(words.search(text) for text in texts) else "it is not said"

    found.custom(
        "8.4: of an unknown level the last known one is said, with its last day",
        test,
        f"{shown(before.range)} until {last}",
    )


def _was_known(series: Series, held: Held) -> bool:
    """Whether a level was known before the change that hides it."""
    return any(row.has_level for step in series.steps if step.sure < held.step.sure for row in step.winners)


def _nothing_stale(found: Expectation, asked: Asked, shown_ids: set[str], day: date) -> None:
    """No level that does not hold on the day is told as holding."""
    keys = set(asked.series)
    told_keys = {row.key for row in asked.rows if row.id in shown_ids}  # those that there is an opinion on
    stale = {
        row.id: row
        for row in asked.rows
        if row.key in keys
        and row.key in told_keys
        and row.id not in shown_ids
        and row.has_level
        and counts(asked.pack, row.row)
        and row.first is not None
        and (row.first > day or not asked.series[row.key].may_change(day))
    }  # fmt: skip

    def test(answer: Answer) -> str | None:
        operands = {id for fig in answer.figures for id in fig.get("operands") or ()}
        for fig in answer.figures:
            row = stale.get(str(fig.get("id")))
            if row is None or fig.get("id") in operands or _is_past(fig.get("valid_to"), day):
                continue
            return f"{row.id} ({shown(row.range)}) is told, though it does not hold on {day}"
        return None

    if stale:
        found.custom(
            "8.4, 8.6, 8.18: a price that does not hold on the day is not told as its price",
            test,
            f"none of {sorted(stale)}",
        )


def _is_past(text: Any, day: date) -> bool:
    try:
        return text is not None and date.fromisoformat(str(text)[:10]) <= day
    except ValueError:
        return False


def _offers(found: Expectation, asked: Asked, day: date) -> None:
    """Offers and subsidies that hold on the day, also those for every trim or model of the brand (8.5)."""
    rows = [
        row for row in (*asked.rows, *asked.brand_wide) if row.key.type in OFFERS[:2] and counts(asked.pack, row.row)
    ]
    for row in rows:
        rivals = [other for other in rows if other.key.type == row.key.type and other.key.region == row.key.region]
        if len(rivals) == 1 and row.is_exact_day and row.has_level and row.holds(day):
            wide = row.key.trim == "all" or row.key.model == "all"
            why = (
                "8.5: a trim asked for includes what holds for all trims or models"
                if wide
                else "3: offers and subsidies, apart"
            )
            found.has(why, price_fields(row.key, row.range))


def _fallen(found: Expectation, asked: Asked) -> None:
    for row in asked.rows:
        if not counts(asked.pack, row.row):
            is_bad = row.row["status"] in ("reported", "revised")
            why = (
                "8.6: a price of grade D is shown as known bad only"
                if is_bad
                else "8: a row that does not stand is no price"
            )
            found.lacks(why, id=row.id, status=Among((None, "reported", "revised")))


def _only_region(found: Expectation, asked: Asked) -> None:
    if asked.region is None:
        return
    region = asked.region

    def test(answer: Answer) -> str | None:
        other = [f["region"] for f in answer.figures if f.get("region") and place_key(str(f["region"])) != region]
        return f"a figure of {other[0]}" if other else None

    found.custom("8.3: region: limits the answer to that region", test, region)


def _home_first(found: Expectation, asked: Asked, regions: set[str]) -> None:
    home = asked.home()
    if home not in regions or len(regions) < 2:
        return

    def test(answer: Answer) -> str | None:
        got = [place_key(str(f["region"])) for f in answer.figures if f.get("region")]
        return None if got and got[0] == home else f"the first figure is of {got[:1]}"

    found.custom("8.3: the model's home market comes first", test, str(home))


def expect_history(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    asked = Asked(pack, line, found, line.options["model"])
    since = window_days(line.options["since"], False) if line.get("since") else date.min
    until = window_days(line.options["until"], True) if line.get("until") else date.max
    if since > until:
        raise NoOpinion("2: a window that runs backward")
    for key, series in asked.series.items():
        found.part(lambda key=key, series=series: _levels(found, key, series, since, until))  # type: ignore[misc]
    _fallen(found, asked)
    _only_region(found, asked)
    return found


def _levels(found: Expectation, key: Key, series: Series, since: date, until: date) -> None:
    if any(not step.is_exact_day for step in series.steps):
        if since == date.min and until == date.max:
            _imprecise(found, key, series)
        return
    is_known = all(level.range is not None for level in levels(series))
    for level in levels(series):
        if level.range is None:
            continue
        last = FOREVER if level.end is None else level.end - DAY
        fields = price_fields(key, level.range, valid_from=level.start.isoformat())
        if last < since or level.start > until:
            if is_known:  # else the last known price is told, though it lies outside
                found.lacks("3: a window leaves out what lies wholly outside", beside_operands=True, **fields)
            continue
        end = None if level.end is None else level.end.isoformat()
        found.has(
            "3, 8.3, 8.4: one figure a level of the series, with its first day and first day out",
            fields | {"valid_to": end},
        )
        found.exits("3: levels are an answer", 0)


def _imprecise(found: Expectation, key: Key, series: Series) -> None:
    """8.18: prices from a month or year on are shown, ordered by the day from which they are sure."""
    told = [step for step in series.steps if step.winners[0].has_level and step.range is not None]
    for step in told:
        if step.range is not None:
            found.has("8.18: a price from a month or year on is a level as well", price_fields(key, step.range))
    order = [step.winners[0].id for step in told if len(step.winners) == 1]

    def test(answer: Answer) -> str | None:
        got = [str(f["id"]) for f in answer.figures if f.get("id") in order]
        return None if got == [id for id in order if id in got] else f"{', '.join(got)}"

    found.custom("8.18: a price from a month or year on is ordered by that month's end", test, ", ".join(order))


def expect_price_compare(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    models = [part.strip() for part in line.options["models"].split(",")]
    if len(models) != 2:
        raise NoOpinion("3: the difference of more than two models")
    asked = [Asked(pack, line, found, model) for model in models]
    if asked[0].model == asked[1].model:
        raise NoOpinion("3: a model compared with itself")
    compared_or_refused(found)
    if found.unsure or any(a.brand_wide for a in asked):
        return found
    found.part(lambda: _compare(found, line, asked))
    return found


def _compare(found: Expectation, line: Line, asked: list[Asked]) -> None:
    day = day_of(line) or FOREVER
    lists = [_lowest_lists(one, day) for one in asked]
    common = [key for key in lists[0] if key in lists[1]]
    found.exits("3: compare is refused with exit 0 and the reason in missing", *((0,) if all(lists) else (0, 3)))
    if not common and any(key.type != "list_price" for one in asked for key in one.series):
        raise NoOpinion("3: prices of another type, which both may have")
    if not common:
        found.top("3: what cannot be compared like for like cannot tell", "verdict", "cannot tell")
        found.custom(
            "3: the reason is in missing", lambda answer: None if answer.json.get("missing") else "missing is empty"
        )
        found.lacks("3, 8.3: no difference across regions or currencies", name="difference")
        return
    home = asked[0].home()
    options = [
        figure(lists[0][key] - lists[1][key], name="difference", unit=key[1], region=Same(key[0], place_key))
        for key in common
    ]
    first = [fields for key, fields in zip(common, options, strict=True) if key[0] == home]
    why = "8.3: the difference within one region and currency, the home market first, with its region"
    found.has(why, *(first or options))
    for one, some in zip(asked, lists, strict=True):
        keys = [key for key in common if key[0] == home] or common
        found.has(f"8.3: the list price compared{'' if one.trim is None else ' of the trim'}, with its region", *(
            price_fields(Key(one.model, "", key[0], key[1], "list_price"), some[key]) for key in keys
        ))  # fmt: skip


def _lowest_lists(asked: Asked, day: date) -> dict[tuple[str, str], Range]:
    """The lowest list price a region and currency, on a day."""
    found: dict[tuple[str, str], Range] = {}
    for key, series in asked.series.items():
        if key.type != "list_price" or key.channel:
            continue
        if series.may_change(day):
            raise NoOpinion("8.18: inside the month that a price is from, it may hold")
        held = series.on(day)
        if held is None:
            continue
        if held.range is None or held.range.low is None or not held.range.is_single:
            raise NoOpinion("3: the lowest of prices that are not all known")
        where = (key.region, key.currency)
        found[where] = min(found.get(where, held.range), held.range, key=lambda r: r.low or 0)
    return found
