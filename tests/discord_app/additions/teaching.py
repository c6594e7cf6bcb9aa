"""What tests of teaching share: a moderator teaches, a member asks."""

from bot import words
from tests.discord_app.conftest import TITLE
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

BIAS = "bias-initialization"


def labels(shown: Shown) -> list[str]:
    return [button.label for button in shown.buttons]


async def taught(who: Person, question: str, channel: Channel, **fields: str) -> Shown:
    """`who` teaches what they asked in vain; gives what they are told."""
    declined = await who.uses("/ask", question=question, in_=channel)
    return await who.submits(await who.opens(declined.button(words.additions.TEACH_THIS)), **{"topic": BIAS, **fields})


async def asks_bias(who: Person, question: str, channel: Channel) -> bool:
    return f"### {TITLE}" in (await who.uses("/ask", question=question, in_=channel)).text
