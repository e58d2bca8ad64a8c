"""Expected returns by `black_litterman`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...objects._expected_returns_parts import ExpectedReturnsPrior, ModelViews, View


def black_litterman(
    returns: Any,
    *,
    model_views: Sequence[ModelViews | Mapping[str, Any]] | None = None,
    posterior_covariance: bool | None = None,
    prior: ExpectedReturnsPrior | Mapping[str, Any] | None = None,
    tau: float | None = None,
    views: Sequence[View | Mapping[str, Any]] | None = None,
    views_file: str | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
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

    Parameters
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
    settings = {"model_views": model_views, "posterior_covariance": posterior_covariance, "prior": prior, "tau": tau, "views": views, "views_file": views_file}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("black_litterman", settings, False, returns, options)
