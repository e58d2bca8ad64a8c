"""Covariances, made from the schema of studies by `scripts/generate.py`: do not edit.

Each function takes returns as a DataFrame or array, one row a period, and the keys of a study's table. ``window`` is
all rows unless it is given. ``benchmark`` and ``factor_returns`` (a DataFrame with the risk-free rate in ``RF``) are
for those that need them.
"""

from ._blend import blend
from ._denoised import denoised
from ._detoned import detoned
from ._ewma import ewma
from ._ewma_volatility_correlation import ewma_volatility_correlation
from ._factor_model import factor_model
from ._gerber import gerber
from ._ledoit_wolf import ledoit_wolf
from ._ledoit_wolf_nonlinear import ledoit_wolf_nonlinear
from ._oas import oas
from ._pca import pca
from ._sample import sample

__all__ = [
    "blend",
    "denoised",
    "detoned",
    "ewma",
    "ewma_volatility_correlation",
    "factor_model",
    "gerber",
    "ledoit_wolf",
    "ledoit_wolf_nonlinear",
    "oas",
    "pca",
    "sample",
]
