"""The same computation with the asker's own numbers, each marked as theirs: ``/orders whatif``."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.answers.answer import WhatifResult
from salesbot.answers.notes import NoFigure, YourNumbers
from salesbot.errors import QuestionError
from salesbot.facts import Vocabulary
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, Inputs, computed_figures, inputs_at, needed_by
from salesbot.query.orders.identities import Term, derivations, missing_for, reported
from salesbot.query.orders.latest import latest_figures
from salesbot.query.orders.launch_facts import LaunchFacts
from salesbot.questions.question import OrdersWhatif
from salesbot.questions.typed_values import quantity_text
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import Moment
from salesbot.values.quantity import Quantity, agreement, product

OPTIONS = {
    "orders_per_store": "orders_per_store",
    "sales_stores": "stores",
    "lock_in_rate": "lock_in_rate",
    "orders": "orders",
}
LEAST_PERCENT = Fraction(2, 100)  # 40 was meant as 40%, but 1.2 not as 1.2%


def whatif(question: OrdersWhatif, snapshot: Snapshot) -> Answer:
    """Every figure that the asker's numbers, and the facts for the rest, determine.

    An asker's number replaces every fact of its metric, and so does each figure that follows from one.
    """
    vocabulary = snapshot.vocabulary
    asked = {
        metric: _asked(question, metric, option, vocabulary)
        for metric, option in OPTIONS.items()
        if getattr(question, option) is not None
    }
    if not asked:
        raise QuestionError("whatif_needs_a_number")
    _check_consistent(asked, vocabulary)
    facts = LaunchFacts.load(question.launch, snapshot) if question.launch else LaunchFacts.empty(snapshot)
    at = _moment(question, facts)
    inputs = _inputs(asked, at, facts)
    gathered = Gathered(tuple(asked.values()))
    metrics = dict.fromkeys(one for whole, parts in vocabulary.identities for one in (whole, *parts))
    for metric in metrics:
        if metric not in asked:
            gathered += _computed(metric, asked, inputs, at, facts)
    gathered += Gathered(caveats=(YourNumbers(tuple(asked)),))
    is_told = any(figure.basis == "computed" for figure in gathered.figures)
    if not is_told:
        zero = next((name for name, figure in asked.items() if figure.quantity.high == 0), None)
        if zero is not None:
            raise QuestionError("zero_divisor", name=OPTIONS[zero])
        wanted = next((metric for metric in metrics if metric not in inputs.terms), None)
        needs = (NoFigure(wanted, missing_for(wanted, inputs.terms, vocabulary)),) if wanted else ()
        gathered += Gathered(missing=needs)
    answer = answer_of(gathered, question, WhatifResult(facts.name or None, at), snapshot)
    return answer if is_told else replace(answer, verdict="cannot tell")


def _asked(question: OrdersWhatif, metric: str, option: str, vocabulary: Vocabulary) -> Figure:
    quantity: Quantity = getattr(question, option)
    if vocabulary.is_rate(metric):
        if any(end is not None and end > 1 for end in (quantity.low, quantity.high)):
            error = QuestionError("rate_above_all", name=option, text=quantity_text(quantity))
            low, high = (None if end is None else end / 100 for end in (quantity.low, quantity.high))
            per_cent = replace(quantity, low=low, high=high)
            fits = high is not None and low is not None and low >= LEAST_PERCENT and high <= 1
            raise error.offering([(quantity_text(per_cent), per_cent)] if fits else [], option)
        if quantity.high is None:
            quantity = replace(quantity, high=Fraction(1))
    quantity = replace(quantity, unit=vocabulary.unit(metric))
    id = f"asked-{option.replace('_', '-')}"
    return Figure(id=id, name=metric, subject="", quantity=quantity, basis="asked", role="asked")


def _check_consistent(asked: dict[str, Figure], vocabulary: Vocabulary) -> None:
    """Raise ``QuestionError`` where the asker's numbers contradict each other, or one is divided by 0."""
    for whole, parts in vocabulary.identities:
        given = [asked[part] for part in parts if part in asked]
        if whole not in asked or not given:
            continue
        if len(given) == len(parts):
            computed = product((part.quantity, 1) for part in given)
            if agreement(computed, asked[whole].quantity) == "disagrees":
                texts = {name: quantity_text(asked[name].quantity) for name in (whole, *parts)}
                raise QuestionError(
                    "numbers_contradict",
                    whole=OPTIONS[whole],
                    whole_text=texts[whole],
                    parts=tuple(f"{OPTIONS[part]}:{texts[part]}" for part in parts),
                    product=quantity_text(computed),
                )
        elif given[0].quantity.high == 0:
            raise QuestionError("zero_divisor", name=OPTIONS[given[0].name])


def _moment(question: OrdersWhatif, facts: LaunchFacts) -> Moment | None:
    """The moment asked for, if any."""
    if not facts.launch.id:
        if question.within is not None or question.at is not None:
            raise QuestionError("moment_needs_launch")
        return None
    return facts.moment_asked(question.within, question.at)


def _inputs(asked: dict[str, Figure], at: Moment | None, facts: LaunchFacts) -> Inputs:
    """The facts at the moment, with the asker's numbers and what follows from them in the place of theirs."""
    known = inputs_at(at, facts) if facts.launch.id else Inputs({}, {}, {})
    known = known if at is not None else _with_latest(known, facts)
    terms = dict(known.terms)
    terms |= {metric: [reported(figure.id, metric, figure.quantity)] for metric, figure in asked.items()}
    changed = set(asked)
    is_growing = True
    while is_growing:
        is_growing = False
        for metric in _following(changed, terms, facts.vocabulary):
            terms.pop(metric, None)
            changed.add(metric)
            is_growing = True
    figures = {**known.figures, **{figure.id: figure for figure in asked.values()}}
    return Inputs(terms, figures, known.stores)


def _with_latest(known: Inputs, facts: LaunchFacts) -> Inputs:
    """The inputs without a moment: of each metric that is no store count the figure that counts, then the latest."""
    terms, figures = dict(known.terms), dict(known.figures)
    for metric in dict.fromkeys(one for whole, parts in facts.vocabulary.identities for one in (whole, *parts)):
        if metric in terms or metric in known.stores or not facts.launch.id:
            continue
        told = latest_figures((metric,), facts)
        usable = [
            one for one in told.figures if one.name == metric and one.role in ("report", "sum") and _is_whole(one)
        ]
        usable = [one for one in usable if _is_of_one(one, usable[0])]
        if usable:
            terms[metric] = [reported(figure.id, metric, figure.quantity) for figure in usable]
            used = (*needed_by(usable, (*told.figures, *told.operands)), *usable)
            figures |= {one.id: replace(one, comparisons=(), verdict=None) for one in used}  # with those replaced
    return Inputs(terms, figures, known.stores)


def _is_of_one(figure: Figure, other: Figure) -> bool:
    """Whether two figures are of one moment, and both net of cancellations or neither."""
    spans = [one.as_of.span if one.as_of is not None else None for one in (figure, other)]
    return figure.is_net is other.is_net and spans[0] == spans[1]


def _is_whole(figure: Figure) -> bool:
    is_part = figure.place or figure.variant or figure.series_from
    return not is_part and not figure.quantity.is_unknown


def _following(changed: set[str], terms: dict[str, list[Term]], vocabulary: Vocabulary) -> list[str]:
    """The metrics that follow from changed ones: a whole of its parts, or the other part of a whole and a part."""
    found = []
    for whole, parts in vocabulary.identities:
        if (
            whole not in changed
            and changed.intersection(parts)
            and all(part in terms or part in changed for part in parts)
        ):
            found.append(whole)
        if whole in changed and whole in terms:
            free = [part for part in parts if part not in changed]
            if len(free) == 1 and len(parts) == 2 and changed.intersection(parts):
                found.append(free[0])
    return found


def _computed(metric: str, asked: dict[str, Figure], inputs: Inputs, at: Moment | None, facts: LaunchFacts) -> Gathered:
    """The derivations of a metric that use a number of the asker's, with the facts of it beside them."""
    ids = {figure.id for figure in asked.values()}
    terms = [
        t for t in derivations(metric, inputs.terms, facts.vocabulary) if ids.intersection(id for id, _ in t.powers)
    ]
    if not terms:
        return Gathered()
    figures, workings = computed_figures(terms, at, inputs, facts)
    beside = tuple(figure for figure in inputs.figures.values() if figure.name == metric and figure.basis == "reported")
    operands = [figure for figure in workings.operands if figure.id not in ids]
    operands += needed_by([*operands, *beside], inputs.figures.values())
    return replace(workings, figures=(*figures, *workings.figures), operands=(*operands, *beside))
