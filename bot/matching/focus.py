"""What kind of thing a question asks for (a value, a cause, a procedure ...), and which kinds an answer provides.

Two questions about the same subject differ in their kind: "why are weights random" and "who had the idea of random
weights". A kind is recognised by words and short phrases, in a message by `_ASKED` and in a statement of an answer by
`_GIVEN`. Both read the words of a `ParsedText`: lower case, without apostrophes, numbers in one spelling.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from bot.matching.regression import Floats
from bot.text.normalise import is_number
from bot.text.pipeline import ParsedText

# For each kind single words, then phrases. In a phrase "a/b" is either word, "_" is any, capitals are one of a class
# and "^" is the beginning of the text. A number stands as "#", one that is not whole besides as "#.": 0, 1 and 2 say
# little, 0.01 asks for a value.
_CLASSES = {
    "AUXILIARY": """is are was were do does did can could should shall will would may might must has have am isnt arent
        doesnt dont didnt cant couldnt shouldnt wont wouldnt""",
    "ONE": "i we you one someone people u",
    "MY": "my our your ur authors",
    "THING": """model net network code loss accuracy setup data dataset paper implementation case results result
        training experiment validation val setting config figure table""",
    "DID": """tried use used trained get got have ran simply noticed added see found built made want wonder read think
        thought believe""",
    "QUANTITY": """value values rate number size std variance amount level share fraction setting settings range lambda
        alpha p lr epsilon coefficient threshold choice""",
    "CHOOSE": "choose pick set select chose choosing picking setting",
    "SORT": """initializer initializers initialization initialisation init version type kind method optimizer
        distribution scheduler one""",
    "WHICH": """last final output first input hidden every each which conv convolutional recurrent dense embedding
        attention""",
    "LAYER": "layer layers unit units neuron neurons",
}

_ASKED = {
    "value": (
        """default defaults typical recommended recommendation optimal sane sensible tune tuning percentage percent
        threshold""",
        """how many/much/big/large/small/high/low/deep/wide/strong/often/close/far/aggressive, what/which QUANTITY,
        what/which _ QUANTITY, rule of thumb, grid search, usual/best/good/right/proper/reasonable QUANTITY,
        CHOOSE _ QUANTITY, CHOOSE the/a/an/my/its _ QUANTITY, too high/low/big/large/small""",
    ),
    "number": (
        "#. sqrt",
        "",
    ),
    "variant": (
        "variants variant gaussian xavier glorot kaiming lecun orthogonal nesterov flavour flavor varieties",
        """type/types/kind/kinds/version/versions of, which SORT, which _ SORT, normal or uniform, uniform or
        normal, other than/kinds/types/ways/methods""",
    ),
    "place": (
        "where placement position positioning placed located",
        "before/after or/the/a/every/each/which/you/we/it, WHICH LAYER",
    ),
    "procedure": (
        """implement implemented implementing implementation write snippet tutorial build install setup configure
        export load save download compute calculate plot print convert add apply""",
        """how do/to/can/could/would/should/did/shall, code for/to/example, step by step, example of how, set up""",
    ),
    "cause": (
        "why whys reason reasons cause causes caused purpose motivation intuition rationale because reasoning",
        "how come, what for, point of, the/whats point, how is it that, due to",
    ),
    "compare": (
        """vs versus compare compared comparing comparison different difference differences differently diff differ
        differs instead prefer preferred preferable equivalent similar outperform outperforms or beats beat""",
        """better/worse/faster/slower/more/less/rather/other/larger/smaller/cheaper/superior/inferior than/to,
        better/worse/faster/slower/more/less/larger/smaller _ than, same as/thing""",
    ),
    "against": (
        """disadvantage disadvantages drawback drawbacks downside downsides cons limitation limitations tradeoff
        tradeoffs worse fail fails failing harm harms harmful hurt hurts danger dangerous risk risks bad wrong
        avoid except caveat caveats weakness weaknesses issue issues""",
        "problem/problems with/of, trade off/offs",
    ),
    "absence": (
        """not no never without none nothing cannot cant dont doesnt isnt arent wont shouldnt wouldnt didnt remove
        removed removes skip skipped skipping omit omitted missing lack lacks lacking absent disable disabled
        off""",
        "",
    ),
    "history": (
        """invented inventor inventors proposed introduced discovered published history origin original paper
        papers cite citation arxiv author authors reference""",
        """who is/was/were/came/invented/proposed/introduced/discovered/first/wrote/made/thought, when was/were,
        what/which year, named after, stand/stands for""",
    ),
    "derive": (
        """derive derived derivation formula formulas formulae equation equations proof prove math maths
        mathematical mathematically expectation jacobian hessian theorem calculus integral""",
        "gradient of, second moment, closed form, where does _ come from, where does the _ come from",
    ),
    "speed": (
        """slow slower slowly slows slowdown fast faster fastest speed speeds speedup latency throughput time
        expensive cost costs overhead memory compute efficient efficiency quick quicker quickly cheap cheaper""",
        "how long, take/takes long/longer/forever, real time, wall clock",
    ),
    "own code": (
        """self import = -> error errors exception traceback nan bug crash crashes module line file code repo
        config checkpoint notebook script shape tensor gpu cuda pytorch torch keras tensorflow tf sklearn jax
        huggingface library api nn np numpy typeerror valueerror runtimeerror""",
        "not/doesnt/didnt/isnt work/working, function call",
    ),
    "own case": (
        "im ive",
        """MY THING, MY _ THING, i DID, i am using/trying/training/getting, you used/chose/guys, you are using, you
        have chosen""",
    ),
    "definition": (
        "whats define definition meaning mean means explain explanation describe understand overview eli5",
        "what is/are, tell me about/what, introduction to, concept/idea of/behind, in simple words, what does",
    ),
    "yes or no": (
        "right correct true ok okay fine allowed possible normal legal",
        "^ AUXILIARY, so/and/but/then/well/wait AUXILIARY ONE/it/this/that/there/the/a/they, yes or no",
    ),
    "effect": (
        """happen happens happened effect effects affect affects impact influence influences consequence
        consequences outcome behave behaves behaviour behavior""",
        "side effect/effects, result/results in, lead/leads to, go/goes wrong, what if, what breaks",
    ),
    "when": (
        "when suitable suited useful appropriate applicable situation situations",
        """which/what case/cases, use case/cases, in which, good/used for, should i/we/one/you use, choose between,
        which _ for/should, what _ for""",
    ),
    "list": (
        """name list enumerate mention three several two ways methods method techniques technique approaches
        options advantages advantage benefits benefit pros examples example""",
        "give me, some ways/examples/methods",
    ),
    "need": (
        "need needs needed necessary required requires require must mandatory should permitted",
        "have/has to",
    ),
}

_GIVEN = {
    "value": (
        "# half twice default typical typically between range",
        "at most/least, up to",
    ),
    "number": (
        "#",
        "",
    ),
    "variant": (
        "variant variants type types kind kinds normal uniform or",
        "such as",
    ),
    "place": (
        "before after between layer layers behind under output hidden channel page where",
        "in/at the",
    ),
    "procedure": (
        "then step steps use add set run train put write send start take make keep bring ask open save",
        "you can/must/need, you have to",
    ),
    "cause": (
        "because since so therefore thus reason causing making means which",
        """due to, so that, as it/they/the/we/each, to break/avoid/prevent/mitigate/estimate/obtain/keep/provide""",
    ),
    "compare": (
        """than whereas while unlike instead compared alternative alternatives better worse more less however but
        same""",
        "",
    ),
    "against": (
        """however but problem problems not care issue issues slow slows slower suffer suffers instability
        overshoot hinder risk too never worse""",
        "lead to",
    ),
    "absence": (
        "not no never without reduce reduces reducing off zero neither remove",
        "turned off",
    ),
    "history": (
        "proposed introduced paper",
        "et al, named after",
    ),
    "derive": (
        "equals equal formula variance sqrt square squared derivative proportional divided =",
        "",
    ),
    "speed": (
        """slow slower slows fast faster speed speeds time times passes cost costs latency minutes hours days
        compute convergence""",
        "",
    ),
    "own code": (
        "=",
        "",
    ),
    "own case": (
        "you your",
        "",
    ),
    "definition": (
        "means refers called consists involves technique",
        "is/are a/an/the",
    ),
    "yes or no": (
        "yes no recommended acceptable should can must not is may does",
        "",
    ),
    "effect": (
        """lead leads can could would may cause causes result results make makes prevent prevents effect effects
        then become becomes rise rises fall falls""",
        "",
    ),
    "when": (
        "when if for suitable use until during particularly typically",
        "used in, in most cases",
    ),
    "list": (
        "",
        "_ and _ and",
    ),
    "need": (
        "should must need needs may only required recommended essential",
        "have/has to",
    ),
}

KINDS = tuple(_ASKED)
NOTHING = np.zeros(len(KINDS))
_MOST_WORDS = 120  # of one message: a bound on time
_Phrase = tuple[tuple[frozenset[str] | None, ...], int]


class _Lexicon:
    """Finds kinds in words, by single words and by phrases in one pass."""

    def __init__(self, kinds: Mapping[str, tuple[str, str]]) -> None:
        self._single: dict[str, list[int]] = {}
        self._starting: dict[str, list[_Phrase]] = {}
        for number, (words, phrases) in enumerate(kinds.values()):
            for word in words.split():
                self._single.setdefault(word, []).append(number)
            for phrase in filter(None, " ".join(phrases.split()).split(", ")):
                first, *rest = map(_ways, phrase.split())
                after = tuple(None if way == {"_"} else way for way in rest)
                for word in first:
                    self._starting.setdefault(word, []).append((after, number))

    def found(self, words: Sequence[str]) -> set[int]:
        """Return the numbers of the kinds found."""
        single, starting = self._single, self._starting
        kinds: set[int] = set()
        for i, word in enumerate(words):
            kinds.update(single.get(word, ()))
            for after, number in starting.get(word, ()):
                if number not in kinds and _follow(words, i + 1, after):
                    kinds.add(number)
        return kinds


def _ways(word: str) -> frozenset[str]:
    """The words that may stand where a phrase has this one."""
    return frozenset(other for way in word.split("/") for other in _CLASSES.get(way, way).split())


def _follow(words: Sequence[str], start: int, after: Sequence[frozenset[str] | None]) -> bool:
    """Whether the words from `start` on are those of a phrase."""
    if start + len(after) > len(words):
        return False
    return all(way is None or words[start + i] in way for i, way in enumerate(after))


@cache
def _lexicons() -> tuple[_Lexicon, _Lexicon]:
    return _Lexicon(_ASKED), _Lexicon(_GIVEN)


def _marked(parsed: ParsedText) -> list[str]:
    """The words with the beginning marked, and numbers as signs besides."""
    words = list(parsed.words[:_MOST_WORDS])
    numbers = [word for word in words if not word.isalpha() and is_number(word)]
    signs = ["#"] * bool(numbers) + ["#."] * any("." in number or "e" in number for number in numbers)
    return ["^", *words, *signs]


def asked(parsed: ParsedText) -> Floats:
    """Return 1 for every kind that a message asks for, 0 for the others."""
    return _flags(_lexicons()[0].found(_marked(parsed)))


def given(parsed: ParsedText) -> Floats:
    """Return 1 for every kind that a statement provides, 0 for the others."""
    return _flags(_lexicons()[1].found(_marked(parsed)))


def asked_names(parsed: ParsedText) -> list[str]:
    """Return the kinds that a message asks for as features: "asks value"."""
    return [f"asks {KINDS[kind]}" for kind in sorted(_lexicons()[0].found(_marked(parsed)))]


def _flags(found: Iterable[int]) -> Floats:
    flags = NOTHING.copy()
    flags[list(found)] = 1.0
    return flags
