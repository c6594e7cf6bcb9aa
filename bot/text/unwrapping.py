"""Take the social wrapping off a message: greetings, "quick question:", thanks, "pls help", mentions, emoji.

What a message asks must not depend on how politely it is put. A clause in front that is made of wrapping words alone
goes, and so does a run of them at the end; what has other words in it stays as it was typed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.text.normalise import folded, opens_question, plain, word_set

# The dozen commonest languages besides English: what a bot hears first in them.
GREETINGS = word_set(
    "hi hii hiii dear hey heyy heya hello helo hello hullo hiya yo sup wassup wazzup howdy greetings aloha gm hola "
    "bonjour bonsoir salut coucou hallo servus moin ciao salve buongiorno buonasera ola oi namaste namaskar ji привет "
    "здравствуйте здравствуй приветик hej hei ahoj czesc merhaba selam salam assalamualaikum alaikum aleikum halo "
    "hai 你好 您好 嗨 こんにちは こんばんは おはよう もしもし 안녕 안녕하세요 مرحبا السلام नमस्ते नमस्कार xin chao"
)
PARTS_OF_DAY = word_set("morning afternoon evening day night tag morgen abend dias tardes noches dia tarde noite")
GOOD = word_set("good guten gute buenos buenas bom boa")  # "good morning", "buenas tardes"
ADDRESSEES = word_set(
    "there all guys everyone everybody folks team friends friend bot tutor neural dear people mate man bro dude sir "
    "again world buddy class community zusammen leute a tous todos todas tutti tout monde le le to and amigos gente"
)
THANKS = word_set(
    "thanks thank thx thnx thanx tnx tks ty tysm tyvm tyty thankyou cheers tia merci danke dankeschon gracias grazie "
    "obrigado obrigada valeu спасибо благодарю спс arigato arigatou dank tack takk dziekuje kiitos tesekkurler sagol "
    "谢谢 谢谢你 谢谢您 多谢 感谢 ありがとう ありがとうございます 감사합니다 고마워 شكرا धन्यवाद शुक्रिया "
    "dhanyavaad shukriya terimakasih makasih"
)
THANKING = THANKS | word_set(
    "you u a lot so very much many in advance for the your any this that great nice good awesome work repo help "
    "answer answers reply time explanation guys all everyone again bot mate bro man sir kindly beaucoup bien tres "
    "clair mille dir euch vielen schon sehr mucho muchas molto mil kasih bunch ton appreciate appreciated it is "
    "would be greatly highly really and sharing tutorial"
)
_PLEASE = word_set("please pls plz plss plzz kindly")
_FILLERS = word_set("ok okay okey k um umm uh uhh uhm hm hmm hmmm er erm well right alright oh ah btw anyway anyways")
_LAUGHS = word_set("lol lmao rofl haha hahaha hehe xd tbh imo imho idk smh asap")

# A clause of these alone, one of `_PREFACING` among them, is a preface: "sorry if this was asked before,".
_PREFACING = word_set(
    "question questions q qn doubt doubts query quick dumb stupid silly noob newbie naive sorry apologies apologize "
    "pardon excuse forgive greetings help so also guys folks everyone beginner another group class "
    "wondering curious stuck hope"
)
_PREFACE = (
    GREETINGS
    | GOOD
    | PARTS_OF_DAY
    | ADDRESSEES
    | THANKING
    | _PLEASE
    | _FILLERS
    | _LAUGHS
    | _PREFACING
    | word_set(
        "an one my just short small simple basic random another general little last next first more maybe perhaps "
        "probably possibly may might could if has been was were asked before already answered i im i'm am i've ive "
        "have had got getting get here about but me my english bad new to ml dl this it's its obvious very total "
        "complete but incoming time someone somebody anyone can are doing well you're youre by way noobs ask asking"
    )
)
_LEADING = GREETINGS | THANKING | _PLEASE | _FILLERS | _LAUGHS | _PREFACING  # one of these makes it a preface
_LONGEST_PREFACE = 14  # words
_OPENING = GREETINGS | _FILLERS | _PLEASE
_PLAINLY = word_set("there guys folks team bot tutor mate bro man dude sir again zusammen")
_BEGINS_BEFORE = {"to": word_set("what which whom"), "there": word_set("is are was were exists exist")}  # "to what do"
_SUCH_A, _QUESTION = word_set("quick dumb noob stupid silly basic"), word_set("question q")  # "noob q what is"

# A run of these at the end, begun by one of `_CLOSES`, is a close: "thanks in advance!", "pls help", "any ideas?".
_CLOSES = THANKS | _PLEASE | _LAUGHS | word_set("any many")
_CLOSING = (
    _CLOSES
    | THANKING
    | ADDRESSEES
    | word_set("me us explain advise answer someone somebody idea ideas thoughts clue clues advice suggestions")
    | word_set(
        "hint hints welcome i ok okay best kind anyone anybody know knows noob newbie beginner here asking friend"
    )
)
_CLOSES_PARTED = word_set(
    "noob newbie beginner asking help guys explain anyone anybody someone somebody sorry regards"
)  # only after a sign
_ANY = word_set("help idea ideas thoughts clue clues advice suggestions suggestion hint hints thanks input")

# Vowel signs of Indian scripts are no letters to Python.
WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0dff])+(?:['’][^\W_]+)*")
_CLAUSE_END = re.compile(r"[,.:;!?…\n]+|\s[-–—]+(?=\s)|\bbut\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"\n\s*(?:(?:(?:best|kind|warm) )?(?:regards|cheers|sincerely|greetings|lg|mfg|vg)"
    r"|(?:best|thanks)(?=\s*(?:,|\n|\Z))),?\s*\n?[^\n?]{0,30}\Z",
    re.IGNORECASE,
)  # "Best regards,\nTom"; "best activation" is what is asked
_BETWEEN = " \t\r\n,.:;!-–—…~("
_BUT = re.compile(r"^but\s+", re.IGNORECASE)
_COMMAND = re.compile(r"^\s*[/!]ask\b", re.IGNORECASE)  # typed as text where it is no command
_MENTION = re.compile(r"<@[!&]?\d+>|<#\d+>|<a?:\w+:\d+>|^\s*@\w+|(?<!\S):[a-z0-9_+-]{2,32}:(?!\S)", re.IGNORECASE)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d]+")
_SMILEY = re.compile(r"(?<!\w)(?:[:;=]['’]?-?[)(DPpO3/|]+|\^_*\^|<3+)(?!\w)")

# "can you tell me why", "i was wondering whether": what follows is the question.
_ASKING = (
    *("tell me", "explain to me", "help me understand", "i was wondering", "im wondering", "i am wondering"),
    *("was wondering", "just wondering", "i would like to know", "i'd like to know", "id like to know"),
    *("i want to know", "i wanted to ask", "i want to ask", "could i ask", "can i ask", "may i ask", "let me ask"),
    *("does anyone know", "does anybody know", "does someone know", "anyone know", "anybody know", "do you know"),
    *("any idea", "any ideas", "no idea", "i have no idea", "i dont know", "i don't know"),
)
_ASKING_FROM = {  # their words, by the first
    first: [words for words in map(tuple, map(str.split, _ASKING)) if words[0] == first]
    for first in {words.split()[0] for words in _ASKING}
}
_POLITE_OPENING = word_set("can could would will you u someone somebody anyone anybody please pls plz just kindly so")
_ASKED = word_set("what whats why how when where which who whose if whether is are does do did can could should was")
_MOST_ROUNDS = 5  # wrappings within each other that are taken off


def unwrapped(text: str) -> str:
    """Return a message without social wrapping and without line breaks inside its sentences.

    A message that is nothing but wrapping is returned as it is.
    """
    found = _SIGNED.sub("", text)
    for pattern in (_COMMAND, _MENTION, _EMOJI, _SMILEY):
        found = pattern.sub(" ", found)
    found = joined(found.strip())
    for _ in range(_MOST_ROUNDS):
        shorter = joined(_without_close(_without_preface(found)).strip())
        if shorter == found:
            break
        found = shorter
    return found if WORD.search(found) else text.strip()


_OPENS_A_LINE = word_set("what whats why how hows which who explain describe")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•>]|\(?\w{1,2}[.):])\s")


def joined(text: str) -> str:
    """Return a text with each line break inside a sentence made a blank.

    A line goes on where it has no sign at its end and the next one neither begins a sentence nor an item of a list.
    """
    if "\n" not in text and "\r" not in text:
        return text
    lines = text.splitlines()
    found = lines[0]
    for before, line in pairwise(lines):
        found += (" " if _goes_on(before, line) else "\n") + line
    return found


def _goes_on(before: str, line: str) -> bool:
    first = WORD.search(line)
    if not before.strip() or first is None or before.rstrip()[-1] in ".?!:;{}" or _LIST_ITEM.match(line):
        return False
    word = first.group()
    begins = word[0].isupper() and word[1:].islower()  # "The", and not "I" or "ReLU"
    return not begins and not (len(before.split()) > 2 and word.lower() in _OPENS_A_LINE)


def _without_preface(text: str) -> str:
    """Without clauses in front that only lead up to the question, and without greetings right before it."""
    end = _CLAUSE_END.search(text)
    while end and _is_preface(text[: end.start()]) and WORD.search(text, end.end()):
        text = _BUT.sub("", text[end.end() :].lstrip(_BETWEEN.replace("(", "?")))
        end = _CLAUSE_END.search(text)
    text = _without_greeting(text)
    return _without_asking(text)


def _is_preface(clause: str) -> bool:
    words = [_key(word) for word in WORD.finditer(clause)]
    if not words or len(words) > _LONGEST_PREFACE:
        return False
    return all(word in _PREFACE for word in words) and any(word in _LEADING for word in words)


def _without_greeting(text: str) -> str:
    """Without greetings and fillers that no sign parts from the question: "hey guys what is", "ok so why"."""
    words, keys = _words(text)
    count = _greeting_length(keys)
    return text[words[count].start() :] if 0 < count < len(words) else text


def _greeting_length(keys: Sequence[str]) -> int:
    """How many words in front are a greeting, with whom it greets, or fillers."""
    count = 0
    while count < len(keys):
        key = keys[count]
        after = keys[count + 1 : count + 2]
        if key in _OPENING or (key == "so" and (count or (after and after[0] in _FILLERS))):
            count += 1
        elif after and ((key in GOOD and after[0] in PARTS_OF_DAY) or (key in _SUCH_A and after[0] in _QUESTION)):
            count += 2
        elif count and key in ADDRESSEES and _is_addressed(key, keys[count + 1 :]):
            count += 1
        else:
            break
    return count


def _is_addressed(key: str, after: Sequence[str]) -> bool:
    """Whether one of ADDRESSEES behind a greeting belongs to that, and does not begin the question that comes after."""
    if after and after[0] in _BEGINS_BEFORE.get(key, ()):
        return False
    return key in _PLAINLY or opens_question(after)


def _without_asking(text: str) -> str:
    """Without "can you tell me" in front of a question word."""
    words, keys = _words(text)
    keys, start = keys[:14], 0
    while start < len(keys) and keys[start] in _POLITE_OPENING:
        start += 1
    for first in {0, start}:
        for asking in _ASKING_FROM.get(keys[first], ()) if first < len(keys) else ():
            place = first + len(asking)
            if keys[first:place] == asking and place < len(keys) and keys[place] in _ASKED:
                return text[words[place].start() :]
    return text


def _without_close(text: str) -> str:
    """Without the run of closing words at the end; a question mark in it stays."""
    words, keys = _words(text)
    begun = len(words)
    for i in range(len(words) - 1, 0, -1):
        if keys[i] not in _CLOSING:
            break
        if _closes(text, words, keys, i):
            begun = i
    if begun == len(words):
        return text
    rest, close = text[: words[begun].start()].rstrip(_BETWEEN), text[words[begun].start() :]
    return f"{rest}?" if "?" in close and not rest.endswith("?") else rest


def _closes(text: str, words: Sequence[re.Match[str]], keys: Sequence[str], place: int) -> bool:
    """Whether a close can begin with the word at that place."""
    key, after = keys[place], keys[place + 1 : place + 2]
    if key in {"any", "many"}:
        return bool(after) and after[0] in (_ANY if key == "any" else THANKS)
    if key in _CLOSES or (key == "asking" and after == ("for",)):
        return True
    parted = re.search(r"[^\w\s'’]", text[words[place - 1].end() : words[place].start()])
    return bool(parted) and key in _CLOSES_PARTED


@lru_cache(maxsize=4)
def _words(text: str) -> tuple[tuple[re.Match[str], ...], tuple[str, ...]]:
    """The words of a text, and what each reads as; the same text is looked at for several kinds of wrapping."""
    words = tuple(WORD.finditer(text))
    return words, tuple(map(_key, words))


def _key(word: re.Match[str]) -> str:
    text = word.group()
    return text.lower() if text.isascii() else folded(text)


# Words of which a message is made that only points at another, and those of them that point.
_POINTING = word_set("above he her him his it message one question that them they this these")
_POINTS_ONLY = _POINTING | word_set("""
    a about answer any anyone are can correct could do does explain give has have hello help hey hi how i idea ideas is
    know me on out please pls plz right say so tell thanks the there think thoughts to true tutor u us want what whats
    with would you your
""")


def points_elsewhere(text: str, loosely: bool = False) -> bool:
    """Return whether a message says nothing of its own and only points at another; `loosely`: whether it points at all.

    >>> [points_elsewhere(text) for text in ("can you answer this?", "^^", "", "what about momentum?")]
    [True, True, True, False]
    """
    said = [word.replace("'", "") for word in plain(text) if word[0].isalnum()]
    points = not said or not _POINTING.isdisjoint(said)
    return points and (loosely or _POINTS_ONLY.issuperset(said))
