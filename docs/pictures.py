"""``make pictures``: real replies of the real bot, photographed in the playground at two widths.

Needs a Chromium (CHROMIUM names it; Debian's ``chromium`` package does) and the ``pictures`` extra.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from playground.world import World, world
from salesbot.settings import Settings, seed_pack

FOLDER = Path(__file__).parent / "pictures"
TALL = 2400  # the whole message is on the page, so that nothing scrolls
WIDTHS = {"phone": 390, "desktop": 900}
SHOWN: dict[str, tuple[str, dict[str, str]]] = {
    "orders-total": ("orders total", {"launch": "su7", "within": "72h"}),
    "prices-changes": ("prices changes", {"model": "model-y", "trim": "RWD", "since": "2024-03-15", "until": "2024-04-25"}),
    "timeline-check": ("timeline check", {"first": "musk-post", "second": "su7-launch"}),
    "orders-stores": ("orders stores", {"launch": "su7"}),
    "orders-progress": ("orders progress", {"launch": "su7", "at": "1h"}),
    "claims-check": ("claims check", {"claim": "sold-45000"}),
    "prices-history-chart": ("prices history", {"model": "model-y", "trim": "RWD"}),
    "wrong-name": ("orders total", {"launch": "su8"}),
}


async def main() -> None:
    """Ask each question as a member would, and photograph the reply."""
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or list(SHOWN)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, pack_dir=seed_pack(), data_dir=Path(folder))
        async with async_playwright() as playwright, world(settings) as place:
            browser = await playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-background-networking"]
            )
            for name in wanted:
                await _photograph(name, place, browser)
            await browser.close()


async def _photograph(name: str, place: World, browser: Browser) -> None:
    command, typed = SHOWN[name]
    result = await place.member.slash(place.channel, command, **typed)
    if name.endswith("-chart"):
        rows = [c for c in result.response.components if c["type"] == 1]
        chart = next(b["custom_id"] for row in rows for b in row["components"] if b["label"] == "Chart")
        result = await place.member.click(result.response.message, custom_id=chart)
    for width_name, width in WIDTHS.items():
        async with place.env.preview(place.channel, viewers=[place.member], layout="channel", width=width, height=TALL) as preview:
            page = await browser.new_page(viewport={"width": width, "height": TALL}, device_scale_factor=2)
            await page.goto(preview.url)
            message: Any = page.locator(f'article[data-message-id="{result.response.id}"]')
            await message.wait_for()
            await asyncio.sleep(0.5)
            await message.screenshot(path=FOLDER / f"{name}-{width_name}.png")
            await page.close()


if __name__ == "__main__":
    asyncio.run(main())
