"""Writes herc.json: hierarchical equal risk contribution by Riskfolio-Lib 7.4.0 and skfolio 1.12.2 on public problems.

    python herc.py DATA GOLDEN > herc.json

The problems are those of `golden/advanced`, from the prices of the data folder; the two libraries must agree to 1e-9.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import numpy as np
import pandas as pd
import riskfolio
from skfolio.cluster import HierarchicalClustering, LinkageMethod
from skfolio.optimization import HierarchicalEqualRiskContribution

DATA, GOLDEN = Path(sys.argv[1]), Path(sys.argv[2]) / "advanced"
LINKAGES = {"single": LinkageMethod.SINGLE, "complete": LinkageMethod.COMPLETE,
            "average": LinkageMethod.AVERAGE, "ward": LinkageMethod.WARD}
PRICES = {"A2019": ("mtum/prices.csv", "2019-05-31", 252), "B2020": ("global_etf/prices.csv", "2020-03-27", 120)}


def returns(problem, assets):
    if problem == "R1":
        return pd.read_csv(GOLDEN / "input_returns_R1.csv")[assets]
    file, last, rows = PRICES[problem]
    prices = pd.read_csv(DATA / file, index_col=0)[assets]
    return prices.pct_change(fill_method=None).loc[:last].tail(rows)


def riskfolios(x, linkage, number):
    model = riskfolio.HCPortfolio(returns=x)
    options = {"model": "HERC", "codependence": "pearson", "rm": "MV", "linkage": linkage, "k": number}
    return model.optimization(leaf_order=False, **options)["weights"].loc[list(x.columns)].to_numpy()


def skfolios(x, linkage, number):
    clusters = HierarchicalClustering(linkage_method=LINKAGES[linkage], max_clusters=number)
    model = HierarchicalEqualRiskContribution(hierarchical_clustering_estimator=clusters)
    return model.fit(x).weights_


found = {}
for problem in ("A2019", "B2020", "R1"):
    with open(GOLDEN / f"mu_{problem}.json") as file:
        assets = json.load(file)["assets"]
    x = returns(problem, assets)
    found[problem] = {}
    for linkage in LINKAGES:
        for number in (2, 3, 4):
            one, other = riskfolios(x, linkage, number), skfolios(x, linkage, number)
            assert np.abs(one - other).max() < 1e-9, (problem, linkage, number, one, other)
            found[problem][f"{linkage} {number}"] = one.tolist()
print(json.dumps(found, indent=1))
