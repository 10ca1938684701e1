"""Ids for rows that were sent without one, and the example rows of a template, which are left out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from salesbot.errors import message
from salesbot.packs.column_names import likely_column
from salesbot.packs.suggestions import id_like
from salesbot.packs.uploads.uploaded_table import UploadedTable

EXAMPLE = "example-"
LONGEST_ID = 40
# what an id is made of, so that the same row sent again has the same id
PARTS: dict[str, tuple[str, ...]] = {
    "sources": ("publisher", "title"),
    "launches": ("model",),
    "stores": ("launch", "brand", "metric", "place", "valid_from"),
    "orders": ("launch", "metric", "variant", "place", "period_from", "period_to", "said_by"),
    "prices": ("model", "trim", "region", "price_type", "valid_from"),
    "events": ("name",),
    "claims": ("speaker", "statement"),
}


def leave_out_examples(table: UploadedTable) -> None:
    """Take the example rows out of a table, and say how many there were."""
    if "id" not in table.header:
        return
    place = table.header.index("id")
    kept = [(number, cells) for number, cells in table.rows if not cells[place].strip().startswith(EXAMPLE)]
    if left := len(table.rows) - len(kept):
        gone = {number for number, _ in table.rows} - {number for number, _ in kept}
        table.rows = kept
        table.typed_cells = [cell for cell in table.typed_cells if cell[0] not in gone]
        table.tell(message("examples_left_out", count=left))


def make_ids(table: UploadedTable) -> None:
    """Fill in the ids of rows that have none, of what the rows say."""
    if table.table not in PARTS:
        return
    if "id" not in table.header and any(likely_column(table.table, name) == "id" for name in table.header):
        return  # whoever reads the problems will rename that column
    if "id" not in table.header:
        table.header.append("id")
        for _, cells in table.rows:
            cells.append("")
    place = table.header.index("id")
    taken = {cells[place].strip() for _, cells in table.rows if place < len(cells)}
    made = 0
    for _, cells in table.rows:
        if place < len(cells) and not cells[place].strip() and any(map(str.strip, cells)):
            values = table.cells(cells)
            cells[place] = _free(_id(table.table, values), taken)
            taken.add(cells[place])
            made += 1
    if made:
        table.tell(message("ids_made", count=made))


def _id(table: str, values: Mapping[str, str]) -> str:
    parts = [values.get(name, "") for name in PARTS[table]]
    if values.get("launch") and table == "stores":
        parts[1] = ""
    return id_like("-".join(part for part in parts if part))[:LONGEST_ID].strip("-") or table.removesuffix("s")


def _free(id: str, taken: set[str]) -> str:
    numbered = (f"{id[: LONGEST_ID - 4]}-{number}" for number in count(2))
    return id if id not in taken else next(one for one in numbered if one not in taken)
