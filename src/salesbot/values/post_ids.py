"""When a post was made, read out of its id: ids of X and Discord hold the millisecond they were made in.

Both count milliseconds from an epoch of their own, shifted left by 22 bits ("snowflakes"). Epochs: X's is 2010-11-04
01:42:54.657 UTC (twitter/snowflake, ``IdWorker.scala``), Discord's the first second of 2015 (Discord's API reference,
"Snowflakes"). X numbered its posts one by one before; such an id says no time.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from salesbot.errors import TextError
from salesbot.values.moment import CivilTime, Reading, StatedTime
from salesbot.values.patterns import compiled_at_use
from salesbot.values.zones import UTC as UTC_ZONE

EPOCHS = {"X": 1_288_834_974_657, "Discord": 1_420_070_400_000}  # milliseconds since 1970
FIRST_SNOWFLAKE = 30_000_000_000  # ids of X below it were counted one by one
LARGEST = (1 << 63) - 1
_LINKS = {
    "X": compiled_at_use(
        r"https?://(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com/\w{1,50}/status(?:es)?/([0-9]{1,19})\b\S*"
    ),
    "Discord": compiled_at_use(
        r"https?://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(?:@me|[0-9]+)/[0-9]+/([0-9]{1,19})/?"
    ),
}
_ID = compiled_at_use(r"[0-9]{15,19}")


class Post(Struct, frozen=True):
    """A post named by its link or id: its site (``X`` or ``Discord``) and the id."""

    site: str
    id: int


def posts_named(text: str) -> list[Post]:
    """The posts that a text could name: one for a link, one a site for an id alone; none if it names no post."""
    text = text.strip()
    for site, link in _LINKS.items():
        if match := link.fullmatch(text):
            return [Post(site, int(match[1]))]
    return [Post(site, int(text)) for site in EPOCHS] if _ID.fullmatch(text) else []


def milliseconds(post: Post) -> int | None:
    """When a post was made, in milliseconds since 1970 UTC; ``None`` if its id does not say."""
    if post.id > LARGEST or (post.site == "X" and post.id < FIRST_SNOWFLAKE):
        return None
    return (post.id >> 22) + EPOCHS[post.site]


def post_time(text: str) -> StatedTime | None:
    """The time of the post that a text names, to the second; ``None`` if it names none.

    Raises ``TextError`` where the id says no time.
    """
    posts = posts_named(text)
    if not posts:
        return None
    times = [(post, at) for post in posts if (at := milliseconds(post)) is not None]
    if not times:
        raise TextError("post_id_without_time")
    readings = tuple(Reading(f"UTC ({post.site})", at // 1000, at // 1000) for post, at in times)
    first, last = (_civil(at) for at in (min(r.earliest for r in readings), max(r.latest for r in readings)))
    return StatedTime(text.strip(), first, first if first == last else last, (), readings)


def _civil(instant: int) -> CivilTime:
    at = datetime.fromtimestamp(instant, UTC).replace(tzinfo=None)
    return CivilTime(at, at, UTC_ZONE, True)
