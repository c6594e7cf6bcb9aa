"""Numbers as people read them."""

import math

import pytest

from bot.formats import capped, number, percent, power, times_ten


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (0.73999, "0.74"),
        (1356.2, "1,356"),
        (999.7, "1,000"),
        (16, "16"),
        (1381544.2, "1.38·10⁶"),
        (-2e-7, "-2·10⁻⁷"),
        (1e-5, "10⁻⁵"),
        (math.nan, "not finite"),
        (math.inf, "not finite"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("log10", "text"),
    [
        (0, "1"),
        (-0.3, "0.501"),
        (3.11, "1,288"),
        (-9.77, "1.7·10⁻¹⁰"),
        (-94.9, "10⁻⁹⁵"),
        (400, "10⁴⁰⁰"),
        (-math.inf, "0"),
    ],
)
def test_power(log10: float, text: str) -> None:
    assert power(log10) == text


def test_a_capped_count_is_more_than_its_cap() -> None:
    assert (capped(3001, 3000), capped(3000, 3000), capped(262, 3000)) == (">3,000", "3,000", "262")


def test_shares_and_powers_of_ten() -> None:
    assert (percent(0.735), percent(1), times_ten(100)) == ("73.5 %", "100 %", "10²")
