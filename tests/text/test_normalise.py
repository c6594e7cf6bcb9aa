"""Text becomes plain words: what looks or reads the same comes out the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import cut, magnitude, plain, shape


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (".9999", "0.9999"),
        ("0,9999", "0.9999"),
        ("99.99%", "0.9999"),
        ("1-1e-4", "0.9999"),
        ("soooooo slow", "soo slow"),
        ("β→1", "beta -> 1"),
        ("can't", "cant"),
        ("can’t", "cant"),
        ("Ｄｒｏｐｏｕｔ", "dropout"),
        ("naïve", "naive"),
        ("drop\u200bout", "dropout"),
        ("lr=0.10", "lr = 0.1"),
        ("5classes", "5 classes"),
        ("np.zeros(n_in)", "np zeros n in"),
    ],
)
def test_one_spelling_for_what_reads_the_same(typed: str, meant: str) -> None:
    assert plain(typed) == plain(meant)


def test_terms_with_digits_stay_whole() -> None:
    assert plain("L1, L2 and relu6") == ["l1", "l2", "and", "relu6"]


def test_spellings_are_put_right_with_and_without_signs_in_them() -> None:
    assert plain("bn w/o bias, b/c u said so", {"w/o": "without", "b/c": "because", "u": "you"}) == [
        *("bn", "without", "bias", "because", "you", "said", "so")
    ]


def test_numbers_of_a_kind_share_a_shape() -> None:
    assert shape("0.99999") == shape("0.9995") != shape("0.9")
    assert shape("5") == shape("8") != shape("0")
    assert shape("dropout") == "dropout"
    assert magnitude("1") != magnitude("0.5")


@given(
    st.lists(st.sampled_from([*"ab ", "\\*", "\\_", "\\\\"]), max_size=40).map("".join),
    st.integers(2, 30),
    st.booleans(),
)
def test_a_cut_never_ends_inside_an_escape(text: str, most: int, trim: bool) -> None:
    shown = cut(text, most, trim)
    assert len(shown) <= most
    head = shown.removesuffix("…")
    assert text.startswith(head)
    assert shown == text or (len(head) - len(head.rstrip("\\"))) % 2 == 0


@given(st.text(max_size=300))
def test_never_fails_and_never_yields_blanks(text: str) -> None:
    assert all(token and not token.isspace() for token in plain(text, {"u": "you"}))


@given(st.text(max_size=80))
def test_case_does_not_matter_for_ascii(text: str) -> None:
    text = text.encode("ascii", "ignore").decode()
    assert plain(text) == plain(text.upper()) == plain(text.lower())
