"""Running what members ask for, and acting on what they press below a result."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import discord

from bot import words
from bot.discord_app.experiments import forms, page, repeat
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.experiments.outlets import InPlace, NewAnswer, Outlet
from bot.discord_app.experiments.repeat import Typed
from bot.discord_app.forms import filled
from bot.discord_app.later import offered
from bot.discord_app.places import places_of
from bot.discord_app.replies import respond
from bot.discord_app.typed import typed as shown
from bot.errors import TutorError, UsageError
from bot.service.experiment_queue import QueuePlace
from bot.service.laboratory import Finding, Laboratory
from bot.simulations.parameters import SEED
from bot.simulations.request import Request

T = TypeVar("T")
OPEN = "open"  # said by a form that was opened again: the result is for all to see


class Bench:
    """Where experiments are run for members."""

    def __init__(self, laboratory: Laboratory) -> None:
        self.laboratory = laboratory

    async def run(self, request: Request, asker: int, outlet: Outlet) -> None:
        """Runs in turn and shows what came out. Before anything is shown: QueueFull, QueueClosed, BeingAsked."""
        with offered(
            LabPress("later", asker), below=f"-# {words.laboratory.EXPERIMENT_LINE} `{repeat.typed(request)}`"
        ):
            self.laboratory.gate.experiment(asker, outlet.places, request.experiment)
        await self._conduct(
            asker,
            outlet,
            lambda turn: self.laboratory.find(turn, request),
            lambda finding, files: page.found(self._told(finding, asker, outlet), asker, files),
        )

    async def again(self, interaction: discord.Interaction, press: LabPress) -> None:
        """The same on the next seed."""
        request = _run_on(interaction).requested()
        request = replace(request, seed=(request.seed + 1) % (SEED.high + 1))
        await self.run(request, interaction.user.id, outlet(interaction, press))

    async def as_written(self, interaction: discord.Interaction, to: Outlet) -> None:
        """What the line on the message says."""
        await self.run(_run_on(interaction).requested(), interaction.user.id, to)

    async def numbers(self, interaction: discord.Interaction) -> None:
        """The numbers of the run, for whoever pressed."""
        request = _run_on(interaction).requested()
        self.laboratory.gate.experiment(interaction.user.id, places_of(interaction), request.experiment)
        await self._conduct(
            interaction.user.id,
            NewAnswer(interaction, private=True),
            lambda turn: self.laboratory.numbers(turn, request),
            lambda csv, files: page.numbers(request, csv if files else None),
        )

    async def open_form(self, interaction: discord.Interaction, press: LabPress) -> None:
        """A form that holds what was run, or what was typed wrongly."""
        typed = _run_on(interaction)
        again = typed.compare if press.action == "correct" else press.action == "compare"
        about = "+".join(filter(None, (typed.name, press.about)))
        if again:
            form = forms.compare(LabPress("compared", press.asker, about), typed)
        else:
            form = forms.change(LabPress("changed", press.asker, about), typed)
        await interaction.response.send_modal(form)

    async def sent_in(self, interaction: discord.Interaction, press: LabPress) -> None:
        """Runs what a form asks for; what cannot be run comes back with what was typed."""
        name, _, where = press.about.partition("+")
        values = filled(interaction)
        typed = (
            forms.changed(name, values) if press.action == "changed" else forms.compared(_run_on(interaction), values)
        )
        try:
            request = typed.requested()
        except UsageError as error:
            about = OPEN if where == OPEN or _is_theirs(interaction, press) else ""
            again = page.faulty(str(error), shown(str(typed)), LabPress("correct", interaction.user.id, about))
            await respond(interaction, [again], private=True)
            return
        to = NewAnswer(interaction, private=False) if where == OPEN else outlet(interaction, press)
        await self.run(request, interaction.user.id, to)

    def _told(self, finding: Finding, asker: int, outlet: Outlet) -> Finding:
        """Without the claims that would give an open question away."""
        hidden = self.laboratory.gate.hidden_topics(asker, outlet.places)
        return replace(finding, bearings=tuple(one for one in finding.bearings if one.topic.id not in hidden))

    async def _conduct(
        self,
        member: int,
        outlet: Outlet,
        work: Callable[[QueuePlace], Awaitable[T]],
        show: Callable[[T, bool], page.Sheet],
    ) -> None:
        """The work runs while Discord is told of it: a slow connection must not hold up the queue."""
        with self.laboratory.experiments.turn(str(member)) as turn:
            working = asyncio.ensure_future(work(turn))
            working.add_done_callback(_seen)
            try:
                async with outlet.opened():
                    if turn.place > 1:
                        await outlet.tell(words.laboratory.your_place(turn.place))
                    done = await working
                await outlet.show(lambda files: show(done, files))
            except TutorError as error:
                await outlet.fail(str(error))
            finally:
                working.cancel()


def _seen(working: "asyncio.Future[Any]") -> None:
    """So that asyncio does not complain of an error that nobody waits for any more."""
    if not working.cancelled():
        working.exception()


def outlet(interaction: discord.Interaction, press: LabPress) -> Outlet:
    """The asker's press changes the message; anyone else gets the result without touching what the asker sees."""
    mine = interaction.user.id == press.asker
    return InPlace(interaction) if mine else NewAnswer(interaction, private=True)


def _is_theirs(interaction: discord.Interaction, press: LabPress) -> bool:
    """Whether a press is the asker's, on a message that all can see."""
    message = interaction.message
    return interaction.user.id == press.asker and message is not None and not message.flags.ephemeral


def _run_on(interaction: discord.Interaction) -> Typed:
    typed = repeat.on(interaction.message)
    if typed is None:
        raise TutorError(words.laboratory.NO_RUN_HERE)
    return typed
