"""The measures of a sample by formulas of its own; None where a measure is not defined.

Means, standard deviations and covariances with n - 1; skewness and kurtosis as population moments; ordinary
least squares by statsmodels.
"""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

LONGEST_FALL = 10
RELATIVE = (
    "tracking_error", "information_ratio", "tracking_error_monthly", "information_ratio_monthly",
    "benchmark_annual_return", "excess_return_annual", "beta", "alpha_annual", "r_squared",
)


def tolerance(key, value):
    """Counts agree exactly; everything else to 1e-9 of its size, or 1e-11 near zero."""
    if key in ("rebalances", "sessions", "ruined"):
        return 0.0
    return 1e-9 * abs(value) + 1e-11 if value is not None else 0.0


def of(run, sample, traded, year):
    """All measures of the sessions `sample`; trades are those in `traded`."""
    r, b = sample["portfolio"], sample["benchmark"]
    if len(r) < 2:
        return {"sessions": len(r)}
    found = risk_and_return(r, sample["cash"].fillna(0.0), year)
    found |= wealth(r, year)
    found |= shape(r)
    found |= relative(r, b, year)
    found |= against_market(run, sample, year)
    # The benchmark as a portfolio of its own trades nothing.
    found |= trades(run, traded if b.notna().all() else traded.iloc[:0], year)
    found["sessions"] = len(r)
    return found


def risk_and_return(r, cash, year):
    excess = r - cash
    downside = np.sqrt((np.minimum(excess, 0.0) ** 2).mean())
    return {
        "volatility": r.std() * np.sqrt(year),
        "mean_return_annual": r.mean() * year,
        "sharpe_ratio": excess.mean() / excess.std() * np.sqrt(year),
        "sortino_ratio": excess.mean() * year / (downside * np.sqrt(year)),
        "min_return": r.min(),
        "max_return": r.max(),
    }


def wealth(r, year):
    v = np.concatenate([[1.0], np.cumprod(1.0 + r.to_numpy())])
    drawdown = v / np.maximum.accumulate(v) - 1.0
    growth = v[-1] ** (year / len(r)) - 1.0
    short = min(
        (v[h:] / v[:-h] - 1.0).min() for h in range(1, LONGEST_FALL + 1) if h < len(v)
    )
    worst = drawdown.min()
    return {
        "annual_return": growth,
        "cumulative_return": v[-1] - 1.0,
        "max_drawdown": worst,
        "max_drawdown_10d": min(short, 0.0),
        "ulcer_index": np.sqrt((drawdown[1:] ** 2).mean()),
        "calmar_ratio": growth / -worst if worst < 0.0 else None,
        "ruined": float(v[-1] <= 0.0),
    }


def shape(r):
    x = r.to_numpy()
    mean, sd = x.mean(), x.std(ddof=1)
    s, k = stats.skew(x, bias=True), stats.kurtosis(x, bias=True)
    fisher = lambda z: (
        z + (z**2 - 1) * s / 6 + (z**3 - 3 * z) * k / 24 - (2 * z**3 - 5 * z) * s**2 / 36
    )
    # The expansion says something where it increases up to three standard deviations.
    valid = (np.diff(fisher(np.linspace(-3.0, 3.0, 60_001))) >= 0.0).all()
    quantile = np.quantile(x, 0.05)
    return {
        "skewness": s,
        "excess_kurtosis": k,
        "var_95": -quantile,
        "cvar_95": -x[x <= quantile].mean(),
        "modified_var_95": -(mean + fisher(stats.norm.ppf(0.05)) * sd) if valid else None,
    }


def relative(r, b, year):
    if b.isna().any():
        return dict.fromkeys(RELATIVE)
    active = r - b
    month = r.index.to_period("M")
    compound = lambda x: (1.0 + x).groupby(month).prod() - 1.0
    monthly = compound(r) - compound(b)
    enough = len(monthly) > 1
    fit = sm.OLS(r.to_numpy(), sm.add_constant(b.to_numpy())).fit()
    return {
        "tracking_error": active.std() * np.sqrt(year),
        "information_ratio": active.mean() / active.std() * np.sqrt(year),
        "tracking_error_monthly": monthly.std() * np.sqrt(12) if enough else None,
        "information_ratio_monthly": monthly.mean() / monthly.std() * np.sqrt(12) if enough else None,
        "benchmark_annual_return": (1.0 + b).prod() ** (year / len(b)) - 1.0,
        "excess_return_annual": active.mean() * year,
        "beta": fit.params[1],
        "alpha_annual": fit.params[0] * year,
        "r_squared": fit.rsquared,
    }


def against_market(run, sample, year):
    keys = ("market_beta", "market_alpha_annual", "market_r_squared")
    if run.factors is None:
        return dict.fromkeys(keys)
    market = run.factors["Mkt-RF"].reindex(sample.index)
    excess = (sample["portfolio"] - sample["cash"]).to_numpy()
    fit = sm.OLS(excess, sm.add_constant(market.to_numpy())).fit()
    return dict(zip(keys, (fit.params[1], fit.params[0] * year, fit.rsquared)))


def trades(run, traded, year):
    """Turnover, cost and concentration of the decisions that were executed in `traded`."""
    weights = run.weights[run.weights.index.isin(traded.index)].abs()
    keys = ["turnover_annual", "turnover_mean", "cost_annual", "holdings_mean", "top_1_weight"]
    keys += ["top_3_weight", "top_5_weight", "effective_holdings", "gross_exposure"]
    if weights.empty:
        return dict.fromkeys(keys) | {"rebalances": 0}
    free = not run.study["costs"]["charge_first"]
    initial = weights.index == run.weights.index[0]
    charged = weights.index[~initial] if free else weights.index
    turnover = traded.loc[charged, "turnover"].mean() if len(charged) else None
    largest = np.sort(weights.to_numpy(), axis=1)[:, ::-1]
    top = lambda count: largest[:, :count].sum(axis=1).mean()
    return {
        "turnover_mean": turnover,
        "turnover_annual": (turnover or 0.0) * len(weights) * year / len(traded),
        "cost_annual": traded["cost"].sum() / len(traded) * year,
        "holdings_mean": (weights > 0.0).sum(axis=1).mean(),
        "top_1_weight": top(1),
        "top_3_weight": top(3),
        "top_5_weight": top(5),
        "effective_holdings": (1.0 / (weights**2).sum(axis=1)).mean(),
        "gross_exposure": weights.sum(axis=1).mean(),
        "rebalances": len(weights),
    }
