"""The text of a message as it is read: without who tells it, and with what its numbers and dates leave out."""

from __future__ import annotations

import re
from datetime import MINYEAR, date, timedelta
from functools import cache

from msgspec import Struct

from salesbot.asking.lexicon import FILLER, lexicon, news_words, words_of
from salesbot.asking.name_book import NameBook
from salesbot.asking.text import is_ideograph, plain

LONGEST_MESSAGE = 2000
SET_ASIDE = frozenset({"denies", "supposes", "forecasts", "aims", "asks", "compared", "own", "other_money", "requests"})
SAYING = (
    "said|says|say|told|tells|wrote|writes|reported|reports|revealed|reveals|announced|announces|posted|posts|noted"
    "|notes|claimed|claims|disclosed|discloses|added|adds|stated|states|confirmed|confirms|tweeted|shared|shares"
)
_TITLE = r"chairman|chief|president|blogger|analyst|(?:co-?)?founder|spokes\w+|ceo|boss|executive|chairwoman|lawyer"
_NAMED = r"[A-Z][A-Za-z.’'-]*(?: [A-Z][A-Za-z.’'-]*){0,3}"  # a person or a paper

_HALF_DAYS = re.compile(r"\b([AaPp])\.([Mm])\.")  # their dots end no sentence
_FOOTNOTES = re.compile(r"\[[0-9]{1,3}\]")
_TITLED = re.compile(r"^【(?P<teller>[^】0-9]{1,20})】", re.MULTILINE)  # in front, who tells it
_ABOUT = r"(?:about|approx\.?|approximately|around|roughly|or|equal to|约|約|合)?"
_MONEY = r"(?:US|HK|NT)?[$€£]\s?[0-9][0-9.,]*(?: ?[mb]illion|[kmb])?"
_CONVERTED = re.compile(
    rf"[(（]{_ABOUT}\s?{_MONEY}(?: ?(?:-|–|to|and) ?{_MONEY})?[)）]"
)  # in another currency beside it
_TELLERS = tuple(
    re.compile(form, re.MULTILINE)
    for form in (
        rf"^(?P<teller>{_NAMED}):",  # Reuters: …
        rf"[(（](?P<teller>{_NAMED})[)）](?=\s*(?:[.!?。！？]|$))",
        rf"\b(?:[Aa]ccording to|[Vv]ia|[Pp]er|[Cc]ited by|[Tt]old) (?P<teller>{_NAMED})",
        rf"(?P<teller>{_NAMED})(?=,? (?:{SAYING})(?: (?:that|on|in|at|during|late|earlier|today|yesterday)\b|[,:.]|$)"
        r"(?! (?:it|its|they|their|the company)\b))",
        rf"\b(?:{SAYING}) (?P<teller>{_NAMED})(?=[.,;]|$)",
        rf"\b(?i:{_TITLE}) (?P<teller>{_NAMED})",
        rf"(?P<teller>{_NAMED})(?=,? (?:the |its |[A-Z][a-z]+['’]s )?(?i:{_TITLE})\b)",
    )
)
_FIGURE = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_RANGES = re.compile(  # 25.35-32.99万 and 800-900台, which leave out half of what they say
    rf"(?<![0-9.,-])({_FIGURE})(%|[万萬](?=元? ?[-–—~～]))?(?:元(?= ?[-–—~～]))? ?(?:[-–—~～至到]|to) ?"
    rf"({_FIGURE}) ?(万|萬|%|(?=[台辆輛单單家]))"
)
_ROWS = re.compile(  # 301,800 yuan, 329,800 yuan and 359,800 yuan: their commas part no clauses
    r"(?<=[0-9万萬元n.])(?P<unit> ?(?:yuan|CNY|RMB|元|万|萬)?)(?:, |，|(?<=[万萬元]),)"
    r"(?=(?:and |RMB |CNY |¥)*[0-9][0-9,]*(?:\.[0-9]+)?[万萬]? ?(?:yuan|CNY|RMB|元|and\b|[,，、;；.。]|$))"
)
_LISTED = re.compile(  # 31.98、34.98、37.98万
    r"(?<![0-9.,])[0-9]+(?:\.[0-9]+)?(?:[、/][0-9]+(?:\.[0-9]+)?)+(?=(?P<last>[、/和及与與][0-9]+(?:\.[0-9]+)?)?(?P<unit>万|萬))"
)
_DOLLARS = re.compile(r"(?:US)?\$ ?([0-9][0-9,]*(?:\.[0-9]+)?)(?! ?(?:[mb]illion|[kmb]\b|[0-9]))")
_AS_OF_TODAY = re.compile(r"\b[Aa]s of (?:today|now)\b|截[至止]到?(?:今天|今日|目前)")
_QUARTERS = tuple(
    re.compile(form)
    for form in (
        r"\b(?:[Tt]he )?(?P<number>(?i:first|second|third|fourth)) quarter(?:(?: of)? (?P<year>20[0-9]{2}))?(?![0-9])",
        r"(?<![-\w])[Qq](?P<number>[1-4])(?:(?: of)? (?P<year>20[0-9]{2}))?(?![0-9A-Za-z])",
        r"\b(?P<year>20[0-9]{2}) [Qq](?P<number>[1-4])\b",
        r"(?:(?P<year>20[0-9]{2})年?)?第?(?P<number>[一二三四])季度?",
        r"(?:(?P<year>20[0-9]{2})年?)?(?<![-A-Za-z])[Qq](?P<number>[1-4])(?![0-9A-Za-z])",
    )
)
_SAME_YEAR = re.compile(r"(?P<year>20[0-9]{2})年\s?(?P<month>[0-9]{1,2})月[^。.!?！？;；\n]*")
_MONTH = re.compile(r"(?<![0-9年\s])(?P<month>[0-9]{1,2})(?=月)")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_TERMS = re.compile(r"[(（][^()（）]*(?:定金|訂金|订金|可退|不退|来源|來源|refundable|deposit)[^()（）]*[)）]")
_PASSAGE = re.compile(  # what it leads to is a sentence of its own
    r"(?:(?<=[^0-9:;.!?\n]{40})|(?<=[\u4e00-\u9fff，,、“”「」]{12}))[:：](?=[^0-9])"
)
_FORMERLY = re.compile(r"(?:调价|調價|降价|降價|下调|下調|涨价|漲價)前")
_AFTERWARDS = re.compile(r"(?:调价|調價|降价|降價|下调|下調|涨价|漲價)之?[后後]")
_FIRST_HOUR = re.compile(r"(?:第一|首)[个個]?小[时時]内?")
_AT_UNIT = re.compile(r"\bby (minute|hour|day) ([0-9]{1,3})\b")
_YEARS = re.compile(r"(\b[A-Z][a-z]{2,8}\.? [0-9]{1,2}(?:st|nd|rd|th)?),( 20[0-9]{2})\b")  # their comma parts no clause


NOT_PROSE = re.compile(  # signs of speech, of quoting and of what is struck out; a smile, an emoji
    r"""[^\w\s.,!?:;%$€£¥()'’&+–—，。！？：；、（）％-]|_|\.\.|[:;]-?[()DPpd]"""
    r"""|(?<![\w])['’]|['’](?![\w])"""
)
_DOTTED = re.compile(  # 88.898: thousands in one country, a decimal in another
    r"(?<![0-9.,])[0-9]{1,3}\.[0-9]{3}(?![0-9])(?!\s?(?:[万萬亿億千%％kKwWmM]|million|billion|per ?cent))"
)


class MessageText(Struct, frozen=True):
    """The text to read, and whether no word of the message was left out of it or read into it."""

    text: str
    is_as_written: bool


def message_text(text: str, names: NameBook, posted: date | None) -> MessageText:
    """The text to read; what is left out of it is blank, so that most of it stays in its place."""
    written = _HALF_DAYS.sub(r"\1\2  ", text[:LONGEST_MESSAGE].replace("…", "."))
    written = _DOTTED.sub(_blanks, written)
    for aside in (_FOOTNOTES, _CONVERTED):
        written = aside.sub(_blanks, written)
    written = _FIRST_HOUR.sub(" 1小时内", written)
    whole = written
    for teller in (_TITLED, *_TELLERS):
        whole = teller.sub(lambda match: _without_teller(match, names), whole)
    folded = plain(whole)
    if len(folded) == len(whole):
        for match in _harmless().finditer(folded):
            whole = f"{whole[: match.start()]}{_blanks(match)}{whole[match.end() :]}"
    whole = _PASSAGE.sub(lambda match: f"{match[0][:-1]};", _TERMS.sub(_without_terms, whole))
    whole = _FORMERLY.sub("由", _AFTERWARDS.sub(_blanks, whole))
    if posted is not None:
        for word, year in (("今年", posted.year), ("去年", posted.year - 1)):
            whole = re.sub(rf"{word}(?=\s?[0-9]{{1,2}}\s?月)", f" {year}年", whole)
        whole = _AS_OF_TODAY.sub(f"as of {posted.isoformat()}", whole)
    whole = _SAME_YEAR.sub(_with_year, whole)
    for quarter in _QUARTERS:
        whole = quarter.sub(lambda match: _quarter(match, posted), whole)
    is_as_written = (
        whole == written
        and _DOTTED.search(text) is None
        and len(text) <= LONGEST_MESSAGE
        and not NOT_PROSE.search(_FOOTNOTES.sub("", text))
    )
    whole = _LISTED.sub(_with_unit, whole)
    whole = _YEARS.sub(r"\1 \2", _RANGES.sub(_spelled_out, whole))
    whole = _ROWS.sub(r"\g<unit>、 ", whole)
    return MessageText(_AT_UNIT.sub(r"within \2 \1s", _DOLLARS.sub(r"\1 usd", whole)), is_as_written)


def said_day(text: str, posted: date) -> str | None:
    """The day, month or year that a word such as yesterday or last month means in a message."""
    if posted.year == MINYEAR:
        return None  # the day before has no date
    month_before = (posted.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    meant = {
        "this_day": posted.isoformat(),
        "day_before": (posted - timedelta(days=1)).isoformat(),
        "this_month": posted.isoformat()[:7],
        "month_before": month_before,
        "this_year": f"{posted.year:04}",
        "year_before": f"{posted.year - 1:04}",
    }
    return next((iso for role, iso in meant.items() if text in words_of(role)), None)


def _without_teller(match: re.Match[str], names: NameBook) -> str:
    """A text without who tells it, unless that may be a thing or a maker that it speaks of."""
    start, end = (match.start("teller") - match.start(), match.end("teller") - match.start())
    teller = plain(match["teller"])
    if any(c.isdigit() for c in teller) or _names_anything(teller, names) or _is_risky(teller):
        return match[0]
    return match[0][:start] + " " * (end - start) + match[0][end:]


def _names_anything(teller: str, names: NameBook) -> bool:
    """Whether it holds a name, or a word that says something."""
    starts = [0, *(match.end() for match in re.finditer(r"[^a-z]+", teller))]
    if any(names.longest_at(teller, at) for at in starts if at < len(teller)):
        return True
    words = [teller[at:].split(" ")[0].strip(".'") for at in starts]
    return any(lexicon().get(word, frozenset()) - {FILLER} for word in words)


def _without_terms(match: re.Match[str]) -> str:
    """A text without the terms of an order, unless they hold more than that."""
    return match[0] if _is_risky(plain(match[0])) else _blanks(match)


def denies(text: str) -> bool:
    """Whether a text holds a Chinese word that denies what is said."""
    return any(word in text for word in words_of("denial") if is_ideograph(word[0]) and len(word) > 1)


_OTHERWISE = re.compile(  # a part of it, what is left of it, another span, or more than one thing
    r"\b(?:cancell?ed|refunded|returned|unpaid|median|hardly|scarcely|far from|anything but|net of|second)\b"
    r"|\b(?:half|third) of\b|(?:hours?|minutes?|days?) before\b|\b(?:all|every)\b[^.]{0,30}\bmodels?\b"
    r"|退[了订訂单單](?!率)|扣除|取消了|被取消|中位数|中位數|第[二三][个個]|发布前|發[布佈]前|全系|全[线線]|所有[车車]",
    re.IGNORECASE,
)


def counts_otherwise(text: str) -> bool:
    """Whether a word of a clause changes what its number counts, so that it is not read."""
    return bool(_OTHERWISE.search(text))


def excepts(text: str) -> bool:
    """Whether a text sets something apart from what it says."""
    words = words_of("except")
    return any(word in text for word in words if is_ideograph(word[0])) or not words.isdisjoint(text.split())


def _is_risky(text: str) -> bool:
    """Whether a text holds a Chinese word that denies or forecasts, or that is said of a part."""
    return any(word in text for role in ("denial", "doubt", "part") for word in words_of(role) if is_ideograph(word[0]))


@cache
def _harmless() -> re.Pattern[str]:
    """Chinese words of news that only look as if they deny, ask, forecast or count: 不仅, 非常, 一路."""
    risky = [phrase for phrase, concepts in lexicon().items() if concepts & SET_ASIDE and is_ideograph(phrase[0])]
    risky += list("一二三两十百千万")  # no numbers there
    written = {word for word in news_words() if is_ideograph(word[0]) and word not in lexicon()}
    found = {word for word in written if any(one in word for one in risky)}
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))))


def _with_year(match: re.Match[str]) -> str:
    """A sentence with the year of its first month before each later month that has none."""
    start = match.end("month") - match.start() + 1

    def whole(month: re.Match[str]) -> str:
        return f" {match['year']}年{month[0]}" if int(month["month"]) >= int(match["month"]) else month[0]

    return match[0][:start] + _MONTH.sub(whole, match[0][start:])


def _quarter(match: re.Match[str], posted: date | None) -> str:
    """A quarter as ``2024-Q2``; one without a year is the last one before the message."""
    number = _ORDINALS.get(match["number"].lower()) or int(match["number"])
    year = match["year"] or (posted and posted.year - (number * 3 > posted.month))
    return f" {year}-Q{number} " if year else match[0]


def _with_unit(match: re.Match[str]) -> str:
    return re.sub(r"(?=[、/])|$", match["unit"], match[0])


def _spelled_out(match: re.Match[str]) -> str:
    """A range with what its first number leaves out."""
    low, sign, high, unit = match.groups()
    if float(low.replace(",", "")) >= float(high.replace(",", "")):
        return match[0]
    return f"{low}{sign or unit}至{high}{unit}"


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])
