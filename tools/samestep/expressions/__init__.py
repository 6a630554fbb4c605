"""The grammar of `where` and `derive`: parsed and evaluated by samestep itself, never by Python.

    expression = condition { "or" condition }
    condition  = negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = sum { ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum }
    sum        = product { ( "+" | "-" ) product }
    product    = signed { ( "*" | "/" | "%" ) signed }
    signed     = "-" signed | power
    power      = atom [ "**" signed ]
    atom       = number | string | "true" | "false" | column | call | "(" expression ")"
    call       = function "(" expression { "," expression } ")"
    number     = ( digits [ "." [ digits ] ] | "." digits ) [ ( "e" | "E" ) [ "+" | "-" ] digits ]
    string     = "'" { any character; "''" stands for "'" } "'", or the same with '"'
    column     = a known name, bare or between backticks, where two stand for one
    function   = "abs" | "sqrt" | "log" | "log10" | "exp" | "min" | "max" | "round" | "missing"
               | "contains" | "startswith" | "endswith" | "lower"

**Columns.** Where a value is due, the longest known column that stands there and ends where a
word ends is taken: `train/loss - val/loss`, `loss (raw) > 1` and `top-1 > 0.7` need no quotes. A
number wins over a column that is no longer than it. `not`, `true` and `false` win over a column
of the same name, and so does a function's name before a `(`; backticks reach the column.

**Precedence** is Python's, and `0 < x < 5` means `0 < x and x < 5`. A backslash means itself.

**Missing values** are NaN among numbers and None among text. Arithmetic with one is missing, also
in `min` and `max`; a comparison with one, `!=` too, is neither true nor false but unknown. The
connectives are those of SQL: `not` of unknown is unknown, `and` is false where one side is, `or`
is true where one side is. A row matches where the condition is true; `missing(x)` asks.

**Kinds.** Numbers, text and conditions do not mix: text is compared with text, by code point,
arithmetic takes numbers, and `and`, `or` and `not` take conditions. A column of flags holds 1 and
0 and is compared, as in `flag == true`. A column of both numbers and text is taken row by row.

**Numbers** are 64-bit floats. Division by zero, logarithms of what is not positive and overflow
give infinity or NaN, and a note that counts the rows. `%` takes the sign of its right side.

**Bounds.** 2,000 characters, 500 nodes, 50 levels.
"""

from samestep.expressions.columns import Evaluated
from samestep.expressions.expression import Expression, derived, matching, parse

__all__ = ["Evaluated", "Expression", "derived", "matching", "parse"]
