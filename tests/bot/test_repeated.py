"""A question that is asked again: the same bytes as discord.py's way sends, and where that fails, its way."""

from dataclasses import replace

import pytest
from msgspec import structs

from bot.questions.answering import Asked
from bot.questions.completing import Completion
from bot.questions.repeated import RepeatedQuestions
from bot.state.seen_interactions import SeenInteractions
from salesbot.questions.question import BY_VERB, options
from salesbot.words import words_for
from tests.bot.on_loopback import connected
from tests.bot.test_private_parts import Says
from tests.discord_world import new_bot
from tools.loopback_discord.payloads import BOT_OWNER, HOME_CHANNEL, HOME_GUILD, IN_DM, MEMBER
from tools.loopback_discord.server import until

CHINESE = replace(MEMBER, locale="zh-CN")
ELSEWHERE = replace(MEMBER, is_user_install=True)
ASKED = ("orders total", {"launch": "su7", "within": "72h"})
QUESTIONS = [
    (ASKED, MEMBER),
    (("orders total", {"within": "72h", "launch": "SU7"}), MEMBER),
    (("orders total", {"launch": "su7", "private": True}), MEMBER),
    (ASKED, CHINESE),
    (ASKED, IN_DM),
    (ASKED, ELSEWHERE),
    (("prices show", {"model": "model-y", "on": "yesterday"}), MEMBER),
    (("timeline events", {}), MEMBER),
    (("claims check", {"claim": "su7-sold-out"}), CHINESE),
]


@pytest.fixture
def taken(monkeypatch):
    """Whether each interaction was answered the fast way; ``is_off`` turns it off."""
    told, take = [], RepeatedQuestions.take
    told_off = {"is_off": False}

    def noted(self, data, take_usually):
        told.append(not told_off["is_off"] and take(self, data, take_usually))
        return told[-1]

    monkeypatch.setattr(RepeatedQuestions, "take", noted)
    return told, told_off


async def three_times(ask, sent, taken):
    """Ask for the first time, again, and again with the fast way turned off; the answers' bodies."""
    told, switch = taken
    sent.clear()
    told.clear()
    for is_off in (False, False, True):
        switch["is_off"] = is_off
        await ask()
    assert told == [False, True, False]
    return sent


@pytest.mark.parametrize(("asked", "asker"), QUESTIONS)
async def test_an_answer_is_sent_byte_for_byte_as_discord_py_sends_it(loopback, settings, sent, taken, asked, asker):
    async with connected(new_bot(settings), loopback):
        bodies = await three_times(lambda: loopback.slash(asked[0], asker, **asked[1]), sent, taken)
    assert bodies[0] == bodies[1] == bodies[2] and isinstance(bodies[0], str)


@pytest.mark.parametrize(
    ("path", "option", "text", "asker", "options"),
    [
        ("orders total", "launch", "s", MEMBER, {}),
        ("orders total", "metric", "", CHINESE, {"launch": "su7"}),
        ("prices show", "trim", "", MEMBER, {"model": "su7"}),
        ("prices show", "on", "today", IN_DM, {"model": "su7"}),
        ("orders compare", "launches", "su7,", ELSEWHERE, {}),
        ("orders total", "launch", "nothing like it", MEMBER, {}),
    ],
)
async def test_completions_are_sent_byte_for_byte_too(
    loopback, settings, sent, taken, path, option, text, asker, options
):
    async with connected(new_bot(settings), loopback):
        ask = lambda: loopback.autocomplete(path, option, text, asker, **options)  # noqa: E731
        bodies = await three_times(ask, sent, taken)
    assert bodies[0] == bodies[1] == bodies[2]


async def test_what_moderators_set_counts_at_once(loopback, settings, sent, taken):
    told, _ = taken
    bot = new_bot(settings)
    async with connected(bot, loopback):
        first = await loopback.slash(ASKED[0], **ASKED[1])
        assert not first.is_private
        bot.services.guild_settings.set_language(HOME_GUILD, "zh-Hans")
        chinese = await loopback.slash(ASKED[0], **ASKED[1])
        assert "大定" in chinese.text and told[-1] is False
        bot.services.guild_settings.set_private(HOME_GUILD, HOME_CHANNEL, private=True)
        hidden = await loopback.slash(ASKED[0], **ASKED[1])
        assert hidden.is_private and "大定" not in hidden.text
        bot.services.guild_settings.set_usual_launch(HOME_GUILD, "yu7")
        usual = await loopback.slash("orders total", within="1h")
        assert "YU7" in usual.text
        bot.services.guild_settings.set_usual_launch(HOME_GUILD, "su7")
        assert "SU7" in (await loopback.slash("orders total", within="1h")).text


async def test_new_facts_count_at_once(loopback, settings, taken):
    told, _ = taken
    async with connected(new_bot(settings), loopback):
        for _ in range(2):
            await loopback.slash(ASKED[0], **ASKED[1])
        orders = settings.pack_dir / "orders.csv"
        orders.write_text(orders.read_text("utf-8").replace("1800,2000", "1800,2100"), "utf-8")
        reloaded = await loopback.slash("data reload", BOT_OWNER)
        await until(lambda: "Now serving" in reloaded.text)  # on a busy machine it first says that it still runs
        again = await loopback.slash(ASKED[0], **ASKED[1])
    assert "123,900" in again.text and told[-1] is False


async def test_an_interaction_that_comes_twice_is_answered_once(loopback, settings, sent):
    async with connected(new_bot(settings), loopback):
        for _ in range(2):
            await loopback.slash(ASKED[0], **ASKED[1])
        sent.clear()
        asked = loopback.slash(ASKED[0], **ASKED[1])
        loopback.deliver(asked)
        await asked
        await loopback.slash("timeline events")
    assert len(sent) == 2 and len(asked.seen) == 1


async def test_where_it_is_not_taken_it_is_answered_the_usual_way(loopback, settings, sent):
    async with connected(new_bot(settings), loopback):
        for _ in range(2):
            await loopback.slash(ASKED[0], **ASKED[1])
        loopback.fail("callback", Says(403, {"code": 50013, "message": "no"}))
        again = await loopback.slash(ASKED[0], **ASKED[1])
    assert "106,200–118,000" in again.text and len(sent) == 4


def test_what_decides_a_page_is_in_its_key():
    asked = Asked("/orders total", {"launch": "su7", "within": "24h"}, words_for(), False, False)
    others = [
        structs.replace(asked, **{name: value})
        for name, value in (
            ("verb", "/orders stores"),
            ("given", {"launch": "su7", "at": "24h"}),
            ("given", {"launch": "24h", "within": "su7"}),
            ("given", {"launch": "su7"}),
        )
    ]
    assert len({one.typed_key for one in (asked, *others)}) == 5
    shown = [
        structs.replace(asked, **{name: value})
        for name, value in (("words", words_for("zh-CN")), ("is_private", True), ("takes_reports", True))
    ]
    assert len({one.page_key("/a") for one in (asked, *shown)} | {asked.page_key("/b"), asked.typed_key}) == 6


def test_what_decides_the_choices_is_in_their_key():
    launch, within = options(BY_VERB["/orders total"])[:2]
    asked = Completion("/orders total", launch, "su", {}, words_for())
    others = [
        structs.replace(asked, **{name: value})
        for name, value in (
            ("verb", "/orders stores"),
            ("option", within),
            ("typed", "s"),
            ("chosen", {"launch": "yu7"}),
            ("words", words_for("zh-CN")),
        )
    ]
    assert len({one.key for one in (asked, *others)}) == 6


def test_an_interaction_is_known_again_after_a_thousand_others():
    seen = SeenInteractions()
    assert all(seen.is_new(id) for id in range(1_000))
    assert not any(seen.is_new(id) for id in range(1_000))
    for id in range(1_000, 20_000):
        seen.is_new(id)
    assert seen.is_new(0)
