"""What is offered to somebody who types an option."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import Struct

from bot.questions.origin import Origin, with_usual_launch
from bot.services import Services
from salesbot.questions.choices import CONTEXT, choices
from salesbot.questions.line import with_days
from salesbot.questions.names import Suggestion
from salesbot.questions.question import NameKind, Option
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import Words

MOST_TYPED = 100  # characters that are looked at
LONGEST_SHOWN = 100


class Completion(Struct, frozen=True):
    """An option that somebody types, with the options chosen so far."""

    verb: str
    option: Option
    typed: str
    chosen: dict[str, str]
    words: Words

    @classmethod
    def of(
        cls,
        services: Services,
        origin: Origin,
        verb: str,
        option: Option,
        current: str,
        typed: Iterable[tuple[str, object]],
    ) -> Completion:
        """The completion of ``current`` beside the options that are ``typed``, by name."""
        completed = with_days(verb, {option.name: current[:MOST_TYPED]}, origin.day)[option.name]
        others = {name: str(text)[:MOST_TYPED] for name, text in typed if name in CONTEXT and text}
        return cls(verb, option, completed, with_usual_launch(services, origin, verb, others), origin.words())

    @property
    def key(self) -> str:
        """Its key in the cache of the facts."""
        return repr(("choices", self.words.language, self.verb, self.option.name, self.typed, *self.chosen.items()))

    def known(self, facts: ServedFacts) -> tuple[Suggestion, ...] | None:
        """What is offered, if it was asked before."""
        known = facts.snapshot.replies.get(self.key)
        return known if isinstance(known, tuple) else None

    def offered(self, facts: ServedFacts) -> tuple[Suggestion, ...]:
        """What is offered. Raises ``SalesbotError`` where nothing can be."""
        names = facts.names_in(self.words.language)
        found = partial(choices, self.verb, self.option, self.typed, self.chosen, names)
        return facts.snapshot.replies.get_or_make(self.key, lambda: tuple(found()))

    def shown(self, offered: Sequence[Suggestion]) -> list[tuple[str, str]]:
        """What is read and what is sent of each choice."""
        is_metric = self.option.kind == NameKind("metric") and self.words.language != "en"
        return [(self.words.metric(one.id)[:LONGEST_SHOWN] if is_metric else one.shown, one.id) for one in offered]
