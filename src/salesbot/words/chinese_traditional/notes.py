# Made from words/chinese by `make traditional`: change those, never this file.
"""Caveats, what is missing, and why a fact does not count, in Chinese."""

from __future__ import annotations

from collections.abc import Callable

from salesbot.answers import Answer, Figure, PassedOver
from salesbot.answers import notes as n
from salesbot.errors import Message
from salesbot.values.moment import utc_text
from salesbot.values.quantity import Quantity
from salesbot.words.chinese_traditional.dates import days, end_of, ended, last_day, stated_text, zone_name
from salesbot.words.chinese_traditional.numbers import currency, money
from salesbot.words.chinese_traditional.terms import (
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

VERDICTS = {"agrees": "相符", "partly": "部分相符", "disagrees": "不符", "cannot tell": "無法判斷"}


def passed_over(passed: PassedOver) -> str:
    """A fact that does not count, and why."""
    figure = passed.figure
    by = f"{'、'.join(map(teller, figure.said_by))}所說的" if figure.said_by else ""
    return f"{by}{named(figure)}（{figure.id}）不計：{REASONS[passed.reason]}"


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
            held = days(note.valid_from, note.valid_to) or "統計日期不明"
            asked = end_of(note.asked)
            return f"{named(answer.figure(note.figure))}：{held}統計，作為{asked}最接近的數字{cite(note.figure)}"
        case n.StoresOfBrand():
            return f"門店數是整個品牌的，不是這次發布的{cite(note.figure)}"
        case n.NotGross():
            return f"上下限依據的數字可能已扣除退訂{cite(*note.figures)}，所以兩者之間可能回落"
        case n.CountFell():
            fell = "到".join(value(answer.figure(id)) for id in (note.earlier, note.later))
            return f"{term_name(note.metric)}的報導從{fell}下降{cite(note.earlier, note.later)}，其間不能作為上下限"
        case n.BoundDoubtful():
            figure, other = answer.figure(note.figure), answer.figure(note.other)
            when = "之後" if differ_in_time(figure, other) else "同一時間"
            told = f"{term_name(note.metric)}的界限依據{value(figure)}{cite(note.figure)}"
            return f"{told}，而{when}也有{value(other)}的報導{cite(note.other)}"
        case n.NoFigure():
            needs = f"；有當時的{listed(map(term_name, note.needs))}就能得出" if note.needs else ""
            return f"{'這段時間' if note.is_of_period else '當時'}沒有{term_name(note.metric)}的數字{needs}"
        case n.ReadingsDiffer():
            told = listed(f"按{term_name(name)}理解{VERDICTS[verdict]}" for name, verdict in note.verdicts)
            return f"有一個數字沒有說明統計標準{cite(note.figure)}：{told}"
        case n.PartsNotSummed():
            unknown = f"；{listed(note.unknown)}未知" if note.unknown else ""
            why = "沒有說它們構成整體" if note.are_of_one_moment else "它們的截止時間不同"
            why = why if note.are_alike else "它們的統計標準不同（起點、退訂或版本）"
            return f"只列出各地的數字，不求和，因為{why}：{listed(note.places)}{unknown}"
        case n.PlaceNotKnown():
            return f"構成整體的{note.count}個部分中已知{note.known}個"
        case n.OtherSeries():
            figure = answer.figure(note.figure)
            return f"{named(figure)}{cite(figure.id)}：只從{stated_text(note.start)}起統計，不是從開訂起"
        case n.PastLast():
            last = answer.figure(note.last)
            return f"這晚於{term_name(note.metric)}的最後一次報導{value(last)}{cite(note.last)}；沒有上限"
        case n.OtherMetrics():
            return f"還有{listed(map(term_name, note.metrics))}的數字：加上 metric 可查看"
        case n.Contradiction():
            return _contradiction(note, answer)
        case n.NoOpening():
            return f"{note.name}：開訂的時刻不明，所以無法計算開訂後的時間"
        case n.DifferenceUnknown():
            return f"{listed(note.names)}相差多少不明：只有一方的價格已知"
        case n.NothingAlike():
            return "同類才能比較；現有的是：" + _alike(note)
        case n.NetBesideGross():
            what = term_name(note.metric)
            return f"{listed(note.net)}的{what}扣除了退訂，{listed(note.gross)}的沒有：不能相比"
        case n.MarketsDiffer():
            return "市場不同：" + listed(f"{name}在{market}" for name, market in note.markets)
        case n.YourNumbers():
            return f"{listed(map(term_name, note.names))}：是你給的數字，不是事實"
    return None


def _contradiction(note: n.Contradiction, answer: Answer) -> str:
    figure = answer.figure(note.figure)
    if note.other is None:
        return f"{named(figure)}超過全部：資料互相矛盾"
    other = answer.figure(note.other)
    with_date, with_start = differ_in_time(figure, other), figure.series_from != other.series_from
    part, whole = (_counted(one, with_date=with_date, with_start=with_start) for one in (figure, other))
    if "asked" in (figure.basis, other.basis):
        return f"你的數字與資料矛盾：{part}多於{whole}"
    return f"資料互相矛盾：{part}多於{whole}"


def _counted(figure: Figure, *, with_date: bool, with_start: bool) -> str:
    of = f"{figure.place or figure.variant}的" if figure.place or figure.variant else ""
    net = "（扣除退訂）" if figure.is_net else ""
    date = f"{ended(figure.as_of)}，" if with_date and figure.as_of else ""
    since = f"自{stated_text(figure.series_from)}起，" if with_start and figure.series_from else ""
    return f"{date}{since}{of}{named(figure)}{net}"


def _alike(note: n.NothingAlike) -> str:
    if note.metrics:
        told = ((name, listed(map(term_name, metrics)) or "沒有累計數字") for name, metrics in note.metrics)
    else:
        prices = (
            (name, "，".join(f"{term_name(kind)}（{region}，{currency(unit).strip()}）" for kind, region, unit in has))
            for name, has in note.prices
        )
        told = ((name, has or "當天沒有價格") for name, has in prices)
    return "；".join(f"{name}：{has}" for name, has in told)


def _of_prices(note: n.Note, answer: Answer, cite: Cite) -> str | None:
    match note:
        case n.AnnouncedBefore():
            when = stated_text(note.announced)
            return f"{listed(note.subjects)}在{when}宣布，早於{note.before}，所以不是對之後任何事的回應"
        case n.DayUnknown():
            return f"{note.subject}：具體日期不明，只知{stated_text(note.stated)}"
        case n.SameDay():
            return f"{note.subject}：與事件同一天，誰先誰後不明"
        case n.EndUnknown():
            since = f"{stated_text(note.since)}之後" if note.since else "之後"
            return f"{listed(note.subjects)}：沒有來源說明何時結束，{since}可能已變"
        case n.Ended():
            return f"{note.subject}：這個價格到{last_day(note.valid_to)}為止，之後的價格沒有紀錄"
        case n.SinceUnknown():
            listed_on = f"（{stated_text(note.listed)}掛出）" if note.listed else ""
            return f"{note.subject}：從何時起不明{listed_on}"
        case n.LevelUnknown():
            return _level_unknown(note, answer)
        case n.Disputed():
            told = "；".join(_told(kind, change) + cite(*ids) for kind, ids, change in note.told)
            if len(note.told) == 1:
                return f"{note.subject}：變動幅度與前後價格不符：{told}"
            return f"{note.subject}：各來源對這次變動說法不同：{told}"
        case n.PreviousOnly():
            return f"{note.subject}：最早的價格只知道是變動前的價格，從何時起不明"
        case n.PreviousDiffers():
            told = f"{note.subject}：{stated_text(note.at)}的變動據說從{money(note.previous)}開始{cite(note.figure)}"
            return f"{told}，而此前的價格是{money(note.before)}：中間缺一次變動，或其中一個數字有誤"
        case n.ChangeOfEvery():
            if note.of == "some trim":
                return f"{note.subject}：按一次未說明版本的變動計算{cite(note.row)}，可能是別的版本"
            if note.of == "some price":
                return f"{note.subject}：按一次變動計算{cite(note.row)}，它可能屬於限時價，也可能屬於之後恢復的價格"
            every = "所有車型" if note.of == "model" else "所有版本"
            return f"{note.subject}：按{every}共同的變動計算{cite(note.row)}"
        case n.PricesDiffer():
            told = "、".join(f"{money(price)}{cite(id)}" for id, price in note.told)
            return f"{note.subject}：同一時間的報導不一致：{told}；不取其一"
        case n.ChangeOfSome():
            return f"{note.subject}：這次變動可能屬於限時價，也可能屬於之後恢復的價格"
        case n.MoveOrderUnknown():
            return f"{note.subject}：{stated_text(note.at)}的變動與另一次誰先誰後不明，幅度包含兩種情況"
        case n.OrderUnknown():
            told = f"{stated_text(note.other_since)}起的{money(note.other)}"
            return f"{note.subject}：{told}與{stated_text(note.since)}起的這個價格，誰先誰後不明"
        case n.ForEvery():
            if not note.is_stated:
                return f"{note.subject}：未說明是哪個版本{cite(note.figure)}"
            return f"{note.subject}：適用於所有版本{cite(note.figure)}"
        case n.ToldBy():
            return (
                f"{note.subject}：{listed(map(teller, note.said_by)) or '較弱的來源'}所說，可靠程度低於之前價格的來源"
            )
    return None


def _level_unknown(note: n.LevelUnknown, answer: Answer) -> str:
    since = f"{stated_text(note.since)}起" if note.since else ""
    how = "變動前的價格不明" if note.is_size_known else "變動幅度不明"
    if not note.figure:
        return f"{note.subject}：{since}{how}，所以價格不明"
    last = answer.figure(note.figure)
    until = f"（{days(last.valid_from, last.valid_to)}）" if last.valid_from or last.valid_to else ""
    return f"{note.subject}：{since}{how}，此後的價格不明；最近已知的是{value(last)}{until}"


def _told(kind: str, change: Quantity | None) -> str:
    """How a source tells a move."""
    size = f"變動{change_text(change)}" if change is not None and not change.is_open else ""
    return f"作為{term_name(kind)}{size}"


def _of_times(note: n.Note, cite: Cite) -> str | None:
    match note:
        case n.ZoneAmbiguous():
            zones = listed(tuple(map(zone_name, note.zones)))
            return f"「{note.stated}」有多種理解：{zones}；每一種都計算在內，沒有選定"
        case n.ClockTwice():
            return f"「{note.stated}」在{zone_name(note.zone)}出現兩次（時鐘回撥）；兩次都計算在內"
        case n.ZoneMissing():
            return f"「{note.stated}」沒有時區，所以把全球所有時區都計算在內（−12:00 至 +14:00）"
        case n.PostIdRead():
            seconds, rest = divmod(note.milliseconds, 1000)
            at = utc_text(seconds).replace("T", " ").removesuffix("Z")
            return f"「{note.stated}」按其在 {note.site} 的編號發布於 {at}.{rest:03} UTC"
        case n.AlsoTimed():
            by = gap(note.relation) if note.relation.least is not None else ""
            return f"另一來源的時間{cite(note.event)}（{zone_name(note.zone)}）：{ORDERS[note.relation.order]}{by}"
        case n.AnnouncedFirst():
            told = f"它在{in_quotes(note.other)}之前就已宣布：{in_quotes(note.name)}，{stated_text(note.at)}"
            return f"{told}{cite(note.event)}，所以宣布的內容不可能是回應"
        case n.OverlapInTime():
            first, second = in_quotes(note.first), in_quotes(note.second)
            return f"{first}和{second}的時間有重疊；有更精確的時間或時區才能判斷"
    return None


def _of_claims(note: n.Note, message: Callable[[Message], str], cite: Cite) -> str | None:
    match note:
        case n.NoLine():
            if note.kind == "unverifiable":
                return f"現有數字都無法判斷{cite(note.claim)}"
            return f"沒有可據以判斷的數字{cite(note.claim)}；需要補一列資料，並在 claims.csv 中寫明"
        case n.LineFailed():
            return f"沒有答案（{message(note.error)}）{cite(note.claim, note.line)}"
        case n.OnlyFits():
            return f"所說的數字與資料不矛盾，但資料並未證實它{cite(note.line)}"
    return None
