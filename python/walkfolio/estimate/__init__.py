"""Moments of returns: every estimator of a study as a function.

`walkfolio.estimate.covariance` has the covariances, `walkfolio.estimate.expected_returns` the expected returns. A
window is all rows unless it is given; moments are those of a year unless ``units="daily"``; names and the library of
the returns are kept.

Examples
--------
>>> import numpy as np, walkfolio as wf
>>> returns = np.random.default_rng(1).normal(0, 0.01, (500, 3))
>>> wf.estimate.covariance.ledoit_wolf(returns).shape, wf.estimate.expected_returns.sample_mean(returns).shape
((3, 3), (3,))

"""

from __future__ import annotations

from . import covariance, expected_returns

__all__ = ["covariance", "expected_returns"]
