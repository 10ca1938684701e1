"""``make fuzz``: any options on every command, from the slash line to the finished card; prints the counts.

python tests/fuzz_run.py [SECONDS] [SEED]
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.buttons import Press
from bot.cards import answer_page, error_card
from salesbot.errors import SalesbotError
from salesbot.intake import take_in
from salesbot.line import BY_VERB, options, parse, written
from salesbot.names import Names
from salesbot.query import ask
from salesbot.question import Named, Words
from salesbot.settings import seed_pack
from salesbot.store import Store
from salesbot.words import words_for
from salesbot.words.as_json import as_json

NASTY = [
    "@everyone", "<@1>", "<t:0:R>", "**x**", "[a](https://b.example)", "https://b.example", "\u202ex", "\x00", "'; drop table orders", "%s{0}",
    "{member._state.http.token}", "9" * 400, "-1", "0", "1e999", "２０２４", "小米", "2024-02-30", "2024-03-10 02:30 Eastern", "99999d", "..", "\U0001f600" * 30,
]  # fmt: skip
GOOD = {
    "duration": ["1m", "1h", "24h", "72h", "3d", "1w"],
    "duration or time": ["1h", "72h", "2024-04-01", "2024-04-01 12:00", "2023-01-01"],
    "event or time": ["musk-post", "su7-launch", "2024-03-28 10:00 CST", "2024-03", "about 2024-03-27 04:00 US time"],
    "day": ["2024-03-28", "2024-04", "2024", "2010-01-01"],
    "number": ["60", "55..60", ">=40", "38%", "4.5万", "0.5", "<=3"],
    "text": ["RWD", "all", "Pro", "entry"],
}
UNSAFE = re.compile(r"(?<!\\)<(?!(https?://|t:\d+:f>))|(?<!\\)@|[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u200b]")


def value(option: object, names: Names, chance: random.Random) -> str:
    """Something to type for an option: mostly sensible, often not."""
    if chance.random() < 0.15:
        return (
            chance.choice(NASTY)
            if chance.random() < 0.7
            else "".join(chr(chance.randrange(32, 0x3000)) for _ in range(chance.randrange(40)))
        )
    kind = option.kind  # type: ignore[attr-defined]
    if isinstance(kind, Words):
        return chance.choice(kind.words)
    if isinstance(kind, Named):
        offered = [offer.id for offer in names.offers(kind.kind, "")] or ["x"]
        return ",".join(chance.sample(offered, min(2, len(offered)))) if kind.many else chance.choice(offered)
    return chance.choice(GOOD[kind.form])


def one(store: Store, names: Names, chance: random.Random) -> str:
    """Ask one random line and lay out what comes back; what kind of outcome it was. Anything but an answer or an
    error of ours is an ``AssertionError`` or whatever was raised."""
    verb = chance.choice(list(BY_VERB))
    chosen = [o for o in options(BY_VERB[verb]) if o.required or chance.random() < 0.4]
    texts = {o.name: value(o, names, chance) for o in chosen}
    quoted = " ".join('{}:"{}"'.format(name, text.replace("\\", "\\\\").replace('"', '\\"')) for name, text in texts.items())
    line = f"{verb} {quoted}"
    try:
        return outcome(line, store, names)
    except Exception as error:
        error.add_note(line)
        raise


def outcome(line: str, store: Store, names: Names) -> str:
    """Ask the line and lay out what comes back."""
    try:
        asked = parse(line, names)
        assert parse(written(asked), names) == asked, line
        answer = ask(asked, store)
    except SalesbotError as error:
        assert error.message, line
        assert error.hint, line
        check(error_card(error).view, line)
        return type(error).__name__
    said = words_for().say(answer)
    as_json(answer, words_for())
    for action in ("answer", "working"):
        check(answer_page(said, Press(action, said.asked_as, "0" * 8), answer.verdict, is_private=True).view(), line)
    return "answered"


def check(view: object, line: str) -> None:
    """Discord's limits, and nothing in the text that pings, links or hides."""
    assert view.content_length() <= 4000, line  # type: ignore[attr-defined]
    children = list(view.walk_children())  # type: ignore[attr-defined]
    assert len(children) <= 40, line
    for child in children:
        text = getattr(child, "content", "")
        assert not UNSAFE.search(text), (line, UNSAFE.search(text))
        assert len(getattr(child, "custom_id", "") or "") <= 100, line


def main(seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(take_in(seed_pack(), Path(folder)))
        names, counts = Names(store), Counter[str]()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            counts[one(store, names, chance)] += 1
        store.close()
    print(
        f"seed {seed}, {sum(counts.values()):,} lines in {seconds:.0f} s: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.most_common())
    )


if __name__ == "__main__":
    main(*(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
