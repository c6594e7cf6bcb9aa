"""Words of the English language that carry no point but say how a point is meant."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATED_VERBS = _words(
    "aint isnt arent dont doesnt didnt cant wont wouldnt shouldnt hasnt havent hadnt wasnt werent couldnt neednt mustnt"
)
VERB_NEGATORS = frozenset(["not", "never", "cannot", "hardly", "barely", "unable", *_NEGATED_VERBS])
"""Deny all that follows in their clause."""
NOUN_NEGATORS = _words("no without nor neither none nothing nobody nowhere")
"""Deny the few words that follow."""
NOUN_REACH = 5
NEGATOR_PAIRS = frozenset({("rather", "than"), ("fail", "to"), ("fails", "to"), ("failed", "to"), ("instead", "of")})
NO_DENIAL = frozenset({
    ("not", "only"), ("not", "just"), ("not", "merely"), ("no", "matter"), ("no", "doubt"), ("no", "wonder"),
    ("no", "idea"), ("not", "sure"), ("whether", "not"), ("yes", "no"), ("why", "not"),
})  # fmt: skip
"""Where a word that looks like a denial is none."""
SHORT = _words("problem problems issue issues trouble harm need worry worries difference")
"""After "no" these alone are denied, and nothing that follows."""
END_OF_NOUN = _words("with if when that in because for at since as while until is are was by so but than")
"""What a denial of a noun does not reach beyond."""
STATING = VERB_NEGATORS | NOUN_NEGATORS | _words("yes is are does do will")
"""Whatever holds one of these is a statement, not a name."""
YES = _words("yes yep yeah yup yea ya sure absolutely certainly definitely indeed")
PLAIN_YES = YES - _words("sure absolutely certainly definitely indeed")
"""Those that no "not" can follow."""
NO = _words("no nope nah non")
LIGHT = _words(
    "the a an its their very really quite basically actually simply rather pretty this these those "
    "etc please um uh hmm sir mam"
)
"""Words that may stand between the words of a phrase."""
BREAKS = _words(
    "because since so but while whereas which although though however therefore hence thus then if when where unless "
    "until after before otherwise except meaning causing making making who besides moreover furthermore plus"
)
"""Words that begin a new clause."""
SCOPES = _words("for to in at on during while when if or no not yes and with you we they it one")
"""After a "yes" these say what it is a yes to."""
SUBJECTS = _words("it they you we he she")
AUXILIARIES = _words("ll will would is are was were can could may might do does did has have cannot cant wont dont")
"""A subject before one of these begins a clause."""
SO_SAID = frozenset(
    {("think", "so"), ("believe", "so"), ("guess", "so"), ("suppose", "so"), ("say", "so"), ("or", "so")}
)
"""Where a word that begins clauses begins none."""
CLAUSE_OPENERS = _words(
    "it they he she we you i there that all every each no none nothing any both so then therefore thus hence not "
    "cant the this these those is are does do will can"
)
"""After "and" these begin a new clause."""
PRONOUNS = _words("it its they them their this that these those he she which there thats")
ASKING = _words(
    "is are was does do did can could would will should may might what why when where who which how in name"
)
COMPARING = _words(
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
CONTRASTS = _words("but while whereas and or plain normal regular standard usual ordinary without simple only")
"""Bring a sentence back to the subject that is meant anyway."""
REASONS = _words("because since")
"""What follows is still about the same."""
CONDITIONS = _words("when if where whenever once because as since")
GLUE = _words(
    "is are was be been being am do does did done have has had will would can could should may might must to of in on "
    "at by for from with without as if when because since so but and or not no than that this these those the a an it "
    "its they them their there we you i me my your our one all every each any some more less most least many "
    "few other which who what how why where while until after before during then also only even still too very "
    "get gets got getting make makes made use used uses using stay stays become becomes keep keeps need needs go goes "
    "yes nope yep dont cant wont isnt arent up down out off into over between about around both either neither nor "
    "leads lead causes cause helps help prevents prevent gives give learns learn learned works work towards"
)
"""Words that hold a sentence together; text without any is a heap of terms."""
LEAVING_OPEN = _words("either maybe perhaps say is both could be can may might")
SHRUGS = (
    ("no", "idea"), ("no", "clue"), ("not", "sure"), ("dont", "know"), ("not", "know"), ("dont", "remember"), ("idk",),
    ("dunno",), ("good", "question"), ("good", "luck"), ("maybe", "yes"), ("maybe", "no"), ("perhaps", "yes"),
    ("perhaps", "no"), ("who", "knows"), ("never", "heard"), ("not", "remember"), ("no", "opinion"), ("no", "answer"),
    ("maybe", "not"), ("perhaps", "not"), ("not", "certain"),
)  # fmt: skip
"""Said in place of an answer."""
OPPOSITES = frozenset({
    ("faster", "slower"), ("slower", "faster"), ("same", "different"), ("stable", "unstable"), ("fine", "bad"),
    ("more", "less"), ("right", "wrong"), ("good", "bad"), ("yes", "no"), ("zero", "nonzero"), ("better", "worse"),
    ("on", "off"), ("high", "low"), ("may", "may"), ("might", "might"), ("or", "not"), ("doesnt", "does"),
})  # fmt: skip
"""Joined by "or", these leave everything open."""
