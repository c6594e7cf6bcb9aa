"""What a message wants when it asks none of the topics: thanks, greetings and the like want a word back, no more."""

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import spelling_habits
from bot.text.tokens import plain

_MOST_WORDS = 8  # of thanks alone; a longer message has more to say
_SPOILS = frozenset({"?", "no", "not", "but", "dont", "doesnt", "didnt", "isnt", "cant"})  # "that makes no sense"


class SmallTalk:
    """Knows small talk by the lines of the language. Built once per curriculum."""

    def __init__(self, curriculum: Curriculum) -> None:
        language = curriculum.language
        self._spellings = spelling_habits(curriculum)
        self._lines = {self._words(line) for line in (*language.thanks, *language.chatter) if not _a_number(line)}
        thanks = [self._words(line) for line in language.thanks]
        self._thankful = {word for line in thanks for word in line}
        self._openers = {line[0] for line in thanks if len(line) == 1}

    def is_it(self, message: str) -> bool:
        """Return whether a message is one of the lines, or made of the words of thanks alone, or shows no word."""
        said = self._words(message)
        if _a_number(message):
            return message.strip().startswith("+")
        if said in self._lines or not said:
            return True
        thanks = len(said) <= _MOST_WORDS and set(said) <= self._thankful - _SPOILS
        return thanks and not self._openers.isdisjoint(said)

    def _words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in plain(text, self._spellings) if word[0].isalnum() or word == "?")


def _a_number(text: str) -> bool:
    """ "+1" agrees; "1" picks from a list."""
    return text.strip().removeprefix("+").isdecimal()
