"""A small table in a code block that a phone shows without breaking its lines."""

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 40  # characters that a phone of ordinary size shows in a line of code
GAP = 2
LEAST_HEADER = 7
Row = Sequence[str]


def monospaced(headers: Row, rows: Sequence[Row], width: int = WIDTH) -> str:
    """The table as text: long headers in several lines, columns that do not fit side by side one below the other."""
    columns = [[header, *cells] for header, *cells in zip(headers, *rows, strict=True)]
    return "\n\n".join(_block(band) for band in _bands(columns, width))


def _bands(columns: Sequence[Row], width: int) -> Iterator[list[Row]]:
    """The columns in groups that fit, each behind the first column."""
    first, *rest = columns
    band, used = [first], _width(first)
    for column in rest:
        if len(band) > 1 and used + GAP + _width(column) > width:
            yield band
            band, used = [first], _width(first)
        band.append(column)
        used += GAP + _width(column)
    yield band


def _block(columns: Sequence[Row]) -> str:
    widths = [_width(column) for column in columns]
    headers = [_header(column) for column in columns]
    height = max(map(len, headers))
    lines = list(zip(*(header + [""] * (height - len(header)) for header in headers), strict=True))
    lines += zip(*(column[1:] for column in columns), strict=True)
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Row, widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return (" " * GAP).join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()


def _width(column: Row) -> int:
    return max(len(text) for text in [*_header(column), *column[1:]])


def _header(column: Row) -> list[str]:
    """The header in lines no longer than its cells, or than its own longest word."""
    widest = max([LEAST_HEADER, *map(len, column[1:])])
    return textwrap.wrap(column[0], widest, break_long_words=False, break_on_hyphens=False) or [""]
