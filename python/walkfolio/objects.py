"""The typed objects of a study, made from its schema by `scripts/generate.py`: do not edit.

Each stands wherever a study has its table, and has the same keys; what is not given is left to its default.

Examples
--------
>>> import walkfolio as wf
>>> wf.TrackingError(window=252).to_dict()
{'kind': 'tracking_error', 'window': 252}
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

__all__ = [
    "Absorption",
    "AdHoc",
    "AllAssets",
    "Allocate",
    "At",
    "Attribution",
    "AverageCorrelation",
    "BayesStein",
    "Benchmark",
    "Beta",
    "BlackLitterman",
    "Blend",
    "BlendCovariance",
    "BlendReturns",
    "BoostedTrees",
    "Bootstrap",
    "Bounds",
    "BoundsByAsset",
    "BuiltIn",
    "ByRule",
    "Capm",
    "Clean",
    "CrossValidation",
    "Csv",
    "CsvSource",
    "Currency",
    "Denoised",
    "Detoned",
    "Drawdown",
    "Ensemble",
    "EqualWeight",
    "EqualWeightReference",
    "Equilibrium",
    "Estimate",
    "Every",
    "EwmaCovariance",
    "EwmaReturns",
    "EwmaVolatilityCorrelation",
    "ExpectedReturnsBlend",
    "ExpectedReturnsPrior",
    "Extra",
    "FactorCycle",
    "FactorExposure",
    "FactorModelCovariance",
    "FactorModelReturns",
    "Factors",
    "Features",
    "File",
    "Files",
    "Frontier",
    "Gerber",
    "Group",
    "GroupBudgets",
    "HiddenMarkov",
    "HierarchicalRiskParity",
    "Historical",
    "Holdings",
    "InformationRatio",
    "InverseVolatility",
    "JamesStein",
    "Labels",
    "LedoitWolf",
    "LedoitWolfNonlinear",
    "Market",
    "MarketBenchmark",
    "MaximumDiversification",
    "MaximumSharpe",
    "MeanCvar",
    "MeanReversion",
    "MeanVariance",
    "Measure",
    "Members",
    "MinWeight",
    "MinimumCdar",
    "MinimumCvar",
    "MinimumVariance",
    "ModelViews",
    "Momentum",
    "MultiFactor",
    "NetLeverage",
    "Oas",
    "ObjectiveAt",
    "Parameters",
    "ParquetSource",
    "Pca",
    "Period",
    "Persistence",
    "Prior",
    "Review",
    "RiskFree",
    "RiskParity",
    "RobustMeanVariance",
    "RobustUtility",
    "Robustness",
    "SampleCovariance",
    "SampleMean",
    "SampleSource",
    "Search",
    "SelectLabels",
    "SelectSearch",
    "Shrinkage",
    "Stress",
    "StudyCosts",
    "Style",
    "Target",
    "Tilt",
    "TrackingError",
    "Trend",
    "Tune",
    "Turbulence",
    "Validation",
    "View",
    "Volatility",
    "VolatilityTarget",
    "WalkForward",
    "Weights",
    "When",
    "Xgboost",
]


class StudyObject:
    """A table of a study."""

    _kind: ClassVar[str | None] = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict of a study, without what is left to its default."""
        found: dict[str, Any] = {} if self._kind is None else {"kind": self._kind}
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if value is not None:
                found[each.name.rstrip("_")] = value.to_dict() if isinstance(value, StudyObject) else value
        return found


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
class ByRule(StudyObject):
    """The rule of a momentum index, in place of a file of holdings.

    Its reviews are those of `review`.

    Attributes
    ----------
    buffer :
        Names that rank this part of `names` beyond it stay if they are members, and as many before it are
        taken whoever is a member.

        Unit: share of `names`.

        Default: `0.5`.
    cap :
        The largest weight of a name; what is above it is spread over the others in proportion.

        Unit: fraction.

        Default: `0.05`.
    clip :
        Scores beyond this count as this.

        Unit: standard deviations.

        Default: `3.0`.
    least_weeks :
        Weekly returns that a name must have.

        Unit: weeks.

        Default: `52`.
    names :
        How many names it holds.

        Unit: names.

        Default: `125`.
    unpublished :
        A name without a published capitalization counts as one at this quantile of the known ones; without
        it such names are left out.

        Unit: probability.

        Example: `unpublished = 0.25`
    """

    buffer: float | None = None
    cap: float | None = None
    clip: float | None = None
    least_weeks: int | None = None
    names: int | None = None
    unpublished: float | None = None


@dataclass(frozen=True, kw_only=True)
class Holdings(StudyObject):
    """What the benchmark holds, from its own file or by its rule.

    Attributes
    ----------
    half_life_days :
        Rows after which a return weighs half as much.

        Example: `half_life_days = 252.0`
    rows :
        How many rows of returns they count as.

        Unit: sessions.

        Example: `rows = 20.0`
    by_rule :
        The rule of a momentum index, in place of a file of holdings.

        Its reviews are those of `review`.
    """

    half_life_days: float
    rows: float
    by_rule: ByRule | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class AdHoc(StudyObject):
    """Reviews that follow a jump of market volatility.

    Attributes
    ----------
    assets :
        The assets whose equal-weighted portfolio stands for the market.

        Example: `assets = ["XLE", "XLF", "XLK"]`
    least_changes :
        Earlier changes that are needed.

        Unit: monthly changes.

        Default: `24`.
    quantile :
        The quantile.

        Unit: probability.

        Default: `0.95`.
    quiet_months :
        Months, 1 to 12, in which no such review takes effect.

        Unit: months of a year.

        Example: `quiet_months = [5, 11]`

        Default: `[]`.
    since :
        No month-end before this date counts.

        Example: `since = 2014-01-01`
    volatility_days :
        Rows of the volatility's window.

        Default: `63`.
    """

    assets: Sequence[str]
    least_changes: int | None = None
    quantile: float | None = None
    quiet_months: Sequence[int] | None = None
    since: str | datetime.date | None = None
    volatility_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Prior(StudyObject):
    """A portfolio that stands in for the benchmark's holdings.

    Attributes
    ----------
    half_life_days :
        Rows after which a return weighs half as much.

        Example: `half_life_days = 126.0`
    rows :
        How many rows of returns it counts as.

        Unit: sessions.

        Example: `rows = 20.0`
    base :
        Weight of each asset at a score of 0, up to a common factor; 1 where an asset is not named.

        Unit: any, as a common factor does not matter.

        Example: `base = { XLK = 2.0, XLF = 1.0 }`
    clip :
        Scores beyond this count as this.

        Unit: standard deviations.

        Default: `3.0`.
    """

    half_life_days: float
    rows: float
    base: Mapping[str, float] | None = None
    clip: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tilt(StudyObject):
    """A push towards the assets with the largest momentum scores.

    Attributes
    ----------
    decay_days :
        Rows after a review in which it falls by the factor e.

        Example: `decay_days = 40.0`
    strength :
        Its size, as a part of the mean second moment for a score of 1.

        Unit: mean second moments of the returns.

        Example: `strength = 0.05`
    """

    decay_days: float
    strength: float


@dataclass(frozen=True, kw_only=True)
class Review(StudyObject):
    """What is known of the benchmark's reviews.

    Attributes
    ----------
    months :
        Months, 1 to 12, at whose last session scheduled reviews take effect.

        Unit: months of a year.

        Example: `months = [5, 11]`
    ad_hoc :
        Reviews that follow a jump of market volatility.
    prior :
        A portfolio that stands in for the benchmark's holdings.
    stale :
        What a return from before the last review weighs, relative to one after it.

        Unit: fraction.

        Default: `1.0`.
    tilt :
        A push towards the assets with the largest momentum scores.
    """

    months: Sequence[int]
    ad_hoc: AdHoc | Mapping[str, Any] | None = None
    prior: Prior | Mapping[str, Any] | None = None
    stale: float | None = None
    tilt: Tilt | Mapping[str, Any] | None = None


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
class At(StudyObject):
    """A volatility, a fraction per year.

    Attributes
    ----------
    volatility :
        A table of a study.
    """

    volatility: float


@dataclass(frozen=True, kw_only=True)
class ObjectiveAt(StudyObject):
    """An expected return, a fraction per year.

    Attributes
    ----------
    return_ :
        A table of a study.
    """

    return_: float


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
        The part of the losses that is not in the tail: 0.95 takes the worst 5 %, and of a row that is
        partly in it that part.

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
        The part of the drawdowns that is not in the tail: 0.95 takes the worst 5 %, and of a row that is
        partly in it that part.

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
class GroupBudgets(StudyObject):
    """The risk budget of a group of assets.

    Attributes
    ----------
    assets :
        Its assets, a subset of `market.assets`.

        Example: `assets = ["SPY", "EWJ"]`
    budget :
        Its share of the risk.

        Unit: relative to the other budgets.

        Example: `budget = 0.6`
    name :
        The name of the group in messages.

        Example: `name = "stocks"`
    """

    assets: Sequence[str]
    budget: float
    name: str


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
class Members(StudyObject):
    """An objective of an ensemble.

    Attributes
    ----------
    of :
        The objective.

        Example: `of = { kind = "minimum_variance" }`
    weight :
        Its share of the mean, in proportion to those of the others.

        Unit: relative to the other members.

        Default: `1.0`.
    """

    of: StudyObject | Mapping[str, Any]
    weight: float | None = None


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
        The factor, by its name in the factor file: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`.

        Example: `factor = "SMB"`
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
        Ranges of the portfolio's exposures to factors of `market.factors`.

        Loadings are regressed on the window of the covariance, or of an objective without one.

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
        How much of the costs of trading the objective pays: this multiple of `costs.per_side_bps` times the
        sum of `|w - w0|` and the rebalances of a year. With 1, `mean_variance` and `robust_utility` weigh
        expected returns against what the simulation charges; for an objective that is not a return it is a
        price in its unit. The initial trade is free.

        Unit: of the objective, for costs of 1.

        Example: `trading_costs = 1.0`
    turnover :
        Maximum turnover of a rebalance: half the sum of `|w - w0|` over all assets, where `w0` are the
        current holdings, drifted to the decision; what must be sold counts. The initial trade is not
        limited.

        Unit: fraction of equity.

        Example: `turnover = 0.1`
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
    objective: TrackingError | Mapping[str, Any] | MeanVariance | Mapping[str, Any] | MinimumVariance | Mapping[str, Any] | RobustUtility | Mapping[str, Any] | MaximumSharpe | Mapping[str, Any] | MaximumDiversification | Mapping[str, Any] | Frontier | Mapping[str, Any] | RobustMeanVariance | Mapping[str, Any] | MinimumCvar | Mapping[str, Any] | MeanCvar | Mapping[str, Any] | MinimumCdar | Mapping[str, Any] | InformationRatio | Mapping[str, Any] | RiskParity | Mapping[str, Any] | EqualWeight | Mapping[str, Any] | InverseVolatility | Mapping[str, Any] | HierarchicalRiskParity | Mapping[str, Any] | Ensemble | Mapping[str, Any]
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
    turnover: float | None = None
    volatility_cap: float | None = None
    volatility_target: VolatilityTarget | Mapping[str, Any] | None = None


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


@dataclass(frozen=True, kw_only=True)
class Clean(StudyObject):
    """What is done about findings of the data check.

    Attributes
    ----------
    bad_price :
        A price that is zero, negative or not finite.

        One of: report, fail, mask, forward_fill, interpolate.
    constant_price :
        A price that never changes.

        One of: report, fail.
    coverage :
        An asset without any price.

        One of: report, fail.
    dividend :
        An adjusted close that disagrees with the dividend.

        One of: report, fail.
    duplicate_date :
        A date that occurs twice in a wide table; `mask` makes one row of those that agree.

        One of: fail, mask.
    equal_prices :
        Two assets with the same prices.

        One of: report, fail.
    extra_session :
        Dates on which the exchange was closed.

        One of: report, fail, drop.
    gap :
        Rows inside a listing without a price.

        One of: report, fail, forward_fill, interpolate.
    jump :
        A move far from the asset's own and from that of others.

        One of: report, fail, winsorize.
    misaligned :
        A series that moves a day before or after the others.

        One of: report, fail.
    missed_split :
        A step by the ratio of a split.

        One of: report, fail.
    missing_session :
        Sessions of the exchange that the file lacks.

        One of: report, fail.
    mixed_calendars :
        Dates of several exchanges, or of none that is known.

        One of: report, fail.
    returns_not_prices :
        Returns in place of prices.

        One of: report, fail.
    reversal :
        A spike that comes back.

        One of: report, fail, mask, forward_fill, interpolate.
    rounded_risk_free :
        A risk-free rate of two decimals.

        One of: report, fail.
    scaled_returns :
        Returns multiplied by the sessions of a year.

        One of: report, fail.
    shifted_dates :
        Dates a day early or late.

        One of: report, fail.
    sparse_session :
        A session on which most assets lack a price.

        One of: report, fail, drop.
    spin_off :
        A fall that stays, as a spin-off or a special dividend makes it.

        One of: report, fail.
    stale_price :
        The same price again and again.

        One of: report, fail, mask, interpolate.
    unit_error :
        A step of 100 times or the like, lasting or for some rows.

        One of: report, fail, mask, forward_fill, interpolate.
    unsorted_dates :
        Dates of a wide table that do not increase; `report` has the rows sorted.

        One of: report, fail.
    zero_volume :
        Days without trade, where the file has volumes.

        One of: report, fail, mask, forward_fill, interpolate.
    """

    bad_price: str | Mapping[str, Any] | None = None
    constant_price: str | Mapping[str, Any] | None = None
    coverage: str | Mapping[str, Any] | None = None
    dividend: str | Mapping[str, Any] | None = None
    duplicate_date: str | Mapping[str, Any] | None = None
    equal_prices: str | Mapping[str, Any] | None = None
    extra_session: str | Mapping[str, Any] | None = None
    gap: str | Mapping[str, Any] | None = None
    jump: str | Mapping[str, Any] | None = None
    misaligned: str | Mapping[str, Any] | None = None
    missed_split: str | Mapping[str, Any] | None = None
    missing_session: str | Mapping[str, Any] | None = None
    mixed_calendars: str | Mapping[str, Any] | None = None
    returns_not_prices: str | Mapping[str, Any] | None = None
    reversal: str | Mapping[str, Any] | None = None
    rounded_risk_free: str | Mapping[str, Any] | None = None
    scaled_returns: str | Mapping[str, Any] | None = None
    shifted_dates: str | Mapping[str, Any] | None = None
    sparse_session: str | Mapping[str, Any] | None = None
    spin_off: str | Mapping[str, Any] | None = None
    stale_price: str | Mapping[str, Any] | None = None
    unit_error: str | Mapping[str, Any] | None = None
    unsorted_dates: str | Mapping[str, Any] | None = None
    zero_volume: str | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class StudyCosts(StudyObject):
    """Trading costs.

    Attributes
    ----------
    charge_first :
        Whether the initial trade is charged and counted as turnover.

        Default: `false`.
    per_side_bps :
        Basis points of the traded value, per side.

        Default: `0.0`.
    """

    charge_first: bool | None = None
    per_side_bps: float | None = None


@dataclass(frozen=True, kw_only=True)
class FactorModelCovariance(StudyObject):
    """`B Omega B' + D` from regressions on the factors.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 40`
    """

    _kind: ClassVar[str | None] = "factor_model"
    window: int


@dataclass(frozen=True, kw_only=True)
class LedoitWolf(StudyObject):
    """The sample covariance, shrunk towards a target by the intensity of Ledoit and Wolf.

    `Sigma = delta F + (1 - delta) S` with `S = Y'Y / T` of the centred returns: every moment is divided
    by `T`, as in the papers, scikit-learn and skfolio. The intensity `delta` between 0 and 1 has the
    least expected squared error as `T` grows. `PyPortfolioOpt` divides `S` by `T - 1` for the targets
    `constant_correlation` and `single_factor`, which moves Sigma by up to 7 %.

    Sources: Ledoit & Wolf (2003), Improved estimation of the covariance matrix of stock returns,
    Journal of Empirical Finance 10 (single factor); (2004), A well-conditioned estimator for large-
    dimensional covariance matrices, Journal of Multivariate Analysis 88 (identity); (2004), Honey, I
    shrunk the sample covariance matrix, Journal of Portfolio Management 30 (constant correlation).

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    target :
        What the sample covariance is shrunk towards.

        Default: `"identity"`.
    """

    _kind: ClassVar[str | None] = "ledoit_wolf"
    window: int
    target: Literal["identity", "constant_correlation", "single_factor"] | None = None


@dataclass(frozen=True, kw_only=True)
class LedoitWolfNonlinear(StudyObject):
    """Nonlinear shrinkage of the eigenvalues, the analytical formula of Ledoit and Wolf.

    With the eigenvalues `l` of `Y'Y / N`, `N = T - 1`, `c = n / N`: each becomes `l_i / ((pi c l_i
    f_i)^2 + (1 - c - pi c l_i H_i)^2)`, `f` the density of the eigenvalues by the Epanechnikov kernel
    of bandwidth `N^(-1/3) l_j` and `H` its Hilbert transform. The window must have at least two rows
    more than there are assets.

    The closed form of `H` cancels far from an eigenvalue, by up to 1.5 % of the result where
    volatilities are far apart (as nonlinshrink does); a series takes its place there.

    Source: Ledoit & Wolf (2020), Analytical nonlinear shrinkage of large-dimensional covariance
    matrices, Annals of Statistics 48, equations 4.3 and 4.7 to 4.9.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    """

    _kind: ClassVar[str | None] = "ledoit_wolf_nonlinear"
    window: int


@dataclass(frozen=True, kw_only=True)
class Oas(StudyObject):
    """The sample covariance, shrunk towards a scaled identity by the oracle approximating intensity.

    `Sigma = rho mu I + (1 - rho) S` with `S = Y'Y / T`, `mu = tr S / n`; the intensity that is best for
    normal returns, approached by iterating the oracle's.

    Source: Chen, Wiesel, Eldar & Hero (2010), Shrinkage algorithms for MMSE covariance estimation, IEEE
    Transactions on Signal Processing 58.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    intensity :
        Which form of the intensity.

        Default: `"simplified"`.
    """

    _kind: ClassVar[str | None] = "oas"
    window: int
    intensity: Literal["simplified", "paper"] | None = None


@dataclass(frozen=True, kw_only=True)
class SampleCovariance(StudyObject):
    """The sample covariance (`ddof = 1`).

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 60`
    """

    _kind: ClassVar[str | None] = "sample"
    window: int


@dataclass(frozen=True, kw_only=True)
class EwmaCovariance(StudyObject):
    """Exponentially weighted returns (`RiskMetrics`).

    `Sigma = sum_t w_t x_t x_t'` with weights that halve every `half_life` rows and sum to 1 over the
    window, so that there is no start value.

    As skfolio; `PyPortfolioOpt` subtracts the equally weighted mean, and names the decay by its span
    (0.6 % to 40 % apart). pandas `ewm.cov()` and Riskfolio are `mean = "weighted_unbiased"`.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    half_life :
        Rows after which a return weighs half as much.

        Unit: periods.

        Default: `60.0`.
    mean :
        The mean that is subtracted.

        Default: `"zero"`.
    """

    _kind: ClassVar[str | None] = "ewma"
    window: int
    half_life: float | None = None
    mean: Literal["zero", "weighted", "weighted_unbiased"] | None = None


@dataclass(frozen=True, kw_only=True)
class EwmaVolatilityCorrelation(StudyObject):
    """Exponentially weighted volatilities with a slower correlation.

    `Sigma_ij = s_i s_j C_ij`: `s` from returns weighted with `volatility_half_life`, `C` the
    correlation of those weighted with `correlation_half_life`, neither with a mean subtracted.
    Volatilities change faster than correlations, and a correlation needs more rows.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5; two decays as in
    Menchero, Orr & Wang (2011), The Barra US Equity Model (USE4).

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    correlation_half_life :
        Rows after which a return weighs half as much in a correlation.

        Unit: periods.

        Default: `120.0`.
    volatility_half_life :
        Rows after which a return weighs half as much in a volatility.

        Unit: periods.

        Default: `20.0`.
    """

    _kind: ClassVar[str | None] = "ewma_volatility_correlation"
    window: int
    correlation_half_life: float | None = None
    volatility_half_life: float | None = None


@dataclass(frozen=True, kw_only=True)
class Denoised(StudyObject):
    """The sample correlation without the eigenvalues that noise explains (Marchenko-Pastur).

    Eigenvalues of the correlation above `noise_variance (1 + sqrt(n/T))^2` stay, the others become
    their mean; the result is rescaled to a unit diagonal and multiplied by the sample standard
    deviations (`ddof = 1`). Where all are noise, no correlation is left.

    The book, skfolio and Riskfolio fit the variance of the noise to a smoothed density; in 8 of 9 real
    and made-up windows their fit ends at its upper limit, which is the default here, and the same
    eigenvalues stay in all 9.

    Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2 (constant residual
    eigenvalue); Marchenko & Pastur (1967).

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    noise_variance :
        The variance of the noise.

        Unit: share of all variance.

        Default: `1.0`.
    """

    _kind: ClassVar[str | None] = "denoised"
    window: int
    noise_variance: float | None = None


@dataclass(frozen=True, kw_only=True)
class Detoned(StudyObject):
    """A correlation without its first principal component, the market.

    `C - l_1 v_1 v_1'`, rescaled to a unit diagonal and multiplied by the sample standard deviations
    (`ddof = 1`). It is singular: made to compare and group assets, it says that a portfolio along the
    market has no risk. Riskfolio does not rescale the diagonal.

    Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2.6.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    noise_variance :
        The variance of the noise, where the correlation is denoised first.

        Unit: share of all variance.

        Default: `1.0`.
    of :
        What the component is taken from.

        Default: `"denoised"`.
    """

    _kind: ClassVar[str | None] = "detoned"
    window: int
    noise_variance: float | None = None
    of: Literal["denoised", "sample"] | None = None


@dataclass(frozen=True, kw_only=True)
class Gerber(StudyObject):
    """Correlations from counts of large moves, in the same direction and in opposite ones (Gerber).

    A return counts as up from `threshold` standard deviations on, and down alike; no mean is subtracted
    from it. `Sigma_ij = G_ij s_i s_j` with the standard deviations `s` (`ddof = 0`) and `G_ij = (same -
    opposite) / count`. Large moves weigh no more than others, so that a crash does not make the
    correlation.

    Either count leaves a positive semidefinite matrix: the counts are a product of rows, and so is
    every power of the shared quiet rows `N_ij` in `1 / (T - N_ij) = sum_k N_ij^k / T^(k+1)` (Schur).

    Source: Gerber, Markowitz, Ernst, Miao, Javid & Sargen (2022), The Gerber statistic, Journal of
    Portfolio Management 48.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    count :
        What the counts are divided by.

        Default: `"union"`.
    threshold :
        From where a move counts.

        Unit: standard deviations.

        Default: `0.5`.
    """

    _kind: ClassVar[str | None] = "gerber"
    window: int
    count: Literal["union", "geometric"] | None = None
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True)
class Pca(StudyObject):
    """The first principal components of the sample covariance as factors.

    `Sigma = V_k L_k V_k' + diag(S - V_k L_k V_k')` with the `k` largest eigenvalues of the sample
    covariance `S` (`ddof = 1`): variances are those of the sample, and what the components leave is
    uncorrelated. With as many factors as assets it is the sample covariance.

    Source: Connor & Korajczyk (1986), Performance measurement with the arbitrage pricing theory.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    factors :
        Number of components.

        Unit: factors.

        Default: `3`.
    """

    _kind: ClassVar[str | None] = "pca"
    window: int
    factors: int | None = None


@dataclass(frozen=True, kw_only=True)
class Blend(StudyObject):
    """A covariance of a blend.

    Attributes
    ----------
    of :
        The covariance, with the keys of `[estimate.covariance]`.
    weight :
        Its weight.

        Unit: share.

        Example: `weight = 0.5`
    """

    of: StudyObject | Mapping[str, Any]
    weight: float


@dataclass(frozen=True, kw_only=True)
class BlendCovariance(StudyObject):
    """A weighted mean of several covariances.

    It is positive semidefinite as they are. Of factor models and of windows shorter than there are
    assets it is a factor model with the factors of all, unless these are as many as the assets.

    Attributes
    ----------
    blend :
        The covariances with their weights, which sum to 1.

        Example: `blend = [{ of = { kind = "sample", window = 252 }, weight = 0.5 }, { of = { kind = "ewma",
        window = 252, half_life = 60.0 }, weight = 0.5 }]`
    """

    _kind: ClassVar[str | None] = "blend"
    blend: Sequence[Blend | Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FactorModelReturns(StudyObject):
    """`r_f + B' mean(f) + alpha` from regressions on the factors.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 90`
    alpha :
        Whether the intercepts enter; with them the result is the sample mean.

        Default: `"include"`.
    """

    _kind: ClassVar[str | None] = "factor_model"
    window: int
    alpha: Literal["include", "exclude"] | None = None


@dataclass(frozen=True, kw_only=True)
class SampleMean(StudyObject):
    """The mean return.

    Attributes
    ----------
    window :
        Rows of the window.

        Example: `window = 90`
    """

    _kind: ClassVar[str | None] = "sample_mean"
    window: int


@dataclass(frozen=True, kw_only=True)
class Historical(StudyObject):
    """The mean return over a year: `sample_mean` with a window of 252 rows.

    Attributes
    ----------
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "historical"
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shrinkage(StudyObject):
    """Means shrunk towards their common mean (James-Stein).

    Attributes
    ----------
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "shrinkage"
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Momentum(StudyObject):
    """Means blended with compounded returns of 1, 3, 6 and 12 months.

    Attributes
    ----------
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "momentum"
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class MeanReversion(StudyObject):
    """Means less a part of the last returns.

    Attributes
    ----------
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "mean_reversion"
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class MultiFactor(StudyObject):
    """Scores of momentum, reversal and volatility, priced by past cross-sections (Fama-MacBeth).

    Attributes
    ----------
    months :
        Past months whose cross-sections are averaged.

        Default: `60`.
    """

    _kind: ClassVar[str | None] = "multi_factor"
    months: int | None = None


@dataclass(frozen=True, kw_only=True)
class EwmaReturns(StudyObject):
    """The mean return with weights that halve every `half_life` rows.

    `sum_t w_t x_t` times the periods of a year, the weights summing to 1 over the window.
    `PyPortfolioOpt` compounds it to a year unless told otherwise.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5, for the weights.

    Attributes
    ----------
    half_life :
        Rows after which a return weighs half as much.

        Unit: periods.

        Default: `60.0`.
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "ewma"
    half_life: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class JamesStein(StudyObject):
    """Means shrunk towards their common mean (James-Stein), with any covariance.

    `(1 - a) m + a t`, `t` the mean of the means `m` of the window, `a = min(1, (n - 2) / (T d'S^-1
    d))`, `d = m - t`. Fewer than three assets are not shrunk. The sample covariance needs at least two
    rows more than assets.

    "James-Stein" of skfolio and Riskfolio is `(tr S - 2 l_max) / (T |d|^2)` of Meucci (2005), not
    limited to 1: up to 28 times the largest mean apart.

    Sources: James & Stein (1961), Estimation with quadratic loss; Jorion (1986), Bayes-Stein estimation
    for portfolio analysis, Journal of Financial and Quantitative Analysis 21.

    Attributes
    ----------
    covariance :
        The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.

        Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "james_stein"
    covariance: StudyObject | Mapping[str, Any] | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class BayesStein(StudyObject):
    """Means shrunk towards that of the minimum-variance portfolio (Bayes-Stein, Jorion).

    `(1 - a) m + a g` with `g = 1'S^-1 m / 1'S^-1 1`, `a = (n + 2) / (n + 2 + T d'S_J^-1 d)`, `d = m -
    g` and `S_J = S (T - 1) / (T - n - 2)`: the window needs at least three rows more than assets.

    skfolio (`vol_weighted_target=True`) and Riskfolio (`target="b2"`) leave `S` as it is:
    `scale_covariance = false`; the default target of both is another one.

    Source: Jorion (1986), Bayes-Stein estimation for portfolio analysis, Journal of Financial and
    Quantitative Analysis 21.

    Attributes
    ----------
    covariance :
        The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.

        Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    posterior_covariance :
        Whether the covariance that belongs to these means takes the place of `[estimate.covariance]`: `S_J
        (1 + 1/(T + v)) + v / (T (T + 1 + v)) 11' / (1'S_J^-1 1)`, `v = (n + 2) / (d'S_J^-1 d)`.

        Default: `false`.
    scale_covariance :
        Whether `S` is multiplied by `(T - 1) / (T - n - 2)`, as published.

        Default: `true`.
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "bayes_stein"
    covariance: StudyObject | Mapping[str, Any] | None = None
    posterior_covariance: bool | None = None
    scale_covariance: bool | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Capm(StudyObject):
    """The capital asset pricing model: `r_f + beta (E[r_M] - r_f)`.

    The betas are those of the window, against the market of the factors, `Mkt-RF + RF`.

    Source: Sharpe (1964), Capital asset prices, Journal of Finance 19.

    Attributes
    ----------
    premium :
        The expected return of the market above the risk-free rate; the mean of Mkt-RF over the window by
        default.

        Unit: fraction per year.

        Example: `premium = 0.05`
    risk_free :
        The risk-free rate; the mean of RF over the window by default.

        Unit: fraction per year.

        Example: `risk_free = 0.02`
    window :
        Rows of the window.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "capm"
    premium: float | None = None
    risk_free: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Equilibrium(StudyObject):
    """The expected returns with which a portfolio is optimal (reverse optimization).

    `pi = delta Sigma w + r_f`, `w` the market's weights and `delta` its risk aversion, 2.5 by default.
    skfolio takes 1.

    Sources: Sharpe (1974), Imputing expected security returns from portfolio composition; Black &
    Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48.

    Attributes
    ----------
    covariance :
        The covariance `Sigma`; that of `[estimate]` by default.

        Example: `covariance = { kind = "sample", window = 252 }`
    implied_window :
        Rows of Mkt-RF whose mean over variance is the risk aversion instead; an error where it is negative.

        Unit: periods.

        Example: `implied_window = 1260`
    risk_aversion :
        The risk aversion `delta` of the market; 2.5 by default.

        Unit: return per unit of variance.

        Example: `risk_aversion = 2.5`
    risk_free :
        Added to each: 0 leaves returns above the risk-free rate.

        Unit: fraction per year.

        Default: `0.0`.
    weights :
        Weights of the market portfolio by asset, in any unit; an asset that is not named has 0.

        Equal weights if none is named.

        Example: `weights = { XLK = 0.28, XLF = 0.13 }`
    """

    _kind: ClassVar[str | None] = "equilibrium"
    covariance: StudyObject | Mapping[str, Any] | None = None
    implied_window: int | None = None
    risk_aversion: float | None = None
    risk_free: float | None = None
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class ModelViews(StudyObject):
    """A model whose expected returns are views: one of each asset alone.

    Attributes
    ----------
    confidence :
        How certain each of its views is: 1 holds exactly, 0 is no view.

        Unit: share.

        Example: `confidence = 0.2`
    of :
        The model, with the keys of `[estimate.expected_returns]`.
    """

    confidence: float
    of: StudyObject | Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ExpectedReturnsPrior(StudyObject):
    """The equilibrium that views tilt.

    Attributes
    ----------
    covariance :
        The covariance `Sigma`; that of `[estimate]` by default.

        Example: `covariance = { kind = "sample", window = 252 }`
    implied_window :
        Rows of Mkt-RF whose mean over variance is the risk aversion instead; an error where it is negative.

        Unit: periods.

        Example: `implied_window = 1260`
    risk_aversion :
        The risk aversion `delta` of the market; 2.5 by default.

        Unit: return per unit of variance.

        Example: `risk_aversion = 2.5`
    risk_free :
        Added to each: 0 leaves returns above the risk-free rate.

        Unit: fraction per year.

        Default: `0.0`.
    weights :
        Weights of the market portfolio by asset, in any unit; an asset that is not named has 0.

        Equal weights if none is named.

        Example: `weights = { XLK = 0.28, XLF = 0.13 }`
    """

    covariance: StudyObject | Mapping[str, Any] | None = None
    implied_window: int | None = None
    risk_aversion: float | None = None
    risk_free: float | None = None
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class View(StudyObject):
    """What is expected of a combination of assets.

    Attributes
    ----------
    assets :
        The assets with their weights: one of 1 is an absolute view, 1 and -1 are a relative one.

        Example: `assets = { XLK = 1.0, XLF = -1.0 }`
    from_ :
        The day from which on it is known.

        Example: `from = 2020-01-02`
    return_ :
        The expected return of the combination.

        Unit: fraction per year.

        Example: `return = 0.02`
    confidence :
        How certain it is: 1 holds exactly, 0 is no view.

        Unit: share.

        Default: `0.5`.
    until :
        The last day on which it is held.

        Example: `until = 2020-12-31`
    """

    assets: Mapping[str, float]
    from_: str | datetime.date
    return_: float
    confidence: float | None = None
    until: str | datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class BlackLitterman(StudyObject):
    """Equilibrium returns, tilted by views (Black-Litterman).

    `mu = pi + tau Sigma P' (P tau Sigma P' + Omega)^-1 (Q - P pi)` with the views `P`, `Q` that are
    known. A confidence `c` is `Omega_kk = tau (1 - c)/c p_k Sigma p_k'`: with one view alone the
    weights move by the share `c` of what full certainty would move them (Idzorek); 0.5 is the `Omega =
    diag(tau P Sigma P')` of He and Litterman.

    The covariance `Sigma + tau Sigma - tau Sigma P' (P tau Sigma P' + Omega)^-1 P tau Sigma` takes the
    place of `[estimate.covariance]`. A view on an asset that is not eligible is left out at that
    decision, with a note.

    Riskfolio fixes `tau` at 1/T and skfolio `delta` at 1; for a confidence of 0, which drops a view
    here, `PyPortfolioOpt` writes a variance of 1e6.

    Sources: Black & Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48; He
    & Litterman (1999), The intuition behind Black-Litterman model portfolios; Idzorek (2005), A step-
    by-step guide; Walters (2014), The Black-Litterman model in detail.

    Attributes
    ----------
    model_views :
        Other models of expected returns as views of each asset.

        Example: `model_views = [{ of = { kind = "momentum" }, confidence = 0.2 }]`
    posterior_covariance :
        Whether the covariance with the uncertainty of the mean takes the place of `[estimate.covariance]`.

        Default: `true`.
    prior :
        The equilibrium that views tilt.
    tau :
        How uncertain the equilibrium is.

        Unit: share of the covariance.

        Default: `0.05`.
    views :
        What is expected of assets, or of some against others.

        Default: `[]`.
    views_file :
        Further views, CSV below the folder of the prices: `date, view, return, confidence`, and `until` if
        you like. The view is a combination such as `XLK - XLF` or `0.5 XLK + 0.5 SMH - SPY`, the return a
        fraction per year. A view is known from its date on and holds until a later row of the same
        combination, whose empty return withdraws it.

        Example: `views_file = "views.csv"`
    """

    _kind: ClassVar[str | None] = "black_litterman"
    model_views: Sequence[ModelViews | Mapping[str, Any]] | None = None
    posterior_covariance: bool | None = None
    prior: ExpectedReturnsPrior | Mapping[str, Any] | None = None
    tau: float | None = None
    views: Sequence[View | Mapping[str, Any]] | None = None
    views_file: str | None = None


@dataclass(frozen=True, kw_only=True)
class File(StudyObject):
    """Your own forecasts, by date and asset.

    The forecast of an asset is its newest one that is known at the last session before the decision,
    whatever day it speaks of: the date of a row is the day from which on anybody could have read it.

    Attributes
    ----------
    file :
        The forecasts, CSV or Parquet below the folder of the prices: `date, asset, forecast`, or a column
        of dates and one for each asset. An empty cell says nothing new.

        Example: `file = "forecasts.csv"`
    unit :
        The unit of the numbers in the file.
    max_age :
        An older forecast counts as missing; without it none is too old, and old ones are a warning.

        Unit: calendar days.

        Example: `max_age = 31`
    missing :
        What becomes of an eligible asset without a forecast.

        Default: `"error"`.
    per :
        The time that a forecast is for.

        Default: `"year"`.
    """

    _kind: ClassVar[str | None] = "file"
    file: str
    unit: Literal["fraction", "percent"]
    max_age: int | None = None
    missing: Literal["error", "mean"] | None = None
    per: Literal["year", "period"] | None = None


@dataclass(frozen=True, kw_only=True)
class ExpectedReturnsBlend(StudyObject):
    """A model of a blend.

    Attributes
    ----------
    of :
        The model, with the keys of `[estimate.expected_returns]`.
    weight :
        Its weight.

        Unit: share.

        Example: `weight = 0.5`
    """

    of: StudyObject | Mapping[str, Any]
    weight: float


@dataclass(frozen=True, kw_only=True)
class BlendReturns(StudyObject):
    """A weighted mean of several models of expected returns.

    Each part is estimated by itself. A covariance that belongs to a part takes no place of
    `[estimate.covariance]`: it is that of the part alone.

    Attributes
    ----------
    blend :
        The models with their weights, which sum to 1.

        Example: `blend = [{ of = { kind = "historical" }, weight = 0.5 }, { of = { kind = "momentum" },
        weight = 0.5 }]`
    """

    _kind: ClassVar[str | None] = "blend"
    blend: Sequence[ExpectedReturnsBlend | Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Estimate(StudyObject):
    """How moments are estimated, for objectives that use moments.

    Attributes
    ----------
    covariance :
        The covariance of returns; betas come from the same window.
    expected_returns :
        Expected returns, for objectives that use them.
    units :
        The unit of moments, and with it of `lambda`.

        Default: `"annual"`.
    """

    covariance: FactorModelCovariance | Mapping[str, Any] | LedoitWolf | Mapping[str, Any] | LedoitWolfNonlinear | Mapping[str, Any] | Oas | Mapping[str, Any] | SampleCovariance | Mapping[str, Any] | EwmaCovariance | Mapping[str, Any] | EwmaVolatilityCorrelation | Mapping[str, Any] | Denoised | Mapping[str, Any] | Detoned | Mapping[str, Any] | Gerber | Mapping[str, Any] | Pca | Mapping[str, Any] | BlendCovariance | Mapping[str, Any]
    expected_returns: FactorModelReturns | Mapping[str, Any] | SampleMean | Mapping[str, Any] | Historical | Mapping[str, Any] | Shrinkage | Mapping[str, Any] | Momentum | Mapping[str, Any] | MeanReversion | Mapping[str, Any] | MultiFactor | Mapping[str, Any] | EwmaReturns | Mapping[str, Any] | JamesStein | Mapping[str, Any] | BayesStein | Mapping[str, Any] | Capm | Mapping[str, Any] | Equilibrium | Mapping[str, Any] | BlackLitterman | Mapping[str, Any] | File | Mapping[str, Any] | BlendReturns | Mapping[str, Any] | None = None
    units: Literal["annual", "daily"] | None = None


@dataclass(frozen=True, kw_only=True)
class MarketBenchmark(StudyObject):
    """Ticker of the benchmark, or a blend of several: a table of weights above 0 that sum to 1, whose
    tickers may be assets or not. A blend is a return series of prices that begins with its last part,
    named by its weights: `60 % SPY, 40 % AGG`.

    Example: `benchmark = { SPY = 0.6, AGG = 0.4, rebalanced = "month" }`

    Attributes
    ----------
    rebalanced :
        When the parts of a blend are brought back to their weights, without cost.

        Default: `"month"`.
    """

    rebalanced: Literal["month", "day", "never"] | None = None


@dataclass(frozen=True, kw_only=True)
class Csv(StudyObject):
    """How the cells of CSV price files are written, where the files do not show it.

    Of members and signals it decides what is open.

    Example: `csv = { date_order = "day_first", decimal = "," }`

    Attributes
    ----------
    date_format :
        How dates are written: `excel` (days since 1899-12-30), `epoch` or `epoch_ms` (seconds or
        milliseconds since 1970 in UTC), or a pattern of strftime.

        Example: `date_format = "%d.%m.%Y"`
    date_order :
        The order of day, month and year in dates such as 03/04/2024.

        Example: `date_order = "day_first"`
    decimal :
        The decimal separator of numbers.

        Example: `decimal = ","`
    delimiter :
        The character between two cells.

        Example: `delimiter = ";"`
    """

    date_format: str | None = None
    date_order: Literal["day_first", "month_first", "year_first"] | None = None
    decimal: Literal[".", ","] | None = None
    delimiter: Literal[",", ";", "tab", "|"] | None = None


@dataclass(frozen=True, kw_only=True)
class Currency(StudyObject):
    """Prices in several currencies, and the rates that bring them to one.

    The data check looks at prices as the files have them.

    Attributes
    ----------
    assets :
        The currency of each ticker whose prices are in another one, benchmark and parts of a blend
        included; `"GBp"` and `"GBX"` are pence, hundredths of a pound.

        Example: `assets = { "VOD.L" = "GBp", "SAP.DE" = "EUR" }`
    base :
        The currency that all prices are converted to before returns are made, an ISO 4217 code.

        What is not listed in `assets` is in it already.

        Example: `base = "USD"`
    rates :
        Exchange rates, a file in any layout of prices below the folder of the other files: units of the
        base per unit of the other currency, in columns such as `GBPUSD`, `GBPUSD=X` or `GBP`.

        Example: `rates = "fx.csv"`
    max_age :
        A price on a day without a rate is converted at the last one that is at most so many days older,
        never at a later one; how many there are is a warning. 5 by default.

        Unit: calendar days.

        Example: `max_age = 3`
    """

    assets: Mapping[str, str]
    base: str
    rates: str
    max_age: int | None = None


@dataclass(frozen=True, kw_only=True)
class Factors(StudyObject):
    """Factor returns to load, which include the risk-free rate: a model, `"french3"`, `"carhart4"`,
    `"french5"` or `"french6"`, or a table that also states the unit of files that are not of Ken
    French's library.

    Example: `factors = { model = "french3", unit = "percent" }`

    Attributes
    ----------
    model :
        The model: which factors are loaded.

        Files that lack one of them are an error that names it.
    unit :
        The unit of the returns in the files.

        It is percent in files of Ken French's library, and must be stated for any other.
    """

    model: Literal["french3", "carhart4", "french5", "french6"]
    unit: Literal["percent", "fraction"] | None = None


@dataclass(frozen=True, kw_only=True)
class Files(StudyObject):
    """Names of files, below the folder of the source or of `--data`.

    Attributes
    ----------
    prices :
        Adjusted closes: a file, a folder with one file per ticker, or a snapshot; or a list of these,
        joined by date. Each ticker must occur only once.

        Example: `prices = "mtum/prices.csv"`
    benchmark :
        Adjusted closes of the benchmark, if they are in another file.

        Example: `benchmark = "mtum/benchmark.csv"`
    benchmark_holdings :
        What the benchmark held, by date: `date, ticker, weight` or a column of dates and one a ticker, CSV
        or Parquet. Weights may be in any unit: they are scaled to sum to 1. Known from their date on, and
        held until the next. The tickers are those of `constituents`, or of the assets without that file.

        Example: `benchmark_holdings = "holdings.csv"`
    capitalizations :
        Market capitalizations by date of the constituents, or of the assets without them: `date, ticker,
        market_cap`, or a column of dates and one a ticker. Known from their date on.

        Example: `capitalizations = "capitalizations.csv"`
    constituents :
        Adjusted closes of what the benchmark is made of, in any layout of prices: names that are never
        traded here.

        Example: `constituents = "stocks.parquet"`
    factors :
        Factors: a file of the Ken French library of any region, raw text or zip, or a table whose first
        column holds dates and whose others are named in any order and spelling (`MKT-RF`, `mkt_rf`, `rf`);
        or a list of these, joined by date: momentum has a file of its own. Daily, or of the weeks or months
        that the prices step by. Rows are compounded over the interval of each return.

        Example: `factors = "french/F-F_Research_Data_Factors_daily_CSV.zip"`
    members :
        Members of an index by date, CSV: `date, ticker` (each date of the file lists all members) or
        `ticker, start, end`, with an optional column `delisting_return`. A decision may hold only the
        members of the last session before it.

        Example: `members = "members.csv"`
    """

    prices: str | Sequence[str]
    benchmark: str | None = None
    benchmark_holdings: str | None = None
    capitalizations: str | None = None
    constituents: str | None = None
    factors: str | Sequence[str] | None = None
    members: str | None = None


@dataclass(frozen=True, kw_only=True)
class RiskFree(StudyObject):
    """The risk-free rate of Sharpe ratios, excess returns and the attribution.

    It takes the place of RF of the factors there; factor models keep RF, over which their market return
    is made. Nothing is held in it.

    Attributes
    ----------
    per :
        The time that a rate is for.
    column :
        The column of the file; not needed where there is one, or one that is named RF.

        Example: `column = "DTB3"`
    file :
        A table whose first column holds dates, CSV, below the folder of the other files; a monthly one has
        `2024-03` there, or the last day. What it does not cover at its beginning and its end is not
        measured against cash; a hole inside is an error.

        Example: `file = "rf.csv"`
    rate :
        A constant rate, with a percent sign.

        Example: `rate = "2.5%"`
    unit :
        The unit of the numbers in the file, which needs it.
    """

    per: Literal["year", "period"]
    column: str | None = None
    file: str | None = None
    rate: str | float | None = None
    unit: Literal["percent", "fraction"] | None = None


@dataclass(frozen=True, kw_only=True)
class SampleSource(StudyObject):
    """The built-in synthetic market.

    Attributes
    ----------
    seed :
        Seed of the simulation.

        Unit: any.

        Example: `seed = 7`
    """

    _kind: ClassVar[str | None] = "sample"
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class CsvSource(StudyObject):
    """CSV files or a vendor's response: wide, long, or a folder with one file per ticker.

    Attributes
    ----------
    dir :
        Folder of `market.files`, relative to the study file; the study's own folder by default.

        Example: `dir = "../prices"`
    layout :
        Layout of the price files; recognized by their headers by default.
    """

    _kind: ClassVar[str | None] = "csv"
    dir: str | None = None
    layout: Literal["wide", "long", "multi_header", "one_ticker", "yahoo_chart", "fred"] | None = None


@dataclass(frozen=True, kw_only=True)
class ParquetSource(StudyObject):
    """Parquet: wide, long, or a snapshot of `walkfolio fetch`.

    Attributes
    ----------
    dir :
        Folder of `market.files`, relative to the study file; the study's own folder by default.

        Example: `dir = "../prices"`
    layout :
        Layout of the price files; recognized by their headers by default.
    """

    _kind: ClassVar[str | None] = "parquet"
    dir: str | None = None
    layout: Literal["wide", "long", "multi_header", "one_ticker", "yahoo_chart", "fred"] | None = None


@dataclass(frozen=True, kw_only=True)
class Market(StudyObject):
    """Which prices, which assets, which benchmark.

    Attributes
    ----------
    assets :
        Tickers of the assets that may be held, in the order of all tables; `["*"]` means every ticker of
        the price file except the benchmark, sorted.

        Example: `assets = ["XLE", "XLF", "XLK"]`
    benchmark :
        Ticker of the benchmark, or a blend of several: a table of weights above 0 that sum to 1, whose
        tickers may be assets or not. A blend is a return series of prices that begins with its last part,
        named by its weights: `60 % SPY, 40 % AGG`.

        Example: `benchmark = { SPY = 0.6, AGG = 0.4, rebalanced = "month" }`
    calendar :
        Calendar of the price files: the exchange whose sessions the data check expects.

        Found from the dates by default; files of weeks or months follow none.

        Example: `calendar = "XLON"`
    csv :
        How the cells of CSV price files are written, where the files do not show it.

        Of members and signals it decides what is open.

        Example: `csv = { date_order = "day_first", decimal = "," }`
    currency :
        Prices in several currencies, and the rates that bring them to one.

        The data check looks at prices as the files have them.
    factors :
        Factor returns to load, which include the risk-free rate: a model, `"french3"`, `"carhart4"`,
        `"french5"` or `"french6"`, or a table that also states the unit of files that are not of Ken
        French's library.

        Example: `factors = { model = "french3", unit = "percent" }`
    files :
        Names of files, below the folder of the source or of `--data`.
    first :
        First date whose returns may be used.

        Example: `first = 2007-03-01`
    index :
        Computes the benchmark from the assets, under the name in `market.benchmark`.
    max_gap :
        Maximum gap in a price series.

        After a longer gap the series is a new asset (`AMD_2`): a ticker that was used again, or a member
        that left an index and came back. Without this key, a gap is an error.

        Unit: periods.

        Example: `max_gap = 20`
    max_late :
        A price series that ends at most so many rows before its file is late, not delisted: its last price
        is carried on, nothing is traded on it, and a warning says so; 5 by default. With 0 every such end
        is a delisting, and what is held is sold at the last price.

        Unit: periods.

        Example: `max_late = 0`
    risk_free :
        The risk-free rate of Sharpe ratios, excess returns and the attribution.

        It takes the place of RF of the factors there; factor models keep RF, over which their market return
        is made. Nothing is held in it.
    source :
        The source of prices.

        Without it the files of `market.files` are read, from the study's own folder or that of `--data`;
        without files it is the sample market.
    """

    assets: Sequence[str]
    benchmark: str | MarketBenchmark | Mapping[str, Any] | None = None
    calendar: Literal["XNYS", "XLON", "XETR", "XPAR", "XTKS", "XHKG", "24/7", "file"] | None = None
    csv: Csv | Mapping[str, Any] | None = None
    currency: Currency | Mapping[str, Any] | None = None
    factors: str | Factors | Mapping[str, Any] | None = None
    files: Files | Mapping[str, Any] | None = None
    first: str | datetime.date | None = None
    index: Literal["equal_weight"] | None = None
    max_gap: int | None = None
    max_late: int | None = None
    risk_free: RiskFree | Mapping[str, Any] | None = None
    source: SampleSource | Mapping[str, Any] | CsvSource | Mapping[str, Any] | ParquetSource | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Measure(StudyObject):
    """How results are measured.

    Attributes
    ----------
    first :
        First session of the full sample, so that studies with different windows are comparable; turnover,
        cost, holdings and gross exposure stay those of the whole backtest. It does not apply to the periods
        of `[[period]]`.

        Example: `first = 2007-11-14`
    """

    first: str | datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Period(StudyObject):
    """A period that is measured separately.

    Attributes
    ----------
    name :
        The name in the tables.

        Example: `name = "covid"`
    first :
        The first session; the start of the sample by default.

        Example: `first = 2020-02-01`
    last :
        The last session; the end of the sample by default.

        Example: `last = 2020-06-30`
    """

    name: str
    first: str | datetime.date | None = None
    last: str | datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class HiddenMarkov(StudyObject):
    """A Gaussian hidden Markov model of daily log returns: states in the order of their variance, `calm`
    and `turbulent`, with `normal` between them for 3 states, and `normal` and `volatile` for 4.

    Maximum likelihood by Baum and Welch, no prior and no floor of the variance, from a start by size of
    returns and `restarts` random ones; the best counts. The model is fitted to the first `window`
    returns and again every `refit` sessions, each time to rows before that session alone. In between
    the filter goes on with fixed parameters: a state is inferred from the returns up to its own close,
    never smoothed with later ones.

    hmmlearn and its users often smooth: `predict`, and `predict_proba` of a whole sample, read returns
    that come later; smoothed and filtered probabilities differ by up to 0.9. hmmlearn also has a prior
    by default (`covars_prior = 0.01`), which on daily returns makes volatilities 6 % (2 states) to 48 %
    (3 states) too large.

    Sources: Hamilton (1989), A new approach to the economic analysis of nonstationary time series,
    Econometrica 57; Baum, Petrie, Soules & Weiss (1970), Annals of Mathematical Statistics 41.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "volatility"`
    of :
        The asset or benchmark whose log returns are read; the benchmark by default.

        Example: `of = "SPY"`
    probability :
        Which probability decides.

        Default: `"filtered"`.
    refit :
        Sessions from one fit to the next.

        Unit: periods.

        Default: `252`.
    restarts :
        Random starts in addition to the start by size of returns.

        Unit: starts.

        Default: `8`.
    sample :
        Which returns later fits read.

        Default: `"expanding"`.
    seed :
        The seed of the random starts.

        Unit: any whole number.

        Default: `0`.
    states :
        The number of states: 2, 3 or 4.

        Unit: states.

        Default: `2`.
    window :
        Returns of the first fit.

        Default: `1008`.
    """

    _kind: ClassVar[str | None] = "hidden_markov"
    name: str
    of: str | None = None
    probability: Literal["filtered", "predicted"] | None = None
    refit: int | None = None
    restarts: int | None = None
    sample: Literal["expanding", "rolling"] | None = None
    seed: int | None = None
    states: int | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Drawdown(StudyObject):
    """Bull and bear markets by drawdown: states `bull` and `bear`.

    A bull market turns into a bear market at the first close that is `down` or more below the highest
    close since it began, a bear market into a bull market at the first close that is `up` or more above
    the lowest. The first close begins a bull market. The state of a close is known at that close; Lunde
    and Timmermann date the turn back to the peak, which nobody knew on that day.

    Source: Lunde & Timmermann (2004), Duration dependence in stock prices, Journal of Business &
    Economic Statistics 22.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "market"`
    down :
        The fall from the highest close that makes a bear market.

        Unit: fraction.

        Default: `0.2`.
    of :
        The asset or benchmark whose closes are read, from its first on; the benchmark by default.

        Example: `of = "SPY"`
    up :
        The rise from the lowest close that makes a bull market.

        Unit: fraction.

        Default: `0.2`.
    """

    _kind: ClassVar[str | None] = "drawdown"
    name: str
    down: float | None = None
    of: str | None = None
    up: float | None = None


@dataclass(frozen=True, kw_only=True)
class Trend(StudyObject):
    """The close against its moving average: states `above` and `below`.

    Above where the close is larger than the mean of the last `window` closes, its own included;
    undefined before there are so many.

    Source: Faber (2007), A quantitative approach to tactical asset allocation, Journal of Wealth
    Management 9.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "trend"`
    of :
        The asset or benchmark whose closes are read; the benchmark by default.

        Example: `of = "SPY"`
    window :
        Closes of the moving average.

        Default: `200`.
    """

    _kind: ClassVar[str | None] = "trend"
    name: str
    of: str | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Volatility(StudyObject):
    """Volatility in its own history: states `low_volatility` and `high_volatility`.

    The figure is the standard deviation (`ddof = 1`) of the last `window` log returns, a session. It is
    high above the `quantile` (linear interpolation) of its last `history` values, its own included.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "volatility"`
    history :
        Standard deviations that are compared.

        Unit: periods.

        Default: `504`.
    of :
        The asset or benchmark whose closes are read; the benchmark by default.

        Example: `of = "SPY"`
    quantile :
        The quantile above which volatility is high.

        Unit: fraction.

        Default: `0.8`.
    window :
        Returns of each standard deviation.

        Default: `20`.
    """

    _kind: ClassVar[str | None] = "volatility"
    name: str
    history: int | None = None
    of: str | None = None
    quantile: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Absorption(StudyObject):
    """The absorption ratio and its shift: states `calm`, `normal` and `fragile`.

    The ratio is the sum of the `k` largest eigenvalues of the covariance of the last `window` simple
    returns over its trace, `k = max(1, floor(share n + 1/2))` of the `n` assets that have all of them.
    The figure is its standardized shift: the mean of its last `recent` values less that of its last
    `history`, over the standard deviation (`ddof = 1`) of the latter. Above `limit` the market is
    fragile, below `-limit` calm.

    Rows weigh the same; with `half_life` newer ones weigh more, as in the paper.

    Source: Kritzman, Li, Page & Rigobon (2011), Principal components as a measure of systemic risk,
    Journal of Portfolio Management 37.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "absorption"`
    half_life :
        Rows after which a return weighs half as much; all weigh the same by default.

        Unit: periods.

        Example: `half_life = 250.0`
    history :
        Ratios of the mean and the standard deviation that it is compared with.

        Unit: periods.

        Default: `252`.
    limit :
        The shift beyond which the market is fragile, or calm on the other side.

        Unit: standard deviations.

        Default: `1.0`.
    recent :
        Ratios of the recent mean.

        Unit: periods.

        Default: `15`.
    share :
        The share of components that absorb.

        Unit: fraction of the number of assets.

        Default: `0.2`.
    window :
        Rows of the covariance.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "absorption"
    name: str
    half_life: float | None = None
    history: int | None = None
    limit: float | None = None
    recent: int | None = None
    share: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class AverageCorrelation(StudyObject):
    """The average correlation in its own history: states `low_correlation` and `high_correlation`.

    The figure is the mean of the Pearson correlations of all pairs of assets over the last `window`
    returns, of the assets that have all of them and move. It is high above the `quantile` (linear
    interpolation) of its last `history` values, its own included.

    Source: Pollet & Wilson (2010), Average correlation and stock market returns, Journal of Financial
    Economics 96.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "correlation"`
    history :
        Average correlations that are compared.

        Unit: periods.

        Default: `504`.
    quantile :
        The quantile above which the correlation is high.

        Unit: fraction.

        Default: `0.8`.
    returns :
        Which returns are correlated.

        Default: `"simple"`.
    window :
        Returns of each correlation.

        Default: `60`.
    """

    _kind: ClassVar[str | None] = "average_correlation"
    name: str
    history: int | None = None
    quantile: float | None = None
    returns: Literal["simple", "log"] | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Turbulence(StudyObject):
    """Turbulence, the statistical unusualness of a session's returns: states `quiet` and `turbulent`.

    The figure is `(x_t - m)' S^-1 (x_t - m)`, mean and sample covariance (`ddof = 1`) of the `window`
    rows before the session, of the assets that have all of them. It is turbulent above the `quantile`
    (linear interpolation) of its last `history` values, its own included. The window needs more rows
    than assets.

    Source: Kritzman & Li (2010), Skulls, financial turbulence, and risk management, Financial Analysts
    Journal 66. It is not divided by the number of assets, as there; Kinlaw and Turkington (2014)
    divide.

    Attributes
    ----------
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "turbulence"`
    history :
        Sessions that are compared.

        Unit: periods.

        Default: `504`.
    per_asset :
        Whether the figure is divided by the number of assets.

        Default: `false`.
    quantile :
        The quantile above which a session is turbulent.

        Unit: fraction.

        Default: `0.75`.
    window :
        Rows of the covariance.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "turbulence"
    name: str
    history: int | None = None
    per_asset: bool | None = None
    quantile: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class FactorCycle(StudyObject):
    """The cycle of a factor: states `up` and `down`.

    Up where the factor's compounded return over the last `window` sessions is above 0. The factors are
    those of `market.factors`; how late a vendor publishes them is not modelled: French's files appear
    weeks after their month, so that a decision that reads them daily assumes that the factor was
    computed on the day.

    Source: Arnott, Clements, Kalesnik & Linnainmaa (2023), Factor momentum, Review of Financial Studies
    36.

    Attributes
    ----------
    factor :
        The factor, as the factor file names it.

        Example: `factor = "HML"`
    name :
        Its name in reports and in `[[when]]`.

        Example: `name = "value"`
    window :
        Sessions of the return.

        Default: `252`.
    """

    _kind: ClassVar[str | None] = "factor_cycle"
    factor: str
    name: str
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Bootstrap(StudyObject):
    """Repeats the study on resampled histories.

    Attributes
    ----------
    worlds :
        The number of histories.

        Unit: histories.

        Example: `worlds = 200`
    block :
        The length of a block; its mean with `stationary`.

        What a study learns from longer windows than a block does not survive in a resampled history.

        Unit: periods.

        Default: `63`.
    method :
        How the blocks are drawn.

        Default: `"stationary"`.
    seed :
        What the random numbers are drawn from: equal seeds, equal histories.

        Unit: none.

        Default: `1`.
    """

    worlds: int
    block: int | None = None
    method: Literal["stationary", "circular"] | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class CrossValidation(StudyObject):
    """Chooses among the backtests of `grid` on some parts of history and measures the choice on the
    others.

    Attributes
    ----------
    criterion :
        What is best.

        Default: `"sharpe_ratio"`.
    embargo :
        Sessions after each left-out group that choices do not see.

        Without it, 1 % of all. With the longest window of the study, no portfolio that was estimated from a
        left-out group counts in the choice.

        Unit: periods.

        Example: `embargo = 252`
    groups :
        The number of groups of sessions.

        Unit: groups.

        Default: `8`.
    purge :
        Sessions before each left-out group that choices do not see: those whose holdings reach into it.

        Without it, the sessions between two decisions.

        Unit: periods.

        Example: `purge = 21`
    test :
        The number of groups that are left out at a time.

        Unit: groups.

        Default: `2`.
    """

    criterion: Literal["sharpe_ratio", "information_ratio", "tracking_error"] | None = None
    embargo: int | None = None
    groups: int | None = None
    purge: int | None = None
    test: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stress(StudyObject):
    """An episode of history, or a shock: exactly one of `first` with `last`, `assets` and `factors`.

    Attributes
    ----------
    name :
        The name in the tables.

        Example: `name = "lehman"`
    assets :
        Returns of assets in a shock.

        Unit: fraction.

        Example: `assets = { XLE = -0.3 }`
    factors :
        Returns of factors in a shock; assets respond by their exposures to these factors.

        Unit: fraction.

        Example: `factors = { "Mkt-RF" = -0.2 }`
    first :
        The first session of an episode, whose returns each portfolio is held through.

        Example: `first = 2008-09-15`
    last :
        The last session of an episode.

        Example: `last = 2008-11-20`
    others :
        What the other assets do in a shock of `assets`.

        Default: `"unchanged"`.
    proxies :
        Assets that stand for others without a price in the episode.

        Example: `proxies = { AIQ = "XLK" }`
    """

    name: str
    assets: Mapping[str, float] | None = None
    factors: Mapping[str, float] | None = None
    first: str | datetime.date | None = None
    last: str | datetime.date | None = None
    others: Literal["unchanged", "conditional"] | None = None
    proxies: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Robustness(StudyObject):
    """How far the result depends on the days of decisions, the order of history and the choice of
    settings.

    Attributes
    ----------
    bootstrap :
        Repeats the study on resampled histories.
    cross_validation :
        Chooses among the backtests of `grid` on some parts of history and measures the choice on the
        others.
    start_dates :
        Whether the backtest is repeated with every decision moved by the same number of sessions: each
        offset of the schedule up to the next decision, at most 63 of them, evenly spread. The dispersion of
        their results is rebalance timing luck.

        Default: `false`.
    stress :
        Episodes and shocks that each decision's portfolio is held through.
    """

    bootstrap: Bootstrap | Mapping[str, Any] | None = None
    cross_validation: CrossValidation | Mapping[str, Any] | None = None
    start_dates: bool | None = None
    stress: Sequence[Stress | Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class AllAssets(StudyObject):
    """All that are eligible."""

    _kind: ClassVar[str | None] = "none"


@dataclass(frozen=True, kw_only=True)
class Labels(StudyObject):
    """What an asset's label is.

    Attributes
    ----------
    l1_penalty :
        Penalty on `sum |w|`: a constant here, and a warning says so.

        Unit: of the objective, for a sum of absolute weights of 1.

        Example: `l1_penalty = 0.001`
    max_weight :
        Largest weight of one asset in the program.

        Unit: fraction of equity.

        Default: `0.3`.
    threshold :
        The label is 1 for a weight above this.

        Unit: fraction of equity.

        Default: `0.005`.
    window :
        Rows of the program's window.

        Default: `252`.
    """

    l1_penalty: float | None = None
    max_weight: float | None = None
    threshold: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Persistence(StudyObject):
    """Those that the tracking program of the last month-end held.

    Attributes
    ----------
    labels :
        What an asset's label is.
    min_selected :
        At least so many assets are selected, those with the largest weights.

        Unit: assets.

        Default: `4`.
    """

    _kind: ClassVar[str | None] = "persistence"
    labels: Labels | Mapping[str, Any] | None = None
    min_selected: int | None = None


@dataclass(frozen=True, kw_only=True)
class Extra(StudyObject):
    """A feature from a file.

    A file with the columns `date, asset, value` gives the value itself. One with `date, asset,
    constituent, weight, market_cap, pe, actual_eps, estimated_eps` is summed over the constituents,
    `sum w_i x_i`. The date is the day on which a value became known.

    Attributes
    ----------
    file :
        The CSV file, below the folder of the source or of `--data`.

        Example: `file = "signals/market_cap.csv"`
    kind :
        What it is.
    """

    file: str
    kind: Literal["log_dollar_volume", "market_cap", "price_earnings", "earnings_surprise"]


@dataclass(frozen=True, kw_only=True)
class Features(StudyObject):
    """What the classifier is told of an asset.

    Attributes
    ----------
    correlation_days :
        Correlations of daily log returns with the benchmark's over the last so many sessions.

        Default: `[60]`.
    extra :
        Features from files of your own.
    momentum_months :
        Log returns over so many months, up to the month-end before the last: the most recent month is
        skipped.

        Default: `[1, 3, 6, 12]`.
    regimes :
        Regimes, by the names of their `[[regime]]`: the probability of each state but the first at the
        month-end, 1 or 0 where a regime has no probabilities.

        They are the same for all assets of a month, and are not standardized.

        Example: `regimes = ["market"]`
    standardize :
        Whether each feature is standardized across the assets of a month.

        Default: `"none"`.
    volatility_days :
        Annualized standard deviations of the last so many daily log returns.

        Default: `[20, 60]`.
    """

    correlation_days: Sequence[int] | None = None
    extra: Sequence[Extra | Mapping[str, Any]] | None = None
    momentum_months: Sequence[int] | None = None
    regimes: Sequence[str] | None = None
    standardize: Literal["none", "z_score", "rank"] | None = None
    volatility_days: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class SelectLabels(StudyObject):
    """What it learns to predict.

    Attributes
    ----------
    l1_penalty :
        Penalty on `sum |w|`: a constant here, and a warning says so.

        Unit: of the objective, for a sum of absolute weights of 1.

        Example: `l1_penalty = 0.001`
    max_weight :
        Largest weight of one asset in the program.

        Unit: fraction of equity.

        Default: `0.3`.
    threshold :
        The label is 1 for a weight above this.

        Unit: fraction of equity.

        Default: `0.005`.
    window :
        Rows of the program's window.

        Default: `252`.
    """

    l1_penalty: float | None = None
    max_weight: float | None = None
    threshold: float | None = None
    window: int | None = None


@dataclass(frozen=True, kw_only=True)
class Parameters(StudyObject):
    """How trees are grown; a search replaces those that its grid names.

    Attributes
    ----------
    colsample_bytree :
        Share of the features that a tree may split on.

        Unit: fraction.

        Default: `0.8`.
    gamma :
        Least gain of a split.

        Unit: reduction of the loss.

        Default: `0.0`.
    learning_rate :
        What each tree's answer is multiplied by.

        Unit: fraction.

        Default: `0.1`.
    max_depth :
        Greatest depth of a tree.

        Unit: levels.

        Default: `4`.
    min_child_weight :
        Least sum of second derivatives in a leaf.

        Unit: sum of second derivatives.

        Default: `1.0`.
    n_estimators :
        Number of trees.

        Unit: trees.

        Default: `200`.
    reg_alpha :
        L1 penalty on the values of leaves.

        Unit: sum of gradients.

        Default: `0.0`.
    reg_lambda :
        L2 penalty on the values of leaves.

        Unit: sum of second derivatives.

        Default: `1.0`.
    seed :
        Seed of the sampling.

        Unit: any.

        Default: `42`.
    subsample :
        Share of the rows that a tree is grown on.

        Unit: fraction.

        Default: `0.8`.
    """

    colsample_bytree: float | None = None
    gamma: float | None = None
    learning_rate: float | None = None
    max_depth: int | None = None
    min_child_weight: float | None = None
    n_estimators: int | None = None
    reg_alpha: float | None = None
    reg_lambda: float | None = None
    seed: int | None = None
    subsample: float | None = None


@dataclass(frozen=True, kw_only=True)
class SelectSearch(StudyObject):
    """Searches for the parameters with the best cross-validated AUC.

    Attributes
    ----------
    every_months :
        How often, in months; what was found holds until the next search.

        Example: `every_months = 12`
    grid :
        Values to try by parameter; all combinations are tried.
    """

    every_months: int
    grid: Mapping[str, Sequence[float]] | None = None


@dataclass(frozen=True, kw_only=True)
class BuiltIn(StudyObject):
    """Our own, exact greedy; needs nothing installed."""

    _kind: ClassVar[str | None] = "built_in"


@dataclass(frozen=True, kw_only=True)
class Xgboost(StudyObject):
    """The XGBoost library through its C interface, `tree_method = exact`.

    Attributes
    ----------
    library :
        The shared library; without it `WALKFOLIO_XGBOOST`, or what `make xgboost` installed.

        Example: `library = "/usr/lib/libxgboost.so"`
    """

    _kind: ClassVar[str | None] = "xgboost"
    library: str | None = None


@dataclass(frozen=True, kw_only=True)
class Validation(StudyObject):
    """How the classifier is cross-validated before each decision.

    Attributes
    ----------
    folds :
        Number of folds; 0 for no cross-validation.

        Unit: folds.

        Default: `3`.
    purge_months :
        Months before each test that training leaves out: labels of neighbouring months share most of their
        window.

        Default: `12`.
    """

    folds: int | None = None
    purge_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class BoostedTrees(StudyObject):
    """Those that gradient-boosted trees expect the next tracking program to hold.

    Attributes
    ----------
    features :
        What the classifier is told of an asset.
    labels :
        What it learns to predict.
    min_selected :
        At least so many assets are selected, those with the largest probabilities.

        Unit: assets.

        Default: `4`.
    parameters :
        How trees are grown; a search replaces those that its grid names.
    save_models :
        Whether each decision's model is kept in `models.parquet`.

        Default: `true`.
    search :
        Searches for the parameters with the best cross-validated AUC.
    since :
        No training row before this date.

        Example: `since = 2013-07-01`
    threshold :
        Assets with at least this probability are selected.

        Unit: probability.

        Default: `0.5`.
    trainer :
        Which implementation grows the trees.
    validation :
        How the classifier is cross-validated before each decision.
    """

    _kind: ClassVar[str | None] = "boosted_trees"
    features: Features | Mapping[str, Any] | None = None
    labels: SelectLabels | Mapping[str, Any] | None = None
    min_selected: int | None = None
    parameters: Parameters | Mapping[str, Any] | None = None
    save_models: bool | None = None
    search: SelectSearch | Mapping[str, Any] | None = None
    since: str | datetime.date | None = None
    threshold: float | None = None
    trainer: BuiltIn | Mapping[str, Any] | Xgboost | Mapping[str, Any] | None = None
    validation: Validation | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Target(StudyObject):
    """A target for a measure.

    Attributes
    ----------
    measure :
        The key of a measure, such as `tracking_error`.

        Example: `measure = "tracking_error"`
    max :
        The maximum.

        Unit: that of the measure; a fraction if it is shown in percent.

        Example: `max = 0.04`
    min :
        The minimum.

        Unit: that of the measure; a fraction if it is shown in percent.

        Example: `min = 0.5`
    remark :
        A remark for the reader.

        Example: `remark = "result of the original study"`
    """

    measure: str
    max: float | None = None
    min: float | None = None
    remark: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tune(StudyObject):
    """Chooses settings by their results on past decisions.

    Attributes
    ----------
    every_months :
        Months between tuning dates, counted from the month of `walk_forward.first`; the chosen settings
        apply until the next tuning date.

        Example: `every_months = 12`
    keys :
        Values to try by dotted key under `allocate` or `estimate`; all combinations are tried.

        Example: `keys = { "allocate.objective.ridge_to_holdings" = [0.1, 0.2] }`
    look_back_months :
        Months of past decisions that are evaluated.

        Default: `36`.
    """

    every_months: int
    keys: Mapping[str, Sequence[Any]]
    look_back_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Every(StudyObject):
    """The rebalance frequency: `"week"`, `"month"`, `"quarter"` or `"year"` (the first session of each), a
    number of sessions: `"5d"`, or a table of dates.

    Example: `every = "month"`

    Attributes
    ----------
    dates :
        A file of dates next to the study, CSV, in its first column, or a list of them.

        What is no session means the next one.

        Example: `dates = "reviews.csv"`
    """

    dates: str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class WalkForward(StudyObject):
    """When decisions are made and how they are executed.

    Attributes
    ----------
    every :
        The rebalance frequency: `"week"`, `"month"`, `"quarter"` or `"year"` (the first session of each), a
        number of sessions: `"5d"`, or a table of dates.

        Example: `every = "month"`
    also :
        Extra rebalances in addition to the regular ones.
    drift :
        What happens to weights between rebalances.

        Default: `"buy_and_hold"`.
    execution_lag :
        The number of closes by which trades are delayed: with 1, the old weights earn the session of the
        decision.

        Default: `0`.
    first :
        No decision before this date; windows reach further back.

        Without it, decisions start as soon as every window is full.

        Example: `first = 2019-06-01`
    history_months :
        An asset is eligible once it has a month-end price this many months before the last month-end.

        Example: `history_months = 13`
    last :
        No decision and no return after this date.

        Example: `last = 2025-06-30`
    """

    every: str | Every | Mapping[str, Any]
    also: Literal["reviews"] | None = None
    drift: Literal["buy_and_hold", "constant_weights"] | None = None
    execution_lag: int | None = None
    first: str | datetime.date | None = None
    history_months: int | None = None
    last: str | datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class When(StudyObject):
    """Settings that hold at a decision while a regime is in a state, by the last close before it.

    All that apply are set in the order of the study, a later one over an earlier one.

    Attributes
    ----------
    regime :
        The state; where several regimes have a state of this name, the name of the regime, with `state`.

        Example: `regime = "bear"`
    set :
        Values by dotted key under `allocate` or `estimate`.

        Example: `set = { "allocate.objective.lambda" = 0.5 }`
    min_probability :
        It applies while the probability of the state is at least this, whichever state is the most probable
        one; for a regime with probabilities.

        Unit: probability.

        Example: `min_probability = 0.8`
    state :
        The state of the regime that `regime` names.

        Example: `state = "bear"`
    """

    regime: str
    set: Mapping[str, Any]
    min_probability: float | None = None
    state: str | None = None
