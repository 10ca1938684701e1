"""A static reply by hikari, to measure beside ours; run by the Python of a folder that has it (``benchmarks.others``)."""

import os

import hikari

WORDS = ("su7", "model-3", "model-y", "ff91", "xpeng-p7", "zeekr-001", "byd-han", "aion-s")

bot = hikari.GatewayBot(
    os.environ["SALESBOT_DISCORD_TOKEN"],
    rest_url=os.environ["LOOPBACK_REST"],
    intents=hikari.Intents.GUILDS,
    cache_settings=hikari.impl.CacheSettings(components=hikari.api.CacheComponents.NONE),
    banner=None,
)


@bot.listen()
async def register(_: hikari.StartingEvent) -> None:
    application = await bot.rest.fetch_application()
    ping = bot.rest.slash_command_builder("ping", "Answer with a static embed")
    ping.add_option(
        hikari.CommandOption(
            type=hikari.OptionType.STRING, name="word", description="Any word", is_required=False, autocomplete=True
        )
    )
    await bot.rest.set_application_commands(application.id, [ping])


@bot.listen()
async def answer(event: hikari.InteractionCreateEvent) -> None:
    interaction = event.interaction
    if isinstance(interaction, hikari.CommandInteraction):
        embed = hikari.Embed(title="Pong", description="**1,234** things", color=0x5865F2).set_footer(
            "Facts as of never"
        )
        await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, embed=embed)
    elif isinstance(interaction, hikari.AutocompleteInteraction):
        await interaction.create_response([hikari.impl.AutocompleteChoiceBuilder(word, word) for word in WORDS])


if __name__ == "__main__":
    bot.run(check_for_updates=False, asyncio_debug=False)
