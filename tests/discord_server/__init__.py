"""A loopback Discord: the REST API and the gateway on 127.0.0.1, for the real discord.py client.

It fails as Discord fails: wrong tokens, missing permissions, late and second responses, forms that are not
valid, text withheld from a bot without the message content intent. A test drives it from the members' side:

    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("Study group")
        channel = guild.add_channel("general")
        ana = guild.add_member("Ana")
        async with discord.running(client):                       # any discord.Client
            reply = await ana.says(channel, f"{discord.mention} can all biases start at 0?")
            shown = await ana.uses("/ask", question="what is momentum?", private=True, in_=channel)
            assert shown.ephemeral and "velocity" in shown.text
            after = await ana.presses(shown.button("Not what I asked"))
            choices = await ana.types("/ask", question="mom")     # autocomplete of the option given last
            form = await ana.opens(after.button("Follow up"))    # a button (or command) that opens a form
            await ana.submits(form, text="why?")                 # its fields by custom id or label
            await ana.uses_on(reply, "Ask the tutor")             # a message command
            await ana.posts(channel, "no mention here")           # writes without waiting
            await discord.quiet()                                 # and nothing (more) was said
            thread = channel.add_thread("a side talk")
            thread.close(archived=True)                           # or locked=True; thread.delete(), guild.delete()
            channel.deny(discord.bot, "send_messages")            # permissions change at run time
            discord.fail_next("POST", "/channels/*/messages", status=500)
            discord.advance(3.1)                                  # Discord's clock, instead of sleeping
        assert discord.violations == []                           # bodies that Discord would refuse

A member waits at most `discord.patience` seconds; NoAnswer then tells every request the bot made, CannotUse
what Discord's own client would not have offered. Messages come back as `Shown`, which stays live: text, buttons,
selects, files, ephemeral, deleted, edits, reply_to. `ana.sees(channel)` is everything that Ana can read there.

In one process use `discord.running(client)` or `with pointed_at(discord.url): ...`. As a separate process, which a
test can kill: `async with launched(discord, "bot", "run", environment=...) as process`; by hand, `python -m
tests.discord_server.serve` and `python -m tests.discord_server.launch URL -- python -m bot run`.

Several lines to Discord are told of their own servers: `add_guild(name, shard=(1, 2))` makes one of shard 1 of 2,
`launched(..., environment={"SHARD": "1/2"})` waits for that one, and `discord.gateway.starts` rations sessions
where a test says so (`starts.apart = 5.0`).

To look at what is under way, run the act as a task and wait for the state:

    asking = asyncio.create_task(ana.uses("/ask", question="..."))
    await discord.until(lambda: any(shown.thinking for shown in ana.sees(channel)) or None, "a deferral")

Where this server knowingly differs from the real one: no rate limit but the global one, and that only
where `discord.server.limit` is set; no thread is archived by itself; an answer that fits no form is judged by the rules
in `forms/` first and by Discord's OpenAPI document second.
"""

from .loopback import LoopbackDiscord
from .names import CannotUse, Choice, NoAnswer
from .pointing import pointed_at
from .processes import launched
from .shown import Control, Shown
from .shown_form import ShownForm

__all__ = [
    "CannotUse",
    "Choice",
    "Control",
    "LoopbackDiscord",
    "NoAnswer",
    "Shown",
    "ShownForm",
    "launched",
    "pointed_at",
]
