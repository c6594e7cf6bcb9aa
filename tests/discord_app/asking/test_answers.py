"""What the tutor decided, as a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.curriculum.model import Curriculum, Part, Phrasing, Topic
from bot.curriculum.statements import statements
from bot.discord_app import layout
from bot.discord_app.asking import answer_pages
from bot.discord_app.asking.picks import Inquiry
from bot.discord_app.layout import LONGEST_TYPED, typed
from bot.matching.decision import Choose, Decision, Decline, Match, TopicAnswer
from bot.service.gate import Asker
from bot.text.normalise import visible

IN_SERVER = Inquiry(words.answers.question("`why?`"), Asker("", 2**64 - 1, server=1))
IN_DM = Inquiry(words.answers.question("`why?`"), Asker("", 2**64 - 1))


def text_of(page: layout.Page) -> str:
    return "\n".join(one.content for one in page.walk_children() if isinstance(one, layout.ui.TextDisplay))


def labels(page: layout.Page) -> list[str | None]:
    return [one.label for one in page.walk_children() if isinstance(one, layout.ui.Button)]


def every_decision(curriculum: Curriculum) -> list[Decision]:
    whole = tuple(Match(topic.id, 0.5) for topic in curriculum.topics)
    parts = tuple(Match(t.id, 0.5, tuple(part.id for part in t.parts)) for t in curriculum.topics)
    stated = tuple(Match(topic.id, 0.5, (), 0) for topic in curriculum.topics)
    pieces = ("x" * 4000,) * 9
    return [
        TopicAnswer(stated, parts),
        TopicAnswer(whole, whole),
        TopicAnswer(parts, parts, pieces),
        Choose(parts[:3], pieces),
        Decline(parts),
        Decline(whole[:3], named=tuple(topic.id for topic in curriculum.topics)),
        Decline(),
    ]


@pytest.mark.parametrize("asking", [IN_SERVER, IN_DM])
def test_every_decision_is_within_the_limits(curriculum: Curriculum, asking: Inquiry) -> None:
    for decision in every_decision(curriculum):
        for page in answer_pages.decided(curriculum, decision, asking):
            size = layout.measured(page.to_components())
            assert size.components <= layout.MOST_COMPONENTS
            assert size.characters <= layout.MOST_CHARACTERS
            ids = [one.custom_id for one in page.walk_children() if isinstance(one, layout.ui.Button)]
            assert len(set(ids)) == len(ids)
            assert text_of(page).startswith(asking.question)


def test_the_part_asked_after_stands_in_front(curriculum: Curriculum) -> None:
    page = answer_pages.decided(curriculum, TopicAnswer((Match("dropout", 0.9, ("inference",)),)), IN_SERVER)[0]
    topic = curriculum.topic("dropout")
    assert topic
    part = topic.part("inference")
    assert part
    assert part.passage
    text = text_of(page)
    assert (
        text.index(part.title)
        < text.index(part.passage)
        < text.index(words.answers.WHOLE_ANSWER)
        < text.index(topic.answer)
    )


def test_the_statement_asked_about_stands_in_front_with_its_verdicts(curriculum: Curriculum) -> None:
    topic = curriculum.topic("bias-initialization")
    assert topic
    number, statement = next((at, one) for at, one in enumerate(statements(topic)) if one.claims)
    match = Match(topic.id, 0.9, (), number)
    (page,) = answer_pages.decided(curriculum, TopicAnswer((match,)), IN_SERVER)
    text = text_of(page)
    front = text[: text.index(words.answers.WHOLE_ANSWER)]
    assert " ".join(statement.text.split()) in front
    assert all(f"**{words.laboratory.VERDICTS[claim.verdict]}**" in front for claim in statement.claims)
    assert topic.answer in text
    (gone,) = answer_pages.decided(curriculum, TopicAnswer((Match(topic.id, 0.9, (), 999),)), IN_SERVER)
    assert words.answers.WHOLE_ANSWER not in text_of(gone)


def test_several_topics_are_answered_in_the_order_asked(curriculum: Curriculum) -> None:
    asked = (Match("selu", 0.8), Match("dropout", 0.9))
    page = answer_pages.decided(curriculum, TopicAnswer(asked, (), ("and the weather?",)), IN_SERVER)[0]
    text = text_of(page)
    selu, dropout = curriculum.topic("selu"), curriculum.topic("dropout")
    assert selu
    assert dropout
    assert text.index(selu.answer) < text.index(dropout.answer) < text.index("`and the weather?`")


def test_a_choice_of_one_is_still_a_choice(curriculum: Curriculum) -> None:
    page = answer_pages.decided(curriculum, Choose((Match("selu", 0.4),)), IN_SERVER)[0]
    assert labels(page)[1:] == [words.tries.LET_ME_TRY, words.answers.NOT_WHAT_I_ASKED, words.answers.REMOVE]


def test_the_group_can_be_asked_only_where_there_is_one(curriculum: Curriculum) -> None:
    for decision in (Decline(), Decline((Match("selu", 0.1),))):
        assert words.answers.ASK_THE_GROUP in labels(answer_pages.decided(curriculum, decision, IN_SERVER)[-1])
        assert words.answers.ASK_THE_GROUP not in labels(answer_pages.decided(curriculum, decision, IN_DM)[-1])
    declined = text_of(answer_pages.decided(curriculum, Decline(), IN_DM)[0])
    assert words.answers.covers(curriculum) in declined
    assert words.discord.WHAT_ELSE in declined  # whoever typed "help" or "quiz" is not left there


def test_a_refusal_names_the_subject_that_the_question_names(curriculum: Curriculum) -> None:
    momentum, selu = curriculum.topic("momentum"), curriculum.topic("selu")
    assert momentum
    assert selu
    near = (Match("selu", 0.3), Match("momentum", 0.2))
    (page,) = answer_pages.decided(curriculum, Decline(near, named=("momentum",)), IN_SERVER)
    assert f"My answer on *{momentum.title}* does not cover that." in text_of(page)
    assert words.answers.DECLINE not in text_of(page)
    assert labels(page)[:3] == [momentum.title, selu.title, words.answers.ASK_THE_GROUP]
    (page,) = answer_pages.decided(curriculum, Decline(near, named=("selu", "momentum")), IN_DM)
    assert f"My answers on *{selu.title}* and *{momentum.title}* do not cover that." in text_of(page)
    assert labels(page)[:2] == [selu.title, momentum.title]


@pytest.mark.parametrize(
    ("text", "language"), [("¿por qué los sesgos empiezan en cero?", "es"), ("バイアスはゼロでもいいですか", "ja")]
)
def test_a_refusal_says_in_the_members_language_that_english_is_read(
    curriculum: Curriculum, text: str, language: str
) -> None:
    asking = Inquiry(words.answers.question(typed(text)), Asker("", 1, server=1), text)
    (page,) = answer_pages.decided(curriculum, Decline(), asking)
    assert words.languages.READS_ENGLISH[language] in text_of(page)
    assert words.answers.covers(curriculum) in text_of(page)
    (page,) = answer_pages.decided(curriculum, Decline((Match("selu", 0.3),), named=("selu",)), asking)
    assert words.languages.READS_ENGLISH[language] in text_of(page)
    assert "does not cover" not in text_of(page)  # nobody knows
    assert labels(page)[1:-2] == [words.answers.ASK_THE_GROUP, words.additions.TEACH_THIS]
    assert labels(page)[-2:] == [words.tries.LET_ME_TRY, words.answers.REMOVE]


def test_an_answer_too_long_for_one_message_takes_several() -> None:
    part = Part(id="p", title="P" * 45, passage="word " * 300)
    asks = tuple(Phrasing(ask=f"ask {i}") for i in range(5))
    topic = Topic(id="t", title="T" * 45, question="?", answer="word " * 2000, asks=asks, parts=(part,))
    pages = answer_pages.decided(Curriculum(topics=(topic,)), TopicAnswer((Match("t", 1.0, ("p",)),)), IN_SERVER)
    assert len(pages) == 4
    assert [labels(page) != [] for page in pages] == [False, False, False, True]
    assert sum(text_of(page).count("word") for page in pages) == 2300


def test_many_topics_are_listed_within_the_limits(curriculum: Curriculum) -> None:
    many = [topic.model_copy(update={"id": f"t{i}"}) for i, topic in enumerate(curriculum.topics * 9)]
    for page in answer_pages.topic_list(Curriculum(topics=tuple(many)), Asker("", 1)):
        assert layout.measured(page.to_components()).components <= layout.MOST_COMPONENTS


@given(st.text())
def test_typed_text_is_one_line_of_inline_code(text: str) -> None:
    shown = typed(text)
    assert shown[0] == shown[-1] == "`"
    assert "`" not in shown[1:-1]
    assert "\n" not in shown
    assert 1 <= len(shown[1:-1]) <= LONGEST_TYPED
    if len(visible(text)) <= LONGEST_TYPED and visible(text):
        assert shown[1:-1] == visible(text).replace("`", "ˋ")


def test_an_answer_that_was_taken_for_a_follow_up_says_so_and_how_it_is_asked_alone(curriculum: Curriculum) -> None:
    answer = TopicAnswer((Match("momentum", 0.7),), follow_up=True)
    [page] = answer_pages.decided(curriculum, answer, IN_SERVER)
    assert words.answers.NEW_QUESTION in text_of(page)
    assert words.answers.NOT_WHAT_I_ASKED in labels(page)
    [plain] = answer_pages.decided(curriculum, TopicAnswer((Match("momentum", 0.7),)), IN_SERVER)
    assert words.answers.TAKEN_AS_FOLLOW_UP not in text_of(plain)
    [again] = answer_pages.decided(curriculum, TopicAnswer((Match("momentum", 0.7),), again=True), IN_SERVER)
    assert (words.answers.NOTHING_MORE in text_of(again), words.answers.NOTHING_MORE in text_of(plain)) == (True, False)
