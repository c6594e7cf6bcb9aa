"""Actions: what a button, a menu or a form does, in whatever process it is pressed.

An action is a frozen dataclass. Its class says its name, who may use it, what it may give away, whether the server's
channel and privacy rules hold for it; its fields are what the custom id carries; `run` does it. It stands in its
feature's file and in that file's `ACTIONS`, of which `register.py` makes the one registry.

discord.py's own `DynamicItem` is not used: it finds buttons and menus by a regular expression but no forms (a submit is
looked up among the modals that this process opened, and dropped), tries one expression after the other, and logs what
goes wrong where the member should be told.
"""

import contextlib
import dataclasses
import inspect
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, ClassVar, Self, TypeVar

import discord
from discord import ButtonStyle, ui

from bot import metrics, words
from bot.discord_app import codec, replies
from bot.discord_app.access import Who, asker_of
from bot.discord_app.layout import LONGEST_LABEL, Page, single
from bot.discord_app.replies import Audience, ChannelRules, Reception
from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.service.application import App
from bot.service.gate import Asker, BeingAsked, Gate, NotedFirst, Withheld
from bot.text.normalise import cut

KEPT = 1000  # messages on which an action that is done once has been done
_NAME = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command or an action: the use cases, who uses it and where, how the server wants it answered."""

    app: App
    interaction: discord.Interaction
    audience: Audience

    @property
    def asker(self) -> Asker:
        """Who uses it, and where."""
        return asker_of(self.interaction)


@dataclass(frozen=True, slots=True)
class GivesAway:
    """What somebody would learn; the gate is asked about all of it before anything is done."""

    topics: tuple[str, ...] = ()
    text: str = ""  # of a question that this answers
    experiment: str = ""
    question: DrawnQuestion | None = None
    later: "Action | None" = None  # gives it after the close of the round that asks it
    opening: str = ""  # what the offer of that begins with: the question that was asked
    below: str = ""  # what it ends with: the run that was asked for
    offered: bool = False  # it was offered for later before: too early it just says so


Reveals = Callable[[Any, discord.Interaction, App], GivesAway]
"""Takes an action (or a command's options by name), the interaction and the use cases. Raises TutorError where what is
meant is not to be had at all."""


NOTHING = GivesAway()


def nothing(_what: Any, _interaction: discord.Interaction, _app: App) -> GivesAway:
    """Nothing that a round could ask is given away."""
    return NOTHING


def what_the_use_case_finds(_what: Any, _interaction: discord.Interaction, _app: App) -> GivesAway:
    """What is given away is known only when the use case has found it; the use case asks the gate itself."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class Declaration:
    """What every command and every action has to say of itself."""

    who: Who  # may use it
    gives_away: Reveals  # what, while a quiz round may be asking it
    channel_rules: ChannelRules  # how far those of the server hold for it


class Action(ABC):
    """What a button, a menu or a form does; a subclass is a frozen dataclass whose fields the custom id carries."""

    name: ClassVar[str]  # stands in the custom id: short, of its own, never given to another action
    declared: ClassVar[Declaration]
    once: ClassVar[bool]  # done once a message: pressed again before the button is gone, nothing happens

    def __init_subclass__(
        cls, *, name: str, who: Who, gives_away: Reveals, channel_rules: ChannelRules, once: bool = False
    ) -> None:
        super().__init_subclass__()
        cls.name, cls.declared, cls.once = name, Declaration(who, gives_away, channel_rules), once

    @abstractmethod
    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Does it, for a member who may. Raises TutorError with the line for whoever pressed."""

    @property
    def custom_id(self) -> str:
        """What a button, menu or form carries to have this done."""
        fields = _coder(type(self)).encode(self)
        return f"{codec.VERSION}:{self.name}:{fields}" if fields else f"{codec.VERSION}:{self.name}"

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """The action that a custom id stands for; None where it is none of this class that this version made."""
        version, _, rest = custom_id.partition(":")
        name, colon, fields = rest.partition(":")
        if (version, name) != (codec.VERSION, cls.name) or bool(colon) is not bool(fields):
            return None
        try:
            found: Self = _coder(cls).decode(fields)
        except ValueError:
            return None
        return found


AnyAction = TypeVar("AnyAction", bound=Action)


@cache
def _coder(action: type[Action]) -> codec.Coder:
    return codec.coder(action)


class Registry:
    """Every action there is, by its name."""

    def __init__(self, actions: Iterable[type[Action]]) -> None:
        """Raises TypeError for an action that is not complete, or whose custom id could be too long."""
        self._actions: dict[str, type[Action]] = {}
        for action in actions:
            _require_complete(action)
            if action.name in self._actions:
                raise TypeError(f"{action.__name__} and {self._actions[action.name].__name__} have the same name")
            self._actions[action.name] = action

    def __iter__(self) -> Iterator[type[Action]]:
        return iter(self._actions.values())

    def read(self, custom_id: str) -> Action:
        """The action of a custom id. Raises TutorError for one that this version did not make."""
        name = [*custom_id.split(":", 2), ""][1]
        action = self._actions.get(name)
        found = action.read(custom_id) if action else None
        if found is None:
            raise TutorError(words.answers.OLD_BUTTON)
        return found


def _require_complete(action: type[Action]) -> None:
    params = vars(action).get("__dataclass_params__")
    if params is None or not params.frozen:
        raise TypeError(f"{action.__name__} is no frozen dataclass")
    if inspect.isabstract(action):
        raise TypeError(f"{action.__name__} has no run")
    if not _NAME.fullmatch(action.name):
        raise TypeError(f"{action.__name__}: {action.name!r} cannot stand in a custom id")
    if len(f"{codec.VERSION}:{action.name}:") + _coder(action).longest > codec.LONGEST:
        raise TypeError(f"The custom id of {action.__name__} could be too long")


def button(label: str, action: Action, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[Any]:
    """A button that does `action`; of a long label as much as Discord takes, and without marks of Markdown."""
    return ui.Button(label=cut(words.topics.plain(label), LONGEST_LABEL), style=style, custom_id=action.custom_id)


class Guard:
    """Holds every command and every action to what it has declared."""

    def __init__(self, app: App, reception: Reception, lock_page: "LockPage") -> None:
        """`lock_page` makes what is said to those who have to lock their answer to a question of the day first."""
        self._app = app
        self._reception = reception
        self._lock_page = lock_page

    async def hold(
        self,
        interaction: discord.Interaction,
        declared: Declaration,
        what: Any,
        private: bool | None,
        run: Callable[[Call], Awaitable[None]],
    ) -> None:
        """Admit it, and run it. Where it answers a question of the day it is done once more when that is noted, and
        shown to whoever asked alone if that stands in the server. Raises TutorError as `admit` does, and what `run`
        raises; nothing has been shown by then."""
        gate, asker, call = self._app.gate, asker_of(interaction), None  # type: Gate, Asker, Call | None
        with contextlib.ExitStack() as stack:
            stack.enter_context(gate.noting())
            while True:
                try:
                    call = call or await self.admit(interaction, declared, what, private)
                    return await run(call)
                except NotedFirst as first:
                    await gate.note(asker, first)
                    if first.here and not replies.is_alone():
                        note = "" if first.here.final else words.rounds.seen_now(first.here.channel)
                        stack.enter_context(replies.alone(note))
                        private, call = True, call and dataclasses.replace(call, audience=Audience(True))
                except LockFirst as first:
                    raise replies.ToldByPage(self._lock_page(first.asked, first.content)) from None
                except BeingAsked as kept:
                    if kept.first is None:
                        raise
                    raise replies.ToldByPage(self._lock_page(kept.first, NOTHING)) from None

    async def admit(
        self, interaction: discord.Interaction, declared: Declaration, what: Any, private: bool | None
    ) -> Call:
        """Checks who may, then what would be given away, then what the server has set, and says how to answer.

        `what` is the action, or a command's options by name; `private` None is for the server to say. Raises TutorError
        where it may not be done, or not now.
        """
        if isinstance(what, Action):
            metrics.named(what.name)
        elif interaction.command:
            metrics.named(interaction.command.qualified_name)
        for round_ in codec.values_of(what, codec.RoundId) if isinstance(what, Action) else ():
            await self._app.rounds.require_here(round_, interaction.guild_id)
        await declared.who(interaction, what, self._app)
        if declared.gives_away is not nothing:
            await self._app.gate.look(asker_of(interaction))
        content = declared.gives_away(what, interaction, self._app)
        if content is not NOTHING:
            _ask(self._app.gate, asker_of(interaction), content)
        if declared.channel_rules is ChannelRules.NONE:
            return Call(self._app, interaction, Audience(bool(private)))
        return Call(
            self._app, interaction, await self._reception.audience(interaction, declared.channel_rules, private)
        )


def _ask(gate: Gate, asker: Asker, content: GivesAway) -> None:
    """Raises TutorError where a quiz round is asking any of that."""
    with kept_for_later(content):
        if content.topics:
            gate.topics(asker, content.topics)
        if content.text:
            gate.text(asker, content.text)
        if content.experiment:
            gate.experiment(asker, content.experiment)
        if content.question:
            gate.question(asker, content.question)


@contextlib.contextmanager
def kept_for_later(content: GivesAway) -> Iterator[None]:
    """What a quiz round keeps back inside is offered for after its close, as `content` says. Raises TutorError."""
    try:
        yield
    except BeingAsked as kept:
        raise kept_back(kept, content) from None


class LockFirst(TutorError):  # noqa: N818 - what they have to do
    """It answers a question of the day that they have pressed in: they lock their answer for good, or give up."""

    def __init__(self, asked: Withheld, content: GivesAway) -> None:
        super().__init__("they lock their answer first")
        self.asked = asked
        self.content = content


LockPage = Callable[[Withheld, GivesAway], Page]
"""Takes what is asked, and what they wanted to be told."""


def kept_back(kept: BeingAsked, content: GivesAway) -> TutorError:
    """What to raise where a quiz round keeps that back."""
    if kept.first:
        return LockFirst(kept.first, content)
    if content.offered:
        return TutorError(words.discord.still_open(kept.closes))
    if content.later is None:
        return kept
    after = button(words.discord.AFTER_THE_CLOSE, content.later)
    page = single([content.opening, words.discord.kept_back(kept.closes), content.below], [[after]])
    return replies.ToldByPage(page)


class Router:
    """Finds the action of every press and of every form sent in, holds it to its declaration, and runs it."""

    def __init__(self, registry: Registry, guard: Guard) -> None:
        self._registry = registry
        self._guard = guard
        self._done: deque[tuple[int, str]] = deque(maxlen=KEPT)  # messages, and what has been done on them

    async def handle(self, interaction: discord.Interaction) -> None:
        """Acts on one press; whatever goes wrong is told to the presser and logged."""
        data: Mapping[str, Any] = interaction.data or {}
        message = interaction.message
        try:
            action = self._registry.read(str(data.get("custom_id", "")))
            private = message is not None and message.flags.ephemeral
            await self._guard.hold(
                interaction, action.declared, action, private, partial(self._run, action, interaction)
            )
        except Exception as error:
            await replies.tell_presser(interaction, error, "the press of a button")

    async def _run(self, action: Action, interaction: discord.Interaction, call: Call) -> None:
        if action.once and self._is_done(action, interaction.message):
            await interaction.response.defer()
            return
        await action.run(interaction, call)

    def _is_done(self, action: Action, message: discord.Message | None) -> bool:
        """Whether that was done on the message before; from now on it is."""
        done = (message.id if message else 0, action.name)
        if done in self._done:
            return True
        self._done.append(done)
        return False


def on(message: discord.Message | None, wanted: type[AnyAction]) -> Iterator[AnyAction]:
    """The actions of one class that the buttons of a message stand for, in their order."""
    for component in message.components if message else ():
        for one in (component, *getattr(component, "children", ())):
            if isinstance(one, discord.Button) and (found := wanted.read(one.custom_id or "")):
                yield found
