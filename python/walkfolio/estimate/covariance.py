"""Covariances, made from the schema of studies by `scripts/generate.py`: do not edit.

Each function takes returns as a DataFrame or array, one row a period, and the keys of a study's table. ``window`` is
all rows unless it is given. ``benchmark`` and ``factor_returns`` (a DataFrame with the risk-free rate in ``RF``) are
for those that need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .. import _moments
from ..objects import _covariance as _objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..objects._covariance_parts import Blend

__all__ = [
    "blend",
    "denoised",
    "detoned",
    "ewma",
    "ewma_volatility_correlation",
    "factor_model",
    "gerber",
    "ledoit_wolf",
    "ledoit_wolf_nonlinear",
    "oas",
    "pca",
    "sample",
]


@_moments.described(_objects.BlendCovariance)
def blend(
    returns: Any,
    *,
    blend: Sequence[Blend | Mapping[str, Any]],
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A weighted mean of several covariances."""
    return _moments.covariance("blend", locals())


@_moments.described(_objects.Denoised)
def denoised(
    returns: Any,
    *,
    noise_variance: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample correlation without the eigenvalues that noise explains (Marchenko-Pastur)."""
    return _moments.covariance("denoised", locals())


@_moments.described(_objects.Detoned)
def detoned(
    returns: Any,
    *,
    noise_variance: float | None = None,
    of: Literal["denoised", "sample"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A correlation without its first principal component, the market."""
    return _moments.covariance("detoned", locals())


@_moments.described(_objects.EwmaCovariance)
def ewma(
    returns: Any,
    *,
    half_life: float | None = None,
    mean: Literal["zero", "weighted", "weighted_unbiased"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Exponentially weighted returns (`RiskMetrics`)."""
    return _moments.covariance("ewma", locals())


@_moments.described(_objects.EwmaVolatilityCorrelation)
def ewma_volatility_correlation(
    returns: Any,
    *,
    correlation_half_life: float | None = None,
    volatility_half_life: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Exponentially weighted volatilities with a slower correlation."""
    return _moments.covariance("ewma_volatility_correlation", locals())


@_moments.described(_objects.FactorModelCovariance)
def factor_model(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """`B Omega B' + D` from regressions on the factors."""
    return _moments.covariance("factor_model", locals())


@_moments.described(_objects.Gerber)
def gerber(
    returns: Any,
    *,
    count: Literal["union", "geometric"] | None = None,
    threshold: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Correlations from counts of large moves, in the same direction and in opposite ones (Gerber)."""
    return _moments.covariance("gerber", locals())


@_moments.described(_objects.LedoitWolf)
def ledoit_wolf(
    returns: Any,
    *,
    target: Literal["identity", "constant_correlation", "single_factor"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample covariance, shrunk towards a target by the intensity of Ledoit and Wolf."""
    return _moments.covariance("ledoit_wolf", locals())


@_moments.described(_objects.LedoitWolfNonlinear)
def ledoit_wolf_nonlinear(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Nonlinear shrinkage of the eigenvalues, the analytical formula of Ledoit and Wolf."""
    return _moments.covariance("ledoit_wolf_nonlinear", locals())


@_moments.described(_objects.Oas)
def oas(
    returns: Any,
    *,
    intensity: Literal["simplified", "paper"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample covariance, shrunk towards a scaled identity by the oracle approximating intensity."""
    return _moments.covariance("oas", locals())


@_moments.described(_objects.Pca)
def pca(
    returns: Any,
    *,
    factors: int | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The first principal components of the sample covariance as factors."""
    return _moments.covariance("pca", locals())


@_moments.described(_objects.SampleCovariance)
def sample(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample covariance (`ddof = 1`)."""
    return _moments.covariance("sample", locals())
