"""Writes what is made from the schema of studies: `walkfolio/objects` and the functions of `walkfolio/estimate`.

python scripts/generate.py           write them
python scripts/generate.py --check   fail where they are not up to date
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# What is called otherwise: `Costs` is what a backtest of a policy takes.
NAMES = {"costs": "StudyCosts", "none": "AllAssets"}
SUFFIX = {"covariance": "Covariance", "expected_returns": "Returns"}

ALL = '''"""All typed objects of a study, made from its schema by `scripts/generate.py`: do not edit."""

%(imports)s
__all__ = [
%(names)s
]
'''

PART_HEAD = '''"""%(what)s, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

%(imports)s'''

# The lists of choices that have a file of their own, and another for the tables within them.
LISTS = ("objective", "covariance", "expected_returns")


def home_of(path: list[str]) -> str:
    """The file of a table: its section, or the list that it is a choice of."""
    if len(path) > 1 and path[1] in LISTS:
        return path[1] if len(path) == 2 else f"{path[1]}_parts"
    return path[0]


class Writer:
    def __init__(self, schema: dict[str, Any]) -> None:
        self.classes: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.kinds = self.count_kinds(schema)
        for key, section in schema["properties"].items():
            self.type_of(section, [key])

    def count_kinds(self, schema: Any) -> dict[str, set[str]]:
        """In which unions each kind is."""
        found: dict[str, set[str]] = {}

        def walk(node: Any, path: list[str]) -> None:
            if "documentedAt" in node:
                return
            for variant in node.get("oneOf", []) + node.get("anyOf", []):
                kind = variant.get("properties", {}).get("kind", {}).get("const")
                if kind:
                    found.setdefault(kind, set()).add(path[-1])
                walk(variant, path)
            for key, value in node.get("properties", {}).items():
                walk(value, [*path, key])
            if isinstance(node.get("items"), dict):
                walk(node["items"], path)

        walk(schema, [])
        return found

    def type_of(self, node: dict[str, Any], path: list[str]) -> str:
        if not isinstance(node, dict):
            return "Any"
        if "documentedAt" in node:
            # A choice within a choice: its objects are those of the place that documents it.
            return "StudyObject | Mapping[str, Any]"
        if path[0] == "clean" and len(path) > 1:
            # One rule for each of many findings, all alike: `wf.schema()` and the book list them.
            return "str | Mapping[str, Any]"
        variants = node.get("oneOf") or node.get("anyOf")
        if variants:
            consts = [v["const"] for v in variants if "const" in v]
            others = [self.type_of(v, path) for v in variants if "const" not in v and v.get("type") != "null"]
            literal = [f"Literal[{', '.join(json.dumps(c) for c in consts)}]"] if consts else []
            return " | ".join(dict.fromkeys(literal + others))
        kinds = node.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        found = [self.simple(node, kind, path) for kind in kinds if kind != "null"]
        return " | ".join(dict.fromkeys(found)) or "Any"

    def simple(self, node: dict[str, Any], kind: str, path: list[str]) -> str:
        if kind == "object" and node.get("properties"):
            return f"{self.add(node, path)} | Mapping[str, Any]"
        if kind == "object":
            values = node.get("additionalProperties", True)
            inner = self.type_of(values, path) if isinstance(values, dict) else "Any"
            return f"Mapping[str, {inner}]"
        if kind == "array":
            return f"Sequence[{self.type_of(node.get('items', {}), path)}]"
        if kind == "string":
            return "str | datetime.date" if node.get("format") == "date" else "str"
        return {"number": "float", "integer": "int", "boolean": "bool"}[kind]

    def name_of(self, node: dict[str, Any], path: list[str]) -> str:
        kind = node["properties"].get("kind", {}).get("const")
        if kind is None:
            base = path[-1]
            return NAMES.get(base) or camel(base.removesuffix("s") if base in ("groups", "views") else base)
        own = NAMES.get(kind) or camel(kind)
        shared = len(self.kinds[kind]) > 1 or kind in ("sample", "csv", "parquet")
        # Objectives have the short names.
        return own + SUFFIX.get(path[-1], camel(path[-1])) if shared and path[-1] != "objective" else own

    def add(self, node: dict[str, Any], path: list[str]) -> str:
        name = self.name_of(node, path)
        kind = node["properties"].get("kind", {}).get("const")
        required = node.get("required", [])
        keys = sorted(node["properties"].items(), key=lambda item: item[0] not in required)
        fields, docs = [], []
        for key, value in keys:
            if key == "kind" and kind:
                continue
            own = f"{key}_" if keyword.iskeyword(key) else key
            kind_of = self.type_of(value, [*path, key])
            fields.append(f"    {own}: {kind_of}" + ("" if key in required else " | None = None"))
            docs.append(f"{own} :\n{textwrap.indent(described(value), '    ')}")
        text = [f"@dataclass(frozen=True, kw_only=True)\nclass {name}(StudyObject):"]
        doc = described(node)
        if docs:
            doc += "\n\nAttributes\n----------\n" + "\n".join(docs)
        doc = doc.replace("\\", "\\\\")
        text.append(textwrap.indent(f'"""{doc}\n"""' if "\n" in doc else f'"""{doc}"""', "    "))
        text.append("")
        if kind:
            text.append(f'    _kind: ClassVar[str | None] = "{kind}"')
        text.extend(fields)
        written = "\n".join(line.rstrip() for line in "\n".join(text).rstrip().splitlines()) + "\n"
        if self.classes.get(name, written) != written:
            name = camel(path[-2]) + name if len(path) > 1 else name + "Section"
            written = written.replace(f"class {written.split('class ')[1].split('(')[0]}(", f"class {name}(")
        self.classes.setdefault(name, written)
        self.homes.setdefault(name, home_of(path))
        return name


def camel(key: str) -> str:
    return "".join(part.capitalize() for part in key.split("_"))


def described(node: Any) -> str:
    """What the schema says, in lines that fit."""
    text = node.get("description", "A table of a study.") if isinstance(node, dict) else "Any value."
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    default = node.get("default") if isinstance(node, dict) else None
    if default is not None and not isinstance(default, dict):
        parts.append(f"Default: `{json.dumps(default)}`.")
    head, *rest = parts
    first, stop, more = head.partition(". ")
    if len(first) < 100 and stop:
        head, rest = first + ".", [more, *rest]
    return "\n\n".join(textwrap.fill(part, 100) for part in [head, *rest])


ESTIMATE = '''"""%(what)s, made from the schema of studies by `scripts/generate.py`: do not edit.

Each function takes returns as a DataFrame or array, one row a period, and the keys of a study's table. ``window`` is
all rows unless it is given. ``benchmark`` and ``factor_returns`` (a DataFrame with the risk-free rate in ``RF``) are
for those that need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .. import _moments
from ..objects import _%(key)s as _objects

if TYPE_CHECKING:
%(imports)s

__all__ = [
%(names)s
]
'''
FUNCTION = '''

@_moments.described(_objects.%(object)s)
def %(name)s(
    returns: Any,
    *,
%(fields)s    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """%(doc)s"""
    return _moments.%(key)s("%(name)s", locals())
'''


def variants_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables that a key may have, told apart by `kind`."""
    found = []
    for each in node.get("oneOf", []) + node.get("anyOf", []):
        found += [each] if "properties" in each else variants_of(each)
    return found


def imports_of(text: str, homes: dict[str, str], own: str | None = None, base: str = "._base") -> list[str]:
    """The lines that import the typed objects that a text names, for the type checker alone."""
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    places: dict[str, list[str]] = {}
    for name in sorted(words & set(homes)):
        if homes[name] != own:
            places.setdefault(homes[name], []).append(name)
    found = [f"from {base.removesuffix('_base')}_{home} import {', '.join(names)}" for home, names in places.items()]
    return sorted([*found, *([f"from {base} import StudyObject"] if "StudyObject" in words else [])])


def typing_of(text: str) -> str:
    """The line that imports what a text needs of `typing`."""
    names = [name for name in ("Any", "ClassVar", "Literal") if re.search(rf"\b{name}\b", text)]
    return ", ".join(names)


def collections_of(text: str) -> list[str]:
    """The line that imports what a text needs of `collections.abc`."""
    names = [name for name in ("Mapping", "Sequence") if re.search(rf"\b{name}\b", text)]
    return [f"from collections.abc import {', '.join(names)}"] if names else []


def checked(standard: list[str], others: list[str]) -> str:
    """Imports for the type checker alone."""
    lines = [*standard, *([""] if standard and others else []), *others]
    return "\n".join(f"    {line}".rstrip() for line in lines)


def part(home: str, texts: list[str], homes: dict[str, str]) -> str:
    """A file of typed objects."""
    body = "".join(f"\n\n{text}" for text in texts)
    code = re.sub(r'"""(.|\n)*?"""', "", body)
    standard = [*(["import datetime"] if "datetime." in code else []), *collections_of(code)]
    others = [line for line in imports_of(code, homes, home) if "_base" not in line]
    inner = checked(standard, others)
    names = ", ".join(filter(None, ["TYPE_CHECKING" if inner else "", typing_of(code)]))
    typed = [f"from typing import {names}"] if names else []
    lines = ["from dataclasses import dataclass", *typed, "", "from ._base import StudyObject"]
    block = "\n".join(lines) + "\n" + (f"\nif TYPE_CHECKING:\n{inner}\n" if inner else "")
    what = (
        f"The tables of `{home}`" if not home.endswith("_parts") else f"Tables within `{home.removesuffix('_parts')}`"
    )
    return PART_HEAD % {"what": what, "imports": block} + body


def objects(writer: Writer) -> dict[str, str]:
    """The files of the package of typed objects."""
    parts: dict[str, list[str]] = {}
    for name, text in writer.classes.items():
        parts.setdefault(writer.homes[name], []).append(text)
    places: dict[str, list[str]] = {}
    for name, home in sorted(writer.homes.items()):
        places.setdefault(home, []).append(name)
    lines = [f"from ._{home} import (\n{listed(names, bare=True)}\n)" for home, names in sorted(places.items())]
    imports = "\n".join(["from ._base import StudyObject", *lines]) + "\n"
    names = listed(["StudyObject", *writer.classes])
    made = {f"_{home}.py": part(home, texts, writer.homes) for home, texts in parts.items()}
    return {"_all.py": ALL % {"imports": imports, "names": names}, **made}


def listed(names: list[str], bare: bool = False) -> str:
    """Names one a line, as a list has them."""
    return "\n".join(f"    {name}," if bare else f'    "{name}",' for name in sorted(names))


def estimator(writer: Writer, variant: dict[str, Any], key: str) -> tuple[str, str]:
    """The types of an estimator's keys, and its function; its object has the whole text."""
    kind = variant["properties"]["kind"]["const"]
    required = [name for name in variant["required"] if name not in ("kind", "window")]
    keys = [name for name in variant["properties"] if name != "kind"]
    keys.sort(key=lambda name: name not in required)
    fields = ""
    for name in keys:
        own = f"{name}_" if keyword.iskeyword(name) else name
        kind_of = writer.type_of(variant["properties"][name], ["estimate", key, name])
        fields += f"    {own}: {kind_of}" + (",\n" if name in required else " | None = None,\n")
    doc = described(variant).partition("\n\n")[0].replace("\n", "\n    ").replace("\\", "\\\\")
    given = {"name": kind, "object": writer.add(variant, ["estimate", key]), "fields": fields, "doc": doc, "key": key}
    return fields, FUNCTION % given


def estimators(writer: Writer, section: dict[str, Any], key: str, what: str) -> str:
    """The file of one list of estimators."""
    variants = {each["properties"]["kind"]["const"]: each for each in variants_of(section["properties"][key])}
    made = [estimator(writer, variants[kind], key) for kind in sorted(variants)]
    fields = "".join(types for types, _ in made)
    imports = checked(collections_of(fields), imports_of(fields, writer.homes, base="..objects._base"))
    given = {"what": what, "key": key, "imports": imports, "names": listed(list(variants))}
    return ESTIMATE % given + "".join(text for _, text in made)


def native() -> Any:
    """The native module alone: the package may not import before these files are there."""
    package = importlib.util.find_spec("walkfolio")
    found = package.submodule_search_locations if package else None
    places = [ROOT / "python/walkfolio", *map(Path, found or ())]
    path = next(path for place in reversed(places) for path in place.glob("_native*") if path.suffix != ".pyi")
    spec = importlib.util.spec_from_file_location("_native", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written() -> dict[Path, str]:
    """Every file that is made, by its path."""
    files = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    schema = json.loads(files[0].read_text() if files else native().schema())
    writer = Writer(schema)
    section = schema["properties"]["estimate"]
    estimate = {
        "covariance.py": estimators(writer, section, "covariance", "Covariances"),
        "expected_returns.py": estimators(writer, section, "expected_returns", "Expected returns"),
    }
    folder = ROOT / "python/walkfolio"
    parts = {"objects": objects(writer), "estimate": estimate}
    return {folder / place / name: text for place, files in parts.items() for name, text in files.items()}


# What stands next to them and is not made.
OWN = ("__init__.py", "_base.py")


def outdated(made: dict[Path, str]) -> list[Path]:
    """The files that are not as they are made, and those that are no longer made."""
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    there = [path for folder in {path.parent for path in made} for path in folder.glob("*.py")]
    return stale + [path for path in there if path not in made and path.name not in OWN]


if __name__ == "__main__":
    files = written()
    stale = outdated(files)
    if "--check" in sys.argv and stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"{names}: not what the schema gives; run python/scripts/generate.py")
    for path in stale:
        path.write_text(files[path]) if path in files else path.unlink()
