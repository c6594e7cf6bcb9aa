"""Members: what a test does on Discord it does through one of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import permissions, posting, using
from .model import Attachment, Channel, Interaction, Message, User
from .names import CannotUse, Choice, NoAnswer
from .shown import Control, Shown
from .shown_form import ShownForm

if TYPE_CHECKING:
    from .commands import Usage


class Person(User):
    """A person on Discord. Waiting ends with NoAnswer after `within` seconds (default: the server's patience)."""

    @property
    def dm(self) -> Channel:
        """The direct conversation with the bot."""
        return self.world.dm_channel(self)

    def installs(self) -> None:
        """Adds the application to their own account (user install)."""
        self.installed = True

    def closes_dms(self) -> None:
        self.dms_open = False

    # writing

    async def posts(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: Shown | Message | None = None,
        ping: bool = True,
        files: Any = (),
        **more: Any,
    ) -> Message:
        """Writes a message and waits for nothing. `files`: (name, bytes) pairs; `more`: other fields of the message,
        such as `forwards`, `stickers`, `poll` and `embeds`."""
        await self.world.until(lambda: self.world.gateway.identified or None, "the bot never came online", None)
        if channel.guild is not None and not permissions.may(channel, self, "view_channel", "send_messages"):
            raise CannotUse(f"{self} cannot write in {channel}")
        self.world.said.clear()
        world = self.world
        message = Message(world.clock.snowflake(), channel, self, world.clock.now(), content=text, **more)
        message.attachments = [Attachment(world.clock.snowflake(), name, data) for name, data in files]
        message.mentions = posting.mentioned(world, text)
        message.role_mentions = posting.mentioned_roles(channel.guild, text)
        if reply_to is not None:
            _make_reply(message, reply_to.message if isinstance(reply_to, Shown) else reply_to, ping)
        posting.add(message)
        return message

    async def says(
        self, channel: Channel, text: str, *, reply_to: Shown | Message | None = None, ping: bool = True,
        within: float | None = None, **more: Any,
    ) -> Shown:  # fmt: skip
        """Writes a message and waits for the bot's next message in that channel."""
        message = await self.posts(channel, text, reply_to=reply_to, ping=ping, **more)
        return await self._hears(channel, message, within)

    async def dms(self, text: str, *, within: float | None = None, **more: Any) -> Shown:
        """Writes to the bot directly and waits for its answer."""
        return await self.says(self.dm, text, within=within, **more)

    async def sees_changed(self, shown: Shown, edits: int = 1, *, within: float | None = None) -> Shown:
        """Waits until a message has been edited so many times."""
        changed = f"{shown} was not changed"
        await self.world.until(lambda: shown.edits >= edits or None, changed, within)
        return self._heard(shown.message)

    async def _hears(self, channel: Channel, after: Message, within: float | None) -> Shown:
        def answer() -> Message | None:
            return next((each for each in self._readable(channel) if each.author.bot and each.id > after.id), None)

        what = f"the bot did not answer {self} in {channel}: {after.content!r}"
        return self._heard(await self.world.until(answer, what, within))

    def edits(self, message: Message, text: str) -> None:
        """Changes their own message; the bot is told by MESSAGE_UPDATE."""
        answered = message.reply_to.author if message.reply_to else None
        kept = [answered] if answered in message.mentions else []  # whether a reply pings does not change
        message.content, message.edited = text, self.world.clock.now()
        message.mentions = list(dict.fromkeys([*posting.mentioned(self.world, text), *filter(None, kept)]))
        message.edits += 1
        self._changes(message)

    def pins(self, message: Message) -> None:
        """Pins a message, of which the bot is told as of an edit."""
        message.pinned = True
        self._changes(message)

    def previews(self, message: Message, title: str) -> None:
        """Discord adds the preview of an address to a message, and tells the bot as of an edit."""
        message.embeds = [{"type": "article", "url": "https://example.com/", "title": title}]
        self._changes(message)

    def _changes(self, message: Message) -> None:
        self.world.said.clear()
        self.world.tell_message("MESSAGE_UPDATE", message)

    def deletes(self, message: Message | Shown) -> None:
        """Removes a message: their own, or as a moderator anyone's."""
        self.world.said.clear()
        posting.delete(message.message if isinstance(message, Shown) else message)

    def sees(self, channel: Channel) -> list[Shown]:
        """Every message there that this member can read now, oldest first, ephemeral ones to them included."""
        return [self._heard(message) for message in self._readable(channel)]

    def _readable(self, channel: Channel) -> list[Message]:
        if channel.guild is not None and not permissions.may(channel, self, "view_channel"):
            return []
        return [message for message in channel.messages.values() if message.seen_by in (None, self)]

    # commands

    async def uses(
        self, command: str, *, in_: Channel | None = None, within: float | None = None,
        options: dict[str, Any] | None = None, **more: Any,
    ) -> Shown:  # fmt: skip
        """A slash command, e.g. `uses("/quiz start", rounds=3, in_=channel)`; gives what the member is shown."""
        usage = await self._usage(command, in_)
        return await self._shown(usage.send({**(options or {}), **more}), within)

    async def uses_on(self, target: Shown | Message, command: str, *, within: float | None = None) -> Shown:
        """A message command on a message."""
        message = target.message if isinstance(target, Shown) else target
        usage = await self._usage(command, message.channel)
        return await self._shown(usage.send_on(message), within)

    async def types(
        self, command: str, *, in_: Channel | None = None, focused: str | None = None,
        within: float | None = None, options: dict[str, Any] | None = None, **more: Any,
    ) -> list[Choice]:  # fmt: skip
        """What is suggested while typing; the last option given is the one being typed, unless `focused` names it."""
        usage = await self._usage(command, in_)
        given = {**(options or {}), **more}
        interaction = usage.send_typing(given, focused or list(given)[-1])
        choices = await self._response(interaction, lambda: interaction.choices, within)
        return [Choice(choice["name"], choice["value"]) for choice in choices]

    async def _usage(self, command: str, in_: Channel | None) -> Usage:
        from .commands import Usage

        await self.world.until(lambda: self.world.gateway.identified or None, "the bot never came online", None)
        self.world.said.clear()
        return Usage.find(self, command, in_ or self._usual_channel())

    def _usual_channel(self) -> Channel:
        for channel in self.world.channels.values():
            if channel.guild is not None and channel.guild.has_bot and permissions.may(channel, self, "view_channel"):
                return channel
        return self.dm

    # components

    async def presses(self, button: Control, *, within: float | None = None, acknowledged: bool = False) -> Shown:
        """Presses a button; gives the new or changed message, or with `acknowledged` returns on any response."""
        return await self._acts_on(button, None, within, acknowledged)

    async def chooses(
        self,
        select: Control,
        *values: str,
        within: float | None = None,
        acknowledged: bool = False,
        forged: bool = False,
    ) -> Shown:
        """Picks options of a select by value or by label; `forged` sends values that do not stand in it."""
        if forged:
            return await self._acts_on(select, [*values], within, acknowledged)
        known = {
            name: value
            for choice in select.options
            for name, value in ((choice.name, choice.value), (choice.value, choice.value))
        }
        unknown = [value for value in values if value not in known]
        if unknown:
            raise CannotUse(f"{unknown} is not among {select.options}")
        return await self._acts_on(select, [str(known[value]) for value in values], within, acknowledged)

    async def _acts_on(self, control: Control, values: Any, within: float | None, acknowledged: bool) -> Shown:
        self.world.said.clear()
        source = control.shown.message
        edits = source.edits
        interaction = using.act_on(self, control, values)
        if acknowledged:
            await self._response(interaction, lambda: interaction.response, within)
            return control.shown
        return await self._shown(
            interaction, within, lambda: source if source.edits > edits or source.deleted else None
        )

    # forms

    async def opens(
        self, what: Control | str, *, in_: Channel | None = None, within: float | None = None, **options: Any
    ) -> ShownForm:
        """Presses a button, or uses a command, that opens a form."""
        if isinstance(what, Control):
            self.world.said.clear()
            interaction = using.act_on(self, what, None)
        else:
            interaction = (await self._usage(what, in_)).send(options)
        look = lambda: interaction.modal or using.result(interaction)  # noqa: E731
        if not await self._response(interaction, look, within, form=True) or interaction.modal is None:
            raise NoAnswer(f"no form but {using.result(interaction)}")
        return ShownForm(interaction)

    async def submits(self, form: ShownForm, *, within: float | None = None, **fields: Any) -> Shown:
        """Fills in a form, its fields named by custom id or label, and sends it; what is not named stays as shown."""
        self.world.said.clear()
        source = form.interaction.source
        edits = source.edits if source else 0
        interaction = using.submit(self, form, fields)
        return await self._shown(interaction, within, lambda: source if source and source.edits > edits else None)

    # waiting

    async def _shown(
        self, interaction: Interaction, within: float | None, changed: Callable[[], Message | None] = lambda: None
    ) -> Shown:
        def result() -> Message | None:
            return using.result(interaction) or (changed() if interaction.response else None)

        return self._heard(await self._response(interaction, result, within))

    def _heard(self, message: Message) -> Shown:
        """What a member has waited for or looked at is no surprise to `quiet`."""
        if message in self.world.said:
            self.world.said.remove(message)
        return Shown(message)

    async def _response(
        self, interaction: Interaction, look: Callable[[], Any], within: float | None, form: bool = False
    ) -> Any:
        def found() -> Any:
            using.still_open(interaction, form)
            return look()

        return await self.world.until(found, f"{self} was shown nothing for {interaction.data}", within)


def _make_reply(message: Message, target: Message, ping: bool) -> None:
    message.reply_to, message.type = target, posting.REPLY
    if ping and target.author not in message.mentions:
        message.mentions.append(target.author)


__all__ = ["CannotUse", "Choice", "NoAnswer", "Person"]
