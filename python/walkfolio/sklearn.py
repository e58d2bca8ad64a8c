"""Estimators for scikit-learn: pipelines, `GridSearchCV`, and the splitters of skfolio.

``fit(X)`` takes returns of the assets, ``fit(X, y)`` those of a benchmark as well; ``predict(X)`` gives the returns of
the portfolio, ``score(X, y)`` its Sharpe ratio a year, or of a tracker the negative tracking error.

Examples
--------
>>> import numpy as np
>>> from walkfolio.sklearn import MinimumVariance
>>> X = np.random.default_rng(1).normal(0, [0.02, 0.01], (500, 2))
>>> MinimumVariance().fit(X).weights_.round(1).tolist()
[0.2, 0.8]

"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from . import _frames, estimate, optimize
from .errors import DataError

try:
    from sklearn.base import BaseEstimator
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:  # pragma: no cover
    raise DataError("scikit-learn is not installed", "pip install 'walkfolio[sklearn]'") from None

__all__ = [
    "EqualWeight",
    "HierarchicalRiskParity",
    "InverseVolatility",
    "MaximumDiversification",
    "MaximumSharpe",
    "MaximumUtility",
    "MeanCvar",
    "MeanVariance",
    "MinimumCdar",
    "MinimumCvar",
    "MinimumVariance",
    "RiskParity",
    "RobustMeanVariance",
    "Tracker",
]

Floats = _frames.Floats


@dataclass(frozen=True)
class _Past:
    """What an estimator is fitted to: returns, and those of a benchmark and of factors over the same rows."""

    X: Any
    y: Floats | None
    factors: Any


@dataclass(kw_only=True, eq=False, repr=False)
class _Portfolio(BaseEstimator):  # type: ignore[misc]
    """A portfolio that is fitted to returns."""

    bounds: Any = (0.0, 1.0)
    net_leverage: Any = 1.0
    groups: Any = None
    gross_leverage: float | None = None
    max_holdings: int | None = None
    min_holdings: int | None = None
    min_weight: float | None = None
    turnover: float | None = None
    holdings: Any = None
    l1_penalty: float = 0.0
    l2_penalty: float = 0.0
    solver: str = "auto"

    def _constraints(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(_Portfolio)}

    def _named(self, X: Floats) -> Any:
        """Returns with the names of their assets, where they have some."""
        names = getattr(self, "feature_names_in_", None)
        if names is None:
            return X
        import pandas

        return pandas.DataFrame(X, columns=names)

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        raise NotImplementedError

    def fit(self, X: Any, y: Any = None) -> Any:
        """Fit the weights to returns, one row a period.

        Parameters
        ----------
        X : DataFrame or array
            Returns of the assets.
        y : Series or array, optional
            Returns of the benchmark.

        """
        return self._fit(X, y, None)

    def _fit(self, X: Any, y: Any, factor_returns: Any) -> Any:
        values = validate_data(self, X, dtype=np.float64, ensure_min_samples=2, ensure_min_features=1)
        benchmark = None if y is None else _benchmark(y, len(values))
        found = self._portfolio(_Past(self._named(values), benchmark, factor_returns))
        self.weights_ = np.array(found.values)
        self.objective_, self.bound_, self.gap_, self.status_ = (
            found.objective,
            found.bound,
            found.gap,
            found.status,
        )
        return self

    def predict(self, X: Any) -> Floats:
        """Return the returns of the portfolio, restored to its weights every period."""
        check_is_fitted(self)
        values = validate_data(self, X, dtype=np.float64, reset=False)
        found: Floats = values @ self.weights_
        return found

    def score(self, X: Any, y: Any = None) -> float:
        """Return the Sharpe ratio of a year of 252 periods."""
        returns = self.predict(X)
        deviation = returns.std(ddof=1)
        return float(returns.mean() / deviation * np.sqrt(252)) if deviation > 0 else 0.0

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        tags.non_deterministic = False
        return tags


def _benchmark(y: Any, rows: int) -> Floats:
    array = y.to_numpy() if hasattr(y, "to_numpy") else np.asarray(y)
    values = _frames.numbers(np.squeeze(array), "y")
    if values.shape != (rows,):
        raise ValueError(f"y has shape {np.shape(array)}, X has {rows} rows")
    if not np.isfinite(values).all():
        raise ValueError("y contains NaN or infinity")
    return values


@dataclass(kw_only=True, eq=False, repr=False)
class Tracker(_Portfolio):
    """The portfolio nearest to a benchmark: ``fit(X, y)``; without ``y`` the benchmark is the mean of the assets.

    ``score`` is the negative tracking error a year of 252 periods, so that a search takes the smallest.
    """

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        benchmark = np.asarray(past.X).mean(axis=1) if past.y is None else past.y
        return optimize.track(past.X, benchmark, **self._constraints())

    def score(self, X: Any, y: Any = None) -> float:
        """Return the negative tracking error a year."""
        returns = self.predict(X)
        benchmark = np.asarray(X, dtype=np.float64).mean(axis=1) if y is None else _benchmark(y, len(returns))
        return -float((returns - benchmark).std(ddof=1) * np.sqrt(252))


@dataclass(kw_only=True, eq=False, repr=False)
class _Moments(_Portfolio):
    """A portfolio of moments: ``covariance`` and ``expected_returns`` are the names of estimators, or functions."""

    covariance: Any = "sample"
    expected_returns: Any = "sample_mean"

    def fit(self, X: Any, y: Any = None, factor_returns: Any = None) -> Any:
        """Fit the weights to returns, one row a period.

        Parameters
        ----------
        X : DataFrame or array
            Returns of the assets.
        y : Series or array, optional
            Returns of the benchmark, for estimators that need one.
        factor_returns : DataFrame, optional
            Returns of factors over the same rows, for estimators such as ``factor_model``. In a search or a pipeline
            they are routed: ``set_fit_request(factor_returns=True)`` with scikit-learn's metadata routing.

        """
        return self._fit(X, y, factor_returns)

    def _moment(self, which: str, past: _Past) -> Any:
        choice = getattr(self, which)
        if callable(choice):
            return choice(past.X)
        # Plain moments need no prices behind the numbers, which scikit-learn's data do not have.
        if choice == "sample":
            return past.X.cov() if hasattr(past.X, "cov") else np.atleast_2d(np.cov(past.X, rowvar=False, ddof=1))
        if choice == "sample_mean":
            return past.X.mean(axis=0)
        module = getattr(estimate, which)
        if str(choice) not in module.__all__:
            raise DataError(f"no estimator {choice} of the {which}", f"one of: {', '.join(module.__all__)}")
        others = {"benchmark": past.y, "factor_returns": past.factors}
        return getattr(module, str(choice))(past.X, units="daily", **others)

    def _sigma(self, past: _Past) -> Any:
        return self._moment("covariance", past)

    def _mu(self, past: _Past) -> Any:
        return self._moment("expected_returns", past)


@dataclass(kw_only=True, eq=False, repr=False)
class MinimumVariance(_Moments):
    """The portfolio of the least variance."""

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.min_variance(self._sigma(past), **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class MaximumDiversification(_Moments):
    """The portfolio of the largest diversification ratio."""

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.max_diversification(self._sigma(past), **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class MaximumSharpe(_Moments):
    """The portfolio of the largest Sharpe ratio; ``risk_free`` is a rate a period."""

    risk_free: float = 0.0

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.max_sharpe(self._mu(past), self._sigma(past), risk_free=self.risk_free, **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class MeanVariance(_Moments):
    """The portfolio of the least ``risk_aversion / 2 w' Sigma w - mu'w``."""

    risk_aversion: float = 1.0

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        options = {"risk_aversion": self.risk_aversion, **self._constraints()}
        return optimize.mean_variance(self._mu(past), self._sigma(past), **options)


@dataclass(kw_only=True, eq=False, repr=False)
class MaximumUtility(_Moments):
    """The portfolio of the largest ``mu'w - risk_aversion sqrt(w' Sigma w)``."""

    risk_aversion: float = 1.0

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.max_utility(
            self._mu(past), self._sigma(past), lambda_=self.risk_aversion, **self._constraints()
        )


@dataclass(kw_only=True, eq=False, repr=False)
class MinimumCvar(_Portfolio):
    """The portfolio of the least conditional value at risk; the rows of ``X`` are its scenarios."""

    confidence: float = 0.95

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.min_cvar(past.X, confidence=self.confidence, **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class MinimumCdar(_Portfolio):
    """The portfolio of the least conditional drawdown at risk."""

    confidence: float = 0.95

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.min_cdar(past.X, confidence=self.confidence, **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class RiskParity(_Moments):
    """The portfolio whose assets have shares of its risk in proportion to ``budgets``, equal ones by default."""

    budgets: Any = None

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.risk_parity(self._sigma(past), budgets=self.budgets, **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class HierarchicalRiskParity(_Moments):
    """The portfolio of hierarchical risk parity."""

    linkage: str = "single"
    distance: str = "correlation"

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        options = {"linkage": self.linkage, "distance": self.distance, **self._constraints()}
        return optimize.hrp(self._sigma(past), **options)


@dataclass(kw_only=True, eq=False, repr=False)
class InverseVolatility(_Moments):
    """Weights in proportion to 1 / volatility, or ``of="variance"``."""

    of: str = "volatility"

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.inverse_volatility(self._sigma(past), of=self.of, **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class EqualWeight(_Moments):
    """The same weight for each asset, where the constraints allow it."""

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        return optimize.equal_weight(self._sigma(past), **self._constraints())


@dataclass(kw_only=True, eq=False, repr=False)
class RobustMeanVariance(_Moments):
    """The portfolio of the best mean-variance utility in the worst case of an ellipsoid around the means.

    ``kappa`` is the radius of the ellipsoid, which `walkfolio.optimize.robust_mean_variance` calls ``lambda_``.
    """

    kappa: float = 1.0
    risk_aversion: float = 1.0

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        options = {"lambda_": self.kappa, "risk_aversion": self.risk_aversion, **self._constraints()}
        return optimize.robust_mean_variance(self._mu(past), self._sigma(past), **options)


@dataclass(kw_only=True, eq=False, repr=False)
class MeanCvar(_Moments):
    """The portfolio of the largest ``mu'w - risk_aversion CVaR(w)``; the rows of ``X`` are its scenarios."""

    risk_aversion: float = 1.0
    confidence: float = 0.95

    def _portfolio(self, past: _Past) -> optimize.Portfolio:
        options = {"risk_aversion": self.risk_aversion, "confidence": self.confidence, **self._constraints()}
        return optimize.mean_cvar(self._mu(past), past.X, **options)
