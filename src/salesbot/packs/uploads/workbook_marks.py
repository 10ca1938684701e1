"""What an .xlsx says of its cells beside their values: formulas, errors, number formats, hidden and struck rows.

The library that reads the values tells none of it. The parts are searched as bytes, which takes a tenth of the time
that reading them as XML does; where a workbook has none of these marks, nothing but one search is done.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

from msgspec import Struct, field
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import column_index_from_string

Place = tuple[int, int]  # of a cell: its row from 1, its column from 0

PLAIN_FORMATS = frozenset((0, 1, 2, 3, 4, 37, 38, 39, 40, 49))  # General, 0, 0.00, with thousands, and text
EAST_ASIAN = dict.fromkeys((*range(27, 30), *range(32, 37), *range(50, 59)), "yyyy-mm") | {
    30: "yyyy-mm-dd",
    31: "yyyy-mm-dd",
}  # built-in formats that are dates in Chinese, Japanese and Korean programs
LAST_COLUMN = 64
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_TAG = re.compile(rb"<(?:\w+:)?(row|c|f)\b([^>]*?)(/?)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)[\"']")
_ATTRIBUTE = re.compile(rb"\b(r|s|t|hidden|ref)\s*=\s*[\"']([^\"']*)[\"']")
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Marks(Struct):
    """The marks of one sheet; rows count from 1, columns from 0. Formats are those that are no plain number."""

    formulas: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    formats: dict[Place, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    struck_rows: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class Styles(Struct):
    """The formats and struck fonts of a workbook's cells, by the number of their style."""

    formats: dict[bytes, str] = field(default_factory=dict)
    struck: set[bytes] = field(default_factory=set)


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The part of each sheet of a workbook, by the sheet's title."""
    where = "xl/workbook.xml" if "xl/workbook.xml" in parts else _main_part(parts)
    targets = _relations(parts, where)
    found = {}
    for sheet in _xml(parts.get(where, b"")).iterfind(".//{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or "", "")
        if target in parts:
            found[sheet.get("name", "")] = parts[target]
    return found


def _main_part(parts: Mapping[str, bytes]) -> str:
    return next((target for target in _relations(parts, "").values() if target.endswith("workbook.xml")), "")


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """The parts that a part points to, by the ids of the relations."""
    folder, _, name = part.rpartition("/")
    relations = _xml(parts.get(join(folder, "_rels", f"{name}.rels"), b""))
    return {
        one.get("Id", ""): normpath(join("/", dirname(part), one.get("Target", ""))).lstrip("/")
        for one in relations.iterfind("{*}Relationship")
    }


def styles_of(parts: Mapping[str, bytes]) -> Styles:
    """The styles that say more than a plain number does."""
    found = Styles()
    root = _xml(parts.get("xl/styles.xml", b""))
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    struck = [
        font.find("{*}strike") is not None and font.find("{*}strike").get("val", "1") not in ("0", "false")  # type: ignore[union-attr]
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        id, font = style.get("numFmtId", "0"), int(style.get("fontId", "0") or 0)
        key = str(number).encode()
        code = codes.get(id) or EAST_ASIAN.get(int(id)) or BUILTIN_FORMATS.get(int(id), "")
        if id in codes or int(id) not in PLAIN_FORMATS:
            found.formats[key] = code
        if font < len(struck) and struck[font]:
            found.struck.add(key)
    return found


def _xml(part: bytes) -> ET.Element:
    """A part as XML, empty if it cannot be read."""
    try:
        return ET.fromstring(part)  # noqa: S314  # parts with a document type were refused
    except ET.ParseError:
        return ET.Element("nothing")


def marks_of(part: bytes, styles: Styles) -> Marks:
    """The marks of a sheet's part."""
    text = _utf_8(part)
    found = Marks()
    if b"mergeCell" in text:
        found.merged = [match[1].decode() for match in _MERGED.finditer(text)]
    if b"hidden" in text and _HIDDEN.search(text):
        found.hidden_rows = list(_hidden_rows(text))
    told = re.compile(rb"\bs\s*=\s*[\"'](?:%s)[\"']" % b"|".join(styles.formats | dict.fromkeys(styles.struck)))
    has_styles = bool(styles.formats or styles.struck) and told.search(text)
    has_formulas = (b"<f" in text or b":f" in text) and _FORMULA.search(text)
    has_errors = (b'"e"' in text or b"'e'" in text) and _ERROR.search(text)
    if has_styles or has_formulas or has_errors:
        _note_cells(text, styles, found)
    return found


def _utf_8(part: bytes) -> bytes:
    return part.decode("utf-16").encode() if part[:2] in (b"\xff\xfe", b"\xfe\xff") else part


def _hidden_rows(text: bytes) -> Iterator[int]:
    number = 0
    for match in _ROW.finditer(text):
        attributes = _attributes(match[1])
        number = int(attributes.get(b"r", number + 1))
        if attributes.get(b"hidden") in (b"1", b"true"):
            yield number


def _note_cells(text: bytes, styles: Styles, found: Marks) -> None:
    row, column = 0, -1
    for match in _TAG.finditer(text):
        tag, inside, closed = match.groups()
        if tag == b"f":
            found.formulas.add((row, column))
            continue
        attributes = _attributes(inside)
        if tag == b"row":
            row, column = int(attributes.get(b"r", row + 1)), -1
            continue
        column += 1
        if reference := _REFERENCE.fullmatch(attributes.get(b"r", b"")):
            column = column_index_from_string(reference[1].decode()) - 1
        style = attributes.get(b"s", b"0")
        if closed:
            continue
        if attributes.get(b"t") == b"e":
            found.errors.add((row, column))
        if style in styles.formats:
            found.formats[row, column] = styles.formats[style]
        if style in styles.struck and (not found.struck_rows or found.struck_rows[-1] != row):
            found.struck_rows.append(row)


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {match[1]: match[2] for match in _ATTRIBUTE.finditer(text)}


def extent(part: bytes) -> Place:
    """How far a sheet's cells that hold something reach: rows, and columns."""
    text = _utf_8(part)
    end = max(text.rfind(b"</c>"), text.rfind(b":c>"))
    last = text.rfind(b"<row", 0, end) if b"<row" in text else text.rfind(b":row", 0, end)
    attributes = _attributes(text[last : text.find(b">", last)]) if last >= 0 else {}
    rows = int(attributes[b"r"]) if attributes.get(b"r", b"").isdigit() else len(_ROW.findall(text))
    return (rows if end >= 0 else 0), LAST_COLUMN
