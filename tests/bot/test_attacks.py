"""What one server's people may try against another's: figures, buttons, reports, uploads, links."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.client import owners_of
from bot.discord_io.escape import link
from bot.moderation import cards, progress
from bot.moderation.cards import proposal_card
from bot.questions.origin import hides_answers, origin_of
from bot.services import Services
from bot.state import reports_taken
from bot.state.custom_ids import Press
from bot.state.reports_taken import ReportsTaken
from salesbot.errors import Refused
from salesbot.facts import TABLES
from salesbot.questions.names import Names
from salesbot.serving.changed_answers import AnswerChange
from salesbot.serving.child_processes import Place
from salesbot.serving.prepared_changes import PreparedChange
from salesbot.serving.served_packs import Proposal, ServedPacks
from salesbot.storage.difference import MOST_LISTED, CellChange, Difference, Excerpt, ListedRow, TableDifference
from salesbot.storage.snapshot import Snapshot
from salesbot.words import words_for
from tests.bot.test_moderation import confirm, custom_ids, orders_csv, press_forged, total, upload
from tests.discord_world import buttons, new_bot, text_of

WORDS = words_for()


# the event loop


@pytest.fixture
def readers(monkeypatch) -> list[threading.Thread]:
    """The threads that read facts."""
    found: list[threading.Thread] = []
    values = Snapshot.values

    def noted(self, query, /, *most, **parameters):
        found.append(threading.current_thread())
        return values(self, query, *most, **parameters)

    monkeypatch.setattr(Snapshot, "values", noted)
    return found


@pytest.mark.parametrize("typed", ["", "su", "小米", "no such launch at all", "x" * 99])
async def test_no_completion_reads_facts_on_the_event_loop(place, readers, typed):
    await place.member.autocomplete(place.channel, "orders total", "launch", typed)
    assert readers and threading.main_thread() not in readers


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("orders total", {"launch": "su7", "within": "72h"}),
        ("orders total", {"launch": "su8"}),  # a name that is not there: the nearest are looked for
        ("claims list", {"speaker": "nobody at all"}),
        ("prices changes", {"since": "2024-03-28", "until": "2024-04-07"}),
    ],
)
async def test_no_question_is_worked_out_on_the_event_loop(place, readers, command, typed):
    await place.member.slash(place.channel, command, **typed)
    assert readers and threading.main_thread() not in readers


@pytest.mark.parametrize("label", ["Show working", "Chart", "Wrong or missing?"])
async def test_no_button_is_worked_out_on_the_event_loop(place, readers, label):
    reports = place.home.create_text_channel("reports")
    await place.moderator.slash(place.channel, "data reports", channel=reports)
    shown = await place.member.slash(place.channel, "orders progress", launch="su7", at="1h")
    readers.clear()
    opened = place.bot.services.packs.opened
    for cache in (opened.caches.cache, opened.caches.answers, opened.caches.replies):
        cache._values.clear()
    await place.member.click(shown.response.message, custom_id=buttons(shown.response)[label])
    assert readers and threading.main_thread() not in readers


async def test_what_is_typed_is_cut_before_it_is_looked_for(place, monkeypatch):
    seen = []
    suggestions = Names.suggestions
    monkeypatch.setattr(Names, "suggestions", lambda *asked: (seen.append(asked[2]), suggestions(*asked))[1])
    await place.member.autocomplete(place.channel, "orders total", "launch", "x" * 5_000)
    assert max(map(len, seen)) <= 100


# whose figures they are


async def test_the_figure_of_a_server_is_not_told_to_another_that_presses_its_button(place):
    """The facts of one changed since the card; its note says what they said, and is that server's alone."""
    await confirm(place, await upload(place, orders_csv()))
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="24h", metric="orders")
    custom_id = buttons(shown.response)["Show working"]
    await place.moderator.slash(place.channel, "data undo")  # both see the shared facts from here on
    mine = await place.member.click(shown.response.message, custom_id=custom_id)
    assert "88,899" in text_of(mine.response)
    theirs = await press_forged(place, place.other_moderator, place.other_channel, custom_id)
    assert "88,898" in text_of(theirs.response) and "88,899" not in text_of(theirs.response)


async def test_who_presses_first_decides_nothing_for_the_other(place):
    await confirm(place, await upload(place, orders_csv()))
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="24h", metric="orders")
    custom_id = buttons(shown.response)["Show working"]
    await place.moderator.slash(place.channel, "data undo")
    theirs = await press_forged(place, place.other_moderator, place.other_channel, custom_id)
    assert "88,899" not in text_of(theirs.response)
    mine = await place.member.click(shown.response.message, custom_id=custom_id)
    assert "88,899" in text_of(mine.response)


async def test_charts_are_kept_by_scope_and_whole_hash(place, monkeypatch):
    await confirm(place, await upload(place, orders_csv()))
    keys = []
    draw = place.bot.services.charts.draw
    monkeypatch.setattr(
        type(place.bot.services.charts), "draw", lambda self, key, chart: (keys.append(key), draw(key, chart))[1]
    )
    for who, where in ((place.member, place.channel), (place.other_moderator, place.other_channel)):
        shown = await who.slash(where, "orders progress", launch="su7", at="1h")
        await who.click(shown.response.message, custom_id=buttons(shown.response)["Chart"])
    packs = place.bot.services.packs
    own, shared = packs.of_server(place.home.id).snapshot.content, packs.shared.snapshot.content
    assert [key[:2] for key in keys] == [(str(place.home.id), own), ("shared", shared)]
    assert len(own) == len(shared) == 64


async def test_a_chart_of_facts_that_begin_alike_is_drawn_anew(place, monkeypatch):
    """Sixteen hex digits alike take no luck but money; the other 48 still tell them apart."""
    drawn = []

    async def draw(work, chart):
        drawn.append(chart)
        return f"picture {len(drawn)}".encode()

    monkeypatch.setattr(place.bot.services.warm_process, "run", draw)
    charts = place.bot.services.charts
    alike = [("shared", "ab" * 8 + str(n) * 48, "en-US", "/orders progress launch:su7") for n in range(2)]
    assert [await charts.draw(key, None) for key in (*alike, *alike)] == [b"picture 1", b"picture 2"] * 2


# private channels


def asked_in(channel, channel_id: int):
    return SimpleNamespace(
        channel=channel,
        channel_id=channel_id,
        guild_id=None,
        is_guild_integration=lambda: False,
        client=SimpleNamespace(servers=SimpleNamespace(ids=set())),
        locale="en-US",
        created_at=datetime(2024, 4, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("wanted", [None, True, False])
def test_a_thread_obeys_its_private_channel(wanted):
    services = Mock(spec=Services, guild_settings=Mock(is_private=lambda id: id == 10))
    thread = Mock(spec=discord.Thread, parent_id=10)
    assert hides_answers(services, origin_of(asked_in(thread, 11)), is_private=wanted)
    assert hides_answers(services, origin_of(asked_in(Mock(spec=discord.TextChannel), 10)), is_private=wanted)
    elsewhere = Mock(spec=discord.Thread, parent_id=20)
    assert hides_answers(services, origin_of(asked_in(elsewhere, 21)), is_private=wanted) is bool(wanted)


async def test_every_way_to_a_public_answer_is_closed_in_a_private_channel(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7", private=True)
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=True)
    assert (await place.member.slash(place.channel, "orders total", launch="su7", private=False)).ephemeral
    share = buttons(shown.response)["Share"]
    assert (await place.member.click(shown.response.message, custom_id=share)).ephemeral
    public = await place.other_moderator.slash(place.other_channel, "orders total", launch="su7")
    assert not public.ephemeral


# reports


def test_a_figure_is_reported_once_a_server_and_person():
    reports = ReportsTaken()
    reports.take(1, 7, "/line", "figure")
    with pytest.raises(Refused) as told:
        reports.take(1, 7, "/line", "figure")
    assert told.value.message.key == "reported_before"
    reports.take(2, 7, "/line", "figure")
    reports.take(1, 8, "/line", "figure")
    reports.give_back(1, 7, "/line", "figure")
    reports.take(1, 7, "/line", "figure")


def test_a_person_reports_so_much_an_hour(monkeypatch):
    now = 1_000.0
    monkeypatch.setattr("bot.state.reports_taken.time.monotonic", lambda: now)
    reports = ReportsTaken()
    for number in range(reports_taken.MOST_REPORTS):
        reports.take(1, 7, "/line", f"{number}")
    with pytest.raises(Refused) as told:
        reports.take(1, 7, "/line", "one more")
    assert told.value.message.key == "too_many_reports"
    reports.take(1, 8, "/line", "of another person")
    now += reports_taken.SECONDS
    reports.take(1, 7, "/line", "one more")


def test_what_is_remembered_of_reports_is_bounded(monkeypatch):
    monkeypatch.setattr(reports_taken, "MOST_PEOPLE", 10)
    reports = ReportsTaken()
    for user in range(50):
        reports.take(1, user, "/line", "figure")
    assert len(reports._taken) == 10


async def test_of_two_reports_of_a_figure_at_once_one_is_posted(place, monkeypatch):
    """Both are under way before Discord has taken either."""
    reports = place.home.create_text_channel("reports")
    await place.moderator.slash(place.channel, "data reports", channel=reports)
    services, posted, go = place.bot.services, [], asyncio.Event()

    async def slowly(**message):
        posted.append(message)
        await go.wait()
        return Mock(id=5)

    client = Mock(get_partial_messageable=lambda *_, **__: Mock(send=slowly), servers=place.bot.servers)
    client.services = services
    replies = AsyncMock()
    asked = [
        Mock(
            id=number,
            client=client,
            guild_id=place.home.id,
            user=Mock(id=7),
            locale="en-US",
            extras={},
            response=Mock(is_done=lambda: False, send_message=replies, defer=AsyncMock()),
        )
        for number in (1, 1, 2)  # one delivered twice, and another of the same figure
    ]
    press = Press("report", "/orders total launch:su7 within:24h", "0" * 8)
    filled = [{"component": {"custom_id": "what", "value": "wrong"}}]
    for one in asked:
        one.data = {"custom_id": press.custom_id(), "components": filled}
        one.type = discord.InteractionType.modal_submit
    tasks = [asyncio.ensure_future(place.bot.on_interaction(one)) for one in asked]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    while not posted:  # noqa: ASYNC110
        await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*tasks)
    assert len(posted) == 1
    said = [str(call.kwargs["view"].to_components()) for call in replies.await_args_list]
    assert len(said) == 2 and sum("Thank you" in text for text in said) == 1


async def test_a_report_in_one_server_goes_to_none_but_its_own_channel(place):
    reports = place.home.create_text_channel("reports")
    await place.moderator.slash(place.channel, "data reports", channel=reports)
    shown = await place.other_moderator.slash(place.other_channel, "orders total", launch="su7")
    assert "Wrong or missing?" not in buttons(shown.response)
    mine = await place.member.slash(place.channel, "orders total", launch="su7")
    modal = await place.member.click(mine.response.message, custom_id=buttons(mine.response)["Wrong or missing?"])
    assert custom_ids(modal.modal)


# uploads and their confirmation


async def test_a_message_that_was_dismissed_does_not_lose_what_the_work_made(monkeypatch):
    """A proposal that nobody held any more would stay on the disk."""
    monkeypatch.setattr(progress, "FIRST_PAUSE", 0)
    gone = discord.NotFound(Mock(status=404, reason=""), "Unknown Message")
    sent = AsyncMock(side_effect=gone)
    monkeypatch.setattr(progress, "send", sent)
    let_go = asyncio.Event()

    async def work() -> str:
        await let_go.wait()
        return "proposal"

    waiting = asyncio.ensure_future(
        progress.with_progress(SimpleNamespace(locale="en-US"), "reading_upload", work(), Place())
    )
    while not sent.await_count:  # noqa: ASYNC110
        await asyncio.sleep(0)
    let_go.set()
    assert await waiting == "proposal"


async def test_who_waits_is_told_how_many_are_before(monkeypatch):
    monkeypatch.setattr(progress, "FIRST_PAUSE", 0)
    sent = AsyncMock()
    monkeypatch.setattr(progress, "send", sent)
    place, let_go = Place(), asyncio.Event()
    place.before = 7
    waiting = asyncio.ensure_future(
        progress.with_progress(SimpleNamespace(locale="en-US"), "reading_upload", let_go.wait(), place)
    )
    while not sent.await_count:  # noqa: ASYNC110
        await asyncio.sleep(0)
    let_go.set()
    await waiting
    assert "7" in str(sent.await_args_list[0].args[1].to_components())


def largest_change() -> Proposal:
    """Every table changed in as many rows as are listed, each cell as long as a pack may say."""
    cells = tuple(
        CellChange(f"row-{n}", "note", "旧" * 2_000, "新" * 2_000, (("note", "新" * 2_000),))
        for n in range(MOST_LISTED)
    )
    ids = tuple(ListedRow(f"row-{n}" + "x" * 34, (("note", "新" * 2_000),)) for n in range(MOST_LISTED))
    tables = tuple(
        TableDifference(table, Excerpt(ids, 10**6), Excerpt(ids, 10**6), Excerpt(cells, 10**6)) for table in TABLES
    )
    answers = tuple(AnswerChange(f"/claims check claim:c{n}", "旧" * 4_000, "新" * 4_000) for n in range(600))
    change = PreparedChange(None, "", 1, Difference(tables), answers)  # type: ignore[arg-type]
    return Proposal.of("1", change, why="import")


def test_the_file_of_the_largest_difference_is_one_that_discord_takes():
    shown = proposal_card(largest_change(), WORDS, wants_confirmation=True)
    [(name, content)] = shown.attached
    assert name == "difference.txt" and 1_000_000 < len(content) <= cards.MOST_BYTES + 10
    content.decode("utf-8")
    assert cards.MOST_BYTES < 10 << 20


async def test_a_busy_catalog_uses_up_no_confirm(place):
    shown = await upload(place, orders_csv())
    with pytest.MonkeyPatch.context() as busy:
        busy.setattr(ServedPacks, "accept", Mock(side_effect=Refused("catalog_busy")))
        refused = await confirm(place, shown)
    assert "another change is being saved" in text_of(refused.response).casefold()
    await confirm(place, shown)
    assert "88,899" in await total(place)


def test_a_locked_catalog_holds_up_the_event_loop_for_no_longer_than_a_blink(settings):
    catalog = new_bot(settings).services.packs.catalog
    assert catalog._connection.execute("pragma busy_timeout").fetchone() == (50,)


async def test_a_server_can_have_its_facts_erased(place):
    packs = place.bot.services.packs
    await confirm(place, await upload(place, orders_csv()))
    scope = str(place.home.id)
    assert packs.catalog.versions(scope)
    unsure = await place.moderator.slash(place.channel, "data forget", sure=False)
    assert "Nothing was erased" in text_of(unsure.response)
    assert packs.catalog.versions(scope)
    sure = await place.moderator.slash(place.channel, "data forget", sure=True)
    assert "Erased" in text_of(sure.response)
    assert packs.catalog.versions(scope) == []
    assert packs.of_server(place.home.id) is packs.shared


# the operator's own


def member(id: int, state: discord.TeamMembershipState, role: str):
    return SimpleNamespace(id=id, membership_state=state, role=SimpleNamespace(value=role))


def test_of_a_team_those_count_who_accepted_and_may_change_the_application():
    accepted, invited = discord.TeamMembershipState.accepted, discord.TeamMembershipState.invited
    team = SimpleNamespace(
        owner_id=1,
        members=[
            member(1, accepted, "owner"),
            member(2, accepted, "admin"),
            member(3, accepted, "developer"),
            member(4, accepted, "read_only"),
            member(5, invited, "admin"),
            member(6, accepted, "a role of next year"),
        ],
    )
    assert owners_of(SimpleNamespace(team=team, owner=SimpleNamespace(id=99))) == {1, 2, 3}
    assert owners_of(SimpleNamespace(team=None, owner=SimpleNamespace(id=99))) == {99}


async def test_a_disk_that_is_full_at_start_costs_one_sync(settings, monkeypatch, caplog):
    (settings.data_dir / "commands.sha256").mkdir()  # cannot be read or written, whoever runs this
    bot = new_bot(settings)
    synced = AsyncMock()
    monkeypatch.setattr(bot.tree, "sync", synced)
    await bot._sync_if_changed()
    assert synced.await_count == 1
    assert "cannot be written" in caplog.text


async def test_commands_that_cannot_be_synced_do_not_keep_the_bot_from_answering(settings, monkeypatch, caplog):
    bot = new_bot(settings)
    monkeypatch.setattr(bot.tree, "sync", AsyncMock(side_effect=OSError(28, "No space left on device")))
    await bot._sync_if_changed()
    assert "could not be synced" in caplog.text
    assert not (settings.data_dir / "commands.sha256").exists()


# links


@pytest.mark.parametrize(
    "url",
    [
        "https://nytimes.com@evil.example/a",
        "https://user:word@evil.example/",
        "https://аpple.com/",  # Cyrillic
        "https://xn--pple-43d.com/",
        "https://good.example.XN--PPLE-43D.com/",
        "https://ｅxample.com/",
        "https://example。com/",
        "https://exa%6dple.com/",
        "https://localhost/",
        "https://evil.example:80@good.example/",
        "https:///path",
    ],
)
def test_an_address_that_does_not_say_where_it_leads_is_no_link(url):
    assert link("The Times", url) == "The Times"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.nytimes.com/2024/a_b?c=d&e=@f#g",
        "http://example.org:8080/",
        "https://1.2.3.4/x",
        "https://example.org/文章",
        "https://WWW.Example.ORG/",
    ],
)
def test_a_plain_address_is_a_link(url):
    assert link("The Times", url) == f"[The Times](<{url}>)"
