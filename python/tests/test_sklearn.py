"""Estimators as scikit-learn's users know them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from walkfolio import sklearn as ours

ALL = [getattr(ours, name)() for name in ours.__all__]


# A portfolio may short what scikit-learn's data have: their "returns" reach below -100 %.
@parametrize_with_checks(ALL)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", ALL, ids=lambda each: type(each).__name__)
def test_fit_predict_score(estimator, returns):
    X, y = returns.drop(columns="SPY"), returns["SPY"]
    fitted = clone(estimator).fit(X, y)
    assert fitted.weights_.sum() == pytest.approx(1)
    assert list(fitted.feature_names_in_) == list(X.columns)
    assert fitted.n_features_in_ == 3
    assert np.allclose(fitted.predict(X), X.to_numpy() @ fitted.weights_)
    assert np.isfinite(fitted.score(X, y))
    assert fitted.set_params(max_holdings=2).get_params()["max_holdings"] == 2


def test_grid_search_and_pipelines(returns):
    X, y = returns.drop(columns="SPY"), returns["SPY"]
    search = GridSearchCV(ours.Tracker(), {"max_holdings": [1, 2, 3]}, cv=TimeSeriesSplit(3)).fit(X, y)
    assert search.best_params_ == {"max_holdings": 3}
    piped = make_pipeline(FunctionTransformer(), ours.MinimumVariance(covariance="ledoit_wolf")).fit(X)
    assert piped[-1].weights_.sum() == pytest.approx(1)


def test_grid_search_over_the_walks_of_skfolio(returns):
    selection = pytest.importorskip("skfolio.model_selection")
    X, y = returns.drop(columns="SPY"), returns["SPY"]
    cv = selection.WalkForward(train_size=252, test_size=21)
    search = GridSearchCV(ours.Tracker(), {"max_holdings": [2, 3]}, cv=cv).fit(X, y)
    assert search.best_params_ == {"max_holdings": 3}
