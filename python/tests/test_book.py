"""The Python of the book is run, page by page."""

from __future__ import annotations

import re

import pytest
from support import ROOT

PAGES = sorted((ROOT / "docs/src/python").glob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_python_of_a_page_runs(page, tmp_path, monkeypatch):
    for library in ("pandas", "sklearn"):
        pytest.importorskip(library)
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(page.read_text())
    assert blocks
    names = {"__name__": "__main__"}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
