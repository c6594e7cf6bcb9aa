"""What a message wants of the tutor: an answer to its question, or help, the topics, a quiz, an experiment ...

A message wants something else than an answer only where a phrase of `intent_phrases` is the whole of it, or it is made
of the words of a greeting, of thanks or of small talk alone. Whatever else it may be, it is a question to be matched.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import spelling_habits
from bot.matching.decision import Intent
from bot.matching.intent_phrases import (
    ACKNOWLEDGED,
    ACKNOWLEDGING,
    CHATTING,
    FOREIGN,
    GENERIC,
    HOW_ARE_YOU,
    KEYWORDS,
    PHRASES,
    SETS,
    TEXTED,
    TYPED_COMMANDS,
)
from bot.text.languages import language_of
from bot.text.normalise import folded, plain, word_set
from bot.text.unwrapping import ADDRESSEES, GOOD, GREETINGS, PARTS_OF_DAY, THANKING, THANKS, WORD, unwrapped

_LONGEST = 18  # words of a message that is no question
_LONGEST_FOREIGN, _LONGEST_UNSPACED = 7, 60  # words, characters of a message in another language that is no question
_UNSPACED = 0x0E00  # from here scripts write words without blanks between them, or with endings at them


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a phrase: which words may stand there (None: any), at least and at most how many."""

    words: frozenset[str] | None
    least: int = 1
    most: int = 1


Phrase = tuple[Slot, ...]


def parse_phrase(text: str) -> Phrase:
    """Return the phrase that a text of `intent_phrases` stands for."""
    return tuple(map(_slot, text.split()))


def _slot(item: str) -> Slot:
    if item.startswith(".."):
        return Slot(None, 0, _LONGEST if item == "..." else int(item[2:]))
    bare = item.rstrip("?*+")
    words = frozenset[str]().union(*(SETS.get(one) or word_set(one) for one in bare.split("|")))
    return Slot(words, int(item == bare or item.endswith("+")), _LONGEST if item[-1] in "*+" else 1)


def fits(phrase: Sequence[Slot], words: Sequence[str]) -> bool:
    """Return whether a phrase is the whole of a message's words."""
    if not phrase:
        return not words
    slot, rest = phrase[0], phrase[1:]
    count = 0
    while count < min(slot.most, len(words)) and (slot.words is None or words[count] in slot.words):
        count += 1
    return any(fits(rest, words[taken:]) for taken in range(count, slot.least - 1, -1))


class IntentPhrases:
    """Phrases with what they stand for, found by the word that they begin with."""

    def __init__(self, phrases: Mapping[Intent, Iterable[str]]) -> None:
        self._entries: list[tuple[Intent, Phrase, tuple[frozenset[str], ...]]] = []
        self._starting: dict[str, list[int]] = {}  # by their first word, the numbers of phrases
        self._anyhow: list[int] = []  # of those that may begin with any word
        self.vocabulary: set[str] = set()
        for intent, phrase in ((intent, parse_phrase(text)) for intent, texts in phrases.items() for text in texts):
            number, first = len(self._entries), _first_words(phrase)
            self._entries.append((intent, phrase, _needed(phrase)))
            self.vocabulary.update(word for slot in phrase for word in slot.words or ())
            if first is None:
                self._anyhow.append(number)
            for word in first or ():
                self._starting.setdefault(word, []).append(number)

    def intents(self, words: Sequence[str]) -> Iterator[Intent]:
        """Yield the intents of which a phrase is the whole of a message, in the order of the book."""
        said = set(words)
        for number in sorted([*self._starting.get(words[0] if words else "", ()), *self._anyhow]):
            intent, phrase, needed = self._entries[number]
            if not any(map(said.isdisjoint, needed)) and fits(phrase, words):
                yield intent


def _needed(phrase: Phrase) -> tuple[frozenset[str], ...]:
    """The sets of words of each of which one must stand in a message that a phrase fits."""
    return tuple(slot.words for slot in phrase if slot.words and slot.least)


def _first_words(phrase: Phrase) -> frozenset[str] | None:
    """The words that a phrase can begin with; None where it can be any."""
    found: frozenset[str] = frozenset()
    for slot in phrase:
        if slot.words is None:
            return None
        found |= slot.words
        if slot.least:
            break
    return found


_BOOK = IntentPhrases(PHRASES)
_SLIPPED = 6  # letters from which a word may have a slip


def _shortened(word: str) -> list[str]:
    """Return a word without each of its letters but the first; nothing where it is too short to be told by the rest."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))] if len(word) >= _SLIPPED else []


_SLIPS = {slip: word for word in sorted(_BOOK.vocabulary) for slip in _shortened(word)}
_HOW_ARE_YOU = IntentPhrases({Intent.GREETING: (*HOW_ARE_YOU, "hru|wsg|wyd|wsp|hbu ..2")})
_GREETING = (
    GREETINGS
    | GOOD
    | PARTS_OF_DAY
    | ADDRESSEES
    | word_set(
        "brother bros sis fam yall prof professor teacher master mister mr mrs madam maam ladies gentlemen robot my"
    )
)
_YOU = word_set("you u")
_WHAT_OR_HOW = SETS["WHAT"] | SETS["WHO"] | word_set("how where")
_POLITE = word_set("can could would will please pls kindly just hey so ok now then and")  # before what is wanted
_WANTING = word_set(
    "can could may wish i we id want wanna would like love to you u need gonna lets let me us"
)  # "i want you to show"
_AFTERWARDS = word_set("please pls plz now here again thx thanks bot today kindly then quick quickly asap")  # after it
# What somebody says before a judgement: "nah thats wrong", "i'm afraid that is not correct".
_HEDGING = word_set(
    "i im am think guess believe afraid sorry sry but nah no nope well honestly tbh imo sure pretty wtf bruh bro dude "
    "lol lmao omg hm hmm hmmm um uh oh ok okay hey man ugh ew wait excuse me actually really fairly quite seriously"
)

# Somebody's own code, data or picture is not ours to simulate.
_OWN = word_set(
    "code error traceback exception bug implement implementation derive derivation formula equation nan keras "
    "pytorch tensorflow torch matplotlib tensorboard python jax numpy sklearn colab notebook snippet my our own "
    "dataset csv paper proof proofs latex"
)
# Of the last answer, where there was one, and not of the tutor: "how does it work", "that is not true".
_POINTING = word_set("it this that its thats")

Named = Callable[[str], bool]
"""Whether a text holds the name of something."""


class Intents:
    """Tells what messages want. Built once per curriculum: its language lists lines of thanks and of chatter."""

    def __init__(self, curriculum: Curriculum, topic: Named, experiment: Named) -> None:
        self._spellings = spelling_habits(curriculum)
        language = curriculum.language
        self._thanks = {self._said(line) for line in language.thanks if not _a_number(line)}
        self._chatter = {self._said(line) for line in language.chatter if not _a_number(line)}
        self._topic, self._experiment = topic, experiment

    def naming(self, topic: Named, experiment: Named) -> "Intents":
        """Return what tells the same where other names are known."""
        found = copy(self)
        found._topic, found._experiment = topic, experiment
        return found

    def of(self, message: str, bare: str, answered: bool = False) -> Intent:
        """Return what a message wants.

        `bare` is the message without its wrapping; `answered` says that its writer has just had an answer that it may
        be about.
        """
        words = words_of(message)
        wanted = words if bare == message else words_of(bare)
        if not words:
            return Intent.QUESTION if "?" in message else self._mood(message)
        if len(wanted) <= _LONGEST:
            put_right = list(map(self._put_right, wanted))
            for intent in _intents(put_right):
                if self._is_meant(intent, bare, wanted, answered):
                    return intent
            if talk := self._small_talk(message, words):
                return talk
        return _command(message) or self._of_clauses(message, answered) or _foreign(wanted) or Intent.QUESTION

    def _put_right(self, word: str) -> str:
        """Return a word as the phrases spell it, where it is typed short or has one letter too few or too many."""
        if word in _BOOK.vocabulary:
            return word
        if known := TEXTED.get(word) or self._spellings.get(word) or _SLIPS.get(word):
            return known
        return next((one for one in _shortened(word) if one in _BOOK.vocabulary), word)

    def _of_clauses(self, message: str, answered: bool) -> Intent | None:
        """What a message of several clauses wants each of which is no question: "thank you, that was most helpful"."""
        clauses = _clauses(message)
        if not 1 < len(clauses) <= _MOST_CLAUSES:
            return None
        found = {self.of(clause, unwrapped(clause), answered) for clause in clauses}
        weightiest = min(found - {Intent.QUESTION}, key=_WEIGHTIEST.index, default=Intent.QUESTION)
        mere_talk = weightiest in _WEIGHTIEST[_TOLD_BY_A_CLAUSE:] and "?" in message
        return None if Intent.QUESTION in found or mere_talk else weightiest

    def _of_one_clause(self, message: str) -> Intent | None:
        """What one clause of a message wants where the others only lead up to it: "exam tomorrow, test me"."""
        if len(words_of(message)) > _LONGEST or not _OWN.isdisjoint(words_of(message)) or "?" in message[:-1]:
            return None
        wanted = [(self.of(clause, unwrapped(clause)), words_of(clause)) for clause in _clauses(message)]
        if any(one is Intent.QUESTION and not _ASKING.isdisjoint(words) for one, words in wanted):
            return None
        found = {one for one, words in wanted if one is not Intent.HELP or len(words) > 2}
        return next((intent for intent in _WEIGHTIEST[:_TOLD_BY_A_CLAUSE] if intent in found), None)

    def at_a_guess(self, message: str) -> Intent:
        """Return what a message probably wants that no topic answers: what its one telling word stands for, where
        nearly all others could stand in any message to a tutor."""
        words = words_of(message)
        telling = set(words) - GENERIC
        for intent, keywords in KEYWORDS.items():
            told = telling & keywords
            if intent is Intent.COMPLAINT and not _OF_ONES_OWN.isdisjoint(words):
                continue
            if intent is Intent.QUIZ and told <= _EXAMS and ("?" in message or not _ASKS_WHETHER.isdisjoint(words[:1])):
                continue  # "is this on the exam?"
            spoken_to = len(told) > 1 or "quiz" in told or not _SPOKEN_TO[intent is Intent.ABOUT].isdisjoint(words)
            other = telling - _TELLING
            strange = intent is not Intent.ABOUT and not _YOURS.isdisjoint(words) and _OWN.isdisjoint(words)
            if told and spoken_to and len(other) <= strange and len(words) <= _LONGEST:
                return intent
        return self._of_one_clause(message) or Intent.QUESTION

    def _is_meant(self, intent: Intent, bare: str, words: Sequence[str], answered: bool) -> bool:
        """Whether an intent of which a phrase was found is meant."""
        if intent is Intent.SIMULATE:
            named = not _SIMULATION.isdisjoint(words) or words[0] in _DRAWING
            run = "run" in words[:4] or (
                words[0] in _RUNNING and any(word.isdigit() or word in {"thing", "one"} for word in words)
            )
            named = named or (run and "?" not in bare and self._topic(bare))
            return _OWN.isdisjoint(words) and (named or (_EXPLAINING.isdisjoint(words) and self._experiment(bare)))
        if intent is Intent.CLAIMS:
            return _PUBLISHED.isdisjoint(words)
        if intent is Intent.THANKS:
            return "?" not in bare
        if intent is Intent.TOPICS:
            return not self._topic(bare)
        return not (answered and intent in (Intent.HELP, Intent.ABOUT) and not _POINTING.isdisjoint(words))

    def _mood(self, message: str) -> Intent:
        """What a message without a word says."""
        return Intent.THANKS if any(sign in _PLEASED for sign in message) else Intent.CHATTER

    def _small_talk(self, message: str, words: Sequence[str]) -> Intent | None:
        """Greeting, thanks or chatter, where a message is made of their words alone."""
        found = set(words)
        if found <= _GREETING and not found.isdisjoint(GREETINGS | PARTS_OF_DAY) and found - _WHO_NOT:
            return Intent.GREETING
        if any(_HOW_ARE_YOU.intents(_without_greeting(words))):
            return Intent.GREETING
        if "?" in message:
            return None
        if found <= THANKING | ACKNOWLEDGING and not found.isdisjoint(THANKS | ACKNOWLEDGED):
            return Intent.THANKS
        said = self._said(message)
        if said in self._thanks or self._thanks_for(message, words):
            return Intent.THANKS
        chats = found <= CHATTING or said in self._chatter or (message.strip().startswith("+") and _a_number(message))
        return Intent.CHATTER if chats else None

    def _thanks_for(self, message: str, words: Sequence[str]) -> bool:
        """Whether a short message thanks and says no more than what for."""
        found = set(words)
        if len(words) > _FEW_WORDS or found.isdisjoint(THANKS) or not found.isdisjoint(_ASKING):
            return False
        more = found - THANKING - ACKNOWLEDGING - GENERIC
        return (len(more) < 2 or language_of(message) is not None) and not self._topic(message)

    def _said(self, line: str) -> tuple[str, ...]:
        return tuple(word for word in plain(line, self._spellings) if word[0].isalnum())


# Words by which a message turns to the tutor; who asks what it is says "you" or "bot".
_SPOKEN_TO = (
    word_set("you u your ur yours bot tutor here me us i im this thing"),
    word_set("you u your ur yours bot tutor behind github repo"),
)
_YOURS = word_set("you u your ur yours yourself bot tutor")  # so one of its words may be any
_OF_ONES_OWN = word_set("my mine our why")  # what is wrong with one's own is a question
_EXAMS, _ASKS_WHETHER = word_set("exam exams test tests interview"), word_set("is are will would does do")
_TELLING = frozenset[str]().union(*KEYWORDS.values())
_SIMULATION = word_set(
    "simulate simulation simulations simulating sim sims experiment experiments demo demos demonstration"
)
_RUNNING = word_set("try let launch execute")
_PUBLISHED = word_set("paper papers article theorem author authors book")  # whose claims are not ours
_EXPLAINING = word_set("why how")  # "show me why" wants words
_DRAWING = word_set("demonstrate plot animate visualize visualise")
_PLEASED = "👍👌🙏❤💯👏🙌😍🥰💙💚💜🧡"
_FEW_WORDS = 6  # of thanks that say what for
_ASKING = word_set("what whats why how which who when where but can could does do is")
_WHO_NOT = word_set("to and le the")

_COMMAND = re.compile(r"\s*[/!$%?>&]{1,2}\s?([a-z]+)(?![a-z])", re.IGNORECASE)  # "!help", "/quiz dropout"
_CLAUSE_END = re.compile(r"[,.:;!?…\n)(]+(?=\s|$)|\s[-–—]+\s")
_MOST_CLAUSES = 4
# Of what several clauses want the first of these; the first seven also where another clause says something else.
_WEIGHTIEST = (
    *(Intent.QUIZ, Intent.SIMULATE, Intent.TOPICS, Intent.CLAIMS, Intent.ABOUT, Intent.COMPLAINT, Intent.HELP),
    *(Intent.THANKS, Intent.GREETING, Intent.CHATTER),
)
_TOLD_BY_A_CLAUSE = 7


_OF_ALL = word_set("claims claim verdicts verdict answers experiments")  # in general, and not those of the last answer


def points_at_last(intent: Intent, text: str) -> bool:
    """Return whether what a message wants without naming a topic is about the last answer: whoever doubts doubts that,
    any other points at it."""
    words = set(words_of(text))
    if intent is Intent.CLAIMS:
        return words.isdisjoint(_OF_ALL) or not words.isdisjoint(_POINTING)
    return intent in (Intent.SIMULATE, Intent.QUIZ) and not words.isdisjoint(_POINTING)


def _command(message: str) -> Intent | None:
    """What a command wants that was typed as text where it is none."""
    found = _COMMAND.match(message)
    return TYPED_COMMANDS.get(found[1].lower()) if found else None


def _clauses(message: str) -> list[str]:
    return [clause for clause in map(str.strip, _CLAUSE_END.split(message)) if WORD.search(clause)]


_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


def words_of(text: str) -> list[str]:
    """Return the words of a text as intents are told by: folded, "what's" as one word, no signs."""
    clean = folded(text).replace("’", "").replace("'", "")
    return [_without_drawl(word) for word in WORD.findall(_DRAWN_OUT.sub(r"\1\1", clean))]


_SPOKEN = _BOOK.vocabulary | _GREETING | THANKING | ACKNOWLEDGING | CHATTING


def _without_drawl(word: str) -> str:
    """Return a word without a doubled last letter, where only so it is one that is known: "yoo", "thankss"."""
    drawn = len(word) > 2 and word[-1] == word[-2] and word not in _SPOKEN and word[:-1] in _SPOKEN
    return word[:-1] if drawn else word


_REQUESTS = tuple(
    tuple(request.split()) for request in ("is it possible to", "would it be possible to", "would you mind")
)


def without_frame(words: Sequence[str]) -> Sequence[str]:
    """Return words without what only asks nicely in front of them and behind: "can you", "please", "now"."""
    start, end = next((len(asked) for asked in _REQUESTS if tuple(words[: len(asked)]) == asked), 0), len(words)
    while start < end and words[start] in (_POLITE | _YOU if words[:start] else _POLITE):
        start += 1
    if words[start : start + 1] != ["me"]:
        while end > start + 1 and words[end - 1] in _AFTERWARDS:
            end -= 1
    if words[max(start, end - 2) : end] == ["for", "me"]:
        end -= 2
    return words[start:end] if end > start else words


def _intents(words: Sequence[str]) -> Iterator[Intent]:
    """The intents of which a phrase is the whole of a message, without what only asks nicely; or what it says one
    wants to do: "i want to see"."""
    bare = without_frame(words)
    yield from _BOOK.intents(bare)
    if len(bare) < len(words):
        yield from _BOOK.intents(words)
    wanting = next((i for i, word in enumerate(words) if word not in _WANTING), len(words))
    if 1 < wanting < len(words):
        yield from _BOOK.intents(without_frame(words[wanting:]))
    asked = next((i for i, word in enumerate(bare) if word in _WHAT_OR_HOW), len(bare))
    if (
        asked + 2 < len(bare)
        and asked <= 2
        and bare[asked + 1] in SETS["I"]
        and bare[asked + 2] in SETS["DO"] | SETS["IS"]
    ):
        yield from _BOOK.intents([bare[asked], bare[asked + 2], bare[asked + 1], *bare[asked + 3 :]])
    hedged = next((i for i, word in enumerate(words) if word not in _HEDGING), 0)
    if hedged:
        yield from (found for found in _BOOK.intents(words[hedged:]) if found is Intent.COMPLAINT)


def _without_greeting(words: Sequence[str]) -> Sequence[str]:
    start = 0
    while start < len(words) - 1 and words[start] in _GREETING and words[start] not in {"you"}:
        start += 1
    return words[start:]


_FOREIGN = [(intent, folded(phrase)) for intent, phrases in FOREIGN.items() for phrase in phrases]


def _foreign(words: Sequence[str]) -> Intent | None:
    """What a short message in another language wants."""
    text = " ".join(words)
    if len(words) > _LONGEST_FOREIGN or (len(text) > _LONGEST_UNSPACED and not text.isascii()):
        return None
    spaced = f" {text} "
    for intent, phrase in _FOREIGN:
        if phrase in text and (ord(phrase[0]) >= _UNSPACED or f" {phrase} " in spaced):
            return intent
    return None


def _a_number(text: str) -> bool:
    """ "+1" agrees; "1" picks from a list."""
    return text.strip().removeprefix("+").isdecimal()
