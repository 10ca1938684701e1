"""``/ask``: free text is answered as a line, offered as buttons, or declined with the words."""

from tests.bot.test_moderation import confirm, orders_csv, upload
from tests.discord_world import buttons, text_of


async def ask(place, text, **more):
    return await place.member.slash(place.channel, "ask", question=text, **more)


async def test_a_question_in_either_language_is_answered_as_its_line(place):
    for text in ("how many SU7 orders in the first 24 hours?", "SU7 24小时大定多少台？"):
        shown = await ask(place, text)
        assert "88,898" in text_of(shown.response) and not shown.ephemeral
        assert "/orders total launch:su7 within:24h metric:orders" in text_of(shown.response)


async def test_what_may_be_meant_is_offered_and_answered_when_pressed(place):
    shown = await ask(place, "how many orders in 24 hours")
    assert shown.ephemeral
    offered = buttons(shown.response)
    assert set(offered) == {f"/orders total launch:{one} within:24h metric:orders" for one in ("su7", "yu7")}
    pressed = await place.member.click(shown.response.message, custom_id=next(iter(offered.values())))
    assert "88,898" in text_of(pressed.response)


async def test_what_is_not_understood_is_named_with_questions_that_work(place):
    shown = await ask(place, "SU7 range on one charge?")
    text = text_of(shown.response)
    assert shown.ephemeral and "range, one, charge" in text
    assert len(buttons(shown.response)) == 3
    status = await place.moderator.slash(place.channel, "data status")
    assert "range (1)" in text_of(status.response)
    other = await place.other_moderator.slash(place.other_channel, "data status")
    assert "range (1)" not in text_of(other.response)


async def test_a_told_beside_is_compared(place):
    shown = await ask(place, "is it true that 45,000 SU7 were sold in 72 hours")
    assert "45,000 fits what the facts say in part" in text_of(shown.response)
    again = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    assert "45,000 fits what the facts say in part" not in text_of(again.response)


async def test_a_slash_line_is_taken_as_well(place):
    assert "88,898" in text_of((await ask(place, "/orders total launch:su7 within:24h metric:orders")).response)


async def test_it_answers_from_the_servers_own_facts(place):
    await confirm(place, await upload(place, orders_csv()))
    assert "88,899" in text_of((await ask(place, "su7 orders 24h")).response)


async def test_an_answer_may_be_private(place):
    assert (await ask(place, "su7 orders 24h", private=True)).ephemeral


async def checked(place, text):
    message = await place.member.send(place.channel, text)
    return await place.member.context_menu(place.channel, "Check this", message)


async def test_a_message_is_checked_in_private_and_may_be_shared(place):
    shown = await checked(place, "88,898 orders for the SU7 within 24h! SU7 starts at 199,900.")
    text = text_of(shown.response)
    assert shown.ephemeral and "as reported" in text and "88,898 orders" in text
    offered = buttons(shown.response)
    assert list(offered) == ["Answer 1", "Answer 2", "Share"]
    answer = await place.member.click(shown.response.message, custom_id=offered["Answer 1"])
    assert "88,898" in text_of(answer.response)
    shared = await place.member.click(shown.response.message, custom_id=offered["Share"])
    assert not shared.ephemeral and "as reported" in text_of(shared.response)


async def test_a_check_is_stored_nowhere(place, settings):
    shown = await checked(place, "SU7 24小时大定88898台 a-very-own-phrase")
    for file in settings.data_dir.glob("*.sqlite*"):
        assert b"a-very-own-phrase" not in file.read_bytes()
    shared = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Share"])
    assert text_of(shared.response) == text_of(shown.response)  # read from its own card


async def test_a_message_with_nothing_to_check_says_so(place):
    shown = await checked(place, "good morning everybody")
    assert "Nothing in this message can be checked" in text_of(shown.response) and buttons(shown.response) == {}
