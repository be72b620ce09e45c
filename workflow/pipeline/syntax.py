"""The canonical form of code: equal for two texts that compute the same numbers by the same steps.

Left out: comments, layout, docstrings, annotations of functions, names of local variables, messages (of exceptions,
`print`, `report`, warnings and loggers), and units and meanings where a variable, setting or metric is declared. Also
whatever differs between versions of Python: `ast.dump` and `ast.unparse` are written anew by each.
"""

import ast
from collections.abc import Iterator

# Calls that only say something, by the last part of their name.
SPOKEN = {"print", "report", "warn", "debug", "info", "warning", "error", "exception"}
# Where a declaration says in words what something is: positions and keywords.
DECLARED = {"variable": {2, 3}, "setting": {0, 1, 3}, "metric": {0, 1}}
WORDS = {"unit", "units", "long_name", "meaning", "description", "symbol"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, ast.Lambda, *COMPREHENSIONS)
UNSEEN = {"ctx", "kind", "type_comment", "type_ignores", "returns"}


def canonical(tree: ast.AST) -> str:
    """The canonical form of a syntax tree."""
    return Writer().write(tree)


class Writer:
    """Writes syntax trees; knows which names are local, and whether text is for people."""

    def __init__(self) -> None:
        self.scopes: list[tuple[set[str], dict[str, str]]] = []  # local names, and what they are called here
        self.count = 0
        self.silent = False
        self.annotated = True  # outside functions, where dataclasses and pydantic read annotations

    def write(self, node: object) -> str:
        """A node, a list of nodes or a plain value."""
        if isinstance(node, list):
            return f"[{','.join(filter(None, map(self.write, node)))}]"
        if not isinstance(node, ast.AST):
            return ascii(node)
        if isinstance(node, SCOPES):
            return self.scope(node)
        special = getattr(self, type(node).__name__, None)
        return special(node) if special else self.plain(node)

    def plain(self, node: ast.AST, **instead: object) -> str:
        """A node by its fields; those that are empty are left out, since each version of Python adds some."""
        values = {name: getattr(node, name, None) for name in node._fields if name not in UNSEEN} | instead
        written = [f"{name}={self.write(value)}" for name, value in values.items() if value not in (None, [])]
        return f"{type(node).__name__}({','.join(written)})"

    def said(self, node: object) -> str:
        """A node whose text is for people."""
        before, self.silent = self.silent, True
        written = self.write(node) if isinstance(node, ast.expr) else self.plain(node)
        self.silent = before
        return written

    def scope(self, node: ast.AST) -> str:
        """A function or comprehension. Parameters keep their names: they are how it is called."""
        kept: dict[str, str] = {}
        if isinstance(node, COMPREHENSIONS):
            # The first iterable is worked out before the names within are known; so are defaults and decorators.
            first = node.generators[0]
            outside = self.write(first.iter)
            inner = ast.comprehension(first.target, ast.Tuple([]), first.ifs, first.is_async)
            instead: dict[str, object] = {"generators": [inner, *node.generators[1:]]}
        else:
            given = node.args
            outside = self.write(given.defaults) + self.write(given.kw_defaults)
            kinds = [given.posonlyargs, given.args, [given.vararg], given.kwonlyargs, [given.kwarg]]
            kept = {argument.arg: argument.arg for kind in kinds for argument in kind if argument}
            instead = {"args": [[argument and argument.arg for argument in kind] for kind in kinds]}
        if isinstance(node, FUNCTIONS):
            outside += "".join(map(self.decorator, node.decorator_list))
            name = self.named(node.name)
            instead |= {"name": name, "body": without_docstring(node.body), "decorator_list": None}
        annotated, self.annotated = self.annotated, False
        self.scopes.append((kept.keys() | stored(node), kept))
        written = self.plain(node, **instead)
        self.scopes.pop()
        self.annotated = annotated
        return outside + written

    def decorator(self, node: ast.expr) -> str:
        return self.declaration(node, "metric") if isinstance(node, ast.Call) else self.write(node)

    def Call(self, node: ast.Call) -> str:
        return self.declaration(node, "variable", "setting")

    def declaration(self, node: ast.Call, *functions: str) -> str:
        """A call, without the words in which some functions are told what something is."""
        name = getattr(node.func, "id", "")
        places = DECLARED[name] if name in functions else set()
        arguments = [self.said(value) if i in places else self.write(value) for i, value in enumerate(node.args)]
        keywords = [
            self.said(word) if name in functions and word.arg in WORDS else self.write(word) for word in node.keywords
        ]
        return f"Call({self.write(node.func)},[{','.join(arguments)}],[{','.join(keywords)}])"

    def named(self, name: str) -> str:
        """What a name is called here: its place in the order of first use, if it is local."""
        for local, called in reversed(self.scopes):
            if name in local:
                if name not in called:
                    self.count += 1
                    called[name] = f"local {self.count}"
                return called[name]
        return name

    def renamed(self, node: ast.AST) -> str:
        """A node with a name that may be local."""
        return self.plain(node, name=node.name and self.named(node.name))

    ExceptHandler = MatchAs = MatchStar = renamed

    def Name(self, node: ast.Name) -> str:
        return self.plain(node, id=self.named(node.id))

    def Nonlocal(self, node: ast.Nonlocal) -> str:
        return self.plain(node, names=[self.named(name) for name in node.names])

    def Module(self, node: ast.Module) -> str:
        return self.plain(node, body=without_docstring(node.body))

    def ClassDef(self, node: ast.ClassDef) -> str:
        annotated, self.annotated = self.annotated, True
        written = self.plain(node, body=without_docstring(node.body), name=self.named(node.name))
        self.annotated = annotated
        return written

    def AnnAssign(self, node: ast.AnnAssign) -> str:
        return self.plain(node) if self.annotated else self.plain(node, annotation=None)

    def JoinedStr(self, node: ast.JoinedStr) -> str:
        """An f-string; neighbouring pieces of text are one, however the parser cut them."""
        pieces: list[object] = []
        for value in node.values:
            text = value.value if isinstance(value, ast.Constant) else None
            if text is not None and pieces and isinstance(pieces[-1], str):
                pieces[-1] += text
            elif text != "":
                pieces.append(value if text is None else text)
        if self.silent:
            pieces = [piece for piece in pieces if not isinstance(piece, str) and calls(piece)]
        return self.plain(node, values=pieces)

    def Constant(self, node: ast.Constant) -> str:
        return "Text()" if self.silent and isinstance(node.value, str) else self.plain(node)

    def Dict(self, node: ast.Dict) -> str:
        written = []
        for key, value in zip(node.keys, node.values, strict=True):
            words = isinstance(key, ast.Constant) and key.value in WORDS
            written += [self.write(key), self.said(value) if words else self.write(value)]
        return f"Dict({','.join(written)})"

    def Raise(self, node: ast.Raise) -> str:
        return self.said(node)

    def Expr(self, node: ast.Expr) -> str:
        call = node.value
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in SPOKEN:
            # What it says makes no difference; what is called for it could.
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            return self.said(node) if any(map(calls, given)) else ""
        return self.plain(node)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements of a module, class or function without its docstring."""
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    return body[1:] if isinstance(first, ast.Constant) and isinstance(first.value, str) else body


def stored(node: ast.AST) -> set[str]:
    """Names that are local to a function or comprehension, without its parameters."""
    found: set[str] = set()
    elsewhere: set[str] = set()
    for child in inside(node):
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
            found.add(child.id)
        elif isinstance(child, (*FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            found.add(child.name or "")
        elif isinstance(child, ast.Global | ast.Nonlocal):
            elsewhere.update(child.names)
    return found - elsewhere


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes of a scope, without what lies in scopes and classes within it."""
    pending: list[ast.AST] = [node]
    while pending:
        for child in ast.iter_child_nodes(pending.pop()):
            yield child
            if not isinstance(child, (*SCOPES, ast.ClassDef)):
                pending.append(child)


def calls(node: ast.AST) -> bool:
    """Whether anything is called in a node."""
    return any(isinstance(child, ast.Call) for child in ast.walk(node))
