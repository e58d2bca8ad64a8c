"""The tables of `allocate`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._objective import Ensemble, EqualWeight, Frontier, HierarchicalEqualRiskContribution, HierarchicalRiskParity, InformationRatio, InverseVolatility, MaximumDiversification, MaximumSharpe, MeanCvar, MeanVariance, MinimumCdar, MinimumCvar, MinimumVariance, RiskParity, RobustMeanVariance, RobustUtility, TrackingError


@dataclass(frozen=True, kw_only=True)
class Bounds(StudyObject):
    """Minimum and maximum weight of one asset.

    The weights sum to 1, or to `net_leverage`.

    Attributes
    ----------
    max :
        Maximum weight.

        Unit: fraction of equity.

        Example: `max = 0.30`
    min :
        Minimum weight; a negative value allows short positions.

        Unit: fraction of equity.

        Example: `min = 0.0`
    when_too_tight :
        What happens if the maximum weights of the assets that may be held sum to less than 1: too few are
        eligible or selected, or `max_holdings` is too low.

        Default: `"error"`.
    """

    max: float
    min: float
    when_too_tight: Literal["error", "raise"] | None = None


@dataclass(frozen=True, kw_only=True)
class Beta(StudyObject):
    """The portfolio's beta to the market.

    Attributes
    ----------
    max :
        Maximum beta.

        Unit: 1 for the market.

        Example: `max = 0.5`
    min :
        Minimum beta.

        Unit: 1 for the market.

        Example: `min = -0.5`
    value :
        A single beta instead of a range.

        Unit: 1 for the market.

        Example: `value = 0.0`
    """

    max: float | None = None
    min: float | None = None
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class BoundsByAsset(StudyObject):
    """The bounds of one asset instead of the common bounds.

    Attributes
    ----------
    max :
        Maximum weight; that of `allocate.bounds` by default.

        Unit: fraction of equity.

        Example: `max = 0.10`
    min :
        Minimum weight; that of `allocate.bounds` by default.

        Unit: fraction of equity.

        Example: `min = 0.05`
    """

    max: float | None = None
    min: float | None = None


@dataclass(frozen=True, kw_only=True)
class FactorExposure(StudyObject):
    """The range of the exposure to a factor: `min <= sum of the weights times the assets' loadings <=
    max`.

    Attributes
    ----------
    factor :
        The factor, by its name in the factor file: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`; any name
        with `loadings` of your own.

        Example: `factor = "SMB"`
    loadings :
        Loadings of your own in place of regressed ones, CSV or Parquet below the folder of the prices:
        `date, asset, loading`, or a column of dates and one for each asset. A loading is known from its
        date on and holds until a later one. Decisions begin once every eligible asset has one.

        Example: `loadings = "duration.csv"`
    max :
        Maximum exposure.

        Unit: of loadings, 1 for the factor itself.

        Example: `max = 0.1`
    min :
        Minimum exposure.

        Unit: of loadings, 1 for the factor itself.

        Example: `min = -0.1`
    """

    factor: str
    loadings: str | None = None
    max: float | None = None
    min: float | None = None


@dataclass(frozen=True, kw_only=True)
class Group(StudyObject):
    """The limits of a group: `min <= sum of the weights of its assets <= max`.

    Attributes
    ----------
    assets :
        Its assets, a subset of `market.assets`.

        Assets that are not eligible at a decision are ignored there.

        Example: `assets = ["XLK", "SMH"]`
    name :
        The name of the group in messages.

        Example: `name = "tech"`
    max :
        Maximum sum of weights.

        Unit: fraction of equity.

        Example: `max = 0.4`
    min :
        Minimum sum of weights.

        Unit: fraction of equity.

        Example: `min = 0.1`
    """

    assets: Sequence[str]
    name: str
    max: float | None = None
    min: float | None = None


@dataclass(frozen=True, kw_only=True)
class MinWeight(StudyObject):
    """What happens to small weights.

    Attributes
    ----------
    below :
        Weights smaller than this, in absolute value, are small.

        Unit: fraction of equity.

        Example: `below = 0.005`
    rule :
        The rule for small weights.
    """

    below: float
    rule: Literal["drop_and_renormalize", "exact"]


@dataclass(frozen=True, kw_only=True)
class NetLeverage(StudyObject):
    """The sum of the weights in place of 1.

    What is not invested is cash without interest, and borrowing costs nothing.

    Example: `net_leverage = { value = 0.0 }`

    Attributes
    ----------
    max :
        Maximum sum.

        Unit: fraction of equity.

        Example: `max = 1.0`
    min :
        Minimum sum.

        Unit: fraction of equity.

        Example: `min = 0.8`
    value :
        A single sum instead of a range; 0 is market-neutral.

        Unit: fraction of equity.

        Example: `value = 0.0`
    """

    max: float | None = None
    min: float | None = None
    value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Search(StudyObject):
    """When a search over holdings stops without proof.

    Attributes
    ----------
    gap :
        A bound within this fraction of the objective counts as proof.

        Unit: fraction of the objective.

        Default: `1e-09`.
    nodes :
        Limit on the nodes of branch and bound: the same on every machine.

        Its default, and fewer, also limit the work to about a second a decision; N times the default allows
        N times the work. With 0 there is no proof, only a local search.

        Unit: nodes.

        Default: `100000`.
    seconds :
        Time limit: it depends on the machine, and the ledger says so when it is reached.

        Unit: seconds.

        Example: `seconds = 30.0`
    """

    gap: float | None = None
    nodes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Turnover(StudyObject):
    """Maximum turnover of a rebalance, or a table of limits: half the sum of `|w - w0|` over all assets,
    where `w0` are the current holdings, drifted to the decision; what must be sold counts. The initial
    trade is not limited. With `walk_forward.execution_lag` holdings drift on to the trade, whose
    turnover may then be above the limit.

    Unit: fraction of equity.

    Example: `turnover = { per_rebalance = 0.1, per_year = 1.0 }`

    Attributes
    ----------
    per_rebalance :
        Maximum turnover of a rebalance.

        Unit: fraction of equity.

        Example: `per_rebalance = 0.1`
    per_year :
        Maximum turnover of a year: of the rebalance and of all that were executed in the `periods_per_year
        - 1` sessions before. The initial trade does not count.

        Unit: fraction of equity.

        Example: `per_year = 1.0`
    """

    per_rebalance: float | None = None
    per_year: float | None = None


@dataclass(frozen=True, kw_only=True)
class VolatilityTarget(StudyObject):
    """Scales the portfolio to an expected volatility, by the covariance of `[estimate]`, or the sample
    covariance over the window of an objective without one. Bounds and other constraints are those of
    the portfolio before scaling, whose weights sum to 1. The rest is cash without interest; borrowing
    costs nothing.

    Example: `volatility_target = { volatility = 0.10, max_leverage = 1.5 }`

    Attributes
    ----------
    volatility :
        The volatility that is aimed at.

        Unit: fraction per year.

        Example: `volatility = 0.10`
    max_leverage :
        Maximum sum of the weights after scaling; above 1 money is borrowed.

        Unit: fraction of equity.

        Default: `1.0`.
    """

    volatility: float
    max_leverage: float | None = None


@dataclass(frozen=True, kw_only=True)
class Allocate(StudyObject):
    """The objective and the constraints.

    Attributes
    ----------
    bounds :
        Minimum and maximum weight of one asset.

        The weights sum to 1, or to `net_leverage`.
    objective :
        The objective.
    beta :
        The portfolio's beta to the market.
    bounds_by_asset :
        Bounds of single assets that replace the common bounds, by name.

        Example: `bounds_by_asset = { SPY = { min = 0.05, max = 0.10 } }`
    factor_exposure :
        Ranges of the portfolio's exposures to factors of `market.factors`, with loadings that are regressed
        on the window of the covariance, or of an objective without one; or to anything by `loadings` of
        your own.

        Example: `factor_exposure = [{ factor = "SMB", min = -0.1, max = 0.1 }]`
    fallbacks :
        What is tried, in this order, when an optimization problem cannot be solved.

        Without it, the run stops.

        Example: `fallbacks = ["relax", "previous"]`
    gross_leverage :
        Maximum sum of absolute weights.

        Unit: fraction of equity.

        Example: `gross_leverage = 1.6`
    groups :
        Limits of the sums of weights of groups with names: sectors, countries, asset classes.

        Example: `groups = [{ name = "tech", assets = ["XLK", "SMH"], max = 0.4 }]`
    keep :
        Assets of which at least what is held stays held, up to their maximum weight.

        Example: `keep = ["GLD"]`
    l1_penalty :
        L1 penalty: adds this multiple of `sum |w|` to the minimized objective.

        On a long-only, fully invested portfolio it is a constant and selects nothing; use `max_holdings`.

        Unit: of the objective, for a sum of absolute weights of 1.

        Example: `l1_penalty = 0.001`
    l2_penalty :
        L2 penalty: adds this multiple of `sum w^2` to the minimized objective.

        Unit: of the objective, for a sum of squared weights of 1.

        Example: `l2_penalty = 0.01`
    max_holdings :
        Maximum number of holdings: the best such portfolio, by branch and bound.

        Unit: assets.

        Example: `max_holdings = 6`
    min_holdings :
        Minimum number of holdings, each with a weight of at least `min_weight.below` if that is set.

        Unit: assets.

        Example: `min_holdings = 3`
    min_weight :
        What happens to small weights.
    net_leverage :
        The sum of the weights in place of 1.

        What is not invested is cash without interest, and borrowing costs nothing.

        Example: `net_leverage = { value = 0.0 }`
    search :
        When a search over holdings stops without proof.
    solver :
        Which solver to use; the ledger says which one did.

        Default: `"auto"`.
    tracking_error_cap :
        Maximum tracking error against the benchmark: by the covariance of `[estimate]`, if the benchmark is
        one of the assets, else the standard deviation of the differences of returns over its window.

        Unit: fraction per year.

        Example: `tracking_error_cap = 0.03`
    trading_costs :
        How much of the costs of trading the objective pays: this multiple of what `[costs]` charge for the
        trades `|w - w0|`, impact included, times the rebalances of a year. With 1, `mean_variance` and
        `robust_utility` weigh expected returns against what the simulation charges; for an objective that
        is not a return it is a price in its unit. The initial trade is free.

        Unit: of the objective, for costs of 1.

        Example: `trading_costs = 1.0`
    turnover :
        Maximum turnover of a rebalance, or a table of limits: half the sum of `|w - w0|` over all assets,
        where `w0` are the current holdings, drifted to the decision; what must be sold counts. The initial
        trade is not limited. With `walk_forward.execution_lag` holdings drift on to the trade, whose
        turnover may then be above the limit.

        Unit: fraction of equity.

        Example: `turnover = { per_rebalance = 0.1, per_year = 1.0 }`
    volatility_cap :
        Maximum volatility, by the covariance of `[estimate]`, or the sample covariance over the window of
        an objective without one.

        Unit: fraction per year.

        Example: `volatility_cap = 0.12`
    volatility_target :
        Scales the portfolio to an expected volatility, by the covariance of `[estimate]`, or the sample
        covariance over the window of an objective without one. Bounds and other constraints are those of
        the portfolio before scaling, whose weights sum to 1. The rest is cash without interest; borrowing
        costs nothing.

        Example: `volatility_target = { volatility = 0.10, max_leverage = 1.5 }`
    """

    bounds: Bounds | Mapping[str, Any]
    objective: TrackingError | Mapping[str, Any] | MeanVariance | Mapping[str, Any] | MinimumVariance | Mapping[str, Any] | RobustUtility | Mapping[str, Any] | MaximumSharpe | Mapping[str, Any] | MaximumDiversification | Mapping[str, Any] | Frontier | Mapping[str, Any] | RobustMeanVariance | Mapping[str, Any] | MinimumCvar | Mapping[str, Any] | MeanCvar | Mapping[str, Any] | MinimumCdar | Mapping[str, Any] | InformationRatio | Mapping[str, Any] | RiskParity | Mapping[str, Any] | EqualWeight | Mapping[str, Any] | InverseVolatility | Mapping[str, Any] | HierarchicalRiskParity | Mapping[str, Any] | HierarchicalEqualRiskContribution | Mapping[str, Any] | Ensemble | Mapping[str, Any]
    beta: Beta | Mapping[str, Any] | None = None
    bounds_by_asset: Mapping[str, BoundsByAsset | Mapping[str, Any]] | None = None
    factor_exposure: Sequence[FactorExposure | Mapping[str, Any]] | None = None
    fallbacks: Sequence[Literal["relax", "previous", "equal_weight"]] | None = None
    gross_leverage: float | None = None
    groups: Sequence[Group | Mapping[str, Any]] | None = None
    keep: Sequence[str] | None = None
    l1_penalty: float | None = None
    l2_penalty: float | None = None
    max_holdings: int | None = None
    min_holdings: int | None = None
    min_weight: MinWeight | Mapping[str, Any] | None = None
    net_leverage: NetLeverage | Mapping[str, Any] | None = None
    search: Search | Mapping[str, Any] | None = None
    solver: Literal["auto", "kernel", "clarabel"] | None = None
    tracking_error_cap: float | None = None
    trading_costs: float | None = None
    turnover: float | Turnover | Mapping[str, Any] | None = None
    volatility_cap: float | None = None
    volatility_target: VolatilityTarget | Mapping[str, Any] | None = None
