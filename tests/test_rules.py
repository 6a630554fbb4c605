"""The rules as data, and the proof that each is held."""

import re
from pathlib import Path
from typing import get_args

from samestep.rules import RULES, RuleId
from samestep.validator import CHECKS

REFUSALS = Path(__file__).parent / "validator/test_refusals.py"


def test_every_rule_is_data_with_a_sentence_and_a_reason() -> None:
    assert [rule.id for rule in RULES] == list(get_args(RuleId))
    assert all(rule.sentence.endswith(".") and rule.why.endswith(".") for rule in RULES)


def test_every_rule_has_a_check_and_every_check_a_rule() -> None:
    assert {check.rule for check in CHECKS} == {rule.id for rule in RULES}


def test_every_rule_has_an_answer_that_keeps_it_and_one_that_breaks_it() -> None:
    proved = set(re.findall(r'broken\(\s*"([a-z-]+)"', REFUSALS.read_text("utf-8")))

    assert proved == {rule.id for rule in RULES}
