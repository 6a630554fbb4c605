"""The words that name a cause, and the outcome it is a cause of."""

from samestep.claims.marks import M, N, R
from samestep.claims.patterns import words

COMES = (
    rf"(?:(?:is|was|are|were|be) )?(?:(?:com(?:es?|ing)|came) from(?! (?:the )?{R}"
    rf"| (?:\w+ ){{0,3}}(?:seeds?|runs?)\b)|stem(?:s|med|ming)? from(?! (?:\w+ ){{0,3}}(?:seeds?|runs?)\b)"
    r"|aris(?:es|ing) from|result(?:s|ed|ing)? from|driven by|caused by|helped by|explained by"
    rf"|produced by|brought about by|due to|owing to|thanks to|owed to|down to(?! (?:\w+ )?{N})"
    rf"|because(?: of)?"
    r"|(?:an?|the) (?:(?:direct|immediate|pure|sole|main) )?(?:consequence|result|product"
    r"|effect) of)"
)
PUT_DOWN = (
    r"(?:attribut|ascrib|trac|pinn|chalk|credit|link|assign)\w* (?:(?:\S+ ){0,18}?)?(?:back |up "
    r"|down )?"
    r"(?:to|on)|(?:put|puts) (?:\S+ ){1,5}down to|credit\w*|blam(?:es?|ed)|to (?:blame|thank)"
    r"|ascrib\w+"
)
WHAT = (
    r"(?:what|that) (?:lift(?:s|ed)|push(?:es|ed)|ma(?:kes|de)|lower\w*|rais\w*|improv\w*"
    r"|increas\w*|reduc\w*|dr(?:ives|ove)"
    r"|caus\w*|hurts?|help(?:s|ed)?|costs?|g(?:ives|ave|ot|ets)|bought|buys|brings|brought|earns"
    r"|boost\w*|sets|separates|pushe[sd])"
)
CAUSE = words(
    rf"\b(?:{COMES}|{PUT_DOWN}|{WHAT}|owes|culprit|(?:root|main|real|sole) (?:cause|driver)"
    r"|the (?:driver|source|cause|secret|key) (?:of|behind|to)|the effect of"
    r"|(?:is |lies )?behind (?:the|this|that|its|all the) (?:\S+ )?(?:gain|drop|gap|difference"
    r"|improvement|deficit|lead|jump|loss|rise)|(?:boils?|comes?|came) down to"
    r"|makes (?:all )?the difference|(?:benefit|suffer|profit)(?:s|ed)? from|by using"
    r"|caus(?:es?|ed)|as a (?:result|consequence) of|explain(?:s|ed)|responsible(?: for)?"
    r"|leads? to|led to|account(?:s|ed) for|on the back of|the reason|is why(?! (?:we|i|they|you"
    r"|nobody|it (?:is|was) (?:not|too)))|by virtue of"
    r"|on account of|by (?:the )?reason of"
    r"|(?:since|as) (?:it|we) (?:(?:was|were|is|are) trained (?:with|using)|uses?|used))\b"
)
DOING = (
    r"us(?:ing|e of)|adding|switching|swapping|replacing|removing|changing|increasing"
    r"|decreasing|going|moving|raising|lowering|doubling"
    r"|halving|enabling|disabling|training with|widening|scaling"
)
MAKES = (
    r"improve[sd]?|rais(?:es|ed)|lower(?:s|ed)|increas(?:es|ed)|reduc(?:es|ed)|decreas(?:es|ed)"
    r"|boost(?:s|ed)|hurt(?:s)?|help(?:s|ed)|g(?:ives|ave)|yield(?:s|ed)"
    r"|br(?:ings|ought)|ma(?:kes|de)|costs?|adds?|buys|bought|cuts?|drops?|dropped"
)
DOING_MAKES = words(
    rf"(?:^|[,;:(]\s*|\bthat |\bshows? )(?:the )?\b(?:{DOING})\b[^.;]*?\b(?:{MAKES})\b"
)
THING_MAKES = words(
    rf"(?P<thing>[\w-]+(?: \w+)?) (?:\w+ly )?(?:(?:{MAKES})\s+(?:the\s+)?(?:{M}|{N}|us {N}"
    rf"|{R} )|(?:hurts|hurt|helps|helped|works|worked|matters|pays off|paid off)\b)"
)
OUTCOME = words(
    rf"{M}|\b(?:better|worse|higher|lower|gain\w*|drop\w*|improve\w*|difference|gap|below|above"
    rf"|behind|ahead|wins?|beats?|lead|outperform\w*|accura\w+|loss)\b"
)
