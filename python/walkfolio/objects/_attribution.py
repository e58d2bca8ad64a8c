"""The tables of `attribution`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Benchmark(StudyObject):
    """The benchmark, which is an asset or a blend of assets."""

    _kind: ClassVar[str | None] = "benchmark"


@dataclass(frozen=True, kw_only=True)
class Style(StudyObject):
    """The long-only portfolio of the assets whose returns over the full sample differ least from the
    benchmark's (Sharpe 1992). It is known only in hindsight.
    """

    _kind: ClassVar[str | None] = "style"


@dataclass(frozen=True, kw_only=True)
class EqualWeightReference(StudyObject):
    """The same weight in every asset that has a return on a session."""

    _kind: ClassVar[str | None] = "equal_weight"


@dataclass(frozen=True, kw_only=True)
class Weights(StudyObject):
    """Weights of the study's own, restored at every close.

    Attributes
    ----------
    weights :
        By asset; they sum to 1.

        Unit: fraction of equity.

        Example: `weights = { SPY = 0.6, GLD = 0.4 }`
    """

    _kind: ClassVar[str | None] = "weights"
    weights: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Attribution(StudyObject):
    """Where returns and risk came from.

    Attributes
    ----------
    factors :
        Factors of `market.factors` that returns are regressed on; all of them without it.

        Example: `factors = ["Mkt-RF", "SMB"]`
    groups :
        Groups of assets, for the effects of allocation and selection; each asset in one of them.

        Without it each asset is a group of its own, and nothing is left for selection.

        Example: `groups = { technology = ["XLK", "SMH"], energy = ["XLE"] }`
    interaction :
        What becomes of the interaction of allocation and selection.

        Default: `"separate"`.
    lags :
        Lags of the Newey-West standard errors of the factor regression; `floor(4 (T / 100)^(2/9))` for T
        periods without it. With 0 they are White's.

        Unit: periods.

        Example: `lags = 5`
    reference :
        The portfolio that stands for the benchmark in the effects.

        Without it: the benchmark itself where it is an asset, or a blend of assets; else its style.
    style :
        Assets that the portfolio's and the benchmark's returns are explained with in a style analysis;
        `["*"]` for all.

        Example: `style = ["SPY", "EWJ", "GLD"]`
    years :
        Whether calendar years are periods, too.

        Default: `true`.
    """

    factors: Sequence[str] | None = None
    groups: Mapping[str, Sequence[str]] | None = None
    interaction: Literal["separate", "in_selection"] | None = None
    lags: int | None = None
    reference: Benchmark | Mapping[str, Any] | Style | Mapping[str, Any] | EqualWeightReference | Mapping[str, Any] | Weights | Mapping[str, Any] | None = None
    style: Sequence[str] | None = None
    years: bool | None = None
