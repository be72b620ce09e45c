"""How the house is laid out: what may know of what, and how long a file may be."""

import ast

import pytest
from checkout import ROOT
from pipeline.fingerprints import imported

LIBRARY = ROOT / "workflow/rnn_replay"
MODULES = sorted((ROOT / "workflow").rglob("*.py"))


def name(path):
    """Dotted name of a module."""
    parts = path.relative_to(ROOT / "workflow").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=name)
def test_the_science_knows_nothing_of_snakemake_or_the_pipeline(path):
    assert "snakemake" not in path.read_text("utf-8").lower()
    tops = {module.split(".")[0] for module in imported(path)}
    assert not tops & {"pipeline", "snakemake", "yaml"}


@pytest.mark.parametrize(
    "path", [*MODULES, *sorted((ROOT / "workflow/rules").glob("*.smk"))], ids=lambda path: path.stem
)
def test_no_file_is_long(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def at_import(path):
    """Modules that a module imports when it is imported: not in functions, not for types alone."""
    pending = list(ast.parse(path.read_text("utf-8")).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef) and "TYPE_CHECKING" not in ast.dump(node):
            pending.extend(node.body)


def test_no_import_goes_round_in_a_circle():
    paths = {name(path): path for path in MODULES if "scripts" not in path.parts}
    # A package that gathers its own modules is no circle with them.
    edges = {
        module: {other for other in at_import(path) if other in paths and not module.startswith(f"{other}.")} - {module}
        for module, path in paths.items()
    }
    while edges:
        free = [module for module, others in edges.items() if not others & edges.keys()]
        assert free, f"among {sorted(edges)}"
        for module in free:
            del edges[module]
