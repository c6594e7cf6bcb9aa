"""Which of the commonest languages besides English a message is written in: by its script, or by its small words."""

import re

from bot.text.normalise import word_set
from bot.text.unwrapping import WORD

# A script that one of the languages is read in; of Chinese characters see `language_of`.
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_FEWEST_LETTERS = 2  # of a script; a single one may be a sign in a formula

_SMALL_WORDS = {
    "es": (
        "el la los las un una que por para como es son de del con en se cuando cual donde porque puedo puede hola "
        "gracias esta este tiene hacer sobre todos entre mas pero si cuales"
    ),
    "fr": (
        "le la les un une de des que qui pour pourquoi comment est sont du avec dans ne pas se et quand quel "
        "quelle cette bonjour merci je tu il on ce sur au aux entre mais peut faut plus quoi sert"
    ),
    "de": (
        "der die das ein eine und ist sind nicht mit fur warum wie was wann welche welcher kann man ich es zu von "
        "bei auf wird beim den dem im du kannst mir uber danke hallo oder macht darf soll wozu gibt"
    ),
    "pt": (
        "os um uma que por para como sao de do da com em nao se quando qual onde porque posso pode ola obrigado "
        "essa isso tem fazer sobre mais mas quais dos das voce"
    ),
    "it": (
        "il lo la gli le un una che per come sono del della con in non si quando quale dove perche posso puo ciao "
        "grazie questa questo ha fare sulla piu ma quali cosa serve nel"
    ),
    "tr": (
        "bir bu ve ile icin nasil neden nedir ama hangi zaman var yok nerede kac olur secilir merhaba tesekkurler "
        "ben sen cok daha gibi midir"
    ),
    "id": (
        "yang dan apa itu ini untuk dengan kenapa bagaimana apakah kapan di ke dari tidak bisa saya kamu adalah "
        "bikin dalam terima kasih pada atau juga mengapa jika"
    ),
    "hi": (
        "kya hai hota hoti ka ki ke ko se mein aur kyu kyun kaise nahi karne hoga kab kaun sa yeh woh bhai mujhe "
        "samjhao"
    ),
    "en": (
        "the a of is are to and in what why how does do can i it with for on not you my this that if when which "
        "be or as should would me about use"
    ),
}
_WORDS = {language: word_set(words) for language, words in _SMALL_WORDS.items()}
_AHEAD = 1  # more small words than English ones


def language_of(text: str) -> str | None:
    """Return the code of the language that a message is written in; None for English and unknown ones."""
    for language, script in _SCRIPTS.items():
        if len(script.findall(text)) >= _FEWEST_LETTERS:
            return language
    words = word_set(" ".join(WORD.findall(text.replace("'", " ").replace("’", " "))))
    counts = {language: len(words & known) for language, known in _WORDS.items()}
    english = counts.pop("en")
    best = max(counts, key=lambda language: counts[language])
    few = len(words) <= 4
    return best if counts[best] >= english + (_AHEAD if few else _AHEAD + 1) else None
