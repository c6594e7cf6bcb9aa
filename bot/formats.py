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


def rounded(value: float) -> str:
    """Two significant digits for a sentence: 0.74, 57, 1,400, 1.4 million, 10¹⁵; "not finite" for what overflowed."""
    if not math.isfinite(value):
        return "not finite"
    size = abs(value)
    if size >= 999_500 or 0 < size < 1e-3:
        return _far_from_one(value)
    short = float(f"{value:.2g}")
    return f"{int(short):,}" if size >= 10 or short == int(short) else f"{short:g}"


def _far_from_one(value: float) -> str:
    exponent = math.floor(math.log10(abs(value)))
    if 5 <= exponent < 9 and abs(value) < 999_500_000:
        return f"{float(f'{value / 1e6:.2g}'):g} million"
    if -6 < exponent < 0:
        return times_ten(float(f"{value:.1e}"))
    return ("-" if value < 0 else "") + f"10{str(round(math.log10(abs(value)))).translate(_SUPERSCRIPTS)}"


def share(part: float) -> str:
    """A share for a sentence, with two significant digits of what is missing from 0 or from 1: 61 %, 0.23 %, 98.7 %."""
    if not math.isfinite(part):
        return "not finite"
    near = min(abs(part), abs(1 - part)) or 1.0
    digits = min(max(-math.floor(math.log10(near)) - 1, 0), 4)
    shown = _plain(100 * part, digits)
    return f"{shown} %" if part == 0 or shown.strip("-") != "0" else "less than 0.001 %"


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
