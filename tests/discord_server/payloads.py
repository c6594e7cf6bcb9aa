"""The world as JSON, in the shapes of the v10 API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import permissions
from .model import DM, VOICE, Attachment, Channel, Guild, Interaction, Member, Message, Poll, Role, User

if TYPE_CHECKING:
    from .world import World

Json = dict[str, Any]


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def user(who: User) -> Json:
    return {
        "id": str(who.id), "username": who.name.lower().replace(" ", "_"), "global_name": who.name,
        "discriminator": "0", "avatar": None, "bot": who.bot, "public_flags": 0, "flags": 0,
        "primary_guild": None,
    }  # fmt: skip


def own_user(who: User) -> Json:
    return {**user(who), "verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}


def member(of: Member) -> Json:
    return {
        "roles": [str(role.id) for role in of.roles], "joined_at": iso(of.joined), "nick": None, "avatar": None,
        "deaf": False, "mute": False, "pending": False, "flags": 0, "premium_since": None,
        "communication_disabled_until": None, "banner": None,
    }  # fmt: skip


def full_member(of: Member) -> Json:
    return {**member(of), "user": user(of.user)}


def role(of: Role, position: int) -> Json:
    tags = {"tags": {"bot_id": str(of.bot.id)}} if of.bot is not None else {}
    return tags | {
        "id": str(of.id), "name": of.name, "permissions": str(of.permissions), "position": position, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "hoist": False,
        "managed": of.managed, "mentionable": of.mentionable, "icon": None, "unicode_emoji": None, "flags": 0,
        "description": None,
    }  # fmt: skip


def placed_role(of: Guild, wanted: Role) -> Json:
    return role(wanted, list(of.roles).index(wanted.id))


def channel(of: Channel) -> Json:
    if of.guild is None:
        return {
            "id": str(of.id), "type": of.type, "last_message_id": None, "flags": 0,
            "recipients": [user(each) for each in of.recipients],
        }  # fmt: skip
    if of.parent is not None:
        return _thread(of, of.parent, of.guild)
    heard = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None} if of.type == VOICE else {}
    return heard | {
        "id": str(of.id), "type": of.type, "guild_id": str(of.guild.id), "name": of.name, "topic": None,
        "position": list(of.guild.channels).index(of.id) if of.id in of.guild.channels else 0,
        "permission_overwrites": [_overwrite(of, target) for target in of.overwrites],
        "nsfw": False, "parent_id": None, "last_message_id": None, "rate_limit_per_user": 0, "flags": 0,
    }  # fmt: skip


def _thread(of: Channel, parent: Channel, within: Guild) -> Json:
    return {
        "id": str(of.id), "type": of.type, "guild_id": str(within.id), "parent_id": str(parent.id), "name": of.name,
        "owner_id": str(within.owner.id if within.owner else 0), "last_message_id": None, "rate_limit_per_user": 0,
        "message_count": len(of.messages), "total_message_sent": len(of.messages), "member_count": 1, "flags": 0,
        "thread_metadata": {
            "archived": of.archived, "auto_archive_duration": 1440, "locked": of.locked,
            "archive_timestamp": iso(of.world.clock.now()), "create_timestamp": iso(of.world.clock.now()),
        },
    }  # fmt: skip


def _overwrite(of: Channel, target: int) -> Json:
    allow, deny = of.overwrites[target]
    is_role = of.guild is not None and target in of.guild.roles
    return {"id": str(target), "type": 0 if is_role else 1, "allow": str(allow), "deny": str(deny)}


def guild(of: Guild) -> Json:
    return {
        "id": str(of.id), "name": of.name, "owner_id": str(of.owner.id if of.owner else 0), "icon": None,
        "description": None, "home_header": None, "splash": None, "discovery_splash": None, "banner": None,
        "application_id": None, "region": "deprecated", "widget_enabled": False, "widget_channel_id": None,
        "max_presences": None, "max_members": 500_000, "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25, "vanity_url_code": None, "premium_subscription_count": 0,
        "rules_channel_id": None, "safety_alerts_channel_id": None, "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False, "nsfw": False, "incidents_data": None,
        "features": [], "emojis": [], "stickers": [], "verification_level": 1, "default_message_notifications": 1,
        "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0, "premium_tier": 0, "afk_timeout": 300,
        "afk_channel_id": None, "system_channel_id": None, "system_channel_flags": 0, "preferred_locale": "en-US",
        "roles": [role(each, place) for place, each in enumerate(of.roles.values())],
    }  # fmt: skip


def guild_create(of: Guild, *, just_joined: bool = False) -> Json:
    """Without the members intent the only member told is the bot itself.

    `unavailable` is there for servers announced in READY only; the client tells a join by its absence.
    """
    myself = of.members[of.world.bot.id]
    return {
        **guild(of), "large": False, **({} if just_joined else {"unavailable": False}), "member_count": len(of.members),
        "joined_at": iso(myself.joined), "members": [full_member(myself)], "presences": [], "voice_states": [],
        "channels": [channel(each) for each in of.channels.values()],
        "threads": [channel(one) for each in of.channels.values() for one in each.threads.values() if not one.archived],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
    }  # fmt: skip


def application(world: World) -> Json:
    owner = world.application_owner or User(world, 1, "The Owner")
    return {
        "id": str(world.application_id), "name": world.bot.name, "icon": None, "description": "", "summary": "",
        "type": None, "flags_new": "0",
        "redirect_uris": [], "interactions_endpoint_url": None, "role_connections_verification_url": None,
        "approximate_user_install_count": sum(each.installed for each in world.users.values()),
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "eligible_oauth2_scopes": ["bot"],
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0,
        "team": _team(world, owner),
        "owner": user(owner), "bot": user(world.bot), "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": sum(each.has_bot for each in world.guilds.values()),
    }  # fmt: skip


def _team(world: World, owner: User) -> Json | None:
    """The team that owns the application, where one does: `owner` has accepted to be in it, as have those marked so."""
    if world.team is None:
        return None
    members = {owner: True, **world.team}
    return {
        "id": "77", "icon": None, "name": "The Team", "owner_user_id": str(owner.id),
        "members": [
            {
                "membership_state": 2 if accepted else 1, "team_id": "77", "user": user(one), "role": "developer",
                "permissions": ["*"],
            }
            for one, accepted in members.items()
        ],
    }  # fmt: skip


def attachment(world: World, channel_id: int, of: Attachment) -> Json:
    url = f"{world.log.base}/attachments/{channel_id}/{of.id}/{of.filename}"
    shown = {"id": str(of.id), "filename": of.filename, "size": len(of.data), "url": url, "proxy_url": url}
    shown |= {"content_type": of.content_type}
    return shown | ({"description": of.description} if of.description is not None else {})


def message(of: Message, *, withheld: bool = False, nested: bool = False) -> Json:
    """`withheld`: as a bot without the message content intent gets a message it was not meant for."""
    world, empty = of.channel.world, withheld and is_withheld(of)
    shown: Json = {
        "id": str(of.id), "channel_id": str(of.channel.id), "author": user(of.author), "type": of.type,
        "content": "" if empty else of.content,
        "embeds": [] if empty else of.embeds,
        "components": [] if empty else of.components,
        "attachments": [] if empty else [attachment(world, of.channel.id, each) for each in of.attachments],
        "timestamp": iso(of.created), "edited_timestamp": None if of.edited is None else iso(of.edited),
        "tts": False, "mention_everyone": of.calls_everyone, "mentions": [_mention(of, each) for each in of.mentions],
        "mention_roles": [str(each.id) for each in of.role_mentions], "pinned": of.pinned, "flags": of.flags,
    }  # fmt: skip
    if of.nonce is not None:
        shown["nonce"] = of.nonce
    if of.stickers:
        shown["sticker_items"] = [{"id": str(of.id), "name": name, "format_type": 1} for name in of.stickers]
    if of.poll is not None and not empty:
        shown["poll"] = _poll(of.poll, of.created)
    if of.forwards is not None:
        shown |= _forward(of.forwards, empty)
    if of.interaction is not None:
        shown |= _from_interaction(of)
    if of.reply_to is not None:
        shown |= _reference(of.reply_to, withheld=withheld, nested=nested)
    return shown


def _poll(of: Poll, since: float) -> Json:
    answers = [{"answer_id": place, "poll_media": {"text": text}} for place, text in enumerate(of.answers, 1)]
    return {
        "question": {"text": of.question}, "answers": answers, "expiry": iso(since + 86_400),
        "allow_multiselect": False, "layout_type": 1, "results": {"answer_counts": [], "is_finalized": False},
    }  # fmt: skip


def _forward(of: Message, empty: bool) -> Json:
    """A copy without its author, and what it is a copy of; empty where the forwarding message is withheld."""
    reference = {"type": 1, "channel_id": str(of.channel.id), "message_id": str(of.id)}
    shown = message(of)
    kept = ("type", "content", "embeds", "components", "attachments", "timestamp", "edited_timestamp", "flags")
    copy = {name: shown[name] for name in kept} | {"mentions": [], "mention_roles": []}
    if empty:
        copy |= {"content": "", "embeds": [], "components": [], "attachments": []}
    return {"message_reference": reference, "message_snapshots": [{"message": copy}]}


def is_withheld(of: Message) -> bool:
    """Content reaches a bot without the intent in DMs, in its own messages and where it is mentioned."""
    bot = of.channel.world.bot
    return of.channel.guild is not None and of.author is not bot and bot not in of.mentions


def event_message(of: Message) -> Json:
    shown = message(of, withheld=True)
    if of.channel.guild is not None:
        shown["guild_id"] = str(of.channel.guild.id)
        if author := of.channel.guild.members.get(of.author.id):
            shown["member"] = member(author)
    shown["channel_type"] = of.channel.type
    return shown


def removed(of: Message) -> Json:
    shown = {"id": str(of.id), "channel_id": str(of.channel.id)}
    return shown | ({"guild_id": str(of.channel.guild.id)} if of.channel.guild else {})


def _mention(of: Message, who: User) -> Json:
    guild_member = of.channel.guild.members.get(who.id) if of.channel.guild else None
    return {**user(who), "member": member(guild_member)} if guild_member else user(who)


def _from_interaction(of: Message) -> Json:
    assert of.interaction is not None
    origin = of.interaction
    metadata = _metadata(origin)
    if origin.opened_by is not None:
        metadata["triggering_interaction_metadata"] = _metadata(origin.opened_by)
    if origin.original is not None and origin.original is not of:
        metadata["original_response_message_id"] = str(origin.original.id)
    application_id = str(of.channel.world.application_id)
    return {"interaction_metadata": metadata, "application_id": application_id, "webhook_id": application_id}


def _metadata(origin: Interaction) -> Json:
    metadata: Json = {
        "id": str(origin.id), "type": origin.type, "user": user(origin.user),
        "authorizing_integration_owners": origin.owners,
    }  # fmt: skip
    if origin.source is not None and origin.opened_by is None:
        metadata["interacted_message_id"] = str(origin.source.id)
    return metadata


def _reference(to: Message, *, withheld: bool, nested: bool) -> Json:
    where = {"type": 0, "channel_id": str(to.channel.id), "message_id": str(to.id)}
    where |= {"guild_id": str(to.channel.guild.id)} if to.channel.guild else {}
    if nested:
        return {"message_reference": where}
    resolved = None if to.deleted else message(to, withheld=withheld, nested=True)
    return {"message_reference": where, "referenced_message": resolved}


def interaction_channel(of: Channel, who: User) -> Json:
    allowed = permissions.in_channel(of, who)
    return {**channel(of), "permissions": str(allowed)} if of.type != DM else channel(of)
