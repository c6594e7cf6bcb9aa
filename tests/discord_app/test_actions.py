"""Every action that is registered: its custom id fits, comes back as it went in, and garbage is refused."""

import json
import types
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.discord_app import codec
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, Registry, nothing
from bot.discord_app.asking import picks
from bot.discord_app.asking.picks import Pick
from bot.discord_app.codec import AtMost, Below, Signs
from bot.discord_app.register import ACTIONS
from bot.discord_app.replies import ChannelRules
from bot.errors import TutorError
from bot.matching.decision import Match
from tests.conftest import ROOT

SIGNS = "abzABZ059-_"
REGISTRY = Registry(ACTIONS)


def values_of(annotation: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - a table
    """All values that a field of that type can have."""
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    mark = marks[0] if marks else None
    if base is bool:
        return st.booleans()
    if base is int:
        most = mark.limit - 1 if isinstance(mark, Below) else 2**64 - 1
        return st.integers(0, most) | st.just(most)
    if base is str:
        assert isinstance(mark, Signs)
        return st.text(SIGNS, min_size=mark.fewest, max_size=mark.most)
    if get_origin(base) is tuple:
        assert isinstance(mark, AtMost)
        return st.lists(values_of(get_args(base)[0]), max_size=mark.count).map(tuple)
    if get_origin(base) in (Union, types.UnionType):
        return st.one_of([st.none() if one is types.NoneType else values_of(one) for one in get_args(base)])
    if issubclass(base, StrEnum):
        return st.sampled_from(base)
    assert is_dataclass(base)
    return st.builds(base, **{name: values_of(hint) for name, hint in codec.fields_of(base).items()})


def widest(annotation: Any) -> Any:  # noqa: PLR0911 - a table
    """The value of that type that takes most room."""
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    mark = marks[0] if marks else None
    if base is bool:
        return True
    if base is int:
        return mark.limit - 1 if isinstance(mark, Below) else 2**64 - 1
    if base is str:
        assert isinstance(mark, Signs)
        return "Z" * mark.most
    if get_origin(base) is tuple:
        assert isinstance(mark, AtMost)
        return (widest(get_args(base)[0]),) * mark.count
    if get_origin(base) in (Union, types.UnionType):
        return widest(next(one for one in get_args(base) if one is not types.NoneType))
    if issubclass(base, StrEnum):
        return max(base, key=len)
    return base(**{name: widest(hint) for name, hint in codec.fields_of(base).items()})


ANY = st.sampled_from(ACTIONS).flatmap(values_of)


@given(ANY)
def test_a_custom_id_fits_and_comes_back(action: Action) -> None:
    assert 0 < len(action.custom_id) <= 100
    assert REGISTRY.read(action.custom_id) == action


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_the_widest_fits_and_comes_back(action: type[Action]) -> None:
    made = widest(action)
    assert len(made.custom_id) <= 100
    assert REGISTRY.read(made.custom_id) == made


def test_every_action_is_registered_and_declares_itself() -> None:
    waiting, every = [*Action.__subclasses__()], set()
    while waiting:
        one = waiting.pop()
        every.add(one)
        waiting += one.__subclasses__()
    assert {one for one in every if one.__module__.startswith("bot.")} == set(ACTIONS)
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert callable(action.declared.who) and callable(action.declared.gives_away)
        assert isinstance(action.declared.channel_rules, ChannelRules)


GARBAGE = st.text("nt12:abcshowpick09.+~-_=", max_size=90)


@st.composite
def bent(draw: st.DrawFn) -> str:
    """A custom id with one character changed, put in or taken away, or cut short."""
    text = draw(ANY).custom_id
    at, kept = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, 1))
    return draw(
        st.sampled_from([text[:at], text[:at] + draw(st.text("abz059.:+-=_~١", max_size=1)) + text[at + kept :]])
    )


@given(st.text(max_size=100) | st.builds(str.__add__, st.sampled_from(["nt1:", "nt2:", "nt2:show:"]), GARBAGE) | bent())
def test_garbage_is_refused_or_means_what_it_says(text: str) -> None:
    try:
        action = REGISTRY.read(text)
    except TutorError as error:
        assert "older version" in str(error)
    else:
        assert action.custom_id == text


NEAR_MISSES = """nt2 nt2: nt2:show nt2:show:1 nt2:show:1: nt2:group:1:abcdefgh nt1:remove:1 nt2:remove:١ nt2:remove:01
    nt2:remove:1_0 nt2:remove:-1 nt2:remove:A nt2:board:day:0:1 nt2:line:1: nt3:remove:1 remove:1 nt2:remove:1+"""


@pytest.mark.parametrize("text", ["", "nt2:remove: 1", *NEAR_MISSES.split()])
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(TutorError, match="older version"):
        REGISTRY.read(text)


class Runs:
    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        raise NotImplementedError


def declared(name: str, **fields_: Any) -> type[Action]:
    """An action with these fields."""
    made = type(
        "Made",
        (Runs, Action),
        {"__annotations__": fields_},
        name=name,
        who=anyone,
        gives_away=nothing,
        channel_rules=ChannelRules.NONE,
    )
    return dataclass(frozen=True)(made)


def test_an_action_without_a_declaration_cannot_be_defined() -> None:
    for missing in ("who", "gives_away", "channel_rules", "name"):
        said = {"name": "made", "who": anyone, "gives_away": nothing, "channel_rules": ChannelRules.NONE}
        del said[missing]
        with pytest.raises(TypeError, match=missing):
            type("Made", (Runs, Action), {}, **said)


@pytest.mark.parametrize(
    "incomplete",
    [
        lambda: declared("made", text=str),
        lambda: declared("made", text=float),
        lambda: declared("made", many=tuple[int, ...]),
        lambda: declared("made", either=Annotated[str, Signs(4)] | int),
        lambda: declared("made", long=Annotated[str, Signs(most=95, least=1)]),
        lambda: declared("made", empty=Annotated[tuple[Annotated[tuple[int, ...], AtMost(2)], ...], AtMost(2)]),
        lambda: declared("Made:it"),
        lambda: type(
            "Made", (Runs, Action), {}, name="made", who=anyone, gives_away=nothing, channel_rules=ChannelRules.NONE
        ),
    ],
)
def test_what_is_incomplete_or_cannot_be_encoded_stops_the_start(incomplete: Any) -> None:
    with pytest.raises(TypeError):
        Registry([*ACTIONS, incomplete()])


def test_two_of_the_same_name_stop_the_start() -> None:
    with pytest.raises(TypeError, match="same name"):
        Registry([*ACTIONS, declared("show")])


def test_what_does_not_fit_a_field_is_not_encoded() -> None:
    made = declared("made", few=Annotated[int, Below(8)])
    assert [field.name for field in fields(made)] == ["few"]  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not in 0 to 7"):
        _ = made(8).custom_id  # type: ignore[call-arg]


def test_every_topic_and_part_is_found_again(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        match = Match(topic.id, 1.0, tuple(part.id for part in topic.parts)[:3])
        assert picks.found(curriculum, picks.pick(match)) == match


def test_what_is_no_longer_taught_is_not_found(curriculum: Curriculum) -> None:
    assert picks.found(curriculum, Pick("AAAAAAAA")) is None
    known = picks.pick(Match("dropout", 1.0, ("gone", "training")))
    assert picks.found(curriculum, known) == Match("dropout", 1.0, ("training",))


def test_no_two_buttons_of_a_message_are_alike() -> None:
    twice = [Match("dropout", 0.9), Match("dropout", 0.8), Match("selu", 0.7)]
    assert len(picks.picks(twice)) == 2


FIELDS = ROOT / "tests" / "data" / "fields-of-actions.json"


def _told(annotation: Any) -> Any:
    """A field's type with its limits; what has fields of its own as these."""
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    if get_origin(base) is not None:
        inner = [_told(one) for one in get_args(base) if one is not Ellipsis and one is not types.NoneType]
        return ["some" if get_origin(base) is tuple else "maybe", *map(repr, marks), *inner]
    if is_dataclass(base):
        return {name: _told(hint) for name, hint in codec.fields_of(base).items()}  # type: ignore[arg-type]
    if issubclass(base, StrEnum):
        return [one.value for one in base]
    return " ".join([base.__name__, *map(repr, marks)])


def test_fields_that_change_come_with_a_new_version() -> None:
    """After a change that is meant, delete the file and run this: it writes the file anew, and fails that once."""
    now = {"version": codec.VERSION, "actions": {action.name: _told(action) for action in ACTIONS}}
    if not FIELDS.exists():
        FIELDS.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        pytest.fail(f"{FIELDS.name} is written: read what git shows to be different, and run again")
    kept = json.loads(FIELDS.read_text("utf-8"))
    there = {name: json.dumps(told) for name, told in now["actions"].items()}  # the order of fields counts
    changed = {name for name, told in kept["actions"].items() if there.get(name, json.dumps(told)) != json.dumps(told)}
    assert not changed or kept["version"] != now["version"], f"raise VERSION: the fields of {changed} are others"
    assert kept == now, f"actions came, went or have another VERSION: delete {FIELDS.name} and run this"
