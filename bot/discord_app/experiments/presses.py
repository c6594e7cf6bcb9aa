"""What each button, select and form of experiments and claims does."""

import discord

from bot import words
from bot.curriculum.model import Topic
from bot.discord_app import later
from bot.discord_app.experiments import choosing, ledger
from bot.discord_app.experiments.bench import Bench, outlet
from bot.discord_app.experiments.beside import meant
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.experiments.outlets import NewAnswer
from bot.discord_app.replies import replace, respond
from bot.errors import TutorError
from bot.service.laboratory import Laboratory, requested_by


class LabRouter:
    """Acts on them, those of an earlier run too."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._ledger = laboratory.ledger
        self._laboratory = laboratory
        self._bench = Bench(laboratory)

    async def act(self, interaction: discord.Interaction, press: LabPress) -> None:
        """Raises TutorError with the line for whoever pressed."""
        match press.action:
            case "line":
                await self._bench.as_written(
                    interaction, NewAnswer(interaction, choosing.is_private(interaction, press))
                )
            case "later":
                with later.asked_again():
                    await self._later(interaction, press)
            case "again":
                await self._bench.again(interaction, press)
            case "csv":
                await self._bench.numbers(interaction)
            case "change" | "compare" | "correct":
                await self._bench.open_form(interaction, press)
            case "changed" | "compared":
                await self._bench.sent_in(interaction, press)
            case "try":
                await choosing.offer(interaction, press, self._ledger.curriculum, self._bench)
            case "tried":
                await choosing.chosen(interaction, press, self._bench)
            case "claims" | "page":
                await self._open(interaction, press)
            case "run":
                await self._run(interaction, press)

    async def _later(self, interaction: discord.Interaction, press: LabPress) -> None:
        """The claims, or else the run, that a quiz round kept back."""
        if press.about:
            await self._open(interaction, press)
        else:
            await self._bench.as_written(interaction, outlet(interaction, press))

    async def _open(self, interaction: discord.Interaction, press: LabPress) -> None:
        named, _, number = press.about.partition("+")
        topic = _one(meant(self._ledger.curriculum, named))
        ledger.require(self._laboratory.gate, interaction, topic)
        theirs = interaction.user.id == press.asker
        shown = ledger.page(self._ledger, topic, int(number) if number.isdecimal() else 0, interaction.user.id)
        if press.action in {"page", "later"} and theirs:
            await replace(interaction, [shown])
        else:
            await respond(interaction, [shown], private=choosing.is_private(interaction, press))

    async def _run(self, interaction: discord.Interaction, press: LabPress) -> None:
        found = self._ledger.claims.get(choosing.picked(interaction))
        if found is None or found[1].deciding is None:
            raise TutorError(words.answers.GONE)
        to = NewAnswer(interaction, private=choosing.is_private(interaction, press))
        await self._bench.run(requested_by(found[1].deciding[0]), interaction.user.id, to)


def _one(topics: list[Topic]) -> Topic:
    if not topics:
        raise TutorError(words.answers.GONE)
    return topics[0]
