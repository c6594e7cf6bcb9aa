"""What the tutor says, in English. Markdown that both Discord and the terminal can show; no widget, no id.

One module a subject; they are told apart only here: everyone else writes `from bot.words import english as words`.
"""

from bot.words.english.answers import *  # noqa: F403
from bot.words.english.connecting import *  # noqa: F403
from bot.words.english.discord import *  # noqa: F403
from bot.words.english.drills import *  # noqa: F403
from bot.words.english.experiments import *  # noqa: F403
from bot.words.english.explaining import *  # noqa: F403
from bot.words.english.quiz import *  # noqa: F403
from bot.words.english.receipts import *  # noqa: F403
from bot.words.english.reveals import *  # noqa: F403
from bot.words.english.rounds import *  # noqa: F403
from bot.words.english.scores import *  # noqa: F403
from bot.words.english.settings import *  # noqa: F403
from bot.words.english.teaching import *  # noqa: F403
from bot.words.english.terminal import *  # noqa: F403
from bot.words.english.venues import *  # noqa: F403
from bot.words.english.verdicts import *  # noqa: F403
from bot.words.english.wordings import *  # noqa: F403
