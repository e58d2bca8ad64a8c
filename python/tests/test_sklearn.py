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


def test_factors_are_routed_through_a_search(returns):
    """Metadata routing: each fold is fitted to its own rows of the factors."""
    import pandas as pd
    from sklearn import config_context

    X, y = returns.drop(columns="SPY"), returns["SPY"]
    factors = pd.DataFrame({"Mkt-RF": y, "RF": 0.0}, index=X.index)
    model = ours.MinimumVariance(covariance="factor_model")
    whole = clone(model).fit(X, factor_returns=factors)
    sigma = ours.estimate.covariance.factor_model(X.reset_index(drop=True), factor_returns=factors, units="daily")
    assert np.allclose(whole.weights_, ours.optimize.min_variance(sigma).values, atol=1e-9)
    cv = TimeSeriesSplit(3)
    with config_context(enable_metadata_routing=True):
        routed = clone(model).set_fit_request(factor_returns=True)
        search = GridSearchCV(routed, {"bounds": [(0.0, 0.5), (0.0, 1.0)]}, cv=cv).fit(X, factor_returns=factors)
    best = clone(model).set_params(**search.best_params_).fit(X, factor_returns=factors)
    assert np.allclose(search.best_estimator_.weights_, best.weights_, atol=1e-12)
    train, test = list(cv.split(X))[1]
    alone = clone(model).set_params(bounds=(0.0, 1.0)).fit(X.iloc[train], factor_returns=factors.iloc[train])
    at = search.cv_results_["params"].index({"bounds": (0.0, 1.0)})
    assert search.cv_results_["split1_test_score"][at] == pytest.approx(alone.score(X.iloc[test]), rel=1e-12)
    with pytest.raises(ValueError, match="no estimator ledoit"):
        ours.MinimumVariance(covariance="ledoit").fit(X)
