"""Words that show that a message is about something which no topic answers."""

from collections import Counter

from bot.matching.corpus import ANY, NOBODY
from bot.matching.hearing import Heard
from bot.matching.lessons import Lessons

_RATHER = 3.0  # how much more often than in asks a word must occur in what asks none of ours
_SHORTEST = 4


class ForeignWords:
    """Knows which words asks have and which only near misses and talk of other things."""

    def __init__(self, lessons: Lessons) -> None:
        asked, elsewhere = Counter[str](), Counter[str]()
        for line, heard in zip(lessons.lines, lessons.heard, strict=True):
            (elsewhere if line.topic == NOBODY and not line.small_talk else asked).update(set(heard.stems))
        ratio = sum(line.topic >= 0 for line in lessons.lines) / max(1, len(lessons.lines))
        self._known = set(asked) | set(elsewhere)
        self._foreign = {
            stem for stem, count in elsewhere.items() if count > 1 and count * ratio > _RATHER * (asked[stem] + 0.5)
        }

        self._empty = {
            s for line, h in zip(lessons.lines, lessons.heard, strict=True) if line.topic == ANY for s in h.stems
        }

    def content(self, heard: Heard) -> int:
        """How many words say what the message is about, and not only that more is asked."""
        return sum(len(stem) > 2 and stem.isalpha() and stem not in self._empty for stem in set(heard.stems))

    def has(self, heard: Heard) -> bool:
        """Whether a word is foreign to the topics, or unheard of."""
        return any(
            stem in self._foreign or (stem not in self._known and len(stem) >= _SHORTEST and stem.isalpha())
            for stem in heard.stems
        )
