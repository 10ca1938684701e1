"""``make pictures``: real replies of the real bot, photographed in the playground at phone width.

Needs a Chromium (CHROMIUM names it; Debian's ``chromium`` package does) and the ``pictures`` extra.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import discord
import openpyxl
from PIL import Image
from playwright.async_api import Browser, async_playwright

from playground.world import World, world
from salesbot.packs.export import workbook_of
from salesbot.settings import Settings, seed_pack

FOLDER = Path(__file__).parent / "pictures"
TALL = 3200  # the whole message is on the page, so that nothing scrolls
WIDTHS = {"phone": 390, "desktop": 900}
SHOWN: dict[str, tuple[str, dict[str, str]]] = {
    "orders-total": ("orders total", {"launch": "su7", "within": "72h"}),
    "prices-changes": (
        "prices changes",
        {"model": "model-y", "trim": "RWD", "since": "2024-03-15", "until": "2024-04-25"},
    ),
    "timeline-check": ("timeline check", {"first": "musk-post", "second": "su7-launch"}),
    "orders-stores": ("orders stores", {"launch": "su7"}),
    "orders-progress": ("orders progress", {"launch": "su7", "at": "1h"}),
    "claims-check": ("claims check", {"claim": "sold-45000"}),
    "prices-history": ("prices history", {"model": "model-y", "trim": "RWD"}),
    "orders-compare": ("orders compare", {"launches": "su7,yu7", "within": "24h"}),
    "orders-whatif": ("orders whatif", {"launch": "su7", "within": "72h", "stores": "60"}),
    "prices-show": ("prices show", {"model": "su7", "on": "2024-04-01"}),
    "prices-compare": ("prices compare", {"models": "su7,model-3", "on": "2024-04-10"}),
    "timeline-gap": ("timeline gap", {"first": "model-3-unveiled", "second": "ff91-unveiled"}),
    "timeline-when": ("timeline when", {"what": "musk-post"}),
    "timeline-events": ("timeline events", {"since": "2024-03-28", "until": "2024-04-03"}),
    "claims-list": ("claims list", {}),
    "sources-show": ("sources show", {"id": "s006"}),
    "ask": ("ask", {"question": "how many orders did the su7 have in 72 hours"}),
    "wrong-name": ("orders total", {"launch": "su8"}),
    "about": ("about", {}),
}
CHINESE: dict[str, tuple[str, dict[str, str]]] = {
    "chinese-1-total": SHOWN["orders-total"],
    "chinese-2-progress": SHOWN["orders-progress"],
    "chinese-3-stores": SHOWN["orders-stores"],
    "chinese-4-changes": SHOWN["prices-changes"],
    "chinese-5-history": SHOWN["prices-history"],
    "chinese-6-timeline": SHOWN["timeline-check"],
    "chinese-7-claim": SHOWN["claims-check"],
    "chinese-8-ask": ("ask", {"question": "小米SU7开售72小时一共锁单多少台"}),
}
MESSAGES = {
    "check-this": ("en-US", "Check this", "SU7 sold 45,000 in 72 hours, and Musk's post was an answer to the launch"),
    "chinese-9-check-this": ("zh-CN", "Check this", "SU7 24小时大定88898台，Model Y 2024年4月1日涨了5000元"),
}
ON_DESKTOP = {"orders-total", "orders-progress", "help", "working", "prices-history", "session-2-difference"}


async def main() -> None:
    """Ask each question as a member would, and photograph the reply; then a moderator's session."""
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or [*SHOWN, *SESSIONS]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(pack_dir=seed_pack(), data_dir=Path(folder))
        async with async_playwright() as playwright, world(settings) as place:
            browser = await playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--disable-background-networking"],
            )
            camera = Camera(place, browser)
            for name in wanted:
                if name in SESSIONS:
                    await SESSIONS[name](place, camera)
                else:
                    await camera.take(name, place.member, await _asked(place, *SHOWN[name]))
            await browser.close()


async def _asked(place: World, command: str, typed: dict[str, str]) -> Any:
    return await place.member.slash(place.channel, command, **typed)


async def _chinese(place: World, camera: Camera) -> None:
    """The same bot, asked by a reader whose Discord is in Chinese."""
    for name, (command, typed) in CHINESE.items():
        with _locale("zh-CN"):
            await camera.take(name, place.member, await _asked(place, command, typed))
    with _locale("zh-TW"):
        await camera.take("traditional-total", place.member, await _asked(place, *SHOWN["orders-total"]))


async def _messages(place: World, camera: Camera) -> None:
    """Somebody's message, checked."""
    for name, (locale, menu, text) in MESSAGES.items():
        message = await place.member.send(place.channel, text)
        with _locale(locale):
            await camera.take(name, place.member, await place.member.context_menu(place.channel, menu, message))


@contextlib.contextmanager
def _locale(locale: str) -> Iterator[None]:
    """Let what is asked come from a Discord in another language."""
    from_data = discord.Interaction._from_data

    def read(self: Any, data: Any) -> None:
        from_data(self, {**data, "locale": locale})

    with mock.patch.object(discord.Interaction, "_from_data", read):
        yield


async def _session(place: World, camera: Camera) -> None:
    """A workbook with two faults; mended; the difference; confirmed; asked; taken back; asked."""
    mo, where = place.moderator, place.channel
    faults = {("orders", "su7-orders-24h", "low"): "many", ("prices", "su7-max-2024-03-28", "sources"): "s999"}
    mended = {("orders", "su7-orders-24h", column): "88899" for column in ("low", "high")}
    ask = {"launch": "su7", "within": "24h", "metric": "orders"}
    await camera.take(
        "session-1-faults", mo, await mo.slash(where, "data import", file=("pack.xlsx", _workbook(place, faults)))
    )
    shown = await mo.slash(where, "data import", file=("pack.xlsx", _workbook(place, mended)))
    await camera.take("session-2-difference", mo, shown)
    await mo.click(shown.response.message, custom_id=_button(shown, "Confirm"))
    await camera.take("session-3-confirmed", mo, shown)
    await camera.take("session-4-asked", mo, await mo.slash(where, "orders total", **ask))
    await camera.take("session-5-undone", mo, await mo.slash(where, "data undo"))
    await camera.take("session-6-asked-again", mo, await mo.slash(where, "orders total", **ask))


async def _feeding(place: World, camera: Camera) -> None:
    """A count typed in Discord; a suggestion accepted; a table that others made; undo."""
    mo, mei, where = place.moderator, place.member, place.channel
    count = {"launch": "su7", "metric": "reservations", "value": "about 1.2万", "when": "April 2024", "who": "press"}
    shown = await mo.slash(where, "data add count", link="https://daily.example/su7-reservations", **count)
    await camera.take("feeding-1-add-count", mo, shown)
    await mo.click(shown.response.message, custom_id=_button(shown, "Confirm"))
    await mo.slash(where, "data reports", channel=where)
    asked = await mei.slash(where, "orders total", launch="su7", within="24h", metric="orders")
    form = await mei.click(asked.response.message, custom_id=_button(asked, "Wrong or missing?"))
    ids = [outer["component"]["custom_id"] for outer in form.modal["components"]]
    values = (["su7-orders-24h"], "88,899", "https://daily.example/su7-first-day", "the report was corrected")
    await mei.submit_modal(form, dict(zip(ids, values, strict=True)))
    posted = next(one for one in where.history() if "v1suggest" in str([part.to_dict() for part in one.components]))
    await camera.photograph("feeding-2-suggestion", mo, posted.id)
    accept = next(
        child.custom_id
        for row in posted.components
        if row.type.value == 1
        for child in row.children
        if child.label == "Accept"
    )
    shown = await mo.click(posted, custom_id=accept)
    await camera.take("feeding-3-accepted", mo, shown)
    table = "2026年SU7交付量,,\n月份,交付量（万辆）,备注\n1月,1.5,\n2月,1.1,\n合计,2.6,\n".encode()
    shown = await mo.slash(where, "data import", file=("deliveries.csv", table))
    await camera.take("feeding-4-foreign-table", mo, shown)
    form = await mo.click(shown.response.message, custom_id=_button(shown, "Launch, source…"))
    ids = [outer["component"]["custom_id"] for outer in form.modal["components"]]
    values = ("su7", "https://daily.example/2026", "2026", "", "10000")
    shown = await mo.submit_modal(form, dict(zip(ids, values, strict=True)))
    shown = await mo.click(shown.response.message, custom_id=_button(shown, "Read it so"))
    await camera.take("feeding-5-read", mo, shown)
    await mo.click(shown.response.message, custom_id=_button(shown, "Confirm"))
    await camera.take("feeding-6-undone", mo, await mo.slash(where, "data undo"))


async def _help(place: World, camera: Camera) -> None:
    """What /help starts with, and the working of an answer."""
    await camera.take("help", place.member, await place.member.slash(place.channel, "help"))
    asked = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    pressed = await place.member.click(asked.response.message, custom_id=_button(asked, "Show working"))
    await camera.take("working", place.member, pressed)


async def _moving(place: World, camera: Camera) -> None:
    """A question typed, its answer, and its working: a moving picture of the playground."""
    await camera.film("asked", place.member, "/orders total launch:su7 within:72h", "Show working")


SESSIONS = {
    "messages": _messages,
    "chinese": _chinese,
    "help": _help,
    "session": _session,
    "feeding": _feeding,
    "moving": _moving,
}


def _workbook(place: World, cells: dict[tuple[str, str, str], str]) -> bytes:
    """The live facts as a workbook, with some cells typed over."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(place.bot.services.packs.shared.snapshot.facts())))
    for (table, id, column), text in cells.items():
        sheet = book[table]
        names = [cell.value for cell in sheet[1]]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == id)
        row[names.index(column)].value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _button(result: Any, label: str) -> str:
    rows = [component for component in result.response.components if component["type"] == 1]
    shown = {
        button["label"]: str(button["custom_id"]) for row in rows for button in row["components"] if "label" in button
    }
    return shown[label]


@dataclass(frozen=True)
class Camera:
    """Photographs a reply as its reader sees it, at each width."""

    place: World
    browser: Browser

    async def take(self, name: str, viewer: Any, result: Any) -> None:
        """Photograph the reply to a command or a press."""
        await self.photograph(name, viewer, result.response.id)

    async def photograph(self, name: str, viewer: Any, message_id: int) -> None:
        """Photograph a message."""
        for width_name, width in WIDTHS.items():
            if width_name == "desktop" and name not in ON_DESKTOP:
                continue
            preview = self.place.env.preview(
                self.place.channel, viewers=[viewer], layout="channel", width=width, height=TALL
            )
            async with preview:
                page = await self.browser.new_page(viewport={"width": width, "height": TALL}, device_scale_factor=2)
                await page.goto(preview.url)
                message = page.locator(f'article[data-message-id="{message_id}"]')
                await message.wait_for()
                await asyncio.sleep(0.5)
                await message.scroll_into_view_if_needed()
                await message.screenshot(path=FOLDER / f"{name}-{width_name}.png")
                await page.close()

    async def film(self, name: str, viewer: Any, line: str, button: str) -> None:
        """Type a line, wait for its answer and press a button, as a GIF."""
        frames: list[tuple[bytes, int]] = []  # each with how long it is shown, in milliseconds
        channel = self.place.channel.guild.create_text_channel("su7")
        await self.place.env.settle()
        size = {"width": 480, "height": 860}
        async with self.place.env.preview(channel, viewers=[viewer], layout="channel", **size) as preview:
            page = await self.browser.new_page(viewport=size)

            async def frame(milliseconds: int) -> None:
                await page.evaluate("[...document.querySelectorAll('[data-message-id]')].at(-1)?.scrollIntoView()")
                clip = {"x": 0, "y": 110, "width": size["width"], "height": size["height"] - 110}
                frames.append((await page.screenshot(clip=clip), milliseconds))

            await page.goto(preview.url)
            box = page.locator("#channel-composer-input")
            await box.wait_for()
            await asyncio.sleep(1)
            await frame(900)
            for end in range(4, len(line) + 4, 4):
                await box.fill(line[:end])
                await frame(120)
            await box.press("Enter")
            await asyncio.sleep(2)
            await frame(5000)
            await page.get_by_role("button", name=button).last.click()
            await asyncio.sleep(2)
            await frame(5000)
            await page.close()
        pictures = [Image.open(io.BytesIO(data)).convert("P", palette=Image.Palette.ADAPTIVE) for data, _ in frames]
        pictures[0].save(
            FOLDER / f"{name}.gif",
            save_all=True,
            append_images=pictures[1:],
            duration=[shown for _, shown in frames],
            loop=0,
            optimize=True,
        )


if __name__ == "__main__":
    asyncio.run(main())
