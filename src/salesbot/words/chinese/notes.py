"""Caveats, what is missing, and why a fact does not count, in Chinese."""

from __future__ import annotations

from collections.abc import Callable

from salesbot.answers import Answer, Figure, PassedOver
from salesbot.answers import notes as n
from salesbot.errors import Message
from salesbot.values.moment import utc_text
from salesbot.values.quantity import Quantity
from salesbot.words.chinese.dates import days, end_of, ended, last_day, stated_text, zone_name
from salesbot.words.chinese.numbers import currency, money
from salesbot.words.chinese.terms import (
    ORDERS,
    REASONS,
    change_text,
    gap,
    in_quotes,
    listed,
    named,
    teller,
    term_name,
    value,
)
from salesbot.words.choosing import differ_in_time

VERDICTS = {"agrees": "相符", "partly": "部分相符", "disagrees": "不符", "cannot tell": "无法判断"}


def passed_over(passed: PassedOver) -> str:
    """A fact that does not count, and why."""
    figure = passed.figure
    by = f"{'、'.join(map(teller, figure.said_by))}所说的" if figure.said_by else ""
    return f"{by}{named(figure)}（{figure.id}）不计：{REASONS[passed.reason]}"


Cite = Callable[..., str]


def cited(*ids: str) -> str:
    """Rows, beside what is said of them."""
    return f"（{'、'.join(ids)}）"


def not_cited(*_: str) -> str:
    """Nothing, where rows are not named."""
    return ""


def note_text(note: n.Note, answer: Answer, message: Callable[[Message], str], cite: Cite = cited) -> str:
    """One caveat, or one thing that is missing, as a sentence; ``cite`` writes the rows it is about."""
    text = (
        _of_counts(note, answer, cite)
        or _of_prices(note, answer, cite)
        or _of_times(note, cite)
        or _of_claims(note, message, cite)
    )
    if text is None:
        raise TypeError(type(note).__name__)
    return text


def _of_counts(note: n.Note, answer: Answer, cite: Cite) -> str | None:
    match note:
        case n.StoresOutsideSpan():
            held = days(note.valid_from, note.valid_to) or "统计日期不明"
            asked = end_of(note.asked)
            return f"{named(answer.figure(note.figure))}：{held}统计，作为{asked}最接近的数字{cite(note.figure)}"
        case n.StoresOfBrand():
            return f"门店数是整个品牌的，不是这次发布的{cite(note.figure)}"
        case n.NotGross():
            return f"上下限依据的数字可能已扣除退订{cite(*note.figures)}，所以两者之间可能回落"
        case n.CountFell():
            fell = "到".join(value(answer.figure(id)) for id in (note.earlier, note.later))
            return f"{term_name(note.metric)}的报道从{fell}下降{cite(note.earlier, note.later)}，其间不能作为上下限"
        case n.BoundDoubtful():
            figure, other = answer.figure(note.figure), answer.figure(note.other)
            when = "之后" if differ_in_time(figure, other) else "同一时间"
            told = f"{term_name(note.metric)}的界限依据{value(figure)}{cite(note.figure)}"
            return f"{told}，而{when}也有{value(other)}的报道{cite(note.other)}"
        case n.NoFigure():
            needs = f"；有当时的{listed(map(term_name, note.needs))}就能得出" if note.needs else ""
            return f"{'这段时间' if note.is_of_period else '当时'}没有{term_name(note.metric)}的数字{needs}"
        case n.ReadingsDiffer():
            told = listed(f"按{term_name(name)}理解{VERDICTS[verdict]}" for name, verdict in note.verdicts)
            return f"有一个数字没有说明统计口径{cite(note.figure)}：{told}"
        case n.PartsNotSummed():
            unknown = f"；{listed(note.unknown)}未知" if note.unknown else ""
            why = "没有说它们构成整体" if note.are_of_one_moment else "它们的截止时间不同"
            why = why if note.are_alike else "它们的统计口径不同（起点、退订或版本）"
            return f"只列出各地的数字，不求和，因为{why}：{listed(note.places)}{unknown}"
        case n.PlaceNotKnown():
            return f"构成整体的{note.count}个部分中已知{note.known}个"
        case n.OtherSeries():
            figure = answer.figure(note.figure)
            return f"{named(figure)}{cite(figure.id)}：只从{stated_text(note.start)}起统计，不是从开订起"
        case n.PastLast():
            last = answer.figure(note.last)
            return f"这晚于{term_name(note.metric)}的最后一次报道{value(last)}{cite(note.last)}；没有上限"
        case n.OtherMetrics():
            return f"还有{listed(map(term_name, note.metrics))}的数字：加上 metric 可查看"
        case n.Contradiction():
            return _contradiction(note, answer)
        case n.NoOpening():
            return f"{note.name}：开订的时刻不明，所以无法计算开订后的时间"
        case n.DifferenceUnknown():
            return f"{listed(note.names)}相差多少不明：只有一方的价格已知"
        case n.NothingAlike():
            return "同类才能比较；现有的是：" + _alike(note)
        case n.NetBesideGross():
            what = term_name(note.metric)
            return f"{listed(note.net)}的{what}扣除了退订，{listed(note.gross)}的没有：不能相比"
        case n.MarketsDiffer():
            return "市场不同：" + listed(f"{name}在{market}" for name, market in note.markets)
        case n.YourNumbers():
            return f"{listed(map(term_name, note.names))}：是你给的数字，不是事实"
    return None


def _contradiction(note: n.Contradiction, answer: Answer) -> str:
    figure = answer.figure(note.figure)
    if note.other is None:
        return f"{named(figure)}超过全部：数据互相矛盾"
    other = answer.figure(note.other)
    with_date, with_start = differ_in_time(figure, other), figure.series_from != other.series_from
    part, whole = (_counted(one, with_date=with_date, with_start=with_start) for one in (figure, other))
    if "asked" in (figure.basis, other.basis):
        return f"你的数字与数据矛盾：{part}多于{whole}"
    return f"数据互相矛盾：{part}多于{whole}"


def _counted(figure: Figure, *, with_date: bool, with_start: bool) -> str:
    of = f"{figure.place or figure.variant}的" if figure.place or figure.variant else ""
    net = "（扣除退订）" if figure.is_net else ""
    date = f"{ended(figure.as_of)}，" if with_date and figure.as_of else ""
    since = f"自{stated_text(figure.series_from)}起，" if with_start and figure.series_from else ""
    return f"{date}{since}{of}{named(figure)}{net}"


def _alike(note: n.NothingAlike) -> str:
    if note.metrics:
        told = ((name, listed(map(term_name, metrics)) or "没有累计数字") for name, metrics in note.metrics)
    else:
        prices = (
            (name, "，".join(f"{term_name(kind)}（{region}，{currency(unit).strip()}）" for kind, region, unit in has))
            for name, has in note.prices
        )
        told = ((name, has or "当天没有价格") for name, has in prices)
    return "；".join(f"{name}：{has}" for name, has in told)


def _of_prices(note: n.Note, answer: Answer, cite: Cite) -> str | None:
    match note:
        case n.AnnouncedBefore():
            when = stated_text(note.announced)
            return f"{listed(note.subjects)}在{when}宣布，早于{note.before}，所以不是对之后任何事的回应"
        case n.DayUnknown():
            return f"{note.subject}：具体日期不明，只知{stated_text(note.stated)}"
        case n.SameDay():
            return f"{note.subject}：与事件同一天，谁先谁后不明"
        case n.EndUnknown():
            since = f"{stated_text(note.since)}之后" if note.since else "之后"
            return f"{listed(note.subjects)}：没有来源说明何时结束，{since}可能已变"
        case n.Ended():
            return f"{note.subject}：这个价格到{last_day(note.valid_to)}为止，之后的价格没有记录"
        case n.SinceUnknown():
            listed_on = f"（{stated_text(note.listed)}挂出）" if note.listed else ""
            return f"{note.subject}：从何时起不明{listed_on}"
        case n.LevelUnknown():
            return _level_unknown(note, answer)
        case n.Disputed():
            told = "；".join(_told(kind, change) + cite(*ids) for kind, ids, change in note.told)
            if len(note.told) == 1:
                return f"{note.subject}：变动幅度与前后价格不符：{told}"
            return f"{note.subject}：各来源对这次变动说法不同：{told}"
        case n.PreviousOnly():
            return f"{note.subject}：最早的价格只知道是变动前的价格，从何时起不明"
        case n.PreviousDiffers():
            told = f"{note.subject}：{stated_text(note.at)}的变动据说从{money(note.previous)}开始{cite(note.figure)}"
            return f"{told}，而此前的价格是{money(note.before)}：中间缺一次变动，或其中一个数字有误"
        case n.ChangeOfEvery():
            if note.of == "some trim":
                return f"{note.subject}：按一次未说明版本的变动计算{cite(note.row)}，可能是别的版本"
            if note.of == "some price":
                return f"{note.subject}：按一次变动计算{cite(note.row)}，它可能属于限时价，也可能属于之后恢复的价格"
            every = "所有车型" if note.of == "model" else "所有版本"
            return f"{note.subject}：按{every}共同的变动计算{cite(note.row)}"
        case n.PricesDiffer():
            told = "、".join(f"{money(price)}{cite(id)}" for id, price in note.told)
            return f"{note.subject}：同一时间的报道不一致：{told}；不取其一"
        case n.ChangeOfSome():
            return f"{note.subject}：这次变动可能属于限时价，也可能属于之后恢复的价格"
        case n.MoveOrderUnknown():
            return f"{note.subject}：{stated_text(note.at)}的变动与另一次谁先谁后不明，幅度包含两种情况"
        case n.OrderUnknown():
            told = f"{stated_text(note.other_since)}起的{money(note.other)}"
            return f"{note.subject}：{told}与{stated_text(note.since)}起的这个价格，谁先谁后不明"
        case n.ForEvery():
            if not note.is_stated:
                return f"{note.subject}：未说明是哪个版本{cite(note.figure)}"
            return f"{note.subject}：适用于所有版本{cite(note.figure)}"
        case n.ToldBy():
            return (
                f"{note.subject}：{listed(map(teller, note.said_by)) or '较弱的来源'}所说，可靠程度低于之前价格的来源"
            )
    return None


def _level_unknown(note: n.LevelUnknown, answer: Answer) -> str:
    since = f"{stated_text(note.since)}起" if note.since else ""
    how = "变动前的价格不明" if note.is_size_known else "变动幅度不明"
    if not note.figure:
        return f"{note.subject}：{since}{how}，所以价格不明"
    last = answer.figure(note.figure)
    until = f"（{days(last.valid_from, last.valid_to)}）" if last.valid_from or last.valid_to else ""
    return f"{note.subject}：{since}{how}，此后的价格不明；最近已知的是{value(last)}{until}"


def _told(kind: str, change: Quantity | None) -> str:
    """How a source tells a move."""
    size = f"变动{change_text(change)}" if change is not None and not change.is_open else ""
    return f"作为{term_name(kind)}{size}"


def _of_times(note: n.Note, cite: Cite) -> str | None:
    match note:
        case n.ZoneAmbiguous():
            zones = listed(tuple(map(zone_name, note.zones)))
            return f"「{note.stated}」有多种理解：{zones}；每一种都计算在内，没有选定"
        case n.ClockTwice():
            return f"「{note.stated}」在{zone_name(note.zone)}出现两次（时钟回拨）；两次都计算在内"
        case n.ZoneMissing():
            return f"「{note.stated}」没有时区，所以把全球所有时区都计算在内（−12:00 至 +14:00）"
        case n.PostIdRead():
            seconds, rest = divmod(note.milliseconds, 1000)
            at = utc_text(seconds).replace("T", " ").removesuffix("Z")
            return f"「{note.stated}」按其在 {note.site} 的编号发布于 {at}.{rest:03} UTC"
        case n.AlsoTimed():
            by = gap(note.relation) if note.relation.least is not None else ""
            return f"另一来源的时间{cite(note.event)}（{zone_name(note.zone)}）：{ORDERS[note.relation.order]}{by}"
        case n.AnnouncedFirst():
            told = f"它在{in_quotes(note.other)}之前就已宣布：{in_quotes(note.name)}，{stated_text(note.at)}"
            return f"{told}{cite(note.event)}，所以宣布的内容不可能是回应"
        case n.OverlapInTime():
            first, second = in_quotes(note.first), in_quotes(note.second)
            return f"{first}和{second}的时间有重叠；有更精确的时间或时区才能判断"
    return None


def _of_claims(note: n.Note, message: Callable[[Message], str], cite: Cite) -> str | None:
    match note:
        case n.NoLine():
            if note.kind == "unverifiable":
                return f"现有数字都无法判断{cite(note.claim)}"
            return f"没有可据以判断的数字{cite(note.claim)}；需要补一行数据，并在 claims.csv 中写明"
        case n.LineFailed():
            return f"没有答案（{message(note.error)}）{cite(note.claim, note.line)}"
        case n.OnlyFits():
            return f"所说的数字与数据不矛盾，但数据并未证实它{cite(note.line)}"
    return None
