"""Where something happens: the channel, and for a thread the channel that it belongs to."""

import discord


def places_of(source: discord.Interaction | discord.Message) -> tuple[int, ...]:
    """Their ids."""
    channel = source.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return tuple(place for place in (getattr(channel, "id", None), parent) if place)
