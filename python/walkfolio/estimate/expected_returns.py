"""Expected returns, made from the schema of studies by `scripts/generate.py`: do not edit.

Each function takes returns as a DataFrame or array, one row a period, and the keys of a study's table. ``window`` is
all rows unless it is given. ``benchmark`` and ``factor_returns`` (a DataFrame with the risk-free rate in ``RF``) are
for those that need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .. import _moments
from ..objects import _expected_returns as _objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..objects._base import StudyObject
    from ..objects._expected_returns_parts import ExpectedReturnsBlend, ExpectedReturnsPrior, ModelViews, View

__all__ = [
    "bayes_stein",
    "black_litterman",
    "blend",
    "capm",
    "equilibrium",
    "ewma",
    "factor_model",
    "file",
    "historical",
    "james_stein",
    "mean_reversion",
    "momentum",
    "multi_factor",
    "sample_mean",
    "shrinkage",
]


@_moments.described(_objects.BayesStein)
def bayes_stein(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    posterior_covariance: bool | None = None,
    scale_covariance: bool | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means shrunk towards that of the minimum-variance portfolio (Bayes-Stein, Jorion)."""
    return _moments.expected_returns("bayes_stein", locals())


@_moments.described(_objects.BlackLitterman)
def black_litterman(
    returns: Any,
    *,
    model_views: Sequence[ModelViews | Mapping[str, Any]] | None = None,
    posterior_covariance: bool | None = None,
    prior: ExpectedReturnsPrior | Mapping[str, Any] | None = None,
    tau: float | None = None,
    views: Sequence[View | Mapping[str, Any]] | None = None,
    views_file: str | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Equilibrium returns, tilted by views (Black-Litterman)."""
    return _moments.expected_returns("black_litterman", locals())


@_moments.described(_objects.BlendReturns)
def blend(
    returns: Any,
    *,
    blend: Sequence[ExpectedReturnsBlend | Mapping[str, Any]],
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A weighted mean of several models of expected returns."""
    return _moments.expected_returns("blend", locals())


@_moments.described(_objects.Capm)
def capm(
    returns: Any,
    *,
    premium: float | None = None,
    risk_free: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The capital asset pricing model: `r_f + beta (E[r_M] - r_f)`."""
    return _moments.expected_returns("capm", locals())


@_moments.described(_objects.Equilibrium)
def equilibrium(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    implied_window: int | None = None,
    risk_aversion: float | None = None,
    risk_free: float | None = None,
    weights: Mapping[str, float] | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The expected returns with which a portfolio is optimal (reverse optimization)."""
    return _moments.expected_returns("equilibrium", locals())


@_moments.described(_objects.EwmaReturns)
def ewma(
    returns: Any,
    *,
    half_life: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The mean return with weights that halve every `half_life` rows."""
    return _moments.expected_returns("ewma", locals())


@_moments.described(_objects.FactorModelReturns)
def factor_model(
    returns: Any,
    *,
    alpha: Literal["include", "exclude"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """`r_f + B' mean(f) + alpha` from regressions on the factors."""
    return _moments.expected_returns("factor_model", locals())


@_moments.described(_objects.File)
def file(
    returns: Any,
    *,
    file: str,
    unit: Literal["fraction", "percent"],
    max_age: int | None = None,
    missing: Literal["error", "mean"] | None = None,
    per: Literal["year", "period"] | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Your own forecasts, by date and asset."""
    return _moments.expected_returns("file", locals())


@_moments.described(_objects.Historical)
def historical(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The mean return: `sample_mean`, over 252 rows in a study unless `window` is given."""
    return _moments.expected_returns("historical", locals())


@_moments.described(_objects.JamesStein)
def james_stein(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means shrunk towards their common mean (James-Stein), with any covariance."""
    return _moments.expected_returns("james_stein", locals())


@_moments.described(_objects.MeanReversion)
def mean_reversion(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means less a part of the last returns."""
    return _moments.expected_returns("mean_reversion", locals())


@_moments.described(_objects.Momentum)
def momentum(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means blended with compounded returns of 1, 3, 6 and 12 months."""
    return _moments.expected_returns("momentum", locals())


@_moments.described(_objects.MultiFactor)
def multi_factor(
    returns: Any,
    *,
    months: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Scores of momentum, reversal and volatility, priced by past cross-sections (Fama-MacBeth)."""
    return _moments.expected_returns("multi_factor", locals())


@_moments.described(_objects.SampleMean)
def sample_mean(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The mean return."""
    return _moments.expected_returns("sample_mean", locals())


@_moments.described(_objects.Shrinkage)
def shrinkage(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means shrunk towards their common mean (James-Stein)."""
    return _moments.expected_returns("shrinkage", locals())
