"""The tables of `expected_returns`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._expected_returns_parts import ExpectedReturnsBlend, ExpectedReturnsPrior, ModelViews, View


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
    """The mean return: `sample_mean`, over 252 rows in a study unless `window` is given.

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
