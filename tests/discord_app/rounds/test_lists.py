"""Lists of topics and kinds as commands take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.curriculum.model import Curriculum, entries
from bot.discord_app.layout import LONGEST_OPTION
from bot.discord_app.rounds.commands import completed, kinds_of, topics_of
from bot.errors import TutorError
from bot.quiz.kinds import Kinds


def offered(curriculum: Curriculum, typed: str) -> list[tuple[str, str]]:
    titles = {id_: title for title, id_ in words.quiz.topic_choices(curriculum)}
    return completed(typed, entries(curriculum.topics), titles)


def test_a_title_with_a_comma_in_it_is_one_topic(curriculum: Curriculum) -> None:
    title = next(topic.title for topic in curriculum.topics if "," in topic.title)
    (found,) = topics_of(curriculum, title)
    assert topics_of(curriculum, f"momentum, {title},selu , momentum") == ("momentum", found, "selu")
    assert (title, found) in offered(curriculum, title[:-3])


def test_ids_titles_and_spaces_are_all_the_same(curriculum: Curriculum) -> None:
    assert topics_of(curriculum, " , SELU,, momentum TOO close to 1 ,") == ("selu", "momentum")
    assert topics_of(curriculum, "") == ()
    assert kinds_of(Kinds().names, "Choice, OPEN") == ("choice", "open")


def test_what_is_unknown_is_named(curriculum: Curriculum) -> None:
    with pytest.raises(TutorError, match="`cooking`"):
        topics_of(curriculum, "momentum, cooking")
    with pytest.raises(TutorError, match=r"`essay`.*choice, multi, open, predict"):
        kinds_of(Kinds().names, "open,essay")
    with pytest.raises(TutorError, match=r"`calc`: do you mean \*calculate\*\?"):
        kinds_of(Kinds().names, "calc")


@given(st.data())
@pytest.mark.slow
def test_what_is_offered_is_taken_and_can_be_typed_on_from(curriculum: Curriculum, data: st.DataObject) -> None:
    typed = ""
    for count in range(len(words.quiz.topic_choices(curriculum))):
        choices = offered(curriculum, typed)
        assert choices
        assert all(len(name) <= LONGEST_OPTION and len(value) <= LONGEST_OPTION for name, value in choices)
        name, value = data.draw(st.sampled_from(choices))
        assert len(topics_of(curriculum, value)) == count + 1
        assert topics_of(curriculum, name) == topics_of(curriculum, value)
        typed = f"{name}, "
    assert offered(curriculum, typed) == []
