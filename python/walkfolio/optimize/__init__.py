"""One optimization problem: moments or returns to weights, with a proven bound.

Every function takes the constraints of a study by the same names; see `Constraints of a problem` below. Moments may
be arrays or frames: weights come back as a Series where the moments are pandas, with the names of their assets.

**Constraints of a problem**

``bounds``
    ``(min, max)`` for all assets, or a dict of pairs by name; (0, 1) by default.
``net_leverage``
    What the weights sum to, or a pair; 1 by default.
``groups``
    ``{"tech": (["XLK", "SMH"], 0.0, 0.4)}``: minimum and maximum of the sum of some weights; ``None`` is no limit.
``beta``
    ``(betas, min, max)``.
``factor_exposure``
    ``{"SMB": (loadings, min, max)}``.
``gross_leverage``
    The largest sum of absolute weights.
``turnover``
    The most that may be traded from ``holdings``, half the sum of absolute changes.
``volatility_cap``, ``tracking_error_cap``
    The largest volatility, and tracking error from ``benchmark_weights``, by ``sigma`` and in its unit: a fraction a
    year with an annual covariance. `track`, `min_cvar`, `min_cdar` and `mean_cvar` take returns instead: theirs are by
    the sample covariance of these and in units of one row, ``0.10 / 252 ** 0.5`` for 10 % a year of daily returns.
``max_holdings``, ``min_holdings``, ``min_weight``
    Exact, by branch and bound: each weight is 0 or at least ``min_weight``.
``l1_penalty``, ``l2_penalty``, ``trading_costs``
    In the objective; costs are paid for each unit of the change from ``holdings``.
"""

from __future__ import annotations

from ._constraints import CONSTRAINTS as CONSTRAINTS
from ._equal_weight import equal_weight
from ._frontier import Frontier, frontier
from ._hierarchical_equal_risk_contribution import herc
from ._hierarchical_risk_parity import hrp
from ._information_ratio import information_ratio
from ._inverse_volatility import inverse_volatility
from ._maximum_diversification import max_diversification
from ._maximum_sharpe import max_sharpe
from ._mean_cvar import mean_cvar
from ._mean_variance import mean_variance
from ._minimum_cdar import min_cdar
from ._minimum_cvar import min_cvar
from ._minimum_variance import min_variance
from ._risk_parity import risk_parity
from ._robust_mean_variance import robust_mean_variance
from ._robust_utility import max_utility
from ._solver import Portfolio, Solver
from ._tracking_error import track

__all__ = [
    "Frontier",
    "Portfolio",
    "Solver",
    "equal_weight",
    "frontier",
    "herc",
    "hrp",
    "information_ratio",
    "inverse_volatility",
    "max_diversification",
    "max_sharpe",
    "max_utility",
    "mean_cvar",
    "mean_variance",
    "min_cdar",
    "min_cvar",
    "min_variance",
    "risk_parity",
    "robust_mean_variance",
    "track",
]

# The functions by the kind of a study's objective.
OBJECTIVES = {
    "tracking_error": track,
    "mean_variance": mean_variance,
    "minimum_variance": min_variance,
    "robust_utility": max_utility,
    "maximum_sharpe": max_sharpe,
    "maximum_diversification": max_diversification,
    "frontier": frontier,
    "robust_mean_variance": robust_mean_variance,
    "minimum_cvar": min_cvar,
    "mean_cvar": mean_cvar,
    "minimum_cdar": min_cdar,
    "information_ratio": information_ratio,
    "risk_parity": risk_parity,
    "equal_weight": equal_weight,
    "inverse_volatility": inverse_volatility,
    "hierarchical_risk_parity": hrp,
    "hierarchical_equal_risk_contribution": herc,
}
