"""The words of a claim: how far runs are apart, at which x, how sure, and what is not asserted."""

import re

from samestep.claims.marks import M, N, R, X
from samestep.claims.patterns import words

LEVEL = words(
    r"\b(?:above|below|higher|lower|greater|smaller|larger|less|more than|fewer|highest|lowest"
    r"|exceeds?|exceeded)\b|\b(?:up|down)(?= (?:about )?[" + N[1:-1] + "])"
)
UPWARD = words(r"up|above|higher|greater|larger|more than|highest|exceed")
LEAD = words(
    r"\b(?:ahead|behind|leads?|led|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?|short of|in front"
    r"|in the lead|better|worse"
    r"|falls? short|gain(?:s|ed)?(?=\s+(?:about |on |over )?(?:the )?["
    + N[1:-1]
    + R[1:-1]
    + r"])|los(?:es|t)(?=\s+(?:about |by )?["
    + N[1:-1]
    + r"])|(?:better|worse|superior|inferior)(?=\s+["
    + M[1:-1]
    + r"])|pulls? (?:ahead|away)|improve[sd]? (?:up)?(?:on|over)(?=\s+(?:the |that of )?"
    + R
    + r"))(?!\w)"
)
FORWARD = words(r"ahead|lead|led|in front|gain|improve|better|superior|pull")
APART = words(
    r"\b(?:gap|difference|distance|regression|differs?|delta|margin|deficit|vs\.?|versus"
    r"|compared? (?:to|with)"
    r"|relative to|against"
    r"|improve[sd]? by|improvement (?:over|of|on)|whereas|points? (?:better|worse)|down by"
    r"|up by|(?<=[" + N[1:-1] + r"] )off|shy of)(?!\w)"
)
SUPERLATIVE = words(
    r"\b(?:(?P<nth>second|third|2nd|3rd)[- ])?(?P<way>highest|lowest)\b"
    rf"(?=\s*(?:{M}|{R}|{N}|[,.;:)]|$|of\b|among|at\b|on\b|in\b|and\b|(?:\w+ )?(?:values?|scores?"
    rf"|\w*loss\w*|accurac\w+|errors?|means?|results?|numbers?|figures?|ppl|perplexity|return"
    rf"|reward)\b))"
)
EQUAL = words(
    r"\b(?:on par|(?:is|are) equal(?=[.,;]|$)|equals|equal to|ties(?= (?:with|the|it)\b| [\ue000-\ue3ff])|tied|matches"
    r"|level with|same (?:as"
    r"|value)|identical|indistinguishable)\b"
)
OBJECT = words(
    rf"\b(?:than|over|against|versus|vs\.?|behind|ahead of|above|below|compared? (?:to|with)"
    rf"|relative to|(?:up|level|par|tied|even|pace) with|to|off|(?<={N} )on(?= {R})|shy of"
    rf"|short of|(?<!judging )(?<!going )(?<!measured )(?<!judged )by|beats?|outperforms?"
    rf"|surpass(?:es)?|trails?|lags|leads|beating|exceeds?"
    rf"|overtakes?|passes|pass|overtake"
    rf"|reaches|reach)\s+(?:that of|those of|the\s+(?:[\w/-]+\s+)?(?:{M}\s+)?(?:{N}\s+)?(?:that"
    rf"|of)?|{M} of|final)?\s*(?:{N}\s+of\s+|that\s+)?(?:{M}\s+)?(?:of\s+)?(?=({R}))"
)
PASSIVE = words(
    r"\b(?:is|was|are|were|been|be|gets?|got) (?:\w+ly )?(?:beaten|out\w+ed|outdone|outrun|outshone"
    r"|eclipsed|dethroned|dominated|crushed|trounced|surpassed"
    r"|defeated|topped)\s+(?:\w+ ){0,2}by\b"
)
DEFINITIVE = words(
    r"\b(?:definitely|definitive(?:ly)?|clearly|certainly|undoubtedly|without (?:a )?doubt"
    r"|no doubt|no question|prov(?:es|ed|en)|conclusive(?:ly)?|consistently|always"
    r"|unambiguously|unquestionably"
    r"|certain|for sure|regardless of (?:the )?seeds?|whatever the seed|(?:all|any"
    r"|every) seeds?|indisputabl[ey]|significant(?:ly)?|reliabl[ey]|robust(?:ly)?"
    r"|guarantee[sd]?|established|undeniabl[ey]|settled|confirm(?:s|ed))\b"
)
NEGATED = words(
    r"\b(?:not(?! only)|never|refrain\w* from|abstain\w* from|no(?! (?:doubt|question|longer|match"
    r"|surprise|worries))|neither|nor|cannot"
    r"|without(?! (?:a )?doubt)|none|nobody|hardly|fail(?:s|ed)? to|unable|far from|yet to"
    r"|instead of|rather than|nothing|tbd|nowhere near|refus(?:e|es|ed) to|stop(?:s"
    r"|ped)? short of|declin(?:e|es|ed) to|untrue|wrongly|falsely|disprov\w+"
    r"|refut\w+|(?:wo|ca|do|does|is|did|was|are|ai)nt)\b|n[\u2019']t\b"
)
HEDGED = words(
    r"\b(?:not (?:known|clear)|undetermined|which of|(?:wrong|incorrect|mistaken"
    r"|misleading|unfair|a stretch|premature|hasty|bold|rash|unwise|an exaggeration) to"
    r"|(?<!no )(?<!without )(?<!without a )doubt(?:s|ful)?|may"
    r"|might|could|can(?= (?:be (?!seen|taken|regarded|considered|said|observed|concluded|trac|attrib|explain|ascrib|put"
    r"|credit|link)|beat|outperform|win|surpass))"
    r"|perhaps|maybe|possibly|seems?|seemed|appears?|appeared"
    r"|suggest(?:s|ed|ing|ive)?|suspect|think|believe|guess|likely|probably|presumably"
    r"|potentially|tentativ\w+|preliminar\w+"
    r"|hint(?:s|ed)?|hope(?:s|fully)?|would|too early|unclear|unsure|not sure|wonder|who knows"
    r"|nobody knows|no one knows|hypothes\w+|hard to (?:tell|say)|difficult to (?:tell|say)"
    r"|looks like it|tell which|know which|undecided|unknown|conjectur\w+|speculat\w+|imo"
    r"|arguably|apparently|inconclusive|too close to call|promising|if anything"
    r"|i[\u2019']d (?:call|say)|whichever|only then|decide which|talk(?:ing)? about|speak(?:ing)? of|at first (?:sight|glance)"
    r"|on the surface|looks?(?= (?:\w+ )?(?:worse|better|weaker"
    r"|stronger))"
    r"|leaning|my (?:bet|guess)|as far as|if true|in theory|conceivabl[ey]"
    r"|plausibl[ey]|toss-?up|coin[- ]?flip|expect(?:ed)?)\b"
)
HEDGED_FUTURE = words(
    r"\b(?:hypothes\w+|assum\w+|conceivabl[ey]|plausibl[ey]|possible|(?<!no )(?<!without )(?<!without a )doubt(?:s|ful)?"
    r"|which of|may|might|could|perhaps|maybe"
    r"|possibly|hope(?:s|fully)?|unclear|unknown|too early"
    r"|unsure|not sure|wonder|who knows|nobody knows|no one knows|hard to (?:tell|say))\b"
)
SO_FAR = words(
    r"\b(?:so far|as of now|at the moment|currently|for now|at this point|right now|to date)\b"
)
FINAL = words(
    r"\b(?:final|last (?:value|epoch|step|logged)|end of training|fully[- ]trained|finished"
    r"|best|peak|converged|(?:ends|ended|finishes|finished|stopped) (?:with|on|at))\b"
)
SAME_PLACE = words(
    r"\b(?:the same (?:epoch|step|x|point|time)|(?:at )?(?:that|this) (?:epoch|step|point|time)"
    r"|there)\b|^\W*(?:to be precise|that is|namely|i\.e\.|in numbers|more precisely|specifically"
    r"|concretely|in (?:absolute|relative|other) (?:terms|words|numbers))\b"
)
BY_PLACE = words(rf"\bby\s+(?:the\s+|around\s+|about\s+)?{X}", re.IGNORECASE)
ASKING = words(
    r"^(?:and |so |but |or |hey,? |btw,? |hm+,? )?(?:is|are|was|were|does|do|did|has|have|had"
    r"|can|could|will|would|should|what|why|how|which|who|when|where|any|shall|anyone)\b"
)
DISCLAIMED = words(
    r"\b(?:(?:wrote|said|claimed|stated|reported) that\b[^.;]*|(?:claim|statement|sentence"
    r"|assertion|idea|conclusion|notion|suggestion|impression"
    r"|headline|wording|phrase|saying)s?,? (?:that\b|"
    "\u00a4"
    r")[^.;]*)"
)
DISCLAIMING = words(
    r"\b(?:corrections?|correcting|mistaken(?:ly)?|mistake|erratum|errata|not(?! only)|never|remove"
    r"|retract\w*|drop|delete|wrong|false|unsupported|incorrect|misleading"
    r"|premature|revise|question\w*|doubt\w*|withdraw\w*|avoid|unfounded|reject\w*|no basis)\b"
    r"|n[\u2019']t\b"
)
SUPPOSED = words(
    rf"^\W*if\s+(?:the\s+)?{R}.*|"
    r"^\W*whether\b.*\b(?:remains?|is|stays?)\s+(?:an? )?(?:open|unclear|unknown|undecided"
    r"|not known"
    r"|uncertain|unresolved|to be seen)\b.*|"
    r"^\W*(?:(?:acceptance|success|exit) )?(?:criteri(?:on|a)|goals?|targets?|requirements?"
    r"|hypothes[ie]s|plans?|todo|milestones?|objectives?|aims?)\s*:.*|\b(?:if|whether|unless"
    r"|(?<!of time )until|till|once|in case|(?:please|can you|could you|let me) (?:check|verify"
    r"|confirm|make sure|see)(?: that| if)?|to (?:see|check|know|find out"
    r"|test|decide|verify|ensure)(?: that)?|assum(?:e|es|ed|ing)|suppos\w+|imagine"
    r"|before (?:we|i|you|anyone|claiming|saying|declaring|concluding|calling)|pretend"
    r"|provided that|as soon as|when we"
    r"|the question|how (?:far|long|often))\b(?:(?! and [\ue000-\ue3ff] (?:will|is"
    r"|has)\b)(?:[^,;:.]|\.(?=\S)))*|(?:^|[.;]\s*)(?:should|had"
    r"|were)\s+" + R + r"[^,;]*"
)
PURPOSE = words(
    r"\bto (?:\w+ly )?(?:beat|outperform|surpass|win|overtake|exceed|converge|reach|catch up"
    r"|improve|match|get|hit|be better)\b[^,;:]*?(?=\band (?:will|is|has|was)\b|[,;:]|$)"
)
BEFORE_NO_PURPOSE = words(
    rf"(?:seems?|appears?|expect(?:ed|s)?|track|going|likely|set|bound|about|continues?"
    rf"|prov(?:en|es|ed)|shown|found|turns out|begins?|project(?:ed|s)?|predict(?:ed|s)?|sure"
    rf"|certain|guaranteed"
    rf"|known|said|tends?|extrapolated?|destined|poised|epochs|steps|{X}|more|needs?|fails?"
    rf"|failed|unable|managed|manages|course)\s*$|(?:expect\w*|project\w*|predict\w*"
    rf"|extrapolat\w*|see|consider|find|found) (?:that )?{R}\s*$"
)
CLAUSE = words(
    rf"(?<={R}), (?=its )|(?<= so), (?={R})|(?<= it), (?={R})|(?<= that), (?={R})|(?<= them), (?={R})"
    rf"|(?<= this), (?={R})"
    r"|;|\bbut\b|\bhowever\b|, (?:al)?though\b|\bwhereas\b|\bwhile\b|, so\b|, who\b|, as\b"
    r"|, since\b|, because\b|, and\b| \u2014 | \u2013 |, or\b|, yet\b"
)
