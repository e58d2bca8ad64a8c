"""The package's own house: no file imports one that imports it, none is long, errors are pickled whole."""

from __future__ import annotations

import ast
import graphlib
import pickle

import pytest
from support import ROOT

import walkfolio as wf

PACKAGE = ROOT / "python/walkfolio"
FILES = sorted(path for path in PACKAGE.rglob("*.py"))


def module(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """The modules of the package that a file imports, anywhere in it."""
    own = module(path).split(".")
    package = own if path.name == "__init__.py" else own[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            base = ".".join(part for part in base if part)
            # `from . import x` is the file x; the native module is no file of Python.
            names = {f"{base}.{each.name}" for each in node.names if each.name != "_native"}
            found |= (names & MODULES) | ({base} if names - MODULES else set())
    return found - {module(path)}


MODULES = {module(path) for path in FILES}


def test_no_file_imports_one_that_imports_it():
    graph = {module(path): imports(path) & MODULES for path in FILES}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert len(order) == len(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_are_short(path):
    assert len(path.read_text().splitlines()) <= 500


def test_every_error_is_pickled_with_its_data():
    infeasible = {"constraints": ["a"], "relaxations": [{"constraint": "a", "min": None, "max": 1.0, "advice": "b"}]}
    made = [
        wf.DataError("m", "h"),
        wf.RunError("m"),
        wf.SolveError("m", "h", date="2020-01-02"),
        wf.PolicyError("m", None, date="2020-01-02"),
        wf.InternalError("m"),
        wf.StudyError("m", faults=[{"path": "a", "message": "b", "hint": None, "line": 3}]),
        wf.Infeasible("m", "h", conflict=infeasible, date="2020-01-02"),
    ]
    for error in made:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again).keys() == vars(error).keys()
        assert {k: v for k, v in vars(again).items() if k != "_data"} == {
            k: v for k, v in vars(error).items() if k != "_data"
        }
