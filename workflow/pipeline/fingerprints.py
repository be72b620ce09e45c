"""What an artifact depends on besides its inputs: the code that makes it and the packages that decide its numbers.

Snakemake sees neither a change in an imported module nor in a package, so each rule carries both as parameters.
"""

import ast
import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from rnn_replay.artifacts.netcdf import FORMAT

from pipeline.syntax import canonical

WORKFLOW = Path(__file__).parents[1]
LIBRARY = "rnn_replay"
# How artifacts are written is no science: its version stands for it.
WRITER = f"{LIBRARY}.artifacts.netcdf"
# Distributions that decide numbers or pixels, by the name under which they are imported.
DISTRIBUTIONS = {name: (name,) for name in ("numpy", "pandas", "ratinabox", "scipy", "torch", "xarray")}
DISTRIBUTIONS |= {"altair": ("altair",), "vl_convert": ("vl-convert-python",)}
DISTRIBUTIONS |= {"matplotlib": ("matplotlib", "Pillow"), "PIL": ("Pillow",), "ot": ("POT",), "yaml": ("PyYAML",)}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def recipe(script: str | Path, settings: dict | None = None, *modules: str) -> dict[str, dict]:
    """All that an artifact depends on besides its inputs.

    Args:
        script: that makes it; a path that is not absolute starts beside the Snakefile.
        settings: the slice of the configuration that the script is given.
        modules: as in :func:`fingerprint`.

    Returns:
        `settings`, `code`, `packages` and `threads`; packages are those that the script and its modules import.
    """
    code = fingerprint(script, *modules)
    paths = [located(script), *(source(name) for name in code if name.startswith(LIBRARY))]
    return {
        "settings": settings or {},
        "code": code,
        "packages": packages(*{name for path in paths for name in third_party(path)}),
        "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
    }


@cache  # each job of a rule asks again
def fingerprint(script: str | Path, *modules: str) -> dict[str, str]:
    """Hashes of a script and of every module of the science library that it imports, directly or not.

    The hash is that of the code's canonical form (:mod:`pipeline.syntax`), so what cannot change numbers does not
    change it.

    Args:
        script: path of a Python file.
        modules: dotted names of modules of the library that the script loads by name at run time.

    Returns:
        Hash by module name, sorted; the script appears under its file name, and how artifacts are written as `format`.
        Not to be changed: calls share it.
    """
    found: dict[str, str] = {}
    pending = [*imports(located(script)), *modules]
    while pending:
        name = pending.pop()
        if name not in found and name != WRITER:
            found[name] = syntax_hash(source(name))
            pending.extend(imports(source(name)))
    found |= {located(script).name: syntax_hash(located(script)), "format": str(FORMAT)}
    return dict(sorted(found.items()))


@cache
def third_party(path: Path) -> tuple[str, ...]:
    """Distributions that a file imports directly, of those that decide numbers or pixels."""
    tops = {name.split(".")[0] for name in imported(path)}
    return tuple(sorted(name for top in tops for name in DISTRIBUTIONS.get(top, ())))


@cache  # finding a package's version takes milliseconds
def packages(*names: str) -> dict[str, str]:
    """Installed version of each package, by name."""
    return {name: version(name) for name in sorted(names)}


def located(script: str | Path) -> Path:
    """Path of a script, which may be given from the folder of the Snakefile on."""
    return WORKFLOW.parent / script


def source(module: str) -> Path:
    """File of a module of this library, given its dotted name."""
    path = WORKFLOW.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


@cache
def syntax_hash(path: Path) -> str:
    """Hash of a file's code, the same under every version of Python."""
    return hashlib.sha256(canonical(tree(path)).encode()).hexdigest()[:16]


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a file imports anywhere: modules, and what is taken from them.

    A package that looks for its modules with `iter_modules` imports them all.
    """
    package = path.parent.relative_to(WORKFLOW).parts if path.is_relative_to(WORKFLOW) else ()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and node.id == "iter_modules":
            yield from (".".join((*package, file.stem)) for file in path.parent.glob("*.py") if file != path)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot is the package that the file lies in, each further dot the one above.
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *([node.module] if node.module else [])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Modules of the science library that a file imports anywhere, with the packages that hold them."""
    ours = {name for name in imported(path) if name.split(".")[0] == LIBRARY}
    parents = {".".join(name.split(".")[:depth]) for name in ours for depth in range(1, name.count(".") + 2)}
    return tuple(sorted(name for name in parents if source(name).exists()))
