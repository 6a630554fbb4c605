"""The words that call one run better than another, or the best."""

from samestep.claims.marks import R
from samestep.claims.patterns import words

DEFEATS = (
    r"beats?|beating|beaten|bests|bested|surpass(?:es|ed|ing)?|trounc(?:es?|ed|ing)"
    r"|crush(?:es|ed|ing)?|defeat(?:s|ed|ing)?|dominat(?:es?|ed|ing)|eclips(?:es?|ed|ing)"
    r"|trumps?|smok(?:es|ed)|destroy(?:s|ed)|demolish(?:es|ed)|thrash(?:es|ed)|whoops?"
    r"|overshadow(?:s|ed)|dethron(?:es|ed)|leapfrog(?:s|ged)|one-ups?|overtakes|overtook"
    r"|overpower(?:s|ed)"
    r"|out-?(?:do|perform|shine|scor|class|pac|strip|run|rank|match|play|gun|distanc|compet)\w*"
    r"|out(?:did|done|shone|ran)|(?:edg|nos|inch|squeak|pip)(?:e?s|e?d|ped|ing)? "
    r"(?:out|past|over|ahead of)"
    r"|(?:blows|blew|knocks|knocked) [^.;,]{1,12} (?:away|out)|leaves [^.;,]{1,12} in the dust"
    r"|wipes the floor"
)
WINS = (
    r"wins?|won(?![\u2019']t)|winning|winners?|victor(?:y|ious)|triumph(?:s|ed)?|prevail(?:s|ed)?"
    r"|excel(?:s"
    r"|led)?|shines|shone|reigns?|rules|champion|superiority|takes (?:it|this one|the (?:lead"
    r"|crown|win|cake|gold|prize))|hands[- ]down|gold(?: medal)? (?:for|goes to)|(?:prize|crown"
    r"|title|nod|win|victory) goes to|carr(?:ies|ied) the day|(?:is|still|remains) king"
    r"|(?:ca(?:me|n come)|comes?) (?:in )?(?:first|(?:out )?(?:on top|ahead))|(?:finished|took"
    r"|placed) first|out on top|on top(?: of the (?:leaderboard|table|ranking))?(?=$|[.,!;:])"
    rf"|on top of (?=(?:the )?{R})|ranks? (?:first|1st|top|highest)|(?<!in the )first place|number (?:one|1)|#1"
    r"|(?:in|takes) first place|leads the (?:pack|field|table|leaderboard|way)|tops(?= )"
    r"|compares? favou?rably|(?:has|have|had|holds|gets?|got) (?:the|an?) "
    r"(?:\w+ )?(?:edge|upper hand|advantage)"
    r"|ahead of (?:the (?:pack|field|rest|others|competition)|all others|everyone)"
    r"|the way to go|unbeaten|unmatched|unrivall?ed|unsurpassed|second to none|stands out"
    r"|for the win|ftw"
)
OF_QUALITY = (
    r"accurate|good|capable|effective|performant|competitive|powerful|successful|favou?rable"
)
NO_QUALITY = r"(?! (?:estimate|picture|view|measure|reading|description|name|comparison))"
MORE_OF_IT = (
    r"(?<!getting )(?<!gets )(?<!get )better(?! (?:with|spent|used|known|understand|suited|not|to|way|off|data|logg"
    r"|doc"
    r"|nam|test|support|handl|tool|default|plot|message|error|format)\w*)"
    r"|best(?! (?:of our knowledge|practices?|effort|guess|way|time|place|bet|thing|option"
    r"|approach to|names?"
    r"|words?|ideas?|jokes?|friends?|day|days|book|news|coffee|team|people|example|illustration|fit"
    r"|explanation"
    r"|case|known|wishes|regards|use|thing)\b)|strongest|finest|superior"
    rf"|(?:the )?(?:more|most) (?:{OF_QUALITY})(?:\b{NO_QUALITY})"
    r"|(?<=the )stronger(?! (?:\w+ )?(?:augment|regular|penal|prior|dropout|signal|gradient|effect|claim"
    r"|evidence|assumption|noise|decay|lr|form|version|weight))|stronger(?= than| (?:of|one|run"
    r"|model|recipe|config\w*|setup|candidate|performer|contender))"
    r"|preferable|preferred (?:over|to)|be preferred|state[- ]of[- ]the[- ]art|sota"
    r"|(?:top|best|better)[- ]perform(?:er|ing)|top (?:run|model|score|spot)"
    r"|leading (?:model|run|candidate)"
)
A_RUN = r"one|run|model|recipe|config\w*|setup|candidate|variant|checkpoint|baseline|optimi[sz]er"
CHOSEN = (
    r"front-?runner|leader(?!boards?)|(?:clear|obvious|right|natural|safer?) (?:choice"
    r"|favou?rite|pick)|(?:our|my|the) (?:pick|favou?rite|champ)"
    rf"|the (?:{A_RUN}|choice) to (?:use|pick|ship|choose|keep|go with|trust|adopt|deploy|beat"
    r"|release|take|continue|back)"
    rf"|(?:{A_RUN}|method|approach) of choice"
    r"|(?:clear|real|big|huge|major|strict|solid|definite|clean|massive|substantial) "
    r"(?:improvement|upgrade|win)(?= over| on|$|[.!:,])"
    r"|(?:an?|the) (?:[a-z-]+ )?(?:improvement|upgrade|step up) (?:over|from)"
)
BETTER = words(rf"\b(?:{DEFEATS}|{WINS}|{MORE_OF_IT}|{CHOSEN})(?!\w)")
WORSE = words(
    r"\b(?:worse|worst|inferior|(?:los(?:es|t|ing)|loses)(?: out)? (?:to|against)|loser|weaker"
    r"|weakest|underperform(?:s|ed|ing)?|under-perform\w*|under-deliver\w*"
    r"|no match for|pales (?:in comparison|next|beside|against)|compares? unfavou?rably"
    r"|ranks? last|poorer|less (?:accurate|effective|competitive|good|capable|performant)"
    r"(?= than)|subpar|comes (?:in )?last|dead last|left in the dust|runner-up)\b"
)
OF_NO_CONTEST = (
    r"(?:re-?)?(?:shar|us|need|resum|continu|follow|log|writ|read|load|cop[iy]|extend|inherit"
    r"|includ|replac"
    r"|supersed|preced|mirror|start|tak|cover|contain|describ|join|equal|match|resembl|repeat|run"
    r"|reproduc|requir|mean|meet|track|referenc|duplicat|nam|call|import|evaluat|distil|teach"
    r"|initiali"
    r"|seed|fork|warm|branch|train|compar|say|see|link|mention|point|depend|adopt|keep|appl|trail"
    r"|lag"
    r"|lead|approach|reach|near|cross|pass|catch|chas|plot|show|differ|belong|wait|want|get|exceed"
    r"|improv"
    r"|gain|los|drop|fall|ris|overtak|hold|stand|sit|ly|li|com|end|minu|plu|versu|i|wa|ha|doe)"
    r"(?:l|ll|t|p|m|n|k|g|v|z|s)?"
)
"""Verbs with which one run takes another as its object, and no contest is meant."""
CONTEST = words(
    rf"{R}(?:\s*\([^()]*\))?\s+(?:(?:\w+ly|just|simply|still|now)\s+)?"
    rf"(?P<verb>(?!{OF_NO_CONTEST}(?:e?s|ies|e?d|ied)\b)[a-z]{{3,}}(?:s|ed))"
    rf"(?:\s+(?:out|off|past|over|by|up|away|all over|circles around))?\s+(?:the\s+)?(?={R})"
)
"""A verb of any other kind between two runs: who does it is said to win."""
NUMBERED = words(
    rf"\b(?:leaderboard|ranking|ranked|standings|podium|best to worst"
    rf"|order)\b[^;]*?1[.):]\s*(?={R})"
)
ORDER = words(
    rf"{R}(?:\s*\([^()]*\))?\s*>{{1,4}}\s*(?={R}|(?:everything|every other|all|the rest|the others"
    rf"|any)\b)"
)
