"""The one way from a text to what is compared: normalised, cut into tokens, put right, stemmed, and its concepts found.

Matching parses messages with it and grading reads answers with it. Each has its own list of known words (see
`bot.curriculum.vocabulary`): members' phrasings hold slips, key points do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.text.phrases import Phrases
from bot.text.spelling import Speller
from bot.text.tokens import plain, shape, stem, written_out

_MOST_WORDS = 400  # looked at; of a longer message the two ends, where it says what it wants
_MOST_SEARCHES = 24  # unknown words looked up in one message: a bound on time


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text as it is compared with others."""

    words: tuple[str, ...]  # its tokens, put right
    stems: tuple[str, ...]  # of each word
    concepts: tuple[str, ...]  # the names of the phrases in it, sorted, none twice


class TextPipeline:
    """Parses texts with the words, spelling habits and concepts of one curriculum."""

    def __init__(
        self,
        spellings: Mapping[str, str],
        speller: Speller,
        concepts: Phrases | None = None,
        spoken: bool = False,
    ) -> None:
        """Take spelling habits (u: you), folded; the known words; and the phrases that are concepts.

        With `spoken` a text is read as speech written down: "they'll" are two words, "nooo" is "no".
        """
        self.spellings = spellings
        self.speller = speller
        self._concepts = concepts or Phrases(())
        self._spoken = spoken

    def parse(self, text: str) -> ParsedText:
        """Return what a text says, for comparing: the same for every way of typing it."""
        tokens = self.words(text)
        if len(tokens) > _MOST_WORDS:
            tokens = tokens[: _MOST_WORDS // 2] + tokens[-_MOST_WORDS // 2 :]
        words = self.speller.correct_all(tokens, _MOST_SEARCHES)
        stems = tuple(map(stem, words))
        found = self._concepts.found(stems)
        if not all(map(str.isalpha, stems)):
            shapes = tuple(map(shape, stems))
            if shapes != stems:
                found += self._concepts.found(shapes)
        return ParsedText(words, stems, tuple(sorted({name for _, _, name in found})))

    def words(self, text: str) -> list[str]:
        """Return the tokens of a text as they were typed, slips and all."""
        return plain(written_out(text) if self._spoken else text, self.spellings)

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return the stems of a term, as an entry for `Phrases`."""
        return tuple(stem(word) for word in self.words(text))


def entries(phrase: tuple[str, ...], name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a term as entries for `Phrases`: a number among words stands for all of its kind."""
    yield phrase, name
    shapes = tuple(map(shape, phrase))
    if shapes != phrase and (len(phrase) > 1 or shapes == ("#nearly1",)):
        yield shapes, name
