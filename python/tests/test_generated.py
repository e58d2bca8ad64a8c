"""What is made from the schema of studies is up to date, and complete."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pytest
from support import ROOT

import walkfolio as wf


def kinds(key, section="estimate"):
    def found(node):
        for each in node.get("oneOf", []) + node.get("anyOf", []):
            if "properties" in each:
                yield each["properties"]["kind"]["const"]
            else:
                yield from found(each)

    return list(found(wf.schema()["properties"][section]["properties"][key]))


@pytest.mark.parametrize("name", ["generate.py", "reference.py"])
def test_generated_files_are_up_to_date(name):
    script = ROOT / "python/scripts" / name
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", kinds("covariance"))
def test_every_covariance_is_a_function(kind, returns):
    function = getattr(wf.estimate.covariance, kind)
    options = {}
    if kind == "factor_model":
        import pandas as pd

        market = returns["SPY"]
        options["factor_returns"] = pd.DataFrame({"Mkt-RF": market, "RF": 0.0}, index=returns.index)
    required = {
        name: 2 if name == "factors" else 63.0
        for name, each in inspect.signature(function).parameters.items()
        if each.default is inspect.Parameter.empty and name != "returns"
    }
    if kind == "blend":
        parts = ({"kind": "sample", "window": 252}, {"kind": "oas", "window": 252})
        required = {"blend": [{"of": part, "weight": 0.5} for part in parts]}
    sigma = function(returns, **required, **options)
    assert list(sigma.columns) == list(sigma.index) == list(returns.columns)
    values = sigma.to_numpy()
    assert np.allclose(values, values.T, rtol=1e-12)
    assert np.linalg.eigvalsh(values).min() > -1e-12


@pytest.mark.parametrize("kind", kinds("expected_returns"))
def test_every_expected_return_is_a_function(kind):
    assert callable(getattr(wf.estimate.expected_returns, kind))


@pytest.mark.parametrize(("name", "kind"), [(n, k) for n in ("covariance", "expected_returns") for k in kinds(n)])
def test_docs_of_a_function_have_its_own_window(name, kind):
    function = getattr(getattr(wf.estimate, name), kind)
    says = " ".join(function.__doc__.split())
    window = inspect.signature(function).parameters.get("window")
    assert ("Rows of the window; all rows unless it is given." in says) == (window is not None)
    assert "Default: `252`" not in says
    assert "a window of 252" not in says


def test_a_window_is_all_rows_unless_it_is_given(returns):
    own = returns.iloc[:400]
    for function in (wf.estimate.expected_returns.historical, wf.estimate.covariance.sample):
        assert np.array_equal(function(own), function(own, window=400))
        assert not np.allclose(function(own), function(own, window=252))


def test_every_objective_is_a_function():
    # An ensemble has objectives within it, each with moments of its own: it is a study's.
    known = {*wf.optimize.OBJECTIVES, "ensemble"}
    missing = [kind for kind in kinds("objective", "allocate") if kind not in known]
    assert not missing, f"walkfolio.optimize has no {missing}: add it, and its mathematics to optimize/problem.rs"


# What `[allocate]` has that is no constraint of a single problem, and why.
ELSEWHERE = {
    "objective": "the function itself",
    "search": "an option of Solver",
    "solver": "an argument",
    "fallbacks": "there is no walk to go on",
    "keep": "bounds of single assets",
    "volatility_target": "the result times a number, with the rest in cash",
}


def test_every_constraint_is_an_argument():
    keys = set(wf.schema()["properties"]["allocate"]["properties"])
    missing = keys - set(wf.optimize.CONSTRAINTS) - set(ELSEWHERE)
    assert not missing, f"walkfolio.optimize has no {missing}"


def test_objects_are_the_tables_that_they_stand_for():
    made = wf.Study(
        {
            "objective": wf.RobustUtility(lambda_=0.1),
            "estimate": wf.Estimate(covariance=wf.LedoitWolf(window=126), expected_returns=wf.SampleMean(window=252)),
            "every": "month",
        }
    )
    assert made.settings["allocate"]["objective"] == {"kind": "robust_utility", "lambda": 0.1}
    assert made.settings["estimate"]["covariance"]["window"] == 126
    assert wf.LedoitWolf(window=126) == wf.LedoitWolf(window=126)
    with pytest.raises(TypeError):
        wf.LedoitWolf(windw=3)
