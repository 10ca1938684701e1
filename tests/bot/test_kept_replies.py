"""A page that is sent again: the same bytes as the slow way sends, once, and still a reply like any other."""

import pytest

from bot.discord_io import kept_replies
from bot.questions.repeated import RepeatedQuestions
from tests.bot.on_loopback import connected
from tests.discord_world import new_bot

ASKED = ("orders total", {"launch": "su7", "within": "72h"})


@pytest.mark.parametrize("private", [False, True])
async def test_it_is_sent_byte_for_byte_as_the_slow_way_sends_it(loopback, settings, sent, private, monkeypatch):
    monkeypatch.setattr(RepeatedQuestions, "take", lambda *_: False)
    kept_replies.encoded.cache_clear()
    async with connected(new_bot(settings), loopback):
        answers = [await loopback.slash(ASKED[0], **ASKED[1], private=private) for _ in range(2)]
        assert kept_replies.encoded.cache_info()[:2] == (1, 1)
        monkeypatch.setattr(kept_replies, "DeliveryAdapter", ())  # none is: the slow way
        answers.append(await loopback.slash(ASKED[0], **ASKED[1], private=private))
    assert sent[0] == sent[1] == sent[2] and isinstance(sent[2], str)
    assert [one.is_private for one in answers] == [private] * 3
    assert kept_replies.encoded.cache_info()[:2] == (1, 1)


async def test_its_buttons_work_and_its_errors_are_told(loopback, settings):
    async with connected(new_bot(settings), loopback):
        answer = await loopback.slash(ASKED[0], **ASKED[1])
        again = await loopback.slash(ASKED[0], **ASKED[1])
        assert answer.text == again.text and "106,200–118,000" in again.text
        working = await loopback.click(again.buttons["Show working"], on=again.message)
        assert "Working" in working.text
