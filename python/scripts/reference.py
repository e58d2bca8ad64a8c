"""Writes the reference of the Python package, from its docstrings: `docs/src/python/reference/*.md`.

python scripts/reference.py           write it
python scripts/reference.py --check   fail where it is not up to date
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import walkfolio as wf
import walkfolio.sklearn

FOLDER = Path(__file__).resolve().parents[2] / "docs/src/python/reference"

HEAD = """# Python reference: {title}

Made from the docstrings by `python/scripts/reference.py`; the examples run with the tests.

{text}
"""


def pages() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Title, introduction and objects of each page, by its name."""
    top = ["run", "Run", "Grid", "Study", "schema", "read", "verify", "Verification", "check", "audit", "Audit"]
    sweeps = ["sweep", "run_cells", "assemble", "decide", "Decision", "decide_accounts", "AccountDecisions"]
    own = ["backtest", "Backtest", "Policy", "Past", "Costs"]
    moments = {
        f"{name}.{key}": getattr(module, key)
        for name in wf.estimate.__all__
        for module in (getattr(wf.estimate, name),)
        for key in module.__all__
    }
    return {
        "runs": ("studies and runs", "", {name: getattr(wf, name) for name in top}),
        "sweeps": ("sweeps and decisions", "", {name: getattr(wf, name) for name in sweeps}),
        "policies": ("policies of your own", "", {name: getattr(wf, name) for name in own}),
        "optimize": ("walkfolio.optimize", doc(wf.optimize), members(wf.optimize)),
        "estimate": ("walkfolio.estimate", doc(wf.estimate), moments),
        "stats": ("walkfolio.stats", doc(wf.stats), members(wf.stats)),
        "data": ("walkfolio.data", doc(wf.data), members(wf.data)),
        "sklearn": ("walkfolio.sklearn", doc(walkfolio.sklearn), members(walkfolio.sklearn)),
        "errors": ("walkfolio.errors", doc(wf.errors), members(wf.errors)),
    }


def doc(module: Any) -> str:
    """The documentation of a module, as Markdown."""
    return markdown(inspect.cleandoc(module.__doc__ or ""))


def members(module: Any) -> dict[str, Any]:
    """What a module exports, functions first."""
    found = {name: getattr(module, name) for name in module.__all__}
    return dict(sorted(found.items(), key=lambda item: (inspect.isclass(item[1]), item[0].lower())))


def signature(name: str, value: Any) -> str:
    """How it is called, without types that a reader does not need."""
    try:
        given = inspect.signature(value)
    except (TypeError, ValueError):
        return name
    shown = []
    for each in given.parameters.values():
        star = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = "" if each.default is each.empty else f"={each.default!r}"
        if each.kind is each.KEYWORD_ONLY and not any(part.startswith("*") for part in shown):
            shown.append("*")
        if each.name != "self":
            shown.append(f"{star}{each.name}{default}")
    return f"{name}({', '.join(shown)})"


SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def markdown(text: str) -> str:
    """A docstring in numpy's style as Markdown."""
    parts = SECTION.split(text)
    lines = [prose(parts[0])]
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        if title == "Examples":
            lines.append(f"```pycon\n{body.strip()}\n```")
        else:
            lines.append(f"**{title}**\n\n{items(body.strip())}")
    return plain("\n\n".join(filter(None, lines)))


def plain(text: str) -> str:
    """Literals as Markdown marks them."""
    return re.sub(r"(?<!`)``(?!`)", "`", text)


def prose(text: str) -> str:
    """Paragraphs, some of which are lists of terms."""
    parts = re.split(r"\n\n(?! )", text.strip())
    return "\n\n".join(items(part) if re.search(r"^\S.*\n {4}\S", part, re.MULTILINE) else part for part in parts)


def items(text: str) -> str:
    """Terms with what is indented below them, as a list; other paragraphs as they are."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("    ") and found:
            found[-1] += f" {line.strip()}" if line.strip() else ""
        elif line.strip():
            found.append(line.strip())
    lines = text.splitlines()
    heads = [line.strip() for line, after in zip(lines, [*lines[1:], ""], strict=True) if after.startswith("    ")]
    terms = sorted(set(heads), key=lambda term: (-len(term), term))
    shown = []
    for each in found:
        term = next((term for term in terms if each.startswith(term) and each != term), None)
        shown.append(f"- `{term.strip('`').removesuffix(' :')}`: {each[len(term) :].strip()}" if term else each)
    return "\n".join(shown) if any(line.startswith("- ") for line in shown) else text


def entry(name: str, value: Any) -> str:
    """One object: its signature, its documentation, and the methods of a class."""
    text = inspect.cleandoc(value.__doc__ or "")
    lines = [f"## {name}", f"```text\n{signature(name, value)}\n```", markdown(text)]
    if inspect.isclass(value):
        for key, member in vars(value).items():
            documented = inspect.getdoc(getattr(value, key)) if not key.startswith("_") else None
            if not documented or not (callable(member) or isinstance(member, (property, classmethod, staticmethod))):
                continue
            shown = f".{key}" if isinstance(member, property) else signature(f".{key}", getattr(value, key))
            lines.append(plain(f"- `{shown}`: {' '.join(documented.split(chr(10) * 2)[0].split())}"))
    return "\n\n".join(lines[:3]) + ("\n\n" + "\n".join(lines[3:]) if lines[3:] else "")


def written() -> dict[Path, str]:
    """Every page, by its path."""
    found = {}
    for name, (title, text, objects) in pages().items():
        body = "\n\n".join(entry(key, value) for key, value in objects.items())
        page = f"{HEAD.format(title=title, text=text).rstrip()}\n\n{body}\n"
        found[FOLDER / f"{name}.md"] = re.sub(r"[ \t]+$", "", page, flags=re.MULTILINE)
    return found


if __name__ == "__main__":
    made = written()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv and stale:
        sys.exit(
            f"{', '.join(path.name for path in stale)}: not what the docstrings say; run python/scripts/reference.py"
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(made[path])
