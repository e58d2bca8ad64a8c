"""The tables of `regime`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ._base import StudyObject


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
