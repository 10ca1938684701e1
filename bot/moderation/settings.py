"""``/settings``: what moderators chose for their server, on one card."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Block, card, rich, send
from bot.discord_io.translator import describe
from bot.permissions import require_moderator
from bot.services import Services, change, words_of, work_out
from salesbot.questions.names import Suggestion
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import LANGUAGES, words_for

WORDS = words_for()
NONE = "-"  # typed to unset a choice


def command(services: Services) -> app_commands.Command[app_commands.Group, ..., None]:
    """The command ``/settings``."""

    async def launches(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        def make(facts: ServedFacts) -> list[Suggestion]:
            return facts.names_in(words_of(interaction).language).suggestions("launch", current[:100])

        found = await work_out(
            services, interaction, ("suggest", words_of(interaction).language, "launch", current[:100]), make
        )
        none = app_commands.Choice(name=words_of(interaction).text("no_usual_launch"), value=NONE)
        return [*(app_commands.Choice(name=one.shown, value=one.id) for one in found[:24]), none]

    @app_commands.command(name="settings", description=WORDS.command("/settings"))
    @describe(launch=WORDS.option("launch", "settings"), language=WORDS.option("language", "settings"))
    @app_commands.autocomplete(launch=launches)
    @app_commands.choices(
        language=[
            *(app_commands.Choice(name=name, value=tag) for tag, name in LANGUAGES.items()),
            app_commands.Choice(name=WORDS.text("language_of_reader"), value=NONE),
        ]
    )
    @app_commands.default_permissions(manage_guild=True)
    async def settings(
        interaction: discord.Interaction, launch: str | None = None, language: str | None = None
    ) -> None:
        guild = int(require_moderator(interaction))
        if launch is not None:
            id = None
            if launch.strip() != NONE:
                id = await work_out(
                    services, interaction, ("launch", launch), lambda facts: facts.names.resolve("launch", launch)
                )
            await change(services, partial(services.guild_settings.set_usual_launch, guild, id))
        if language is not None:
            chosen = language if language in LANGUAGES else None
            await change(services, partial(services.guild_settings.set_language, guild, chosen))
        await send(interaction, card(_blocks(services, interaction, guild)), is_private=True)

    return everywhere(settings)


def _blocks(services: Services, interaction: discord.Interaction, guild: int) -> list[Block]:
    words, chosen = words_of(interaction), services.guild_settings
    names = services.facts(interaction).names_in(words.language)
    launch, reports = chosen.usual_launch(guild), chosen.reports_channel(guild)
    language = chosen.language(guild)
    private = " ".join(f"<#{channel}>" for channel in chosen.private_channels(guild))
    lines = (
        rich(words.text("setting_launch", launch=names.shown("launch", launch)))
        if launch
        else rich(words.text("setting_no_launch")),
        rich(words.text("setting_language", language=LANGUAGES[language]))
        if language in LANGUAGES
        else rich(words.text("setting_no_language")),
        words.text("setting_private", channels=private) if private else rich(words.text("setting_no_private")),
        words.text("setting_reports", channel=f"<#{reports}>") if reports else rich(words.text("setting_no_reports")),
    )
    return [Block((f"### {words.text('settings_title')}", *(f"- {line}" for line in lines)))]
