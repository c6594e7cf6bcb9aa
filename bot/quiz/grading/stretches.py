"""Cutting a sentence into the stretches that speak of one subject, or of several named side by side."""

from itertools import pairwise

from bot.quiz.grading import english
from bot.quiz.grading.reading import Word

Mention = tuple[int, int, str]
Group = tuple[int, int, frozenset[str]]


def compounds(words: list[Word], mentions: list[Mention]) -> list[Group]:
    """Subjects named side by side ("tanh and ReLU") are spoken of together."""
    groups: list[Group] = []
    for start, end, name in mentions:
        between = words[groups[-1][1] : start] if groups else []
        if groups and len(between) <= 2 and all(word.text in {"and", "or", "its", "variants"} for word in between):
            first, _, names = groups[-1]
            groups[-1] = (first, end, names | {name})
        else:
            groups.append((start, end, frozenset([name])))
    return groups


def cuts(words: list[Word], groups: list[Group], first: int, last: int) -> list[tuple[int, int]]:
    """Where the stretch of each group begins and ends."""
    starts = [first]
    for (_, end, _), (start, _, _) in pairwise(groups):
        starts.append(_border(words, end, start))
    ends = [*starts[1:], last]
    return list(zip(starts, ends, strict=True)) if groups else []


def _border(words: list[Word], end: int, start: int) -> int:
    """Between two mentions: at the last break of a clause, else at the last "and", else before the later one; so too
    where the break only gives a reason, or a condition, for what was said of the earlier."""
    for i in range(start, end - 1, -1):
        if words[i].clause != words[i - 1].clause:
            if i == end and words[i].text in english.CONDITIONS and not _parted(words, i):
                break
            return start if words[i].text in english.REASONS else i
    for i in range(start - 1, end - 1, -1):
        if words[i].text in {"and", "or"}:
            return i
    return start


def _parted(words: list[Word], i: int) -> bool:
    """Whether more than a space stands before the word at `i`."""
    return words[i].start - words[i - 1].end > 1
