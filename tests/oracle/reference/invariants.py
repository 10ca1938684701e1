"""What holds of every answer, whatever was asked (sections 3, 4, 5 and 8.9)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from .expectation import Answer, Expectation
from .numbers import cell_number
from .tables import Pack, Row, cells

NUMBERS = ("low", "high", "previous", "current", "change", "percent")
RATES = ("lock_in_rate", "cancellation_rate")
NEVER_BELOW_0 = (
    "orders", "locked_orders", "reservations", "deliveries", "orders_per_store", "lock_in_rate", "cancellation_rate",
    "sales_stores", "display_stores", "cities",
)  # fmt: skip
WORDS = {
    "basis": ("reported", "computed", "asked"),
    "verdict": (None, "agrees", "partly", "disagrees", "cannot tell", "opinion"),
    "kind": (
        None,
        "rise",
        "cut",
        "unchanged",
        "first price",
        "new variant",
        "offer",
        "subsidy",
        "disputed",
        "unknown",
        "offer ended",
    ),
}


def add_invariants(found: Expectation, pack: Pack) -> None:
    sources = set(pack.grades)
    rows = {row["id"]: row for table in ("orders", "stores") for row in pack.rows(table)}
    found.exits("3: exit 1 is a bug, exit 4 a pack that cannot be used", 0, 2, 3)
    found.custom("3: every number is a decimal string or null, of at most 6 decimals", _decimals)
    found.custom("8.9: low is never above high", _ordered)
    found.custom("4: a rate never exceeds 1; counts and prices are never below 0", _in_bounds)
    found.custom("3: the keys of an answer, or of an error", _keys)
    found.custom("3: the fixed words of basis, verdict and kind", _words)
    found.custom("3: the sources of figures are listed, and are the pack's", lambda answer: _sources(answer, sources))
    found.custom("4: a verdict cannot tell names what is missing", _missing)
    found.custom(
        "4: a reported figure says what its row says, with its sources", lambda answer: _as_rows_say(answer, rows)
    )
    found.custom("6: each fact passed over has a reason", _passed_over)


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _decimals(answer: Answer) -> str | None:
    for fig in answer.figures:
        for key in NUMBERS:
            value = fig.get(key)
            if value is None:
                continue
            try:
                exponent = Decimal(value).as_tuple().exponent
            except (InvalidOperation, TypeError):
                return f"{key} {value!r}"
            if not isinstance(value, str) or "e" in value.casefold():
                return f"{key} {value!r}"
            if (
                isinstance(exponent, int)
                and exponent < (-2 if key == "percent" else -6)
                and fig.get("basis") == "computed"
            ):
                return f"{key} {value}"
    return None


def _ordered(answer: Answer) -> str | None:
    for fig in answer.figures:
        low, high = _number(fig.get("low")), _number(fig.get("high"))
        if low is not None and high is not None and low > high:
            return f"{fig.get('name')} {low}..{high}"
    return None


def _in_bounds(answer: Answer) -> str | None:
    for fig in answer.figures:
        low, high = _number(fig.get("low")), _number(fig.get("high"))
        name = fig.get("name")
        if (
            name in RATES
            and fig.get("basis") != "asked"
            and ((low is not None and low > 1) or (high is not None and high > 1))
        ):
            return f"{name} {low}..{high}"
        if name in NEVER_BELOW_0 and ((low is not None and low < 0) or (high is not None and high < 0)):
            return f"{name} {low}..{high}"
    return None


def _keys(answer: Answer) -> str | None:
    if answer.exit:
        error = answer.json.get("error")
        if not isinstance(error, dict):
            return "no error object"
        lacking = [key for key in ("kind", "message", "hint", "candidates") if key not in error]
        return f"error without {', '.join(lacking)}" if lacking else None
    wanted = ("asked_as", "headline", "verdict", "figures", "missing", "caveats", "sources", "facts")
    lacking = [key for key in wanted if key not in answer.json]
    lacking += [
        f"a figure's {key}"
        for fig in answer.figures
        for key in ("id", "name", "low", "high", "unit", "basis")
        if key not in fig
    ]
    return f"no {', '.join(lacking)}" if lacking else None


def _words(answer: Answer) -> str | None:
    if answer.json.get("verdict") not in WORDS["verdict"]:
        return f"verdict {answer.json.get('verdict')}"
    wrong = [
        f"{key} {fig[key]}"
        for fig in answer.figures
        for key, words in WORDS.items()
        if fig.get(key, words[0]) not in words
    ]
    return wrong[0] if wrong else None


def _sources(answer: Answer, known: set[str]) -> str | None:
    listed = {source.get("id") for source in answer.json.get("sources") or ()}
    for fig in answer.figures:
        for id in fig.get("sources") or ():
            if id not in known or id not in listed:
                return f"{fig.get('name')} of {id}"
    return None


def _missing(answer: Answer) -> str | None:
    json = answer.json
    if json.get("verdict") != "cannot tell" or json.get("missing") or "claims" in json or json.get("relation"):
        return None
    return "nothing is named"


def _as_rows_say(answer: Answer, rows: dict[str, Row]) -> str | None:
    """A figure under a row's id has the row's numbers and sources, whatever else it says."""
    for fig in answer.figures:
        row = rows.get(str(fig.get("id")))
        if row is None or fig.get("basis") != "reported" or fig.get("name") != row["metric"]:
            continue
        for key in ("low", "high"):
            value = cell_number(row[key])
            if (None if value is None else Decimal(value.numerator) / value.denominator) != _number(fig.get(key)):
                return f"{row['id']}: {key} {fig.get(key)}, not {row[key] or 'null'}"
        if not set(cells(row, "sources")) <= set(fig.get("sources") or ()):
            return f"{row['id']}: sources {fig.get('sources')}"
    return None


def _passed_over(answer: Answer) -> str | None:
    for item in answer.json.get("passed_over") or ():
        if not item.get("id") or not item.get("reason"):
            return str(item)
    return None
