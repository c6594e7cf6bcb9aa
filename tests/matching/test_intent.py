"""What people want of a tutor besides an answer, in many words; and that a question is taken for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.matching.decision import Context, Decline, Intent
from bot.matching.intent import fits, parse_phrase
from bot.matching.matcher import Matcher

WANTED = {
    Intent.HELP: """help | Help! | HELP ME PLS | i need some help | how do I use you? | how does this bot work? |
        what can you do for me | wat else can u do | what commands are there | which commands do you have? |
        manual | im new here, how does it work | what should i type | show me the commands |
        what is this thing for |
        halp | tell me what you are able to do | !commands | how do i set you up |
        is there a list of commands | first time user here |
        how it works | hw do i use dis bot |
        what am i supposed to type | do you have a manual |
        ayuda por favor | was kannst du? | aide moi | помощь | 你能做什么？ | 使い方 |
        yardım | bantuan | o que você faz?""",
    Intent.ABOUT: """who are you? | who r u | what are you | who built this bot? | are you an AI? |
        is this chatgpt | do you remember what i ask | what's your name | which model are you |
        are u a real person | introduce yourself | where is your source code | quién eres | wer bist du |
        delete all my data please | what information do you keep about me |
        which data do u have on me? | privacy | tu es qui ? | кто ты? | 你是谁 | siapa kamu""",
    Intent.TOPICS: """topics | show me the topics | which topics do you cover? | what do you know? |
        list of topics | what subjects are there | what can I ask you about |
        what kind of questions can you answer | temas? | Welche Themen gibt es? | какие темы есть | トピック |
        can you summarise the seven topics for me | tldr of all topics | which one should i revise first? |
        what do you know about | $subjects | what are you an expert in | what fields does this bot cover""",
    Intent.QUIZ: """quiz | quiz me! | quiz me on dropout | give me a question |
        give me a hard question about momentum | test me | test my knowledge of activation functions |
        ask me something about selu | let's do a quick quiz | i want to practice | i'd like to practise pruning |
        can you ask me a question? | start a quiz please | another question | flashcards | hazme una pregunta |
        /quiz momentum | midterm on monday, quiz me | let's play | prepare some questions for us |
        can you give me an easier one |
        check my understanding of biases | prepare me for the final exam | test meee | is it possible to have a quiz |
        考考我 | frag mich etwas""",
    Intent.SIMULATE: """simulate | show me an experiment | simulate dying relu | run the momentum simulation |
        show me dying relu | can you simulate momentum 0.99 | show me what happens when momentum is 0.99999 |
        can you run the momentum thing with 0.9 against 0.99999 so i can see it | simulate dropout | run mc dropout |
        i want to see an experiment about dropout | show me what happens with momentum live |
        demo of pruning please | plot tanh | what experiments do you have |
        /simulate pruning | try momentum at 0.5 | run the dropout thing with 20 units | plot what relu does""",
    Intent.CLAIMS: """claims | show me the claims | what claims are there |
        which of your answers are really true? | did anyone verify these claims |
        how do i know your answers are correct | evidence for your answers |
        proof? | did you test that yourself | prove it |
        that contradicts what my textbook says | but my notes say the opposite | who is right |
        wait, the course answer says it does. who is right | but you just said the opposite |
        are you sure about that | is this backed by evidence | show me the evidence for pruning""",
    Intent.COMPLAINT: """your answer is wrong | ur answer makes no sense | that's not what i asked |
        this bot is useless | you didn't answer my question | stupid bot | wrong answer! | that is incorrect |
        the explanation was really bad | you suck | that didn't help | not my question |
        your bot is dumb | ur tutor sucks | f you |
        nah this is wrong | im afraid your answer is not correct | not even close | what a waste of time |
        this bot is useless, it marked my right answer wrong | i got it right and it gave me 0 |
        the grading is unfair | whatever. stop pinging me | how do i turn off the reminders |
        i am not happy with this reply | i didnt ask for that |
        why are you so dumb | you keep repeating yourself | I think there is an error in your answer""",
    Intent.GREETING: """hi | Hello there! | hey bot 👋 | good morning everyone | yo | sup | hola | guten Tag |
        привет | 你好 | مرحبا | how are you? | hi, anyone here? | hello hello""",
    Intent.THANKS: """thanks! | thx a lot | ok got it, thank you | that makes sense now | perfect |
        ahh now i see, ty | merci | vielen Dank | спасибо | 谢谢 | great answer, thanks |
        thank you so much for the explanation! 🙏 | 👍 | gracias |
        that clears it up | I appreciate the help. | thank you, that was most helpful""",
    Intent.CHATTER: """lol | brb | haha yes | test | ... | +1 | omg | see you tomorrow | 😂""",
}  # fmt: skip
QUESTIONS = """is this going to be on the exam? | will this be on the test? | does this come up in the exam |
    my professor says selu is sparse, is that right? | my textbook says dropout slows training |
    what about adam? | do remind me what momentum is | ??? | ok? | that makes no sense to me, why would it be slow |
    thanks but why is it so | why | and tanh? | rye bread | 1 | how does dropout work | how does it work |
    is it used in practice | show me code for dropout | plot my loss curve in matplotlib |
    how do i use dropout in keras | which question should i ask my professor about selu | what are feature maps |
    give me three reasons for selu | tell me about momentum | can you explain relu | test error goes up, why |
    help with momentum | is bias always wrong | what happens if i run the experiment twice | who invented dropout |
    what is the difference between relu and selu | my answer is wrong and i do not see why |
    quiz tomorrow covers pruning, what do i need to know | are you supposed to keep dropout on |
    list three ways to prune | should i remove all my data that is noisy | what data do you normalize first |
    show me why zero weights fail | what is the claim of this paper |
    why is it bad | why doesnt it help | i dont know how to use dropout | show me how to use selu | test time dropout? |
    how can i be sure my relu is not dead | what should i do for dead neurons | on what basis does momentum speed up |
    help me get rid of dead neurons | more | is there a test for saturation | what is behind momentum |
    that works with convolutions? | try adam before momentum or after"""


def _messages(table: str) -> list[str]:
    return [message.strip() for message in table.split("|")]


@pytest.mark.parametrize(("intent", "message"), [(i, m) for i, table in WANTED.items() for m in _messages(table)])
def test_what_is_wanted(matcher: Matcher, intent: Intent, message: str) -> None:
    decision = matcher.decide(message)
    assert isinstance(decision, Decline)
    assert decision.intent is intent


@pytest.mark.parametrize("message", _messages(QUESTIONS))
def test_a_question_is_a_question(matcher: Matcher, message: str) -> None:
    decision = matcher.decide(message)
    assert not isinstance(decision, Decline) or decision.intent is Intent.QUESTION


@pytest.mark.slow
def test_no_phrasing_of_the_knowledge_is_taken_for_an_intent(matcher: Matcher, curriculum: Curriculum) -> None:
    asked = [(ask.text, None) for topic in curriculum.topics for ask in topic.asks]
    asked += [(ask.text, Context(topic.id)) for topic in curriculum.topics for ask in topic.follow_ups]
    decided = [(text, matcher.decide(text, context)) for text, context in asked]
    taken = [text for text, one in decided if isinstance(one, Decline) and one.intent is not Intent.QUESTION]
    assert len(taken) <= 0.001 * len(asked), taken


@pytest.mark.parametrize(
    ("message", "topics"),
    [
        ("give me a question about dropout", ("dropout",)),
        ("test me on activation functions and selu", ("activation-functions", "selu")),
        ("simulate dying relu", ("activation-functions",)),
        ("quiz me", ()),
    ],
)
def test_topics_that_are_named_come_along(matcher: Matcher, message: str, topics: tuple[str, ...]) -> None:
    decision = matcher.decide(message)
    assert isinstance(decision, Decline)
    assert set(decision.named) == set(topics) == {match.topic for match in decision.suggestions}


@pytest.mark.parametrize(
    ("message", "experiments"),
    [
        ("show me dying relu", ("dying-relu",)),
        ("simulate momentum 0.99", ("momentum",)),
        ("run the momentum valley demo", ("momentum-valley",)),
        ("simulate dropout", ("dropout-cost", "dropout-overfit", "dropout-capacity")),
        ("simulate something", ()),
    ],
)
def test_experiments_are_found_by_loose_name(matcher: Matcher, message: str, experiments: tuple[str, ...]) -> None:
    decision = matcher.decide(message)
    assert isinstance(decision, Decline)
    assert decision.experiments == experiments


def test_after_an_answer_it_and_that_are_of_the_answer(matcher: Matcher) -> None:
    assert matcher._intents.of("how does it work", "how does it work", answered=True) is Intent.QUESTION


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("how sure are you about that?", True),
        ("that contradicts what my textbook says", True),
        ("show me an experiment about that", True),
        ("quiz me on this", True),
        ("quiz me", False),
        ("show me the claims", False),
        ("what experiments do you have", False),
        ("quiz me on dropout", False),
    ],
)
def test_what_points_at_the_last_answer_is_about_its_topic(matcher: Matcher, message: str, about: bool) -> None:
    def named(context: Context | None) -> tuple[str, ...]:
        decision = matcher.decide(message, context)
        assert isinstance(decision, Decline)
        return decision.named

    assert (named(Context("momentum")) == ("momentum",)) is about
    assert "momentum" not in named(None)
    assert "momentum" not in named(Context("momentum", faded=True))


@given(st.lists(st.sampled_from(["show", "me", "the", "topics", "please", "now"]), max_size=6))
def test_a_phrase_fits_what_it_spells_out(words: list[str]) -> None:
    phrase = parse_phrase("show me? the* topics ..1")
    rest = words[1:] if words[:1] == ["show"] else ["not so"]
    rest = rest[1:] if rest[:1] == ["me"] else rest
    while rest[:1] == ["the"]:
        rest = rest[1:]
    assert fits(phrase, words) == (rest[:1] == ["topics"] and len(rest) <= 2)
