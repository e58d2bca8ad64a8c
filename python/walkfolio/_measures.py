"""Measures of a record by key, and what each is."""

from __future__ import annotations

import functools
import json
from typing import Any

from . import _native


class Measures(dict[str, float | None]):
    """The measures of a run by key; ``regimes``, ``gross`` and ``benchmark`` have those next to them."""

    def __init__(self, found: dict[str, Any]) -> None:
        full = found["full"]
        super().__init__({key: value for key, value in full.items() if key != "samples"})
        self.samples: dict[str, Any] = full.get("samples", {})
        self.regimes = {name: Measures({"full": table}) for name, table in found.get("regimes", {}).items()}
        self.gross = Measures(found["without_costs"]) if found.get("without_costs") else None
        self.benchmark = Measures(found["benchmark"]) if found.get("benchmark") else None

    def __reduce__(self) -> tuple[Any, ...]:
        found = {"full": {**self, "samples": self.samples}}
        return _measures, (found, self.regimes, self.gross, self.benchmark)


def _measures(found: dict[str, Any], regimes: Any, gross: Any, benchmark: Any) -> Measures:
    measures = Measures(found)
    measures.regimes, measures.gross, measures.benchmark = regimes, gross, benchmark
    return measures


@functools.cache
def definitions() -> dict[str, dict[str, str]]:
    """Return what each measure is, by key: label, unit, which values are better, formula and source.

    Examples
    --------
    >>> import walkfolio as wf
    >>> wf.stats.definitions()["sharpe_ratio"]["source"]
    'Sharpe (1994)'

    """
    return {each.pop("key"): each for each in json.loads(_native.measure_definitions())}
