"""Asked and answered through the real discord.py client on a simulated Discord."""

import logging

import pytest

from bot.state.custom_ids import Press
from salesbot.questions.question import QUESTIONS
from tests.bot.test_moderation import confirm, orders_csv, upload
from tests.discord_world import buttons, new_bot, text_of


async def test_a_member_asks_for_the_total_and_gets_the_whole_answer(place):
    result = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    text = text_of(result.response)
    assert not result.ephemeral
    for part in (
        "106,200–118,000",
        "37,170–47,200",
        "1,800–2,000 per store (CarFans) × 59 stores (Xiaomi) = 106,200–118,000",
        "The 45,000 of the article fits as locked orders only",
        "Facts to Dec 2025, updated",
    ):
        assert part in text
    assert f"<t:{place.bot.services.packs.shared.snapshot.version.loaded}:d>" in text


@pytest.mark.parametrize(
    ("command", "typed", "part"),
    [
        ("prices show", {"model": "Model Y", "trim": "RWD", "on": "2024-04-10"}, "263,900 CNY"),
        ("prices changes", {"since": "2024-03-28", "until": "2024-04-07"}, "17 price moves"),
        ("timeline check", {"first": "musk-post", "second": "su7-launch"}, "Before, by 20 h 30 min to 27 h 30 min"),
        ("sources show", {"id": "s006"}, "Teslarati"),
        ("help", {}, "Ask about product launches"),
        ("about", {}, "Add it to another server"),
    ],
)
async def test_every_command_answers(place, command, typed, part):
    result = await place.member.slash(place.channel, command, **typed)
    assert part in text_of(result.response)


async def test_times_stand_as_stated_and_on_the_readers_clock_and_in_the_working_in_utc(place):
    result = await place.member.slash(place.channel, "timeline check", first="musk-post", second="su7-launch")
    text = text_of(result.response)
    assert "28 Mar 2024, 19:00 (UTC+8, Asia/Shanghai)" in text
    assert "<t:1711623600:f>" in text
    working = await place.member.click(result.response.message, custom_id=buttons(result.response)["Show working"])
    for part in ("28 March 2024, 11:00 UTC", "<t:1711623600:f>", "musk-post-stamp"):
        assert part in text_of(working.response)


async def test_a_wrong_name_is_answered_privately_with_what_to_type(place):
    result = await place.member.slash(place.channel, "orders total", launch="su8")
    assert result.ephemeral
    assert "No launch is called 'su8'" in text_of(result.response)
    assert "SU7 (su7)" in text_of(result.response)


async def test_nothing_the_bot_sends_can_ping(place):
    await place.member.slash(place.channel, "orders total", launch="@everyone <@1> <@&2>")
    await place.member.slash(place.channel, "orders total", launch="su7")
    bodies = [body for body in place.sent() if "components" in body]
    assert len(bodies) == 2
    for body in bodies:
        assert body["allowed_mentions"] == {"parse": []}
        assert "<@" not in str(body["components"]).replace("\\\\<", "")


@pytest.mark.parametrize(("text", "first"), [("小米", "su7"), ("", "su7"), ("yu", "yu7")])
async def test_autocomplete_offers_names_in_any_script(place, text, first):
    choices = await place.member.autocomplete(place.channel, "orders total", "launch", text)
    values = [choice["value"] if isinstance(choice, dict) else choice.value for choice in choices]
    assert values[0] == first
    assert len(values) <= 25


async def test_the_working_opens_privately_and_names_every_operand(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    opened = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Show working"])
    assert opened.ephemeral
    text = text_of(opened.response)
    for part in (
        "59** sales stores",
        "CarFans",
        "Not counted",
        "60 sales stores by press",
        "the maker gave a figure itself",
    ):
        assert part in text


async def test_a_private_answer_can_be_shared(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="72h", private=True)
    assert shown.ephemeral
    shared = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Share"])
    assert not shared.ephemeral
    assert "106,200–118,000" in text_of(shared.response)


async def test_buttons_work_after_a_restart_and_for_lines_too_long_for_them(place, settings):
    first, second = (
        "2024-03-28 10:00:00 America/Argentina/ComodRivadavia",
        "about 2024-03-27 04:00:00 America/Argentina/Buenos_Aires",
    )
    shown = await place.member.slash(place.channel, "timeline check", first=first, second=second)
    custom_id = buttons(shown.response)["Show working"]
    assert len(custom_id) <= 100
    assert "#" in custom_id
    await place.env.restart_bot(new_bot(settings))
    opened = await place.member.click(shown.response.message, custom_id=custom_id)
    assert "After, by" in text_of(opened.response)


async def test_a_button_of_an_older_release_is_answered_politely(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7")
    press = Press("dance", "/orders total launch:su7", "0" * 8)
    message = shown.response
    stored = place.env.backend.get_message(message.channel_id, message.id)
    stored.components[-1]["components"][0]["custom_id"] = press.custom_id()
    result = await place.member.click(message.message, custom_id=press.custom_id())
    assert result.ephemeral
    assert "older release" in text_of(result.response)


async def test_every_payload_keeps_discords_limits(place):
    commands = [entry.json for entry in place.env.http_requests if entry.method == "PUT" and "commands" in entry.path][
        -1
    ]

    menus = [command for command in commands if command["type"] == 3]
    commands = [command for command in commands if command["type"] == 1]
    assert [menu["name"] for menu in menus] == ["Check this"]

    def check(option):
        for text in (option["description"], *(option.get("description_localizations") or {}).values()):
            assert 1 <= len(text) <= 100
        assert not option.get("name_localizations")
        assert len(option["name"]) <= 32
        assert len(option.get("choices", [])) <= 25
        for inner in option.get("options", []):
            check(inner)

    for command in commands:
        check(command)
    assert {f"/{c['name']} {o['name']}" for c in commands for o in c.get("options", [])} >= {q.verb for q in QUESTIONS}


async def test_cards_keep_the_limits_on_text_and_components(place):
    for command, typed in (
        ("prices changes", {}),
        ("orders total", {"launch": "su7"}),
        ("prices changes", {"since": "2023"}),
    ):
        result = await place.member.slash(place.channel, command, **typed)
        assert len(text_of(result.response)) <= 4000
        assert len(str(result.response.components).split("'type'")) - 1 <= 40


async def test_a_long_answer_turns_its_pages_in_place(place):
    shown = await place.member.slash(place.channel, "prices changes")
    assert "Page 1 of" in text_of(shown.response)
    seen = text_of(shown.response)
    await place.member.click(shown.response.message, custom_id=buttons(shown.response)["▶"])
    turned = place.env.backend.get_message(shown.response.channel_id, shown.response.id)
    assert "Page 2 of" in str(turned.components)
    assert seen.count("CNY") >= 4


async def test_a_bug_is_logged_and_answered(place, monkeypatch, caplog):
    monkeypatch.setattr("bot.questions.answering.ask", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        result = await place.member.slash(place.channel, "orders total", launch="su7")
    assert "Something went wrong in the bot" in text_of(result.response)
    assert "ZeroDivisionError" in caplog.text


async def test_commands_are_synced_only_when_they_changed(place, settings):
    def syncs():
        return [entry for entry in place.env.http_requests if entry.method == "PUT" and "commands" in entry.path]

    before = len(syncs())
    await place.env.restart_bot(new_bot(settings))
    assert len(syncs()) == before
    (settings.data_dir / "commands.sha256").write_text("another tree")
    await place.env.restart_bot(new_bot(settings))
    assert len(syncs()) == before + 1


async def test_the_bot_needs_no_privileged_intent(place):
    intents = place.bot.intents
    assert (intents.guilds, intents.members, intents.message_content, intents.presences) == (True, False, False, False)
    assert list(place.bot.cached_messages) == []


async def test_the_working_links_to_rows_where_the_operator_shows_them(place):
    place.bot.services.settings.browse_url = "https://facts.example/facts"
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    assert "facts.example" not in text_of(shown.response)
    press = {"custom_id": buttons(shown.response)["Show working"]}
    text = text_of((await place.member.click(shown.response.message, **press)).response)
    assert "[sales stores](<https://facts.example/facts/stores/su7-sales-stores-2024-03-12>)" in text
    assert "[s001](<https://facts.example/facts/sources/s001>)" in text
    await confirm(place, await upload(place, orders_csv()))  # a server's own facts are not what the operator shows
    asked = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    own = await place.member.click(asked.response.message, custom_id=buttons(asked.response)["Show working"])
    assert "facts.example" not in text_of(own.response)


@pytest.mark.parametrize("label", ["Show working", "Chart"])
async def test_a_button_that_was_pressed_before_is_answered_from_what_is_kept(place, monkeypatch, label):
    shown = await place.member.slash(place.channel, "orders progress", launch="su7", at="1h")
    press = {"custom_id": buttons(shown.response)[label]}
    first = await place.member.click(shown.response.message, **press)
    monkeypatch.setattr("bot.questions.answering.work_out", lambda *_: pytest.fail("worked out again"))
    again = await place.moderator.click(shown.response.message, **press)
    assert text_of(again.response) == text_of(first.response)
