"""The tables of `objective`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._objective_parts import At, GroupBudgets, Holdings, Members, ObjectiveAt, Review


@dataclass(frozen=True, kw_only=True)
class TrackingError(StudyObject):
    """Least squares against the benchmark's returns: `min ||R w - r_M||^2`.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    half_life_days :
        Rows after which a return weighs half as much; without it all weigh the same.

        Example: `half_life_days = 60.0`
    holdings :
        What the benchmark holds, from its own file or by its rule.
    review :
        What is known of the benchmark's reviews.
    ridge_to_holdings :
        Pull towards what is held already, which lowers turnover: a ridge of so many mean second moments.

        Unit: mean second moments of the returns.

        Example: `ridge_to_holdings = 0.1`
    shortest_days :
        An asset with fewer returns than the window, but so many, may be held: the window then shrinks to
        what all assets have. Only with `review`.

        Example: `shortest_days = 126`
    """

    _kind: ClassVar[str | None] = "tracking_error"
    window: int
    half_life_days: float | None = None
    holdings: Holdings | Mapping[str, Any] | None = None
    review: Review | Mapping[str, Any] | None = None
    ridge_to_holdings: float | None = None
    shortest_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeanVariance(StudyObject):
    """`min risk_aversion / 2 w' Sigma w - mu'w`, with the penalties of `[allocate]`.

    Attributes
    ----------
    risk_aversion :
        Risk aversion, in the unit of `estimate.units`.

        Unit: return per unit of variance.

        Default: `1.0`.
    """

    _kind: ClassVar[str | None] = "mean_variance"
    risk_aversion: float | None = None


@dataclass(frozen=True, kw_only=True)
class MinimumVariance(StudyObject):
    """`min w' Sigma w`, with the penalties of `[allocate]`."""

    _kind: ClassVar[str | None] = "minimum_variance"


@dataclass(frozen=True, kw_only=True)
class RobustUtility(StudyObject):
    """`max rho'w - lambda sqrt(w' Sigma w)`.

    Attributes
    ----------
    lambda_ :
        Risk aversion, in the unit of `estimate.units`.

        Unit: return per unit of volatility.

        Example: `lambda = 0.10`
    """

    _kind: ClassVar[str | None] = "robust_utility"
    lambda_: float


@dataclass(frozen=True, kw_only=True)
class MaximumSharpe(StudyObject):
    """`max (mu'w - risk_free) / sqrt(w' Sigma w)`; an error where no portfolio has a positive excess
    return.

    Attributes
    ----------
    risk_free :
        Risk-free rate that expected returns are compared with, whatever `estimate.units` is.

        Unit: fraction per year.

        Example: `risk_free = 0.02`

        Default: `0.0`.
    """

    _kind: ClassVar[str | None] = "maximum_sharpe"
    risk_free: float | None = None


@dataclass(frozen=True, kw_only=True)
class MaximumDiversification(StudyObject):
    """`max sigma'w / sqrt(w' Sigma w)`, the diversification ratio, with the assets' volatilities `sigma`."""

    _kind: ClassVar[str | None] = "maximum_diversification"


@dataclass(frozen=True, kw_only=True)
class Frontier(StudyObject):
    """A portfolio of the exact efficient frontier, all `max mu'w - risk_aversion / 2 w' Sigma w` under the
    study's constraints; its corners are written to `frontier.parquet`.

    Attributes
    ----------
    at :
        Which portfolio: `"sharpe"`, `"minimum_variance"`, `"maximum_return"`, or the one with a volatility
        or an expected return a year, whatever `estimate.units` is.

        Unit: fraction per year.

        Example: `at = { volatility = 0.10 }`
    risk_free :
        Risk-free rate that expected returns are compared with at `"sharpe"`, whatever `estimate.units` is.

        Unit: fraction per year.

        Example: `risk_free = 0.02`

        Default: `0.0`.
    """

    _kind: ClassVar[str | None] = "frontier"
    at: Literal["sharpe", "minimum_variance", "maximum_return"] | At | Mapping[str, Any] | ObjectiveAt | Mapping[str, Any]
    risk_free: float | None = None


@dataclass(frozen=True, kw_only=True)
class RobustMeanVariance(StudyObject):
    """`max mu'w - kappa sqrt(w' Omega w) - risk_aversion / 2 w' Sigma w`: mean-variance with the worst
    expected returns of an ellipsoid. `Omega` is the covariance of the mean of `observations` returns,
    `Sigma` times `periods_per_year / observations` in annual units (Goldfarb and Iyengar 2003).

    Attributes
    ----------
    kappa :
        The size of the ellipsoid in standard deviations of the estimated mean; 0 trusts the expected
        returns.

        Unit: standard deviations.

        Example: `kappa = 0.5`
    observations :
        Returns that the expected returns are a mean of; by default the window of
        `estimate.expected_returns`.

        Unit: periods.

        Example: `observations = 252`
    risk_aversion :
        Risk aversion, in the unit of `estimate.units`.

        Unit: return per unit of variance.

        Default: `1.0`.
    """

    _kind: ClassVar[str | None] = "robust_mean_variance"
    kappa: float
    observations: int | None = None
    risk_aversion: float | None = None


@dataclass(frozen=True, kw_only=True)
class MinimumCvar(StudyObject):
    """Minimum conditional value-at-risk: the mean of the worst `1 - confidence` of the losses `-R w` over
    the rows of a window, `min a + sum max(-x_t'w - a, 0) / ((1 - confidence) T)` (Rockafellar and
    Uryasev 2000).

    Attributes
    ----------
    window :
        Rows of the window: its past returns are the scenarios, each as likely as any other.

        Unit: periods.

        Example: `window = 504`
    confidence :
        The part that is not in the tail: 0.95 takes the worst 5 %, and of a row that is partly in it that
        part.

        Unit: fraction.

        Default: `0.95`.
    minimum_return :
        Minimum expected return of the portfolio, by the expected returns of `[estimate]`, whatever
        `estimate.units` is.

        Unit: fraction per year.

        Example: `minimum_return = 0.08`
    """

    _kind: ClassVar[str | None] = "minimum_cvar"
    window: int
    confidence: float | None = None
    minimum_return: float | None = None


@dataclass(frozen=True, kw_only=True)
class MeanCvar(StudyObject):
    """`max mu'w - risk_aversion CVaR(w)`, with the conditional value-at-risk of `minimum_cvar`.

    Attributes
    ----------
    risk_aversion :
        Expected return, in the unit of `estimate.units`, that a unit of the mean loss of one row costs: 5
        gives up 5 % a year for a mean loss that is 1 % smaller.

        Unit: return per unit of mean loss.

        Example: `risk_aversion = 5.0`
    window :
        Rows of the window: its past returns are the scenarios, each as likely as any other.

        Unit: periods.

        Example: `window = 504`
    confidence :
        The part of the losses that is not in the tail: 0.95 takes the worst 5 %, and of a row that is
        partly in it that part.

        Unit: fraction.

        Default: `0.95`.
    """

    _kind: ClassVar[str | None] = "mean_cvar"
    risk_aversion: float
    window: int
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class MinimumCdar(StudyObject):
    """Minimum conditional drawdown-at-risk: the mean of the worst `1 - confidence` of the drawdowns over
    the rows of a window, with constant weights and returns that are added, not compounded (Chekhlov,
    Uryasev and Zabarankin 2005).

    Attributes
    ----------
    window :
        Rows of the window: its past returns are the scenarios, each as likely as any other.

        Unit: periods.

        Example: `window = 504`
    confidence :
        The part that is not in the tail: 0.95 takes the worst 5 %, and of a row that is partly in it that
        part.

        Unit: fraction.

        Default: `0.95`.
    minimum_return :
        Minimum expected return of the portfolio, by the expected returns of `[estimate]`, whatever
        `estimate.units` is.

        Unit: fraction per year.

        Example: `minimum_return = 0.08`
    """

    _kind: ClassVar[str | None] = "minimum_cdar"
    window: int
    confidence: float | None = None
    minimum_return: float | None = None


@dataclass(frozen=True, kw_only=True)
class InformationRatio(StudyObject):
    """`max N(w) / max(TEV(w), tev_floor) - lambda sqrt(w' Sigma w)`, the global maximum with a proven
    bound.

    Attributes
    ----------
    lambda_ :
        Risk aversion, in the unit of `estimate.units`.

        Unit: ratio per unit of volatility.

        Example: `lambda = 0.10`
    benchmark_tradable :
        Whether the benchmark itself may be held.

        Default: `true`.
    numerator :
        The numerator of the ratio.

        Default: `"total"`.
    tev_floor :
        Minimum tracking error in the denominator, in the unit of `estimate.units`; 2 % per year by default,
        none where the benchmark cannot be held.

        Unit: fraction.

        Example: `tev_floor = 0.02`
    tolerance :
        Maximum gap between the proven bound and the value.

        Unit: fraction of the ratio if that is above 1.

        Default: `1e-06`.
    """

    _kind: ClassVar[str | None] = "information_ratio"
    lambda_: float
    benchmark_tradable: bool | None = None
    numerator: Literal["total", "active"] | None = None
    tev_floor: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True, kw_only=True)
class RiskParity(StudyObject):
    """The long portfolio in which each asset carries its budget of the risk: `w_i (Sigma w)_i = b_i w'
    Sigma w`, the same `b_i` for all by default. Where constraints exclude it, the portfolio with the
    least `ln(w' Sigma w) / 2 - sum b_i ln w_i` among those that satisfy them.

    Attributes
    ----------
    budgets :
        Budgets of risk of single assets, in proportion to each other; 1 of every asset that is not listed.

        An asset with 0 is not held.

        Unit: relative to the other budgets.

        Example: `budgets = { GLD = 2.0 }`
    group_budgets :
        Budgets of groups of assets, in proportion to each other, each spread over the assets of its group
        that may be held in proportion to `budgets`. Every asset is in one group.

        Example: `group_budgets = [{ name = "stocks", assets = ["SPY", "EWJ"], budget = 0.6 }]`
    """

    _kind: ClassVar[str | None] = "risk_parity"
    budgets: Mapping[str, float] | None = None
    group_budgets: Sequence[GroupBudgets | Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class EqualWeight(StudyObject):
    """`w_i = 1 / N` of the assets that may be held.

    Constraints do not change it: a decision whose constraints exclude it fails, and the fallback
    `relax` takes the nearest portfolio that satisfies them.
    """

    _kind: ClassVar[str | None] = "equal_weight"


@dataclass(frozen=True, kw_only=True)
class InverseVolatility(StudyObject):
    """`w_i` in proportion to `1 / sigma_i`, with the volatilities of the covariance; correlations do not
    count. As `equal_weight`, constraints do not change it.

    Attributes
    ----------
    of :
        What weights are in inverse proportion to.

        Default: `"volatility"`.
    """

    _kind: ClassVar[str | None] = "inverse_volatility"
    of: Literal["volatility", "variance"] | None = None


@dataclass(frozen=True, kw_only=True)
class HierarchicalRiskParity(StudyObject):
    """Hierarchical risk parity (López de Prado 2016): the assets in the order of a tree of their
    correlations, and the budget split in two halves of that order again and again, in proportion to one
    over their variances. No covariance is inverted, so a singular one will do. As `equal_weight`,
    constraints do not change it.

    `PyPortfolioOpt` has the same defaults. Riskfolio reorders the leaves, and skfolio also links by
    Ward's method: their weights may be 0.15 apart.

    Attributes
    ----------
    distance :
        The distance of two assets.

        Default: `"correlation"`.
    linkage :
        How far two clusters are from each other.

        Default: `"single"`.
    """

    _kind: ClassVar[str | None] = "hierarchical_risk_parity"
    distance: Literal["correlation", "distance_of_distances"] | None = None
    linkage: Literal["single", "complete", "average", "ward"] | None = None


@dataclass(frozen=True, kw_only=True)
class HierarchicalEqualRiskContribution(StudyObject):
    """Hierarchical equal risk contribution (Raffinot 2018): the tree of the assets' correlations is cut
    into clusters; the budget of a branch is split in proportion to one over the risk of its two parts,
    which is the sum of the variances of their clusters, and within a cluster in proportion to one over
    variances. As `equal_weight`, constraints do not change it.

    With the same linkage and number of clusters Riskfolio (`model = "HERC"`, `rm = "MV"`) and skfolio
    have the same weights. Riskfolio links by nearest members by default. Left to the data, the number
    of clusters differs: here the dispersion within a cluster is the sum of its distances over its size,
    as published, in skfolio their mean, and in Riskfolio their standard deviation, with one cluster
    fewer at the same bend.

    Attributes
    ----------
    clusters :
        The number of clusters, or all assets where they are fewer.

        Without it, the sharpest bend of the dispersion within clusters decides (Yue, Wang & Wei 2009), from
        2 up to the larger of 8 and the root of the number of assets.

        Unit: clusters.

        Example: `clusters = 4`
    linkage :
        How far two clusters are from each other.

        Default: `"ward"`.
    """

    _kind: ClassVar[str | None] = "hierarchical_equal_risk_contribution"
    clusters: int | None = None
    linkage: Literal["single", "complete", "average", "ward"] | None = None


@dataclass(frozen=True, kw_only=True)
class Ensemble(StudyObject):
    """The mean of the portfolios of several objectives, each solved under all constraints of the study.

    Attributes
    ----------
    members :
        The objectives, each with its share.

        Example: `members = [{ of = { kind = "risk_parity" } }, { of = { kind = "minimum_variance" } }]`
    """

    _kind: ClassVar[str | None] = "ensemble"
    members: Sequence[Members | Mapping[str, Any]]
