"""Numbers as people read them: every way in which the bot writes one."""

import math

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


def times_ten(value: float) -> str:
    """With its power of ten written out: 1.38·10⁶, 10⁻⁵ for a bare one."""
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
