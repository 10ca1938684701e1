"""Write what is generated: docs/pack-format.md, .env.example, seeds/datapackage.json. A test keeps them equal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from msgspec import structs

from salesbot.facts import BUILT_IN, DESCRIPTOR, STORE_METRICS, TABLES, Row, columns
from salesbot.facts.rows import ColumnInfo
from salesbot.packs.descriptor import descriptor
from salesbot.packs.folder import written_tables
from salesbot.packs.reading import read_pack
from salesbot.settings import Settings
from salesbot.words import words_for

ROOT = Path(__file__).parents[1]
WORDS = words_for()
OPTIONAL_TABLES = [f"{table}.csv" for table, model in TABLES.items() if model.is_optional]
METRICS = fill(
    f"- A metric is built in ({', '.join(f'`{metric}`' for metric in BUILT_IN)}) or a row of metrics.csv. stores.csv"
    f" counts {', '.join(f'`{metric}`' for metric in STORE_METRICS)} or a metric of the pack's own.",
    120,
    subsequent_indent="  ",
    break_on_hyphens=False,
)
INTRO = f"""# The pack format

A pack is a folder of CSV tables, one a file, with a `datapackage.json` (Data Package v2) beside them. Moderators
edit the tables in any spreadsheet; `salesbot check FOLDER` reports every problem at once, with its table, row,
column letter and name, the cell, and what is expected. This page is generated from the row classes
(`python docs/generate.py`).

## Rules for every table

- UTF-8, a header row, one row a fact. A table may hold its header only. All tables must be there, except
  {" and ".join((", ".join(OPTIONAL_TABLES[:-1]), OPTIONAL_TABLES[-1]))}. Other files in the folder are not read.
- **Blank is unknown, 0 is zero.** A total over unknown parts says so.
- **Every row names its sources.** Where sources disagree, both rows stand; which one counts is decided by one written
  order: not denied, rumour, target or superseded; not from a source known to be bad; the same metric, launch, place and
  type; said by the maker itself; the better grade; nearest the moment asked. Ties are all used and shown.
- Ids are a small letter, then up to 39 small letters, digits or hyphens. Several values in a cell are separated by `;`.
- Numbers are plain: `88898`, `0.35` or `35%`, without separators or units.
- Times are ISO 8601: a year `2024`, a month `2024-03`, a day `2024-03-28`, or a date-time with its offset
  `2024-03-28T19:00+08:00`; `earliest/latest` of those where only bounds are known.
- A column `…_from` is the first day or moment in, `…_to` the first one **out**. A count with `period_to` 2024-04-25
  ends as that day begins: it includes 24 April.
- `brand` and `model` hold a name that names.csv lists, or `all`.
{METRICS}
- A figure whose kind the source does not state has the metric `unstated` and lists in `could_be` what it could be.
- An offer's `low` and `high` are its size and its change is negative; "up to 20,000" is `low` 0, `high` 20000,
  `change_low` -20000, `change_high` 0. A blank `change_low` with `change_high` 0 is a cut of unknown size.
- A `revised` row is the new version; the first version names it in `superseded_by`.
"""


def pack_format() -> str:
    """The pack format page."""
    return INTRO + "".join(section for model in TABLES.values() for section in _table(model))


def _table(model: type[Row]) -> Iterator[str]:
    says = WORDS.column(model.table, "") + (" A pack may do without this table." if model.is_optional else "")
    yield f"\n## {model.table}.csv\n\n{says}\n\n| column | cell | must be filled | what it holds |\n|---|---|---|---|\n"
    for name, info in columns(model).items():
        refers = f" (an id of {info.column.refers}.csv)" if info.column.refers else ""
        yield f"| `{name}` | {WORDS.cell(info)} | {_filled(info)} | {WORDS.column(model.table, name)}{refers} |\n"


def _filled(info: ColumnInfo) -> str:
    if info.is_required:
        return "yes"
    return "" if info.is_required else "the column may be left out"


def env_example() -> str:
    """Every setting with a comment."""
    lines = ["# Copy to .env and fill in what you need; the environment wins over this file."]
    for field in structs.fields(Settings):
        name, default = field.name, f" Default: {field.default}." if isinstance(field.default, int) else ""
        lines += ["", f"# {WORDS.setting(name)}{default}", f"SALESBOT_{name.upper()}="]
    return "\n".join(lines) + "\n"


def seed_descriptor() -> str:
    """The seed pack's descriptor, with the version it has."""
    seeds = ROOT / "seeds"
    version = json.loads((seeds / DESCRIPTOR).read_text("utf-8"))["version"]
    written = written_tables(read_pack(seeds))
    return json.dumps(descriptor(version, WORDS.column, written), indent=1, ensure_ascii=False) + "\n"


GENERATED = {"docs/pack-format.md": pack_format, ".env.example": env_example, "seeds/datapackage.json": seed_descriptor}

if __name__ == "__main__":
    for path, text in GENERATED.items():
        (ROOT / path).write_text(text(), "utf-8")
