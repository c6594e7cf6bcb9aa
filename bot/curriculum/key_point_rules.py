"""What the key points of a topic must keep to beyond their form."""

from collections.abc import Iterator

from bot.curriculum.document import Document, Location
from bot.curriculum.key_points import KeyPoints
from bot.curriculum.model import Topic
from bot.curriculum.sayings import Unreadable, parsed
from bot.errors import Fault

_HERE = "key_points"


def within(topic: Topic, document: Document) -> Iterator[Fault]:
    """The faults of a topic's key points."""
    if not topic.key_points:
        return
    points = topic.key_points
    yield from _points(points, document)
    yield from _mistakes(points, document)
    yield from _subjects(points, document)
    for location, saying in _sayings(points):
        if rule := _unreadable(saying, points):
            yield document.fault(location, rule)


def _points(points: KeyPoints, document: Document) -> Iterator[Fault]:
    ids = [point.id for point in points.points]
    for i, point in enumerate(points.points):
        if point.id in ids[:i]:
            yield document.fault((_HERE, "points", i, "id"), f"{point.id!r} is the id of an earlier point too")
        if point.disputed and not point.why:
            yield document.fault((_HERE, "points", i), "a disputed point needs a why: what shows that it does not hold")
    earning = sum(not point.disputed for point in points.points)
    if points.full_marks > earning:
        rule = f"is more than the {earning} points that are not disputed: nobody could have full marks"
        yield document.fault((_HERE, "full_marks"), rule)


def _mistakes(points: KeyPoints, document: Document) -> Iterator[Fault]:
    for i, mistake in enumerate(points.mistakes):
        if mistake.against and not points.point(mistake.against):
            rule = f"{mistake.against!r} is not the id of a point of this topic"
            yield document.fault((_HERE, "mistakes", i, "against"), rule)


def _subjects(points: KeyPoints, document: Document) -> Iterator[Fault]:
    if points.about and points.about not in points.subjects:
        yield document.fault((_HERE, "about"), f"{points.about!r} is not one of the subjects")


def _sayings(points: KeyPoints) -> Iterator[tuple[Location, str]]:
    for i, point in enumerate(points.points):
        yield from (((_HERE, "points", i, "say", j), saying) for j, saying in enumerate(point.say))
    for i, mistake in enumerate(points.mistakes):
        yield from (((_HERE, "mistakes", i, "say", j), saying) for j, saying in enumerate(mistake.say))


def _unreadable(saying: str, points: KeyPoints) -> str | None:
    try:
        read = parsed(saying)
    except Unreadable as error:
        return str(error)
    if read.subject and read.subject not in points.subjects:
        return f"{read.subject!r} is not one of the subjects"
    ways = [*read.without, *(way for item in read.items for way in item.ways)]
    unknown = next((way.phrase for way in ways if way.group and way.phrase not in points.words), None)
    return f"({unknown}) is not one of the words" if unknown else None
