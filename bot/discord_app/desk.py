"""What every way of asking in Discord has in common: who asks, the use case, and the messages that answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot import words
from bot.discord_app import custom_ids, faults, render
from bot.discord_app.completions import chosen
from bot.discord_app.later import offered
from bot.discord_app.layout import Page
from bot.discord_app.places import places_of
from bot.discord_app.presses import AfterClose, Pick
from bot.discord_app.reception import Reception
from bot.discord_app.render import Asking
from bot.discord_app.typed import typed
from bot.errors import TutorError
from bot.matching.decision import Answer, Context, Match
from bot.matching.taught import Phrasebook
from bot.service.application import App


@dataclass(frozen=True, slots=True)
class Asker:
    """A member. What is asked in one server never colours the answers in another, or in DMs."""

    id: int
    server: int | None
    places: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the conversation is kept."""
        return f"{self.server or 'dm'}:{self.id}"


def asker_of(source: discord.Interaction | discord.Message) -> Asker:
    """The person behind an interaction or a message."""
    if isinstance(source, discord.Message):
        return Asker(source.author.id, source.guild.id if source.guild else None, places_of(source))
    return Asker(source.user.id, source.guild_id, places_of(source))


class Desk:
    """Takes questions and presses, gives messages."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.answering = app.answering
        self.additions = app.additions
        self.laboratory = app.laboratory
        self.reception = Reception(app.server_settings)
        self.curriculum = app.curriculum

    async def answer(self, text: str, asker: Asker, link: str = "", about: Pick | None = None) -> list[Page]:
        """Answers a question; `link` leads to the message it stands in or under, `about` is the answer it is about.

        Raises UnusableMessage.
        """
        picked = chosen(self.curriculum, text)
        if picked:
            question = words.discord.question(typed(words.answers.heading(picked.topic, picked.parts)), link)
            self._require(asker, [Match(picked.topic.id, 1.0, picked.parts)], question)
            self.answering.show(picked.topic.id, picked.parts, asker.key)
            return render.shown(picked, (), self._asking(question, asker))
        about_match = custom_ids.found(self.curriculum, about) if about else None
        context = Context(about_match.topic, about_match.parts) if about_match else None
        decision = self.answering.ask(text, asker.key, await self._book(asker), context)
        if isinstance(decision, Answer):
            self._require(asker, decision.topics, words.discord.question(typed(text), link))
        if self.answering.is_small_talk(text, decision):
            return [render.line(words.answers.ANY_TIME)]
        return render.decided(self.curriculum, decision, self._asking(words.discord.question(typed(text), link), asker))

    def show(self, wanted: Pick, others: Sequence[Pick], question: str, asker: Asker) -> list[Page]:
        """Answers with the candidate that was pressed. Raises TutorError where it is no longer taught."""
        match = custom_ids.found(self.curriculum, wanted)
        self._require(asker, [match] if match else [], question)
        shown = self.answering.show(match.topic, match.parts, asker.key) if match else None
        if shown is None:
            raise TutorError(words.answers.GONE)
        return render.shown(shown, others, self._asking(question, asker))

    def others(self, picks: Sequence[Pick], question: str, asker: Asker) -> list[Page]:
        """Offers what else the question may have meant."""
        return render.offered(self.curriculum, picks, self._asking(question, asker))

    def to_group(self, name: str, question: str, asker: Asker) -> list[Page]:
        """The question as it is put to the humans; `name` is what the asker is called there."""
        return render.to_group(name, self._asking(question, asker))

    def after_close(self, picks: Sequence[Pick], question: str, asker: Asker) -> list[Page]:
        """Answers with what was kept back. Raises BeingAsked where it still is, TutorError where it is not taught."""
        matches = [match for pick in picks if (match := custom_ids.found(self.curriculum, pick))]
        self._require(asker, matches, question)
        found = [self.answering.show(match.topic, match.parts, asker.key) for match in matches]
        shown = [one for one in found if one]
        if not shown:
            raise TutorError(words.answers.GONE)
        return render.all_of(shown, self._asking(question, asker))

    def _require(self, asker: Asker, matches: Sequence[Match], question: str) -> None:
        """Raises BeingAsked where a quiz round asks one of them right now, with them offered for later."""
        if matches:
            with offered(AfterClose(asker.id, custom_ids.picks(matches)), question):
                self.app.gate.topics(asker.id, asker.places, [match.topic for match in matches])

    async def _book(self, asker: Asker) -> Phrasebook | None:
        """What was taught where the asker is. A fault of the storage is no reason not to answer."""
        try:
            return await self.additions.phrasings.book(asker.server) if asker.server else None
        except Exception as error:
            faults.record(error, f"reading what was taught in server {asker.server}")
            return None

    def _asking(self, question: str, asker: Asker) -> Asking:
        return Asking(question, asker.id, asker.server is not None)
