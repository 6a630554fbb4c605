"""The next call, as it is typed in a terminal: refusals and caveats name tools and arguments."""

import re

COMMAND_OF = {
    "detect_tracker": "detect",
    "list_runs": "list",
    "fetch_history": "history",
    "compare_same_epoch": "compare",
    "compare_configs": "configs",
    "convergence_check": "converge",
    "significance_test": "significance",
    "rank_runs": "rank",
    "parameter_importance": "importance",
    "check_claim": "check",
}
"""The command that asks what a tool asks."""
LISTED = {"metrics": "-m", "downstream": "-d", "proxy": "--proxy"}
"""The options that are given once for each entry of an argument's list."""
CALL = re.compile(
    r'\b(?P<option>x|cursor|match)="(?P<value>[^"]*)"'
    r"|(?<![\w.])at=(?P<at>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    rf'|\b(?P<list>{"|".join(LISTED)})=\[(?P<entries>\.\.\.|"[^"\]]*"(?:, "[^"\]]*")*)\]'
    rf"|\b(?P<tool>{'|'.join(COMMAND_OF)})\b(?:\(\)|\((?P<place>\w+)=\.\.\.\))?"
    # What others wrote stands between quotes, and stays as it is.
    r"|(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)\"[^\"\n]*\"(?!\w)"
)


def in_terminal(text: str) -> str:
    """Return a sentence with the calls it names as commands: `x="step"` becomes `--x step`."""
    return CALL.sub(_typed, text)


def _typed(call: re.Match[str]) -> str:
    if call["option"]:
        return f"--{call['option']} {call['value']}"
    if call["at"]:
        return f"--at {call['at']}"
    if call["list"]:
        entries = re.findall(r'"([^"]*)"', call["entries"]) or ["NAME"]
        return " ".join(f"{LISTED[call['list']]} {entry}" for entry in entries)
    if call["tool"]:
        place = f" {call['place'].upper()}" if call["place"] else ""
        return f"samestep {COMMAND_OF[call['tool']]}{place}"
    return call[0]
