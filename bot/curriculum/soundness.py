"""Claims that say more than their criteria can show, as far as that can be read off their words.

Four kinds of such claims were found by readers, and each has a rule:

- *Two verdicts on one wording.* Quotes that share words of the answer have the same verdict.
- *No control.* A claim that compares ("better", "slower", "reduces") or names an effect ("leads to", "prevents") needs
  a criterion in which two cases are compared.
- *No subject.* A claim that names what it is compared with ("the need for batch normalization") and holds needs that
  among what was measured.
- *A cause that nothing separates from its rival.* A claim that says why ("because") holds only where a line sets one
  case against another; what shows an effect alone is *depends*.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.document import Document, spans
from bot.curriculum.model import Topic
from bot.errors import Fault
from bot.text.normalise import plain, stem, word_set

Known = Mapping[str, Mapping[str, Any]]  # what the catalogue says of each experiment

_COMPARES = re.compile(
    r"\b(?:better|worse|slower|faster|quicker|less|fewer|higher|larger|smaller|(?<!or )more(?! than \d)|\w+er than"
    r"|slow(?:s|ed|ing)? down|speed(?:s|ing)? up|reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)?|improv(?:e|es|ed|ing)"
    r"|mitigat(?:e|es|ed|ing)|alleviat(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|hinder(?:s|ed|ing)?|lead(?:s|ing)? to"
    r"|result(?:s|ed|ing)? in|caus(?:e|es|ed|ing)|mak(?:es|ing))\b",
    re.IGNORECASE,
)
_SAYS_WHY = re.compile(r"\b(?:because|since|due to|owing to|thanks to|as (?:it|they|this))\b", re.IGNORECASE)
_COMPARED_WITH = re.compile(
    r"\b(?:need for|alternatives? to|than|compared (?:to|with)|instead of|unlike|without)\s+((?:[\w-]+ ?){1,3})",
    re.IGNORECASE,
)
_LIGHT = word_set("a all an and any by each every for in is it its no of on one other that the their this to with")
# A metric that compares by itself says so: "loss, one shared value over He", "drop_acc - none_acc", "leaky less ReLU".
_IS_COMPARISON = re.compile(r" over | less | minus | - |\bdifference\b|\bgain\b")
_LOGARITHM = re.compile(r"^log10 of (?:the )?")


def overlapping(topic: Topic, document: Document) -> Iterator[Fault]:
    """The claims whose words stand in those of an earlier claim, or run into them, with another verdict."""
    places = [spans(claim.says, topic.answer) for claim in topic.claims]
    for i, claim in enumerate(topic.claims):
        for earlier, there in zip(topic.claims[:i], places[:i], strict=True):
            if claim.verdict != earlier.verdict and any(a < d and c < b for a, b in places[i] for c, d in there):
                rule = f"shares words with {earlier.id}, which is {earlier.verdict}: one wording has one verdict"
                yield document.fault(("claims", i, "says"), rule)
                break


def unshown(claim: Claim, known: Known) -> Iterator[tuple[str, str]]:
    """What the words of a claim say beyond its criteria: the key at fault, and the rule."""
    if claim.verdict not in ("supported", "depends") or any(one.experiment not in known for one in claim.criteria):
        return
    if (said := _COMPARES.search(claim.says)) and not _compares(claim.criteria, known):
        yield (
            "criteria",
            f"the claim says {said[0]!r} and no criterion has a control: compare two cases of one quantity, by "
            "'metric op number * metric', by two lines, or by a metric that is a ratio or a difference",
        )
    if claim.verdict != "supported":
        return
    if (said := _SAYS_WHY.search(claim.says)) and not _set_against(claim.criteria, known):
        yield (
            "verdict",
            f"the claim says why ({said[0]!r}): a line has to set one case against its rival by 'metric op number * "
            "metric', or the verdict is depends",
        )
    for named in _COMPARED_WITH.findall(claim.says):
        if missing := _unmeasured(named, claim.criteria, known):
            yield (
                "criteria",
                f"the claim is about {missing!r}, which no metric of its criteria names: measure it, or the verdict is "
                "depends",
            )


def _set_against(criteria: Sequence[Criterion], known: Known) -> bool:
    """Whether a line holds a metric against another one."""
    return any(line.factor in known[one.experiment]["metrics"] for one in criteria for line in one.holds)


def _compares(criteria: Sequence[Criterion], known: Known) -> bool:
    """Whether two cases of one quantity are measured, or a metric that is a comparison by itself."""
    cases: dict[tuple[str, str], set[tuple[str, tuple[tuple[str, str], ...]]]] = {}
    for one in criteria:
        for line in one.holds:
            meaning = _meaning(one, line.metric, known)
            if _IS_COMPARISON.search(meaning):
                return True
            quantity = _LOGARITHM.sub("", meaning).partition(",")[0]
            case = (line.metric, tuple(sorted(one.settings.items())))
            cases.setdefault((one.experiment, quantity), set()).add(case)
    return _set_against(criteria, known) or any(len(found) > 1 for found in cases.values())


def _unmeasured(named: str, criteria: Sequence[Criterion], known: Known) -> str:
    """What a claim is compared with, where none of its words stands in the name or the meaning of a metric."""
    wanted = {stem(word) for word in plain(named) if word not in _LIGHT}
    measured = " ".join(f"{name} {_meaning(one, name, known)}" for one in criteria for name in one.names)
    there = {stem(word) for word in plain(re.sub(r"[_.]", " ", measured))}
    return "" if not wanted or wanted & there else named.strip()


def _meaning(criterion: Criterion, metric: str, known: Known) -> str:
    return str(known[criterion.experiment]["metrics"].get(metric, {}).get("meaning") or metric)
