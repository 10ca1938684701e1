"""Pages served over HTTP at an address that an operator has set."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from salesbot.errors import ConfigError


class HttpAddress:
    """The routes of a setting's address ``host:port``; an answer may take ``seconds_to_finish`` once it is closed."""

    def __init__(
        self, setting: str, address: str, *, most_bytes: int = 1 << 20, seconds_to_finish: float = 1.0
    ) -> None:
        self._setting, self._address = setting, address
        self._app = web.Application(client_max_size=most_bytes)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=seconds_to_finish)

    async def open(self, routes: Iterable[web.RouteDef]) -> None:
        """Listen. Raises ``ConfigError`` where the address cannot be had."""
        self._app.add_routes(routes)
        await self._runner.setup()
        host, _, port = self._address.rpartition(":")
        try:
            await web.TCPSite(self._runner, host.strip("[]") or None, int(port)).start()
        except (OSError, OverflowError) as error:
            await self.close()
            reason = getattr(error, "strerror", None) or str(error)
            said = {"variable": self._setting, "address": self._address, "error": reason}
            raise ConfigError("address_taken", **said) from None

    async def close(self) -> None:
        """Take no more requests, and finish those that were taken."""
        await self._runner.cleanup()
