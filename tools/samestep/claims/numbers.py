"""Numbers in a sentence that may be values or differences, with the digits they are given to."""

import math
import re

from samestep.claims.marks import ANY, OTHER, M, Marked, R, Stated, X
from samestep.claims.patterns import words
from samestep.claims.places import SMALL

NO_VALUE = "\u00a7"  # what stands for a number that is no value
UNIT = (
    r"%|percentage points?|percent(?:age)?|points?|pts?|pp|p\.p\.|bps|[x\u00d7](?!\w)|nats?|bits?"
    r"|perplexity|ppl"
)
NUMBER = words(
    r"(?<![\w.#])(?P<sign>[+\-\u2212±Δ]\s?)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+"
    r"|\d+|\.\d+)"
    rf"(?P<power>e[+-]?\d+)?(?:[\s-]?(?P<unit>{UNIT})(?!\w))?(?![\w])(?!\.\d|-[a-z])",
    re.IGNORECASE,
)
SPELT = words(
    rf"\b(?P<word>{'|'.join(SMALL)})\s+(?P<unit>percentage points?|percent|points?|pp)\b",
    re.IGNORECASE,
)
NO_VALUE_BEFORE = words(
    r"(?:#|\bp(?:[- ]values?)?(?: (?:is|of|was|below|under|less than|above|around|about|near"
    r"|~)){1,2}\s*"
    r"|\b(?:probability|chance|odds|likelihood)(?: of| is| at)?\s*|\b(?:lr|learning rate"
    r"|batch(?: size)?|width|depth|layers?|heads?|momentum|decay"
    r"|temperature|warmup|dropout|smoothing|alpha|beta|gamma|rate|size|dim\w*|hidden|patience)"
    r"(?: (?:is|was|of|now|to|from|at|set|be|stays|remains|default)){0,3}\s*[:=]?\s*|\b(?:v|version"
    r"|table|tab\.?|fig\.?|figure|section|sec\.?|eq\.?|equation|appendix|pr"
    r"|issue|seeds?"
    r"|ranges?|thresholds?|coefficients?|betas?|eps|python|torch|cuda|n|k|p|lr|rate(?: is| of)?"
    r"|batch(?: size)?(?: of| is)?|width|depth"
    r"|layers?|heads?|from"
    r"|alpha|beta|gamma|momentum|decay|temperature|gpus?|nodes?|over|last|top|averaged over|mean of"
    r"|(?:first|second|third|one|two|three|out) of"
    r"|epochs?|steps?|commit|chapter|page|line|step|warmup|dropout(?: of)?|sd|std|se|ci|±)"
    r"\s*(?:[=:<>≈~]|<=|>=)?\s*)$",
    re.IGNORECASE,
)
FROM = words(r"\bfrom\s*$", re.IGNORECASE)
ALLOWED_AFTER = frozenset(
    "on in at for of vs versus to from and or but while whereas where above below behind ahead"
    " higher lower better worse less more greater smaller larger short relative relatively absolute"
    " than over under by with compared against difference gap improvement gain drop"
    " lead margin deficit"
    " is was were are lies stands down up units decrease increase reduction after before until so"
    " then now which that here again already still only too respectively when as up loss accuracy"
    " bleu score top-1 top1 acc puts makes it its the this these top reached deltas"
    " delta far away off"
    " between test val validation eval train training without according yet fewer weaker stronger"
    " last yesterday tonight today apart advantage disadvantage edge here per lost gained also"
    " wer cer map ap f1 auc iou miou"
    " px mm cm db success win hit"
    " perplexity ppl error reward return recall precision dice ndcg nll mrr".split()
)
AFTER = words(rf"\s*(?:(?P<sign>{ANY}|[^\w\s])|(?P<word>[A-Za-z][\w-]*)|$)")
COUNTED_THINGS = words(
    r"\s*(?:more|additional|further|extra|other|fewer|different|random|training|full)?\s*"
    r"(?:epochs?|steps?|iterations?|updates?|days?|hours?|minutes?|seconds?|seeds?|runs?|gpus?"
    r"|nodes?|layers?|times|things|models?)\b|\s*more(?:\s*[).,;]|\s+(?!than)[a-z])",
    re.IGNORECASE,
)
SETTING = words(
    r"\b(?:lr|learning[ -]rate|batch(?: size)?|weight decay|momentum|dropout|warm-?up|temperature"
    r"|parameters|params|tokens/s|gpus?|cpus?|memory|vram|disk|utili[sz]ation|throughput|bandwidth"
    r"|typo|ratio|hyper-?parameters?|arguments?|flags?|latency|wall[- ]?clock|(?:step|epoch"
    r"|training) time|time per|data ?loaders?|workers?|cores?"
    r"|coverage|price|costs?|euros?|dollars?|gb|gib|hours?)\b",
    re.IGNORECASE,
)
MOMENT = words(
    r"(?<![\w.-])(?:\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\d{1,2}:\d\d(?::\d\d)?)"
    r"(?![\w:-])"
)
INTERVAL = words(
    r"(?:\d{1,2}(?:\.\d+)?\s?% ?)?\b(?:(?:confidence|credible|bootstrap) )?(?:intervals?|ci)\b"
    r"(?: (?:of|for) [^.;,\d]{1,40})?(?: of| is| from|:"
    r"|=)?\s*[\[(]?\s*[-+\u2212]?\d*\.?\d+\s?%?\s*(?:to|and|,|-|\u2013|\.\.)\s*"
    r"[-+\u2212]?\d*\.?\d+\s?%?\s*[\])]?",
    re.IGNORECASE,
)
FIRST_OF_LIST = words(r"^\W*\(\d{1,2}\)|\(1\)")
"""A list in a sentence, or a sentence of one: `(2) At epoch 11 ...`."""
MORE_THINGS = words(
    r"\s*(?:more|less|fewer|additional|extra)\s+(?!than|on|in|at|by|for|with|after|and|but|from|of"
    r"|as"
    r"|loss|acc\w*|error|score|value|accurate)[a-z]"
)
POINTS_OF_A_CURVE = words(r"\b(?:only|just|with|has|have|needs?|least|from)\s*$")
OF_A_CURVE = words(
    rf"\s*(?:(?:so far|yet|logged|recorded|in the (?:curve|history|tail)|to (?:project|fit"
    rf"|extrapolate))\b"
    rf"|on {M},?\s+(?:there|nothing|no|so far|yet|{R} is too|it is too))"
)
AMONG = words(r"\bbetween\s+\d*\.\d+\s?%?\s+and\s+\d*\.\d+\s?%?", re.IGNORECASE)
"""Values told by the range they lie in."""
BY_BEFORE = words(r"\b(?:by|of|up|down|about|some|gains?|loses?|lost|gained)\s*$", re.IGNORECASE)
APART_AFTER = words(
    r"\s*(?:behind|ahead|above|below|higher|lower|better|worse|apart|short|up|down|over|under|more"
    r"|less"
    r"|lead|gap|off|shy|of|in|on)\b",
    re.IGNORECASE,
)
"""What stands beside a difference that is spelt out: of `agree on one point` nothing."""
USED = words(
    r"\b(?:trains?|trained|training|runs?|configured|set)\s+(?:with|at|to)\s*$|\b(?:uses?|used"
    r"|using)\s*$"
    rf"|{NO_VALUE}\s*(?:instead of|rather than)\s*$"
)
"""What stands before the value of a setting: `trains with 0.5 where ... uses 0.2`."""
OF_BITS = words(r"\d-bit")  # how a network is stored, and no loss
SIZE = words(
    r"\b(?:an?|the|with)\s+(?!value|score|result|mean|average|total|gap|lead|margin|difference"
    r"|minimum"
    r"|maximum|peak|plateau|part|fraction|share|median)[a-z]+(?:[ -]size)?\s+of\s*$"
    r"|\b(?:doubl|halv|increas|rais|reduc|lower|chang|go|mov|scal|widen|grow|switch|shrink)ing\s+"
    r"(?:\S+\s+){0,4}from\s+(?:\S+\s+){0,2}(?:to\s+)?$|\b\d+ \w+ (?:instead of|rather than"
    r"|in place of)\s+$|(?:\breviewer|^\W*(?:point|item|entry|comment|question|remark|note|case"
    r"|phase|part))\s*#?$",
    re.IGNORECASE,
)
"""What stands before the size of a thing: `at a crop of 512`, `doubling the width from 64 to`."""
SETTINGS = words(
    r"(?<=[a-z]\s)\(\s*\d+\s*(?:and|vs\.?|versus|against|instead of|rather than|or|to|->"
    r"|\u2192)\s*\d+\s*\)"
    r"|\bn\s*=\s*\d+\s*(?:and|vs\.?|,)\s*\d+\b",
    re.IGNORECASE,
)
"""A setting of each side: `codebooks (8 and 4)`, `n = 4 and 4`."""
OF_SETTING = words(
    rf"(?:\b[a-z]+(?:_[a-z0-9]+)+|{OTHER})\s*[:=(]?\s*(?:{NO_VALUE}\s*(?:and|or|to|vs\.?|versus"
    rf"|against|instead of|,)\s*)?$"
)
"""What names a setting before its value: an identifier, or code, that is no metric's name."""
SPREADS = words(
    r"\b(?:spreads?|standard (?:deviations?|errors?)|std|stddev|s\.d\.|noise(?: level| floor"
    r"| estimate)?(?=\s+(?:is|of(?! each)|at|=)))\b"
    r"(?:(?!\b(?:mean|average|value|difference|gap|lead)\b)[^.;,]|\.(?=\d))*",
    re.IGNORECASE,
)
"""How far seeds, or points, lie apart: what `spread over five seeds is 0.05 for ...` tells."""
DECIMAL = words(r"(?<![\w.])\d*\.\d+(?!\w)")
ALONG_X = words(r"\s*(?:epoch|step|token|sample)s?\b", re.IGNORECASE)
PART_OF = words(
    r"\s*of (?:the |its |all |our |their )?(?:[a-z-]+ )?"
    r"(?:that|it|run|training|budget|data\w*|epochs?|steps|curve|time|pairs|cases|seeds|patches"
    r"|tokens"
    r"|pixels|nodes|parameters|weights|users|memory|layers|heads)\b"
)
ROUGH = words(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|nearly|almost|some|like"
    r"|close to)|[~≈])\s*$",
    re.IGNORECASE,
)
NEAR = 40  # characters before a number that tell what it counts
ROUGHLY = 0.05  # of the value, for a number that is said to be rough
PLUS_MINUS = "\u00b1"
HAIR = 1e-9


def mark_numbers(marked: Marked) -> None:
    """Replace every number that may be a value or a difference by its sign."""

    def spelt(found: re.Match[str]) -> str:
        before, after = found.string[: found.start()], found.string[found.end() :]
        if _counts_points(before.lower(), after):
            return NO_VALUE
        if found["unit"].lower().startswith("point") and not (
            BY_BEFORE.search(before) or APART_AFTER.match(after)
        ):
            return found[0]
        value = float(SMALL[found["word"].lower()])
        return marked.number(Stated(found[0], value, 0.5, _unit(found["unit"])))

    marked.replaced(MOMENT, lambda found: NO_VALUE * len(found[0]))
    marked.replaced(SETTINGS, lambda found: NO_VALUE * len(found[0]))
    marked.replaced(AMONG, lambda found: NO_VALUE * len(found[0]))
    marked.replaced(INTERVAL, lambda found: NO_VALUE * len(found[0]))
    marked.replaced(SPREADS, lambda found: DECIMAL.sub(NO_VALUE, found[0]))
    of_setting = SETTING.search(marked.words) is not None and not re.search(M, marked.words)
    marked.replaced(SPELT, spelt)
    marked.replaced(NUMBER, lambda found: _sign(marked, found, of_setting=of_setting))


def _sign(marked: Marked, found: "re.Match[str]", *, of_setting: bool) -> str:
    """Return what a number is replaced by: its sign, itself, or what stands for no value."""
    before = found.string[max(0, found.start() - NEAR) : found.start()]
    after = found.string[found.end() :]
    if _is_no_value(found):
        return NO_VALUE
    listed = re.fullmatch(r"\.?\s*", after) and re.search(rf"{R}\s*$", before)
    ranged = re.match(rf"\s*to\s+{X}", after) and FROM.search(before)
    counts = ranged or re.match(rf"[.):]\s*{R}", after) or (listed and len(found["digits"]) == 1)
    if counts or _numbers_a_list(found, before, after):
        return found[0]
    if of_setting and _unit(found["unit"]) != "points":
        return NO_VALUE
    if _is_counted(found, after):
        return found[0] if ALONG_X.match(after) else NO_VALUE
    if _is_of_something_else(found, before, after):
        return NO_VALUE
    return marked.number(_stated(found, rough=bool(ROUGH.search(before))))


def _is_no_value(found: "re.Match[str]") -> bool:
    """Return whether a number is written as no value is: `± 0.1`, `4-bit`, a setting's `1e-3`."""
    if (found["sign"] or "").strip() == PLUS_MINUS or OF_BITS.search(found[0]):
        return True
    return (found["power"] or "").startswith("e-") and found["digits"].isdecimal()


def _is_of_something_else(found: "re.Match[str]", before: str, after: str) -> bool:
    """Return whether the words beside a number say that it is no value of a metric."""
    if NO_VALUE_BEFORE.search(before) and not (FROM.search(before) or before.endswith("table: ")):
        return True
    if (
        MORE_THINGS.match(after)
        or _is_size(found, before)
        or OF_SETTING.search(before)
        or USED.search(before)
    ):
        return True
    if _counts_points(before, after):
        return True
    follows = AFTER.match(after)
    word = follows["word"] if follows else None
    return bool(word and found["unit"] in {None, "%"} and word.lower() not in ALLOWED_AFTER)


def _numbers_a_list(found: "re.Match[str]", before: str, after: str) -> bool:
    """Return whether a number is an item's, `(1) two more seeds`, or a vote's, `+1 for`."""
    if re.fullmatch(r"\W*", found.string[: found.start()]) and re.match(r" (?:for|to|on)\b", after):
        return found[0].strip() in {"+1", "-1"}
    in_brackets = before.endswith("(") and after.startswith(")") and found["digits"].isdecimal()
    return in_brackets and FIRST_OF_LIST.search(found.string) is not None


def _counts_points(before: str, after: str) -> bool:
    """Return whether a number counts the points of a curve: `a projection needs at least 5`."""
    if re.search(r"\b(?:needs?|wants?|requires?)\s+at least\s+$", before):
        return True
    return bool(POINTS_OF_A_CURVE.search(before) and OF_A_CURVE.match(after))


def _is_size(found: "re.Match[str]", before: str) -> bool:
    whole = found["digits"].isdecimal() and not found["unit"]
    return whole and SIZE.search(before) is not None


def _is_counted(found: "re.Match[str]", after: str) -> bool:
    """Return whether a number counts things, or is a part of a run."""
    if found["unit"] == "%":
        return PART_OF.match(after) is not None
    return not found["unit"] and COUNTED_THINGS.match(after) is not None


def plain(text: str) -> Stated | None:
    """Return the number that a cell of a table holds; None where it holds none."""
    inner = re.sub(r"[*_`~$\\]|\(.*?\)|±.*$", "", text).strip()
    found = NUMBER.fullmatch(inner)
    return _stated(found, rough=False) if found else None


def _stated(found: "re.Match[str]", *, rough: bool) -> Stated:
    digits = found["digits"].replace(",", "")
    sign = (found["sign"] or "").strip()
    value = float(f"{digits}{found['power'] or ''}")
    if math.isinf(value):  # no slack: it is no recorded value
        return Stated(found[0], value, 0.0, _unit(found["unit"]))
    exponent = math.floor(math.log10(value / float(digits))) if found["power"] and value else 0
    slack = 0.5 * 10.0 ** (exponent - len(digits.partition(".")[2]))
    if rough:
        slack = max(2 * slack, ROUGHLY * value)
    signed = sign in {"+", "-", "\u2212"}
    negative = sign in {"-", "\u2212"}
    return Stated(
        found[0], -value if negative else value, slack + HAIR * value, _unit(found["unit"]), signed
    )


def _unit(unit: str | None) -> str:
    text = (unit or "").lower()
    if text in {"%", "percent", "percentage"}:
        return "%"
    if text in {"x", "\u00d7"}:
        return "x"
    if text.startswith(("point", "pt", "pp", "p.p.", "percentage point")):
        return "points"
    return text


def agrees(stated: Stated, value: float) -> bool:
    """Return whether a number is a recorded one, rounded, or the same as percent or fraction."""
    wanted = abs(stated.value) if not stated.signed else stated.value
    known = abs(value) if not stated.signed else value
    return any(abs(wanted - known * scale) <= stated.slack for scale in _scales(stated, value))


def is_beyond(stated: Stated, value: float, *, over: bool) -> bool:
    """Return whether a recorded value lies above, or below, a number that is told as its limit."""
    limits = (stated.value / scale for scale in _scales(stated, value))
    scaled = min(limits, key=lambda limit: abs(limit - value))
    return value > scaled if over else value < scaled


def _scales(stated: Stated, value: float) -> tuple[float, ...]:
    if stated.unit in {"%", "points"}:
        return (1.0, 100.0) if abs(value) <= 1.0 else (1.0,)
    if stated.unit == "bps":
        return (100.0, 10_000.0)
    if abs(value) <= 1.0 < abs(stated.value):
        return (1.0, 100.0)
    return (1.0, 0.01) if abs(stated.value) <= 1.0 < abs(value) else (1.0,)
