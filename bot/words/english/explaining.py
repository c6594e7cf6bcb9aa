"""Why a message was decided as it was, for `ask --explain`."""

from bot.tutor.decision import Match
from bot.tutor.explain import Explanation


def explained(found: Explanation) -> list[str]:
    """The reasons, a line each."""
    said = [f"heard: {' '.join(found.heard) or 'nothing'}"]
    if found.nearest:
        whose = found.nearest.topic or "none of the topics"
        said.append(f"nearest phrasing: {found.nearest.text!r} ({whose}, {found.nearest.alike:.0%} alike)")
    if found.counted:
        said.append("counted: " + ", ".join(f"{one.what} {one.weight:+.2f}" for one in found.counted))
    said += [
        f"{name}: {_match(match)}" for name, match in (("best", found.best), ("runner-up", found.runner_up)) if match
    ]
    if found.follow_up is not None:
        said.append(f"follows up the last answer: {found.follow_up:.0%}")
    return said


def _match(match: Match) -> str:
    parts = f", part {', '.join(match.parts)}" if match.parts else ""
    return f"{match.topic} {match.score:.0%}{parts}"
