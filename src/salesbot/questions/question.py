"""What can be asked: one frozen struct a slash command, its fields the options in their order.

The command line, Discord's commands, autocomplete, ``/help`` and the documentation are generated from these classes;
their texts are in ``salesbot.words``. A question holds ids and values, never what was typed.
"""

# without ``from __future__ import annotations``: ``options`` reads the annotations, and would evaluate each of them
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, Verdict

NamedThing = Literal["launch", "model", "brand", "event", "who", "speaker", "claim", "source", "metric", "place"]
Form = Literal["duration", "duration or time", "event or time", "day", "period", "number", "text", "trim"]


class NameKind(Struct, frozen=True):
    """An option that holds the id of a thing, typed as any of its names; several are separated by commas."""

    thing: NamedThing
    many: bool = False


class ChoiceKind(Struct, frozen=True):
    """An option that holds one of a few fixed words."""

    words: tuple[str, ...]


class ValueKind(Struct, frozen=True):
    """An option read by its form: a duration, a time, a number, free text."""

    form: Form
    example: str


Kind = NameKind | ChoiceKind | ValueKind

Launch = Annotated[str, NameKind("launch")]
LaunchFilter = Annotated[str | None, NameKind("launch")]
Launches = Annotated[tuple[str, ...], NameKind("launch", many=True)]
Within = Annotated[int | None, ValueKind("duration", "72h")]
At = Annotated[int | StatedTime | None, ValueKind("duration or time", "24h")]
During = Annotated[StatedTime | None, ValueKind("period", "2024-05")]
MetricFilter = Annotated[str | None, NameKind("metric")]
Model = Annotated[str, NameKind("model")]
ModelFilter = Annotated[str | None, NameKind("model")]
Models = Annotated[tuple[str, ...], NameKind("model", many=True)]
Trim = Annotated[str | None, ValueKind("trim", "RWD")]
Region = Annotated[str | None, NameKind("place")]
BrandFilter = Annotated[str | None, NameKind("brand")]
Day = Annotated[StatedTime | None, ValueKind("day", "2024-04-10")]
EventFilter = Annotated[str | None, NameKind("event")]
When = Annotated[str | StatedTime, ValueKind("event or time", "su7-launch")]
Who = Annotated[str | None, NameKind("who")]
Speaker = Annotated[str | None, NameKind("speaker")]
ClaimRef = Annotated[str, NameKind("claim")]
SourceRef = Annotated[str, NameKind("source")]
Number = Annotated[Quantity | None, ValueKind("number", "55..60")]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
VerdictFilter = Annotated[Verdict | None, ChoiceKind(VERDICTS)]


class Question(Struct, frozen=True):
    """A question as a frozen value; ``verb`` is its slash command, ``example`` a line that works on the seed pack."""

    verb: ClassVar[str]
    example: ClassVar[str]


class OrdersTotal(Question, frozen=True):
    """How many orders, locked orders and deliveries a launch had, by a moment or during a period."""

    verb = "/orders total"
    example = "/orders total launch:su7 within:72h"
    launch: Launch
    within: Within = None
    at: At = None
    metric: MetricFilter = None
    during: During = None


class OrdersStores(Question, frozen=True):
    """How many stores there were, and how many a total implies."""

    verb = "/orders stores"
    example = "/orders stores launch:su7"
    launch: Launch
    within: Within = None
    at: At = None


class OrdersProgress(Question, frozen=True):
    """How a count grew, and how fast."""

    verb = "/orders progress"
    example = "/orders progress launch:su7 at:1h"
    launch: Launch
    at: At = None
    within: Within = None
    metric: MetricFilter = None


class OrdersCompare(Question, frozen=True):
    """Launches beside each other, at the same time since each opened."""

    verb = "/orders compare"
    example = "/orders compare launches:su7,yu7 within:1h"
    launches: Launches
    within: Within = None
    at: At = None
    metric: MetricFilter = None


class OrdersWhatif(Question, frozen=True):
    """The same computation with the asker's own numbers."""

    verb = "/orders whatif"
    example = "/orders whatif launch:su7 within:72h stores:60"
    launch: LaunchFilter = None
    within: Within = None
    at: At = None
    stores: Number = None
    orders_per_store: Number = None
    lock_in_rate: Number = None
    orders: Number = None


class PricesShow(Question, frozen=True):
    """What a model cost on a day."""

    verb = "/prices show"
    example = '/prices show model:"Model Y" trim:RWD on:2024-04-10'
    model: Model
    trim: Trim = None
    region: Region = None
    on: Day = None


class PricesChanges(Question, frozen=True):
    """Which prices moved between two days."""

    verb = "/prices changes"
    example = "/prices changes since:2024-03-28 until:2024-04-07"
    model: ModelFilter = None
    trim: Trim = None
    brand: BrandFilter = None
    region: Region = None
    since: Day = None
    until: Day = None
    after: EventFilter = None


class PricesHistory(Question, frozen=True):
    """Which prices a model had, from its first day to its last."""

    verb = "/prices history"
    example = '/prices history model:"Model Y" trim:RWD'
    model: Model
    trim: Trim = None
    region: Region = None
    since: Day = None
    until: Day = None


class PricesCompare(Question, frozen=True):
    """The prices of several models on one day."""

    verb = "/prices compare"
    example = '/prices compare models:"SU7,Model 3" on:2024-04-02'
    models: Models
    trim: Trim = None
    region: Region = None
    on: Day = None


class TimelineCheck(Question, frozen=True):
    """Which of two things came first."""

    verb = "/timeline check"
    example = "/timeline check first:musk-post second:su7-launch"
    first: When
    second: When


class TimelineGap(Question, frozen=True):
    """How far two things lie apart."""

    verb = "/timeline gap"
    example = "/timeline gap first:model-3-unveiled second:ff91-unveiled"
    first: When
    second: When


class TimelineWhen(Question, frozen=True):
    """One moment on several clocks."""

    verb = "/timeline when"
    example = "/timeline when what:su7-launch"
    what: When


class TimelineEvents(Question, frozen=True):
    """What happened between two days."""

    verb = "/timeline events"
    example = "/timeline events who:Xiaomi since:2024-03-25 until:2024-04-03"
    who: Who = None
    since: Day = None
    until: Day = None


class ClaimsList(Question, frozen=True):
    """Every statement on record with its verdict."""

    verb = "/claims list"
    example = "/claims list speaker:netizen verdict:disagrees"
    speaker: Speaker = None
    launch: LaunchFilter = None
    verdict: VerdictFilter = None


class ClaimsCheck(Question, frozen=True):
    """One statement, and the questions that decide it."""

    verb = "/claims check"
    example = "/claims check claim:sold-45000"
    claim: ClaimRef


class SourcesShow(Question, frozen=True):
    """Who published a source, and what rests on it."""

    verb = "/sources show"
    example = "/sources show id:s006"
    id: SourceRef


QUESTIONS: tuple[type[Question], ...] = (
    OrdersTotal,
    OrdersStores,
    OrdersProgress,
    OrdersCompare,
    OrdersWhatif,
    PricesShow,
    PricesChanges,
    PricesHistory,
    PricesCompare,
    TimelineCheck,
    TimelineGap,
    TimelineWhen,
    TimelineEvents,
    ClaimsList,
    ClaimsCheck,
    SourcesShow,
)
BY_VERB: dict[str, type[Question]] = {question.verb: question for question in QUESTIONS}


class Option(Struct, frozen=True):
    """One option of a slash command."""

    name: str
    kind: Kind
    required: bool


def options(question: type[Question]) -> tuple[Option, ...]:
    """The options of a question in declared order, read off its fields."""
    return _options(question.verb)


@cache
def _options(verb: str) -> tuple[Option, ...]:
    question = BY_VERB[verb]
    hints: dict[str, Any] = get_type_hints(question, include_extras=True)
    return tuple(
        Option(field.name, hints[field.name].__metadata__[0], field.default is NODEFAULT) for field in fields(question)
    )
