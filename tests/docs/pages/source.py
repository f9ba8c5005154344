"""The code as a tree, for pages and tests that read what it says."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[3]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package, by its dotted name."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            file.read_text(encoding="utf-8")
        )
        for file in sorted((ROOT / "aof").rglob("*.py"))
    }


def documented(module: str) -> dict[str, str]:
    """The text under each name that a module, or a class in it, gives a value or a type: `NAME` or `Class.name`."""
    found: dict[str, str] = {}
    tree = modules()[module]
    bodies = {
        "": tree.body,
        **{f"{node.name}.": node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)},
    }
    for before, body in bodies.items():
        for statement, text in pairwise(body):
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            words = constant(text.value) if isinstance(text, ast.Expr) else None
            for target in targets:
                if isinstance(target, ast.Name) and words is not None:
                    found[before + target.id] = " ".join(words.split())
    return found


def calls(room: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the modules whose name begins so, with the name as it is called: `log.info`, `Answer.sentence`."""
    for name, tree in modules().items():
        if name == room or name.startswith(f"{room}."):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield ast.unparse(node.func), node


def constant(node: ast.expr | None) -> str | None:
    """The text that an expression is, None for any other one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def first_words(room: str, *called: str) -> set[str]:
    """The first argument of every such call, where it is written out."""
    return {word for name, call in calls(room) if name in called and call.args and (word := constant(call.args[0]))}
