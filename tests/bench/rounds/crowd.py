"""Members of many servers who play at once: whoever sees a question answers it, at a time drawn by the seed.

One loop acts for all of them, and waits for nobody, so that thousands cost no more than their requests.
"""

import heapq
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from bot import words
from bot.discord_app.rounds.playing import Appeal, AtTurn, Flag, OpenForm, PickFromMenu, PickLetter, ShowReceipt
from bot.discord_app.rounds.reviewing import JudgeAppeal
from tests.bench.messages import DATA
from tests.discord_app.playing import readable
from tests.discord_server import CannotUse, LoopbackDiscord, using
from tests.discord_server.commands import Usage
from tests.discord_server.model import Channel, Interaction, Message
from tests.discord_server.people import Person
from tests.discord_server.routes.interactions import failed
from tests.discord_server.shown import Control, Shown
from tests.discord_server.shown_form import ShownForm

Known = PickLetter | PickFromMenu | OpenForm | ShowReceipt | Flag | Appeal | JudgeAppeal
ANSWERS = (PickLetter, PickFromMenu, OpenForm)
DISPUTES = (Flag, Appeal, JudgeAppeal)
WRITING = (1.0, 5.0)  # seconds that a member takes to fill in a form
CHANGES = 0.1  # of the members think again and press twice
FIRST, LAST = 0.3, 1.0  # seconds after a question appears, and before it closes, that nobody presses in


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    rounds: int = 200
    servers: int = 100
    players: int = 20
    questions: int = 2
    seconds: int = 20
    kinds: str = ""
    seed: int = 1
    shards: int = 1  # among which the servers are shared out
    disputes: bool = False  # whether members say that they were right, and whoever started the round agrees


@dataclass(eq=False)
class Place:
    """A channel with a round, and those who play in it."""

    number: int
    channel: Channel
    starter: Person
    players: list[Person]
    played: int = 0  # rounds that were started
    table: Message | None = None


@dataclass(eq=False, slots=True)
class Act:
    """What a member did, in which round. `turn` is the question that it answers, None where it answers none; `receipt`:
    it asks what all their answers were worth; `disputed`: it is about what one of them was worth."""

    place: Place
    player: Person
    interaction: Interaction
    round: str = ""
    turn: int | None = None
    receipt: bool = False
    disputed: int | None = None  # the member who says that they were right, in that question
    accepts: bool = False  # the starter agrees
    starts: bool = False  # a round


@dataclass
class Crowd:
    """All of them. `step` is called again and again."""

    discord: LoopbackDiscord
    size: Size
    places: list[Place] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    missed: int = 0  # presses at a question that was closed by then
    shown: int = 0  # questions
    revealed: dict[int, float] = field(default_factory=dict)  # by the message of a question: seconds since the epoch
    rate: float = 1.0  # of Discord's clock
    again: bool = False  # whether another round follows each
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _forms: list[tuple[Act, AtTurn]] = field(default_factory=list)
    _disputed: set[int] = field(default_factory=set)  # questions, by their messages
    _serial: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._texts = [json.loads(line)["answer"] for line in (DATA / "open-answers.jsonl").read_text().splitlines()]
        self._texts = [text for text in self._texts if text.strip()]
        count, shards = min(self.size.servers, self.size.rounds), self.size.shards
        guilds = [self.discord.add_guild(f"Server {i}", shard=(i % shards, shards)) for i in range(count)]
        for number in range(self.size.rounds):
            guild = guilds[number % len(guilds)]
            starter = guild.add_member(f"Starter {number}", permissions=["manage_messages"])
            players = [guild.add_member(f"Player {number}-{i}") for i in range(self.size.players)]
            self.places.append(Place(number, guild.add_channel(f"quiz-{number}"), starter, players))
        self._at = {place.channel.id: place for place in self.places}
        self._at |= {place.starter.dm.id: place for place in self.places if self.size.disputes}

    def start(self, place: Place) -> None:
        """The starter's command; waits for nothing."""
        place.played += 1
        place.table = None
        usage = Usage.find(place.starter, "/quiz start", place.channel)
        options = {"questions": self.size.questions, "seconds": self.size.seconds, "pause": 3}
        options |= {"seed": self._label(place)} | ({"kinds": self.size.kinds} if self.size.kinds else {})
        self.acts.append(Act(place, place.starter, usage.send(options), starts=True))

    def _starts_again(self, place: Place) -> None:
        if self.again:
            self.start(place)

    @property
    def idle(self) -> bool:
        """Whether nobody has anything left to do."""
        return not self._due and not self._forms

    @property
    def over(self) -> bool:
        """Whether every round has come to its table, and nobody has anything left to do."""
        return self.idle and all(place.table for place in self.places)

    def step(self) -> None:
        """Does what is due, and looks at what the bot has said since."""
        said, self.discord.said[:] = list(self.discord.said), []
        for message in said:
            if message.seen_by is None and message.channel.id in self._at:
                self._read(message, self._at[message.channel.id])
        waiting, self._forms = self._forms, []
        for act, press in waiting:
            self._fill(act, press)
        while self._due and self._due[0][0] <= time.monotonic():
            heapq.heappop(self._due)[2]()

    def _read(self, message: Message, place: Place) -> None:
        controls = list(controls_of(Shown(message)))
        if message.channel is place.starter.dm:
            if any(isinstance(action, JudgeAppeal) for _, action in controls) and not message.edits:
                self._later(0.5, lambda: self._press(place, place.starter, message, JudgeAppeal, None))
            return
        if any(isinstance(action, ShowReceipt) for _, action in controls) and place.table is None:
            place.table = message
            one = Random(self._label(place)).choice(place.players)
            self._later(1.0, lambda: self._press(place, one, message, ShowReceipt, None))
            if self.again:
                self._later(2.0, lambda: self._starts_again(place))
        if self.size.disputes and message.id not in self._disputed and any(isinstance(a, Appeal) for _, a in controls):
            self._disputed.add(message.id)
            one = Random(f"{self._label(place)}/{message.id}").choice(place.players)
            self._later(1.0, lambda: self._press(place, one, message, Appeal, None))
        if any(button.label == words.rounds.UNCLEAR for button in Shown(message).buttons):
            self.revealed.setdefault(message.id, time.time())
        ways = [action for _, action in controls if isinstance(action, ANSWERS)]
        if ways and not message.edits:
            self.shown += 1
            for number, player in enumerate(place.players):
                self._plan(place, player, message, ways[0], f"{ways[0].turn}/{number}")

    def _plan(self, place: Place, player: Person, message: Message, way: AtTurn, label: str) -> None:
        chance = Random(f"{self._label(place)}/{label}")
        for _ in range(1 + (chance.random() < CHANGES)):
            when = chance.uniform(FIRST, self.size.seconds - LAST)
            pick = Random(chance.random())
            self._later(when, lambda pick=pick: self._press(place, player, message, type(way), pick))  # type: ignore[misc]

    def _press(
        self,
        place: Place,
        player: Person,
        message: Message,
        does: type[Known],
        chance: Random | None,
    ) -> None:
        found = [(control, action) for control, action in controls_of(Shown(message)) if isinstance(action, does)]
        if not found:
            self.missed += 1
            return
        control, action = chance.choice(found) if chance else found[0]
        values = None
        if chance and does is PickFromMenu:
            options = [str(option.value) for option in control.options]
            values = sorted(chance.sample(options, chance.randint(1, len(options))))
        turn = None if isinstance(action, OpenForm | ShowReceipt) else action.turn
        interaction = using.act_on(player, control, values)
        act = Act(place, player, interaction, action.round, turn, does is ShowReceipt)
        if isinstance(action, Appeal | JudgeAppeal):
            act.accepts = isinstance(action, JudgeAppeal)
            act.disputed = action.member if isinstance(action, JudgeAppeal) else player.id
        self.acts.append(act)
        if isinstance(action, OpenForm):
            self._forms.append((act, action))

    def _fill(self, act: Act, press: AtTurn) -> None:
        """Waits until the form is there, then for as long as it takes to write in it."""
        if act.interaction.response is None:
            if not failed(self.discord, act.interaction):
                self._forms.append((act, press))
        elif act.interaction.modal is not None:
            chance = Random(f"{self._label(act.place)}/{press.turn}/{act.player.name}")
            form = ShownForm(act.interaction)
            brief = (form.fields[0].component.get("max_length") or 0) < 100
            text = readable(form, f"{chance.uniform(1, 1000):.0f}") if brief else chance.choice(self._texts)
            self._later(chance.uniform(*WRITING), lambda: self._submit(act, press, form, text))

    def _submit(self, act: Act, press: AtTurn, form: ShownForm, text: str) -> None:
        try:
            interaction = using.submit(act.player, form, {form.fields[0].custom_id: text})
        except CannotUse:
            self.missed += 1
        else:
            self.acts.append(Act(act.place, act.player, interaction, press.round, press.turn))

    def _label(self, place: Place) -> str:
        """What all that is left to chance in a round follows from."""
        return f"{self.size.seed}/{place.number}/{place.played}"

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds / self.rate, next(self._serial), what))


def controls_of(shown: Shown) -> Iterator[tuple[Control, Known]]:
    """The controls of a message that members of rounds use, and what each does."""
    for control in [*shown.buttons, *shown.selects]:
        for kind in (*ANSWERS, ShowReceipt, *DISPUTES):
            if action := kind.read(control.custom_id):
                yield control, action
