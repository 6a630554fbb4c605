"""The protocol's rules, their checks and the tests that prove them stay one list."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from samestep.rules import RULES, Rule, RuleId
from samestep.validator import CHECKS, RuleBroken

TESTS = Path(__file__).parent
IDS = [rule.id for rule in RULES]


@dataclass(frozen=True, slots=True)
class Proof:
    """One test that says which rule it proves."""

    test: str
    rule: str
    refuses: bool
    """Whether it shows an answer being refused, rather than a good one passing."""


def proofs() -> Iterator[Proof]:
    """Yield every test marked with a rule, read from the test files."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for rule in filter(None, map(marked_rule, node.decorator_list)):
                    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                    yield Proof(node.name, rule, RuleBroken.__name__ in names)


def marked_rule(decorator: ast.expr) -> str | None:
    """Return the rule that `@pytest.mark.rule("...")` names."""
    match decorator:
        case ast.Call(func=ast.Attribute(attr="rule"), args=[ast.Constant(value=str(rule))]):
            return rule
        case _:
            return None


PROOFS = tuple(proofs())


def test_the_rules_are_the_ids_that_caveats_may_name() -> None:
    assert list(get_args(RuleId)) == IDS


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_is_told_and_reasoned_in_whole_sentences(rule: Rule) -> None:
    told = [rule.sentence, rule.why]

    assert all(text.endswith(".") for text in told)
    assert all(text[0].isupper() or text[0].isdigit() or text[0] == '"' for text in told)


@pytest.mark.parametrize("rule", IDS)
def test_a_rule_has_a_check(rule: str) -> None:
    assert rule in {check.rule for check in CHECKS}


def test_no_check_is_of_an_unknown_rule() -> None:
    assert {check.rule for check in CHECKS} <= set(IDS)


@pytest.mark.parametrize("rule", IDS)
def test_a_good_answer_is_shown_to_keep_the_rule(rule: str) -> None:
    assert [proof.test for proof in PROOFS if proof.rule == rule and not proof.refuses]


@pytest.mark.parametrize("rule", IDS)
def test_an_answer_that_breaks_the_rule_is_shown_being_refused(rule: str) -> None:
    assert [proof.test for proof in PROOFS if proof.rule == rule and proof.refuses]


@pytest.mark.parametrize("rule", IDS)
def test_a_case_of_the_refusals_breaks_the_rule(rule: str) -> None:
    cases = (TESTS / "validator/test_refusals.py").read_text(encoding="utf-8")

    assert rule in re.findall(r'broken\(\s*"([a-z-]+)"', cases)


def test_no_test_proves_an_unknown_rule() -> None:
    assert {proof.rule for proof in PROOFS} <= set(IDS)
