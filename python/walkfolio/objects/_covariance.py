"""The tables of `covariance`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._covariance_parts import Blend


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
