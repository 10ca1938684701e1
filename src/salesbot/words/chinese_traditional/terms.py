# Made from words/chinese by `make traditional`: change those, never this file.
"""The words of the trade in Chinese, measure words, and how figures and sources are written."""

from __future__ import annotations

from collections.abc import Iterable

from salesbot.answers import Figure
from salesbot.answers.results import TimelineSide
from salesbot.facts import Source
from salesbot.values.moment import Relation
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import SourceLine, clock
from salesbot.words.chinese_traditional.dates import stated_text, utc, with_zone
from salesbot.words.chinese_traditional.numbers import ABOUT, amount, money, percent, signed, span

LONGEST_PUBLISHER = 30
METRICS = {
    "orders": "大定",
    "locked_orders": "鎖單",
    "reservations": "小訂",
    "deliveries": "交付",
    "orders_per_store": "單店訂單",
    "lock_in_rate": "鎖單率",
    "cancellation_rate": "退訂率",
    "sales_stores": "銷售門店",
    "display_stores": "展示門店",
    "cities": "城市",
    "unstated": "（未說明統計標準）",
    "list_price": "官方指導價",
    "msrp": "建議零售價",
    "starting_price": "起售價",
    "street_price": "成交價",
    "pre_sale_price": "預售價",
    "limited_time_offer": "限時優惠",
    "discount": "優惠",
    "subsidy": "補貼",
    "trade_in": "置換",
    "deposit": "定金",
    "benefit": "權益",
    "pace": "速度",
    "difference": "差",
    "net": "淨變動",
    "cuts": "降價",
    "rises": "漲價",
}
MEASURES = {
    "orders": "單",
    "locked_orders": "單",
    "reservations": "單",
    "deliveries": "台",
    "orders_per_store": "單/店",
    "sales_stores": "家",
    "display_stores": "家",
    "cities": "座",
    "cuts": "次",
    "rises": "次",
}
MARKS = {"agrees": "✓", "partly": "≈", "disagrees": "✗", "cannot tell": "?"}
REASONS = {
    "denied": "已被否認",
    "rumour": "屬於傳聞",
    "target": "屬於目標",
    "superseded": "已被修訂",
    "known bad": "來源已知不可靠",
    "not the maker": "廠商自己給出過數字",
    "weaker source": "更可靠的來源說法不同",
    "farther in time": "另一次統計的時間更近",
    "no time": "統計時間不明",
}
GRADES = {"A": "廠商、通訊社或產業媒體", "B": "媒體", "C": "轉載或未署名", "D": "已知不可靠"}
STATUSES = {"denied": "已否認", "rumour": "傳聞", "target": "目標", "revised": "已修訂", "reported": "報導"}
CHANGES = {
    "cut": "降價",
    "rise": "漲價",
    "unchanged": "未變",
    "disputed": "說法不一",
    "offer": "優惠",
    "offer ended": "優惠結束",
    "subsidy": "補貼",
    "first price": "首次定價",
    "new variant": "新版本",
}
ORDERS = {"before": "早", "after": "晚", "same": "同時", "cannot tell": "無法判斷"}
PRESS = {"press": "媒體", "article": "文章", "netizen": "網友", "forum note": "論壇貼文"}


def term_name(name: str) -> str:
    """A metric or price type by its name for people."""
    return METRICS.get(name) or name.replace("_", " ").replace("-", " ")


def value(figure: Figure) -> str:
    """A figure's number with its money or percent sign, without measure and name."""
    if figure.quantity.unit == "ratio" and not figure.quantity.is_unknown:
        return percent(figure.quantity)
    return money(figure.quantity) if figure.is_money else amount(figure.quantity)


def counted(figure: Figure) -> str:
    """A figure's number with its measure word: ``88,898單``."""
    return f"{value(figure)}{'' if figure.is_money else MEASURES.get(figure.name, '')}"


def named(figure: Figure) -> str:
    """A figure with its name: ``大定88,898單``; one of no stated kind by its number alone."""
    if figure.name == "unstated":
        return f"{value(figure)}{term_name(figure.name)}"
    return f"{term_name(figure.name)}{counted(figure)}"


def term_value(figure: Figure) -> str:
    """A figure as a summand; a change of a price with its sign."""
    if figure.change is not None:
        return change_text(figure.quantity)
    return value(figure)


def change_text(change: Quantity) -> str:
    """A change with its sign, without its unit."""
    if change.low is None or change.high is None:
        return "幅度不明"
    return signed(change.low) if change.low == change.high else f"{signed(change.low)}至{signed(change.high)}"


def term(figure: Figure) -> str:
    """A figure as a factor of a product."""
    net = "（扣除退訂）" if figure.is_net and figure.basis == "reported" else ""
    return value(figure) if figure.quantity.unit == "ratio" else f"{counted(figure)}{net}"


def without_about(text: str) -> str:
    """A number without the word that says it is one of about that much."""
    return text.removeprefix(ABOUT)


def briefly(figure: Figure) -> str:
    """A figure inside a sentence: whose it is, and its number."""
    number = without_about(value(figure))
    if figure.role in ("reading", "report"):
        return f"{who(figure)}所說的{number}"
    return f"推算的{number}"


def who(figure: Figure) -> str:
    """Who gave a figure."""
    return listed(teller(name) for name in figure.said_by) or "另一來源"


def teller(name: str) -> str:
    """Somebody who says something; those who are no names, in Chinese."""
    return PRESS.get(name, name)


def in_quotes(name: str) -> str:
    """A name in Chinese quotes."""
    return f"「{name}」"


def listed(parts: Iterable[str]) -> str:
    """``甲``, ``甲和乙``, ``甲、乙和丙``."""
    texts = list(parts)
    if len(texts) < 2:
        return "".join(texts)
    return "、".join(texts[:-1]) + "和" + texts[-1]


def gap(relation: Relation) -> str:
    """The least and the greatest distance of two moments."""
    least, most = span(relation.least or 0), span(relation.most or 0)
    return least if least == most else f"{least}至{most}"


def three_clocks(side: TimelineSide) -> str:
    """A moment as stated, in UTC, and on the reader's clock."""
    moment = side.moment
    stated = with_zone(stated_text(moment.stated), side.zone)
    if moment.is_instant:
        return f"{stated} · {utc(moment.earliest)} · {clock(moment.earliest)}"
    return f"{stated} · {utc(moment.earliest)}至{utc(moment.latest)} · {clock(moment.earliest)}至{clock(moment.latest)}"


def source_line(source: Source) -> SourceLine:
    """A source; its address only where it may be linked."""
    when = f"，{stated_text(source.published)}" if source.published else ""
    url = source.url if source.link == "yes" and source.grade in "AB" else None
    text = f"{source.publisher}：{source.title}{when}（{source.grade}級）"
    return SourceLine(source.id, source.publisher.partition(" (")[0][:LONGEST_PUBLISHER], text, url, source.grade)
