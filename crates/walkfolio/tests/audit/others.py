"""The same measures by empyrical and quantstats, where these define them as Walkfolio does.

Left out, since they are defined otherwise: quantstats' Calmar ratio and annual return (calendar years), its
value at risk (normal), its ulcer index (divides by n - 1), its Sharpe ratio under a cash series (a constant
rate), empyrical's alpha (geometric), and any benchmark ratio that is scaled another way.
"""

import warnings

warnings.filterwarnings("ignore")

import empyrical
import numpy as np
import quantstats.stats as quant


def measures(sample, year):
    """Library, measure and value."""
    r, b = sample["portfolio"], sample["benchmark"]
    cash = sample["cash"].fillna(0.0)
    excess, whole = r - cash, int(year)
    sharpe = empyrical.sharpe_ratio(excess, annualization=whole)
    found = [
        ("empyrical", "annual_return", empyrical.annual_return(r, annualization=whole)),
        ("empyrical", "cumulative_return", empyrical.cum_returns_final(r)),
        ("empyrical", "volatility", empyrical.annual_volatility(r, annualization=whole)),
        ("empyrical", "sharpe_ratio", sharpe),
        ("empyrical", "sortino_ratio", empyrical.sortino_ratio(excess, annualization=whole)),
        ("empyrical", "max_drawdown", empyrical.max_drawdown(r)),
        ("empyrical", "calmar_ratio", empyrical.calmar_ratio(r, annualization=whole)),
        ("empyrical", "beta", empyrical.beta(r, b)),
        ("empyrical", "var_95", -empyrical.value_at_risk(r, 0.05)),
        ("empyrical", "information_ratio", empyrical.excess_sharpe(r, b) * np.sqrt(year)),
        ("quantstats", "volatility", quant.volatility(r, periods=whole)),
        ("quantstats", "cumulative_return", quant.comp(r)),
        ("quantstats", "sharpe_ratio", quant.sharpe(excess, periods=whole)),
        ("quantstats", "sortino_ratio", quant.sortino(excess, periods=whole)),
        ("quantstats", "max_drawdown", quant.max_drawdown(r)),
        ("quantstats", "r_squared", quant.r_squared(r, b)),
    ]
    return [(library, key, float(value)) for library, key, value in found]
