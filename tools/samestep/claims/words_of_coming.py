"""The words that tell what is still to come."""

from samestep.claims.marks import N, R, X
from samestep.claims.patterns import words
from samestep.claims.words_of_winning import OF_NO_CONTEST

FUTURE = words(
    r"(?:\b(?:will|gonna|going to|on (?:track|course|pace|the way|its way|the (?:verge|cusp|brink)"
    r" of)|about to|set to|bound to|expect\w*|project(?:ed|s|ion)|should|likely|sure to|never"
    r"|won[\u2019']?t|destined|doomed|headed|poised|predict(?:s|ed|ing)?(?!\w)|predictions? (?:is"
    r"|are|that|says|puts|has|for)|forecast(?:s|ed)?(?!\w| (?:horizon|error|window|skill|length"
    r"|task|model))|prognos\w+|extrapolat\w*"
    r"|at (?:this|the current) (?:rate|pace)|would(?! need| be (?:too|premature|wrong|hasty|early"
    r"|unfair|misleading|nice|great|good))|(?<!too )soon|eventually|matter of time|shall"
    r"|anticipat\w*|foresee\w*|ought to|(?:no|zero|little|every|a|good|any|some) "
    r"(?:chance|shot|hope|prospects?|way)|chance of|odds of|in line to|looks? set|sooner or later"
    r"|probability (?:of|to)|likelihood of|inevitabl[ey]|more (?:epochs|steps) (?:and|until|before)"
    r"|trending|by the end of"
    r"|in the long run|outlook|eta|(?:away|off|shy) from|close to(?= \w+ing))\b|[\u2019']ll\b)"
)
WORK = words(
    r"\s*(?:then |also |now |\w+ly )?(?:re-?)?(?:run|train|report|extend(?! its)|keep(?! (?:its|the"
    r"|a) )|let|launch|test|evaluat|compar|add|wait"
    r"|check|ship|merg|updat|document|measur|log|plot|start|repeat|look|send|post|switch|use|stop"
    r"|kill)(?:e|s|ing)?\b"
)
"""What people will do with runs."""
WILL_DO = words(
    rf"(?:\b(?:will|shall|is (?:going|set|bound) to)|[\u2019']ll)\s+(?:have\s+)?(?:(?:\w+ly"
    rf"|soon)\s+)?"
    rf"(?!(?:{OF_NO_CONTEST})(?:e|y)?\b|be\b|have\b|not\b"
    rf"|never\b)(?P<verb>[a-z]{{3,}})\s+(?:the\s+)?{R}"
)
"""What one run will do to another, in whatever word."""
ENDING = (
    r"(?:end|finish|put|come|land|settle|wind|turn|top|bottom|level|max|stay|draw|run|go|get|be)"
)
STANDING = (
    r"(?:ahead|above|below|behind|over|under|past|beyond|level|even|on (?:par|top|a par|a level"
    r"|level terms)|in front"
    r"|better|worse|best|first|last|superior|equal|tied|neck and neck|there|close to|at|near|up"
    r"|down|out|off|within|to)"
)
REACHING = words(
    r"\b(?:caught up|overtaken|closed the gap|matched|beaten|outperformed|do so|succeed"
    r"|surpassed|reached|passed|attained|exceeded|eclips(?:e|ed|es)|outdo|outpace|leapfrog"
    r"|catch(?:es|ing)?(?=\s+(?:the\s+)?" + R + r")|catch(?:es|ing)?(?:\s+\w+)? up"
    r"|(?:overtak|clos|eras|bridg|narrow|eliminat|clear|top|rival|equal|ti)(?:e|es|ing)?"
    r"(?= (?:the|this|that|its|in|\w+ )?)(?:(?: the| this| that| its)? (?:gap|deficit|distance"
    r"|lead)"
    r"|(?=\s+(?:the\s+)?[" + R[1:-1] + N[1:-1] + r"]))"
    r"|overtak(?:e|es|ing)|(?:reach|surpass|pass|match|cross)(?:es|ed|ing)?(?! (?:what|how|your|our"
    r"|my)\b)|hit(?:s|ting)?"
    r"|(?:attain|achiev|exceed|outperform|beat|win)(?:e?s|e|ing|ning)?|converge[s]?|plateau(?:s)?"
    r"|saturates?|prevail|arrive|close in on|break even|make it(?= to)|(?:at |reach "
    r"|achieve )?parity|be (?:gone|closed|nil|history)|vanish|disappear|close(?= by)"
    rf"|(?:puts?|has|have|sees?|gives?|shows?|leaves?) (?:the )?{R} (?:level|ahead|even|tied|above"
    rf"|in front)"
    rf"|(?!be (?:off|out|up|down|to|within|there)\b)(?:{ENDING}|drop|fall|climb|rise|sit|stand|move"
    rf"|pull|edge|score)(?:s|es|ped|ing)?"
    rf"(?: {R})?(?: training| the run)?(?: \w+ly)? (?:(?:slightly|well|far|a bit"
    rf"|clearly) )?(?:{STANDING}|(?:about "
    rf"|around )?{N}))"
    r"(?!\w)"
)
CATCHES_UP = words(
    r"\b(?:catch(?:es|ing)? up(?! on)|overtakes?(?=[^.;]*" + X + r")|(?:clos|narrow|shrink)"
    r"(?:e?s|ing) (?:in on|in|fast|(?:the|this|that|its) (?:\w+ )?(?:gap|deficit|distance"
    r"|difference|lead))(?!\w)"
    r"|(?:gap|deficit|distance) (?:is|keeps) (?:\w+ly )?(?:clos|narrow|shrink)ing|gaining on"
    r"|reeling in|(?:needs?|takes?|requires?) [^.;]* to catch up)(?!\w)"
)
PLAN = words(
    r"\b(?:we|i|they|you|let[\u2019']s|let us|someone)(?:[\u2019']ll| will| should| can| could"
    r"| plan to| want to| need to| must| are going to)? (?:\w+ly )?(?!reach|hit|get|beat|win|would"
    r"|bet|wager|say|argue"
    r"|surpass|expect|exceed|extrapol|predict|forecast|project|anticipat|foresee)\w+"
)
