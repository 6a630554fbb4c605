"""The words that tell the shape of a curve: flat, still rising, gone astray."""

from samestep.claims.marks import R
from samestep.claims.patterns import words

MOVING = (
    r"(?:improv|mov|chang|learn|progress|advanc|climb|ris|fall|dropp|decreas|increas|declin"
    r"|descend|gain|budg|grow|shrink|shift|go|get|mak)ing"
)
NO_MORE = (
    r"(?:no longer|stop(?:s|ped)?|ceas(?:es|ed)|quit|barely|hardly|done|finished|not(?: really"
    r"| even| actually)?)"
)
FURTHER = r"(?: (?:any ?more|any further|further|at all|anywhere|better|up|down|much|progress))*"
RESTING = (
    r"(?:convergence|(?:a |its )?(?:plateau|ceiling|floor|asymptote|limit|steady state|saturation"
    r"(?: point)?|equilibrium|maximum|optimum))"
)
NO_NEWS = r"(?:gains?|improvements?|progress|movement|headroom|upside|juice)"
CONVERGED = words(
    rf"(?:\b{NO_MORE}|n[\u2019']t(?: really| even| actually)?) {MOVING}{FURTHER}(?!\w| to\b)"
    r"|\b(?:has|have|had)(?:n[\u2019']t| not| barely| hardly) (?:moved|budged|changed|improved)"
    r"(?= (?:in|for|since|over the (?:last|past)))"
    rf"|\b(?:(?:is|has|have|are)? ?(?:arrived?s?|came|come|comes|got|gotten|gets?|reach(?:es|ed)?"
    rf"|at|hits?|attain(?:s|ed)?|achiev(?:es|ed)) (?:to |at |in |full |its |the |a |\w+ )?"
    rf"{RESTING}"
    rf"|(?:in|on) (?:a |its )plateau|convergence (?:of|on|has been|was|is)\b[^.;]*?\breached"
    rf"|no (?:more|further|additional) {NO_NEWS}|(?:out of|ran out of) (?:steam|headroom|juice)"
    rf"|{NO_NEWS} (?:has|have|had) (?:stopped|dried up|vanished|ceased|ended|stalled"
    r"|petered out|run out)|nothing (?:more|left|else) to (?:gain|learn|expect|squeeze|get)"
    rf"|asymptot\w+|peaked|fully (?!\w+ {R})(?:trained|cooked|baked)|run its course"
    r"|(?:done|finished|completed) converging|(?:is|has|have) (?:already |now "
    r"|fully )?converge(?!\w)"
    rf"|gone stale|no {NO_NEWS} (?:since|after|for)|converged|converges(?! (?:faster|slower|quicker"
    rf"|sooner))|plateau(?:ed|s|ing|'d)?"
    r"|saturat(?:ed|es|ing)|flat(?! line at (?:the |0|zero))-?(?:tened|tens|lined|lines"
    r"|lining)?(?: out| off)?(?= |[.,;!]|$)"
    r"|level(?:l?ed|s)? (?:out|off)|stall(?:ed|s)(?! (?:in the middle|during|because|when"
    r"|on (?:node|gpu|the)|after \w+ (?:minutes|hours)))|(?:bottom|top|max|tapp|peter|taper)(?:p?ed"
    r"|s)?"
    r" (?:out|off)|stagna\w+|hit (?:a|the) wall|has settled|(?:has|have) stabili[sz]ed)"
)
PLATEAU = words(
    r"not|n.t|gain|improvement|progress|movement|headroom|upside|juice|steam|asymptot|peaked"
    r"|nothing|no more|finished|plateau|saturat|flat|level|stop|ceas|quit|barely|hardly|no longer"
    r"|done|stall|bottom|topp?|max|tap|peter|stabili|stagna|further|ceiling|floor|limit|steady"
    r"|settled|course|wall|equilibrium|maximum|optimum|fully"
)
STILL = words(
    r"\b(?:(?:still|keeps?|keeping|continues? to|continu\w+) (?:to )?(?:on )?(?:improv\w+"
    r"|going (?:down|up|strong)|dropping|falling|rising|climbing|decreas\w+|increas\w+|learn\w+"
    r"|gaining|get(?:s|ting) better|descending|progress\w+|moving)"
    rf"|is (?:\w+ly )?(?:{MOVING}(?<!going)(?<!getting)(?<!making)|getting better|going (?:down|up)"
    r"|on the rise|on an upward|trending (?:up|down))"
    r"|has (?:room|headroom) to (?:improve|grow))(?!\w)"
)
DIVERGED = words(r"\b(?:diverg(?:es|ed|ing)|blew up|blows up|blown up|explod(?:es|ed|ing))\b")
