"""What the facts of a snapshot can answer: metrics of each launch, models with prices, events and claims."""

from __future__ import annotations

from msgspec import Struct

from salesbot.storage.snapshot import LAUNCH_TITLES, Snapshot, sql

METRICS_OF_LAUNCHES = sql(
    "select launch, metric, count(*) from orders group by launch, metric order by launch limit 400", scans="orders"
)
MODELS_WITH_PRICES = sql("select count(distinct model_id) from prices", scans="prices")


class Coverage(Struct, frozen=True):
    """The metrics that each launch has counts or rates of, by its name; how many models have prices; events, claims."""

    launches: tuple[tuple[str, tuple[str, ...]], ...]
    models: int
    events: int
    claims: int


def coverage(snapshot: Snapshot) -> Coverage:
    """What a snapshot can answer, worked out once."""
    return snapshot.cached("coverage", lambda: _coverage(snapshot))


def _coverage(snapshot: Snapshot) -> Coverage:
    metrics: dict[str, list[str]] = {}
    for launch, metric, _ in snapshot.values(METRICS_OF_LAUNCHES):
        metrics.setdefault(launch, []).append(metric)
    launches = tuple((model, tuple(metrics.get(id, ()))) for id, model in snapshot.values(LAUNCH_TITLES))
    ((models,),) = snapshot.values(MODELS_WITH_PRICES)
    rows = snapshot.rows_by_table
    return Coverage(launches, int(models), rows["events"], rows["claims"])
