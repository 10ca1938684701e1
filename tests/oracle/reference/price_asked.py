"""Which prices a question is about: model, trim, region."""

from __future__ import annotations

from .asked import known
from .expectation import Expectation, NoOpinion
from .levels import Key, PriceRow, Series, all_prices, build_series
from .lines import Line
from .naming import name_key, place_key
from .tables import Pack


class Asked:
    """The rows and series of the model, trim and region that a question names."""

    def __init__(self, pack: Pack, line: Line, found: Expectation, model: str) -> None:
        self.pack = pack
        self.model = known(pack, "model", model)
        everything = all_prices(pack)
        own = [row for row in everything if row.key.model == self.model]
        self.trim = self._trim(line, own)
        region = line.get("region")
        self.region = None if region is None else pack.region_key(region)
        if self.region is not None and self.region not in {row.key.region for row in own}:
            raise NoOpinion("8.3: a region without prices of the model")
        brands = {name for row in own for name in pack.ids("brand", row.row["brand"])}
        wide = [r for r in everything if r.key.model == "all" and brands & set(pack.ids("brand", r.row["brand"]))]
        self.brand_wide = [row for row in wide if self._fits(row)] if self.trim is not None else []
        self.rows = [row for row in own if self._fits(row)]
        self.own = own
        self.series: dict[Key, Series] = {}
        self._build(found, own)

    def _build(self, found: Expectation, own: list[PriceRow]) -> None:
        keys = {row.key for row in own}
        for key in sorted(keys):
            wanted = [
                row for row in own if row.key == key or (key.type == "pre_sale_price" and _is_list_of(row.key, key))
            ]

            def build(wanted: list[PriceRow] = wanted, key: Key = key) -> None:
                series = build_series(self.pack, wanted).get(key)
                if series is not None and any(row.key == key for row in self.rows):
                    self._refuse_wide_changes(key, own)
                    self.series[key] = series

            found.part(build)

    def _refuse_wide_changes(self, key: Key, own: list[PriceRow]) -> None:
        if key.trim != "all" and any(row.key.trim in ("all", "") and not row.has_level and row.change is not None
                                     and row.key.type == key.type and row.key.region == key.region for row in own):  # fmt: skip
            raise NoOpinion("8.4: a change without a level for all trims, over a trim's own level")

    def _trim(self, line: Line, own: list[PriceRow]) -> str | None:
        text = line.get("trim")
        if text is None:
            return None
        trim = name_key(text)
        if trim not in {row.key.trim for row in own}:
            raise NoOpinion("2: a trim that fits nothing exactly may still be matched by its beginning")
        return trim

    def _fits(self, row: PriceRow) -> bool:
        has_trim = self.trim is None or row.key.trim in (self.trim, "all")
        return has_trim and (self.region is None or row.key.region == self.region)

    def home(self) -> str | None:
        """The model's home market, if its launches tell one."""
        markets = {
            place_key(launch.market)
            for launch in self.pack.launches.values()
            if self.model in self.pack.ids("model", launch.model)
        }
        return markets.pop() if len(markets) == 1 else None


def _is_list_of(one: Key, pre_sale: Key) -> bool:
    return one.type == "list_price" and (one.model, one.trim, one.region, one.currency, one.channel) == (
        pre_sale.model, pre_sale.trim, pre_sale.region, pre_sale.currency, pre_sale.channel,
    )  # fmt: skip
