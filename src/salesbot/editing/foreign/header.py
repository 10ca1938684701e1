"""The header of a foreign table: in which row it stands, and what its names mean in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from salesbot.editing.foreign.money import MONEY
from salesbot.packs.column_names import bare
from salesbot.packs.suggestions import quarter_of, time_like
from salesbot.packs.uploads.raw_sheets import SCALED, RawSheet

MOST_ABOVE = 20
LIKE_ENOUGH = 88  # of 100
# what a name over a column says of it; several words of one meaning in both languages
MEANINGS: dict[str, str] = {
    "period": (
        "month date period week quarter day time year-month reporting-month"
        " 月份 日期 时间 年月 周 季度 统计月份 月 期间"
    ),
    "year": "year fiscal-year 年 年份 年度",
    "figure": (
        "sold sales units count number volume quantity deliveries delivered orders registrations registered total"
        " copies gross admissions value 销量 交付量 交付 订单 订单量 上险量 数量 辆 台 销售量 登记量 大定 锁单 保有量"
    ),
    "launch": (
        "model car vehicle product title name launch game device series 车型 车系 产品 型号 名称 车名 产品名称 游戏"
    ),
    "brand": "brand make maker manufacturer company publisher 品牌 厂商 车企 公司 制造商",
    "place": "country region market place state city province territory 国家 地区 市场 省份 城市 国家/地区",
    "trim": "trim version variant edition 版本 配置 款型",
    "price": "price msrp cost list-price retail-price 价格 售价 指导价 官方指导价 起售价 定价 零售价",
    "since": "since from effective start-date valid-from launch-date 上市时间 起始日期 生效日期 执行日期",
    "currency": "currency 币种 货币",
    "source": "source link url reference 来源 链接 出处 网址",
    "who": "said-by reported-by according-to 发布方 数据来源 公布方",
    "note": "note notes remark remarks comment 备注 说明",
}
TOTALS = frozenset(["total", "totals", "sum", "subtotal", "overall", "合计", "总计", "小计", "总和", "累计", "all"])
METRICS = {
    "deliveries": "deliveries delivered handover 交付 交付量",
    "orders": "orders ordered 订单 订单量 大定",
    "locked_orders": "locked-orders lock-ins 锁单 锁单量",
    "reservations": "reservations preorders pre-orders 预订 小订 预售订单",
}
SCALES = {
    "100": "hundred hundreds",
    "1000": "thousand thousands k 000s 000 千",
    "10000": "万 萬 ten-thousand",
    "100000": "lakh lakhs",
    "1000000": "million millions mn mio 百万",
    "10000000": "crore crores 千万",
    "100000000": "亿 億",
}
NOT_COUNTED = re.compile(  # a number that is none of what it is told of
    r"\bcancell?(?:ed|ations?)\b|(?<!non-)\brefund(?:s|ed)?\b|\bforecast|\bexpected\b|\bestimate|\bproject(?:ed|ion)"
    r"|\bgrowth\b|\bchanges?\b|\byoy\b|y/y|\bmom\b|\bshare\b|\bratio\b|\bpct\b|\bpercent|%|\baverage\b|\bavg\b|\brank"
    r"|退订[量数]|退单|取消|预测|预计|预期|同比|环比|增速|增长|占比|份额|[日月年人店]均|平均|排名|率",
    re.IGNORECASE,
)
NO_PRICE = re.compile(
    r"\bold (?:price|msrp)|\bprevious|\bformer|\bwas\b|(?<!after )\b(?:cut|reduction|drop|change|difference)s?$"
    r"|原价|旧价|降幅|涨幅|差价|降价(?!后)(?:额|幅度)?$|调价$",
    re.IGNORECASE,
)
TARGET = re.compile(r"target|goal|目标|计划", re.IGNORECASE)
NET = re.compile(r"\bnet\b|net of|净", re.IGNORECASE)
PRICE_TYPES = {
    "deposit": r"deposit|定金|订金",
    "pre_sale_price": r"pre-?\s?sale|预售",
    "subsidy": r"subsid|补贴",
    "trade_in": r"trade-?\s?in|置换",
    "discount": r"discount|折扣",
    "street_price": r"street|market price|成交|市场价",
    "starting_price": r"starting|^from\b|(?<!valid )(?<!effective )\bfrom\s*$|\bentry\b|起售|起步",
}
OFFERS = ("subsidy", "trade_in", "discount", "deposit")
_WITH_AN_OFFER = re.compile(  # a price that is paid with an offer, and no size of one
    r"\bafter\b|\bafter-|\bincl|\bexcl|\bwith(?:out)?\b|\bnet of\b|discounted|后|含", re.IGNORECASE
)
_UNIT = re.compile(r"(?:单位|\bunits?)\s*[:：]\s*(\S.*)", re.IGNORECASE)
_OWN_SCALE = re.compile(r"(?:[万萬亿億千kKmM]|million|thousand|lakh|crore)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_NUMBER = re.compile(
    rf"(?:[^\w\s]{{1,2}}|{MONEY})?\s*-?\d[\d,.'’ ]*\s*(?:[万萬亿億kKmM]|million|thousand)?"
    rf"\s*(?:[%*†‡辆台元人部套家]|units?|cars?|{MONEY})?",
    re.IGNORECASE,
)
_AROUND = re.compile(rf"^(?:{MONEY})\s*|\s*(?:[*†‡辆台元人部套家]|units?|cars?|{MONEY})+$", re.IGNORECASE)
_SINCE_START = re.compile(r"cumul|to date|累计|累積", re.IGNORECASE)
_SINCE_JANUARY = re.compile(r"\bytd\b|year[\s-]to[\s-]date|年累计|年初至|本年累计|年初以来", re.IGNORECASE)
_MONTH = re.compile(r"(\d{1,2})月|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_WEEK = re.compile(r"(\d{4})[-\s]?W(\d{1,2})", re.IGNORECASE)


class ForeignHeader(Struct, frozen=True):
    """The names over the columns, the number of the row below which the data begin, and what each name means."""

    row: int
    names: tuple[str, ...]
    meanings: tuple[str, ...]


def is_number(text: str) -> bool:
    """Whether a text is a number as people write it, and no year."""
    return may_be_number(text) and not _YEAR.fullmatch(text)


def may_be_number(text: str) -> bool:
    """Whether a text is a number as people write it, or a year."""
    return bool(_NUMBER.fullmatch(text.removesuffix(SCALED)))


def bare_number(text: str) -> str:
    """A number without its currency, the word for what it counts, and the mark of a footnote."""
    return _AROUND.sub("", text.strip()).strip()


def is_total(text: str) -> bool:
    """Whether a text calls a row or a column the sum of others."""
    return text.casefold().strip(" :：") in TOTALS


def price_type_of(name: str) -> str:
    """The type of the prices under a name; a list price where it says nothing else."""
    kinds = (kind for kind, words in PRICE_TYPES.items() if re.search(words, name, re.IGNORECASE))
    kind = next(kinds, "list_price")
    if kind in OFFERS and _WITH_AN_OFFER.search(name):
        return "list_price" if kind == "deposit" else "street_price"
    return kind


def has_own_scale(text: str) -> bool:
    """Whether a number is written with its scale, as ``15.9万``."""
    return bool(_OWN_SCALE.search(bare_number(text)))


def unit_told(texts: Iterable[str]) -> str:
    """What lines above a header say of the unit of all numbers."""
    return next((match[1] for text in texts if (match := _UNIT.search(text))), "")


def counts_since_start(name: str) -> bool:
    """Whether a name says that the numbers under it are counted since the start."""
    return bool(_SINCE_START.search(name)) and not counts_since_january(name)


def counts_since_january(name: str) -> bool:
    """Whether a name says that the numbers under it are counted since the start of their year."""
    return bool(_SINCE_JANUARY.search(name))


def period_text(text: str) -> str:
    """A period as ISO 8601 or as a week or quarter; empty where a text is none: ``2024年4月`` is ``2024-04``."""
    plain = text.strip()
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", plain) or _WEEK.fullmatch(plain):
        return plain if _YEAR.fullmatch(plain[:4]) else ""
    if quarter_of(plain):
        return plain
    if _YEAR.fullmatch(plain):
        return plain[:4]
    return time_like(plain) if re.search(r"(?:19|20)\d\d", plain) else ""


def month_number(text: str) -> str:
    """The number of a month named without its year: ``4月`` and ``April`` are ``04``."""
    match = _MONTH.fullmatch(text.strip())
    if not match:
        return ""
    number = int(match[1]) if match[1] else _MONTHS.index(match[2].casefold()) + 1
    return f"{number:02}" if 1 <= number <= 12 else ""


def meaning_of(name: str) -> str:
    """What a name over a column says of it; empty where nothing is likely."""
    from rapidfuzz import fuzz  # only a table that others made needs it

    if period_text(name):
        return "a period"
    if is_no_count(name):
        return ""
    whole, plain = name.casefold().strip(), _IN_BRACKETS.sub(" ", name)
    words = {bare(word) for word in re.split(r"[\s/_-]+", plain)} | {bare(plain)}
    best, most = "", 0.0
    for meaning, known in MEANINGS.items():
        for word in known.split():
            key = bare(word)
            score = fuzz.ratio(bare(plain), key)
            if key in words:
                score = 100 + len(key)
            elif not key.isascii() and key in whole:
                score = 95 + len(key)
            if score > most:
                best, most = meaning, score
    if best == "price" and NO_PRICE.search(name):
        return ""
    return best if most >= LIKE_ENOUGH else ""


def is_no_count(name: str) -> bool:
    """Whether the numbers under a name are none of the counts or prices that it names; a net count is one."""
    return bool(NOT_COUNTED.search(name)) and not NET.search(name)


def metric_of(name: str) -> str:
    """The metric that a name over a column names, if it is one without doubt: sales may be orders or deliveries."""
    found = [metric for metric, words in METRICS.items() if any(bare(word) in bare(name) for word in words.split())]
    return max(found, key=len) if found and not is_no_count(name) else ""


def scale_of(name: str) -> str:
    """What the numbers under a name are to be multiplied with, as the name says: ``销量(万辆)`` is 10000."""
    inside = " ".join(_IN_BRACKETS.findall(name)) or name
    known = [(word, scale) for scale, words in SCALES.items() for word in words.split()]
    for word, scale in sorted(known, key=lambda one: -len(one[0])):
        if not word.isascii() and word in inside:
            return scale
        if word.isascii() and re.search(rf"(?<![a-z0-9]){word}(?![a-z])", inside.casefold()):
            return scale
    return "1"


def header_of(sheet: RawSheet) -> ForeignHeader | None:
    """The header of a sheet: the row that names most columns above rows of numbers; two rows where one lies over it."""
    best: ForeignHeader | None = None
    most = 0.0
    for index, (number, texts) in enumerate(sheet.rows[:MOST_ABOVE]):
        below = sheet.rows[index + 1 : index + 6]
        if not below or sum(bool(text) for text in texts) < 2:
            continue
        candidates = [(number, texts, below)]
        if len(sheet.rows) > index + 2:
            second, deeper = sheet.rows[index + 1], sheet.rows[index + 2 : index + 7]
            if "" in texts[1:] and not any(is_number(text) for text in second[1]):
                candidates.append((second[0], _stacked(texts, second[1]), deeper))
        for row, names, rows in candidates:
            score = _score(names, [cells for _, cells in rows])
            if score > most:
                best, most = ForeignHeader(row, names, tuple(map(meaning_of, names))), score
    return best


def _stacked(above: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Two header rows as one: a name above stands over the columns to its right until the next."""
    found, over = [], ""
    for index in range(max(len(above), len(names))):
        over = (above[index] if index < len(above) else "") or over
        name = names[index] if index < len(names) else ""
        found.append(f"{over} {name}".strip() if name and over != name else name or over)
    return tuple(found)


def _score(names: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """How well names fit as a header: what they mean, and that there are numbers below and none among them."""
    meant = sum(bool(meaning_of(name)) for name in names if name)
    with_numbers = sum(
        any(may_be_number(row[index]) for row in rows if index < len(row))
        for index in range(len(names))
        if names[index]
    )
    numbers_above = sum(is_number(name) and not period_text(name) for name in names)
    return 2 * meant + with_numbers - 3 * numbers_above if with_numbers else 0
