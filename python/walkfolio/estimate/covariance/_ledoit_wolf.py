"""Covariance by `ledoit_wolf`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


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
    """The sample covariance, shrunk towards a target by the intensity of Ledoit and Wolf.

    `Sigma = delta F + (1 - delta) S` with `S = Y'Y / T` of the centred returns: every moment is divided
    by `T`, as in the papers, scikit-learn and skfolio. The intensity `delta` between 0 and 1 has the
    least expected squared error as `T` grows. `PyPortfolioOpt` divides `S` by `T - 1` for the targets
    `constant_correlation` and `single_factor`, which moves Sigma by up to 7 %.

    Sources: Ledoit & Wolf (2003), Improved estimation of the covariance matrix of stock returns,
    Journal of Empirical Finance 10 (single factor); (2004), A well-conditioned estimator for large-
    dimensional covariance matrices, Journal of Multivariate Analysis 88 (identity); (2004), Honey, I
    shrunk the sample covariance matrix, Journal of Portfolio Management 30 (constant correlation).

    Parameters
    ----------
    target :
        What the sample covariance is shrunk towards.

        Default: `"identity"`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"target": target, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("ledoit_wolf", settings, True, returns, options)
