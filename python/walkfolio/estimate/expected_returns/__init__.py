"""Expected returns, made from the schema of studies by `scripts/generate.py`: do not edit.

Each function takes returns as a DataFrame or array, one row a period, and the keys of a study's table. ``window`` is
all rows unless it is given. ``benchmark`` and ``factor_returns`` (a DataFrame with the risk-free rate in ``RF``) are
for those that need them.
"""

from ._bayes_stein import bayes_stein
from ._black_litterman import black_litterman
from ._blend import blend
from ._capm import capm
from ._equilibrium import equilibrium
from ._ewma import ewma
from ._factor_model import factor_model
from ._file import file
from ._historical import historical
from ._james_stein import james_stein
from ._mean_reversion import mean_reversion
from ._momentum import momentum
from ._multi_factor import multi_factor
from ._sample_mean import sample_mean
from ._shrinkage import shrinkage

__all__ = [
    "bayes_stein",
    "black_litterman",
    "blend",
    "capm",
    "equilibrium",
    "ewma",
    "factor_model",
    "file",
    "historical",
    "james_stein",
    "mean_reversion",
    "momentum",
    "multi_factor",
    "sample_mean",
    "shrinkage",
]
