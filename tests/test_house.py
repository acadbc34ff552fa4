"""The house style that a machine can check: layout, sizes, docstrings, exceptions, text encodings.

Each check gives `path:line: what`; an exception needs a line with its reason in EXCEPTIONS.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "policy_nlp"

# Data flows down this list and imports point up it; rooms on one line do not import each other.
LAYOUT = (
    ("errors",),
    ("records", "shipped"),
    ("settings",),
    ("files", "machine", "yaml_maps"),
    ("codebook",),
    ("encodings",),
    ("tables",),
    ("gold",),
    ("documents",),
    ("sentences",),
    ("reading",),
    ("model",),
    ("engine",),
    ("agreement",),
    ("evaluation",),
    ("analysis",),
    ("exchange",),
    ("reports",),
    ("operations",),
    ("review",),
    ("cli",),
)
RANKS = {room: rank for rank, rooms in enumerate(LAYOUT) for room in rooms}

MOST_MODULE_LINES = 400
MOST_BODY_LINES = 40
MOST_COMMAND_LINES = 20
MOST_PARAMETERS = 5
MOST_POSITIONAL = 2
MOST_NESTING = 3

# (check, path from the package, name or line's text): why it may stay.
EXCEPTIONS: dict[tuple[str, str, str], str] = {}

Problem = tuple[str, int, str]  # name or text, line, what
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@functools.cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def functions(tree: ast.Module) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))


def imported_rooms(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Rooms of the package that a module imports, wherever the import stands, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "policy_nlp" and len(parts) > 1 and parts[1] != "__version__":
                yield parts[1], node.lineno


def find_downward_imports(path: Path, tree: ast.Module) -> Iterator[Problem]:
    room = room_of(path)
    if room == "__init__":
        return
    if room not in RANKS:
        yield room, 1, "is not in LAYOUT: give it a place there and in CONTRIBUTING.md"
        return
    for other, line in imported_rooms(tree):
        if other not in RANKS:
            yield other, line, f"imports {other}, which is not in LAYOUT"
        elif other != room and RANKS[other] >= RANKS[room]:
            yield other, line, f"{room} imports {other}, which is not above it"


def find_relative_imports(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level > 0:
            yield ast.unparse(node), node.lineno, "is relative: write `from policy_nlp.room import name`"


def find_long_modules(path: Path, tree: ast.Module) -> Iterator[Problem]:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    if n_lines > MOST_MODULE_LINES:
        yield path.name, 1, f"has {n_lines} lines, at most {MOST_MODULE_LINES}"


def body_lines(function: Function) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def find_long_functions(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for function in functions(tree):
        if (n_lines := body_lines(function)) > MOST_BODY_LINES:
            yield function.name, function.lineno, f"body of {n_lines} lines, at most {MOST_BODY_LINES}"


def find_long_commands(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for node in tree.body:
        is_command = isinstance(node, FUNCTIONS) and any("Option" in ast.unparse(a) for a in node.args.args)
        if room_of(path) == "cli" and is_command and (n_lines := body_lines(node)) > MOST_COMMAND_LINES:
            yield node.name, node.lineno, f"command of {n_lines} lines, at most {MOST_COMMAND_LINES}"


def find_wide_signatures(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for function in functions(tree):
        if room_of(path) == "cli" and any("Option" in ast.unparse(a) for a in function.args.args):
            continue  # a command's parameters are its flags
        n_parameters = n_positional(function) + len(function.args.kwonlyargs)
        if n_parameters > MOST_PARAMETERS:
            yield function.name, function.lineno, f"{n_parameters} parameters, at most {MOST_PARAMETERS}"


def find_unnamed_parameters(path: Path, tree: ast.Module) -> Iterator[Problem]:
    owners = (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef)))
    for function in (node for owner in owners for node in owner.body if isinstance(node, FUNCTIONS)):
        if room_of(path) == "cli" or function.name.startswith("_"):
            continue  # private functions: by eye, in review
        if (n := n_positional(function)) > MOST_POSITIONAL:
            yield function.name, function.lineno, f"{n} positional parameters, at most {MOST_POSITIONAL}"


def n_positional(function: Function) -> int:
    arguments = (*function.args.posonlyargs, *function.args.args)
    return len([a for a in arguments if a.arg not in ("self", "cls")])


def find_missing_docstrings(path: Path, tree: ast.Module) -> Iterator[Problem]:
    if not ast.get_docstring(tree):
        yield path.name, 1, "the module has no docstring"
    public = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    for owner in public:
        for node in owner.body:
            is_public = isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                yield node.name, node.lineno, "has no docstring"


def find_bare_excepts(path: Path, tree: ast.Module) -> Iterator[Problem]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = ast.unparse(node.type) if node.type else "everything"
        has_reason = re.search(r"# noqa: BLE001\W*\w+", lines[node.lineno - 1])
        passes_on = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in node.body)
        if re.search(r"\b(Base)?Exception\b|everything", caught) and not has_reason and not passes_on:
            yield (
                lines[node.lineno - 1].strip(),
                node.lineno,
                f"catches {caught} without `noqa: BLE001 reason`",
            )


def find_prints(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield "print", node.lineno, "prints: return the text, and let cli/ print it"


def find_unnamed_encodings(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(tree):
        keywords = {keyword.arg for keyword in node.keywords} if isinstance(node, ast.Call) else set()
        if isinstance(node, ast.Call) and opens_text(node) and "encoding" not in keywords:
            yield ast.unparse(node), node.lineno, 'opens text without encoding="utf-8"'


def opens_text(call: ast.Call) -> bool:
    """Whether a call opens a text file: read_text, write_text, open(...), or x.open() in a text mode."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("read_text", "write_text"):
        return isinstance(call.func, ast.Attribute)
    if name != "open":
        return False
    is_method = isinstance(call.func, ast.Attribute)  # path.open(mode), or gzip.open(path, mode)
    modes = [v.value for v in call.args[0 if is_method and len(call.args) == 1 else 1 :] if is_mode(v)]
    modes += [word.value.value for word in call.keywords if word.arg == "mode" and is_mode(word.value)]
    if modes and is_method and len(call.args) > 1:
        return "t" in modes[-1]
    return "b" not in modes[-1] if modes else not (is_method and call.args)


def is_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and re.fullmatch("[rwaxbt+]{1,3}", str(node.value)) is not None


def find_reads_of_settings(path: Path, tree: ast.Module) -> Iterator[Problem]:
    if room_of(path) == "settings":
        return
    for node in ast.walk(tree):
        is_environment = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        is_toml = isinstance(node, ast.Import) and any(alias.name == "tomllib" for alias in node.names)
        if is_environment or is_toml:
            yield ast.unparse(node), node.lineno, "only settings/ reads TOML and the environment"


def find_asserts(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield ast.unparse(node), node.lineno, "asserts: raise an error that says what to do"


def find_deep_nesting(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for function in functions(tree):
        if (depth := nesting(function.body)) > MOST_NESTING:
            yield function.name, function.lineno, f"nested {depth} deep, at most {MOST_NESTING}"


def nesting(body: list[ast.stmt]) -> int:
    """Deepest nesting of blocks; an `elif` is as deep as its `if`."""
    return max((depth_of(statement) for statement in body), default=0)


def depth_of(statement: ast.stmt) -> int:
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return 0  # counted for itself
    if isinstance(statement, ast.If):
        is_elif = len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If)
        below = depth_of(statement.orelse[0]) if is_elif else nesting(statement.orelse) + 1
        return max(nesting(statement.body) + 1, below)
    blocks = [block for _, block in ast.iter_fields(statement) if is_block(block)]
    handlers = [handler.body for handler in getattr(statement, "handlers", [])]
    cases = [case.body for case in getattr(statement, "cases", [])]
    inner = [nesting(block) + 1 for block in (*blocks, *handlers, *cases)]
    return max(inner, default=0)


def is_block(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], ast.stmt)


CHECKS: dict[str, Callable[[Path, ast.Module], Iterator[Problem]]] = {
    "imports point up the layout": find_downward_imports,
    "imports are absolute": find_relative_imports,
    "modules are short": find_long_modules,
    "function bodies are short": find_long_functions,
    "commands are doorways": find_long_commands,
    "signatures are narrow": find_wide_signatures,
    "public functions name all after the second parameter": find_unnamed_parameters,
    "everything public has a docstring": find_missing_docstrings,
    "broad excepts have a reason": find_bare_excepts,
    "the library does not print": find_prints,
    "text files name their encoding": find_unnamed_encodings,
    "settings alone reads TOML and the environment": find_reads_of_settings,
    "no assert on input": find_asserts,
    "nesting is shallow": find_deep_nesting,
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_is_in_order(check: str) -> None:
    problems, used = [], set()
    for path, tree in modules().items():
        place = path.relative_to(PACKAGE).as_posix()
        for name, line, what in CHECKS[check](path, tree):
            key = (check, place, name)
            if key in EXCEPTIONS:
                used.add(key)
            else:
                problems.append(f"policy_nlp/{place}:{line}: {name} {what}")
    unused = {key for key in EXCEPTIONS if key[0] == check} - used
    assert not problems, "\n" + "\n".join(problems)
    assert not unused, f"exceptions that nothing needs any more: {unused}"


def test_every_room_of_the_layout_has_one_place() -> None:
    assert len(RANKS) == sum(len(rooms) for rooms in LAYOUT)


BROKEN = {
    "imports point up the layout": "from policy_nlp.cli import main",
    "imports are absolute": "from . import records",
    "function bodies are short": "def f():\n" + "    x = 1\n" * 41,
    "signatures are narrow": "def f(a, b, c, *, d, e, f): ...",
    "public functions name all after the second parameter": "def f(a, b, c): ...",
    "everything public has a docstring": "def f(): ...",
    "broad excepts have a reason": "try: ...\nexcept (OSError, Exception): ...",
    "the library does not print": "print(1)",
    "text files name their encoding": "path.open()\n",
    "settings alone reads TOML and the environment": "import os\nos.environ['A']",
    "no assert on input": "assert x",
    "nesting is shallow": "def f():\n for a in b:\n  if a:\n   for c in a:\n    if c: ...",
}


@pytest.mark.parametrize("check", BROKEN)
def test_a_broken_rule_is_found(check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    path = tmp_path / "codebook.py"
    path.write_text(BROKEN[check], encoding="utf-8")
    assert list(CHECKS[check](path, ast.parse(BROKEN[check])))


@pytest.mark.parametrize(
    "source",
    [
        'open(p, "rb")',
        "gzip.open(p)",
        'p.open("wb")',
        'p.open("w", encoding="utf-8")',
        "archive.open(name)",
        "archive.open(name, 'w')",
    ],
)
def test_bytes_and_named_encodings_are_in_order(source: str) -> None:
    assert not list(find_unnamed_encodings(Path("a.py"), ast.parse(source)))


@pytest.mark.parametrize("source", ["open(p)", 'gzip.open(p, "rt")', "p.read_text()", 'p.open(mode="w")'])
def test_text_without_an_encoding_is_found(source: str) -> None:
    assert list(find_unnamed_encodings(Path("a.py"), ast.parse(source)))
