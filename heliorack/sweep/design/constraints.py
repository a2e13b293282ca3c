"""Constraints of a sweep: expressions over the axes, read with Python's grammar and worked out by hand; nothing else is ever run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from heliorack.casefile.errors import Problem, listed, suggest

COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos}
LONGEST = 400  #: characters of an expression
ALLOWED = "comparisons, + - * /, and, or, not, in, numbers, texts in quotes, true, false and names of axes"


class ConstraintError(ValueError):
    """An expression that cannot be worked out; the message says why."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One expression; a point for which it holds is left out."""

    text: str
    tree: ast.expr

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds for values by name.

        Raises:
            ConstraintError: values that cannot be compared or computed with.
        """
        try:
            return bool(_value(self.tree, values))
        except ZeroDivisionError:
            raise ConstraintError("divides by zero") from None
        except (TypeError, OverflowError) as error:
            raise ConstraintError(f"cannot be worked out ({error})") from None


def constraint(text: str, names: Mapping[str, str]) -> Constraint:
    """Read an expression; `names` are those it may use.

    Raises:
        ConstraintError: not an expression, something in it that is not allowed, or an unknown name.
    """
    if len(text) > LONGEST:
        raise ConstraintError(f"is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConstraintError(f"is no expression; it may hold {ALLOWED}") from None
    _refuse(tree, names)
    return Constraint(text, tree)


def _refuse(node: ast.AST, names: Mapping[str, str]) -> None:
    """Walk an expression and refuse what it may not hold."""
    match node:
        case ast.Name() | ast.Attribute() if dotted(node) is not None:
            return _refuse_name(str(dotted(node)), names)
        case ast.Constant(value=bool() | int() | float() | str()):
            return None
        case ast.Compare(ops=ops) if any(type(op) not in COMPARE for op in ops):
            raise ConstraintError(f"holds {ast.unparse(node)}, which is not allowed; compare with < <= > >= == != and in")
        case ast.BoolOp() | ast.Compare() | ast.List() | ast.Tuple():
            pass
        case ast.UnaryOp(op=sign) if type(sign) in SIGNS:
            pass
        case ast.BinOp(op=way) if type(way) in ARITHMETIC:
            pass
        case _:
            raise ConstraintError(f"holds {ast.unparse(node)}, which is not allowed; it may hold {ALLOWED}")
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _refuse(child, names)
    return None


def _refuse_name(name: str, names: Mapping[str, str]) -> None:
    if name not in names and name not in ("true", "false"):
        meant = suggest(name, names)
        said = f"did you mean {meant}?" if meant else f"the axes are {listed(names, 'and')}"
        raise ConstraintError(f"refers to {name}, which is no axis; {said}")


def dotted(node: ast.AST) -> str | None:
    """Name, or path with dots, that a node spells; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return None if head is None else f"{head}.{node.attr}"
    return None


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name() | ast.Attribute():
            name = str(dotted(node))
            return values.get(name, name == "true")
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, values) for item in items]
        case ast.BoolOp(op=ast.And(), values=items):
            return all(_value(item, values) for item in items)
        case ast.BoolOp(values=items):
            return any(_value(item, values) for item in items)
        case ast.UnaryOp(op=sign, operand=item):
            return SIGNS[type(sign)](_value(item, values))
        case ast.BinOp(left=left, op=way, right=right):
            return _arithmetic(ARITHMETIC[type(way)], _value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            found = [_value(left, values), *(_value(item, values) for item in rest)]
            return all(COMPARE[type(op)](a, b) for op, a, b in zip(ops, found, found[1:], strict=False))
    raise ConstraintError(f"holds {ast.unparse(node)}, which is not allowed")


def _arithmetic(way: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    if not all(isinstance(each, int | float) for each in (a, b)):
        raise ConstraintError("computes with something that is no number")
    return way(a, b)


def constraints(texts: tuple[str, ...], names: Mapping[str, str], problems: list[Problem]) -> list[Constraint]:
    """Every expression of a sweep; what is wrong with one goes to `problems`."""
    found = []
    for i, text in enumerate(texts):
        try:
            found.append(constraint(text, names))
        except ConstraintError as error:
            problems.append(Problem(f"sweep.skip.{i}", text, str(error)))
    return found
