"""Text that a person typed, as it is shown back: one line, at most 200 characters, in inline code.

Escaping Markdown would not be enough: `<t:...>`, `<#...>`, bare links and lists survive it.
Inline code lets none through.
"""

import textwrap

from bot.text.normalise import visible

LONGEST = 200
LONGEST_WHOLE = 1800


def typed_whole(text: str) -> str:
    """All of `text`, in as many such lines as it takes; only what is mostly emoji, each of which Discord counts twice,
    may lose its end."""
    line = visible(text).encode("utf-16-le", "ignore")[: 2 * LONGEST_WHOLE].decode("utf-16-le", "ignore")
    return "\n".join(map(typed, textwrap.wrap(line, LONGEST, break_on_hyphens=False) or [""]))


def typed(text: str) -> str:
    """`text` as inline code."""
    line = visible(text).replace("`", "ˋ")  # inside code a backtick cannot be escaped; this is its look-alike
    if len(line) > LONGEST:
        line = line[: LONGEST - 1].rstrip() + "…"
    return f"`{line}`" if line else "` `"
