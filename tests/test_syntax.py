"""The canonical form of code: blind to what cannot change a number and to the version of Python, sharp for the rest."""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT
from pipeline.syntax import canonical

PLAIN = """
import numpy as np
from rnn_replay.artifacts import variable


def mean(values, keep=(), *, scale: float = 1.0):
    total = 0.0
    for entry in values:
        if entry < 0:
            raise ValueError(f"values holds { entry}; allowed: at least 0")
        total += entry * scale
    print(f"total {total:.3f}")
    inner = [part for part in values if part in keep]

    def twice(x):
        return 2 * total + x

    table = variable("row", inner, "m", "distance walked")
    return twice(total) / len(values), table
"""


def form(text):
    return canonical(ast.parse(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def mean(", "# a comment\ndef mean("),
        ("    total = 0.0", '    """Mean of values."""\n    total = 0.0'),
        ("total", "sum_so_far"),
        (" entry", " item"),
        ("part for part in values if part in", "p for p in values if p in"),
        ("twice", "doubled"),
        ("values holds { entry}; allowed: at least 0", "each of them must be 0 or more, not { entry}"),
        ('f"total {total:.3f}"', '"summed up", total'),
        ('    print(f"total {total:.3f}")\n', ""),
        ("scale: float = 1.0", "scale=1.0"),
        ("def mean(values", "def mean(values: np.ndarray"),
        ("scale: float = 1.0):", "scale: float = 1.0) -> tuple:"),
        ('"distance walked"', '"how far it went"'),
        ('"m", "distance', '"cm", "distance'),
    ],
)
def test_what_cannot_change_a_number_changes_nothing(old, new):
    edited = PLAIN.replace(old, new)
    assert edited != PLAIN
    assert form(edited) == form(PLAIN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 * total", "3 * total"),
        ("total += entry", "total -= entry"),
        ("total += entry", "inner = entry"),
        ("entry < 0", "entry <= 0"),
        ("raise ValueError", "raise TypeError"),
        ("mean(values, keep", "mean(keep, values"),
        ("scale: float = 1.0", "scale: float = 2.0"),
        ("in keep", "not in keep"),
        ('variable("row"', 'variable("column"'),
        ("import numpy as np", "import scipy as np"),
        ('print(f"total {total:.3f}")', "print(next(values))"),
        ("def mean", "def average"),
        ("total = 0.0", "total = 0"),
        ("inner, ", "total, "),
        ("def twice(x)", "@staticmethod\n    def twice(x)"),
    ],
)
def test_what_could_change_a_number_is_seen(old, new):
    edited = PLAIN.replace(old, new)
    assert edited != PLAIN
    assert form(edited) != form(PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Names that only look alike.
        ("def f(x, y): return [x for x in x]", "def f(x, y): return [y for y in y]"),
        ("def f():\n a = 1\n b = 2\n return a", "def f():\n a = 1\n b = 2\n return b"),
        ("def f():\n x = 1; y = 2\n def g(k=x): return k", "def f():\n x = 1; y = 2\n def g(k=y): return k"),
        ("def f():\n global a\n a = 1", "def f():\n global b\n b = 1"),
        ("def f(a): return a.x", "def f(a): return a.y"),
        ("def f(g): return g(a=1)", "def f(g): return g(b=1)"),
        # Text that is no message.
        ("x = f'{a}b'", "x = f'{a}c'"),
        ("x = {'units': a}", "x = {'units': b}"),
        ("x.metric('speed', 'rat')", "x.metric('reach', 'rat')"),
        ("class A:\n x: int = 1", "class A:\n x: float = 1"),
    ],
)
def test_what_differs_in_a_name_or_text_that_counts_is_seen(one, other):
    assert form(one) != form(other)


def test_names_are_local_to_their_scope():
    assert form("def f():\n a = 1\n def g():\n  nonlocal a\n  a = 2\n return a") == form(
        "def f():\n b = 1\n def g():\n  nonlocal b\n  b = 2\n return b"
    )
    assert form("try: pass\nexcept A as e: raise B(e) from e") != form("try: pass\nexcept A as f: raise B(f) from f")
    assert form("def f():\n try: pass\n except A as e: raise B from e") == form(
        "def f():\n try: pass\n except A as x: raise B from x"
    )


def test_the_form_is_the_same_under_every_python():
    # Written down under 3.11; 3.12 and 3.13 parse this to trees that `ast.dump` shows otherwise.
    text = "def f(x, *a, k=1):\n    return f'{x!r:>{k}}' 'b' f\"c{'d'}\" if x else lambda y: [z async for z in y]\n"
    assert hashlib.sha256(form(text).encode()).hexdigest()[:16] == "d1e2ede17f3f28ed"


def test_what_other_versions_of_python_add_to_a_tree_does_not_count():
    tree = ast.parse("def f(x): return f'a{x}b'\nclass A(B): pass\n")
    function, kind = tree.body
    before = canonical(tree)
    for node in (function, kind):
        node._fields = (*node._fields, "type_params")  # from 3.12 on
        node.type_params = []
    function.type_comment = function.body[0].value.values[0].kind = None
    # From 3.12 on, text in an f-string may come in pieces, some of them empty.
    text = function.body[0].value.values
    text[:1] = [ast.Constant(""), ast.Constant("a"), ast.Constant("")]
    assert canonical(tree) == before


@pytest.mark.parametrize("path", sorted((ROOT / "workflow").rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_can_be_laid_out_anew(path):
    tree = ast.parse(Path(path).read_text("utf-8"))
    assert canonical(ast.parse(ast.unparse(tree))) == canonical(tree)


HASHES = """
import ast, hashlib, json, pathlib, sys
sys.path.insert(0, sys.argv[1])
from pipeline.syntax import canonical
folder = pathlib.Path(sys.argv[1])
texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}
forms = {name: canonical(ast.parse(text)) for name, text in texts.items()}
hashed = {name: hashlib.sha256(form.encode()).hexdigest() for name, form in forms.items()}
print(json.dumps([sys.version_info[:2], hashed]))
"""


def hashes(python):
    """Version of a Python, and the hash of each module's code under it; None where it does not run."""
    done = subprocess.run([python, "-I", "-B", "-c", HASHES, str(ROOT / "workflow")], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def test_every_module_has_the_same_form_under_other_pythons():
    places = [Path(sys.base_prefix).parent, Path.home() / ".pyenv/versions", Path.home() / ".local/share/uv/python"]
    pythons = {str(path) for place in places for path in place.glob("*/bin/python3.1?")}
    pythons |= {found for minor in range(11, 20) if (found := shutil.which(f"python3.{minor}"))}
    found = [hashes(python) for python in sorted(pythons) if int(python.rpartition(".")[2]) >= 11]
    others = [(version, hashed) for version, hashed in filter(None, found) if tuple(version) != sys.version_info[:2]]
    if not others:
        pytest.skip("no other Python from 3.11 on is installed here")
    _, here = hashes(sys.executable)
    assert len(here) > 100
    for version, hashed in others:
        assert hashed == here, version
