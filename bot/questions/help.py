"""``/help``: examples of these facts to press, every question, the words; ``/about``: version, invite, privacy."""

from __future__ import annotations

import discord
from discord import app_commands, ui

from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Block, Page, card, replace_card, rich, send
from bot.questions.phone_screen import Parts, screens
from bot.services import Services, words_of, work_out
from bot.state.custom_ids import Press, content_digits
from salesbot import __version__
from salesbot.query.coverage import Coverage, coverage
from salesbot.query.examples import examples
from salesbot.questions.line import written
from salesbot.questions.question import QUESTIONS, NameKind, Question, options
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import Words, words_for

WORDS = words_for()
TOPICS = ("start", "questions", "words", "moderators")
LONGEST_LABEL, MOST_LAUNCHES = 80, 8


def commands(services: Services) -> tuple[app_commands.Command[app_commands.Group, ..., None], ...]:
    """The commands ``/help`` and ``/about``."""

    @app_commands.command(name="help", description=WORDS.command("/help"))
    async def help(interaction: discord.Interaction) -> None:
        page = await _page(services, interaction, "start", 1, words_of(interaction))
        await send(interaction, page.view(), is_private=True)

    @app_commands.command(name="about", description=WORDS.command("/about"))
    async def about(interaction: discord.Interaction) -> None:
        await send(interaction, card(_about(interaction, words_of(interaction))), is_private=True)

    return everywhere(help), everywhere(about)


async def answer_help_press(services: Services, interaction: discord.Interaction, press: Press) -> None:
    """Answer a button of the help: another topic, or another page of one, in its place; a new card elsewhere."""
    topic = press.line if press.line in TOPICS else "start"
    page = await _page(services, interaction, topic, press.page or 1, words_for(press.language))
    is_own = interaction.message is not None and interaction.message.flags.ephemeral
    await (replace_card(interaction, page.view()) if is_own else send(interaction, page.view(), is_private=True))


async def _page(services: Services, interaction: discord.Interaction, topic: str, number: int, words: Words) -> Page:
    def make(facts: ServedFacts) -> Page:
        if topic != "start":
            return _listed(topic, number, words, content_digits(facts.snapshot))
        return _start(services, facts, words)

    return await work_out(services, interaction, ("help", words.language, topic, number), make)


def _start(services: Services, facts: ServedFacts, words: Words) -> Page:
    """What the facts cover, and questions that they answer, as buttons."""
    snapshot = facts.snapshot
    digits = content_digits(snapshot)
    questions = examples(snapshot)
    shown: list[tuple[str, str]] = []
    for question in questions:
        line = written(question)
        services.long_lines.store(line)
        label = words.text(
            f"example_{question.verb[1:].replace(' ', '_')}", name=_subject(question, facts, words.language)
        )
        shown.append((Press("answer", line, digits, language=words.language).custom_id(), label[:LONGEST_LABEL]))
    covered = [rich(line) for line in _covered(coverage(snapshot), words)]
    texts = (
        "\n".join([f"### {words.text('help_title')}", words.text("help_promise")]),
        "\n".join([f"**{words.text('help_covers')}**", *(f"- {line}" for line in covered)]),
        rich(words.text("help_try" if shown else "help_nothing")),
    )
    return Page(texts, "", None, (*shown, *_topics("start", digits, words)))


def _subject(question: Question, facts: ServedFacts, language: str) -> str:
    """The names of what a question is about."""
    names = facts.names_in(language)
    for option in options(type(question)):
        if isinstance(option.kind, NameKind) and (value := getattr(question, option.name)):
            ids = value if isinstance(value, tuple) else (value,)
            return ", ".join(names.shown(option.kind.thing, id) for id in ids)
    what = getattr(question, "what", "")
    return names.shown("event", what) if isinstance(what, str) else ""


def _covered(known: Coverage, words: Words) -> list[str]:
    named = [name for name, metrics in known.launches if metrics]
    left = len(named) - MOST_LAUNCHES
    launches = ", ".join(named[:MOST_LAUNCHES])
    lines = [words.text("covers_launches", launches=launches)] if named else []
    if left > 0:
        lines = [words.text("covers_more_launches", launches=launches, count=left)]
    return [*lines, words.text("answers_others", models=known.models, events=known.events, claims=known.claims)]


def _listed(topic: str, number: int, words: Words, digits: str) -> Page:
    """Every question, the words of the trade, or what moderators can do, page by page."""
    match topic:
        case "questions":
            lines = [f"**{q.verb}** {rich(words.command(q.verb))}" for q in QUESTIONS]
        case "words":
            lines = [f"**{rich(word)}** {rich(meaning)}" for word, meaning in words.glossary().items()]
        case _:
            lines = [f"- {rich(line)}" for line in words.text("help_for_moderators").split("\n")]
    small = rich(words.text("help_names"))
    parts = Parts(f"### {words.text(f'help_{topic}')}", lines=tuple(lines), small=small, is_list=True)
    pages = screens(parts, words)
    number = min(number, len(pages))
    turns = [
        (_press(topic, digits, words, to).custom_id(), sign)
        for to, sign in ((number - 1, "◀"), (number + 1, "▶"))
        if 1 <= to <= len(pages)
    ]
    return Page(tuple(pages[number - 1]), small, None, (*_topics(topic, digits, words), *turns))


def _topics(shown: str, digits: str, words: Words) -> list[tuple[str, str]]:
    topics = [topic for topic in TOPICS if topic != shown]
    return [(_press(topic, digits, words).custom_id(), words.text(f"help_{topic}")) for topic in topics]


def _press(topic: str, digits: str, words: Words, page: int | None = None) -> Press:
    return Press("help", topic, digits, page, words.language)


def _about(interaction: discord.Interaction, words: Words) -> list[Block]:
    invite = f"<https://discord.com/oauth2/authorize?client_id={interaction.application_id}>"
    return [
        Block((f"### salesbot {__version__}", rich(words.text("about")))),
        Block((f"{rich(words.text('about_invite'))} {invite}",)),
        Block((rich(words.text("about_privacy")),)),
    ]


def welcome(words: Words, digits: str) -> ui.LayoutView:
    """What a server is shown when the bot joins it, with three things to press."""
    topics = (("start", "welcome_ask"), ("moderators", "welcome_facts"), ("words", "help_words"))
    buttons = tuple((_press(topic, digits, words).custom_id(), words.text(key)) for topic, key in topics)
    return Page((f"### {words.text('welcome')}\n{rich(words.text('welcome_text'))}",), "", None, buttons).view()
