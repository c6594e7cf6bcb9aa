"""The layout of an answer (tables, lists, wrapped lines) read as the punctuation that says the same.

`flattened` changes signs only, character for character, so that every word stays where it stands.
"""

import re
from itertools import pairwise

_RULE = re.compile(r"^[\s|:=+_–—-]*[|=_–—-]{2,}[\s|:=+_–—-]*$")  # the line below the head of a table
_HEAD = re.compile(r"^\s*(?:#{1,6}\s|>\s|[-+*•·▪●◦‣⁃–—]\s+|\[[ xX]?\]\s)+")  # headings, quotations, bullets
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|[$\\]")
_BULLET = re.compile(r"(?<=\s)[•▪●◦‣⁃](?=\s)")
_MARK = re.compile(r"(?:(?<=^)|(?<=\s))\(?(\d{1,2}|[a-h]|i{1,3}|iv|v)(?:\)|\.(?=\s)|:(?=\s))", re.IGNORECASE)
_PIPE = re.compile(r"\|")
_COLUMNS = re.compile(r"(?<=\S)(?:\t+| {3,})(?=\S)")
_LABELLED = re.compile(r"->|=>|→|:|=|\s[-–—]\s")
_WRAPPED = 55  # characters; a line as long that ends in no stop goes on in the next one where that begins small
_SHORT = 3  # words of a cell that names what the next one speaks of


def flattened(answer: str) -> str:
    """Return an answer of the same length in which only clauses and sentences are marked.

    A row of a table is a sentence and its first cell a label; between the items of a list stands a semicolon.
    """
    lines = answer.split("\n")
    rows = sum("|" in line for line in lines) > 1
    flat = [_flat(line, rows) for line in lines]
    text = flat[0]
    for before, after in zip(lines, flat[1:], strict=False):
        text += (" " if _goes_on(before, after) else "\n") + after
    return text


def _goes_on(line: str, following: str) -> bool:
    """Whether a line was only wrapped."""
    if len(line) < _WRAPPED or "|" in line or _LABELLED.search(line + following) or _COLUMNS.search(line):
        return False
    return line.rstrip()[-1:].isalpha() and following[:1].islower()


def _flat(line: str, table: bool) -> str:
    if _RULE.match(line):
        return " " * len(line)
    line = _HEAD.sub(lambda found: " " * len(found.group()), line)
    line = _EMPHASIS.sub(lambda found: " " * len(found.group()), line)
    line = _BULLET.sub(";", line)
    line = _COLUMNS.sub(lambda found: ":" + " " * (len(found.group()) - 1), line)
    return _without_pipes(_numbered(line), table)


def _numbered(line: str) -> str:
    """The items of a list numbered on one line ("1) ... 2) ...", "(a) ... (b) ...") parted by semicolons."""
    marks = list(_MARK.finditer(line))
    named = [mark.group(1).lower() for mark in marks]
    if named[:2] not in (["1", "2"], ["a", "b"], ["i", "ii"]):
        return line
    for mark in marks:
        line = line[: mark.start()] + ";" + " " * (len(mark.group()) - 1) + line[mark.end() :]
    return line


def _without_pipes(line: str, table: bool) -> str:
    """A line whose pipes are read: as labels of a row, or as stops between items."""
    pipes = [found.start() for found in _PIPE.finditer(line)]
    if not pipes:
        return line
    signs = list(line)
    for place, sign in zip(pipes, _signs(line, pipes, table), strict=True):
        signs[place] = sign
    return "".join(signs)


def _signs(line: str, pipes: list[int], table: bool) -> list[str]:
    """What stands for each pipe of a line."""
    borders = [-1, *pipes, len(line)]
    cells = [line[a + 1 : b].strip() for a, b in pairwise(borders)]
    filled = [cell for cell in cells if cell]
    if sum(bool(_LABELLED.search(cell)) for cell in filled) * 2 >= len(filled):
        return [";"] * len(pipes)
    if not table and not cells[0] and "" in cells[1:-1]:  # rows of a table one after the other
        table = True
    if not table and len(filled) > 3 and not _alternate(filled):
        return [";"] * len(pipes)
    signs, column = [], 0
    for i in range(len(pipes)):
        if not cells[i]:
            column = 0
            signs.append(";")
            continue
        column += 1
        in_pairs = not table and len(filled) > 3 and column % 2 == 0
        signs.append(";" if in_pairs or not cells[i + 1] else ":" if column == 1 or len(filled) > 3 else ",")
    return signs


def _alternate(cells: list[str]) -> bool:
    """Whether every other cell names what the next one speaks of."""
    names, uses = ([len(cell.split()) for cell in cells[first::2]] for first in (0, 1))
    return len(names) == len(uses) and max(names) <= _SHORT and sum(uses) > sum(names)
