"""How names of runs and metrics are written, and the words beside them that give them away."""

import re

from samestep.claims.marks import R, X
from samestep.claims.patterns import words

EDGES = words(r"[/_\s.=,:*-]+")
TOKEN = words(r"(?<![\w/@.-])[A-Za-z][\w.*=/+-]*[\w*]")
FILE = words(r"\.(?:py|json|ya?ml|toml|csv|md|txt|pt|ckpt|png|sh|ipynb|cfg|log)$|://|^https?:")
NAMED_RUN = (
    r"run|model|variant|config(?:uration)?|version|setup|one|group|student|baseline|seeds?|branch"
)
VERB = (
    r"is|was|are|were|has|had|have|beats?|wins?|won|outperforms?|surpass(?:es)?|leads?|trails?"
    r"|lags?|loses?|lost|reach(?:es|ed)?"
    r"|gets?|got|scores?|scored|will|can|converge[ds]?|plateaued|improves?|exceeds?|sits?"
    r"|stands?|attains?|ends?|ranks?|looks?|seems?|at|vs\.?|versus|still|clearly|now"
)
DIGITS = words(r"(?<![\w.,:-])0\d{1,4}(?![\w,:%]|\.\d)")
STARRED = words(r"(?<![\w/*])[A-Za-z][\w.+-]*(?:/[\w.=+-]+)+\*(?![\w*/])")
"""A group that nobody recorded, whose star is no emphasis: `tdmpc2/dog-run.csv*`."""
HASH = words(r"(?<![\w/.-])(?=[0-9a-f]*[a-f])\d[0-9a-f]{5,}(?![\w/-])")  # an id such as `8bfe4e35`
BEFORE_A_NAME = words(
    r"(?:^(?:\W*(?:fyi|lol|btw|so|and|but|ok|okay|yeah|yep|hey|heads up|update|note|well|also|now"
    r"|wow|nice"
    r"|haha|tbh|honestly|ah|oh|hmm)\W+)*|\b(?:than|over|behind|above|below|beats?|vs\.?|versus"
    r"|against|outperforms?"
    r"|surpass(?:es)?|and|compared to|relative to|loses to|lost to|by|with|pick|choose|prefer|ship"
    r"|recommend|from|while|whereas|but|off"
    r"|under|shy of|short of)\s+"
    r"(?:the\s+)?|[>,;:|(]\s*(?:the\s+)?|\bthe\s+|" + X + r"\s*(?:the\s+)?)$",
    re.IGNORECASE,
)
AFTER_A_NAME = words(
    rf"^(?:\s+(?:{NAMED_RUN})\b|'s\b|\s*[><:](?!\w)|\s+(?:{VERB})\b|\s*$|\s*[.,;)!](?:\s|$)"
    rf"|\s+(?:on|by|at|in|and)\b|\s+\d*\.\d)",
    re.IGNORECASE,
)
OBJECT_OF = words(
    r"(?:\b|(?=>))(?:than|over|behind|above|below|beats?|vs\.?|versus|against|outperforms?"
    r"|surpass(?:es)?|and|loses to|lost to|relative to|compared (?:to|with)|up with|whereas|off"
    r"|under|shy of|short of|go(?:ing)? with|pick|choose|prefer|ship|recommend|away from"
    r"|distance from"
    r"|while|>)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
CODE = words(
    r"(?<![\w/-])(?:r\d{1,2}|run[ -](?:[A-Z]|\d{1,2})|exp(?:eriment)?[ -]?\d{1,3}"
    r"|model[ -][A-Z])\b(?![/\w-]|\.\d)"
    r"|(?<![\w/.-])[A-HJ-Z](?=\s+(?:is|beats|outperforms|wins|won|leads|trails"
    r"|has converged|surpasses|loses|lost)\b)"
    r"|(?<![\w/.-])[A-Z]{1,3}\d{1,4}(?!\s+is (?:right|correct|wrong))(?=\s+(?:is|was|has|had|beats?|wins|won|outperforms|leads"
    r"|trails|loses|lost|reaches|reached|scores)\b)"
)
ROLE = words(
    r"(?<![\w/-])(?<!\ba )(?<!each )(?<!every )(?<!any )(?<!grad )(?<!phd )(?<!graduate )(?:(?:the"
    r"|our|this|my)\s+)?(?P<role>student"
    r"|baseline)\b(?![-_/]\w)(?!\s+(?:values?|metrics?"
    r"|loss|code|config\w*|file|yaml|class|script|branch|director\w+|folder|implementation|side"
    r"|column))(?:\s+(?:run|model)\b)?"
    r"|\b(?:our|my|your|this|the (?:new|current|proposed))\s+(?:(?!best|top|strong|worst|winning"
    r"|only)\w+\s)?(?P<ours>run|model|method|approach|network)\b|\b(?P<own>ours)\b",
    re.IGNORECASE,
)
TEACHER = words(r"\bteachers?\b")  # who has one is no student of a comparison
NO_RUN = words(
    r"^(?:top|k|f|t|e|gpt|bf|fp|int|x|p|v|sha|lr|h|a|epoch|step|day|week|phase|stage|part|level"
    r"|section)[-_]?\d+$"
    r"|^(?!.*/)\w+-(?:of|to|in|by|the|a|at|on|up|off|out|down|and|or|like|based|step|shot|fold"
    r"|tuned"
    r"|trained|best|only|wise)\b"
    r"|^(?:resnet|vgg|swin|vit|efficientnet|convnext|deit|mobilenet|densenet|cifar|mnist|imagenet"
    r"|wmt|gsm)-?\d*$",
    re.IGNORECASE,
)
LIKE_A_RUN = words(
    r"^[A-Za-z][\w.+-]*(?:/[\w.=+-]+)+\*$|"
    r"^[A-Za-z][\w.+-]*(?:/[\w.=+-]*)*/(?:[\w.=+-]*\d[\w.=+-]*|\w*\*)$"
    r"|^[A-Za-z]+\d*(?:-\w+)*-\w*\d\w*(?:-\w+)*$"
)
RUN_PATH = words(r"[A-Za-z][\w.+-]*/(?:[\w.=+-]*\d+|\w*\*)$")  # `llama3-8b-kto/seed1`
METRIC_LIKE = words(
    r"(?<![\w/.-])(?:(?:[\w.-]+/)+(?:[\w.-]*(?:acc|accuracy|loss|top-?\d|ppl|f1|bleu|auc|map|error"
    r"|wer|reward|score|iou|em|rouge\w*))(?:_(?:norm|mean|avg|max|min|std))?"
    r"|(?:val|valid|validation|test|train|eval|dev|metrics?|losses|charts|rollout|bbox|segm)"
    r"/[\w@./-]*\w)(?![\w/-])",
    re.IGNORECASE,
)
PLACED_METRIC = words(
    r"(?:(?<=\ban )|(?<=\ba )|(?<=\bin )|(?<=\bon )|(?<=\bin `)"
    r"|(?<=\bon `))[A-Za-z][\w-]*/\w[\w@-]*(?=\s+(?:of|at|is|over"
    r"|and|with|while|whereas|versus|vs|against|after|for|by|:|=)\b|[.,;]|$)"
    rf"|(?<![\w/.-])[A-Za-z][\w-]*/\w[\w@-]*(?=`?\s+of\s+(?:\d|{R}))"
    r"|(?<![\w/.-])(?:val|valid|validation|test|train|eval|dev)_[a-z]\w+(?=[\s,])",
    re.IGNORECASE,
)
"""A name that stands where a metric would: `at an imagenet-c/mce of 71.2`."""
BENCHMARK = words(
    r"(?<![\w/.-])(?:comet|meteor|(?:recall|precision|hits?|map|pass|success|accuracy)@\d+|chrf"
    r"|cider|fid|psnr|ssim|mrr|ndcg(?:@\d+)?|auroc|auprc|mmlu|gsm8k"
    r"|hellaswag|[\w-]*bench|alpaca-?eval|ifeval|arena-hard|bbh|boolq|piqa|humaneval|winogrande"
    r"|truthfulqa|squad|mteb|dice|spearman|pearson|rmse|ece"
    r"|[a-z][\w-]* score|[a-z]+_scores?|(?:word|character|phoneme|token) error rates?|(?:calibration|absolute"
    r"|squared|reconstruction"
    r"|prediction) errors?)(?:\s+score)?(?![\w/-])",
    re.IGNORECASE,
)
SAME_WORD = {
    "validation": "val", "valid": "val", "dev": "val", "eval": "val", "evaluation": "val",
    "training": "train", "testing": "test", "accuracy": "acc", "losses": "loss",
    "perplexity": "ppl", "top-1": "top1", "top-5": "top5", "k-nn": "knn", "returns": "return",
    "rewards": "reward", "wers": "wer",
}  # fmt: skip
KINDS = (
    "acc|accuracy|loss|losses|ppl|perplexity|top-?[15]|knn|k-nn|bleu|wer|f1|auc|map"
    "|rewards?|returns?|error|score|miou|iou|em|rouge|cer"
)
SPLITS = "val|validation|valid|dev|eval|evaluation|test|testing|train|training|knn|k-nn|held-out"
LOOSE = words(
    rf"(?<![\w/.-])(?:(?P<split>{SPLITS})[ -](?:set[ -])?)?(?P<kind>(?:(?:knn|k-nn"
    rf"|shifted)[ -])?(?:{KINDS}))(?![\w/]|-(?!wise))"
    rf"(?:\s+on\s+(?:the\s+)?(?P<on>{SPLITS})(?:\s+set)?)?"
    rf"|(?<![\w/.-])(?P<alone>{SPLITS})(?=\s*[:=]?\s*\d*\.\d)",
    re.IGNORECASE,
)
COMMON = frozenset(
    "a an the its this that final best top test val eval train high higher highest low lower"
    " lowest good better mean average same overall to of his our their and or not will can would"
    " should they we runs models current new last first downstream proxy single total".split()
)
SPLIT_WORDS = frozenset("val test train loss accuracy".split())
FEWEST_LETTERS = 3  # of a word that may begin a part of a name
STANDS = words(
    rf"\s+(?:{VERB})\b|\s*[><]|\s*:\s*[\d.]|\s+\d*\.\d|[\u2019']s\s+(?:at|on|got|down|up|still"
    rf"|now)\b",
    re.IGNORECASE,
)
NEAR = 20  # characters around a name in which a number tells that it is a metric
MOST_FUZZY = 200  # names that an abbreviation is tried against
