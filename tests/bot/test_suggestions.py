"""Members suggest a number; moderators accept it, change it first, or dismiss it."""

import pytest

from bot.state.suggestions import DAYS_KEPT, Suggestions
from salesbot.errors import Refused
from tests.bot.test_moderation import confirm, custom_ids, press_forged, shown_to
from tests.discord_world import buttons, text_of

LINK = "https://www.daily.example/a-report"


async def suggested(place, which="su7-orders-24h", value="88,899", link=LINK, text="", **asked):
    """Fill in the form of an answer as a member; returns what came back and the message to the moderators."""
    reports = place.home.create_text_channel("reports")
    await place.moderator.slash(place.channel, "data reports", channel=reports)
    shown = await place.member.slash(place.channel, "orders total", launch="su7", **(asked or {"within": "24h"}))
    modal = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Wrong or missing?"])
    ids = custom_ids(modal.modal)
    sent = await place.member.submit_modal(modal, dict(zip(ids, ([which], value, link, text), strict=True)))
    return sent, reports, next(iter(reports.history()), None)


def labels(message):
    rows = [component.to_dict() for component in message.components]
    return {c["label"]: c["custom_id"] for row in rows if row["type"] == 1 for c in row["components"]}


def text_in(message):
    return str([component.to_dict() for component in message.components])


async def total(place):
    return text_of((await place.member.slash(place.channel, "orders total", launch="su7", within="24h")).response)


async def test_a_suggestion_reaches_the_moderators_with_its_row_and_is_accepted(place):
    sent, _, posted = await suggested(place)
    assert "Thank you" in text_of(sent.response)
    for part in ("88,899", "daily.example", "SU7 · orders · 88,898", "/orders total launch:su7 within:24h"):
        assert part in text_in(posted)
    assert list(labels(posted)) == ["Accept", "Edit", "Dismiss"]
    preview = await place.moderator.click(posted, custom_id=labels(posted)["Accept"])
    text = text_of(preview.response)
    assert "low 88898 → 88899" in text and "daily.example" in text
    assert "88,898" in await total(place)
    await confirm(place, preview)
    assert "88,899" in await total(place)


async def test_once_accepted_it_waits_no_more(place):
    _, reports, posted = await suggested(place)
    preview = await place.moderator.click(posted, custom_id=labels(posted)["Accept"])
    await confirm(place, preview)
    [message] = list(reports.history())
    assert "Accepted by" in text_in(message) and labels(message) == {}
    again = await press_forged(place, place.moderator, place.channel, labels(posted)["Accept"])
    assert "no longer waits" in text_of(again.response)


async def test_a_suggestion_is_dismissed(place):
    _, reports, posted = await suggested(place)
    await place.moderator.click(posted, custom_id=labels(posted)["Dismiss"])
    [message] = list(reports.history())
    assert "Dismissed by" in text_in(message) and labels(message) == {}
    assert "88,898" in await total(place)


async def test_a_suggestion_is_changed_first(place):
    _, _, posted = await suggested(place, value="about 89,000")
    modal = await place.moderator.click(posted, custom_id=labels(posted)["Edit"])
    value, link = custom_ids(modal.modal)
    preview = await place.moderator.submit_modal(modal, {value: "88,900", link: LINK})
    assert "low 88898 → 88900" in text_of(preview.response)


async def test_a_figure_that_is_missing_is_added(place):
    _, _, posted = await suggested(place, which="-", value="1,234", text="reservations in April")
    assert list(labels(posted)) == ["Edit", "Dismiss"]
    modal = await place.moderator.click(posted, custom_id=labels(posted)["Edit"])
    metric, value, when, link, who = custom_ids(modal.modal)
    filled = {metric: "reservations", value: "1,234", when: "April 2024", link: LINK, who: "Xiaomi"}
    preview = await place.moderator.submit_modal(modal, filled)
    assert "SU7 · reservations · 1,234 · April 2024" in text_of(preview.response)


async def test_a_form_without_anything_is_asked_again(place):
    sent, reports, _ = await suggested(place, value="", text="")
    assert "nothing was filled in" in text_of(sent.response).casefold()
    assert list(reports.history()) == []


@pytest.mark.parametrize("word", ["Accept", "Edit", "Dismiss"])
async def test_members_and_other_servers_are_refused(place, word):
    _, _, posted = await suggested(place)
    await shown_to(place, place.member)
    refused = await press_forged(place, place.member, place.channel, labels(posted)[word])
    assert "manage server" in text_of(refused.response).casefold()
    refused = await press_forged(place, place.other_moderator, place.other_channel, labels(posted)[word])
    assert "no longer waits" in text_of(refused.response)
    assert "88,898" in await total(place)


async def test_suggestions_survive_a_restart_and_are_forgotten_in_time(tmp_path, monkeypatch):
    path = tmp_path / "suggestions.sqlite"
    kept = Suggestions(path)
    one = kept.add(7, "/orders total launch:su7", "orders/a", "5", "", "")
    kept.close()
    kept = Suggestions(path)
    assert kept.of(one.id, 7) == one
    with pytest.raises(Refused):
        kept.of(one.id, 8)
    monkeypatch.setattr("bot.state.suggestions.time.time", lambda: one.at + DAYS_KEPT * 86_400 + 1)
    kept.remove_old()
    with pytest.raises(Refused):
        kept.of(one.id, 7)
    other = kept.add(7, "/orders total launch:su7", "", "5", "", "")
    kept.erase(7)
    with pytest.raises(Refused):
        kept.of(other.id, 7)
    kept.close()


def test_nothing_of_a_person_is_stored():
    from bot.state.suggestions import TABLES

    assert not {"user", "author", "member", "name"} & set(TABLES["suggestions"])
