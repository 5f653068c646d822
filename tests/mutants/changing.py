"""The small changes: those that Cosmic Ray knows, and one condition left out of several. What only says a type is let be, and so
is a change that Python cannot tell from the original. Running the tests against them is for ``__main__``."""

import ast
import difflib
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

# They name a variable as an argument, change nothing, or only what is decided while a file is read; and of None and of the members
# of enumerations the others ask the same.
LEFT_ASIDE = ("VariableReplacer", "VariableInserter", "NoOp", "RemoveDecorator", "ReplaceComparisonOperator_Is_Eq",
              "ReplaceComparisonOperator_IsNot_NotEq", "ReplaceComparisonOperator_Eq_Is", "ReplaceComparisonOperator_NotEq_IsNot")
OF_CONDITIONS = {"and_", "or_", "where"}


class LeaveOut(Operator):
    """One of the conditions that stand side by side in ``and_``, ``or_`` or ``where``."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if node.type == "arglist" and node.parent.get_previous_sibling().get_last_leaf().value in OF_CONDITIONS:
            yield from ((each.start_pos, each.end_pos) for each in self._conditions(node))

    def mutate(self, node: Any, index: int) -> Any:
        at = node.children.index(self._conditions(node)[index])
        del node.children[at:at + 2]
        return node

    @staticmethod
    def _conditions(node: Any) -> list[Any]:
        return [each for each in node.children if each.type != "operator"]

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
class Mutant:
    """One small change: of a file, the operator that makes it, and at which of its places."""

    file: str
    operator: str
    place: int
    line: int

    @cache  # noqa: B019 - the changes are few, and are wanted to the end
    def source(self) -> str:
        """The file as it reads with the change."""
        return str(mutate_code(Path(self.file).read_text(encoding="utf-8"), _operators()[self.operator], self.place))

    def __str__(self) -> str:
        lines = difflib.ndiff(Path(self.file).read_text(encoding="utf-8").splitlines(), self.source().splitlines())
        said = "\n".join(f"    {line}" for line in lines if line[0] in "-+")
        return f"{self.file}:{self.line} {self.operator} {self.place}\n{said}"


@cache
def _operators() -> dict[str, Operator]:
    known = {name.removeprefix("core/"): cosmic_ray.plugins.get_operator(name) for name in cosmic_ray.plugins.operator_names()}
    return {"LeaveOut": LeaveOut()} | {name: made() for name, made in sorted(known.items()) if name not in LEFT_ASIDE}


def mutants_of(file: str, chance: random.Random, wanted: int) -> list[Mutant]:
    """As many changes of a file as are wanted, drawn from all that could make a difference."""
    text = Path(file).read_text(encoding="utf-8")
    tree, plain = get_ast(text), _without_types(text)
    known = [Mutant(file, name, place, start[0]) for name, operator in _operators().items() for place, (start, _) in enumerate(
        position for node in ast_nodes(tree) for position in operator.mutation_positions(node))]
    able = (mutant for mutant in chance.sample(known, len(known)) if _without_types(mutant.source()) not in (plain, None))
    return list(itertools.islice(able, wanted))


def _without_types(text: str) -> str | None:
    """What the source does, types apart; None where it is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def changed_code(mutant: Mutant) -> dict[CodeType, CodeType]:
    """The code of each function that the change changes, and what takes its place."""
    before = codes(Path(mutant.file).read_text(encoding="utf-8"), mutant.file)
    after = codes(mutant.source(), mutant.file)
    return {code: new for code, new in zip(before, after, strict=True) if code != new} if len(before) == len(after) else {}


def codes(source: str, file: str) -> list[CodeType]:
    """The code of every function of a file, from above and from without."""
    def within(code: CodeType) -> Iterator[CodeType]:
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                yield inner
                yield from within(inner)

    return list(within(compile(source, file, "exec")))
