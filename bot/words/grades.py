"""How a grade is told: what was found in the answer, what is missing, and why."""

from collections.abc import Collection, Iterator

from bot.curriculum.model import Topic
from bot.quiz.grading import Grade
from bot.text.normalise import visible

_LONGEST_QUOTE = 120  # characters
ACCEPTED_WORDING = "- **Accepted in this server:** a moderator has accepted this wording for full marks."


def told(topic: Topic, grade: Grade) -> str:
    """Return a grade in Markdown, point by point."""
    return "\n".join([f"**{grade.score:.0%}** ({_counted(topic, grade)})\n", *reasons(topic, grade)])


def reasons(topic: Topic, grade: Grade, asked: Collection[str] = ()) -> Iterator[str]:
    """Yield what was found, a line each; of the points that are missing only those `asked` for (none: all)."""
    if grade.accepted:
        yield ACCEPTED_WORDING
    for met in grade.met:
        yield f"- **Right:** {_point(topic, met.point)} You said: {_quoted(met.said)}"
    if grade.accepted:  # whoever accepted it has seen what follows
        return
    for wrong in grade.contradicted:
        yield f"- **Not so:** {_quoted(wrong.said)}: {wrong.why}"
    for disputed in grade.disputed:
        yield f"- **Disputed**, earns and costs nothing: {_quoted(disputed.said)}: {disputed.why}"
    lacking = "Missing" if grade.score < 1 else "You could add"
    for point in grade.missing:
        if not asked or point in asked:
            yield f"- {lacking}: {_point(topic, point)}"


def _counted(topic: Topic, grade: Grade) -> str:
    full = topic.key_points.full_marks if topic.key_points else 0
    return f"{len(grade.met)} {'point' if len(grade.met) == 1 else 'points'}, full marks for {full}"


def _point(topic: Topic, point_id: str) -> str:
    point = topic.key_points.point(point_id) if topic.key_points else None
    return point.point if point else point_id


def _quoted(said: str) -> str:
    """Typed text on one line, in code, so that nothing in it is rendered; in quotes, where code looks like the rest."""
    line = visible(said).replace("`", "'")
    return f"“`{line[: _LONGEST_QUOTE - 1]}…`”" if len(line) > _LONGEST_QUOTE else f"“`{line}`”"
