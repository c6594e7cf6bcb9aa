"""How people say what they want of a tutor, besides asking a question: sets of words, and phrases made of them.

A phrase is read word by word. It has to be the whole message, without its wrapping, case and signs:

    show            this word
    show|list       one of these
    SHOW            one of the set of that name in `SETS`
    the?            it may be missing
    VERY*  WANT+    any number of them, or none; at least one
    ...             any words or none;  ..3  at most three
"""

from collections.abc import Mapping

from bot.matching.decision import Intent
from bot.text.normalise import word_set

SETS: Mapping[str, frozenset[str]] = {
    name: word_set(words)
    for name, words in {
        "WHAT": "what whats wat wats wut which",
        "WHO": "who whos",
        "YOU": "you u ya yourself bot tutor this it thing ur",
        "BOT": "bot tutor thing machine ai program assistant app chatbot robot",
        "ME": "me us",
        "I": "i we one you u someone people",
        "THE": "the a an all your ur my our any some of every each these this that one more another other available",
        "KIND": "quick short easy hard easier harder simpler tougher different difficult "
        "good nice random small new little practice exam test mock proper real",
        "IS": "is are was were r s isnt arent",
        "DO": "do does can could will would did may should",
        "SHOW": "show provide list enumerate name give display see tell print view get lemme let",
        "TOPICS": "topics topic lessons subjects subject themes theme areas fields material "
        "materials chapters content contents syllabus curriculum",
        "COMMANDS": "commands command features feature functions functionality options slash",
        "USE": "use work operate ask query start interact talk communicate chat handle control get",
        "QUIZ": "quiz quizzes quizz quizes trivia round rounds practice practise exam test kahoot",
        "QUESTIONS": "question questions q qs quiz exercise exercises task tasks problem problems flashcard flashcards "
        "mcq mcqs something smth sth anything one riddle",
        "PRACTISE": "practice practise practicing practising drill revise review rehearse quizzed tested quiz",
        "ABOUT": "about on over in with for from of regarding concerning around",
        "SIMULATE": "simulate simulation simulations simulating sim sims experiment experiments demo demos demonstrate "
        "demonstration demonstrations "
        "visualize visualise visualization visualisation visualizing animate animation animations plot graph",
        "RUN": "run start show see do launch try open watch want view make play need have get give begin execute",
        "LIVE": "live action happening happen happens running moving numbers practice realtime",
        "CLAIMS": "claims claim verdicts verdict",
        "ANSWERS": "answer answers claim claims statement statements explanation explanations facts reply replies",
        "WRONG": "wrong incorrect false bad useless nonsense rubbish crap trash garbage bullshit bs stupid dumb "
        "misleading outdated mistaken confusing unclear vague boring wack lame dumbass moron idiotic pathetic "
        "clueless ridiculous worthless pointless awful broken terrible unhelpful inaccurate crappy shit",
        "VERY": "so really just totally completely absolutely simply plain plainly very actually quite pretty kinda "
        "still such all a an the probably clearly obviously even fucking damn",
        "TESTED": "checked tested verified proved proven measured confirmed validated check test verify prove",
        "MADE": "made built wrote created coded programmed developed designed trained owns runs hosts maintains make",
        "AI": "bot human ai real chatgpt gpt gpt4 gpt5 llm person robot alive sentient free opensource program machine "
        "claude gemini bard copilot openai man woman girl boy conscious online chatbot",
        "KEEP": "save store log keep record collect remember read share sell track spy learn",
        "EXPERT": "expert experts specialist good knowledgeable specialised specialized strong trained",
        "SET_UP": "set setup configure install add invite enable activate trigger call address summon",
        "GIVE": "give gimme ask throw send show hit pose set make create write prepare generate compose draft build",
        "HELPED": "clears cleared helps helped solves solved answers answered explains explained sorts sorted fixed",
        "FULLY": "me us it up out a lot so much very things everything my question now well perfectly for thanks ty",
        "WANT": "want wanna wish appreciate hope interested keen like need going ready time love "
        "would id im i we to wish gonna ll lets let me us can could "
        "have be get shall please",
        "BOOK": "textbook book notes slides script lecture lectures lecturer prof professor teacher instructor course",
        "SAYS": "say says said tell tells told claim claims claimed state states write writes wrote",
        "OTHERWISE": "opposite otherwise contrary different differently else",
        "PING": "ping pinging message messaging dm dming bother bothering spam spamming remind reminding write writing "
        "text texting tag tagging annoy annoying",
        "PINGS": "reminder reminders message messages ping pings notification notifications dm dms",
        "ANYONE": "anyone anybody someone somebody you u people",
    }.items()
}

# In this order: the first intent of which a phrase is the message counts.
PHRASES: Mapping[Intent, tuple[str, ...]] = {
    Intent.HELP: (
        "help|halp|hlp|commands|command|cmds|manual|usage|instructions|instruction|menu|start|guide|info|tutorial|faq",
        "help me? me? now?",
        "help page|menu|command|text|needed",
        "WANT* need|want|get some? help",
        "WHAT IS? THE* commands|command|slash COMMANDS? ..5",
        "WHAT IS? your|ur|bots COMMANDS",
        "WHAT COMMANDS DO|IS you|u|there|this ..3",
        "SHOW ME? THE* help|COMMANDS COMMANDS?",
        "WHAT all? else? exactly? DO YOU BOT? all? do|offer|support|help exactly? for? me? ..1",
        "WHAT IS? YOU BOT? capable|able ..3",
        "WHAT IS? your features|functions|purpose|job|abilities|capabilities|skills",
        "WHAT DO I do here|next|now|first",
        "WHAT DO I ask|type|say|write here|you|u|next|now|first?",
        "how DO? to|2? I? USE with? to? YOU BOT? ..3",
        "how DO? to? I? begin|start",
        "how to|2 use you|u|this|it|the? BOT? please?",
        "how DO ..3 use|ask|start|operate|control|address this|the|your BOT ..2",
        "how DO you|u|this help ME? ..2",
        "explain|teach|tell|show ME? how to? i? USE with|to? YOU BOT?",
        "DO i ask you|u anything|something|stuff|questions|a ..2",
        "any? commands|features",
        "WHAT DO i do",
        "how DO? to? I? ask|start|use a|my|questions|stuff|something|things|here question? questions? ..2",
        "how IS? DO YOU BOT work|function|operate",
        "how DO you|u work|function|operate",
        "i am|im new here ..6",
        "im new here ..6",
        "im VERY* lost ..4",
        "i am VERY* lost ..4",
        "where DO I start|begin ..2",
        "WHAT IS? YOU BOT? for|about|good for?",
        "help DO? not|doesnt|dont ..12",
        "any? instructions",
        "WHAT IS? THE* purpose|goal|point of this|the|your BOT ..2",
        "how DO? i|we|one|to? VERY* SET_UP you|u|the|this BOT? ..2",
        "WHAT IS? my|the options|choices|possibilities ..2",
        "DO|IS there THE* list? of? COMMANDS|instructions|manual|guide|docs|tutorial|help ..3",
        "list of? THE* COMMANDS ..3",
        "DO i need|have to? use|type|write ..2 slash|prefix|command|commands|mention ..3",
        "VERY* first time here|user|using|with ..5",
        "VERY* new here|user|member ..5",
        "how to? ask|start|begin THE* question|questions|stuff|something|things ..2",
        "need|want|require|looking? for? THE* help|assistance|guidance|support|instructions now?",
        "WHAT exactly? is it that? you|u do|offer ..2",
        "WHAT DO i do with YOU BOT? ..2",
        "i? dont|DO not? know what to do|ask|type|write|say here|now?",
        "i? dont|DO not? know how to USE with|to? you|u|this|the BOT? ..2",
        "WHAT now|next",
        "SHOW ME? help",
        "WHAT THE* COMMANDS DO|IS you|u|this|the BOT? provide|offer|have|support ..2",
        "sir? please? guide|show|help|teach ME how to USE with|to? you|u|this|the? BOT?",
        "WHAT happens if|when i tag|ping|mention|message|dm|text you|u ..2",
        "WHAT DO i write|type|say|send to|for ..6",
        "any tips|hints|advice|instructions on|for|about? using you|u|this|it BOT? ..1",
        "THE? BOT how DO? it? USE|works|function",
        "how it|this|that BOT? works|work|functions ..2",
        "WHAT am|IS i supposed|meant|expected to do|type|write|say ..3",
        "DO|IS you|u|there VERY* have? like? THE* menu|tutorial|manual|guide|help|instructions|documentation ..2",
        "help THE* newbie|noob|beginner|brother|friend|student|stranger out? ..2",
        "how DO someone|people|students|members|everyone use|ask|talk THE* BOT ..3",
        "how DO? to? I? get? started|going here?",
        "idk|know how YOU BOT? works|work|functions",
        "i? dont know how YOU BOT? works|work",
        "WHAT IS THE* ..2 way to ask|pose|put|send THE* question|questions here?",
    ),
    Intent.ABOUT: (
        "WHO|WHAT exactly? IS you|u exactly? bot?",
        "WHO|WHAT IS this|the BOT",
        "WHO|WHAT the ..1 IS you|u",
        "WHO IS? MADE|MADE and? MADE? YOU BOT? ..8",
        "WHO IS? behind YOU BOT?",
        "WHO IS? your|ur|the creator|maker|author|dev|developer|owner|boss|programmer|admin ..3",
        "IS you|u THE* VERY* AI ..4",
        "IS you|u using|based|powered|running|made|trained on? by? with? ..4",
        "IS you|u open source",
        "IS YOU BOT? THE* AI ..3",
        "IS there THE* ..1 AI behind|in|inside|here|reading|answering ..4",
        "WHO|WHAT IS|am I talking|speaking|chatting|writing to|with? ..1",
        "IS YOU BOT? open source ..2",
        "DO you|u VERY* KEEP ..6",
        "DO YOU BOT KEEP ..6",
        "IS my|our messages|questions|data VERY* saved|stored|logged|private|safe|shared|public|kept ..3",
        "WHAT IS? your|ur name|purpose|version|model|license|licence|gender|age|source",
        "your|ur name|version|model|license|licence|source code?",
        "WHAT model|llm|ai|version|language|languages IS|DO you|u ..5",
        "introduce yourself",
        "SHOW ME? about yourself",
        "about you|yourself",
        "privacy|gdpr policy|request?",
        "WHAT data|info|information? DO YOU BOT? KEEP|have|know data|info|information? about|on|of ME|my ..2",
        "delete|erase|wipe|remove|forget|export|download all? everything? of? about? my|me|our data|messages|info|"
        "information|history|questions|account please|pls|now|here|bot?",
        "how old IS you|u",
        "WHAT IS? THE* neural tutor",
        "DO you|u use|run|have|need THE* AI ..2",
        "you|u THE* VERY* AI",
        "your|ur creator|author|maker|developer|owner",
        "where IS? DO you|u come? from? live?",
        "how IS you|u made|built|trained|created|programmed ..2",
        "what IS you|u made|built|written|trained|programmed|coded of? in? on? with?",
        "where IS your|the source|code code?",
        "where DO THE* ANSWERS come from",
        "DO you|u have feelings|emotions|a name|name?",
        "what technology|tech DO you|u use",
        "am i VERY* talking|speaking|chatting|writing with|to ..4",
        "where DO YOU BOT? get|take|find|have|pull THE* ANSWERS|info|information|data|knowledge|this|that|it from? ..1",
        "IS you|u chat|open gpt|ai ..3",
        "IS YOU BOT? affiliated|related|connected|associated|linked|owned|part with|to|by|of ..4",
        "how VERY* smart|clever|intelligent|big|fast|old|advanced IS you|u ..2",
        "where DO i find|see|get|read your|the source? code|repo|source|repository|github ..2",
        "DO you|u see|read|access|hear|watch my|our|all dms|dm|messages|chats|texts|channels ..2",
        "chatgpt|gpt|openai|llm|ai bot?",
        "whom am|IS|did|do i|we speaking|talking|chatting with|to? ..2",
        "WHAT company|person|university|team|guy|people|lab MADE YOU BOT? ..2",
        "IS you|u VERY* run|owned|hosted|operated|maintained|made by ..5",
        "WHAT ..2 IS behind you|u|this|the BOT? ..1",
        "IS this|it|the BOT? run|made|built|powered|created|hosted by ..3",
    ),
    Intent.COMPLAINT: (
        "your|ur|the|that|this|last last? ANSWERS IS? it? VERY* not? VERY* WRONG|right|correct|true|helpful ..4",
        "your|ur|the|that|this|last last? ANSWERS DO|doesnt|didnt|makes|made not? make|help|answer|suck|sucks|no "
        "sense? ..3",
        "that|this|it|thats|its IS? VERY* not? VERY* WRONG answer? ..2",
        "that|this|it|thats|its isnt|wasnt|not VERY* right|correct|true|helpful ..2",
        "that|this|it|thats|its IS? not? even|anywhere|remotely|nowhere close|near|related|right|relevant ..2",
        "not even|anywhere|nowhere|remotely close|near|related|right|relevant ..2",
        "WHAT|wtf IS? the? fuck|hell|heck? IS? this|that kind? of? ANSWERS|BOT|nonsense|shit|garbage",
        "that|this|it|thats|its IS? VERY* not? what|wat i asked|meant|wanted|said ..3",
        "that|this|it|thats|its isnt|wasnt|not what i asked|meant|wanted|said ..3",
        "that|this|it|thats DO? doesnt|didnt|not help|answer ME? my? question? ..2",
        "not? VERY* what i asked|meant|wanted ..3",
        "not my question",
        "your|ur|the|that|this last? ANSWERS VERY* sucks|suck|stinks ..2",
        "not VERY* helpful|useful|right|correct|true",
        "that|this|it makes|make VERY* no sense ..2",
        "i asked something|sth|for|about|smth ..4",
        "you|u|bot misunderstood|misread|confused ..4",
        "you|u got|have it|that|this|everything VERY* wrong",
        "you|u|ya|bot|youre|ur|your BOT? IS? VERY* WRONG|idiot|liar|lying|suck|sucks|idiots|annoying|silly ..3",
        "VERY* WRONG|worst|silly|annoying|idiot BOT|answer|reply BOT? ..2",
        "WRONG|silly|annoying|worst BOT that|you|this|it ..8",
        "this|the BOT IS? VERY* WRONG|sucks|suck|annoying|silly|worst ..3",
        "this|the BOT doesnt|dont|DO not? work|help|understand|know ..3",
        "you|u|this|it sucks|suck ..2",
        "you|u BOT? didnt|dont|doesnt|DO not? VERY* answer|understand|get|read|know|listen ..4",
        "fuck|f|fck|fk|fuk|shut|screw you|off|up|this BOT?",
        "i VERY* disagree ..4",
        "i dont|DO not? agree ..4",
        "WRONG answer? again?",
        "ANSWERS IS? VERY* WRONG ..2",
        "what a WRONG ..3",
        "no|nope thats|that|its IS? VERY* WRONG|not ..3",
        "you|u|youre|ur|bot IS? not VERY* answering|helping|listening|understanding|reading|making|getting|working ..4",
        "i? am|im? not VERY* satisfied|happy|convinced|impressed|pleased|amused ..6",
        "i? am|im VERY* disappointed|unsatisfied|dissatisfied|unhappy|annoyed ..6",
        "WHAT a VERY* load|bunch|pile|piece|waste of ..2",
        "VERY* waste of ..3",
        "i didnt|DO not? ask|mean|say|want ABOUT? that|this|it|for? ..2",
        "doesnt|didnt|dont VERY* help|answer ME? ..4",
        "why IS|DO you|u VERY* WRONG|annoying|slow|silly ..4",
        "why IS|DO this|the BOT VERY* WRONG|annoying|slow|silly ..4",
        "why cant|dont you|u understand|answer|help|listen|read ..5",
        "your|ur|the|that|this last? ANSWERS DO|doesnt|didnt|dont not? address|answer|match|fit|relate|help ..5",
        "i VERY* hate|dislike you|u|this|the|it BOT? ..2",
        "i dont|DO not? like you|u|this|it|that|your ANSWERS|BOT? ..2",
        "you|u always|keep|just VERY* saying|repeating|say|repeat|giving|give|avoiding|dodging ..6",
        "no|nope that|thats|this IS? something|about else|different",
        "this|the BOT doesnt|dont|DO not? get ..3",
        "too long|short|complicated|vague|wordy|technical for? ME?",
        "..7 marked|graded|scored|counted ..4 WRONG ..2",
        "i was|am|had VERY* right|correct",
        "i VERY* answered|had it? VERY* right|correctly|correct ..8",
        "i got it|that|this right but|and|yet ..6",
        "my|mine|that|this ANSWERS? was VERY* right|correct answer? ..2",
        "THE* grading|grader|marking|scoring IS VERY* WRONG|unfair|harsh|strict ..2",
        "..1 stop PING me|us ..3",
        "dont PING me|us ..3",
        "DO not PING me|us ..3",
        "leave me|us alone ..2",
        "..1 stop ..3 PINGS ..2",
        "how DO? i? to? turn|switch|stop|disable|mute|get off? rid? of? THE* PINGS off? ..1",
        "boo|booo|nonsense|rubbish|bullshit",
        "WHAT kind|sort of ANSWERS IS this|that|it",
        "there IS|theres THE* mistake|mistakes|error|errors|typo in your|ur|the|that|this last? ANSWERS ..2",
        "i VERY* believe|think there IS THE* mistake|mistakes|error|errors in your|ur|the|that|this last? ANSWERS ..2",
        "that|this|it wasnt|isnt|not IS? my question ..1",
    ),
    Intent.CLAIMS: (
        "CLAIMS ..4",
        "SHOW ME? THE* CLAIMS ..5",
        "WHAT THE* CLAIMS ..6",
        "what IS THE* CLAIMS ..5",
        "WHAT DO THE* experiments say|show|tell ..4",
        "where|wheres IS? THE* evidence|proof for? THE* ANSWERS? ..2",
        "WHAT evidence|proof IS? DO you? have? there? ABOUT? ..5",
        "has|have|DO|IS ANYONE ever? VERY* TESTED ..2 ANSWERS|this|that|these|it ..5",
        "IS THE* ANSWERS VERY* true|right|correct|reliable|trustworthy|TESTED ..3",
        "DO THE* experiments VERY* support|confirm|back|prove THE* ANSWERS ..2",
        "how DO you|i|u|we know THE* ANSWERS IS VERY* true|right|correct",
        "how DO you|i|u|we know if? that? THE* ANSWERS IS VERY* true|right|correct",
        "can i trust THE* ANSWERS|YOU",
        "how VERY* reliable|accurate|trustworthy|correct|true|sure IS THE* ANSWERS|YOU",
        "IS this|that|it|these VERY* TESTED",
        "WHAT IS? THE* evidence|proof",
        "any evidence|proof|source|sources|citation|citations ABOUT? this|that|it?",
        "any? evidence|proof|proofs|source|sources|citation|citations",
        "SHOW ME? THE* evidence|proof|proofs ABOUT? ..3",
        "IS this|that|it|these VERY* TESTED or ..7",
        "how DO you|i|u|we VERY* know if? that? this|that|it|thats|its IS? VERY* true|right|correct|proven",
        "how sure|certain|confident IS you|u ..4",
        "evidence|proof|verdicts|experiments for|of|behind|about|to THE* ANSWERS ..3",
        "which THE* ANSWERS IS VERY* true|right|wrong|correct|TESTED",
        "IS|has|have THE* ANSWERS VERY* been? VERY* TESTED ..3",
        "IS|has|have THE* ANSWERS|of|this|that|it VERY* been? VERY* TESTED ..3",
        "IS this|that|it peer|scientifically|empirically|experimentally reviewed|TESTED ..3",
        "how DO|IS|have|did THE* ANSWERS been? VERY* TESTED ..2",
        "how IS|did THE* ANSWERS get? VERY* validated|verified|checked|tested|proven|proved|confirmed ..2",
        "prove it|that|this|yourself",
        "got|have|has|need|want THE* evidence|proof|source|sources|citation|reference|references ABOUT? ..3",
        "IS you|u VERY* sure|certain|positive ..4",
        "you|u sure ABOUT? this|that|it?",
        "IS THE* ANSWERS|this|that|it VERY* backed|supported|based by|on|with THE* experiments|evidence|data ..3",
        "how DO i|we VERY* be sure|certain|confident if? that? ABOUT? THE* ANSWERS|this|that|it|its|thats ..3",
        "WHAT IS TESTED and|or|here ..5",
        "on|by WHAT evidence|basis|grounds IS|DO you|u|your|ur|these ..5",
        "..1 that|this|it|you|u contradict|contradicts|contradicted|contradicting ..7",
        "..2 THE ..1 BOOK ANSWERS? SAYS ME? THE* something? OTHERWISE ..2",
        "..1 you|u just|also SAYS ME? THE* something? OTHERWISE ..3",
        "..1 this|that|it|thats IS? not? isnt? what THE ..1 BOOK SAYS ..2",
        "why DO THE ..1 BOOK SAYS THE* something? OTHERWISE ..2",
        "..10 who|whos IS? right|wrong|correct here|now|then?",
        "..1 which|what ..1 IS VERY* right|correct|true here|now|then?",
    ),
    Intent.QUIZ: (
        "quiz|trivia me? us? time|mode|start|now|round|begin|please?",
        "practice|practise|review|exam|test me|us|mode|round|start|please ..2",
        "quiz|practice|practise|review|trivia",
        "QUIZ me? us? about|on|over|with ..7",
        "quiz|examine|interrogate|grill|question|drill|test|challenge ME ABOUT? ..7",
        "test my knowledge|understanding|skills|self|brain ..7",
        "test myself ..5",
        "GIVE ME? with|up|at? THE* KIND? KIND? QUESTIONS",
        "GIVE ME? with|up|at? THE* ..2 "
        "questions|question|quiz|exercise|exercises|flashcards ABOUT ..6",
        "ask ME ABOUT|QUESTIONS|a|an|some ..6",
        "lets? start|begin|run|do|play|make|launch|open|host|take|have|lets|create THE* KIND? ..1 "
        "quiz|quizz|trivia|round|practice ABOUT? ..6",
        "WANT+ PRACTISE THE* ABOUT? ..6",
        "WANT+ a|some|the QUIZ|question|questions|exercise|exercises ABOUT? ..5",
        "THE? practice|practise|quiz questions|question|problems ABOUT? ..5",
        "how DO i start|take|play|do|get THE* QUIZ ..2",
        "DO|IS|got you|u|there have? any|some|a? quiz|quizzes|trivia|practice|exercises|mcqs QUESTIONS? ABOUT? ..4",
        "mcq|mcqs|flashcards|quizzes ABOUT? ..4",
        "KIND question|questions",
        "quizz|quizzes|train|coach me ABOUT? ..5",
        "next|another|more KIND? question|questions|quiz",
        "flashcards ABOUT? ..5",
        "..2 quiz",
        "quizz|quizes time|mode|me|now|start|please? ..1",
        "lets play THE* game? ..2",
        "one|another more|one question? ..2",
        "KIND|next|another question|questions|one|quiz ..1",
        "GIVE ME? THE* KIND one",
        "GIVE ME? THE* ..2 test|mcq|mcqs|exam|tasks|worksheet|drill ABOUT ..6",
        "question|questions please|pls|plz",
        "WANT* do|start|have? THE* few? KIND* training|practice|exam|quiz|test questions|problems|tasks ABOUT? ..6",
        "another",
        "prepare|train|prep|coach ME for THE* exam|test|quiz|midterm|final|finals|oral|interview ..4",
        "WANT* see|check|test how|what much|well|good? i|we know|remember|learned|am|understand ..4",
        "check|assess|evaluate|probe my|our knowledge|understanding|skills|level ..5",
        "GIVE ME? something|smth|sth to solve|answer|do|practice|practise ..4",
        "WANT* be examined|tested|quizzed|questioned|interrogated ABOUT ..5",
        "test my ..4 skills|knowledge|understanding|memory",
    ),
    Intent.SIMULATE: (
        "SIMULATE ...",
        "RUN ME? THE* ..4 SIMULATE ...",
        "show|demonstrate|see ME? to? me? ..8 in? LIVE",
        "show|demonstrate|see|watch ME? ..6",
        "show|demonstrate|see|watch ME? what happens|happen if|when|with ..10",
        "DO|IS there? you|u? have? an|any|a experiment|simulation|demo ABOUT this|that|it ..2",
        "run|try|launch|execute ME? ..15",
        "WHAT SIMULATE IS|DO there|you|i ..4",
        "..8 let me see|run|watch THE* SIMULATE",
        "..4 SIMULATE",
        "do|start|begin|open THE* ..3 SIMULATE ..4",
        "demonstrate|try THE* ..5",
        "let ME try|run THE* ..6",
    ),
    Intent.THANKS: (
        "you|u|ur|youre IS? THE* VERY* "
        "best|awesome|great|legend|amazing|lifesaver|hero|star|goat|cool|nice|brilliant ..2",
        "good|great|nice|best|lovely|love|cute|clever|smart BOT ever?",
        "i love|like you|u|this|it BOT? ..2",
        "i VERY* understand|understood|get|got it|that|this now ..2",
        "now i VERY* understand|get|see it|that? now?",
        "i|we VERY* appreciate ..5",
        "that|this|it VERY* HELPED FULLY*",
        "i am|im VERY* grateful|thankful ..6",
        "VERY* much obliged",
        "ah|aha|ok|okay|oh? now its|it|thats IS? VERY* clear|clearer|obvious ..2",
        "w|goat|goated BOT|answer",
    ),
    Intent.TOPICS: (
        "all? topics|topic|subjects|syllabus|curriculum",
        "SHOW ME? THE* TOPICS list? ..4",
        "SHOW ME? THE* everything|answers|list you|u|that|there|available|of|it ..5",
        "list everything|all ..6",
        "WHAT IS? IS? THE* kind|kinds|sort|type? of? TOPICS|areas|subjects ..6",
        "WHAT THE* kind|kinds|sort|sorts|type|types of questions|stuff|things|topics ..6",
        "WHAT THE* questions|stuff|things DO|IS you|u|i|there ..6",
        "WHAT all? DO you|u know ABOUT? ..2",
        "WHAT all? DO you|u answer|teach|explain|cover ..3",
        "WHAT all? DO you|u talk|help|tell ME? with|about ..2",
        "WHAT DO i ask|learn ABOUT? here ..2",
        "WHAT DO i learn ..2",
        "WHAT DO i ask you|u about|on? ..2",
        "WHAT IS? covered ..3",
        "DO|IS|got you|u|there? have|know|cover|got|answer? anything|something|topics|questions ABOUT ..6",
        "WHAT TOPICS|kind|kinds|sort|type ..4 DO you|u|this|the BOT? cover|know|teach|answer|explain|handle|do ..5",
        "topic|topics list",
        "SHOW ME? WHAT you|u know|have|cover|teach ..3",
        "menu|list|overview|index|table of? THE* TOPICS",
        "WHAT ..1 IS you|u THE* VERY* EXPERT in|on|at|about ..2",
        "WHAT THE* stuff|things|knowledge IS in|inside|on you|your|ur|this|the BOT? ..2",
        "WHAT IS? on|in the syllabus|curriculum|agenda|menu|list|program|programme ..2",
        "your|ur expertise|knowledge|subjects|topics|specialty|speciality",
        "WHAT else? you|u know|teach|cover|explain|offer ..2",
        "WHAT else|more DO you|u know|teach|cover|answer|explain|have ..2",
        "RUN|SHOW ME? THE* table|list|overview|index of? THE* contents|TOPICS",
        "DO you|u only|just|also know|cover|teach|answer|do ..4",
        "WHAT IS? in THE* knowledge|database|base base?",
        "DO|IS there THE* list|overview of? TOPICS|what ..6",
        "WHAT IS? THE* scope|range of this|the|your BOT ..2",
        "any? other|more|further TOPICS",
        "summarise|summarize|summary|tldr|recap|sum up? of? THE* seven|7|whole? TOPICS|course|everything|questions ..3",
        "WHAT IS THE* seven|7 TOPICS|questions|things ..2",
        "WHAT TOPICS|one? should i|we revise|study|learn|review|read first|next|now ..2",
    ),
}  # fmt: skip

# How some words are typed on telephones.
TEXTED: Mapping[str, str] = {
    short: word
    for word, shorts in {
        "how": "hw",
        "this": "dis",
        "that": "dat tht",
        "the": "da",
        "what": "wht wt wat",
        "about": "abt",
        "can": "cn",
        "should": "shud",
        "could": "cud",
        "would": "wud",
        "please": "plss",
        "question": "ques",
        "through": "thru",
        "give": "gve",
        "help": "hlp",
        "dont": "dnt dunno",
        "doesnt": "dosent",
        "yours": "urs",
        "didnt": "didint",
        "really": "realy rly rlly",
        "seriously": "srsly",
        "so": "sooo",
    }.items()
    for short in shorts.split()
}

# The first word of a command that was typed as text, with another bot's sign in front: "!help", "$topics".
TYPED_COMMANDS: Mapping[str, Intent] = {
    command: intent
    for intent, commands in {
        Intent.HELP: "help h commands command cmds cmd usage start manual menu guide tutorial faq info setup options",
        Intent.ABOUT: "about version who whoami botinfo invite source privacy uptime status credits",
        Intent.TOPICS: "topics topic subjects list index contents syllabus",
        Intent.QUIZ: "quiz quizme practice practise review test exam trivia question play exercise drill flashcards",
        Intent.SIMULATE: "simulate sim simulation run demo experiment experiments plot show lab",
        Intent.CLAIMS: "claims claim evidence proof verdicts verify",
        Intent.GREETING: "hello hi hey",
        Intent.CHATTER: "ping echo roll",
    }.items()
    for command in commands.split()
}

# Of the dozen commonest languages besides English, what a short message holds that wants one of these.
FOREIGN: Mapping[Intent, tuple[str, ...]] = {
    Intent.COMPLAINT: (
        *("falsch", "das stimmt nicht", "incorrecto", "esta mal", "c'est faux", "faux", "errado", "sbagliato"),
        *("неправильно", "неверно", "错了", "不对", "違います", "틀렸", "خطأ", "गलत", "yanlis", "salah"),
    ),
    Intent.ABOUT: (
        *("quien eres", "que eres", "wer bist du", "wer hat dich gemacht", "quien te creo", "qui t a cree"),
        *("was bist du", "qui es tu", "qui etes vous", "tu es qui"),
        *("quem e voce", "quem es", "chi sei", "кто ты", "кто вы", "siapa kamu", "kimsin", "aap kaun"),
        *("तुम कौन", "आप कौन"),
        *("你是谁", "あなたは誰", "誰ですか", "누구세요", "너 누구", "من انت"),
    ),
    Intent.TOPICS: (
        *("temas", "themen", "sujets", "themes", "topicos", "assuntos", "argomenti", "темы", "тем", "topik"),
        *("konular",),
        *("主题", "话题", "題目", "トピック", "テーマ", "주제", "مواضيع", "المواضيع", "विषय"),
    ),
    Intent.QUIZ: (
        *("preguntame", "hazme una pregunta", "ponme a prueba", "frag mich", "quiz mich"),
        *("stell mir eine frage", "abfragen"),
        *("interroge moi", "fais moi un quiz", "pose moi une question", "teste moi", "me faca uma pergunta"),
        *("me teste", "fammi una domanda"),
        *("interrogami", "задай вопрос", "задай мне вопрос", "викторина", "тест", "soru sor", "kuis"),
        *("beri aku soal",),
        *("考考我", "出题", "测验", "クイズ", "問題を出して", "퀴즈", "문제 내", "اختبرني", "प्रश्न पूछो", "क्विज"),
    ),
    Intent.SIMULATE: (
        *("simula", "simular", "simulacion", "simuliere", "simulieren", "simuler", "simulacao", "simulazione"),
        *("симуляция", "симулируй", "simulasi", "simulasikan", "simulasyon", "模拟", "シミュレーション", "시뮬레이션"),
        *("محاكاة",),
    ),
    Intent.HELP: (
        *("ayuda", "ayudame", "mode d'emploi", "que puedes hacer", "como funciona", "hilfe", "hilf mir"),
        *("was kannst du",),
        *("wie benutze ich", "comment utiliser", "como te uso", "como se usa", "как пользоваться"),
        *("wie funktioniert das", "wie geht das", "comment ca marche", "come funziona", "aide", "aidez moi"),
        *("aide moi", "que peux tu faire", "que sais tu faire", "ajuda"),
        *("me ajuda", "o que voce faz", "o que voce pode fazer", "aiuto", "aiutami", "cosa sai fare"),
        *("cosa puoi fare",),
        *("помощь", "помоги", "помогите", "что ты умеешь", "что ты можешь", "bantuan", "tolong"),
        *("apa yang bisa kamu",),
        *(
            "yardim",
            "yardım",
            "ne yapabilirsin",
            "帮助",
            "帮帮我",
            "怎么用",
            "你能做什么",
            "你会什么",
            "ヘルプ",
            "使い方",
            "何ができ",
        ),
        *("도움말", "도와줘", "사용법", "뭐 할 수 있", "مساعدة", "ماذا يمكنك", "मदद", "क्या कर सकते"),
    ),
}

# Words of an acknowledgement, of which a message may consist: "ok got it", "that makes sense now".
ACKNOWLEDGING = word_set(
    "ok okay okey k kk oh ah ahh aha ahaa ohh wow yes yep yeah yup right most great cool nice perfect awesome amazing "
    "sweet alright sure good fine super brilliant lovely fantastic excellent got gotcha it i now get see understand "
    "understood makes make made perfect sense that thats this was is very really so totally helpful helped helps "
    "clear clearer lot more much better thanks appreciated noted and a the all one to know answer explanation too"
)
ACKNOWLEDGED = word_set(
    "got gotcha great cool nice perfect awesome amazing sweet understood understand helpful helped helps noted clear "
    "brilliant lovely fantastic excellent sense see good appreciated get wow"
)
# Words of small talk that asks nothing, of which a message may consist.
CHATTING = word_set(
    "lol lmao rofl haha hahaha hehe ok okay k kk yes yep yeah no nope nah test testing ping pong "
    "gtg ttyl lmfao rip jk ikr meh yikes xd going to sleep bed "
    "bored tired sleepy hungry im feeling wow same brb gg "
    "bye goodbye cya see you ya u later good night gn bruh omg wtf sure hm hmm hmmm idk huh yay love it the bot i "
    "this up bump welcome np nvm afk sorry oops yup well exactly indeed true dunno maybe damn sheesh fr based and "
    "so me too much very congrats tomorrow soon everyone all guys"
)
HOW_ARE_YOU = (
    *("how are|r you|u ..3", "hows it going ..2", "whats good ..1", "whats up ..2", "wassup ..2", "nice to meet you"),
    *("are you there|here|online|awake|up ..1", "you there|here|up|online"),
    *("anyone|anybody here|there|online|around",),
    *("is anyone|anybody here|there|around", "como estas", "ca va", "wie gehts", "come stai", "tudo bem"),
    *("как дела",),
    *("apa kabar", "nasilsin"),
)

# What a message is about that no topic answers and that says nothing besides `GENERIC` words; the first one counts.
KEYWORDS: Mapping[Intent, frozenset[str]] = {
    Intent.QUIZ: word_set(
        "quiz quizzes quizz trivia kahoot flashcards flashcard mcq mcqs practice practise practicing exam exams "
        "test tests interview exercise exercises revision drill drills"
    ),
    Intent.CLAIMS: word_set(
        "claims claim verdict verdicts proof proofs evidence verified proven tested verify experiments"
    ),
    Intent.COMPLAINT: SETS["WRONG"]
    | word_set("worst helping unhelpful annoying sucks misunderstood complaint nothing"),
    Intent.ABOUT: word_set(
        "who whos human humans person ai llm gpt chatgpt github creator author owner owns contact version name source "
        "spy github repo repository log logs store stores privacy data written write wrote made built trained alive "
        "real born age old"
    ),
    Intent.TOPICS: word_set(
        "topics topic subjects subject areas chapters knowledge cover covers covered material syllabus"
    ),
    Intent.HELP: word_set(
        "help assistance assist commands command instructions instruction use using usage used features functions "
        "purpose capabilities abilities skills possible started manual guide options work works"
    ),
}
GENERIC = word_set(
    "a an the all any some of in on at to for from with by about into as and or but so if then than also too just "
    "only even still again ever now here there today really actually exactly anyway maybe please i me my mine we us "
    "our you u your ur yours yourself he she it its this that these those they them their one ones is am are was "
    "were be been being im ive id ill youre its whats hows wheres theres do does did doing done dont doesnt didnt "
    "can could cant will would wont should may might must have has had having get gets got getting give gives "
    "giving gimme take make makes making let lets go going gonna come comes coming want wants wanna wish like love "
    "need needs know knows think say says said tell tells ask asks asking asked answer answers answered answering "
    "reply replies response responses show shows see look find try start stop begin play read speak talk talking "
    "support supported supposed able understand mean means what which when where why how not no yes else besides "
    "other another more most much many lot kind sort type new next first last good time way thing things stuff "
    "something anything everything someone somebody anyone people everyone question questions statement statements "
    "bot tutor machine program app assistant server discord base behind prepare set up out hey hi hello bro man "
    "dude pls plz ok okay random quick list full whole available link"
)
