"""Timeline and source questions in Chinese."""

from __future__ import annotations

from salesbot.answers.answer import EventsResult, SourceResult, TimelineResult, WhenResult
from salesbot.answers.results import ListedEvent
from salesbot.words.answer_text import FigureLine
from salesbot.words.chinese.dates import between, stated_text, utc, with_zone, zone_name
from salesbot.words.chinese.terms import GRADES, ORDERS, gap, in_quotes, three_clocks

KINDS = {
    "orders": "数量",
    "prices": "价格",
    "stores": "门店",
    "events": "事件",
    "claims": "说法",
    "launches": "发布",
}


def headline(result: TimelineResult, *, is_announced: bool = False) -> str:
    """Which came first; ``is_announced`` says that the first was announced before the second."""
    if result.is_gap:
        return gap_headline(result)
    first, second = in_quotes(result.first.name), in_quotes(result.second.name)
    match result.relation.order:
        case "before":
            return f"之前，早{gap(result.relation)}：{first}在先，所以不可能是对{second}的回应"
        case "after":
            if is_announced:
                return f"之后，晚{gap(result.relation)}：{first}在后，但在{second}之前就已宣布"
            return f"之后，晚{gap(result.relation)}：{first}在后，所以可能是对{second}的回应，但仅此而已"
        case "same":
            return f"同一时刻：{first}和{second}，谁也不可能是对另一件的回应"
    return f"无法判断先后：{first}还是{second}"


def gap_headline(result: TimelineResult) -> str:
    first, second, order = in_quotes(result.first.name), in_quotes(result.second.name), result.relation.order
    calendar = result.calendar
    word = {"before": "早", "after": "晚"}.get(order, "")
    if calendar is not None and (order == "cannot tell" or result.is_told_in_days):
        parts = [(calendar.years, "年"), (calendar.months, "个月"), (calendar.days, "天")]
        named = "".join(f"{number}{unit}" for number, unit in parts if number)
        total = f"{calendar.total_days:,}天"
        distance = f"{total}（{named}）" if calendar.total_days > 27 else total
        if order == "cannot tell":
            return f"按所述日期相差{distance}；{first}和{second}谁先无法判断"
        return f"按所述日期，{first}比{second}{word}{distance}"
    if order == "cannot tell":
        return f"{first}和{second}相隔多久无法判断：时间有重叠"
    if order == "same":
        return f"{first}和{second}是同一时刻"
    return f"{first}比{second}{word}{gap(result.relation)}"


def lead(result: TimelineResult) -> str:
    """Both times on three clocks, then each reading of an ambiguous one."""
    lines = [f"{in_quotes(side.name)}：{three_clocks(side)}" for side in (result.first, result.second)]
    several = len({reading.first.zone for reading in result.readings}) > 1
    for reading in result.readings:
        zone = zone_name((reading.first if several else reading.second).zone)
        order = reading.relation.order
        lines.append(f"按{zone}理解：{ORDERS[order]}" + (gap(reading.relation) if order in ("before", "after") else ""))
    return "\n".join(lines)


def when_headline(result: WhenResult) -> str:
    side = result.side
    if not side.id:
        return three_clocks(side)
    return f"{in_quotes(side.name)}：{with_zone(stated_text(side.moment.stated), side.zone)}"


def when_lead(result: WhenResult) -> str:
    """The moment on three clocks, and each reading of an ambiguous one."""
    lines = [] if result.side.id is None else [three_clocks(result.side)]
    readings = result.side.moment.readings
    if len(readings) > 1:
        for reading in readings:
            until = f"至{utc(reading.latest)}" if reading.latest != reading.earliest else ""
            lines.append(f"按{zone_name(reading.zone)}理解：{utc(reading.earliest)}{until}")
    return "\n".join(lines)


def events_headline(result: EventsResult) -> str:
    by = f"{result.who}" if result.who else ""
    since = stated_text(result.since) if result.since else ""
    until = stated_text(result.until) if result.until else ""
    when = f"{'，' if by else ''}{between(since, until)}" if since or until else ""
    count = len(result.events)
    return f"{by}{when}：{count}个事件" if count else f"{by}{when}：没有事件的记录"


def event_line(event: ListedEvent) -> FigureLine:
    """An event of a list."""
    side = event.side
    detail = "；".join(filter(None, ("、".join(event.who), zone_name(side.zone), side.id)))
    return FigureLine(stated_text(side.moment.stated), side.name, detail)


def source_headline(result: SourceResult) -> str:
    return f"{result.source.id}：{result.source.title}（{result.source.publisher}）"


def source_lead(result: SourceResult) -> str:
    """What is known of the source, and what rests on it."""
    lines = about_source(result)
    kinds: dict[str, list[str]] = {}
    for kind, fact in result.cited_by:
        kinds.setdefault(kind, []).append(fact)
    lines += [f"{KINDS.get(kind, kind)}{len(ids)}条：{'、'.join(ids)}" for kind, ids in kinds.items()]
    return "\n".join(lines if kinds else [*lines, "没有数据引用它"])


def about_source(result: SourceResult) -> list[str]:
    """What is known of a source."""
    source = result.source
    linked = "附链接" if source.link == "yes" else "仅署名，不附链接"
    lines = [f"{source.grade}级（{GRADES[source.grade]}），{linked}"]
    if source.published:
        lines.append(f"发布于{stated_text(source.published)}")
    if source.url and source.link != "yes":
        lines.append(f"地址：{source.url}")
    if source.note:
        lines.append(source.note)
    return lines
