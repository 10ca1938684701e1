"""What can be asked: one frozen class a slash command, its fields the options in their order.

The command line, Discord's commands, autocomplete, ``/help`` and the documentation are all read
off these classes. A question holds ids and values, never what was typed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from salesbot.facts import METRICS, Metric
from salesbot.values.moment import Stated
from salesbot.values.quantity import Quantity, Verdict


class Named(Struct, frozen=True):
    """An option that holds the id of a thing, typed as any of its names; several by commas."""

    kind: str
    many: bool = False


class Words(Struct, frozen=True):
    """An option that holds one of a few fixed words."""

    words: tuple[str, ...]


class Plain(Struct, frozen=True):
    """An option read by its form: a duration, a time, a number, free text…"""

    form: Literal["duration", "duration or time", "event or time", "day", "number", "text"]
    example: str


Kind = Named | Words | Plain


class Says(Struct, frozen=True):
    """What an option is for, in at most 100 characters."""

    text: str


Launch = Annotated[str, Named("launch"), Says("the launch, such as su7")]
LaunchFilter = Annotated[str | None, Named("launch"), Says("only about this launch")]
Launches = Annotated[tuple[str, ...], Named("launch", many=True), Says("two or more launches, separated by commas")]
Within = Annotated[int | None, Plain("duration", "72h"), Says("counted from the opening of the order book: 72h, 3d")]
At = Annotated[int | Stated | None, Plain("duration or time", "24h"), Says("a moment: 1h after the opening, or 2024-04-01 12:00")]
MetricChoice = Annotated[Metric | None, Words(METRICS), Says("only this figure: orders, locked_orders, deliveries…")]
Model = Annotated[str, Named("model"), Says("the model, such as Model Y")]
ModelFilter = Annotated[str | None, Named("model"), Says("only this model")]
Models = Annotated[tuple[str, ...], Named("model", many=True), Says("two or more models, separated by commas")]
Trim = Annotated[str | None, Plain("text", "RWD"), Says("the trim, such as RWD")]
BrandFilter = Annotated[str | None, Named("brand"), Says("only this brand")]
On = Annotated[Stated | None, Plain("day", "2024-04-10"), Says("the day; without it, the last known price")]
Since = Annotated[Stated | None, Plain("day", "2024-03-28"), Says("first day, month or year that counts")]
Until = Annotated[Stated | None, Plain("day", "2024-04-07"), Says("last day, month or year that counts (included)")]
After = Annotated[str | None, Named("event"), Says("only what took effect after this event")]
When = Annotated[str | Stated, Plain("event or time", "su7-launch"), Says("an event, or a time such as 2024-03-28 19:00 Beijing time")]
Who = Annotated[str | None, Named("who"), Says("only what this person or firm did")]
Speaker = Annotated[str | None, Named("speaker"), Says("only what this speaker says")]
ClaimRef = Annotated[str, Named("claim"), Says("the claim")]
SourceRef = Annotated[str, Named("source"), Says("id of the source, such as s006")]
Number = Annotated[Quantity | None, Plain("number", "55..60"), Says("your own number or range: 60, 55..60, 4.5万, 38%")]
VERDICTS = ("agrees", "partly", "disagrees", "cannot tell", "opinion")
VerdictChoice = Annotated[Verdict | None, Words(VERDICTS), Says("only claims with this verdict")]


class Question(Struct, frozen=True):
    """A question as a frozen value; ``verb`` is its slash command."""

    verb: ClassVar[str]
    says: ClassVar[str]
    example: ClassVar[str]


class OrdersTotal(Question, frozen=True):
    verb, says = "/orders total", "How many orders, locked orders and deliveries a launch had, computed and reported"
    example = "/orders total launch:su7 within:72h"
    launch: Launch
    within: Within = None
    at: At = None
    metric: MetricChoice = None


class OrdersStores(Question, frozen=True):
    verb, says = "/orders stores", "Sales stores, the number of stores a total implies, and orders per store"
    example = "/orders stores launch:su7"
    launch: Launch
    within: Within = None
    at: At = None


class OrdersProgress(Question, frozen=True):
    verb, says = "/orders progress", "How a count grew, its pace, and what lay between at a moment nobody reported"
    example = "/orders progress launch:su7 at:1h"
    launch: Launch
    at: At = None
    within: Within = None
    metric: MetricChoice = None


class OrdersCompare(Question, frozen=True):
    verb, says = "/orders compare", "Two or more launches at the same time since their opening, like for like"
    example = "/orders compare launches:su7,yu7 within:1h"
    launches: Launches
    within: Within = None
    at: At = None
    metric: MetricChoice = None


class OrdersWhatif(Question, frozen=True):
    verb, says = "/orders whatif", "The same computation with your own numbers, marked as yours"
    example = "/orders whatif launch:su7 within:72h stores:60"
    launch: LaunchFilter = None
    within: Within = None
    at: At = None
    stores: Number = None
    orders_per_store: Number = None
    lock_in_rate: Number = None
    orders: Number = None


class PricesShow(Question, frozen=True):
    verb, says = "/prices show", "What a model cost on a day, offers and subsidies apart"
    example = '/prices show model:"Model Y" trim:RWD on:2024-04-10'
    model: Model
    trim: Trim = None
    on: On = None


class PricesChanges(Question, frozen=True):
    verb, says = "/prices changes", "Cuts, rises, offers, subsidies and new variants between two days, each once"
    example = "/prices changes since:2024-03-28 until:2024-04-07"
    model: ModelFilter = None
    trim: Trim = None
    brand: BrandFilter = None
    since: Since = None
    until: Until = None
    after: After = None


class PricesHistory(Question, frozen=True):
    verb, says = "/prices history", "Each price a model had, with its first and last day"
    example = '/prices history model:"Model Y" trim:RWD'
    model: Model
    trim: Trim = None
    since: Since = None
    until: Until = None


class PricesCompare(Question, frozen=True):
    verb, says = "/prices compare", "Models beside each other: same day, type, region and currency"
    example = '/prices compare models:"SU7,Model 3" on:2024-04-02'
    models: Models
    trim: Trim = None
    on: On = None


class TimelineCheck(Question, frozen=True):
    verb, says = "/timeline check", "Which of two things came first, under every reading, and whether it could be a response"
    example = "/timeline check first:musk-post second:su7-launch"
    first: When
    second: When


class TimelineGap(Question, frozen=True):
    verb, says = "/timeline gap", "How far two things lie apart: days, and calendar months and days"
    example = "/timeline gap first:model-3-unveiled second:ff91-unveiled"
    first: When
    second: When


class TimelineWhen(Question, frozen=True):
    verb, says = "/timeline when", "A moment on three clocks: as stated, in UTC, and your own"
    example = "/timeline when what:su7-launch"
    what: When


class TimelineEvents(Question, frozen=True):
    verb, says = "/timeline events", "What happened between two days, and who did it"
    example = "/timeline events who:Xiaomi since:2024-03-25 until:2024-04-03"
    who: Who = None
    since: Since = None
    until: Until = None


class ClaimsList(Question, frozen=True):
    verb, says = "/claims list", "Every statement on record, with the verdict that the facts give now"
    example = "/claims list speaker:netizen verdict:disagrees"
    speaker: Speaker = None
    launch: LaunchFilter = None
    verdict: VerdictChoice = None


class ClaimsCheck(Question, frozen=True):
    verb, says = "/claims check", "One statement: the questions that decide it, and how each came out"
    example = "/claims check claim:sold-45000"
    claim: ClaimRef


class SourcesShow(Question, frozen=True):
    verb, says = "/sources show", "Who published a source, how good it is, and what rests on it"
    example = "/sources show id:s006"
    id: SourceRef


QUESTIONS: tuple[type[Question], ...] = (
    OrdersTotal, OrdersStores, OrdersProgress, OrdersCompare, OrdersWhatif,
    PricesShow, PricesChanges, PricesHistory, PricesCompare,
    TimelineCheck, TimelineGap, TimelineWhen, TimelineEvents,
    ClaimsList, ClaimsCheck, SourcesShow,
)  # fmt: skip
BY_VERB: dict[str, type[Question]] = {question.verb: question for question in QUESTIONS}
