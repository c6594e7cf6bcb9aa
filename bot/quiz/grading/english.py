"""Words of the English language that carry no point but say how a point is meant, and everyday words."""

from bot.text.normalise import word_set

_NEGATED_VERBS = word_set(
    "aint isnt arent dont doesnt didnt cant wont wouldnt shouldnt hasnt havent hadnt wasnt werent couldnt neednt mustnt"
)
VERB_NEGATORS = frozenset(["not", "never", "cannot", "hardly", "barely", "unable", *_NEGATED_VERBS])
"""Deny all that follows in their clause."""
NOUN_NEGATORS = word_set("no without nor neither none nothing nobody nowhere")
"""Deny the few words that follow."""
NOUN_REACH = 5
NEGATOR_PAIRS = frozenset({("rather", "than"), ("fail", "to"), ("fails", "to"), ("failed", "to"), ("instead", "of")})
NO_DENIAL = frozenset({
    ("not", "only"), ("not", "just"), ("not", "merely"), ("no", "matter"), ("no", "doubt"), ("no", "wonder"),
    ("no", "idea"), ("not", "sure"), ("whether", "not"), ("yes", "no"), ("why", "not"),
})  # fmt: skip
"""Where a word that looks like a denial is none."""
SHORT = word_set("problem problems issue issues trouble harm need worry worries difference")
"""After "no" these alone are denied, and nothing that follows."""
END_OF_NOUN = word_set("with if when that in because for at since as while until is are was by so but than")
"""What a denial of a noun does not reach beyond."""
STATING = VERB_NEGATORS | NOUN_NEGATORS | word_set("yes is are does do will")
"""Whatever holds one of these is a statement, not a name."""
YES = word_set("yes yep yeah yup yea ya sure absolutely certainly definitely indeed")
PLAIN_YES = YES - word_set("sure absolutely certainly definitely indeed")
"""Those that no "not" can follow."""
NO = word_set("no nope nah non")
LIGHT = word_set(
    "the a an its their very really quite basically actually simply rather pretty this these those "
    "etc please um uh hmm sir mam"
)
"""Words that may stand between the words of a phrase."""
BREAKS = word_set(
    "because since so but while whereas which although though however therefore hence thus then if when where unless "
    "until after before otherwise except meaning causing making making who besides moreover furthermore plus"
)
"""Words that begin a new clause."""
SCOPES = word_set("for to in at on during while when if or no not yes and with you we they it one")
"""After a "yes" these say what it is a yes to."""
SUBJECTS = word_set("it they you we he she")
AUXILIARIES = word_set("ll will would is are was were can could may might do does did has have cannot cant wont dont")
"""A subject before one of these begins a clause."""
SO_SAID = frozenset(
    {("think", "so"), ("believe", "so"), ("guess", "so"), ("suppose", "so"), ("say", "so"), ("or", "so")}
)
"""Where a word that begins clauses begins none."""
CLAUSE_OPENERS = word_set(
    "it they he she we you i there that all every each no none nothing any both so then therefore thus hence not "
    "cant the this these those is are does do will can"
)
"""After "and" these begin a new clause."""
PRONOUNS = word_set("it its they them their this that these those he she which there thats")
ASKING = word_set(
    "is are was does do did can could would will should may might what why when where who which how in name"
)
COMPARING = word_set(
    "than unlike vs versus against like replace replacing replaces over outperforms outperform beats beat"
)
COMPARING_PAIRS = frozenset({
    ("instead", "of"), ("place", "of"), ("alternative", "to"), ("alternatives", "to"), ("contrast", "to"),
    ("compared", "to"), ("compared", "with"), ("comparison", "to"), ("comparison", "with"), ("opposed", "to"),
    ("problem", "of"), ("variant", "of"), ("variants", "of"), ("version", "of"), ("problem", "with"), ("of", "plain"),
    ("than", "plain"), ("than", "with"), ("than", "for"), ("than", "in"), ("issue", "of"), ("replacement", "for"),
    ("substitute", "for"), ("improvement", "over"), ("similar", "to"), ("relative", "to"), ("improves", "on"),
})  # fmt: skip
"""A subject named after these is only compared with."""
CONTRASTS = word_set("but while whereas and or plain normal regular standard usual ordinary without simple only")
"""Bring a sentence back to the subject that is meant anyway."""
REASONS = word_set("because since")
"""What follows is still about the same."""
CONDITIONS = word_set("when if where whenever once because as since")
GLUE = word_set(
    "is are was be been being am do does did done have has had will would can could should may might must to of in on "
    "at by for from with without as if when because since so but and or not no than that this these those the a an it "
    "its they them their there we you i me my your our one all every each any some more less most least many "
    "few other which who what how why where while until after before during then also only even still too very "
    "get gets got getting make makes made use used uses using stay stays become becomes keep keeps need needs go goes "
    "yes nope yep dont cant wont isnt arent up down out off into over between about around both either neither nor "
    "leads lead causes cause helps help prevents prevent gives give learns learn learned works work towards"
)
"""Words that hold a sentence together; text without any is a heap of terms."""
LEAVING_OPEN = word_set("either maybe perhaps say is both could be can may might")
SHRUGS = (
    ("no", "idea"), ("no", "clue"), ("not", "sure"), ("dont", "know"), ("not", "know"), ("dont", "remember"), ("idk",),
    ("dunno",), ("good", "question"), ("good", "luck"), ("maybe", "yes"), ("maybe", "no"), ("perhaps", "yes"),
    ("perhaps", "no"), ("who", "knows"), ("never", "heard"), ("not", "remember"), ("no", "opinion"), ("no", "answer"),
    ("maybe", "not"), ("perhaps", "not"), ("not", "certain"),
)  # fmt: skip
"""Said in place of an answer."""
DISMISSALS = (
    ("next", "question"),
    ("next", "one"),
    ("next", "please"),
    ("move", "on"),
    ("skip", "this"),
    ("skip", "it"),
)
"""Make a short sentence one that answers nothing."""
EVALUATIVE = word_set("bad good fine ok okay nice great terrible awful wrong right cool super poor perfect interesting")
"""Say how something is found, and nothing of it."""
MYTHS = word_set("myth misconception fallacy nonsense")
"""What one of these says, "a myth that ...", is denied."""
OPPOSITES = frozenset({
    ("faster", "slower"), ("slower", "faster"), ("same", "different"), ("stable", "unstable"), ("fine", "bad"),
    ("more", "less"), ("right", "wrong"), ("good", "bad"), ("yes", "no"), ("zero", "nonzero"), ("better", "worse"),
    ("on", "off"), ("high", "low"), ("may", "may"), ("might", "might"), ("or", "not"), ("doesnt", "does"),
})  # fmt: skip
"""Joined by "or", these leave everything open."""

_EVERYDAY = """
ablation able about above accept according account across act action active actual actually add after again against
age ago agree agreed agrees aids air algorithm algorithms all allow almost alone along already also although always
am among amount an and animal another answer answered answers any anyone anything appear apple approximator
approximators are area argue arm around arrive art as ask asked asking asks assignment at attack attempt average
avoid away baby back bad bag ball bank bar base basic basically basics basin basins basis batter bead bean bear beat
beautiful because become bed been beer before begin behave behind being believe believing bell belong below best bet
better between beyond bias big bill bird bit bits bitter black blind block blood blow blue board boat body bone book
boost bored boring born borrow both bottle bottom bought bound box boy brain brains branch brawn bread break breath
brief bright bring broad broken brother brought brown brush build building bunch burn bus business busy but butter
buy buying by bye cake call calm calmer came camera camp can cancel car card care careful carry case cash cast cat
catch cause cell cells center central certain chain chair chance chances change changed channel chapter character
charge chart chat chatter cheap cheating check choice choose church circle city claim class clean clear clever click
climb climbing climbs cling clock close closed closer closes cloth cloud club coach coal coast coat code coffee cold
colder collect college color column combine come comfort comments common company compare complete complex concern
condition confirm confuse congrats connect conserved conserves consider consist constant contain content continue
contrast control convention conventions convert cook cool cooler copied copy copying core corner correct cost could
count country couple courage course court cover cpu crack crash crawl crawling crawls crazy create credit crime crop
crops cross crowd crown cry cuda cup current curve custom cut cycle daily damage dance danger dark data date
daughter day dead deaf deal deals dear death debate debt decide decoding deed deep deeper deepest deeps defeat
defend define degree delay deliver demand deny depend dependent dependents describe desert design designed desire
desk detail detect deterministic develop device did die differ difference differentiable difficult dig dinner direct
direction dirty disagree disagrees discover discuss dish disk display distance divide do doctor does dog dollar done
door dot double doubt down dozen draft drain draw drawl drawn dread dream dress dries drink drive drives droop drop
drops drown drug dry drying duck due during dust duty dyeing dying each ear early earn earth ease east easy eat edge
edit effect effort egg eight eights either eleven else email empty encoding end enemy energy engine enjoy enough
enter entire equal equation error escape especially even evening event events ever every evidence exact exam example
examples exams excellent except exchange excite excuse exercise exist exit exits expand expect expensive expert
explain explained explaining explains explore express extend extra extreme eye face fact factor facts fail failed
fails fair fairer fairly fairness faith fake fall falling falls false falsely fame family famous fan far farm fast
fat fate father fault favor fear feast feature feed feel feelings feels feet fell felt female fence few field fifth
fight figure file fill film filter final find fine finger finish firm first firstly fish fist fit five fix flag
flame flat flaw flight fling float floor flow flower fly focus fold follow food foot for force forest forget forgets
forgot fork form formal former forward found four frame free freedom freeze freight frequent fresh friday friend
fright from front frown fruit fuel full fun function fund funny further future gain game gap garden gas gate gather
gave gender general generator generators gentle get giant gift girl give glad glance glass global glow go goal god
gold gone good got gpu grab grade grain grand grant graph grass great green grey ground group grow growing grows
growth guard guess guessed guessing guest guide guilty gun guy habit had haha hahaha hair half hall hand handle hang
hanging hangs happen happy hard harder hardest hate hates have head heal health hear heart heat heavy height heights
hell hello help hence here hero heroes hide high hill hint hire history hit hold hole holiday home homework honest
honor hope horse hospital host hot hotel hotter hour house hover how however huge human humor hundred hungry hurry
hurt husband ice idea ideal ideally if ignore ill image imagine impact important impossible improve in inch include
incoming increase indeed index individual induces inducing inform initial inner input inside insist instead intend
interest interested interesting internal into introduce invertible invest invite involve iron is island issue it
item its itself job join joke journey judge juice jump jumping jury just justice keep key kick kid kill kind king
kiss kitchen knee knife knock know label lack lady lake lame lamp land language laptop large last lastly late later
latter laugh launch law lawyer lay layer lead leaf learn least leather leave lecture lecturer left leg legal lend
lends length less lesson let letter level lie life lift light like likely limit line lines link lion lip list listen
little live load loan local lock log logic lonely long look loop loosely looser lord lose loser loses loss lost lot
loud love lover low lower lowers luck lucky lunch lying machine mad made mail main major make male man manage mange
manner many map march mark market marry mass master match math matter may maybe meal meaning meant measure meat
media medium meet melt member memory mental mention menu mere mess message metal method middle might mile milk mind
mine minor minute mirror miss mistake mix mlps mode model modern moist moment monday money month mood moon moral
more morning most mother motion mountain mouse mouth move mover movie much multiplier multipliers music must mutter
mutually name narrow nation natural nature near nearly neat necessary neck need needle neighbor neither nero nerve
nest net never new news next nice night nine no nobody node noise noisy nondeterministic none noon nor normal north
nose not note notes nothing notice now number nurse object obtain obvious occur ocean odd of off offer office often
oil old on once one onion only onto open operate opinion opposite option or orange order ordinary organ origin other
ought our out outdated outer outgoing output outside over own owner pace pack page paid pain paint pair palace pale
pan panel paper parent park part partly party pass past pasta paste path patient patter pattern pause pay peace peak
pen people pepper per perfect perform perhaps period permit person phone photo phrase pick picture piece pig pile
pilot pin pink pipe pitch pizza place plain plan plane plant plate play player please plenty plight plot plus pocket
poem point poise poison pole police polite pool poor pop popular port pose position possible post pot potato pound
pour power practice practise practises prawn pray prayer prefer prepare present press pretend pretty prevent price
pricing pride prime priming print prior private prize probable problem process produce product professor profit
program progress project projection projections promise prone proof prop proper protect proud prove provide prune
prunes pruning public pull pump punch pure purple purpose purse push put puzzle quality quarter queen question
questions quick quickly quit quite quote race radio rage rain raise ran random range rank rapid rare rarely rate
rather raw reach read ready real reality realize reason reasoning reasons recall receive recent recipe record red
reduce refer reflect refuse regard region regret regular reject rejected rejecting relate relax release rely remain
remark remember remind remote remove rent repair repeat replace reply report request require rescue research resist
resolve respect respond rest result return reveal review reward rice rich ride right rightly ring rise rises rising
risk river road rob rock role roll roof room root rope rose rough round route rover row royal rub rude rule run
running runs rush sad safe said sail salad salary sale salt same sand sane satisfy saturday save saw say saying says
scale scare scatter scene schedule school science score scream screen screw sea search season seat second secondly
secret section see seed seek seem select self selfish sell sells semester send sends sense sent sentence sentences
separate series serious serve service set settle seven sever several severe sewing shade shadow shake shall shallow
shape share shared sharing sharp shatter she sheep sheet shelf shell shift shine ship shirt shock shoe shoot shop
short should shoulder shout show shower shrink shut shy sick side sided sides sigh sight sign signal signed silent
silly silver similar simple simplicity simply since sing single sink sister sit site sites sits sitting six size
skew skill skin skip sky sleep slice slide slides slight slightly sling slip slope slot slow slowest small smart
smell smile smoke smooth snake snow so soap social soft soften softer soil soldier solid solution solve some somehow
son song soon sorry sort sorts soul sound soup source south space spare spares sparing spars spawn speak special
speech speed spell spend spends spice spin spirit split spoil spoon sport spot spread spring sprint sprints sprung
square stable stack staff stage stair stale stall stalled stalls stamp stand standard standing stands star stare
stares start starts state statement station stay steady steal steam steel steep steer stem step stick sticking
sticks still sting stochastic stock stomach stone stood stop store storm story straight strain strange stream street
strength stress stretch strict strike string strip strong structure struggle student study stuff stupid style
subject succeed such sudden suffer sugar suggest sum summer sun sunday super supervisor supply support suppose sure
surface surprise surround survive suspect swam swap swaps sweet swim swing swings switch symbol system table tail
take tale talk tall tame tape target task taste tax tea teach teacher team tear tell ten tend tense term terms
terribly test text than thank thanks that the their them then theory there these they thick thief thing think
thinking thinks third thirdly this those though thought thoughts thousand thread threat three threw throat through
throw thursday thus ticket tie tight tighter till time tiny tip tire tired title to today together told tomorrow
tone tongue too took tool tooth top topic topics total touch tough tour toward tower town toy trace track trade
traffic trail train transfer trap travel trawl treat tree trend trial trick tries trip trouble truck true trust
truth truths try trying tube tuesday tune tuned tunes turn turns tutor twelve twenty twice twin two tying type typed
types typical ugly unbounded under understand understanding understood unequal uneven unfair unfairly uni union
unique unit unite united units university unless untie until up upon upper upset urge us use used useful useless
user usual usually valley valuable value variance varied various vary vast verb very victim view village visit voice
volume vote wage wait wake walk walking walks wall want war warm warmer warn wash waste watch water wave way weak
weaker wealth wear weather web wednesday week weekend weigh weight weighted weights welcome well went were west wet
what wheel when where whether which while white who whole whom whose why wide wider widest wife wild will win wind
window wine wing winner winter wire wise wish with within without woman wonder wondering wonders wood word words
work world worry worse worst worsts worth would wound wrap write wrong wrongly yard yeah year yell yellow yes
yesterday yet you young your zeros zone
"""

EVERYDAY = word_set(_EVERYDAY)
"""Whoever types one of these means it, however near it lies to a word of a key point."""
