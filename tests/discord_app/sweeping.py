"""Everything that is registered, done in one place, and what can be said to the bot there: and what it says to that is
held against texts that must not be in it."""

import itertools
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from bot.discord_app import codec, register
from bot.discord_app.actions import Action
from bot.discord_app.asking.picks import Pick
from bot.discord_app.codec import AtMost, RoundId, Signs, Snowflake, TurnNumber
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord, using
from tests.discord_server.commands import BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND, Usage
from tests.discord_server.forms.components import BUTTON
from tests.discord_server.model import Attachment, Channel, Interaction, Message
from tests.discord_server.names import CannotUse
from tests.discord_server.people import Person
from tests.discord_server.routes.interactions import COMPONENT, MODAL_SUBMIT
from tests.discord_server.shown import Shown
from tests.discord_server.shown_form import ShownForm

OF_TYPE = {INTEGER: 1, NUMBER: 1.0, BOOLEAN: True}
EXPERIMENT = "momentum"  # of the message on which actions are done


@dataclass
class Sweep:
    """Does all that is registered, and holds what the bot says against what it must keep back."""

    loopback: LoopbackDiscord
    by: Person
    channel: Channel
    worker: HereRunner
    topic: str  # its id, which is given wherever something is typed or chosen
    ask: str  # a question about it
    texts: Sequence[str]  # that are said to the bot
    options: dict[str, Any]  # what is typed in these options instead
    fields: Sequence[str]  # what actions carry in their texts, where it fits
    round: str  # the id of a round about it
    secrets: Sequence[str]  # what must not be said
    turn: int = 0  # of the round
    experiments: frozenset[str] = frozenset()  # that must not be run
    left_out: frozenset[str] = frozenset()  # commands and actions that are not done
    still: Callable[[], None] = lambda: None  # called after each: raises where the sweep has lost its sense
    one_message: bool = False  # whether all actions are done on the same one
    heard: list[str] = field(default_factory=list)  # all that was said
    _kept: Shown | None = None  # the message

    async def commands(self) -> set[str]:
        """The names of the commands that gave it away."""
        note = await self._note()
        found = []
        for command in list(self.by.world.commands[None].values()):
            for path, options in used(command):
                if path in self.left_out:
                    continue
                if self.channel.guild is None and not _in_dms(command):
                    continue
                try:
                    usage = Usage.find(self.by, path, self.channel)
                except CannotUse:  # nobody is offered it there
                    continue
                if not path.startswith("/"):
                    found += [path] if await self._gave_away(usage.send_on(note)) else []
                    continue
                given = {
                    one["name"]: self.options.get(one["name"], self.first(one)) for one in options if is_typed(one)
                }
                sent = [usage.send_typing({name: given[name]}, name) for name in given if _completes(options, name)]
                for interaction in (*sent, usage.send(given)):
                    found += [path] if await self._gave_away(interaction) else []
        return set(found)

    async def messages(self) -> set[str]:
        """What was said to the bot, at first and by an edit, that gave it away."""
        found = []
        for text in self.texts:
            before, ran = len(self.loopback.requests), len(self.worker.ran)
            message = await self.by.posts(self.channel, f"{self.loopback.mention} {text}")
            await self.loopback.settled()
            self.by.edits(message, f"{self.loopback.mention} {text}, please")
            await self.loopback.settled()
            found += [text] if self._was_told(before, ran) else []
        return set(found)

    async def actions(self) -> set[str]:
        """The names of the actions that gave it away."""
        found = []
        for action in register.ACTIONS:
            if action.name in self.left_out:
                continue
            for made in dict.fromkeys(self._made(action)):
                forms: list[Any] = []  # that it opens: what a form does opens none
                for kind, picked in ((COMPONENT, self.topic), (COMPONENT, "0"), (MODAL_SUBMIT, "")):
                    if kind == COMPONENT or not any(forms):
                        sent = await self._press(made, kind, picked)
                        found += [action.name] if await self._gave_away(sent) else []
                        forms.append(sent.modal)
        return set(found)

    async def _press(self, action: Action, kind: int, picked: str) -> Interaction:
        """On a message that names a run of the asked experiment, as a button, a menu or a form would be sent in."""
        if self._kept is None or not self.one_message:
            self._kept = await self.by.uses("/simulate", experiment=EXPERIMENT, in_=self.channel)
        data = {"custom_id": action.custom_id, "component_type": BUTTON, "values": [picked], "components": []}
        owners = using.owners(self.by, self.channel)
        return using.send(self.by, kind, self.channel, data, owners=owners, source=self._kept.message)

    async def _gave_away(self, interaction: Interaction) -> bool:
        """Whether what the bot says to it, and to the form that it opens, holds anything that is kept back."""
        before, ran = len(self.loopback.requests), len(self.worker.ran)
        await self._done(interaction)
        if interaction.modal:
            form = ShownForm(interaction)
            note = Attachment(self.loopback.clock.snowflake(), "note.yaml", self.ask.encode())
            empty = [one for one in form.fields if not one.options and not one.value]
            texts = {one.custom_id: self.ask[: one.component.get("max_length", 4000)] for one in empty}
            fields = {one.custom_id: note if one.is_upload else texts[one.custom_id] for one in empty}
            await self._done(using.submit(self.by, form, fields))
        self.still()
        return self._was_told(before, ran)

    def _was_told(self, before: int, ran: int) -> bool:
        """Whether anything that is kept back was in the requests since, or was run."""
        said = "\n".join(text for call in self.loopback.requests[before:] for text in _texts(call.body))
        self.heard.append(said)
        run_too = any(one.experiment in self.experiments for one in self.worker.ran[ran:])
        return run_too or any(secret in said for secret in self.secrets)

    async def _note(self) -> Message:
        """A message on which commands are used; where the bot is not, one that a member has there."""
        return await self.by.posts(self.channel, self.ask)

    async def _done(self, interaction: Interaction) -> None:
        await self.loopback.until(lambda: interaction.response or None, f"a response to {interaction.data}")
        await self.loopback.tasks_ended()

    def _made(self, action: type[Action]) -> Iterator[Action]:
        """The action with fields that mean the topic and the round; once for every way to name these."""
        for text, given in itertools.product(self.fields, (True, False)):
            yield self._value(action, text, given)

    def first(self, option: dict[str, Any]) -> Any:
        """What is given in an option: the first of its choices, else what its type takes."""
        if choices := option.get("choices"):
            return choices[0]["value"]
        return OF_TYPE.get(option["type"], self.topic) if option["type"] != CHANNEL else self.channel

    def _value(self, hint: Any, text: str, given: bool) -> Any:  # noqa: PLR0911 - a table
        known = {Snowflake: self.by.id, RoundId: self.round, TurnNumber: self.turn}
        if hint in known:
            return known[hint]
        base, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        if base in (bool, int):
            return base(given) if base is bool else 0
        if base is str:
            (mark,) = marks
            assert isinstance(mark, Signs)
            return text if mark.fewest <= len(text) <= mark.most else "a" * mark.fewest
        if get_origin(base) is tuple:
            assert any(isinstance(mark, AtMost) for mark in marks)
            return (self._value(get_args(base)[0], text, given),) if base is not Pick else ()
        if get_origin(base) in (Union, types.UnionType):
            (inner,) = (one for one in get_args(base) if one is not types.NoneType)
            return self._value(inner, text, given) if given else None
        if issubclass(base, StrEnum):
            return next(iter(base))
        assert isinstance(base, type)
        assert is_dataclass(base)
        return base(**{name: self._value(one, text, given) for name, one in codec.fields_of(base).items()})


def used(command: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each use of a command as it is written, with its options."""
    slash = "/" if command["type"] == 1 else ""
    yield from _below(f"{slash}{command['name']}", command.get("options") or [])


def _below(written: str, options: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    inside = [one for one in options if one["type"] in (SUBCOMMAND, GROUP)]
    if not inside:
        yield written, options
    for one in inside:
        yield from _below(f"{written} {one['name']}", one.get("options") or [])


def _in_dms(command: dict[str, Any]) -> bool:
    """Whether it can be used in direct messages with the bot."""
    return 1 in (command.get("contexts") or [1])


def is_typed(option: dict[str, Any]) -> bool:
    """Whether something is given in an option."""
    return option["type"] == STRING or bool(option.get("required"))


def _completes(options: list[dict[str, Any]], name: str) -> bool:
    return any(one["name"] == name and one.get("autocomplete") for one in options)


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    for one in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from _texts(one)
