"""Formulas that students write in answers, and the words that say the same.

Each is looked for in the text as it was typed; the words stand where the formula stands. What holds for one letter
holds for the letters that papers use for the same thing.
"""

import re
from collections.abc import Iterator

_W = r"(?:[wWθΘ]|\\?theta|weights?)(?:_?\{?[a-z0-9ij]{1,2}\}?|[ᵢⱼ₁₂]+)?"
_B = r"b(?:_?\{?[a-z0-9ij]{1,2}\}?|[ᵢⱼ₁₂]+)?"
_D = r"(?:∂|\\partial\s*|d)"
_LOSS = r"(?:L|J|E|ℓ|\\mathcal\{L\}|loss)"
_BETA = r"(?:β|\\?beta|0?[.,]9+\d*|m)"
_FORMULAS = (
    (rf"[‖|]{{1,2}}\s*{_W}\s*[‖|]{{1,2}}\s*_?\{{?(?:1|₁)\}}?", "l1 norm"),
    (rf"[‖|]{{1,2}}\s*{_W}\s*[‖|]{{1,2}}\s*_?\{{?(?:0|₀)\}}?", "l0 norm"),
    (rf"[‖|]{{1,2}}\s*{_W}\s*[‖|]{{1,2}}\s*_?\{{?(?:2|₂)\}}?(?:\^?2|²)?|{_W}\s?(?:\^\{{?2\}}?|²)", "l2 norm squared"),
    (rf"(?:Σ|∑|sum of|sum)?\s*\|\s*{_W}\s*\|", "sum absolute weights"),
    (r"(?:\b[Ll][_^]\{?1\}?|\b[Ll][₁¹]|ℓ[_^]?\{?[1₁¹]\}?)(?![\d.])", "l1"),
    (r"(?:\b[Ll][_^]\{?0\}?|\b[Ll][₀⁰]|ℓ[_^]?\{?[0₀⁰]\}?)(?![\d.])", "l0"),
    (r"(?:\b[Ll][_^]\{?2\}?|\b[Ll][₂²]|ℓ[_^]?\{?[2₂²]\}?)(?![\d.])", "l2"),
    (rf"{_D}\s*{_LOSS}\s*/\s*{_D}\s*{_B}\b|∇_?\{{?b\b\}}?|\bdb\b", "gradient of bias"),
    (rf"{_D}\s*{_LOSS}\s*/\s*{_D}\s*{_W}|∇_?\{{?{_W}\}}?", "gradient of weights"),
    (
        rf"\b{_W}\s*(?:==?|≡)\s*(?:c|const)\b|\bw(?:_\{{?\w\w?\}}?|\d|[ᵢⱼ₁₂])\s*(?:==?|≡)\s*w(?:_\{{?\w|\d|[ᵢⱼ₁₂])",
        "weights same",
    ),
    (r"\b[hazyo](?:_?[a-z0-9]|[₁₂ᵢⱼ])\s*(?:=|==|≡)\s*[hazyo…](?:_?[a-z0-9]|[₁₂ᵢⱼ])?(?![\w])", "outputs same"),
    (
        r"(?:[δΔg]|\\?delta)(?:_?[a-z0-9]|[₁₂ᵢⱼ])\s*(?:=|==|≡)\s*(?:[δΔg]|\\?delta)(?:_?[a-z0-9]|[₁₂ᵢⱼ])",
        "gradients same",
    ),
    (r"(?:\b[NU]|𝒩|\\mathcal\{N\})\s?\(\s*-?\s*[\w.μσ]+\s*,[^)]*\)|\bi\.?i\.?d\.?(?!\w)", "independent random draws"),
    (r"\bE\s?[\[(][^\])]{1,6}[\])]\s*(?:=|≈|~|->|→)\s*0\b|\bμ\s*(?:=|≈|~|->|→)\s*0\b", "mean 0"),
    (r"\bVar\s?[\[(][^\])]{1,6}[\])]\s*(?:=|≈|~|->|→)\s*1\b|(?:ν|σ²|σ\^2|σ)\s*(?:=|≈|~|->|→)\s*1\b", "variance 1"),
    (r"\b[fφσ]['′]\s?\([^)]{1,5}\)\s*(?:>|≠|!=|=/=)\s*0", "gradient nonzero"),
    (rf"1\s*/\s*\(\s*1\s*[-−–]\s*{_BETA}\s*\)", "long memory"),
    (r"-?\s*(?:log|ln)\s*\(?\s*\(?\s*(?:p|π|n_?\w*)\s*/\s*\(?\s*(?:1\s*[-−–]\s*(?:p|π)|n_?\w*)\)?\)?", "log odds"),
    (r"-\s*(?:log|ln)\s*\(?\s*\(\s*1\s*[-−–]\s*(?:p|π)\s*\)\s*/\s*(?:p|π)\s*\)?|\blogit\s?\(\s*\w+\s*\)", "log odds"),
    (r"\b[pP]\s?\(\s*\w+\s*\|\s*\w+\s*\)", "probability"),
    (r"\b[xz]\s*<\s*0|\bR-", "negative inputs"),
    (r"\b[KCk]\s*(?:>|>=|≥)\s*[23]\b", "more than two"),
    (r"(?:×|x|\*)\s?T\b|\bT\s?(?:×|x(?=\s)|-fold)|\bO\(T\)", "t times"),
)
_ANY = re.compile("|".join(f"(?P<f{i}>{pattern})" for i, (pattern, _) in enumerate(_FORMULAS)))


def formulas(answer: str) -> Iterator[tuple[int, int, str]]:
    """Yield each formula of an answer: its first character, the one after its last, and what it says in words."""
    for found in _ANY.finditer(answer):
        start, end = found.span()
        start += len(found.group()) - len(found.group().lstrip())
        yield start, end, _FORMULAS[int(str(found.lastgroup)[1:])][1]
