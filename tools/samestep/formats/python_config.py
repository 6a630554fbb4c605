"""Configs written as Python text, as OpenMMLab dumps them: parsed, never executed."""

import ast
import warnings

LARGEST_TEXT = 2_000_000  # characters


def read_python(text: str) -> dict[str, object]:
    """Return the settings that a text assigns at its top level; none where it is no Python.

    Literals and `dict(...)` are settings; of anything else its text is kept.
    """
    if len(text) > LARGEST_TEXT:
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a stranger's text escapes wrongly
            module = ast.parse(text)
        return {
            target.id: _value(statement.value)
            for statement in module.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _value(node: ast.expr) -> object:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            named = zip(keys, values, strict=True)
            return {_key(key): _value(value) for key, value in named if key is not None}
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return {word.arg: _value(word.value) for word in keywords if word.arg is not None}
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case _:
            return ast.unparse(node)


def _key(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
