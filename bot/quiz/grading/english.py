"""Words of the English language that carry no point but say how a point is meant, and everyday words."""

from bot.text.normalise import word_set
from bot.text.unwrapping import ADDRESSEES, GOOD, GREETINGS, PARTS_OF_DAY, THANKING

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
MYTHS = word_set("myth misconception fallacy nonsense false wrong incorrect untrue mistaken")
"""What one of these says, "a myth that ...", "wrong to think that ...", is denied."""
THINKING = word_set("say think believe assume claim suppose conclude expect")
TRUE = word_set("true right correct case")
"""What is not one of these, "it is not true that ...", is denied, with what is said to follow from it."""
FOLLOWING = word_set("and so thus hence therefore which then or making meaning causing")
"""Go on with what a clause says; any other break after a denied clause says why it is denied, or what holds instead."""
WONDERING = word_set("whether if how why what which")
UNTOLD = (
    ("cant", "say"), ("cant", "tell"), ("not", "say"), ("not", "tell"), ("not", "know"), ("not", "sure"),
    ("not", "certain"), ("not", "remember"), ("not", "recall"), ("no", "idea"), ("no", "clue"), ("forgot",),
    ("couldnt", "say"), ("couldnt", "tell"), ("wouldnt", "know"), ("cannot", "say"), ("cannot", "tell"),
)  # fmt: skip
"""Beside a clause of wondering: what it asks is not answered."""
PLEASE = word_set("please pls plz plss kindly")
POLITE = GREETINGS | GOOD | PARTS_OF_DAY | ADDRESSEES | THANKING
FILLERS = word_set(
    "hm hmm uh um umm er erm well so ok okay oh ah lol haha hahaha lmao rofl imo tbh honestly say said think thinking "
    "guess believe suppose feel reckon maybe probably perhaps possibly surely sorry clear clearly answer sure way "
    "course know definite s t d m re ve ll question good mind gut feeling bet assume presumably obviously of"
)
"""Words that an answer may be wrapped in, and that say nothing of its subject."""
OPPOSITES = frozenset({
    ("faster", "slower"), ("slower", "faster"), ("same", "different"), ("stable", "unstable"), ("fine", "bad"),
    ("more", "less"), ("right", "wrong"), ("good", "bad"), ("yes", "no"), ("zero", "nonzero"), ("better", "worse"),
    ("on", "off"), ("high", "low"), ("may", "may"), ("might", "might"), ("or", "not"), ("doesnt", "does"),
})  # fmt: skip
"""Joined by "or", these leave everything open."""

_EVERYDAY = """
ablation able abortion about above accept according account acknowledge acquired across act action active activity
actual actually add adoption advances after again against age agent ago agree agreed agrees aids air algorithm
algorithms all allow ally almost alone along already also although altogether always am ambulance among amount an
and animal annually another answer answered answers anterior any anyone anything appealing appear apple approves
approximator approximators are area argue arm around arrive art as ask asked asking asks asleep assignment
assistance assure at attack attempt attended attitude attitudes auction average aviation avoid awake away baby back
bad bag bail baked baking ball ballet bank banner bar barriers base basic basically basics basin basins basis bass
bath batter beach beaches bead bean bear beast beat beautiful became because become bed been beer before begging
begin begun behave behind being believe believing bell belong below belt bent best bet better between beyond bias
big bike bill billion billions bird bit bitch bits bitter black blade blank blend blew blind block blogs blood blow
blue board boat body bond bonds bone bones book boost booth border bored boring born borrow both bottle bottom
bought bound box boy brain brains branch brave brawn breach bread break breath breeding brian brief bright bring
broad broken brother brought brown brush buck build building bull bullying bunch burn bus business bust busy but
butt butter buy buying by bye cafe cage cake call calm calmer calories came camera camp can cancel cape car card
cardinal care careful cargo carry case cash cast cat catch cause cave cease celebrated celebration cell cells cent
center central centuries certain certification certified chain chair chance chances change changed channel chapter
character charge charming chart charter chase chat chatter cheap cheating check cheek chick chin choice choose chose
church circle city claim class clean clear clever click climb climbing climbs cling clock close closed closer closes
cloth cloud club clue coach coal coast coat cock code codes coffee coincidence coke cold colder collect college
colonial colonies color column combine come comedian comfort comments common companion company compare compassion
compatible compete competing complement complete complex complicit composed composite composition concern concerts
conclusion condition conducted conductive confirm confuse congrats connect conscious consent conservative conserved
conserves consider consist constable constant consultant consulting contacted contacts contain contended content
contest continent continue contracts contrary contrast control convenience convention conventions conversation
convert convicted conviction convince cook cool cooler cope copied copy copying cord core corn corner correct
corruption cost could count country couple courage course court cover coverage cows cpu crack crash crawl crawling
crawls crazy create creative credit crime criminal critical crop crops cross crowd crown cry cuda cup current curry
curve custom customer customers cut cycle daily damage dame dance danger dark data date daughter dave dawn day dead
deaf deal deals dealt dear death debate debt debuting decade decades deceased deceive decent deception deceptive
decide decker declared declined decoding dedication deduce deduction deed deep deeper deepest deeps defeat defected
defective defend deficient define deflected deflection deformation deformed degenerative degree delay delighted
deliver delusion demand densities deny depend dependent dependents depiction deported deposition depression
depressive deprive deprived derivation describe desert deserved deserving design designed desire desk desolation
despicable detail detained detect detention deterministic develop device devotion dial did die differ difference
differentiable difficult dig dinner direct direction dirt dirty disagree disagrees discover discrimination discuss
dish disk dispatch disperse display dissection distance district dive divide do doctor does dog dollar dome done
door dope dose dot double doubt down dozen draft drain draw drawl drawn dread dream dress dried dries drilling drink
drive drives drone droop drop drops drought drown drug dry drying duck due dull dumped during dust duty dyeing dying
each ear early earn earnings earth ease east easter easy eat edge edit education effect effort egg eight eights
either elected election elections eleven eligible else email employed employment empty encoding end enemy energy
engine enjoy enough enter entertain entire entities equal equality equation error escape especially estate eternally
even evening event events ever every evidence evil evolution exact exam example examples exams excellent except
excessive exchange excite excuse executed exercise exist exit exits expand expect expensive experiencing expert
expertise explain explained explaining explains explicit explore explosive express extend extension extensive
external externally extra extreme eye face facebook faces fact factor facts fail failed fails fair fairer fairly
fairness faith fake fall falling falls false falsely fame family famous fan far fare farm farmer fast fat fate
father fault favor fear feast feat feature feed feel feelings feels feet fell fellow felt female fence fever few
field fifth fight figure file filed files fill film filter final find fine finger finish fired firing firm first
firstly fish fist fit five fix flag flame flat flaw fled flesh flew flight fling float flooding floor flour flow
flower fly focus fold follow food foot for force ford forest forget forgets forgot fork form formal former forum
forward foster fought foul found four fourth frame freaking free freedom freeze freight frequent fresh friday friend
fright from front frost frown fruit fuel full fun function fund funny further future gain gambling game games gap
garden gas gate gather gave gender gene general generator generators gentle get giant gift girl give glad glance
glass global glow go goal god gold gone good got gpu grab grade grain grand grant graph grass great green grew grey
grind grinding gross ground group grow growing grows growth guard guess guessed guessing guest guide guilty gun guy
habit had haha hahaha hair half hall hand handle hang hanging hangs happen happy hard hardcore harder hardest hate
hates have head headline headlines heal health hear heard heart heat heavy height heights held hell hello help hence
here hero heroes hide hiding high hill hint hire history hit hold hole holes holiday home homework honest honor hood
hooked hope horse hospital host hot hotel hotter hour house hover how howard however huge hull human humor hundred
hungry hunt hurry hurt husband ice idea ideal ideally identified if ignore ill image imagine imitation impact
impartial impatience imperative implants implication implications implied implying important imposition impossible
impression impressive improperly improve in inability inaccurate inappropriate incapable inception inch incident
incision include inclusive incoming incomplete inconsistent incorrect increase incredible indeed indefinite
indefinitely index indicative indifference indifferent indirectly individual induces inducing ineffective ineligible
inexpensive infected infection infinite infinitely inflation info inform informal informally informer infrequent
infusion ingestion inherited initial injection inner inning input insatiable inseparable insert inserted insertion
inside insist insistent instead instinct insufficient insulation insulting insurance insure integration intend inter
interaction interactions interactive interest interested interesting internal intimate into intolerance introduce
intuitive invaluable invention inversion invertible invest invite involve iphone iron irregular is island issuance
issue it item its itself job john join joke journey judge juice jump jumping junction jury just justice keep key
kick kid kill kind king kiss kitchen knee knew knife knight knock know label lack lady lake lame lamp land lane
lanes language laptop large last lastly late later latter laugh launch law lawyer lay layer lead leaf learn lease
least leather leave lecture lecturer left leg legal lend lends length lens less lesson let letter level liability
liberation licensed lie life lift light like likely limit line lines link lion lip list listen literary little live
living load loan local lock log logic lonely long look loop loosely looser lord lose loser loses loss lost lot loud
love lover loves loving low lower lowers loyal luck lucky luke lunch lung lying machine mad made mail main major
make male males man manage mange manner many map march mark market married marry mars martial martin mary mass
master match mate maternal mates math matter may maybe meal meaning meant measure meat medal media medium meet mega
melt member memory mental mention menu mere mess message metal method mice middle might mike mile milk mind mine
minor minority minute mirror miss mistake mister mix mlps mode model modern moist moisture moment monday money month
monument mood moon moral more morning most mother motion mountain mouse mouth move mover movie movies much
multiplier multipliers music must mutter mutually name narrow nation national native natural nature near nearly neat
necessary necessity neck need needle neighbor neither nero nerve nest net never new newer news next nice night nine
no nobody node noise noisy nominated nondeterministic none noon nor normal north nose not note notes nothing notice
now nude number nurse nuts object observation observer obtain obvious occur ocean odd of off offer office officers
often oil old on once oncoming one onion only onto open operate opinion opposing opposite opposition optical option
or orange order ordinary organ oriented origin other ought our out outdated outer outgoing output outside over
overseas own owner pace pack page paid pain paint painter paintings pair palace pale pan panel pants paper parent
park part particle particles partly party pass past pasta paste paternal path patient patter pattern pause pay peace
peak peer pen pension people pepper per perception perfect perform perhaps period permit person petition petty phone
photo phrase pick picture piece pig pile pills pilot pin pink pipe piss pissed pitch pizza place placement plain
plan plane planets plant plastic plate play player please pleasure plenty plight plot plus pocket poem poet point
poise poison poker pole police polite poll pollution pool poor pop pope popular popularity port pose position
possible post pot potato pound pour powder power practice practise practises praise prawn pray prayer precious
prefer prepare present president press pretend pretty prevent price pricing pride primarily prime priming prince
princess print prior private prize probable probe problem proceeds process produce product professor profit program
progress project projection projections promise prone proof prop proper prosecution prospect prosperity protect
protests proud prove proven provide province provinces provision prune prunes pruning public pull pump punch
punished pure purple purpose purse push put puzzle quality quarter queen question questions quick quickly quit quite
quote race radiation radio rage raid rain raise rally ran random range rank rapid rare rarely rate rather rational
raw reach read ready real reality realize reason reasoning reasons recall receive recent recipe record red
redistribution reduce reed refer reflect reflection reformation refuse regard region regret regular reject rejected
rejecting relate relax release relieved religion rely remain remark remember remind remote remove renovation rent
repair repeat replace replies reply report republic request require rescue research reserved reserves resigned
resist resolution resolve resource respect respond rest restored result return reveal revelation review
revolutionary reward rice rich rick ride right rightly ring riot rise rises rising risk risky river road rob robot
rock rode role roles roll romantic rome roof room root rope rose ross rotation rough round route rover row royal rub
rude ruins rule run running runs runway rush sack sad safe said sail sake salad salary sale sales salt same
sanctions sand sane satisfy saturday save saw say saying says scale scam scare scatter scene schedule school science
score scream screen screw sea sealed search seas season seat seattle second secondly secret section sector sectors
seductive see seed seek seem select self selfish sell sells semester send sends sense sensor sent sentence sentences
separate series serious serve service set settle seven sever several severe severely sewing sexually shade shadow
shake shall shallow shame shape share shared sharing sharks sharp shatter she shed sheep sheer sheet shelf shell
shift shine ship shirt shit shock shoe shoes shoot shop shore short shortage should shoulder shout show shower shown
shrink shut shy sick side sided sides sigh sight sign signal signed silent silly silver similar simple simplicity
simply since sing single sink sinner sister sit site sites sits sitting six size skew skill skin skip sky slam slave
sleep slice slide slides slight slightly sling slip slope slot slow slowest small smart smash smell smile smoke
smooth snake snap snow so soap social soft soften softer soil soldier sole solid solution solve some somehow son
song soon sore sorry sort sorts sought soul sound soup source south space span spare spares sparing spars spawn
speak speakers special speech speed spell spend spends spice spin spirit spite split spoil spoke spoon sport spot
spread spring sprint sprints sprung square stable stack staff stage stair stake stakes stale stall stalled stalls
stamp stand standard standing stands star stare stares stark start starts state statement station stay steady steal
steam steel steep steer stem step sterling stick sticking sticks still sting stir stochastic stock stole stomach
stone stood stop store storm story straight strain strange stranger strangers stream street strength stress stretch
strict strike string strip strong struck structure struggle stuart student study stuff stunning stupid style
subconscious subject succeed such sudden suffer sugar suggest sum summer sun sunday sunset super supervisor supplied
supply support suppose sure surface surprise surround survive suspect swam swap swaps sweet swift swim swing swings
switch symbol system table tail take tale talented tales talk tall tame tanks tape target task taste tax tea teach
teacher team tear tech teen tell ten tend tense term terms terribly terror test text than thank thanks that the
their them then theology theory there these they thick thief thing think thinking thinks third thirdly this thorough
those though thought thoughts thousand thread threat three threw throat through throw thursday thus ticket tide tie
tight tighter till time tiny tip tire tired tissue title tits to today toes together told toll tomorrow tone tongue
tony too took tool tooth top topic topics torn toss total touch tough tour toward tower town toxic toy trace track
trade traffic trail train trait traits trans transaction transfer transform transformed transition trap travel trawl
treasure treat tree trend trial tribal trick tricky tries trip tropical trouble truck true trunk trust truth truths
try trying tube tuesday tune tuned tunes turn turns tutor twelve twenty twice twin two tying type typed types
typical ugly ultimate unacceptable unarmed unattractive unavailable unbounded unbroken uncommon unconventional
undated undecided under understand understanding understood undesirable undivided unequal uneven unexpected
unexplained unfair unfairly unfinished unfounded unhelpful unhinged uni unintended union unique unit unite united
units university unless unloaded unloading unlocked unnatural unnoticed unpopular unpublished unrealistic
unreasonable unrelated unreliable unsigned unsolved unsuitable untie until untrained unusually unwanted up upcoming
uploaded upon upper upset urge us usable use used useful useless user usual usually vacation valley valuable value
valve variance varied various vary vast verb very vice victim victor view village vindictive violated violation
viscount visit voice volume vote wage wages waist wait wake waking wales walk walking walks wall want war warm
warmer warn wash waste watch water wave way weak weaker wealth wealthy wear weather web wednesday week weekend weigh
weight weighted weights welcome well went were west wet whale what whatsoever wheat wheel when where whether which
while white who whole whom whose why wicked wide wider widest widow wife wild will win wind window wine wing winner
winter wipe wire wise wish witch with within without wives woke wolves woman wonder wondering wonders wood word
words work workforce world worn worry worse worst worsts worth would wound wrap write wrong wrongly yard yeah year
yell yellow yes yesterday yet you young your zeros zone
"""

EVERYDAY = word_set(_EVERYDAY)
"""Whoever types one of these means it, however near it lies to a word of a key point."""
