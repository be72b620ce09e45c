"""What an artifact depends on besides its inputs: the code that makes it and the packages that decide its numbers.

Snakemake sees neither a change in an imported module nor in a package, so each rule carries both as parameters.
"""

import ast
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

WORKFLOW = Path(__file__).parents[1]
PACKAGES = ("rnn_replay", "pipeline")
# Distributions that decide numbers, by the name under which they are imported.
DISTRIBUTIONS = {name: name for name in ("matplotlib", "numpy", "pandas", "ratinabox", "scipy", "torch", "xarray")}
DISTRIBUTIONS |= {"netCDF4": "netCDF4", "ot": "POT"}


@cache  # each job of a rule asks again
def fingerprint(script: str | Path, *modules: str) -> dict[str, str]:
    """Hashes of a script and of every module of this library that it imports, directly or not.

    The hash is that of the abstract syntax tree without docstrings, so comments, docstrings and formatting
    do not change it.

    Args:
        script: path of a Python file.
        modules: dotted names of modules of this library that the script loads by name at run time.

    Returns:
        Hash by module name, sorted; the script appears under its file name. Not to be changed: calls share it.
    """
    found: dict[str, str] = {}
    pending = [*imports(Path(script)), *modules]
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = syntax_hash(source(name))
            pending.extend(imports(source(name)))
    found[Path(script).name] = syntax_hash(Path(script))
    return dict(sorted(found.items()))


def recipe(script: str | Path, settings: dict | None = None, *modules: str) -> dict[str, dict]:
    """All that an artifact depends on besides its inputs.

    Args:
        script: that makes it.
        settings: the slice of the configuration that the script is given.
        modules: as in :func:`fingerprint`.

    Returns:
        `settings`, `code` and `packages`; the last are those that the script and its modules import.
    """
    code = fingerprint(script, *modules)
    paths = [Path(script), *(source(name) for name in code if name != Path(script).name)]
    return {
        "settings": settings or {},
        "code": code,
        "packages": packages(*{p for path in paths for p in third_party(path)}),
    }


@cache
def third_party(path: Path) -> tuple[str, ...]:
    """Distributions that a file imports directly, of those that decide numbers."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return tuple(sorted(DISTRIBUTIONS[name] for name in names if name in DISTRIBUTIONS))


@cache  # finding a package's version takes milliseconds
def packages(*names: str) -> dict[str, str]:
    """Installed version of each package, by name."""
    return {name: version(name) for name in sorted(names)}


def source(module: str) -> Path:
    """File of a module of this library, given its dotted name."""
    path = WORKFLOW.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a file, without docstrings."""
    module = ast.parse(path.read_text(), filename=str(path))
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return module


@cache
def syntax_hash(path: Path) -> str:
    """Hash of a file's code."""
    return hashlib.sha256(ast.unparse(tree(path)).encode()).hexdigest()[:16]


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Modules of this library that a file imports anywhere, with the packages that hold them.

    A package that looks for its modules with `iter_modules` imports them all.
    """
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and node.id == "iter_modules":
            package = ".".join(path.parent.relative_to(WORKFLOW).parts)
            names.update(f"{package}.{file.stem}" for file in path.parent.glob("*.py") if file != path)
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    ours = {name for name in names if name.split(".")[0] in PACKAGES}
    parents = {".".join(name.split(".")[:depth]) for name in ours for depth in range(1, name.count(".") + 2)}
    return tuple(sorted(name for name in parents if source(name).exists()))
