"""Text that a person typed, as it is shown back: one line, at most 200 characters, in inline code.

Escaping Markdown would not be enough: `<t:...>`, `<#...>`, bare links and lists survive it.
Inline code lets none through.
"""

from bot.language.normalise import visible

LONGEST = 200


def typed(text: str) -> str:
    """`text` as inline code."""
    line = visible(text).replace("`", "ˋ")  # inside code a backtick cannot be escaped; this is its look-alike
    if len(line) > LONGEST:
        line = line[: LONGEST - 1].rstrip() + "…"
    return f"`{line}`" if line else "` `"
