"""Numbers as people read and type them: every way in which the bot writes one, and those in which it reads one."""

import math
import re
import unicodedata

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """Three significant digits: 0.74, 1,356, 1.38·10⁶, 0 for zero, "not finite" for what overflowed."""
    if not math.isfinite(value):
        return "not finite"
    size = abs(value)
    if value == int(value) and size < 1e6:
        return f"{int(value):,}"
    if 999.5 <= size < 1e6:
        return f"{value:,.0f}"
    return f"{value:.3g}" if 1e-3 <= size < 1e3 else times_ten(value)


def two_digits(value: float) -> str:
    """Two significant digits, for titles and headlines: 0.74, 1,400, 1.4·10⁶, 57; of shares see `two_percent`."""
    if not math.isfinite(value):
        return "not finite"
    size = abs(value)
    if size != 0 and not 1e-3 <= size < 1e6:
        return times_ten(float(f"{value:.1e}"))
    rounded = float(f"{value:.1e}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:.2g}"


def two_percent(share: float) -> str:
    """A share of 0.744 as "74 %"; what is almost 0 or all is not called so: "<0.1 %", ">99 %"."""
    if 0 < share < 0.001:
        return "<0.1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{two_digits(100 * share)} %"


def two_power(log10: float) -> str:
    """A quantity given by its logarithm, to two significant digits; beyond 10¹⁵ and 10⁻¹⁵ only the power is shown."""
    return two_digits(10**log10) if abs(log10) < 15 else power(log10)


def two_capped(count: float, cap: int) -> str:
    """A count to two significant digits; one that ended at its cap (it is then cap + 1) as ">3,000"."""
    return f">{cap:,}" if count > cap else two_digits(count)


def times_ten(value: float) -> str:
    """With its power of ten written out: 1.38·10⁶, 10⁻⁵ for a bare one."""
    if not math.isfinite(value):  # as the largest numbers are, once rounded
        return "not finite"
    factor, exponent = f"{value:.2e}".split("e")
    factor = factor.rstrip("0").rstrip(".")
    lead = {"1": "", "-1": "-"}.get(factor, f"{factor}·")
    return f"{lead}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def power(log10: float) -> str:
    """A quantity given by its logarithm; beyond 10¹⁵ and 10⁻¹⁵ only the power is shown."""
    if not math.isfinite(log10):
        return "0" if log10 < 0 else "not finite"
    return number(10**log10) if abs(log10) < 15 else f"10{str(round(log10)).translate(_SUPERSCRIPTS)}"


def four_digits(value: float) -> str:
    """What is asked for as a number and compared with others: 1,360 in full, 0.04123 to four significant digits."""
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.4g}"


def digits(value: float, significant: int) -> str:
    """An answer to so many significant digits, zeros at the end too, a whole number in full: 0.330, 1,356, 2.5·10⁻⁵."""
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    factor, exponent = f"{value:.{significant - 1}e}".split("e")
    if not -4 < int(exponent) < 6:
        return f"{factor}·10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return f"{float(f'{factor}e{exponent}'):,.{max(0, significant - 1 - int(exponent))}f}"


def measured(value: float, cap: float | None) -> str:
    """What was measured of a claim, to three significant digits; a count beyond its cap as ">3,000"."""
    if cap is not None and value > cap:
        return f">{cap:,.0f}"
    return f"{value:,.0f}" if value == int(value) or 1e3 <= abs(value) < 1e6 else f"{value:.3g}"


def setting(value: float | str) -> str:
    """The value of a setting, to be typed again: 0.99999, 100 for 100.0."""
    return value if isinstance(value, str) else f"{value:.12g}"


def points(value: float) -> str:
    """Points to the hundredth: 1, 0.5, 0.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A share of 0.744 as "74.4 %"."""
    return f"{100 * share:.3g} %"


def whole_percent(share: float) -> str:
    """A share of 0.744 as "74 %"."""
    return f"{100 * share:.0f} %"


def capped(count: float, cap: int) -> str:
    """A count that ended at its cap (it is then cap + 1) as ">3,000"."""
    return f">{cap:,}" if count > cap else number(count)


_AROUND = re.compile(r"^(about|around|roughly|approximately|approx\.?|circa|ca\.?|~|≈|=)\s*")
_VULGAR = re.compile("[¼-¾⅐-⅞]")  # 1½ is 1 1/2
_RAISED = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED_SIGNS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_DASHES = str.maketrans("−–⁄", "--/")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([, ']\d{3})+(\.\d+)?")  # 1,356 and 1 000 000; but 0,125 has a decimal comma
_DECIMAL = r"(?:\d{1,15}(?:[.,]\d{0,30})?|[.,]\d{1,30})(?:e[+-]?\d{1,3})?"
_POWER = re.compile(  # 2.5, 2·10^3, 0.25**9
    rf"(?:({_DECIMAL})\s*[·⋅*×x]\s*(?=.*(?:\^|\*\*)))?({_DECIMAL})"
    rf"(?:\s*(?:\^|\*\*)\s*[({{]?([+-]?{_DECIMAL})[)}}]?)?"
)
_SIGNED = re.compile(r"(?P<sign>[+-]?)\s*(?:(?P<whole>\d{1,9}) +(?=\d+ ?/))?(?P<over>[^/]+)(?:/(?P<under>[^/]+))?")
_BEFORE_A_UNIT = re.compile(r"([-+\d\s.,'^*·⋅×x/e(){}]*[\d.)}])\s*(.*)")


def number_in(text: str, unit: str = "") -> float | None:
    """A number as people type it, with that unit or without; None where it is none, or not one only.

    >>> [number_in(typed, "steps") for typed in ("about 1,350 steps", "0,4", "55%", "1 1/2", "2·10^-3", "1 or 2")]
    [1350.0, 0.4, 55.0, 1.5, 0.002, None]
    """
    return _number(typed_plainly(text).removesuffix(unit.lower()).removesuffix("%").strip())


def number_and_unit(text: str) -> tuple[float, str] | None:
    """A number as people type it, and what stands behind it; None where the text does not begin with a number.

    >>> number_and_unit("≈ 1.5e3 steps"), number_and_unit("40 %"), number_and_unit("many")
    ((1500.0, 'steps'), (40.0, '%'), None)
    """
    found = _BEFORE_A_UNIT.fullmatch(typed_plainly(text))
    number = _number(found[1].strip()) if found else None
    return None if found is None or number is None else (number, found[2].strip())


def typed_plainly(text: str) -> str:
    """A text with a number in it in small letters, without what says "about", and with its powers behind a ^."""
    split = _VULGAR.sub(lambda one: f" {unicodedata.normalize('NFKC', one[0])}", text)
    raised = _RAISED.sub(lambda power: f"^{power[0].translate(_RAISED_SIGNS)}", split)
    return _AROUND.sub("", unicodedata.normalize("NFKC", raised).strip().lower().translate(_DASHES)).strip()


def _number(bare: str) -> float | None:
    """A decimal number, a power, or a fraction of two of those."""
    bare = re.sub("[, ']", "", bare) if _GROUPED.fullmatch(bare) else bare
    found = _SIGNED.fullmatch(bare)
    if found is None:
        return None
    over, under = _power(found["over"].strip()), _power((found["under"] or "1").strip())
    if over is None or not under:
        return None
    value = (-1 if found["sign"] == "-" else 1) * (float(found["whole"] or 0) + over / under)
    return value if math.isfinite(value) else None


def _power(bare: str) -> float | None:
    found = _POWER.fullmatch(bare)
    if found is None:
        return None
    lead, base, exponent = (None if part is None else float(part.replace(",", ".")) for part in found.groups())
    if base is None:
        return None
    try:
        return (1.0 if lead is None else lead) * (base if exponent is None else base**exponent)
    except (OverflowError, ZeroDivisionError):
        return None
